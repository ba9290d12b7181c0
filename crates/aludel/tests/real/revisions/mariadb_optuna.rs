//! Everything that optuna has
//!
//! Revision ID: abc123def456
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_table(
        Table::new("studies")
            .column(
                Column::new("study_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("study_name", Type::Varchar(512)).not_null())
            .constraint(Unique::new(["study_name"]).named("ix_studies_study_name")),
    );

    op.create_table(
        Table::new("study_directions")
            .column(
                Column::new("study_direction_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(
                Column::new(
                    "direction",
                    Type::custom("enum('NOT_SET','MINIMIZE','MAXIMIZE')"),
                )
                .not_null(),
            )
            .column(Column::new("study_id", Type::Integer).not_null())
            .column(Column::new("objective", Type::Integer).not_null())
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("study_directions_ibfk_1"),
            )
            .constraint(Unique::new(["study_id", "objective"]).named("study_id")),
    );

    op.create_table(
        Table::new("study_system_attributes")
            .column(
                Column::new("study_system_attribute_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("study_id", Type::Integer))
            .column(Column::new("key", Type::Varchar(512)))
            .column(Column::new("value_json", Type::Text))
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("study_system_attributes_ibfk_1"),
            )
            .constraint(Unique::new(["study_id", "key"]).named("study_id")),
    );

    op.create_table(
        Table::new("study_user_attributes")
            .column(
                Column::new("study_user_attribute_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("study_id", Type::Integer))
            .column(Column::new("key", Type::Varchar(512)))
            .column(Column::new("value_json", Type::Text))
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("study_user_attributes_ibfk_1"),
            )
            .constraint(Unique::new(["study_id", "key"]).named("study_id")),
    );

    op.create_table(
        Table::new("trials")
            .column(
                Column::new("trial_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("number", Type::Integer))
            .column(Column::new("study_id", Type::Integer))
            .column(
                Column::new(
                    "state",
                    Type::custom("enum('RUNNING','COMPLETE','PRUNED','FAIL','WAITING')"),
                )
                .not_null(),
            )
            .column(Column::new("datetime_start", Type::Timestamp.precision(0)))
            .column(Column::new(
                "datetime_complete",
                Type::Timestamp.precision(0),
            ))
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"]).named("trials_ibfk_1"),
            )
            .index(Index::new("ix_trials_study_id", ["study_id"])),
    );

    op.create_table(
        Table::new("trial_heartbeats")
            .column(
                Column::new("trial_heartbeat_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer).not_null())
            .column(Column::new("heartbeat", Type::Timestamp.precision(0)).not_null())
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("trial_heartbeats_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id"]).named("trial_id")),
    );

    op.create_table(
        Table::new("trial_intermediate_values")
            .column(
                Column::new("trial_intermediate_value_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer).not_null())
            .column(Column::new("step", Type::Integer).not_null())
            .column(Column::new("intermediate_value", Type::Double))
            .column(
                Column::new(
                    "intermediate_value_type",
                    Type::custom("enum('FINITE','INF_POS','INF_NEG','NAN')"),
                )
                .not_null(),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("trial_intermediate_values_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id", "step"]).named("trial_id")),
    );

    op.create_table(
        Table::new("trial_params")
            .column(
                Column::new("param_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer))
            .column(Column::new("param_name", Type::Varchar(512)))
            .column(Column::new("param_value", Type::Double))
            .column(Column::new("distribution_json", Type::Text))
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"]).named("trial_params_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id", "param_name"]).named("trial_id")),
    );

    op.create_table(
        Table::new("trial_system_attributes")
            .column(
                Column::new("trial_system_attribute_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer))
            .column(Column::new("key", Type::Varchar(512)))
            .column(Column::new("value_json", Type::Text))
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("trial_system_attributes_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id", "key"]).named("trial_id")),
    );

    op.create_table(
        Table::new("trial_user_attributes")
            .column(
                Column::new("trial_user_attribute_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer))
            .column(Column::new("key", Type::Varchar(512)))
            .column(Column::new("value_json", Type::Text))
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("trial_user_attributes_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id", "key"]).named("trial_id")),
    );

    op.create_table(
        Table::new("trial_values")
            .column(
                Column::new("trial_value_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("trial_id", Type::Integer).not_null())
            .column(Column::new("objective", Type::Integer).not_null())
            .column(Column::new("value", Type::Double))
            .column(
                Column::new(
                    "value_type",
                    Type::custom("enum('FINITE','INF_POS','INF_NEG')"),
                )
                .not_null(),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"]).named("trial_values_ibfk_1"),
            )
            .constraint(Unique::new(["trial_id", "objective"]).named("trial_id")),
    );

    op.create_table(
        Table::new("version_info")
            .column(Column::new("version_info_id", Type::Integer).primary_key())
            .column(Column::new("schema_version", Type::Integer))
            .column(Column::new("library_version", Type::Varchar(256)))
            .constraint(Check::new("`version_info_id` = 1").named("CONSTRAINT_1")),
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_table("version_info");
    op.drop_table("trial_values");
    op.drop_table("trial_user_attributes");
    op.drop_table("trial_system_attributes");
    op.drop_table("trial_params");
    op.drop_table("trial_intermediate_values");
    op.drop_table("trial_heartbeats");
    op.drop_table("trials");
    op.drop_table("study_user_attributes");
    op.drop_table("study_system_attributes");
    op.drop_table("study_directions");
    op.drop_table("studies");
}
