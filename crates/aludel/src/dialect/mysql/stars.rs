//! Views that say `SELECT *`. The database writes down the columns that this means when the view is made, and the view keeps them
//! when its table gets others: so that one which is the same today has to be made anew with the change of its table.

use super::{text, tokens};
use crate::schema::{Column, Ident, Objects, QualifiedName, Schema, Table};
use std::collections::BTreeSet;

/// The tables that are to have other columns. Their order is not compared.
pub(super) fn changed_tables(schema: &Schema, live: &Schema) -> BTreeSet<QualifiedName> {
    let changed = both(schema, live).filter(|(table, there)| {
        let names = |it: &Table| it.columns.iter().map(|it| it.name.clone()).collect();
        let (mine, theirs): (BTreeSet<Ident>, BTreeSet<Ident>) = (names(table), names(there));
        mine != theirs
    });
    changed.map(|it| it.0.name.clone()).collect()
}

/// Whether a table has its columns in another order than the models: what went and came again stands last. A view of all of them
/// may then have them in another order than it would have if it were made today.
pub(super) fn is_reordered(schema: &Schema, live: &Schema) -> bool {
    both(schema, live).any(|(table, there)| {
        let has = |it: &&Column| table.has_column(&it.name);
        let has_too = |it: &&Column| there.has_column(&it.name);
        let mine = table.columns.iter().filter(has_too).map(|it| &it.name);
        !mine.eq(there.columns.iter().filter(has).map(|it| &it.name))
    })
}

fn both<'s>(schema: &'s Schema, live: &'s Schema) -> impl Iterator<Item = (&'s Table, &'s Table)> {
    let tables = schema.tables.values();
    tables.filter_map(|it| Some((it, live.tables.get(&it.name)?)))
}

/// A query without the order of its columns; none if it is of another form than the database's own.
pub(super) fn without_order(echo: &str) -> Option<(Vec<String>, String)> {
    let list = echo.strip_prefix("select ")?;
    let tokens = text::significant(list)?;
    let mut depth = 0;
    let from = tokens.iter().find(|it| {
        match it.text(list) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0 && it.text(list).eq_ignore_ascii_case("from")
    })?;
    let mut columns = text::split_commas(&list[..from.start]);
    columns.sort();
    Some((columns, list[from.start..].to_string()))
}

/// Of the views that are the same, those that stay so: no table or view of which they have all columns is to change.
pub(super) fn kept(
    declared: &Objects,
    mut same: BTreeSet<QualifiedName>,
    changed: BTreeSet<QualifiedName>,
) -> BTreeSet<QualifiedName> {
    let views = declared.views.keys();
    let mut changed: BTreeSet<Ident> = views
        .filter(|it| !same.contains(it))
        .chain(&changed)
        .map(|it| it.name.clone())
        .collect();
    loop {
        let follows = |name: &&QualifiedName| {
            let view = declared.views.get(name);
            let names = view.and_then(|it| tokens::names_with_star(it.query.written.as_str()));
            names.is_some_and(|names| changed.iter().any(|it| names.contains(it.as_str())))
        };
        let following: Vec<QualifiedName> = same.iter().filter(follows).cloned().collect();
        if following.is_empty() {
            return same;
        }
        for name in following {
            changed.insert(name.name.clone());
            same.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_without_their_order() {
        let read = |sql| without_order(sql).unwrap();
        assert_eq!(
            read("select `t`.`b` AS `b`,if(`t`.`a`,(select 1 from `u`),2) AS `a` from `t` where 1"),
            read("select if(`t`.`a`,(select 1 from `u`),2) AS `a`,`t`.`b` AS `b` from `t` where 1")
        );
        assert_ne!(
            read("select 1 AS `a` from `t`"),
            read("select 1 AS `a` from `u`")
        );
        assert_eq!(without_order("with c as (select 1) select 2"), None);
    }
}
