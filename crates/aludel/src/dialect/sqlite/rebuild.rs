//! Rebuilding a table: the definition that SQLite keeps is edited clause by clause, a new table is made of it, the rows are
//! copied, and the new table takes the place of the old one (<https://www.sqlite.org/lang_altertable.html#otheralter>).
//!
//! What does not change keeps its own text: comments, conflict clauses, collations, checks without a name. What belongs to the
//! table and is not in its definition is carried over: rowids, the high-water mark of `AUTOINCREMENT`, indexes, triggers. Views,
//! and triggers of other tables, stay as they are, since `legacy_alter_table` keeps the renaming from looking at them.

use super::ddl::{self, rebuild_error};
use super::edit::Edit;
use super::parse::TableText;
use super::text::{mentions, mentions_column, same_name, significant, unquote};
use super::{Sqlite, inspect};
use crate::error::{Error, Result};
use crate::schema::{Column, Expr, Ident, Index, QualifiedName, Schema, Table};
use crate::sql::{Spell, Statement};

/// The name that the new table has until the old one is gone.
pub(super) fn temporary_name(table: &QualifiedName) -> QualifiedName {
    table.renamed(format!("_aludel_new_{}", table.name))
}

/// Why a table cannot be rebuilt inside a step.
pub(super) fn still_referenced(table: &QualifiedName, other: &QualifiedName) -> Error {
    rebuild_error(
        table,
        format!(
            "`{other}` references it, and its rows would be deleted with the old table as long as foreign keys are on; inside \
             a transaction they stay on: record the operation in the revision itself, not in a step of it"
        ),
    )
}

/// Gives tables that were never in a database the definition that [`ddl::create_table`] would give them, so that a script
/// can be written for tables that it creates itself.
pub(super) fn with_definitions(spell: &Sqlite, schema: &Schema) -> Result<Schema> {
    use crate::dialect::Dialect as _;
    let mut schema = schema.clone();
    if schema
        .tables
        .values()
        .all(|it| it.source.definition.is_some())
    {
        return Ok(schema);
    }
    spell.normalize(&mut schema);
    let referencing: Vec<_> = schema
        .tables
        .values()
        .flat_map(|it| it.foreign_keys().map(|key| (it.name.clone(), key.clone())))
        .collect();
    for table in schema.tables.values_mut() {
        if table.source.definition.is_some() {
            continue;
        }
        let sql = ddl::create_table(spell, table, "")?;
        let text = TableText::parse(&sql).map_err(|reason| rebuild_error(&table.name, reason))?;
        let mut written = inspect::table(&text, table.name.clone());
        written.indexes = table.indexes.clone();
        for index in &table.indexes {
            let sql = ddl::create_index(spell, &table.name, index, "")?;
            written.source.indexes.insert(index.name.clone(), sql);
        }
        written.source.definition = Some(sql);
        let to_it = referencing
            .iter()
            .filter(|(_, key)| key.references == table.name);
        written.source.referenced_by = to_it.cloned().collect();
        *table = written;
    }
    Ok(schema)
}

/// A table before and after, both in normal form.
pub(super) struct Rebuild<'a> {
    pub spell: &'a Sqlite,
    pub before: &'a Table,
    pub after: &'a Table,
    /// The expressions that give columns their values.
    pub using: &'a [(Ident, Expr)],
    /// Whether the definition has changed already: the one of the table before is the new one.
    pub edited: bool,
}

