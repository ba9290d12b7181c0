//! Schemas, sequences, views, functions, triggers, extensions, domains, policies, comments: created, changed, seen in the catalog,
//! and undone.

use super::support::Live;
use aludel::prelude::*;
use aludel::schema::Schema;

const TABLES: &str = r#"CREATE TABLE visits (id integer PRIMARY KEY, name text, cost integer);
    INSERT INTO visits VALUES (1, 'a', 5), (2, 'b', 7);
    CREATE SCHEMA "Other"; CREATE TABLE "Other".t (id integer, "user" text);"#;

/// What there is beside tables and their types, in the catalog's words.
const CATALOG: &str = "
    SELECT concat_ws(' ', VARIADIC facts) AS it FROM (
    SELECT ARRAY['schema', nspname::text] AS facts, oid FROM pg_namespace
    UNION ALL SELECT ARRAY['relation', oid::regclass::text, relkind::text], relnamespace FROM pg_class
      WHERE relkind IN ('S', 'v', 'm')
    UNION ALL SELECT ARRAY['function', oid::regprocedure::text, prokind::text], pronamespace FROM pg_proc
    UNION ALL SELECT ARRAY['trigger', tgname::text, tgrelid::regclass::text, tgenabled::text], 0 FROM pg_trigger
    UNION ALL SELECT ARRAY['extension', extname::text, extnamespace::regnamespace::text], 0 FROM pg_extension
    UNION ALL SELECT ARRAY['type', oid::regtype::text, typtype::text], typnamespace FROM pg_type
      WHERE typtype IN ('d', 'e')
    UNION ALL SELECT ARRAY['policy', polname::text, polrelid::regclass::text], 0 FROM pg_policy
    UNION ALL SELECT ARRAY['security', oid::regclass::text, relrowsecurity::text, relforcerowsecurity::text], 0
      FROM pg_class WHERE relrowsecurity OR relforcerowsecurity
    UNION ALL SELECT ARRAY['comment', description], 0 FROM pg_description WHERE objoid >= 16384
    ) AS found (facts, of)
    WHERE NOT EXISTS (SELECT FROM pg_namespace n WHERE n.oid = of AND nspname ~ '^(pg_|information_schema)')
    ORDER BY 1";

async fn live() -> Option<Live> {
    let mut live = Live::start().await?;
    live.execute(TABLES).await;
    Some(live)
}

async fn done(live: &mut Live, record: impl FnOnce(&mut Operations)) {
    if let Err(error) = live.upgrade(record).await {
        panic!("{error:?}");
    }
}

async fn catalog(live: &mut Live) -> Vec<String> {
    let rows = live.connection.fetch(CATALOG).await.unwrap();
    rows.iter().map(|it| it.get("it").unwrap()).collect()
}

/// Runs the one, tells what the catalog has more then, runs the other, and holds that nothing is left of either.
async fn there_and_back(
    live: &mut Live,
    up: impl FnOnce(&mut Operations),
    down: impl FnOnce(&mut Operations),
) -> Vec<String> {
    let before = catalog(live).await;
    done(live, up).await;
    let mut more = catalog(live).await;
    more.retain(|it| !before.contains(it));
    done(live, down).await;
    assert_eq!(catalog(live).await, before);
    more
}

#[tokio::test]
async fn schemas() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_schema("order");
            op.create_schema("order").if_not_exists();
            op.create_table(Table::new(("order", "t")).column(Column::new("id", Type::Integer)));
            op.rename_schema("order", "The \"order\"");
            op.set_schema(Object::table("visits"), "The \"order\"");
        },
        |op| {
            op.set_schema(Object::table(("The \"order\"", "visits")), "public");
            op.drop_schema("The \"order\"").cascade();
            op.drop_schema("The \"order\"").if_exists();
        },
    )
    .await;
    assert_eq!(more, ["schema The \"order\""]);
    assert_eq!(live.text("SELECT count(*) FROM visits").await, "2");
    let full = live.upgrade(|op| drop(op.drop_schema("Other"))).await;
    assert!(format!("{:?}", full.unwrap_err()).contains("2BP01"));
}

