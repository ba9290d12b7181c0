//! What turns one schema into another, as a flat list: one entry for each thing that differs.
//!
//! Operations say how to get there, in an order that runs; this says what differs, in an order to read. A constraint or an
//! index that is to be another one is told as gone and come, as databases have it.

use super::Renames;
use crate::schema::{QualifiedName, Schema};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

mod objects;
mod tables;
mod words;

/// What is done to a [`Thing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// It comes.
    Add,
    /// It goes.
    Remove,
    /// It is there on both sides, and is not the same.
    Modify,
    /// It gets another name.
    Rename,
}

impl Verb {
    /// The word for it: `add`, `remove`, `modify`, `rename`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Modify => "modify",
            Self::Rename => "rename",
        }
    }
}

/// Declares what a change may be about: a variant and the word for it.
macro_rules! things {
    ($($(#[$doc:meta])* $thing:ident = $word:literal,)+) => {
        /// What a change is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Thing {
            $($(#[$doc])* $thing,)+
        }

        impl Thing {
            /// The word for it: `column`, `row_security`.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$thing => $word,)+
                }
            }
        }
    };
}

things! {
    /// A table, with all that it is made of.
    Table = "table",
    /// A column.
    Column = "column",
    /// The type of a column.
    Type = "type",
    /// Whether a column takes NULL.
    Nullable = "nullable",
    /// The default of a column.
    Default = "default",
    /// How a column is computed.
    Generated = "generated",
    /// How a column is numbered.
    Identity = "identity",
    /// The collation of a column.
    Collation = "collation",
    /// The character set of a column (MySQL).
    Charset = "charset",
    /// What a column is set to when its row changes (MySQL).
    OnUpdate = "on_update",
    /// Whether a column is seen by `SELECT *` (MySQL).
    Invisible = "invisible",
    /// What becomes of a row with NULL in a column that takes none (SQLite).
    NotNullOnConflict = "not_null_on_conflict",
    /// The comment of a table, a column, or another object.
    Comment = "comment",
    /// A constraint; see [`Change::constraint`].
    Constraint = "constraint",
    /// An index.
    Index = "index",
    /// An option of a table.
    Option = "option",
    /// An enum type, or its values.
    Enum = "enum",
    /// A schema.
    Schema = "schema",
    /// An extension.
    Extension = "extension",
    /// A sequence.
    Sequence = "sequence",
    /// A domain.
    Domain = "domain",
    /// A function or a procedure.
    Function = "function",
    /// A view, materialized or not.
    View = "view",
    /// A trigger.
    Trigger = "trigger",
    /// A policy.
    Policy = "policy",
    /// Whether policies are asked for the rows of a table.
    RowSecurity = "row_security",
}

/// What something was or is, in a change that modifies it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// There is none.
    #[default]
    None,
    /// Yes or no.
    Flag(bool),
    /// SQL text, a name, or the text of a comment.
    Text(String),
    /// Several, in order: the values of an enum type.
    List(Vec<String>),
}

/// One thing that differs.
///
/// ```
/// use aludel::diff::changes;
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let id = || Table::new("patients").column(Column::new("id", Type::Integer).primary_key());
/// let (mut from, mut to) = (Schema::default(), Schema::default());
/// from.add_table(id());
/// to.add_table(id().column(Column::new("email", Type::String)));
/// let found = changes(&from, &to);
/// assert_eq!(found[0].to_string(), "add column patients.email");
/// assert_eq!(
///     serde_json::to_string(&found).unwrap(),
///     r#"[{"kind":"add_column","schema":null,"table":"patients","name":"email"}]"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub verb: Verb,
    /// To what.
    pub thing: Thing,
    /// The schema that it is in, or none for the connection's default one, and for what is in no schema.
    pub schema: Option<String>,
    /// The table that it belongs to, or that it is; none for what is no part of a table.
    pub table: Option<String>,
    /// Its name within the table or the schema: of the column for what is a column's own; none for a table, and for a
    /// constraint without a name.
    pub name: Option<String>,
    /// Which sort of constraint: `primary_key`, `unique`, `check`, `foreign_key`, `exclude`.
    pub constraint: Option<&'static str>,
    /// The columns of a constraint or an index, an expression as its text; empty for anything else.
    pub columns: Vec<String>,
    /// What it was and what it is, of what is modified.
    pub values: Option<(Value, Value)>,
}

impl Change {
    /// A change of something in a schema, or in the default one.
    fn new(verb: Verb, thing: Thing, schema: Option<&str>) -> Self {
        Self {
            verb,
            thing,
            schema: schema.map(str::to_string),
            table: None,
            name: None,
            constraint: None,
            columns: Vec::new(),
            values: None,
        }
    }

    /// A change of a table, or of something that belongs to one.
    fn of_table(verb: Verb, thing: Thing, table: &QualifiedName) -> Self {
        Self {
            table: Some(table.name.to_string()),
            ..Self::new(verb, thing, table.schema.as_deref())
        }
    }

