//! The SQL texts in tables and objects: what one thing needs of another is seen by the names in them.

use crate::schema::{Constraint, Declared, Expr, Index, IndexKey, IndexPart, Spelled, Table};

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

/// Whether a text has a name as a word of its own, quoted or not, behind which stands what is wanted.
pub(super) fn follows(sql: &str, name: &str, wanted: impl Fn(&str) -> bool) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let (sql, name) = (sql.to_lowercase(), name.to_lowercase().replace('"', "\"\""));
    sql.match_indices(&name).any(|(at, _)| {
        let behind = &sql[at + name.len()..];
        !sql[..at].ends_with(is_word) && !behind.starts_with(is_word) && wanted(behind)
    })
}

/// Puts another text in the place of each expression of a table, of what was written as of how the database spells it.
pub(super) fn each_in_table(table: &mut Table, change: &mut dyn FnMut(&str) -> String) {
    each_leaf(table, &mut |it| {
        it.written = Expr::new(change(it.written.as_str()));
        if let Some(canonical) = &mut it.canonical {
            *canonical = change(canonical);
        }
    });
}

/// Shows each expression of a table.
pub(super) fn each_leaf(table: &mut Table, mut change: &mut dyn FnMut(&mut Spelled<Expr>)) {
    for column in &mut table.columns {
        column.default.iter_mut().for_each(&mut change);
        column.on_update.iter_mut().for_each(&mut change);
        if let Some(generated) = &mut column.generated {
            change(&mut generated.expr);
        }
    }
    let part = |it: &mut IndexPart, change: &mut dyn FnMut(&mut Spelled<Expr>)| {
        if let IndexKey::Expr(expr) = &mut it.key {
            change(expr);
        }
    };
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::Check(it) => change(&mut it.expr),
            Constraint::Exclude(it) => {
                it.predicate.iter_mut().for_each(&mut change);
                for element in &mut it.elements {
                    part(&mut element.part, &mut change);
                }
            }
            _ => {}
        }
    }
    for Index {
        parts, predicate, ..
    } in &mut table.indexes
    {
        predicate.iter_mut().for_each(&mut change);
        parts.iter_mut().for_each(|it| part(it, &mut change));
    }
}
