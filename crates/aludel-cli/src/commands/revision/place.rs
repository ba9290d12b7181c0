//! Where a new revision stands in the history: its identifier, what it follows and depends on. Whatever could make the history
//! unsound is refused here, before any file is written.

use crate::error::{CliError, CliResult};
use crate::session::Session;
use aludel::Error;
use aludel::db::{Access, DbError};
use aludel::history::{Header, History, HistoryError, NewRevision};
use aludel::revision::{GraphError, RevisionId, Target, Unresolved};
use aludel::run::Transaction;
use std::collections::BTreeSet;

/// The identifier that was asked for, or twelve random digits.
pub(crate) fn new_id(asked: Option<RevisionId>, history: &History) -> CliResult<RevisionId> {
    let id = match asked {
        Some(id) => id,
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
pub(crate) fn parents(
    targets: &[Target],
    splice: bool,
    history: &History,
) -> CliResult<Vec<RevisionId>> {
    let map = history.map();
    let none: [&str; 0] = [];
    let mut found = Vec::new();
    for target in targets {
        found.extend(match map.resolve(target, &none) {
            Err(GraphError::MultipleHeads { heads, .. }) => {
                return Err(refused(
                    "Multiple heads are present; please specify the head revision on which the new revision should be \
                     based, or perform a merge.",
                    &heads,
                ));
            }
            found => found?,
        });
    }
    let mut seen = BTreeSet::new();
    let twice: Vec<RevisionId> = found.iter().filter(|it| !seen.insert(*it)).cloned().collect();
    if !twice.is_empty() {
        return Err(refused("Duplicate head revisions specified", &twice));
    }
    match found.iter().find(|it| !map.is_head(it.as_str())) {
        Some(inner) if !splice => Err(refused(
            &format!(
                "Revision {inner} is not a head revision; please specify --splice to create a new branch from this revision"
            ),
            &[],
        )),
        _ => Ok(found),
    }
}

fn refused(message: &str, heads: &[RevisionId]) -> CliError {
    CliError::Head {
        message: message.into(),
        heads: heads.iter().map(ToString::to_string).collect(),
    }
}

/// Identifiers in full; a branch label stays one, since it is to mean whatever the branch will be.
pub(crate) fn dependencies(targets: &[Target], history: &History) -> CliResult<Vec<String>> {
    let map = history.map();
    let mut names: Vec<String> = Vec::new();
    for target in targets {
        let text = target.to_string();
        let is_label = map.iter().any(|it| it.labels.contains(&text));
        let name = match map.resolve_one(target)? {
            _ if is_label => text,
            Some(id) => id.to_string(),
            // `base` is no revision that anything could depend on.
            None => {
                let (name, candidates) = (text.clone(), Vec::new());
                return Err(GraphError::Unresolved {
                    symbol: text,
                    reason: Unresolved::NotFound { name, candidates },
                }
                .into());
            }
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Refuses a revision with which the history would not load again, or which the database could not be told of.
pub(crate) fn check(
    session: &Session<'_>,
    new: &NewRevision,
    history: &History,
) -> CliResult<()> {
    allow(new, history)?;
    fit(session, &new.id)
}

/// Refuses an identifier for which the version table of the configured database has no room. Every table has room for those
/// of Alembic's length, so that nothing is asked for them.
fn fit(session: &Session<'_>, id: &RevisionId) -> CliResult<()> {
    const ALWAYS: usize = 32;
    if id.as_str().chars().count() <= ALWAYS || session.url().is_err() {
        return Ok(());
    }
    let history = session.history()?;
    let asked = session.run(
        Access::Read,
        history,
        session.options(Transaction::PerRevision)?,
        async |runner| runner.refuse_long_id(id).await,
    );
    match asked {
        Err(CliError::Aludel(Error::Database(DbError::NoFile { .. }))) => Ok(()),
        // A file can be written without its database; the run that meets it will refuse then.
        Err(CliError::Aludel(Error::Database(error))) => {
            tracing::warn!(
                target: "aludel::revision",
                "Whether the version table has room for `{id}` is not known: {error}"
            );
            Ok(())
        }
        asked => asked,
    }
}

fn allow(new: &NewRevision, history: &History) -> CliResult<()> {
    let header = Header {
        message: String::new(),
        id: new.id.clone(),
        down: new.down.clone(),
        labels: new.labels.clone(),
        depends_on: new.depends_on.clone(),
        create_date: None,
    };
    let unwritable = |source| HistoryError::Unwritable {
        id: new.id.clone(),
        source,
    };
    let text = header.write(new.syntax).map_err(unwritable)?;
    // All names but the labels were found in the history, so that a label is at fault; the line is one of no file.
    let header = Header::parse(&text, new.syntax).map_err(|error| {
        let error = error.to_string();
        let message = error.split_once(": ").map_or(error.as_str(), |(_, it)| it);
        CliError::Setting {
            what: "--branch-label",
            message: message.to_string(),
        }
    })?;
    Ok(history.map().allows(header.revision())?)
}
