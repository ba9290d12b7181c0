//! MYSQL AND MARIADB: two products, one dialect. What differs between them, and between their versions, is asked by name.
//!
//! Neither undoes DDL with a transaction. A column can only be changed by saying all of it again, so that most of `alter_column`
//! is about losing nothing: the column is looked at first. Enum types live in the columns that have them; schemas are databases.
//! Where no server is known, the newest long-term versions are taken for granted: MySQL 8.4, MariaDB 11.8.

use super::{Dialect, Features, Lock, LogWords, Needs, Room, Scope, Trace, Waits, Width};
use crate::db::{Connection, DbError, Kind, LocalBoxFuture};
use crate::error::{Error, Result};
use crate::ops::Operation;
use crate::schema::{Column, Generated, Identity, ObjectKind, QualifiedName, Schema, Table, Type};
use crate::sql::split::Flavor;
use crate::sql::{Bearing, Clause, Literal, Spell, Statement};
use std::collections::BTreeSet;

mod abilities;
mod alter_column;
mod alter_table;
mod bearing;
mod canonical;
mod canonical_objects;
mod catalog;
mod cursor;
mod ddl;
mod definitions;
mod drop;
mod exact;
mod indexes;
mod inspect;
mod inspect_objects;
mod lock;
mod log;
mod normalize;
mod objects;
mod options;
mod own_index;
mod parts;
mod probe;
mod probe_objects;
mod refuse;
mod room;
mod stars;
mod tables;
mod text;
mod tokens;
mod trace;
mod types;
mod usual;
mod words;

pub use abilities::{Product, Version};

/// The dialect of MySQL and MariaDB.
///
/// ```
/// use aludel::dialect::mysql::Mysql;
/// use aludel::schema::Type;
/// use aludel::sql::Spell;
///
/// let mysql = Mysql::mysql();
/// assert_eq!(mysql.quote("order").unwrap(), "`order`");
/// assert_eq!(mysql.spell_type(&Type::Timestamp.precision(3)).unwrap(), "DATETIME(3)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mysql {
    features: Features,
    product: Product,
    /// What the server can do.
    can: abilities::Abilities,
    /// How the session reads SQL.
    session: Session,
}

/// What of a session changes the meaning of SQL text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Session {
    /// A backslash escapes in strings. So it is unless `sql_mode` has `NO_BACKSLASH_ESCAPES`.
    backslash_escapes: bool,
    /// Double quotes are strings. So it is unless `sql_mode` has `ANSI_QUOTES`.
    quotes_are_strings: bool,
    /// The database of the connection, if it is known.
    database: Option<String>,
    /// The storage engine of tables that do not say one.
    engine: String,
}

/// The most characters of a name (<https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html>).
const LONGEST_NAME: usize = 64;

