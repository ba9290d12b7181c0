//! Times in the code of a step, on a server whose time zone is not UTC.

use aludel::db::{Access, DbUrl};
use aludel::history::{Embedded, History, Migrations};
use aludel::prelude::*;
use aludel::run::{Options, Runner};
use aludel_testdb::{Auth, MariaDbServer};
use chrono::{DateTime, TimeZone, Utc};

const NOON: &str = "2026-07-01 12:00:00";

/// Noon in Karachi is seven o'clock in UTC.
fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 1, 7, 0, 0).unwrap()
}

const REVISION: Embedded = Embedded {
    name: "1.rs",
    text: "//! Times\n//!\n//! Revision ID: aaaa\n",
    up: Some(|op| {
        op.create_table(
            Table::new("visits")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("at", Type::TimestampTz)),
        );
        // SQL text means what it means in any client of this server.
        op.execute(format!("INSERT INTO visits VALUES (1, '{NOON}')"));
        op.run("copy the time", async |db| {
            let rows = db.fetch("SELECT at FROM visits WHERE id = 1").await?;
            let at: DateTime<Utc> = rows[0].get("at")?;
            assert_eq!(at, noon());
            db.execute_with("INSERT INTO visits VALUES (2, ?)", (at,))
                .await?;
            Ok(())
        });
        op.execute(format!("INSERT INTO visits VALUES (3, '{NOON}')"));
        op.run("fail, and be heard", async |db| {
            let _ = db.execute("this is no SQL").await;
            Ok(())
        });
        op.execute(format!("INSERT INTO visits VALUES (4, '{NOON}')"));
    }),
    down: Some(|_| ()),
};

#[tokio::test(flavor = "current_thread")]
async fn a_step_reads_and_writes_the_instant_that_is_meant() {
    if aludel_testdb::mariadb_or_skip().is_none() {
        return;
    }
    let server = MariaDbServer::start(Auth::Trust).unwrap();
    let database = server.database().unwrap();
    database.sql("SET GLOBAL time_zone = '+05:00'");
    let history = History::embedded(&Migrations::new("versions", &[REVISION])).unwrap();
    let url = DbUrl::parse(&database.url()).unwrap();
    let mut runner = Runner::connect(&url, Access::Write, history, Options::default())
        .await
        .unwrap();
    runner.upgrade(&"head".parse().unwrap()).await.unwrap();
    let told = database.sql("SELECT CONCAT(id, ' ', at) FROM visits ORDER BY id");
    let expected: Vec<String> = (1..=4).map(|id| format!("{id} {NOON}.000000")).collect();
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    let zone = runner
        .connection()
        .fetch("SELECT @@SESSION.time_zone")
        .await
        .unwrap();
    assert_eq!(zone[0].at::<String>(0).unwrap(), "+05:00");
}
