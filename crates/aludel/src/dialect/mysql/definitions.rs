//! What `SHOW CREATE` says of views, routines, triggers and sequences, taken apart. Pure: no database is asked.
//!
//! Only the head of a definition is read token by token. A body may be written for a session that reads quotes otherwise, and is
//! taken as it stands.

use super::cursor::Cursor;
use super::{text, words};
use crate::schema::{Ident, Sequence, Type, ViewCheck};
use crate::sql::split::Token;

/// What is said of a view.
#[derive(Debug, PartialEq)]
pub(super) struct ViewText {
    /// In lower case; none if the database chooses.
    pub algorithm: Option<String>,
    /// As it stands.
    pub definer: String,
    pub invoker: bool,
    pub columns: Vec<Ident>,
    pub query: String,
    pub check: Option<ViewCheck>,
}

/// Reads `CREATE ALGORITHM=UNDEFINED DEFINER=… SQL SECURITY DEFINER VIEW v AS select …`.
pub(super) fn view(sql: &str) -> Option<ViewText> {
    let mut cursor = Cursor::new(sql);
    cursor.eat(&["create"]).then_some(())?;
    let algorithm = match cursor.eat(&["algorithm", "="]) {
        true => cursor.name()?.to_ascii_lowercase(),
        false => "undefined".into(),
    };
    let definer = definer(&mut cursor)?;
    let invoker = cursor.eat(&["sql", "security", "invoker"]);
    cursor.seek(&["view"])?;
    cursor.qualified_name()?;
    let mut columns = Vec::new();
    if cursor.text() == "(" {
        for column in text::split_commas(cursor.group()?) {
            columns.push(words::unquoted(&column).into());
        }
    }
    cursor.eat(&["as"]).then_some(())?;
    let query = sql[cursor.end()..].trim();
    let (query, check) = match query.strip_suffix(" WITH CASCADED CHECK OPTION") {
        Some(query) => (query, Some(ViewCheck::Cascaded)),
        None => match query.strip_suffix(" WITH LOCAL CHECK OPTION") {
            Some(query) => (query, Some(ViewCheck::Local)),
            None => (query, None),
        },
    };
    Some(ViewText {
        algorithm: Some(algorithm).filter(|it| it != "undefined"),
        definer,
        invoker,
        columns,
        query: query.to_string(),
        check,
    })
}

/// Steps over ``DEFINER=`root`@`localhost` ``.
fn definer(cursor: &mut Cursor<'_>) -> Option<String> {
    if !cursor.eat(&["definer", "="]) {
        return Some(String::new());
    }
    let start = cursor.start();
    cursor.name()?;
    if cursor.eat(&["@"]) {
        cursor.name()?;
    }
    Some(cursor.sql[start..cursor.end()].to_string())
}

/// What is said of a routine between its arguments and its body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Attributes {
    /// MariaDB: whether it is called for each row of a group.
    pub aggregate: bool,
    pub deterministic: bool,
    /// What it does with data, if more than `CONTAINS SQL`.
    pub access: Option<&'static str>,
    pub invoker: bool,
    pub comment: String,
    /// In lower case, if it is not SQL.
    pub language: Option<String>,
}

impl Attributes {
    /// Steps over those that stand here.
    fn read(cursor: &mut Cursor<'_>) -> Self {
        let mut found = Self::default();
        loop {
            if cursor.eat(&["deterministic"]) {
                found.deterministic = true;
            } else if cursor.eat(&["not", "deterministic"]) {
                found.deterministic = false;
            } else if cursor.eat(&["aggregate"]) {
                found.aggregate = true;
            } else if cursor.eat(&["sql", "security", "invoker"]) {
                found.invoker = true;
            } else if cursor.eat(&["sql", "security", "definer"]) {
                found.invoker = false;
            } else if cursor.eat(&["contains", "sql"]) {
                found.access = None;
            } else if let Some(access) = ACCESS.iter().find(|it| cursor.eat(it.1)) {
                found.access = Some(access.0);
            } else if cursor.eat(&["comment"]) {
                found.comment = text::value(cursor.text()).unwrap_or_default();
                cursor.advance();
            } else if cursor.eat(&["language"]) {
                let language = cursor.text().to_ascii_lowercase();
                found.language = Some(language).filter(|it| it != "sql");
                cursor.advance();
            } else {
                return found;
            }
        }
    }

