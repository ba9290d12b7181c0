//! Views and triggers, and what SQLite has nothing like.

use super::types::unsupported;
use super::{NAME, Sqlite};
use crate::error::{Error, Result};
use crate::ops::{CreateTrigger, CreateView, DropObject, IfThere, Op, Operation};
use crate::schema::{Object, QualifiedName};
use crate::sql::{self, Spell, Statement};

/// The statements of an operation on something else than a table; none for the others.
pub(super) fn statements(spell: &Sqlite, operation: &Operation) -> Option<Result<Vec<Statement>>> {
    let refused = |instead: &str| Some(Err(unsupported(&operation.summary(), instead)));
    match operation {
        Operation::CreateView(it) => Some(create_view(spell, it)),
        Operation::CreateTrigger(it) => Some(create_trigger(spell, it)),
        Operation::DropObject(it) => Some(drop_object(spell, it)),
        // Comments are kept nowhere, and an enum type is in no schema but that of its columns.
        Operation::CommentOn(_) => Some(Ok(Vec::new())),
        Operation::SetSchema(it) if matches!(it.object, Object::Type(_)) => Some(Ok(Vec::new())),
        Operation::RenameObject(it) if matches!(it.object, Object::Type(_)) => None,
        Operation::RenameObject(it) => refused(match &it.object {
            Object::View(_) | Object::Trigger(..) => "drop it, and create it under its new name",
            other => nothing_like(other),
        }),
        Operation::SetSchema(it) if it.moves_with().is_some() => None,
        Operation::SetSchema(it) => refused(match &it.object {
            Object::Table(_) => "create it in the other database, and copy its rows",
            Object::View(_) => "drop it, and create it in the other database",
            other => nothing_like(other),
        }),
        Operation::CreateSchema(_) => refused(nothing_like(&Object::schema(""))),
        Operation::CreateSequence(_) | Operation::AlterSequence(_) => {
            refused(nothing_like(&Object::sequence("")))
        }
        Operation::RefreshMaterializedView(_) => {
            refused(nothing_like(&Object::materialized_view("")))
        }
        Operation::CreateFunction(_) => refused(nothing_like(&Object::function("", ""))),
        Operation::ToggleTrigger(_) => refused("drop it, and create it again when it is to fire"),
        Operation::CreateExtension(_) | Operation::UpdateExtension(_) => {
            refused(nothing_like(&Object::extension("")))
        }
        Operation::CreateDomain(_) | Operation::AlterDomain(_) => {
            refused(nothing_like(&Object::domain("")))
        }
        Operation::CreatePolicy(_) | Operation::AlterPolicy(_) | Operation::SetRowSecurity(_) => {
            refused(nothing_like(&Object::policy("", "")))
        }
        _ => None,
    }
}

/// What to do without what SQLite has nothing like.
fn nothing_like(object: &Object) -> &'static str {
    match object {
        Object::Schema(_) => {
            "attach a database file: its name stands before the names of its tables"
        }
        Object::Sequence(_) => {
            "number the rows by an integer primary key (`autoincrement`), or keep the last number in a table"
        }
        Object::MaterializedView(_) => "a view, or a table that an INSERT .. SELECT fills",
        Object::Function(..) | Object::Procedure(..) => {
            "have the application register it on its connections, or run the code in a step (`op.run`)"
        }
        Object::Extension(_) => "load it on each connection, when that is opened",
        Object::Domain(_) | Object::DomainConstraint(..) => "a check on each column",
        Object::Policy(..) => "views that show the rows that are meant",
        Object::Type(_) => "an enum type is a check on each column that has it",
        Object::Table(_)
        | Object::Column(..)
        | Object::Index(_)
        | Object::Constraint(..)
        | Object::View(_)
        | Object::Trigger(..) => "the operation of that name",
    }
}

/// `CREATE VIEW`. One that replaces another takes the place of a view that has no triggers, since SQLite drops these with it.
fn create_view(spell: &Sqlite, create: &CreateView) -> Result<Vec<Statement>> {
    let it = &create.view;
    let refused = |what: &str, instead: &str| {
        let operation = format!("{}{what}", create.summary());
        Err(unsupported(&operation, instead))
    };
    if it.materialized {
        return refused("", nothing_like(&Object::materialized_view("")));
    }
    if it.check.is_some() {
        return refused(
            " with a check option",
            "a trigger INSTEAD OF writing, which refuses the row with RAISE(ABORT, ..)",
        );
    }
    if let Some((option, _)) = it.options.first_key_value() {
        return refused(&format!(" with the option {option}"), "leave it out");
    }
    if it.tablespace.is_some() || it.no_data {
        return refused(
            " that keeps its rows in a place",
            "leave out where, and whether, its rows are kept",
        );
    }
    let name = spell.qualified(&it.name)?;
    let mut statements = Vec::new();
    let keep = match create.if_there {
        IfThere::Keep => "IF NOT EXISTS ",
        IfThere::Fail => "",
        IfThere::Replace => {
            statements.push(refuse_triggers(spell, &it.name)?.into());
            statements.push(format!("DROP VIEW IF EXISTS {name}").into());
            ""
        }
    };
    let tail = sql::view_tail(spell, &name, &it.columns, &it.query.written)?;
    statements.push(format!("CREATE VIEW {keep}{tail}").into());
    Ok(statements)
}

