//! What a diff says, as PostgreSQL wants it said: a type that values do not reach by themselves comes with an expression, and the
//! sequence of a `serial` column is made and dropped with the default that needs it.

use super::canonical::TOAST;
use super::{Postgres, conversion, serial};
use crate::ops::{
    AlterColumn, AlterSequence, CreateSequence, DropObject, Execute, IfThere, Operation,
};
use crate::schema::{Column, Object, QualifiedName, Schema, Sequence, Type};
use crate::sql::Spell;

pub(super) fn refine(
    dialect: &Postgres,
    from: &Schema,
    to: &Schema,
    operations: Vec<Operation>,
) -> Vec<Operation> {
    let mut out = Vec::new();
    let mut last = Vec::new();
    for operation in operations {
        match operation {
            // There is a place for long values as soon as there is a column for them.
            Operation::SetTableOptions(it)
                if it.parameters.keys().any(|it| it.starts_with(TOAST)) =>
            {
                last.push(it.into());
            }
            Operation::AlterColumn(alter) => {
                let before = column(from, &alter);
                let after = column(to, &alter);
                match before.zip(after) {
                    Some((before, after)) => {
                        around(dialect, alter, before, after, (from, to), &mut out)
                    }
                    None => out.push(alter.into()),
                }
            }
            Operation::CreateTable(mut create) => {
                let table = create.table.name.clone();
                let written = |it: &&mut Column| alone_again(to, &table, it).is_none();
                for column in create.table.columns.iter_mut().filter(written) {
                    *column = serial::as_written(&table, column);
                }
                let alone = create.table.columns.iter();
                let alone = alone.filter_map(|it| alone_again(to, &table, it));
                let alone: Vec<Operation> = alone.collect();
                out.push(create.into());
                out.extend(alone);
            }
            Operation::AddColumn(mut add) => {
                let alone = alone_again(to, &add.table, &add.column);
                if alone.is_none() {
                    add.column = serial::as_written(&add.table, &add.column);
                }
                out.push(add.into());
                out.extend(alone);
            }
            other => out.push(other),
        }
    }
    out.extend(last);
    out
}

/// A sequence that is declared on its own is not the column's that takes numbers from it, though it has the name that `serial` would give
/// it: statements that create such a column make it the column's.
fn alone_again(to: &Schema, table: &QualifiedName, column: &Column) -> Option<Operation> {
    serial::sequence(table, column)?;
    let name = serial::sequence_name(table, &column.name);
    let declared = to.objects.sequences.get(&name)?;
    let mut alter = AlterSequence::new(name);
    alter.owned_by = Some(declared.owned_by.clone());
    Some(alter.into())
}

fn column<'s>(schema: &'s Schema, alter: &AlterColumn) -> Option<&'s Column> {
    schema.tables.get(&alter.table)?.find_column(&alter.column)
}

fn around(
    dialect: &Postgres,
    mut alter: AlterColumn,
    before: &Column,
    after: &Column,
    (from, to): (&Schema, &Schema),
    out: &mut Vec<Operation>,
) {
    if alter.ty.is_some() && alter.using.is_none() {
        let (below, under) = (base(from, before), base(to, after));
        alter.using = using(dialect, &below, &under).map(Into::into);
    }
    let is_known =
        |schema: &Schema, name: &QualifiedName| schema.objects.sequences.contains_key(name);
    let table = alter.table.clone();
    let own = |column: &Column| {
        serial::sequence(&table, column).map(|_| serial::sequence_name(&table, &column.name))
    };
    let (was, is) = (own(before), own(after));
    let comes = is.clone().filter(|it| was.is_none() && !is_known(from, it));
    // An identity takes over the numbers of the sequence, and drops it.
    let becomes_identity = matches!(alter.identity, Some(Some(_)));
    let goes = was.filter(|it| is.is_none() && !is_known(to, it) && !becomes_identity);
    if let Some(name) = &comes {
        out.push(create(name, &table, after));
        out.extend(go_on(dialect, name, &table, after));
    }
    out.push(alter.into());
    if let Some(name) = goes {
        let object = Object::sequence(name);
        out.push(
            DropObject {
                object,
                if_exists: false,
                cascade: false,
            }
            .into(),
        );
    }
}

/// A column of a domain as one of the type below it, from and to which its values are cast.
fn base(schema: &Schema, column: &Column) -> Column {
    let mut column = column.clone();
    if let Type::Custom(text) = &column.ty.written {
        let mut domains = schema.objects.domains.values();
        let of = domains.find(|it| is_named(text, &it.name));
        column.ty = of.map_or_else(|| column.ty.clone(), |it| it.ty.clone());
    }
    column
}

fn is_named(text: &str, name: &QualifiedName) -> bool {
    let quoted = super::words::quote(&name.name);
    text == quoted || text.ends_with(&format!(".{quoted}"))
}

/// Types of the same name are one with another size. An enum type gets its values by way of text whenever it is spelled.
fn using(dialect: &Postgres, before: &Column, after: &Column) -> Option<String> {
    if after.ty.written.as_enum().is_some() {
        return None;
    }
    let from = match &before.ty.written {
        Type::Enum(_) => return via_text(dialect, after),
        _ => before.ty.canonical.as_ref()?,
    };
    let column = dialect.quote(&after.name).ok()?;
    conversion::using(&column, from, after.ty.canonical.as_ref()?)
}

/// A value of an enum type is a text like any other.
fn via_text(dialect: &Postgres, after: &Column) -> Option<String> {
    let column = dialect.quote(&after.name).ok()?;
    let to = after.ty.canonical.as_ref()?;
    let cast = conversion::using(&column, "text", to)?;
    let rest = cast.strip_prefix(&column)?;
    Some(format!("{column}::text{rest}"))
}

/// The sequence of a column that becomes `serial`.
fn create(name: &QualifiedName, table: &QualifiedName, column: &Column) -> Operation {
    let ty = match column.ty.canonical.as_deref() {
        Some("smallint") => Some(Type::SmallInteger),
        Some("integer") => Some(Type::Integer),
        _ => None,
    };
    let sequence = Sequence {
        ty,
        ..Sequence::new(name.clone()).owned_by(table.clone(), column.name.clone())
    };
    CreateSequence {
        sequence,
        if_there: IfThere::Fail,
    }
    .into()
}

/// Sets it behind the numbers that are there.
fn go_on(
    dialect: &Postgres,
    name: &QualifiedName,
    table: &QualifiedName,
    column: &Column,
) -> Option<Operation> {
    let sequence = dialect.string(&dialect.qualified(name).ok()?).ok()?;
    let table = dialect.qualified(table).ok()?;
    let column = dialect.quote(&column.name).ok()?;
    let sql =
        format!("SELECT setval({sequence}, max({column})) FROM {table} HAVING max({column}) >= 1");
    Some(Execute { sql }.into())
}
