//! How a table is parted, and which rows a part holds: the texts in one spelling, and the probes by which the database spells them.

use super::pieces::{self, join};
use super::probe::{Leaf, Plan};
use super::{Postgres, expression::balanced};
use crate::schema::{QualifiedName, Schema, Spelled, Table};
use crate::sql::Spell;
use std::collections::BTreeMap;

/// A partitioned table that stands for one of the model, and its parts.
#[derive(Debug)]
pub(super) struct PartedProbe {
    name: String,
    columns: Vec<String>,
    by: String,
    /// Each with its name and its bound.
    parts: Vec<(String, String)>,
}

/// One spelling of a text, as far as text alone can tell.
pub(super) fn canonical(text: &str) -> String {
    match pieces::read(text) {
        Some(pieces) => join(&pieces),
        None => text.to_string(),
    }
}

/// A text as the database echoes it.
pub(super) fn echoed(echo: String) -> Spelled<String> {
    let canonical = canonical(&echo);
    Spelled::canonical(echo, canonical)
}

/// Gives both texts of a table their spelling, where they have none.
pub(super) fn normalize(table: &mut Table) {
    let options = &mut table.options;
    let bound = options.partition_of.as_mut().map(|it| &mut it.bound);
    for text in options.partition_by.iter_mut().chain(bound) {
        if text.canonical.is_none() {
            text.canonical = Some(canonical(&text.written));
        }
    }
}

impl Plan {
    /// Asks how the partitioned tables of a model are parted, and about the bounds of those of their parts that are in it.
    pub(super) fn add_parted(&mut self, dialect: &Postgres, schema: &Schema) {
        let mut parts: BTreeMap<&QualifiedName, Vec<&Table>> = BTreeMap::new();
        for table in schema.tables.values() {
            if let Some(of) = &table.options.partition_of {
                parts.entry(&of.parent).or_default().push(table);
            }
        }
        for table in schema.tables.values() {
            let Some(by) = &table.options.partition_by else {
                continue;
            };
            let name = self.next_parted_name();
            let mut probe = PartedProbe {
                columns: self.columns_of(dialect, schema, table),
                by: by.written.clone(),
                parts: Vec::new(),
                name,
            };
            self.want_as(table, Leaf::Parts, &probe.name);
            for (number, part) in parts
                .remove(&table.name)
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let name = format!("{}_{number:05}", probe.name);
                if let Some(of) = &part.options.partition_of {
                    probe.parts.push((name.clone(), of.bound.written.clone()));
                    self.want_as(part, Leaf::Bound, &name);
                }
            }
            self.parted.push(probe);
        }
    }

    /// The columns of a table, or of the one that it is a part of, by name and type alone.
    fn columns_of(&self, dialect: &Postgres, schema: &Schema, table: &Table) -> Vec<String> {
        let mut whole = table;
        // A circle of parts would be refused by the database; here it ends.
        for _ in 0..schema.tables.len() {
            let of = whole.options.partition_of.as_ref();
            match of.and_then(|it| schema.tables.get(&it.parent)) {
                Some(parent) => whole = parent,
                None => break,
            }
        }
        let columns = whole.columns.iter().filter_map(|it| {
            let ty = self
                .column_type(dialect, it)
                .ok()
                .filter(|it| balanced(it))?;
            Some(format!("{} {ty}", dialect.quote(&it.name).ok()?))
        });
        columns.collect()
    }
}

impl PartedProbe {
    /// The statements that make it; what is not one clause is left out, and stays as text.
    pub(super) fn statements(&self) -> Vec<String> {
        if !balanced(&self.by) {
            return Vec::new();
        }
        let Self { name, by, .. } = self;
        let columns = self.columns.join(",\n");
        let create = format!("CREATE TEMPORARY TABLE {name} (\n{columns}\n) PARTITION BY {by}\n");
        let parts = self.parts.iter().filter(|(_, bound)| balanced(bound));
        let parts = parts.map(|(part, bound)| {
            format!("CREATE TEMPORARY TABLE {part} PARTITION OF pg_temp.{name} {bound}\n")
        });
        std::iter::once(create).chain(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        assert_eq!(canonical("range(\"day\")"), canonical("RANGE (day)"));
        assert_ne!(canonical("RANGE (\"Day\")"), canonical("RANGE (day)"));
        let bound = "FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)";
        assert_eq!(
            canonical(bound),
            canonical("for values from('2026-01-01') to (maxvalue)")
        );
    }
}
