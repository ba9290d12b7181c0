//! Triggers.

use super::{Deferrable, Expr, Holds, Ident, QualifiedName, Spelled};
use serde::{Deserialize, Serialize};

/// A trigger of a table or a view. It fires for each row unless [`Trigger::for_each_statement`] is said.
///
/// What it does is said as the call of a function where the database wants one (PostgreSQL), and as statements where it wants
/// these (SQLite, MySQL); a trigger may have both.
///
/// ```
/// use aludel::schema::Trigger;
///
/// let touch = Trigger::new("touch", "visits").before().update().execute("touch()");
/// let log = Trigger::new("log", "visits")
///     .after()
///     .insert()
///     .body("INSERT INTO log VALUES (NEW.id)");
/// assert_eq!((touch.events.len(), log.events.len()), (1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// The name.
    pub name: Ident,
    /// The table or view.
    pub table: QualifiedName,
    /// When it fires.
    pub timing: Timing,
    /// On what it fires.
    pub events: Vec<TriggerEvent>,
    /// Whether it fires once for a statement, not for each row.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub for_each_statement: bool,
    /// Only where this holds.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub when: Option<Spelled<Expr>>,
    /// The function that it calls, with its arguments, as SQL text: `touch('changed')`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub execute: Option<String>,
    /// The statements between `BEGIN` and `END`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub body: Option<String>,
    /// PostgreSQL: `CREATE CONSTRAINT TRIGGER`.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub constraint: bool,
    /// PostgreSQL: when a constraint trigger fires.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub deferrable: Deferrable,
    /// PostgreSQL: the table that a constraint trigger refers to.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub refers_to: Option<QualifiedName>,
    /// PostgreSQL: the name by which its function sees the rows as they were.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub old_table: Option<Ident>,
    /// PostgreSQL: the name by which its function sees the rows as they are.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub new_table: Option<Ident>,
    /// PostgreSQL: whether it fires at all.
    #[serde(default, skip_serializing_if = "super::absent")]
    pub fires: Fires,
    /// What it holds on to in the database that it was inspected in. No part of equality.
    #[serde(default, skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
}

/// Whether a trigger fires
/// (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fires {
    /// Never.
    Never,
    /// Unless rows are replicated.
    #[default]
    AtOrigin,
    /// Only where rows are replicated.
    OnReplica,
    /// In either case.
    Always,
}

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before the event.
    Before,
    /// After the event.
    After,
    /// Instead of it, on a view.
    InsteadOf,
}

impl Timing {
    /// The keywords.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Before => "BEFORE",
            Self::After => "AFTER",
            Self::InsteadOf => "INSTEAD OF",
        }
    }
}

/// What a trigger fires on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// A new row.
    Insert,
    /// A changed row; with columns, one in which these are set.
    Update(Vec<Ident>),
    /// A deleted row.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

impl Trigger {
    /// A trigger that fires after nothing yet.
    pub fn new(name: impl Into<Ident>, table: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            table: table.into(),
            timing: Timing::After,
            events: Vec::new(),
            for_each_statement: false,
            when: None,
            execute: None,
            body: None,
            constraint: false,
            deferrable: Deferrable::No,
            refers_to: None,
            old_table: None,
            new_table: None,
            fires: Fires::AtOrigin,
            holds: Holds::default(),
        }
    }

    /// Before the event.
    pub fn before(mut self) -> Self {
        self.timing = Timing::Before;
        self
    }

    /// After the event.
    pub fn after(mut self) -> Self {
        self.timing = Timing::After;
        self
    }

    /// Instead of the event, on a view.
    pub fn instead_of(mut self) -> Self {
        self.timing = Timing::InsteadOf;
        self
    }

    /// On new rows.
    pub fn insert(self) -> Self {
        self.on(TriggerEvent::Insert)
    }

    /// On changed rows.
    pub fn update(self) -> Self {
        self.on(TriggerEvent::Update(Vec::new()))
    }

    /// On rows in which these columns are set.
    pub fn update_of(self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        self.on(TriggerEvent::Update(columns))
    }

    /// On deleted rows.
    pub fn delete(self) -> Self {
        self.on(TriggerEvent::Delete)
    }

    /// On `TRUNCATE` (PostgreSQL).
    pub fn truncate(self) -> Self {
        self.on(TriggerEvent::Truncate)
    }

    fn on(mut self, event: TriggerEvent) -> Self {
        self.events.push(event);
        self
    }

    /// Once for each statement (PostgreSQL).
    pub fn for_each_statement(mut self) -> Self {
        self.for_each_statement = true;
        self
    }

    /// Only where this holds.
    pub fn when(mut self, sql: impl Into<Expr>) -> Self {
        self.when = Some(Spelled::new(sql.into()));
        self
    }

    /// Calls a function, given with its arguments as SQL text: `touch('changed')` (PostgreSQL).
    pub fn execute(mut self, call: impl Into<String>) -> Self {
        self.execute = Some(call.into());
        self
    }

    /// Runs these statements: what stands between `BEGIN` and `END` (SQLite, MySQL).
    pub fn body(mut self, statements: impl Into<String>) -> Self {
        self.body = Some(statements.into());
        self
    }

    /// A constraint trigger (PostgreSQL).
    pub fn constraint(mut self) -> Self {
        self.constraint = true;
        self
    }

    /// When a constraint trigger fires (PostgreSQL).
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = deferrable;
        self
    }

    /// The table that a constraint trigger refers to (PostgreSQL).
    pub fn refers_to(mut self, table: impl Into<QualifiedName>) -> Self {
        self.refers_to = Some(table.into());
        self
    }

    /// Whether it fires at all (PostgreSQL): not while it is switched off, or also where rows are replicated.
    pub fn fires(mut self, fires: Fires) -> Self {
        self.fires = fires;
        self
    }

    /// The name by which its function sees the rows as they were (PostgreSQL).
    pub fn old_table(mut self, name: impl Into<Ident>) -> Self {
        self.old_table = Some(name.into());
        self
    }

    /// The name by which its function sees the rows as they are (PostgreSQL).
    pub fn new_table(mut self, name: impl Into<Ident>) -> Self {
        self.new_table = Some(name.into());
        self
    }
}
