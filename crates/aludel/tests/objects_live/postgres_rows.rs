//! Triggers and policies: what is on tables, and looks at their rows.

use super::support::{Live, some};
use aludel::prelude::*;
use aludel::schema::{Deferrable, Ident, Metadata, QualifiedName, RowSecurity};

fn trigger(trigger: &Trigger) -> Metadata {
    Metadata::new().object(trigger.clone())
}

fn policy(policy: &Policy) -> Metadata {
    Metadata::new().object(policy.clone())
}

fn touch() -> Trigger {
    Trigger::new("t", "visits")
        .before()
        .update()
        .execute("touch()")
}

/// All are different, and each is found to be itself.
#[tokio::test]
async fn triggers_of_all_kinds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE VIEW seen AS SELECT id FROM visits")
        .await;
    let after = || Trigger::new("t", "visits").after().execute("touch()");
    let on_view = || Trigger::new("t", "seen").execute("touch()");
    let deferred = || after().insert().constraint();
    let all = [
        touch(),
        touch().after(),
        touch().insert(),
        touch().insert().delete(),
        Trigger {
            events: Vec::new(),
            ..touch()
        }
        .update_of(["name", "Odd \"name"]),
        Trigger {
            events: Vec::new(),
            ..touch()
        }
        .update_of(["name"])
        .insert(),
        touch().for_each_statement(),
        touch().execute("touch('a', 'it''s', '')"),
        touch().execute("other.touch()"),
        touch().execute("\"Other one\".\"Touch it\"()"),
        touch().when("OLD.* IS DISTINCT FROM NEW.*"),
        touch().when("old.name IS DISTINCT FROM new.name AND new.cost > 5"),
        touch().when("new.status IN ('planned', 'done')"),
        touch().when("pg_trigger_depth() < 1"),
        after().truncate().for_each_statement(),
        after()
            .update()
            .for_each_statement()
            .old_table("before")
            .new_table("New rows"),
        after().insert().for_each_statement().new_table("New rows"),
        deferred(),
        deferred().deferrable(Deferrable::Immediate),
        deferred().deferrable(Deferrable::Deferred),
        deferred().refers_to("patients"),
        deferred().refers_to(("Other one", "Odd.table")),
        deferred().when("NEW.\"user\" > ''"),
        on_view().instead_of().insert(),
        on_view().instead_of().insert().delete(),
        on_view().before().insert().for_each_statement(),
    ];
    for (one, it) in all.iter().enumerate() {
        live.create(trigger(it)).await;
        for (other, changed) in some(&all, one) {
            let same = live.is_same(trigger(changed)).await;
            assert_eq!(same, one == other, "{it:?}\n{changed:?}");
        }
        // What the database says of a trigger makes the same one.
        let kinds = trigger(it).kinds();
        let schema = live.inspect(&kinds).await;
        live.execute(&format!("DROP TRIGGER t ON {}", it.table))
            .await;
        live.create(trigger(schema.objects.triggers.values().next().unwrap()))
            .await;
        let again = live.inspect(&kinds).await;
        assert_eq!(again.objects, schema.objects);
        live.execute(&format!("DROP TRIGGER t ON {}", it.table))
            .await;
    }
}

#[tokio::test]
async fn one_trigger_in_many_words() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let plain = touch()
        .insert()
        .execute("touch('a', '5')")
        .when("new.name IN ('a', 'b') OR new.cost BETWEEN 1 AND 3");
    live.create(trigger(&plain)).await;
    let many = [
        (
            "Touch (A, 5)",
            "NEW.name IN ('a','b') or NEW.cost between 1 and 3 -- x",
        ),
        (
            "public.touch('a' , 005)",
            "((new.name = ANY (ARRAY['a', 'b'])) OR (new.cost >= 1 AND new.cost <= 3))",
        ),
        (
            "\"touch\"(\"a\", '5')",
            "new.name::text = 'a' OR NOT new.name <> 'b' OR new.cost BETWEEN 1 AND 3",
        ),
    ];
    for (call, when) in many {
        let mut written = Trigger::new("t", ("public", "visits"))
            .before()
            .insert()
            .update()
            .execute(call)
            .when(when);
        // A body is for the databases that take one.
        written.body = Some("SELECT 1".into());
        // The last condition means the same, and is another to the database.
        let same = live.is_same(trigger(&written)).await;
        assert_eq!(same, !when.contains("NOT"), "{call} {when}");
    }
}

