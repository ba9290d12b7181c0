//! PostgreSQL, from version 12.
//!
//! It spells almost everything in the standard way, so that this folder is mostly about looking: reading the catalog, and
//! asking the database how it would echo what a model says. It must not know runs, revisions or files.

use super::{Dialect, Features, Lock, LogWords, Needs, Room, Scope, Waits, Width};
use crate::db::{Connection, DbError, Kind, LocalBoxFuture};
use crate::error::{Error, Result};
use crate::ops::Operation;
use crate::schema::{Column, Identity, ObjectKind, QualifiedName, Schema, Type};
use crate::sql::split::Flavor;
use crate::sql::{self, Bearing, Clause, Literal, Spell, Statement};
use std::collections::BTreeSet;

mod alter_column;
mod alter_enum;
mod bearing;
mod canonical;
mod catalog;
mod conversion;
mod create_index;
mod create_table;
mod dependents;
mod exclude;
mod expression;
mod inspect;
mod lock;
mod log;
mod loose;
mod normalize;
mod objects;
mod parts;
mod pieces;
mod probe;
mod refine;
mod refuse;
mod room;
mod serial;
mod session;
mod types;
mod words;

/// The dialect of PostgreSQL.
///
/// ```
/// use aludel::dialect::postgres::Postgres;
/// use aludel::schema::Type;
/// use aludel::sql::Spell;
///
/// let postgres = Postgres::new();
/// assert_eq!(postgres.quote("order").unwrap(), "\"order\"");
/// assert_eq!(postgres.spell_type(&Type::TimestampTz.array()).unwrap(), "TIMESTAMP WITH TIME ZONE[]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postgres {
    features: Features,
    major: u32,
    /// Whether the database holds more than ASCII whatever the text: its encoding is UTF-8.
    unicode: bool,
}

/// The oldest version that is spoken to, and what is taken for granted where the server is not known.
const OLDEST: u32 = 12;

/// The most bytes that are kept of a name: `NAMEDATALEN - 1`
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>).
const LONGEST_NAME: usize = 63;

impl Default for Postgres {
    fn default() -> Self {
        Self::new()
    }
}

impl Postgres {
    /// A server of which nothing is known: what only newer versions can do is refused.
    pub fn new() -> Self {
        Self::of_version(OLDEST)
    }

    /// A server of this major version.
    pub fn of_version(major: u32) -> Self {
        Self {
            features: Features {
                transactional_ddl: true,
                comments: true,
                enum_types: true,
                schemas: true,
                holds: true,
                column_names_fold: false,
                table_names_fold: false,
                numbers_need_key: false,
                renaming: crate::diff::Renaming::ALL,
                names_are_followed: true,
                begin: "BEGIN",
                around_rebuild: None,
                around_step: None,
                around_move: Some(bearing::AROUND_MOVE),
            },
            major,
            unicode: true,
        }
    }

    /// The server at the other end of a connection.
    ///
    /// # Errors
    /// [`Error::Database`] if it does not tell its version.
    pub async fn of_server(connection: &mut Connection) -> Result<Self> {
        let sql = "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000, \
                   pg_catalog.current_setting('server_encoding')";
        let rows = connection.fetch(sql).await?;
        let (major, encoding): (i32, String) = match rows.first() {
            Some(row) => (row.at(0)?, row.at(1)?),
            None => (0, String::new()),
        };
        Ok(Self {
            unicode: encoding == "UTF8",
            ..Self::of_version(u32::try_from(major).unwrap_or(OLDEST))
        })
    }

    /// Refuses what cannot be said, beside a way in which it can.
    fn unsupported(&self, operation: impl Into<String>, instead: impl Into<String>) -> Error {
        Error::Unsupported {
            operation: operation.into(),
            dialect: self.name(),
            instead: instead.into(),
        }
    }
}

