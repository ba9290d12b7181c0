//! Triggers, but for those that constraints bring and those that a partition has from its table.

use super::super::{expression, inspect};
use super::catalog::{list, names, place};
use super::places::{Places, holds, holds_column, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Fires, Ident, Object, Objects, Spelled, Timing, Trigger, TriggerEvent};
use crate::sql::split::{Flavor, Token, TokenKind, tokens};

/// The triggers of the scope. Those of a partition that belong to a trigger of its table say so from version 13 on; before, they
/// pass for internal ones.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let sql = format!(
        "SELECT {}, t.tgname::text AS trigger, t.tgtype::pg_catalog.int8 AS kind, t.tgenabled::text AS enabled, t.tgconstraint <> 0 AS is_constraint, \
         t.tgdeferrable AS deferrable, t.tginitdeferred AS deferred, {} AS columns, \
         fn.nspname::text AS refers_schema, f.relname::text AS refers_name, \
         fn.nspname = pg_catalog.current_schema() AS refers_is_default, \
         t.tgoldtable::text AS old_table, t.tgnewtable::text AS new_table, \
         pg_catalog.pg_get_triggerdef(t.oid, true) AS definition, \
         pg_catalog.obj_description(t.oid, 'pg_trigger') AS comment, {} \
         FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_class f ON f.oid = t.tgconstrrelid \
         LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace \
         WHERE NOT t.tgisinternal AND COALESCE(pg_catalog.to_jsonb(t) ->> 'tgparentid', '0') = '0' \
         AND c.relpersistence <> 't' AND {} AND {} AND {} ORDER BY 1, 2, 4",
        place_columns("c.relname"),
        names("t.tgrelid", "t.tgattr"),
        holds_column("pg_trigger", "t.oid"),
        places.of_relation(),
        own("t.oid", "pg_trigger"),
        own("c.oid", "pg_class"),
    );
    for row in connection.fetch(&sql).await? {
        let trigger = trigger(&row)?;
        let key = (trigger.table.clone(), trigger.name.clone());
        if let Some(comment) = row.get("comment")? {
            let object = Object::Trigger(key.0.clone(), key.1.clone());
            objects.comments.insert(object, comment);
        }
        objects.triggers.insert(key, trigger);
    }
    Ok(())
}

/// The bits of `tgtype` (<https://www.postgresql.org/docs/current/catalog-pg-trigger.html> names the column; its bits are those of
/// `pg_trigger.h`).
mod bits {
    pub(super) const ROW: i64 = 1;
    pub(super) const BEFORE: i64 = 2;
    pub(super) const INSERT: i64 = 4;
    pub(super) const DELETE: i64 = 8;
    pub(super) const UPDATE: i64 = 16;
    pub(super) const TRUNCATE: i64 = 32;
    pub(super) const INSTEAD: i64 = 64;
}

fn trigger(row: &Row) -> Result<Trigger> {
    let kind: i64 = row.get("kind")?;
    let is = |bit: i64| kind & bit != 0;
    let mut trigger = Trigger::new(row.get::<String>("trigger")?, place(row, "")?.qualified());
    if is(bits::BEFORE) {
        trigger.timing = Timing::Before;
    } else if is(bits::INSTEAD) {
        trigger.timing = Timing::InsteadOf;
    }
    let columns = list(row, "columns")?.into_iter().map(Ident::from).collect();
    for (bit, event) in [
        (bits::INSERT, TriggerEvent::Insert),
        (bits::UPDATE, TriggerEvent::Update(columns)),
        (bits::DELETE, TriggerEvent::Delete),
        (bits::TRUNCATE, TriggerEvent::Truncate),
    ] {
        if is(bit) {
            trigger.events.push(event);
        }
    }
    trigger.for_each_statement = !is(bits::ROW);
    trigger.constraint = row.get("is_constraint")?;
    trigger.deferrable = inspect::deferrable(row.get("deferrable")?, row.get("deferred")?);
    if row.get::<Option<String>>("refers_name")?.is_some() {
        trigger.refers_to = Some(place(row, "refers_")?.qualified());
    }
    trigger.old_table = row.get::<Option<String>>("old_table")?.map(Ident::from);
    trigger.new_table = row.get::<Option<String>>("new_table")?.map(Ident::from);
    trigger.fires = match row.get::<String>("enabled")?.as_str() {
        "D" => Fires::Never,
        "R" => Fires::OnReplica,
        "A" => Fires::Always,
        _ => Fires::AtOrigin,
    };
    trigger.holds = holds(row)?;
    let definition: String = row.get("definition")?;
    let (when, call) = tail(&definition);
    trigger.when = when.map(|it| {
        let text = expression::without_outer_parens(it);
        Spelled::canonical(text.into(), expression::canonical(text))
    });
    trigger.execute = call.map(str::to_string);
    Ok(trigger)
}

/// The condition and the call at the end of a definition: `… WHEN (condition) EXECUTE FUNCTION call`. The database writes keywords
/// in capitals, and no name in capitals stands without quotes.
fn tail(definition: &str) -> (Option<&str>, Option<&str>) {
    let Ok(all) = tokens(definition, Flavor::Postgres) else {
        return (None, None);
    };
    let mut depth = 0;
    let (mut when, mut execute) = (None, None);
    let mut last: Option<&Token> = None;
    for token in all.iter().filter(|it| !it.kind.is_silent()) {
        match token.text(definition) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "WHEN" if depth == 0 && token.kind == TokenKind::Word => when = Some(token.end),
            "EXECUTE" if depth == 0 && token.kind == TokenKind::Word => {
                execute = Some(token.start);
            }
            "FUNCTION" | "PROCEDURE"
                if execute.is_some() && last.is_some_and(|it| Some(it.start) == execute) =>
            {
                let condition = when
                    .zip(execute)
                    .map(|(from, to)| definition[from..to].trim());
                return (condition, Some(definition[token.end..].trim()));
            }
            _ => {}
        }
        last = Some(token);
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_definitions() {
        for (definition, found) in [
            (
                "CREATE TRIGGER execute AFTER UPDATE OF \"when\" ON t FOR EACH ROW EXECUTE FUNCTION f('a', 'EXECUTE FUNCTION')",
                (None, Some("f('a', 'EXECUTE FUNCTION')")),
            ),
            (
                "CREATE TRIGGER \"WHEN\" BEFORE INSERT ON \"EXECUTE\" FOR EACH ROW WHEN ((new.execute > 'WHEN'::text)) \
                 EXECUTE FUNCTION \"EXECUTE\".\"FUNCTION\"()",
                (
                    Some("((new.execute > 'WHEN'::text))"),
                    Some("\"EXECUTE\".\"FUNCTION\"()"),
                ),
            ),
        ] {
            assert_eq!(tail(definition), found);
        }
    }
}
