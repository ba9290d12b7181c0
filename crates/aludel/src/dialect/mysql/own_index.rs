//! The index that comes with a foreign key, under its name, because no other serves it
//! (<https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>).
//!
//! It is nobody's in particular: of several keys on the same columns the last one gives it its name, and it goes without a word when
//! another index serves them all, unless somebody said it as an index. A table that was just inspected tells where it is. One that
//! operations were applied to in memory does not always, and then it is dropped, and said, if it is there.

use super::Mysql;
use super::drop::{Without, is_served, serves};
use crate::error::Result;
use crate::schema::{ForeignKey, Ident, Table};
use crate::sql::{Spell, column_list};

/// What is known of the index under the name of a foreign key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    There,
    Gone,
    Perhaps,
}

/// Whether the index was there under that name when the table was inspected.
fn was_there(table: &Table, name: Option<&Ident>) -> bool {
    name.is_some_and(|it| table.source.indexes.contains_key(it))
}

fn own(dialect: &Mysql, table: &Table, key: &ForeignKey) -> Own {
    let found = was_there(table, key.name.as_ref());
    if table.source.inspected {
        return if found { Own::There } else { Own::Gone };
    }
    let known = match is_served(table, key, Without::Nothing) {
        true if found => Own::Perhaps,
        true => Own::Gone,
        false => among_keys(table, key),
    };
    match known {
        // There is no word for it, and this is what comes of the order in which the keys were said.
        Own::Perhaps if !dialect.can.if_exists => match found || is_last(table, key) {
            true => Own::There,
            false => Own::Gone,
        },
        known => known,
    }
}

/// Where only foreign keys serve one: another key of these columns, or of more, may have taken the index over.
fn among_keys(table: &Table, key: &ForeignKey) -> Own {
    let mut others = table.foreign_keys().filter(|it| it.name != key.name);
    match others.any(|it| serves(&it.columns, key)) {
        true => Own::Perhaps,
        false => Own::There,
    }
}

/// Whether no other key has its index in place of that of this one, as far as the order of the keys tells: a longer one serves both,
/// and of those on the same columns one that was found with it has it, or else the last.
fn is_last(table: &Table, key: &ForeignKey) -> bool {
    let serving = table.foreign_keys().filter(|it| serves(&it.columns, key));
    let serving: Vec<&ForeignKey> = serving.collect();
    let taken = serving.iter().any(|it| {
        let other = it.name != key.name;
        other && (it.columns.len() > key.columns.len() || was_there(table, it.name.as_ref()))
    });
    !taken && serving.last().is_some_and(|it| it.name == key.name)
}

/// `DROP INDEX`, as far as the index of a foreign key that goes is there. Where it serves another key that stays, that one gets an
/// index under its own name: what is called like no foreign key would be taken for somebody's index.
pub(super) fn without(
    dialect: &Mysql,
    table: &Table,
    key: &ForeignKey,
    stays: impl Fn(&ForeignKey) -> bool,
) -> Result<Vec<String>> {
    let Some(name) = &key.name else {
        return Ok(Vec::new());
    };
    let clause = match own(dialect, table, key) {
        Own::Gone => return Ok(Vec::new()),
        Own::There => "",
        Own::Perhaps => "IF EXISTS ",
    };
    let mut parts = vec![format!("DROP INDEX {clause}{}", dialect.quote(name)?)];
    let heir = table.foreign_keys().find(|it| {
        stays(it) && serves(&key.columns, it) && !is_served(table, it, Without::Nothing)
    });
    if let Some(heir) = heir {
        parts.extend(kept(dialect, table, heir)?);
    }
    Ok(parts)
}

/// `ADD INDEX` under the name of a foreign key that stays, unless it is there.
pub(super) fn kept(dialect: &Mysql, table: &Table, key: &ForeignKey) -> Result<Option<String>> {
    let there = was_there(table, key.name.as_ref());
    if there && table.source.inspected {
        return Ok(None);
    }
    let name = match &key.name {
        Some(name) => dialect.quote(name)?,
        None => String::new(),
    };
    let unsure = !table.source.inspected && among_keys(table, key) == Own::Perhaps;
    let clause = match there || unsure {
        // What was found may have gone since.
        true if dialect.can.if_exists => "IF NOT EXISTS ",
        true if there => return Ok(None),
        _ => "",
    };
    let columns = column_list(dialect, &key.columns)?;
    Ok(Some(format!("ADD INDEX {clause}{name} {columns}")))
}
