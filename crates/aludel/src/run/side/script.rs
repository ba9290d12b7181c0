//! A script of definitions, run where nothing of it stays.

use super::super::check::shortened;
use super::super::place::Place;
use crate::error::{Result, SideError};
use crate::sql::Bearing;
use crate::sql::split::{Flavor, Piece, SplitError, TokenKind, split, tokens};

/// Runs a script in a place. The session is afterwards as it was before.
pub(super) async fn run(place: &mut Place, file: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        let file = file.to_string();
        return Err(SideError::Empty { file }.into());
    }
    let flavor = place.dialect.flavor();
    let text = without_restrictions(text, flavor);
    let pieces = split(&text, flavor).map_err(|error| SideError::Text {
        file: file.to_string(),
        reason: error.to_string(),
    })?;
    if pieces.is_empty() {
        let file = file.to_string();
        return Err(SideError::Empty { file }.into());
    }
    let statements: Vec<&str> = pieces.iter().map(|it| it.text).collect();
    let dialect = place.dialect.clone();
    let found = dialect
        .reaches_out(&mut place.connection, &statements)
        .await?;
    if let Some((at, reason)) = found {
        return Err(refused(file, &pieces[at], reason).into());
    }
    for piece in &pieces {
        let Some(sql) = said(place, file, piece)? else {
            continue;
        };
        if let Err(source) = place.connection.execute(&sql).await {
            return Err(SideError::Statement {
                file: file.to_string(),
                line: piece.line,
                statement: shortened(piece.text),
                source,
            }
            .into());
        }
    }
    place.settle().await?;
    match place.outside().await? {
        Some(schema) => {
            let file = file.to_string();
            Err(SideError::Outside { file, schema }.into())
        }
        None => Ok(()),
    }
}

/// What is run of a statement, if anything is. In a transaction that is to be undone, none of the script's own ends it, and an
/// index is built without `CONCURRENTLY`, which says only how.
fn said(place: &Place, file: &str, piece: &Piece<'_>) -> Result<Option<String>, SideError> {
    if !place.is_in_transaction() {
        return Ok(Some(piece.text.to_string()));
    }
    let refused = |reason| Err(refused(file, piece, reason));
    match place.dialect.bearing(piece.text) {
        Bearing::Within => Ok(Some(piece.text.to_string())),
        Bearing::Begins | Bearing::Commits => Ok(None),
        Bearing::RollsBack => refused("would undo what is above it"),
        Bearing::Outside => match without_concurrently(piece.text, place) {
            Some(sql) => Ok(Some(sql)),
            None => refused("runs outside a transaction only, and the role may make no database"),
        },
    }
}

/// The statement without the word, if it is there.
fn without_concurrently(sql: &str, place: &Place) -> Option<String> {
    let tokens = tokens(sql, place.dialect.flavor()).ok()?;
    let word = tokens.iter().find(|it| {
        it.kind == TokenKind::Word && it.text(sql).eq_ignore_ascii_case("concurrently")
    })?;
    Some(format!("{}{}", &sql[..word.start], &sql[word.end..]))
}

/// The text without what `pg_dump` writes around a dump for `psql`, so that this reads nothing in it as another command of its own;
/// here no command is one.
fn without_restrictions(text: &str, flavor: Flavor) -> String {
    let mut text = text.to_string();
    while let Err(SplitError::ClientCommand { name, line, .. }) = split(&text, flavor) {
        if !matches!(name.as_str(), "\\restrict" | "\\unrestrict") {
            break;
        }
        let lines = text.split_inclusive('\n').enumerate();
        let kept = lines.map(|(at, it)| if at + 1 == line { "\n" } else { it });
        text = kept.collect();
    }
    text
}

fn refused(file: &str, piece: &Piece<'_>, reason: &'static str) -> SideError {
    SideError::Refused {
        file: file.to_string(),
        line: piece.line,
        statement: shortened(piece.text),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_where_they_were() {
        let text = "\\restrict abc\nSELECT 1;\n\\unrestrict abc\n";
        let without = |text: &str| without_restrictions(text, Flavor::Postgres);
        assert_eq!(without(text), "\nSELECT 1;\n\n");
        for other in ["\\connect d\nSELECT 1;", "SELECT '\n\\restrict abc\n';"] {
            assert_eq!(without(other), other);
        }
    }
}
