//! Changes what only some databases know of a table: where and how it is stored, and what it is a part of.

use super::{Op, code, misfit, table_mut};
use crate::error::Result;
use crate::schema::{Ident, QualifiedName, Schema, Spelled, TableOptions};
use crate::sql::{self, Spell, Statement};
use std::collections::BTreeMap;

mod recorder;

/// Changes options of a table; what is not said stays as it is, and `Some(None)` is what the database does by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SetTableOptions {
    /// The table.
    pub table: QualifiedName,
    /// SQLite: whether its types are held to.
    pub strict: Option<bool>,
    /// SQLite: whether its rows are kept by the primary key alone.
    pub without_rowid: Option<bool>,
    /// SQLite: whether a number that was given is never given again.
    pub autoincrement: Option<bool>,
    /// PostgreSQL: storage parameters, each with its value as SQL text, or none for the default.
    pub parameters: BTreeMap<String, Option<String>>,
    /// PostgreSQL: where it is stored.
    pub tablespace: Option<Option<Ident>>,
    /// PostgreSQL: whether it is written to the log.
    pub logged: Option<bool>,
    /// PostgreSQL: the access method of its rows.
    pub method: Option<Option<String>>,
    /// PostgreSQL: tables that it inherits from, from now on.
    pub inherit: Vec<QualifiedName>,
    /// PostgreSQL: tables that it inherits from no longer.
    pub no_inherit: Vec<QualifiedName>,
    /// MySQL: the storage engine.
    pub engine: Option<Option<String>>,
    /// MySQL: the character set of columns that do not say one.
    pub charset: Option<Option<String>>,
    /// MySQL: the collation of columns that do not say one.
    pub collation: Option<Option<String>>,
    /// MySQL: whether the columns that are there, and the text that they hold, are converted to character set and collation.
    pub convert: bool,
    /// MySQL: any other option, by its name as SQL text, with its value as SQL text, or none for the default.
    pub others: BTreeMap<String, Option<String>>,
    /// MySQL: how its rows are parted, or `Some(None)` for no longer.
    pub partition_by: Option<Option<String>>,
}

