//! Objects beside tables: schemas, sequences, views, extensions, domains, policies, comments.

use super::{Case, POSTGRES, POSTGRES_AND_MARIADB, POSTGRES_AND_SQLITE, SERVERS, case};
use aludel::prelude::*;

fn open_visits() -> View {
    View::new(
        "open_visits",
        "SELECT id, patient_id FROM visits WHERE status = 'planned'",
    )
}

fn costs() -> View {
    View::materialized(
        "costs",
        "SELECT patient_id, sum(cost) AS cost FROM visits GROUP BY patient_id",
    )
}

fn email() -> Domain {
    Domain::new("email", Type::Varchar(100)).check(Check::new("VALUE <> ''").named("ck_email"))
}

fn own() -> Policy {
    Policy::new("own", "visits").using("cost > 0")
}

pub const CASES: &[Case] = &[
    case(
        "create_schema",
        |op| drop(op.create_schema("other")),
        |op| drop(op.drop_schema("other")),
    )
    .on(SERVERS),
    case(
        "drop_schema",
        |op| drop(op.drop_schema("other")),
        |op| drop(op.create_schema("other")),
    )
    .given(|op| drop(op.create_schema("other")))
    .on(SERVERS),
    case(
        "rename_schema",
        |op| op.rename_schema("other", "another"),
        |op| op.rename_schema("another", "other"),
    )
    .given(|op| drop(op.create_schema("other")))
    .on(POSTGRES),
    case(
        "set_schema",
        |op| op.set_schema(Object::table(("other", "drafts")), "another"),
        |op| op.set_schema(Object::table(("another", "drafts")), "other"),
    )
    .given(|op| {
        op.create_schema("other");
        op.create_schema("another");
        op.create_table(
            Table::new(("other", "drafts")).column(Column::new("id", Type::Integer).primary_key()),
        );
        op.bulk_insert(("other", "drafts"), ["id"], [[7]]);
    })
    .on(SERVERS),
    case(
        "create_sequence",
        |op| drop(op.create_sequence(Sequence::new("ticket_number").start(1000).increment(10))),
        |op| drop(op.drop_sequence("ticket_number")),
    )
    .on(POSTGRES_AND_MARIADB),
    case(
        "alter_sequence",
        |op| drop(op.alter_sequence("ticket_number").increment(5)),
        |op| drop(op.alter_sequence("ticket_number").increment(1)),
    )
    .given(|op| drop(op.create_sequence("ticket_number")))
    .on(POSTGRES_AND_MARIADB),
    case(
        "rename_sequence",
        |op| op.rename_sequence("ticket_number", "number"),
        |op| op.rename_sequence("number", "ticket_number"),
    )
    .given(|op| drop(op.create_sequence("ticket_number")))
    .on(POSTGRES_AND_MARIADB),
    case(
        "drop_sequence",
        |op| drop(op.drop_sequence("ticket_number")),
        |op| drop(op.create_sequence("ticket_number")),
    )
    .given(|op| drop(op.create_sequence("ticket_number")))
    .on(POSTGRES_AND_MARIADB),
    case(
        "create_view",
        |op| drop(op.create_view(open_visits())),
        |op| drop(op.drop_view("open_visits")),
    ),
    case(
        "create_view.or_replace",
        |op| {
            let query = "SELECT id, patient_id FROM visits WHERE status <> 'completed'";
            op.create_view(View::new("open_visits", query)).or_replace();
        },
        |op| drop(op.create_view(open_visits()).or_replace()),
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "rename_view",
        |op| op.rename_view("open_visits", "planned"),
        |op| op.rename_view("planned", "open_visits"),
    )
    .given(|op| drop(op.create_view(open_visits())))
    .on(SERVERS),
    case(
        "drop_view",
        |op| drop(op.drop_view("open_visits")),
        |op| drop(op.create_view(open_visits())),
    )
    .given(|op| drop(op.create_view(open_visits()))),
    case(
        "create_materialized_view",
        |op| drop(op.create_materialized_view(costs())),
        |op| drop(op.drop_materialized_view("costs")),
    )
    .on(POSTGRES),
    case(
        "refresh_materialized_view",
        |op| drop(op.refresh_materialized_view("costs")),
        |_| (),
    )
    .given(|op| drop(op.create_materialized_view(costs())))
    .quiet()
    .on(POSTGRES),
    case(
        "rename_materialized_view",
        |op| op.rename_materialized_view("costs", "prices"),
        |op| op.rename_materialized_view("prices", "costs"),
    )
    .given(|op| drop(op.create_materialized_view(costs())))
    .on(POSTGRES),
    case(
        "drop_materialized_view",
        |op| drop(op.drop_materialized_view("costs")),
        |op| drop(op.create_materialized_view(costs())),
    )
    .given(|op| drop(op.create_materialized_view(costs())))
    .on(POSTGRES),
    case(
        "create_extension",
        |op| drop(op.create_extension("citext").if_not_exists()),
        |op| drop(op.drop_extension("citext")),
    )
    .on(POSTGRES),
    case(
        "update_extension",
        |op| drop(op.update_extension("citext")),
        |_| (),
    )
    .given(|op| drop(op.create_extension("citext")))
    .quiet()
    .on(POSTGRES),
    case(
        "drop_extension",
        |op| drop(op.drop_extension("citext")),
        |op| drop(op.create_extension("citext")),
    )
    .given(|op| drop(op.create_extension("citext")))
    .on(POSTGRES),
    case(
        "create_domain",
        |op| op.create_domain(email()),
        |op| drop(op.drop_domain("email")),
    )
    .on(POSTGRES),
    case(
        "alter_domain",
        |op| {
            op.alter_domain("email")
                .set_default("'none'")
                .add_check(Check::new("VALUE ~ '@'").named("ck_email_at").not_valid());
        },
        |op| {
            drop(
                op.alter_domain("email")
                    .drop_constraint("ck_email_at")
                    .drop_default(),
            )
        },
    )
    .given(|op| op.create_domain(email()))
    .on(POSTGRES),
    case(
        "rename_domain",
        |op| op.rename_domain("email", "address"),
        |op| op.rename_domain("address", "email"),
    )
    .given(|op| op.create_domain(email()))
    .on(POSTGRES),
    case(
        "drop_domain",
        |op| drop(op.drop_domain("email")),
        |op| op.create_domain(email()),
    )
    .given(|op| op.create_domain(email()))
    .on(POSTGRES),
    case(
        "create_policy",
        |op| op.create_policy(own()),
        |op| drop(op.drop_policy("own", "visits")),
    )
    .on(POSTGRES),
    case(
        "alter_policy",
        |op| drop(op.alter_policy("own", "visits").using("cost > 10")),
        |op| drop(op.alter_policy("own", "visits").using("cost > 0")),
    )
    .given(|op| op.create_policy(own()))
    .on(POSTGRES),
    case(
        "rename_policy",
        |op| op.rename_policy("own", "visits", "mine"),
        |op| op.rename_policy("mine", "visits", "own"),
    )
    .given(|op| op.create_policy(own()))
    .on(POSTGRES),
    case(
        "drop_policy",
        |op| drop(op.drop_policy("own", "visits")),
        |op| op.create_policy(own()),
    )
    .given(|op| op.create_policy(own()))
    .on(POSTGRES),
    case(
        "enable_row_level_security",
        |op| op.enable_row_level_security("visits"),
        |op| op.disable_row_level_security("visits"),
    )
    .on(POSTGRES),
    case(
        "disable_row_level_security",
        |op| op.disable_row_level_security("visits"),
        |op| op.enable_row_level_security("visits"),
    )
    .given(|op| op.enable_row_level_security("visits"))
    .on(POSTGRES),
    case(
        "force_row_level_security",
        |op| op.force_row_level_security("visits"),
        |op| op.no_force_row_level_security("visits"),
    )
    .on(POSTGRES),
    case(
        "no_force_row_level_security",
        |op| op.no_force_row_level_security("visits"),
        |op| op.force_row_level_security("visits"),
    )
    .given(|op| op.force_row_level_security("visits"))
    .on(POSTGRES),
    case(
        "comment_on",
        |op| op.comment_on(Object::table("visits"), Some("What a patient came for")),
        |op| op.comment_on(Object::table("visits"), None),
    ),
    case(
        "comment_on.constraint",
        |op| {
            op.comment_on(
                Object::constraint("pk_visits", "visits"),
                Some("Its number"),
            )
        },
        |op| op.comment_on(Object::constraint("pk_visits", "visits"), None),
    )
    .on(POSTGRES_AND_SQLITE),
];
