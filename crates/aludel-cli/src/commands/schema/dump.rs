//! `schema dump`: a schema as a script for the database's own client, or as JSON.

use crate::commands::offline::kind;
use crate::error::{CliError, CliResult, Outcome};
use crate::project::block_on;
use crate::report;
use crate::session::Session;
use crate::sides::Given;
use aludel::db::Kind;
use aludel::run;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to dump: a database URL, a `.sql` file, a `.json` dump, or `models` [default: the configured database]
    source: Option<String>,
    /// The form
    #[arg(long, value_enum, default_value_t = Format::Sql)]
    format: Format,
    /// This schema beside the default one, instead of all schemas of the database (repeatable)
    #[arg(long = "schema", value_name = "NAME")]
    schemas: Vec<String>,
    /// Into this file, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The database that a `.sql` file or the models are for, where no URL says so: sqlite, postgresql, mysql, mariadb
    #[arg(long, value_name = "NAME", value_parser = kind)]
    dialect: Option<Kind>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A script for psql, mariadb or sqlite3, to be run in an empty database
    Sql,
    /// The whole schema as data, as `schema diff` reads it
    Json,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let given = match &args.source {
        Some(text) => Given::read(text)?,
        None => Given::Database(session.url()?),
    };
    if let Some(outcome) = session.elsewhere(&[&given], "`schema dump models`")? {
        return Ok(outcome);
    }
    let side = given.side(session)?;
    let settings = session.side_settings(&args.schemas, args.dialect)?;
    let schemas = Some(args.schemas.clone()).filter(|it| !it.is_empty());
    let text = block_on(async {
        let (snapshot, dialect) = run::snapshot(&side, schemas, &settings).await?;
        match args.format {
            Format::Sql => snapshot.script(dialect).await,
            Format::Json => Ok(snapshot.to_json()),
        }
    })?;
    match &args.output {
        Some(path) => std::fs::write(path, text).map_err(CliError::io("write", path))?,
        None => report::answer(&text)?,
    }
    Ok(Outcome::Done)
}
