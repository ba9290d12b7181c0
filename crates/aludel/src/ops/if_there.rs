//! What becomes of an operation that creates what is there already.

use super::{
    CreateExtension, CreateFunction, CreateSchema, CreateSequence, CreateTrigger, CreateView, Op,
    Pending, misfit,
};
use crate::error::{Error, Result};
use crate::sql::Spell;

/// What is to become of what is there already, when it is created.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IfThere {
    /// It is an error.
    #[default]
    Fail,
    /// It stays as it is: `IF NOT EXISTS`.
    Keep,
    /// The new one takes its place: `OR REPLACE`.
    Replace,
}

impl IfThere {
    /// The call that says it.
    pub(super) fn call(self) -> &'static str {
        match self {
            Self::Fail => "",
            Self::Keep => ".if_not_exists()",
            Self::Replace => ".or_replace()",
        }
    }

    /// Whether the operation makes anything where such an object is there already, or not yet.
    pub(super) fn makes(self, op: &dyn Op, there: bool) -> Result<bool> {
        match self {
            Self::Fail if there => Err(misfit(op, "it is there already")),
            Self::Keep => Ok(!there),
            _ => Ok(true),
        }
    }

    /// `CREATE OR REPLACE VIEW`, `CREATE VIEW IF NOT EXISTS`: where the database has what is asked for.
    pub(crate) fn create(
        self,
        op: &dyn Op,
        spell: &dyn Spell,
        kind: &str,
        has: &[IfThere],
    ) -> Result<String> {
        if self != Self::Fail && !has.contains(&self) {
            let (asked, instead) = match self {
                Self::Replace => ("or replace it", "drop it before"),
                _ if has.contains(&Self::Replace) => ("if it is not there", "say `or_replace`"),
                _ => (
                    "if it is not there",
                    "create it in a step (`op.run`) that has looked",
                ),
            };
            return Err(Error::Unsupported {
                operation: format!("{} {asked}", op.summary()),
                dialect: spell.name(),
                instead: instead.into(),
            });
        }
        Ok(match self {
            Self::Fail => format!("CREATE {kind}"),
            Self::Keep => format!("CREATE {kind} IF NOT EXISTS"),
            Self::Replace => format!("CREATE OR REPLACE {kind}"),
        })
    }
}

macro_rules! calls {
    ($call:ident = $value:ident, $doc:literal: $($operation:ident),+) => {$(
        impl Pending<'_, $operation> {
            #[doc = $doc]
            pub fn $call(mut self) -> Self {
                self.operation.if_there = IfThere::$value;
                self
            }
        }
    )+};
}
calls! {
    if_not_exists = Keep, "Leaves one that is there already as it is, whatever it is like.":
    CreateSchema, CreateSequence, CreateView, CreateTrigger, CreateExtension
}
calls! {
    or_replace = Replace, "Takes the place of one that is there already.":
    CreateSequence, CreateView, CreateFunction, CreateTrigger
}
