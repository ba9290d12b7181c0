//! How SQLite spells tables, columns, constraints and indexes. What it cannot say is an error, never left out.

use super::text::{DefaultKind, bare, default_kind, name_as_string};
use super::types::{self, unsupported};
use super::{NAME, Sqlite};
use crate::error::{Error, Result};
use crate::schema::{Column, Constraint, Enum, Index, PrimaryKey, QualifiedName, Table};
use crate::sql::{self, Spell};

/// What the definition of a column depends on beside the column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// In a `STRICT` table.
    pub strict: bool,
    /// Another name of the rowid.
    pub rowid: bool,
}

impl Place {
    /// The place of a column in its table, which is in normal form.
    pub fn of(table: &Table, column: &Column) -> Self {
        Self {
            strict: table.options.strict,
            rowid: is_rowid(table, column),
        }
    }
}

/// Whether a column of a table in normal form is another name of the rowid.
pub(super) fn is_rowid(table: &Table, column: &Column) -> bool {
    column.identity.is_some()
        && column.ty.written.is_integer()
        && !table.options.without_rowid
        && table.is_sole_key(&column.name)
}

/// The type of a column as it is declared.
pub(super) fn column_type(column: &Column, place: Place) -> Result<String> {
    match place.rowid {
        // Only a type of exactly this name makes an alias of the rowid.
        true => Ok("INTEGER".into()),
        false => types::spell(&column.ty.written, place.strict),
    }
}

/// The name of the check that stands for an enum type.
pub(super) fn enum_check_name(name: &str) -> String {
    format!("enum_{name}")
}

/// `CONSTRAINT enum_status CHECK (status IN ('a', 'b'))`.
pub(super) fn enum_check(spell: &Sqlite, column: &str, ty: &Enum) -> Result<String> {
    let name = spell.quote(&enum_check_name(&ty.name.name))?;
    let labels: Result<Vec<String>> = ty.values.iter().map(|it| spell.string(it)).collect();
    let (column, labels) = (spell.quote(column)?, labels?.join(", "));
    Ok(format!("CONSTRAINT {name} CHECK ({column} IN ({labels}))"))
}

/// ` DEFAULT …`: what is no literal needs parentheses.
pub(super) fn default(written: &str) -> String {
    let text = bare(written);
    if let Some(string) = name_as_string(text) {
        return format!("DEFAULT {string}");
    }
    let kind = default_kind(text);
    let text = sql::expression(&text.into());
    match kind {
        DefaultKind::Expression => format!("DEFAULT ({text})"),
        _ => format!("DEFAULT {text}"),
    }
}

/// `NOT NULL` with its conflict clause.
pub(super) fn not_null(column: &Column) -> String {
    match column.not_null_on_conflict {
        Some(resolution) => format!("NOT NULL ON CONFLICT {}", resolution.sql()),
        None => "NOT NULL".into(),
    }
}

/// A column, with `PRIMARY KEY AUTOINCREMENT` in it, which has no other place.
pub(super) fn column(
    spell: &Sqlite,
    column: &Column,
    place: Place,
    numbered: Option<&PrimaryKey>,
) -> Result<String> {
    let mut words = vec![spell.quote(&column.name)?];
    words.push(column_type(column, place)?);
    if let Some(key) = numbered {
        words.push(numbered_clause(spell, key)?);
    }
    if !column.nullable {
        words.push(not_null(column));
    }
    if let Some(it) = &column.default {
        words.push(default(it.written.as_str()));
    }
    if let Some(collation) = &column.collation {
        words.push(format!("COLLATE {}", spell.quote(collation)?));
    }
    if let Some(it) = &column.generated {
        let kind = if it.stored { "STORED" } else { "VIRTUAL" };
        let expr = sql::expression(&it.expr.written);
        words.push(format!("GENERATED ALWAYS AS ({expr}) {kind}"));
    }
    if let Some(ty) = column.ty.written.as_enum() {
        words.push(enum_check(spell, &column.name, ty)?);
    }
    words.retain(|it| !it.is_empty());
    Ok(words.join(" "))
}

fn conflict(key: &PrimaryKey) -> String {
    key.on_conflict
        .map_or_else(String::new, |it| format!(" ON CONFLICT {}", it.sql()))
}

