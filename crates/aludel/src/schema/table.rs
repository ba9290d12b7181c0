//! Tables.

use super::column::Marks;
use super::{
    Check, Column, Constraint, ForeignKey, Former, Ident, Index, IndexKey, IndexPart,
    NamingConvention, Position, PrimaryKey, QualifiedName, TableOptions, Unique,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A table: its columns, constraints and indexes.
///
/// ```
/// use aludel::schema::{Column, Table, Type};
///
/// let patients = Table::new("patients")
///     .column(Column::new("id", Type::Integer).primary_key())
///     .column(Column::new("email", Type::String).unique());
/// assert_eq!(patients.constraints.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The name, with its schema.
    pub name: QualifiedName,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The constraints, in the order in which they were said.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub constraints: Vec<Constraint>,
    /// The indexes, in the order in which they were said.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub indexes: Vec<Index>,
    /// The comment, where the database keeps comments.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub comment: Option<String>,
    /// What only some databases know of a table.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub options: TableOptions,
    /// The name that it had before, within its schema. No part of equality.
    #[serde(skip)]
    pub former: Former,
    /// What the database that was inspected keeps of the table as text. No part of equality.
    #[serde(skip)]
    pub source: Source,
}

/// What a database keeps of a table as text, for a dialect that must rebuild the table and lose nothing of it (SQLite).
///
/// It describes the moment of inspection: an operation that changes the table in memory leaves it as it was, but for `inspected`. Two sources are
/// always equal, so that a table equals another of the same meaning.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The `CREATE TABLE` statement; none for a table that was declared and not inspected.
    pub definition: Option<String>,
    /// The `CREATE INDEX` statements, by the name of the index; on MySQL those alone that came with a foreign key.
    pub indexes: BTreeMap<Ident, String>,
    /// The triggers on the table.
    pub triggers: Vec<Dependent>,
    /// The indexes that a build which was cut off has left, and that no query uses (PostgreSQL).
    pub invalid_indexes: Vec<Ident>,
    /// Views, and triggers on other tables, that mention the table or a view that does.
    pub dependents: Vec<Dependent>,
    /// The foreign keys that point to the table, its own included, each with the table that has it.
    pub referenced_by: Vec<(QualifiedName, ForeignKey)>,
    /// The checks that belong to a column and go when the column is said without them, by the column (MariaDB).
    pub column_checks: BTreeMap<Ident, String>,
    /// Whether the table is as a database was found to have it, so that what is not in here is not there. An operation that changes
    /// it in memory ends that.
    pub inspected: bool,
}

/// A view or a trigger, as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// `view` or `trigger`.
    pub kind: &'static str,
    /// Its name.
    pub name: Ident,
    /// The statement that creates it.
    pub sql: String,
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Table {
    /// A table without columns.
    pub fn new(name: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            options: TableOptions::default(),
            former: Former::default(),
            source: Source::default(),
        }
    }

    /// Puts the table into a schema.
    pub fn schema(mut self, schema: impl Into<Ident>) -> Self {
        self.name.schema = Some(schema.into());
        self
    }

    /// The name that the table had before, within its schema: autogenerate renames the table of that name, and does nothing once it
    /// has. Whoever is done with all databases may take it away.
    ///
    /// ```
    /// use aludel::schema::Table;
    ///
    /// let people = Table::new("people").renamed_from("patients");
    /// assert_eq!(people, Table::new("people"));
    /// ```
    pub fn renamed_from(mut self, name: impl Into<Ident>) -> Self {
        self.former = Former(Some(name.into()));
        self
    }

    /// Adds a column; what was said on it (primary key, unique, index, reference, check) becomes the table's.
    pub fn column(mut self, mut column: Column) -> Self {
        let marks = std::mem::take(&mut column.marks);
        let name = column.name.clone();
        self.columns.push(column);
        if marks.primary_key {
            match self.primary_key_mut() {
                Some(key) => key.columns.push(name.clone()),
                None => self
                    .constraints
                    .push(PrimaryKey::new([name.clone()]).into()),
            }
        }
        let (constraints, index) = marks.into_parts(&name);
        self.constraints.extend(constraints);
        self.indexes.extend(index);
        self
    }

    /// Adds a constraint.
    pub fn constraint(mut self, constraint: impl Into<Constraint>) -> Self {
        self.constraints.push(constraint.into());
        self
    }

    /// A primary key on several columns.
    pub fn primary_key(self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.constraint(PrimaryKey::new(columns))
    }

    /// A unique constraint.
    pub fn unique(self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.constraint(Unique::new(columns))
    }

    /// A foreign key.
    pub fn foreign_key(self, key: ForeignKey) -> Self {
        self.constraint(key)
    }

    /// A check.
    pub fn check(self, check: Check) -> Self {
        self.constraint(check)
    }

    /// Adds an index.
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// The comment, where the database keeps comments.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// The column of that name.
    pub fn find_column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == *name)
    }

    /// The column of that name, to be changed.
    pub fn find_column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|it| it.name == *name)
    }

    /// Whether it has a column of that name.
    pub fn has_column(&self, name: &str) -> bool {
        self.find_column(name).is_some()
    }

    /// Moves a column. Behind one that is not there, it goes to the end.
    pub(crate) fn move_column(&mut self, name: &str, to: &Position) {
        let Some(from) = self.columns.iter().position(|it| it.name == *name) else {
            return;
        };
        let column = self.columns.remove(from);
        let at = match to {
            Position::First => 0,
            Position::After(other) => {
                let other = self.columns.iter().position(|it| it.name == *other);
                other.map_or(self.columns.len(), |it| it + 1)
            }
        };
        self.columns.insert(at, column);
    }

    /// The constraint of that name.
    pub fn find_constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints
            .iter()
            .find(|it| it.name().is_some_and(|it| *it == *name))
    }

    /// Whether it has a constraint of that name.
    pub fn has_constraint(&self, name: &str) -> bool {
        self.find_constraint(name).is_some()
    }

    /// The index of that name.
    pub fn find_index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|it| it.name == *name)
    }

    /// Whether it has an index of that name.
    pub fn has_index(&self, name: &str) -> bool {
        self.find_index(name).is_some()
    }

    /// The primary key, if it has one.
    pub fn find_primary_key(&self) -> Option<&PrimaryKey> {
        self.constraints.iter().find_map(|it| match it {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        })
    }

    fn primary_key_mut(&mut self) -> Option<&mut PrimaryKey> {
        self.constraints.iter_mut().find_map(|it| match it {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        })
    }

    /// The foreign keys.
    pub fn foreign_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.constraints.iter().filter_map(|it| match it {
            Constraint::ForeignKey(key) => Some(key),
            _ => None,
        })
    }

    /// Whether this column is the whole primary key.
    pub fn is_sole_key(&self, column: &str) -> bool {
        self.find_primary_key()
            .is_some_and(|key| key.columns.len() == 1 && key.columns[0] == *column)
    }

    /// Names every constraint and index that has no name. A second one with the same name by the convention gets `_1`, and
    /// so on.
    pub fn apply_naming(&mut self, convention: &NamingConvention) {
        let mut taken: Vec<String> = self
            .constraints
            .iter()
            .filter_map(|it| it.name().map(|name| name.to_string()))
            .collect();
        for constraint in &mut self.constraints {
            if constraint.name().is_none() {
                let name = constraint_name(convention, &self.name, constraint);
                let free = first_free(name, &taken);
                taken.push(free.to_string());
                constraint.set_name(Some(free));
            }
        }
        let mut taken: Vec<String> = self.indexes.iter().map(|it| it.name.to_string()).collect();
        for index in self.indexes.iter_mut().filter(|it| it.name.is_empty()) {
            index.name = first_free(index_name(convention, &self.name, index), &taken);
            taken.push(index.name.to_string());
        }
    }
}

