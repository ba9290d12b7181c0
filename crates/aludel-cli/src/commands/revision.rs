//! `revision`: writes a new revision, empty or with what autogenerate found.

use crate::config::Format;
use crate::error::{CliResult, Outcome};
use crate::project::Who;
use crate::report;
use crate::session::Session;
use aludel::Error;
use aludel::db::Access;
use aludel::history::{History, NewRevision, Syntax};
use aludel::revision::{RevisionId, Target};
use aludel::run::Transaction;
use aludel::run::autogenerate::{Ask, Draft, Rename, Suspect};
use std::path::PathBuf;

pub(crate) mod place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, for people
    #[arg(short, long, default_value = "")]
    message: String,
    /// Fill it with what turns the database into the models
    #[arg(long)]
    autogenerate: bool,
    /// What was renamed, TABLE.COLUMN=NEW_NAME or TABLE=NEW_NAME, so that it keeps its rows (repeatable) [default: asked in a terminal]
    #[arg(long, value_name = "OLD=NEW", requires = "autogenerate")]
    rename: Vec<Rename>,
    /// Write it though nothing differs [default: the configuration's `empty_revision`]
    #[arg(long, requires = "autogenerate")]
    allow_empty: bool,
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
    /// The folder that it is written into, one of the configuration's `version_locations` [default: that of what it follows]
    #[arg(long, value_name = "PATH")]
    version_path: Option<PathBuf>,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let compiled = match args.autogenerate {
        false => None,
        true => match session.with_models("`--autogenerate`")? {
            Who::Here(history) => Some(*history),
            Who::Elsewhere(outcome) => return Ok(outcome),
        },
    };
    let history = session.history_to_add_to()?;
    let down = place::parents(&[args.head], args.splice, &history)?;
    let folder = session.folder_for(&history, &down, args.version_path.as_deref())?;
    let mut revision = NewRevision {
        depends_on: place::dependencies(&args.depends_on, &history)?,
        id: place::new_id(args.rev_id, &history)?,
        down,
        labels: args.branch_label,
        message: args.message,
        syntax: syntax(session, args.format)?,
        upgrades: String::new(),
        downgrades: String::new(),
        up_options: String::new(),
        down_options: String::new(),
    };
    place::check(session, &revision, &history)?;
    let empty = args.allow_empty || session.config()?.autogenerate.empty_revision;
    if let Some(compiled) = compiled
        && !generate(session, compiled, args.rename, empty, &mut revision)?
    {
        return Ok(Outcome::Done);
    }
    session.write_revision(&revision, &folder)?;
    Ok(Outcome::Done)
}

/// Asks whether something was renamed that looks like it.
fn ask(suspect: &Suspect) -> bool {
    report::confirm(&format!(
        "Was `{}` renamed to `{}`?",
        suspect.from(),
        suspect.to()
    ))
}

/// What a new revision is written in.
pub(crate) fn syntax(session: &Session<'_>, asked: Option<Format>) -> CliResult<Syntax> {
    Ok(match session.format(asked)? {
        Format::Rust => Syntax::Rust,
        Format::Sql => Syntax::Sql,
    })
}

/// Compares models and database, and fills the bodies; false if there is no difference, and none is to be written.
fn generate(
    session: &Session<'_>,
    history: History,
    renames: Vec<Rename>,
    empty: bool,
    revision: &mut NewRevision,
) -> CliResult<bool> {
    let models = session.env.models().ok_or(Error::NoModels)?;
    let mut options = session.autogenerate_options()?;
    options.renames = renames;
    options.ask = session.can_ask().then(|| Ask::new(ask));
    let as_sql = revision.syntax == Syntax::Sql;
    let run = session.run(
        Access::Write,
        history,
        session.options(Transaction::PerRevision)?,
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
        nothing_found(session, &draft, empty)?;
        return Ok(empty);
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
fn nothing_found(session: &Session<'_>, draft: &Draft, written: bool) -> CliResult<()> {
    if session.globals.quiet {
        return Ok(());
    }
    let compared = &draft.compared;
    let mut text = format!(
        "No changes detected: compared {} with {}.{}\n",
        count(compared.models, "model"),
        count(compared.tables, "table"),
        if written { "" } else { " No revision was written." },
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
    if !compared.left_out.is_empty() {
        let left_out = report::list(&compared.left_out);
        text.push_str(&format!("Left alone: {left_out}\n"));
    }
    report::answer(&text)
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
