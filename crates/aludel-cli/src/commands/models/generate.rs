//! `models generate`: Rust models of the tables that a database has.

use crate::commands::offline::kind;
use crate::error::{CliError, CliResult, Outcome};
use crate::project::block_on;
use crate::report;
use crate::session::Session;
use crate::sides::Given;
use crate::writing::rustfmt;
use aludel::db::Kind;
use aludel::run::{self, Models};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the tables are: a database URL, a `.sql` file, a `.json` dump [default: the configured database]
    source: Option<String>,
    /// A schema beside the default one (repeatable)
    #[arg(long = "schema", value_name = "NAME")]
    schemas: Vec<String>,
    /// These tables alone: `visits`, `visit_*`, `billing.*` (repeatable)
    #[arg(long, value_name = "PATTERN")]
    tables: Vec<String>,
    /// Into this file, or into this folder with a file for each table; instead of standard output
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long, requires = "output")]
    force: bool,
    /// The database that a `.sql` file is for, where no URL says so: sqlite, postgresql, mysql, mariadb
    #[arg(long, value_name = "NAME", value_parser = kind)]
    dialect: Option<Kind>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let given = match &args.source {
        Some(text) => Given::read(text)?,
        None => Given::Database(session.url()?),
    };
    if given.is_models() {
        return Err(CliError::Usage {
            message: "the models are there already".into(),
            hint: Some("name a database, a `.sql` file or a `.json` dump".into()),
        });
    }
    let side = given.side(session)?;
    let settings = session.side_settings(&args.schemas, args.dialect)?;
    let schemas = Some(args.schemas.clone());
    let (snapshot, dialect) = block_on(run::snapshot(&side, schemas, &settings))?;
    let models = Models::of(&snapshot, &*dialect, &args.tables);
    if models.is_empty() {
        return Err(CliError::Refused {
            message: "there is no table to write a model of".into(),
            details: Vec::new(),
            hint: "`--schema` names a schema beside the default one, `--tables` a pattern",
        });
    }
    for line in models.unsaid() {
        tracing::warn!(target: "aludel::models", "Models cannot say {line}");
    }
    let Some(output) = &args.output else {
        report::answer(&rustfmt(models.one_file()))?;
        return Ok(Outcome::Done);
    };
    let is_file = !output.is_dir() && output.extension().is_some_and(|it| it == "rs");
    let files = match is_file {
        true => vec![(output.clone(), models.one_file())],
        false => {
            std::fs::create_dir_all(output).map_err(CliError::io("create the folder", output))?;
            let files = models.files().into_iter();
            files.map(|(name, text)| (output.join(name), text)).collect()
        }
    };
    refuse_to_overwrite(&files, args.force)?;
    for (path, text) in files {
        let what = format!("Writing {}", report::path(&path));
        report::step(session.globals.quiet, &what, || {
            std::fs::write(&path, rustfmt(text)).map_err(CliError::io("write", &path))
        })?;
    }
    Ok(Outcome::Done)
}

/// What is there may have been edited since.
fn refuse_to_overwrite(files: &[(PathBuf, String)], force: bool) -> CliResult<()> {
    let there = files.iter().filter(|(path, _)| path.exists());
    let there: Vec<String> = there.map(|(path, _)| report::path(path)).collect();
    if force || there.is_empty() {
        return Ok(());
    }
    Err(CliError::Refused {
        message: "models are there already, and may have been edited".into(),
        details: there,
        hint: "`--force` writes over them; without `-o` the models are printed",
    })
}
