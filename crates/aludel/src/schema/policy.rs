//! Policies: which rows of a table who may see and write (PostgreSQL).

use super::{Expr, Holds, Ident, QualifiedName, Spelled};
use serde::{Deserialize, Serialize};

/// A policy of a table, which holds where its row level security is on.
///
/// ```
/// use aludel::schema::{Policy, PolicyCommand};
///
/// let own = Policy::new("own", "visits")
///     .command(PolicyCommand::Select)
///     .to(["doctors"])
///     .using("doctor = current_user");
/// assert!(own.permissive);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The name.
    pub name: Ident,
    /// The table.
    pub table: QualifiedName,
    /// What it is about.
    pub command: PolicyCommand,
    /// Whom it concerns; empty is everybody. `CURRENT_USER`, `CURRENT_ROLE` and `SESSION_USER`, so written, are no names but
    /// the roles of the session.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub roles: Vec<Ident>,
    /// Which rows are there for them.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub using: Option<Spelled<Expr>>,
    /// Which rows they may write.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub with_check: Option<Spelled<Expr>>,
    /// Whether it lets rows pass; a restrictive one holds back what others let pass.
    pub permissive: bool,
    /// What it holds on to in the database that it was inspected in. No part of equality.
    #[serde(default, skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
}

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// Everything.
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl PolicyCommand {
    /// The keyword.
    pub fn sql(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// Whether the policies of a table hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSecurity {
    /// Whether they hold at all.
    pub enabled: bool,
    /// Whether they hold for the table's owner, too.
    pub forced: bool,
}

impl Policy {
    /// A permissive policy about everything, for everybody.
    pub fn new(name: impl Into<Ident>, table: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            table: table.into(),
            command: PolicyCommand::All,
            roles: Vec::new(),
            using: None,
            with_check: None,
            permissive: true,
            holds: Holds::default(),
        }
    }

    /// What it is about.
    pub fn command(mut self, command: PolicyCommand) -> Self {
        self.command = command;
        self
    }

    /// Whom it concerns.
    pub fn to(mut self, roles: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.roles = roles.into_iter().map(Into::into).collect();
        self
    }

    /// Which rows are there for them.
    pub fn using(mut self, sql: impl Into<Expr>) -> Self {
        self.using = Some(Spelled::new(sql.into()));
        self
    }

    /// Which rows they may write.
    pub fn with_check(mut self, sql: impl Into<Expr>) -> Self {
        self.with_check = Some(Spelled::new(sql.into()));
        self
    }

    /// Holds back what other policies let pass.
    pub fn restrictive(mut self) -> Self {
        self.permissive = false;
        self
    }
}