    /// The same with a name.
    fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_string());
        self
    }

    /// The same with what it was and what it is.
    fn values(mut self, old: impl Into<Value>, new: impl Into<Value>) -> Self {
        self.values = Some((old.into(), new.into()));
        self
    }

    /// What it is, in one word: `add_column`, `modify_type`.
    pub fn kind(&self) -> String {
        format!("{}_{}", self.verb.word(), self.thing.word())
    }
}

/// What turns `from` into `to`, one entry for each thing that differs; both come in normal form, as for
/// [`diff`](super::diff()). Objects outside tables come first, then tables by name, then what is made from them.
///
/// A new table is told with its indexes, and with nothing else that it is made of.
pub fn changes(from: &Schema, to: &Schema) -> Vec<Change> {
    let mut out = Vec::new();
    objects::before_tables(from, to, &mut out);
    tables::changes(from, to, &mut out);
    objects::after_tables(from, to, &mut out);
    out
}

/// What is renamed before anything else changes, one entry for each: by its new name, with the old and the new one as values.
pub fn renamed_changes(renames: &Renames) -> Vec<Change> {
    let names = |from: &str, to: &str| (Value::Text(from.into()), Value::Text(to.into()));
    let enums = renames.enums.iter().map(|(old, new)| Change {
        values: Some(names(&old.name, new)),
        ..Change::new(Verb::Rename, Thing::Enum, old.schema.as_deref()).named(new)
    });
    let tables = renames.tables.iter().map(|(old, new)| Change {
        values: Some(names(&old.name, new)),
        ..Change::of_table(Verb::Rename, Thing::Table, &old.renamed(new.clone()))
    });
    let columns = renames.columns.iter().map(|(table, old, new)| Change {
        values: Some(names(old, new)),
        ..Change::of_table(Verb::Rename, Thing::Column, table).named(new)
    });
    enums.chain(tables).chain(columns).collect()
}

/// The keys of two maps in one order, each with what is there on either side.
fn pairs<'m, K: Ord, V>(
    from: &'m BTreeMap<K, V>,
    to: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = (&'m K, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&K> = from.keys().chain(to.keys()).collect();
    keys.into_iter()
        .map(|key| (key, from.get(key), to.get(key)))
}

/// What became of something, if anything did.
fn verb<V: PartialEq>(from: Option<&V>, to: Option<&V>) -> Option<Verb> {
    match (from, to) {
        (None, Some(_)) => Some(Verb::Add),
        (Some(_), None) => Some(Verb::Remove),
        (Some(from), Some(to)) if from != to => Some(Verb::Modify),
        _ => None,
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => to.serialize_none(),
            Self::Flag(it) => to.serialize_bool(*it),
            Self::Text(it) => to.serialize_str(it),
            Self::List(it) => it.serialize(to),
        }
    }
}

/// A map: `kind`, `schema`, `table`, `name`; `constraint` and `columns` where there are any; `old` and `new` where it is a
/// modification.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind())?;
        map.serialize_entry("schema", &self.schema)?;
        map.serialize_entry("table", &self.table)?;
        map.serialize_entry("name", &self.name)?;
        if let Some(constraint) = self.constraint {
            map.serialize_entry("constraint", constraint)?;
        }
        if !self.columns.is_empty() {
            map.serialize_entry("columns", &self.columns)?;
        }
        if let Some((old, new)) = &self.values {
            map.serialize_entry("old", old)?;
            map.serialize_entry("new", new)?;
        }
        map.end()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Text(it) => f.write_str(it),
            Self::List(it) => write!(f, "({})", it.join(", ")),
        }
    }
}

/// In a line: `modify type of visits.minutes from smallint to integer`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thing = match self.constraint {
            Some("exclude") => "exclusion constraint".to_string(),
            Some(sort @ ("unique" | "check")) => format!("{sort} constraint"),
            Some(sort) => sort.replace('_', " "),
            None => self.thing.word().replace('_', " "),
        };
        let parts = [&self.schema, &self.table, &self.name];
        let mut place: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        if self.thing == Thing::Schema {
            place.dedup();
        }
        let of = if self.is_own() { "" } else { " of" };
        write!(f, "{} {thing}{of} {}", self.verb.word(), place.join("."))?;
        if self.constraint.is_some() || self.thing == Thing::Index {
            write!(f, " ({})", self.columns.join(", "))?;
        }
        match &self.values {
            Some((old, new)) => write!(f, " from {old} to {new}"),
            None => Ok(()),
        }
    }
}

impl Change {
    /// Whether the place is the thing's own, and not that of what has it.
    fn is_own(&self) -> bool {
        match self.thing {
            Thing::Table
            | Thing::Column
            | Thing::Constraint
            | Thing::Index
            | Thing::Enum
            | Thing::Schema
            | Thing::Extension
            | Thing::Sequence
            | Thing::Domain
            | Thing::Function
            | Thing::View
            | Thing::Trigger
            | Thing::Policy => true,
            Thing::Type
            | Thing::Nullable
            | Thing::Default
            | Thing::Generated
            | Thing::Identity
            | Thing::Collation
            | Thing::Charset
            | Thing::OnUpdate
            | Thing::Invisible
            | Thing::NotNullOnConflict
            | Thing::Comment
            | Thing::Option
            | Thing::RowSecurity => false,
        }
    }
}

#[cfg(test)]
mod tests;
