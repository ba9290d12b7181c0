//! What operations on objects beside tables do to a schema.

use super::{after, refused};
use crate::Result;
use crate::ops::Operations;
use crate::schema::{
    Check, Column, Domain, Enum, Extension, Function, Object, Policy, PolicyCommand, RowSecurity,
    Schema, Sequence, Table, Trigger, Type, View,
};

fn knows(schema: &Schema, object: Object) -> bool {
    schema.objects.contains(&object)
}

/// Everything of every kind, once.
fn everything(op: &mut Operations) {
    op.create_schema("s");
    op.create_sequence(Sequence::new(("s", "n")).owned_by("visits", "cost"));
    op.create_view(View::new("v", "SELECT 1"));
    op.create_materialized_view(View::new(("s", "m"), "SELECT 1"));
    op.create_function(Function::new("f", "a integer DEFAULT 1"));
    op.create_procedure(Function::new(("s", "p"), ""));
    op.create_trigger(Trigger::new("t", "visits").insert().refers_to("patients"));
    op.create_trigger(Trigger::new("t", "v").instead_of().insert());
    op.create_extension("hstore");
    op.create_domain(Domain::new("d", Type::Text).check(Check::new("VALUE > ''").named("ck")));
    op.create_policy(Policy::new("p", "visits"));
    op.enable_row_level_security("visits");
    op.comment_on(Object::trigger("t", "visits"), Some("fires"));
    op.comment_on(Object::view("v"), Some("one"));
}

fn with_everything(record: impl FnOnce(&mut Operations)) -> Result<Schema> {
    after(|op| {
        everything(op);
        record(op);
    })
}

#[test]
fn what_is_created_is_known_and_not_created_twice() {
    let schema = with_everything(|_| ()).unwrap();
    for object in [
        Object::schema("s"),
        Object::sequence(("s", "n")),
        Object::view("v"),
        Object::materialized_view(("s", "m")),
        Object::function("f", "integer"),
        Object::procedure(("s", "p"), ""),
        Object::trigger("t", "visits"),
        Object::trigger("t", "v"),
        Object::extension("hstore"),
        Object::domain("d"),
        Object::policy("p", "visits"),
    ] {
        assert!(knows(&schema, object.clone()), "{object}");
    }
    type Twice = (fn(&mut Operations), &'static str);
    let twice: [Twice; 9] = [
        (|op| drop(op.create_schema("s")), "schema s"),
        (|op| drop(op.create_sequence(("s", "n"))), "sequence s.n"),
        (|op| drop(op.create_view(View::new("v", ""))), "view v"),
        (
            |op| drop(op.create_function(Function::new("f", "a integer DEFAULT 1"))),
            "function f(a integer DEFAULT 1)",
        ),
        (
            |op| drop(op.create_procedure(Function::new(("s", "p"), ""))),
            "procedure s.p()",
        ),
        (
            |op| drop(op.create_trigger(Trigger::new("t", "v"))),
            "trigger t on v",
        ),
        (|op| drop(op.create_extension("hstore")), "extension hstore"),
        (
            |op| op.create_domain(Domain::new("d", Type::Text)),
            "domain d",
        ),
        (
            |op| op.create_policy(Policy::new("p", "visits")),
            "policy p on visits",
        ),
    ];
    for (record, what) in twice {
        let error = with_everything(record).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot create {what}: it is there already")
        );
    }
}

#[test]
fn what_is_there_stays_or_gives_way() {
    let query = |schema: &Schema| schema.objects.views[&"v".into()].query.written.to_string();
    let kept = with_everything(|op| {
        op.create_view(View::new("v", "SELECT 2")).if_not_exists();
    });
    assert_eq!(query(&kept.unwrap()), "SELECT 1");
    let replaced = with_everything(|op| {
        op.create_view(View::new("v", "SELECT 2")).or_replace();
    });
    assert_eq!(query(&replaced.unwrap()), "SELECT 2");
}

#[test]
fn what_is_dropped_takes_its_own_along() {
    let schema = with_everything(|op| {
        op.drop_view("v");
        op.drop_function("f", "integer");
        op.drop_trigger("t", "visits");
        op.drop_extension("hstore");
        op.drop_domain("d");
        op.drop_view("unknown");
    })
    .unwrap();
    assert!(!knows(&schema, Object::trigger("t", "v")));
    assert!(!knows(&schema, Object::function("f", "integer")));
    assert!(schema.objects.comments.is_empty() && schema.objects.triggers.is_empty());

    let schema = with_everything(|op| drop(op.drop_table("visits"))).unwrap();
    assert!(schema.objects.policies.is_empty() && schema.objects.row_security.is_empty());
    assert!(schema.objects.sequences.is_empty());
    assert!(knows(&schema, Object::trigger("t", "v")) && schema.objects.comments.len() == 1);
}

