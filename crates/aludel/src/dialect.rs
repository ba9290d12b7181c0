//! DIALECTS: how each database says what an operation means, and how it is looked into.
//!
//! A dialect is one folder. It differs by interception: [`Dialect::statements`] matches what it spells differently and lets the
//! rest fall through to the operation's own spelling. Questions about a database are named in [`Features`]; nobody asks which
//! database it is.

use crate::db::{Connection, DbError, Kind, LocalBoxFuture};
use crate::diff::Renaming;
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::{ObjectKind, QualifiedName, Schema, Type};
use crate::sql::split::Flavor;
use crate::sql::{Bearing, Spell, Statement};
use std::collections::BTreeSet;

mod condition;
mod difference;
mod log;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod said;
mod turns;

pub use condition::{idle, needs, refuse_in_script};
pub use difference::difference;
pub use log::LogWords;
pub use turns::{Lock, Waits};

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

/// Named questions about a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    /// Whether DDL is part of a transaction, and undone with it.
    pub transactional_ddl: bool,
    /// Whether tables and columns keep comments.
    pub comments: bool,
    /// Whether enum types exist by themselves.
    pub enum_types: bool,
    /// Whether there are schemas within a database.
    pub schemas: bool,
    /// Whether views, triggers and policies hold on to columns ([`crate::schema::Holds`]).
    pub holds: bool,
    /// Whether two names of columns are one if only the case of their letters differs.
    pub column_names_fold: bool,
    /// Whether two names of tables are one if only the case of their letters differs, though the database keeps the case.
    pub table_names_fold: bool,
    /// What keeps what it is when it gets another name.
    pub renaming: Renaming,
    /// Whether views and triggers follow the tables and columns that they name when these are renamed.
    pub names_are_followed: bool,
    /// Whether a numbered column must be a key as long as it is numbered.
    pub numbers_need_key: bool,
    /// The statement that opens the transaction of a revision.
    pub begin: &'static str,
    /// What to say first, outside the transaction, for a revision that rebuilds tables, if anything; and last.
    pub around_rebuild: Option<(&'static str, &'static str)>,
    /// What to say before the code of a step runs, so that the driver reads and writes times as they are; and after it.
    pub around_step: Option<(&'static str, &'static str)>,
    /// What remembers where names without a schema are looked for, and what goes back there, if both can be said.
    pub around_move: Option<(&'static str, &'static str)>,
}

/// What to look at in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The default schema, and these others. Empty is the default schema alone.
    Schemas(Vec<String>),
    /// These tables alone, and the enum types that they use.
    Tables(Vec<QualifiedName>),
    /// Every schema but the database's own.
    Everything,
}

/// How much text a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Width {
    /// A query that answers one row with the number of characters, or none where there is no limit.
    pub query: String,
    /// The statement that makes the column wider.
    pub widen: String,
}

/// Room on a server where a script can be tried out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// What is said on a connection before anything is tried out or looked at there.
    pub arrive: Vec<String>,
    /// The statement that drops the database that was made, to be said on another one. None if the room is in the transaction that
    /// the connection is in, which is to be rolled back.
    pub drop: Option<String>,
    /// In a transaction, a query that answers the name of a schema outside of the room that was worked on, if there is one.
    pub outside: Option<String>,
    /// In a transaction, a query that answers the schemas that were made in it, but for the room itself.
    pub schemas: Option<String>,
}

/// A database's own ways.
pub trait Dialect: Spell + Send + Sync {
    /// Which database it is.
    fn kind(&self) -> Kind;

    /// Which rules split its scripts into statements.
    fn flavor(&self) -> Flavor;

    /// The name in `Context impl …`: `SQLite`, `Postgres`.
    fn context_name(&self) -> &'static str;

    /// What it can do.
    fn features(&self) -> &Features;

    /// Brings a schema, inspected or declared, into the one form in which this database's schemas are compared: what the
    /// database cannot hold goes, what it holds by itself comes, every leaf gets a canonical spelling as far as text alone
    /// can tell. Doing it twice changes nothing.
    fn normalize(&self, schema: &mut Schema);

    /// Lets the database itself spell the leaves of a declared schema (types, defaults, checks, index expressions and
    /// predicates, generated expressions) in the words in which it echoes them, by a constant number of round trips, and
    /// leaves nothing behind. False if it could not, so that the text normaliser's spelling stays. Call it after
    /// [`Self::normalize`].
    fn canonicalize<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<bool>>;