#[tokio::test]
async fn sequences() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_sequence("n");
            op.create_sequence("n").if_not_exists();
            op.rename_sequence("n", "Numbers");
            op.set_schema(Object::sequence("Numbers"), "Other");
        },
        |op| {
            op.drop_sequence(("Other", "Numbers"));
        },
    )
    .await;
    assert_eq!(more, ["relation \"Other\".\"Numbers\" S"]);
    let next = "SELECT nextval('n') FROM generate_series(1, 3)";
    done(&mut live, |op| {
        op.create_sequence(
            Sequence::new("n")
                .start(10)
                .increment(5)
                .min(0)
                .max(15)
                .cycle(),
        );
    })
    .await;
    assert_eq!(live.texts(next).await, ["10", "15", "0"]);
    done(&mut live, |op| {
        op.alter_sequence("n")
            .increment(-1)
            .max(200)
            .restart_with(100)
            .no_cycle()
            .cache(1)
            .set_type(Type::SmallInteger)
            .owned_by("visits", "id");
        op.alter_sequence("n").start(7);
    })
    .await;
    assert_eq!(live.texts(next).await, ["100", "99", "98"]);
    let facts = "SELECT seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcycle FROM pg_sequence WHERE seqrelid = 'n'::regclass";
    assert_eq!(live.text(facts).await, "smallint,7,-1,200,0,f");
    done(&mut live, |op| {
        op.alter_sequence("n").restart().owned_by_none().no_min();
        op.drop_column("visits", "id");
    })
    .await;
    assert_eq!(live.text("SELECT nextval('n')").await, "7");
    done(&mut live, |op| {
        op.alter_sequence("n").increment(1).no_max();
    })
    .await;
    assert_eq!(live.text(facts).await, "smallint,7,1,32767,-32768,f");
}

#[tokio::test]
async fn views() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_view(
                View::new("v", "SELECT id, name FROM visits WHERE cost > 6 -- dear")
                    .columns(["id", "order"]),
            );
            op.create_view(
                View::new(
                    "v",
                    "SELECT id, name AS \"order\", cost FROM visits WHERE cost > 6 -- dear",
                )
                .security_barrier()
                .check_option(ViewCheck::Local),
            )
            .or_replace();
            op.create_view(View::new("w", "SELECT id FROM v;"));
            op.rename_view("v", "The v");
            op.set_schema(Object::view("w"), "Other");
        },
        |op| {
            op.drop_view("The v").cascade();
            op.drop_view(("Other", "w")).if_exists();
        },
    )
    .await;
    assert_eq!(more, ["relation \"Other\".w v", "relation \"The v\" v"]);
    done(&mut live, |op| {
        op.create_view(
            View::new("v", "SELECT id, cost FROM visits WHERE cost > 6")
                .check_option(ViewCheck::Cascaded),
        );
    })
    .await;
    let refused = live.connection.execute("INSERT INTO v VALUES (3, 1)").await;
    assert!(refused.unwrap_err().to_string().contains("check option"));
    let with_rights = View::new("w", "SELECT id FROM visits").security_invoker();
    let created = live.upgrade(|op| drop(op.create_view(with_rights))).await;
    let major: u32 = live
        .text("SELECT current_setting('server_version_num')::int / 10000")
        .await
        .parse()
        .unwrap();
    assert_eq!(created.is_ok(), major >= 15);
    if major < 15 {
        assert!(matches!(created, Err(Error::Unsupported { .. })));
    }
}

