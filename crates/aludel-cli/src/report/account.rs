//! Words for what a revision that failed half-way has left in the database, and for how to go on.

use super::path;
use aludel::ops::Location;
use aludel::revision::Direction;
use aludel::{Account, Entry, Failure, Fate, Left};

/// What is left, as lines.
pub(super) fn left(failure: &Failure) -> String {
    match &failure.left {
        Left::NotRun => "nothing was run".into(),
        Left::Nothing => "the revision was rolled back whole".into(),
        Left::NothingOfTheRun => {
            "the whole run was rolled back, with the revisions before this one".into()
        }
        Left::AllOrNothing => {
            "the connection was lost while the revision was committed: either all of it is in the database or nothing".into()
        }
        Left::AllOrNothingOfTheRun => {
            "the connection was lost while the run was committed: either all of it is in the database or nothing".into()
        }
        Left::Part(account) => table(account),
        _ => "what is left of the revision is not known".into(),
    }
}

const AGAIN: &str = "mend the cause and run the command again";

/// How to go on.
pub(super) fn hints(failure: &Failure) -> Vec<String> {
    match &failure.left {
        Left::NotRun => Vec::new(),
        Left::AllOrNothing | Left::AllOrNothingOfTheRun => {
            vec!["`aludel current` tells which; then run the command again".into()]
        }
        Left::Part(account) if account.version == Fate::Committed => {
            vec!["the revision is done, and the database knows: what failed came behind it".into()]
        }
        Left::Part(account) => by_hand(failure, account),
        _ => vec![AGAIN.into()],
    }
}

fn by_hand(failure: &Failure, account: &Account) -> Vec<String> {
    if account.goes_on && !account.entries.iter().any(|it| it.fate == Fate::Unknown) {
        return vec![
            "mend the cause and run the command again: it goes on behind what is committed".into(),
        ];
    }
    let revision = &failure.revision;
    let done = match failure.direction {
        Direction::Down => "with `aludel stamp` where the database then stands".to_string(),
        _ => format!("`aludel stamp {revision}`"),
    };
    let has = |fate| account.entries.iter().any(|it| it.fate == fate);
    let mut hints = Vec::new();
    if has(Fate::Unknown) {
        hints.push("look into the database for what is marked `not known`".into());
    }
    let is_concurrent = |it: &str| it.to_lowercase().contains("index concurrently");
    if failure.statement.as_deref().is_some_and(is_concurrent) {
        hints.push(
            "an index that fails `CONCURRENTLY` stays behind, invalid: drop it before it is built again".into(),
        );
    }
    if !has(Fate::Committed) && !has(Fate::Unknown) {
        hints.push(AGAIN.into());
        return hints;
    }
    hints.push(format!(
        "mend the cause, run by hand what is not committed, and tell that it is done: {done}"
    ));
    hints.push(
        "or let the revision leave out what is there (`if_not_exists`, `if_exists`), and run the command again".into(),
    );
    hints
}

/// A line for each part. Of many that share a fate, the first and the last are shown.
fn table(account: &Account) -> String {
    const ENDS: usize = 4;
    let mut lines = vec!["of the revision, this is what the database has:".to_string()];
    for run in account.entries.chunk_by(|a, b| a.fate == b.fate) {
        let hidden = run.len().saturating_sub(2 * ENDS);
        if hidden < 2 {
            lines.extend(run.iter().map(|it| line(it, account)));
            continue;
        }
        lines.extend(run[..ENDS].iter().map(|it| line(it, account)));
        lines.push(format!(
            "       {:12}  ... {hidden} more",
            word(run[0].fate)
        ));
        lines.extend(run[ENDS + hidden..].iter().map(|it| line(it, account)));
    }
    let version = match account.version {
        Fate::Committed => "written",
        Fate::Unknown => "not known",
        _ => "not written",
    };
    lines.push(format!("       {version:12}  the version row"));
    lines.join("\n")
}

fn line(entry: &Entry, account: &Account) -> String {
    let mut text = format!(
        "{:5}  {:12}  {}",
        entry.number,
        word(entry.fate),
        entry.operation
    );
    let parts = account
        .entries
        .iter()
        .filter(|it| it.number == entry.number);
    if let Some(statement) = entry.statement.as_ref().filter(|_| parts.count() > 1) {
        text += &format!(": {}", aludel::ops::execute::shortened(statement));
    }
    if let Some(Location { file, line }) = &entry.at {
        text += &format!(" ({}:{line})", path(file.as_ref()));
    }
    text
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Committed => "committed",
        Fate::RolledBack => "rolled back",
        Fate::Failed => "failed",
        Fate::Unknown => "not known",
        Fate::NotRun => "not run",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On MariaDB a definition is in no transaction, and one that fails leaves nothing.
    #[test]
    fn where_nothing_is_committed_the_command_is_run_again() {
        let failed = Entry {
            number: 1,
            operation: "create table t".into(),
            at: None,
            statement: None,
            fate: Fate::Failed,
        };
        let account = |fates: &[Fate]| Account {
            goes_on: false,
            entries: fates
                .iter()
                .map(|fate| Entry {
                    fate: *fate,
                    ..failed.clone()
                })
                .collect(),
            version: Fate::NotRun,
        };
        let failure = Failure {
            revision: aludel::revision::RevisionId::new("a1").unwrap(),
            direction: Direction::Up,
            operation: None,
            at: None,
            statement: None,
            left: Left::Nothing,
            source: aludel::Error::NoModels,
        };
        let alone = account(&[Fate::Failed, Fate::NotRun]);
        assert_eq!(by_hand(&failure, &alone), [AGAIN]);
        let second = account(&[Fate::Committed, Fate::Failed]);
        assert_eq!(by_hand(&failure, &second).len(), 2);
    }

    #[test]
    fn many_parts_of_one_fate_are_told_by_the_first_and_the_last() {
        let entry = |number, fate| Entry {
            number,
            operation: format!("execute \"{number}\""),
            at: None,
            statement: None,
            fate,
        };
        let mut entries: Vec<Entry> = (1..=20).map(|it| entry(it, Fate::Committed)).collect();
        entries.push(entry(21, Fate::Failed));
        let version = Fate::NotRun;
        let said = table(&Account {
            entries,
            version,
            goes_on: false,
        });
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 1 + 9 + 1 + 1, "{said}");
        assert_eq!(lines[5], "       committed     ... 12 more");
        assert_eq!(lines[6], "   17  committed     execute \"17\"");
        assert_eq!(lines[10], "   21  failed        execute \"21\"");
    }
}
