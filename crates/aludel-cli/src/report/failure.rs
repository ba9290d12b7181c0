//! Words for failures: what happened, what lies below it, and what to do. Advice is given here and nowhere else.

mod backup;
mod edited;
mod history;
mod side;

use super::{account, list, path};
use crate::error::CliError;
use aludel::db::DbError;
use aludel::revision::RevisionId;
use aludel::schema::MetadataError;
use aludel::{Error, Failure, Left, TransactionError};
use std::error::Error as StdError;

/// A failure, ready to be printed.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Behind `error:`.
    pub(super) error: String,
    /// What explains it, indented.
    pub(super) details: Vec<String>,
    /// What lies below it.
    pub(super) causes: Vec<String>,
    /// What to do.
    pub(super) hints: Vec<String>,
}

impl Said {
    pub(super) fn of(error: &CliError) -> Self {
        let mut said = match error {
            CliError::Signal { source, .. } => return Self::of(source),
            CliError::Aludel(error) => of_library(error),
            error => of_cli(error),
        };
        // A message of several lines is one `error:` line and what explains it.
        if let Some((first, rest)) = said.error.clone().split_once('\n') {
            said.error = first.trim_end().to_string();
            said.details.insert(0, rest.to_string());
        }
        said
    }

    fn new(error: &dyn StdError) -> Self {
        let mut said = Self {
            error: error.to_string(),
            ..Self::default()
        };
        said.causes_of(error);
        said
    }