    /// What is in the database, in normal form, by a constant number of queries, whatever the number of tables. Tables of a
    /// schema are named without it if it is the connection's default one.
    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
    ) -> LocalBoxFuture<'a, Result<Schema>>;

    /// Adds to an inspected schema what is there of these kinds ([`Schema::objects`]), in the schemas of the scope, by a constant
    /// number of queries. What belongs to something else and comes and goes with it is left out: the sequences of columns, the
    /// objects of extensions, the database's own. A kind that this database does not have finds nothing.
    fn inspect_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
        kinds: &'a BTreeSet<ObjectKind>,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        let _ = (connection, scope, kinds, schema);
        Box::pin(async { Ok(()) })
    }

    /// Adds to an inspected schema the comments of what neither [`Self::inspect`] nor [`Self::inspect_objects`] tells a comment of: of
    /// enum types and constraints, which no model declares.
    fn inspect_comments<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
        schema: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        let _ = (connection, scope, schema);
        Box::pin(async { Ok(()) })
    }

    /// Finds out which declared objects are those of the same name in the database: each that is takes over the inspected one as
    /// it stands, so that the two are equal. Whether they are the same is for the database to say, which is given the declared
    /// one to spell under another name, in a constant number of round trips and with nothing left behind. False if it could not
    /// be asked about some; these were compared as text. Call it after [`Self::inspect_objects`]; `schema` is the declared one
    /// in normal form, `live` the inspected.
    fn canonicalize_objects<'a>(
        &'a self,
        connection: &'a mut Connection,
        schema: &'a mut Schema,
        live: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        let _ = (connection, schema, live);
        Box::pin(async { Ok(true) })
    }

    /// The operations of a diff between two schemas in normal form, as this database wants them said: how values get to a type
    /// that nothing leads to by itself; without what comes by itself with another operation of the list.
    fn refine(&self, from: &Schema, to: &Schema, operations: Vec<Operation>) -> Vec<Operation> {
        let _ = (from, to);
        operations
    }

    /// The tables whose present state this dialect must know to spell an operation; none for most.
    fn needs(&self, operation: &Operation) -> Needs;

    /// The statements of an operation. `before` holds what [`Self::needs`] asked for.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`], [`crate::Error::Name`], [`crate::Error::Schema`] or [`crate::Error::Rebuild`].
    fn statements(&self, operation: &Operation, before: &Schema) -> Result<Vec<Statement>>;

    /// Why no statement of this database does what the operation says, whatever state the database is in; none if one does, or if
    /// that depends on the state. What autogenerate finds and cannot be done is said before anything runs.
    fn cannot(&self, operation: &Operation) -> Option<crate::Error> {
        let _ = operation;
        None
    }

    /// What a statement means for the transaction that is open when it comes, by its own words, comments and case aside:
    /// whether it opens one, ends one, or cannot run in one. An operation marks its statements itself
    /// ([`Statement::outside`]); this is for SQL text that somebody wrote.
    fn bearing(&self, sql: &str) -> Bearing {
        let _ = sql;
        Bearing::Within
    }

    /// Whether a statement changes where names without a schema are looked for. What comes after it in its revision is meant to
    /// follow, but not the version rows ([`Features::around_move`]).
    fn moves(&self, sql: &str) -> bool {
        let _ = sql;
        false
    }

    /// Whether a foreign key stays as it is while one of the columns that it compares gets another type. Where it does not, it
    /// goes before the change, and comes again after it.
    fn key_follows(&self, from: &Type, to: &Type) -> bool {
        let _ = (from, to);
        true
    }

    /// What a script says first, so that the client that runs it reads the rest as it was meant.
    fn script_start(&self) -> &'static [&'static str] {
        &[]
    }

    /// A query that answers one row if there is a table of that name, and none if not.
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn exists(&self, table: &QualifiedName) -> Result<String>;

    /// How to find out how many characters a column of text holds, and how to have it hold more; none if this kind does not
    /// count them.
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn width(&self, table: &QualifiedName, column: &str, wanted: usize) -> Result<Option<Width>> {
        let _ = (table, column, wanted);
        Ok(None)
    }

    /// How it spells the table of what was done.
    fn log(&self) -> LogWords;

    /// How the runners of the history that is kept in this version table take turns; none if there is nothing here but the
    /// database's own transactions. `origin` is told to those that wait. `apart` if the connection that holds the lock does
    /// nothing else, and is to ([`Self::locks_apart`]).
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn lock(&self, table: &QualifiedName, origin: &str, apart: bool) -> Result<Option<Lock>> {
        let _ = (table, origin, apart);
        Ok(None)
    }

    /// Whether the lock is better held by a connection that does nothing else.
    fn locks_apart(&self) -> bool {
        false
    }

    /// What keeps the rows of the version table as they are until the end of the transaction that is open, where its being open
    /// does not, or where definitions would end it.
    ///
    /// # Errors
    /// As [`Spell::quote`].
    fn hold(&self, table: &QualifiedName) -> Result<Option<String>> {
        let _ = table;
        Ok(None)
    }

    /// What a transaction says first of how long its statements wait.
    fn transaction_waits(&self, waits: &Waits) -> Vec<String> {
        let _ = waits;
        Vec::new()
    }

    /// What a session says first of how long its statements wait, where a transaction does not say it, and what it says last.
    fn session_waits(&self, waits: &Waits) -> Option<(String, String)> {
        let _ = waits;
        None
    }

    /// What keeps everybody else out of the database from the next transaction on, so that it does between transactions, too, and what
    /// lets them in again; none where a lock keeps runners apart, or where this cannot be had.
    fn keep_out<'a>(
        &'a self,
        connection: &'a mut Connection,
    ) -> LocalBoxFuture<'a, Result<Option<(&'static str, &'static str)>>> {
        let _ = connection;
        Box::pin(async { Ok(None) })
    }

    /// A query that answers, as a text, by which number the server knows the connection; none where there is no server.
    fn session(&self) -> Option<&'static str> {
        None
    }

    /// What another connection says to have a statement of that session's given up; nothing if it has none.
    fn cancel(&self, session: &str) -> String {
        let _ = session;
        String::new()
    }

    /// Whether an error says that others are in the way, so that the same may go well a little later.
    fn is_busy(&self, error: &DbError) -> bool {
        let _ = error;
        false
    }

    /// A query that answers the schema in which names without one are looked for; null if there is none.
    fn default_schema(&self) -> &'static str;

    /// What there is in a database as a whole, but for the server's own: every schema, where schemas are within a database.
    fn whole(&self) -> Scope {
        Scope::Everything
    }

    /// A query that answers which release a server is of, as far as the way in which it echoes definitions depends on it: `15`.
    fn release(&self) -> &'static str;

    /// A database of this kind in memory, with the definitions of the connected one and none of its rows; an empty one
    /// without a connection; none if this kind has no such thing. An offline script is tried out there as it is written.
    fn scratch<'a>(
        &'a self,
        connection: Option<&'a mut Connection>,
    ) -> LocalBoxFuture<'a, Result<Option<Connection>>> {
        let _ = connection;
        Box::pin(async { Ok(None) })
    }

    /// Makes room on the connected server where a script can be tried out without touching what is there: a database of that name,
    /// or whatever of the kind the role may make. What has a database in memory ([`Self::scratch`]) needs none.
    fn make_room<'a>(
        &'a self,
        connection: &'a mut Connection,
        name: &'a str,
    ) -> LocalBoxFuture<'a, Result<Room>> {
        let _ = (connection, name);
        Box::pin(async { Ok(Room::default()) })
    }

    /// The first of these statements that reaches out of the one database that they are run in, by its number, and what is wrong with
    /// it; they are about to be run in a room of their own, which would not hold them.
    fn reaches_out<'a>(
        &'a self,
        connection: &'a mut Connection,
        statements: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Option<(usize, &'static str)>>> {
        let _ = (connection, statements);
        Box::pin(async { Ok(None) })
    }

    /// Whether an operation may rebuild a table here, so that [`Features::around_rebuild`] is needed around its revision.
    fn rebuilds(&self, operation: &Operation) -> bool {
        let _ = operation;
        false
    }

    /// Refuses to run an operation where it would do harm in the state that the connection is in, though its statements are
    /// right: on SQLite, a table that others reference is only rebuilt while foreign keys are off. Called before the
    /// operation's statements are run; `before` is what they were made from.
    ///
    /// # Errors
    /// [`crate::Error::Rebuild`]; what [`Self::statements`] would answer; [`crate::Error::Database`].
    fn guard<'a>(
        &'a self,
        connection: &'a mut Connection,
        operation: &'a Operation,
        before: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        let _ = (connection, operation, before);
        Box::pin(async { Ok(()) })
    }

    /// Rows that refer to nothing, where the database does not see to it by itself: asked before and after a revision that
    /// rebuilds tables. `(table, parent, number of rows)`.
    fn dangling<'a>(
        &'a self,
        connection: &'a mut Connection,
    ) -> LocalBoxFuture<'a, Result<Vec<(String, String, u64)>>> {
        let _ = connection;
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// How much of the database's present state an operation's spelling depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// None of it.
    Nothing,
    /// These tables.
    Tables(Vec<QualifiedName>),
    /// All of it.
    Everything,
}