    /// Those of a declared routine; none if there are others among them.
    pub fn parse(declared: &[String], language: Option<&str>) -> Option<Self> {
        let all = declared.join("\n");
        let mut cursor = Cursor::new(&all);
        let mut found = Self::read(&mut cursor);
        let language = language.map(str::to_ascii_lowercase);
        found.language = language.filter(|it| it != "sql").or(found.language);
        let read = cursor.token().is_none() && text::significant(&all).is_some();
        read.then_some(found)
    }

    /// Whether a declared routine has these. A comment is kept without its characters beyond U+FFFF.
    pub fn are_of(&self, declared: &Self) -> bool {
        let kept = |it: char| if it > '\u{ffff}' { '?' } else { it };
        let mut declared = declared.clone();
        if declared.comment != self.comment {
            declared.comment = declared.comment.chars().map(kept).collect();
        }
        *self == declared
    }

    /// What a model says, without what goes without saying.
    pub fn declared(&self, backslash_escapes: bool) -> Vec<String> {
        let mut said = Vec::new();
        let flags = [
            (self.aggregate, "AGGREGATE"),
            (self.deterministic, "DETERMINISTIC"),
        ];
        said.extend(flags.iter().filter(|it| it.0).map(|it| it.1.to_string()));
        said.extend(self.access.map(str::to_string));
        if self.invoker {
            said.push("SQL SECURITY INVOKER".into());
        }
        if !self.comment.is_empty() {
            let comment = text::literal(&self.comment, backslash_escapes);
            said.push(format!("COMMENT {comment}"));
        }
        said
    }
}

const ACCESS: [(&str, &[&str]); 3] = [
    ("NO SQL", &["no", "sql"]),
    ("READS SQL DATA", &["reads", "sql", "data"]),
    ("MODIFIES SQL DATA", &["modifies", "sql", "data"]),
];

/// What is said of a function or a procedure.
#[derive(Debug, PartialEq)]
pub(super) struct RoutineText {
    pub arguments: String,
    pub returns: Option<String>,
    pub attributes: Attributes,
    pub body: String,
}

/// Reads `CREATE DEFINER=… FUNCTION f(a int) RETURNS int`, attributes each on a line of its own, and the body.
pub(super) fn routine(sql: &str, procedure: bool) -> Option<RoutineText> {
    let mut cursor = Cursor::new(sql);
    cursor.eat(&["create"]).then_some(())?;
    definer(&mut cursor)?;
    let aggregate = cursor.eat(&["aggregate"]);
    let kind = if procedure { "procedure" } else { "function" };
    cursor.eat(&[kind]).then_some(())?;
    cursor.qualified_name()?;
    let arguments = cursor.group()?.trim().to_string();
    let returns = match procedure {
        true => None,
        false => {
            cursor.eat(&["returns"]).then_some(())?;
            Some(cursor.line().to_string())
        }
    };
    let mut attributes = Attributes::read(&mut cursor);
    attributes.aggregate |= aggregate;
    Some(RoutineText {
        arguments,
        returns,
        attributes,
        body: sql[cursor.start()..].trim_end().to_string(),
    })
}

/// What a trigger does, out of `CREATE DEFINER=… TRIGGER g BEFORE INSERT ON t FOR EACH ROW FOLLOWS h BEGIN … END`.
pub(super) fn trigger(sql: &str) -> Option<String> {
    let mut cursor = Cursor::new(sql);
    cursor.seek(&["for", "each", "row"])?;
    if cursor.eat(&["follows"]) || cursor.eat(&["precedes"]) {
        cursor.qualified_name()?;
    }
    Some(statements(&sql[cursor.start()..]).to_string())
}