#[tokio::test]
async fn materialized_views() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            let view =
                View::new(("Other", "m"), "SELECT id FROM visits").option("fillfactor", "70");
            op.create_materialized_view(view.clone().with_no_data());
            op.create_materialized_view(view).if_not_exists();
            op.rename_materialized_view(("Other", "m"), "The m");
            op.set_schema(Object::materialized_view(("Other", "The m")), "public");
        },
        |op| {
            op.drop_materialized_view("The m");
        },
    )
    .await;
    assert_eq!(more, ["relation \"The m\" m"]);
    done(&mut live, |op| {
        op.create_materialized_view(View::new("m", "SELECT id AS n FROM visits").columns(["n"]));
        op.execute("CREATE UNIQUE INDEX ix ON m (n); INSERT INTO visits VALUES (3, 'c', 1)");
    })
    .await;
    assert_eq!(live.text("SELECT count(*) FROM m").await, "2");
    done(&mut live, |op| drop(op.refresh_materialized_view("m"))).await;
    assert_eq!(live.text("SELECT count(*) FROM m").await, "3");
    live.execute("DELETE FROM visits").await;
    // It is no different inside a transaction.
    done(&mut live, |op| {
        op.execute("BEGIN");
        op.refresh_materialized_view("m").concurrently();
        op.execute("COMMIT");
    })
    .await;
    assert_eq!(live.text("SELECT count(*) FROM m").await, "0");
    done(&mut live, |op| {
        drop(op.refresh_materialized_view("m").with_no_data())
    })
    .await;
    assert!(live.connection.fetch("SELECT * FROM m").await.is_err());
}

#[tokio::test]
async fn functions_and_procedures() {
    let Some(mut live) = live().await else { return };
    let tricky = "SELECT '$$' || '$body1$' || a || E'\\n;' || '$";
    let more = there_and_back(
        &mut live,
        |op| {
            let function =
                Function::new(("Other", "F"), "a text, b integer DEFAULT 1").returns("text");
            op.create_function(
                function
                    .clone()
                    .body("SELECT 1::text")
                    .attribute("IMMUTABLE"),
            );
            op.create_function(function.body(format!("{tricky}'")))
                .or_replace();
            op.create_procedure(
                Function::new("p", "before integer").body("DELETE FROM visits WHERE id < before"),
            );
            op.rename_function(("Other", "F"), "text, integer", "f");
            op.rename_procedure("p", "integer", "The p");
            op.set_schema(Object::function(("Other", "f"), "text, integer"), "public");
        },
        |op| {
            op.drop_function("f", "a text, b integer").if_exists();
            op.drop_procedure("The p", "integer").cascade();
            op.drop_function("f", "").if_exists();
        },
    )
    .await;
    assert_eq!(
        more,
        [
            "function \"The p\"(integer) p",
            "function f(text,integer) f"
        ]
    );
    done(&mut live, |op| {
        op.create_function(
            Function::new("f", "a text")
                .returns("text")
                .body(format!("{tricky}'")),
        );
        op.create_function(
            Function::new("g", "")
                .returns("text")
                .body("SELECT 1::text AS a$"),
        );
        op.create_procedure(
            Function::new("p", "before integer").body("DELETE FROM visits WHERE id < before"),
        );
    })
    .await;
    let body = "SELECT prosrc FROM pg_proc WHERE proname = 'f'";
    let rows = live.connection.fetch(body).await.unwrap();
    assert_eq!(
        rows[0].get::<String>("prosrc").unwrap(),
        format!("{tricky}'")
    );
    assert_eq!(live.text("SELECT f('x') = E'$$$body1$x\\n;$'").await, "t");
    live.execute("CALL p(2)").await;
    assert_eq!(live.texts("SELECT id FROM visits").await, ["2"]);
    let sum = Function::new("plus", "a int, b int")
        .returns("int")
        .sql_body("RETURN a + b;");
    let created = live.upgrade(|op| drop(op.create_function(sum))).await;
    match created {
        Ok(()) => assert_eq!(live.text("SELECT plus(1, 2)").await, "3"),
        Err(error) => assert!(matches!(error, Error::Unsupported { .. })),
    }
}

fn touch() -> Function {
    let body = "BEGIN NEW.name := NEW.name || TG_ARGV[0]; RETURN NEW; END";
    Function::new("touch", "")
        .returns("trigger")
        .language("plpgsql")
        .body(body)
}

