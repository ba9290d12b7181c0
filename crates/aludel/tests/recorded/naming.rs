//! Names: as given, or as a naming convention of the recorded metadata makes them.

use crate::reader::{Reader, text};
use serde_json::Value;
use std::collections::BTreeMap;

/// The patterns of a metadata by kind: `ix`, `uq`, `ck`, `fk`, `pk`.
#[derive(Default)]
pub(crate) struct Convention(BTreeMap<String, String>);

/// What a pattern can ask for.
pub(crate) struct Named<'a> {
    pub(crate) kind: &'a str,
    pub(crate) schema: Option<&'a str>,
    pub(crate) table: &'a str,
    pub(crate) columns: &'a [String],
    pub(crate) referred: Option<(&'a str, &'a [String])>,
}

impl Convention {
    pub(crate) fn of(json: &Value) -> Self {
        let pairs = json.as_object().into_iter().flatten();
        let pairs = pairs.filter_map(|(kind, it)| Some((kind.clone(), it.as_str()?.to_owned())));
        let mut patterns: BTreeMap<String, String> = pairs.collect();
        if patterns.is_empty() {
            patterns.insert("ix".into(), "ix_%(column_0_label)s".into());
        }
        Self(patterns)
    }
}

/// A name that is a text, final (`op.f`), or quoted by order.
pub(crate) fn plain_name(json: &Value) -> Option<&str> {
    json.as_str()
        .or_else(|| text(json, "f"))
        .or_else(|| text(json, "name"))
}

impl Reader<'_> {
    /// The name of a constraint or index; none if nothing gives it one.
    pub(crate) fn name(&self, json: Option<&Value>, named: &Named<'_>) -> Option<String> {
        let pattern = self.convention.0.get(named.kind);
        let said = json.and_then(plain_name);
        let name = match (json, said, pattern) {
            (Some(Value::String(said)), _, Some(pattern))
                if pattern.contains("%(constraint_name)s") =>
            {
                Some(fill(pattern, named, said))
            }
            (_, Some(said), _) => Some(said.to_owned()),
            (_, None, Some(pattern)) if !pattern.contains("%(constraint_name)s") => {
                Some(self.kept(fill(pattern, named, "")))
            }
            _ => None,
        };
        self.given.borrow_mut().extend(name.clone());
        name
    }
}

impl Reader<'_> {
    /// A name that a convention made is cut where the database would cut it.
    fn kept(&self, name: String) -> String {
        let most = if self.is("postgresql") { 63 } else { 1000 };
        if name.len() <= most {
            return name;
        }
        let hash = name.bytes().fold(17_u32, |hash, byte| {
            hash.wrapping_mul(31).wrapping_add(byte.into())
        });
        let start: String = name.chars().take(most - 8).collect();
        format!("{start}_{:04x}", hash & 0xffff)
    }
}

fn fill(pattern: &str, it: &Named<'_>, said: &str) -> String {
    let label = |column: &String| match it.schema {
        Some(schema) => format!("{schema}_{}_{column}", it.table),
        None => format!("{}_{column}", it.table),
    };
    let first = it.columns.first().cloned().unwrap_or_default();
    let (referred, referred_columns) = it.referred.unwrap_or(("", &[]));
    let labels: Vec<String> = it.columns.iter().map(label).collect();
    let mut name = pattern.to_owned();
    for (token, value) in [
        ("table_name", it.table.to_owned()),
        ("constraint_name", said.to_owned()),
        ("column_0_name", first.clone()),
        ("column_0_key", first.clone()),
        ("column_0_label", label(&first)),
        ("column_0N_name", it.columns.concat()),
        ("column_0_N_name", it.columns.join("_")),
        ("column_0N_key", it.columns.concat()),
        ("column_0_N_key", it.columns.join("_")),
        ("column_0N_label", labels.concat()),
        ("column_0_N_label", labels.join("_")),
        ("referred_table_name", referred.to_owned()),
        (
            "referred_column_0_name",
            referred_columns.first().cloned().unwrap_or_default(),
        ),
        ("referred_column_0N_name", referred_columns.concat()),
        ("referred_column_0_N_name", referred_columns.join("_")),
    ] {
        name = name.replace(&format!("%({token})s"), &value);
    }
    name
}
