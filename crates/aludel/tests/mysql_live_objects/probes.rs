//! What asking costs: nothing that stays, no transaction, no privilege that the role does not have, and no more messages for more
//! objects.

use super::support::Live;
use super::{all, compared, create, live, look, model};
use aludel::db::{Access, Connection, DbUrl};
use aludel::dialect::mysql::Mysql;
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Declared, ObjectKind};

/// What is of the tool's own in the database.
async fn leftovers(live: &mut Live) -> String {
    live.text(
        "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() \
         AND TABLE_NAME LIKE 'aludel%'",
    )
    .await
}

fn open() -> Declared {
    View::new("open", "SELECT id, name n FROM visits WHERE id > 1").into()
}

#[tokio::test]
async fn nothing_is_left_and_what_was_left_goes() {
    let Some(mut live) = live().await else { return };
    create(&mut live, [open()]).await;
    // As a run leaves it that was killed.
    live.execute("CREATE VIEW aludel_probe_view AS SELECT 1")
        .await;
    let (model, there, asked) = compared(&mut live, [open()]).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
    assert_eq!(there.objects.views.len(), 1);
    assert_eq!(leftovers(&mut live).await, "NULL");
    for query in ["SELECT missing FROM visits", "SELECT 1; SELECT 2", "SELECT"] {
        let other = View::new("open", query);
        let (model, there, _) = compared(&mut live, [other.into()]).await;
        assert_ne!(model.objects, there.objects, "{query}");
        assert_eq!(leftovers(&mut live).await, "NULL");
    }
    // Other sessions of the server may hold it.
    let held = live
        .text(
            "SELECT CAST(COALESCE(IS_USED_LOCK(CONCAT('aludel_probe_view_', SHA1(DATABASE()))) = CONNECTION_ID(), 0) AS CHAR)",
        )
        .await;
    assert_eq!(held, "0");
}

#[tokio::test]
async fn refused_views_leave_the_others_alone() {
    let Some(mut live) = live().await else { return };
    let good = |number: u32| {
        View::new(
            format!("v{number}"),
            format!("SELECT id + {number} AS x FROM visits"),
        )
    };
    create(&mut live, (0..12).map(|it| good(it).into())).await;
    let declared = (0..12).map(|it| match it % 5 {
        3 => View::new(format!("v{it}"), "SELECT missing FROM visits").into(),
        _ => good(it).into(),
    });
    let (model, there, asked) = compared(&mut live, declared).await;
    assert!(asked);
    for (number, (name, view)) in there.objects.views.iter().enumerate() {
        let is_missing = ["v3", "v8"].contains(&name.name.as_str());
        assert_eq!(
            model.objects.views.get(name) != Some(view),
            is_missing,
            "{number}: {view:?}"
        );
    }
    assert_eq!(leftovers(&mut live).await, "NULL");
}

/// A definition would end the transaction.
#[tokio::test]
async fn an_open_transaction_stays_open() {
    let Some(mut live) = live().await else { return };
    let declared = || {
        [
            open(),
            Function::new("f", "a integer")
                .returns("char(3) charset utf8mb4")
                .body("RETURN a")
                .into(),
        ]
    };
    create(&mut live, declared()).await;
    live.execute("START TRANSACTION; INSERT INTO visits (id) VALUES (1)")
        .await;
    let (model, there, asked) = compared(&mut live, declared()).await;
    assert!(!asked);
    assert_eq!(model.objects, there.objects);
    let other = View::new("open", "SELECT id, name n FROM visits WHERE id > 2");
    let (model, there, asked) = compared(&mut live, [other.into()]).await;
    assert!(!asked);
    assert_ne!(model.objects, there.objects);
    live.execute("ROLLBACK").await;
    // One that has not touched anything yet is one, too; and after it, there is none.
    live.execute("START TRANSACTION").await;
    assert!(!compared(&mut live, [open()]).await.2);
    live.execute("COMMIT").await;
    assert!(compared(&mut live, [open()]).await.2);
    assert_eq!(live.text("SELECT concat(count(*)) FROM visits").await, "0");
}