    /// The causes of an error, except those that its own message repeats.
    fn causes_of(&mut self, error: &dyn StdError) {
        let mut above = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if above != text && !above.ends_with(&format!(": {text}")) {
                self.causes.push(text.clone());
            }
            above = text;
            next = cause.source();
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

fn of_cli(error: &CliError) -> Said {
    let said = Said::new(error);
    match error {
        CliError::NoConfig { .. } | CliError::NoConfigFor { .. } => said.hint(
            "`aludel init migrations` starts a project; `--config FILE` names a configuration elsewhere",
        ),
        CliError::Config { meant: Some(meant), .. } => said.hint(format!("did you mean {meant}?")),
        CliError::Value { source, .. } => Said {
            hints: history::of_history(source).hints,
            ..said
        },
        CliError::Environment { name, known, .. } => of_environment(said, name, known),
        CliError::NoLocation { .. } => said.hint(
            "`version_locations` names it: mend the name there, or let `aludel revision` make the folder",
        ),
        CliError::Hook { output, path: file, .. } => {
            let mut said = said;
            said.details.extend(output.lines().map(str::to_string));
            said.hint(format!(
                "the revision stays in {}: run the hook by hand, or delete the file and write it again",
                path(file)
            ))
        }
        CliError::Backup(error) => backup::of_backup(error),
        CliError::Unasked { listing, .. } => {
            let mut said = said;
            said.details.extend(listing.iter().cloned());
            said.hint("`--yes` says yes beforehand")
        }
        CliError::Key { key: "url", .. } => {
            said.hint("write `url = \"${DATABASE_URL}\"` there, or give `--url`")
        }
        CliError::Key { key, .. } => said.hint(format!("write `{key} = \"...\"` there")),
        CliError::Variable { name, path: file, line, url } => {
            let mut hint = format!(
                "{}:{line} asks for it: set it in the environment, or write `{name}=...` into the file .env beside it",
                path(file)
            );
            if *url {
                hint.push_str(", or give `--url`");
            }
            said.hint(hint)
        }
        CliError::VariableValue { problem: "is empty", .. } => {
            said.hint("give it a value, or take it out of the environment so that .env can")
        }
        CliError::NotEmpty { .. } => said.hint("name a folder that does not exist yet"),
        CliError::Build { .. } => said.hint("cargo says above what to mend"),
        CliError::Program { .. } => {
            said.hint("the folder that `script_location` names holds one program, which calls `aludel_cli::main`")
        }
        CliError::Recursion { .. } => said.hint(
            "its `main` is to be `aludel_cli::main(Env::new(migrations!(\"versions\")))`",
        ),
        CliError::NoFile { .. } => said.hint(crate::sides::WHAT_IS_ONE),
        CliError::NoProgram { command, .. } if command.contains("schema") => {
            said.hint("`aludel init migrations` makes such a program")
        }
        CliError::NoProgram { .. } => said.hint(
            "`aludel init migrations` makes such a program; without one, write the revision by hand: `aludel revision -m \"...\"`",
        ),
        CliError::Stale { just_built: true, .. } => said.hint(
            "`migrations!` in its `main` is to name every folder of the configuration's `version_locations`, and its build.rs \
             as well: `println!(\"cargo::rerun-if-changed=FOLDER\");`",
        ),
        CliError::Stale { .. } => {
            said.hint("build it again, or run the command through `aludel`, which does")
        }
        CliError::Taken { .. } => said.hint("give another `--rev-id`, or none"),
        CliError::Head { heads, .. } => {
            let mut said = said;
            said.details.extend(heads.iter().cloned());
            said.hint("`aludel heads` shows the heads")
        }
        CliError::Location { locations, .. } => {
            let mut said = said;
            said.details.extend(locations.iter().cloned());
            said.hint("name one of these folders")
        }
        CliError::Refused { details, hint, .. } => {
            let mut said = said;
            said.details.extend(details.iter().cloned());
            said.hint(*hint)
        }
        CliError::Differs { hint, .. } => said.hint(*hint),
        CliError::Usage { hint: Some(hint), .. } => said.hint(hint),
        CliError::Io { action: "run", source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            said.hint("Rust revisions and models are compiled by cargo, which comes with Rust: https://rustup.rs")
        }
        _ => said,
    }
}

fn of_environment(said: Said, name: &str, known: &[String]) -> Said {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let said = match crate::config::nearest(name, &names) {
        Some(meant) => said.hint(format!("did you mean `{meant}`?")),
        None => said,
    };
    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    match known.as_slice() {
        [] => said.hint(format!("a table `[environments.{name}]` makes one")),
        [one] => said.hint(format!("there is only {one}")),
        known => said.hint(format!("there are {}", list(known))),
    }
}

fn of_library(error: &Error) -> Said {
    match error {
        Error::Revision(failure) => of_failure(failure),
        Error::Graph(error) => history::of_graph(error),
        Error::Database(error) => of_database(error),
        Error::Statement { source, .. } => of_database(source),
        Error::History(error) => history::of_history(error),
        Error::Side(error) => side::of_side(error),
        Error::Edited { edits } => edited::of_edits(error, edits),
        Error::NotReached { expected, found } => {
            let mut said = Said::new(error);
            let (expected, found) = (or_base(expected), or_base(found));
            said.details
                .push(format!("it is to hold {expected}, and holds {found}"));
            said.hint("another program changed it: look with `aludel current`, and at who else writes to it")
        }
        Error::Locked {
            holder,
            since,
            waited,
        } => {
            let mut said = Said::new(error);
            let holder = holder
                .as_deref()
                .unwrap_or("another connection holds it, which the database does not name");
            let since = since
                .as_ref()
                .map(|it| format!(", since {it}"))
                .unwrap_or_default();
            said.details.push(format!("{holder}{since}"));
            said.details.push(format!(
                "this run waited {} s for its turn, and has changed nothing since",
                waited.as_secs()
            ));
            said.hint("run the command again when it is done, or wait longer: `--lock-timeout 30m`")
        }
        Error::NotUpToDate { current, heads } => {
            let mut said = Said::new(error);
            said.details.push(format!(
                "the database is at {}, the history leads to {}",
                or_base(current),
                or_base(heads)
            ));
            said.hint("`aludel upgrade heads` brings it there")
        }
        _ => {
            let said = Said::new(error);
            match hint(error) {
                Some(hint) => said.hint(hint),
                None => said,
            }
        }
    }
}

fn or_base(ids: &[RevisionId]) -> String {
    match ids {
        [] => "<base>".into(),
        ids => list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
    }
}

/// What to do about the library's errors that carry no more than their message.
fn hint(error: &Error) -> Option<String> {
    Some(match error {
        Error::Unsupported { instead, .. } if !instead.is_empty() => instead.clone(),
        Error::NoModels => {
            "list them in the migrations program: `.metadata(metadata![Patient, Visit])`; an empty list would drop every table"
                .into()
        }
        Error::Metadata(
            MetadataError::UnknownTable { .. } | MetadataError::UnknownParent { .. },
        ) => {
            "list the model of that table as well: `metadata![...]`".into()
        }
        Error::Rename { .. } => {
            "the database has to have the old name and the models the new one, and no other way round: \
             `--rename TABLE.COLUMN=NEW_NAME`, or `--rename TABLE=NEW_NAME`"
                .into()
        }
        Error::VersionTable { .. } => {
            "another program changed it; look with `aludel current`, and run the command again".into()
        }
        Error::NotRecorded { applied: true, .. } => {
            "an upgrade compares it with nothing, so that there is nothing to repair".into()
        }
        Error::NotRecorded { .. } => "what is not applied may be edited, and needs no repair".into(),
        Error::LongId { widen, .. } => format!("make the column wider first: {widen};"),
        Error::Offline { .. } => {
            "say behind the step what a script has in its place, `.offline(\"UPDATE ...\")`, or leave the revision out by a range and run it without `--sql`"
                .into()
        }
        Error::Stopped => "run the command again to go on".into(),
        Error::OfflineStart => "say where the database stands and where to: `aludel downgrade head:base --sql`".into(),
        Error::Transaction(error) => of_transaction(error)?.into(),
        Error::NotCompiled { path: file, .. } => format!(
            "{} needs a migrations program: `aludel init` makes one, and `script_location` names its folder",
            path(file)
        ),
        Error::ForeignKeys { .. } => {
            "delete or mend these rows in the same revision, before the table is rebuilt".into()
        }
        _ => return None,
    })
}

fn of_transaction(error: &TransactionError) -> Option<&'static str> {
    Some(match error {
        TransactionError::Control { .. } => {
            "take it out, since the revision has a transaction already; or say that it wants none, `-- migrate:up transaction:false` \
             or `op.transaction(false)`, and open its own"
        }
        TransactionError::Open { .. } => "end it in the same revision",
        TransactionError::Outside { .. } => {
            "run it without `--transaction all`: the statement is then taken out of its revision's transaction, in its place"
        }
        TransactionError::NoneWanted => "run it without `--transaction all`",
        TransactionError::InStep { .. } => {
            "record it on the revision's own `op`, before the step or behind it"
        }
        _ => return None,
    })
}

/// A revision that failed: where, at which statement, what the database said, and what was left.
fn of_failure(failure: &Failure) -> Said {
    // These stop a run before it begins: nothing has failed half-way, and they name the revision themselves.
    if let Error::NotCompiled { .. } | Error::History(_) = failure.source {
        return of_library(&failure.source);
    }
    let mut said = Said {
        error: match failure.source {
            Error::Stopped => format!("revision {} was stopped", failure.revision),
            _ => format!("revision {} failed", failure.revision),
        },
        ..Said::default()
    };
    if let Some(operation) = &failure.operation {
        said.error = format!("{}: {operation}", said.error);
    }
    if let Some(at) = &failure.at {
        said.details
            .push(format!("at {}:{}", path(at.file.as_ref()), at.line));
    }
    if let Some(statement) = &failure.statement {
        said.details
            .push(super::indent(&shortened(statement), "  "));
    }
    let below = of_library(&failure.source);
    if !matches!(failure.source, Error::Stopped) {
        said.causes.push(below.error);
    }
    said.causes.extend(below.details);
    said.causes.extend(below.causes);
    said.details.push(account::left(failure));
    said.hints = below.hints;
    let by_itself = matches!(failure.left, Left::Part(_)) || said.hints.is_empty();
    if by_itself {
        said.hints.extend(account::hints(failure));
    }
    said
}

/// The beginning of a statement that fills more than a screen.
fn shortened(statement: &str) -> String {
    const MOST: usize = 20;
    let lines: Vec<&str> = statement.trim().lines().collect();
    match lines.get(MOST..) {
        Some(rest) if !rest.is_empty() => {
            format!(
                "{}\n... ({} lines more)",
                lines[..MOST].join("\n"),
                rest.len()
            )
        }
        _ => lines.join("\n"),
    }
}

fn of_database(error: &DbError) -> Said {
    let mut said = Said::new(error);
    match error {
        DbError::Statement { code, detail, hint, .. } => {
            if code.as_deref() == Some("25001") {
                said.hints.push(
                    "let the revision run without a transaction: `-- migrate:up transaction:false`, or `op.transaction(false)`".into(),
                );
            }
            if matches!(code.as_deref(), Some("1832" | "1833")) {
                said.hints.push(
                    "drop the foreign key before, and create it again behind: `drop_constraint`, `create_foreign_key`".into(),
                );
            }
            if hint.is_none() && code.as_deref() == Some("3F000") {
                said.hints.push("make the schema first: `CREATE SCHEMA NAME`".into());
            }
            if let Some(code) = code {
                said.error = format!("{} (code {code})", said.error);
            }
            said.details.extend(detail.iter().map(|it| format!("detail: {it}")));
            said.hints.extend(hint.clone());
            said
        }
        DbError::Url { .. } => said.hint(
            "a URL reads `sqlite:app.db` or `postgres://user:password@host:port/database`, or with `mysql:`, `mariadb:`",
        ),
        DbError::NotBuilt { feature, .. } => said.hint(format!(
            "switch on the feature `{feature}` of `aludel-cli` in the migrations program, or install `aludel-cli` with it"
        )),
        DbError::NoFile { .. } => said.hint("`aludel upgrade head` makes it"),
        DbError::Connect { code, .. } => match code.as_deref() {
            Some("28P01" | "28000" | "1045") => said.hint("look at the user and the password in the URL"),
            Some("3D000") => said.hint("make the database first: `createdb NAME`"),
            Some("1049") => said.hint("make the database first: `CREATE DATABASE NAME`"),
            Some(_) => said,
            None => said.hint("is the server running, and does the URL name its host and port?"),
        },
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_statement_is_cut() {
        let long: Vec<String> = (0..25).map(|it| format!("line {it}")).collect();
        let short = shortened(&long.join("\n"));
        assert_eq!(short.lines().count(), 21);
        assert!(short.ends_with("line 19\n... (5 lines more)"), "{short}");
        assert_eq!(shortened("a\nb\n"), "a\nb");
    }

    #[test]
    fn one_error_line_and_each_cause_once() {
        let said = Said::of(&CliError::Aludel(Error::from("first\nsecond")));
        assert_eq!(
            (said.error.as_str(), said.details),
            ("first", vec!["second".to_string()])
        );
        let error = CliError::io("read", "x")(std::io::Error::other("no"));
        assert_eq!(Said::of(&error).causes, ["no"]);
    }
}
