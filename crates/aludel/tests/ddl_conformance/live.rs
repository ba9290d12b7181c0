//! Databases to run calls in: each run finds an empty one, and is looked at by the database's own words.

use crate::look::{Facts, Names};
use crate::vector::Reader;
use crate::world::World;
use crate::{look_mariadb, look_postgres, look_sqlite};
use aludel::Error;
use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::{self, Dialect, Needs, Scope};
use aludel::ops::Recorded;
use aludel::schema::Schema;
use std::collections::BTreeSet;

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// What is there now.
    Well(Facts),
    /// This library refused, with a typed error.
    Refused(String),
    /// The database refused.
    Failed(String),
}

/// A server, or SQLite.
pub(crate) enum Live {
    Sqlite,
    Postgres {
        _database: aludel_testdb::Database,
        connection: Box<Connection>,
    },
    Mariadb {
        _database: aludel_testdb::MariaDb,
        connection: Box<Connection>,
    },
}

/// The database in which MariaDB's calls are run.
const MARIADB: &str = "ddl_conformance";

async fn open(url: &str) -> Connection {
    Connection::open(&DbUrl::parse(url).unwrap(), Access::Write)
        .await
        .unwrap()
}

impl Live {
    pub(crate) async fn start(dialect: &str) -> Option<Self> {
        Some(match dialect {
            "sqlite" => Self::Sqlite,
            "postgresql" => {
                let database = aludel_testdb::postgres_or_skip()?;
                let mut connection = Box::new(open(&database.url()).await);
                for extension in ["citext", "hstore", "btree_gist"] {
                    // Types that come with an extension; a server without its files refuses Alembic's statement too.
                    let _ = connection
                        .execute(&format!(
                            "CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA pg_catalog"
                        ))
                        .await;
                }
                Self::Postgres {
                    _database: database,
                    connection,
                }
            }
            _ => {
                let database = aludel_testdb::mariadb_or_skip()?;
                let connection = Box::new(open(&database.url()).await);
                Self::Mariadb {
                    _database: database,
                    connection,
                }
            }
        })
    }

    /// An empty place with a world in it.
    pub(crate) async fn place(
        &mut self,
        reader: &Reader<'_>,
        world: &World,
        rows: &[String],
        alone: bool,
    ) -> Result<Place<'_>, String> {
        let mut place = match self {
            Self::Sqlite => {
                let mut connection = open("sqlite::memory:").await;
                execute(&mut connection, "PRAGMA foreign_keys = OFF").await?;
                let look = dialect::of_connection(&mut connection).await.unwrap();
                Place {
                    connection: Held::Own(Box::new(connection), None),
                    look,
                    schemas: Vec::new(),
                    left_out: 0,
                    transaction: true,
                }
            }
            Self::Postgres { connection, .. } => match alone {
                false => {
                    let look = dialect::of_connection(connection).await.unwrap();
                    Place {
                        connection: Held::Shared(connection),
                        look,
                        schemas: Vec::new(),
                        left_out: 0,
                        transaction: true,
                    }
                }
                true => {
                    let database = aludel_testdb::postgres().unwrap();
                    let mut connection = open(&database.url()).await;
                    let look = dialect::of_connection(&mut connection).await.unwrap();
                    Place {
                        connection: Held::Own(Box::new(connection), Some(database)),
                        look,
                        schemas: Vec::new(),
                        left_out: 0,
                        transaction: false,
                    }
                }
            },
            Self::Mariadb { connection, .. } => {
                execute(connection, &format!("DROP DATABASE IF EXISTS {MARIADB}")).await?;
                execute(connection, &format!("CREATE DATABASE {MARIADB}")).await?;
                execute(connection, &format!("USE {MARIADB}")).await?;
                let look = dialect::of_connection(connection).await.unwrap();
                Place {
                    connection: Held::Shared(connection),
                    look,
                    schemas: Vec::new(),
                    left_out: 0,
                    transaction: false,
                }
            }
        };
        match place.create(reader, world, rows).await {
            Ok(()) => Ok(place),
            Err(error) => {
                let _ = place
                    .end(
                        reader,
                        Err(Ended::Failed(String::new())),
                        &Names::new(&BTreeSet::new()),
                        &[],
                    )
                    .await;
                Err(error)
            }
        }
    }
}

