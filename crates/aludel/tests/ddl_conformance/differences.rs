//! The deliberate differences, each with a test that tells its vectors: the rows of `docs/differences-from-alembic.md`.

use crate::run::{Outcome, What};
use crate::vector::{Vector, text};

/// A row of the page.
pub(crate) struct Difference {
    /// What the page calls it.
    pub(crate) name: &'static str,
    /// How many vectors belong to it: of SQLite, PostgreSQL, MySQL, MariaDB.
    pub(crate) vectors: [usize; 4],
    /// Whether a vector that does not agree belongs to it.
    pub(crate) applies: fn(&Vector, &Outcome) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "Calls that Alembic refuses",
        vectors: [60, 2, 15, 15],
        applies: |vector, outcome| outcome.what == What::WorksHere && vector.error().is_some(),
    },
    Difference {
        name: "Statements that the database refuses",
        vectors: [93, 2, 12, 13],
        applies: |vector, outcome| outcome.what == What::WorksHere && vector.error().is_none(),
    },
    Difference {
        name: "Statements that are refused by name",
        vectors: [8, 2, 8, 10],
        applies: |_, outcome| outcome.what == What::RefusedBoth,
    },
    Difference {
        name: "Statements that the database refuses from both",
        vectors: [0, 3, 7, 4],
        applies: |_, outcome| outcome.what == What::BothFail,
    },
    Difference {
        name: "Calls about what the database cannot hold",
        vectors: [0; 4],
        applies: |_, outcome| outcome.what == What::NoSetup && outcome.said.starts_with("setup: "),
    },
    Difference {
        name: "Arguments that cannot be said",
        vectors: [0; 4],
        applies: |_, outcome| outcome.what == What::WithoutWords,
    },
    Difference {
        name: "Names of types on SQLite",
        vectors: [6, 0, 0, 0],
        applies: |vector, outcome| {
            vector.dialect() == "sqlite"
                && differs(outcome)
                && !lost_key_index(outcome)
                && same_but_for_types(outcome)
        },
    },
    Difference {
        name: "Integer keys on SQLite",
        vectors: [1, 0, 0, 0],
        applies: |vector, outcome| {
            vector.dialect() == "sqlite"
                && differs(outcome)
                && lost_key_index(outcome)
                && same_but_for_types(outcome)
        },
    },
    Difference {
        name: "The check of a type on SQLite",
        vectors: [1, 0, 0, 0],
        applies: |vector, outcome| {
            let checks = |fact: &String| fact.contains(" check ") || fact.contains(" constraint ");
            vector.dialect() == "sqlite"
                && differs(outcome)
                && vector.mentions("create_constraint")
                && outcome.missing.is_empty()
                && outcome.beside.iter().all(checks)
        },
    },
    Difference {
        name: "A default that calls what SQLite has not",
        vectors: [1, 0, 0, 0],
        applies: |vector, outcome| {
            vector.dialect() == "sqlite"
                && outcome.what == What::FailsHere
                && ["unknown function", "is not constant"]
                    .iter()
                    .any(|it| outcome.said.contains(it))
        },
    },
    Difference {
        name: "Numbered columns where only keys are",
        vectors: [3, 0, 3, 3],
        applies: |vector, outcome| {
            vector.dialect() != "postgresql"
                && outcome.what == What::RefusedHere
                && vector.mentions("\"identity\"")
        },
    },
    Difference {
        name: "What MODIFY does not repeat",
        vectors: [0, 0, 3, 3],
        applies: |vector, outcome| {
            // Beside it, the same batch may drop a foreign key with its index.
            let column = |fact: &&String| !fact.contains(" KEY ") && fact.contains(" column ");
            let restated = |it: &String| it.contains(" MODIFY ") || it.contains(" CHANGE ");
            let columns = outcome.missing.iter().filter(column).count();
            is_mysql(vector)
                && differs(outcome)
                && vector.scripts()[0].iter().any(restated)
                && columns > 0
                && columns == outcome.beside.len()
                && outcome.beside.iter().all(|it| column(&it))
                && outcome
                    .missing
                    .iter()
                    .all(|it| column(&it) || it.contains(" KEY "))
        },
    },
    Difference {
        name: "The index of a foreign key that is dropped",
        vectors: [0, 0, 3, 3],
        applies: |vector, outcome| {
            let key = |fact: &String| fact.contains(" KEY ");
            is_mysql(vector)
                && differs(outcome)
                && outcome.beside.is_empty()
                && outcome.missing.iter().all(key)
        },
    },
    Difference {
        name: "`ON DELETE SET DEFAULT` on MySQL",
        vectors: [0, 0, 1, 1],
        applies: |vector, outcome| {
            is_mysql(vector)
                && outcome.what == What::RefusedHere
                && outcome.said.contains("SET DEFAULT")
        },
    },
    Difference {
        name: "The place of a column on PostgreSQL",
        vectors: [0, 2, 0, 0],
        applies: |vector, outcome| {
            vector.dialect() == "postgresql"
                && outcome.what == What::RefusedHere
                && outcome.said.contains("in a place of its own")
        },
    },
    Difference {
        name: "What a batch that makes the table anew leaves",
        vectors: [0; 4],
        applies: |vector, outcome| {
            let twice = outcome.beside.is_empty()
                && outcome
                    .missing
                    .iter()
                    .all(|it| it.starts_with("index ") && it.contains(" ? "));
            let comment = outcome
                .missing
                .iter()
                .chain(&outcome.beside)
                .all(|it| it.starts_with("table ") || it.contains(" column "));
            differs(outcome)
                && vector.scripts()[0]
                    .iter()
                    .any(|it| it.contains("_alembic_tmp_"))
                && (twice || (comment && vector.mentions("comment")))
        },
    },
    Difference {
        name: "Foreign keys to another database on SQLite",
        vectors: [0; 4],
        applies: |vector, outcome| {
            vector.dialect() == "sqlite"
                && outcome.what == What::RefusedHere
                && outcome.said.contains("in another database")
        },
    },
    Difference {
        name: "A generated column that is altered",
        vectors: [0, 1, 0, 0],
        applies: |vector, outcome| {
            outcome.what == What::Worse
                && vector.args()["existing_server_default"]
                    .get("computed")
                    .is_some()
        },
    },
    Difference {
        name: "Colons in plain SQL",
        vectors: [0, 1, 1, 1],
        applies: |vector, outcome| {
            let sql = text(vector.args(), "sql").unwrap_or_default();
            vector.op() == "execute" && outcome.what == What::FailsHere && sql.contains(':')
        },
    },
];

