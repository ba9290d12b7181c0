//! Functions, procedures and triggers.

use super::{Case, case};
use aludel::db::Kind;
use aludel::prelude::*;

fn plus(op: &Operations) -> Function {
    let function = Function::new("plus", "a integer, b integer").returns("integer");
    match op.database() {
        Kind::Postgres => function.body("SELECT a + b"),
        _ => function.body("RETURN a + b"),
    }
}

fn forget() -> Function {
    Function::new("forget", "oldest date").body("DELETE FROM visits WHERE visit_date < oldest")
}

fn plan_visits() -> Function {
    Function::new("plan_visits", "")
        .returns("trigger")
        .language("plpgsql")
        .body(
            "BEGIN UPDATE visits SET status = 'planned' WHERE patient_id = NEW.id; RETURN NEW; END",
        )
}

/// A trigger that both kinds of databases can have.
fn trigger() -> Trigger {
    Trigger::new("plan_visits", "patients")
        .after()
        .insert()
        .execute("plan_visits()")
        .body("UPDATE visits SET status = 'planned' WHERE patient_id = NEW.id")
}

fn with_functions(op: &mut Operations) {
    if op.database() != Kind::Sqlite {
        let plus = plus(op);
        op.create_function(plus);
        op.create_procedure(forget());
    }
    if op.database() == Kind::Postgres {
        op.create_function(plan_visits());
    }
}

fn with_trigger(op: &mut Operations) {
    with_functions(op);
    op.create_trigger(trigger());
}

pub const CASES: &[Case] = &[
    case(
        "create_function",
        |op| {
            let plus = plus(op);
            op.create_function(plus);
        },
        |op| {
            op.drop_function("plus", "integer, integer");
        },
    ),
    case(
        "rename_function",
        |op| op.rename_function("plus", "integer, integer", "sum_of"),
        |op| op.rename_function("sum_of", "integer, integer", "plus"),
    )
    .given(with_functions),
    case(
        "drop_function",
        |op| {
            op.drop_function("plus", "integer, integer");
        },
        |op| {
            let plus = plus(op);
            op.create_function(plus);
        },
    )
    .given(with_functions),
    case(
        "create_procedure",
        |op| {
            op.create_procedure(forget());
        },
        |op| {
            op.drop_procedure("forget", "date");
        },
    ),
    case(
        "rename_procedure",
        |op| op.rename_procedure("forget", "date", "forget_before"),
        |op| op.rename_procedure("forget_before", "date", "forget"),
    )
    .given(with_functions),
    case(
        "drop_procedure",
        |op| {
            op.drop_procedure("forget", "date");
        },
        |op| {
            op.create_procedure(forget());
        },
    )
    .given(with_functions),
    case(
        "create_trigger",
        |op| {
            op.create_trigger(trigger());
        },
        |op| {
            op.drop_trigger("plan_visits", "patients");
        },
    )
    .given(with_functions),
    case(
        "enable_trigger",
        |op| {
            op.enable_trigger("plan_visits", "patients");
        },
        |op| op.disable_trigger("plan_visits", "patients"),
    )
    .given(|op| {
        with_trigger(op);
        if op.database() == Kind::Postgres {
            op.disable_trigger("plan_visits", "patients");
        }
    }),
    case(
        "disable_trigger",
        |op| op.disable_trigger("plan_visits", "patients"),
        |op| {
            op.enable_trigger("plan_visits", "patients");
        },
    )
    .given(with_trigger),
    case(
        "rename_trigger",
        |op| op.rename_trigger("plan_visits", "patients", "plan"),
        |op| op.rename_trigger("plan", "patients", "plan_visits"),
    )
    .given(with_trigger),
    case(
        "drop_trigger",
        |op| {
            op.drop_trigger("plan_visits", "patients");
        },
        |op| {
            op.create_trigger(trigger());
        },
    )
    .given(with_trigger),
];