/// What the convention calls an index of a table.
fn index_name(convention: &NamingConvention, table: &QualifiedName, index: &Index) -> Ident {
    let words = key_words(&index.parts);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    NamingConvention::fill(&convention.index, &table.name, &words, "")
}

/// A word for each key: the column, or the first word of the expression.
fn key_words<'p>(parts: impl IntoIterator<Item = &'p IndexPart>) -> Vec<String> {
    let words = parts.into_iter().map(|part| match &part.key {
        IndexKey::Column(name) => name.to_string(),
        IndexKey::Expr(expr) => leading_word(expr.written.as_str()),
    });
    words.collect()
}

/// What the convention calls a constraint of a table.
fn constraint_name(
    convention: &NamingConvention,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Ident {
    let columns: Vec<&str> = constraint.columns().iter().map(|it| it.as_str()).collect();
    let (pattern, referred) = match constraint {
        Constraint::PrimaryKey(_) => (&convention.primary_key, ""),
        Constraint::Unique(_) => (&convention.unique, ""),
        Constraint::ForeignKey(key) => (&convention.foreign_key, key.references.name.as_str()),
        Constraint::Exclude(exclude) => {
            let words = key_words(exclude.elements.iter().map(|it| &it.part));
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            return NamingConvention::fill(&convention.exclude, &table.name, &words, "");
        }
        Constraint::Check(check) => {
            let word = leading_word(check.expr.written.as_str());
            return NamingConvention::fill(&convention.check, &table.name, &[&word], "");
        }
    };
    NamingConvention::fill(pattern, &table.name, &columns, referred)
}

/// A check has no columns of its own: the first word of its text, mostly a column's name, names it.
fn leading_word(expr: &str) -> String {
    expr.split(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .map_or_else(|| "expr".to_string(), str::to_lowercase)
}

fn first_free(name: Ident, taken: &[String]) -> Ident {
    let mut candidate = name.clone();
    let mut number = 0;
    while taken.contains(&candidate.to_string()) {
        number += 1;
        candidate = NamingConvention::fill(&format!("{name}_{number}"), "", &[], "");
    }
    candidate
}

impl Marks {
    /// What was said on a column, as constraints and an index of its table. The primary key is the caller's to merge.
    pub(crate) fn into_parts(self, column: &Ident) -> (Vec<Constraint>, Option<Index>) {
        let mut constraints = Vec::new();
        let mut index = None;
        if self.index {
            let mut it = Index::on([column.clone()]);
            it.unique = self.unique;
            index = Some(it);
        } else if self.unique {
            constraints.push(Unique::new([column.clone()]).into());
        }
        if let Some(key) = self.references {
            constraints.push(key.into());
        }
        if let Some(check) = self.check {
            constraints.push(check.into());
        }
        (constraints, index)
    }
}