impl Spell for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn quote(&self, name: &str) -> Result<String> {
        sql::check_name(name, self.name(), Some(LONGEST_NAME))?;
        Ok(words::quote(name))
    }

    fn spell_type(&self, ty: &Type) -> Result<String> {
        types::spell(self, ty)
    }

    fn string(&self, text: &str) -> Result<String> {
        if text.contains('\0') {
            return Err(Error::Name {
                name: text.escape_debug().to_string(),
                dialect: self.name(),
                reason: "it contains a NUL".into(),
            });
        }
        Ok(pieces::string_literal(text))
    }

    fn literal(&self, value: &Literal) -> Result<String> {
        Ok(match value {
            Literal::Null => "NULL".into(),
            Literal::Bool(true) => "TRUE".into(),
            Literal::Bool(false) => "FALSE".into(),
            Literal::Integer(it) => it.to_string(),
            Literal::Float(it) if it.is_nan() => "'NaN'::double precision".into(),
            Literal::Float(it) if it.is_infinite() => {
                let sign = if *it < 0.0 { "-" } else { "" };
                format!("'{sign}Infinity'::double precision")
            }
            Literal::Float(it) => format!("{it:?}"),
            Literal::Text(it) => self.string(it)?,
            // The backslash is doubled in an E'' string, whatever standard_conforming_strings says.
            Literal::Bytes(it) => {
                let hex: String = it.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("E'\\\\x{hex}'::bytea")
            }
            Literal::Uuid(it) => format!("'{}'", sql::hyphenated(it)),
            Literal::Sql(it) => it.to_string(),
        })
    }

    fn has_clause(&self, clause: Clause) -> bool {
        clause != Clause::CreateConstraint
    }

    fn has_concurrently(&self) -> bool {
        true
    }

    /// A sequence that starts beyond its usual bound, 1 or -1, is given that start as its bound
    /// (<https://www.postgresql.org/docs/current/sql-createsequence.html>).
    fn identity(&self, identity: &Identity) -> String {
        let kind = match identity.always {
            true => "ALWAYS",
            false => "BY DEFAULT",
        };
        let options = alter_column::sequence(identity, "");
        match options.is_empty() {
            true => format!("GENERATED {kind} AS IDENTITY"),
            false => format!("GENERATED {kind} AS IDENTITY ({})", options.join(" ")),
        }
    }

    fn column(&self, column: &Column) -> Result<String> {
        let mut sql = format!(
            "{} {}",
            self.quote(&column.name)?,
            self.spell_type(&column.ty.written)?
        );
        if let Some(collation) = &column.collation {
            sql += &format!(" COLLATE {}", self.quote(collation)?);
        }
        if let Some(generated) = &column.generated {
            let kind = match generated.stored {
                true => "STORED",
                false if self.major >= 18 => "VIRTUAL",
                false => {
                    return Err(self.unsupported(
                        format!("create the virtual generated column {}", column.name),
                        "store it (`generated_stored`): only version 18 and later compute when reading",
                    ));
                }
            };
            sql += &format!(
                " GENERATED ALWAYS AS ({}) {kind}",
                sql::expression(&generated.expr.written)
            );
        }
        if let Some(identity) = &column.identity {
            types::may_be_numbered(self, column)?;
            sql += &format!(" {}", self.identity(identity));
        }
        // `serial` brings its default with it, and takes no other.
        if !serial::is_serial(&column.ty.written) {
            sql += &sql::column_default(column);
        }
        if !column.nullable {
            sql += " NOT NULL";
        }
        Ok(sql)
    }
}

impl Dialect for Postgres {
    fn kind(&self) -> Kind {
        Kind::Postgres
    }

    fn flavor(&self) -> Flavor {
        Flavor::Postgres
    }

