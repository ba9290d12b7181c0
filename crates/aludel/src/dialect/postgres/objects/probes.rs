//! Probes: declared objects under other names in the temporary schema, so that the database spells them.
//!
//! They are made all at once; if one is refused, one by one, so that it takes no other with it. Then they are read by the queries
//! that read the live objects, and undone.

use super::super::Postgres;
use super::super::pieces::string_literal;
use super::super::session::Session;
use super::places::{PREFIX, Places};
use super::{domains, functions, views};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::QualifiedName;
use crate::sql::Spell;
use crate::sql::split::{Flavor, split};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be asked.
#[derive(Debug, Default)]
pub(super) struct Plan {
    probes: Vec<Probe>,
    /// The live functions whose arguments must be known by number.
    functions: BTreeSet<QualifiedName>,
    kinds: BTreeSet<Kind>,
}

#[derive(Debug)]
struct Probe {
    name: String,
    sql: String,
    /// Whether it tells nothing that is not known where everything is accepted at once.
    second: bool,
}

/// What a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    View,
    Function,
    Domain,
}

/// What the database answered.
#[derive(Debug, Default)]
pub(super) struct Echo {
    pub views: BTreeMap<String, views::Found>,
    pub functions: BTreeMap<String, functions::Found>,
    pub domains: BTreeMap<String, domains::Found>,
    /// The arguments of live functions, by number.
    pub types: BTreeMap<(QualifiedName, String), String>,
    sent: BTreeSet<String>,
    /// The probes that were refused for what the session may not do, which says nothing about them.
    forbidden: BTreeSet<String>,
}

/// The answer about one probe.
#[derive(Debug)]
pub(super) enum Answer<'e, T> {
    /// How the database spells it.
    Echo(&'e T),
    /// It cannot be made there, so that what is there is not it.
    Refused,
    /// The database could not be asked.
    Unasked,
}

impl Plan {
    /// Adds a probe and answers its name. A text that is not one statement is not sent.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        second: bool,
        statement: impl FnOnce(&str) -> Option<String>,
    ) -> String {
        let name = format!("{PREFIX}{:05}", self.probes.len());
        if let Some(sql) = statement(&name)
            && split(&sql, Flavor::Postgres).is_ok_and(|it| it.len() == 1)
        {
            self.kinds.insert(kind);
            self.probes.push(Probe {
                name: name.clone(),
                sql,
                second,
            });
            return name;
        }
        String::new()
    }

    /// Wants to know the arguments of the live functions of a name.
    pub(super) fn identify(&mut self, function: &QualifiedName) {
        self.functions.insert(function.clone());
    }

    /// Asks, if there is anything to ask.
    pub(super) async fn ask(
        &self,
        dialect: &Postgres,
        connection: &mut Connection,
        session: &Session,
    ) -> Result<Echo> {
        if self.probes.is_empty() {
            return Ok(Echo::default());
        }
        let read = async |connection: &mut Connection| self.read(dialect, connection).await;
        let at_once = self.at_once();
        if let Some(echo) = session.attempt(connection, &at_once, read).await? {
            return Ok(echo);
        }
        let one_by_one = self.one_by_one(dialect)?;
        let echo = session.attempt(connection, &one_by_one, read).await?;
        Ok(echo.unwrap_or_default())
    }

    fn at_once(&self) -> String {
        let mut sql = String::from(BEFORE);
        for probe in self.probes.iter().filter(|it| !it.second) {
            // A comment at the end of one must not swallow the next.
            sql += &format!("\n{}\n;", probe.sql);
        }
        sql
    }

    fn one_by_one(&self, dialect: &Postgres) -> Result<String> {
        let mut sql = String::from(BEFORE);
        for probe in &self.probes {
            let guarded = format!(
                "BEGIN EXECUTE {}; \
                 EXCEPTION WHEN insufficient_privilege OR read_only_sql_transaction OR lock_not_available THEN \
                 PERFORM pg_catalog.set_config('{FORBIDDEN}', \
                 pg_catalog.concat(pg_catalog.current_setting('{FORBIDDEN}', true), ' {}'), true); \
                 WHEN OTHERS THEN NULL; END",
                dialect.string(&probe.sql)?,
                probe.name
            );
            sql += &format!("\nDO {};", dialect.string(&guarded)?);
        }
        Ok(sql)
    }

    async fn read(&self, dialect: &Postgres, connection: &mut Connection) -> Result<Echo> {
        let mut echo = Echo {
            sent: self.probes.iter().map(|it| it.name.clone()).collect(),
            ..Echo::default()
        };
        let probes = Places::Probes("false".into());
        if self.kinds.contains(&Kind::View) {
            let found = views::look(connection, &probes).await?.into_iter();
            echo.views = found.map(|it| (it.place.name.clone(), it)).collect();
        }
        if self.kinds.contains(&Kind::Domain) {
            let found = domains::look(connection, &probes).await?.into_iter();
            echo.domains = found
                .map(|it| (it.domain.name.name.to_string(), it))
                .collect();
        }
        if self.kinds.contains(&Kind::Function) {
            let places = Places::Probes(self.live_functions());
            for it in functions::look(dialect, connection, &places).await? {
                match it.place.schema.starts_with("pg_temp_") {
                    true => drop(echo.functions.insert(it.place.name.clone(), it)),
                    false => {
                        let key = (it.function.name.clone(), it.function.arguments.clone());
                        echo.types.insert(key, it.types);
                    }
                }
            }
        }
        let sql =
            format!("SELECT COALESCE(pg_catalog.current_setting('{FORBIDDEN}', true), '') AS it");
        for row in connection.fetch(&sql).await? {
            let names: String = row.get("it")?;
            echo.forbidden = names.split_whitespace().map(str::to_string).collect();
        }
        Ok(echo)
    }

    fn live_functions(&self) -> String {
        let names: Vec<String> = self.functions.iter().map(super::catalog::pair).collect();
        match names.is_empty() {
            true => "false".into(),
            false => format!("(n.nspname, p.proname) IN ({})", names.join(", ")),
        }
    }
}

/// The setting in which the names of forbidden probes are gathered.
const FORBIDDEN: &str = "aludel.forbidden";

/// Bodies are kept as texts: nothing in them need be there.
const BEFORE: &str = "SET LOCAL check_function_bodies = off; SET LOCAL aludel.forbidden = '';";

impl Echo {
    /// The answer about a probe, of which this was found.
    pub(super) fn answer<'e, T>(
        &self,
        found: &'e BTreeMap<String, T>,
        probe: &str,
    ) -> Answer<'e, T> {
        match found.get(probe) {
            Some(it) => Answer::Echo(it),
            None if self.sent.contains(probe) && !self.forbidden.contains(probe) => Answer::Refused,
            None => Answer::Unasked,
        }
    }
}

/// A table or view as it stands in a probe, where the default schema must be said: a temporary table is found before one there.
pub(super) fn relation(
    dialect: &Postgres,
    session: &Session,
    name: &QualifiedName,
) -> Result<String> {
    let mut name = name.clone();
    let home = session.default_schema.as_deref();
    name.schema = name.schema.or_else(|| home.map(Into::into));
    dialect.qualified(&name)
}

/// A literal, for a query about names.
pub(super) fn literals<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let literals: Vec<String> = texts.into_iter().map(string_literal).collect();
    literals.join(", ")
}
