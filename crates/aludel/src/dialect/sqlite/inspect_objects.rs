//! Views and triggers as SQLite keeps them: the text of the statement that made each, read into its parts. What is in `temp` is
//! the session's own, and what begins with `aludel_` is the tool's: neither is looked at.

use super::inspect::{Object, databases, objects};
use super::text::{Cursor, bare, same_name, significant, split_commas};
use crate::db::Connection;
use crate::dialect::Scope;
use crate::error::{Error, Result};
use crate::schema::{
    Ident, ObjectKind, QualifiedName, Schema, Timing, Trigger, TriggerEvent, View,
};
use std::collections::BTreeSet;

/// Adds the views and the triggers that are wanted, by one query for each database of the scope.
pub(super) async fn inspect(
    spell: &super::Sqlite,
    connection: &mut Connection,
    scope: &Scope,
    kinds: &BTreeSet<ObjectKind>,
    schema: &mut Schema,
) -> Result<()> {
    let (views, triggers) = (
        kinds.contains(&ObjectKind::Views),
        kinds.contains(&ObjectKind::Triggers),
    );
    if !views && !triggers {
        return Ok(());
    }
    for database in databases(connection, scope).await? {
        let all = objects(spell, connection, &database).await?;
        let qualified = |name: &str| QualifiedName {
            schema: database.clone(),
            name: name.into(),
        };
        for object in all.iter().filter(|it| !is_own(&it.name)) {
            let unreadable = |reason| Error::Schema {
                operation: format!("inspect {} {}", object.kind, qualified(&object.name)),
                reason,
            };
            if views && object.kind == "view" && !matches!(scope, Scope::Tables(_)) {
                let it = view(&object.sql, qualified(&object.name)).map_err(unreadable)?;
                schema.objects.views.insert(it.name.clone(), it);
            } else if triggers && object.kind == "trigger" {
                let table = qualified(table_of(object, &all));
                if is_wanted(scope, &table) {
                    let name = object.name.as_str().into();
                    let it = trigger(&object.sql, name, table).map_err(unreadable)?;
                    let key = (it.table.clone(), it.name.clone());
                    schema.objects.triggers.insert(key, it);
                }
            }
        }
    }
    Ok(())
}

fn is_own(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("aludel_")
}

/// The name of a trigger's table or view as that was created; the trigger may write it in another case.
fn table_of<'o>(trigger: &'o Object, all: &'o [Object]) -> &'o str {
    let mut tables = all
        .iter()
        .filter(|it| it.kind == "table" || it.kind == "view");
    let found = tables.find(|it| same_name(&it.name, &trigger.table));
    found.map_or(&trigger.table, |it| &it.name)
}

fn is_wanted(scope: &Scope, table: &QualifiedName) -> bool {
    match scope {
        Scope::Schemas(_) | Scope::Everything => true,
        Scope::Tables(tables) => tables.iter().any(|it| same_place(it, table)),
    }
}

/// Whether two names mean one object. `main` is the database without a name.
pub(super) fn same_place(a: &QualifiedName, b: &QualifiedName) -> bool {
    let schema = |it: &QualifiedName| {
        let schema = it.schema.as_deref().unwrap_or("main");
        schema.to_ascii_lowercase()
    };
    same_name(&a.name, &b.name) && schema(a) == schema(b)
}

/// Steps over `CREATE TEMP kind IF NOT EXISTS schema.name`.
fn head(cursor: &mut Cursor<'_>, kind: &str) -> std::result::Result<(), String> {
    cursor.need("create")?;
    let _ = cursor.eat(&["temp"]) || cursor.eat(&["temporary"]);
    cursor.need(kind)?;
    cursor.eat(&["if", "not", "exists"]);
    qualified_name(cursor)
}

fn qualified_name(cursor: &mut Cursor<'_>) -> std::result::Result<(), String> {
    cursor.name()?;
    if cursor.eat(&["."]) {
        cursor.name()?;
    }
    Ok(())
}

/// A view out of its statement (<https://www.sqlite.org/lang_createview.html>).
fn view(sql: &str, name: QualifiedName) -> std::result::Result<View, String> {
    let mut cursor = Cursor::new(sql)?;
    head(&mut cursor, "view")?;
    let mut columns = Vec::new();
    if cursor.is("(") {
        for column in split_commas(cursor.group()?)? {
            columns.push(Cursor::new(column)?.name()?);
        }
    }
    cursor.need("as")?;
    let query = sql[cursor.end()..].trim();
    Ok(View::new(name, query).columns(columns))
}

