//! Every operation that autogenerate may write
//!
//! Revision ID: abc123def456
//! Revises: 5f1d0a2b3c4e
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_enum(Enum::new("visit_status", ["planned", r#"it's "done""#]));
    op.create_enum(Enum::new(("billing", "mood"), ["sad", "glad"]));
    op.alter_enum(Enum::new("unit", ["mg"]), ["mg", "ml"]);
    op.alter_enum(Enum::new("unit", ["mg"]), ["g"]).replace();
    op.create_table(
        Table::new("patients")
            .column(Column::new("id", Type::Integer).identity().primary_key())
            .column(Column::new("email", Type::String).collation("C"))
            .column(Column::new("phone", Type::Varchar(32)).not_null())
            .column(Column::new("tags", Type::Text.array()).server_default("'{}'"))
            .column(Column::new("place", Type::custom("geometry(Point,4326)")))
            .column(Column::new("weight", Type::Decimal(5, 2)).comment("in kg"))
            .column(Column::new("tall", Type::Boolean).generated_stored("weight > 100"))
            .constraint(
                Unique::new(["email"])
                    .deferrable(Deferrable::Deferred)
                    .named("uq_patients_email"),
            )
            .constraint(Check::new(r#"phone <> '"'"#).named("ck_patients_phone"))
            .index(
                Index::new(
                    "ix_patients_lower",
                    [
                        IndexPart::expr("lower(email)").desc().nulls_last(),
                        IndexPart::column("phone").opclass("varchar_pattern_ops"),
                    ],
                )
                .unique()
                .predicate("phone IS NOT NULL"),
            )
            .comment("People under care."),
    );
    op.create_table(
        Table::new(("billing", "invoices"))
            .column(Column::new("year", Type::SmallInteger).not_null())
            .column(
                Column::new("number", Type::BigInteger).identity_as(Identity {
                    always: true,
                    start: Some(100),
                    increment: None,
                }),
            )
            .column(
                Column::new(
                    "mood",
                    Type::enumeration(("billing", "mood"), ["sad", "glad"]),
                )
                .server_default("'sad'"),
            )
            .constraint(PrimaryKey::new(["year", "number"]).named("pk_invoices"))
            .constraint(
                ForeignKey::new(["number"], "patients", ["id"])
                    .on_delete(Action::SetNull)
                    .on_update(Action::Cascade)
                    .match_full()
                    .deferrable(Deferrable::Immediate)
                    .named("fk_invoices_number_patients"),
            )
            .index(Index::new("ix_invoices_year", ["year"])),
    );
    op.create_table(
        Table::new("log")
            .column(Column::new("day", Type::Date).not_null())
            .unlogged()
            .partition_by("RANGE (day)")
            .tablespace("fast")
            .inherits("events")
            .inherits(("other", "events"))
            .parameter("fillfactor", "70"),
    )
    .if_not_exists();
    op.create_table(
        Table::new("log_rest")
            .constraint(
                PrimaryKey::new(["day"])
                    .deferrable(Deferrable::Deferred)
                    .include(["what"])
                    .named("pk_log_rest"),
            )
            .partition_of(("other", "log"), "DEFAULT"),
    );
    op.rename_table("doctors", "physicians");
    op.set_table_options("log")
        .parameter("fillfactor", "80")
        .reset("toast.autovacuum_enabled")
        .tablespace("slow")
        .unlogged();
    op.set_table_options("log").logged();
    op.set_table_options("log")
        .engine("InnoDB")
        .charset("utf8mb4")
        .collation("utf8mb4_bin")
        .convert()
        .option("ROW_FORMAT", "DYNAMIC");
    op.attach_partition(
        ("other", "log"),
        "log_2025",
        "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    );
    op.create_table_comment("visits", "What happened.");
    op.add_column("visits", Column::new("notes", Type::Text));
    op.add_column("visits", Column::new("room", Type::Text))
        .after("id")
        .if_not_exists();
    op.add_column("visits", Column::new("key", Type::Text))
        .first();
    op.alter_column("visits", "cost")
        .set_type(Type::Decimal(10, 2))
        .using("cost::numeric")
        .set_not_null()
        .set_default("0")
        .set_comment("in euros");
    op.alter_column("visits", "id").set_identity(Identity {
        always: false,
        start: None,
        increment: Some(2),
    });
    op.alter_column("visits", "old").rename("new");
    op.alter_column("visits", "room").after("key");
    op.alter_column("visits", "notes")
        .first()
        .set_storage("EXTERNAL")
        .set_compression("lz4")
        .set_statistics(500);
    op.create_primary_key("pk_visits", "visits", ["id"]);
    op.create_primary_key("pk_rooms", "rooms", ["id"])
        .deferrable(Deferrable::Immediate)
        .include(["name"])
        .if_not_exists();
    op.create_unique_constraint("uq_visits_code", "visits", ["code"])
        .nulls_not_distinct();
    op.create_unique_constraint("uq_visits_room", "visits", ["room"])
        .include(["cost"])
        .if_not_exists();
    op.create_foreign_key(
        "fk_visits_patient_id_patients",
        "visits",
        "patients",
        ["patient_id"],
        ["id"],
    )
    .on_delete(Action::Cascade);
    op.create_foreign_key("fk", "visits", "rooms", ["room"], ["id"])
        .not_valid()
        .if_not_exists();
    op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0");
    op.create_check_constraint("ck_visits_room", "visits", "room <> ''")
        .not_valid()
        .no_inherit()
        .if_not_exists();
    op.create_exclusion_constraint(
        "ex_visits_room",
        "visits",
        [
            (IndexPart::column("room"), "="),
            (IndexPart::expr("lower(during)").desc(), "&&"),
        ],
    )
    .method("gist")
    .predicate("room IS NOT NULL")
    .deferrable(Deferrable::Deferred)
    .if_not_exists();
    op.validate_constraint("ck_visits_room", "visits");
    op.rename_constraint("ck_visits_room", ("other", "visits"), "ck_room");
    op.rename_index("ix", "visits", "ix_visits_room");
    op.create_index(
        "ix_visits_patient_id_visit_date",
        "visits",
        ["patient_id", "visit_date"],
    );
    op.create_index("ix_visits_signs", "visits", ["vital_signs"])
        .method("gin");
    op.create_index("ix_visits_code", "visits", ["code"])
        .unique()
        .include(["cost"])
        .nulls_not_distinct();
    op.create_index("ix_visits_room", "visits", ["room"])
        .comment("by room")
        .if_not_exists()
        .concurrently();
    op.execute("UPDATE visits SET status = 'planned'");
    op.bulk_insert(
        "roles",
        ["id", "name", "level"],
        vec![
            vec![1i64.into(), "doctor".into(), Literal::Null],
            vec![2i64.into(), "nurse".into(), 1.5f64.into()],
        ],
    );
    op.bulk_insert("roles", ["id"], Vec::<Vec<Literal>>::new())
        .multiinsert(false);
}

pub fn downgrade(op: &mut Operations) {
    op.detach_partition(("other", "log"), "log_2025")
        .concurrently();
    op.detach_partition("log", "log_2024").finalize();
    op.detach_partition("log", "log_rest");
    op.drop_index("ix_visits_code", "visits");
    op.drop_index("ix_visits_room", "visits")
        .if_exists()
        .concurrently();
    op.drop_constraint("ck_visits_cost", "visits");
    op.drop_constraint("ck_visits_room", "visits").if_exists();
    op.drop_unnamed_constraint("visits", Check::new("room <> ''"))
        .if_exists();
    op.drop_unnamed_constraint("visits", Check::new("cost >= 0"));
    op.alter_column("visits", "cost")
        .drop_not_null()
        .drop_default()
        .drop_comment();
    op.alter_column("visits", "id").drop_identity();
    op.drop_column("visits", "notes");
    op.drop_column("visits", "room").if_exists();
    op.drop_table_comment("visits");
    op.drop_table(("billing", "invoices"));
    op.drop_table("patients");
    op.drop_table("log").if_exists();
    op.drop_enum(("billing", "mood"));
    op.drop_enum("visit_status");
}
