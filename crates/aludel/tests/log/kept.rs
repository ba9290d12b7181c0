//! What a row says, and when it is written.

use super::*;

on_each_database! {
    async fn each_step_has_a_row(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        assert_eq!(entries(&mut runner).await, []);
        up(&mut runner).await.unwrap();
        runner.downgrade(&target("-1")).await.unwrap();
        runner.stamp(&[target("head")], false).await.unwrap();
        runner.stamp(&[target("base")], false).await.unwrap();
        runner.stamp(&[target("head")], true).await.unwrap();
        assert_eq!(
            log(&mut runner).await,
            [
                "b2 stamp done", "a1 stamp done",
                "b2 unstamp done", "a1 unstamp done",
                "b2 stamp done",
                "b2 downgrade done",
                "b2 upgrade done", "a1 upgrade done",
            ]
        );
        let all = entries(&mut runner).await;
        let first = all.last().unwrap();
        assert_eq!(first.id, 1);
        assert_eq!(first.text.as_ref(), Some(&folder.text("a1")));
        assert_eq!(first.run_from, Options::default().origin.to_string());
        assert_eq!(first.tool, concat!("aludel ", env!("CARGO_PKG_VERSION")));
        assert_eq!(first.run_by.is_some(), !url.starts_with("sqlite"));
        assert_eq!((&first.error, &first.reason), (&None, &None));
        assert!(first.checksum.as_ref().unwrap().starts_with("1:"));
        assert_eq!(first.raw.as_ref().unwrap().len(), 64);
        for entry in &all {
            let finished = entry.finished_at.as_ref().unwrap();
            assert_eq!((entry.started_at.len(), finished.len()), (27, 27), "{entry:?}");
            assert!(&entry.started_at <= finished && finished.ends_with('Z'), "{entry:?}");
        }
        // The same file has the same checksum in whatever direction it was used.
        assert_eq!(all[1].checksum, first.checksum);
        assert_ne!(all[0].checksum, first.checksum);
    }

    /// Where a definition stays whatever comes behind it, the row that was there before is the one that says how it ended.
    async fn a_failure_is_told(url: &str) {
        let folder = Folder::new();
        folder.write("b2", "a1", "CREATE TABLE two (id INTEGER);\nINSERT INTO nowhere VALUES (1);", "");
        let mut before = folder.runner(url).await;
        up(&mut before).await.unwrap_err();
        assert_eq!(log(&mut before).await, ["b2 upgrade failed", "a1 upgrade done"]);
        let failed = entries(&mut before).await.remove(0);
        assert!(failed.finished_at.is_some());
        let said = failed.error.unwrap();
        assert!(said.starts_with("execute \"INSERT INTO nowhere VALUES (1)\" ("), "{said}");
        assert!(said.contains("b2.sql:8): ") && said.matches("nowhere").count() >= 2, "{said}");
        // What is done is not done again where it stays.
        folder.write("b2", "a1", "CREATE TABLE two (id INTEGER);\nSELECT 1;", "");
        let mut after = folder.runner(url).await;
        assert_eq!(up(&mut after).await.unwrap(), 1);
        assert_eq!(log(&mut after).await[0], "b2 upgrade done");
        let failures = LogQuery { failed: true, ..LogQuery::default() };
        assert_eq!(after.log(&failures).await.unwrap().len(), 1);
        let last = LogQuery { limit: Some(2), revisions: Some(vec![RevisionId::new("b2").unwrap()]), ..LogQuery::default() };
        let last = after.log(&last).await.unwrap();
        let outcomes: Vec<&str> = last.iter().map(|it| it.outcome.as_str()).collect();
        assert_eq!(outcomes, ["done", "failed"]);
        assert_eq!(last[0].text, None);
    }

    async fn a_step_without_a_transaction_is_seen_while_it_runs(url: &str) {
        let folder = Folder::new();
        let text = "-- Two\n--\n-- Revision ID: b2\n-- Revises: a1\n\n-- migrate:up transaction:false\n\
                    CREATE TABLE seen AS SELECT outcome FROM aludel_log WHERE revision = 'b2';\n";
        folder.put("b2", text);
        let mut runner = folder.runner(url).await;
        up(&mut runner).await.unwrap();
        assert_eq!(log(&mut runner).await, ["b2 upgrade done", "a1 upgrade done"]);
        let seen = runner.connection().fetch("SELECT outcome FROM seen").await.unwrap();
        assert_eq!(seen[0].at::<String>(0).unwrap(), "running");
        // One that fails has no second row either.
        folder.put("c3", &text.replace("b2", "c3").replace("a1", "b2"));
        let mut runner = folder.runner(url).await;
        up(&mut runner).await.unwrap_err();
        assert_eq!(log(&mut runner).await[..2], ["c3 upgrade failed", "b2 upgrade done"]);
    }

    /// What was rolled back was never there; the revision that failed is told of.
    async fn one_transaction_around_all(url: &str) {
        let folder = Folder::new();
        folder.write("a1", "", "INSERT INTO one VALUES (1);", "DELETE FROM one;");
        folder.write("b2", "a1", "INSERT INTO one VALUES (2);", "SELECT 1;");
        open(url).await.execute("CREATE TABLE one (id INTEGER)").await.unwrap();
        let whole = Options { transaction: Transaction::All, ..Options::default() };
        let mut runner = folder.runner_with(url, whole.clone()).await;
        up(&mut runner).await.unwrap();
        runner.downgrade(&target("base")).await.unwrap();
        let mut rows = vec![
            "a1 downgrade done", "b2 downgrade done", "b2 upgrade done", "a1 upgrade done",
        ];
        assert_eq!(log(&mut runner).await, rows);
        folder.write("b2", "a1", "INSERT INTO nowhere VALUES (1);", "");
        let mut runner = folder.runner_with(url, whole).await;
        up(&mut runner).await.unwrap_err();
        rows.insert(0, "b2 upgrade failed");
        assert_eq!(log(&mut runner).await, rows);
    }

    async fn nothing_is_kept_where_nobody_wants_it(url: &str) {
        let folder = Folder::new();
        let off = Options { log: false, ..Options::default() };
        let mut runner = folder.runner_with(url, off.clone()).await;
        runner.ensure_version().await.unwrap();
        up(&mut runner).await.unwrap();
        runner.stamp(&[target("a1")], false).await.unwrap();
        assert!(runner.connection().fetch("SELECT 1 FROM aludel_log").await.is_err());
        assert_eq!(entries(&mut runner).await, []);
        // Whoever wants it later begins then, and nothing is compared that was not recorded.
        folder.write("a1", "", "CREATE TABLE other (id INTEGER);", "DROP TABLE one;");
        let mut runner = folder.runner(url).await;
        runner.stamp(&[target("b2")], false).await.unwrap();
        assert_eq!(log(&mut runner).await, ["b2 stamp done"]);
        runner.downgrade(&target("base")).await.unwrap();
        assert_eq!(log(&mut runner).await.len(), 3);
    }

    /// Whatever a revision holds is kept as it is.
    async fn texts_are_kept_to_the_letter(url: &str) {
        let folder = Folder::new();
        let odd = "SELECT 'ä → 😀 '' \"x\"'; -- it's a \\ b \\' c `d` $$";
        folder.write("b2", "a1", odd, "");
        let mut runner = folder.runner(url).await;
        up(&mut runner).await.unwrap();
        assert_eq!(entries(&mut runner).await[0].text, Some(folder.text("b2")));
    }

    /// Several histories may share a schema, and the names of their revisions.
    async fn each_version_table_has_its_own_rows(url: &str) {
        let folder = Folder::new();
        let mut first = folder.runner(url).await;
        up(&mut first).await.unwrap();
        first.downgrade(&target("base")).await.unwrap();
        let other = Folder::new();
        other.write("a1", "", "CREATE TABLE unlike (id INTEGER);", "DROP TABLE unlike;");
        let options = Options {
            version_table: QualifiedName::from("other_version"),
            ..Options::default()
        };
        let mut second = other.runner_with(url, options).await;
        up(&mut second).await.unwrap();
        assert_eq!(log(&mut second).await.len(), 2);
        first.upgrade(&target("a1")).await.unwrap();
        assert_eq!(up(&mut second).await.unwrap(), 0);
        assert_eq!(log(&mut first).await.len(), 5);
        let rows = second.connection().fetch("SELECT id FROM aludel_log").await.unwrap();
        assert_eq!(rows.len(), 7);
    }

    /// The version query, and one question about what was applied.
    async fn an_upgrade_with_nothing_to_do_asks_little(url: &str) {
        let folder = Folder::new();
        let mut first = folder.runner(url).await;
        up(&mut first).await.unwrap();
        let asked = async |options: Options| {
            let mut runner = folder.runner_with(url, options).await;
            let before = runner.connection().round_trips();
            assert_eq!(up(&mut runner).await.unwrap(), 0);
            runner.connection().round_trips() - before
        };
        let off = Options { log: false, ..Options::default() };
        let without = asked(off).await;
        assert_eq!(asked(Options::default()).await, without + 1);
    }
}

