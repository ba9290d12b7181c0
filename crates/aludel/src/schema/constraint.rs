//! Constraints: primary key, unique, foreign key, check, exclusion.

use super::{Exclude, Expr, Ident, QualifiedName, Spelled};
use serde::{Deserialize, Serialize};

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An exclusion constraint (PostgreSQL).
    Exclude(Exclude),
}

impl Constraint {
    /// The name, if it has one.
    pub fn name(&self) -> Option<&Ident> {
        match self {
            Self::PrimaryKey(it) => it.name.as_ref(),
            Self::Unique(it) => it.name.as_ref(),
            Self::ForeignKey(it) => it.name.as_ref(),
            Self::Check(it) => it.name.as_ref(),
            Self::Exclude(it) => it.name.as_ref(),
        }
    }

    /// Gives it a name, or takes it away.
    pub fn set_name(&mut self, name: Option<Ident>) {
        match self {
            Self::PrimaryKey(it) => it.name = name,
            Self::Unique(it) => it.name = name,
            Self::ForeignKey(it) => it.name = name,
            Self::Check(it) => it.name = name,
            Self::Exclude(it) => it.name = name,
        }
    }

    /// What SQLite is to do with a row that breaks it, if that is said.
    pub fn on_conflict(&self) -> Option<OnConflict> {
        match self {
            Self::PrimaryKey(it) => it.on_conflict,
            Self::Unique(it) => it.on_conflict,
            Self::ForeignKey(_) | Self::Check(_) | Self::Exclude(_) => None,
        }
    }

    /// The columns of its own table that it covers; none for a check, whose text is not read here, nor for an exclusion
    /// constraint, whose keys may be expressions.
    pub fn columns(&self) -> &[Ident] {
        match self {
            Self::PrimaryKey(it) => &it.columns,
            Self::Unique(it) => &it.columns,
            Self::ForeignKey(it) => &it.columns,
            Self::Check(_) | Self::Exclude(_) => &[],
        }
    }

    /// The same, to be changed when a column is renamed.
    pub(crate) fn columns_mut(&mut self) -> &mut [Ident] {
        match self {
            Self::PrimaryKey(it) => &mut it.columns,
            Self::Unique(it) => &mut it.columns,
            Self::ForeignKey(it) => &mut it.columns,
            Self::Check(_) | Self::Exclude(_) => &mut [],
        }
    }
}

/// What SQLite does when a row breaks a constraint (`ON CONFLICT`, <https://www.sqlite.org/lang_conflict.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Undo the transaction.
    Rollback,
    /// Undo the statement: the default.
    Abort,
    /// Stop, keeping what the statement did so far.
    Fail,
    /// Skip the row.
    Ignore,
    /// Replace the row that is in the way.
    Replace,
}

impl OnConflict {
    /// As SQL spells it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Rollback => "ROLLBACK",
            Self::Abort => "ABORT",
            Self::Fail => "FAIL",
            Self::Ignore => "IGNORE",
            Self::Replace => "REPLACE",
        }
    }
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// At once, always.
    #[default]
    No,
    /// At once, unless a transaction asks to wait (`DEFERRABLE INITIALLY IMMEDIATE`).
    Immediate,
    /// When the transaction commits (`DEFERRABLE INITIALLY DEFERRED`).
    Deferred,
}

/// What a foreign key does when the referenced row is deleted, or its key changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Refuse, when the constraint is checked.
    #[default]
    NoAction,
    /// Refuse, at once.
    Restrict,
    /// Delete or change the referencing rows too.
    Cascade,
    /// Set the referencing columns to NULL.
    SetNull,
    /// Set the referencing columns to their defaults.
    SetDefault,
}

impl Action {
    /// As SQL spells it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

/// The primary key of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryKey {
    /// The name, if it has one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub name: Option<Ident>,
    /// The columns, in order.
    pub columns: Vec<Ident>,
    /// SQLite's conflict clause.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub on_conflict: Option<OnConflict>,
    /// When it is checked (PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub deferrable: Deferrable,
    /// Columns that its index carries without searching by them (`INCLUDE`, PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub include: Vec<Ident>,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// The name, if it has one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub name: Option<Ident>,
    /// The columns, in order.
    pub columns: Vec<Ident>,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub deferrable: Deferrable,
    /// Whether two NULLs count as equal (PostgreSQL 15).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub nulls_not_distinct: bool,
    /// SQLite's conflict clause.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub on_conflict: Option<OnConflict>,
    /// Columns that its index carries without searching by them (`INCLUDE`, PostgreSQL).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub include: Vec<Ident>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// The name, if it has one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub name: Option<Ident>,
    /// The referencing columns.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QualifiedName,
    /// The referenced columns, in the order of the referencing ones. Empty means the primary key, as SQLite allows.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub referred: Vec<Ident>,
    /// On delete of the referenced row.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub on_delete: Action,
    /// On change of the referenced key.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub on_update: Action,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub deferrable: Deferrable,
    /// `MATCH FULL`: all referencing columns NULL, or none.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub match_full: bool,
    /// The rows that are there already are not looked at, until `validate_constraint` (PostgreSQL: `NOT VALID`).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub not_valid: bool,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The name, if it has one.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub name: Option<Ident>,
    /// What must not be false.
    pub expr: Spelled<Expr>,
    /// The rows that are there already are not looked at, until `validate_constraint` (PostgreSQL: `NOT VALID`).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub not_valid: bool,
    /// Children that inherit from the table do not get it (PostgreSQL: `NO INHERIT`).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub no_inherit: bool,
    /// Kept, and not held to (MySQL 8.0.16, PostgreSQL 18: `NOT ENFORCED`).
    #[serde(default, skip_serializing_if = "super::absent")]
    pub not_enforced: bool,
}

