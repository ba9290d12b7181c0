//! Creates a sequence.

use super::{IfThere, Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Schema, Sequence};
use crate::sql::{Spell, Statement};

/// Creates a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSequence {
    /// The sequence.
    pub sequence: Sequence,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl Op for CreateSequence {
    fn summary(&self) -> String {
        format!("create sequence {}", self.sequence.name)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let (sequences, it) = (&mut schema.objects.sequences, &self.sequence);
        if self.if_there.makes(self, sequences.contains_key(&it.name))? {
            sequences.insert(it.name.clone(), it.clone());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.sequence;
        let has = [IfThere::Keep];
        let create = self.if_there.create(self, spell, "SEQUENCE", &has)?;
        let mut sql = format!("{create} {}", spell.qualified(&it.name)?);
        if let Some(ty) = &it.ty {
            sql += &format!(" AS {}", spell.spell_type(ty)?);
        }
        for (words, number) in [
            (" INCREMENT BY", it.increment),
            (" MINVALUE", it.min),
            (" MAXVALUE", it.max),
            (" START WITH", it.start),
            (" CACHE", it.cache),
        ] {
            if let Some(number) = number {
                sql += &format!("{words} {number}");
            }
        }
        if it.cycle {
            sql += " CYCLE";
        }
        if let Some((table, column)) = &it.owned_by {
            let (table, column) = (spell.qualified(table)?, spell.quote(column)?);
            sql += &format!(" OWNED BY {table}.{column}");
        }
        Ok(vec![sql.into()])
    }

    fn rust(&self) -> String {
        let sequence = code::sequence(&self.sequence);
        format!("op.create_sequence({sequence}){};", self.if_there.call())
    }
}

impl Operations {
    /// Creates a sequence, given by name or as a [`Sequence`] (PostgreSQL, MariaDB).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_sequence("ticket_number");
    /// op.create_sequence(Sequence::new(("billing", "invoice_number")).start(1000).cache(20));
    /// ```
    #[doc = include_str!("sql/create_sequence.md")]
    #[track_caller]
    pub fn create_sequence(
        &mut self,
        sequence: impl Into<Sequence>,
    ) -> Pending<'_, CreateSequence> {
        self.pending(CreateSequence {
            sequence: sequence.into(),
            if_there: IfThere::Fail,
        })
    }
}
