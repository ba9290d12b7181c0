//! Views, whose queries the database rewrites, and sequences.

use super::support::Live;
use super::{all, compared, create, is_a_change, live, look, model, there_and_back};
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Declared, ObjectKind};

fn views() -> Vec<Declared> {
    let query = "-- open\nSELECT id, v.name n, `the order`, 'it''s \\\\ 😀' AS \"a lit\"\nFROM visits AS v WHERE id > 1 AND (name = 'é' OR name <> \"x\");";
    vec![
        View::new("open", query).into(),
        View::new("the `view`", "SELECT id, count(*) FROM open GROUP BY 1 HAVING COUNT(*) > 0")
            .columns(["one", "two x"])
            .security_invoker()
            .into(),
        View::new("checked", "SELECT * FROM visits WHERE id BETWEEN 1 AND 10")
            .option("algorithm", "MERGE")
            .check_option(ViewCheck::Local)
            .into(),
        View::new("cascaded", "select `visits`.`id` from `visits` where `id` <> 2 -- last")
            .check_option(ViewCheck::Cascaded)
            .option("security_invoker", "false")
            .option("algorithm", "undefined")
            .into(),
        View::new("select", "WITH c AS (SELECT id FROM visits) SELECT c.id, l.what FROM c LEFT JOIN `a log` l ON l.what = c.id ORDER BY 1 LIMIT 3")
            .option("algorithm", "temptable")
            .into(),
        View::new("union", "SELECT 1 AS a UNION ALL SELECT CAST(id AS CHAR(3)) FROM checked").into(),
        View::new("nothing", "SELECT CURRENT_TIMESTAMP, IF(1, NULL, x'00') x, CASE WHEN id THEN 'END' END FROM visits").into(),
    ]
}

fn sequences() -> Vec<Declared> {
    vec![
        Sequence::new("plain").into(),
        Sequence::new("the numbers")
            .start(10)
            .increment(5)
            .min(0)
            .max(15)
            .cycle()
            .cache(10)
            .into(),
        Sequence::new("down").increment(-1).into(),
        Sequence::new("low")
            .increment(-2)
            .max(10)
            .min(-5)
            .cache(0)
            .into(),
        Sequence::new("said")
            .start(1)
            .increment(1)
            .min(1)
            .max(i64::MAX - 1)
            .cache(1000)
            .into(),
    ]
}

#[tokio::test]
async fn views_are_equal_to_what_they_were_made_of() {
    let Some(mut live) = live().await else { return };
    there_and_back(&mut live, views()).await;
}

/// The same views, as other hands write them.
#[tokio::test]
async fn other_spellings_are_equal() {
    let Some(mut live) = live().await else { return };
    create(&mut live, views()).await;
    let own = live.text("SELECT DATABASE()").await;
    let others: Vec<Declared> = vec![
        View::new(
            (own.as_str(), "open"),
            "select `visits`.id as id, visits.name as n, visits.`the order` as `the order`, \"it's \\\\ 😀\" as 'a lit' from visits where visits.id>1 and (visits.name='é' or visits.name!='x')"
                .replace("visits.", "v.").replace("`visits`.", "`v`.").replace("from visits", "from visits v"),
        )
        .into(),
        View::new("the `view`", format!("SELECT id one, COUNT(*) AS `two x` FROM `{own}`.open GROUP BY 1 HAVING count(0) > 0"))
            .security_invoker()
            .into(),
        View::new("checked", "SELECT id, `the order`, name FROM visits WHERE (id between 1 and 10)")
            .option("algorithm", "merge")
            .check_option(ViewCheck::Local)
            .into(),
        View::new("cascaded", "SELECT id FROM visits WHERE id != 2")
            .check_option(ViewCheck::Cascaded)
            .into(),
        View::new("select", "with c as (select visits.id from visits) select c.id as id, l.what as what from c left join `a log` as l on (l.what = c.id) order by c.id limit 0, 3")
            .option("algorithm", "TempTable")
            .into(),
        View::new("union", "SELECT 1 `a` UNION ALL (SELECT CAST(id AS CHAR(3) CHARACTER SET utf8mb4) FROM checked)").into(),
        View::new("nothing", "SELECT now() AS `CURRENT_TIMESTAMP`, IF(1, NULL, 0x00) AS x, CASE WHEN id THEN 'END' END FROM visits").into(),
    ];
    let (model, there, asked) = compared(&mut live, others).await;
    assert!(asked);
    for (name, view) in &there.objects.views {
        // `0x00` and `CHARACTER SET` are other texts to the database, too.
        let is_other = ["nothing", "union", "select"].contains(&name.name.as_str());
        assert!(
            is_other || model.objects.views.get(name) == Some(view),
            "{:?}\n{view:?}",
            model.objects.views.get(name)
        );
    }
    assert_eq!(model.objects.views.len(), there.objects.views.len());
}

