//! Views: the query of each is given to a view under another name.

use super::super::super::{Postgres, pieces};
use super::super::probes::{Answer, Kind, Plan};
use super::super::views::usual_options;
use super::{Verdicts, text};
use crate::schema::{Ident, QualifiedName, Schema, Spelled, View};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// The probes of the views that are there.
pub(in super::super) fn ask(
    plan: &mut Plan,
    model: &Schema,
    live: &Schema,
    dialect: &Postgres,
) -> BTreeMap<QualifiedName, String> {
    let mut asked = BTreeMap::new();
    for view in model.objects.views.values() {
        if !live.objects.views.contains_key(&view.name) {
            continue;
        }
        let probe = plan.add(Kind::View, false, |name| {
            let tail = sql::view_tail(dialect, name, &view.columns, &view.query.written);
            Some(format!("CREATE TEMPORARY VIEW {}", tail.ok()?))
        });
        asked.insert(view.name.clone(), probe);
    }
    asked
}

pub(in super::super) fn take_over(
    verdicts: &mut Verdicts<'_>,
    model: &mut Schema,
    live: &Schema,
    asked: &BTreeMap<QualifiedName, String>,
) {
    let mut same: BTreeSet<&QualifiedName> = BTreeSet::new();
    for (name, probe) in asked {
        let views = (model.objects.views.get(name), live.objects.views.get(name));
        if let (Some(model), Some(live)) = views
            && is_same(verdicts, probe, model, live)
        {
            same.insert(name);
        }
    }
    while let Some(name) = same.iter().find(|it| grows(model, live, it, &same)) {
        let name = *name;
        same.remove(name);
    }
    for name in same {
        let views = (
            model.objects.views.get_mut(name),
            live.objects.views.get(name),
        );
        if let (Some(model), Some(live)) = views {
            let query = match model.columns.is_empty() {
                // In the words of the model, so that what is made anew over a changed table is what the model says.
                true => Spelled {
                    written: model.query.written.clone(),
                    canonical: live.query.canonical.clone(),
                },
                false => live.query.clone(),
            };
            *model = View {
                query,
                ..live.clone()
            };
        }
    }
}

fn is_same(verdicts: &mut Verdicts<'_>, probe: &str, model: &View, live: &View) -> bool {
    let place = |view: &View| view.tablespace.clone().filter(|it| *it != "pg_default");
    let alike = model.materialized == live.materialized
        && model.check == live.check
        && usual_options(&model.options) == live.options
        && (model.tablespace == live.tablespace || place(model) == place(live));
    if !alike {
        return false;
    }
    match verdicts.echo.answer(&verdicts.echo.views, probe) {
        Answer::Echo(found) => found.view.query.canonical == live.query.canonical,
        Answer::Refused => false,
        Answer::Unasked => {
            let same = model.columns.is_empty() && text::same_query(&model.query, &live.query);
            verdicts.as_text(same)
        }
    }
}

/// Whether a view that says `*` is about a table that has other columns in the model, or a view that is another: it is the same now,
/// and will not be when these have changed.
fn grows(
    model: &Schema,
    live: &Schema,
    name: &QualifiedName,
    same: &BTreeSet<&QualifiedName>,
) -> bool {
    let (Some(declared), Some(inspected)) =
        (model.objects.views.get(name), live.objects.views.get(name))
    else {
        return false;
    };
    if !takes_all(declared.query.written.as_str()) {
        return false;
    }
    let columns = |schema: &Schema, table: &QualifiedName| -> Option<BTreeSet<Ident>> {
        let table = schema.tables.get(table)?;
        Some(table.columns.iter().map(|it| it.name.clone()).collect())
    };
    let mut below = inspected.holds.0.iter().map(|(table, _)| table);
    below.any(|table| {
        let tables = (columns(model, table), columns(live, table));
        let changed = matches!(tables, (Some(after), Some(before)) if after != before);
        let replaced = model.objects.views.contains_key(table) && !same.contains(table);
        changed || (replaced && table != name)
    })
}

/// Whether a query takes all columns of something: a `*` that is neither a product nor `count(*)`.
fn takes_all(query: &str) -> bool {
    let pieces = pieces::read(query).unwrap_or_default();
    pieces.iter().enumerate().any(|(at, piece)| {
        let neighbour = |at: Option<usize>| {
            at.and_then(|at| pieces.get(at))
                .map_or("", |it| it.text.as_str())
        };
        let before = neighbour(at.checked_sub(1));
        let behind = neighbour(at.checked_add(1));
        piece.text == "*"
            && (matches!(before, "select" | "all" | "distinct" | "," | ".")
                || matches!(behind, "from" | ","))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_columns_and_products() {
        for query in [
            "SELECT * FROM t",
            "select a, t.* from t",
            "SELECT DISTINCT ON (a) * FROM t",
            "SELECT a FROM (SELECT ALL * FROM t) x",
        ] {
            assert!(takes_all(query), "{query}");
        }
        for query in [
            "SELECT count(*) FROM t",
            "SELECT a * b, (a + b) * 2 FROM t",
            "SELECT '*'",
        ] {
            assert!(!takes_all(query), "{query}");
        }
    }
}
