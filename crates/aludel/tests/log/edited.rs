//! An applied revision that was edited: refused with the difference, or accepted.

use super::*;
use aludel::Edit;

/// What an upgrade refuses.
async fn refused(runner: &mut Runner) -> Vec<Edit> {
    match up(runner).await {
        Err(Error::Edited { edits }) => edits,
        other => panic!("{other:?}"),
    }
}

const DIFFERENCE: &str = "@@ -3,7 +3,7 @@\n -- Revision ID: a1\n \n -- migrate:up\n-CREATE TABLE one (id INTEGER);\n\
                          +CREATE TABLE one (id BIGINT);\n \n -- migrate:down\n DROP TABLE one;\n";

on_each_database! {
    async fn an_edited_comment_passes_and_an_edited_statement_does_not(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        runner.upgrade(&target("a1")).await.unwrap();

        let text = folder.text("a1");
        folder.put("a1", &text.replace("step", "more words\n-- of").replace("(id", "( -- why\n\tid").replace('\n', "\r\n"));
        let mut runner = folder.runner(url).await;
        assert_eq!(up(&mut runner).await.unwrap(), 1);
        runner.downgrade(&target("-1")).await.unwrap();

        folder.put("a1", &text.replace("INTEGER", "BIGINT"));
        let before = log(&mut runner).await;
        let mut runner = folder.runner(url).await;
        let edits = refused(&mut runner).await;
        assert_eq!((edits.len(), edits[0].revision.as_str()), (1, "a1"));
        assert!(edits[0].path.ends_with("a1.sql"));
        assert_eq!(edits[0].difference.as_deref(), Some(DIFFERENCE));
        // Going down is refused as well, and nothing has run.
        let down = runner.downgrade(&target("base")).await;
        assert!(matches!(down, Err(Error::Edited { .. })), "{down:?}");
        assert_eq!(log(&mut runner).await, before);

        let dry = runner.repair(None, None, true).await.unwrap();
        assert_eq!(dry, edits);
        assert_eq!(log(&mut runner).await, before);
        let repaired = runner.repair(Some(&[target("a1")]), Some("it's \\ only wider"), false).await;
        assert_eq!(repaired.unwrap(), edits);
        let rows = entries(&mut runner).await;
        assert_eq!((rows[0].direction.as_str(), rows[0].outcome.as_str()), ("repair", "done"));
        assert_eq!(rows[0].reason.as_deref(), Some("it's \\ only wider"));
        assert_eq!(rows[0].text, Some(folder.text("a1")));
        // Nothing is left to accept, and nothing more is written.
        assert_eq!(runner.repair(Some(&[target("a1")]), None, false).await.unwrap(), []);
        assert_eq!(log(&mut runner).await.len(), before.len() + 1);
        assert_eq!(up(&mut runner).await.unwrap(), 1);
        runner.downgrade(&target("base")).await.unwrap();
    }

    /// What is not applied may be edited, and what lies below a downgrade does not matter to it.
    async fn only_what_matters_is_compared(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        up(&mut runner).await.unwrap();
        folder.write("a1", "", "CREATE TABLE other (id INTEGER);", "DROP TABLE one;");
        let mut runner = folder.runner(url).await;
        runner.downgrade(&target("-1")).await.unwrap();
        folder.write("b2", "a1", "CREATE TABLE two (id BIGINT);", "DROP TABLE two;");
        let mut runner = folder.runner(url).await;
        assert_eq!(refused(&mut runner).await.len(), 1);
        runner.repair(None, None, false).await.unwrap();
        assert_eq!(up(&mut runner).await.unwrap(), 1);
        // With the log off nobody asks.
        folder.write("b2", "a1", "CREATE TABLE two (id INTEGER);", "DROP TABLE two;");
        folder.write("c3", "b2", "SELECT 1;", "");
        let off = Options { log: false, ..Options::default() };
        let mut unasked = folder.runner_with(url, off).await;
        assert_eq!(up(&mut unasked).await.unwrap(), 1);
        let mut runner = folder.runner(url).await;
        assert_eq!(refused(&mut runner).await.len(), 1);
    }

    async fn a_stamp_says_what_was_applied(url: &str) {
        let folder = Folder::new();
        folder.runner(url).await.stamp(&[target("head")], false).await.unwrap();
        folder.write("a1", "", "CREATE TABLE other (id INTEGER);", "DROP TABLE one;");
        folder.write("b2", "a1", "CREATE TABLE two (id BIGINT);", "DROP TABLE two;");
        let mut runner = folder.runner(url).await;
        let ids: Vec<String> = refused(&mut runner).await.iter().map(|it| it.revision.to_string()).collect();
        assert_eq!(ids, ["a1", "b2"]);
        // To say it again accepts it.
        runner.stamp(&[target("head")], true).await.unwrap();
        assert_eq!(up(&mut runner).await.unwrap(), 0);
    }

    async fn what_is_not_in_the_log_is_not_compared(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        up(&mut runner).await.unwrap();
        folder.write("a1", "", "CREATE TABLE other (id INTEGER);", "DROP TABLE one;");
        // Another algorithm, and rows that were never written.
        let foreign = "UPDATE aludel_log SET checksum = '9:ff', raw = 'ff' WHERE revision = 'a1'";
        runner.connection().execute(foreign).await.unwrap();
        assert_eq!(up(&mut folder.runner(url).await).await.unwrap(), 0);
        runner.connection().execute("DELETE FROM aludel_log").await.unwrap();
        assert_eq!(up(&mut folder.runner(url).await).await.unwrap(), 0);
        runner.connection().execute("DROP TABLE aludel_log").await.unwrap();
        assert_eq!(up(&mut folder.runner(url).await).await.unwrap(), 0);
        assert_eq!(entries(&mut runner).await, []);
    }

    async fn only_what_was_recorded_is_repaired(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        runner.upgrade(&target("a1")).await.unwrap();
        let refused = async |runner: &mut Runner, id: &str| {
            match runner.repair(Some(&[target(id)]), None, false).await {
                Err(Error::NotRecorded { applied, .. }) => applied,
                other => panic!("{other:?}"),
            }
        };
        assert!(!refused(&mut runner, "b2").await);
        runner.connection().execute("DROP TABLE aludel_log").await.unwrap();
        assert!(refused(&mut runner, "a1").await);
        assert_eq!(runner.repair(None, None, false).await.unwrap(), []);
    }
}