/// The dialect of a database, as far as it is known without a connection.
///
/// # Errors
/// [`crate::db::DbError::NotBuilt`] if this program was built without it.
pub fn by_kind(kind: Kind) -> Result<Box<dyn Dialect>> {
    match kind {
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => Ok(Box::new(sqlite::Sqlite::new())),
        #[cfg(feature = "postgres")]
        Kind::Postgres => Ok(Box::new(postgres::Postgres::new())),
        #[cfg(feature = "mysql")]
        Kind::Mysql => Ok(Box::new(mysql::Mysql::mysql())),
        #[cfg(feature = "mysql")]
        Kind::MariaDb => Ok(Box::new(mysql::Mysql::mariadb())),
        #[allow(unreachable_patterns)]
        kind => Err(crate::db::not_built(kind).into()),
    }
}

/// The dialect of the database at the other end, with the features of its version.
///
/// # Errors
/// As [`by_kind`], and [`crate::Error::Database`] if the server does not tell its version.
pub async fn of_connection(connection: &mut Connection) -> Result<Box<dyn Dialect>> {
    match connection.kind() {
        #[cfg(feature = "postgres")]
        Kind::Postgres => Ok(Box::new(postgres::Postgres::of_server(connection).await?)),
        #[cfg(feature = "mysql")]
        Kind::Mysql | Kind::MariaDb => Ok(Box::new(mysql::Mysql::of_server(connection).await?)),
        #[allow(unreachable_patterns)]
        kind => by_kind(kind),
    }
}
