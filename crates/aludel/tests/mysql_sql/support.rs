//! Recorded operations as the text of either product.

use aludel::db::Kind;
use aludel::dialect::Dialect;
use aludel::dialect::mysql::Mysql;
use aludel::prelude::*;
use aludel::schema::Schema;

/// The statements of what is recorded, one behind the other, each on the state that those before it leave.
pub fn try_sql(
    dialect: &Mysql,
    before: &Schema,
    record: impl FnOnce(&mut Operations),
) -> Result<String> {
    let mut op = Operations::new(Kind::Mysql);
    record(&mut op);
    let mut state = before.clone();
    let mut text = Vec::new();
    for recorded in op.into_recorded() {
        for statement in dialect.statements(&recorded.operation, &state)? {
            text.push(statement.sql);
        }
        if recorded.operation.apply(&mut state).is_ok() {
            dialect.normalize(&mut state);
        }
    }
    Ok(text.join(";\n"))
}

/// What both products say, which is the same.
#[track_caller]
pub fn sql(record: impl Fn(&mut Operations)) -> String {
    let (mysql, mariadb) = both(record);
    assert_eq!(mysql, mariadb);
    mysql
}

/// What MySQL says, and what MariaDB says; a refusal is text too.
pub fn both(record: impl Fn(&mut Operations)) -> (String, String) {
    let say = |dialect: Mysql| match try_sql(&dialect, &clinic(), &record) {
        Ok(text) => text,
        Err(error) => said(error),
    };
    (say(Mysql::mysql()), say(Mysql::mariadb()))
}

/// A refusal with what to do instead.
pub fn said(error: Error) -> String {
    match error {
        Error::Unsupported {
            operation,
            dialect,
            instead,
        } => format!("{dialect} cannot {operation}: {instead}"),
        other => other.to_string(),
    }
}

/// What both refuse, without the name of the one that does.
#[track_caller]
pub fn refusal(record: impl Fn(&mut Operations)) -> String {
    let (mysql, mariadb) = both(record);
    let mysql = mysql.strip_prefix("MySQL ").unwrap().to_string();
    assert_eq!(Some(mysql.as_str()), mariadb.strip_prefix("MariaDB "));
    mysql
}

pub fn status() -> Enum {
    Enum::new("visit_status", ["planned", "completed", "cancelled"])
}

pub fn clinic() -> Schema {
    let mut visits = Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key().identity())
        .column(Column::new("order", Type::Integer).comment("it's"))
        .column(
            Column::new("status", Type::Enum(status()))
                .not_null()
                .server_default("'planned'"),
        )
        .column(
            Column::new("note", Type::Varchar(10))
                .server_default("'-'")
                .charset("utf8mb4")
                .collation("utf8mb4_bin")
                .invisible(),
        )
        .column(
            Column::new("seen", Type::Timestamp)
                .not_null()
                .server_default("CURRENT_TIMESTAMP")
                .server_onupdate("CURRENT_TIMESTAMP"),
        )
        .column(Column::new("twice", Type::Integer).generated_virtual("id * 2"))
        .check(Check::new("`order` > 0").named("ck_order"))
        .unique(["order", "note"])
        .foreign_key(ForeignKey::new(["order"], "orders", ["id"]).named("fk_order"))
        .index(Index::new("ix_note", [IndexPart::column("note").length(4)]));
    visits.apply_naming(&Default::default());
    let mut schema = Schema::default();
    schema.add_enum(status());
    schema.add_table(visits);
    schema.add_table(Table::new("orders").column(Column::new("id", Type::Integer).primary_key()));
    schema
}
