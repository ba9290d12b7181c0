//! Functions, procedures and triggers.

use super::{Case, POSTGRES, SERVERS, case};
use aludel::db::Kind;
use aludel::prelude::*;

/// A body is in the language of its database.
fn twice(op: &Operations) -> Function {
    let twice = Function::new("twice", "n integer").returns("integer");
    match op.database() {
        Kind::Postgres => twice.attribute("IMMUTABLE").body("SELECT n * 2"),
        _ => twice.attribute("DETERMINISTIC").body("RETURN n * 2"),
    }
}

fn create_twice(op: &mut Operations) {
    op.create_function(twice(op));
}

fn forget() -> Function {
    Function::procedure("forget", "before_day date")
        .body("DELETE FROM visits WHERE visit_date < before_day")
}

fn log(op: &mut Operations) {
    op.create_table(
        Table::new("log")
            .column(Column::new("id", Type::Integer).identity().primary_key())
            .column(Column::new("visit_id", Type::Integer)),
    );
    if op.database() == Kind::Postgres {
        op.create_function(
            Function::new("log_visit", "")
                .returns("trigger")
                .language("plpgsql")
                .body("BEGIN INSERT INTO log (visit_id) VALUES (NEW.id); RETURN NEW; END"),
        );
    }
}

fn log_visit() -> Trigger {
    Trigger::new("log_visit", "visits")
        .after()
        .insert()
        .execute("log_visit()")
        .body("INSERT INTO log (visit_id) VALUES (NEW.id)")
}

fn logged(op: &mut Operations) {
    log(op);
    op.create_trigger(log_visit());
}

pub const CASES: &[Case] = &[
    case("create_function", create_twice, |op| {
        drop(op.drop_function("twice", "integer"))
    })
    .on(SERVERS),
    case(
        "rename_function",
        |op| op.rename_function("twice", "integer", "doubled"),
        |op| op.rename_function("doubled", "integer", "twice"),
    )
    .given(create_twice)
    .on(POSTGRES),
    case(
        "drop_function",
        |op| drop(op.drop_function("twice", "integer")),
        create_twice,
    )
    .given(create_twice)
    .on(SERVERS),
    case(
        "create_procedure",
        |op| drop(op.create_procedure(forget())),
        |op| drop(op.drop_procedure("forget", "date")),
    )
    .on(SERVERS),
    case(
        "rename_procedure",
        |op| op.rename_procedure("forget", "date", "lose"),
        |op| op.rename_procedure("lose", "date", "forget"),
    )
    .given(|op| drop(op.create_procedure(forget())))
    .on(POSTGRES),
    case(
        "drop_procedure",
        |op| drop(op.drop_procedure("forget", "date")),
        |op| drop(op.create_procedure(forget())),
    )
    .given(|op| drop(op.create_procedure(forget())))
    .on(SERVERS),
    case(
        "create_trigger",
        |op| drop(op.create_trigger(log_visit())),
        |op| drop(op.drop_trigger("log_visit", "visits")),
    )
    .given(log),
    case(
        "rename_trigger",
        |op| op.rename_trigger("log_visit", "visits", "log_it"),
        |op| op.rename_trigger("log_it", "visits", "log_visit"),
    )
    .given(logged)
    .on(POSTGRES),
    case(
        "drop_trigger",
        |op| drop(op.drop_trigger("log_visit", "visits")),
        |op| drop(op.create_trigger(log_visit())),
    )
    .given(logged),
    case(
        "disable_trigger",
        |op| op.disable_trigger("log_visit", "visits"),
        |op| drop(op.enable_trigger("log_visit", "visits")),
    )
    .given(logged)
    .on(POSTGRES),
    case(
        "enable_trigger",
        |op| drop(op.enable_trigger("log_visit", "visits")),
        |op| op.disable_trigger("log_visit", "visits"),
    )
    .given(|op| {
        logged(op);
        op.disable_trigger("log_visit", "visits");
    })
    .on(POSTGRES),
];
