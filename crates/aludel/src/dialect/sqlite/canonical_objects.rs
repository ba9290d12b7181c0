//! Which declared views and triggers are those of the database. SQLite keeps each as it was written and has no other spelling
//! of it, so that there is nobody to ask: two are the same if the same tokens stand in them. White space, comments, the case of
//! keywords and the quotes of names say nothing; the case of a name does, since a query's columns are called by it.

use super::inspect_objects::same_place;
use super::text::{bare, same_name, significant, unquote};
use super::words::is_reserved;
use crate::schema::{Objects, Schema, Trigger, TriggerEvent, View};
use crate::sql::split::{Token, TokenKind};

/// Gives each declared object the name, and where it is the same the whole, of the one in the database.
pub(super) fn canonicalize(schema: &mut Schema, live: &Schema) {
    let declared = &mut schema.objects;
    // Of two that have one name, the second cannot be made, which the database will say. The first is that of the very name.
    let mut views: Vec<_> = std::mem::take(&mut declared.views).into_iter().collect();
    views.sort_by_key(|(name, _)| !live.objects.views.contains_key(name));
    for (name, view) in views {
        let mut there = live.objects.views.values();
        let there = there.find(|it| same_place(&it.name, &name));
        match there.filter(|it| !declared.views.contains_key(&it.name)) {
            Some(there) => {
                let it = view_like(view, there);
                declared.views.insert(it.name.clone(), it);
            }
            None => drop(declared.views.insert(name, view)),
        }
    }
    let mut triggers: Vec<_> = std::mem::take(&mut declared.triggers).into_iter().collect();
    triggers.sort_by_key(|(key, _)| !live.objects.triggers.contains_key(key));
    for (key, trigger) in triggers {
        let place = |it: &Trigger| (it.table.clone(), it.name.clone());
        let there = trigger_there(&trigger, &live.objects);
        match there.filter(|it| !declared.triggers.contains_key(&place(it))) {
            Some(there) => {
                let it = trigger_like(trigger, there);
                declared.triggers.insert(place(&it), it);
            }
            None => drop(declared.triggers.insert(key, trigger)),
        }
    }
}

fn trigger_there<'l>(trigger: &Trigger, live: &'l Objects) -> Option<&'l Trigger> {
    live.triggers
        .values()
        .find(|it| same_name(&it.name, &trigger.name) && same_place(&it.table, &trigger.table))
}

/// The view that is there if the declared one is the same; otherwise that under the name that is there.
fn view_like(mut view: View, there: &View) -> View {
    view.name = there.name.clone();
    let mut compared = view.clone();
    if same_text(view.query.written.as_str(), there.query.written.as_str()) {
        compared.query = there.query.clone();
    }
    match compared == *there {
        true => there.clone(),
        false => view,
    }
}

/// As [`view_like`].
fn trigger_like(mut trigger: Trigger, there: &Trigger) -> Trigger {
    trigger.name = there.name.clone();
    trigger.table = there.table.clone();
    let mut compared = trigger.clone();
    if same_events(&trigger.events, &there.events) {
        compared.events = there.events.clone();
    }
    if let (Some(body), Some(other)) = (&trigger.body, &there.body) {
        // The call of a function is for another database.
        compared.execute = None;
        if same_text(body, other) {
            compared.body = there.body.clone();
        }
    }
    if let (Some(when), Some(other)) = (&trigger.when, &there.when)
        && same_text(bare(when.written.as_str()), bare(other.written.as_str()))
    {
        compared.when = there.when.clone();
    }
    match compared == *there {
        true => there.clone(),
        false => trigger,
    }
}

/// The order of the columns of an `UPDATE OF` says nothing.
fn same_events(mine: &[TriggerEvent], theirs: &[TriggerEvent]) -> bool {
    let ([TriggerEvent::Update(mine)], [TriggerEvent::Update(theirs)]) = (mine, theirs) else {
        return mine == theirs;
    };
    let within = |some: &[crate::schema::Ident], of: &[crate::schema::Ident]| {
        some.iter()
            .all(|name| of.iter().any(|it| same_name(it, name)))
    };
    mine.is_empty() == theirs.is_empty() && within(mine, theirs) && within(theirs, mine)
}

