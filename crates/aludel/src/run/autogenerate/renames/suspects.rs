//! What looks as if it had been renamed.

use super::{Rename, warning};
use crate::lint::Warning;
use crate::schema::{Ident, QualifiedName};

/// What looks as if it had been renamed: of one kind and in one place, one thing went and one came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// The table that a column is in, or none for a table.
    table: Option<QualifiedName>,
    from: QualifiedName,
    to: QualifiedName,
}

impl Suspect {
    pub(super) fn of_table(from: &QualifiedName, to: &QualifiedName) -> Self {
        Self {
            table: None,
            from: from.clone(),
            to: to.clone(),
        }
    }

    pub(super) fn of_column(table: &QualifiedName, from: &Ident, to: &Ident) -> Self {
        let plain = |name: &Ident| QualifiedName {
            schema: None,
            name: name.clone(),
        };
        Self {
            table: Some(table.clone()),
            from: plain(from),
            to: plain(to),
        }
    }

    fn full(&self, name: &QualifiedName) -> String {
        match &self.table {
            Some(table) => format!("{table}.{name}"),
            None => name.to_string(),
        }
    }

    /// What went and what came, without the table of a column.
    pub(super) fn names(&self) -> (&QualifiedName, &QualifiedName) {
        (&self.from, &self.to)
    }

    /// Whether both are about what went, or about what came.
    pub(super) fn shares(&self, other: &Self) -> bool {
        self.from == other.from || self.to == other.to
    }

    /// What went: `patients.name`, or `patients`.
    pub fn from(&self) -> String {
        self.full(&self.from)
    }

    /// What came: `patients.full_name`, or `people`.
    pub fn to(&self) -> String {
        self.full(&self.to)
    }

    /// `column`, or `table`.
    pub fn kind(&self) -> &'static str {
        match self.table {
            Some(_) => "column",
            None => "table",
        }
    }

    /// What says that it was renamed.
    pub fn rename(&self) -> Rename {
        let table = self.table.as_ref().unwrap_or(&self.from);
        let mut from: Vec<Ident> = table.schema.iter().cloned().collect();
        from.push(table.name.clone());
        if self.table.is_some() {
            from.push(self.from.name.clone());
        }
        let to = self.to.name.clone();
        Rename { from, to }
    }
}

/// What is said where nobody can be asked, in a sentence for each thing that went.
pub(super) fn warnings(suspects: &[Suspect]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (at, first) in suspects.iter().enumerate() {
        let same = |it: &&Suspect| it.table == first.table && it.from == first.from;
        if suspects[..at].iter().any(|it| same(&it)) {
            continue;
        }
        let (kind, from) = (first.kind(), first.from());
        let came: Vec<String> = suspects
            .iter()
            .filter(same)
            .map(|it| format!("'{}'", it.to()))
            .collect();
        warnings.push(warning(format!(
            "Removed {kind} '{from}' and added {kind} {}: what the first holds would be lost. If it was renamed, say \
             `renamed_from = \"{}\"` in the model, or `--rename {}`",
            came.join(", "),
            first.from.name,
            first.rename()
        )));
    }
    warnings
}
