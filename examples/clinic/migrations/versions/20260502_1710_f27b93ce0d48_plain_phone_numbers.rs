//! Plain phone numbers
//!
//! The application's own code knows what a plain phone number is. What people had typed is not kept: the downgrade
//! changes nothing.
//!
//! Revision ID: f27b93ce0d48
//! Revises: 18c0de4b5a7f
//! Create Date: 2026-05-02 17:10:00

use aludel::db::Kind;
use aludel::prelude::*;
use clinic::services;

pub fn upgrade(op: &mut Operations) {
    op.run("plain phone numbers", async |db| {
        match db.database() {
            Kind::Postgres => services::migrate_legacy_data_postgres(db.sqlx()?).await?,
            Kind::Mysql | Kind::MariaDb => services::migrate_legacy_data_mysql(db.sqlx()?).await?,
            _ => services::migrate_legacy_data_sqlite(db.sqlx()?).await?,
        }
        Ok(())
    })
    .offline(
        "UPDATE patients SET phone = replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', '')",
    );
}

pub fn downgrade(_op: &mut Operations) {}
