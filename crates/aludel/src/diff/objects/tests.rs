use crate::diff::diff;
use crate::schema::{
    Check, Column, Domain, Enum, Extension, Function, Metadata, Policy, Schema, Sequence, Table,
    Trigger, Type, View,
};

fn visits(status: Type) -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("status", status))
}

fn schema(metadata: Metadata) -> Schema {
    metadata.schema().unwrap()
}

fn summaries(from: &Schema, to: &Schema) -> Vec<String> {
    diff(from, to).iter().map(|it| it.summary()).collect()
}

/// Both directions, and that applying each gives the other side.
fn both(from: &Schema, to: &Schema) -> (Vec<String>, Vec<String>) {
    for (from, to) in [(from, to), (to, from)] {
        let mut now = from.clone();
        for operation in diff(from, to) {
            operation.apply(&mut now).unwrap();
        }
        assert_eq!(summaries(&now, to), Vec::<String>::new());
    }
    (summaries(from, to), summaries(to, from))
}

#[test]
fn everything_comes_before_what_needs_it_and_goes_after_it() {
    let whole = schema(
        Metadata::new()
            .schema_named("billing")
            .object(Extension::new("citext"))
            .object(Sequence::new("ticket").owned_by("visits", "id"))
            .object(
                Domain::new("email", Type::Text).check(Check::new("VALUE LIKE '%@%'").named("at")),
            )
            .object(
                Function::new("norm", "t text")
                    .returns("text")
                    .body("SELECT lower(t)"),
            )
            .object(
                Function::new("newest", "")
                    .returns("SETOF visits")
                    .body("SELECT * FROM visits"),
            )
            .view("a_open", "SELECT id FROM z_all WHERE status = 'open'")
            .view("z_all", "SELECT id, status FROM visits")
            .object(
                Trigger::new("touch", "visits")
                    .before()
                    .update()
                    .execute("touch()"),
            )
            .object(Policy::new("own", "visits").using("true"))
            .row_security("visits", true)
            .table(visits(Type::Text).check(Check::new("norm(status) <> ''").named("ck"))),
    );
    let (up, down) = both(&Schema::default(), &whole);
    assert_eq!(
        up,
        [
            "create schema billing",
            "create extension citext",
            "create sequence ticket",
            "create domain email",
            "create function norm(t text)",
            "create table visits",
            "alter sequence ticket",
            "create function newest()",
            "create view z_all",
            "create view a_open",
            "create trigger touch on visits",
            "create policy own on visits",
            "enable row level security on visits",
            "force row level security on visits",
        ]
    );
    assert_eq!(
        down,
        [
            "drop view a_open",
            "drop view z_all",
            "drop function newest()",
            "drop table visits",
            "drop function norm(t text)",
            "drop domain email",
            "drop extension citext",
            "drop schema billing",
        ]
    );
}

#[test]
fn what_holds_a_column_that_changes_goes_and_comes_again_around_the_change() {
    let declared = |ty: Type| {
        let mut open = View::new("open_visits", "SELECT id FROM visits WHERE status <> ''");
        open.holds.0.insert(("visits".into(), "status".into()));
        let mut counts = View::materialized("counts", "SELECT count(*) AS n FROM open_visits");
        counts.holds.0.insert(("open_visits".into(), "id".into()));
        let mut ids = View::new("ids", "SELECT id FROM visits");
        ids.holds.0.insert(("visits".into(), "id".into()));
        schema(
            Metadata::new()
                .object(open)
                .object(counts)
                .object(ids)
                .object(
                    Trigger::new("closed", "open_visits")
                        .instead_of()
                        .delete()
                        .execute("f()"),
                )
                .table(visits(ty)),
        )
    };
    let around = [
        "drop materialized view counts",
        "drop view open_visits",
        "alter column visits.status",
        "create view open_visits",
        "create materialized view counts",
        "create trigger closed on open_visits",
    ];
    let (up, down) = both(&declared(Type::Text), &declared(Type::Varchar(9)));
    assert_eq!(up, around);
    assert_eq!(down, around);
}