impl Mysql {
    /// A MySQL of which nothing else is known.
    #[allow(
        clippy::self_named_constructors,
        reason = "the type serves both products, and this is one of them"
    )]
    pub fn mysql() -> Self {
        Self::of_version(Product::Mysql, abilities::newest(Product::Mysql))
    }

    /// A MariaDB of which nothing else is known.
    pub fn mariadb() -> Self {
        Self::of_version(Product::MariaDb, abilities::newest(Product::MariaDb))
    }

    /// A server of this product and version: major, minor, patch.
    pub fn of_version(product: Product, version: Version) -> Self {
        let can = abilities::Abilities::of(product, version);
        Self {
            features: Features {
                holds: false,
                // A unique constraint is its index. Others have no statement, and the operation says two.
                numbers_need_key: true,
                empty_tables: false,
                renaming: crate::diff::Renaming {
                    indexes: can.rename_index,
                    uniques: can.rename_index,
                    constraints: true,
                },
                names_are_followed: false,
                transactional_ddl: false,
                comments: true,
                enum_types: false,
                schemas: true,
                column_names_fold: true,
                table_names_fold: false,
                begin: "START TRANSACTION",
                around_rebuild: None,
                // The driver takes every TIMESTAMP for UTC, and the session keeps the server's time zone.
                around_step: Some((
                    "SET @aludel_time_zone = @@SESSION.time_zone, @@SESSION.time_zone = '+00:00'",
                    "SET @@SESSION.time_zone = @aludel_time_zone",
                )),
                around_move: None,
            },
            product,
            can,
            session: Session {
                backslash_escapes: true,
                quotes_are_strings: true,
                database: None,
                engine: "InnoDB".into(),
            },
        }
    }

    /// The server at the other end of a connection.
    ///
    /// # Errors
    /// [`Error::Database`] if it does not tell its version.
    pub async fn of_server(connection: &mut Connection) -> Result<Self> {
        let rows = connection
            .fetch("SELECT VERSION(), @@SESSION.sql_mode, DATABASE(), @@default_storage_engine")
            .await?;
        let mut found = Self::mysql();
        for row in rows {
            let (product, version) = abilities::parse(&row.at::<String>(0)?);
            let mode: String = row.at(1)?;
            found = Self::of_version(product, version);
            found.session = Session {
                backslash_escapes: !mode.contains("NO_BACKSLASH_ESCAPES"),
                quotes_are_strings: !mode.contains("ANSI_QUOTES"),
                database: row.at(2)?,
                engine: row.at(3)?,
            };
        }
        Ok(found)
    }

    /// A table as it is before an operation. What is inspected has no name of the connection's own database; an operation may.
    fn known<'s>(&self, before: &'s Schema, name: &QualifiedName) -> Option<&'s Table> {
        let own = || {
            let schema = name.schema.as_deref()?;
            let is_own = self.session.database.as_deref() == Some(schema);
            is_own.then(|| QualifiedName::from(name.name.as_str()))
        };
        let found = before.tables.get(name);
        found.or_else(|| before.tables.get(&own()?))
    }

    /// Refuses what cannot be said, beside a way in which it can.
    fn unsupported(&self, operation: impl Into<String>, instead: impl Into<String>) -> Error {
        Error::Unsupported {
            operation: operation.into(),
            dialect: self.name(),
            instead: instead.into(),
        }
    }

    fn bad_name(&self, name: &str, reason: impl Into<String>) -> Error {
        Error::Name {
            name: name.escape_debug().to_string(),
            dialect: self.name(),
            reason: reason.into(),
        }
    }
}

