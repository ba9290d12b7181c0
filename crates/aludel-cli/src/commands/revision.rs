//! `revision`: writes a new revision, empty or with what autogenerate found.

use crate::config::Format;
use crate::error::{CliError, CliResult, Outcome};
use crate::project::Who;
use crate::report;
use crate::session::Session;
use aludel::Error;
use aludel::db::Access;
use aludel::history::{History, NewRevision, Rendered, Syntax, Template, timezone};
use aludel::revision::{GraphError, Revision, RevisionId, Target};
use aludel::run::{Transaction, autogenerate::Draft};
use jiff::Timestamp;
use std::fs;
use std::path::Path;

mod format;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, for people
    #[arg(short, long, default_value = "")]
    message: String,
    /// Fill it with what turns the database into the models
    #[arg(long)]
    autogenerate: bool,
    /// What it is written in [default: the configuration's `format`]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Its identifier [default: twelve random digits]
    #[arg(long, value_name = "ID")]
    rev_id: Option<RevisionId>,
    /// What it follows
    #[arg(long, value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    head: Target,
    /// Let it follow a revision that is no head
    #[arg(long)]
    splice: bool,
    /// A name for its branch (repeatable)
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// A revision or branch that must be applied before it (repeatable)
    #[arg(long, value_name = "REVISION")]
    depends_on: Vec<Target>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let compiled = match args.autogenerate {
        false => None,
        true => match session.with_models("`--autogenerate`")? {
            Who::Here(history) => Some(*history),
            Who::Elsewhere(outcome) => return Ok(outcome),
        },
    };
    let history = history_on_disk(session)?;
    let syntax = match session.format(args.format)? {
        Format::Rust => Syntax::Rust,
        Format::Sql => Syntax::Sql,
    };
    let mut revision = NewRevision {
        id: new_id(&args, &history)?,
        down: parents(&args, &history)?,
        labels: args.branch_label.clone(),
        depends_on: dependencies(&args, &history)?,
        message: args.message,
        syntax,
        upgrades: String::new(),
        downgrades: String::new(),
        up_options: String::new(),
        down_options: String::new(),
    };
    allow(&revision, &history)?;
    if let Some(compiled) = compiled
        && !generate(session, compiled, &mut revision)?
    {
        return Ok(Outcome::Done);
    }
    write(session, &revision)
}

/// The revisions in their files; a folder for them that is missing in the project is made.
fn history_on_disk(session: &Session<'_>) -> CliResult<History> {
    let versions = session.versions()?;
    if session.location()?.is_dir() && !versions.exists() {
        let what = format!("Creating directory {}", report::path(&versions));
        report::step(session.globals.quiet, &what, || {
            fs::create_dir_all(&versions).map_err(CliError::io("create the folder", &versions))
        })?;
    }
    session.history()
}

fn new_id(args: &Args, history: &History) -> CliResult<RevisionId> {
    let id = match &args.rev_id {
        Some(id) => id.clone(),
        None => {
            let random = uuid::Uuid::new_v4().simple().to_string();
            RevisionId::new(&random[random.len() - 12..]).map_err(GraphError::from)?
        }
    };
    match history.script(&id) {
        None => Ok(id),
        Some(script) => Err(CliError::Taken {
            id: id.to_string(),
            path: script.path.clone(),
        }),
    }
}

/// What the new revision follows.
fn parents(args: &Args, history: &History) -> CliResult<Vec<RevisionId>> {
    let map = history.map();
    let none: [&str; 0] = [];
    let found = match map.resolve(&args.head, &none) {
        Err(GraphError::MultipleHeads { heads, .. }) => {
            let message = "Multiple heads are present; please specify the head revision on which the new \
                           revision should be based, or perform a merge.";
            return Err(CliError::Head {
                message: message.into(),
                heads: heads.iter().map(ToString::to_string).collect(),
            });
        }
        found => found?,
    };
    let repeated = |(n, it): (usize, &RevisionId)| found[..n].contains(it);
    if found.iter().enumerate().any(repeated) {
        return Err(CliError::Head {
            message: "Duplicate head revisions specified".into(),
            heads: Vec::new(),
        });
    }
    match found.iter().find(|it| !map.is_head(it.as_str())) {
        Some(inner) if !args.splice => Err(CliError::Head {
            message: format!(
                "Revision {inner} is not a head revision; please specify --splice to create a new branch from this revision"
            ),
            heads: Vec::new(),
        }),
        _ => Ok(found),
    }
}

