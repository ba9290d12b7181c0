//! Changes of an enum type, which is a check on each column that has it: on all of them at once.

use super::Sqlite;
use super::ddl::rebuild_error;
use super::text::significant;
use crate::error::Result;
use crate::ops::{AlterEnum, Op as _, Operation, RenameEnumValue, RenameObject};
use crate::schema::{
    Column, Constraint, Expr, Ident, IndexKey, Object, QualifiedName, Schema, Table,
};
use crate::sql::Spell;
use crate::sql::split::TokenKind;

/// Applies an operation to every type of that name: the type has the name of the database that its tables are in, whatever
/// schema the revision says.
pub(super) fn apply(operation: &Operation, before: &Schema, after: &mut Schema) -> Result<()> {
    match operation {
        Operation::AlterEnum(it) => {
            for name in named(before, &it.from.name) {
                let mut alter = AlterEnum::clone(it);
                alter.from.name = name;
                alter.apply(after)?;
            }
        }
        Operation::RenameEnumValue(it) => {
            for name in named(before, &it.name) {
                let it = it.clone();
                RenameEnumValue { name, ..it }.apply(after)?;
            }
        }
        Operation::RenameObject(it) => {
            for name in it
                .object
                .qualified()
                .into_iter()
                .flat_map(|it| named(before, it))
            {
                let object = Object::Type(name);
                let to = it.to.clone();
                RenameObject { object, to }.apply(after)?;
            }
        }
        other => other.apply(after)?,
    }
    Ok(())
}

fn named(before: &Schema, name: &QualifiedName) -> Vec<QualifiedName> {
    let names = before.enums.keys().filter(|it| it.name == name.name);
    names.cloned().collect()
}

/// How the columns of a type come to their values when one of these is renamed.
pub(super) fn conversions(
    spell: &Sqlite,
    rename: &RenameEnumValue,
    table: &Table,
) -> Result<Vec<(Ident, Expr)>> {
    let has_it = |it: &&Column| {
        let ty = it.ty.written.as_enum();
        ty.is_some_and(|ty| ty.name.name == rename.name.name)
    };
    let (from, to) = (spell.string(&rename.from)?, spell.string(&rename.to)?);
    let mut conversions = Vec::new();
    for column in table.columns.iter().filter(has_it) {
        let name = spell.quote(&column.name)?;
        let expr = format!("CASE WHEN {name} = {from} THEN {to} ELSE {name} END");
        conversions.push((column.name.clone(), expr.into()));
    }
    if !conversions.is_empty() {
        refuse_mentions(table, rename, &from)?;
    }
    Ok(conversions)
}

/// An expression that compares with the value would be true of no row from then on. A default that is the value follows it.
fn refuse_mentions(table: &Table, rename: &RenameEnumValue, value: &str) -> Result<()> {
    let checks = table.constraints.iter().filter_map(|it| match it {
        Constraint::Check(check) => Some(("check", check.name.clone(), &check.expr.written)),
        _ => None,
    });
    let indexes = table.indexes.iter().flat_map(|index| {
        let keys = index.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Expr(expr) => Some(&expr.written),
            IndexKey::Column(_) => None,
        });
        let texts = keys.chain(index.predicate.iter().map(|it| &it.written));
        texts.map(|it| ("index", Some(index.name.clone()), it))
    });
    let columns = table.columns.iter().filter_map(|column| {
        let generated = column.generated.as_ref()?;
        Some(("column", Some(column.name.clone()), &generated.expr.written))
    });
    let defaults = table.columns.iter().filter_map(|column| {
        let default = &column.default.as_ref()?.written;
        let follows = rename.renamed_default(default).is_some();
        (!follows).then(|| ("default of", Some(column.name.clone()), default))
    });
    let own = checks.chain(indexes).chain(columns).chain(defaults);
    let own = own.map(|(kind, name, it)| (kind, name, it.as_str()));
    let source = &table.source;
    let code = source.triggers.iter().chain(&source.dependents);
    let code = code.map(|it| (it.kind, Some(it.name.clone()), it.sql.as_str()));
    for (kind, name, sql) in own.chain(code) {
        if says(sql, value) {
            return Err(refused(&table.name, kind, name, value));
        }
    }
    Ok(())
}

fn refused(
    table: &QualifiedName,
    kind: &str,
    name: Option<Ident>,
    value: &str,
) -> crate::error::Error {
    let which = match name {
        Some(name) => format!("the {kind} `{name}`"),
        None => format!("a {kind}"),
    };
    rebuild_error(
        table,
        format!("{which} names {value}: drop it first, and create it anew with the new value"),
    )
}

/// Whether a literal stands in a text; one that cannot be read may have it anywhere.
fn says(sql: &str, literal: &str) -> bool {
    match significant(sql) {
        Ok(tokens) => tokens
            .iter()
            .any(|it| it.kind == TokenKind::String && &sql[it.start..it.end] == literal),
        Err(_) => sql.contains(literal),
    }
}