impl Spell for Mysql {
    fn name(&self) -> &'static str {
        match self.product {
            Product::Mysql => "MySQL",
            Product::MariaDb => "MariaDB",
        }
    }

    /// <https://dev.mysql.com/doc/refman/8.4/en/identifiers.html>
    fn quote(&self, name: &str) -> Result<String> {
        crate::sql::check_name(name, self.name(), None)?;
        let length = name.chars().count();
        if length > LONGEST_NAME {
            let reason = format!("it has {length} characters, and {LONGEST_NAME} are kept");
            return Err(self.bad_name(name, reason));
        }
        // The server takes a line feed or a tab there for a space, too.
        if name.ends_with(|c: char| c.is_ascii_whitespace() || c == '\u{b}') {
            return Err(self.bad_name(name, "it ends in a space"));
        }
        if name.chars().any(|c| c > '\u{ffff}') {
            return Err(self.bad_name(name, "it has a character beyond U+FFFF"));
        }
        Ok(words::quote(name))
    }

    /// Here an index is named within its table.
    /// A constraint is dropped by the word for its kind, for which the table must be known anyway.
    fn has_clause(&self, clause: Clause) -> bool {
        match clause {
            Clause::CreateTable | Clause::DropTable => true,
            Clause::CreateConstraint | Clause::DropConstraint => false,
            _ => self.can.if_exists,
        }
    }

    fn index_name(&self, _: &QualifiedName, index: &str) -> Result<String> {
        self.quote(index)
    }

    fn spell_type(&self, ty: &Type) -> Result<String> {
        types::spell(self, ty)
    }

    /// Where the session is not known, a backslash is taken to escape, as it does unless `sql_mode` has `NO_BACKSLASH_ESCAPES`.
    /// Comments and the labels of an enum have no form that is right in both modes.
    fn string(&self, text: &str) -> Result<String> {
        match text.contains('\0') {
            true => Err(self.bad_name(text, "it contains a NUL")),
            false => Ok(text::literal(text, self.session.backslash_escapes)),
        }
    }

    fn literal(&self, value: &Literal) -> Result<String> {
        Ok(match value {
            Literal::Null => "NULL".into(),
            Literal::Bool(it) => if *it { "TRUE" } else { "FALSE" }.into(),
            Literal::Integer(it) => it.to_string(),
            Literal::Float(it) if !it.is_finite() => {
                return Err(self.unsupported(format!("hold the float {it}"), "NULL"));
            }
            Literal::Float(it) => format!("{it:?}"),
            Literal::Text(it) if it.contains(['\\', '\r']) => self.in_parts(it)?,
            Literal::Text(it) => self.string(it)?,
            Literal::Bytes(it) => {
                let hex: String = it.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("x'{hex}'")
            }
            // The driver writes the sixteen bytes.
            Literal::Uuid(it) => return self.literal(&Literal::Bytes(it.to_vec())),
            Literal::Sql(it) => it.to_string(),
        })
    }

    fn column(&self, column: &Column) -> Result<String> {
        ddl::column(self, column)
    }

    fn identity(&self, _: &Identity) -> String {
        "AUTO_INCREMENT".into()
    }
}

impl Mysql {
    /// Text with backslashes or carriage returns, so that it is the same text whatever `sql_mode` is, and whatever its client
    /// makes of the ends of lines in a script.
    fn in_parts(&self, text: &str) -> Result<String> {
        let mut parts = Vec::new();
        for part in text.split_inclusive(['\\', '\r']) {
            let (plain, mark) = match part.strip_suffix('\\') {
                Some(plain) => (plain, Some("_utf8mb4 x'5c'")),
                None => match part.strip_suffix('\r') {
                    Some(plain) => (plain, Some("_utf8mb4 x'0d'")),
                    None => (part, None),
                },
            };
            if !plain.is_empty() {
                parts.push(self.string(plain)?);
            }
            parts.extend(mark.map(str::to_string));
        }
        Ok(format!("CONCAT({})", parts.join(", ")))
    }
}

impl Dialect for Mysql {
    fn kind(&self) -> Kind {
        match self.product {
            Product::Mysql => Kind::Mysql,
            Product::MariaDb => Kind::MariaDb,
        }
    }

    fn flavor(&self) -> Flavor {
        Flavor::Mysql
    }

