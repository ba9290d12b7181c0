//! What the tables of both sides are made of, as far as the project leaves it alone or has its own word on it: that is taken over from
//! the database.

use super::Options;
use crate::db::Kind;
use crate::diff::same_constraint;
use crate::env::autogenerate::{Candidate, ColumnPair, Origin, Part};
use crate::ops::drop_column::mentions;
use crate::schema::{Column, Constraint, Ident, Index, IndexKey, Schema, Spelled, Table};

/// What is not to be compared is taken over from the database; what differs by the project's own word is made to differ. Answers what
/// was left out.
pub(super) fn overlook(
    model: &mut Schema,
    live: &mut Schema,
    options: &Options,
    kind: Kind,
) -> Vec<String> {
    let mut left_out = Vec::new();
    for table in model.tables.values_mut() {
        let mut there = live.tables.get_mut(&table.name);
        if options.project.filters() {
            left_out.extend(include(table, there.as_deref(), options));
        }
        let Some(there) = &mut there else {
            continue;
        };
        switched_off(table, there, options);
        let name = table.name.clone();
        for column in &mut table.columns {
            let Some(there) = there.find_column_mut(&column.name) else {
                continue;
            };
            let pair = ColumnPair {
                kind,
                table: &name,
                database: &*there,
                model: &*column,
            };
            let project = &options.project;
            let ty = options.compare_type.then(|| project.type_differs(&pair));
            let default = options.compare_server_default;
            let default = default.then(|| project.server_default_differs(&pair));
            match ty {
                None | Some(Some(false)) => column.ty = there.ty.clone(),
                Some(Some(true)) => differ(&mut column.ty, &mut there.ty),
                Some(None) => {}
            }
            match default {
                None | Some(Some(false)) => column.default.clone_from(&there.default),
                Some(Some(true)) => {
                    if let (Some(mine), Some(theirs)) = (&mut column.default, &mut there.default) {
                        differ(mine, theirs);
                    }
                }
                Some(None) => {}
            }
        }
    }
    if !options.compare_comment {
        model.objects.comments.clone_from(&live.objects.comments);
    }
    for line in &left_out {
        tracing::debug!(target: "aludel::autogenerate", "Left alone: {line}");
    }
    left_out
}

/// Two that are the same to the database, and not to the project.
fn differ<T: PartialEq>(mine: &mut Spelled<T>, theirs: &mut Spelled<T>) {
    if mine == theirs {
        // Statements are made of it, to which a space is nothing.
        let text = mine.canonical.clone().unwrap_or_default();
        theirs.canonical = Some(format!("{text} "));
        mine.canonical = Some(text);
    }
}

/// Takes over the kinds that are not compared.
fn switched_off(table: &mut Table, there: &Table, options: &Options) {
    if !options.compare_comment {
        table.comment.clone_from(&there.comment);
        for column in &mut table.columns {
            if let Some(there) = there.find_column(&column.name) {
                column.comment.clone_from(&there.comment);
            }
        }
        for index in &mut table.indexes {
            if let Some(there) = there.find_index(&index.name) {
                index.comment.clone_from(&there.comment);
            }
        }
    }
    let is_off = |it: &Constraint| match it {
        Constraint::Check(_) => !options.compare_checks,
        Constraint::ForeignKey(_) => !options.compare_foreign_keys,
        Constraint::Unique(_) => !options.compare_uniques,
        Constraint::PrimaryKey(_) | Constraint::Exclude(_) => false,
    };
    let kept = there.constraints.iter().filter(|it| is_off(it));
    let kept = kept.filter(|it| !constraint_names_gone(it, table, there));
    let kept: Vec<Constraint> = kept.cloned().collect();
    table.constraints.retain(|it| !is_off(it));
    table.constraints.extend(kept);
    if !options.compare_indexes {
        let kept = there.indexes.iter();
        let kept = kept.filter(|it| !index_names_gone(it, table, there));
        table.indexes = kept.cloned().collect();
    }
}

/// Asks the project about each thing that a table is made of.
fn include(table: &mut Table, there: Option<&Table>, options: &Options) -> Vec<String> {
    let mut asking = Asking {
        options,
        left_out: Vec::new(),
    };
    let whole = table.clone();
    asking.columns(table, &whole, there);
    asking.constraints(table, &whole, there);
    asking.indexes(table, &whole, there);
    asking.left_out
}

struct Asking<'o> {
    options: &'o Options,
    left_out: Vec<String>,
}