#[test]
fn of_functions_of_one_name_the_one_of_these_arguments_is_meant() {
    let schema = after(|op| {
        op.create_function(Function::new("f", "integer"));
        op.create_function(Function::new("f", "text"));
        op.drop_function("f", "text");
        op.rename_function("f", "a integer", "g");
        op.create_function(Function::new("g", "text"));
        // Which one is meant cannot be told.
        op.drop_function("g", "date");
    })
    .unwrap();
    let names: Vec<_> = schema.objects.functions.keys().cloned().collect();
    let expected = [
        ("g".into(), "integer".to_string()),
        ("g".into(), "text".to_string()),
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_schema_is_dropped_empty_or_with_all_that_is_in_it() {
    refused(
        |op| {
            everything(op);
            op.drop_schema("s");
        },
        "cannot drop schema s: the materialized view s.m is in it",
    );
    let schema = with_everything(|op| {
        op.create_table(Table::new(("s", "t")).column(Column::new("id", Type::Integer)));
        op.create_enum(Enum::new(("s", "e"), ["a"]));
        op.drop_schema("s").cascade();
    })
    .unwrap();
    assert!(schema.tables.len() == 2 && schema.enums.is_empty());
    assert!(schema.inside(&"s".into()).is_empty() && schema.objects.schemas.is_empty());
    assert!(knows(&schema, Object::view("v")));
}

#[test]
fn a_new_name_is_followed() {
    let schema = with_everything(|op| {
        op.create_enum(Enum::new(("s", "e"), ["a"]));
        let e = Type::enumeration(("s", "e"), ["a"]);
        op.add_column("visits", Column::new("e", e.array()));
        op.rename_schema("s", "z");
        op.rename_enum(("z", "e"), "f");
        op.rename_view("v", "w");
        op.rename_trigger("t", "visits", "u");
        op.rename_policy("p", "visits", "q");
        op.rename_table("visits", "calls");
        op.rename_sequence(("z", "n"), "o");
        op.rename_domain("d", "c");
    })
    .unwrap();
    let objects = &schema.objects;
    let ty = &schema.table("calls").unwrap().find_column("e").unwrap().ty;
    assert_eq!(ty.written.as_enum().unwrap().name, ("z", "f").into());
    assert!(schema.enumeration(("z", "f")).is_some());
    let owner = objects.sequences[&("z", "o").into()].owned_by.as_ref();
    assert_eq!(owner.unwrap().0, "calls".into());
    for object in [
        Object::schema("z"),
        Object::view("w"),
        Object::trigger("t", "w"),
        Object::trigger("u", "calls"),
        Object::policy("q", "calls"),
        Object::materialized_view(("z", "m")),
        Object::procedure(("z", "p"), ""),
        Object::domain("c"),
    ] {
        assert!(knows(&schema, object.clone()), "{object}");
    }
    assert_eq!(objects.comments[&Object::view("w")], "one");
    assert_eq!(objects.comments[&Object::trigger("u", "calls")], "fires");
    assert!(objects.row_security[&"calls".into()].enabled);
    refused(
        |op| {
            everything(op);
            op.create_view(View::new("w", ""));
            op.rename_view("v", "w");
        },
        "cannot rename view v to w: there is a view of that name",
    );
}

#[test]
fn an_object_goes_to_another_schema() {
    let schema = with_everything(|op| {
        op.set_schema(Object::table("visits"), "s");
        op.set_schema(Object::view("v"), "s");
        op.set_schema(Object::extension("hstore"), "s");
        op.set_schema(Object::domain("unknown"), "s");
    })
    .unwrap();
    assert!(schema.table(("s", "visits")).is_some());
    assert!(knows(&schema, Object::trigger("t", ("s", "visits"))));
    assert!(knows(&schema, Object::trigger("t", ("s", "v"))));
    let extension = Extension::new("hstore").schema("s");
    assert_eq!(schema.objects.extensions[&"hstore".into()], extension);
}

#[test]
fn what_is_said_of_an_object_changes() {
    let schema = with_everything(|op| {
        op.alter_sequence(("s", "n"))
            .start(5)
            .max(9)
            .cycle()
            .owned_by_none();
        op.alter_sequence(("s", "n")).no_max().no_cycle();
        op.alter_sequence("unknown").start(1);
        op.refresh_materialized_view(("s", "m")).with_no_data();
        op.update_extension("hstore").to("2");
        op.alter_domain("d")
            .set_default("'x'")
            .set_not_null()
            .drop_constraint("ck")
            .add_check(Check::new("VALUE > 'a'").named("new").not_valid())
            .validate_constraint("new");
        op.alter_policy("p", "visits").to(["a"]).using("true");
        op.force_row_level_security("visits");
        op.disable_row_level_security("visits");
        op.disable_trigger("t", "visits");
        op.enable_trigger("t", "visits");
    })
    .unwrap();
    let objects = &schema.objects;
    assert_eq!(
        objects.sequences[&("s", "n").into()],
        Sequence::new(("s", "n")).start(5)
    );
    assert!(objects.views[&("s", "m").into()].no_data);
    assert_eq!(
        objects.extensions[&"hstore".into()].version.as_deref(),
        Some("2")
    );
    let domain = Domain::new("d", Type::Text)
        .not_null()
        .server_default("'x'");
    let check = Check::new("VALUE > 'a'").named("new");
    assert_eq!(objects.domains[&"d".into()], domain.check(check));
    let policy = &objects.policies[&("visits".into(), "p".into())];
    assert_eq!(*policy, Policy::new("p", "visits").to(["a"]).using("true"));
    assert_eq!(policy.command, PolicyCommand::All);
    let security = RowSecurity {
        enabled: false,
        forced: true,
    };
    assert_eq!(objects.row_security[&"visits".into()], security);
    refused(
        |op| {
            everything(op);
            op.alter_domain("d")
                .add_check(Check::new("true").named("ck"));
        },
        "cannot alter domain d: it has a constraint of that name",
    );
}

#[test]
fn comments_stand_where_they_are_kept() {
    let schema = after(|op| {
        op.comment_on(Object::table("visits"), Some("a"));
        op.comment_on(Object::column("visits", "cost"), Some("b"));
        op.comment_on(Object::index("ix_visits_abs"), Some("c"));
        op.comment_on(Object::constraint("pk_visits", "visits"), Some("d"));
        op.comment_on(Object::column("some_view", "x"), Some("e"));
        op.comment_on(Object::column("some_view", "x"), None);
    })
    .unwrap();
    let table = schema.table("visits").unwrap();
    assert_eq!(table.comment.as_deref(), Some("a"));
    assert_eq!(
        table.find_column("cost").unwrap().comment.as_deref(),
        Some("b")
    );
    let index = table.find_index("ix_visits_abs").unwrap();
    assert_eq!(index.comment.as_deref(), Some("c"));
    assert_eq!(schema.objects.comments.len(), 1);
    refused(
        |op| op.comment_on(Object::column("visits", "x"), None),
        "cannot comment on column visits.x: `visits` has no column `x`",
    );
}

#[test]
fn a_value_of_an_enum_type_gets_another_name() {
    let mood = |first: &str| Enum::new("mood", [first, "glad"]);
    let schema = after(|op| {
        op.create_enum(mood("it's"));
        for (name, default) in [
            ("a", "'it''s'::mood"),
            ("b", "'glad'"),
            ("c", "lower('IT''S')"),
        ] {
            op.add_column(
                "visits",
                Column::new(name, Type::Enum(mood("it's"))).server_default(default),
            );
        }
        op.rename_enum_value("mood", "it's", "so'so");
    })
    .unwrap();
    let columns = &schema.table("visits").unwrap().columns;
    let said: Vec<&str> = columns
        .iter()
        .filter_map(|it| Some(it.default.as_ref()?.written.as_str()))
        .collect();
    assert_eq!(said, ["'so''so'::mood", "'glad'", "lower('IT''S')"]);
    assert_eq!(schema.enumeration("mood"), Some(&mood("so'so")));
    assert_eq!(columns[3].ty.written.as_enum(), Some(&mood("so'so")));
    refused(
        |op| op.rename_enum_value("mood", "a", "b"),
        "cannot rename value `a` of enum type mood to `b`: there is no enum type `mood`",
    );
}
