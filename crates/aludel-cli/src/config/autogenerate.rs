//! The table `[autogenerate]`: what it says, as the library takes it.

use super::Lookup;
use super::keys;
use super::near::nearest;
use super::place::Place;
use crate::error::{CliError, CliResult};
use aludel::run::autogenerate::{Compare, NoPattern, Options};
use aludel::schema::ObjectKind;
use std::collections::BTreeMap;
use std::str::FromStr;
use toml::Spanned;

/// What autogenerate looks at, and what it writes.
#[derive(Debug, Default)]
pub(crate) struct Autogenerate {
    /// What is compared.
    pub(crate) options: Options,
    /// Whether a revision is written though nothing differs.
    pub(crate) empty_revision: bool,
}

/// Whether objects of a kind are compared, as it is written.
const SWITCH: [(&str, Compare); 3] = [
    ("on", Compare::On),
    ("off", Compare::Off),
    ("declared", Compare::Declared),
];

/// Reads the table; what is no pattern or no switch is an error with its line.
pub(super) fn read(
    keys: keys::Autogenerate,
    place: &Place<'_>,
    lookup: Lookup<'_>,
) -> CliResult<Autogenerate> {
    let kinds = [
        (ObjectKind::Schemas, keys.schemas),
        (ObjectKind::Extensions, keys.extensions),
        (ObjectKind::Sequences, keys.sequences),
        (ObjectKind::Domains, keys.domains),
        (ObjectKind::Functions, keys.functions),
        (ObjectKind::Views, keys.views),
        (ObjectKind::Triggers, keys.triggers),
        (ObjectKind::Policies, keys.policies),
    ];
    let mut switches = BTreeMap::new();
    for (kind, value) in kinds {
        if let Some(value) = value {
            switches.insert(kind, switch(kind, &value, place, lookup)?);
        }
    }
    let usual = Options::default();
    let options = Options {
        include_schemas: patterns(keys.include_schemas, place, lookup)?,
        exclude_schemas: patterns(keys.exclude_schemas, place, lookup)?,
        include_tables: patterns(keys.include_tables, place, lookup)?,
        exclude_tables: patterns(keys.exclude_tables, place, lookup)?,
        compare_type: keys.compare_type.unwrap_or(usual.compare_type),
        compare_server_default: keys
            .compare_server_default
            .unwrap_or(usual.compare_server_default),
        compare_comment: keys.compare_comment.unwrap_or(usual.compare_comment),
        compare_checks: keys.compare_checks.unwrap_or(usual.compare_checks),
        compare_uniques: keys.compare_uniques.unwrap_or(usual.compare_uniques),
        compare_foreign_keys: keys
            .compare_foreign_keys
            .unwrap_or(usual.compare_foreign_keys),
        compare_indexes: keys.compare_indexes.unwrap_or(usual.compare_indexes),
        kinds: switches,
        ..usual
    };
    Ok(Autogenerate {
        options,
        empty_revision: keys.empty_revision.unwrap_or(false),
    })
}

fn patterns<P: FromStr<Err = NoPattern>>(
    values: Option<Vec<Spanned<String>>>,
    place: &Place<'_>,
    lookup: Lookup<'_>,
) -> CliResult<Vec<P>> {
    let values = values.unwrap_or_default();
    let pattern = |value: &Spanned<String>| {
        let text = place.fill(value, false, lookup)?;
        text.parse()
            .map_err(|error: NoPattern| place.error(value.span().start, error.to_string()))
    };
    values.iter().map(pattern).collect()
}

fn switch(
    kind: ObjectKind,
    value: &Spanned<String>,
    place: &Place<'_>,
    lookup: Lookup<'_>,
) -> CliResult<Compare> {
    let text = place.fill(value, false, lookup)?;
    if let Some((_, compare)) = SWITCH.iter().find(|(word, _)| *word == text) {
        return Ok(*compare);
    }
    let words = SWITCH.map(|(word, _)| word);
    let message = format!("`{kind}` is \"on\", \"off\" or \"declared\", and not {text:?}");
    let mut error = place.error(value.span().start, message);
    if let CliError::Config { meant, .. } = &mut error {
        *meant = nearest(&text, &words).map(|it| format!("{it:?}"));
    }
    Err(error)
}