#[tokio::test]
async fn triggers() {
    let Some(mut live) = live().await else { return };
    done(&mut live, |op| drop(op.create_function(touch()))).await;
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_trigger(
                Trigger::new("The trigger", "visits")
                    .before()
                    .insert()
                    .update_of(["cost"])
                    .when("NEW.cost > 0 -- only then")
                    .execute("touch('!')"),
            );
            op.rename_trigger("The trigger", "visits", "u");
            op.create_view(View::new("v", "SELECT * FROM visits"));
            op.create_trigger(
                Trigger::new("instead", "v")
                    .instead_of()
                    .delete()
                    .execute("touch('')"),
            );
            op.create_trigger(
                Trigger::new("c", ("Other", "t"))
                    .delete()
                    .constraint()
                    .refers_to("visits")
                    .deferrable(Deferrable::Deferred)
                    .execute("touch('')"),
            );
            op.create_trigger(
                Trigger::new("s", ("Other", "t"))
                    .update()
                    .for_each_statement()
                    .old_table("before")
                    .new_table("after")
                    .execute("touch('')"),
            );
            op.create_trigger(
                Trigger::new("e", ("Other", "t"))
                    .before()
                    .truncate()
                    .for_each_statement()
                    .execute("touch('')"),
            );
            op.enable_trigger("c", ("Other", "t")).always();
            op.enable_trigger("s", ("Other", "t")).on_replica();
            op.disable_trigger("e", ("Other", "t"));
            op.execute("UPDATE visits SET cost = cost - 5");
        },
        |op| {
            op.drop_trigger("u", "visits");
            op.drop_view("v");
            for name in ["c", "s", "e", "none"] {
                op.drop_trigger(name, ("Other", "t")).if_exists();
            }
        },
    )
    .await;
    assert_eq!(
        more,
        [
            "relation v v",
            "trigger c \"Other\".t A",
            "trigger e \"Other\".t D",
            "trigger instead v O",
            "trigger s \"Other\".t R",
            "trigger u visits O",
        ]
    );
    assert_eq!(
        live.texts("SELECT name FROM visits ORDER BY id").await,
        ["a", "b!"]
    );
    let replace = live
        .upgrade(|op| {
            let trigger = Trigger::new("u", "visits")
                .before()
                .update()
                .execute("touch('?')");
            op.create_trigger(trigger.clone());
            op.create_trigger(trigger).or_replace();
            op.disable_trigger("u", "visits");
            op.execute("UPDATE visits SET cost = 1");
            op.enable_trigger("u", "visits");
            op.execute("UPDATE visits SET cost = 2 WHERE id = 1");
        })
        .await;
    match replace {
        Ok(()) => assert_eq!(
            live.texts("SELECT name FROM visits ORDER BY id").await,
            ["a?", "b!"]
        ),
        Err(error) => assert!(matches!(error, Error::Unsupported { .. })),
    }
}

#[tokio::test]
async fn extensions() {
    let Some(mut live) = live().await else { return };
    let ready = "SELECT default_version FROM pg_available_extensions WHERE name = 'hstore'";
    let Some(version) = live.texts(ready).await.pop() else {
        return;
    };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_extension(
                Extension::new("hstore")
                    .schema("Other")
                    .version(version.clone()),
            );
            op.create_extension("hstore").if_not_exists();
            op.update_extension("hstore").to(version.clone());
            op.update_extension("hstore");
            op.comment_on(Object::extension("hstore"), Some("pairs"));
        },
        |op| {
            op.drop_extension("hstore");
            op.drop_extension("hstore").if_exists().cascade();
        },
    )
    .await;
    assert!(
        more.contains(&"extension hstore \"Other\"".to_string()),
        "{more:?}"
    );
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_extension(Extension::new("hstore").cascade());
            op.set_schema(Object::extension("hstore"), "Other");
        },
        |op| drop(op.drop_extension("hstore")),
    )
    .await;
    assert!(
        more.contains(&"extension hstore \"Other\"".to_string()),
        "{more:?}"
    );
}