fn differs(outcome: &Outcome) -> bool {
    outcome.what == What::Differs
}

fn is_mysql(vector: &Vector) -> bool {
    matches!(vector.dialect(), "mysql" | "mariadb")
}

/// An integer key is the row's own number, and has no index; any other has one.
fn lost_key_index(outcome: &Outcome) -> bool {
    outcome
        .missing
        .iter()
        .any(|it| it.starts_with("index ") && it.contains(" pk "))
}

/// Whether all that differs is by what names SQLite knows the types of columns.
fn same_but_for_types(outcome: &Outcome) -> bool {
    let common = |facts: &[String]| -> Vec<String> {
        let columns = facts
            .iter()
            .filter(|it| !(it.starts_with("index ") && it.contains(" pk ")));
        let mut columns: Vec<String> = columns.map(|it| with_common_type(it)).collect();
        columns.sort();
        columns
    };
    common(&outcome.missing) == common(&outcome.beside)
        && outcome.missing.len() >= outcome.beside.len()
}

/// A column with the name of its type that this library uses.
fn with_common_type(fact: &str) -> String {
    let mut fact = fact.to_owned();
    for (theirs, ours) in [
        (" DATETIME ", " TIMESTAMP "),
        (" JSON ", " JSON_TEXT "),
        (" FLOAT ", " DOUBLE "),
        (" BIGINT ", " INTEGER "),
        (" SMALLINT ", " INTEGER "),
        (", 0) ", ") "),
    ] {
        fact = fact.replace(theirs, ours);
    }
    fact
}
