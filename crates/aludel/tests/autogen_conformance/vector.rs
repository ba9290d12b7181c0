//! One recorded pair of a database and models, and what Alembic found between them.

use crate::reader::{Reader, flag, list, strings, text};
use aludel::diff::{Change, Thing, Value as Said, Verb};
use aludel::schema::{Enum, Schema, Table};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

/// A line of the file.
pub(crate) struct Vector {
    pub(crate) json: Value,
}

/// What the database holds at first, or what the models declare.
#[derive(Clone)]
pub(crate) struct Side {
    pub(crate) tables: Vec<Table>,
    pub(crate) enums: Vec<Enum>,
    /// The names of constraints and indexes that somebody gave.
    pub(crate) given: BTreeSet<String>,
    /// What there are no words for.
    pub(crate) unsaid: BTreeSet<String>,
}

impl Side {
    /// As a schema, in which nothing is named that was not.
    pub(crate) fn schema(&self) -> Schema {
        let mut schema = Schema::default();
        self.tables
            .iter()
            .for_each(|it| schema.add_table(it.clone()));
        self.enums.iter().for_each(|it| schema.add_enum(it.clone()));
        schema
    }
}

impl Vector {
    pub(crate) fn id(&self) -> &str {
        text(&self.json, "id").unwrap()
    }

    pub(crate) fn database(&self) -> &str {
        text(&self.json, "database").unwrap()
    }

    /// Whether the models are what the database was made from.
    pub(crate) fn is_idempotent(&self) -> bool {
        text(&self.json, "kind") == Some("idempotent")
    }

    /// Whether Alembic fell over its own feet.
    pub(crate) fn is_crash(&self) -> bool {
        flag(&self.json, "alembic_crash")
    }

    /// The schemas that are there beside the default one.
    pub(crate) fn schemas(&self) -> Vec<String> {
        strings(&self.json["schemas"])
    }

    /// An option of the comparison.
    pub(crate) fn option(&self, name: &str) -> Option<bool> {
        self.json.get("options")?.get(name)?.as_bool()
    }

    /// `to` with the types, or the defaults, that `from` has, where these are not to be compared.
    pub(crate) fn as_looked_at(&self, from: &Side, to: &Side) -> Side {
        let off = |name: &str| self.option(name) == Some(false);
        let mut seen = to.clone();
        for table in &mut seen.tables {
            let before = from.tables.iter().find(|it| it.name == table.name);
            for column in &mut table.columns {
                let Some(before) = before.and_then(|it| it.find_column(&column.name)) else {
                    continue;
                };
                if off("compare_type") {
                    column.ty = before.ty.clone();
                }
                if off("compare_server_default") {
                    column.default = before.default.clone();
                }
            }
        }
        seen
    }

    /// `from` or `to`.
    pub(crate) fn side(&self, which: &str) -> Side {
        let json = &self.json[which];
        let reader = Reader::new(self.database(), &json["naming_convention"]);
        let mut side = Side {
            tables: Vec::new(),
            enums: Vec::new(),
            given: BTreeSet::new(),
            unsaid: BTreeSet::new(),
        };
        // The version table is there by itself.
        let own = |it: &&Value| it["name"] != "alembic_version";
        for table in list(&json["tables"]).iter().filter(own) {
            let (table, enums) = reader.table(table);
            side.tables.push(table);
            let known = side.enums.clone();
            side.enums
                .extend(enums.into_iter().filter(|it| !known.contains(it)));
        }
        side.given = reader.given.take();
        side.unsaid = reader.without_words.take();
        side
    }

    /// What Alembic found.
    pub(crate) fn diffs(&self) -> Vec<Found> {
        list(&self.json["diffs"])
            .iter()
            .map(Found::theirs)
            .collect()
    }
}

/// Something that was found, in words that both understand.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) kind: String,
    pub(crate) schema: Option<String>,
    pub(crate) table: Option<String>,
    pub(crate) name: Option<String>,
    /// Which sort of constraint.
    pub(crate) constraint: Option<String>,
    pub(crate) columns: Vec<String>,
    /// What was there, and what is to be, where it is a modification.
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

