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
                    ..Identity::BY_DEFAULT
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
        .unlogged()
        .parameter("fillfactor", "80")
        .reset("toast.autovacuum_enabled")
        .tablespace("slow")
        .method("columnar")
        .no_inherit("old")
        .inherit(("other", "log"));
    op.set_table_options("log")
        .strict()
        .without_rowid()
        .autoincrement()
        .logged()
        .default_tablespace()
        .default_method();
    op.set_table_options("log")
        .not_strict()
        .with_rowid()
        .no_autoincrement();
    op.set_table_options("log")
        .engine("InnoDB")
        .charset("utf8mb4")
        .collation("utf8mb4_bin")
        .convert()
        .option("ROW_FORMAT", "DYNAMIC")
        .partition_by("HASH (id) PARTITIONS 4");
    op.set_table_options("log")
        .default_engine()
        .default_charset()
        .default_collation()
        .reset_option("ROW_FORMAT")
        .no_partitions();
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
        ..Identity::BY_DEFAULT
    });
    op.alter_column("visits", "old").rename("new");
    op.alter_column("visits", "room").after("key");
    op.alter_column("visits", "notes")
        .first()
        .set_storage("EXTERNAL")
        .set_compression("lz4")
        .set_statistics(500);
    op.alter_column("visits", "seen")
        .set_charset("latin1")
        .set_collation("latin1_bin")
        .set_server_onupdate("CURRENT_TIMESTAMP")
        .set_invisible()
        .set_not_null_on_conflict(OnConflict::Fail);
    op.alter_column("visits", "seen")
        .drop_charset()
        .drop_collation()
        .drop_server_onupdate()
        .set_visible()
        .drop_not_null_on_conflict();
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
    op.create_schema("billing").if_not_exists();
    op.create_sequence("ticket_number");
    op.create_sequence(
        Sequence::new(("billing", "numbers"))
            .ty(Type::Integer)
            .start(5)
            .increment(-1)
            .min(-9)
            .max(9)
            .cache(2)
            .cycle()
            .owned_by("visits", "id"),
    )
    .if_not_exists();
    op.alter_sequence("numbers")
        .set_type(Type::SmallInteger)
        .increment(2)
        .no_min()
        .max(7)
        .start(3)
        .restart_with(4)
        .cache(1)
        .no_cycle()
        .owned_by_none();
    op.alter_sequence("numbers")
        .min(1)
        .no_max()
        .restart()
        .cycle()
        .owned_by("visits", "id");
    op.create_view(
        View::new(
            ("billing", "open"),
            r#"SELECT id
FROM "visits"
WHERE cost > 0"#,
        )
        .columns(["id"])
        .option("security_barrier", "true")
        .check_option(ViewCheck::Local),
    )
    .or_replace();
    op.create_materialized_view(
        View::new("counts", "SELECT count(*) AS n FROM visits")
            .with_no_data()
            .tablespace("fast"),
    );
    op.refresh_materialized_view("counts")
        .concurrently()
        .with_no_data();
    op.create_function(
        Function::new("touch", "")
            .returns("trigger")
            .language("plpgsql")
            .attribute("SECURITY DEFINER")
            .body(
                r"BEGIN
    RETURN NEW;
END",
            ),
    )
    .or_replace();
    op.create_procedure(Function::new(("billing", "plus"), "a integer").sql_body("SELECT 1"));
    op.create_trigger(
        Trigger::new("touch", "visits")
            .before()
            .insert()
            .update()
            .when("NEW.cost > 0")
            .execute("touch('a')")
            .body("SELECT 1"),
    )
    .or_replace();
    op.create_trigger(
        Trigger::new("late", ("billing", "t"))
            .constraint()
            .after()
            .update_of(["a", "b"])
            .delete()
            .refers_to("visits")
            .deferrable(Deferrable::Deferred)
            .execute("f()"),
    );
    op.create_trigger(
        Trigger::new("all", "v")
            .instead_of()
            .truncate()
            .old_table("o")
            .new_table("n")
            .for_each_statement()
            .execute("f()"),
    )
    .if_not_exists();
    op.enable_trigger("touch", "visits");
    op.enable_trigger("touch", "visits").always();
    op.enable_trigger("touch", "visits").on_replica();
    op.create_extension("citext").if_not_exists();
    op.create_extension(
        Extension::new("hstore")
            .schema("s")
            .version("1.8")
            .cascade(),
    );
    op.update_extension("hstore").to("1.9");
    op.create_domain(
        Domain::new("email", Type::Text)
            .collation("C")
            .server_default("'a@b'")
            .not_null()
            .check(Check::new("VALUE <> ''").named("ck")),
    );
    op.alter_domain("email")
        .set_default("''")
        .set_not_null()
        .add_check(Check::new("true").not_valid().named("all"))
        .validate_constraint("all");
    op.create_policy(
        Policy::new("own", "visits")
            .restrictive()
            .command(PolicyCommand::Select)
            .to(["doctors"])
            .using("id = 1")
            .with_check("id = 2"),
    );
    op.alter_policy("own", "visits")
        .to([] as [&str; 0])
        .using("id = 3")
        .with_check("id = 4");
    op.enable_row_level_security("visits");
    op.force_row_level_security("visits");
    op.set_schema(Object::ty("mood"), "billing");
    op.comment_on(Object::column("visits", "id"), Some("The number."));
    op.comment_on(
        Object::domain_constraint("ck", "email"),
        Some(r#"Not "".""#),
    );
    op.rename_enum_value("mood", "sad", "so-so");
    op.rename_enum("mood", "moods");
    op.rename_schema("billing", "accounts");
    op.rename_function("f", "integer", "g");
    op.rename_trigger("touch", "visits", "touched");
    op.rename_materialized_view("counts", "count");
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
    op.disable_trigger("touch", "visits");
    op.alter_domain("email")
        .drop_default()
        .drop_not_null()
        .drop_constraint("all");
    op.no_force_row_level_security("visits");
    op.disable_row_level_security("visits");
    op.comment_on(Object::procedure("plus", "integer"), None);
    op.drop_policy("own", "visits").if_exists();
    op.drop_trigger("touch", ("billing", "t"));
    op.drop_procedure(("billing", "plus"), "integer");
    op.drop_function("touch", "").cascade();
    op.drop_materialized_view("counts").if_exists().cascade();
    op.drop_view("open");
    op.drop_domain("email");
    op.drop_sequence("ticket_number");
    op.drop_extension("hstore");
    op.drop_schema("billing");
}
