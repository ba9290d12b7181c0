//! Models that are written from a database are the database's: autogenerate finds nothing.
//!
//! What is written is kept in `models/generated/`, and compiled with this test. `ALUDEL_BLESS=1 cargo test -p aludel --all-features
//! --test models` writes it anew; then it has to be compiled once more.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(all(
    feature = "sqlite",
    feature = "postgres",
    feature = "mysql",
    feature = "chrono",
    feature = "uuid",
    feature = "json",
    feature = "rust_decimal",
    feature = "ipnetwork",
    feature = "mac_address",
    feature = "bit-vec"
))]

use aludel::db::DbUrl;
use aludel::prelude::*;
use aludel::run::autogenerate::{self, Compare};
use aludel::run::{Models, Settings, Side, difference, snapshot};
use aludel::schema::ObjectKind;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

#[allow(dead_code)]
#[path = "models/generated/mariadb.rs"]
mod mariadb;
#[allow(dead_code)]
#[path = "models/generated/postgres.rs"]
mod postgres;
#[allow(dead_code)]
#[path = "models/generated/sqlite.rs"]
mod sqlite;

async fn models_of(url: &str, schemas: &[&str], patterns: &[&str]) -> Models {
    let side = Side::Database(DbUrl::parse(url).unwrap());
    let schemas = schemas.iter().map(ToString::to_string).collect();
    let (found, dialect) = snapshot(&side, Some(schemas), &Settings::default())
        .await
        .unwrap();
    let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    Models::of(&found, &*dialect, &patterns)
}

fn rustfmt(text: &str) -> String {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}");
    String::from_utf8(output.stdout).unwrap()
}

fn is_kept(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/models/generated")
        .join(name);
    if std::env::var_os("ALUDEL_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == text, "{name} is to be blessed:\n{text}");
}

/// The models of a database are kept as they are written, and are the database's, whatever is compared.
async fn are_the_databases(
    name: &str,
    url: &str,
    schemas: &[&str],
    metadata: Metadata,
    unsaid: &[&str],
) {
    let models = models_of(url, schemas, &[]).await;
    assert_eq!(models.unsaid(), unsaid);
    is_kept(name, &rustfmt(&models.one_file()));
    let side = Side::Database(DbUrl::parse(url).unwrap());
    let kinds = ObjectKind::ALL.map(|it| (it, Compare::On)).into();
    let settings = Settings {
        autogenerate: autogenerate::Options {
            kinds,
            ..autogenerate::Options::default()
        },
        ..Settings::default()
    };
    let found = difference(&side, &Side::Models(&metadata), &settings)
        .await
        .unwrap();
    let none: [&str; 0] = [];
    assert_eq!(found.lines, none);
    assert!(found.is_empty(), "{:?}", found.changes);
    let usual = Settings::default();
    let found = difference(&Side::Models(&metadata), &side, &usual).await;
    assert_eq!(found.unwrap().lines, none);
}

#[tokio::test(flavor = "current_thread")]
async fn of_sqlite() {
    let file = aludel_testdb::sqlite();
    file.sql(include_str!("models/sqlite.sql"));
    are_the_databases("sqlite.rs", &file.url(), &[], sqlite::metadata(), &[]).await;
}

#[tokio::test(flavor = "current_thread")]
async fn of_postgres() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    database.psql(include_str!("models/postgres.sql"));
    let url = database.url();
    are_the_databases("postgres.rs", &url, &["Billing"], postgres::metadata(), &[]).await;
}

#[tokio::test(flavor = "current_thread")]
async fn of_mariadb() {
    let Some(database) = aludel_testdb::mariadb_or_skip() else {
        return;
    };
    database.sql(include_str!("models/mariadb.sql"));
    are_the_databases("mariadb.rs", &database.url(), &[], mariadb::metadata(), &[]).await;
}

/// What models cannot say is told, in the text and beside it; what is left is what was told.
#[tokio::test(flavor = "current_thread")]
async fn what_models_cannot_say() {
    let file = aludel_testdb::sqlite();
    file.sql(
        "CREATE TABLE a (code TEXT PRIMARY KEY); CREATE TABLE b (a TEXT REFERENCES a (code));",
    );
    let models = models_of(&file.url(), &[], &[]).await;
    assert_eq!(
        models.unsaid(),
        ["that a.code, which is of the primary key, takes NULL"]
    );
    let text = models.one_file();
    assert!(
        text.contains(
            "// - that a.code, which is of the primary key, takes NULL\npub fn metadata()"
        ),
        "{text}"
    );
    let only = models_of(&file.url(), &[], &["b"]).await;
    assert_eq!(
        only.unsaid(),
        ["the foreign key from b to a, which is not among the models"]
    );
    assert!(!only.one_file().contains("references"));
}

/// A folder has a file for each model, which names the enums that it has.
#[tokio::test(flavor = "current_thread")]
async fn a_folder_of_models() {
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    database.psql("CREATE TYPE mood AS ENUM ('calm'); CREATE TABLE people (id int PRIMARY KEY, mood mood, moods mood[]); CREATE TABLE enums (a int); CREATE TABLE \"mod\" (a int)");
    database.psql("CREATE SCHEMA more; CREATE TABLE more.people (id int)");
    let models = models_of(&database.url(), &["more"], &[]).await;
    let files = models.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "enums.rs",
            "mod.rs",
            "mod_.rs",
            "more_people.rs",
            "people.rs",
            "table_enums.rs"
        ]
    );
    for (name, text) in &files {
        assert_eq!(rustfmt(text), *text, "{name}");
    }
    let text = |name: &str| &files.iter().find(|it| it.0 == name).unwrap().1;
    assert!(text("people.rs").contains("use super::enums::Mood;\n"));
    assert!(text("more_people.rs").contains("schema = \"more\""));
    assert!(
        text("mod.rs").contains("mod people;\n") && text("mod.rs").contains("pub use people::*;\n")
    );
    assert!(
        text("mod.rs").contains("metadata![Enums, Mod, People, MorePeople]"),
        "{}",
        text("mod.rs")
    );
    let some = models_of(&database.url(), &["more"], &["more.*", "mod"]).await;
    let names: Vec<String> = some.files().into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["mod.rs", "mod_.rs", "people.rs"]);
    database.psql("CREATE VIEW v AS SELECT 1 AS a; COMMENT ON VIEW v IS 'x'");
    let models = models_of(&database.url(), &[], &[]).await;
    assert_eq!(models.unsaid(), ["the comment of view v"]);
}
