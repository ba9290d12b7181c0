//! Schemas, which are databases here, views, routines, triggers, and MariaDB's sequences; and what neither has anything like.

use super::alter_table::one;
use super::{Mysql, alter_column, definitions, indexes};
use crate::error::{Error, Result};
use crate::ops::{
    AlterColumn, AlterSequence, CommentOn, CommentTable, CreateFunction, CreateSequence,
    CreateTrigger, CreateView, DropObject, IfThere, Op, Operation,
};
use crate::schema::{Object, QualifiedName, Schema, Timing, TriggerEvent};
use crate::sql::{self, Spell, Statement};

/// The statements of an operation on something else than a table; none for the others.
pub(super) fn statements(
    dialect: &Mysql,
    operation: &Operation,
    before: &Schema,
) -> Option<Result<Vec<Statement>>> {
    let refused = |instead: &str| Some(Err(dialect.unsupported(operation.summary(), instead)));
    match operation {
        Operation::CreateSequence(it) => Some(create_sequence(dialect, it)),
        Operation::AlterSequence(it) => Some(alter_sequence(dialect, it)),
        Operation::CreateView(it) => Some(create_view(dialect, it)),
        Operation::CreateFunction(it) => Some(create_function(dialect, it)),
        Operation::CreateTrigger(it) => Some(create_trigger(dialect, it)),
        Operation::DropObject(it) => Some(drop_object(dialect, it)),
        Operation::CommentOn(it) => Some(comment_on(dialect, it, before)),
        Operation::RenameObject(it) => match &it.object {
            Object::View(name) => Some(rename(dialect, name, &name.renamed(it.to.clone()))),
            Object::Sequence(name) if dialect.can.sequences => {
                Some(rename(dialect, name, &name.renamed(it.to.clone())))
            }
            // An enum type has no name in the columns that have it.
            Object::Type(_) => Some(Ok(Vec::new())),
            Object::Schema(_) => {
                refused("create the other, and move the tables there (`set_schema`)")
            }
            Object::Function(..) | Object::Procedure(..) | Object::Trigger(..) => {
                refused("drop it, and create it under its new name")
            }
            other => refused(nothing_like(other)),
        },
        Operation::SetSchema(it) if it.moves_with().is_some() => None,
        Operation::SetSchema(it) => {
            let there =
                |name: &QualifiedName| QualifiedName::from((it.schema.clone(), name.name.clone()));
            match &it.object {
                Object::Table(name) => Some(rename(dialect, name, &there(name))),
                Object::Sequence(name) if dialect.can.sequences => {
                    Some(rename(dialect, name, &there(name)))
                }
                Object::Type(_) => Some(Ok(Vec::new())),
                Object::View(_) | Object::Function(..) | Object::Procedure(..) => {
                    refused("drop it, and create it in the other schema")
                }
                other => refused(nothing_like(other)),
            }
        }
        Operation::RenameEnumValue(_) => refused(
            "`alter_enum` to a list with both values, update the rows, and `alter_enum` to the list without the old one",
        ),
        Operation::ToggleTrigger(_) => refused("drop it, and create it again when it is to fire"),
        Operation::RefreshMaterializedView(_) => {
            refused(nothing_like(&Object::materialized_view("")))
        }
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

/// What to do without what there is nothing like.
fn nothing_like(object: &Object) -> &'static str {
    match object {
        Object::Sequence(_) => "number the rows (`identity`), or keep the last number in a table",
        Object::MaterializedView(_) => "a view, or a table that an INSERT .. SELECT fills",
        Object::Extension(_) => {
            "have the server's administrator install it as a plugin or component"
        }
        Object::Domain(_) | Object::DomainConstraint(..) => "a check on each column",
        Object::Policy(..) => "views that show the rows that are meant",
        _ => "the operation of that name",
    }
}

fn without_sequences(dialect: &Mysql, op: &dyn Op) -> Result<()> {
    match dialect.can.sequences {
        true => Ok(()),
        false => Err(dialect.unsupported(op.summary(), nothing_like(&Object::sequence("")))),
    }
}

fn owned(dialect: &Mysql, op: &dyn Op) -> Error {
    dialect.unsupported(
        format!("{} that goes with a column", op.summary()),
        "drop it by itself, when the column goes",
    )
}

/// <https://mariadb.com/kb/en/create-sequence/>
fn create_sequence(dialect: &Mysql, create: &CreateSequence) -> Result<Vec<Statement>> {
    without_sequences(dialect, create)?;
    let mut standard = create.clone();
    let it = &mut standard.sequence;
    if it.owned_by.is_some() {
        return Err(owned(dialect, create));
    }
    if it.ty.is_some() && !dialect.can.sequence_types {
        return Err(dialect.unsupported(
            format!("{} of a type", create.summary()),
            "say its greatest number, with `max`: only version 11.5 and later have such types",
        ));
    }
    let has = [IfThere::Keep, IfThere::Replace];
    let head = create.if_there.create(create, dialect, "SEQUENCE", &has)?;
    standard.if_there = IfThere::Fail;
    let rest = standard.sql(dialect)?;
    Ok(rest
        .into_iter()
        .map(|it| it.sql.replacen("CREATE SEQUENCE", &head, 1).into())
        .collect())
}

/// <https://mariadb.com/kb/en/alter-sequence/>
fn alter_sequence(dialect: &Mysql, alter: &AlterSequence) -> Result<Vec<Statement>> {
    without_sequences(dialect, alter)?;
    if alter.owned_by.is_some() {
        return Err(owned(dialect, alter));
    }
    if alter.ty.is_some() && !dialect.can.sequence_types {
        return Err(dialect.unsupported(
            format!("{} to another type", alter.summary()),
            "say its greatest number, with `max`: only version 11.5 and later have such types",
        ));
    }
    let ends = alter.cycle == Some(false);
    let mut standard = alter.clone();
    if ends {
        standard.cycle = None;
    }
    // The ends that are put back by these words are those of an ascending one.
    if alter.increment.is_some_and(|it| it < 0) && alter.ty.is_none() {
        let usual = definitions::ends(true);
        standard.min = standard.min.map(|it| it.or(Some(usual.0)));
        standard.max = standard.max.map(|it| it.or(Some(usual.1)));
    }
    let nothing_else = AlterSequence::new(alter.name.clone());
    if ends && standard == nothing_else {
        return one(format!(
            "ALTER SEQUENCE {} NOCYCLE",
            dialect.qualified(&alter.name)?
        ));
    }
    let mut statements = standard.sql(dialect)?;
    // It is one word here.
    for it in statements.iter_mut().filter(|_| ends) {
        it.sql += " NOCYCLE";
    }
    Ok(statements)
}

/// Views and sequences are renamed as tables are.
fn rename(dialect: &Mysql, from: &QualifiedName, to: &QualifiedName) -> Result<Vec<Statement>> {
    let (from, to) = (dialect.qualified(from)?, dialect.qualified(to)?);
    one(format!("RENAME TABLE {from} TO {to}"))
}

/// <https://dev.mysql.com/doc/refman/8.4/en/create-view.html>
pub(super) fn create_view(dialect: &Mysql, create: &CreateView) -> Result<Vec<Statement>> {
    let it = &create.view;
    let refused = |what: &str, instead: &str| {
        let operation = format!("{}{what}", create.summary());
        Err(dialect.unsupported(operation, instead))
    };
    if it.materialized {
        return refused("", nothing_like(&Object::materialized_view("")));
    }
    if it.no_data || it.tablespace.is_some() {
        return refused(
            " that keeps its rows in a place",
            "leave out where, and whether, its rows are kept",
        );
    }
    let mut kind = String::new();
    // In the order of their names they stand as they must.
    for (option, value) in &it.options {
        kind += &match (option.as_str(), value.to_ascii_lowercase().as_str()) {
            ("algorithm", "merge" | "temptable" | "undefined") => {
                format!("ALGORITHM = {} ", value.to_ascii_uppercase())
            }
            ("definer", _) => format!("DEFINER = {value} "),
            ("security_invoker", "true") => "SQL SECURITY INVOKER ".into(),
            ("security_invoker", "false") => "SQL SECURITY DEFINER ".into(),
            _ => return refused(&format!(" with the option {option}"), "leave it out"),
        };
    }
    kind += "VIEW";
    let has: &[IfThere] = match dialect.can.keep_views {
        true => &[IfThere::Replace, IfThere::Keep],
        false => &[IfThere::Replace],
    };
    let head = create.if_there.create(create, dialect, &kind, has)?;
    let name = dialect.qualified(&it.name)?;
    let mut text = sql::view_tail(dialect, &name, &it.columns, &it.query.written)?;
    if let Some(check) = it.check {
        text = format!("{}\nWITH {} CHECK OPTION", text.trim_end(), check.sql());
    }
    one(format!("{head} {text}"))
}

/// <https://dev.mysql.com/doc/refman/8.4/en/create-procedure.html>
fn create_function(dialect: &Mysql, create: &CreateFunction) -> Result<Vec<Statement>> {
    let it = &create.function;
    if let Some(language) = it
        .language
        .as_ref()
        .filter(|it| !it.eq_ignore_ascii_case("sql"))
    {
        return Err(dialect.unsupported(
            format!("{} in {language}", create.summary()),
            "write its body in SQL",
        ));
    }
    let kind = match it.procedure {
        true => "PROCEDURE",
        false => "FUNCTION",
    };
    let name = dialect.qualified(&it.name)?;
    let mut statements = Vec::new();
    let mut if_there = create.if_there;
    if if_there == IfThere::Replace && !dialect.can.replace_code {
        statements.push(format!("DROP {kind} IF EXISTS {name}").into());
        if_there = IfThere::Fail;
    }
    // MariaDB: what a function is, stands among its attributes here, and before its name there.
    let aggregates = |it: &&String| it.eq_ignore_ascii_case("aggregate");
    let kind = match it.attributes.iter().any(|it| aggregates(&it)) {
        true => format!("AGGREGATE {kind}"),
        false => kind.to_string(),
    };
    let head = if_there.create(create, dialect, &kind, &[IfThere::Replace])?;
    let mut text = format!("{head} {name}({})", it.arguments);
    if let Some(returns) = &it.returns {
        text += &format!("\nRETURNS {returns}");
    }
    for attribute in it.attributes.iter().filter(|it| !aggregates(it)) {
        text += &format!("\n{attribute}");
    }
    text += &format!("\n{}", sql::query(&it.body.as_str().into()).trim_end());
    statements.push(text.into());
    Ok(statements)
}

/// A trigger is in the database of its table (<https://dev.mysql.com/doc/refman/8.4/en/create-trigger.html>).
fn create_trigger(dialect: &Mysql, create: &CreateTrigger) -> Result<Vec<Statement>> {
    let it = &create.trigger;
    let Some(body) = &it.body else {
        return Err(create.refused(
            dialect,
            "that calls a function",
            "say what it does with `body`, as the statements between BEGIN and END",
        ));
    };
    refuse_foreign_parts(dialect, create)?;
    let mut has = Vec::new();
    if dialect.can.keep_triggers {
        has.push(IfThere::Keep);
    }
    if dialect.can.replace_code {
        has.push(IfThere::Replace);
    }
    let head = create.if_there.create(create, dialect, "TRIGGER", &has)?;
    let name = dialect.qualified(&it.table.renamed(it.name.clone()))?;
    let events = sql::trigger_events(dialect, it)?;
    let table = dialect.qualified(&it.table)?;
    let body = sql::query(&body.as_str().into());
    one(format!(
        "{head} {name}\n{events} ON {table}\nFOR EACH ROW\nBEGIN\n{body};\nEND"
    ))
}

fn refuse_foreign_parts(dialect: &Mysql, create: &CreateTrigger) -> Result<()> {
    let it = &create.trigger;
    let some_columns = |it: &TriggerEvent| matches!(it, TriggerEvent::Update(of) if !of.is_empty());
    let (what, instead) = if it.timing == Timing::InsteadOf {
        (
            "that fires instead of the event",
            "write to the tables below the view",
        )
    } else if it.events.len() != 1 {
        ("on several events", "create one for each of them")
    } else if it.events == [TriggerEvent::Truncate] {
        (
            "on TRUNCATE",
            "let it fire on DELETE, and empty the table by that",
        )
    } else if it.events.iter().any(some_columns) {
        (
            "on some columns",
            "compare OLD and NEW in its body: IF NOT OLD.a <=> NEW.a THEN ..",
        )
    } else if it.when.is_some() {
        (
            "with a condition",
            "put it into its body: IF .. THEN .. END IF",
        )
    } else if let Some(found) = create.beyond_rows() {
        found
    } else {
        return Ok(());
    };
    Err(create.refused(dialect, what, instead))
}

fn drop_object(dialect: &Mysql, drop: &DropObject) -> Result<Vec<Statement>> {
    let (kind, name) = match &drop.object {
        Object::Schema(name) => ("SCHEMA", dialect.quote(name)?),
        Object::View(name) => ("VIEW", dialect.qualified(name)?),
        Object::Sequence(name) if dialect.can.sequences => ("SEQUENCE", dialect.qualified(name)?),
        // No two of these have one name, whatever their arguments.
        Object::Function(name, _) => ("FUNCTION", dialect.qualified(name)?),
        Object::Procedure(name, _) => ("PROCEDURE", dialect.qualified(name)?),
        Object::Trigger(table, name) => {
            ("TRIGGER", dialect.qualified(&table.renamed(name.clone()))?)
        }
        Object::Table(_) | Object::Column(..) | Object::Index(_) | Object::Constraint(..) => {
            return drop.sql(dialect);
        }
        // There cannot be one, so that nothing is left to do.
        _ if drop.if_exists => return Ok(Vec::new()),
        other => return Err(dialect.unsupported(drop.summary(), nothing_like(other))),
    };
    if drop.cascade && !matches!(drop.object, Object::Schema(_)) {
        return Err(dialect.unsupported(
            format!("{} with what depends on it", drop.summary()),
            "drop what names it before it",
        ));
    }
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let sql = format!("DROP {kind} {if_exists}{name}");
    match &drop.object {
        Object::Schema(name) if !drop.cascade => {
            Ok(vec![refuse_contents(dialect, name)?.into(), sql.into()])
        }
        _ => one(sql),
    }
}

/// A database is dropped with all that is in it, which is only meant where that is said. Of what there is, `EXTRACTVALUE` alone
/// says back what it was given when it fails; of that, 32 characters are told.
fn refuse_contents(dialect: &Mysql, schema: &str) -> Result<String> {
    let name = dialect.string(schema)?;
    Ok(format!(
        "SELECT EXTRACTVALUE('', CONCAT('~not empty: ', (SELECT MIN(name) FROM (\n    \
         SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = {name}\n    \
         UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {name}\n    \
         UNION ALL SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {name}\n\
         ) AS contents)))"
    ))
}

/// Tables and routines keep a comment of their own; that of a column is part of what it is, so that all of it is said.
fn comment_on(dialect: &Mysql, op: &CommentOn, before: &Schema) -> Result<Vec<Statement>> {
    let said = op.comment.clone().unwrap_or_default();
    let comment = dialect.string(&said)?;
    let alter = |kind: &str, name: &QualifiedName| {
        one(format!(
            "ALTER {kind} {} COMMENT {comment}",
            dialect.qualified(name)?
        ))
    };
    match &op.object {
        Object::Table(table) => {
            let table = table.clone();
            let comment = op.comment.clone();
            super::alter_table::comment_table(dialect, &CommentTable { table, comment })
        }
        Object::Function(name, _) => alter("FUNCTION", name),
        Object::Procedure(name, _) => alter("PROCEDURE", name),
        Object::Schema(name) if dialect.can.schema_comments => one(format!(
            "ALTER SCHEMA {} COMMENT {comment}",
            dialect.quote(name)?
        )),
        Object::Column(table, column) => {
            let mut alter = AlterColumn::new(table.clone(), column.clone());
            alter.comment = Some(op.comment.clone());
            alter_column::statements(dialect, &alter, before)
        }
        Object::Index(index) => one(indexes::comment(dialect, op, index, before)?),
        _ => Err(dialect.unsupported(
            op.summary(),
            "say it in the comment of a table: nothing else of that kind keeps one",
        )),
    }
}
