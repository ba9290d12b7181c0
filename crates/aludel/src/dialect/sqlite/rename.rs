//! Renaming what SQLite has no statement for. The text that it keeps says the new name, and is otherwise left as it is.

use super::alter::Script;
use super::parse::TableText;
use super::rebuild::{self, Rebuild};
use super::text::Cursor;
use super::{Sqlite, ddl};
use crate::dialect::Dialect as _;
use crate::error::Result;
use crate::ops::{DropIndex, Op as _, RenameConstraint, RenameIndex};
use crate::schema::Schema;
use crate::sql::{Spell as _, Statement};
use std::ops::Range;

/// An index is dropped, and created anew from its own text.
pub(super) fn index(spell: &Sqlite, op: &RenameIndex, before: &Schema) -> Result<Vec<Statement>> {
    let before = rebuild::with_definitions(spell, before)?;
    op.apply(&mut before.clone())?;
    let table = before.tables.get(&op.table);
    let text = table.and_then(|it| it.source.indexes.get(&op.name));
    let error = |reason: String| ddl::rebuild_error(&op.table, reason);
    let text = text.ok_or_else(|| error(format!("no text is kept of the index `{}`", op.name)))?;
    let place = name(text).map_err(error)?;
    let to = spell.index_name(&op.table, &op.to)?;
    let drop = DropIndex::new(op.table.clone(), op.name.clone());
    let mut statements = drop.sql(spell)?;
    statements.push(format!("{}{to}{}", &text[..place.start], &text[place.end..]).into());
    Ok(statements)
}

/// Where a `CREATE INDEX` names its index.
fn name(text: &str) -> std::result::Result<Range<usize>, String> {
    let mut cursor = Cursor::new(text)?;
    cursor.need("CREATE")?;
    let _ = cursor.eat(&["UNIQUE"]);
    cursor.need("INDEX")?;
    let _ = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let start = cursor.start();
    cursor.name()?;
    if cursor.eat(&["."]) {
        cursor.name()?;
    }
    Ok(start..cursor.end())
}

/// A table is rebuilt with another name in its definition.
pub(super) fn constraint(spell: &Sqlite, op: &RenameConstraint, before: &Schema) -> Result<Script> {
    let mut before = rebuild::with_definitions(spell, before)?;
    spell.normalize(&mut before);
    let mut after = before.clone();
    op.apply(&mut after)?;
    let mut script = Script::default();
    let Some(table) = after.tables.get_mut(&op.table) else {
        return Ok(script);
    };
    let definition = table.source.definition.take().unwrap_or_default();
    let text = TableText::parse(&definition);
    let text = text.map_err(|reason| ddl::rebuild_error(&op.table, reason))?;
    let mut constraints = text.constraints();
    let found = constraints.find(|it| it.constraint.name() == Some(&op.name));
    let Some(place) = found.and_then(|it| it.name.clone()) else {
        let reason = format!("its definition has no constraint `{}`", op.name);
        return Err(ddl::rebuild_error(&op.table, reason));
    };
    let to = spell.quote(&op.to)?;
    table.source.definition = Some(format!(
        "{}{to}{}",
        &definition[..place.start],
        &definition[place.end..]
    ));
    let rebuild = Rebuild {
        spell,
        before: table,
        after: table,
        using: &[],
        edited: true,
    };
    script.add(&rebuild, &before)?;
    Ok(script)
}