fn idents(names: impl IntoIterator<Item = impl Into<Ident>>) -> Vec<Ident> {
    names.into_iter().map(Into::into).collect()
}

macro_rules! named {
    ($($constraint:ident),*) => {$(
        impl $constraint {
            /// Gives it a name.
            pub fn named(mut self, name: impl Into<Ident>) -> Self {
                self.name = Some(name.into());
                self
            }
        }

        impl From<$constraint> for Constraint {
            fn from(it: $constraint) -> Self {
                Self::$constraint(it)
            }
        }
    )*};
}
named!(PrimaryKey, Unique, ForeignKey, Check, Exclude);

impl PrimaryKey {
    /// A primary key on these columns.
    pub fn new(columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        Self {
            name: None,
            columns: idents(columns),
            on_conflict: None,
            deferrable: Deferrable::No,
            include: Vec::new(),
        }
    }

    /// When it is checked (PostgreSQL).
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = deferrable;
        self
    }

    /// Its index carries these columns too (PostgreSQL).
    pub fn include(mut self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.include = idents(columns);
        self
    }

    /// SQLite's conflict clause.
    pub fn on_conflict(mut self, resolution: OnConflict) -> Self {
        self.on_conflict = Some(resolution);
        self
    }
}

impl Unique {
    /// A unique constraint on these columns.
    pub fn new(columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        Self {
            name: None,
            columns: idents(columns),
            deferrable: Deferrable::No,
            nulls_not_distinct: false,
            on_conflict: None,
            include: Vec::new(),
        }
    }

    /// Its index carries these columns too (PostgreSQL).
    pub fn include(mut self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.include = idents(columns);
        self
    }

    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = deferrable;
        self
    }

    /// Two NULLs count as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// SQLite's conflict clause.
    pub fn on_conflict(mut self, resolution: OnConflict) -> Self {
        self.on_conflict = Some(resolution);
        self
    }
}

impl ForeignKey {
    /// A foreign key from these columns to those of another table.
    pub fn new(
        columns: impl IntoIterator<Item = impl Into<Ident>>,
        references: impl Into<QualifiedName>,
        referred: impl IntoIterator<Item = impl Into<Ident>>,
    ) -> Self {
        Self {
            name: None,
            columns: idents(columns),
            references: references.into(),
            referred: idents(referred),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            match_full: false,
            not_valid: false,
        }
    }

    /// The rows that are there already are not looked at, until `validate_constraint` (PostgreSQL: `NOT VALID`).
    pub fn not_valid(mut self) -> Self {
        self.not_valid = true;
        self
    }

    /// On delete of the referenced row.
    pub fn on_delete(mut self, action: Action) -> Self {
        self.on_delete = action;
        self
    }

    /// On change of the referenced key.
    pub fn on_update(mut self, action: Action) -> Self {
        self.on_update = action;
        self
    }

    /// When it is checked.
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = deferrable;
        self
    }

    /// `MATCH FULL`.
    pub fn match_full(mut self) -> Self {
        self.match_full = true;
        self
    }
}

impl Check {
    /// A check of an SQL expression.
    pub fn new(expr: impl Into<Expr>) -> Self {
        Self {
            name: None,
            expr: Spelled::new(expr.into()),
            not_valid: false,
            no_inherit: false,
            not_enforced: false,
        }
    }

    /// The rows that are there already are not looked at, until `validate_constraint` (PostgreSQL: `NOT VALID`).
    pub fn not_valid(mut self) -> Self {
        self.not_valid = true;
        self
    }

    /// Kept, and not held to (MySQL 8.0.16, PostgreSQL 18: `NOT ENFORCED`).
    pub fn not_enforced(mut self) -> Self {
        self.not_enforced = true;
        self
    }

    /// Children that inherit from the table do not get it (PostgreSQL: `NO INHERIT`).
    pub fn no_inherit(mut self) -> Self {
        self.no_inherit = true;
        self
    }
}