#[test]
fn an_enum_type_that_is_made_anew_is_held_by_nothing() {
    let declared = |values: &[&str]| {
        let ty = Type::Enum(Enum::new("mood", values.iter().copied()));
        let mut view = View::new("moods", "SELECT status FROM visits");
        view.holds.0.insert(("visits".into(), "status".into()));
        schema(Metadata::new().object(view).table(visits(ty)))
    };
    assert_eq!(
        summaries(&declared(&["sad", "ok"]), &declared(&["ok"])),
        [
            "drop view moods",
            "alter enum type mood",
            "create view moods"
        ]
    );
}

#[test]
fn what_can_be_changed_in_place_is_and_the_rest_is_made_anew() {
    let one = |body: &str, arguments: &str, start: i64, using: &str, check: &str, view: &str| {
        schema(
            Metadata::new()
                .object(Function::new("f", arguments).returns("integer").body(body))
                .object(Sequence::new("s").start(start))
                .object(Policy::new("p", "visits").using(using))
                .object(Domain::new("d", Type::Text).check(Check::new(check).named("ck")))
                .view("v", view)
                .table(visits(Type::Text)),
        )
    };
    let before = one("SELECT 1", "", 1, "true", "VALUE <> ''", "SELECT 1 AS n");
    let after = one("SELECT 2", "", 5, "false", "VALUE <> 'x'", "SELECT 2 AS n");
    let (up, _) = both(&before, &after);
    assert_eq!(
        up,
        [
            "drop view v",
            "alter sequence s",
            "alter domain d",
            "create function f()",
            "create view v",
            "alter policy p on visits",
        ]
    );
    let other_call = one(
        "SELECT 1",
        "n integer",
        1,
        "true",
        "VALUE <> ''",
        "SELECT 1 AS n",
    );
    assert_eq!(
        both(&before, &other_call).0,
        ["drop function f()", "create function f(n integer)"]
    );
}

#[test]
fn comments_follow_what_is_made_anew() {
    let mut before = schema(Metadata::new().view("v", "SELECT 1 AS n"));
    let mut after = schema(Metadata::new().view("v", "SELECT 2 AS n"));
    let view = crate::schema::Object::view("v");
    before.objects.comments.insert(view.clone(), "a".into());
    after.objects.comments.insert(view.clone(), "a".into());
    assert_eq!(
        both(&before, &after).0,
        ["drop view v", "create view v", "comment on view v"]
    );
    after.objects = before.objects.clone();
    after.objects.comments.clear();
    assert_eq!(both(&before, &after).0, ["comment on view v"]);
}

#[test]
fn what_goes_with_a_table_is_neither_missed_nor_in_the_way() {
    let id = Column::new("id", Type::Integer).primary_key();
    let numbered = id.server_default("nextval('visits_id_seq')");
    let whole = schema(
        Metadata::new()
            .object(Sequence::new("visits_id_seq"))
            .object(Sequence::new("tickets"))
            .object(
                Function::new("touch", "")
                    .returns("trigger")
                    .body("BEGIN END"),
            )
            .object(
                Function::new("mine", "")
                    .returns("boolean")
                    .body("SELECT true"),
            )
            .object(
                Trigger::new("touched", "visits")
                    .before()
                    .update()
                    .execute("touch()"),
            )
            .object(Policy::new("own", "visits").using("mine()"))
            .table(Table::new("visits").column(numbered)),
    );
    let down = diff(&whole, &Schema::default());
    let down: Vec<String> = down.iter().map(|it| it.rust()).collect();
    assert_eq!(
        down,
        [
            "op.drop_table(\"visits\");",
            "op.drop_function(\"touch\", \"\");",
            "op.drop_function(\"mine\", \"\");",
            "op.drop_sequence(\"visits_id_seq\").if_exists();",
            "op.drop_sequence(\"tickets\");",
        ]
    );
}
