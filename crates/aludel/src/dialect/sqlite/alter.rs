//! Which operations SQLite has statements for, and which rebuild their table.

use super::rebuild::{self, Rebuild};
use super::text::{DefaultKind, bare, default_kind, same_name};
use super::types::unsupported;
use super::{Sqlite, ddl, enums, normalize, objects, refuse, rename};
use crate::dialect::Needs;
use crate::error::{Error, Result};
use crate::ops::condition::clause;
use crate::ops::drop_constraint::Dropped;
use crate::ops::{
    AddColumn, AlterColumn, CreateIndex, CreateTable, DropConstraint, DropTable, Op as _, Operation,
};
use crate::schema::{Constraint, Identity, Object, QualifiedName, Schema, Table, Type};
use crate::sql::{Spell, Statement};

/// The statements of an operation, and what they must not meet.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub statements: Vec<Statement>,
    /// A table that is rebuilt, and one that references it (it may be the same): foreign keys must be off meanwhile.
    pub referenced: Option<(QualifiedName, QualifiedName)>,
}

impl Script {
    /// Adds the rebuilding of a table; `before` holds the table that is in its way, if there is one.
    pub fn add(&mut self, rebuild: &Rebuild<'_>, before: &Schema) -> Result<()> {
        let statements = rebuild.statements()?;
        if statements.is_empty() {
            return Ok(());
        }
        let table = rebuild.before;
        let temporary = rebuild::temporary_name(&table.name);
        if before.tables.contains_key(&temporary) {
            return Err(ddl::rebuild_error(
                &table.name,
                format!(
                    "there is a table `{temporary}`, perhaps left by a run that was cut off: look at it, then drop it"
                ),
            ));
        }
        self.statements.extend(statements);
        if let Some((other, _)) = table.source.referenced_by.first() {
            self.referenced = Some((table.name.clone(), other.clone()));
        }
        Ok(())
    }
}

impl From<Vec<Statement>> for Script {
    fn from(statements: Vec<Statement>) -> Self {
        Self {
            statements,
            referenced: None,
        }
    }
}

/// The table that an operation may have to rebuild.
fn rebuilt(operation: &Operation) -> Option<&QualifiedName> {
    match operation {
        Operation::AddColumn(it) => needs_copy(it).then_some(&it.table),
        Operation::DropColumn(it) => Some(&it.table),
        Operation::AlterColumn(it) => changes_definition(it).then_some(&it.table),
        Operation::CreatePrimaryKey(it) => Some(&it.table),
        Operation::CreateUniqueConstraint(it) => Some(&it.table),
        Operation::CreateForeignKey(it) => Some(&it.table),
        Operation::CreateCheckConstraint(it) => Some(&it.table),
        Operation::CreateExclusionConstraint(it) => Some(&it.table),
        Operation::DropConstraint(it) => Some(&it.table),
        Operation::RenameConstraint(it) => Some(&it.table),
        Operation::SetTableOptions(it) => it.says_sqlite().then_some(&it.table),
        _ => None,
    }
}

/// Whether an operation may rebuild a table; one that turns out to change nothing in it does not.
pub(super) fn rebuilds(operation: &Operation) -> bool {
    rebuilt(operation).is_some() || changed_enum(operation).is_some()
}

