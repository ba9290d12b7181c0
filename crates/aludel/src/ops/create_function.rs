//! Creates a function or a procedure.

use super::{IfThere, Op, Operations, Pending, code};
use crate::error::Result;
use crate::schema::{Function, Schema};
use crate::sql::{self, Spell, Statement};

/// Creates a function or a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateFunction {
    /// The function or procedure.
    pub function: Function,
    /// What becomes of one that is there.
    pub if_there: IfThere,
}

impl Op for CreateFunction {
    fn summary(&self) -> String {
        let it = &self.function;
        let kind = match it.procedure {
            true => "procedure",
            false => "function",
        };
        format!("create {kind} {}({})", it.name, it.arguments)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let it = &self.function;
        let functions = &mut schema.objects.functions;
        // One that has other defaults is the same one.
        let signature = it.signature();
        let there = functions.values().find(|other| {
            other.name == it.name && other.signature() == signature
        });
        let there = there.map(|it| (it.name.clone(), it.arguments.clone()));
        if self.if_there.makes(self, there.is_some())? {
            if let Some(there) = there {
                functions.remove(&there);
            }
            functions.insert((it.name.clone(), it.arguments.clone()), it.clone());
        }
        Ok(())
    }

    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let it = &self.function;
        let kind = match it.procedure {
            true => "PROCEDURE",
            false => "FUNCTION",
        };
        let has = [IfThere::Replace];
        let create = self.if_there.create(self, spell, kind, &has)?;
        let mut text = format!("{create} {}({})", spell.qualified(&it.name)?, it.arguments);
        if let Some(returns) = &it.returns {
            text += &format!("\nRETURNS {returns}");
        }
        let language = spell.quote(it.language.as_deref().unwrap_or("sql"))?;
        text += &format!("\nLANGUAGE {language}");
        for attribute in &it.attributes {
            text += &format!("\n{attribute}");
        }
        text += &match it.sql_body {
            true => format!("\n{}", sql::query(&it.body.as_str().into())),
            false => format!("\nAS {}", sql::dollar_quoted(spell, &it.body)?),
        };
        Ok(vec![text.into()])
    }

    fn rust(&self) -> String {
        let call = match self.function.procedure {
            true => "create_procedure",
            false => "create_function",
        };
        let function = code::function(&self.function);
        format!("op.{call}({function}){};", self.if_there.call())
    }
}

impl Operations {
    /// Creates a function (PostgreSQL, MySQL). PostgreSQL takes its body as a text, around which the quotes are put here.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_function(
    ///     Function::new("touch", "")
    ///         .returns("trigger")
    ///         .language("plpgsql")
    ///         .body("BEGIN NEW.changed := now(); RETURN NEW; END"),
    /// )
    /// .or_replace();
    /// ```
    #[doc = include_str!("sql/create_function.md")]
    #[track_caller]
    pub fn create_function(&mut self, function: Function) -> Pending<'_, CreateFunction> {
        self.pending(CreateFunction {
            function,
            if_there: IfThere::Fail,
        })
    }

    /// Creates a procedure (PostgreSQL, MySQL).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.create_procedure(
    ///     Function::new("forget", "before date").body("DELETE FROM visits WHERE visit_date < before"),
    /// );
    /// ```
    #[doc = include_str!("sql/create_procedure.md")]
    #[track_caller]
    pub fn create_procedure(&mut self, procedure: Function) -> Pending<'_, CreateFunction> {
        self.create_function(Function {
            procedure: true,
            ..procedure
        })
    }
}
