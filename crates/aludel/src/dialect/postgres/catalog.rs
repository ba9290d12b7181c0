//! The catalog, read by five queries, whatever the number of tables.
//!
//! Expressions are read as the session's own search path spells them, so that what an author would write is what comes back:
//! names that are found without their schema stand without it. Whoever compares two echoes must read both in one session.
//! Columns that only newer versions have are read through `to_jsonb`, which answers NULL where there is none.

use super::pieces::string_literal;
use crate::db::{Connection, Row};
use crate::dialect::Scope;
use crate::error::Result;
use crate::schema::QualifiedName;

/// Which tables, and which enum types beside those that the tables have.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    tables: String,
    enums: String,
}

impl Filter {
    /// What a scope says.
    pub(super) fn of_scope(scope: &Scope) -> Self {
        let (tables, enums) = match scope {
            Scope::Schemas(others) => {
                let mut schemas = vec!["pg_catalog.current_schema()".to_string()];
                schemas.extend(others.iter().map(|it| string_literal(it)));
                let within = format!("n.nspname IN ({})", schemas.join(", "));
                (within.clone(), within)
            }
            Scope::Tables(names) => {
                let names: Vec<String> = names.iter().map(pair).collect();
                let among = match names.is_empty() {
                    true => "false".into(),
                    false => format!("(n.nspname, c.relname) IN ({})", names.join(", ")),
                };
                (among, "false".into())
            }
            Scope::Everything => {
                let own = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
                (own.to_string(), own.to_string())
            }
        };
        Self {
            tables: format!(
                "{tables} AND c.relpersistence <> 't' AND {}",
                not_of_extension("c.oid", "pg_class")
            ),
            enums: format!("{enums} AND {}", not_of_extension("t.oid", "pg_type")),
        }
    }

    /// The session's own temporary tables whose names begin like this.
    pub(super) fn temporary(prefix: &str) -> Self {
        Self {
            tables: format!(
                "n.oid = pg_catalog.pg_my_temp_schema() AND pg_catalog.starts_with(c.relname::text, {})",
                string_literal(prefix)
            ),
            enums: "false".into(),
        }
    }

    fn scoped(&self) -> String {
        format!(
            "scoped AS (SELECT c.oid, c.relname, n.nspname FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND {})",
            self.tables
        )
    }
}

/// A name as a row of schema and name, to be found among others.
pub(super) fn pair(name: &QualifiedName) -> String {
    let schema = match &name.schema {
        Some(schema) => string_literal(schema),
        None => "pg_catalog.current_schema()".into(),
    };
    format!("({schema}, {})", string_literal(&name.name))
}

/// The condition that leaves out what belongs to an extension.
pub(super) fn not_of_extension(oid: &str, catalog: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = {oid} AND x.deptype = 'e' \
         AND x.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass)"
    )
}

/// A name and whether it is in the default schema.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub schema: String,
    pub is_default: bool,
    pub name: String,
}

impl Place {
    /// The name, without the schema if that is the default one.
    pub(super) fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: (!self.is_default).then(|| self.schema.as_str().into()),
            name: self.name.as_str().into(),
        }
    }
}

/// A row of [`Rows::tables`].
#[derive(Debug, Clone)]
pub(super) struct TableRow {
    pub id: i64,
    pub place: Place,
    pub comment: Option<String>,
    pub options: OptionsRow,
}

/// Where and how a table is stored, and what it is a part of.
#[derive(Debug, Clone, Default)]
pub(super) struct OptionsRow {
    pub unlogged: bool,
    /// Each as `name=value`.
    pub parameters: Vec<String>,
    pub tablespace: Option<String>,
    /// Where it is not the one that tables have by themselves.
    pub method: Option<String>,
    pub partition_by: Option<String>,
    /// Which rows of the parent it holds.
    pub bound: Option<String>,
    pub parents: Vec<Place>,
}

/// A row of [`Rows::columns`].
#[derive(Debug, Clone)]
pub(super) struct ColumnRow {
    pub table: i64,
    pub name: String,
    pub ty: String,
    /// The enum type that the type is, or is an array of.
    pub enumeration: Option<i64>,
    pub is_array: bool,
    pub not_null: bool,
    /// The default, or the expression of a generated column.
    pub expr: Option<String>,
    /// `a`, `d` or nothing.
    pub identity: String,
    /// `s`, `v` or nothing.
    pub generated: String,
    pub start: Option<i64>,
    pub increment: Option<i64>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub cycle: Option<bool>,
    pub cache: Option<i64>,
    pub collation: Option<String>,
    pub comment: Option<String>,
}