/// Whoever may read definitions and not make any is told so, and gets the differences that text tells.
#[tokio::test]
async fn a_role_without_create_view() {
    let Some(mut live) = live().await else { return };
    create(&mut live, [open()]).await;
    let mut guest = guest(&mut live, "reader", "SELECT, SHOW VIEW").await;
    let (model, there, asked) = compared(&mut guest, [open()]).await;
    assert!(!asked);
    assert_eq!(model.objects, there.objects);
    let other = View::new("open", "SELECT id, name n FROM visits WHERE id > 2");
    let (model, there, asked) = compared(&mut guest, [other.into()]).await;
    assert!(!asked);
    assert_ne!(model.objects, there.objects);
    // With the right to make views and none to drop them, nothing is made that would stay.
    let mut maker = self::guest(&mut live, "maker", "SELECT, SHOW VIEW, CREATE VIEW").await;
    let (model, there, asked) = compared(&mut maker, [open()]).await;
    assert!(!asked);
    assert_eq!(model.objects, there.objects);
    assert_eq!(leftovers(&mut live).await, "NULL");
    // Without the right to see a definition there is nothing to compare.
    let mut blind = self::guest(&mut live, "blind", "SELECT").await;
    let looked = look(
        &mut blind,
        &Scope::Schemas(Vec::new()),
        &[ObjectKind::Views],
    )
    .await;
    let error = looked.unwrap_err().to_string();
    assert!(error.contains("SHOW VIEW command denied"), "{error}");
}

#[tokio::test]
async fn a_role_that_sees_no_body() {
    let Some(mut live) = live().await else { return };
    create(
        &mut live,
        [Function::procedure("p", "").body("SELECT 1").into()],
    )
    .await;
    let mut guest = guest(&mut live, "caller", "SELECT, EXECUTE").await;
    let looked = look(
        &mut guest,
        &Scope::Schemas(Vec::new()),
        &[ObjectKind::Functions],
    )
    .await;
    let error = looked.unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot inspect procedure p: the connected role may not see its definition"
    );
}

#[tokio::test]
async fn a_session_that_only_reads() {
    let Some(mut live) = live().await else { return };
    create(&mut live, [open()]).await;
    live.execute("SET SESSION TRANSACTION READ ONLY").await;
    let (model, there, asked) = compared(&mut live, [open()]).await;
    assert!(!asked);
    assert_eq!(model.objects, there.objects);
}

/// In a session that reads quotes otherwise, the views are read and told all the same.
#[tokio::test]
async fn a_session_with_other_quotes() {
    let Some(mut live) = live().await else { return };
    let declared = || -> Vec<Declared> {
        vec![
            View::new(
                "v",
                "SELECT id, 'it''s' AS lit FROM visits WHERE name <> 'a`b'",
            )
            .into(),
            Function::procedure("p", "a int")
                .attribute("COMMENT 'it''s'")
                .body("SELECT 'a'")
                .into(),
            Trigger::new("t", "visits")
                .before()
                .insert()
                .body("SET @a = 'x'")
                .into(),
        ]
    };
    create(&mut live, declared()).await;
    for mode in ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES"] {
        live.execute(&format!("SET sql_mode = '{mode}'")).await;
        live.dialect = Mysql::of_server(&mut live.connection).await.unwrap();
        let (model, there, asked) = compared(&mut live, declared()).await;
        assert!(asked, "{mode}");
        assert_eq!(model.objects, there.objects, "{mode}");
        // What was read there makes the same here.
        live.execute("SET sql_mode = ''; DROP VIEW v").await;
        create(
            &mut live,
            there.objects.views.into_values().map(Declared::from),
        )
        .await;
        live.dialect = Mysql::of_server(&mut live.connection).await.unwrap();
        let (model, there, _) = compared(&mut live, declared()).await;
        assert_eq!(model.objects, there.objects, "{mode}");
    }
}

