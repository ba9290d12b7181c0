//! Everything that graphile worker has
//!
//! Revision ID: abc123def456
//! Create Date: 2025-11-08 14:30:00

use aludel::prelude::*;

pub fn upgrade(op: &mut Operations) {
    op.create_table(
        Table::new("_private_job_queues")
            .column(Column::new("id", Type::Integer).identity_always())
            .column(Column::new("queue_name", Type::Text).not_null())
            .column(Column::new("locked_at", Type::TimestampTz))
            .column(Column::new("locked_by", Type::Text))
            .column(
                Column::new("is_available", Type::Boolean)
                    .not_null()
                    .generated_stored("locked_at IS NULL"),
            )
            .constraint(PrimaryKey::new(["id"]).named("job_queues_pkey1"))
            .constraint(Unique::new(["queue_name"]).named("job_queues_queue_name_key"))
            .constraint(
                Check::new("length(queue_name) <= 128").named("job_queues_queue_name_check"),
            ),
    );

    op.create_table(
        Table::new("_private_jobs")
            .column(Column::new("id", Type::BigInteger).identity_always())
            .column(Column::new("job_queue_id", Type::Integer))
            .column(Column::new("task_id", Type::Integer).not_null())
            .column(
                Column::new("payload", Type::Json)
                    .not_null()
                    .server_default("'{}'"),
            )
            .column(
                Column::new("priority", Type::SmallInteger)
                    .not_null()
                    .server_default("0"),
            )
            .column(
                Column::new("run_at", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(
                Column::new("attempts", Type::SmallInteger)
                    .not_null()
                    .server_default("0"),
            )
            .column(
                Column::new("max_attempts", Type::SmallInteger)
                    .not_null()
                    .server_default("25"),
            )
            .column(Column::new("last_error", Type::Text))
            .column(
                Column::new("created_at", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(
                Column::new("updated_at", Type::TimestampTz)
                    .not_null()
                    .server_default("now()"),
            )
            .column(Column::new("key", Type::Text))
            .column(Column::new("locked_at", Type::TimestampTz))
            .column(Column::new("locked_by", Type::Text))
            .column(
                Column::new("revision", Type::Integer)
                    .not_null()
                    .server_default("0"),
            )
            .column(Column::new("flags", Type::Jsonb))
            .column(
                Column::new("is_available", Type::Boolean)
                    .not_null()
                    .generated_stored("locked_at IS NULL AND attempts < max_attempts"),
            )
            .constraint(PrimaryKey::new(["id"]).named("jobs_pkey1"))
            .constraint(Unique::new(["key"]).named("jobs_key_key1"))
            .constraint(
                Check::new("length(key) > 0 AND length(key) <= 512").named("jobs_key_check"),
            )
            .constraint(Check::new("max_attempts >= 1").named("jobs_max_attempts_check"))
            .index(
                Index::new("jobs_main_index", ["priority", "run_at"])
                    .include(["id", "task_id", "job_queue_id"])
                    .predicate("is_available = true"),
            )
            .index(
                Index::new("jobs_no_queue_index", ["priority", "run_at"])
                    .include(["id", "task_id"])
                    .predicate("is_available = true AND job_queue_id IS NULL"),
            ),
    );

    op.create_table(
        Table::new("_private_known_crontabs")
            .column(Column::new("identifier", Type::Text).not_null())
            .column(Column::new("known_since", Type::TimestampTz).not_null())
            .column(Column::new("last_execution", Type::TimestampTz))
            .constraint(PrimaryKey::new(["identifier"]).named("known_crontabs_pkey")),
    );

    op.create_table(
        Table::new("_private_tasks")
            .column(Column::new("id", Type::Integer).identity_always())
            .column(Column::new("identifier", Type::Text).not_null())
            .constraint(PrimaryKey::new(["id"]).named("tasks_pkey"))
            .constraint(Unique::new(["identifier"]).named("tasks_identifier_key"))
            .constraint(Check::new("length(identifier) <= 128").named("tasks_identifier_check")),
    );

    op.create_view(View::new(
        "jobs",
        r"SELECT jobs.id,
    job_queues.queue_name,
    tasks.identifier AS task_identifier,
    jobs.priority,
    jobs.run_at,
    jobs.attempts,
    jobs.max_attempts,
    jobs.last_error,
    jobs.created_at,
    jobs.updated_at,
    jobs.key,
    jobs.locked_at,
    jobs.locked_by,
    jobs.revision,
    jobs.flags
   FROM ((_private_jobs jobs
     JOIN _private_tasks tasks ON ((tasks.id = jobs.task_id)))
     LEFT JOIN _private_job_queues job_queues ON ((job_queues.id = jobs.job_queue_id)))",
    ));

    op.create_function(Function::new("add_jobs", "specs job_spec[], job_key_preserve_run_at boolean DEFAULT false").returns("SETOF _private_jobs").language("plpgsql").body(r#"
begin
  -- Ensure all the tasks exist
  insert into public._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into public._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update public._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;
  -- WARNING: this count is not 100% accurate; 'on conflict' clause will cause it to be an overestimate
  perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":' || array_length(specs, 1)::text || '}');
  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?
  return query insert into public._private_jobs as jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join public._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join public._private_job_queues as job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
"#));

    op.create_function(Function::new("add_job", "identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text").returns("_private_jobs").language("plpgsql").body(r#"
declare
  v_job public._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from public.add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::public.job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into public._private_tasks as tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into public._private_job_queues as job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into public._private_jobs as jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from public._private_tasks as tasks
      left join public._private_job_queues as job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    if v_job.revision = 0 then
      perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    end if;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
"#));

    op.create_function(
        Function::new("complete_jobs", "job_ids bigint[]")
            .returns("SETOF _private_jobs")
            .body(
                r"
  delete from public._private_jobs as jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
",
            ),
    );

    op.create_function(
        Function::new("force_unlock_workers", "worker_ids text[]")
            .returns("void")
            .body(
                r"
update public._private_jobs as jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update public._private_job_queues as job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
",
            ),
    );

    op.create_function(
        Function::new(
            "permanently_fail_jobs",
            "job_ids bigint[], error_message text DEFAULT NULL::text",
        )
        .returns("SETOF _private_jobs")
        .body(
            r"
  update public._private_jobs as jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts,
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
",
        ),
    );

    op.create_function(
        Function::new("remove_job", "job_key text")
            .returns("_private_jobs")
            .language("plpgsql")
            .attribute("STRICT")
            .body(
                r#"
declare
  v_job public._private_jobs;
begin
  -- Delete job if not locked
  delete from public._private_jobs as jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":-1}');
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update public._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
"#,
            ),
    );

    op.create_function(Function::new("reschedule_jobs", "job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, attempts integer DEFAULT NULL::integer, max_attempts integer DEFAULT NULL::integer").returns("SETOF _private_jobs").body(r"
  update public._private_jobs as jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority::smallint, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts::smallint, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts::smallint, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
"));

    op.enable_row_level_security("_private_job_queues");
    op.enable_row_level_security("_private_jobs");
    op.enable_row_level_security("_private_known_crontabs");
    op.enable_row_level_security("_private_tasks");
}

pub fn downgrade(op: &mut Operations) {
    op.drop_function("reschedule_jobs", "job_ids bigint[], run_at timestamp with time zone, priority integer, attempts integer, max_attempts integer");
    op.drop_function("remove_job", "job_key text");
    op.drop_function(
        "permanently_fail_jobs",
        "job_ids bigint[], error_message text",
    );
    op.drop_function("force_unlock_workers", "worker_ids text[]");
    op.drop_function("complete_jobs", "job_ids bigint[]");
    op.drop_function("add_job", "identifier text, payload json, queue_name text, run_at timestamp with time zone, max_attempts integer, job_key text, priority integer, flags text[], job_key_mode text");
    op.drop_function(
        "add_jobs",
        "specs job_spec[], job_key_preserve_run_at boolean",
    );
    op.drop_view("jobs");
    op.drop_table("_private_tasks");
    op.drop_table("_private_known_crontabs");
    op.drop_table("_private_jobs");
    op.drop_table("_private_job_queues");
}