#[tokio::test]
async fn domains() {
    let Some(mut live) = live().await else { return };
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_domain(
                Domain::new("email", Type::Text)
                    .collation("C")
                    .server_default("'a@b'")
                    .not_null()
                    .check(Check::new("VALUE LIKE '%@%'").named("ck_at"))
                    .check(Check::new("VALUE <> ''")),
            );
            op.rename_domain("email", "The email");
            op.set_schema(Object::domain("The email"), "Other");
        },
        |op| {
            op.drop_domain(("Other", "The email"));
            op.drop_domain("email").if_exists().cascade();
        },
    )
    .await;
    assert_eq!(more, ["type \"Other\".\"The email\" d"]);
    done(&mut live, |op| {
        op.create_domain(
            Domain::new("word", Type::Varchar(9))
                .not_null()
                .server_default("'x'"),
        );
        op.add_column("visits", Column::new("word", Type::custom("word")));
        op.alter_domain("word")
            .drop_not_null()
            .set_default("'y'")
            .add_check(Check::new("VALUE <> 'x'").named("The check").not_valid());
    })
    .await;
    let facts = "SELECT typnotnull, typdefault, (SELECT string_agg(conname || convalidated, ',') FROM pg_constraint WHERE contypid = t.oid) \
                 FROM pg_type t WHERE typname = 'word'";
    assert_eq!(
        live.text(facts).await,
        "f,\"'y'::character varying\",\"The checkfalse\""
    );
    live.execute("INSERT INTO visits (id) VALUES (3)").await;
    let values = "SELECT word FROM visits ORDER BY id";
    assert_eq!(live.texts(values).await, ["x", "x", "y"]);
    let refused = live.upgrade(|op| drop(op.alter_domain("word").validate_constraint("The check")));
    assert!(format!("{:?}", refused.await.unwrap_err()).contains("23514"));
    done(&mut live, |op| {
        op.execute("UPDATE visits SET word = 'z' WHERE word = 'x'");
        op.alter_domain("word").validate_constraint("The check");
        op.comment_on(Object::domain_constraint("The check", "word"), Some("no x"));
        op.alter_domain("word")
            .drop_constraint("The check")
            .set_not_null()
            .drop_default();
    })
    .await;
    assert_eq!(live.text(facts).await, "t,,");
}

#[tokio::test]
async fn policies() {
    let Some(mut live) = live().await else { return };
    live.execute(
        "DO $$ BEGIN CREATE ROLE \"aludel reader\"; EXCEPTION WHEN duplicate_object THEN END $$;
         GRANT SELECT, INSERT ON visits TO \"aludel reader\"",
    )
    .await;
    let more = there_and_back(
        &mut live,
        |op| {
            op.create_policy(Policy::new("all", "visits").using("cost > 6 -- dear"));
            op.create_policy(
                Policy::new("The own", ("Other", "t"))
                    .restrictive()
                    .command(PolicyCommand::Update)
                    .to(["CURRENT_USER", "aludel reader", "public"])
                    .using("id = 1")
                    .with_check("id = 2"),
            );
            op.rename_policy("The own", ("Other", "t"), "own");
            op.enable_row_level_security("visits");
            op.force_row_level_security("visits");
        },
        |op| {
            op.no_force_row_level_security("visits");
            op.disable_row_level_security("visits");
            op.drop_policy("all", "visits");
            op.drop_policy("own", ("Other", "t")).if_exists();
            op.drop_policy("own", "visits").if_exists().cascade();
        },
    )
    .await;
    assert_eq!(
        more,
        [
            "policy all visits",
            "policy own \"Other\".t",
            "security visits true true"
        ]
    );
    let seen = "SELECT id FROM visits ORDER BY id";
    let as_reader = async |live: &mut Live| {
        live.execute("SET ROLE \"aludel reader\"").await;
        let rows = live.texts(seen).await;
        live.execute("RESET ROLE").await;
        rows
    };
    assert_eq!(as_reader(&mut live).await, ["1", "2"]);
    done(&mut live, |op| {
        op.create_policy(
            Policy::new("dear", "visits")
                .command(PolicyCommand::Select)
                .using("cost > 6"),
        );
        op.enable_row_level_security("visits");
    })
    .await;
    assert_eq!(as_reader(&mut live).await, ["2"]);
    done(&mut live, |op| {
        op.alter_policy("dear", "visits")
            .to(["aludel reader"])
            .using("cost < 6");
    })
    .await;
    assert_eq!(as_reader(&mut live).await, ["1"]);
    done(&mut live, |op| {
        op.alter_policy("dear", "visits").to(["pg_monitor"]);
    })
    .await;
    assert_eq!(as_reader(&mut live).await, [] as [&str; 0]);
    live.execute("DROP OWNED BY \"aludel reader\"").await;
}