impl SetTableOptions {
    /// No change yet.
    pub fn new(table: impl Into<QualifiedName>) -> Self {
        Self {
            table: table.into(),
            strict: None,
            without_rowid: None,
            autoincrement: None,
            parameters: BTreeMap::new(),
            tablespace: None,
            logged: None,
            method: None,
            inherit: Vec::new(),
            no_inherit: Vec::new(),
            engine: None,
            charset: None,
            collation: None,
            convert: false,
            others: BTreeMap::new(),
            partition_by: None,
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::new(self.table.clone())
    }

    /// Whether it says something that only SQLite has.
    pub(crate) fn says_sqlite(&self) -> bool {
        [self.strict, self.without_rowid, self.autoincrement]
            .iter()
            .any(Option::is_some)
    }

    /// Whether it says something that only PostgreSQL has.
    pub fn says_postgres(&self) -> bool {
        let family = !self.inherit.is_empty() || !self.no_inherit.is_empty();
        let stored = self.logged.is_some() || self.method.is_some();
        family || stored || !self.parameters.is_empty()
    }

    /// Whether it says something that only MySQL and MariaDB have.
    pub(crate) fn says_mysql(&self) -> bool {
        let texts = [&self.engine, &self.charset, &self.collation];
        let said = self.convert || !self.others.is_empty() || self.partition_by.is_some();
        said || texts.iter().any(|it| it.is_some())
    }

    /// The options as they are afterwards.
    fn change(&self, options: &mut TableOptions) {
        fn set<T: Clone>(old: &mut T, new: &Option<T>) {
            if let Some(new) = new {
                old.clone_from(new);
            }
        }
        set(&mut options.strict, &self.strict);
        set(&mut options.without_rowid, &self.without_rowid);
        set(&mut options.autoincrement, &self.autoincrement);
        merge(&mut options.parameters, &self.parameters);
        set(&mut options.tablespace, &self.tablespace);
        set(&mut options.unlogged, &self.logged.map(|it| !it));
        set(&mut options.method, &self.method);
        options.inherits.retain(|it| !self.no_inherit.contains(it));
        options.inherits.extend(self.inherit.iter().cloned());
        set(&mut options.engine, &self.engine);
        if self.charset.is_some() {
            // A collation belongs to one character set.
            options.collation = None;
        }
        set(&mut options.charset, &self.charset);
        set(&mut options.collation, &self.collation);
        merge(&mut options.others, &self.others);
        let parts = self.partition_by.clone();
        set(&mut options.partition_by, &parts.map(|it| it.map(Spelled::new)));
    }
}

fn merge(old: &mut BTreeMap<String, String>, new: &BTreeMap<String, Option<String>>) {
    for (name, value) in new {
        match value {
            Some(value) => old.insert(name.clone(), value.clone()),
            None => old.remove(name),
        };
    }
}

impl Op for SetTableOptions {
    fn summary(&self) -> String {
        format!("set options of table {}", self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<()> {
        for parent in &self.inherit {
            if !schema.tables.contains_key(parent) {
                return Err(misfit(self, format!("there is no table `{parent}`")));
            }
        }
        self.change(&mut table_mut(self, schema, &self.table)?.options);
        Ok(())
    }

    /// PostgreSQL's; the options of others have spellings of their own.
    fn sql(&self, spell: &dyn Spell) -> Result<Vec<Statement>> {
        let refused = |whose: &str, have: &str| crate::Error::Unsupported {
            operation: format!("{} that only {whose} {have}", self.summary()),
            dialect: spell.name(),
            instead: format!("record it for {whose} alone, by `op.database()`"),
        };
        if self.says_sqlite() {
            return Err(refused("SQLite", "has"));
        }
        if self.says_mysql() {
            return Err(refused("MySQL and MariaDB", "have"));
        }
        let alter = format!("ALTER TABLE {}", spell.qualified(&self.table)?);
        let mut sql = Vec::new();
        let mut set = Vec::new();
        let mut reset = Vec::new();
        for parent in &self.no_inherit {
            sql.push(format!("{alter} NO INHERIT {}", spell.qualified(parent)?));
        }
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
        if let Some(method) = &self.method {
            let method = match method {
                Some(method) => spell.quote(method)?,
                None => "heap".into(),
            };
            sql.push(format!("{alter} SET ACCESS METHOD {method}"));
        }
        if let Some(tablespace) = &self.tablespace {
            let tablespace = match tablespace {
                Some(tablespace) => spell.quote(tablespace)?,
                None => "pg_default".into(),
            };
            sql.push(format!("{alter} SET TABLESPACE {tablespace}"));
        }
        for parent in &self.inherit {
            sql.push(format!("{alter} INHERIT {}", spell.qualified(parent)?));
        }
        Ok(sql.into_iter().map(Statement::from).collect())
    }

    fn rust(&self) -> String {
        let mut code = format!("op.set_table_options({})", code::name(&self.table));
        for (said, yes, no) in [
            (self.strict, "strict", "not_strict"),
            (self.without_rowid, "without_rowid", "with_rowid"),
            (self.autoincrement, "autoincrement", "no_autoincrement"),
            (self.logged, "logged", "unlogged"),
        ] {
            if let Some(said) = said {
                code += &format!(".{}()", if said { yes } else { no });
            }
        }
        for (name, value) in &self.parameters {
            code += &pair("parameter", "reset", name, value.as_ref());
        }
        let tablespace = self.tablespace.as_ref();
        let tablespace = tablespace.map(|it| it.as_ref().map(ToString::to_string));
        for (said, call) in [
            (&tablespace, "tablespace"),
            (&self.method, "method"),
            (&self.engine, "engine"),
            (&self.charset, "charset"),
            (&self.collation, "collation"),
        ] {
            match said {
                Some(Some(text)) => code += &format!(".{call}({})", code::string(text)),
                Some(None) => code += &format!(".default_{call}()"),
                None => {}
            }
        }
        if self.convert {
            code += ".convert()";
        }
        for (name, value) in &self.others {
            code += &pair("option", "reset_option", name, value.as_ref());
        }
        match &self.partition_by {
            Some(Some(by)) => code += &format!(".partition_by({})", code::string(by)),
            Some(None) => code += ".no_partitions()",
            None => {}
        }
        for (parents, call) in [(&self.no_inherit, "no_inherit"), (&self.inherit, "inherit")] {
            for parent in parents {
                code += &format!(".{call}({})", code::name(parent));
            }
        }
        code + ";"
    }
}

fn pair(set: &str, reset: &str, name: &str, value: Option<&String>) -> String {
    let name = code::string(name);
    match value {
        Some(value) => format!(".{set}({name}, {})", code::string(value)),
        None => format!(".{reset}({name})"),
    }
}
