//! `rebase`: moves a line of local revisions onto another head, so that a history that has forked is a line again. One
//! `Revises` changes, in one file; what a database has applied is never moved.

use crate::commands::history::current_rows;
use crate::error::{CliError, CliResult, Outcome};
use crate::report;
use crate::session::Session;
use aludel::Error;
use aludel::db::DbError;
use aludel::history::{Body, Header, HistoryError, Script, Syntax};
use aludel::revision::{Applied, RevisionId, RevisionMap, Target};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

mod line;

use line::Line;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A revision of the branch to move [default: the branch whose head is not applied]
    #[arg(allow_negative_numbers = true)]
    revision: Option<Target>,
    /// The head to move it onto [default: the other one]
    #[arg(long, value_name = "HEAD")]
    onto: Option<Target>,
    /// Do not ask the database whether these revisions are applied
    #[arg(long)]
    offline: bool,
}

pub(crate) fn run(args: Args, session: &Session<'_>) -> CliResult {
    let history = session.history()?;
    let map = history.map();
    let rows = rows(session, args.offline)?;
    let applied = rows.map(|rows| map.applied(&rows)).transpose()?;
    let line = Line::find(map, args.revision.as_ref(), args.onto.as_ref(), applied.as_ref())?;
    if let Some(applied) = &applied {
        refuse_applied(&line, applied)?;
    }
    refuse_unsound(map, &line)?;
    let lowest = line.lowest();
    let Some(script) = history.script(lowest) else {
        return Ok(Outcome::Done);
    };
    let text = revised(script, &line.onto)?;
    if !session.globals.quiet {
        let moved: Vec<&str> = line.revisions.iter().map(RevisionId::as_str).collect();
        let from = line.from.as_ref().map_or("<base>", RevisionId::as_str);
        report::answer(&format!("Moving {} from {from} onto {}\n", moved.join(", "), line.onto))?;
    }
    let what = format!("Rewriting {}", report::path(&script.path));
    report::step(session.globals.quiet, &what, || {
        replace(&script.path, &text).map_err(CliError::io("write", &script.path))
    })?;
    Ok(Outcome::Done)
}

/// The rows of the version table, if there is a database to ask. One that does not exist yet has applied nothing.
fn rows(session: &Session<'_>, offline: bool) -> CliResult<Option<Vec<RevisionId>>> {
    if offline {
        tracing::info!(target: "aludel::rebase", "The database is not asked which revisions are applied");
        return Ok(None);
    }
    match session.url() {
        Err(
            CliError::NoConfig { .. }
            | CliError::Key { key: "url", .. }
            | CliError::Variable { url: true, .. },
        ) => {
            tracing::warn!(
                target: "aludel::rebase",
                "No database is asked which revisions are applied, since no URL is configured"
            );
            return Ok(None);
        }
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    match current_rows(session) {
        Err(CliError::Aludel(Error::Database(DbError::NoFile { .. }))) => Ok(Some(Vec::new())),
        rows => rows.map(Some),
    }
}

fn refuse_applied(line: &Line, applied: &Applied) -> CliResult<()> {
    let here = line.revisions.iter().filter(|it| applied.contains(it.as_str()));
    let here: Vec<String> = here.map(ToString::to_string).collect();
    match here.is_empty() {
        true => Ok(()),
        false => Err(CliError::Refused {
            message: "a revision that is applied cannot be moved".into(),
            details: here,
            hint: "take it back first with `aludel downgrade`, or join the heads with `aludel merge heads`",
        }),
    }
}

/// Refuses a move after which the history would not load: the other head may depend on what is to stand upon it.
fn refuse_unsound(map: &RevisionMap, line: &Line) -> CliResult<()> {
    let lowest = line.lowest();
    let moved = map.iter().cloned().map(|mut revision| {
        if revision.id == *lowest {
            revision.down = vec![line.onto.clone()];
        }
        revision
    });
    match RevisionMap::new(moved.collect()) {
        Ok(_) => Ok(()),
        Err(error) => Err(CliError::Refused {
            message: format!("{lowest} cannot stand upon {}", line.onto),
            details: vec![error.to_string()],
            hint: "`aludel merge heads` joins the heads instead",
        }),
    }
}

/// The text of the file as it is to be.
fn revised(script: &Script, onto: &RevisionId) -> CliResult<String> {
    let text = fs::read_to_string(&script.path).map_err(CliError::io("read", &script.path))?;
    let syntax = match script.body {
        Body::Rust(_) => Syntax::Rust,
        Body::Sql(_) => Syntax::Sql,
    };
    let unreadable = |source| HistoryError::Header {
        path: script.path.clone(),
        source,
    };
    Ok(Header::revise(&text, syntax, std::slice::from_ref(onto)).map_err(unreadable)?)
}

/// Gives a file another text, whole or not at all. A link stays a link, and permissions stay what they are.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A hidden file is no revision, should it be left over.
    let draft = path.with_file_name(format!(".{name}.draft"));
    let written = (|| {
        let mut file = fs::File::create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(path.metadata()?.permissions())?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}