/// A definition that PostgreSQL runs outside a transaction alone is between two of them: the row is there by then.
#[tokio::test(flavor = "current_thread")]
async fn parts_of_a_revision_share_a_row() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let folder = Folder::new();
    let seen = "CREATE TABLE seen AS SELECT outcome FROM aludel_log WHERE revision = 'b2';";
    let up_text = format!(
        "{seen}\nCREATE INDEX CONCURRENTLY i ON one (id);\nINSERT INTO {}",
        &seen[13..].replace("seen AS", "seen")
    );
    folder.write("b2", "a1", &up_text, "");
    // Where the search path has moved, the log is not looked for in between.
    let moved = "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE INDEX CONCURRENTLY j ON public.one (id);\nINSERT INTO public.one VALUES (1);";
    folder.write("c3", "b2", moved, "");
    let mut runner = folder.runner(&database.url()).await;
    up(&mut runner).await.unwrap();
    assert_eq!(
        log(&mut runner).await,
        ["c3 upgrade done", "b2 upgrade done", "a1 upgrade done"]
    );
    assert_eq!(database.psql("SELECT outcome FROM seen").trim(), "running");
}

/// What a revision does to its session changes nothing of what is written.
#[tokio::test(flavor = "current_thread")]
async fn settings_of_the_session_do_not_matter() {
    let odd = "SELECT 'ä → 😀'; -- \\' it's \\";
    if let Some(database) = aludel_testdb::postgres_or_skip() {
        let folder = Folder::new();
        let set = "SET standard_conforming_strings = off;\nSET client_encoding = 'LATIN1';\nSET timezone = 'Asia/Tokyo';\n\
                   SET datestyle = 'SQL, DMY';\nSET intervalstyle = 'sql_standard';\nSELECT 1; -- ä \\' 😀";
        folder.write("b2", "a1", set, "");
        let mut runner = folder.runner(&database.url()).await;
        up(&mut runner).await.unwrap();
        let url = database.url();
        let entry = entries(&mut folder.runner(&url).await).await.remove(0);
        assert_eq!(entry.text, Some(folder.text("b2")));
        let close = format!(
            "SELECT abs(extract(epoch FROM now() - '{}'::timestamptz)) < 3600",
            entry.started_at
        );
        assert_eq!(database.psql(&close).trim(), "t");
    }
    if let Some(database) = aludel_testdb::mariadb_or_skip() {
        database.sql(&format!(
            "ALTER DATABASE {} CHARACTER SET latin1",
            database.name()
        ));
        let folder = Folder::new();
        let set = "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\nSET NAMES latin1;\nSET time_zone = '+09:00';\nSELECT 1; -- ä \\' 😀";
        folder.write("b2", "a1", set, "");
        folder.write("c3", "b2", odd, "");
        let url = database.url();
        let mut runner = folder.runner(&url).await;
        runner.upgrade(&target("b2")).await.unwrap();
        let mut runner = folder.runner(&url).await;
        up(&mut runner).await.unwrap();
        let entries = entries(&mut runner).await;
        assert_eq!(entries[0].text, Some(folder.text("c3")));
        assert_eq!(entries[1].text, Some(folder.text("b2")));
        let close = format!(
            "SELECT ABS(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '{}')) < 3600",
            &entries[1].started_at[..19]
        );
        assert_eq!(database.sql(&close).trim(), "1");
    }
}

/// A database that holds no more than Latin letters is no reason to fail.
#[tokio::test(flavor = "current_thread")]
async fn another_encoding_loses_letters_and_no_revision() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    database.psql(
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
    );
    let url = database
        .url()
        .replace(&format!("/{}", database.name()), "/latin");
    let folder = Folder::new();
    folder.write("b2", "a1", "SELECT 1; -- → \\", "");
    let mut runner = folder.runner(&url).await;
    up(&mut runner).await.unwrap();
    let entry = entries(&mut runner).await.remove(0);
    assert_eq!(entry.text, Some(folder.text("b2").replace('→', "?")));
    // The checksum is that of the text as it is.
    assert_eq!(up(&mut folder.runner(&url).await).await.unwrap(), 0);
    drop(runner);
    database.psql("DROP DATABASE latin WITH (FORCE)");
}