/// The enum type that an operation changes, whichever tables have columns of it.
fn changed_enum(operation: &Operation) -> Option<&QualifiedName> {
    match operation {
        Operation::AlterEnum(it) => Some(&it.from.name),
        Operation::RenameEnumValue(it) => Some(&it.name),
        Operation::RenameObject(it) => match &it.object {
            Object::Type(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn needs(operation: &Operation) -> Needs {
    let mut tables = match operation {
        Operation::AddColumn(it) => vec![it.table.clone()],
        Operation::DropTable(it) => vec![it.table.clone()],
        Operation::RenameIndex(it) => vec![it.table.clone()],
        Operation::CreateForeignKey(it) => vec![it.table.clone(), it.key.references.clone()],
        // Which tables have columns of the type is not said.
        other if changed_enum(other).is_some() => return Needs::Everything,
        other => rebuilt(other).cloned().into_iter().collect(),
    };
    // A table that has the name that the new one is to have until the old one is gone.
    tables.extend(rebuilt(operation).map(rebuild::temporary_name));
    tables.sort();
    tables.dedup();
    match tables.is_empty() {
        true => Needs::Nothing,
        false => Needs::Tables(tables),
    }
}

/// Whether `ADD COLUMN` would be refused where the table has rows, or always
/// (<https://www.sqlite.org/lang_altertable.html#altertabaddcol>).
fn needs_copy(add: &AddColumn) -> bool {
    let column = &add.column;
    let default = column.default.as_ref();
    let computed =
        default.is_some_and(|it| default_kind(bare(it.written.as_str())) != DefaultKind::Literal);
    let stored = column.generated.as_ref().is_some_and(|it| it.stored);
    computed || stored || add.position.is_some() || add.primary_key.is_some()
}

fn changes_definition(alter: &AlterColumn) -> bool {
    let AlterColumn {
        ty,
        using,
        nullable,
        drop_expression,
        default,
        identity,
        collation,
        not_null_on_conflict,
        position,
        ..
    } = alter;
    let value = ty.is_some() || using.is_some() || identity.is_some() || collation.is_some();
    let clause = nullable.is_some() || default.is_some() || not_null_on_conflict.is_some();
    value || clause || *drop_expression || position.is_some()
}

/// The statements of an operation.
pub(super) fn script(spell: &Sqlite, operation: &Operation, before: &Schema) -> Result<Script> {
    refuse::unsaid(spell, operation)?;
    if let Some(statements) = objects::statements(spell, operation) {
        return statements.map(Script::from);
    }
    match operation {
        Operation::CreateTable(it) => create_table(spell, it).map(Script::from),
        Operation::DropTable(it) => drop_table(spell, it, before).map(Script::from),
        Operation::CreateIndex(it) => create_index(spell, it).map(Script::from),
        Operation::RenameIndex(it) => rename::index(spell, it, before).map(Script::from),
        Operation::RenameConstraint(it) => rename::constraint(spell, it, before),
        Operation::AddColumn(it) if !needs_copy(it) => {
            add_column(spell, it, before).map(Script::from)
        }
        Operation::AlterColumn(it) => alter_column(spell, it, operation, before),
        // Comments are kept nowhere, and an enum type is a check on each column that has it.
        Operation::CommentTable(_) | Operation::CreateEnum(_) | Operation::DropEnum(_) => {
            Ok(Script::default())
        }
        Operation::AlterEnum(it) if !before.enums.contains_key(&it.from.name) => {
            Ok(Script::default())
        }
        other if changed_enum(other).is_some_and(|it| !has_enum(before, it)) => {
            Ok(Script::default())
        }
        other if rebuilds(other) => rebuild_all(spell, other, before),
        other => Ok(other.sql(spell)?.into()),
    }
}

/// The type has the name of the database that its tables are in, whatever schema the revision says.
fn has_enum(before: &Schema, name: &QualifiedName) -> bool {
    before.enums.keys().any(|it| it.name == name.name)
}

fn normalize_one(spell: &Sqlite, table: &mut Table) {
    use crate::dialect::Dialect as _;
    let mut schema = Schema::default();
    schema.add_table(table.clone());
    spell.normalize(&mut schema);
    if let Some(normal) = schema.tables.remove(&table.name) {
        *table = normal;
    }
}

fn create_index(spell: &Sqlite, create: &CreateIndex) -> Result<Vec<Statement>> {
    let mut table = Table::new(create.table.clone()).index(create.index.clone());
    normalize_one(spell, &mut table);
    let clause = clause(create, spell);
    let indexes = table.indexes.iter();
    let sql = indexes.map(|it| Ok(ddl::create_index(spell, &table.name, it, clause)?.into()));
    sql.collect()
}

fn create_table(spell: &Sqlite, create: &CreateTable) -> Result<Vec<Statement>> {
    let mut table = create.table.clone();
    normalize_one(spell, &mut table);
    for (declared, normal) in create.table.columns.iter().zip(&table.columns) {
        if declared.identity.is_some() && normal.identity.is_none() {
            return Err(unsupported(
                &format!("number the rows of {} by `{}`", table.name, declared.name),
                "only a primary key of one integer column is numbered, in a table that is not WITHOUT ROWID",
            ));
        }
    }
    let clause = clause(create, spell);
    let mut statements = vec![ddl::create_table(spell, &table, clause)?.into()];
    for index in &table.indexes {
        statements.push(ddl::create_index(spell, &table.name, index, clause)?.into());
    }
    Ok(statements)
}

/// `DROP TABLE` deletes the rows first, and with them those that refer to them `ON DELETE CASCADE`: a table that others
/// reference is refused, as it is everywhere else.
fn drop_table(spell: &Sqlite, drop: &DropTable, before: &Schema) -> Result<Vec<Statement>> {
    if let Some(table) = before.tables.get(&drop.table) {
        let mut others = table.source.referenced_by.iter();
        if let Some((other, _)) = others.find(|(other, _)| *other != drop.table) {
            return Err(Error::Schema {
                operation: drop.summary(),
                reason: format!("`{other}` references it"),
            });
        }
        drop.apply(&mut before.clone())?;
    }
    drop.sql(spell)
}

fn add_column(spell: &Sqlite, add: &AddColumn, before: &Schema) -> Result<Vec<Statement>> {
    let mut place = ddl::Place::default();
    let mut column = add.column.clone();
    if let Some(table) = before.tables.get(&add.table) {
        add.apply(&mut before.clone())?;
        place.strict = table.options.strict;
    }
    column.comment = None;
    let table = spell.qualified(&add.table)?;
    let column = ddl::column(spell, &column, place, None)?;
    Ok(vec![
        format!("ALTER TABLE {table} ADD COLUMN {column}").into(),
    ])
}

/// A rename has a statement of its own, which follows the name into indexes, views and triggers; the rest is a rebuild.
fn alter_column(
    spell: &Sqlite,
    alter: &AlterColumn,
    operation: &Operation,
    before: &Schema,
) -> Result<Script> {
    let mut script = match changes_definition(alter) {
        true => rebuild_all(spell, operation, before)?,
        false => Script::default(),
    };
    if let Some(to) = &alter.rename {
        let only = AlterColumn {
            rename: Some(to.clone()),
            ..AlterColumn::new(alter.table.clone(), alter.column.clone())
        };
        script.statements.extend(only.sql(spell)?);
    }
    Ok(script)
}

/// Rebuilds every table that the operation changes.
fn rebuild_all(spell: &Sqlite, operation: &Operation, before: &Schema) -> Result<Script> {
    use crate::dialect::Dialect as _;
    let mut before = rebuild::with_definitions(spell, before)?;
    spell.normalize(&mut before);
    if let Some(ty) = changed_enum(operation) {
        normalize::fold_all_of(&mut before, &ty.name);
    }
    let mut after = before.clone();
    let mut using = Vec::new();
    match operation {
        Operation::AlterColumn(it) => {
            let expr = it.using.iter().cloned();
            using.extend(expr.map(|expr| (it.column.clone(), expr)));
            AlterColumn {
                rename: None,
                ..it.clone()
            }
            .apply(&mut after)?;
        }
        other if changed_enum(other).is_some() => enums::apply(other, &before, &mut after)?,
        Operation::DropConstraint(it) => normal_drop(spell, it).apply(&mut after)?,
        other => other.apply(&mut after)?,
    }
    spell.normalize(&mut after);
    let mut script = Script::default();
    for table in before.tables.values() {
        let Some(changed) = after.tables.get(&table.name) else {
            continue;
        };
        refuse_lost_key(operation, table, changed)?;
        refuse_numbers(operation, changed)?;
        let using = match operation {
            Operation::RenameEnumValue(it) => enums::conversions(spell, it, table)?,
            _ => using.clone(),
        };
        let rebuild = Rebuild {
            spell,
            before: table,
            after: changed,
            using: &using,
            edited: false,
        };
        script.add(&rebuild, &before)?;
    }
    Ok(script)
}

/// A constraint without a name is found by what it says, in normal form.
fn normal_drop(spell: &Sqlite, drop: &DropConstraint) -> DropConstraint {
    let mut drop = drop.clone();
    if let Dropped::Unnamed(it) = &mut drop.constraint {
        let mut table = Table::new(drop.table.clone()).constraint((**it).clone());
        normalize_one(spell, &mut table);
        if let Some(normal) = table.constraints.pop() {
            **it = normal;
        }
    }
    drop
}

/// A diff without the changes of numbers that come with a change of the key.
pub(super) fn without_numbers_of_keys(
    from: &Schema,
    to: &Schema,
    operations: Vec<Operation>,
) -> Vec<Operation> {
    let is_key = |schema: &Schema, alter: &AlterColumn| {
        let table = schema.tables.get(&alter.table);
        table.is_some_and(|it| it.is_sole_key(&alter.column))
    };
    let keep = |operation| {
        let Operation::AlterColumn(mut alter) = operation else {
            return Some(operation);
        };
        if is_key(from, &alter) != is_key(to, &alter) {
            alter.identity = None;
        }
        let nothing = AlterColumn::new(alter.table.clone(), alter.column.clone());
        (alter != nothing).then(|| alter.into())
    };
    operations.into_iter().filter_map(keep).collect()
}

/// A diff in which an integer key gets its type once more when its table does without rowids: before that, a column that is the whole
/// key is of the type `INTEGER`, whatever integers it is to hold.
pub(super) fn with_types_of_keys(to: &Schema, operations: Vec<Operation>) -> Vec<Operation> {
    let mut all = Vec::new();
    for operation in operations {
        let typed = match &operation {
            Operation::SetTableOptions(it) if it.without_rowid == Some(true) => {
                to.tables.get(&it.table).and_then(type_of_key)
            }
            _ => None,
        };
        all.push(operation);
        all.extend(typed);
    }
    all
}

/// What gives a column its type that is an integer, the whole key, and no `INTEGER`.
fn type_of_key(table: &Table) -> Option<Operation> {
    let mut columns = table.columns.iter();
    let key = columns.find(|it| table.is_sole_key(&it.name))?;
    let ty = &key.ty.written;
    let other = ty.is_integer() && *ty != Type::Integer;
    other.then(|| {
        let mut alter = AlterColumn::new(table.name.clone(), key.name.clone());
        alter.ty = Some(ty.clone());
        alter.into()
    })
}

/// Only an integer primary key is numbered. It always is: that it is to be numbered no longer changes nothing.
fn refuse_numbers(operation: &Operation, after: &Table) -> Result<()> {
    if let Operation::AddColumn(add) = operation {
        let column = after.find_column(&add.column.name);
        let numbered = column.is_some_and(|it| it.identity.is_some());
        return match add.column.identity.is_some() && !numbered {
            true => Err(unsupported(
                &format!("{} that is numbered", operation.summary()),
                "only a primary key of one integer column is numbered, in a table that is not WITHOUT ROWID",
            )),
            false => Ok(()),
        };
    }
    let Operation::AlterColumn(alter) = operation else {
        return Ok(());
    };
    let column = after.find_column(&alter.column);
    let numbered = column.is_some_and(|it| it.identity.is_some());
    let Some(Some(wanted)) = &alter.identity else {
        return Ok(());
    };
    let possible = numbered && *wanted == Identity::BY_DEFAULT;
    match !possible && after.name == alter.table {
        true => Err(unsupported(
            &format!("{} into a numbered one", operation.summary()),
            "only a primary key of one integer column is numbered, from 1 by one: change the primary key, `Identity::BY_DEFAULT`",
        )),
        false => Ok(()),
    }
}

/// A foreign key needs a unique key to point to: without it, every change of either table would fail.
fn refuse_lost_key(operation: &Operation, before: &Table, after: &Table) -> Result<()> {
    for (other, key) in &before.source.referenced_by {
        let dropped = |it: &&crate::schema::Ident| before.has_column(it) && !after.has_column(it);
        let lost_column = key.referred.iter().find(dropped).is_some();
        let lost_key = !key.referred.is_empty() && is_key(before, key) && !is_key(after, key);
        let own = *other == before.name && key.columns.iter().any(|it| !after.has_column(it));
        if (lost_column || lost_key) && !own {
            return Err(Error::Schema {
                operation: operation.summary(),
                reason: format!("`{other}` references it"),
            });
        }
    }
    Ok(())
}

fn is_key(table: &Table, key: &crate::schema::ForeignKey) -> bool {
    let covers = |columns: &[crate::schema::Ident]| {
        columns.len() == key.referred.len()
            && key
                .referred
                .iter()
                .all(|it| columns.iter().any(|column| same_name(column, it)))
    };
    let constraints = table.constraints.iter().any(|it| match it {
        Constraint::PrimaryKey(it) => covers(&it.columns),
        Constraint::Unique(it) => covers(&it.columns),
        _ => false,
    });
    let mut indexes = table
        .indexes
        .iter()
        .filter(|it| it.unique && it.predicate.is_none());
    constraints
        || indexes.any(|index| {
            let columns = index.parts.iter().map(|it| it.as_column().cloned());
            columns
                .collect::<Option<Vec<_>>>()
                .is_some_and(|it| covers(&it))
        })
}
