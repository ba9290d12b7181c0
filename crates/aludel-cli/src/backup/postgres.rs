//! PostgreSQL: `pg_dump` takes the backup, and `pg_restore` and `psql` go back to it.

use super::file::Place;
use super::{Taken, child, shell};
use crate::error::CliResult;
use aludel::db::{Access, Connection, DbUrl};
use std::path::Path;
use std::process::Command;

/// What a backup and its restoring need to know of the server.
struct Server {
    database: String,
    user: String,
    /// As a number: 150004.
    version: i64,
    /// Whether there is a schema `public`, which dumps take for granted.
    has_public: bool,
}

pub(super) async fn take(url: &DbUrl, place: Place) -> CliResult<Taken> {
    let server = ask(url).await?;
    let draft = place.draft(&server.database, "dump")?;
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-password", "--file"]);
    command.arg(&draft.path);
    connect(&mut command, url, &server);
    child::run(command, "pg_dump", "PostgreSQL").await?;
    let (path, size) = draft.finish()?;
    let restore = restore_of(url, &server, &path)?;
    Ok(Taken {
        path,
        size,
        restore,
    })
}

/// The command that restores a file.
pub(super) async fn restore_command(url: &DbUrl, file: &Path) -> CliResult<String> {
    let server = ask(url).await?;
    restore_of(url, &server, file)
}

async fn ask(url: &DbUrl) -> CliResult<Server> {
    let mut connection = Connection::open(url, Access::Read).await?;
    let rows = connection
        .fetch(
            "SELECT pg_catalog.current_database()::text, session_user::text, \
             pg_catalog.current_setting('server_version_num')::bigint, \
             EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public')",
        )
        .await;
    let _ = connection.close().await;
    let rows = rows?;
    let row = rows
        .first()
        .ok_or("the server does not tell its version")
        .map_err(aludel::Error::from)?;
    Ok(Server {
        database: row.at(0)?,
        user: row.at(1)?,
        version: row.at(2)?,
        has_public: row.at(3)?,
    })
}

/// Parameters of a URL by the names that they may have, and the variable that says the same to PostgreSQL's own programs.
const PARAMETERS: &[(&[&str], &str)] = &[
    (&["sslmode", "ssl-mode"], "PGSSLMODE"),
    (&["sslrootcert", "ssl-root-cert", "ssl-ca"], "PGSSLROOTCERT"),
    (&["sslcert", "ssl-cert"], "PGSSLCERT"),
    (&["sslkey", "ssl-key"], "PGSSLKEY"),
];

/// The settings of a URL for PostgreSQL's own programs, each a variable with its value. What the URL does not say, the driver reads from
/// the same variables as they do.
fn settings(url: &DbUrl) -> Vec<(&'static str, String)> {
    let parts = url.parts();
    let known = PARAMETERS.iter().filter_map(|(names, variable)| {
        parts
            .parameter(names)
            .map(|value| (*variable, value.to_string()))
    });
    known.collect()
}

/// All that a program needs to connect is given by its environment, which nobody but its owner can read, as everybody can a command line.
fn connect(command: &mut Command, url: &DbUrl, server: &Server) {
    let parts = url.parts();
    // A service would go before all of these, and the driver knows of none.
    command.env_remove("PGSERVICE");
    if let Some(host) = &parts.host {
        command.env_remove("PGHOSTADDR").env("PGHOST", host);
    }
    if let Some(port) = parts.port {
        command.env("PGPORT", port.to_string());
    }
    if let Some(password) = &parts.password {
        command.env("PGPASSWORD", password);
    }
    command.env("PGUSER", parts.user.as_ref().unwrap_or(&server.user));
    command.env("PGDATABASE", &server.database);
    command.envs(settings(url));
    // A role by default is part of what the session may do.
    if let Some(options) = parts.parameter(&["options"]) {
        command.env("PGOPTIONS", options);
    }
}

/// The client, without the user's own settings and without the answers of a dump's statements.
const PSQL: &[&str] = &[
    "psql",
    "--no-psqlrc",
    "--quiet",
    "--output",
    "/dev/null",
    "--set",
    "ON_ERROR_STOP=1",
];