/// What stands between the `BEGIN` and the `END` that are around all of a body, without the semicolon that closes the last
/// statement; the whole of another one. A declared body stands between them again when it is spelled.
pub(super) fn statements(body: &str) -> &str {
    let body = body.trim();
    let Some(tokens) = text::significant(body) else {
        return body;
    };
    let word = |it: Option<&Token>| it.map_or("", |it| it.text(body)).to_ascii_lowercase();
    let [begin, inside @ .., end] = tokens.as_slice() else {
        return body;
    };
    let block = word(Some(begin)) == "begin" && word(Some(end)) == "end";
    if !block || word(inside.first()) == "not" || inside.is_empty() {
        return body;
    }
    let closed = inside.iter().rev().take_while(|it| it.text(body) == ";");
    let close = closed.last().map_or(end.start, |it| it.start);
    body[begin.end..close].trim()
}

/// The statements of a body without any block around all of them.
pub(super) fn inmost(mut body: &str) -> &str {
    loop {
        let inside = statements(body.trim().trim_end_matches(';'));
        if inside == body {
            return body;
        }
        body = inside;
    }
}

/// The least and the greatest number where nothing is said of them.
pub(super) fn ends(descends: bool) -> (i64, i64) {
    match descends {
        true => (i64::MIN + 1, -1),
        false => (1, i64::MAX - 1),
    }
}

/// How many numbers are taken at once where nothing is said.
pub(super) const CACHE: i64 = 1000;

/// Reads ``CREATE SEQUENCE `s` start with 1 minvalue 1 maxvalue 9 increment by 1 cache 1000 nocycle ENGINE=InnoDB``.
pub(super) fn sequence(sql: &str, mut found: Sequence) -> Option<Sequence> {
    let mut cursor = Cursor::new(sql);
    cursor.seek(&["sequence"])?;
    cursor.qualified_name()?;
    loop {
        if cursor.eat(&["as"]) {
            let start = cursor.start();
            while !cursor.text().eq_ignore_ascii_case("start") {
                cursor.token()?;
                cursor.advance();
            }
            found.ty = Some(super::types::parse(sql[start..cursor.start()].trim()));
        } else if cursor.eat(&["start", "with"]) {
            found.start = Some(cursor.number()?);
        } else if cursor.eat(&["minvalue"]) {
            found.min = Some(cursor.number()?);
        } else if cursor.eat(&["maxvalue"]) {
            found.max = Some(cursor.number()?);
        } else if cursor.eat(&["increment", "by"]) {
            found.increment = Some(cursor.number()?);
        } else if cursor.eat(&["cache"]) {
            found.cache = Some(cursor.number()?);
        } else if cursor.eat(&["nocache"]) {
            found.cache = Some(0);
        } else if cursor.eat(&["cycle"]) {
            found.cycle = true;
        } else if !cursor.eat(&["nocycle"]) {
            break;
        }
    }
    found.start.is_some().then(|| plain(found))
}

/// A sequence without what goes without saying.
pub(super) fn plain(mut sequence: Sequence) -> Sequence {
    let descends = sequence.increment.is_some_and(|it| it < 0);
    let (min, max) = ends(descends);
    let first = match descends {
        true => sequence.max.unwrap_or(max),
        false => sequence.min.unwrap_or(min),
    };
    sequence.start = sequence.start.filter(|it| *it != first);
    sequence.min = sequence.min.filter(|it| *it != min);
    sequence.max = sequence.max.filter(|it| *it != max);
    sequence.increment = sequence.increment.filter(|it| *it != 1);
    sequence.ty = sequence.ty.filter(|it| *it != Type::BigInteger);
    sequence
}

#[cfg(test)]
mod tests;
