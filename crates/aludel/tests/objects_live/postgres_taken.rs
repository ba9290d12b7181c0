//! From models to the database and back, by what autogenerate says: an object is made, changed and dropped, and a second look finds
//! nothing; and what is in the way of a change goes and comes again.

use super::taken::Live;
use aludel::prelude::*;
use aludel::schema::{Deferrable, Metadata};

fn visits(cost: Type) -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("name", Type::Varchar(20)))
        .column(Column::new("cost", cost))
        .column(Column::new("doctor", Type::Text))
}

fn touch() -> Function {
    Function::new("touch", "")
        .returns("trigger")
        .language("plpgsql")
        .body("BEGIN RETURN NEW; END")
}

fn tables() -> Metadata {
    Metadata::new().table(visits(Type::Integer))
}

/// Creates the one, and takes it to each of the others and back. With the others, what was detected.
async fn changes(one: Metadata, others: Vec<(Metadata, &[&str])>) {
    let Some(live) = Live::postgres() else {
        return;
    };
    live.create(&one).await;
    for (other, detected) in others {
        assert_eq!(live.there_and_back(&one, &other).await, detected);
    }
}

#[tokio::test]
async fn everything_comes_and_goes() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let all = tables()
        .table(
            Table::new(("billing", "invoices"))
                .column(Column::new("id", Type::Integer).primary_key()),
        )
        .table(
            Table::new("people")
                .column(
                    Column::new("id", Type::Integer)
                        .primary_key()
                        .server_default("nextval('numbers')"),
                )
                .column(Column::new("email", Type::custom("email")))
                .check(Check::new("is_fine(email)").named("fine")),
        )
        .schema_named("empty")
        .object(Extension::new("citext"))
        .object(
            Sequence::new("numbers")
                .start(1000)
                .owned_by("people", "id"),
        )
        .object(
            Sequence::new(("billing", "Numbers"))
                .ty(Type::Integer)
                .cycle(),
        )
        .object(
            Domain::new("email", Type::custom("citext"))
                .check(Check::new("VALUE LIKE '%@%'").named("at")),
        )
        .object(
            Function::new("is_fine", "e citext")
                .returns("bool")
                .attribute("IMMUTABLE")
                .body("SELECT e <> ''"),
        )
        .object(
            Function::new("newest", "n int = 5")
                .returns("SETOF visits")
                .attribute("STABLE")
                .body("SELECT * FROM visits LIMIT n"),
        )
        .object(
            Function::procedure(("billing", "pay"), "id int")
                .body("DELETE FROM billing.invoices i WHERE i.id = pay.id"),
        )
        .object(touch())
        .view("a_open", "select ID from Z_ALL where NAME in ('a', 'b')")
        .view("z_all", "SELECT * FROM visits")
        .materialized_view(("billing", "counts"), "SELECT count(*) AS n FROM a_open")
        .object(
            Trigger::new("touch", "visits")
                .before()
                .update_of(["name"])
                .when("old.* is distinct from new.*")
                .execute("Touch(1)"),
        )
        .object(
            Trigger::new("check", "people")
                .after()
                .insert()
                .constraint()
                .deferrable(Deferrable::Deferred)
                .execute("touch()"),
        )
        .object(
            Policy::new("own", "visits")
                .using("doctor = current_user and id in (select id from people)"),
        )
        .row_security("visits", true);
    live.create(&tables()).await;
    let detected = live.there_and_back(&tables(), &all).await;
    assert_eq!(
        detected,
        [
            "added schema 'billing'",
            "added schema 'empty'",
            "added extension 'citext'",
            "added sequence 'numbers'",
            "added sequence 'billing.Numbers'",
            "added domain 'email'",
            "added function 'is_fine(e citext)'",
            "added table 'people'",
            "added table 'billing.invoices'",
            "added function 'newest(n int)'",
            "added function 'touch()'",
            "added procedure 'billing.pay(id int)'",
            "added view 'z_all'",
            "added view 'a_open'",
            "added materialized view 'billing.counts'",
            "added trigger 'touch on visits'",
            "added trigger 'check on people'",
            "added policy 'own on visits'",
            "enable row level security on visits",
            "force row level security on visits",
        ]
    );
}