/// Fails, with words of its own, where the view has triggers. `json_extract` is the one function that says back what it was
/// given when it fails.
fn refuse_triggers(spell: &Sqlite, view: &QualifiedName) -> Result<String> {
    let schema = match &view.schema {
        Some(schema) => format!("{}.", spell.quote(schema)?),
        None => String::new(),
    };
    let text = spell.string(&format!(
        "{view} has triggers, which would be dropped with it: drop them first, and create them anew behind; the first is "
    ))?;
    let name = spell.string(&view.name)?;
    Ok(format!(
        "SELECT json_extract('{{}}', {text} || min(name)) FROM {schema}sqlite_schema \
         WHERE type = 'trigger' AND lower(tbl_name) = lower({name}) HAVING count(*) > 0"
    ))
}

/// `CREATE TRIGGER`. It is in the database of its table, which stands before its own name and nowhere else
/// (<https://www.sqlite.org/lang_createtrigger.html>).
fn create_trigger(spell: &Sqlite, create: &CreateTrigger) -> Result<Vec<Statement>> {
    let it = &create.trigger;
    let Some(body) = &it.body else {
        return Err(create.refused(
            spell,
            "that calls a function",
            "say what it does with `body`, as the statements between BEGIN and END",
        ));
    };
    refuse_foreign_parts(spell, create)?;
    let name = spell.qualified(&it.table.renamed(it.name.clone()))?;
    let mut statements = Vec::new();
    let keep = match create.if_there {
        IfThere::Keep => "IF NOT EXISTS ",
        IfThere::Fail => "",
        IfThere::Replace => {
            statements.push(format!("DROP TRIGGER IF EXISTS {name}").into());
            ""
        }
    };
    let events = sql::trigger_events(spell, it)?;
    let table = spell.quote(&it.table.name)?;
    let mut text = format!("CREATE TRIGGER {keep}{name}\n{events} ON {table}\nFOR EACH ROW");
    if let Some(when) = &it.when {
        text += &format!("\nWHEN ({})", sql::expression(&when.written));
    }
    let body = sql::query(&body.as_str().into());
    text += &format!("\nBEGIN\n{body};\nEND");
    statements.push(text.into());
    Ok(statements)
}

fn refuse_foreign_parts(spell: &Sqlite, create: &CreateTrigger) -> Result<()> {
    let it = &create.trigger;
    let (what, instead) = if it.events.len() != 1 {
        ("on several events", "create one for each of them")
    } else if it.events == [crate::schema::TriggerEvent::Truncate] {
        (
            "on TRUNCATE",
            "let it fire on DELETE: nothing else empties a table",
        )
    } else if let Some(found) = create.beyond_rows() {
        found
    } else {
        return Ok(());
    };
    Err(create.refused(spell, what, instead))
}

fn drop_object(spell: &Sqlite, drop: &DropObject) -> Result<Vec<Statement>> {
    let (kind, name) = match &drop.object {
        Object::View(name) => ("VIEW", name.clone()),
        Object::Trigger(table, name) => ("TRIGGER", table.renamed(name.clone())),
        // What others refuse everywhere is refused in their words.
        Object::Table(_) | Object::Column(..) | Object::Index(_) | Object::Constraint(..) => {
            return drop.sql(spell);
        }
        // There cannot be one, so that nothing is left to do. What is called a schema elsewhere is an attached file here.
        it if drop.if_exists && !matches!(it, Object::Schema(_)) => return Ok(Vec::new()),
        other => return Err(unsupported(&drop.summary(), nothing_like(other))),
    };
    if drop.cascade {
        return Err(Error::Unsupported {
            operation: format!("{} with what depends on it", drop.summary()),
            dialect: NAME,
            instead: "drop the views and triggers that name it before it".into(),
        });
    }
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = spell.qualified(&name)?;
    Ok(vec![format!("DROP {kind} {if_exists}{name}").into()])
}