enum Held<'l> {
    Own(
        Box<Connection>,
        #[allow(dead_code, reason = "held until the connection is closed")]
        Option<aludel_testdb::Database>,
    ),
    Shared(&'l mut Connection),
}

impl Held<'_> {
    fn get(&mut self) -> &mut Connection {
        match self {
            Self::Own(it, _) => it,
            Self::Shared(it) => it,
        }
    }
}

/// A database that holds a world, for one run.
pub(crate) struct Place<'l> {
    connection: Held<'l>,
    look: Box<dyn Dialect>,
    schemas: Vec<String>,
    /// How many rows its tables did not take.
    pub(crate) left_out: usize,
    transaction: bool,
}

async fn execute(connection: &mut Connection, sql: &str) -> Result<(), String> {
    connection
        .execute(sql)
        .await
        .map(drop)
        .map_err(|error| format!("{error}\nin: {sql}"))
}

/// MySQL's statements are run on MariaDB, which has its own word for one of them.
fn as_run(reader: &Reader<'_>, sql: &str) -> String {
    match reader.is("mysql") {
        true => sql.replace(" DROP CHECK ", " DROP CONSTRAINT "),
        false => sql.to_owned(),
    }
}

impl Place<'_> {
    async fn create(
        &mut self,
        reader: &Reader<'_>,
        world: &World,
        rows: &[String],
    ) -> Result<(), String> {
        let connection = self.connection.get();
        let postgres = reader.is("postgresql");
        for name in world.tablespaces.iter().filter(|_| postgres) {
            // Of the whole server: one that is there is as good.
            let name = reader.spell.quote(name).unwrap();
            let _ = connection
                .execute("SET allow_in_place_tablespaces = on")
                .await;
            let _ = connection
                .execute(&format!("CREATE TABLESPACE {name} LOCATION ''"))
                .await;
        }
        if postgres && self.transaction {
            execute(connection, "BEGIN").await?;
        }
        for schema in &world.schemas {
            let quoted = reader.spell.quote(schema).unwrap();
            let create = match reader.dialect {
                "sqlite" => format!("ATTACH ':memory:' AS {quoted}"),
                "postgresql" => format!("CREATE SCHEMA {quoted}"),
                _ => {
                    execute(connection, &format!("DROP DATABASE IF EXISTS {quoted}")).await?;
                    format!("CREATE DATABASE {quoted}")
                }
            };
            execute(connection, &create).await?;
        }
        self.schemas = world.schemas.iter().cloned().collect();
        for operation in world.operations() {
            let statements = self
                .look
                .statements(&operation, &Schema::default())
                .map_err(|error| format!("setup: {error}"))?;
            for statement in statements {
                execute(connection, &statement.sql)
                    .await
                    .map_err(|error| format!("setup: {error}"))?;
            }
        }
        for insert in rows {
            // A row that the table does not take is left out.
            if postgres && self.transaction {
                execute(connection, "SAVEPOINT row").await?;
            }
            if connection.execute(insert).await.is_err() {
                self.left_out += 1;
                if postgres && self.transaction {
                    execute(connection, "ROLLBACK TO row").await?;
                }
            }
        }
        Ok(())
    }

    /// Runs statements as they are.
    pub(crate) async fn run(
        mut self,
        reader: &Reader<'_>,
        script: &[String],
        names: &Names<'_>,
        temporary: &[String],
    ) -> Ended {
        for sql in script {
            let sql = as_run(reader, sql.trim().trim_end_matches(';'));
            let sql = sql.as_str();
            if let Err(error) = execute(self.connection.get(), sql).await {
                return self
                    .end(reader, Err(Ended::Failed(error)), names, temporary)
                    .await;
            }
        }
        self.end(reader, Ok(()), names, temporary).await
    }

    /// Runs operations as a runner does. The statements come too, those behind a failure as far as they can be told.
    pub(crate) async fn apply(
        mut self,
        reader: &Reader<'_>,
        recorded: Vec<Vec<Recorded>>,
        names: &Names<'_>,
        temporary: &[String],
    ) -> (Vec<String>, Ended) {
        let mut said = Vec::new();
        let mut ended = Ok(());
        let times = recorded.iter().enumerate();
        for (time, recorded) in times.flat_map(|(time, all)| all.iter().map(move |it| (time, it))) {
            let broken = matches!(ended, Err(Ended::Failed(_)));
            let before = match broken {
                true => Ok(Schema::default()),
                false => self.before(reader, recorded).await,
            };
            let statements = before.and_then(|before| {
                match dialect::idle(self.spell(reader), &recorded.operation, &before) {
                    Some(_) => Ok(Vec::new()),
                    None => self.spell(reader).statements(&recorded.operation, &before),
                }
            });
            let statements = match statements {
                Ok(statements) => statements,
                Err(_) if broken => continue,
                Err(Error::Database(error)) => {
                    ended = Err(Ended::Failed(error.to_string()));
                    continue;
                }
                Err(error) => {
                    ended = Err(Ended::Refused(error.to_string()));
                    break;
                }
            };
            for statement in statements {
                if ended.is_ok()
                    && let Err(error) =
                        execute(self.connection.get(), &as_run(reader, &statement.sql)).await
                {
                    ended = Err(Ended::Failed(error));
                }
                if time == 0 {
                    said.push(statement.sql);
                }
            }
        }
        (said, self.end(reader, ended, names, temporary).await)
    }

    /// The dialect of this server; MySQL's own for its vectors, which are run on MariaDB.
    fn spell<'p>(&'p self, reader: &'p Reader<'_>) -> &'p dyn Dialect {
        match reader.is("mysql") {
            true => &*reader.spell,
            false => &*self.look,
        }
    }

    async fn before(&mut self, reader: &Reader<'_>, recorded: &Recorded) -> Result<Schema, Error> {
        let scope = match dialect::needs(self.spell(reader), &recorded.operation) {
            Needs::Nothing => return Ok(Schema::default()),
            Needs::Tables(tables) => Scope::Tables(tables),
            Needs::Everything => Scope::Everything,
        };
        self.look.inspect(self.connection.get(), &scope).await
    }

    /// Looks, unless it went wrong, and leaves nothing.
    async fn end(
        mut self,
        reader: &Reader<'_>,
        ended: Result<(), Ended>,
        names: &Names<'_>,
        temporary: &[String],
    ) -> Ended {
        let connection = self.connection.get();
        let ended = match ended {
            Err(ended) => ended,
            Ok(()) => Ended::Well(match reader.dialect {
                "sqlite" => look_sqlite::look(connection, names).await,
                "postgresql" => look_postgres::look(connection, names).await,
                _ => {
                    let mut databases = self.schemas.clone();
                    databases.push(MARIADB.into());
                    look_mariadb::look(connection, names, &databases, temporary).await
                }
            }),
        };
        match reader.dialect {
            "sqlite" => {}
            "postgresql" => {
                if self.transaction {
                    execute(connection, "ROLLBACK").await.unwrap();
                }
            }
            _ => {
                for table in temporary {
                    execute(
                        connection,
                        &format!("DROP TEMPORARY TABLE IF EXISTS {table}"),
                    )
                    .await
                    .unwrap();
                }
                for schema in self.schemas.iter().collect::<BTreeSet<_>>() {
                    let quoted = reader.spell.quote(schema).unwrap();
                    execute(connection, &format!("DROP DATABASE IF EXISTS {quoted}"))
                        .await
                        .unwrap();
                }
            }
        }
        ended
    }
}
