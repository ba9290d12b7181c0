//! The entries of a database's folder, put into tables: many columns or checks in one, so that the corpus is made at once.

use super::entries::{self, Entry, Meaning};
use super::nouns::{ColumnSaid, TableSaid, Tables};
use super::types;
use aludel::prelude::*;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// How many entries that are columns share a table. MySQL bounds the bytes of a row.
const COLUMNS_OF_A_TABLE: usize = 25;

/// Every entry of a database, in the tables of one schema.
#[derive(Debug)]
pub struct Corpus {
    /// What entries refer to.
    pub bases: Vec<Table>,
    /// Tables with many entries each, or with one.
    pub groups: Vec<Group>,
}

/// A table, and the entries in it.
#[derive(Debug)]
pub struct Group {
    table: Table,
    pub entries: Vec<Placed>,
}

/// An entry with the name by which an operation on it is known.
#[derive(Debug)]
pub struct Placed {
    /// The file and the text.
    pub text: String,
    /// Which occurs in each operation that has to do with the entry.
    pub name: String,
    created: Part,
    then: Option<(Meaning, Part)>,
}

/// What an entry is in its table.
#[derive(Debug, Clone)]
enum Part {
    Column(Box<Column>),
    Check(Check),
    Whole(Box<Table>),
}

/// Which side of the pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Created,
    /// The second where it means the same.
    Same,
    /// The second where it means something else.
    Other,
}

impl Placed {
    /// Whether this side differs from what was created.
    pub fn changes(&self, side: Side) -> bool {
        let wanted = match side {
            Side::Created => None,
            Side::Same => Some(Meaning::Same),
            Side::Other => Some(Meaning::Other),
        };
        wanted.is_some() && self.then.as_ref().map(|it| it.0) == wanted
    }

    fn part(&self, side: Side) -> &Part {
        match &self.then {
            Some((_, then)) if self.changes(side) => then,
            _ => &self.created,
        }
    }
}

impl Group {
    /// The table with those of its entries that are wanted.
    pub fn table(&self, side: Side, wanted: impl Fn(&Placed) -> bool) -> Option<Table> {
        let mut table = self.table.clone();
        let mut any = false;
        for entry in self.entries.iter().filter(|it| wanted(it)) {
            any = true;
            table = match entry.part(side).clone() {
                Part::Column(column) => table.column(*column),
                Part::Check(check) => table.check(check),
                Part::Whole(it) => *it,
            };
        }
        any.then_some(table)
    }
}

