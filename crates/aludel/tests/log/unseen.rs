//! The log is no part of the schema that anybody compares, dumps or writes models of.

use super::*;
use aludel::run::autogenerate::Compare;
use aludel::run::{Models, Settings, Side, autogenerate, difference, snapshot};
use aludel::schema::{Metadata, ObjectKind};

on_each_database! {
    async fn it_is_no_part_of_the_schema(url: &str) {
        let folder = Folder::new();
        let mut runner = folder.runner(url).await;
        runner.ensure_version().await.unwrap();
        assert!(runner.connection().fetch("SELECT 1 FROM aludel_log").await.is_ok());
        let options = autogenerate::Options {
            kinds: ObjectKind::ALL.map(|it| (it, Compare::On)).into(),
            ..autogenerate::Options::default()
        };
        let draft = runner.autogenerate(&Metadata::new(), &options).await.unwrap();
        assert_eq!(draft.detected(), [""; 0]);
        let side = Side::Database(DbUrl::parse(url).unwrap());
        let settings = Settings { autogenerate: options, ..Settings::default() };
        let (found, dialect) = snapshot(&side, None, &settings).await.unwrap();
        assert!(!found.to_json().contains("aludel_log"));
        let models = Models::of(&found, &*dialect, &[]);
        assert!(models.is_empty(), "{}", models.one_file());
        let none = Metadata::new();
        let lines = difference(&side, &Side::Models(&none), &settings).await.unwrap().lines;
        assert_eq!(lines, [""; 0]);
    }
}

/// What SQLite keeps for itself is kept for nobody's sake.
#[tokio::test(flavor = "current_thread")]
async fn nothing_else_is_made_beside_it() {
    let file = aludel_testdb::sqlite();
    let folder = Folder::new();
    up(&mut folder.runner(&file.url()).await).await.unwrap();
    let mut connection = open(&file.url()).await;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let rows = connection.fetch(sql).await.unwrap();
    let names: Vec<String> = rows.iter().map(|it| it.at(0).unwrap()).collect();
    assert_eq!(names, ["alembic_version", "aludel_log", "one", "two"]);
}
