//! Parts of tables: found, changed as far as the database can change them, and never dropped because no model mentions them.

use crate::support::Live;
use aludel::prelude::*;

fn visits() -> Table {
    Table::new("Visits")
        .column(Column::new("id", Type::Integer).not_null())
        .column(Column::new("day", Type::Date).not_null())
        .column(Column::new("note", Type::Text).index())
        .primary_key(["id", "day"])
        .check(Check::new("id > 0").named("ck_id"))
}

/// The table of the rest, which the model of each test has beside others.
fn rest() -> Table {
    Table::new("Rest of visits").partition_of("Visits", "DEFAULT")
}

const PART: &str = r#"CREATE TABLE "visits 2025" PARTITION OF "Visits" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"#;

#[tokio::test]
async fn parts_that_no_model_mentions_stay() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let models = Metadata::new()
        .table(visits().partition_by("range(day)"))
        .table(rest());
    live.create(&models).await;
    live.execute(PART).await;
    live.execute(
        r#"CREATE TABLE "visits 2026" PARTITION OF "Visits" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
           PARTITION BY LIST (id); CREATE TABLE deep PARTITION OF "visits 2026" DEFAULT;
           CREATE INDEX "own" ON "visits 2025" (day); INSERT INTO "Visits" VALUES (1, '2025-03-01', 'x'), (2, '2026-03-01', 'y')"#,
    )
    .await;
    let found = live.difference(&models).await;
    assert!(found.is_empty(), "{:?}", found.detected());
    // A change of the whole goes through all of them.
    let mut wider = visits().partition_by("RANGE (day)");
    wider.columns.push(
        Column::new("cost", Type::Integer)
            .not_null()
            .server_default("0"),
    );
    wider.columns[2].collation = Some("C".into());
    let wider = Metadata::new().table(wider).table(rest());
    let found = live.there_and_back(&models, &wider).await;
    assert_eq!(
        found,
        [
            "added column 'Visits.cost'",
            "collation on column 'Visits.note'",
        ]
    );
    assert_eq!(
        live.column(r#"SELECT note FROM "visits 2025""#).await,
        ["x"]
    );
}

