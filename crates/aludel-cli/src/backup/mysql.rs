//! MySQL and MariaDB: `mariadb-dump` or `mysqldump` takes the backup, and the client program goes back to it.

use super::file::Place;
use super::{BackupError, Taken, child, shell};
use crate::error::{CliError, CliResult};
use aludel::db::{Access, Connection, DbUrl};
use std::fs::OpenOptions;
use std::path::Path;
use std::process::Command;

/// What a backup and its restoring need to know of the server.
struct Server {
    database: String,
    charset: String,
    collation: String,
}

/// The programs of one vendor.
#[derive(Clone, Copy)]
struct Programs {
    dump: &'static str,
    client: &'static str,
    is_mariadb: bool,
}

/// In the order in which they are looked for. MariaDB comes with the second names, too.
const PROGRAMS: [(&str, &str); 2] = [("mariadb-dump", "mariadb"), ("mysqldump", "mysql")];

pub(super) async fn take(url: &DbUrl, place: Place) -> CliResult<Taken> {
    let server = ask(url).await?;
    let programs = find().await?;
    let draft = place.draft(&server.database, "sql")?;
    let file = OpenOptions::new().write(true).open(&draft.path);
    let file = file.map_err(CliError::io("write", draft.path.to_path_buf()))?;
    let mut command = Command::new(programs.dump);
    // A file of options that is the user's own could lead elsewhere than the URL does.
    command.arg("--no-defaults");
    command.args(flags(url, programs));
    command.args([
        "--single-transaction",
        "--routines",
        "--triggers",
        "--events",
        "--hex-blob",
        "--no-tablespaces",
        "--default-character-set=utf8mb4",
    ]);
    if !programs.is_mariadb {
        // What a server has done is not what a database holds.
        command.arg("--set-gtid-purged=OFF");
    }
    command.arg("--").arg(&server.database).stdout(file);
    if let Some(password) = url.parts().password {
        command.env("MYSQL_PWD", password);
    } else {
        command.env_remove("MYSQL_PWD");
    }
    child::run(command, programs.dump, "MySQL or MariaDB").await?;
    let (path, size) = draft.finish()?;
    let restore = restore_of(url, &server, programs, &path)?;
    Ok(Taken {
        path,
        size,
        restore,
    })
}

/// The command that restores a file.
pub(super) async fn restore_command(url: &DbUrl, file: &Path) -> CliResult<String> {
    let server = ask(url).await?;
    let programs = find().await.unwrap_or(Programs {
        dump: "mysqldump",
        client: "mysql",
        is_mariadb: false,
    });
    restore_of(url, &server, programs, file)
}

async fn ask(url: &DbUrl) -> CliResult<Server> {
    let mut connection = Connection::open(url, Access::Read).await?;
    let rows = connection
        .fetch("SELECT DATABASE(), @@character_set_database, @@collation_database")
        .await;
    let _ = connection.close().await;
    let rows = rows?;
    let row = rows
        .first()
        .ok_or("the server does not tell its database")
        .map_err(aludel::Error::from)?;
    Ok(Server {
        database: row.at(0)?,
        charset: row.at(1)?,
        collation: row.at(2)?,
    })
}

