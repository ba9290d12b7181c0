//! What the parameters of the operations on tables mean for a schema in memory.

use super::*;
use crate::schema::{PartitionOf, Spelled};

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn conditions_that_are_not_met_change_nothing() {
    let before = clinic();
    let schema = after(|op| {
        op.create_table(Table::new("visits")).if_not_exists();
        op.drop_table("nowhere").if_exists();
        op.add_column("visits", Column::new("cost", Type::Text))
            .if_not_exists();
        op.drop_column("visits", "nothing").if_exists();
        op.create_index("ix_visits_abs", "visits", ["id"])
            .if_not_exists();
        op.drop_index("nothing", "visits").if_exists();
        op.create_primary_key("another", "visits", ["cost"])
            .if_not_exists();
        op.create_unique_constraint("pk_visits", "visits", ["id"])
            .if_not_exists();
        op.create_check_constraint("ck_visits_cost", "visits", "false")
            .if_not_exists();
        op.create_foreign_key("pk_visits", "visits", "patients", ["id"], ["id"])
            .if_not_exists();
        op.drop_constraint("nothing", "visits").if_exists();
        op.drop_unnamed_constraint("visits", Check::new("true"))
            .if_exists();
    });
    assert_eq!(schema.unwrap(), before);
    // Only the object may be missing, and not the table that it belongs to.
    refused(
        |op| drop(op.drop_column("nowhere", "nothing").if_exists()),
        "cannot drop column nowhere.nothing: there is no table `nowhere`",
    );
}

#[test]
fn what_belongs_to_a_column_is_looked_at_by_itself() {
    let table = visits(|op| {
        op.add_column(
            "visits",
            Column::new("cost", Type::Integer)
                .index()
                .references("patients", "id")
                .check("cost > 1"),
        )
        .if_not_exists();
    });
    assert_eq!(table.columns.len(), 3);
    assert!(table.has_index("ix_visits_cost"));
    assert!(table.has_constraint("fk_visits_cost_patients"));
    let checks = table.constraints.iter();
    let checks = checks.filter(|it| it.name().is_some_and(|it| it == "ck_visits_cost"));
    assert_eq!(checks.count(), 1);
}

#[test]
fn a_column_goes_where_it_is_told() {
    let table = visits(|op| {
        op.add_column("visits", Column::new("a", Type::Text))
            .first();
        op.add_column("visits", Column::new("b", Type::Text))
            .after("id");
        op.alter_column("visits", "patient_id").first();
        op.alter_column("visits", "a").after("cost").rename("z");
        op.alter_column("visits", "b").after("b");
    });
    assert_eq!(names(&table), ["patient_id", "id", "cost", "z", "b"]);
    refused(
        |op| {
            drop(
                op.add_column("visits", Column::new("a", Type::Text))
                    .after("x"),
            )
        },
        "cannot add column visits.a: `visits` has no column `x`",
    );
    refused(
        |op| drop(op.alter_column("visits", "id").after("x")),
        "cannot alter column visits.id: `visits` has no column `x`",
    );
}

#[test]
fn a_partition_has_the_columns_of_its_parent() {
    let schema = after(|op| {
        op.create_table(
            Table::new("part")
                .partition_of("visits", "DEFAULT")
                .index(Index::new("ix_part", ["cost"])),
        );
        op.drop_index("ix_part", "part");
        op.create_table(
            Table::new("heir")
                .column(Column::new("cost", Type::Text))
                .column(Column::new("more", Type::Text))
                .inherits("patients")
                .inherits("visits"),
        );
        op.create_table(Table::new("old").column(Column::new("id", Type::Integer)));
        op.attach_partition("visits", "old", "FOR VALUES IN (1)");
        op.detach_partition("visits", "part").concurrently();
    })
    .unwrap();
    let table = |name: &str| schema.table(name).unwrap();
    assert_eq!(names(table("part")), ["id", "patient_id", "cost"]);
    assert_eq!(
        names(table("heir")),
        ["id", "email", "patient_id", "cost", "more"]
    );
    let cost = table("heir").find_column("cost").unwrap();
    assert_eq!(cost.ty.written, Type::Text);
    assert_eq!(table("part").options.partition_of, None);
    let of = PartitionOf {
        parent: "visits".into(),
        bound: Spelled::new("FOR VALUES IN (1)".into()),
    };
    assert_eq!(table("old").options.partition_of, Some(of));
    refused(
        |op| drop(op.create_table(Table::new("t").partition_of("nowhere", "DEFAULT"))),
        "cannot create table t: there is no table `nowhere`",
    );
    refused(
        |op| op.attach_partition("visits", "nowhere", "DEFAULT"),
        "cannot attach partition nowhere to visits: there is no table `nowhere`",
    );
}