impl Found {
    fn theirs(json: &Value) -> Self {
        let diff = text(json, "diff").unwrap();
        let owned = |key: &str| text(json, key).map(str::to_owned);
        let (kind, constraint) = match diff {
            "add_fk" => ("add_constraint", Some("foreign_key".to_owned())),
            "remove_fk" => ("remove_constraint", Some("foreign_key".to_owned())),
            "add_table_comment" if json["existing_comment"].is_string() => ("modify_comment", None),
            "add_table_comment" => ("add_comment", None),
            "remove_table_comment" => ("remove_comment", None),
            "add_constraint" | "remove_constraint" => (diff, owned("kind")),
            // To SQLAlchemy a number that the database gives is a default.
            "modify_default"
                if [&json["old"], &json["new"]]
                    .iter()
                    .any(|it| it.get("identity").is_some()) =>
            {
                ("modify_identity", None)
            }
            other => (other, None),
        };
        let name = match &json["column"] {
            Value::String(name) => Some(name.clone()),
            Value::Object(column) => column["name"].as_str().map(str::to_owned),
            _ => owned("name"),
        };
        let columns = match kind.ends_with("_index") || constraint.is_some() {
            true => list(&json["columns"])
                .iter()
                .map(|it| {
                    text(it, "sql")
                        .or(it.as_str())
                        .unwrap_or_default()
                        .to_owned()
                })
                .collect(),
            false => Vec::new(),
        };
        let said = |key: &str| match &json[key] {
            Value::Null => None,
            Value::String(it) => Some(it.clone()),
            other => Some(
                text(other, "sql")
                    .or(text(other, "literal"))
                    .map_or_else(|| other.to_string(), str::to_owned),
            ),
        };
        Self {
            kind: kind.to_owned(),
            schema: owned("schema"),
            table: owned("table"),
            name,
            constraint,
            columns,
            old: said("old"),
            new: said("new"),
        }
    }

    pub(crate) fn ours(change: &Change) -> Self {
        let said = |value: &Said| match value {
            Said::None => None,
            Said::Flag(it) => Some(it.to_string()),
            Said::Text(it) => Some(it.clone()),
            Said::List(it) => Some(it.join(", ")),
        };
        let (old, new) = match (&change.values, change.verb, change.thing) {
            (Some((old, new)), Verb::Modify, thing) if thing != Thing::View => {
                (said(old), said(new))
            }
            _ => (None, None),
        };
        Self {
            kind: change.kind(),
            schema: change.schema.clone(),
            table: change.table.clone(),
            name: change.name.clone(),
            constraint: change.constraint.map(str::to_owned),
            columns: change.columns.clone(),
            old,
            new,
        }
    }

    /// Whether both mean the same thing. A name that Alembic leaves to the database is any name; the type that is to be is compared
    /// by `same_type`.
    pub(crate) fn is(&self, theirs: &Self, same_type: impl Fn(&str, &str) -> bool) -> bool {
        let named = match theirs.name {
            Some(_) => self.name == theirs.name,
            None => theirs.constraint.is_some() || self.name.is_none(),
        };
        let on = theirs.constraint.is_none() || self.columns == theirs.columns;
        let typed = match (self.kind.as_str(), &self.new, &theirs.new) {
            ("modify_type", Some(ours), Some(theirs)) => same_type(ours, theirs),
            _ => true,
        };
        self.kind == theirs.kind
            && self.schema == theirs.schema
            && self.table == theirs.table
            && self.constraint == theirs.constraint
            && named
            && on
            && typed
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(constraint) = &self.constraint {
            write!(f, " {constraint}")?;
        }
        for part in [&self.schema, &self.table, &self.name]
            .into_iter()
            .flatten()
        {
            write!(f, " {part}")?;
        }
        if !self.columns.is_empty() {
            write!(f, " ({})", self.columns.join(", "))?;
        }
        if self.old.is_some() || self.new.is_some() {
            write!(f, " {:?} -> {:?}", self.old, self.new)?;
        }
        Ok(())
    }
}

/// Whether an option of the vector says that other schemas are looked at.
pub(crate) fn looks_around(vector: &Vector) -> bool {
    flag(&vector.json["options"], "include_schemas")
}