#[tokio::test]
async fn what_a_trigger_holds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let it = Trigger {
        events: Vec::new(),
        ..touch()
    }
    .update_of(["name", "cost"])
    .when("new.cost > 5");
    live.create(trigger(&it)).await;
    let schema = live.inspect(&trigger(&it).kinds()).await;
    let found = schema.objects.triggers.values().next().unwrap();
    let held: Vec<String> = found
        .holds
        .0
        .iter()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(held, ["visits.cost", "visits.name"]);
}

/// Keys, partitions and constraints bring triggers of their own.
#[tokio::test]
async fn triggers_that_are_nobodys() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE TABLE parts (id int, day date) PARTITION BY RANGE (day); \
         CREATE TABLE part PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); \
         CREATE TABLE keyed (id int REFERENCES patients); \
         ALTER TABLE keyed ADD UNIQUE (id) DEFERRABLE; \
         CREATE TEMP TABLE own (id int); CREATE TRIGGER own BEFORE INSERT ON own FOR EACH ROW EXECUTE FUNCTION touch()",
    )
    .await;
    let model = Metadata::new()
        .object(
            Trigger::new("t", "parts")
                .after()
                .insert()
                .execute("touch()"),
        )
        .object(
            Trigger::new("of_part", "part")
                .after()
                .insert()
                .execute("touch()"),
        );
    live.create(model.clone()).await;
    live.assert_same(model).await;
}

/// All are different, and each is found to be itself.
#[tokio::test]
async fn policies_of_all_kinds() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let role = format!("Role {}", live.db.name());
    live.execute(&format!("CREATE ROLE \"{role}\"")).await;
    let own = || Policy::new("p", "visits").using("doctor = current_user");
    let all = [
        Policy::new("p", "visits"),
        own(),
        own().using("doctor = session_user"),
        own().command(PolicyCommand::Select),
        own().command(PolicyCommand::Update),
        own().command(PolicyCommand::Delete),
        Policy::new("p", "visits").command(PolicyCommand::Insert).with_check("cost < 5"),
        own().with_check("cost < 5"),
        own().with_check("cost < 6"),
        own().restrictive(),
        own().to([role.as_str()]),
        own().to([role.as_str(), "pg_monitor"]),
        own().to(["CURRENT_USER"]),
        own().using("name IN ('a', 'b') AND cost BETWEEN 1 AND 3"),
        own().using("EXISTS (SELECT 1 FROM patients p WHERE p.id = visits.patient AND p.doctor = current_user)"),
        own().using("EXISTS (SELECT 1 FROM visits WHERE visits.id = 1)"),
        own().using("EXISTS (SELECT 1 FROM visits v WHERE v.patient = visits.patient)"),
        own().using("patient IN (SELECT id FROM patients WHERE doctor = current_setting('my.doctor', true))"),
        own().using("visits.* IS NOT NULL"),
        own().using("\"Odd \"\"name\" = \"user\""),
    ];
    for (one, it) in all.iter().enumerate() {
        live.create(policy(it)).await;
        for (other, changed) in some(&all, one) {
            let same = live.is_same(policy(changed)).await;
            assert_eq!(same, one == other, "{it:?}\n{changed:?}");
        }
        let kinds = policy(it).kinds();
        let schema = live.inspect(&kinds).await;
        live.execute("DROP POLICY p ON visits").await;
        live.create(policy(schema.objects.policies.values().next().unwrap()))
            .await;
        let again = live.inspect(&kinds).await;
        assert_eq!(again.objects, schema.objects);
        live.execute("DROP POLICY p ON visits").await;
    }
    live.execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
        .await;
}

#[tokio::test]
async fn one_policy_in_many_words() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let plain = Policy::new("p", "visits")
        .to(["pg_monitor", "CURRENT_USER"])
        .using("name IN ('a', 'b') AND EXISTS (SELECT 1 FROM patients WHERE patients.id = visits.patient)");
    live.create(policy(&plain)).await;
    let me = live.texts("SELECT current_user::text").await.remove(0);
    let written = Policy::new("p", ("public", "visits"))
        .to([me.as_str(), "pg_monitor", "CURRENT_ROLE", "SESSION_USER"])
        .using(
            "((visits.Name = ANY (ARRAY['a','b'])) and exists \
             (select 1 from public.patients where ID = public.visits.patient)) -- x",
        );
    live.assert_same(policy(&written)).await;
    // What has changed is changed in place, and nothing else is said of it.
    let others = written.clone().to(["public"]);
    let kinds = policy(&others).kinds();
    let there = live.inspect(&kinds).await;
    let (differences, _) = live.differences(policy(&others)).await;
    assert_eq!(differences, ["alter policy p on visits"; 2]);
    live.execute("ALTER POLICY p ON visits TO PUBLIC").await;
    live.assert_same(policy(&others)).await;
    live.assert_same(policy(&others.to(["pg_monitor", "public"])))
        .await;
    let held = there
        .objects
        .policies
        .values()
        .next()
        .unwrap()
        .holds
        .0
        .iter();
    let held: Vec<String> = held
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(held, ["patients.id", "visits.name", "visits.patient"]);
}