impl Rebuild<'_> {
    /// The statements; none if the definition stays as it is.
    pub fn statements(&self) -> Result<Vec<Statement>> {
        let name = &self.before.name;
        let source = &self.before.source;
        let definition = source.definition.as_deref().unwrap_or_default();
        let old = self.parse(definition)?;
        if self.after.columns.is_empty() {
            return Err(super::types::unsupported(
                &format!("leave {name} without a column"),
                "drop the table",
            ));
        }
        let temporary = temporary_name(name);
        let new = Edit {
            rebuild: self,
            text: &old,
        }
        .definition(&temporary)?;
        let unchanged = Edit {
            rebuild: &Rebuild {
                after: self.before,
                ..*self
            },
            text: &old,
        };
        let changes = self.edited || !self.using.is_empty();
        if !changes && new == unchanged.definition(&temporary)? {
            return Ok(Vec::new());
        }
        self.refuse_mentions()?;
        let text = self.parse(&new)?;
        let (quoted, new_name) = (
            self.spell.qualified(name)?,
            self.spell.qualified(&temporary)?,
        );
        let mut statements: Vec<String> = self.guard()?.into_iter().collect();
        statements.push(new.clone());
        statements.push(self.copy(&old, &text)?);
        if old.options.autoincrement && text.options.autoincrement {
            statements.extend(self.numbering(&temporary)?);
        }
        statements.push(format!("DROP TABLE {quoted}"));
        // Without it, the renaming fails where a view or another table's trigger names the table, which is gone for the moment.
        statements.push("PRAGMA legacy_alter_table = ON".into());
        let short = self.spell.quote(&name.name)?;
        statements.push(format!("ALTER TABLE {new_name} RENAME TO {short}"));
        statements.push("PRAGMA legacy_alter_table = OFF".into());
        for index in &self.after.indexes {
            statements.push(self.index(index)?);
        }
        for trigger in &source.triggers {
            statements.push(in_database(self.spell, name, &trigger.sql, "TRIGGER")?);
        }
        Ok(statements.into_iter().map(Statement::from).collect())
    }

    fn parse(&self, sql: &str) -> Result<TableText> {
        TableText::parse(sql).map_err(|reason| rebuild_error(&self.before.name, reason))
    }

    pub fn error(&self, reason: impl Into<String>) -> Error {
        rebuild_error(&self.before.name, reason)
    }

    /// Fails, with words of its own, where the rows that refer to this table would be deleted with it. `json_extract` is the
    /// one function that says back what it was given when it fails.
    fn guard(&self) -> Result<Option<String>> {
        let Some((other, _)) = self.before.source.referenced_by.first() else {
            return Ok(None);
        };
        let table = &self.before.name;
        let text = self.spell.string(&format!(
            "foreign keys are on, and {other} references {table}: its rows would be deleted while {table} is rebuilt"
        ))?;
        Ok(Some(format!(
            "SELECT json_extract('{{}}', {text} || substr(foreign_keys, 2)) FROM pragma_foreign_keys WHERE foreign_keys"
        )))
    }

    /// A trigger or view that names a column which is going would fail from then on, or read the name as a text.
    fn refuse_mentions(&self) -> Result<()> {
        let source = &self.before.source;
        for column in &self.before.columns {
            if self.after.has_column(&column.name) {
                let generated = self.after.find_column(&column.name);
                self.refuse_generated(generated)?;
                continue;
            }
            for it in source.triggers.iter().chain(&source.dependents) {
                if mentions_column(&it.sql, &column.name) {
                    return Err(self.error(format!(
                        "the {} `{}` mentions the column `{}`: drop it first, and create it anew without the column",
                        it.kind, it.name, column.name
                    )));
                }
                if inserts_without_columns(&it.sql, &self.before.name.name) {
                    return Err(self.error(format!(
                        "the {} `{}` inserts into it without naming the columns: drop it first, and create it anew",
                        it.kind, it.name
                    )));
                }
            }
        }
        Ok(())
    }

    fn refuse_generated(&self, column: Option<&Column>) -> Result<()> {
        let Some((column, generated)) = column.and_then(|it| Some((it, it.generated.as_ref()?)))
        else {
            return Ok(());
        };
        let gone = self.before.columns.iter().find(|it| {
            !self.after.has_column(&it.name) && mentions(generated.expr.written.as_str(), &it.name)
        });
        match gone {
            Some(gone) => Err(self.error(format!(
                "the column `{}` is computed from `{}`: drop it first",
                column.name, gone.name
            ))),
            None => Ok(()),
        }
    }

    /// Copies the rows. `OR ABORT` overrides the conflict clauses of the table, by which rows would silently be left out.
    fn copy(&self, old: &TableText, new: &TableText) -> Result<String> {
        let mut targets = Vec::new();
        let mut values = Vec::new();
        if let Some(rowid) = rowid_name(old, new) {
            targets.push(rowid.to_string());
            values.push(rowid.to_string());
        }
        for column in self
            .after
            .columns
            .iter()
            .filter(|it| it.generated.is_none())
        {
            let Some(old) = self.before.find_column(&column.name) else {
                continue;
            };
            targets.push(self.spell.quote(&column.name)?);
            let using = self.using.iter().find(|(name, _)| *name == column.name);
            values.push(match using {
                Some((_, expr)) => expr.to_string(),
                None => self.spell.quote(&old.name)?,
            });
        }
        let from = self.spell.qualified(&self.before.name)?;
        let into = self.spell.qualified(&temporary_name(&self.before.name))?;
        let (targets, values) = (targets.join(", "), values.join(", "));
        Ok(format!(
            "INSERT OR ABORT INTO {into} ({targets})\nSELECT {values} FROM {from}"
        ))
    }

    /// The number that was given last stays the last one, though its row may be gone.
    fn numbering(&self, temporary: &QualifiedName) -> Result<[String; 2]> {
        let name = &self.before.name;
        let sequence = self.spell.qualified(&name.renamed("sqlite_sequence"))?;
        let (old, new) = (
            self.spell.string(&name.name)?,
            self.spell.string(&temporary.name)?,
        );
        Ok([
            format!("DELETE FROM {sequence} WHERE name = {new}"),
            format!(
                "INSERT INTO {sequence} (name, seq) SELECT {new}, seq FROM {sequence} WHERE name = {old}"
            ),
        ])
    }

    /// An index that was there keeps its own text.
    fn index(&self, index: &Index) -> Result<String> {
        let before = self.before.find_index(&index.name);
        match self.before.source.indexes.get(&index.name) {
            Some(sql) if before == Some(index) => {
                in_database(self.spell, &self.before.name, sql, "INDEX")
            }
            _ => ddl::create_index(self.spell, &self.before.name, index, ""),
        }
    }
}