/// Two comparisons of one database at a time would meet at the probe's name; those of others go on.
#[tokio::test]
async fn one_waits_for_the_other() {
    let Some(mut live) = live().await else { return };
    create(&mut live, [open()]).await;
    let url = DbUrl::parse(&live.db.url()).unwrap();
    let mut other = Connection::open(&url, Access::Write).await.unwrap();
    other
        .execute("DO GET_LOCK(CONCAT('aludel_probe_view_', SHA1('elsewhere')), 1)")
        .await
        .unwrap();
    other
        .execute("DO GET_LOCK(CONCAT('aludel_probe_view_', SHA1(DATABASE())), 1)")
        .await
        .unwrap();
    let pause = std::time::Duration::from_millis(300);
    let (done, mut waits) = tokio::sync::oneshot::channel();
    let release = tokio::spawn(async move {
        tokio::time::sleep(pause).await;
        let waited = waits.try_recv().is_err();
        other
            .execute("DO RELEASE_LOCK(CONCAT('aludel_probe_view_', SHA1(DATABASE())))")
            .await
            .unwrap();
        (waited, other)
    });
    let (model, there, asked) = compared(&mut live, [open()]).await;
    let _ = done.send(());
    // The lock on the other database is still held.
    let (waited, _other) = release.await.unwrap();
    assert!(waited && asked);
    assert_eq!(model.objects, there.objects);
}

/// As many objects as one likes cost as many messages as a few.
#[tokio::test]
async fn the_number_of_messages_is_constant() {
    let Some(mut live) = live().await else { return };
    let mut counts = Vec::new();
    for (from, to) in [(0, 2), (2, 60)] {
        let declared = |number: u32| -> Vec<Declared> {
            let function =
                Function::procedure(format!("p{number}"), "a varchar(3) charset utf8mb4");
            vec![
                View::new(
                    format!("v{number}"),
                    format!("SELECT id, {number} FROM visits"),
                )
                .into(),
                function.body("SELECT 1").into(),
                Trigger::new(format!("t{number}"), "visits")
                    .before()
                    .insert()
                    .body("SET @a = 1")
                    .into(),
                Sequence::new(format!("s{number}")).into(),
            ]
        };
        create(&mut live, (from..to).flat_map(declared)).await;
        let mut models = model((0..to).flat_map(declared).map(|it| {
            match it {
                // Types that only the database can compare.
                Declared::Function(it) => Function {
                    arguments: "a varchar(3)".into(),
                    ..it
                }
                .into(),
                it => it,
            }
        }));
        let before = live.connection.round_trips();
        let there = all(&mut live).await;
        live.dialect.normalize(&mut models);
        let asked = live
            .dialect
            .canonicalize_objects(&mut live.connection, &mut models, &there);
        assert!(asked.await.unwrap());
        counts.push(live.connection.round_trips() - before);
        assert_eq!(models.objects, there.objects);
        assert_eq!(there.objects.views.len(), to as usize);
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0], 8);
}

/// The same database, seen by a role of these privileges on it.
async fn guest(live: &mut Live, name: &str, privileges: &str) -> Live {
    let own = live.text("SELECT DATABASE()").await;
    let role = format!("{name}_{}", &own[own.len().saturating_sub(12)..]);
    live.execute(&format!(
        "CREATE USER '{role}'@'%' IDENTIFIED BY 'secret'; GRANT {privileges} ON `{own}`.* TO '{role}'@'%'"
    ))
    .await;
    let url = live.db.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let place = rest.split_once('@').map_or(rest, |it| it.1);
    let url = DbUrl::parse(&format!("{scheme}://{role}:secret@{place}")).unwrap();
    let mut connection = Connection::open(&url, Access::Write).await.unwrap();
    let dialect = Mysql::of_server(&mut connection).await.unwrap();
    let db = aludel_testdb::mariadb_or_skip().unwrap();
    Live {
        db,
        connection,
        dialect,
    }
}
