//! Words for what keeps a backup from being taken or restored, and for what nobody agreed to.

use super::Said;
use crate::backup::BackupError;

pub(super) fn of_backup(error: &BackupError) -> Said {
    let mut said = Said::new(error);
    match error {
        BackupError::NoFolder { .. } => said.hint("`--backup` names a folder, which is made if it is not there"),
        BackupError::InMemory => said.hint("leave `--backup` out"),
        BackupError::NoProgram { program: "pg_dump", .. } => said.hint(
            "install PostgreSQL's client programs, of the server's version or newer: `apt-get install postgresql-client`, \
             `dnf install postgresql`, `apk add postgresql-client`, `brew install libpq`",
        ),
        BackupError::NoProgram { .. } => said.hint(
            "install the client programs of MariaDB or MySQL: `apt-get install mariadb-client`, `dnf install mariadb`, \
             `apk add mariadb-client`, `brew install mariadb`",
        ),
        BackupError::Program { said: words, .. } => {
            said.details.extend(words.lines().map(str::to_string));
            match words.contains("server version mismatch") {
                true => said.hint("install the programs of the server's version, and put them first in the PATH"),
                false => said.hint("nothing was run; mend the cause, or leave `--backup` out"),
            }
        }
        BackupError::NoDatabase { .. } => said.hint(
            "`restore` wants a file that `upgrade --backup` has written, and a database to put it into: one that is neither is to be moved away",
        ),
        BackupError::Damaged { found, .. } => {
            const MOST: usize = 10;
            said.details.extend(found.iter().take(MOST).cloned());
            said.hint("look at it with `PRAGMA integrity_check`, and take another backup")
        }
        BackupError::Same { .. } => said.hint("name a backup of it"),
        BackupError::InUse { .. } => said.hint("stop the programs that use the database, and run the command again"),
        BackupError::Sqlite { said: words, .. } => {
            said.causes.push(words.clone());
            said
        }
        BackupError::OwnPrograms { command, .. } => said.hint(format!("this command does: {command}")),
        BackupError::Unspeakable => said,
    }
}
