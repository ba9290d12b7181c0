//! RULES: what in a list of operations is risky, in a sentence each. A new rule is one file and one line here.

use crate::ops::Operation;
use crate::schema::Schema;

mod data_goes;
mod loss;
mod made_anew;
mod narrowing_type;
mod not_null_on_rows;
mod rows_must_agree;
mod set_not_null;
mod values_go;

pub use loss::{Loss, Losses};

/// A rule.
pub struct Rule {
    /// Its name, for switching it off and for looking it up.
    pub name: &'static str,
    /// What it has to say of an operation on a database as it was before all of them.
    pub check: fn(&Operation, &Schema) -> Option<String>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Rule").field(&self.name).finish()
    }
}

/// All rules.
pub const RULES: &[Rule] = &[
    not_null_on_rows::RULE,
    set_not_null::RULE,
    narrowing_type::RULE,
    rows_must_agree::RULE,
    values_go::RULE,
    data_goes::RULE,
    made_anew::RULE,
];

/// The name of the rule about what is dropped with what it holds.
pub(crate) const DATA_GOES: &str = data_goes::RULE.name;

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The rule.
    pub rule: &'static str,
    /// What it said.
    pub message: String,
    /// Which of the operations it is about; none if it is about something that none of them does.
    pub operation: Option<usize>,
}

/// What the rules say of operations on a database that is as `before`, in the order of the operations.
pub fn lint(operations: &[Operation], before: &Schema) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        for rule in RULES {
            if let Some(message) = (rule.check)(operation, before) {
                warnings.push(Warning {
                    rule: rule.name,
                    message,
                    operation: Some(at),
                });
            }
        }
    }
    warnings
}
