//! What a look at the database finds, and what it costs.

use super::support::{Live, model};
use aludel::dialect::{Dialect, Scope};
use aludel::prelude::*;
use aludel::schema::{Constraint, Generated, Schema};

#[tokio::test]
async fn what_is_not_looked_at() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE SCHEMA other; CREATE TABLE other.hidden (a int); CREATE TYPE other.hidden_kind AS ENUM ('a'); \
         CREATE TABLE parted (a int PRIMARY KEY, b text DEFAULT 'x') PARTITION BY RANGE (a); \
         CREATE INDEX ix_parted ON parted (b); \
         CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (10); \
         CREATE TABLE refers (a int REFERENCES parted); \
         CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE SEQUENCE s; \
         CREATE TEMPORARY TABLE passing (a int); \
         CREATE TABLE excluded (r int4range, EXCLUDE USING gist (r WITH &&))",
    )
    .await;
    let schema = live.inspect().await;
    let names: Vec<String> = schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["excluded", "part_1", "parted", "refers"]);
    assert!(schema.enums.is_empty());
    assert_eq!(schema.table("refers").unwrap().constraints.len(), 1);
    assert_eq!(schema.table("parted").unwrap().indexes.len(), 1);
    // Keys and indexes of a part are told of the whole.
    let part = schema.table("part_1").unwrap();
    assert!(part.constraints.is_empty() && part.indexes.is_empty());
    assert_eq!(part.columns.len(), 2);
    assert!(schema.table("excluded").unwrap().indexes.is_empty());
}

#[tokio::test]
async fn scopes() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE SCHEMA other; CREATE TYPE other.kind AS ENUM ('a'); CREATE TYPE unused AS ENUM (); \
         CREATE TABLE one (k other.kind[]); CREATE TABLE other.two (a int); CREATE TABLE three (a int)",
    )
    .await;
    let names = |schema: &Schema| {
        let tables = schema.tables.keys().map(ToString::to_string);
        let enums = schema.enums.keys().map(|it| format!("({it})"));
        tables.chain(enums).collect::<Vec<_>>().join(" ")
    };
    for (scope, found) in [
        (Scope::Schemas(vec![]), "one three (unused) (other.kind)"),
        (
            Scope::Schemas(vec!["other".into()]),
            "one three other.two (unused) (other.kind)",
        ),
        (
            Scope::Schemas(vec!["public".into()]),
            "one three (unused) (other.kind)",
        ),
        (
            Scope::Schemas(vec!["none".into()]),
            "one three (unused) (other.kind)",
        ),
        (
            Scope::Everything,
            "one three other.two (unused) (other.kind)",
        ),
        (Scope::Tables(vec!["one".into()]), "one (other.kind)"),
        (
            Scope::Tables(vec![("other", "two").into(), "none".into()]),
            "other.two",
        ),
        (Scope::Tables(vec![]), ""),
    ] {
        let schema = live
            .dialect
            .inspect(&mut live.connection, &scope)
            .await
            .unwrap();
        assert_eq!(names(&schema), found, "{scope:?}");
    }
    // No default schema: nothing is in it.
    live.execute("SET search_path = ''").await;
    assert_eq!(names(&live.inspect().await), "");
}

#[tokio::test]
async fn tables_made_by_an_extension_are_not_ours() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    // An extension that any server has would do, if it made a table: membership is what counts.
    live.execute(
        "CREATE TABLE mine (a int); CREATE TABLE its (a int); CREATE TYPE its_kind AS ENUM ('a')",
    )
    .await;
    live.execute(
        "ALTER EXTENSION plpgsql ADD TABLE its; ALTER EXTENSION plpgsql ADD TYPE its_kind",
    )
    .await;
    let schema = live.inspect().await;
    assert_eq!(schema.tables.len(), 1);
    assert!(schema.enums.is_empty());
}

#[tokio::test]
async fn what_others_made() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(
        "CREATE DOMAIN email AS text CHECK (VALUE ~ '@'); \
         CREATE TABLE t (id bigserial PRIMARY KEY, mail email NOT NULL, tags email[], dropped int, \
         c text COLLATE \"C\", n name, v int GENERATED ALWAYS AS (1 + 1) STORED, CHECK (id > 0), UNIQUE (mail), \
         UNIQUE (c) INCLUDE (mail), FOREIGN KEY (v) REFERENCES t)",
    )
    .await;
    live.execute("ALTER TABLE t DROP COLUMN dropped").await;
    let schema = live.inspect().await;
    let table = schema.table("t").unwrap();
    let id = table.find_column("id").unwrap();
    assert_eq!(id.ty.written, Type::BigInteger);
    assert_eq!(
        id.default.as_ref().unwrap().written.as_str(),
        "nextval('t_id_seq'::regclass)"
    );
    assert_eq!(
        table.find_column("mail").unwrap().ty.written,
        Type::custom("email")
    );
    assert_eq!(
        table.find_column("tags").unwrap().ty.written,
        Type::custom("email").array()
    );
    assert_eq!(
        table.find_column("c").unwrap().collation.as_deref(),
        Some("C")
    );
    assert_eq!(table.find_column("n").unwrap().collation, None);
    assert!(matches!(
        &table.find_column("v").unwrap().generated,
        Some(Generated { stored: true, .. })
    ));
    assert!(!table.has_column("dropped"));
    let names: Vec<&str> = table
        .constraints
        .iter()
        .filter_map(|it| it.name())
        .map(|it| it.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "t_pkey",
            "t_c_mail_key",
            "t_mail_key",
            "t_v_fkey",
            "t_id_check"
        ]
    );
    let Constraint::ForeignKey(key) = &table.constraints[3] else {
        panic!()
    };
    assert_eq!(key.references, "t".into());
}

#[tokio::test]
async fn the_version_of_the_server() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let said = live
        .text("SELECT split_part(current_setting('server_version'), '.', 1)")
        .await;
    let expected = aludel::dialect::postgres::Postgres::of_version(said.parse().unwrap());
    assert_eq!(live.dialect, expected);
}

/// 300 tables cost as many round trips as 3.
#[tokio::test]
async fn the_number_of_queries_is_constant() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let table = |number: i32| {
        Table::new(format!("t{number}"))
            .column(Column::new("id", Type::Integer).primary_key())
            .column(Column::new("a", Type::Text).server_default("'x'").index())
            .check(Check::new("id > 0"))
    };
    live.create(&model((0..3).map(table))).await;
    let few = transactions(&mut live).await;
    let all = model((0..300).map(table));
    let rest = model((3..300).map(table));
    live.execute("BEGIN").await;
    live.create(&rest).await;
    live.execute("COMMIT").await;
    let many = transactions(&mut live).await;
    assert_eq!(few, many);
    assert_eq!(few, 5);
    assert_eq!(live.differences(&all, &[]).await, (vec![], true));
}

/// How many transactions an inspection is. Outside a transaction, each query is one of its own; they are numbered by the
/// session's virtual transaction ids, which are given to each statement in turn.
async fn transactions(live: &mut Live) -> i64 {
    let sql = "SELECT split_part(virtualtransaction, '/', 2) FROM pg_locks \
               WHERE pid = pg_backend_pid() AND locktype = 'virtualxid'";
    let before: i64 = live.text(sql).await.parse().unwrap();
    live.inspect().await;
    let after: i64 = live.text(sql).await.parse().unwrap();
    after - before - 1
}