#[tokio::test]
async fn what_was_changed_is_not_equal() {
    let Some(mut live) = live().await else { return };
    create(&mut live, views()).await;
    let checked = || View::new("checked", "SELECT * FROM visits WHERE id BETWEEN 1 AND 10");
    let merge = || checked().option("algorithm", "merge");
    let changed = [
        View::new("checked", "SELECT * FROM visits WHERE id BETWEEN 1 AND 11")
            .option("algorithm", "merge")
            .check_option(ViewCheck::Local),
        View::new(
            "checked",
            "SELECT id, name FROM visits WHERE id BETWEEN 1 AND 10",
        )
        .option("algorithm", "merge")
        .check_option(ViewCheck::Local),
        merge(),
        merge().check_option(ViewCheck::Cascaded),
        checked().check_option(ViewCheck::Local),
        merge().check_option(ViewCheck::Local).security_invoker(),
        merge()
            .check_option(ViewCheck::Local)
            .columns(["id", "b", "c"]),
        merge()
            .check_option(ViewCheck::Local)
            .option("definer", "'other'@'%'"),
        // What cannot be made here is another view.
        View::materialized("checked", "SELECT * FROM visits"),
        View::new("checked", "SELECT missing FROM visits"),
        View::new("checked", "SELECT id FROM missing"),
        View::new("checked", "SELECT missing(id) FROM visits"),
        View::new("checked", "SELECT FROM"),
        View::new("nothing", "SELECT 1"),
        View::new("select", "SELECT 1").option("algorithm", "temptable"),
    ];
    for view in changed {
        is_a_change(&mut live, &views(), view.into()).await;
    }
    let same = merge()
        .check_option(ViewCheck::Local)
        .option("definer", "CURRENT_USER");
    let mut objects = views();
    objects[2] = same.into();
    let (model, there, asked) = compared(&mut live, objects).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
}

#[tokio::test]
async fn a_view_that_is_broken_is_seen() {
    let Some(mut live) = live().await else { return };
    live.execute("CREATE TABLE gone (id integer); CREATE VIEW broken AS SELECT id FROM gone; DROP TABLE gone")
        .await;
    let declared = View::new("broken", "SELECT id FROM gone");
    let (model, there, _) = compared(&mut live, [declared.into()]).await;
    assert!(there.objects.views.contains_key(&"broken".into()));
    assert_ne!(model.objects, there.objects);
    live.execute("CREATE TABLE gone (id integer)").await;
    let declared = View::new("broken", "SELECT id FROM gone");
    let (model, there, asked) = compared(&mut live, [declared.into()]).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
}

#[tokio::test]
async fn another_database_has_its_own() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    // On a server of its own: the databases of other tests come and go.
    let server = aludel_testdb::MariaDbServer::start(aludel_testdb::Auth::Trust).unwrap();
    let mut live = Live::on(server.database().unwrap()).await;
    live.execute("CREATE TABLE visits (id integer PRIMARY KEY)")
        .await;
    let own = live.text("SELECT DATABASE()").await;
    let other = format!("{own} other");
    live.execute(&format!(
        "CREATE DATABASE `{other}`; CREATE TABLE `{other}`.t (id integer);
         CREATE VIEW `{other}`.of_here AS SELECT id FROM visits;
         CREATE VIEW `{other}`.of_there AS SELECT id FROM `{other}`.t;
         CREATE VIEW of_both AS SELECT visits.id FROM visits JOIN `{other}`.t ON t.id = visits.id;
         CREATE TRIGGER `{other}`.g BEFORE INSERT ON `{other}`.t FOR EACH ROW SET NEW.id = 1;
         CREATE PROCEDURE `{other}`.p() SELECT 1;
         CREATE SEQUENCE `{other}`.s"
    ))
    .await;
    let here = all(&mut live).await.objects;
    assert_eq!(here.views.len(), 1);
    assert!(here.triggers.is_empty() && here.functions.is_empty() && here.schemas.is_empty());
    let scopes = [
        Scope::Schemas(vec![other.clone(), own.clone()]),
        Scope::Everything,
    ];
    let there = |name: &str| (other.clone(), name.to_string());
    for scope in scopes {
        let found = look(&mut live, &scope, &ObjectKind::ALL).await.unwrap();
        let schemas = found.objects.schemas.iter().map(|it| it.as_str());
        let found_own: Vec<&str> = schemas.filter(|it| it.starts_with(&own)).collect();
        assert_eq!(found_own, [other.as_str()]);
        let mut declared = model([
            View::new(there("of_here"), "SELECT id FROM visits").into(),
            View::new(there("of_there"), format!("SELECT id FROM `{other}`.t")).into(),
            View::new(
                (own.as_str(), "of_both"),
                format!("SELECT v.id FROM visits v JOIN `{other}`.t ON v.id = t.id")
                    .replace("v.", "visits.")
                    .replace(" v ", " "),
            )
            .into(),
            Trigger::new("g", there("t"))
                .before()
                .insert()
                .body("SET NEW.id = 1")
                .into(),
            Function::procedure(there("p"), "").body("SELECT 1").into(),
            Sequence::new(there("s")).into(),
        ]);
        live.dialect.normalize(&mut declared);
        let asked = live
            .dialect
            .canonicalize_objects(&mut live.connection, &mut declared, &found);
        assert!(asked.await.unwrap());
        let (mine, found) = (declared.objects, found.objects);
        for name in ["of_here", "of_there"].map(|it| there(it).into()) {
            assert_eq!(mine.views.get(&name), found.views.get(&name));
        }
        // The condition stands the other way round.
        assert!(mine.views.contains_key(&"of_both".into()));
        assert_ne!(
            mine.views.get(&"of_both".into()),
            found.views.get(&"of_both".into())
        );
        let trigger = (there("t").into(), "g".into());
        assert_eq!(mine.triggers.get(&trigger), found.triggers.get(&trigger));
        let function = (there("p").into(), String::new());
        assert_eq!(
            mine.functions.get(&function),
            found.functions.get(&function)
        );
        let sequence = there("s").into();
        assert_eq!(
            mine.sequences.get(&sequence),
            found.sequences.get(&sequence)
        );
    }
    live.execute(&format!("DROP DATABASE `{other}`")).await;
}

