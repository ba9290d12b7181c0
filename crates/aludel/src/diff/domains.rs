//! Domains that are made anew, because what is below them changes, and the columns that have them: these have the type below the domain
//! in the meantime.

use super::objects::replaceable;
use crate::ops::{AlterColumn, Operation};
use crate::schema::{Column, Declared, Domain, QualifiedName, Schema, Type};

/// The columns of tables that stay whose domain is made anew, as they are before.
pub(super) fn held<'s>(
    from: &'s Schema,
    to: &'s Schema,
) -> impl Iterator<Item = (&'s QualifiedName, &'s Column, &'s Domain)> {
    let remade = from.objects.domains.values().filter(|before| {
        let after = to.objects.domains.get(&before.name);
        after.is_some_and(|after| {
            let (before, after) = (
                Declared::Domain((*before).clone()),
                Declared::Domain(after.clone()),
            );
            before != after && !replaceable(&before, &after)
        })
    });
    remade.flat_map(|domain| {
        from.tables.values().flat_map(move |table| {
            let columns = table.columns.iter();
            let of_domain = columns.filter(move |it| has(it, domain));
            of_domain.map(move |it| (&table.name, it, domain))
        })
    })
}

/// Takes the domains from their columns. One that is to have its domain again gets the type that the domain will have below it.
pub(super) fn let_go(from: &Schema, to: &Schema, out: &mut Vec<Operation>) {
    for (table, column, domain) in held(from, to) {
        let after = to.objects.domains.get(&domain.name);
        let below = after.filter(|_| again(to, table, column, domain).is_some());
        let mut change = AlterColumn::new(table.clone(), column.name.clone());
        change.ty = Some(below.unwrap_or(domain).ty.written.clone());
        // A value of the one type is none of the other.
        if below.is_some() && column.default.is_some() {
            change.default = Some(None);
        }
        out.push(change.into());
    }
}

/// Gives the domains back.
pub(super) fn take_on(from: &Schema, to: &Schema, out: &mut Vec<Operation>) {
    for (table, column, domain) in held(from, to) {
        if let Some(again) = again(to, table, column, domain) {
            let mut change = AlterColumn::new(table.clone(), column.name.clone());
            change.ty = Some(again.ty.written.clone());
            if column.default.is_some() {
                change.default = Some(again.default.as_ref().map(|it| it.written.clone()));
            }
            out.push(change.into());
        }
    }
}

/// The column as it is to be, if it has the domain then, too.
fn again<'s>(
    to: &'s Schema,
    table: &QualifiedName,
    column: &Column,
    domain: &Domain,
) -> Option<&'s Column> {
    let after = to.tables.get(table)?.find_column(&column.name)?;
    has(after, domain).then_some(after)
}

/// Whether a column is of a domain, which its type calls by name.
fn has(column: &Column, domain: &Domain) -> bool {
    let Type::Custom(written) = &column.ty.written else {
        return false;
    };
    let said = column.ty.canonical.as_ref().unwrap_or(written);
    said.replace('"', "") == domain.name.to_string()
}