    fn context_name(&self) -> &'static str {
        self.name()
    }

    fn features(&self) -> &Features {
        &self.features
    }

    fn normalize(&self, schema: &mut Schema) {
        normalize::normalize(self, schema);
    }

    fn canonicalize<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(canonical::canonicalize(self, connection, schema))
    }

    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
    ) -> LocalBoxFuture<'a, Result<Schema>> {
        Box::pin(async move {
            let mut rows = catalog::fetch(self, connection, scope).await?;
            exact::complete(self, connection, &mut rows).await?;
            Ok(inspect::build(self, rows))
        })
    }

    fn inspect_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
        kinds: &'a BTreeSet<ObjectKind>,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(inspect_objects::inspect(
            self, connection, scope, kinds, schema,
        ))
    }

    fn canonicalize_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
        live: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(canonical_objects::canonicalize(
            self, connection, schema, live,
        ))
    }

    fn bearing(&self, sql: &str) -> Bearing {
        bearing::bearing(sql)
    }

    fn moves(&self, sql: &str) -> bool {
        bearing::moves(sql)
    }

    /// A client may take the script for one in another character set than it is written in.
    fn script_start(&self) -> &'static [&'static str] {
        &["SET NAMES utf8mb4"]
    }

    fn needs(&self, operation: &Operation) -> Needs {
        alter_table::needs(self, operation)
    }

    fn statements(&self, operation: &Operation, before: &Schema) -> Result<Vec<Statement>> {
        refuse::operation(self, operation)?;
        match objects::statements(self, operation, before) {
            Some(statements) => statements,
            None => alter_table::statements(self, operation, before),
        }
    }

    fn cannot(&self, operation: &Operation) -> Option<Error> {
        let refused = match operation {
            Operation::SetTableOptions(it) => options::set(self, it).err(),
            _ => None,
        };
        refused.or_else(|| refuse::operation(self, operation).err())
    }

    fn key_follows(&self, _: &Type, _: &Type) -> bool {
        false
    }

    /// Schemas and databases are one thing here.
    fn whole(&self) -> Scope {
        Scope::Schemas(Vec::new())
    }

    fn release(&self) -> &'static str {
        "SELECT SUBSTRING_INDEX(VERSION(), '.', 2)"
    }

    fn make_room<'a>(
        &'a self,
        connection: &'a mut Connection,
        name: &'a str,
    ) -> LocalBoxFuture<'a, Result<Room>> {
        Box::pin(room::make(connection, name))
    }

    fn reaches_out<'a>(
        &'a self,
        connection: &'a mut Connection,
        statements: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Option<(usize, &'static str)>>> {
        Box::pin(room::reaches_out(connection, statements))
    }

    /// <https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html>
    fn keeps_computed(&self, generated: &Generated) -> bool {
        generated.stored
    }

    fn log(&self) -> LogWords {
        log::WORDS
    }

    fn default_schema(&self) -> &'static str {
        "SELECT DATABASE()"
    }

    fn lock(&self, table: &QualifiedName, _origin: &str, _apart: bool) -> Result<Option<Lock>> {
        lock::lock(self, table).map(Some)
    }

    fn session_waits(&self, waits: &Waits) -> Option<(String, String)> {
        lock::waits(self, waits)
    }

    fn trace(&self, sql: &str) -> Result<Trace> {
        Ok(trace::trace(sql))
    }

    fn look<'a>(
        &'a self,
        connection: &'a mut Connection,
        query: &'a str,
    ) -> LocalBoxFuture<'a, Result<String>> {
        Box::pin(trace::look(connection, query))
    }

    fn session(&self) -> Option<&'static str> {
        Some("SELECT CAST(CONNECTION_ID() AS CHAR)")
    }

    fn cancel(&self, session: &str) -> String {
        format!("KILL QUERY {session}")
    }

    fn is_busy(&self, error: &DbError) -> bool {
        lock::is_busy(error)
    }

    fn exists(&self, table: &QualifiedName) -> Result<String> {
        self.qualified(table)?;
        let (schema, name) = catalog::place(self, table)?;
        Ok(format!(
            "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {name} \
             AND TABLE_TYPE = 'BASE TABLE'"
        ))
    }

    fn width(&self, table: &QualifiedName, column: &str, wanted: usize) -> Result<Option<Width>> {
        let qualified = self.qualified(table)?;
        let (schema, name) = catalog::place(self, table)?;
        let text = self.string(column)?;
        Ok(Some(Width {
            query: format!(
                "SELECT CAST(CHARACTER_MAXIMUM_LENGTH AS SIGNED) FROM information_schema.COLUMNS \
                 WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {name} AND COLUMN_NAME = {text} \
                 AND CHARACTER_MAXIMUM_LENGTH IS NOT NULL"
            ),
            widen: format!(
                "ALTER TABLE {qualified} MODIFY {} VARCHAR({wanted}) NOT NULL",
                self.quote(column)?
            ),
        }))
    }
}