const fn compiled(text: &'static str) -> Embedded {
    Embedded {
        name: "1_first.rs",
        text,
        up: Some(|op| op.execute("CREATE TABLE one (id INTEGER)")),
        down: Some(|op| op.execute("DROP TABLE one")),
    }
}

/// What is compiled in has its text with it.
#[tokio::test(flavor = "current_thread")]
async fn a_revision_in_rust() {
    static FIRST: &[Embedded] = &[compiled(
        "//! First\n//!\n//! Revision ID: aaaa\n\nfn up() { f(1) }\n",
    )];
    static COMMENT: &[Embedded] = &[compiled(
        "//! More\n//!\n//! Revision ID: aaaa\n\n/// Why.\nfn up() {\n    f(1,) // x\n}\n",
    )];
    static EDITED: &[Embedded] = &[compiled(
        "//! First\n//!\n//! Revision ID: aaaa\n\nfn up() { f(2) }\n",
    )];
    let file = aludel_testdb::sqlite();
    let with = async |files: &'static [Embedded]| {
        let history = History::embedded(&Migrations::new("versions", files)).unwrap();
        runner(&file.url(), history, Options::default()).await
    };
    assert_eq!(up(&mut with(FIRST).await).await.unwrap(), 1);
    assert_eq!(up(&mut with(COMMENT).await).await.unwrap(), 0);
    let edits = refused(&mut with(EDITED).await).await;
    assert_eq!(edits[0].path.to_str(), Some("versions/1_first.rs"));
    assert!(
        edits[0]
            .difference
            .as_ref()
            .unwrap()
            .contains("+fn up() { f(2) }")
    );
}
