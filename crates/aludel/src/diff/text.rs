//! The SQL texts in tables and objects: what one thing needs of another is seen by the names in them.

use crate::schema::{Constraint, Declared, IndexKey, Table};

/// The expressions of a table: defaults, generated columns, checks, keys and predicates of indexes.
pub(super) fn of_table(table: &Table) -> Vec<&str> {
    let mut texts = Vec::new();
    for column in &table.columns {
        texts.extend(column.default.iter().map(|it| it.written.as_str()));
        texts.extend(column.generated.iter().map(|it| it.expr.written.as_str()));
    }
    for constraint in &table.constraints {
        if let Constraint::Check(check) = constraint {
            texts.push(check.expr.written.as_str());
        }
    }
    for index in &table.indexes {
        texts.extend(index.predicate.iter().map(|it| it.written.as_str()));
        for part in &index.parts {
            if let IndexKey::Expr(expr) = &part.key {
                texts.push(expr.written.as_str());
            }
        }
    }
    texts
}

/// The texts of an object.
pub(super) fn of_object(object: &Declared) -> Vec<&str> {
    let mut texts = Vec::new();
    match object {
        Declared::Domain(it) => {
            texts.extend(it.default.iter().map(|it| it.written.as_str()));
            texts.extend(it.checks.iter().map(|it| it.expr.written.as_str()));
        }
        Declared::Function(it) => {
            texts.extend([it.arguments.as_str(), it.body.as_str()]);
            texts.extend(it.returns.as_deref());
        }
        Declared::View(it) => texts.push(it.query.written.as_str()),
        Declared::Trigger(it) => {
            texts.extend(it.when.iter().map(|it| it.written.as_str()));
            texts.extend(it.execute.as_deref());
            texts.extend(it.body.as_deref());
        }
        Declared::Policy(it) => {
            let exprs = it.using.iter().chain(&it.with_check);
            texts.extend(exprs.map(|it| it.written.as_str()));
        }
        _ => {}
    }
    texts
}
