//! SQLITE: its types, its statements, its catalog, and the rebuilding of tables, which stands for most of what other databases
//! call `ALTER TABLE`.
//!
//! SQLite keeps the text of every `CREATE` statement, and that text is the authority here: inspection reads it, a rebuild edits
//! it, and nothing else is asked of the database. Names are kept as they are written; SQLite itself takes names that differ in
//! the case of ASCII letters for one.

use super::{Dialect, Features, LogWords, Needs, Scope, Trace};
use crate::db::{Connection, DbError, Kind, LocalBoxFuture};
use crate::error::{Error, Result};
use crate::ops::Operation;
use crate::schema::{Column, Generated, ObjectKind, QualifiedName, Schema, Type};
use crate::sql::split::Flavor;
use crate::sql::{Bearing, Clause, Literal, Spell, Statement, words_after};
use std::collections::BTreeSet;

mod alter;
mod bearing;
mod canonical_objects;
mod ddl;
mod edit;
mod enums;
mod float;
mod inspect;
mod inspect_objects;
mod log;
mod normalize;
mod objects;
mod offline;
mod parse;
mod parse_constraint;
mod parse_index;
mod reads;
mod rebuild;
mod refuse;
mod rename;
mod text;
mod types;
mod words;

const NAME: &str = "SQLite";

/// The dialect of SQLite.
///
/// ```
/// use aludel::dialect::sqlite::Sqlite;
/// use aludel::schema::Type;
/// use aludel::sql::Spell;
///
/// let sqlite = Sqlite::new();
/// assert_eq!(sqlite.quote("order").unwrap(), "\"order\"");
/// assert_eq!(sqlite.spell_type(&Type::Decimal(10, 2)).unwrap(), "NUMERIC(10, 2)");
/// ```
#[derive(Debug, Clone)]
pub struct Sqlite {
    features: Features,
}

impl Default for Sqlite {
    fn default() -> Self {
        Self::new()
    }
}

impl Sqlite {
    /// The dialect. Every SQLite that sqlx brings along speaks all of it.
    pub fn new() -> Self {
        Self {
            features: Features {
                transactional_ddl: true,
                comments: false,
                enum_types: false,
                schemas: false,
                holds: false,
                column_names_fold: true,
                table_names_fold: true,
                numbers_need_key: false,
                empty_tables: false,
                renaming: crate::diff::Renaming::ALL,
                names_are_followed: true,
                begin: "BEGIN IMMEDIATE",
                around_move: None,
                // Inside a transaction the first has no effect (https://www.sqlite.org/pragma.html#pragma_foreign_keys). The
                // second is switched by the rebuild itself, and would stay on if that failed between.
                around_rebuild: Some((
                    "PRAGMA foreign_keys = OFF",
                    "PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON",
                )),
                around_step: None,
            },
        }
    }
}