/// A row of [`Rows::constraints`].
#[derive(Debug, Clone)]
pub(super) struct ConstraintRow {
    pub table: i64,
    pub name: String,
    /// `p`, `u`, `f` or `c`.
    pub kind: String,
    pub deferrable: bool,
    pub deferred: bool,
    pub columns: Vec<String>,
    pub references: Option<Place>,
    pub referred: Vec<String>,
    pub on_delete: String,
    pub on_update: String,
    pub match_full: bool,
    pub nulls_not_distinct: bool,
    pub validated: bool,
    pub no_inherit: bool,
    pub not_enforced: bool,
    pub include: Vec<String>,
    pub expr: Option<String>,
}

/// A row of [`Rows::keys`]: one key of an index, with what belongs to the whole.
#[derive(Debug, Clone)]
pub(super) struct KeyRow {
    pub table: i64,
    pub index: String,
    pub unique: bool,
    pub valid: bool,
    pub comment: Option<String>,
    /// Each as `name=value`.
    pub parameters: Vec<String>,
    pub tablespace: Option<String>,
    pub method: String,
    pub predicate: Option<String>,
    pub nulls_not_distinct: bool,
    pub included: bool,
    pub column: Option<String>,
    pub expr: Option<String>,
    pub descending: bool,
    pub nulls_first: bool,
    pub collation: Option<String>,
    pub opclass: Option<String>,
    /// The operator by which an exclusion constraint compares the key.
    pub operator: Option<String>,
    /// Whether that constraint can be deferred, and whether it is.
    pub deferrable: bool,
    pub deferred: bool,
}

/// A row of [`Rows::enums`].
#[derive(Debug, Clone)]
pub(super) struct EnumRow {
    pub id: i64,
    pub place: Place,
    pub values: Vec<String>,
}

/// What the catalog says.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub tables: Vec<TableRow>,
    pub columns: Vec<ColumnRow>,
    pub constraints: Vec<ConstraintRow>,
    pub keys: Vec<KeyRow>,
    pub enums: Vec<EnumRow>,
}

/// Reads the catalog.
pub(super) async fn fetch(connection: &mut Connection, filter: &Filter) -> Result<Rows> {
    let scoped = filter.scoped();
    let mut rows = Rows::default();
    for row in connection.fetch(&tables_sql(&scoped)).await? {
        rows.tables.push(TableRow {
            id: row.get("id")?,
            place: place(&row, "")?,
            comment: row.get("comment")?,
            options: options(&row)?,
        });
    }
    for row in connection.fetch(&enums_sql(&scoped, filter)).await? {
        rows.enums.push(EnumRow {
            id: row.get("id")?,
            place: place(&row, "")?,
            values: list(&row, "labels")?,
        });
    }
    if rows.tables.is_empty() {
        return Ok(rows);
    }
    for row in connection.fetch(&columns_sql(&scoped)).await? {
        rows.columns.push(column(&row)?);
    }
    for row in connection.fetch(&constraints_sql(&scoped)).await? {
        rows.constraints.push(constraint(&row)?);
    }
    for row in connection.fetch(&keys_sql(&scoped)).await? {
        rows.keys.push(key(&row)?);
    }
    Ok(rows)
}

/// The place that the columns `schema`, `is_default` and `name` of this prefix tell.
pub(super) fn place(row: &Row, prefix: &str) -> Result<Place> {
    Ok(Place {
        schema: row.get(&format!("{prefix}schema"))?,
        is_default: row.get::<Option<bool>>(&format!("{prefix}is_default"))? == Some(true),
        name: row.get(&format!("{prefix}name"))?,
    })
}

fn options(row: &Row) -> Result<OptionsRow> {
    let schemas = list(row, "parent_schemas")?;
    let names = list(row, "parent_names")?;
    let default: Option<String> = row.get("home")?;
    let place = |(schema, name): (String, String)| Place {
        is_default: default.as_ref() == Some(&schema),
        schema,
        name,
    };
    let own = list(row, "parameters")?;
    let toast = list(row, "toast_parameters")?;
    let toast = toast.iter().map(|it| format!("toast.{it}"));
    Ok(OptionsRow {
        unlogged: row.get("unlogged")?,
        parameters: own.into_iter().chain(toast).collect(),
        tablespace: row.get("tablespace")?,
        method: row.get("method")?,
        partition_by: row.get("partition_by")?,
        bound: row.get("bound")?,
        parents: schemas.into_iter().zip(names).map(place).collect(),
    })
}

