//! `CREATE TABLE`, read from the text that SQLite keeps: each piece with its meaning and its place in the
//! text, so that what does not change can be kept letter by letter. The grammar is that of
//! <https://www.sqlite.org/lang_createtable.html>, with what `parse.y` accepts beyond it.

use super::parse_constraint::{check, deferrable, on_conflict, references, table_constraint};
use super::text::{Cursor, bare};
use crate::schema::{Constraint, Ident, OnConflict, PrimaryKey, TableOptions, Unique};
use crate::sql::split::TokenKind;
use std::ops::Range;

/// A `CREATE TABLE` statement.
#[derive(Debug, Clone)]
pub(super) struct TableText {
    /// The whole text.
    pub sql: String,
    /// Where the table's name stands.
    pub name: Range<usize>,
    /// Where the list of columns and constraints opens: behind its parenthesis.
    pub open: usize,
    /// Columns, then constraints.
    pub items: Vec<Item>,
    /// Where the list closes: at its parenthesis.
    pub close: usize,
    /// `STRICT`, `WITHOUT ROWID`, `AUTOINCREMENT`.
    pub options: TableOptions,
}

/// A column definition or a table constraint, from its first token to its last.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub range: Range<usize>,
    pub what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Column(ColumnText),
    Constraint(ConstraintText),
}

/// A column definition.
#[derive(Debug, Clone)]
pub(super) struct ColumnText {
    pub name: String,
    /// Where the name ends.
    pub name_end: usize,
    /// The declared type; empty if there is none.
    pub ty: Range<usize>,
    pub clauses: Vec<Clause>,
}

/// A clause of a column definition, with the `CONSTRAINT name` before it.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub range: Range<usize>,
    pub what: ClauseKind,
}

#[derive(Debug, Clone)]
pub(super) enum ClauseKind {
    /// Any of the four kinds of constraint.
    Constraint(ConstraintText),
    NotNull(Option<OnConflict>),
    /// `NULL`, which says nothing.
    Null,
    Default(String),
    Collate(String),
    Generated {
        expr: String,
        stored: bool,
    },
}

/// A constraint, in the table or on a column.
#[derive(Debug, Clone)]
pub(super) struct ConstraintText {
    pub constraint: Constraint,
    /// Where its name stands, if it has one.
    pub name: Option<Range<usize>>,
    pub autoincrement: bool,
    /// `PRIMARY KEY DESC` on a column, which is no alias of the rowid (<https://www.sqlite.org/lang_createtable.html#rowid>).
    pub descending: bool,
}

impl TableText {
    /// Reads a statement.
    pub fn parse(sql: &str) -> Result<Self, String> {
        let mut cursor = Cursor::new(sql)?;
        cursor.need("CREATE")?;
        let _ = cursor.eat(&["TEMP"]) || cursor.eat(&["TEMPORARY"]);
        cursor.need("TABLE")?;
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let mut start = cursor.start();
        cursor.name()?;
        if cursor.eat(&["."]) {
            start = cursor.start();
            cursor.name()?;
        }
        let name = start..cursor.end();
        cursor.need("(")?;
        let open = cursor.end();
        let items = items(&mut cursor)?;
        let close = cursor.start();
        cursor.need(")")?;
        let mut options = options(&mut cursor)?;
        options.autoincrement = items
            .iter()
            .flat_map(Item::constraints)
            .any(|it| it.autoincrement);
        Ok(Self {
            sql: sql.to_string(),
            name,
            open,
            items,
            close,
            options,
        })
    }

    pub fn columns(&self) -> impl Iterator<Item = &ColumnText> {
        self.items.iter().filter_map(|it| match &it.what {
            What::Column(column) => Some(column),
            What::Constraint(_) => None,
        })
    }

    /// All constraints, those on columns first.
    pub fn constraints(&self) -> impl Iterator<Item = &ConstraintText> {
        self.items.iter().flat_map(Item::constraints)
    }