impl Corpus {
    /// Reads a folder. The enum types and tables are in the schema, if one is given.
    pub fn read(folder: &str, schema: Option<&str>) -> Self {
        let mut corpus = Self {
            bases: Vec::new(),
            groups: Vec::new(),
        };
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).expect("a file of the corpus");
            let kind = path.file_stem().and_then(|it| it.to_str()).expect("a name");
            let kind = kind.to_string();
            match path.extension().and_then(|it| it.to_str()) {
                Some("txt") => corpus.add_lines(&kind, &text, schema),
                Some("toml") => corpus.add_tables(&kind, &text, schema),
                _ => {}
            }
        }
        corpus
    }

    /// The models of one side, with those entries that are wanted.
    pub fn models(&self, side: Side, wanted: impl Fn(&Placed) -> bool + Copy) -> Metadata {
        let groups = self.groups.iter().filter_map(|it| it.table(side, wanted));
        let tables = self.bases.iter().cloned().chain(groups);
        tables.fold(Metadata::new(), Metadata::table)
    }

    /// Every entry.
    pub fn entries(&self) -> impl Iterator<Item = &Placed> {
        self.groups.iter().flat_map(|it| &it.entries)
    }

    fn add_lines(&mut self, kind: &str, text: &str, schema: Option<&str>) {
        let file = entries::lines(text);
        let together = match kind {
            "checks" => file.entries.len(),
            _ => COLUMNS_OF_A_TABLE,
        };
        let mut number = 0;
        for (at, some) in file.entries.chunks(together).enumerate() {
            let name = match at {
                0 => kind.to_string(),
                _ => format!("{kind}_{at}"),
            };
            let mut table = Table::new(name.as_str());
            table.name.schema = schema.map(Into::into);
            // A table with generated columns alone is none.
            let own = ColumnSaid {
                name: "id".into(),
                ty: "Integer".into(),
                ..ColumnSaid::default()
            };
            table = table.column(own.column(schema));
            for (name, ty) in &file.columns {
                table = table.column(Column::new(name.as_str(), types::read(ty, schema)));
            }
            let mut group = Group {
                table,
                entries: Vec::new(),
            };
            for entry in some {
                number += 1;
                let name = format!("{kind}_e{number:04}");
                let read = |text: String| part(kind, &name, &text, schema);
                group
                    .entries
                    .push(placed(kind, &name, entry.clone().map(read)));
            }
            self.groups.push(group);
        }
    }

    fn add_tables(&mut self, kind: &str, text: &str, schema: Option<&str>) {
        let file: Tables = toml::from_str(text).unwrap_or_else(|it| panic!("{kind}: {it}"));
        let bases = file.bases.iter();
        let bases = bases.map(|it| it.table("base", &[], schema));
        self.bases.extend(bases);
        let alone = |it: &toml::Value| Entry {
            text: it.to_string(),
            created: it.clone(),
            then: None,
        };
        let pair = |meaning, (first, second): &(toml::Value, toml::Value)| Entry {
            text: format!("{first} and {second}"),
            created: first.clone(),
            then: Some((meaning, second.clone())),
        };
        let same = file.same.iter().map(alone);
        let equal = file.equal.iter().map(|it| pair(Meaning::Same, it));
        let other = file.other.iter().map(|it| pair(Meaning::Other, it));
        let all: Vec<Entry<toml::Value>> = same.chain(equal).chain(other).collect();
        for (at, entry) in all.into_iter().enumerate() {
            let name = format!("{kind}_e{:04}", at + 1);
            let text = entry.text.clone();
            let said = entry.map(|it| {
                TableSaid::deserialize(it).unwrap_or_else(|error| panic!("{kind}: {text}: {error}"))
            });
            let own = said.created.name.clone().unwrap_or_else(|| name.clone());
            let whole =
                |it: TableSaid| Part::Whole(Box::new(it.table(&name, &file.columns, schema)));
            self.groups.push(Group {
                table: Table::new(own.as_str()),
                entries: vec![placed(kind, &own, said.map(whole))],
            });
        }
    }
}

fn placed(kind: &str, name: &str, entry: Entry<Part>) -> Placed {
    Placed {
        text: format!("{kind}: {}", entry.text),
        name: name.into(),
        created: entry.created,
        then: entry.then,
    }
}

/// A line of a file of that kind, as a part of a table.
fn part(kind: &str, name: &str, text: &str, schema: Option<&str>) -> Part {
    let column = |ty: &str| Column::new(name, types::read(ty, schema));
    let column = match kind {
        "types" => column(text),
        "defaults" => {
            let (ty, sql) = text.split_once(" | ").expect("a type and a default");
            column(ty).server_default(sql)
        }
        "generated" => {
            let (ty, rest) = text.split_once(" | ").expect("a type");
            let (how, sql) = rest.split_once(" | ").expect("a way and an expression");
            match how {
                "stored" => column(ty).generated_stored(sql),
                _ => column(ty).generated_virtual(sql),
            }
        }
        "checks" => return Part::Check(Check::new(text).named(name)),
        other => panic!("no kind of lines is called {other}"),
    };
    Part::Column(Box::new(column))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(folder);
    let files = std::fs::read_dir(folder).expect("a folder of the corpus");
    let mut files: Vec<PathBuf> = files.map(|it| it.expect("a file").path()).collect();
    files.sort();
    files
}
