//! Changes what only some databases know of a table: where and how it is stored.

use super::{Op, Operations, Pending, code, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema};
use crate::sql::{self, Spell, Statement};
use std::collections::BTreeMap;

/// Changes options of a table; what is not said stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct SetTableOptions {
    /// The table.
    pub table: QualifiedName,
    /// PostgreSQL: storage parameters, each with its value as SQL text, or none for the default.
    pub parameters: BTreeMap<String, Option<String>>,
    /// PostgreSQL: where it is stored.
    pub tablespace: Option<Ident>,
    /// PostgreSQL: whether it is written to the log.
    pub logged: Option<bool>,
    /// MySQL: the storage engine.
    pub engine: Option<String>,
    /// MySQL: the character set of columns that do not say one.
    pub charset: Option<String>,
    /// MySQL: the collation of columns that do not say one.
    pub collation: Option<String>,
    /// MySQL: whether the columns that are there, and the text that they hold, are converted to character set and collation.
    pub convert: bool,
    /// MySQL: any other option, by its name as SQL text.
    pub others: BTreeMap<String, String>,
}

impl SetTableOptions {
    /// No change yet.
    pub fn new(table: impl Into<QualifiedName>) -> Self {
        Self {
            table: table.into(),
            parameters: BTreeMap::new(),
            tablespace: None,
            logged: None,
            engine: None,
            charset: None,
            collation: None,
            convert: false,
            others: BTreeMap::new(),
        }
    }

    /// Whether it says something that only MySQL and MariaDB have.
    fn says_mysql(&self) -> bool {
        let texts = [&self.engine, &self.charset, &self.collation];
        self.convert || !self.others.is_empty() || texts.iter().any(|it| it.is_some())
    }
}

impl Op for SetTableOptions {
    fn summary(&self) -> String {
        format!("set options of table {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        let options = &mut table_mut(self, schema, &self.table)?.options;
        for (name, value) in &self.parameters {
            match value {
                Some(value) => options.parameters.insert(name.clone(), value.clone()),
                None => options.parameters.remove(name),
            };
        }
        if let Some(logged) = self.logged {
            options.unlogged = !logged;
        }
        let change = |old: &mut Option<String>, new: &Option<String>| {
            if new.is_some() {
                old.clone_from(new);
            }
        };
        change(&mut options.engine, &self.engine);
        change(&mut options.charset, &self.charset);
        change(&mut options.collation, &self.collation);
        if let Some(tablespace) = &self.tablespace {
            options.tablespace = Some(tablespace.clone());
        }
        options.others.extend(self.others.clone());
        Ok(())
    }

    /// PostgreSQL's; MySQL's options have a spelling of their own.
    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        if self.says_mysql() {
            return Err(crate::Error::Unsupported {
                operation: format!("{} that only MySQL and MariaDB have", self.summary()),
                dialect: spell.name(),
                instead: "record it for MySQL and MariaDB alone, by `op.database()`".into(),
            });
        }
        let alter = format!("ALTER TABLE {}", spell.qualified(&self.table)?);
        let mut sql = Vec::new();
        let mut set = Vec::new();
        let mut reset = Vec::new();
        for (name, value) in &self.parameters {
            let name = sql::parameter_name(spell, name)?;
            match value {
                Some(value) => set.push(format!("{name} = {value}")),
                None => reset.push(name),
            }
        }
        for (word, parameters) in [("SET", set), ("RESET", reset)] {
            if !parameters.is_empty() {
                sql.push(format!("{alter} {word} ({})", parameters.join(", ")));
            }
        }
        match self.logged {
            Some(true) => sql.push(format!("{alter} SET LOGGED")),
            Some(false) => sql.push(format!("{alter} SET UNLOGGED")),
            None => {}
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push(format!("{alter} SET TABLESPACE {}", spell.quote(tablespace)?));
        }
        Ok(sql.into_iter().map(Statement::from).collect())
    }

    fn rust(&self) -> String {
        let mut code = format!("op.set_table_options({})", code::name(&self.table));
        for (name, value) in &self.parameters {
            let name = code::string(name);
            code += &match value {
                Some(value) => format!(".parameter({name}, {})", code::string(value)),
                None => format!(".reset({name})"),
            };
        }
        let tablespace = self.tablespace.as_ref().map(ToString::to_string);
        for (said, call) in [
            (&tablespace, "tablespace"),
            (&self.engine, "engine"),
            (&self.charset, "charset"),
            (&self.collation, "collation"),
        ] {
            if let Some(text) = said {
                code += &format!(".{call}({})", code::string(text));
            }
        }
        match self.logged {
            Some(true) => code += ".logged()",
            Some(false) => code += ".unlogged()",
            None => {}
        }
        if self.convert {
            code += ".convert()";
        }
        code + &code::pairs("option", &self.others) + ";"
    }
}

impl Operations {
    /// Changes options of a table: complete it with what is to change.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # let op = &mut Operations::new(aludel::db::Kind::Postgres);
    /// op.set_table_options("log").parameter("fillfactor", "70").reset("autovacuum_enabled").unlogged();
    /// # let op = &mut Operations::new(aludel::db::Kind::Mysql);
    /// op.set_table_options("log").engine("InnoDB").charset("utf8mb4").convert();
    /// ```
    #[doc = include_str!("sql/set_table_options.md")]
    #[track_caller]
    pub fn set_table_options(
        &mut self,
        table: impl Into<QualifiedName>,
    ) -> Pending<'_, SetTableOptions> {
        self.pending(SetTableOptions::new(table))
    }
}

impl Pending<'_, SetTableOptions> {
    /// PostgreSQL: a storage parameter, its value as SQL text.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let parameters = &mut self.operation.parameters;
        parameters.insert(name.into(), Some(value.into()));
        self
    }

    /// PostgreSQL: a storage parameter, which gets its default.
    pub fn reset(mut self, name: impl Into<String>) -> Self {
        self.operation.parameters.insert(name.into(), None);
        self
    }

    /// PostgreSQL: where it is stored; the table is copied.
    pub fn tablespace(mut self, name: impl Into<Ident>) -> Self {
        self.operation.tablespace = Some(name.into());
        self
    }

    /// PostgreSQL: written to the log; the table is copied.
    pub fn logged(mut self) -> Self {
        self.operation.logged = Some(true);
        self
    }

    /// PostgreSQL: not written to the log, and empty after a crash; the table is copied.
    pub fn unlogged(mut self) -> Self {
        self.operation.logged = Some(false);
        self
    }

    /// MySQL: the storage engine.
    pub fn engine(mut self, name: impl Into<String>) -> Self {
        self.operation.engine = Some(name.into());
        self
    }

    /// MySQL: the character set of columns that do not say one.
    pub fn charset(mut self, name: impl Into<String>) -> Self {
        self.operation.charset = Some(name.into());
        self
    }

    /// MySQL: the collation of columns that do not say one.
    pub fn collation(mut self, name: impl Into<String>) -> Self {
        self.operation.collation = Some(name.into());
        self
    }

    /// MySQL: converts the columns that are there, and the text that they hold, to the character set and the collation.
    pub fn convert(mut self) -> Self {
        self.operation.convert = true;
        self
    }

    /// MySQL: any other option, its value as SQL text: `option("ROW_FORMAT", "COMPRESSED")`.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let others = &mut self.operation.others;
        others.insert(name.into(), value.into());
        self
    }
}