/// A name of the rowid that no column has taken, if the rows have a rowid that must be copied by it.
fn rowid_name(old: &TableText, new: &TableText) -> Option<&'static str> {
    if old.options.without_rowid || new.options.without_rowid || new.rowid_alias().is_some() {
        return None;
    }
    let taken = |name: &&str| {
        old.columns()
            .chain(new.columns())
            .any(|it| same_name(&it.name, name))
    };
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|it| !taken(it))
}

/// Whether a trigger has `INSERT INTO table` without a list of columns.
fn inserts_without_columns(sql: &str, table: &str) -> bool {
    let Ok(tokens) = significant(sql) else {
        return true;
    };
    let text = |at: usize| tokens.get(at).map_or("", |it| &sql[it.start..it.end]);
    (1..tokens.len()).any(|at| {
        text(at - 1).eq_ignore_ascii_case("into")
            && unquote(text(at)).is_some_and(|it| same_name(&it, table))
            && text(at + 1) != "("
    })
}

/// The statement that SQLite keeps of an index or a trigger never names the attached database that it is in.
pub(super) fn in_database(
    spell: &Sqlite,
    table: &QualifiedName,
    sql: &str,
    word: &str,
) -> Result<String> {
    let Some(schema) = &table.schema else {
        return Ok(sql.to_string());
    };
    let tokens = significant(sql).map_err(|reason| rebuild_error(table, reason))?;
    let is_word = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|it| sql[it.start..it.end].eq_ignore_ascii_case(word))
    };
    let name = (0..tokens.len())
        .find(|at| is_word(*at))
        .and_then(|at| tokens.get(at + 1));
    let qualified = name.is_some_and(|it| sql[it.end..].trim_start().starts_with('.'));
    match name.filter(|_| !qualified) {
        Some(name) => Ok(format!(
            "{}{}.{}",
            &sql[..name.start],
            spell.quote(schema)?,
            &sql[name.start..]
        )),
        None => Ok(sql.to_string()),
    }
}
