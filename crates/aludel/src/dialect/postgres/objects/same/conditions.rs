//! Conditions of triggers and policies.
//!
//! Such a condition cannot be tried out where it belongs without changing the table. It is read the same way in a view of that table,
//! and so is the live one: what the database makes of both there is compared.

use super::super::super::{expression, loose};
use super::super::probes::{Answer, Kind, Plan};
use super::Verdicts;
use crate::error::Result;
use crate::schema::{Expr, Spelled};
use crate::sql;

/// What was asked about a condition that may be there.
#[derive(Debug)]
pub(in super::super) enum Asked {
    /// Nothing: it is, or is not, on both sides, in the same words; or on one side alone.
    Known(bool),
    /// The declared one and the live one as the conditions of views, by name.
    Probes(String, String),
}

/// Asks about a condition; `from` is what it is about.
pub(in super::super) fn ask(
    plan: &mut Plan,
    from: &Result<String>,
    model: Option<&Spelled<Expr>>,
    live: Option<&Spelled<Expr>>,
) -> Asked {
    let (Some(model), Some(live)) = (model, live) else {
        return Asked::Known(model.is_none() && live.is_none());
    };
    if model.written == live.written {
        return Asked::Known(true);
    }
    let mut probe = |condition: &Spelled<Expr>| {
        let text = condition.written.as_str();
        plan.add(Kind::View, false, |name| {
            let from = from.as_ref().ok()?;
            let condition = sql::expression(&condition.written);
            expression::balanced(text).then(|| {
                format!(
                    "CREATE TEMPORARY VIEW {name} AS SELECT 1 AS one FROM {from} WHERE ({condition})"
                )
            })
        })
    };
    let declared = probe(model);
    Asked::Probes(declared, probe(live))
}

/// Whether the two are the same.
pub(in super::super) fn same(
    verdicts: &mut Verdicts<'_>,
    asked: &Asked,
    model: Option<&Spelled<Expr>>,
    live: Option<&Spelled<Expr>>,
) -> bool {
    let (declared, inspected) = match asked {
        Asked::Known(same) => return *same,
        Asked::Probes(declared, inspected) => (declared, inspected),
    };
    let views = &verdicts.echo.views;
    let answers = (
        verdicts.echo.answer(views, declared),
        verdicts.echo.answer(views, inspected),
    );
    match answers {
        (Answer::Echo(declared), Answer::Echo(inspected)) => {
            declared.view.query.canonical == inspected.view.query.canonical
        }
        (Answer::Refused, _) => false,
        _ => {
            let text = |it: Option<&Spelled<Expr>>| {
                it.map(|it| loose::condition(expression::without_outer_parens(it.written.as_str())))
            };
            let same = text(model) == text(live);
            verdicts.as_text(same)
        }
    }
}

/// The live condition, in the words of the model, so that what is made anew in a changed table is what the model says.
pub(in super::super) fn in_own_words(
    model: Option<Spelled<Expr>>,
    live: Option<&Spelled<Expr>>,
) -> Option<Spelled<Expr>> {
    let live = live?;
    Some(match model {
        Some(model) => Spelled {
            written: model.written,
            canonical: live.canonical.clone(),
        },
        None => live.clone(),
    })
}