    /// The column that is another name of the rowid.
    pub fn rowid_alias(&self) -> Option<&ColumnText> {
        if self.options.without_rowid {
            return None;
        }
        let key = self.constraints().find_map(|it| match &it.constraint {
            Constraint::PrimaryKey(key) if !it.descending => Some(key),
            _ => None,
        })?;
        let [column] = key.columns.as_slice() else {
            return None;
        };
        let mut columns = self.columns();
        let column = columns.find(|it| super::text::same_name(&it.name, column))?;
        let ty = super::text::unquote(&self.sql[column.ty.clone()])?;
        ty.eq_ignore_ascii_case("integer").then_some(column)
    }
}

impl Item {
    /// The constraints that it holds.
    pub fn constraints(&self) -> impl Iterator<Item = &ConstraintText> {
        let (clauses, own) = match &self.what {
            What::Column(column) => (column.clauses.as_slice(), None),
            What::Constraint(it) => (&[][..], Some(it)),
        };
        let on_columns = clauses.iter().filter_map(|it| match &it.what {
            ClauseKind::Constraint(it) => Some(it),
            _ => None,
        });
        on_columns.chain(own)
    }
}

fn items(cursor: &mut Cursor<'_>) -> Result<Vec<Item>, String> {
    let mut items: Vec<Item> = Vec::new();
    loop {
        let start = cursor.start();
        let what = match at_table_constraint(cursor) {
            true => What::Constraint(table_constraint(cursor)?),
            false => What::Column(column(cursor)?),
        };
        let constraint = matches!(what, What::Constraint(_));
        items.push(Item {
            range: start..cursor.end(),
            what,
        });
        // Between table constraints the comma may be left out.
        let more = cursor.eat(&[","]) || (constraint && at_table_constraint(cursor));
        if !more {
            return Ok(items);
        }
    }
}

fn at_table_constraint(cursor: &Cursor<'_>) -> bool {
    let words = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
    words.iter().any(|word| cursor.is(word))
}

fn options(cursor: &mut Cursor<'_>) -> Result<TableOptions, String> {
    let mut options = TableOptions::default();
    while !cursor.is_done() {
        if cursor.eat(&["STRICT"]) {
            options.strict = true;
        } else if cursor.eat(&["WITHOUT", "ROWID"]) {
            options.without_rowid = true;
        } else if !cursor.eat(&[","]) {
            return Err(cursor.unexpected("a table option"));
        }
    }
    Ok(options)
}

fn column(cursor: &mut Cursor<'_>) -> Result<ColumnText, String> {
    let name = cursor.name()?;
    let name_end = cursor.end();
    let ty = column_type(cursor)?;
    let mut clauses: Vec<Clause> = Vec::new();
    while !matches!(cursor.text(), "," | ")" | "") {
        let start = cursor.start();
        let of = match cursor.eat(&["CONSTRAINT"]) {
            true => Some(named(cursor)?),
            false => None,
        };
        if let Some(deferrable) = deferrable(cursor) {
            let last = clauses.last_mut().map(|it| {
                it.range.end = cursor.end();
                &mut it.what
            });
            if let Some(ClauseKind::Constraint(it)) = last
                && let Constraint::ForeignKey(key) = &mut it.constraint
            {
                key.deferrable = deferrable;
            }
            continue;
        }
        if matches!(cursor.text(), "," | ")" | "") || cursor.is("CONSTRAINT") {
            // A name without a constraint, which SQLite passes over.
            continue;
        }
        let what = clause(cursor, &name, of)?;
        clauses.push(Clause {
            range: start..cursor.end(),
            what,
        });
    }
    Ok(ColumnText {
        name,
        name_end,
        ty,
        clauses,
    })
}