/// The programs that are installed: the first that tells its version.
async fn find() -> CliResult<Programs> {
    for (dump, client) in PROGRAMS {
        let mut command = Command::new(dump);
        command
            .arg("--version")
            .stdout(std::process::Stdio::piped());
        match child::run(command, dump, "MySQL or MariaDB").await {
            Ok(version) => {
                let version = String::from_utf8_lossy(&version).to_lowercase();
                return Ok(Programs {
                    dump,
                    client,
                    is_mariadb: version.contains("mariadb"),
                });
            }
            Err(CliError::Backup(BackupError::NoProgram { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    let (program, database) = ("mariadb-dump", "MySQL or MariaDB");
    Err(BackupError::NoProgram { program, database }.into())
}

/// How the programs reach the server, as the driver does. They take `localhost` for a socket, and the driver takes it for an address.
fn flags(url: &DbUrl, programs: Programs) -> Vec<String> {
    let parts = url.parts();
    let mut flags = Vec::new();
    let mut flag = |name: &str, value: &str| flags.extend([name.to_string(), value.to_string()]);
    match parts.parameter(&["socket"]) {
        Some(socket) => {
            flag("--protocol", "SOCKET");
            flag("--socket", socket);
        }
        None => {
            flag("--protocol", "TCP");
            flag("--host", parts.host.as_deref().unwrap_or("localhost"));
            flag("--port", &parts.port.unwrap_or(3306).to_string());
        }
    }
    flag("--user", parts.user.as_deref().unwrap_or("root"));
    let files = [
        (&["sslca", "ssl-ca"], "--ssl-ca"),
        (&["sslcert", "ssl-cert"], "--ssl-cert"),
        (&["sslkey", "ssl-key"], "--ssl-key"),
    ];
    for (names, name) in files {
        if let Some(file) = parts.parameter(names) {
            flag(name, file);
        }
    }
    let mode = parts
        .parameter(&["sslmode", "ssl-mode"])
        .unwrap_or_default();
    let mode = mode.to_ascii_uppercase();
    flags.extend(match (programs.is_mariadb, mode.as_str()) {
        (_, "") => None,
        (false, mode) => Some(format!("--ssl-mode={mode}")),
        (true, "DISABLED") => Some("--skip-ssl".into()),
        (true, "PREFERRED") => None,
        (true, "REQUIRED") => Some("--ssl".into()),
        (true, _) => Some("--ssl-verify-server-cert".into()),
    });
    flags
}

/// The database is made anew, since nothing else takes away what has been made in it since; and only if there is a file to read.
fn restore_of(url: &DbUrl, server: &Server, programs: Programs, file: &Path) -> CliResult<String> {
    let name = format!("`{}`", server.database.replace('`', "``"));
    let anew = format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET {} COLLATE {}; USE {name};",
        server.charset, server.collation
    );
    let mut client = vec![programs.client.to_string(), "--no-defaults".into()];
    client.extend(flags(url, programs));
    client.extend(["--default-character-set".into(), "utf8mb4".into()]);
    if url.parts().password.is_some() {
        // It is asked for.
        client.push("--password".into());
    }
    let file = file.display().to_string();
    Ok(format!(
        "{} && {{ {}; {}; }} | {}",
        shell(["test", "-s", &file])?,
        shell(["printf", "%s\\n", &anew])?,
        shell(["cat", &file])?,
        shell(client.iter().map(String::as_str))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_quoted_and_tells_no_password() {
        let url = "mysql://a%20da:gehe%27im@localhost/we%60ird%20db?ssl-mode=required";
        let url = DbUrl::parse(url).unwrap();
        let server = Server {
            database: "we`ird db".into(),
            charset: "utf8mb4".into(),
            collation: "utf8mb4_bin".into(),
        };
        let programs = Programs {
            dump: "mariadb-dump",
            client: "mariadb",
            is_mariadb: true,
        };
        let command = restore_of(&url, &server, programs, Path::new("/b/x y.sql")).unwrap();
        assert!(!command.contains("gehe"), "{command}");
        let words = shlex::split(&command).unwrap();
        assert!(words.contains(&"/b/x y.sql".to_string()), "{command}");
        assert!(
            command.contains("DROP DATABASE IF EXISTS `we``ird db`; CREATE"),
            "{command}"
        );
        let client = words.iter().position(|it| it == "mariadb").unwrap();
        assert_eq!(
            words[client + 1..],
            [
                "--no-defaults",
                "--protocol",
                "TCP",
                "--host",
                "localhost",
                "--port",
                "3306",
                "--user",
                "a da",
                "--ssl",
                "--default-character-set",
                "utf8mb4",
                "--password"
            ]
        );
    }
}
