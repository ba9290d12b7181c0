//! What becomes of the data when an operation runs: for whoever has to be asked before it does. Beside the rules it reads SQL text, as
//! far as its first words go.

use super::{narrowing_type, values_go};
use crate::ops::{AlterColumn, DropObject, Operation};
use crate::schema::{Column, Ident, Object, QualifiedName, Schema};
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

/// Judges the operations of a run, one after the other.
///
/// What is made in the run holds nothing that was there before it, so that it can go again without a word. Everything else that goes is a
/// loss, whether it was found in the database or not: a name may be written otherwise than the database has it.
///
/// ```
/// use aludel::lint::{Loss, Losses};
/// use aludel::ops::{DropTable, Execute};
/// use aludel::schema::Schema;
/// use aludel::sql::split::Flavor;
///
/// let mut losses = Losses::new(Schema::default(), Flavor::Postgres);
/// assert!(losses.of(&DropTable::new("visits").into()).is_lost());
/// assert!(losses.of(&Execute { sql: "TRUNCATE patients".into() }.into()).is_lost());
/// assert_eq!(losses.of(&Execute { sql: "CREATE TABLE t (id integer)".into() }.into()), Loss::None);
/// ```
#[derive(Debug)]
pub struct Losses {
    /// What was there before the run, as the operations so far have changed it; nothing that they have added.
    before: Schema,
    flavor: Flavor,
    /// Tables that were made in the run.
    tables: Vec<QualifiedName>,
    /// Columns that were added in it to others.
    columns: Vec<(QualifiedName, Ident)>,
}

