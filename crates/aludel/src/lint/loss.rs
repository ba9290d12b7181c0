//! What becomes of the data when an operation runs: for whoever has to be asked before it does. Beside the rules it reads SQL text, as
//! far as its first words go.

use super::{data_goes, narrowing_type, values_go};
use crate::ops::{DropObject, Operation};
use crate::schema::{Object, Schema};
use crate::sql::split::Flavor;
use crate::sql::words_after;

/// What becomes of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// It stays, as far as can be told.
    None,
    /// Some of it goes, or may go; which, in a sentence.
    Lost(String),
    /// It cannot be told beforehand; why, in a sentence.
    Unknown(String),
}

impl Loss {
    /// What it says, if anything.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Lost(message) | Self::Unknown(message) => Some(message),
        }
    }

    /// Whether data goes, or may go.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

/// What becomes of the data of a database that is as `before` when an operation runs. A table or a column that is not in `before` holds
/// nothing.
///
/// ```
/// use aludel::lint::{Loss, loss};
/// use aludel::ops::Execute;
/// use aludel::schema::Schema;
/// use aludel::sql::split::Flavor;
///
/// let said = |sql: &str| loss(&Execute { sql: sql.into() }.into(), &Schema::default(), Flavor::Postgres);
/// assert!(said("TRUNCATE visits").is_lost());
/// assert_eq!(said("CREATE TABLE visits (id integer)"), Loss::None);
/// ```
pub fn loss(operation: &Operation, before: &Schema, flavor: Flavor) -> Loss {
    let lost = |message: Option<String>| message.map_or(Loss::None, Loss::Lost);
    match operation {
        Operation::Execute(it) => of_text(&it.sql, flavor),
        Operation::Run(_) => Loss::Unknown("What its code does cannot be judged".into()),
        Operation::DropObject(it) => lost(of_object(it, flavor)),
        _ => {
            let rules = [&data_goes::RULE, &narrowing_type::RULE, &values_go::RULE];
            lost(rules.iter().find_map(|it| (it.check)(operation, before)))
        }
    }
}

fn of_object(drop: &DropObject, flavor: Flavor) -> Option<String> {
    let object = &drop.object;
    match object {
        // Elsewhere a schema that holds something is not dropped unless that is said.
        Object::Schema(_) if drop.cascade || flavor == Flavor::Mysql => {
            Some(format!("All that is in the {object} is lost"))
        }
        Object::Sequence(_) => Some(format!("Where the {object} stood is lost")),
        Object::Domain(_) | Object::Type(_) | Object::Extension(_) if drop.cascade => {
            Some(format!("Columns that need the {object} are lost with it"))
        }
        _ => None,
    }
}

/// The first words of statements that may lose data.
const FIRST: &[&str] = &["alter", "call", "delete", "do", "drop", "truncate"];

/// What follows `DROP` in an `ALTER TABLE` and is no column.
const NO_COLUMN: &[&str] = &[
    "check",
    "constraint",
    "default",
    "expression",
    "foreign",
    "identity",
    "index",
    "key",
    "not",
    "primary",
];

fn of_text(sql: &str, flavor: Flavor) -> Loss {
    let words = words_after(sql, flavor, FIRST);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lost = |message: &str| Loss::Lost(message.into());
    match words.as_slice() {
        ["drop", "table", ..] => lost("It drops a table with its rows"),
        ["drop", "schema" | "database", rest @ ..]
            if flavor != Flavor::Postgres || rest.contains(&"cascade") =>
        {
            lost("It drops a schema with all that is in it")
        }
        ["drop", "owned", ..] => lost("It drops all that somebody owns"),
        ["drop", "sequence", ..] => lost("It drops a sequence with where it stood"),
        ["drop", "type" | "domain" | "extension", .., "cascade"] => {
            lost("It drops columns with what they need")
        }
        ["truncate", ..] => lost("It empties a table"),
        ["delete", rest @ ..] if !rest.contains(&"where") => {
            lost("It deletes every row of a table")
        }
        ["alter", "table", rest @ ..] => of_alter(rest),
        ["do" | "call", ..] => Loss::Unknown("What its code does cannot be judged".into()),
        _ => Loss::None,
    }
}

fn of_alter(words: &[&str]) -> Loss {
    let drops = |pair: &[&str]| match pair {
        ["drop", "partition"] | ["truncate", "partition"] => {
            Some("It drops the rows of a partition")
        }
        ["drop", what] if !NO_COLUMN.contains(what) => Some("It drops a column with what it holds"),
        _ => None,
    };
    match words.windows(2).find_map(drops) {
        Some(message) => Loss::Lost(message.into()),
        None => Loss::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{DropTable, Execute};
    use crate::schema::Table;

    #[test]
    fn texts_are_known_by_their_words() {
        let lost = |sql: &str, flavor| of_text(sql, flavor).is_lost();
        for sql in [
            "DROP TABLE IF EXISTS t",
            "/* old */ drop table t cascade",
            "TRUNCATE t",
            "DELETE FROM t",
            "ALTER TABLE t DROP COLUMN a",
            "ALTER TABLE t ADD b int, DROP a",
            "ALTER TABLE t DROP COLUMN IF EXISTS a",
            "DROP SCHEMA s CASCADE",
            "DROP OWNED BY ada",
            "DROP DOMAIN d CASCADE",
        ] {
            assert!(lost(sql, Flavor::Postgres), "{sql}");
        }
        for sql in [
            "DROP INDEX i",
            "DROP VIEW v CASCADE",
            "DROP SCHEMA s",
            "DELETE FROM t WHERE a = 1",
            "ALTER TABLE t DROP CONSTRAINT c",
            "ALTER TABLE t ALTER COLUMN a DROP DEFAULT",
            "ALTER TABLE t ALTER a DROP NOT NULL",
            "INSERT INTO t VALUES ('DROP TABLE t')",
            "CREATE TABLE \"drop\" (a int)",
        ] {
            assert!(!lost(sql, Flavor::Postgres), "{sql}");
        }
        assert!(lost("DROP DATABASE s", Flavor::Mysql));
        assert!(lost("ALTER TABLE t DROP PARTITION p", Flavor::Mysql));
        assert!(!lost("ALTER TABLE t DROP FOREIGN KEY f", Flavor::Mysql));
        assert!(matches!(
            of_text("DO $$BEGIN END$$", Flavor::Postgres),
            Loss::Unknown(_)
        ));
    }

    #[test]
    fn a_table_that_is_not_there_holds_nothing() {
        let mut schema = Schema::default();
        let said = |schema: &Schema| loss(&DropTable::new("t").into(), schema, Flavor::Sqlite);
        assert_eq!(said(&schema), Loss::None);
        schema.add_table(Table::new("t"));
        assert_eq!(said(&schema).message(), Some("The rows of t are lost"));
        let text = Execute {
            sql: "SELECT 1".into(),
        };
        assert_eq!(loss(&text.into(), &schema, Flavor::Sqlite), Loss::None);
    }
}