    fn context_name(&self) -> &'static str {
        "Postgres"
    }

    fn features(&self) -> &Features {
        &self.features
    }

    fn normalize(&self, schema: &mut Schema) {
        normalize::normalize(schema);
    }

    fn canonicalize<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let stand_ins = exclude::stand_in(schema);
            let done = canonical::canonicalize(self, connection, schema).await;
            stand_ins.take_back(schema);
            done
        })
    }

    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
    ) -> LocalBoxFuture<'a, Result<Schema>> {
        Box::pin(async move {
            let filter = catalog::Filter::of_scope(scope);
            let rows = catalog::fetch(connection, &filter).await?;
            let mut schema = inspect::build(rows);
            normalize::normalize(&mut schema);
            Ok(schema)
        })
    }

    fn inspect_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
        kinds: &'a BTreeSet<ObjectKind>,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(objects::inspect(self, connection, scope, kinds, schema))
    }

    fn canonicalize_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
        live: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(objects::canonicalize(self, connection, schema, live))
    }

    fn bearing(&self, sql: &str) -> Bearing {
        bearing::bearing(sql)
    }

    fn moves(&self, sql: &str) -> bool {
        bearing::moves(sql)
    }

    fn refine(&self, from: &Schema, to: &Schema, operations: Vec<Operation>) -> Vec<Operation> {
        refine::refine(self, from, to, operations)
    }

    fn needs(&self, operation: &Operation) -> Needs {
        match operation {
            Operation::AlterColumn(it) if alter_column::needs_table(it) => {
                Needs::Tables(vec![it.table.clone()])
            }
            Operation::AlterEnum(it) if !it.adds_in_place() => Needs::Everything,
            Operation::CreateIndex(it) if it.concurrently => Needs::Tables(vec![it.table.clone()]),
            _ => Needs::Nothing,
        }
    }

    fn statements(&self, operation: &Operation, before: &Schema) -> Result<Vec<Statement>> {
        refuse::unsaid(self, operation)?;
        objects::refuse(self, operation)?;
        match operation {
            Operation::AlterColumn(it) => alter_column::statements(self, it, before),
            Operation::AlterEnum(it) if !it.adds_in_place() => {
                alter_enum::rebuild(self, it, before)
            }
            Operation::CreateTable(it) => create_table::statements(self, it),
            Operation::AddColumn(it) => create_table::add_column(self, it),
            Operation::CreateIndex(it) => create_index::statements(self, it, before),
            other => other.sql(self),
        }
    }

    fn cannot(&self, operation: &Operation) -> Option<Error> {
        refuse::unsaid(self, operation).err()
    }

    fn guard<'a>(
        &'a self,
        connection: &'a mut Connection,
        operation: &'a Operation,
        before: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(dependents::refuse(self, connection, operation, before))
    }

    fn key_follows(&self, from: &Type, to: &Type) -> bool {
        types::are_compared(from, to)
    }

    fn release(&self) -> &'static str {
        "SELECT (pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000)::pg_catalog.text"
    }

    fn inspect_comments<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(objects::inspect_comments(connection, scope, schema))
    }

    fn make_room<'a>(
        &'a self,
        connection: &'a mut Connection,
        name: &'a str,
    ) -> LocalBoxFuture<'a, Result<Room>> {
        Box::pin(room::make(self, connection, name))
    }

    fn reaches_out<'a>(
        &'a self,
        _: &'a mut Connection,
        statements: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Option<(usize, &'static str)>>> {
        Box::pin(async { Ok(room::reaches_out(statements)) })
    }

    fn log(&self) -> LogWords {
        LogWords {
            unicode: self.unicode,
            ..log::WORDS
        }
    }

    fn default_schema(&self) -> &'static str {
        "SELECT pg_catalog.current_schema()::text"
    }

    /// The default schema alone is asked for a name without a schema, since a table is created there: one of that name
    /// further down the search path is another table.
    fn lock(&self, table: &QualifiedName, origin: &str, apart: bool) -> Result<Option<Lock>> {
        lock::lock(self, table, origin, apart).map(Some)
    }

    fn locks_apart(&self) -> bool {
        true
    }

    fn hold(&self, table: &QualifiedName) -> Result<Option<String>> {
        lock::hold(self, table).map(Some)
    }

    fn transaction_waits(&self, waits: &Waits) -> Vec<String> {
        lock::waits(waits)
    }

    fn session(&self) -> Option<&'static str> {
        Some("SELECT pg_catalog.pg_backend_pid()::text")
    }

    fn cancel(&self, session: &str) -> String {
        lock::cancel(session)
    }

    fn is_busy(&self, error: &DbError) -> bool {
        lock::is_busy(error)
    }

    fn exists(&self, table: &QualifiedName) -> Result<String> {
        self.qualified(table)?;
        let schema = match &table.schema {
            Some(schema) => self.string(schema)?,
            None => "pg_catalog.current_schema()".into(),
        };
        let name = self.string(&table.name)?;
        Ok(format!(
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relname = {name} AND c.relkind IN ('r', 'p')"
        ))
    }

    /// `atttypmod` of `varchar(n)` and `char(n)` is `n` and the four bytes of a length word; that of `text` is negative.
    fn width(&self, table: &QualifiedName, column: &str, wanted: usize) -> Result<Option<Width>> {
        let qualified = self.qualified(table)?;
        let schema = match &table.schema {
            Some(schema) => self.string(schema)?,
            None => "pg_catalog.current_schema()".into(),
        };
        let (name, text) = (self.string(&table.name)?, self.string(column)?);
        Ok(Some(Width {
            query: format!(
                "SELECT (a.atttypmod - 4)::pg_catalog.int8 FROM pg_catalog.pg_attribute a \
                 JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = {schema} AND c.relname = {name} AND c.relkind IN ('r', 'p') AND a.attname = {text} \
                 AND a.atttypid IN ('pg_catalog.varchar'::pg_catalog.regtype, 'pg_catalog.bpchar'::pg_catalog.regtype) \
                 AND a.atttypmod > 4"
            ),
            widen: format!(
                "ALTER TABLE {qualified} ALTER COLUMN {} TYPE VARCHAR({wanted})",
                self.quote(column)?
            ),
        }))
    }
}
