//! Everything that pg boss has
//!
//! Revision ID: abc123def456
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_enum(Enum::new(
        "job_state",
        [
            "created",
            "retry",
            "active",
            "completed",
            "cancelled",
            "failed",
        ],
    ));

    op.create_table(
        Table::new("archive")
            .column(Column::new("id", Type::Uuid).not_null())
            .column(Column::new("name", Type::Text).not_null())
            .column(Column::new("priority", Type::Integer).not_null())
            .column(Column::new("data", Type::Jsonb))
            .column(
                Column::new(
                    "state",
                    Type::enumeration(
                        "job_state",
                        [
                            "created",
                            "retry",
                            "active",
                            "completed",
                            "cancelled",
                            "failed",
                        ],
                    ),
                )
                .not_null(),
            )
            .column(Column::new("retry_limit", Type::Integer).not_null())
            .column(Column::new("retry_count", Type::Integer).not_null())
            .column(Column::new("retry_delay", Type::Integer).not_null())
            .column(Column::new("retry_backoff", Type::Boolean).not_null())
            .column(Column::new("start_after", Type::TimestampTz).not_null())
            .column(Column::new("started_on", Type::TimestampTz))
            .column(Column::new("singleton_key", Type::Text))
            .column(Column::new("singleton_on", Type::Timestamp))
            .column(Column::new("expire_in", Type::Interval).not_null())
            .column(Column::new("created_on", Type::TimestampTz).not_null())
            .column(Column::new("completed_on", Type::TimestampTz))
            .column(Column::new("keep_until", Type::TimestampTz).not_null())
            .column(Column::new("output", Type::Jsonb))
            .column(Column::new("dead_letter", Type::Text))
            .column(Column::new("policy", Type::Text))
            .column(
                Column::new("archived_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .constraint(PrimaryKey::new(["name", "id"]).named("archive_pkey"))
            .index(Index::new("archive_i1", ["archived_on"])),
    );

    op.create_table(
        Table::new("job")
            .column(
                Column::new("id", Type::Uuid)
                    .not_null()
                    .server_default("gen_random_uuid()"),
            )
            .column(Column::new("name", Type::Text).not_null())
            .column(
                Column::new("priority", Type::Integer)
                    .not_null()
                    .server_default("0"),
            )
            .column(Column::new("data", Type::Jsonb))
            .column(
                Column::new(
                    "state",
                    Type::enumeration(
                        "job_state",
                        [
                            "created",
                            "retry",
                            "active",
                            "completed",
                            "cancelled",
                            "failed",
                        ],
                    ),
                )
                .not_null()
                .server_default("'created'"),
            )
            .column(
                Column::new("retry_limit", Type::Integer)
                    .not_null()
                    .server_default("2"),
            )
            .column(
                Column::new("retry_count", Type::Integer)
                    .not_null()
                    .server_default("0"),
            )
            .column(
                Column::new("retry_delay", Type::Integer)
                    .not_null()
                    .server_default("0"),
            )
            .column(
                Column::new("retry_backoff", Type::Boolean)
                    .not_null()
                    .server_default("false"),
            )
            .column(
                Column::new("start_after", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(Column::new("started_on", Type::TimestampTz))
            .column(Column::new("singleton_key", Type::Text))
            .column(Column::new("singleton_on", Type::Timestamp))
            .column(
                Column::new("expire_in", Type::Interval)
                    .not_null()
                    .server_default("'00:15:00'"),
            )
            .column(
                Column::new("created_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(Column::new("completed_on", Type::TimestampTz))
            .column(
                Column::new("keep_until", Type::TimestampTz)
                    .not_null()
                    .server_default("now() + '14 days'::interval"),
            )
            .column(Column::new("output", Type::Jsonb))
            .column(Column::new("dead_letter", Type::Text))
            .column(Column::new("policy", Type::Text))
            .constraint(PrimaryKey::new(["name", "id"]).named("job_pkey"))
            .partition_by("LIST (name)"),
    );

    op.create_table(
        Table::new("queue")
            .column(Column::new("name", Type::Text).not_null())
            .column(Column::new("policy", Type::Text))
            .column(Column::new("retry_limit", Type::Integer))
            .column(Column::new("retry_delay", Type::Integer))
            .column(Column::new("retry_backoff", Type::Boolean))
            .column(Column::new("expire_seconds", Type::Integer))
            .column(Column::new("retention_minutes", Type::Integer))
            .column(Column::new("dead_letter", Type::Text))
            .column(Column::new("partition_name", Type::Text))
            .column(
                Column::new("created_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(
                Column::new("updated_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .constraint(PrimaryKey::new(["name"]).named("queue_pkey"))
            .constraint(
                ForeignKey::new(["dead_letter"], "queue", ["name"]).named("queue_dead_letter_fkey"),
            ),
    );

    op.create_table(
        Table::new("schedule")
            .column(Column::new("name", Type::Text).not_null())
            .column(Column::new("cron", Type::Text).not_null())
            .column(Column::new("timezone", Type::Text))
            .column(Column::new("data", Type::Jsonb))
            .column(Column::new("options", Type::Jsonb))
            .column(
                Column::new("created_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(
                Column::new("updated_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .constraint(PrimaryKey::new(["name"]).named("schedule_pkey"))
            .constraint(
                ForeignKey::new(["name"], "queue", ["name"])
                    .on_delete(Action::Cascade)
                    .named("schedule_name_fkey"),
            ),
    );

    op.create_table(
        Table::new("subscription")
            .column(Column::new("event", Type::Text).not_null())
            .column(Column::new("name", Type::Text).not_null())
            .column(
                Column::new("created_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(
                Column::new("updated_on", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .constraint(PrimaryKey::new(["event", "name"]).named("subscription_pkey"))
            .constraint(
                ForeignKey::new(["name"], "queue", ["name"])
                    .on_delete(Action::Cascade)
                    .named("subscription_name_fkey"),
            ),
    );

    op.create_table(
        Table::new("version")
            .column(Column::new("version", Type::Integer).not_null())
            .column(Column::new("maintained_on", Type::TimestampTz))
            .column(Column::new("cron_on", Type::TimestampTz))
            .column(Column::new("monitored_on", Type::TimestampTz))
            .constraint(PrimaryKey::new(["version"]).named("version_pkey")),
    );

    op.create_function(Function::new("create_queue", "queue_name text, options json").returns("void").language("plpgsql").body(r"
    DECLARE
      table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
      queue_created_on timestamptz;
    BEGIN
      WITH q as (
      INSERT INTO public.queue (
        name,
        policy,
        retry_limit,
        retry_delay,
        retry_backoff,
        expire_seconds,
        retention_minutes,
        dead_letter,
        partition_name
      )
      VALUES (
        queue_name,
        options->>'policy',
        (options->>'retryLimit')::int,
        (options->>'retryDelay')::int,
        (options->>'retryBackoff')::bool,
        (options->>'expireInSeconds')::int,
        (options->>'retentionMinutes')::int,
        options->>'deadLetter',
        table_name
      )
      ON CONFLICT DO NOTHING
      RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;
      IF queue_created_on IS NULL THEN
        RETURN;
      END IF;
      EXECUTE format('CREATE TABLE public.%I (LIKE public.job INCLUDING DEFAULTS)', table_name);
      EXECUTE format('ALTER TABLE public.%1$I ADD PRIMARY KEY (name, id)', table_name);
      EXECUTE format('ALTER TABLE public.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES public.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('ALTER TABLE public.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES public.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON public.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON public.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON public.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON public.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
      EXECUTE format('CREATE INDEX %1$s_i5 ON public.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);
      EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
      EXECUTE format('ALTER TABLE public.job ATTACH PARTITION public.%I FOR VALUES IN (%L)', table_name, queue_name);
    END;
    "));

    op.create_function(
        Function::new("delete_queue", "queue_name text")
            .returns("void")
            .language("plpgsql")
            .body(
                r"
    DECLARE
      table_name varchar;
    BEGIN
      WITH deleted as (
        DELETE FROM public.queue
        WHERE name = queue_name
        RETURNING partition_name
      )
      SELECT partition_name from deleted INTO table_name;
      EXECUTE format('DROP TABLE IF EXISTS public.%I', table_name);
    END;
    ",
            ),
    );
}

pub fn downgrade(op: &mut Operations) {
    op.drop_function("delete_queue", "queue_name text");
    op.drop_function("create_queue", "queue_name text, options json");
    op.drop_table("version");
    op.drop_table("subscription");
    op.drop_table("schedule");
    op.drop_table("queue");
    op.drop_table("job");
    op.drop_table("archive");

    op.drop_enum("job_state");
}