#[tokio::test]
async fn views_change() {
    let one = |query: &str| tables().view("v", query).view("w", "SELECT id FROM v");
    let plain = "SELECT id, name FROM visits WHERE name IN ('a', 'b')";
    changes(
        one(plain),
        vec![
            (
                one("SELECT id FROM visits"),
                &["changed view 'v'", "view 'w' in the way of a change"],
            ),
            (tables().view("v", plain), &["removed view 'w'"]),
            (
                tables()
                    .object(View::new("v", plain).security_barrier())
                    .materialized_view("w", "SELECT id FROM v"),
                &[
                    "removed view 'w'",
                    "changed view 'v'",
                    "added materialized view 'w'",
                ],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn functions_change() {
    let one = |function: Function| {
        tables()
            .object(function)
            .object(touch())
            .view("v", "SELECT add(id, 1) AS n FROM visits")
    };
    let add = |arguments: &str| {
        Function::new("add", arguments)
            .returns("int")
            .body("SELECT $1 + $2")
    };
    let text = Function::new("add", "a text, b text")
        .returns("text")
        .body("SELECT a || b");
    changes(
        one(add("a int, b int")),
        vec![
            (
                one(add("a int, b int").body("SELECT $2 + $1")),
                &["changed function 'add(a integer, b integer)'"],
            ),
            (
                one(add("a int, b int").attribute("IMMUTABLE")),
                &["changed function 'add(a integer, b integer)'"],
            ),
            (
                one(add("a int, b int DEFAULT 3")),
                &["changed function 'add(a integer, b integer)'"],
            ),
            (
                one(add("x int, b int")),
                &[
                    "removed function 'add(a integer, b integer)'",
                    "added function 'add(x integer, b integer)'",
                    "view 'v' in the way of a change",
                ],
            ),
            (
                one(Function {
                    returns: Some("bigint".into()),
                    ..add("a int, b int")
                }),
                &[
                    "changed function 'add(a integer, b integer)'",
                    "view 'v' in the way of a change",
                ],
            ),
            (
                one(add("a int, b int")).object(text),
                &["added function 'add(a text, b text)'"],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn small_ones_change() {
    let one = |sequence: Sequence, domain: Domain, extension: Extension| {
        tables().object(sequence).object(domain).object(extension)
    };
    let (s, d, e) = (
        || Sequence::new("s"),
        || Domain::new("d", Type::Integer),
        || Extension::new("citext"),
    );
    let check = |sql: &str| Check::new(sql).named("ck");
    let started = || s().start(5).min(2);
    let checked = || d().check(check("VALUE > 5")).server_default("7");
    changes(
        one(started(), checked(), e()),
        vec![
            (
                one(started().cache(5), checked(), e()),
                &["changed sequence 's'"],
            ),
            (
                one(s().increment(-1), checked(), e()),
                &["changed sequence 's'"],
            ),
            (
                one(s().ty(Type::Integer).cycle(), checked(), e()),
                &["changed sequence 's'"],
            ),
            (
                one(started().owned_by("visits", "id"), checked(), e()),
                &["changed sequence 's'"],
            ),
            (
                one(started(), d().check(check("VALUE BETWEEN 6 AND 9")), e()),
                &["changed domain 'd'"],
            ),
            (
                one(started(), checked().not_null(), e()),
                &["changed domain 'd'"],
            ),
            (
                one(started(), checked().server_default("8"), e()),
                &["changed domain 'd'"],
            ),
            (
                one(
                    started(),
                    Domain::new("d", Type::BigInteger).check(check("VALUE > 5")),
                    e(),
                ),
                &["changed domain 'd'"],
            ),
            (
                one(started(), checked(), e().schema("elsewhere")),
                &[
                    "added schema 'elsewhere'",
                    "move extension citext to schema elsewhere",
                ],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_on_tables_changes() {
    let one = |trigger: Trigger, policy: Policy, forced: bool| {
        tables()
            .object(touch())
            .object(trigger)
            .object(policy)
            .row_security("visits", forced)
    };
    let t = || {
        Trigger::new("t", "visits")
            .before()
            .update()
            .when("new.cost BETWEEN 1 AND 3")
            .execute("touch()")
    };
    let p = || {
        Policy::new("p", "visits")
            .using("cost BETWEEN 1 AND 3")
            .to(["pg_monitor"])
    };
    changes(
        one(t(), p(), false),
        vec![
            (
                one(t().insert(), p(), false),
                &["changed trigger 't on visits'"],
            ),
            (
                one(t().when("new.cost > 3"), p(), false),
                &["changed trigger 't on visits'"],
            ),
            (
                one(t(), p().using("cost > 3"), false),
                &["changed policy 'p on visits'"],
            ),
            (
                one(t(), p().with_check("cost > 3"), false),
                &["changed policy 'p on visits'"],
            ),
            (
                one(t(), p().to(["public"]), false),
                &["changed policy 'p on visits'"],
            ),
            (
                one(t(), p().command(PolicyCommand::Delete), false),
                &["changed policy 'p on visits'"],
            ),
            (one(t(), p(), true), &["force row level security on visits"]),
        ],
    )
    .await;
}

/// What looks at a column is around its change, in the words of the model, and so is what looks at that.
#[tokio::test]
async fn around_the_change_of_a_column() {
    let one = |cost: Type| {
        Metadata::new()
            .table(visits(cost))
            .object(touch())
            .view("v", "SELECT id, cost FROM visits WHERE cost > 1.5")
            .materialized_view("m", "SELECT sum(cost) AS cost FROM v")
            .view("other", "SELECT id FROM visits")
            .object(
                Trigger::new("t", "visits")
                    .before()
                    .update_of(["cost"])
                    .when("new.cost > 5")
                    .execute("touch()"),
            )
            .object(
                Trigger::new("of_v", "v")
                    .instead_of()
                    .delete()
                    .execute("touch()"),
            )
            .object(
                Trigger::new("u", "visits")
                    .before()
                    .update_of(["name"])
                    .execute("touch()"),
            )
            .object(Policy::new("p", "visits").using("cost < 10 OR name IN (SELECT name FROM v)"))
    };
    let around: [&str; 5] = [
        "view 'v' in the way of a change",
        "materialized view 'm' in the way of a change",
        "trigger 'of_v on v' in the way of a change",
        "trigger 't on visits' in the way of a change",
        "policy 'p on visits' in the way of a change",
    ];
    let Some(live) = Live::postgres() else {
        return;
    };
    live.create(&one(Type::Integer)).await;
    for ty in [Type::BigInteger, Type::Decimal(12, 2), Type::Double] {
        let detected = live.there_and_back(&one(Type::Integer), &one(ty)).await;
        assert!(detected[0].starts_with("type change from Integer to "));
        assert_eq!(detected[1..], around);
    }
}

/// A view of all columns has those that come, and no more those that go.
#[tokio::test]
async fn a_view_of_all_columns() {
    let one = |table: Table| {
        Metadata::new()
            .table(table)
            .view("v", "SELECT * FROM visits")
            .view("w", "SELECT id FROM v")
    };
    let more = visits(Type::Integer).column(Column::new("more", Type::Text));
    let mut less = visits(Type::Integer);
    less.columns.pop();
    changes(
        one(visits(Type::Integer)),
        vec![
            (
                one(more),
                &[
                    "added column 'visits.more'",
                    "changed view 'v'",
                    "view 'w' in the way of a change",
                ],
            ),
            (
                one(less),
                &[
                    "removed column 'visits.doctor'",
                    "changed view 'v'",
                    "view 'w' in the way of a change",
                ],
            ),
        ],
    )
    .await;
}

/// Objects that nobody declares are in the way no less, and stay.
#[tokio::test]
async fn objects_that_nobody_declares() {
    let Some(live) = Live::postgres() else {
        return;
    };
    live.create(&tables()).await;
    live.execute(
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE VIEW v WITH (security_barrier) AS SELECT cost FROM visits; COMMENT ON VIEW v IS 'mine'; \
         CREATE TRIGGER t BEFORE UPDATE OF cost ON visits FOR EACH ROW EXECUTE FUNCTION touch('a'); \
         CREATE POLICY p ON visits FOR UPDATE TO pg_monitor USING (cost > 1)",
    )
    .await;
    let state = "SELECT concat_ws(' ', pg_get_viewdef('v'), obj_description('v'::regclass), \
        (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 't'), \
        (SELECT concat(polcmd, polroles, pg_get_expr(polqual, polrelid)) FROM pg_policy))";
    let before = live.column(state).await;
    let big = Metadata::new().table(visits(Type::BigInteger));
    let detected = live.there_and_back(&tables(), &big).await;
    assert_eq!(
        detected,
        [
            "type change from Integer to BigInteger on 'visits.cost'",
            "view 'v' in the way of a change",
            "trigger 't on visits' in the way of a change",
            "policy 'p on visits' in the way of a change",
        ]
    );
    assert_eq!(live.column(state).await, before);
}

/// What was commented by hand keeps its comment, also around a change.
#[tokio::test]
async fn comments_stay() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let one = |cost: Type| {
        Metadata::new()
            .table(visits(cost))
            .schema_named("other")
            .object(touch())
            .object(Domain::new("d", Type::Integer).check(Check::new("VALUE > 1").named("ck")))
            .view("v", "SELECT id, cost FROM visits")
            .object(
                Trigger::new("t", "visits")
                    .before()
                    .update_of(["cost"])
                    .execute("touch()"),
            )
            .object(Policy::new("p", "visits").using("cost > 1"))
    };
    live.create(&one(Type::Integer)).await;
    live.execute(
        "COMMENT ON VIEW v IS 'a'; COMMENT ON COLUMN v.cost IS 'b'; COMMENT ON TRIGGER t ON visits IS 'c'; \
         COMMENT ON POLICY p ON visits IS 'd'; COMMENT ON FUNCTION touch() IS 'e'; COMMENT ON DOMAIN d IS 'f'; \
         COMMENT ON CONSTRAINT ck ON DOMAIN d IS 'g'; COMMENT ON SCHEMA other IS 'h'",
    )
    .await;
    let all = "SELECT concat(pg_describe_object(classoid, objoid, objsubid), ': ', description) FROM pg_description \
        WHERE objoid >= 16384 ORDER BY description";
    let before = live.column(all).await;
    assert_eq!(before.len(), 8);
    live.there_and_back(&one(Type::Integer), &one(Type::BigInteger))
        .await;
    assert_eq!(live.column(all).await, before);
}

/// A function whose body is SQL holds the columns that it names, as a view does.
#[tokio::test]
async fn around_a_function_that_is_sql() {
    let one = |cost: Type| {
        Metadata::new()
            .table(visits(cost))
            .object(
                Function::new("total", "")
                    .returns("bigint")
                    .sql_body("RETURN (SELECT sum(cost) FROM visits)"),
            )
            .view("v", "SELECT total() AS total")
    };
    changes(
        one(Type::Integer),
        vec![(
            one(Type::SmallInteger),
            &[
                "type change from Integer to SmallInteger on 'visits.cost'",
                "function 'total()' in the way of a change",
                "view 'v' in the way of a change",
            ],
        )],
    )
    .await;
}
