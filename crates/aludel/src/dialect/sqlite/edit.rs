//! The text of a new definition, made of the old one: column by column, clause by clause, what stays the same stays letter by
//! letter, with the comments around it, and only what changes is spelled anew.

use super::ddl::{self, Place};
use super::parse::{Clause, ClauseKind, ColumnText, ConstraintText, Item, TableText, What};
use super::rebuild::Rebuild;
use super::text::{same_name, unqualified};
use crate::error::Result;
use crate::schema::{Column, Constraint, QualifiedName, Table};
use crate::sql::Spell;
use crate::sql::split::{Flavor, Token, TokenKind, tokens};
use std::ops::Range;

/// The editing of a definition.
pub(super) struct Edit<'a> {
    pub rebuild: &'a Rebuild<'a>,
    pub text: &'a TableText,
}

/// A column or constraint of the new definition, with the comments around it.
struct Piece {
    /// White space and comments before it.
    lead: String,
    body: String,
    /// Comments behind it, on its own line.
    note: String,
    /// Where the column stands in the new table.
    place: usize,
}

impl Edit<'_> {
    /// The definition under the temporary name.
    pub fn definition(&self, name: &QualifiedName) -> Result<String> {
        let sql = &self.text.sql;
        let pieces = self.pieces()?;
        let head = &sql[self.text.name.end..self.text.open];
        let tail = self.tail();
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
        Ok(out + &tail)
    }

    /// The closing parenthesis and what stands behind it: as it stands, unless another kind of table is wanted.
    fn tail(&self) -> String {
        let (old, new) = (&self.rebuild.before.options, &self.rebuild.after.options);
        match (old.strict, old.without_rowid) == (new.strict, new.without_rowid) {
            true => self.text.sql[self.text.close..].to_string(),
            false => format!("){}", ddl::options(self.rebuild.after)),
        }
    }

    /// Whether the primary key is said anew, since `AUTOINCREMENT` is a word of its clause on the column.
    fn numbers_otherwise(&self) -> bool {
        let (old, new) = (&self.rebuild.before.options, &self.rebuild.after.options);
        old.autoincrement != new.autoincrement
    }

    fn pieces(&self) -> Result<Vec<Piece>> {
        let mut kept = self.kept_constraints()?.into_iter();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut columns = 0;
        for (at, item) in self.text.items.iter().enumerate() {
            let count = item.constraints().count();
            let keep: Vec<bool> = kept.by_ref().take(count).collect();
            let mut place = 0;
            let body = match &item.what {
                What::Column(it) => {
                    place = self.place(&it.name);
                    self.column(item, it, &keep)?
                }
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
            pieces.push(Piece {
                lead,
                body,
                note,
                place,
            });
            if matches!(item.what, What::Column(_)) {
                columns = pieces.len();
            }
        }
        let added = self.added_columns()?;
        let count = columns + added.len();
        pieces.splice(columns..columns, added);
        if let Some(columns) = pieces.get_mut(..count) {
            columns.sort_by_key(|it| it.place);
        }
        pieces.extend(self.added_constraints()?);
        Ok(pieces)
    }

    /// For each constraint of the text, whether it stays. The constraints of the table before stand in the same order, but for
    /// the checks that are enum types. Of several equal ones the last stay, since an operation drops the first.
    fn kept_constraints(&self) -> Result<Vec<bool>> {
        let (before, after) = (self.rebuild.before, self.rebuild.after);
        let mut inspected = before.constraints.iter().rev();
        let mut left: Vec<&Constraint> = after.constraints.iter().collect();
        let misread = || self.rebuild.error("its constraints were read in two ways");
        let mut texts: Vec<&ConstraintText> = self.text.constraints().collect();
        texts.reverse();
        let mut kept = Vec::new();
        for text in texts {
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
            let known = known.ok_or_else(misread)?;
            let at = left.iter().rposition(|it| *it == known);
            let at = at.filter(|_| !self.is_renumbered(known));
            if let Some(at) = at {
                left.remove(at);
            }
            kept.push(at.is_some());
        }
        kept.reverse();
        match inspected.next() {
            Some(_) => Err(misread()),
            None => Ok(kept),
        }
    }

    fn is_renumbered(&self, constraint: &Constraint) -> bool {
        matches!(constraint, Constraint::PrimaryKey(_)) && self.numbers_otherwise()
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
            let body = ddl::column(rebuild.spell, column, place, None)?;
            let place = self.place(&column.name);
            Ok(Piece {
                place,
                ..self.new_piece(body)
            })
        })
        .collect()
    }

    fn added_constraints(&self) -> Result<Vec<Piece>> {
        let mut old: Vec<&Constraint> = self.rebuild.before.constraints.iter().collect();
        let mut pieces = Vec::new();
        for constraint in &self.rebuild.after.constraints {
            let renumbered = self.is_renumbered(constraint);
            if renumbered && self.rebuild.after.options.autoincrement {
                continue;
            }
            let same = old.iter().position(|it| *it == constraint);
            match same.filter(|_| !renumbered) {
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

    /// Where a column stands in the new table; those that keep their places stand in the text as they stand there.
    fn place(&self, column: &str) -> usize {
        let mut columns = self.rebuild.after.columns.iter();
        columns
            .position(|it| same_name(&it.name, column))
            .unwrap_or(usize::MAX)
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
            place: 0,
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
        if before.generated != after.generated && after.generated.is_some() {
            let reason = format!("what `{}` is computed from changes", after.name);
            return Err(rebuild.error(reason));
        }
        let same_collation = before.collation == after.collation;
        let same_conflict = before.not_null_on_conflict == after.not_null_on_conflict;
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
        if self.numbers_otherwise() {
            let clause = ddl::autoincrement(rebuild.spell, rebuild.after, &after)?;
            out += &clause.map_or_else(String::new, |it| format!(" {it}"));
        }
        let mut kept = keep.iter();
        let mut not_null = false;
        for clause in &text.clauses {
            let stays = match &clause.what {
                ClauseKind::Constraint(_) => kept.next() == Some(&true),
                ClauseKind::NotNull(_) => !after.nullable && same_conflict,
                ClauseKind::Null => after.nullable,
                ClauseKind::Default(_) => same_default(&before, &after),
                ClauseKind::Collate(_) => same_collation,
                ClauseKind::Generated { .. } => after.generated.is_some(),
            };
            not_null |= stays && matches!(clause.what, ClauseKind::NotNull(_));
            out += &self.clause(end, clause, stays)?;
            end = clause.range.end;
        }
        let implied = places.1.rowid || self.in_strict_key(&after);
        if !after.nullable && !not_null && (before.nullable || !implied || !same_conflict) {
            out += &format!(" {}", ddl::not_null(&after));
        }
        if let Some(default) = after
            .default
            .as_ref()
            .filter(|_| !same_default(&before, &after))
        {
            out += &format!(" {}", ddl::default(default.written.as_str()));
        }
        if let Some(collation) = after.collation.as_ref().filter(|_| !same_collation) {
            out += &format!(" COLLATE {}", rebuild.spell.quote(collation)?);
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
    let Ok(tokens) = tokens(gap, Flavor::Sqlite) else {
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
    let is_break = |it: &&Token| gap[it.start..it.end].contains('\n');
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
    let tokens = tokens(note, Flavor::Sqlite);
    let last = tokens.ok().and_then(|it| it.last().copied());
    last.is_some_and(|it| it.kind == TokenKind::LineComment)
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