/// What is in the database goes, and what was backed up comes, in one transaction, which is not committed if the file cannot be read to
/// its end. `pg_restore --clean` by itself would fail where something has come to depend on a table since, and leave the rest of
/// what has been made since, so that the revisions could not be run again.
fn restore_of(url: &DbUrl, server: &Server, file: &Path) -> CliResult<String> {
    let mut clear = "BEGIN; SET client_min_messages = warning; DO $do$BEGIN EXECUTE COALESCE((SELECT string_agg(format($f$DROP \
                     SCHEMA %I CASCADE$f$, nspname), $f$; $f$) FROM pg_namespace WHERE left(nspname, 3) <> $f$pg_$f$ AND nspname \
                     <> $f$information_schema$f$), $f$SELECT 1$f$); END$do$;"
        .to_string();
    if server.has_public {
        // What a new database has, and a dump leaves out: <https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS>
        clear.push_str(match server.version >= 150_000 {
            true => " CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC;",
            false => " CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC;",
        });
    }
    let file = file.display().to_string();
    let parts = url.parts();
    let mut psql: Vec<String> = PSQL.iter().map(ToString::to_string).collect();
    let mut flag = |name: &str, value: String| psql.extend([name.to_string(), value]);
    if let Some(host) = parts.host {
        flag("--host", host);
    }
    if let Some(port) = parts.port {
        flag("--port", port.to_string());
    }
    flag(
        "--username",
        parts.user.unwrap_or_else(|| server.user.clone()),
    );
    flag("--dbname", plain(&server.database));
    let variables = settings(url).into_iter();
    let variables: Vec<String> = variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let words = variables.iter().chain(&psql).map(String::as_str);
    Ok(format!(
        "{{ {} && {} && echo 'COMMIT;'; }} | {}",
        shell(["printf", "%s\\n", &clear])?,
        shell(["pg_restore", "--clean", "--if-exists", "--file", "-", &file])?,
        assigned(words)?,
    ))
}

/// Words for a shell; those in front that give a variable its value are to be read as such.
fn assigned<'w>(words: impl IntoIterator<Item = &'w str>) -> CliResult<String> {
    let mut said = Vec::new();
    for word in words {
        let variable = word
            .split_once('=')
            .filter(|(name, _)| name.starts_with("PG"));
        said.push(match variable {
            Some((name, value)) => format!("{name}={}", shell([value])?),
            None => shell([word])?,
        });
    }
    Ok(said.join(" "))
}

/// A database's name where connection strings are allowed, too: one that looks like such a string becomes one.
fn plain(name: &str) -> String {
    if !name.contains('=') && !name.starts_with("postgres://") && !name.starts_with("postgresql://")
    {
        return name.to_string();
    }
    format!(
        "dbname='{}'",
        name.replace('\\', "\\\\").replace('\'', "\\'")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_quoted_and_tells_no_password() {
        let url = "postgres://a%20da:gehe%27im@h:5433/we%22ird%20db?sslmode=require";
        let url = DbUrl::parse(url).unwrap();
        let server = Server {
            database: "we\"ird db".into(),
            user: "x".into(),
            version: 140_000,
            has_public: true,
        };
        let command = restore_of(&url, &server, Path::new("/b/it's.dump")).unwrap();
        assert!(!command.contains("gehe"), "{command}");
        let (_, psql) = command.rsplit_once(" | ").unwrap();
        let words = shlex::split(psql).unwrap();
        assert_eq!(words[..2], ["PGSSLMODE=require", "psql"]);
        let end = [
            "--host",
            "h",
            "--port",
            "5433",
            "--username",
            "a da",
            "--dbname",
            "we\"ird db",
        ];
        assert!(words.ends_with(&end.map(String::from)), "{command}");
        assert!(command.contains("--file - \"/b/it's.dump\""), "{command}");
        assert_eq!(plain("a='b"), "dbname='a=\\'b'");
    }
}
