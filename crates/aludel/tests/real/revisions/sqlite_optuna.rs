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
            .index(Index::new("ix_studies_study_name", ["study_name"]).unique()),
    );

    op.create_table(
        Table::new("study_directions")
            .column(
                Column::new("study_direction_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("direction", Type::Varchar(8)).not_null())
            .column(Column::new("study_id", Type::Integer).not_null())
            .column(Column::new("objective", Type::Integer).not_null())
            .constraint(
                Unique::new(["study_id", "objective"])
                    .named("uq_study_directions_study_id_objective"),
            )
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("fk_study_directions_study_id_studies"),
            ),
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
                Unique::new(["study_id", "key"]).named("uq_study_system_attributes_study_id_key"),
            )
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("fk_study_system_attributes_study_id_studies"),
            ),
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
                Unique::new(["study_id", "key"]).named("uq_study_user_attributes_study_id_key"),
            )
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("fk_study_user_attributes_study_id_studies"),
            ),
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
            .column(Column::new("state", Type::Varchar(8)).not_null())
            .column(Column::new("datetime_start", Type::TimestampTz))
            .column(Column::new("datetime_complete", Type::TimestampTz))
            .constraint(
                ForeignKey::new(["study_id"], "studies", ["study_id"])
                    .named("fk_trials_study_id_studies"),
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
            .column(Column::new("heartbeat", Type::TimestampTz).not_null())
            .constraint(Unique::new(["trial_id"]).named("uq_trial_heartbeats_trial_id"))
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_heartbeats_trial_id_trials"),
            ),
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
            .column(Column::new("intermediate_value_type", Type::Varchar(7)).not_null())
            .constraint(
                Unique::new(["trial_id", "step"])
                    .named("uq_trial_intermediate_values_trial_id_step"),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_intermediate_values_trial_id_trials"),
            ),
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
                Unique::new(["trial_id", "param_name"])
                    .named("uq_trial_params_trial_id_param_name"),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_params_trial_id_trials"),
            ),
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
                Unique::new(["trial_id", "key"]).named("uq_trial_system_attributes_trial_id_key"),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_system_attributes_trial_id_trials"),
            ),
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
                Unique::new(["trial_id", "key"]).named("uq_trial_user_attributes_trial_id_key"),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_user_attributes_trial_id_trials"),
            ),
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
            .column(Column::new("value_type", Type::Varchar(7)).not_null())
            .constraint(
                Unique::new(["trial_id", "objective"]).named("uq_trial_values_trial_id_objective"),
            )
            .constraint(
                ForeignKey::new(["trial_id"], "trials", ["trial_id"])
                    .named("fk_trial_values_trial_id_trials"),
            ),
    );

    op.create_table(
        Table::new("version_info")
            .column(
                Column::new("version_info_id", Type::Integer)
                    .identity()
                    .primary_key(),
            )
            .column(Column::new("schema_version", Type::Integer))
            .column(Column::new("library_version", Type::Varchar(256)))
            .constraint(Check::new("version_info_id=1").named("ck_version_info_version_info_id")),
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