impl Spell for Sqlite {
    fn name(&self) -> &'static str {
        NAME
    }

    fn quote(&self, name: &str) -> Result<String> {
        ddl::quote(name)
    }

    fn spell_type(&self, ty: &Type) -> Result<String> {
        types::spell(ty, false)
    }

    fn string(&self, text: &str) -> Result<String> {
        if text.contains('\0') {
            return Err(Error::Name {
                name: text.escape_debug().to_string(),
                dialect: NAME,
                reason: "it contains a NUL".into(),
            });
        }
        Ok(format!("'{}'", text.replace('\'', "''")))
    }

    fn literal(&self, value: &Literal) -> Result<String> {
        Ok(match value {
            Literal::Null => "NULL".into(),
            Literal::Bool(it) => if *it { "TRUE" } else { "FALSE" }.into(),
            // The smallest integer has no literal of its own: it would be read as a negated float.
            Literal::Integer(i64::MIN) => "(-9223372036854775807 - 1)".into(),
            Literal::Integer(it) => it.to_string(),
            Literal::Float(it) if it.is_nan() => {
                return Err(types::unsupported(
                    "hold a float that is not a number",
                    "NULL",
                ));
            }
            Literal::Float(it) if it.is_infinite() => {
                if *it > 0.0 { "9e999" } else { "-9e999" }.into()
            }
            Literal::Float(it) => float::spell(*it),
            // Its command line drops a carriage return at the end of a script's line.
            Literal::Text(it) if it.contains('\r') => {
                let parts: Result<Vec<String>> = it.split('\r').map(|it| self.string(it)).collect();
                format!("({})", parts?.join(" || char(13) || "))
            }
            Literal::Text(it) => self.string(it)?,
            Literal::Bytes(it) => {
                let hex: String = it.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("x'{hex}'")
            }
            Literal::Uuid(it) => return self.literal(&Literal::Bytes(it.to_vec())),
            Literal::Sql(it) => it.to_string(),
        })
    }

    /// `ALTER TABLE` has none.
    fn has_clause(&self, clause: Clause) -> bool {
        matches!(
            clause,
            Clause::CreateTable | Clause::DropTable | Clause::CreateIndex | Clause::DropIndex
        )
    }

    /// The definition of a column of an ordinary table, outside of its primary key.
    fn column(&self, column: &Column) -> Result<String> {
        ddl::column(self, column, ddl::Place::default(), None)
    }
}

impl Dialect for Sqlite {
    fn kind(&self) -> Kind {
        Kind::Sqlite
    }

    fn flavor(&self) -> Flavor {
        Flavor::Sqlite
    }

