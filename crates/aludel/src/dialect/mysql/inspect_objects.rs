//! Databases, views, routines, triggers and MariaDB's sequences as the server has them: one message asks which there are, another
//! how each was made. What begins with `aludel_` is the tool's own and is not looked at.
//!
//! A definer is no part of what is told: he who makes an object anew becomes it, unless he says otherwise.

use super::{Mysql, catalog, definitions};
use crate::db::{Connection, Row};
use crate::dialect::Scope;
use crate::error::{Error, Result};
use crate::schema::{
    Function, Ident, ObjectKind, QualifiedName, Schema, Sequence, Timing, Trigger, TriggerEvent,
    View,
};
use crate::sql::Spell;
use std::collections::BTreeSet;

/// Adds what is wanted, by two messages at most.
pub(super) async fn inspect(
    dialect: &Mysql,
    connection: &mut Connection,
    scope: &Scope,
    kinds: &BTreeSet<ObjectKind>,
    schema: &mut Schema,
) -> Result<()> {
    let lists = lists(dialect, scope, kinds)?;
    if lists.is_empty() {
        return Ok(());
    }
    let mut found = Vec::new();
    for row in connection.fetch(&lists.join("; ")).await? {
        match row.get::<String>("kind")?.as_str() {
            "schema" => {
                let name: String = row.get("name")?;
                schema.objects.schemas.insert(name.into());
            }
            kind => found.push(Found::of(kind, &row)?),
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let mut shows = Vec::new();
    for it in &found {
        shows.push(format!(
            "SHOW CREATE {} {}",
            it.kind,
            dialect.qualified(&it.name)?
        ));
    }
    if shows.is_empty() {
        return Ok(());
    }
    let rows = connection.fetch(&shows.join("; ")).await?;
    for (it, row) in found.iter().zip(&rows) {
        // Behind a routine's name and a trigger's stands the `sql_mode`.
        let column = match it.kind.as_str() {
            "view" | "sequence" => 1,
            _ => 2,
        };
        let sql: Option<Vec<u8>> = row.at(column)?;
        let sql = sql.map(|it| String::from_utf8_lossy(&it).into_owned());
        let Some(sql) = sql else {
            return Err(it.unreadable("the connected role may not see its definition"));
        };
        it.add(dialect, &sql, schema)
            .ok_or_else(|| it.unreadable("its definition is of a form that is not known"))?;
    }
    match found.get(rows.len()) {
        Some(it) => Err(it.unreadable("the database does not tell its definition")),
        None => Ok(()),
    }
}

/// The queries that list what is wanted, one for each kind.
fn lists(dialect: &Mysql, scope: &Scope, kinds: &BTreeSet<ObjectKind>) -> Result<Vec<String>> {
    let parts = catalog::parts(dialect, scope)?;
    let of_tables = matches!(scope, Scope::Tables(_));
    let mut lists = Vec::new();
    if parts.is_empty() {
        return Ok(lists);
    }
    let wanted = |kind| kinds.contains(&kind);
    let of = |select: &str, schema: &str, table: &str, name: &str, also: &str| {
        let also = format!(" AND LEFT({name}, 7) <> 'aludel_'{also}");
        catalog::query(
            &parts,
            &format!("{name} AS name, {select}"),
            schema,
            table,
            &also,
        )
    };
    if wanted(ObjectKind::Triggers) {
        lists.push(of(
            "'trigger' AS kind, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event FROM information_schema.TRIGGERS",
            "TRIGGER_SCHEMA",
            "EVENT_OBJECT_TABLE",
            "TRIGGER_NAME",
            "",
        ));
    }
    if of_tables {
        return Ok(lists);
    }
    if wanted(ObjectKind::Schemas) {
        lists.push(schemas(dialect, scope)?);
    }
    let tables = |kind: &str, ty: &str| {
        of(
            &format!("'{kind}' AS kind FROM information_schema.TABLES"),
            "TABLE_SCHEMA",
            "TABLE_NAME",
            "TABLE_NAME",
            &format!(" AND TABLE_TYPE = '{ty}'"),
        )
    };
    if wanted(ObjectKind::Views) {
        lists.push(tables("view", "VIEW"));
    }
    if wanted(ObjectKind::Sequences) && dialect.can.sequences {
        lists.push(tables("sequence", "SEQUENCE"));
    }
    if wanted(ObjectKind::Functions) {
        lists.push(of(
            "LOWER(ROUTINE_TYPE) AS kind FROM information_schema.ROUTINES",
            "ROUTINE_SCHEMA",
            "ROUTINE_NAME",
            "ROUTINE_NAME",
            " AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')",
        ));
    }
    Ok(lists)
}

/// The databases of the scope, but for the one that is connected to and those of the server.
fn schemas(dialect: &Mysql, scope: &Scope) -> Result<String> {
    let mut sql = format!(
        "SELECT 'schema' AS kind, SCHEMA_NAME AS name FROM information_schema.SCHEMATA \
         WHERE NOT SCHEMA_NAME <=> DATABASE() AND SCHEMA_NAME NOT IN ({})",
        catalog::OWN
    );
    if let Scope::Schemas(names) = scope {
        let names: Result<Vec<String>> = names.iter().map(|it| dialect.string(it)).collect();
        let names = names?;
        sql += &match names.is_empty() {
            true => " AND FALSE".to_string(),
            false => format!(" AND SCHEMA_NAME IN ({})", names.join(", ")),
        };
    }
    Ok(sql)
}

/// What is there, by its kind and name.
struct Found {
    /// As it stands in `SHOW CREATE …`.
    kind: String,
    name: QualifiedName,
    /// The table of a trigger, and when it fires.
    trigger: Option<(QualifiedName, Timing, TriggerEvent)>,
}

impl Found {
    fn of(kind: &str, row: &Row) -> Result<Self> {
        let schema: Option<String> = row.get("home")?;
        let schema = schema.map(Ident::from);
        let qualified = |name: String| QualifiedName {
            schema: schema.clone(),
            name: name.into(),
        };
        let trigger = match kind {
            "trigger" => {
                let (timing, event): (String, String) = (row.get("timing")?, row.get("event")?);
                let timing = match timing.as_str() {
                    "BEFORE" => Timing::Before,
                    _ => Timing::After,
                };
                let event = match event.as_str() {
                    "INSERT" => TriggerEvent::Insert,
                    "UPDATE" => TriggerEvent::Update(Vec::new()),
                    _ => TriggerEvent::Delete,
                };
                Some((qualified(row.get("owner")?), timing, event))
            }
            _ => None,
        };
        Ok(Self {
            kind: kind.to_string(),
            name: qualified(row.get("name")?),
            trigger,
        })
    }

    fn unreadable(&self, reason: &str) -> Error {
        Error::Schema {
            operation: format!("inspect {} {}", self.kind, self.name),
            reason: reason.into(),
        }
    }

    /// Adds it to a schema; none if its definition cannot be read.
    fn add(&self, dialect: &Mysql, sql: &str, schema: &mut Schema) -> Option<()> {
        let objects = &mut schema.objects;
        match (self.kind.as_str(), &self.trigger) {
            ("view", _) => {
                let it = view(dialect, self.name.clone(), sql)?;
                objects.views.insert(self.name.clone(), it);
            }
            ("sequence", _) => {
                let it = definitions::sequence(sql, Sequence::new(self.name.clone()))?;
                objects.sequences.insert(self.name.clone(), it);
            }
            ("trigger", Some((table, timing, event))) => {
                let body = definitions::trigger(sql)?;
                let mut it = Trigger::new(self.name.name.clone(), table.clone()).body(body);
                it.timing = *timing;
                it.events.push(event.clone());
                let key = (it.table.clone(), it.name.clone());
                objects.triggers.insert(key, it);
            }
            (kind, _) => {
                let mut it = routine(dialect, self.name.clone(), kind == "procedure", sql)?;
                let key = |it: &Function| (it.name.clone(), it.arguments.clone());
                // A procedure may have the name of a function; one more space says nothing.
                while objects.functions.contains_key(&key(&it)) {
                    it.arguments.push(' ');
                }
                objects.functions.insert(key(&it), it);
            }
        }
        Some(())
    }
}

/// A view out of its definition.
pub(super) fn view(dialect: &Mysql, name: QualifiedName, sql: &str) -> Option<View> {
    let read = definitions::view(sql)?;
    let query = match dialect.session.quotes_are_strings {
        true => read.query,
        false => super::text::in_backticks(&read.query),
    };
    let mut view = View::new(name, query).columns(read.columns);
    view.check = read.check;
    if let Some(algorithm) = read.algorithm {
        view = view.option("algorithm", algorithm);
    }
    if read.invoker {
        view = view.security_invoker();
    }
    Some(view)
}

fn routine(dialect: &Mysql, name: QualifiedName, procedure: bool, sql: &str) -> Option<Function> {
    let read = definitions::routine(sql, procedure)?;
    let mut function = Function::new(name, read.arguments).body(read.body);
    function.procedure = procedure;
    function.returns = read.returns;
    function.attributes = read.attributes.declared(dialect.session.backslash_escapes);
    function.language = read.attributes.language;
    Some(function)
}
