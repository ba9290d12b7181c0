//! A connection at which definitions are looked at: a database, or a place made for definitions that are in none.

use crate::db::{Access, Connection, DbUrl, Kind};
use crate::dialect::{self, Dialect, Room};
use crate::error::{Result, SideError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

/// What the names of scratch databases and schemas begin with.
const PREFIX: &str = "aludel_scratch_";

/// A place, which is to be [closed](Self::close): what was made for it is then gone.
pub(super) struct Place {
    pub(super) connection: Connection,
    pub(super) dialect: Arc<dyn Dialect>,
    /// What was made on a server.
    made: Option<Made>,
}

/// What was made for a place, to be [cleared](Self::clear) away when nobody is connected to it.
pub(super) struct Made {
    room: Room,
    server: DbUrl,
    database: DbUrl,
}

impl Place {
    /// A database as it is.
    pub(super) async fn at(url: &DbUrl) -> Result<Self> {
        let connection = Connection::open(url, Access::Read).await?;
        Self::of(connection, None).await
    }

    /// An empty place of this kind, on the server where one is needed; `what` is to be read in it.
    pub(super) async fn empty(kind: Kind, server: Option<&DbUrl>, what: &str) -> Result<Self> {
        if let Some(connection) = dialect::by_kind(kind)?.scratch(None).await? {
            return Self::of(connection, None).await;
        }
        let Some(server) = server else {
            let what = what.to_string();
            return Err(SideError::NoServer { what, kind }.into());
        };
        let mut connection = Connection::open(server, Access::Write).await?;
        let dialect = dialect::of_connection(&mut connection).await?;
        // Nobody else has this name, and what is left of a program that was killed does not stand in the way.
        let name = format!(
            "{PREFIX}{:016x}",
            RandomState::new().build_hasher().finish()
        );
        let room = dialect.make_room(&mut connection, &name).await?;
        if room.drop.is_none() {
            let made = Made {
                database: server.clone(),
                server: server.clone(),
                room,
            };
            return Self::of(connection, Some(made)).await;
        }
        let _ = connection.close().await;
        let made = Made {
            database: server.with_database(&name),
            server: server.clone(),
            room,
        };
        match Connection::open(&made.database, Access::Write).await {
            Ok(connection) => Self::of(connection, Some(made)).await,
            Err(error) => {
                made.clear().await?;
                Err(error.into())
            }
        }
    }

    async fn of(mut connection: Connection, made: Option<Made>) -> Result<Self> {
        let arrived = match &made {
            Some(made) => arrive(&mut connection, &made.room).await,
            None => Ok(()),
        };
        let dialect = match arrived {
            Ok(()) => dialect::of_connection(&mut connection).await,
            Err(error) => Err(error),
        };
        match dialect {
            Ok(dialect) => Ok(Self {
                connection,
                dialect: Arc::from(dialect),
                made,
            }),
            Err(error) => {
                let _ = connection.close().await;
                if let Some(made) = made {
                    made.clear().await?;
                }
                Err(error)
            }
        }
    }

    /// Whether it is in a transaction that is never committed, on the server's own database.
    pub(super) fn is_in_transaction(&self) -> bool {
        let made = self.made.as_ref();
        made.is_some_and(|it| it.room.drop.is_none())
    }

    /// Sees to it that nothing a script has said of its session is in force any more.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let Some(made) = &self.made else {
            return Ok(());
        };
        if made.room.drop.is_some() {
            let fresh = Connection::open(&made.database, Access::Write).await?;
            let used = std::mem::replace(&mut self.connection, fresh);
            let _ = used.close().await;
        }
        arrive(&mut self.connection, &made.room).await
    }

    /// The schema outside of the place that was worked on, if one was.
    pub(super) async fn outside(&mut self) -> Result<Option<String>> {
        let query = self.made.as_ref().and_then(|it| it.room.outside.clone());
        let Some(query) = query else {
            return Ok(None);
        };
        let rows = self.connection.fetch(&query).await?;
        Ok(rows.first().map(|row| row.at(0)).transpose()?)
    }

    /// The schemas of a place in a transaction, beside the default one; none for a place that has its database for itself.
    pub(super) async fn schemas(&mut self) -> Result<Option<Vec<String>>> {
        let query = self.made.as_ref().and_then(|it| it.room.schemas.clone());
        let Some(query) = query else {
            return Ok(None);
        };
        let rows = self.connection.fetch(&query).await?;
        let names = rows.iter().map(|row| row.at(0));
        Ok(Some(names.collect::<Result<_, _>>()?))
    }

    /// The connection by itself, and what is left to be cleared away.
    pub(super) fn apart(self) -> (Connection, Option<Made>) {
        (self.connection, self.made)
    }

    /// Leaves the place, and nothing of it behind.
    pub(super) async fn close(self) -> Result<()> {
        let (connection, made) = self.apart();
        let _ = connection.close().await;
        match made {
            Some(made) => made.clear().await,
            None => Ok(()),
        }
    }
}

impl Made {
    /// A transaction that nobody can commit any more is gone with its connection.
    pub(super) async fn clear(self) -> Result<()> {
        let Some(drop) = &self.room.drop else {
            return Ok(());
        };
        let mut connection = Connection::open(&self.server, Access::Write).await?;
        connection.execute(drop).await?;
        let _ = connection.close().await;
        Ok(())
    }
}

async fn arrive(connection: &mut Connection, room: &Room) -> Result<()> {
    for sql in &room.arrive {
        connection.execute(sql).await?;
    }
    Ok(())
}
