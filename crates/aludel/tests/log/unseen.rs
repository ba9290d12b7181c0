//! The log is no part of the schema that anybody compares, dumps or writes models of.

use super::*;
use aludel::run::autogenerate::Compare;
use aludel::run::{Models, Settings, Side, autogenerate, difference, snapshot};
use aludel::schema::{Column, Metadata, ObjectKind, Table, Type};

on_each_database! {
    async fn it_is_no_part_of_the_schema(url: &str) {
        let history = History::embedded(&Migrations::new("versions", &[])).unwrap();
        let mut runner = runner(url, history, Options::default()).await;
        runner.ensure_version().await.unwrap();
        assert!(runner.connection().fetch("SELECT 1 FROM aludel_log").await.is_ok());
        runner.connection().execute("CREATE TABLE one (name VARCHAR(10))").await.unwrap();
        let one = Table::new("one").column(Column::new("name", Type::Varchar(10)));
        let models = Metadata::new().table(one);
        // Other tests make databases of their own, which MySQL takes for schemas.
        let kinds = ObjectKind::ALL.into_iter().filter(|it| *it != ObjectKind::Schemas);
        let options = autogenerate::Options {
            kinds: kinds.map(|it| (it, Compare::On)).collect(),
            ..autogenerate::Options::default()
        };
        let draft = runner.autogenerate(&models, &options).await.unwrap();
        assert_eq!(draft.detected(), [""; 0]);
        let side = Side::Database(DbUrl::parse(url).unwrap());
        let settings = Settings { autogenerate: options, ..Settings::default() };
        let lines = difference(&side, &Side::Models(&models), &settings).await.unwrap().lines;
        assert_eq!(lines, [""; 0]);
        let (found, dialect) = snapshot(&side, None, &settings).await.unwrap();
        assert!(!found.to_json().contains("aludel_log"));
        let written = Models::of(&found, &*dialect, &[]).one_file();
        assert!(written.contains("One") && !written.contains("Log"), "{written}");
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