/// A column that holds an array of text as text.
pub(super) fn list(row: &Row, column: &str) -> Result<Vec<String>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.as_deref().map(array).unwrap_or_default())
}

/// The elements of a one-dimensional array of text, as the database writes it: `{a,"b c"}`
/// (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>).
pub(super) fn array(text: &str) -> Vec<String> {
    let inside = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let Some(inside) = inside.filter(|it| !it.is_empty()) else {
        return Vec::new();
    };
    let mut items = vec![String::new()];
    let mut quoted = false;
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(String::new()),
            '\\' => items
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|it| it.extend(chars.next())),
            c => items
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|it| it.push(c)),
        }
    }
    items
}

fn column(row: &Row) -> Result<ColumnRow> {
    Ok(ColumnRow {
        table: row.get("id")?,
        name: row.get("name")?,
        ty: row.get("type")?,
        enumeration: row.get("enum_id")?,
        is_array: row.get("is_array")?,
        not_null: row.get("not_null")?,
        expr: row.get("expr")?,
        identity: row.get("identity")?,
        generated: row.get("generated")?,
        start: row.get("start")?,
        increment: row.get("increment")?,
        min: row.get("min")?,
        max: row.get("max")?,
        cycle: row.get("cycle")?,
        cache: row.get("cache")?,
        collation: row.get("collation")?,
        comment: row.get("comment")?,
    })
}

fn constraint(row: &Row) -> Result<ConstraintRow> {
    let kind: String = row.get("kind")?;
    Ok(ConstraintRow {
        table: row.get("id")?,
        name: row.get("name")?,
        deferrable: row.get("deferrable")?,
        deferred: row.get("deferred")?,
        columns: list(row, "columns")?,
        references: match kind.as_str() {
            "f" => Some(place(row, "referred_")?),
            _ => None,
        },
        referred: list(row, "referred")?,
        on_delete: row.get("on_delete")?,
        on_update: row.get("on_update")?,
        match_full: row.get("match_full")?,
        nulls_not_distinct: row.get::<Option<bool>>("nulls_not_distinct")? == Some(true),
        validated: row.get("validated")?,
        no_inherit: row.get("no_inherit")?,
        not_enforced: row.get::<Option<bool>>("enforced")? == Some(false),
        include: list(row, "include")?,
        expr: row.get("expr")?,
        kind,
    })
}

fn key(row: &Row) -> Result<KeyRow> {
    Ok(KeyRow {
        table: row.get("id")?,
        index: row.get("name")?,
        unique: row.get("is_unique")?,
        valid: row.get("valid")?,
        comment: row.get("comment")?,
        parameters: list(row, "parameters")?,
        tablespace: row.get("tablespace")?,
        method: row.get("method")?,
        predicate: row.get("predicate")?,
        nulls_not_distinct: row.get::<Option<bool>>("nulls_not_distinct")? == Some(true),
        included: row.get("included")?,
        column: row.get("column")?,
        expr: row.get("expr")?,
        descending: row.get("descending")?,
        nulls_first: row.get("nulls_first")?,
        collation: row.get("collation")?,
        opclass: row.get("opclass")?,
        operator: row.get("operator")?,
        deferrable: row.get::<Option<bool>>("deferrable")? == Some(true),
        deferred: row.get::<Option<bool>>("deferred")? == Some(true),
    })
}

fn tables_sql(scoped: &str) -> String {
    format!(
        "WITH {scoped} SELECT s.oid::pg_catalog.int8 AS id, s.nspname::text AS schema, s.relname::text AS name, \
         s.nspname = pg_catalog.current_schema() AS is_default, \
         pg_catalog.obj_description(s.oid, 'pg_class') AS comment, \
         c.relpersistence = 'u' AS unlogged, c.reloptions::text AS parameters, t.reloptions::text AS toast_parameters, \
         b.spcname::text AS tablespace, pg_catalog.current_schema()::text AS home, \
         NULLIF(m.amname::text, pg_catalog.current_setting('default_table_access_method', true)) AS method, \
         CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by, \
         CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound, \
         {} AS parent_schemas, {} AS parent_names \
         FROM scoped s JOIN pg_catalog.pg_class c ON c.oid = s.oid \
         LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid \
         LEFT JOIN pg_catalog.pg_tablespace b ON b.oid = c.reltablespace \
         LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam ORDER BY s.nspname, s.relname",
        parents("n.nspname"),
        parents("p.relname")
    )
}

