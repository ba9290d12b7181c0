//! Columns.

use super::{Case, MARIADB, POSTGRES, POSTGRES_AND_SQLITE, SQLITE, case};
use aludel::db::Kind;
use aludel::prelude::*;

pub const CASES: &[Case] = &[
    case(
        "add_column",
        |op| {
            op.add_column(
                "patients",
                Column::new("city", Type::Varchar(50))
                    .not_null()
                    .server_default("'Athens'"),
            );
        },
        |op| {
            op.drop_column("patients", "city");
        },
    ),
    case(
        "add_column.with_all_that_belongs_to_it",
        |op| {
            op.add_column(
                "visits",
                Column::new("follows", Type::Integer)
                    .references("visits", "id")
                    .index()
                    .check("follows > 0"),
            );
        },
        |op| {
            op.drop_constraint("ck_visits_follows", "visits");
            op.drop_constraint("fk_visits_follows_visits", "visits");
            op.drop_index("ix_visits_follows", "visits");
            op.drop_column("visits", "follows");
        },
    ),
    case(
        "drop_column",
        |op| {
            op.drop_column("patients", "phone");
        },
        |op| {
            op.add_column("patients", Column::new("phone", Type::Varchar(32)));
        },
    )
    .loses(&["patients.phone"]),
    case(
        "alter_column",
        |op| {
            op.alter_column("visits", "cost")
                .set_not_null()
                .set_default("0");
        },
        |op| {
            op.alter_column("visits", "cost")
                .drop_not_null()
                .drop_default();
        },
    ),
    case(
        "alter_column.type",
        |op| {
            op.alter_column("visits", "cost").set_type(Type::BigInteger);
        },
        |op| {
            op.alter_column("visits", "cost").set_type(Type::Integer);
        },
    ),
    case(
        "alter_column.using",
        |op| {
            op.alter_column("patients", "phone")
                .set_type(Type::Integer)
                .using("CAST(phone AS INTEGER)");
        },
        |op| {
            op.alter_column("patients", "phone")
                .set_type(Type::Varchar(32))
                .using("CAST(phone AS VARCHAR(32))");
        },
    )
    .on(POSTGRES_AND_SQLITE),
    case(
        "alter_column.rename",
        |op| {
            op.alter_column("patients", "phone").rename("phone_number");
        },
        |op| {
            op.alter_column("patients", "phone_number").rename("phone");
        },
    ),
    case(
        "alter_column.drop_expression",
        |op| {
            op.alter_column("visits", "doubled").drop_expression();
        },
        |op| {
            op.drop_column("visits", "doubled");
            op.add_column(
                "visits",
                Column::new("doubled", Type::Integer).generated_stored("id * 2"),
            );
        },
    )
    .given(|op| {
        op.add_column(
            "visits",
            Column::new("doubled", Type::Integer).generated_stored("id * 2"),
        );
    }),
    case(
        "alter_column.comment",
        |op| {
            op.alter_column("patients", "phone")
                .set_comment("Digits alone");
        },
        |op| {
            op.alter_column("patients", "phone").drop_comment();
        },
    ),
    case(
        "add_column.if_not_exists",
        |op| {
            op.add_column("patients", Column::new("city", Type::Varchar(50)))
                .if_not_exists();
        },
        |op| drop(op.drop_column("patients", "city")),
    ),
    case(
        "add_column.after_another",
        |op| {
            op.add_column("patients", Column::new("title", Type::Varchar(50)))
                .after("id");
        },
        |op| drop(op.drop_column("patients", "title")),
    )
    .on(&["MariaDB", "SQLite"]),
    case(
        "drop_column.if_exists",
        |op| drop(op.drop_column("patients", "nickname").if_exists()),
        |_| (),
    )
    .quiet(),
    case(
        "alter_column.storage",
        |op| {
            op.alter_column("patients", "name")
                .set_storage("EXTERNAL")
                .set_statistics(500);
        },
        |op| {
            op.alter_column("patients", "name")
                .set_storage("EXTENDED")
                .set_statistics(-1);
        },
    )
    .on(POSTGRES),
    case(
        "alter_column.identity",
        |op| {
            drop(
                op.alter_column("rooms", "id")
                    .set_identity(Identity::BY_DEFAULT),
            )
        },
        |op| drop(op.alter_column("rooms", "id").drop_identity()),
    )
    .given(|op| {
        op.create_table(Table::new("rooms").column(Column::new("id", Type::Integer).primary_key()));
    })
    .quiet(),
    case(
        "alter_column.collation",
        |op| {
            let name = match op.database() {
                Kind::Postgres => "C",
                Kind::Sqlite => "NOCASE",
                _ => "utf8mb4_bin",
            };
            op.alter_column("patients", "name").set_collation(name);
        },
        |op| drop(op.alter_column("patients", "name").drop_collation()),
    ),
    case(
        "alter_column.charset",
        |op| {
            op.alter_column("patients", "name")
                .set_charset("latin1")
                .set_collation("latin1_bin");
        },
        |op| drop(op.alter_column("patients", "name").drop_charset()),
    )
    .on(MARIADB),
    case(
        "alter_column.on_update",
        |op| {
            op.alter_column("rooms", "seen")
                .set_server_onupdate("CURRENT_TIMESTAMP")
                .set_invisible();
        },
        |op| {
            op.alter_column("rooms", "seen")
                .drop_server_onupdate()
                .set_visible();
        },
    )
    .given(|op| {
        op.create_table(
            Table::new("rooms")
                .column(Column::new("id", Type::Integer).primary_key())
                .column(Column::new("seen", Type::Timestamp)),
        );
    })
    .on(MARIADB),
    case(
        "alter_column.not_null_on_conflict",
        |op| {
            op.alter_column("patients", "name")
                .set_not_null_on_conflict(OnConflict::Fail);
        },
        |op| {
            op.alter_column("patients", "name")
                .drop_not_null_on_conflict();
        },
    )
    .on(SQLITE),
];
