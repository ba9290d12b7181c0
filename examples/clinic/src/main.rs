//! The application: it brings its database up to date when it starts, and says what it found.

use aludel::db::{Access, Connection, DbUrl};
use aludel::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:clinic.db".to_string());
    match start(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                eprintln!("  caused by: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn start(url: &str) -> Result<()> {
    let migrator = Migrator::new(migrations!("migrations/versions"));
    let steps = migrator.upgrade(url, "head").await?;
    for step in &steps {
        println!("ran      {step}");
    }
    let current = migrator.current(url).await?;
    let current: Vec<&str> = current.iter().map(|it| it.as_str()).collect();

    let url = DbUrl::parse(url)?;
    println!("database {url}");
    println!("revision {} (head)", current.join(", "));
    let mut db = Connection::open(&url, Access::Write).await?;
    welcome(&mut db).await?;
    for table in ["patients", "visits", "prescriptions"] {
        let rows = db
            .fetch(&format!("SELECT count(*) AS n FROM {table}"))
            .await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.get("n"))?;
        println!("holds    {count} {table}");
    }
    db.close().await?;
    Ok(())
}

/// The first patient of a new practice, so that there is something to see.
async fn welcome(db: &mut Connection) -> Result<()> {
    if !db.fetch("SELECT 1 FROM patients").await?.is_empty() {
        return Ok(());
    }
    db.execute(
        "INSERT INTO patients (patient_id, first_name, last_name, email, phone, date_of_birth)
         VALUES ('P-1', 'Ada', 'Lovelace', 'ada@example.org', '+4420123', '1815-12-10')",
    )
    .await?;
    db.execute("INSERT INTO visits (patient_id, visit_date) VALUES ('P-1', '2025-11-08')")
        .await?;
    db.execute(
        "INSERT INTO prescriptions (number, visit_id, drug, quantity)
         SELECT 'RX-1', id, 'Ibuprofen 400', 20 FROM visits",
    )
    .await?;
    Ok(())
}