#[tokio::test]
async fn sequences_are_equal_to_what_they_were_made_of() {
    let Some(mut live) = live().await else { return };
    there_and_back(&mut live, sequences()).await;
    let numbers = || {
        Sequence::new("the numbers")
            .start(10)
            .increment(5)
            .min(0)
            .max(15)
            .cycle()
            .cache(10)
    };
    let all_but = |change: fn(&mut Sequence)| {
        let mut it = numbers();
        change(&mut it);
        Declared::from(it)
    };
    for changed in [
        all_but(|it| it.start = None),
        all_but(|it| it.increment = Some(1)),
        all_but(|it| it.min = None),
        all_but(|it| it.max = Some(20)),
        all_but(|it| it.cycle = false),
        all_but(|it| it.cache = None),
        Sequence::new("plain").cache(1).into(),
        Sequence::new("plain").ty(Type::Integer).into(),
        Sequence::new("down").into(),
    ] {
        is_a_change(&mut live, &sequences(), changed.clone()).await;
        change_arrives(&mut live, changed).await;
    }
}

/// The diff's way from one to the other leads there, and back.
async fn change_arrives(live: &mut Live, changed: Declared) {
    let Declared::Sequence(it) = &changed else {
        return;
    };
    if it.ty.is_some() {
        return;
    }
    let name = it.name.clone();
    let (model, there, _) = compared(live, [changed.clone()]).await;
    let only = |schema: &aludel::schema::Schema| {
        let mut only = aludel::schema::Schema::default();
        let kept = schema.objects.sequences.get(&name).cloned();
        only.objects
            .sequences
            .extend(kept.map(|it| (name.clone(), it)));
        only
    };
    let (before, after) = (only(&there), only(&model));
    assert!(
        !aludel::diff::diff(&before, &after).is_empty(),
        "{changed:?}"
    );
    live.change(&before, &after).await;
    assert_eq!(only(&all(live).await), after, "{changed:?}");
    live.change(&after, &before).await;
    assert_eq!(only(&all(live).await), before, "{changed:?}");
}

/// None of these is among the tables.
#[tokio::test]
async fn tables_are_told_without_them() {
    let Some(mut live) = live().await else { return };
    let before = live.inspect().await;
    create(&mut live, views().into_iter().chain(sequences())).await;
    assert_eq!(live.inspect().await, before);
    live.execute("CREATE VIEW aludel_x AS SELECT 1; CREATE SEQUENCE aludel_s; CREATE PROCEDURE Aludel_p() SELECT 1; CREATE TRIGGER aludel_t BEFORE INSERT ON visits FOR EACH ROW SET @a = 1")
        .await;
    let there = all(&mut live).await.objects;
    assert_eq!(
        (there.views.len(), there.sequences.len()),
        (views().len(), sequences().len())
    );
    assert!(there.functions.is_empty() && there.triggers.is_empty());
    let only = look(&mut live, &Scope::Everything, &[ObjectKind::Domains])
        .await
        .unwrap();
    assert_eq!(only, Default::default());
}