#[tokio::test]
async fn a_part_of_a_model() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let part = |bound: &str| {
        let part = Table::new("visits 2025").partition_of("Visits", bound);
        Metadata::new()
            .table(visits().partition_by("RANGE (day)"))
            .table(rest())
            .table(
                part.index(Index::new("Own", ["day"]))
                    .parameter("fillfactor", "70"),
            )
    };
    let year = part("FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
    live.create(&year).await;
    live.execute(r#"INSERT INTO "Visits" VALUES (1, '2025-03-01', 'x')"#)
        .await;
    let same = part("for values from (date '2025-01-01') to ('2025-12-31'::date + 1)");
    assert!(live.difference(&same).await.is_empty());
    let longer = part("FOR VALUES FROM ('2025-01-01') TO ('2027-01-01')");
    let found = live.there_and_back(&year, &longer).await;
    assert_eq!(
        found,
        [
            "removed partition 'visits 2025' of table 'Visits'",
            "added partition 'visits 2025' of table 'Visits'",
        ]
    );
    let shorter = part("FOR VALUES FROM ('2025-06-01') TO ('2026-01-01')");
    let words = live.refused(&shorter).await;
    assert!(words.contains("partition constraint"), "{words}");
}

#[tokio::test]
async fn a_table_becomes_a_part() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let whole = || visits().partition_by("RANGE (day)");
    let year = "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')";
    let apart = {
        let mut own = visits();
        own.name = "visits 2025".into();
        Metadata::new().table(whole()).table(own)
    };
    let part = Table::new("visits 2025").partition_of("Visits", year);
    let part = Metadata::new().table(whole()).table(part);
    live.create(&apart).await;
    live.execute(r#"INSERT INTO "visits 2025" VALUES (1, '2025-03-01', 'x')"#)
        .await;
    let found = live.found_there_and_back(&apart, &part).await;
    assert!(
        found.contains(&"added partition 'visits 2025' of table 'Visits'".to_string()),
        "{found:?}"
    );
    assert_eq!(
        live.column(r#"SELECT note FROM "visits 2025""#).await,
        ["x"]
    );
}

#[tokio::test]
async fn other_parts_cannot_be_had() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let by = |sql: Option<&str>| {
        let table = sql.iter().fold(visits(), |it, sql| it.partition_by(*sql));
        Metadata::new().table(table)
    };
    live.create(&by(Some("RANGE (day)"))).await;
    live.execute(PART).await;
    for (other, line) in [
        (
            by(Some("LIST (day)")),
            "partitions on table 'Visits': from RANGE (day) to LIST (day)",
        ),
        (
            by(None),
            "partitions on table 'Visits': from RANGE (day) to none",
        ),
    ] {
        let draft = live.difference(&other).await;
        assert_eq!(draft.detected(), [line]);
        assert!(!draft.is_empty());
        let warning = "PostgreSQL cannot set options of table Visits in how its rows are parted: create another table, parted as \
             it is to be, move the rows, drop this one, and rename that";
        let warnings: Vec<&str> = draft
            .warnings
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert_eq!(warnings, [warning]);
        let (up, down) = draft.rust();
        for text in [up, down] {
            assert!(
                text.starts_with("// PostgreSQL cannot set options of table Visits"),
                "{text}"
            );
            assert!(text.contains("partition"), "{text}");
        }
        // It runs in words only, and is found again.
        let words = live.refused(&other).await;
        assert!(words.contains("in how its rows are parted"), "{words}");
        assert_eq!(live.difference(&other).await.detected(), [line]);
    }
    assert_eq!(
        live.column(r#"SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r'"#)
            .await,
        ["visits 2025"]
    );
}

#[tokio::test]
async fn parts_go_with_their_table() {
    let Some(live) = Live::postgres() else {
        return;
    };
    let other = || Table::new("other").column(Column::new("id", Type::Integer).primary_key());
    let part = Table::new("visits 2025")
        .partition_of("Visits", "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")
        .partition_by("LIST (id)");
    let deep = Table::new("deep").partition_of("visits 2025", "DEFAULT");
    let all = Metadata::new()
        .table(visits().partition_by("RANGE (day)"))
        .table(part)
        .table(deep)
        .table(other());
    let none = Metadata::new().table(other());
    live.create(&all).await;
    let found = live.there_and_back(&all, &none).await;
    assert_eq!(
        found,
        [
            "removed index 'ix_Visits_note' on 'Visits'",
            "removed table 'Visits' with its partitions 'visits 2025'",
        ][1..]
    );
}

#[tokio::test]
async fn parts_on_mariadb() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    let by = |sql: &str| {
        let table = Table::new("Visits")
            .column(Column::new("id", Type::Integer).not_null())
            .column(Column::new("day", Type::Date).not_null())
            .primary_key(["id", "day"]);
        Metadata::new().table(match sql {
            "" => table,
            sql => table.partition_by(sql),
        })
    };
    let years = by(
        "RANGE (to_days(day)) (PARTITION `the first` VALUES LESS THAN (to_days('2025-01-01')), \
         PARTITION rest VALUES LESS THAN (MAXVALUE))",
    );
    let none = by("");
    live.create(&years).await;
    live.execute("INSERT INTO `Visits` VALUES (1, '2024-03-01'), (2, '2026-03-01')")
        .await;
    let same = by(
        "range(TO_DAYS(`day`)) (partition `the first` values less than (739617) engine=InnoDB, \
         partition `rest` values less than maxvalue)",
    );
    assert!(live.difference(&same).await.is_empty());
    let hash = by("HASH (id) PARTITIONS 4");
    let list = by("LIST COLUMNS (id) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3))");
    for (other, words) in [
        (&none, "none"),
        (&hash, "HASH (id) PARTITIONS 4"),
        (&list, "LIST COLUMNS"),
    ] {
        let found = live.there_and_back(&years, other).await;
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("partitions on table 'Visits': from RANGE (to_days("),
            "{found:?}"
        );
        assert!(found[0].contains(words), "{found:?}");
    }
    let fewer = by("LIST (id) (PARTITION a VALUES IN (1))");
    let words = live.refused(&fewer).await;
    assert!(
        words.contains("Table has no partition for value 2"),
        "{words}"
    );
}
