//! Clauses of statements about views, functions, triggers and policies, and the names of objects.

use super::{Spell, column_list, columns, expression};
use crate::error::Result;
use crate::schema::{Expr, Function, Ident, Object, Spelled, Trigger, TriggerEvent};

/// An object's name as it stands behind its kind, in `DROP TRIGGER …` as in `COMMENT ON TRIGGER …`.
pub fn object_name(spell: &dyn Spell, object: &Object) -> Result<String> {
    Ok(match object {
        Object::Schema(name) | Object::Extension(name) => spell.quote(name)?,
        Object::Table(name)
        | Object::Index(name)
        | Object::View(name)
        | Object::MaterializedView(name)
        | Object::Sequence(name)
        | Object::Type(name)
        | Object::Domain(name) => spell.qualified(name)?,
        Object::Column(table, name) => {
            format!("{}.{}", spell.qualified(table)?, spell.quote(name)?)
        }
        // A function is known by the types of its arguments; defaults are no part of its name.
        Object::Function(name, arguments) | Object::Procedure(name, arguments) => {
            let known_by = Function::new(name, arguments).signature();
            format!("{}({known_by})", spell.qualified(name)?)
        }
        Object::Constraint(of, name) | Object::Trigger(of, name) | Object::Policy(of, name) => {
            format!("{} ON {}", spell.quote(name)?, spell.qualified(of)?)
        }
        Object::DomainConstraint(of, name) => {
            format!("{} ON DOMAIN {}", spell.quote(name)?, spell.qualified(of)?)
        }
    })
}

/// A query, or another statement inside a statement, without the semicolon that may close it.
pub fn query(query: &Expr) -> String {
    let text = query.as_str().trim().trim_end_matches(';').trim_end();
    expression(&text.into())
}

/// Text between dollar quotes of a tag that does not occur in it
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-DOLLAR-QUOTING>).
///
/// # Errors
/// As [`Spell::string`].
pub fn dollar_quoted(spell: &dyn Spell, text: &str) -> Result<String> {
    // What cannot be in a string cannot be between dollars either.
    spell.string(text)?;
    let mut tag = "$$".to_string();
    let mut tried = 0;
    // The end of the text and the beginning of the tag could make a tag, too.
    while format!("{text}{tag}").find(&tag) != Some(text.len()) {
        tried += 1;
        tag = format!("$body{tried}$");
    }
    Ok(format!("{tag}{text}{tag}"))
}

/// `BEFORE INSERT OR UPDATE OF a, b`.
pub fn trigger_events(spell: &dyn Spell, trigger: &Trigger) -> Result<String> {
    let mut events = Vec::new();
    for event in &trigger.events {
        events.push(match event {
            TriggerEvent::Insert => "INSERT".to_string(),
            TriggerEvent::Update(names) if names.is_empty() => "UPDATE".to_string(),
            TriggerEvent::Update(names) => format!("UPDATE OF {}", columns(spell, names)?),
            TriggerEvent::Delete => "DELETE".to_string(),
            TriggerEvent::Truncate => "TRUNCATE".to_string(),
        });
    }
    Ok(format!("{} {}", trigger.timing.sql(), events.join(" OR ")))
}

/// Roles as they stand behind `TO`; none is everybody.
pub fn roles(spell: &dyn Spell, roles: &[Ident]) -> Result<String> {
    if roles.is_empty() {
        return Ok("PUBLIC".into());
    }
    let said: Result<Vec<String>> = roles
        .iter()
        .map(|it| match it.as_str() {
            "CURRENT_USER" | "CURRENT_ROLE" | "SESSION_USER" => Ok(it.to_string()),
            name => spell.quote(name),
        })
        .collect();
    Ok(said?.join(", "))
}

/// ` USING (…) WITH CHECK (…)` of a policy, as far as it is said.
pub fn policy_conditions(
    using: Option<&Spelled<Expr>>,
    with_check: Option<&Spelled<Expr>>,
) -> String {
    let mut text = String::new();
    for (words, condition) in [("USING", using), ("WITH CHECK", with_check)] {
        if let Some(it) = condition {
            text += &format!(" {words} ({})", expression(&it.written));
        }
    }
    text
}

/// `CREATE VIEW name (a, b) AS query`, from the name on; `name` is quoted already.
pub fn view_tail(spell: &dyn Spell, name: &str, names: &[Ident], text: &Expr) -> Result<String> {
    let list = match names {
        [] => String::new(),
        names => format!(" {}", column_list(spell, names)?),
    };
    Ok(format!("{name}{list} AS\n{}", query(text)))
}
