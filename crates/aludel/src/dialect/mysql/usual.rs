//! What stands behind what a model does not say: the collations of databases and character sets, the names of engines, and
//! where numbers begin.

use super::{Mysql, catalog, inspect};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Column, Schema, Table};
use std::collections::BTreeMap;

/// What must be known of the server before it is asked about a model.
pub(super) struct Server {
    /// The collations of databases, by name; that of the connection has none.
    homes: BTreeMap<Option<String>, String>,
    /// The collations of character sets.
    charsets: BTreeMap<String, String>,
    /// How many bytes a message may have.
    pub packet: usize,
}

impl Server {
    pub(super) async fn of(connection: &mut Connection) -> Result<Self> {
        let sql = "SELECT 'home', NULLIF(SCHEMA_NAME, DATABASE()), DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA \
                   UNION ALL SELECT 'charset', CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS \
                   UNION ALL SELECT 'packet', NULL, CAST(@@max_allowed_packet AS CHAR)";
        let mut server = Self {
            homes: BTreeMap::new(),
            charsets: BTreeMap::new(),
            packet: 0,
        };
        for row in connection.fetch(sql).await? {
            let (what, value): (String, String) = (row.at(0)?, row.at(2)?);
            match (what.as_str(), row.at::<Option<String>>(1)?) {
                ("packet", _) => server.packet = value.parse().unwrap_or_default(),
                ("charset", Some(name)) => drop(server.charsets.insert(name, value)),
                (_, name) => drop(server.homes.insert(name, value)),
            }
        }
        Ok(server)
    }

    /// The collation of the database in which a table is.
    pub(super) fn usual(&self, table: &Table) -> &str {
        let home = table.name.schema.as_ref().map(ToString::to_string);
        self.homes.get(&home).map_or("", String::as_str)
    }

    /// The collation that is told, or that of the character set that is told.
    pub(super) fn told(
        &self,
        collation: Option<&String>,
        charset: Option<&String>,
    ) -> Option<String> {
        let of_charset = || self.charsets.get(charset?);
        collation.or_else(of_charset).cloned()
    }
}

/// Engines are known by any case of their letters, and told in one.
pub(super) async fn name_engines(connection: &mut Connection, schema: &mut Schema) -> Result<()> {
    let said = |it: &Table| it.options.engine.is_some();
    if !schema.tables.values().any(said) {
        return Ok(());
    }
    let mut names = Vec::new();
    let engines = "SELECT ENGINE FROM information_schema.ENGINES";
    for row in connection.fetch(engines).await? {
        names.push(row.at::<String>(0)?);
    }
    for engine in schema
        .tables
        .values_mut()
        .filter_map(|it| it.options.engine.as_mut())
    {
        if let Some(name) = names.iter().find(|it| it.eq_ignore_ascii_case(engine)) {
            engine.clone_from(name);
        }
    }
    Ok(())
}

/// Where numbers begin is a matter of creating a table: of one that is there, it is data.
pub(super) async fn forget_numbers(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<()> {
    let begins = |table: &Table| {
        let said = table.options.others.contains_key(AUTO_INCREMENT);
        let start = |it: &Column| it.identity.as_ref().is_some_and(|it| it.start.is_some());
        said || table.columns.iter().any(start)
    };
    let mut among = Vec::new();
    for table in schema.tables.values().filter(|it| begins(it)) {
        let (schema, name) = catalog::place(dialect, &table.name)?;
        among.push(format!("({schema}, {name})"));
    }
    if among.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT NULLIF(TABLE_SCHEMA, DATABASE()), TABLE_NAME FROM information_schema.TABLES \
         WHERE (TABLE_SCHEMA, TABLE_NAME) IN ({})",
        among.join(", ")
    );
    for row in connection.fetch(&sql).await? {
        let name = inspect::qualified((row.at(0)?, row.at(1)?));
        if let Some(table) = schema.tables.get_mut(&name) {
            table.options.others.remove(AUTO_INCREMENT);
            let identities = table
                .columns
                .iter_mut()
                .filter_map(|it| it.identity.as_mut());
            identities.for_each(|it| it.start = None);
        }
    }
    Ok(())
}

/// The option that says where numbers begin.
const AUTO_INCREMENT: &str = "AUTO_INCREMENT";