fn column_type(cursor: &mut Cursor<'_>) -> Result<Range<usize>, String> {
    const ENDS: &[&str] = &[
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "AS",
        "DEFERRABLE",
    ];
    let at_name = |cursor: &Cursor<'_>| {
        let kind = cursor.peek().map(|it| it.kind);
        let name = matches!(
            kind,
            Some(TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String)
        );
        let generated = cursor.is("GENERATED") && cursor.ahead(1).eq_ignore_ascii_case("ALWAYS");
        name && !generated && !ENDS.iter().any(|word| cursor.is(word))
    };
    if !at_name(cursor) {
        return Ok(cursor.end()..cursor.end());
    }
    let start = cursor.start();
    while at_name(cursor) {
        cursor.advance();
    }
    if cursor.is("(") {
        cursor.group()?;
    }
    Ok(start..cursor.end())
}

/// A name, and where it stands.
pub(super) type Named = (Ident, Range<usize>);

pub(super) fn named(cursor: &mut Cursor<'_>) -> Result<Named, String> {
    let start = cursor.start();
    let name = cursor.name()?.into();
    Ok((name, start..cursor.end()))
}

fn clause(cursor: &mut Cursor<'_>, column: &str, of: Option<Named>) -> Result<ClauseKind, String> {
    let (name, place) = of.unzip();
    let constraint = |constraint: Constraint| {
        ClauseKind::Constraint(ConstraintText {
            constraint,
            name: place.clone(),
            autoincrement: false,
            descending: false,
        })
    };
    if cursor.eat(&["PRIMARY", "KEY"]) {
        let descending = cursor.eat(&["DESC"]);
        let _ = cursor.eat(&["ASC"]);
        let on_conflict = on_conflict(cursor)?;
        let autoincrement = cursor.eat(&["AUTOINCREMENT"]);
        let key = PrimaryKey {
            name,
            on_conflict,
            ..PrimaryKey::new([column])
        };
        return Ok(ClauseKind::Constraint(ConstraintText {
            constraint: key.into(),
            name: place,
            autoincrement,
            descending,
        }));
    }
    if cursor.eat(&["NOT", "NULL"]) {
        return Ok(ClauseKind::NotNull(on_conflict(cursor)?));
    }
    if cursor.eat(&["NULL"]) {
        on_conflict(cursor)?;
        return Ok(ClauseKind::Null);
    }
    if cursor.eat(&["UNIQUE"]) {
        let mut unique = Unique::new([column]);
        unique.name = name;
        unique.on_conflict = on_conflict(cursor)?;
        return Ok(constraint(unique.into()));
    }
    if cursor.eat(&["CHECK"]) {
        return Ok(constraint(check(cursor, name)?));
    }
    if cursor.eat(&["DEFAULT"]) {
        return Ok(ClauseKind::Default(default(cursor)?));
    }
    if cursor.eat(&["COLLATE"]) {
        return Ok(ClauseKind::Collate(cursor.name()?));
    }
    if cursor.is("REFERENCES") {
        let key = references(cursor, name, vec![column.into()])?;
        return Ok(constraint(key.into()));
    }
    if cursor.eat(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat(&["AS"]) {
        let expr = bare(cursor.group()?).to_string();
        let stored = cursor.eat(&["STORED"]);
        let _ = cursor.eat(&["VIRTUAL"]);
        return Ok(ClauseKind::Generated { expr, stored });
    }
    Err(cursor.unexpected("a column's clause"))
}

fn default(cursor: &mut Cursor<'_>) -> Result<String, String> {
    if cursor.is("(") {
        return Ok(bare(cursor.group()?).to_string());
    }
    let start = cursor.start();
    let _ = cursor.eat(&["+"]) || cursor.eat(&["-"]);
    if cursor.eat(&["."]) && !cursor.touches() {
        return Err(cursor.unexpected("a number"));
    }
    if matches!(cursor.text(), "" | "," | ")") {
        return Err(cursor.unexpected("a default"));
    }
    cursor.advance();
    // A number or a blob may come in pieces: `1.5e` `+` `3`, `x` `'00'`.
    loop {
        let so_far = &cursor.sql[start..cursor.end()];
        let exponent =
            so_far.ends_with(['e', 'E']) && so_far.starts_with(|c: char| !c.is_alphabetic());
        let kind = cursor.peek().map(|it| it.kind);
        let blob = so_far.eq_ignore_ascii_case("x") && kind == Some(TokenKind::String);
        let sign = exponent && matches!(cursor.text(), "+" | "-");
        let digits = so_far.ends_with(['+', '-', '.']) && kind == Some(TokenKind::Number);
        if !cursor.touches() || !(blob || sign || digits || cursor.is(".")) {
            return Ok(cursor.sql[start..cursor.end()].to_string());
        }
        cursor.advance();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Action, Deferrable, ForeignKey};

    fn constraints(sql: &str) -> Vec<Constraint> {
        let text = TableText::parse(sql).unwrap();
        text.constraints().map(|it| it.constraint.clone()).collect()
    }

    #[test]
    fn a_table_of_oddities() {
        let text = TableText::parse(
            "CREATE TABLE 'odd one' (\n  [a b] INTEGER /* c1 */ PRIMARY KEY AUTOINCREMENT, -- c2\n  \"x\"\"y\" varchar ( 10 ) \
             CONSTRAINT nn NOT NULL ON CONFLICT IGNORE DEFAULT -1.5e+3 COLLATE NOCASE,\n  c DEFAULT x'00', d DEFAULT .5,\n  \
             e AS (d + 1) STORED, f double precision GENERATED ALWAYS AS (1) UNIQUE ON CONFLICT FAIL,\n  \
             g REFERENCES p ON DELETE SET NULL NOT DEFERRABLE INITIALLY DEFERRED CONSTRAINT later CHECK (g > ')'),\n  \
             CHECK (c) CONSTRAINT u UNIQUE (c COLLATE RTRIM DESC, d) FOREIGN KEY (c, d) REFERENCES q MATCH FULL\n) STRICT",
        )
        .unwrap();
        let names: Vec<&str> = text.columns().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a b", "x\"y", "c", "d", "e", "f", "g"]);
        assert!(text.options.strict && text.options.autoincrement);
        assert_eq!(text.rowid_alias().map(|it| it.name.as_str()), Some("a b"));
        assert_eq!(text.constraints().count(), 7);
        let defaults: Vec<&str> = text
            .columns()
            .flat_map(|it| &it.clauses)
            .filter_map(|it| match &it.what {
                ClauseKind::Default(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(defaults, ["-1.5e+3", "x'00'", ".5"]);
    }

    #[test]
    fn a_key_that_descends_is_no_rowid() {
        let alias = |sql: &str| TableText::parse(sql).unwrap().rowid_alias().is_some();
        assert!(alias("CREATE TABLE t (a \"integer\" PRIMARY KEY)"));
        assert!(alias("CREATE TABLE t (a INTEGER, PRIMARY KEY (A DESC))"));
        assert!(!alias("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)"));
        assert!(!alias("CREATE TABLE t (a INT PRIMARY KEY)"));
        assert!(!alias(
            "CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID"
        ));
    }

    #[test]
    fn foreign_keys() {
        let found = constraints(
            "CREATE TABLE t (a REFERENCES p (x) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED UNIQUE)",
        );
        let key = ForeignKey::new(["a"], "p", ["x"])
            .on_update(Action::Cascade)
            .deferrable(Deferrable::Deferred);
        assert_eq!(found, [key.into(), Unique::new(["a"]).into()]);
    }

    #[test]
    fn what_is_no_table_is_an_error_and_no_panic() {
        for sql in [
            "",
            "CREATE",
            "CREATE TABLE",
            "CREATE TABLE t",
            "CREATE TABLE t (",
            "CREATE TABLE t (a DEFAULT",
        ] {
            assert!(TableText::parse(sql).is_err(), "{sql}");
        }
    }
}
