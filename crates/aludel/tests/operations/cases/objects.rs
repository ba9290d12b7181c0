//! Schemas, sequences, views, extensions, domains, policies, and comments. What is given is only given where there is such a
//! thing, so that a refusal is that of the case.

use super::{Case, case};
use aludel::db::Kind;
use aludel::prelude::*;

fn on_postgres(op: &mut Operations, record: fn(&mut Operations)) {
    if op.database() == Kind::Postgres {
        record(op);
    }
}

fn with_schema(op: &mut Operations) {
    if op.database() != Kind::Sqlite {
        op.create_schema("other");
    }
}

fn with_sequence(op: &mut Operations) {
    if matches!(op.database(), Kind::Postgres | Kind::MariaDb) {
        op.create_sequence("ticket_number");
    }
}

fn open_visits() -> View {
    View::new(
        "open_visits",
        "SELECT id FROM visits WHERE status = 'planned'",
    )
}

fn visit_counts() -> View {
    View::new(
        "visit_counts",
        "SELECT patient_id, count(*) AS n FROM visits GROUP BY patient_id",
    )
}

fn with_counts(op: &mut Operations) {
    on_postgres(op, |op| {
        op.create_materialized_view(visit_counts());
        op.create_index("ix_visit_counts", "visit_counts", ["patient_id"])
            .unique();
    });
}

fn email() -> Domain {
    Domain::new("email", Type::Text).check(Check::new("VALUE LIKE '%@%'").named("ck_email"))
}

fn with_email(op: &mut Operations) {
    on_postgres(op, |op| {
        op.create_domain(email());
        op.alter_column("patients", "email")
            .set_type(Type::custom("email"));
    });
}

fn own() -> Policy {
    Policy::new("own", "patients")
        .command(PolicyCommand::Select)
        .using("name = current_user")
}

fn with_policy(op: &mut Operations) {
    on_postgres(op, |op| op.create_policy(own()));
}

fn mood() -> Enum {
    Enum::new("mood", ["sad", "happy"])
}

fn moody(op: &mut Operations) {
    op.create_enum(mood());
    op.add_column(
        "patients",
        Column::new("mood", Type::Enum(mood())).server_default("'sad'"),
    );
}