/// A condition that needs what is not there is another; so is one that is no condition.
#[tokio::test]
async fn conditions_that_are_refused() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let plain = Policy::new("p", "visits").using("cost > 1");
    live.create(policy(&plain)).await;
    for (using, known) in [
        ("missing > 1", true),
        ("cost > missing(1)", true),
        ("cost + 1", true),
        ("cost > 1) OR (true", false),
        ("cost > 1; DROP TABLE visits", false),
    ] {
        let (differences, asked) = live.differences(policy(&plain.clone().using(using))).await;
        assert_eq!(
            (differences.len(), asked),
            (2, known),
            "{using} {differences:?}"
        );
    }
}

#[tokio::test]
async fn row_security() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let odd: QualifiedName = ("Other one", "Odd.table").into();
    let model = |visits: (bool, bool)| {
        let security = RowSecurity {
            enabled: visits.0,
            forced: visits.1,
        };
        Metadata::new()
            .object(Policy::new("Odd policy", odd.clone()).using("\"A b\" > ''"))
            .object(aludel::schema::Declared::RowSecurity(
                "visits".into(),
                security,
            ))
            .row_security(odd.clone(), true)
    };
    let states = [(false, false), (true, false), (true, true), (false, true)];
    for (number, state) in states.into_iter().enumerate() {
        if number == 0 {
            live.create(model(state)).await;
        } else {
            let word = |on: bool, off: &'static str| if on { "" } else { off };
            live.execute(&format!(
                "ALTER TABLE visits {} ROW LEVEL SECURITY; ALTER TABLE visits {} FORCE ROW LEVEL SECURITY",
                if state.0 { "ENABLE" } else { "DISABLE" },
                word(state.1, "NO"),
            ))
            .await;
        }
        for other in states {
            assert_eq!(
                live.is_same(model(other)).await,
                state == other,
                "{state:?} {other:?}"
            );
        }
    }
    // A model that says nothing of a table says that no policy holds there.
    let silent = Metadata::new()
        .object(Policy::new("Odd policy", odd.clone()).using("\"A b\" > ''"))
        .row_security(("public", "visits"), true);
    let (differences, _) = live.differences(silent).await;
    let disabled = |it: &String| it.contains("disable row level security on Other one.Odd.table");
    assert!(differences.iter().any(disabled), "{differences:?}");
}

#[tokio::test]
async fn names_and_schemas() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let odd: QualifiedName = ("Other one", "Odd.table").into();
    let name: Ident = "WHEN \"x\" EXECUTE FUNCTION".into();
    let model = |column: &str| {
        Metadata::new()
            .object(
                Trigger::new(name.clone(), odd.clone())
                    .before()
                    .update_of(["A b"])
                    .when(format!(
                        "NEW.\"A b\" > 'EXECUTE FUNCTION x()' AND new.{column} > 0"
                    ))
                    .execute("\"Other one\".\"Touch it\"('WHEN (')"),
            )
            .object(
                Policy::new(name.clone(), odd.clone()).using(format!("\"Odd.table\".{column} > 0")),
            )
            .object(
                Trigger::new("t", ("other", "visits"))
                    .after()
                    .delete()
                    .execute("touch()"),
            )
    };
    live.create(model("id")).await;
    live.execute(
        "COMMENT ON TRIGGER \"WHEN \"\"x\"\" EXECUTE FUNCTION\" ON \"Other one\".\"Odd.table\" IS 'a'; \
         COMMENT ON POLICY \"WHEN \"\"x\"\" EXECUTE FUNCTION\" ON \"Other one\".\"Odd.table\" IS 'b'",
    )
    .await;
    live.assert_same(model("id")).await;
    let comments = live.inspect(&model("id").kinds()).await.objects.comments;
    assert_eq!(comments.len(), 2, "{comments:?}");
    let (differences, asked) = live.differences(model("missing")).await;
    assert!(asked && !differences.is_empty());
    assert!(
        differences.iter().all(|it| it.contains("WHEN")),
        "{differences:?}"
    );
}