/// Refuses what would make a history that no command can read, such as a label that is taken.
fn allow(new: &NewRevision, history: &History) -> CliResult<()> {
    let mut revision = Revision::new(new.id.clone());
    revision.down = new.down.clone();
    revision.labels = new.labels.clone();
    revision.depends_on = new.depends_on.clone();
    Ok(history.map().allows(revision)?)
}

/// Identifiers in full; a branch label stays one, since it is to mean whatever the branch will be.
fn dependencies(args: &Args, history: &History) -> CliResult<Vec<String>> {
    let map = history.map();
    let mut names = Vec::new();
    for target in &args.depends_on {
        let text = target.to_string();
        let is_label = map.iter().any(|it| it.labels.contains(&text));
        let name = match map.resolve_one(target)? {
            Some(id) if !is_label => id.to_string(),
            _ => text,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Compares models and database, and fills the bodies; false if there is no difference.
fn generate(
    session: &Session<'_>,
    history: History,
    revision: &mut NewRevision,
) -> CliResult<bool> {
    let models = session.env.models().ok_or(Error::NoModels)?;
    let options = session.autogenerate_options()?;
    let as_sql = revision.syntax == Syntax::Sql;
    let run = session.run(
        Access::Write,
        history,
        Transaction::PerRevision,
        async |runner| {
            let draft = runner.autogenerate(models, &options).await?;
            let sql = match as_sql && !draft.is_empty() {
                true => Some(runner.sql(&draft).await?),
                false => None,
            };
            Ok((draft, sql))
        },
    );
    let (draft, sql) = run?;
    if draft.is_empty() {
        nothing_found(session, &draft)?;
        return Ok(false);
    }
    match sql {
        Some(sql) => {
            (revision.upgrades, revision.downgrades) = (sql.up, sql.down);
            revision.up_options = sql.up_options.into();
            revision.down_options = sql.down_options.into();
        }
        None => {
            let (up, down) = draft.rust();
            revision.upgrades = report::indent(&up, "    ");
            revision.downgrades = report::indent(&down, "    ");
        }
    }
    Ok(true)
}

/// "Nothing found" is told from "nothing compared": what was compared, and what only one side has.
fn nothing_found(session: &Session<'_>, draft: &Draft) -> CliResult<()> {
    if session.globals.quiet {
        return Ok(());
    }
    let compared = &draft.compared;
    let mut text = format!(
        "No changes detected: compared {} with {}. No revision was written.\n",
        count(compared.models, "model"),
        count(compared.tables, "table"),
    );
    for (side, tables) in [
        ("models", &compared.only_models),
        ("the database", &compared.only_database),
    ] {
        let names: Vec<String> = tables.iter().map(|it| format!("`{it}`")).collect();
        if !names.is_empty() {
            text.push_str(&format!("Only in {side}: {}\n", report::list(&names)));
        }
    }
    report::answer(&text)
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}

fn write(session: &Session<'_>, revision: &NewRevision) -> CliResult {
    let versions = session.versions()?;
    let now = match session.source_date_epoch()? {
        Some(seconds) => Timestamp::from_second(seconds).map_err(|error| CliError::Setting {
            what: "SOURCE_DATE_EPOCH",
            message: error.to_string(),
        })?,
        None => Timestamp::now(),
    };
    let mut rendered = template(session, revision.syntax)?.render(revision, now)?;
    if revision.syntax == Syntax::Rust {
        rendered.text = format::rustfmt(rendered.text);
    }
    let what = format!("Generating {}", report::path(&versions.join(&rendered.name)));
    report::step(session.globals.quiet, &what, || write_file(&rendered, &versions))?;
    Ok(Outcome::Done)
}

fn write_file(rendered: &Rendered, versions: &Path) -> CliResult<()> {
    rendered.write(versions)?;
    Ok(())
}

/// The project's own template if it has one, and its settings.
fn template(session: &Session<'_>, syntax: Syntax) -> CliResult<Template> {
    let config = session.config()?;
    let mut template = Template::default();
    if let Some(file_template) = &config.file_template {
        template.file_template.clone_from(file_template);
    }
    if let Some(zone) = &config.timezone {
        template.timezone = timezone(zone)?;
    }
    if let Some(length) = config.truncate_slug_length {
        template.truncate_slug_length = length;
    }
    let name = match syntax {
        Syntax::Rust => "script.rs.jinja",
        Syntax::Sql => "script.sql.jinja",
    };
    let path = session.location()?.join(name);
    if path.is_file() {
        let text = fs::read_to_string(&path).map_err(CliError::io("read", &path))?;
        template.script = Some((report::path(&path), text));
    }
    Ok(template)
}
