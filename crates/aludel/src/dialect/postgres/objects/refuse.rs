//! What only some versions can say of views, functions and triggers.

use super::super::Postgres;
use crate::error::Result;
use crate::ops::{CreateFunction, CreateTrigger, CreateView, IfThere, Operation};

/// Refuses what this version cannot say, and what no version can.
pub(in super::super) fn refuse(dialect: &Postgres, operation: &Operation) -> Result<()> {
    let refused = match operation {
        Operation::CreateView(it) => view(dialect, it),
        Operation::CreateFunction(it) => function(dialect, it),
        Operation::CreateTrigger(it) => trigger(dialect, it),
        _ => None,
    };
    match refused {
        Some((what, instead)) => {
            let operation = format!("{} {what}", operation.summary());
            Err(dialect.unsupported(operation, instead))
        }
        None => Ok(()),
    }
}

type Refused = Option<(&'static str, &'static str)>;

fn view(dialect: &Postgres, create: &CreateView) -> Refused {
    let it = &create.view;
    if it.options.contains_key("security_invoker") && dialect.major < 15 {
        return Some((
            "with the rights of whoever reads it",
            "let them read the tables themselves: only version 15 and later have such views",
        ));
    }
    if it.materialized && it.check.is_some() {
        return Some((
            "with a check option",
            "leave it out: nothing is written through a materialized view",
        ));
    }
    if !it.materialized && (it.no_data || it.tablespace.is_some()) {
        return Some((
            "that keeps its rows in a place",
            "say `create_materialized_view`: a view keeps no rows",
        ));
    }
    None
}

fn function(dialect: &Postgres, create: &CreateFunction) -> Refused {
    (create.function.sql_body && dialect.major < 14).then_some((
        "with a body that is SQL",
        "give it as a text, with `body`: only version 14 and later read it at once",
    ))
}

fn trigger(dialect: &Postgres, create: &CreateTrigger) -> Refused {
    let replaces = create.if_there == IfThere::Replace && !create.trigger.constraint;
    (replaces && dialect.major < 14).then_some((
        "or replace it",
        "say `drop_trigger(..).if_exists()` before: only version 14 and later replace triggers",
    ))
}
