//! Creates an index.

use super::condition::{clause, is_idle};
use super::{Condition, Subject, Op, Operations, Pending, code, misfit, need_columns, table_mut};
use crate::error::Result;
use crate::schema::{Expr, Ident, Index, IndexClass, IndexPart, QualifiedName, Schema};
use crate::sql::{self, Clause, Spell, Statement};

/// Creates an index on a table that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    /// The table.
    pub table: QualifiedName,
    /// The index.
    pub index: Index,
    /// Only if there is no index of that name.
    pub if_not_exists: bool,
    /// Without keeping others from writing to the table meanwhile, and outside a transaction (PostgreSQL).
    pub concurrently: bool,
}

impl CreateIndex {
    /// Creates this index.
    pub fn new(table: impl Into<QualifiedName>, index: Index) -> Self {
        Self {
            table: table.into(),
            index,
            if_not_exists: false,
            concurrently: false,
        }
    }
}

impl Op for CreateIndex {
    fn summary(&self) -> String {
        let unique = if self.index.unique { "unique " } else { "" };
        format!("create {unique}index {} on {}", self.index.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        if is_idle(self, schema) {
            return Ok(());
        }
        let in_schema = &self.table.schema;
        let taken = schema
            .tables
            .values()
            .find(|it| it.name.schema == *in_schema && it.has_index(&self.index.name));
        if let Some(other) = taken {
            let reason = format!("`{}` has an index of that name", other.name);
            return Err(misfit(self, reason));
        }
        let table = table_mut(self, schema, &self.table)?;
        let columns = self.index.parts.iter().filter_map(IndexPart::as_column);
        need_columns(self, table, columns.chain(&self.index.include))?;
        table.indexes.push(self.index.clone());
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let table = spell.qualified(&self.table)?;
        let name = spell.quote(&self.index.name)?;
        let clause = clause(self, spell);
        let create = match self.concurrently && spell.has_concurrently() {
            true => Statement::outside(sql::create_index(
                spell,
                &format!("CONCURRENTLY {clause}{name}"),
                &table,
                &self.index,
            )?),
            false => sql::create_index(spell, &format!("{clause}{name}"), &table, &self.index)?.into(),
        };
        let alone = spell.index_name(&self.table, &self.index.name)?;
        let comment = sql::index_comment(spell, &alone, &self.index)?;
        Ok([create].into_iter().chain(comment).collect())
    }

    fn rust(&self) -> String {
        let mut code = format!(
            "op.create_index({}, {}, {}){}",
            code::string(&self.index.name),
            code::name(&self.table),
            code::index_parts(&self.index.parts),
            code::index_calls(&self.index)
        );
        if self.if_not_exists {
            code += ".if_not_exists()";
        }
        if self.concurrently {
            code += ".concurrently()";
        }
        code + ";"
    }

    fn condition(&self) -> Option<Condition<'_>> {
        self.if_not_exists.then_some(Condition {
            clause: Clause::CreateIndex,
            table: &self.table,
            subject: Subject::Index(&self.index.name),
        })
    }
}

impl Operations {
    /// Creates an index on columns, or on [`IndexPart`]s for expressions and orders.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Sqlite);
    /// op.create_index("ix_visits_patient", "visits", ["patient_id", "visit_date"]);
    /// op.create_index("ix_patients_email", "patients", [IndexPart::expr("lower(email)")]).unique();
    /// op.create_index("ix_visits_date", "visits", ["visit_date"]).if_not_exists().concurrently();
    /// ```
    #[doc = include_str!("sql/create_index.md")]
    #[track_caller]
    pub fn create_index(
        &mut self,
        name: impl Into<Ident>,
        table: impl Into<QualifiedName>,
        parts: impl IntoIterator<Item = impl Into<IndexPart>>,
    ) -> Pending<'_, CreateIndex> {
        self.pending(CreateIndex::new(table, Index::new(name, parts)))
    }
}

impl Pending<'_, CreateIndex> {
    /// Lets others write to the table while the index is built (PostgreSQL); the statement runs outside the transaction. If it
    /// fails, it leaves an index that no query uses: when the operation is run again, that one is dropped first. What comes of
    /// it is the same index, so that a database which has no such way builds it in its own.
    pub fn concurrently(mut self) -> Self {
        self.operation.concurrently = true;
        self
    }

    /// Refuses equal keys.
    pub fn unique(mut self) -> Self {
        self.operation.index.unique = true;
        self
    }

    /// By this access method (PostgreSQL).
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.operation.index.method = Some(name.into());
        self
    }

    /// Only the rows for which this holds.
    pub fn predicate(mut self, sql: impl Into<Expr>) -> Self {
        let index = self.operation.index.clone();
        self.operation.index = index.predicate(sql);
        self
    }

    /// Carries these columns too (PostgreSQL).
    pub fn include(mut self, columns: impl IntoIterator<Item = impl Into<Ident>>) -> Self {
        self.operation.index.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// A storage parameter, its value as SQL text: `parameter("fillfactor", "70")` (PostgreSQL).
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameters = &mut self.operation.index.parameters;
        parameters.insert(name.into(), value.into());
        self
    }

    /// Where it is stored (PostgreSQL).
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.operation.index.tablespace = Some(name.into());
        self
    }

    /// `FULLTEXT` or `SPATIAL` (MySQL).
    pub fn class(mut self, class: IndexClass) -> Self {
        self.operation.index.class = Some(class);
        self
    }

    /// The parser of a full-text index, `ngram` (MySQL).
    pub fn parser(mut self, name: impl Into<String>) -> Self {
        self.operation.index.parser = Some(name.into());
        self
    }

    /// Kept, and used by no query (MySQL 8, MariaDB 10.6).
    pub fn invisible(mut self) -> Self {
        self.operation.index.invisible = true;
        self
    }

    /// The comment, where the database keeps comments of indexes.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.operation.index.comment = Some(text.into());
        self
    }

    /// Two NULLs count as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.operation.index.nulls_not_distinct = true;
        self
    }
}
