//! The transactions of a frame: when one is opened, what is said first in it, and how it ends.

use super::{Around, Frame};
use crate::db::Row;
use crate::error::{Error, Fate, Result};
use crate::revision::Step;
use crate::run::ledger::failure;
use crate::run::turn::Waiting;

impl Frame<'_> {
    /// Opens the transaction that this frame puts around, unless it is open.
    pub(in crate::run) async fn begin(&mut self) -> Result<()> {
        match self.around {
            Around::VersionRows => Ok(()),
            _ => self.open().await,
        }
    }

    pub(in crate::run) async fn open(&mut self) -> Result<()> {
        if !self.state.open {
            self.open_with(None).await?;
        }
        Ok(())
    }

    /// Opens a transaction in which the version rows stay as they are, and asks something in it, in one message.
    pub(in crate::run) async fn open_with(&mut self, query: Option<&str>) -> Result<Vec<Row>> {
        let mut all = vec![self.dialect.features().begin.to_string()];
        all.extend(self.dialect.transaction_waits(&self.busy.waits));
        // Where names are looked for elsewhere, the version table is not found before its turn.
        let hold = self.version.hold().filter(|_| !self.state.moved);
        all.extend(hold.map(str::to_string));
        all.extend(query.map(str::to_string));
        self.open_by(&all.join(";\n")).await
    }

    /// Opens a transaction, as soon as nobody else's stands against it.
    pub(in crate::run) async fn open_by(&mut self, sql: &str) -> Result<Vec<Row>> {
        let mut waiting = Waiting::new(self.patience, &self.stop);
        loop {
            let error = match self.db.connection().fetch(sql).await {
                Ok(rows) => {
                    self.state.open = true;
                    return Ok(rows);
                }
                Err(error) => error,
            };
            // It may have been opened before the rest of the message failed.
            let _ = self.db.connection().execute("ROLLBACK").await;
            if !self.dialect.is_busy(&error) {
                return Err(error.into());
            }
            waiting.on_somebody().await?;
        }
    }

    /// Keeps everybody else out from the next transaction on, until the frame is settled, where nothing but transactions keeps
    /// runners apart.
    pub(in crate::run) async fn keep_out(&mut self) -> Result<()> {
        if self.state.lets_in.is_none()
            && let Some((first, last)) = self.dialect.keep_out(self.db.connection()).await?
        {
            self.db.connection().execute(first).await?;
            self.state.lets_in = Some(last);
        }
        Ok(())
    }

    /// Ends a part of a revision, so that something can run outside the transaction. A transaction that the database has given
    /// up, after an error that a step has kept to itself, is told only when it is asked for something else than `COMMIT`.
    pub(in crate::run) async fn part(&mut self, step: &Step) -> Result<()> {
        if !self.state.open {
            return Ok(());
        }
        let alive = match self.state.code_ran {
            true => self.db.connection().execute("SELECT 1").await,
            false => Ok(0),
        };
        let ended = match alive {
            Ok(_) => {
                self.keep_out().await?;
                self.track().await?;
                self.commit().await
            }
            Err(error) => Err(error.into()),
        };
        ended.map_err(|source| failure(step, None, None, source))
    }

    /// Commits, if a transaction is open.
    pub(in crate::run) async fn commit(&mut self) -> Result<()> {
        if !self.state.open {
            return Ok(());
        }
        self.no_new_dangling().await?;
        match self.db.connection().execute("COMMIT").await {
            Ok(_) => {
                self.state.open = false;
                self.state.row_in_doubt = false;
                self.state.ledger.settled(Fate::Committed);
                Ok(())
            }
            Err(source) => {
                if source.is_lost() {
                    // It may have been heard or not; there is nobody left to ask.
                    self.state.open = false;
                    self.state.ledger.settled(Fate::Unknown);
                }
                let sql = "COMMIT".to_string();
                Err(Error::Statement { sql, source })
            }
        }
    }

    /// Foreign keys rested while tables were rebuilt: rows that refer to nothing must not be more than before.
    pub(in crate::run) async fn no_new_dangling(&mut self) -> Result<()> {
        if !self.rebuilds {
            return Ok(());
        }
        let before = &self.state.dangling;
        for (table, parent, rows) in self.dialect.dangling(self.db.connection()).await? {
            let known = before.iter().find(|it| it.0 == table && it.1 == parent);
            if known.is_none_or(|it| it.2 < rows) {
                return Err(Error::ForeignKeys {
                    table,
                    parent,
                    rows,
                });
            }
        }
        Ok(())
    }

    /// Ends what is open, so that something can run in no transaction.
    pub(in crate::run) async fn part_of_what_is_open(&mut self) -> Result<()> {
        if self.state.open {
            self.track().await?;
            self.commit().await?;
        }
        Ok(())
    }
}
