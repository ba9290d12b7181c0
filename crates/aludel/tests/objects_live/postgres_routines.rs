//! Functions and procedures: told apart by their arguments, and the same however their attributes are said.

use super::support::{Live, some};
use aludel::prelude::*;
use aludel::schema::{Metadata, QualifiedName};

fn only(function: &Function) -> Metadata {
    Metadata::new().object(function.clone())
}

fn add() -> Function {
    Function::new("add", "a int, b int")
        .returns("int")
        .body("SELECT a + b")
}

/// All are different functions, and each is found to be itself.
#[tokio::test]
async fn functions_of_all_kinds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let all = [
        add(),
        add().body("SELECT b + a"),
        add().attribute("IMMUTABLE"),
        add().attribute("STABLE"),
        add().attribute("STRICT"),
        add().attribute("SECURITY DEFINER"),
        add().attribute("LEAKPROOF"),
        add().attribute("PARALLEL SAFE"),
        add().attribute("PARALLEL RESTRICTED"),
        add().attribute("COST 5"),
        add().attribute("SET search_path = pg_catalog, \"Other one\""),
        add().attribute("SET search_path = ''"),
        add()
            .attribute("SET work_mem = '8MB'")
            .attribute("SET my.setting = 'it''s \\'"),
        add()
            .attribute("IMMUTABLE STRICT")
            .attribute("PARALLEL SAFE COST 3"),
        add().sql_body("RETURN a + b"),
        add().sql_body("BEGIN ATOMIC SELECT 1; SELECT a + b; END"),
        add()
            .language("plpgsql")
            .body("BEGIN RETURN a + b; -- it's $$ $body1$\nEND"),
        Function {
            returns: Some("bigint".into()),
            ..add()
        },
        Function {
            arguments: "a int, b int DEFAULT 1 + 1".into(),
            ..add()
        },
        Function {
            arguments: "a int, c int".into(),
            ..add()
        },
        Function {
            arguments: "a int, INOUT b int".into(),
            returns: None,
            ..add()
        },
        Function {
            arguments: "a int, b int, OUT sum int".into(),
            ..add()
        },
        Function {
            arguments: "a int, b int".into(),
            returns: Some("SETOF visits".into()),
            ..add()
        },
        Function {
            returns: Some("TABLE (x int, \"Y\" text)".into()),
            ..add()
        }
        .attribute("ROWS 5"),
        Function {
            returns: Some("SETOF int".into()),
            ..add()
        },
        Function {
            procedure: true,
            returns: None,
            ..add()
        },
        Function {
            procedure: true,
            returns: None,
            ..add()
        }
        .attribute("SECURITY DEFINER"),
    ];
    // Not each body fits each head.
    live.execute("SET check_function_bodies = off").await;
    for (one, function) in all.iter().enumerate() {
        live.create(only(function)).await;
        let kinds = only(function).kinds();
        for (other, changed) in some(&all, one) {
            let (differences, asked) = live.differences(only(changed)).await;
            assert!(asked);
            // The functions for triggers are there as well.
            let own = differences.iter().filter(|it| it.contains(" add("));
            assert_eq!(
                own.count() == 0,
                one == other,
                "{function:?}\n{changed:?}\n{differences:?}"
            );
        }
        // What the database says of a function makes the same one.
        let schema = live.inspect(&kinds).await;
        let kind = if function.procedure {
            "PROCEDURE"
        } else {
            "FUNCTION"
        };
        live.execute(&format!("DROP {kind} add(int, int)")).await;
        let found = schema
            .objects
            .functions
            .values()
            .find(|it| *it.name.name == *"add");
        live.create(only(found.unwrap())).await;
        let again = live.inspect(&kinds).await;
        assert_eq!(again.objects, schema.objects);
        live.execute(&format!("DROP {kind} add(int, int)")).await;
    }
}

/// What is so by itself, the order of what is said, and its case are no difference.
#[tokio::test]
async fn one_function_in_many_words() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    let plain = add()
        .attribute("STABLE")
        .attribute("STRICT")
        .attribute("SET work_mem TO '8MB'");
    live.create(only(&plain)).await;
    let many = [
        Function::new("add", "IN a integer, b pg_catalog.int4")
            .returns("INTEGER")
            .language("sql"),
        Function::new("add", "\"a\" int4, B INT").returns("int4"),
        Function::new(("public", "add"), "a int , b int -- b\n").returns(" integer "),
    ];
    for function in many {
        let function = function
            .body("SELECT a + b")
            .attribute("set Work_Mem = '8MB'")
            .attribute("security invoker")
            .attribute("Returns Null On Null Input")
            .attribute("stable not leakproof")
            .attribute("PARALLEL UNSAFE")
            .attribute("COST 100");
        live.assert_same(only(&function)).await;
    }
}

