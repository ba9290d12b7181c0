//! `init`: starts a project. It writes files and joins them to a cargo workspace; it connects to nothing.

use crate::config;
use crate::error::{CliError, CliResult, Outcome};
use crate::report::{self, step};
use crate::session::Session;
use clap::ValueEnum;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

mod manifest;
mod source;

use manifest::Surroundings;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to make; `aludel list-templates` tells them all
    #[arg(short, long, value_enum, default_value_t = Template::Rust)]
    template: Template,
    /// The folder of the revisions, which `init` makes
    directory: PathBuf,
}

/// What `init` can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// A program.
    #[value(help = Template::Rust.description())]
    Rust,
    /// A folder.
    #[value(help = Template::Sql.description())]
    Sql,
}

impl Template {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Sql => "sql",
        }
    }

    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Rust => "A cargo program that holds your models, with revisions in Rust and SQL.",
            Self::Sql => "A folder of plain SQL revisions, for a project in any language.",
        }
    }
}

/// A file to write: its place below the new folder, and its text.
type File = (&'static str, String);

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let quiet = session.globals.quiet;
    let config = session.named_config().unwrap_or_else(|| PathBuf::from(config::FILE));
    let directory = args.directory.components().collect::<PathBuf>();
    refuse_what_is_there(&directory)?;
    let surroundings = match args.template {
        Template::Rust => Some(Surroundings::look(&session.here.join(&directory))?),
        Template::Sql => None,
    };
    let files = match &surroundings {
        Some(surroundings) => rust_files(surroundings)?,
        None => sql_files(),
    };
    let (before, after) = files.split_at(surroundings.as_ref().map_or(0, |_| 3));
    for (name, text) in before {
        create(quiet, &directory.join(name), text)?;
    }
    create_versions(quiet, &directory.join("versions"))?;
    for (name, text) in after {
        create(quiet, &directory.join(name), text)?;
    }
    create_config(quiet, &config, &directory, session, args.template)?;
    if let Some(surroundings) = &surroundings {
        surroundings.join(quiet)?;
    }
    if !quiet {
        report::answer(match args.template {
            Template::Rust => {
                "Next: list your models in DIR/src/main.rs, set DATABASE_URL, then run `aludel revision --autogenerate -m \"...\"`.\n"
            }
            Template::Sql => "Next: set DATABASE_URL, then run `aludel revision -m \"...\"`.\n",
        }
        .replace("DIR", &report::path(&directory))
        .as_str())?;
    }
    Ok(Outcome::Done)
}

fn refuse_what_is_there(directory: &Path) -> CliResult<()> {
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(CliError::io("create the folder", directory)(error)),
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(CliError::NotEmpty {
            path: directory.to_path_buf(),
        }),
    }
}

/// Writes a file that is not there yet, and the folders above it.
fn create(quiet: bool, path: &Path, text: &str) -> CliResult<()> {
    step(quiet, &format!("Creating {}", report::path(path)), || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(CliError::io("create the folder", folder))?;
        }
        fs::write(path, text).map_err(CliError::io("write", path))
    })
}

/// The folder of the revisions. Version control keeps no empty folder, and the program needs this one.
fn create_versions(quiet: bool, path: &Path) -> CliResult<()> {
    step(quiet, &format!("Creating {}", report::path(path)), || {
        fs::create_dir_all(path).map_err(CliError::io("create the folder", path))?;
        let keep = path.join(".gitkeep");
        fs::write(&keep, "").map_err(CliError::io("write", keep))
    })
}

fn create_config(
    quiet: bool,
    path: &Path,
    directory: &Path,
    session: &Session<'_>,
    template: Template,
) -> CliResult<()> {
    if path.exists() {
        return match quiet {
            true => Ok(()),
            false => report::answer(&format!(
                "File {} already exists, skipping\n",
                report::path(path)
            )),
        };
    }
    let folder = session.here.join(path);
    let folder = folder.parent().unwrap_or(&session.here);
    let location = manifest::relative(folder, &session.here.join(directory));
    let text = include_str!("../../templates/aludel.toml")
        .replace("%LOCATION%", &toml_text(&location))
        .replace("%FORMAT%", template.name());
    create(quiet, path, &text)
}

fn toml_text(path: &Path) -> String {
    toml_edit::Value::from(slashes(path)).to_string().trim().to_string()
}

/// A path as cargo and this program read it on every system.
fn slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn sql_files() -> Vec<File> {
    vec![
        ("script.sql.jinja", script_sql().into()),
        ("README.md", include_str!("../../templates/sql/README.md").into()),
    ]
}

fn rust_files(surroundings: &Surroundings) -> CliResult<Vec<File>> {
    let main = include_str!("../../templates/rust/main.rs.txt")
        .replace("%MODELS%", &surroundings.models_example());
    Ok(vec![
        ("Cargo.toml", surroundings.manifest()),
        ("build.rs", include_str!("../../templates/rust/build.rs.txt").into()),
        ("src/main.rs", main),
        ("script.rs.jinja", script_rust().into()),
        ("script.sql.jinja", script_sql().into()),
        ("README.md", include_str!("../../templates/rust/README.md").into()),
    ])
}

fn script_rust() -> &'static str {
    aludel::history::DEFAULT_RUST_TEMPLATE
}

fn script_sql() -> &'static str {
    aludel::history::DEFAULT_SQL_TEMPLATE
}
