//! Rebuilding a table: the definition that SQLite keeps is edited clause by clause, a new table is made of it, the rows are
//! copied, and the new table takes the place of the old one (<https://www.sqlite.org/lang_altertable.html#otheralter>).
//!
//! What does not change keeps its own text: comments, conflict clauses, collations, checks without a name. What belongs to the
//! table and is not in its definition is carried over: rowids, the high-water mark of `AUTOINCREMENT`, indexes, triggers. Views,
//! and triggers of other tables, stay as they are, since `legacy_alter_table` keeps the renaming from looking at them.

use super::ddl::{self, Place, rebuild_error};
use super::parse::{Clause, ClauseKind, ColumnText, Item, TableText, What};
use super::text::{mentions, same_name, significant, unqualified, unquote};
use super::{Sqlite, inspect};
use crate::error::{Error, Result};
use crate::schema::{Column, Constraint, Expr, Ident, Index, QualifiedName, Schema, Table};
use crate::sql::{Spell, Statement};
use std::ops::Range;

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
        let sql = ddl::create_table(spell, table)?;
        let text = TableText::parse(&sql).map_err(|reason| rebuild_error(&table.name, reason))?;
        let mut written = inspect::table(&text, table.name.clone());
        written.indexes = table.indexes.clone();
        for index in &table.indexes {
            let sql = ddl::create_index(spell, &table.name, index)?;
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
    /// The expression that gives a column its values.
    pub using: Option<&'a (Ident, Expr)>,
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
        if new == unchanged.definition(&temporary)? && self.using.is_none() {
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

    fn error(&self, reason: impl Into<String>) -> Error {
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
                if mentions(&it.sql, &column.name) {
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
            values.push(match self.using {
                Some((name, expr)) if *name == column.name => expr.to_string(),
                _ => self.spell.quote(&old.name)?,
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
            _ => ddl::create_index(self.spell, &self.before.name, index),
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
fn in_database(spell: &Sqlite, table: &QualifiedName, sql: &str, word: &str) -> Result<String> {
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

/// The editing of a definition.
struct Edit<'a> {
    rebuild: &'a Rebuild<'a>,
    text: &'a TableText,
}

/// A column or constraint of the new definition, with the comments around it.
struct Piece {
    /// White space and comments before it.
    lead: String,
    body: String,
    /// Comments behind it, on its own line.
    note: String,
}

impl Edit<'_> {
    /// The definition under the temporary name.
    fn definition(&self, name: &QualifiedName) -> Result<String> {
        let sql = &self.text.sql;
        let pieces = self.pieces()?;
        let head = &sql[self.text.name.end..self.text.open];
        let tail = &sql[self.text.close..];
        let mut out = format!("CREATE TABLE {}{head}", self.rebuild.spell.qualified(name)?);
        let last = pieces.len().saturating_sub(1);
        let mut open_line = false;
        for (at, piece) in pieces.iter().enumerate() {
            if open_line && !piece.lead.starts_with('\n') {
                out.push('\n');
            }
            out += &piece.lead;
            out += &piece.body;
            if at < last {
                out.push(',');
            }
            if !piece.note.is_empty() && !piece.note.starts_with(char::is_whitespace) {
                out.push(' ');
            }
            out += &piece.note;
            open_line = ends_in_line_comment(&piece.note);
        }
        if open_line || pieces.first().is_some_and(|it| it.lead.contains('\n')) {
            out.push('\n');
        }
        Ok(out + tail)
    }

    fn pieces(&self) -> Result<Vec<Piece>> {
        let mut kept = self.kept_constraints()?.into_iter();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut columns = 0;
        for (at, item) in self.text.items.iter().enumerate() {
            let count = item.constraints().count();
            let keep: Vec<bool> = kept.by_ref().take(count).collect();
            let body = match &item.what {
                What::Column(it) => self.column(item, it, &keep)?,
                What::Constraint(_) => match keep.first() {
                    Some(true) => Some(self.plain(item.range.clone())),
                    _ => None,
                },
            };
            let Some(body) = body else {
                continue;
            };
            let [lead, inner, note] = self.around(at);
            let body = body + &inner;
            pieces.push(Piece { lead, body, note });
            if matches!(item.what, What::Column(_)) {
                columns = pieces.len();
            }
        }
        let added = self.added_columns()?;
        pieces.splice(columns..columns, added);
        pieces.extend(self.added_constraints()?);
        Ok(pieces)
    }

    /// For each constraint of the text, whether it stays. The constraints of the table before stand in the same order, but for
    /// the checks that are enum types.
    fn kept_constraints(&self) -> Result<Vec<bool>> {
        let (before, after) = (self.rebuild.before, self.rebuild.after);
        let mut inspected = before.constraints.iter();
        let mut left: Vec<&Constraint> = after.constraints.iter().collect();
        let mut kept = Vec::new();
        for text in self.text.constraints() {
            if let Some(column) = self.enum_column(&text.constraint) {
                let same = after
                    .find_column(&column.name)
                    .is_some_and(|it| same_enum(it, column));
                kept.push(same);
                continue;
            }
            let known = inspected
                .next()
                .filter(|it| same_kind(it, &text.constraint));
            let known =
                known.ok_or_else(|| self.rebuild.error("its constraints were read in two ways"))?;
            let at = left.iter().position(|it| *it == known);
            if let Some(at) = at {
                left.remove(at);
            }
            kept.push(at.is_some());
        }
        match inspected.next() {
            Some(_) => Err(self.rebuild.error("its constraints were read in two ways")),
            None => Ok(kept),
        }
    }

    /// The column whose enum type this check is.
    fn enum_column(&self, constraint: &Constraint) -> Option<&Column> {
        let Constraint::Check(check) = constraint else {
            return None;
        };
        let (name, ty) = super::normalize::enum_of_check(check)?;
        let mut columns = self.rebuild.before.columns.iter();
        let column = columns.find(|it| same_name(&it.name, &name))?;
        let own = column.ty.written.as_enum()?;
        (own.name.name == ty.name.name && own.values == ty.values).then_some(column)
    }

    fn added_columns(&self) -> Result<Vec<Piece>> {
        let rebuild = self.rebuild;
        let new = rebuild
            .after
            .columns
            .iter()
            .filter(|it| !rebuild.before.has_column(&it.name));
        new.map(|column| {
            let place = Place::of(rebuild.after, column);
            Ok(self.new_piece(ddl::column(rebuild.spell, column, place, None)?))
        })
        .collect()
    }

    fn added_constraints(&self) -> Result<Vec<Piece>> {
        let mut old: Vec<&Constraint> = self.rebuild.before.constraints.iter().collect();
        let mut pieces = Vec::new();
        for constraint in &self.rebuild.after.constraints {
            match old.iter().position(|it| *it == constraint) {
                Some(at) => {
                    old.remove(at);
                }
                None => {
                    let name = &self.rebuild.before.name;
                    let sql = ddl::constraint(self.rebuild.spell, name, constraint)?;
                    pieces.push(self.new_piece(sql));
                }
            }
        }
        Ok(pieces)
    }

    /// What is new stands on a line of its own where the others do.
    fn new_piece(&self, body: String) -> Piece {
        let first = self
            .text
            .items
            .first()
            .map_or(self.text.open, |it| it.range.start);
        let lead = &self.text.sql[self.text.open..first];
        let lead = match lead.trim().is_empty() && lead.contains('\n') {
            true => format!("\n{}", lead.rsplit('\n').next().unwrap_or_default()),
            false => " ".to_string(),
        };
        Piece {
            lead,
            body,
            note: String::new(),
        }
    }

    /// A column with its changes; none if it is gone.
    fn column(&self, item: &Item, text: &ColumnText, keep: &[bool]) -> Result<Option<String>> {
        let rebuild = self.rebuild;
        let find = |table: &Table| {
            table
                .columns
                .iter()
                .find(|it| same_name(&it.name, &text.name))
                .cloned()
        };
        let before = find(rebuild.before)
            .ok_or_else(|| rebuild.error("its columns were read in two ways"))?;
        let Some(after) = find(rebuild.after) else {
            return Ok(None);
        };
        if before.generated != after.generated || before.collation != after.collation {
            return Err(rebuild.error(format!(
                "what `{}` is computed from, or its collation, changes",
                after.name
            )));
        }
        let mut out = self.plain(item.range.start..text.name_end);
        let mut end = text.name_end;
        let places = (
            Place::of(rebuild.before, &before),
            Place::of(rebuild.after, &after),
        );
        let ty = ddl::column_type(&after, places.1)?;
        let same_type = ddl::column_type(&before, places.0)? == ty;
        if same_type && !text.ty.is_empty() {
            out += &self.plain(end..text.ty.end);
        } else if !same_type && !ty.is_empty() {
            out += &format!(" {ty}");
        }
        if !text.ty.is_empty() {
            end = text.ty.end;
        }
        let mut kept = keep.iter();
        let mut not_null = false;
        for clause in &text.clauses {
            let stays = match &clause.what {
                ClauseKind::Constraint(_) => kept.next() == Some(&true),
                ClauseKind::NotNull(_) => !after.nullable,
                ClauseKind::Null => after.nullable,
                ClauseKind::Default(_) => same_default(&before, &after),
                ClauseKind::Collate(_) | ClauseKind::Generated { .. } => true,
            };
            not_null |= stays && matches!(clause.what, ClauseKind::NotNull(_));
            out += &self.clause(end, clause, stays)?;
            end = clause.range.end;
        }
        let implied = places.1.rowid || self.in_strict_key(&after);
        if !after.nullable && !not_null && (before.nullable || !implied) {
            out += &format!(" {}", ddl::not_null(&after));
        }
        if let Some(default) = after
            .default
            .as_ref()
            .filter(|_| !same_default(&before, &after))
        {
            out += &format!(" {}", ddl::default(default.written.as_str()));
        }
        if let Some(ty) = after
            .ty
            .written
            .as_enum()
            .filter(|_| !same_enum(&before, &after))
        {
            out += &format!(" {}", ddl::enum_check(rebuild.spell, &after.name, ty)?);
        }
        Ok(Some(out))
    }

    /// A clause with the comments before it; without the clause, the comments alone.
    fn clause(&self, from: usize, clause: &Clause, stays: bool) -> Result<String> {
        if stays {
            return Ok(self.plain(from..clause.range.end));
        }
        let gap = self.text.sql[from..clause.range.start].trim_end_matches([' ', '\t']);
        Ok(match gap.trim().is_empty() {
            true => String::new(),
            false => gap.to_string(),
        })
    }

    /// Whether the kind of the table makes the columns of the primary key refuse NULL.
    fn in_strict_key(&self, column: &Column) -> bool {
        let options = &self.text.options;
        let key = self.rebuild.after.find_primary_key();
        (options.strict || options.without_rowid)
            && key.is_some_and(|it| it.columns.contains(&column.name))
    }

    /// The text as it stands; where it qualifies a column with the table's name, which is another for the moment, without that.
    fn plain(&self, range: Range<usize>) -> String {
        unqualified(&self.text.sql[range], &self.rebuild.before.name.name)
    }

    /// What stands around an item: white space and comments before it, those between it and its comma, and those behind the
    /// comma on its own line.
    fn around(&self, at: usize) -> [String; 3] {
        let items = &self.text.items;
        let sql = &self.text.sql;
        let before = at.checked_sub(1).and_then(|at| items.get(at));
        let Some(item) = items.get(at) else {
            return Default::default();
        };
        let lead = match before {
            Some(before) => split_gap(&sql[before.range.end..item.range.start]).2,
            None => sql[self.text.open..item.range.start].to_string(),
        };
        let (inner, note) = match items.get(at + 1) {
            Some(next) => {
                let (inner, note, _) = split_gap(&sql[item.range.end..next.range.start]);
                (inner, note)
            }
            // Behind the last one, all comments are its own, as they stand.
            None => {
                let rest = &sql[item.range.end..self.text.close];
                (String::new(), rest.trim_end().to_string())
            }
        };
        [lead, inner, note]
    }
}

/// Splits what stands between two items at the comma: before it; behind it, to the end of the line if a comment stands there;
/// and what leads to the second item.
fn split_gap(gap: &str) -> (String, String, String) {
    let Ok(tokens) = crate::sql::split::tokens(gap, crate::sql::split::Flavor::Sqlite) else {
        return (String::new(), String::new(), gap.to_string());
    };
    let comma = tokens.iter().position(|it| &gap[it.start..it.end] == ",");
    let (Some(at), Some(token)) = (comma, comma.and_then(|at| tokens.get(at))) else {
        return (String::new(), String::new(), gap.to_string());
    };
    let inner = gap[..token.start].trim_end();
    let inner = match ends_in_line_comment(inner) {
        true => format!("{inner}\n"),
        false => inner.to_string(),
    };
    let is_break = |it: &&crate::sql::split::Token| gap[it.start..it.end].contains('\n');
    let rest = tokens.iter().skip(at + 1);
    let line_end = rest.clone().find(is_break).map_or(gap.len(), |it| it.start);
    let note = gap[token.end..line_end].trim_end();
    (
        inner,
        note.to_string(),
        gap[token.end + note.len()..].to_string(),
    )
}

fn ends_in_line_comment(note: &str) -> bool {
    let tokens = crate::sql::split::tokens(note, crate::sql::split::Flavor::Sqlite);
    let last = tokens.ok().and_then(|it| it.last().copied());
    last.is_some_and(|it| it.kind == crate::sql::split::TokenKind::LineComment)
}

fn same_kind(a: &Constraint, b: &Constraint) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b) && a.name() == b.name()
}

fn same_default(a: &Column, b: &Column) -> bool {
    a.default.as_ref().map(|it| &it.written) == b.default.as_ref().map(|it| &it.written)
}

fn same_enum(a: &Column, b: &Column) -> bool {
    a.ty.written.as_enum() == b.ty.written.as_enum()
}