impl Asking<'_> {
    /// Whether something is left alone.
    fn leaves(&mut self, part: Part<'_>, origin: Origin, counterpart: Option<Part<'_>>) -> bool {
        let included = self.options.project.includes(&Candidate {
            part,
            origin,
            counterpart,
        });
        if !included {
            self.left_out.push(part.to_string());
        }
        !included
    }

    /// A column that only the model has goes with what is made of it; one that only the database has comes with that.
    fn columns(&mut self, table: &mut Table, whole: &Table, there: Option<&Table>) {
        for column in &whole.columns {
            let counterpart = there.and_then(|it| Some((it, it.find_column(&column.name)?)));
            let part = counterpart.map(|(on, it)| Part::Column(on, it));
            if !self.leaves(Part::Column(whole, column), Origin::Models, part) {
                continue;
            }
            match counterpart {
                Some((_, before)) => {
                    if let Some(mine) = table.find_column_mut(&column.name) {
                        *mine = before.clone();
                    }
                }
                None => forget(table, &column.name),
            }
        }
        let Some(there) = there else { return };
        for column in &there.columns {
            let is_alone = !whole.has_column(&column.name);
            if is_alone && self.leaves(Part::Column(there, column), Origin::Database, None) {
                take_over(table, there, column);
            }
        }
    }

    fn constraints(&mut self, table: &mut Table, whole: &Table, there: Option<&Table>) {
        let others = there.map_or(&[][..], |it| &it.constraints);
        let counterpart = |of: &Constraint| {
            let named = others
                .iter()
                .find(|it| it.name().is_some() && it.name() == of.name());
            named.or_else(|| others.iter().find(|it| same_constraint(it, of)))
        };
        for constraint in &whole.constraints {
            let before = counterpart(constraint);
            let part = there.zip(before).map(|(on, it)| Part::Constraint(on, it));
            if self.leaves(Part::Constraint(whole, constraint), Origin::Models, part) {
                table.constraints.retain(|it| it != constraint);
                table.constraints.extend(before.cloned());
            }
        }
        let Some(there) = there else { return };
        let mine = |it: &Constraint| {
            let mut mine = whole.constraints.iter();
            mine.any(|of| counterpart(of).is_some_and(|other| std::ptr::eq(other, it)))
        };
        for constraint in there.constraints.iter().filter(|it| !mine(it)) {
            let is_there = table.constraints.contains(constraint);
            if !is_there
                && self.leaves(Part::Constraint(there, constraint), Origin::Database, None)
                && !constraint_names_gone(constraint, table, there)
            {
                table.constraints.push(constraint.clone());
            }
        }
    }

    fn indexes(&mut self, table: &mut Table, whole: &Table, there: Option<&Table>) {
        for index in &whole.indexes {
            let before = there.and_then(|it| Some((it, it.find_index(&index.name)?)));
            let part = before.map(|(on, it)| Part::Index(on, it));
            if self.leaves(Part::Index(whole, index), Origin::Models, part) {
                table.indexes.retain(|it| it.name != index.name);
                table.indexes.extend(before.map(|(_, it)| it.clone()));
            }
        }
        let Some(there) = there else { return };
        for index in there.indexes.iter().filter(|it| !whole.has_index(&it.name)) {
            let is_there = table.has_index(&index.name);
            if !is_there
                && self.leaves(Part::Index(there, index), Origin::Database, None)
                && !index_names_gone(index, table, there)
            {
                table.indexes.push(index.clone());
            }
        }
    }
}

/// Takes a column out of a table, with what is made of it.
fn forget(table: &mut Table, column: &Ident) {
    table.columns.retain(|it| it.name != *column);
    table.constraints.retain(|it| !constraint_names(it, column));
    table.indexes.retain(|it| !index_names(it, column));
}

/// Puts a column into a table, with what is made of it and of columns that the table has.
fn take_over(table: &mut Table, there: &Table, column: &Column) {
    table.columns.push(column.clone());
    for constraint in &there.constraints {
        if constraint_names(constraint, &column.name)
            && !table.constraints.contains(constraint)
            && !constraint_names_gone(constraint, table, there)
        {
            table.constraints.push(constraint.clone());
        }
    }
    for index in &there.indexes {
        if index_names(index, &column.name)
            && !table.has_index(&index.name)
            && !index_names_gone(index, table, there)
        {
            table.indexes.push(index.clone());
        }
    }
}

fn constraint_names_gone(constraint: &Constraint, table: &Table, there: &Table) -> bool {
    let gone = there.columns.iter();
    let mut gone = gone.filter(|it| !table.has_column(&it.name));
    gone.any(|it| constraint_names(constraint, &it.name))
}

fn index_names_gone(index: &Index, table: &Table, there: &Table) -> bool {
    let gone = there.columns.iter();
    let mut gone = gone.filter(|it| !table.has_column(&it.name));
    gone.any(|it| index_names(index, &it.name))
}

fn constraint_names(constraint: &Constraint, column: &Ident) -> bool {
    match constraint {
        Constraint::Check(it) => mentions(it.expr.written.as_str(), column),
        Constraint::Exclude(it) => it.elements.iter().any(|it| key_names(&it.part.key, column)),
        other => other.columns().contains(column),
    }
}

fn index_names(index: &Index, column: &Ident) -> bool {
    let predicate = index.predicate.as_ref();
    index.include.contains(column)
        || predicate.is_some_and(|it| mentions(it.written.as_str(), column))
        || index.parts.iter().any(|it| key_names(&it.key, column))
}

fn key_names(key: &IndexKey, column: &Ident) -> bool {
    match key {
        IndexKey::Column(name) => name == column,
        IndexKey::Expr(expr) => mentions(expr.written.as_str(), column),
    }
}
