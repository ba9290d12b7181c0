//! What other things need: it goes and comes under them, and leaves them as they were. PostgreSQL.

use crate::support::{Live, model};
use aludel::prelude::*;

fn code(of: Type) -> Table {
    Table::new("codes")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("code", of))
}

#[tokio::test]
async fn what_is_below_a_domain_that_columns_have() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let with = |domain: Domain| {
        let codes = code(Type::custom("short_code"))
            .column(Column::new("other", Type::custom("short_code")).server_default("'1'"))
            .index(Index::on(["code"]));
        Metadata::new()
            .table(codes)
            .object(domain)
            .view("known", "SELECT id, code FROM codes WHERE code IS NOT NULL")
    };
    let domain = |ty: Type| Domain::new("short_code", ty);
    let text = with(domain(Type::Varchar(9)).check(Check::new("VALUE <> ''").named("ck_code")));
    let wide = with(domain(Type::Text).check(Check::new("VALUE <> ''").named("ck_code")));
    let number = with(domain(Type::Integer).check(Check::new("VALUE > 0").named("ck_code")));
    live.create(&text).await;
    live.execute("INSERT INTO codes VALUES (1, '7', '8'), (2, NULL, '9')")
        .await;
    live.there_and_back(&text, &wide).await;
    live.there_and_back(&text, &number).await;
    // The columns have another type by then, or none.
    let gone = Metadata::new()
        .table(code(Type::Integer))
        .object(domain(Type::Integer))
        .view("known", "SELECT id, code FROM codes WHERE code IS NOT NULL");
    live.found_there_and_back(&text, &gone).await;
    live.settle(&number).await;
    let rows = live.column("SELECT concat_ws(' ', id, code) FROM codes ORDER BY 1");
    assert_eq!(rows.await, ["1 7", "2"]);
}

#[tokio::test]
async fn a_function_that_tables_call_gets_another_signature() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let with = |function: Function, call: &str| {
        let codes = code(Type::Text)
            .column(Column::new("fit", Type::Integer).server_default("fit('1')"))
            .column(
                Column::new("computed", Type::Integer)
                    .generated_stored("fit(code)")
                    .index(),
            )
            .check(Check::new("fit(code) > 0").named("ck_codes_fit"))
            .index(Index::new(
                "ix_codes_fit",
                [IndexPart::expr(call.to_string())],
            ));
        let new = Table::new("others")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("code", Type::Text).check("fit(code) > 0"));
        let kept = Metadata::new().table(codes).object(function.clone());
        match function.arguments.contains("DEFAULT") {
            true => kept.table(new),
            false => kept,
        }
    };
    let function = |arguments: &str| {
        Function::new("fit", arguments)
            .returns("integer")
            .attribute("IMMUTABLE")
            .body("SELECT length(it)")
    };
    let plain = with(function("it text"), "fit(code)");
    let more = with(function("it text, bound integer DEFAULT 0"), "fit(code)");
    let returns = with(function("it text").returns("bigint"), "fit(code)");
    live.create(&plain).await;
    live.execute("INSERT INTO codes (id, code) VALUES (1, 'a'), (2, 'bc')")
        .await;
    live.found_there_and_back(&plain, &more).await;
    live.found_there_and_back(&plain, &returns).await;
    let rows = live.column("SELECT concat_ws(' ', id, code, fit, computed) FROM codes ORDER BY 1");
    assert_eq!(rows.await, ["1 a 1 1", "2 bc 1 2"]);
}

/// `DEFAULT` of a definition takes fewer operators than an expression has.
#[tokio::test]
async fn a_default_with_words() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let day = |default: &str| Column::new("seen", Type::Timestamp).server_default(default);
    let plain = code(Type::Text);
    let domain =
        |default: &str| Domain::new("truth", Type::Boolean).server_default(default.to_string());
    let with = |default: &str, truth: &str| {
        model(code(Type::Text).column(day(default).not_null())).object(domain(truth))
    };
    let utc = with("now() AT TIME ZONE 'utc'", "1 IN (1, 2)");
    let other = with("(now() AT TIME ZONE 'CET') + interval '1 day'", "NOT true");
    live.create(&utc).await;
    live.there_and_back(&utc, &other).await;
    let without = model(plain).object(domain("1 IN (1, 2)"));
    live.there_and_back(&utc, &without).await;
}