    fn context_name(&self) -> &'static str {
        "SQLite"
    }

    fn features(&self) -> &Features {
        &self.features
    }

    fn normalize(&self, schema: &mut Schema) {
        normalize::normalize(schema);
    }

    /// SQLite echoes what it was told, letter by letter: there is nothing to ask it.
    fn canonicalize<'a>(
        &'a self,
        _: &'a mut Connection,
        _: &'a mut Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(async { Ok(true) })
    }

    fn inspect<'a>(
        &'a self,
        connection: &'a mut Connection,
        scope: &'a Scope,
    ) -> LocalBoxFuture<'a, Result<Schema>> {
        Box::pin(inspect::inspect(self, connection, scope))
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
        _: &'a mut Connection,
        schema: &'a mut Schema,
        live: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            canonical_objects::canonicalize(schema, live);
            Ok(true)
        })
    }

    fn bearing(&self, sql: &str) -> Bearing {
        bearing::bearing(sql)
    }

    /// A key of one integer column is numbered, and nothing else is: that comes and goes with the key.
    fn refine(&self, from: &Schema, to: &Schema, operations: Vec<Operation>) -> Vec<Operation> {
        let operations = alter::without_numbers_of_keys(from, to, operations);
        alter::with_types_of_keys(to, operations)
    }

    fn needs(&self, operation: &Operation) -> Needs {
        alter::needs(operation)
    }

    fn statements(&self, operation: &Operation, before: &Schema) -> Result<Vec<Statement>> {
        Ok(alter::script(self, operation, before)?.statements)
    }

    fn cannot(&self, operation: &Operation) -> Option<Error> {
        refuse::unsaid(self, operation).err()
    }

    fn rebuilds(&self, operation: &Operation) -> bool {
        alter::rebuilds(operation)
    }

    fn release(&self) -> &'static str {
        "SELECT '3'"
    }

    /// A file that is attached would be written to.
    fn reaches_out<'a>(
        &'a self,
        _: &'a mut Connection,
        statements: &'a [&'a str],
    ) -> LocalBoxFuture<'a, Result<Option<(usize, &'static str)>>> {
        let is_outside = |sql: &&str| {
            let first = ["attach", "detach", "vacuum"];
            !words_after(sql, Flavor::Sqlite, &first).is_empty()
        };
        let found = statements.iter().position(is_outside);
        Box::pin(async move { Ok(found.map(|at| (at, "is about other files"))) })
    }

    /// The rows are copied, the values of such a column among them.
    fn keeps_computed(&self, _: &Generated) -> bool {
        true
    }

    fn log(&self) -> LogWords {
        log::WORDS
    }

    fn default_schema(&self) -> &'static str {
        "SELECT 'main'"
    }

    /// With a write-ahead log, a file that others have open cannot be had alone
    /// (<https://www.sqlite.org/pragma.html#pragma_locking_mode>).
    fn keep_out<'a>(
        &'a self,
        connection: &'a mut Connection,
    ) -> LocalBoxFuture<'a, Result<Option<(&'static str, &'static str)>>> {
        Box::pin(async {
            let rows = connection.fetch("PRAGMA journal_mode").await?;
            let mode = rows.first().map(|row| row.at::<String>(0)).transpose()?;
            Ok((mode.as_deref() != Some("wal")).then_some((
                "PRAGMA locking_mode = EXCLUSIVE",
                // The lock is let go by the next access to the file.
                "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema",
            )))
        })
    }

    /// What cannot run in a transaction here is a setting, or puts the file in order.
    fn trace(&self, sql: &str) -> Result<Trace> {
        let words = words_after(
            sql,
            Flavor::Sqlite,
            &["pragma", "vacuum", "attach", "detach"],
        );
        Ok(match words.is_empty() {
            true => Trace::None,
            false => Trace::Harmless,
        })
    }

    /// SQLITE_BUSY and SQLITE_LOCKED, and what they are extended to: the lowest byte is the code
    /// (<https://www.sqlite.org/rescode.html>).
    fn is_busy(&self, error: &DbError) -> bool {
        match error {
            DbError::Statement {
                code: Some(code), ..
            } => code
                .parse::<i32>()
                .is_ok_and(|it| matches!(it & 0xff, 5 | 6)),
            _ => false,
        }
    }

    fn exists(&self, table: &QualifiedName) -> Result<String> {
        let schema = match &table.schema {
            Some(schema) => format!("{}.", self.quote(schema)?),
            None => String::new(),
        };
        let name = self.string(&table.name)?;
        Ok(format!(
            "SELECT 1 FROM {schema}sqlite_schema WHERE type = 'table' AND lower(name) = lower({name})"
        ))
    }

    fn scratch<'a>(
        &'a self,
        connection: Option<&'a mut Connection>,
    ) -> LocalBoxFuture<'a, Result<Option<Connection>>> {
        Box::pin(async move { Ok(Some(offline::scratch(connection).await?)) })
    }

    fn guard<'a>(
        &'a self,
        connection: &'a mut Connection,
        operation: &'a Operation,
        before: &'a Schema,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if !alter::rebuilds(operation) {
                return Ok(());
            }
            let script = alter::script(self, operation, before)?;
            let Some((table, other)) = script.referenced else {
                return Ok(());
            };
            let rows = connection.fetch("PRAGMA foreign_keys").await?;
            let on = rows.first().map(|row| row.at::<i64>(0)).transpose()?;
            match on {
                Some(1) => Err(rebuild::still_referenced(&table, &other)),
                _ => Ok(()),
            }
        })
    }

    fn dangling<'a>(
        &'a self,
        connection: &'a mut Connection,
    ) -> LocalBoxFuture<'a, Result<Vec<(String, String, u64)>>> {
        Box::pin(async move {
            let rows = connection
                .fetch(
                    // Without a table, the pragma looks at `main` alone.
                    "WITH listed AS MATERIALIZED (
                        SELECT schema, name FROM pragma_table_list WHERE type = 'table'
                    )
                    SELECT broken.\"table\" AS child, broken.parent AS parent, count(*) AS rows
                    FROM listed JOIN pragma_foreign_key_check(listed.name, listed.schema) AS broken
                    GROUP BY listed.schema, child, parent ORDER BY listed.schema, child, parent",
                )
                .await?;
            let mut found = Vec::new();
            for row in rows {
                let count: i64 = row.get("rows")?;
                let count = u64::try_from(count).unwrap_or_default();
                found.push((row.get("child")?, row.get("parent")?, count));
            }
            Ok(found)
        })
    }
}