pub const CASES: &[Case] = &[
    case(
        "create_schema",
        |op| {
            op.create_schema("other");
        },
        |op| {
            op.drop_schema("other");
        },
    ),
    case(
        "rename_schema",
        |op| op.rename_schema("other", "accounts"),
        |op| op.rename_schema("accounts", "other"),
    )
    .given(with_schema),
    case(
        "drop_schema",
        |op| {
            op.drop_schema("other");
        },
        |op| {
            op.create_schema("other");
        },
    )
    .given(with_schema),
    case(
        "set_schema",
        |op| op.set_schema(Object::table("visits"), "other"),
        |op| op.set_schema(Object::table(("other", "visits")), "public"),
    )
    .given(with_schema),
    case(
        "create_sequence",
        |op| {
            op.create_sequence(Sequence::new("ticket_number").start(1000).cache(20));
        },
        |op| {
            op.drop_sequence("ticket_number");
        },
    ),
    case(
        "alter_sequence",
        |op| {
            op.alter_sequence("ticket_number").increment(10).max(9999);
        },
        |op| {
            op.alter_sequence("ticket_number").increment(1).no_max();
        },
    )
    .given(with_sequence),
    case(
        "rename_sequence",
        |op| op.rename_sequence("ticket_number", "numbers"),
        |op| op.rename_sequence("numbers", "ticket_number"),
    )
    .given(with_sequence),
    case(
        "drop_sequence",
        |op| {
            op.drop_sequence("ticket_number");
        },
        |op| {
            op.create_sequence("ticket_number");
        },
    )
    .given(with_sequence),
    case(
        "create_view",
        |op| {
            op.create_view(open_visits());
        },
        |op| {
            op.drop_view("open_visits");
        },
    ),
    case(
        "create_view.or_replace",
        |op| {
            op.create_view(View::new("open_visits", "SELECT id FROM visits"))
                .or_replace();
        },
        |op| {
            op.create_view(open_visits()).or_replace();
        },
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "rename_view",
        |op| op.rename_view("open_visits", "planned_visits"),
        |op| op.rename_view("planned_visits", "open_visits"),
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "drop_view",
        |op| {
            op.drop_view("open_visits");
        },
        |op| {
            op.create_view(open_visits());
        },
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "create_materialized_view",
        |op| {
            op.create_materialized_view(visit_counts());
        },
        |op| {
            op.drop_materialized_view("visit_counts");
        },
    ),
    case(
        "refresh_materialized_view",
        |op| {
            op.refresh_materialized_view("visit_counts").concurrently();
        },
        |_| (),
    )
    .given(with_counts)
    .quiet(),
    case(
        "rename_materialized_view",
        |op| op.rename_materialized_view("visit_counts", "counts"),
        |op| op.rename_materialized_view("counts", "visit_counts"),
    )
    .given(with_counts),
    case(
        "drop_materialized_view",
        |op| {
            op.drop_materialized_view("visit_counts");
        },
        with_counts,
    )
    .given(with_counts),
    case(
        "create_extension",
        |op| {
            op.create_extension("hstore");
        },
        |op| {
            op.drop_extension("hstore");
        },
    ),
    case(
        "update_extension",
        |op| {
            op.update_extension("hstore");
        },
        |_| (),
    )
    .given(|op| on_postgres(op, |op| drop(op.create_extension("hstore"))))
    .quiet(),
    case(
        "drop_extension",
        |op| {
            op.drop_extension("hstore");
        },
        |op| {
            op.create_extension("hstore");
        },
    )
    .given(|op| on_postgres(op, |op| drop(op.create_extension("hstore")))),
    case(
        "create_domain",
        |op| op.create_domain(email()),
        |op| {
            op.drop_domain("email");
        },
    ),
    case(
        "alter_domain",
        |op| {
            op.alter_domain("email")
                .set_default("'nobody@example.org'")
                .add_check(Check::new("length(VALUE) < 100").named("ck_length"));
        },
        |op| {
            op.alter_domain("email")
                .drop_constraint("ck_length")
                .drop_default();
        },
    )
    .given(with_email),
    case(
        "rename_domain",
        |op| op.rename_domain("email", "mail_address"),
        |op| op.rename_domain("mail_address", "email"),
    )
    .given(with_email),
    case(
        "drop_domain",
        |op| {
            op.drop_domain("email");
        },
        |op| op.create_domain(email()),
    )
    .given(|op| on_postgres(op, |op| op.create_domain(email()))),
    case(
        "create_policy",
        |op| op.create_policy(own()),
        |op| {
            op.drop_policy("own", "patients");
        },
    ),
    case(
        "alter_policy",
        |op| {
            op.alter_policy("own", "patients")
                .using("name = session_user");
        },
        |op| {
            op.alter_policy("own", "patients")
                .using("name = current_user");
        },
    )
    .given(with_policy),
    case(
        "rename_policy",
        |op| op.rename_policy("own", "patients", "own_row"),
        |op| op.rename_policy("own_row", "patients", "own"),
    )
    .given(with_policy),
    case(
        "drop_policy",
        |op| {
            op.drop_policy("own", "patients");
        },
        |op| op.create_policy(own()),
    )
    .given(with_policy),
    case(
        "enable_row_level_security",
        |op| op.enable_row_level_security("patients"),
        |op| op.disable_row_level_security("patients"),
    ),
    case(
        "disable_row_level_security",
        |op| op.disable_row_level_security("patients"),
        |op| op.enable_row_level_security("patients"),
    )
    .given(|op| on_postgres(op, |op| op.enable_row_level_security("patients"))),
    case(
        "force_row_level_security",
        |op| op.force_row_level_security("patients"),
        |op| op.no_force_row_level_security("patients"),
    ),
    case(
        "no_force_row_level_security",
        |op| op.no_force_row_level_security("patients"),
        |op| op.force_row_level_security("patients"),
    )
    .given(|op| on_postgres(op, |op| op.force_row_level_security("patients"))),
    case(
        "comment_on",
        |op| op.comment_on(Object::view("open_visits"), Some("What is still to come.")),
        |op| op.comment_on(Object::view("open_visits"), None),
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "rename_enum",
        |op| op.rename_enum("mood", "feeling"),
        |op| op.rename_enum("feeling", "mood"),
    )
    .given(moody),
    case(
        "rename_enum_value",
        |op| op.rename_enum_value("mood", "sad", "blue"),
        |op| op.rename_enum_value("mood", "blue", "sad"),
    )
    .given(moody),
];