#[tokio::test]
async fn overloads() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    let function = |arguments: &str, body: &str| {
        Function::new("f", arguments)
            .returns("text")
            .body(format!("SELECT '{body}'"))
    };
    let live_ones = Metadata::new()
        .object(function("", "none"))
        .object(function("int", "one"))
        .object(function("a text, b varchar(5) = 'x'", "text"))
        .object(function("VARIADIC a int[]", "many"))
        .object(function("a anyelement", "any"));
    live.create(live_ones).await;
    let model = |of_int: &str| {
        Metadata::new()
            .object(function("a anyelement", "any"))
            .object(function("integer", of_int))
            .object(function(
                "a text, b character varying DEFAULT 'x'::text",
                "text",
            ))
            .object(function("VARIADIC a integer[]", "many"))
            .object(function("", "none"))
    };
    // The default is of another type, which may or may not be the same to the database.
    let kinds = model("one").kinds();
    let there = live.inspect(&kinds).await;
    assert_eq!(there.objects.functions.len(), 5);
    let exact = |it: Metadata| it;
    let (differences, asked) = live.differences(exact(model("two"))).await;
    assert!(asked);
    let of_int = differences.iter().filter(|it| it.contains("f(integer)"));
    assert_eq!(of_int.count(), 2, "{differences:?}");
    assert!(
        !differences
            .iter()
            .any(|it| it.contains("drop function f(integer)")),
        "{differences:?}"
    );
    assert!(
        !differences
            .iter()
            .any(|it| it.contains("f()") || it.contains("VARIADIC") || it.contains("anyelement"))
    );
    // One more, and one less.
    let more = model("one").object(function("bigint", "big"));
    let (differences, _) = live.differences(more).await;
    assert!(
        differences.contains(&"create function f(bigint)".to_string()),
        "{differences:?}"
    );
}

/// A function that has changed is replaced if it can be, and made anew if not.
#[tokio::test]
async fn changes() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    live.create(only(&add())).await;
    let changed = [
        (
            add().body("SELECT 1"),
            &["create function add(a integer, b integer)"][..],
        ),
        (
            Function {
                arguments: "a int, b int DEFAULT 2".into(),
                ..add()
            },
            &["create function add(a integer, b integer DEFAULT 2)"],
        ),
        (
            Function {
                arguments: "a int, c int".into(),
                ..add()
            },
            &[
                "drop function add(a integer, b integer)",
                "create function add(a integer, c integer)",
            ],
        ),
        (
            Function {
                returns: Some("text".into()),
                ..add()
            },
            &[
                "drop function add(a integer, b integer)",
                "create function add(a integer, b integer)",
            ],
        ),
        (
            Function {
                arguments: "int, text".into(),
                ..add()
            },
            &[
                "drop function add(a integer, b integer)",
                "create function add(int, text)",
            ],
        ),
        (
            Function {
                procedure: true,
                returns: None,
                ..add()
            },
            &[
                "drop function add(a integer, b integer)",
                "create procedure add(IN a integer, IN b integer)",
            ],
        ),
        // What cannot be made there, since it needs what is not, is known by its arguments.
        (
            Function {
                returns: Some("SETOF pending".into()),
                ..add()
            },
            &[
                "drop function add(a integer, b integer)",
                "create function add(a int, b int)",
            ],
        ),
        (
            add().sql_body("RETURN pending(a)"),
            &[
                "drop function add(a integer, b integer)",
                "create function add(a int, b int)",
            ],
        ),
    ];
    for (function, operations) in changed {
        let (differences, asked) = live.differences(only(&function)).await;
        assert!(asked, "{function:?}");
        assert_eq!(differences[..operations.len()], *operations, "{function:?}");
    }
}

#[tokio::test]
async fn names_and_types_that_need_quotes_or_a_schema() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE TYPE \"Other one\".\"Mood\" AS ENUM ('a'); CREATE DOMAIN other.email AS text",
    )
    .await;
    let names: [QualifiedName; 3] = [
        "Odd \"function\"".into(),
        ("Other one", "select").into(),
        ("other", "f").into(),
    ];
    let mut model = Metadata::new();
    for name in names {
        let function = Function::new(
            name,
            "\"A b\" \"Other one\".\"Mood\" = 'a', e other.email DEFAULT 'x', v \"Other one\".\"Odd.table\" DEFAULT NULL",
        );
        model = model.object(
            function
                .returns("other.email[]")
                .body("SELECT NULL::other.email[]"),
        );
    }
    let touch = [
        Function::new("touch", ""),
        Function::new(("other", "touch"), ""),
        Function::new(("Other one", "Touch it"), ""),
    ];
    live.create(model.clone()).await;
    for function in touch {
        let function = function.returns("trigger").language("plpgsql");
        model = model.object(function.body("BEGIN RETURN NEW; END"));
    }
    live.assert_same(model).await;
}

/// Files, aggregates and what belongs to an extension are nobody's functions.
#[tokio::test]
async fn what_is_left_out() {
    let Some(mut live) = Live::empty().await else {
        return;
    };
    live.create(only(&add())).await;
    live.execute(
        "CREATE EXTENSION citext; CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int); \
         CREATE FUNCTION same(int) RETURNS int LANGUAGE internal AS 'int4abs'",
    )
    .await;
    live.assert_same(only(&add())).await;
}
