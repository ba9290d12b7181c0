//! Words for what is wrong with a history: its files, and the graph that they make.

use super::Said;
use crate::report::{list, path};
use aludel::history::{HistoryError, SqlFileError};
use aludel::revision::{GraphError, Unresolved};
use aludel::sql::split::SplitError;

pub(super) fn of_history(error: &HistoryError) -> Said {
    let said = Said::new(error);
    match error {
        HistoryError::Graph { paths, source } => {
            let mut below = of_graph(source);
            let paths: Vec<String> = paths.iter().map(|it| path(it)).collect();
            if !paths.is_empty() {
                below.error = format!("{}: {}", paths.join(", "), below.error);
            }
            below
        }
        HistoryError::NoFolder { .. } => said.hint(
            "`script_location` names the folder that holds `versions/`; `aludel init migrations` makes one",
        ),
        HistoryError::Header { .. } => said.hint(
            "a header is a message, an empty line, then `Revision ID: ...` and `Revises: ...`; `aludel revision -m \"...\"` writes one",
        ),
        HistoryError::Duplicate { .. } => {
            said.hint("give one of them another `Revision ID`, and mend what follows it")
        }
        HistoryError::NoDowngrade { .. } => {
            said.hint("write one into the file, or restore a backup of the database")
        }
        HistoryError::Timezone { .. } => said.hint("write an IANA name, such as `Europe/Berlin`"),
        HistoryError::FileTemplateFolders { .. } => said.hint(
            "set `recursive_version_locations = true`, or take the `/` out of `file_template`",
        ),
        HistoryError::Sql { source: SqlFileError::Split(SplitError::ClientCommand { .. }), .. } => said.hint(
            "no client reads a revision: take the line out, or say in SQL what it stands for",
        ),
        HistoryError::Exists { .. } => said.hint("give another `--rev-id` or message"),
        _ => said,
    }
}

pub(super) fn of_graph(error: &GraphError) -> Said {
    let mut said = Said {
        error: error.to_string(),
        ..Said::default()
    };
    // Nobody means the revision at whose header the fault is.
    let at_fault = error.revisions();
    let meant = |name: &&str| !at_fault.iter().any(|it| it.as_str() == *name);
    let candidates = error.candidates().into_iter().filter(meant);
    let candidates: Vec<String> = candidates.map(str::to_string).collect();
    match error {
        GraphError::Unresolved {
            reason: Unresolved::Ambiguous { prefix, .. },
            ..
        } => {
            // Several revisions are no absent one, so that Alembic's sentence would send people the wrong way.
            said.error = format!("revision `{prefix}` is ambiguous");
            said.details.extend(candidates);
            said.hint("type one more character")
        }
        GraphError::Unresolved { reason, .. } => {
            said.causes.push(reason.to_string());
            match candidates.is_empty() {
                true => said.hint("`aludel history` lists the revisions"),
                false => said.hint(format!("did you mean {}?", list(&candidates))),
            }
        }
        GraphError::UnknownRow { .. } => {
            let said = match candidates.is_empty() {
                true => said,
                false => said.hint(format!("did you mean {}?", list(&candidates))),
            };
            said.hint(
                "the database is at a revision whose file is not here: bring the file back, or tell where the database stands: `aludel stamp --purge REVISION`",
            )
        }
        GraphError::MissingParent { .. } | GraphError::MissingDependency { .. } => {
            match candidates.is_empty() {
                true => said.hint("bring the missing file back, or mend the header that names it"),
                false => said.hint(format!("did you mean {}?", list(&candidates))),
            }
        }
        GraphError::MultipleHeads { heads, .. } | GraphError::StampMultipleHeads { heads, .. } => {
            said.details.extend(heads.iter().map(ToString::to_string));
            said.hint("`aludel heads` shows them; `heads` means all of them")
        }
        GraphError::AmbiguousWalk { .. }
        | GraphError::AmbiguousStart { .. }
        | GraphError::AmbiguousBranch { .. } => {
            said.details.extend(candidates);
            said.hint("name the revision to go to")
        }
        GraphError::NotBelow { rows, .. } if !rows.is_empty() => {
            let at = list(rows);
            said.hint(format!(
                "the database is at {at}; `aludel history` shows what lies below"
            ))
        }
        GraphError::RangeNotAllowed { .. } => said.hint("a range is for `--sql`"),
        GraphError::SelfLoop { .. } | GraphError::Cycle { .. } => {
            said.hint("mend a `Revises:` or `Depends On:` line of these revisions")
        }
        GraphError::TooFewSteps { .. } | GraphError::WalkedTooFar { .. } => {
            said.hint("`aludel current` and `aludel history` show how far it can go")
        }
        _ => said,
    }
}