/// A constraint of a table.
pub(super) fn constraint(
    spell: &Sqlite,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Result<String> {
    let mut constraint = constraint.clone();
    match &mut constraint {
        Constraint::Exclude(_) => {
            return Err(unsupported(
                "have an exclusion constraint",
                "a trigger that refuses the row with RAISE(ABORT, ..)",
            ));
        }
        Constraint::Unique(it) if it.nulls_not_distinct => {
            return Err(unsupported(
                "take two NULLs for equal in a unique constraint",
                "a unique index on an expression, such as coalesce(column, '')",
            ));
        }
        Constraint::ForeignKey(it) => {
            if it.match_full && it.columns.len() > 1 {
                return Err(unsupported(
                    "hold a foreign key to MATCH FULL",
                    "a check that the columns are all NULL, or none",
                ));
            }
            if it.references.schema != table.schema {
                return Err(unsupported(
                    &format!(
                        "reference `{}` from `{table}`, in another database",
                        it.references
                    ),
                    "keep both tables in one database",
                ));
            }
            // The parent is always in the same database, whose name may not be said.
            it.references.schema = None;
            it.match_full = false;
        }
        _ => {}
    }
    sql::constraint(spell, &constraint)
}

/// `CREATE TABLE` of a table in normal form; `clause` is `IF NOT EXISTS `, or nothing.
pub(super) fn create_table(spell: &Sqlite, table: &Table, clause: &str) -> Result<String> {
    if table.columns.is_empty() {
        return Err(unsupported(
            &format!("create table {} without a column", table.name),
            "give it a column",
        ));
    }
    let numbered = numbered_key(table)?;
    let mut lines = Vec::new();
    for it in &table.columns {
        let key = numbered.filter(|key| key.columns.contains(&it.name));
        lines.push(column(spell, it, Place::of(table, it), key)?);
    }
    for it in &table.constraints {
        if !(numbered.is_some() && matches!(it, Constraint::PrimaryKey(_))) {
            lines.push(constraint(spell, &table.name, it)?);
        }
    }
    let name = spell.qualified(&table.name)?;
    let kind = if table.options.temporary {
        "TEMPORARY "
    } else {
        ""
    };
    let mut sql = format!(
        "CREATE {kind}TABLE {clause}{name} (\n    {}\n)",
        lines.join(",\n    ")
    );
    sql += &options(table);
    Ok(sql)
}

/// What stands behind the closing parenthesis.
pub(super) fn options(table: &Table) -> String {
    let options = [
        (table.options.strict, "STRICT"),
        (table.options.without_rowid, "WITHOUT ROWID"),
    ];
    let said: Vec<&str> = options.iter().filter(|it| it.0).map(|it| it.1).collect();
    match said.is_empty() {
        true => String::new(),
        false => format!(" {}", said.join(", ")),
    }
}

/// `PRIMARY KEY AUTOINCREMENT` of a column.
fn numbered_clause(spell: &Sqlite, key: &PrimaryKey) -> Result<String> {
    let name = match &key.name {
        Some(name) => format!("CONSTRAINT {} ", spell.quote(name)?),
        None => String::new(),
    };
    Ok(format!("{name}PRIMARY KEY{} AUTOINCREMENT", conflict(key)))
}

/// The clause by which a column is the key of an `AUTOINCREMENT` table, if it is.
pub(super) fn autoincrement(
    spell: &Sqlite,
    table: &Table,
    column: &Column,
) -> Result<Option<String>> {
    let key = numbered_key(table)?.filter(|it| it.columns.contains(&column.name));
    key.map(|it| numbered_clause(spell, it)).transpose()
}

/// The key of an `AUTOINCREMENT` table.
fn numbered_key(table: &Table) -> Result<Option<&PrimaryKey>> {
    if !table.options.autoincrement {
        return Ok(None);
    }
    let alias = table.columns.iter().any(|it| is_rowid(table, it));
    match table.find_primary_key().filter(|_| alias) {
        Some(key) => Ok(Some(key)),
        None => Err(unsupported(
            &format!("say AUTOINCREMENT of `{}`", table.name),
            "only a primary key of one integer column can have it",
        )),
    }
}

/// `CREATE INDEX` of an index in normal form, of which nothing is left that SQLite cannot say; `clause` is `IF NOT EXISTS `, or
/// nothing. An index lives in its table's database, which stands before the index's own name.
pub(super) fn create_index(
    spell: &Sqlite,
    table: &QualifiedName,
    index: &Index,
    clause: &str,
) -> Result<String> {
    let name = spell.index_name(table, &index.name)?;
    sql::create_index(
        spell,
        &format!("{clause}{name}"),
        &spell.quote(&table.name)?,
        index,
    )
}

/// Refuses a name as [`Spell::quote`] does, for the objects that are named without being spelled here.
pub(super) fn quote(name: &str) -> Result<String> {
    sql::check_name(name, NAME, None)?;
    Ok(sql::quote_if_needed(name, super::words::is_reserved))
}

/// An error of a table that cannot be rebuilt.
pub(super) fn rebuild_error(table: &QualifiedName, reason: impl Into<String>) -> Error {
    Error::Rebuild {
        table: table.clone(),
        reason: reason.into(),
    }
}
