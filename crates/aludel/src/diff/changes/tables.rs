//! What differs between the tables of two schemas.

use super::words::keys;
use super::{Change, Thing, Value, Verb, pairs, verb};
use crate::diff::{column::same_type, family::Family, matching::match_constraints};
use crate::schema::{Column, Constraint, Index, QualifiedName, Schema, Table, TableOptions};
use std::collections::BTreeMap;

pub(super) fn changes(from: &Schema, to: &Schema, out: &mut Vec<Change>) {
    for (name, before, after) in pairs(&from.tables, &to.tables) {
        match (before, after) {
            (Some(before), Some(after)) => within((from, before), (to, after), out),
            (None, Some(after)) => {
                out.push(Change::of_table(Verb::Add, Thing::Table, name));
                let indexes = after.indexes.iter();
                out.extend(indexes.map(|it| index(Verb::Add, name, it)));
            }
            (Some(before), None) => {
                let indexes = before.indexes.iter();
                out.extend(indexes.map(|it| index(Verb::Remove, name, it)));
                out.push(Change::of_table(Verb::Remove, Thing::Table, name));
            }
            (None, None) => {}
        }
    }
}

/// Each with the schema that it is in. What a table has from others is told of these.
fn within(
    (from, before): (&Schema, &Table),
    (to, after): (&Schema, &Table),
    out: &mut Vec<Change>,
) {
    let table = &after.name;
    let family = Family::new((from, before), (to, after));
    let column = |verb, it: &Column| Change::of_table(verb, Thing::Column, table).named(&it.name);
    for new in &after.columns {
        match before.find_column(&new.name) {
            Some(old) => of_column(table, old, new, out),
            None if family.lets_come(&new.name) => out.push(column(Verb::Add, new)),
            None => {}
        }
    }
    let gone = before
        .columns
        .iter()
        .filter(|it| !after.has_column(&it.name) && family.lets_go(&it.name));
    out.extend(gone.map(|it| column(Verb::Remove, it)));

    let matched = match_constraints(before, after, &family, &[]);
    out.extend(
        matched
            .gone
            .into_iter()
            .map(|it| constraint(Verb::Remove, table, it)),
    );
    out.extend(
        matched
            .come
            .into_iter()
            .map(|it| constraint(Verb::Add, table, it)),
    );
    let held = |it: &Constraint| {
        let text = |it: &str| Value::Text(it.to_string());
        constraint(Verb::Modify, table, it).values(text("not valid"), text("valid"))
    };
    out.extend(matched.unchecked.into_iter().map(held));

    let other =
        |it: &&Index, of: &Table| of.find_index(&it.name) != Some(it) && !family.takes_over(it);
    let gone = before.indexes.iter().filter(|it| other(it, after));
    out.extend(gone.map(|it| index(Verb::Remove, table, it)));
    let come = after.indexes.iter().filter(|it| other(it, before));
    out.extend(come.map(|it| index(Verb::Add, table, it)));

    options(table, &before.options, &after.options, out);
    if let Some(verb) = verb(before.comment.as_ref(), after.comment.as_ref()) {
        let change = Change::of_table(verb, Thing::Comment, table);
        out.push(match verb {
            Verb::Modify => change.values(before.comment.as_ref(), after.comment.as_ref()),
            _ => change,
        });
    }
}

/// What differs in a column: everything that is told of one, in the order in which it is declared.
fn of_column(table: &QualifiedName, old: &Column, new: &Column, out: &mut Vec<Change>) {
    let mut tell = |thing, differs: bool, from: Value, to: Value| {
        if differs {
            let change = Change::of_table(Verb::Modify, thing, table).named(&new.name);
            out.push(change.values(from, to));
        }
    };
    tell(
        Thing::Type,
        !same_type(old, new),
        (&old.ty).into(),
        (&new.ty).into(),
    );
    /// Compares one field of both, and tells it if it differs.
    macro_rules! fields {
        ($($field:ident $(. $as:ident)? = $thing:ident,)+) => {$(
            tell(
                Thing::$thing,
                old.$field != new.$field,
                old.$field$(.$as())?.into(),
                new.$field$(.$as())?.into(),
            );
        )+};
    }
    fields! {
        nullable = Nullable,
        default.as_ref = Default,
        generated.as_ref = Generated,
        identity.as_ref = Identity,
        collation.as_ref = Collation,
        charset.as_ref = Charset,
        on_update.as_ref = OnUpdate,
        invisible = Invisible,
        not_null_on_conflict = NotNullOnConflict,
        comment.as_ref = Comment,
    }
}

fn constraint(verb: Verb, table: &QualifiedName, it: &Constraint) -> Change {
    let (sort, columns) = match it {
        Constraint::PrimaryKey(_) => ("primary_key", None),
        Constraint::Unique(_) => ("unique", None),
        Constraint::ForeignKey(_) => ("foreign_key", None),
        Constraint::Check(check) => ("check", Some(vec![super::words::expr(&check.expr)])),
        Constraint::Exclude(it) => {
            let parts = it.elements.iter().map(|it| &it.part);
            ("exclude", Some(keys(parts)))
        }
    };
    let own = || it.columns().iter().map(ToString::to_string).collect();
    Change {
        name: it.name().map(ToString::to_string),
        constraint: Some(sort),
        columns: columns.unwrap_or_else(own),
        ..Change::of_table(verb, Thing::Constraint, table)
    }
}

fn index(verb: Verb, table: &QualifiedName, it: &Index) -> Change {
    Change {
        columns: keys(&it.parts),
        ..Change::of_table(verb, Thing::Index, table).named(&it.name)
    }
}

fn options(
    table: &QualifiedName,
    before: &TableOptions,
    after: &TableOptions,
    out: &mut Vec<Change>,
) {
    for (name, old, new) in pairs(&said(before), &said(after)) {
        let Some(verb) = verb(old, new) else { continue };
        let change = Change::of_table(verb, Thing::Option, table).named(name);
        out.push(match verb {
            Verb::Modify => change.values(old, new),
            _ => change,
        });
    }
}

/// The options that are said, as names and values.
fn said(options: &TableOptions) -> BTreeMap<String, String> {
    let flags = [
        ("strict", options.strict),
        ("without_rowid", options.without_rowid),
        ("autoincrement", options.autoincrement),
        ("temporary", options.temporary),
        ("unlogged", options.unlogged),
    ];
    let flags = flags.into_iter().filter(|(_, on)| *on);
    let partition_of = options.partition_of.as_ref();
    let partition_of = partition_of.map(|it| format!("{} {}", it.parent, it.bound.written));
    let inherits: Vec<String> = options.inherits.iter().map(ToString::to_string).collect();
    let inherits = (!inherits.is_empty()).then(|| inherits.join(", "));
    let tablespace = options.tablespace.as_ref();
    let texts = [
        (
            "partition_by",
            options.partition_by.as_ref().map(|it| it.written.clone()),
        ),
        ("partition_of", partition_of),
        ("inherits", inherits),
        ("method", options.method.clone()),
        ("on_commit", options.on_commit.clone()),
        ("tablespace", tablespace.map(ToString::to_string)),
        ("engine", options.engine.clone()),
        ("charset", options.charset.clone()),
        ("collation", options.collation.clone()),
    ];
    let texts = texts.into_iter().filter_map(|(name, it)| Some((name, it?)));
    let own = flags
        .map(|(name, _)| (name, "true".to_string()))
        .chain(texts)
        .map(|(name, value)| (name.to_string(), value));
    let free = options.parameters.iter().chain(&options.others);
    own.chain(free.map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}