/// A word for each table that this one inherits from, or is a part of, in their order.
fn parents(word: &str) -> String {
    format!(
        "(SELECT pg_catalog.array_agg({word}::text ORDER BY h.inhseqno)::text FROM pg_catalog.pg_inherits h \
         JOIN pg_catalog.pg_class p ON p.oid = h.inhparent \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace WHERE h.inhrelid = c.oid)"
    )
}

/// An array's own type is a base type of the category of arrays; a domain over an array is a type of its own.
const ITEM_TYPE: &str =
    "CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END";

fn columns_sql(scoped: &str) -> String {
    format!(
        "WITH {scoped} SELECT a.attrelid::pg_catalog.int8 AS id, a.attname::text AS name, \
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, \
         CASE WHEN e.typtype = 'e' THEN e.oid::pg_catalog.int8 END AS enum_id, \
         t.typtype = 'b' AND t.typcategory = 'A' AS is_array, \
         a.attnotnull AS not_null, pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) AS expr, \
         a.attidentity::text AS identity, a.attgenerated::text AS generated, \
         q.seqstart AS start, q.seqincrement AS increment, \
         q.seqmin AS min, q.seqmax AS max, q.seqcycle AS cycle, q.seqcache AS cache, \
         CASE WHEN a.attcollation <> t.typcollation THEN l.collname::text END AS collation, \
         pg_catalog.col_description(a.attrelid, a.attnum) AS comment \
         FROM scoped s JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         JOIN pg_catalog.pg_type e ON e.oid = {ITEM_TYPE} \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation \
         LEFT JOIN pg_catalog.pg_depend p ON a.attidentity <> '' AND p.deptype = 'i' \
         AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum \
         AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = p.objid \
         ORDER BY a.attrelid, a.attnum"
    )
}

/// The names of the columns that an array of numbers stands for.
pub(super) fn names(table: &str, numbers: &str) -> String {
    format!(
        "(SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.n)::text \
         FROM pg_catalog.unnest({numbers}) WITH ORDINALITY k(attnum, n) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = k.attnum)"
    )
}

/// The columns that the index of a constraint carries behind its keys.
const INCLUDED: &str = "(SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.n)::text \
     FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY k(attnum, n) \
     JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.attnum \
     WHERE k.n > i.indnkeyatts)";

/// A foreign key to a partitioned table has a row for each of its partitions too, below the one that was declared. What a table
/// has from another one is told there.
fn constraints_sql(scoped: &str) -> String {
    format!(
        "WITH {scoped} SELECT o.conrelid::pg_catalog.int8 AS id, o.conname::text AS name, o.contype::text AS kind, \
         o.condeferrable AS deferrable, o.condeferred AS deferred, {} AS columns, \
         rn.nspname::text AS referred_schema, r.relname::text AS referred_name, \
         rn.nspname = pg_catalog.current_schema() AS referred_is_default, {} AS referred, \
         o.confdeltype::text AS on_delete, o.confupdtype::text AS on_update, o.confmatchtype = 'f' AS match_full, \
         (pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::pg_catalog.bool AS nulls_not_distinct, \
         o.convalidated AS validated, o.connoinherit AS no_inherit, {} AS include, \
         (pg_catalog.to_jsonb(o) ->> 'conenforced')::pg_catalog.bool AS enforced, \
         CASE WHEN o.contype = 'c' THEN pg_catalog.pg_get_expr(o.conbin, o.conrelid, true) END AS expr \
         FROM scoped s JOIN pg_catalog.pg_constraint o ON o.conrelid = s.oid \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = o.conindid AND o.contype IN ('p', 'u') \
         LEFT JOIN pg_catalog.pg_class r ON r.oid = o.confrelid \
         LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace \
         WHERE o.contype IN ('p', 'u', 'f', 'c') AND o.conislocal AND o.conparentid = 0 \
         ORDER BY o.conrelid, pg_catalog.strpos('pufc', o.contype::text), o.conname",
        names("o.conrelid", "o.conkey"),
        names("o.confrelid", "o.confkey"),
        INCLUDED,
    )
}

