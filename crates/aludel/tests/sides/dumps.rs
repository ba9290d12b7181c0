//! A dump says everything: what is made from it is the same again.

use super::*;

/// A dump as SQL, run by the client in an empty database, gives the same schema; as JSON, read again, the same value.
async fn comes_again(url: &str, empty: &str, client: impl FnOnce(&str)) -> String {
    let (first, dialect) = snapshot(&database(url), None, &Settings::default())
        .await
        .unwrap();
    let script = first.script(dialect).await.unwrap();
    client(&script);
    let second = snapshot_of(&database(empty)).await;
    let (from, to) = (dump(&first.to_json()), dump(&second.to_json()));
    let found = compare(&from, &to, &Settings::default()).await;
    assert_eq!(found.lines, [""; 0], "{script}");
    assert_eq!(first, second, "{script}");

    let json = first.to_json();
    let again = Snapshot::from_json("x.json", &json).unwrap();
    assert_eq!(again, first);
    // Equality of leaves asks their canonical spelling alone, where there is one.
    assert_eq!(again.to_json(), json);
    script
}

/// Both sides could be blind for the same thing.
fn says(script: &str, words: &[&str]) {
    for word in words {
        assert!(script.contains(word), "{word} in:\n{script}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn of_sqlite() {
    let (full, empty) = (aludel_testdb::sqlite(), aludel_testdb::sqlite());
    full.sql(SQLITE);
    full.sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32)); CREATE TABLE aludel_x (a INT);",
    );
    let script = comes_again(&full.url(), &empty.url(), |it| drop(empty.sql(it))).await;
    assert!(!script.contains("alembic_version") && !script.contains("aludel_x"));
    // Keys in a circle need no table to be made twice.
    assert!(
        !script.contains("PRAGMA") && !script.contains("_aludel_new"),
        "{script}"
    );
    says(
        &script,
        &[
            "AUTOINCREMENT",
            "COLLATE \"NOCASE\"",
            "STRICT, WITHOUT ROWID",
            "ON CONFLICT IGNORE",
            "INITIALLY DEFERRED",
            "VIEW open_visits",
            "VIEW named_open",
            "TRIGGER touch",
            "kind = 'a;b'",
        ],
    );
}

#[tokio::test(flavor = "current_thread")]
async fn of_postgres() {
    let (Some(full), Some(empty)) = (
        aludel_testdb::postgres_or_skip(),
        aludel_testdb::postgres_or_skip(),
    ) else {
        return;
    };
    full.psql(POSTGRES);
    let script = comes_again(&full.url(), &empty.url(), |it| drop(empty.psql(it))).await;
    says(
        &script,
        &[
            "EXTENSION citext",
            "SCHEMA \"Billing\"",
            "TYPE \"Billing\".\"State\"",
            "DOMAIN email",
            "SEQUENCE invoice_numbers",
            "FUNCTION touch",
            "EXCLUDE USING gist",
            "PARTITION BY RANGE (at)",
            "MATERIALIZED VIEW counts",
            "VIEW named_open",
            "TRIGGER touch",
            "POLICY own",
            "ENABLE ROW LEVEL SECURITY",
            "COMMENT ON COLUMN patients.weight",
            "COMMENT ON COLUMN open_visits.name",
            "COMMENT ON VIEW open_visits",
            "COMMENT ON FUNCTION initial",
            "COMMENT ON SEQUENCE invoice_numbers",
            "COMMENT ON DOMAIN email",
            "COMMENT ON SCHEMA \"Billing\"",
            "COMMENT ON TYPE visit_status",
            "COMMENT ON CONSTRAINT uq_visits",
            "COMMENT ON CONSTRAINT has_at ON DOMAIN email",
            "COMMENT ON MATERIALIZED VIEW counts",
            "COMMENT ON TRIGGER touch",
            "COMMENT ON POLICY own",
            "COMMENT ON INDEX ix_visits_status",
        ],
    );
}

#[tokio::test(flavor = "current_thread")]
async fn of_mariadb() {
    let (Some(full), Some(empty)) = (
        aludel_testdb::mariadb_or_skip(),
        aludel_testdb::mariadb_or_skip(),
    ) else {
        return;
    };
    full.sql(MARIADB);
    let script = comes_again(&full.url(), &empty.url(), |it| drop(empty.sql(it))).await;
    says(
        &script,
        &[
            "ON UPDATE current_timestamp(3)",
            "FULLTEXT INDEX ix_notes",
            "note(20)",
            "ROW_FORMAT=COMPRESSED",
            "COMMENT='People under care'",
            "VIEW named_open",
            "FUNCTION initial_of",
            "TRIGGER touch",
        ],
    );
}

/// A dump of today must be read by the programs of tomorrow.
#[test]
fn a_dump_of_the_first_form_is_read() {
    let text = include_str!("first.json");
    let read = Snapshot::from_json("first.json", text).unwrap();
    assert_eq!((read.kind, read.release.as_str()), (Kind::Postgres, "15"));
    assert_eq!(read.to_json(), text);
}

#[test]
fn what_is_no_dump_is_said() {
    let error = |text: &str| match Snapshot::from_json("x.json", text) {
        Err(Error::Side(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(error(" \n"), "`x.json` is empty");
    assert!(error("{\"aludel\": 1,").contains("line 1 column"));
    assert!(error("{\"tables\": []}").contains("no number `aludel`"));
    assert!(error("[1]").starts_with("`x.json` is no dump of a schema"));
    assert_eq!(
        error("{\"aludel\": 2, \"all\": \"new\"}"),
        "`x.json` is a dump in form 2, and this program reads forms up to 1"
    );
    let with = |rest: &str| {
        format!("{{\"aludel\": 1, \"dialect\": \"sqlite\", \"release\": \"3\", {rest}}}")
    };
    assert!(error(&with("\"tables\": [], \"tabels\": []")).contains("tabels"));
    let table = "{\"name\": {\"name\": \"t\"}, \"columns\": []}";
    assert!(error(&with(&format!("\"tables\": [{table}, {table}]"))).contains("`t` twice"));
    let oracle = with("\"tables\": []").replace("sqlite", "oracle");
    assert!(error(&oracle).contains("no database is called `oracle`"));
}