#[tokio::test]
async fn comments() {
    let Some(mut live) = live().await else { return };
    done(&mut live, |op| {
        op.create_view(View::new("v", "SELECT 1 AS one"));
        op.create_materialized_view(View::new("m", "SELECT 1 AS one"));
        op.create_sequence("s");
        op.create_function(touch());
        op.create_procedure(Function::new("p", "a integer").body("SELECT 1"));
        op.create_trigger(
            Trigger::new("t", "visits")
                .before()
                .insert()
                .execute("touch('')"),
        );
        op.create_policy(Policy::new("p", ("Other", "t")));
        op.create_domain(Domain::new("d", Type::Text).check(Check::new("VALUE > ''").named("ck")));
        op.create_enum(Enum::new("mood", ["a"]));
        op.create_index("ix", ("Other", "t"), ["id"]);
        op.create_check_constraint("ck", ("Other", "t"), "id > 0");
    })
    .await;
    let objects = [
        Object::schema("Other"),
        Object::table(("Other", "t")),
        Object::column(("Other", "t"), "user"),
        Object::column("v", "one"),
        Object::index(("Other", "ix")),
        Object::constraint("ck", ("Other", "t")),
        Object::view("v"),
        Object::materialized_view("m"),
        Object::sequence("s"),
        Object::function("touch", ""),
        Object::procedure("p", "a integer"),
        Object::ty("mood"),
        Object::domain("d"),
        Object::domain_constraint("ck", "d"),
        Object::trigger("t", "visits"),
        Object::policy("p", ("Other", "t")),
    ];
    let count = objects.len();
    let more = there_and_back(
        &mut live,
        |op| {
            for object in objects.clone() {
                let text = format!("it's \\ {object}");
                op.comment_on(object, Some(&text));
            }
        },
        |op| {
            for object in objects.clone() {
                op.comment_on(object, None);
            }
        },
    )
    .await;
    assert_eq!(more.len(), count, "{more:#?}");
    assert!(
        more.iter().all(|it| it.starts_with("comment it's ")),
        "{more:#?}"
    );
}

#[tokio::test]
async fn enum_types_and_their_values_are_renamed() {
    let Some(mut live) = live().await else { return };
    let mood = || Enum::new("mood", ["it's", "glad"]);
    done(&mut live, |op| {
        op.create_enum(mood());
        op.add_column(
            "visits",
            Column::new("mood", Type::Enum(mood())).server_default("'it''s'"),
        );
        op.create_index("ix", "visits", ["id"])
            .predicate("mood = 'it''s'");
    })
    .await;
    let mut expected = live.inspect().await;
    let before = expected.clone();
    let up = |op: &mut Operations| {
        op.rename_enum_value("mood", "it's", "so-so");
        op.rename_enum("mood", "The mood");
    };
    done(&mut live, up).await;
    assert_eq!(
        live.texts("SELECT mood FROM visits").await,
        ["so-so", "so-so"]
    );
    let mut op = Operations::new(aludel::db::Kind::Postgres);
    up(&mut op);
    for recorded in op.into_recorded() {
        recorded.operation.apply(&mut expected).unwrap();
    }
    let columns = |schema: &Schema| {
        schema.table("visits").unwrap().columns[3]
            .ty
            .written
            .clone()
    };
    let found = live.inspect().await;
    assert_eq!(found.enums, expected.enums);
    assert_eq!(columns(&found), columns(&expected));
    done(&mut live, |op| {
        op.set_schema(Object::ty("The mood"), "Other");
        op.set_schema(Object::ty(("Other", "The mood")), "public");
        op.rename_enum("The mood", "mood");
        op.rename_enum_value("mood", "so-so", "it's");
    })
    .await;
    assert_eq!(live.inspect().await, before);
}
