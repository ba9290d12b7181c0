//! `CREATE INDEX`, read from the text that SQLite keeps (<https://www.sqlite.org/lang_createindex.html>).

use super::text::{Cursor, bare, significant, split_commas, unquote};
use crate::schema::{Index, IndexKey, IndexPart};
use crate::sql::split::TokenKind;

/// Reads a `CREATE INDEX` statement; answers the table's name as it stands there, too.
pub(super) fn parse_index(sql: &str) -> Result<(String, Index), String> {
    let mut cursor = Cursor::new(sql)?;
    cursor.need("CREATE")?;
    let unique = cursor.eat(&["UNIQUE"]);
    cursor.need("INDEX")?;
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let mut name = cursor.name()?;
    if cursor.eat(&["."]) {
        name = cursor.name()?;
    }
    cursor.need("ON")?;
    let table = cursor.name()?;
    let parts: Result<Vec<IndexPart>, String> = split_commas(cursor.group()?)?
        .into_iter()
        .map(index_part)
        .collect();
    let mut index = Index::new(name, parts?);
    index.unique = unique;
    if cursor.eat(&["WHERE"]) {
        index.predicate = Some(sql[cursor.start()..].trim().into());
    }
    Ok((table, index))
}

fn index_part(text: &str) -> Result<IndexPart, String> {
    let mut text = text.trim();
    let mut descending = false;
    let tokens = significant(text)?;
    let mut last = tokens.len();
    let word = |at: usize| tokens.get(at).map_or("", |it| &text[it.start..it.end]);
    if last > 1
        && ["ASC", "DESC"]
            .iter()
            .any(|it| word(last - 1).eq_ignore_ascii_case(it))
    {
        descending = word(last - 1).eq_ignore_ascii_case("DESC");
        last -= 1;
    }
    let mut collation = None;
    if last > 2 && word(last - 2).eq_ignore_ascii_case("COLLATE") {
        collation = unquote(word(last - 1));
        last -= 2;
    }
    let end = last.checked_sub(1).and_then(|at| tokens.get(at));
    text = &text[..end.map_or(text.len(), |it| it.end)];
    let name = match (last, tokens.first()) {
        (1, Some(it)) if it.kind != TokenKind::String => unquote(text.trim()),
        _ => None,
    };
    let key = match name {
        Some(name) => IndexKey::Column(name.into()),
        None => IndexKey::Expr(bare(text).into()),
    };
    let mut part = IndexPart::new(key);
    part.descending = descending;
    part.collation = collation;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes() {
        let (table, index) = parse_index(
            "CREATE UNIQUE INDEX ix ON \"t\" (a, [b c] COLLATE nocase DESC, lower(a) desc, (a + 1)) WHERE a > 0",
        )
        .unwrap();
        assert_eq!(table, "t");
        let expected = Index::new(
            "ix",
            [
                IndexPart::column("a"),
                IndexPart::column("b c").collation("nocase").desc(),
                IndexPart::expr("lower(a)").desc(),
                IndexPart::expr("a + 1"),
            ],
        )
        .unique()
        .predicate("a > 0");
        assert_eq!(index, expected);
    }
}