impl Losses {
    /// A run on a database in which the tables that it changes are as in `before`.
    pub fn new(before: Schema, flavor: Flavor) -> Self {
        Self {
            before,
            flavor,
            tables: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// What becomes of the data when the next operation runs.
    pub fn of(&mut self, operation: &Operation) -> Loss {
        let loss = self.judge(operation);
        self.follow(operation);
        loss
    }

    fn judge(&self, operation: &Operation) -> Loss {
        let message = match operation {
            Operation::Execute(it) => return of_text(&it.sql, self.flavor),
            Operation::Run(_) => {
                return Loss::Unknown("What its code does cannot be judged".into());
            }
            Operation::DropTable(it) => (!self.tables.contains(&it.table))
                .then(|| format!("The rows of {} are lost", it.table)),
            Operation::DropColumn(it) => {
                // What is computed is computed again.
                let found = self.find(&it.table, &it.column);
                let lost = !self.is_new(&it.table, &it.column)
                    && found.is_none_or(|it| it.generated.is_none());
                lost.then(|| format!("What {}.{} holds is lost", it.table, it.column))
            }
            Operation::AlterColumn(it) if it.ty.is_some() => self.of_type(it, operation),
            Operation::DropObject(it) => of_object(it, self.flavor),
            _ => (values_go::RULE.check)(operation, &self.before),
        };
        message.map_or(Loss::None, Loss::Lost)
    }

    /// A type that was not found may be any.
    fn of_type(&self, alter: &AlterColumn, operation: &Operation) -> Option<String> {
        if self.is_new(&alter.table, &alter.column) {
            return None;
        }
        let table = self.before.tables.get(&alter.table);
        match table.and_then(|it| it.find_column(&alter.column)) {
            Some(_) => (narrowing_type::RULE.check)(operation, &self.before),
            None => Some(format!(
                "{}.{} changes its type: it fails, or cuts a value short, where one does not fit",
                alter.table, alter.column
            )),
        }
    }

    fn is_new(&self, table: &QualifiedName, column: &Ident) -> bool {
        let is_it = |(of, name): &(QualifiedName, Ident)| of == table && name == column;
        self.tables.contains(table) || self.columns.iter().any(is_it)
    }

    fn find(&self, table: &QualifiedName, column: &Ident) -> Option<&Column> {
        self.before.tables.get(table)?.find_column(column)
    }

    /// Keeps what was there before and what is new apart, and both under the names that they have by now. An operation that does not
    /// fit is about something that was not looked at, or fails when it runs.
    fn follow(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable(it) => {
                // One that may have been there already is none that was made.
                if !it.if_not_exists {
                    self.tables.push(it.table.name.clone());
                }
                return;
            }
            Operation::AddColumn(it) => {
                if !it.if_not_exists {
                    self.columns
                        .push((it.table.clone(), it.column.name.clone()));
                }
                return;
            }
            Operation::DropTable(it) => {
                self.tables.retain(|name| *name != it.table);
                self.columns.retain(|(of, _)| *of != it.table);
            }
            Operation::DropColumn(it) => {
                let is_it =
                    |(of, name): &(QualifiedName, Ident)| *of == it.table && *name == it.column;
                self.columns.retain(|column| !is_it(column));
            }
            Operation::RenameTable(it) => {
                let mut to = it.table.clone();
                to.name = it.to.clone();
                self.rename(&it.table, &to);
            }
            Operation::SetSchema(it) => {
                if let Object::Table(table) = &it.object {
                    let mut to = table.clone();
                    to.schema = Some(it.schema.clone());
                    self.rename(table, &to);
                }
            }
            Operation::AlterColumn(it) => {
                for (of, name) in &mut self.columns {
                    if let Some(to) = it
                        .rename
                        .as_ref()
                        .filter(|_| *of == it.table && *name == it.column)
                    {
                        *name = to.clone();
                    }
                }
            }
            _ => {}
        }
        let _ = operation.apply(&mut self.before);
    }

    fn rename(&mut self, table: &QualifiedName, to: &QualifiedName) {
        let tables = self.tables.iter_mut();
        let columns = self.columns.iter_mut().map(|(of, _)| of);
        for it in tables.chain(columns).filter(|it| *it == table) {
            it.clone_from(to);
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
    use crate::ops::{AddColumn, CreateTable, DropColumn, DropTable, RenameTable};
    use crate::schema::{Table, Type};

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
    fn what_is_made_in_the_run_may_go_again() {
        let mut losses = Losses::new(Schema::default(), Flavor::Sqlite);
        let table = || CreateTable::new(Table::new("t").column(Column::new("a", Type::Integer)));
        let mut said = |it: Operation| losses.of(&it).is_lost();
        assert!(said(DropTable::new("t").into()));
        assert!(!said(table().into()));
        assert!(!said(DropColumn::new("t", "a").into()));
        let to = "u".into();
        assert!(!said(
            RenameTable {
                table: "t".into(),
                to
            }
            .into()
        ));
        assert!(!said(DropTable::new("u").into()));
        assert!(said(DropTable::new("u").into()));
        assert!(!said(
            AddColumn::new("v", Column::new("a", Type::Integer)).into()
        ));
        let mut rename = AlterColumn::new("v", "a");
        rename.rename = Some("b".into());
        assert!(!said(rename.into()));
        assert!(!said(DropColumn::new("v", "b").into()));
        assert!(said(DropColumn::new("v", "b").into()));
        // It may have been there, with rows.
        let mut perhaps = table();
        perhaps.if_not_exists = true;
        assert!(!said(perhaps.into()));
        assert!(said(DropTable::new("t").into()));
    }

    #[test]
    fn a_name_that_was_not_found_is_no_reason_to_be_silent() {
        let mut schema = Schema::default();
        let wide = Column::new("wide", Type::Varchar(99));
        let computed = Column::new("computed", Type::Integer).generated_stored("1");
        schema.add_table(Table::new("t").column(wide).column(computed));
        let mut losses = Losses::new(schema, Flavor::Sqlite);
        let mut said = |it: Operation| losses.of(&it).is_lost();
        let to = |table: &str, length| {
            let mut alter = AlterColumn::new(table, "wide");
            alter.ty = Some(Type::Varchar(length));
            Operation::from(alter)
        };
        assert!(!said(to("t", 120)) && said(to("t", 110)) && said(to("T", 120)));
        assert!(!said(DropColumn::new("t", "computed").into()));
        assert!(said(DropColumn::new("T", "wide").into()));
        assert!(said(DropTable::new("T").into()));
    }
}
