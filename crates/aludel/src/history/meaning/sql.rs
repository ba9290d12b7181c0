//! The words of a `.sql` revision: its sections, what they ask for, and the tokens of their statements.

use crate::history::{Section, SqlScript};
use crate::sql::split::{Flavor, tokens};

/// None if the text cannot be cut into statements.
pub(super) fn words(text: &str, flavor: Flavor) -> Option<Vec<String>> {
    let body = SqlScript::new(text.to_string()).body(flavor).ok()?;
    let mut words = Vec::new();
    section("up", &body.up, flavor, &mut words)?;
    if let Some(down) = &body.down {
        section("down", down, flavor, &mut words)?;
    }
    Some(words)
}

fn section(name: &str, section: &Section, flavor: Flavor, words: &mut Vec<String>) -> Option<()> {
    let options = section.options;
    words.push(format!("migrate:{name}"));
    words.push(format!("transaction:{}", options.transaction));
    words.push(format!("foreign_keys:{}", options.foreign_keys));
    for statement in &section.statements {
        words.push("statement".into());
        let text = &statement.text;
        let tokens = tokens(text, flavor).ok()?;
        let heard = tokens.iter().filter(|it| !it.kind.is_silent());
        // The kind tells a name in quotes from a string in the same ones.
        words.extend(heard.map(|it| format!("{:?} {}", it.kind, it.text(text))));
    }
    Some(())
}