/// A trigger out of its statement (<https://www.sqlite.org/lang_createtrigger.html>).
fn trigger(sql: &str, name: Ident, table: QualifiedName) -> std::result::Result<Trigger, String> {
    let mut cursor = Cursor::new(sql)?;
    let cursor = &mut cursor;
    head(cursor, "trigger")?;
    let mut found = Trigger::new(name, table);
    found.timing = timing(cursor);
    found.events.push(event(cursor)?);
    cursor.need("on")?;
    qualified_name(cursor)?;
    cursor.eat(&["for", "each", "row"]);
    if cursor.eat(&["when"]) {
        let start = cursor.end();
        until_begin(cursor)?;
        found = found.when(bare(&sql[start..cursor.start()]));
    }
    cursor.need("begin")?;
    Ok(found.body(statements(&sql[cursor.end()..])?))
}

/// Before the event is what a trigger means that does not say.
fn timing(cursor: &mut Cursor<'_>) -> Timing {
    if cursor.eat(&["after"]) {
        return Timing::After;
    }
    if cursor.eat(&["instead", "of"]) {
        return Timing::InsteadOf;
    }
    cursor.eat(&["before"]);
    Timing::Before
}

fn event(cursor: &mut Cursor<'_>) -> std::result::Result<TriggerEvent, String> {
    if cursor.eat(&["delete"]) {
        return Ok(TriggerEvent::Delete);
    }
    if cursor.eat(&["insert"]) {
        return Ok(TriggerEvent::Insert);
    }
    cursor.need("update")?;
    let mut columns = Vec::new();
    if cursor.eat(&["of"]) {
        columns.push(cursor.name()?.into());
        while cursor.eat(&[","]) {
            columns.push(cursor.name()?.into());
        }
    }
    Ok(TriggerEvent::Update(columns))
}

/// Steps to the `BEGIN` behind a condition.
fn until_begin(cursor: &mut Cursor<'_>) -> std::result::Result<(), String> {
    while !cursor.is("begin") {
        if cursor.is_done() {
            return cursor.need("begin");
        }
        match cursor.is("(") {
            true => drop(cursor.group()?),
            false => cursor.advance(),
        }
    }
    Ok(())
}

/// What stands before the last `END`, without the semicolon that closes the last statement.
fn statements(sql: &str) -> std::result::Result<&str, String> {
    let tokens = significant(sql)?;
    let mut last = tokens.iter().rev().skip_while(|it| it.text(sql) == ";");
    let end = last
        .next()
        .filter(|it| it.text(sql).eq_ignore_ascii_case("end"));
    let end = end.ok_or("its definition has no `END` behind its statements")?;
    let close = last.take_while(|it| it.text(sql) == ";").last();
    Ok(sql[..close.unwrap_or(end).start].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views() {
        let read = view(
            "CREATE VIEW IF NOT EXISTS main.[a view](\"x y\", `z`) AS -- why\n SELECT 1, 2 ",
            "v".into(),
        );
        let expected = View::new("v", "-- why\n SELECT 1, 2").columns(["x y", "z"]);
        assert_eq!(read, Ok(expected));
        assert_eq!(
            view("create view v as select 1", "v".into()),
            Ok(View::new("v", "select 1"))
        );
        assert!(view("CREATE VIEW v (a AS SELECT 1", "v".into()).is_err());
    }

    #[test]
    fn triggers() {
        let read = |sql: &str| trigger(sql, "t".into(), "x".into());
        let base = || Trigger::new("t", "x");
        assert_eq!(
            read("CREATE TRIGGER t DELETE ON x BEGIN SELECT 1; END"),
            Ok(base().before().delete().body("SELECT 1"))
        );
        assert_eq!(
            read(
                "create temp trigger \"a\".t after update of a, \"b c\" on x for each row \
                 when (new.a > CASE WHEN 1 THEN 2 END) begin select 1; update x set a = ';end' /* last */ ; end;"
            ),
            Ok(base()
                .after()
                .update_of(["a", "b c"])
                .when("new.a > CASE WHEN 1 THEN 2 END")
                .body("select 1; update x set a = ';end' /* last */"))
        );
        assert_eq!(
            read("CREATE TRIGGER t INSTEAD OF INSERT ON x WHEN a OR (b) BEGIN SELECT 1; END"),
            Ok(base()
                .instead_of()
                .insert()
                .when("a OR (b)")
                .body("SELECT 1"))
        );
        assert!(read("CREATE TRIGGER t DELETE ON x WHEN a").is_err());
        assert!(read("CREATE TRIGGER t DELETE ON x BEGIN SELECT 1;").is_err());
    }
}