#[test]
fn options_change_as_far_as_they_are_said() {
    let table = visits(|op| {
        op.set_table_options("visits")
            .parameter("a", "1")
            .parameter("b", "2")
            .engine("InnoDB")
            .charset("utf8mb4")
            .option("ROW_FORMAT", "DYNAMIC")
            .tablespace("fast")
            .unlogged();
        op.set_table_options("visits").reset("a").collation("x");
    });
    let expected = Table::new("visits")
        .parameter("b", "2")
        .engine("InnoDB")
        .charset("utf8mb4")
        .collation("x")
        .option("ROW_FORMAT", "DYNAMIC")
        .tablespace("fast")
        .unlogged();
    assert_eq!(table.options, expected.options);
    let logged = visits(|op| drop(op.set_table_options("visits").logged()));
    assert!(!logged.options.unlogged);
}

#[test]
fn names_change() {
    let table = visits(|op| {
        op.rename_index("ix_visits_abs", "visits", "ix");
        op.rename_constraint("ck_visits_cost", "visits", "ck");
    });
    assert!(table.has_index("ix") && !table.has_index("ix_visits_abs"));
    assert!(table.has_constraint("ck") && !table.has_constraint("ck_visits_cost"));
    refused(
        |op| op.rename_index("nothing", "visits", "ix"),
        "cannot rename index nothing on visits to ix: `visits` has no index `nothing`",
    );
    refused(
        |op| op.rename_constraint("ck_visits_cost", "visits", "pk_visits"),
        "cannot rename constraint ck_visits_cost on visits to pk_visits: `visits` has a constraint `pk_visits` already",
    );
}

#[test]
fn a_constraint_is_validated() {
    let not_valid =
        |table: &Table| format!("{:?}", table.find_constraint("ck")).contains("not_valid: true");
    let once = visits(|op| {
        drop(
            op.create_check_constraint("ck", "visits", "true")
                .not_valid(),
        )
    });
    assert!(not_valid(&once));
    let later = visits(|op| {
        op.create_check_constraint("ck", "visits", "true")
            .not_valid();
        op.validate_constraint("ck", "visits");
        op.validate_constraint("pk_visits", "visits");
    });
    assert!(!not_valid(&later));
    refused(
        |op| op.validate_constraint("nothing", "visits"),
        "cannot validate constraint nothing on visits: `visits` has no constraint `nothing`",
    );
}

/// An operation is recorded when it is said to its end, and what belongs to it behind it.
#[test]
fn what_is_recorded_keeps_its_order() {
    let mut op = Operations::new(Kind::Sqlite);
    op.add_column("visits", Column::new("a", Type::Text).unique())
        .first()
        .if_not_exists();
    op.drop_table("visits").if_exists();
    let recorded = op.into_recorded();
    let said: Vec<String> = recorded.iter().map(|it| it.operation.summary()).collect();
    assert_eq!(
        said,
        [
            "add column visits.a",
            "create unique constraint uq_visits_a on visits",
            "drop table visits"
        ]
    );
    assert!(recorded.iter().all(|it| it.operation.condition().is_some()));
    assert_eq!(recorded[0].at, recorded[1].at);
}
