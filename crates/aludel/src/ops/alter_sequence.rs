//! Changes a sequence.

use super::{Op, Operations, Pending, code};
use crate::error::{Error, Result};
use crate::schema::{Ident, QualifiedName, Schema, Type};
use crate::sql::{Spell, Statement};

/// Changes what is said of a sequence; what is not said stays.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterSequence {
    /// The sequence.
    pub name: QualifiedName,
    /// The type of its numbers.
    pub ty: Option<Type>,
    /// The number with which it starts when it is restarted.
    pub start: Option<i64>,
    /// Starts again: from this number, or from its first.
    pub restart: Option<Option<i64>>,
    /// The step.
    pub increment: Option<i64>,
    /// The least number, or none but that of its type.
    pub min: Option<Option<i64>>,
    /// The greatest number, or none but that of its type.
    pub max: Option<Option<i64>>,
    /// How many numbers a session takes at once.
    pub cache: Option<i64>,
    /// Whether it starts again at its end.
    pub cycle: Option<bool>,
    /// The column with which it goes, or none.
    pub owned_by: Option<Option<(QualifiedName, Ident)>>,
}

impl AlterSequence {
    /// Changes nothing yet.
    pub fn new(name: impl Into<QualifiedName>) -> Self {
        Self {
            name: name.into(),
            ty: None,
            start: None,
            restart: None,
            increment: None,
            min: None,
            max: None,
            cache: None,
            cycle: None,
            owned_by: None,
        }
    }

    /// The clauses, in the order in which they are said here.
    fn clauses(&self, spell: &dyn Spell) -> Result<Vec<String>> {
        let mut clauses = Vec::new();
        if let Some(ty) = &self.ty {
            clauses.push(format!("AS {}", spell.spell_type(ty)?));
        }
        let bound = |word: &str, bound: Option<i64>| match bound {
            Some(number) => format!("{word} {number}"),
            None => format!("NO {word}"),
        };
        clauses.extend(self.increment.map(|it| format!("INCREMENT BY {it}")));
        clauses.extend(self.min.map(|it| bound("MINVALUE", it)));
        clauses.extend(self.max.map(|it| bound("MAXVALUE", it)));
        clauses.extend(self.start.map(|it| format!("START WITH {it}")));
        clauses.extend(self.restart.map(|it| match it {
            Some(number) => format!("RESTART WITH {number}"),
            None => "RESTART".into(),
        }));
        clauses.extend(self.cache.map(|it| format!("CACHE {it}")));
        clauses.extend(self.cycle.map(|it| match it {
            true => "CYCLE".to_string(),
            false => "NO CYCLE".to_string(),
        }));
        match &self.owned_by {
            Some(Some((table, column))) => {
                let (table, column) = (spell.qualified(table)?, spell.quote(column)?);
                clauses.push(format!("OWNED BY {table}.{column}"));
            }
            Some(None) => clauses.push("OWNED BY NONE".into()),
            None => {}
        }
        Ok(clauses)
    }
}

impl Op for AlterSequence {
    fn summary(&self) -> String {
        format!("alter sequence {}", self.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let Some(it) = schema.objects.sequences.get_mut(&self.name) else {
            return Ok(());
        };
        let change = |old: &mut Option<i64>, new: Option<i64>| *old = new.or(*old);
        change(&mut it.start, self.start);
        change(&mut it.increment, self.increment);
        change(&mut it.cache, self.cache);
        it.ty = self.ty.clone().or(it.ty.take());
        it.min = self.min.unwrap_or(it.min);
        it.max = self.max.unwrap_or(it.max);
        it.cycle = self.cycle.unwrap_or(it.cycle);
        if let Some(owner) = &self.owned_by {
            it.owned_by = owner.clone();
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let clauses = self.clauses(spell)?;
        if clauses.is_empty() {
            return Err(Error::Schema {
                operation: self.summary(),
                reason: "nothing is said of it".into(),
            });
        }
        let name = spell.qualified(&self.name)?;
        Ok(vec![
            format!("ALTER SEQUENCE {name} {}", clauses.join(" ")).into(),
        ])
    }

    fn rust(&self) -> String {
        let mut code = format!("op.alter_sequence({})", code::name(&self.name));
        if let Some(ty) = &self.ty {
            code += &format!(".set_type({})", code::ty(ty));
        }
        for (call, number) in [
            ("increment", self.increment.map(Some)),
            ("min", self.min),
            ("max", self.max),
            ("start", self.start.map(Some)),
            ("restart", self.restart),
            ("cache", self.cache.map(Some)),
        ] {
            code += &match (call, number) {
                (_, None) => String::new(),
                ("restart", Some(None)) => ".restart()".into(),
                ("restart", Some(Some(number))) => format!(".restart_with({number})"),
                (_, Some(None)) => format!(".no_{call}()"),
                (_, Some(Some(number))) => format!(".{call}({number})"),
            };
        }
        code += match self.cycle {
            Some(true) => ".cycle()",
            Some(false) => ".no_cycle()",
            None => "",
        };
        code += &match &self.owned_by {
            Some(Some((table, column))) => {
                format!(".owned_by({}, {})", code::name(table), code::string(column))
            }
            Some(None) => ".owned_by_none()".into(),
            None => String::new(),
        };
        code + ";"
    }
}

impl Operations {
    /// Changes a sequence: say what, one call after the other (PostgreSQL, MariaDB).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.alter_sequence("ticket_number").increment(10).restart_with(5000);
    /// op.alter_sequence("invoice_number").owned_by("invoices", "number");
    /// ```
    #[doc = include_str!("sql/alter_sequence.md")]
    #[track_caller]
    pub fn alter_sequence(
        &mut self,
        name: impl Into<QualifiedName>,
    ) -> Pending<'_, AlterSequence> {
        self.pending(AlterSequence::new(name))
    }
}

/// Declares calls that set one field each.
macro_rules! sets {
    ($($(#[$doc:meta])* $call:ident($($argument:ident: $ty:ty)?) $field:ident = $value:expr;)+) => {
        impl Pending<'_, AlterSequence> {
            $($(#[$doc])*
            pub fn $call(mut self $(, $argument: $ty)?) -> Self {
                self.operation.$field = Some($value);
                self
            })+
        }
    };
}
sets! {
    /// The type of its numbers (PostgreSQL).
    set_type(ty: Type) ty = ty;
    /// The number with which it starts when it is restarted.
    start(number: i64) start = number;
    /// Starts again from its first number.
    restart() restart = None;
    /// Starts again from this number.
    restart_with(number: i64) restart = Some(number);
    /// The step from one number to the next.
    increment(by: i64) increment = by;
    /// The least number.
    min(number: i64) min = Some(number);
    /// No least number but that of its type.
    no_min() min = None;
    /// The greatest number.
    max(number: i64) max = Some(number);
    /// No greatest number but that of its type.
    no_max() max = None;
    /// How many numbers a session takes at once.
    cache(numbers: i64) cache = numbers;
    /// Starts again at its end.
    cycle() cycle = true;
    /// Ends at its end.
    no_cycle() cycle = false;
    /// Goes with no column (PostgreSQL).
    owned_by_none() owned_by = None;
}

impl Pending<'_, AlterSequence> {
    /// Goes when this column goes (PostgreSQL).
    pub fn owned_by(mut self, table: impl Into<QualifiedName>, column: impl Into<Ident>) -> Self {
        self.operation.owned_by = Some(Some((table.into(), column.into())));
        self
    }
}
