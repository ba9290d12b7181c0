//! Reads what was recorded from Alembic: neutral JSON, as the nouns of one dialect.

use crate::naming::Convention;
use aludel::db::Kind;
use aludel::dialect::Dialect;
use aludel::dialect::mysql::Mysql;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::sqlite::Sqlite;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Reads neutral JSON as the nouns of one dialect.
pub(crate) struct Reader<'v> {
    pub(crate) dialect: &'v str,
    pub(crate) spell: Box<dyn Dialect>,
    pub(crate) convention: Convention,
    /// Arguments for which this library has no words.
    pub(crate) without_words: RefCell<BTreeSet<String>>,
    /// The names of constraints and indexes that the call gives. All others are whatever a database or a convention makes of them.
    pub(crate) given: RefCell<BTreeSet<String>>,
}

impl<'v> Reader<'v> {
    /// For a dialect, as Alembic calls it, and the naming convention of the recorded metadata.
    pub(crate) fn new(dialect: &'v str, convention: &Value) -> Self {
        let spell: Box<dyn Dialect> = match dialect {
            "sqlite" => Box::new(Sqlite::new()),
            "postgresql" => Box::new(Postgres::of_version(15)),
            "mysql" => Box::new(Mysql::mysql()),
            _ => Box::new(Mysql::mariadb()),
        };
        Self {
            dialect,
            spell,
            convention: Convention::of(convention),
            without_words: RefCell::default(),
            given: RefCell::default(),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.spell.kind()
    }

    pub(crate) fn is(&self, dialect: &str) -> bool {
        self.dialect == dialect
    }

    /// MySQL or MariaDB.
    pub(crate) fn is_mysql(&self) -> bool {
        matches!(self.dialect, "mysql" | "mariadb")
    }

    /// Remembers an argument that there are no words for; what it was said of stays as it is.
    pub(crate) fn unsaid<T>(&self, argument: &str, of: T) -> T {
        self.without_words.borrow_mut().insert(argument.to_owned());
        of
    }

    /// Refuses to pass over options of this dialect that are not among those that are read.
    pub(crate) fn only(&self, object: &Value, known: &[&str]) {
        let prefix = format!("{}_", self.dialect);
        for key in object
            .get("options")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            if let Some(option) = key.strip_prefix(&prefix).filter(|it| !known.contains(it)) {
                self.unsaid(option, ());
            }
        }
    }

    /// A dialect option of an object, `postgresql_where`.
    pub(crate) fn option<'j>(&self, object: &'j Value, name: &str) -> Option<&'j Value> {
        let key = format!("{}_{name}", self.dialect);
        object.get("options")?.get(key)
    }
}

/// A text of an object.
pub(crate) fn text<'j>(object: &'j Value, key: &str) -> Option<&'j str> {
    object.get(key)?.as_str()
}

/// A flag of an object: false if absent.
pub(crate) fn flag(object: &Value, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// A number of an object.
pub(crate) fn number(object: &Value, key: &str) -> Option<u32> {
    u32::try_from(object.get(key)?.as_i64()?).ok()
}

/// The members of a list; none if it is absent.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    let texts = list(value).iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// A scalar as SQL text of an option.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
