//! A schema → Rust models, which autogenerate then finds equal to it.
//!
//! What the derives can say is said by them; what they cannot, by the builder, in the function `metadata()` that gathers
//! everything. What neither can say is told, in the text and beside it.

use super::Snapshot;
use crate::dialect::Dialect;
use crate::ops::{CreateTable, Operation};
use crate::schema::{QualifiedName, Schema, Table};
use names::Names;
use std::collections::BTreeSet;

mod attributes;
mod constraints;
mod enums;
mod fields;
mod layout;
mod metadata;
mod names;
mod structs;
mod types;

/// Rust models as text.
///
/// ```
/// use aludel::db::Kind;
/// use aludel::run::{Models, Snapshot};
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let mut schema = Schema::default();
/// let id = Column::new("id", Type::Integer).primary_key().identity();
/// schema.add_table(Table::new("patients").column(id));
/// # #[cfg(feature = "sqlite")] {
/// let snapshot = Snapshot { kind: Kind::Sqlite, release: "3".into(), schema };
/// let models = Models::of(&snapshot, &*aludel::dialect::by_kind(Kind::Sqlite)?, &[]);
/// assert!(models.one_file().contains("pub struct Patient {"));
/// # }
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    /// The enum types.
    enums: Vec<Item>,
    /// The models.
    structs: Vec<Item>,
    /// What gathers everything.
    metadata: String,
    /// Whether there is anything.
    declares: bool,
    /// What cannot be said, a line each.
    unsaid: Vec<String>,
    /// The features of this library that bring the types of other crates.
    features: BTreeSet<&'static str>,
}

/// One type of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    /// Its name.
    ident: String,
    /// The name of its module, if it has one.
    module: String,
    /// Its definition.
    code: String,
    /// The enums that it has.
    uses: BTreeSet<String>,
}

impl Models {
    /// The models of the tables for which one of the patterns holds, or of all; and everything else that the schema has, if it was not
    /// for some tables that was asked. In a pattern, `*` stands for any letters and `?` for one; one with a dot is of the schema and the
    /// table.
    pub fn of(snapshot: &Snapshot, dialect: &dyn Dialect, patterns: &[String]) -> Self {
        let mut schema = snapshot.schema.clone();
        if !patterns.is_empty() {
            let is_asked = |name: &QualifiedName| patterns.iter().any(|it| matches(it, name));
            schema.tables.retain(|name, _| is_asked(name));
            schema.objects = crate::schema::Objects::default();
            enums::forget_unused(&mut schema);
        }
        let mut unsaid = forget_strange_keys(&mut schema);
        unsaid.extend(keys_that_take_null(&schema));
        let names = Names::of(&schema, dialect);
        let mut work = Work {
            schema: &schema,
            dialect,
            names: &names,
            features: BTreeSet::new(),
        };
        let mut structs = Vec::new();
        let mut said = Vec::new();
        for table in schema.tables.values() {
            let table = as_written(dialect, &schema, table);
            let model = structs::model(&mut work, &table);
            structs.extend(model.item);
            said.push(model.said);
        }
        let features = work.features;
        let metadata = metadata::function(&schema, &said, &mut unsaid);
        let declares = schema != Schema::default();
        Self {
            enums: names.enums.iter().map(enums::item).collect(),
            structs,
            metadata,
            declares,
            unsaid,
            features,
        }
    }

    /// Whether there was nothing to write models of.
    pub fn is_empty(&self) -> bool {
        !self.declares
    }

    /// What of the schema cannot be said by models, a line each: it is compared as if it were to go.
    pub fn unsaid(&self) -> &[String] {
        &self.unsaid
    }

    /// Everything in one text.
    pub fn one_file(&self) -> String {
        let mut text = self.head("use aludel::prelude::*;\n");
        for item in self.enums.iter().chain(&self.structs) {
            text += &format!("\n{}", item.code);
        }
        text + "\n" + &self.metadata
    }

