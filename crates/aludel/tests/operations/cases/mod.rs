//! The cases: what is given, what is done, how it is undone.

use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;

mod columns;
mod constraints;
mod data;
mod enums;
mod indexes;
mod objects;
mod partitions;
mod routines;
mod tables;

/// One use of a recorder method.
pub struct Case {
    /// The recorder method; behind a dot, which of its uses.
    pub name: &'static str,
    /// What must be there beside the clinic.
    pub given: fn(&mut Operations),
    /// The case itself.
    pub does: fn(&mut Operations),
    /// What undoes it.
    pub undoes: fn(&mut Operations),
    /// `table.column` of values that are gone for good.
    pub loses: &'static [&'static str],
    /// Whether it changes nothing that could be seen: a refresh, an `if_exists` of what is not there.
    pub quiet: bool,
    /// The databases that can do it; the others refuse it by name.
    pub on: &'static [&'static str],
}

/// Every database that tests can run on.
const EVERYWHERE: &[&str] = &["PostgreSQL", "MariaDB", "SQLite"];
const SERVERS: &[&str] = &["PostgreSQL", "MariaDB"];
const POSTGRES: &[&str] = &["PostgreSQL"];
const MARIADB: &[&str] = &["MariaDB"];
const SQLITE: &[&str] = &["SQLite"];
const POSTGRES_AND_SQLITE: &[&str] = &["PostgreSQL", "SQLite"];
const POSTGRES_AND_MARIADB: &[&str] = SERVERS;

/// A case whose undoing brings back everything.
pub const fn case(
    name: &'static str,
    does: fn(&mut Operations),
    undoes: fn(&mut Operations),
) -> Case {
    Case {
        name,
        given: |_| (),
        does,
        undoes,
        loses: &[],
        quiet: false,
        on: EVERYWHERE,
    }
}

impl Case {
    /// What must be there beside the clinic.
    pub const fn given(self, given: fn(&mut Operations)) -> Self {
        Self { given, ..self }
    }

    /// `table.column` of values that are gone for good.
    pub const fn loses(self, loses: &'static [&'static str]) -> Self {
        Self { loses, ..self }
    }

    /// Nothing of it can be seen.
    pub const fn quiet(self) -> Self {
        Self {
            quiet: true,
            ..self
        }
    }

    /// Only these databases can do it.
    pub const fn on(self, on: &'static [&'static str]) -> Self {
        Self { on, ..self }
    }

    /// The recorder method.
    pub fn method(&self) -> &'static str {
        self.name.split('.').next().unwrap()
    }

    /// A history of three revisions: the clinic, what is given beside it, and the case.
    pub fn history(&self) -> History {
        let embedded = |name, text, up, down| Embedded {
            name,
            text,
            up: Some(up),
            down: Some(down),
        };
        let files: &'static [Embedded] = Box::leak(Box::new([
            embedded(
                "1.rs",
                "//! Clinic\n//!\n//! Revision ID: clinic\n",
                clinic as fn(&mut Operations),
                |_: &mut Operations| (),
            ),
            embedded(
                "2.rs",
                "//! Given\n//!\n//! Revision ID: given\n//! Revises: clinic\n",
                self.given,
                |_| (),
            ),
            embedded(
                "3.rs",
                "//! Case\n//!\n//! Revision ID: case\n//! Revises: given\n",
                self.does,
                self.undoes,
            ),
        ]));
        History::embedded(&Migrations::new("versions", files)).unwrap()
    }
}

/// Two tables with rows, one of which refers to the other.
fn clinic(op: &mut Operations) {
    op.create_table(
        Table::new("patients")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("name", Type::Varchar(100)).not_null())
            .column(Column::new("email", Type::Varchar(100)))
            .column(Column::new("phone", Type::Varchar(32))),
    );
    op.create_table(
        Table::new("visits")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("patient_id", Type::Integer).references("patients", "id"))
            .column(Column::new("visit_date", Type::Date).not_null())
            .column(
                Column::new("status", Type::Varchar(20))
                    .not_null()
                    .server_default("'planned'"),
            )
            .column(Column::new("cost", Type::Integer)),
    );
    op.bulk_insert(
        "patients",
        ["id", "name", "email", "phone"],
        [
            (1, "Ada", Some("ada@example.org"), Some("1")),
            (2, "O'Brien", None, Some("2")),
            (3, "Plato", Some("plato@example.org"), None),
        ],
    );
    op.bulk_insert(
        "visits",
        ["id", "patient_id", "visit_date", "status", "cost"],
        [
            (1, 1, "2026-01-02", "planned", 10),
            (2, 1, "2026-01-03", "completed", 20),
            (3, 2, "2026-01-03", "completed", 30),
        ],
    );
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [
        tables::CASES,
        columns::CASES,
        indexes::CASES,
        constraints::CASES,
        enums::CASES,
        data::CASES,
        objects::CASES,
        routines::CASES,
        partitions::CASES,
    ]
    .into_iter()
    .flatten()
}