/// Whether two texts have the same tokens. A text that cannot be read is the same as itself alone.
fn same_text(a: &str, b: &str) -> bool {
    match (units(a), units(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.trim() == b.trim(),
    }
}

/// The tokens of a text, each in one spelling, without the semicolons that close it.
fn units(sql: &str) -> Option<Vec<String>> {
    let tokens = significant(sql).ok()?;
    let mut casts = Vec::new();
    let mut units = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let next = tokens.get(at + 1);
        let word = |it: Option<&Token>| it.map_or("", |it| it.text(sql)).to_ascii_lowercase();
        match token.text(sql) {
            "(" => casts.push(word(before) == "cast"),
            ")" => drop(casts.pop()),
            _ => {}
        }
        let text = token.text(sql);
        let types = casts.last() == Some(&true) && after_as(sql, &tokens[..at]);
        let folds = types
            || word(before) == "collate"
            || word(next) == "("
            || is_reserved(&text.to_ascii_lowercase())
            || (word(next) == "." && is_row_or_schema(text))
            || is_rowid(text);
        units.push(match token.kind {
            TokenKind::Word if folds => text.to_ascii_lowercase(),
            // Bytes: `x'00'`.
            TokenKind::String if text.starts_with(['x', 'X']) => text.to_ascii_lowercase(),
            TokenKind::Number => text.to_ascii_lowercase(),
            TokenKind::QuotedIdent => name(text),
            _ => text.to_string(),
        });
    }
    while units.last().is_some_and(|it| it == ";") {
        units.pop();
    }
    Some(units)
}

/// A name out of its quotes, unless it would be something else without them.
fn name(quoted: &str) -> String {
    let name = unquote(quoted).unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    let starts = |c: char| c.is_alphabetic() || c == '_' || !c.is_ascii();
    match name.starts_with(starts)
        && name.chars().all(plain)
        && !is_reserved(&name.to_ascii_lowercase())
    {
        true => name,
        false => format!("\"{name}\""),
    }
}

/// Whether the type of a `CAST` goes on here: some words behind an `AS`.
fn after_as(sql: &str, before: &[Token]) -> bool {
    let word = |it: &&Token| it.kind == TokenKind::Word && !it.text(sql).eq_ignore_ascii_case("as");
    let start = before.iter().rev().skip_while(word);
    start
        .take(1)
        .any(|it| it.text(sql).eq_ignore_ascii_case("as"))
}

fn is_row_or_schema(word: &str) -> bool {
    ["new", "old", "excluded", "main", "temp"].contains(&word.to_ascii_lowercase().as_str())
}

fn is_rowid(word: &str) -> bool {
    ["rowid", "_rowid_", "oid"].contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same() {
        for (a, b) in [
            ("SELECT a FROM t", " select\n\"a\" /* x */ FROM [t]; -- y"),
            ("SELECT Count(*), x'aB'", "SELECT COUNT( * ) , X'Ab'"),
            (
                "SELECT CAST(a AS Varchar(2)) COLLATE NoCase",
                "select cast(a as VARCHAR(2)) collate nocase",
            ),
            (
                "UPDATE t SET a = NEW.a WHERE rowid = OLD.ROWID",
                "update t set a = new.a where ROWID = old.rowid",
            ),
            ("SELECT \"order\" FROM `t`", "SELECT [order] FROM t"),
            ("SELECT 0XfF, 1E3", "SELECT 0xff, 1e3"),
        ] {
            assert!(same_text(a, b), "{a} | {b}");
        }
    }

    #[test]
    fn what_is_not() {
        for (a, b) in [
            ("SELECT 'A'", "SELECT 'a'"),
            ("SELECT a AS Total", "SELECT a AS total"),
            ("SELECT \"A\"", "SELECT \"a\""),
            ("SELECT 'a'", "SELECT a"),
            ("SELECT x'00' FROM t", "SELECT x '00' FROM t"),
            ("SELECT \"order\"", "SELECT order"),
            ("SELECT \"a b\"", "SELECT a b"),
            ("SELECT \"1\"", "SELECT 1"),
            ("SELECT a", "SELECT a, b"),
            ("SELECT 'open", "SELECT 'open '"),
        ] {
            assert!(!same_text(a, b), "{a} | {b}");
        }
        assert!(same_text("SELECT 'open", " SELECT 'open "));
    }
}