/// What `indoption` holds of a key: 1 is DESC, 2 is NULLS FIRST. An `int2vector` counts from 0. Operator classes may take
/// parameters, which are kept on the index's own column.
fn keys_sql(scoped: &str) -> String {
    format!(
        "WITH {scoped} SELECT i.indrelid::pg_catalog.int8 AS id, x.relname::text AS name, i.indisunique AS is_unique, \
         i.indisvalid AS valid, pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment, \
         x.reloptions::text AS parameters, b.spcname::text AS tablespace, \
         m.amname::text AS method, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true) AS predicate, \
         (pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::pg_catalog.bool AS nulls_not_distinct, \
         k.n > i.indnkeyatts AS included, a.attname::text AS column, \
         CASE WHEN k.attnum = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, k.n::pg_catalog.int4, true) END AS expr, \
         COALESCE(i.indoption[k.n - 1] & 1, 0) = 1 AS descending, \
         COALESCE(i.indoption[k.n - 1] & 2, 0) = 2 AS nulls_first, \
         CASE WHEN i.indcollation[k.n - 1] <> COALESCE(a.attcollation, t.typcollation) THEN l.collname::text END AS collation, \
         CASE WHEN NOT c.opcdefault OR xa.attoptions IS NOT NULL THEN \
         CASE WHEN pg_catalog.pg_opclass_is_visible(c.oid) THEN '' ELSE pg_catalog.quote_ident(cn.nspname) || '.' END \
         || pg_catalog.quote_ident(c.opcname) || COALESCE((SELECT ' (' || pg_catalog.string_agg( \
         pg_catalog.quote_ident(p.option_name) || ' = ' || pg_catalog.quote_literal(p.option_value), ', ') || ')' \
         FROM pg_catalog.pg_options_to_table(xa.attoptions) p), '') END AS opclass, \
         e.condeferrable AS deferrable, e.condeferred AS deferred, \
         (SELECT CASE WHEN pg_catalog.pg_operator_is_visible(p.oid) THEN p.oprname::text \
         ELSE 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || p.oprname || ')' END \
         FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace \
         WHERE p.oid = e.conexclop[k.n]) AS operator \
         FROM scoped s JOIN pg_catalog.pg_index i ON i.indrelid = s.oid \
         JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam \
         LEFT JOIN pg_catalog.pg_tablespace b ON b.oid = x.reltablespace \
         CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY k(attnum, n) \
         JOIN pg_catalog.pg_attribute xa ON xa.attrelid = i.indexrelid AND xa.attnum = k.n \
         JOIN pg_catalog.pg_type t ON t.oid = xa.atttypid \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 \
         LEFT JOIN pg_catalog.pg_opclass c ON c.oid = i.indclass[k.n - 1] \
         LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.opcnamespace \
         LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[k.n - 1] \
         LEFT JOIN pg_catalog.pg_constraint e ON e.conindid = i.indexrelid AND e.contype = 'x' \
         WHERE NOT x.relispartition AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o \
         WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u')) \
         ORDER BY i.indrelid, x.relname, k.n"
    )
}

fn enums_sql(scoped: &str, filter: &Filter) -> String {
    format!(
        "WITH {scoped} SELECT t.oid::pg_catalog.int8 AS id, n.nspname::text AS schema, t.typname::text AS name, \
         n.nspname = pg_catalog.current_schema() AS is_default, \
         (SELECT pg_catalog.array_agg(v.enumlabel::text ORDER BY v.enumsortorder)::text \
         FROM pg_catalog.pg_enum v WHERE v.enumtypid = t.oid) AS labels \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         WHERE t.typtype = 'e' AND (({}) OR t.oid IN (SELECT {} FROM scoped s \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid)) ORDER BY n.nspname, t.typname",
        filter.enums, ITEM_TYPE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_text() {
        assert_eq!(array("{}"), Vec::<String>::new());
        assert_eq!(array("{a,b}"), ["a", "b"]);
        assert_eq!(
            array(r#"{"a,b","c\"d","e\\f","",ä}"#),
            ["a,b", "c\"d", "e\\f", "", "ä"]
        );
    }
}
