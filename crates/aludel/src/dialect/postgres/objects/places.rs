//! Where objects are looked for, and what the queries about them have in common. In each of them `n` is the schema.

use super::catalog::{list, not_of_extension, pair};
use crate::db::Row;
use crate::dialect::Scope;
use crate::error::Result;
use crate::schema::{Holds, QualifiedName};

/// What the names of probes begin with.
pub(super) const PREFIX: &str = "aludel_canon_";

/// Which objects are looked at.
#[derive(Debug, Clone)]
pub(super) enum Places {
    /// Those whose schema fulfils this condition.
    Schemas(String),
    /// The tables and views of these names, and what belongs to them, alone.
    Relations(Vec<String>),
    /// The probes of this session, and others that fulfil this condition.
    Probes(String),
}

impl Places {
    /// What a scope says.
    pub(super) fn of_scope(scope: &Scope) -> Self {
        match scope {
            Scope::Schemas(others) => {
                let mut schemas = vec!["pg_catalog.current_schema()".to_string()];
                let others = others.iter();
                schemas.extend(others.map(|it| super::super::pieces::string_literal(it)));
                Self::Schemas(format!("n.nspname IN ({})", schemas.join(", ")))
            }
            Scope::Tables(names) => Self::Relations(names.iter().map(pair).collect()),
            Scope::Everything => {
                Self::Schemas("n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'".into())
            }
        }
    }

    /// The condition for what has a name of its own in a schema; `name` is that name as SQL.
    pub(super) fn of_named(&self, name: &str) -> String {
        match self {
            Self::Schemas(condition) => condition.clone(),
            Self::Relations(_) => "false".into(),
            Self::Probes(others) => format!(
                "(n.oid = pg_catalog.pg_my_temp_schema() AND pg_catalog.starts_with({name}::text, '{PREFIX}') \
                 OR {others})"
            ),
        }
    }

    /// The condition for a table or a view, `c`, or what belongs to it.
    pub(super) fn of_relation(&self) -> String {
        match self {
            Self::Relations(names) if names.is_empty() => "false".into(),
            Self::Relations(names) => format!("(n.nspname, c.relname) IN ({})", names.join(", ")),
            _ => self.of_named("c.relname"),
        }
    }
}

/// The condition that leaves out what belongs to an extension.
pub(super) fn own(oid: &str, catalog: &str) -> String {
    not_of_extension(oid, catalog)
}

/// The columns of which [`super::catalog::place`] is made.
pub(super) fn place_columns(name: &str) -> String {
    format!(
        "n.nspname::text AS schema, {name}::text AS name, \
         n.nspname = pg_catalog.current_schema() AS is_default"
    )
}

/// The columns of tables and views that an object depends on, schema, table and column one behind the other; the default schema is
/// an empty text.
pub(super) fn holds_column(catalog: &str, oid: &str) -> String {
    format!(
        "(SELECT pg_catalog.array_agg(w.word ORDER BY d.refobjid, d.refobjsubid, w.at)::text \
         FROM (SELECT DISTINCT x.refobjid, x.refobjsubid FROM pg_catalog.pg_depend x \
         WHERE x.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND x.objid = {oid} \
         AND x.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.refobjsubid > 0) d \
         JOIN pg_catalog.pg_class hc ON hc.oid = d.refobjid \
         JOIN pg_catalog.pg_namespace hn ON hn.oid = hc.relnamespace \
         JOIN pg_catalog.pg_attribute ha ON ha.attrelid = d.refobjid AND ha.attnum = d.refobjsubid \
         CROSS JOIN LATERAL pg_catalog.unnest(ARRAY[ \
         CASE WHEN hn.nspname = pg_catalog.current_schema() THEN '' ELSE hn.nspname::text END, \
         hc.relname::text, ha.attname::text]) WITH ORDINALITY w(word, at)) AS holds"
    )
}

/// What [`holds_column`] answers.
pub(super) fn holds(row: &Row) -> Result<Holds> {
    let mut holds = Holds::default();
    for words in list(row, "holds")?.chunks(3) {
        if let [schema, table, column] = words {
            let table = named(schema, table);
            holds.0.insert((table, column.as_str().into()));
        }
    }
    Ok(holds)
}

/// A name in a schema, which is the default one if it is empty.
pub(super) fn named(schema: &str, name: &str) -> QualifiedName {
    QualifiedName {
        schema: (!schema.is_empty()).then(|| schema.into()),
        name: name.into(),
    }
}