    /// A file for each model, one for the enums, and `mod.rs`, which has them all: names and texts.
    pub fn files(&self) -> Vec<(String, String)> {
        let prelude = "use aludel::prelude::*;\n";
        let mut files = Vec::new();
        let mut modules = Vec::new();
        if !self.enums.is_empty() {
            let code: String = self
                .enums
                .iter()
                .map(|it| format!("\n{}", it.code))
                .collect();
            files.push((
                "enums.rs".to_string(),
                format!("//! Enum types of the database.\n\n{prelude}{code}"),
            ));
            modules.push("enums");
        }
        for item in &self.structs {
            let uses: Vec<&str> = item.uses.iter().map(String::as_str).collect();
            let uses = match uses.as_slice() {
                [] => String::new(),
                [one] => format!("use super::enums::{one};\n"),
                all => format!("use super::enums::{{{}}};\n", all.join(", ")),
            };
            files.push((
                format!("{}.rs", item.module),
                format!("//! `{}`.\n\n{uses}{prelude}\n{}", item.ident, item.code),
            ));
            modules.push(&item.module);
        }
        modules.sort_unstable();
        let declared: String = modules.iter().map(|it| format!("mod {it};\n")).collect();
        let shown: String = modules
            .iter()
            .map(|it| format!("pub use {it}::*;\n"))
            .collect();
        let gap = if modules.is_empty() { "" } else { "\n" };
        let head = self.head(&format!("{prelude}{gap}{declared}{gap}{shown}"));
        files.push(("mod.rs".to_string(), format!("{head}\n{}", self.metadata)));
        files.sort();
        files
    }

    fn head(&self, imports: &str) -> String {
        let mut text = String::from(
            "//! Models of a database that was there before them, by `aludel models generate`.\n",
        );
        if !self.features.is_empty() {
            let features: Vec<String> = self.features.iter().map(|it| format!("`{it}`")).collect();
            text += &format!(
                "//!\n//! Features of `aludel` that bring the types of their columns: {}.\n",
                features.join(", ")
            );
        }
        format!("{text}\n{imports}")
    }
}

/// What is needed all over.
struct Work<'s> {
    schema: &'s Schema,
    dialect: &'s dyn Dialect,
    names: &'s Names,
    features: BTreeSet<&'static str>,
}

/// A table as an author would write it: `serial` for what the database keeps of the word.
fn as_written(dialect: &dyn Dialect, schema: &Schema, table: &Table) -> Table {
    let create = vec![CreateTable::new(table.clone()).into()];
    let refined = dialect.refine(&Schema::default(), schema, create);
    let created = refined.into_iter().find_map(|it| match it {
        Operation::CreateTable(create) => Some(create.table),
        _ => None,
    });
    created.unwrap_or_else(|| table.clone())
}

/// Models refer to models alone: a key to a table that is none of them cannot be said.
fn forget_strange_keys(schema: &mut Schema) -> Vec<String> {
    let known: BTreeSet<QualifiedName> = schema.tables.keys().cloned().collect();
    let mut unsaid = Vec::new();
    for table in schema.tables.values_mut() {
        let name = table.name.clone();
        table.constraints.retain(|it| match it {
            crate::schema::Constraint::ForeignKey(key) if !known.contains(&key.references) => {
                unsaid.push(format!(
                    "the foreign key from {name} to {}, which is not among the models",
                    key.references
                ));
                false
            }
            _ => true,
        });
    }
    unsaid
}

/// The primary key of a model refuses NULL. Only SQLite has others, which it keeps for the sake of its first versions
/// (<https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls>).
fn keys_that_take_null(schema: &Schema) -> Vec<String> {
    let mut unsaid = Vec::new();
    for table in schema.tables.values() {
        let key = table
            .find_primary_key()
            .into_iter()
            .flat_map(|it| &it.columns);
        let nullable = key.filter(|it| table.find_column(it).is_some_and(|it| it.nullable));
        unsaid.extend(nullable.map(|it| {
            format!(
                "that {}.{it}, which is of the primary key, takes NULL",
                table.name
            )
        }));
    }
    unsaid
}

/// Whether a pattern holds for a name.
fn matches(pattern: &str, name: &QualifiedName) -> bool {
    let schema = name.schema.as_deref().unwrap_or_default();
    match pattern.split_once('.') {
        Some((of_schema, of_table)) if !schema.is_empty() => {
            holds(of_schema, schema) && holds(of_table, &name.name)
        }
        _ => holds(pattern, &name.name),
    }
}

/// Whether a text is of this form: `*` stands for any letters, `?` for one.
fn holds(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.any(|at| holds(rest, &text[at..]))
        }
        Some(wanted) => {
            let Some(found) = text.chars().next() else {
                return false;
            };
            (wanted == '?' || wanted == found)
                && holds(&pattern[wanted.len_utf8()..], &text[found.len_utf8()..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let own = QualifiedName::from("visits");
        let other = QualifiedName::from(("billing", "invoices"));
        assert!(matches("vis*", &own) && matches("*", &own) && matches("v?sits", &own));
        assert!(!matches("vis", &own) && !matches("v?its", &own));
        assert!(matches("billing.*", &other) && matches("invoices", &other));
        assert!(!matches("billing.visits", &other) && !matches("billing.*", &own));
    }
}
