//! Words for what cannot be one side of a comparison of schemas.

use super::{Said, of_database};
use aludel::SideError;
use aludel::db::DbError;

pub(super) fn of_side(error: &SideError) -> Said {
    let said = Said::new(error);
    match error {
        SideError::Empty { .. } => said.hint(
            "an empty side would have everything go; `aludel schema dump -o FILE` writes a file of what is there",
        ),
        SideError::NoDump { .. } => said.hint(
            "`aludel schema dump --format json` writes what is read here; definitions in SQL are a file that ends in `.sql`",
        ),
        SideError::Newer { .. } => {
            said.hint("it was written by a newer `aludel`: install that, or write the dump again with this one")
        }
        SideError::Text { reason, .. } if reason.contains("COPY FROM STDIN") => {
            said.hint("a dump without rows is enough: `pg_dump --schema-only`")
        }
        SideError::Text { reason, .. } if reason.contains("command of the") => {
            said.hint("take the line out; a dump of one database without rows needs none: `pg_dump --schema-only`")
        }
        SideError::Refused { .. } => said.hint(
            "a side is the definitions of one database; take the statement out, or dump one database alone",
        ),
        SideError::Statement { source, .. } => {
            let mut said = Said {
                causes: Vec::new(),
                ..said
            };
            let below = of_database(source);
            said.causes.push(below.error);
            said.details.extend(below.details);
            said.hints.extend(below.hints);
            if let DbError::Statement { code: Some(code), .. } = source
                && code == "42P06"
            {
                said.hints.push(
                    "give a `--url` of a role that may create databases: the file is then run in one of its own".into(),
                );
            }
            said
        }
        SideError::NoRoom { .. } => {
            said.hint("a script is tried out in a database of its own, or in a schema: give a `--url` of a role that may create one")
        }
        SideError::Outside { .. } => said.hint(
            "leave the schema's name out of the file, or give a role that may create databases: the file is then run in one of its own",
        ),
        SideError::Kinds { .. } => said.hint(
            "compare each of them with `models`, which every database spells in its own words",
        ),
        SideError::NoKind { .. } => {
            said.hint("give `--dialect`: sqlite, postgresql, mysql or mariadb; or `--url` of a server")
        }
        SideError::NoServer { .. } => said.hint(
            "give `--url` of a server of that kind: a database is made there for the moment, and dropped again",
        ),
        _ => said,
    }
}