#[tokio::test]
async fn a_sequence_that_is_declared_on_its_own() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let number = || Column::new("id", Type::Integer).server_default("nextval('t_id_seq')");
    let table = |name: &str| Table::new(name).column(number().primary_key());
    let sequence = Sequence::new("t_id_seq").start(100);
    let alone = Metadata::new().table(table("t")).object(sequence.clone());
    let both = Metadata::new()
        .table(table("t"))
        .table(table("u"))
        .object(sequence.clone());
    live.create(&alone).await;
    live.execute("INSERT INTO t DEFAULT VALUES").await;
    live.there_and_back(&alone, &both).await;
    // It stays when the table goes.
    let left = model(code(Type::Text)).object(sequence);
    live.settle(&left).await;
    let next = live.column("SELECT nextval('t_id_seq')::text").await;
    assert_eq!(next, ["101"]);
}

/// A constraint that has not looked at the rows that were there looks at them; the other way, nothing is found.
#[tokio::test]
async fn constraints_that_are_not_valid() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let with = |valid: bool| {
        let mut check = Check::new("code <> ''").named("ck_codes_code");
        let mut key = ForeignKey::new(["other"], "codes", ["id"]).named("fk_codes_other");
        if !valid {
            (check, key) = (check.not_valid(), key.not_valid());
        }
        let table = code(Type::Text).column(Column::new("other", Type::Integer));
        model(table.constraint(check).constraint(key))
    };
    live.create(&model(
        code(Type::Text).column(Column::new("other", Type::Integer)),
    ))
    .await;
    live.execute("INSERT INTO codes VALUES (1, 'a', 1)").await;
    live.execute(
        "ALTER TABLE codes ADD CONSTRAINT ck_codes_code CHECK (code <> '') NOT VALID, \
         ADD CONSTRAINT fk_codes_other FOREIGN KEY (other) REFERENCES codes (id) NOT VALID",
    )
    .await;
    assert!(live.difference(&with(false)).await.is_empty());
    let draft = live.difference(&with(true)).await;
    let found = draft.detected().to_vec();
    assert_eq!(
        found,
        [
            "rows that constraint 'ck_codes_code' on 'codes' has not looked at",
            "rows that constraint 'fk_codes_other' on 'codes' has not looked at"
        ]
    );
    assert_eq!(draft.changes().len(), 2, "{:?}", draft.changes());
    live.settle(&with(true)).await;
    let valid = "SELECT convalidated::text FROM pg_constraint WHERE conrelid = 'codes'::regclass";
    assert_eq!(live.column(valid).await, ["true", "true", "true"]);
    assert!(live.difference(&with(false)).await.is_empty());
}

/// What is said of long values is kept only where there can be any.
#[tokio::test]
async fn options_of_long_values() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let number = || Table::new("t").column(Column::new("id", Type::Integer).primary_key());
    let idle = |table: Table| model(table.parameter("toast.autovacuum_enabled", "false"));
    live.create(&idle(number())).await;
    let text = || number().column(Column::new("note", Type::Text));
    // The place stays when the last column for long values goes, so that nothing brings this back.
    live.settle(&idle(text())).await;
    live.there_and_back(&idle(text()), &model(text())).await;
}

/// A trigger that is switched off, declared or not, and one that is made anew around a change.
#[tokio::test]
async fn triggers_that_do_not_fire() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let with = |fires: Fires, ty: Type| {
        let touch = Function::new("touch", "")
            .returns("trigger")
            .language("plpgsql")
            .body("BEGIN RETURN NEW; END");
        let trigger = Trigger::new("touch", "codes")
            .before()
            .update_of(["code"])
            .execute("touch()")
            .fires(fires);
        Metadata::new()
            .table(code(ty))
            .object(touch)
            .object(trigger)
    };
    let all = [
        Fires::Never,
        Fires::AtOrigin,
        Fires::OnReplica,
        Fires::Always,
    ];
    live.create(&with(Fires::Never, Type::Text)).await;
    let state = "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'touch'";
    assert_eq!(live.column(state).await, ["D"]);
    for (one, other) in all.iter().zip(&all[1..]) {
        let found = live
            .there_and_back(&with(*one, Type::Text), &with(*other, Type::Text))
            .await;
        assert_eq!(found, ["changed trigger 'touch on codes'"]);
        // It goes and comes around another type of what it watches.
        live.there_and_back(&with(*one, Type::Text), &with(*other, Type::Varchar(99)))
            .await;
        live.settle(&with(*other, Type::Text)).await;
    }
    assert_eq!(live.column(state).await, ["A"]);
}
