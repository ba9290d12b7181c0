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
    op.rename_table("doctors", "physicians");
    op.create_table_comment("visits", "What happened.");
    op.add_column("visits", Column::new("notes", Type::Text));
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
    op.create_primary_key("pk_visits", "visits", ["id"]);
    op.create_unique_constraint("uq_visits_code", "visits", ["code"])
        .nulls_not_distinct();
    op.create_foreign_key(
        "fk_visits_patient_id_patients",
        "visits",
        "patients",
        ["patient_id"],
        ["id"],
    )
    .on_delete(Action::Cascade);
    op.create_check_constraint("ck_visits_cost", "visits", "cost >= 0");
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
    op.execute("UPDATE visits SET status = 'planned'");
    op.bulk_insert(
        "roles",
        ["id", "name", "level"],
        vec![
            vec![1i64.into(), "doctor".into(), Literal::Null],
            vec![2i64.into(), "nurse".into(), 1.5f64.into()],
        ],
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_index("ix_visits_code", "visits");
    op.drop_constraint("ck_visits_cost", "visits");
    op.drop_unnamed_constraint("visits", Check::new("cost >= 0"));
    op.alter_column("visits", "cost")
        .drop_not_null()
        .drop_default()
        .drop_comment();
    op.alter_column("visits", "id").drop_identity();
    op.drop_column("visits", "notes");
    op.drop_table_comment("visits");
    op.drop_table(("billing", "invoices"));
    op.drop_table("patients");
    op.drop_enum(("billing", "mood"));
    op.drop_enum("visit_status");
}
