//! Split the name
//!
//! A patient's one name becomes a first and a last name. The downgrade puts them together again.
//!
//! Revision ID: 0d94f3a7c215
//! Revises: abc123def456
//! Create Date: 2025-10-20 16:40:00

use aludel::db::Kind;
use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.add_column("patients", Column::new("first_name", Type::String));
    op.add_column("patients", Column::new("last_name", Type::String));

    // A script (`--sql`) has no rows to look at: this is the same as SQL.
    let space = match op.database() {
        Kind::Postgres => "strpos(name, ' ')",
        _ => "instr(name, ' ')",
    };
    op.run("split name into first_name and last_name", async |db| {
        for row in db.fetch("SELECT id, name FROM patients").await? {
            let name: Option<String> = row.get("name")?;
            let name = name.unwrap_or_default();
            let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
            db.execute_with(
                "UPDATE patients SET first_name = ?, last_name = ? WHERE id = ?",
                (first, last, row.get::<i32>("id")?),
            )
            .await?;
        }
        Ok(())
    })
    .offline(format!(
        "UPDATE patients SET
             first_name = CASE WHEN {space} > 0 THEN substr(name, 1, {space} - 1) ELSE coalesce(name, '') END,
             last_name = CASE WHEN {space} > 0 THEN substr(name, {space} + 1) ELSE '' END"
    ));

    op.alter_column("patients", "first_name").set_not_null();
    op.alter_column("patients", "last_name").set_not_null();
    op.drop_column("patients", "name");
}

pub fn downgrade(op: &mut Operations) {
    op.add_column("patients", Column::new("name", Type::String));
    // `||` is OR on MySQL and MariaDB.
    let name = match op.database() {
        Kind::Mysql | Kind::MariaDb => "concat(first_name, ' ', last_name)",
        _ => "first_name || ' ' || last_name",
    };
    op.execute(format!("UPDATE patients SET name = trim({name})"));
    op.drop_column("patients", "last_name");
    op.drop_column("patients", "first_name");
}
