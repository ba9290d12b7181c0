//! What each operation does to a schema, and what it refuses. How it is spelled is tested with the dialects, and how it is
//! written as Rust in `tests/generated.rs`.

use super::*;
use crate::schema::{
    Check, Column, Constraint, Enum, ForeignKey, Index, IndexPart, PrimaryKey, Type,
};

mod objects;

fn clinic() -> Schema {
    let mut schema = Schema::default();
    let patients = Table::new("patients")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("email", Type::String).unique());
    let visits = Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("patient_id", Type::Integer).references("patients", "id"))
        .column(Column::new("cost", Type::Integer))
        .check(Check::new("cost >= 0"))
        .index(Index::on(["patient_id", "cost"]))
        .index(Index::on([IndexPart::expr("abs(cost)")]));
    for mut table in [patients, visits] {
        table.apply_naming(&NamingConvention::default());
        schema.add_table(table);
    }
    schema
}

/// The schema after what is recorded, or the first refusal.
fn after(record: impl FnOnce(&mut Operations)) -> Result<Schema> {
    let mut op = Operations::new(Kind::Sqlite);
    record(&mut op);
    let mut schema = clinic();
    for recorded in op.into_recorded() {
        recorded.operation.apply(&mut schema)?;
    }
    Ok(schema)
}

#[track_caller]
fn refused(record: impl FnOnce(&mut Operations), message: &str) {
    assert_eq!(after(record).unwrap_err().to_string(), message);
}

#[track_caller]
fn visits(record: impl FnOnce(&mut Operations)) -> Table {
    after(record).unwrap().table("visits").unwrap().clone()
}

#[test]
fn create_and_drop_table() {
    let schema = after(|op| {
        op.create_table(Table::new(("billing", "visits")));
    })
    .unwrap();
    assert!(schema.table(("billing", "visits")).is_some());
    refused(
        |op| {
            op.create_table(Table::new("visits"));
        },
        "cannot create table visits: there is a table `visits` already",
    );
    assert!(
        after(|op| {
            op.drop_table("visits");
        })
        .unwrap()
        .table("visits")
        .is_none()
    );
    refused(
        |op| {
            op.drop_table("patients");
        },
        "cannot drop table patients: `visits` references it",
    );
    refused(
        |op| {
            op.drop_table("nowhere");
        },
        "cannot drop table nowhere: there is no table `nowhere`",
    );
}

#[test]
fn rename_table_takes_references_along() {
    let schema = after(|op| op.rename_table("patients", "people")).unwrap();
    let key = schema
        .table("visits")
        .unwrap()
        .foreign_keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(key.references, "people".into());
    assert!(schema.table("patients").is_none());
    refused(
        |op| op.rename_table("patients", "visits"),
        "cannot rename table patients to visits: there is a table `visits` already",
    );
}

#[test]
fn a_table_comment_comes_and_goes() {
    let commented = visits(|op| op.create_table_comment("visits", "x"));
    assert_eq!(commented.comment.as_deref(), Some("x"));
    let bare = visits(|op| {
        op.create_table_comment("visits", "x");
        op.drop_table_comment("visits");
    });
    assert_eq!(bare.comment, None);
}

#[test]
fn add_column_brings_what_was_said_on_it() {
    let table = visits(|op| {
        op.add_column(
            "visits",
            Column::new("doctor", Type::Integer)
                .references("patients", "id")
                .index()
                .check("doctor > 0"),
        );
    });
    assert!(table.has_column("doctor"));
    assert!(table.has_constraint("fk_visits_doctor_patients"));
    assert!(table.has_constraint("ck_visits_doctor"));
    assert!(table.has_index("ix_visits_doctor"));
    refused(
        |op| {
            op.add_column("visits", Column::new("cost", Type::Text));
        },
        "cannot add column visits.cost: `visits` has a column `cost` already",
    );
}

#[test]
fn drop_column_takes_what_involves_it() {
    let table = visits(|op| {
        op.drop_column("visits", "cost");
    });
    let names: Vec<_> = table
        .constraints
        .iter()
        .filter_map(Constraint::name)
        .collect();
    assert_eq!(names, ["pk_visits", "fk_visits_patient_id_patients"]);
    assert!(table.indexes.is_empty());
    refused(
        |op| {
            op.drop_column("patients", "id");
        },
        "cannot drop column patients.id: `visits` references it",
    );
}

#[test]
fn a_name_within_a_name_is_no_mention() {
    assert!(drop_column::mentions("\"cost\" > 0", "cost"));
    assert!(drop_column::mentions("abs(COST)", "cost"));
    assert!(!drop_column::mentions("total_cost > costs", "cost"));
    assert!(drop_column::mentions("\"o\"\"dd\" > 0", "o\"dd"));
    assert!(drop_column::mentions("`o``dd` > 0", "o`dd"));
}

#[test]
fn alter_column_changes_what_is_said_and_renames_last() {
    let table = visits(|op| {
        op.alter_column("visits", "cost")
            .set_type(Type::Text)
            .set_not_null()
            .set_default("'0'")
            .rename("price");
    });
    let column = table.find_column("price").unwrap();
    assert_eq!((&column.ty.written, column.nullable), (&Type::Text, false));
    assert_eq!(column.default.as_ref().unwrap().written.as_str(), "'0'");
    assert_eq!(table.indexes[0].parts[1], IndexPart::column("price"));
    refused(
        |op| drop(op.alter_column("visits", "cost").rename("id")),
        "cannot rename column visits.cost to id: `visits` has a column `id` already",
    );
    let schema = after(|op| drop(op.alter_column("patients", "id").rename("number"))).unwrap();
    let key = schema
        .table("visits")
        .unwrap()
        .foreign_keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(key.referred, ["number"]);
}

#[test]
fn indexes_come_and_go() {
    let table = visits(|op| {
        op.create_index("ix_new", "visits", ["cost"]).unique();
        op.drop_index("ix_visits_abs", "visits");
    });
    assert!(table.find_index("ix_new").unwrap().unique);
    assert!(!table.has_index("ix_visits_abs"));
    refused(
        |op| drop(op.create_index("ix_visits_abs", "patients", ["id"])),
        "cannot create index ix_visits_abs on patients: `visits` has an index of that name",
    );
    refused(
        |op| drop(op.create_index("ix", "visits", ["nothing"])),
        "cannot create index ix on visits: `visits` has no column `nothing`",
    );
    refused(
        |op| {
            op.drop_index("ix", "visits");
        },
        "cannot drop index ix on visits: `visits` has no index `ix`",
    );
}

#[test]
fn constraints_come_and_go() {
    let table = visits(|op| {
        op.create_unique_constraint("uq", "visits", ["cost"]);
        op.create_check_constraint("ck", "visits", "cost < 9");
        op.create_foreign_key("fk", "visits", "patients", ["cost"], ["id"]);
        op.create_constraint("visits", Check::new("id > 0"));
        op.drop_constraint("pk_visits", "visits");
        op.create_primary_key("pk", "visits", ["id", "cost"]);
    });
    for name in ["uq", "ck", "fk", "ck_visits_id", "pk"] {
        assert!(table.has_constraint(name), "{name}");
    }
    assert!(
        !table.find_column("cost").unwrap().nullable,
        "a key refuses NULL"
    );
    refused(
        |op| op.create_constraint("visits", PrimaryKey::new(["id"])),
        "cannot create primary key on visits(id): `visits` has a primary key already",
    );
    refused(
        |op| op.create_constraint("visits", ForeignKey::new(["cost"], "nowhere", ["id"])),
        "cannot create foreign key fk_visits_cost_nowhere from visits to nowhere: there is no table `nowhere`",
    );
    refused(
        |op| {
            op.drop_constraint("nothing", "visits");
        },
        "cannot drop constraint nothing on visits: `visits` has no such constraint",
    );
}

#[test]
fn enum_types_change_with_their_columns() {
    let mood = || Enum::new("mood", ["sad", "glad"]);
    let schema = after(|op| {
        op.create_enum(mood());
        op.add_column("visits", Column::new("mood", Type::Enum(mood()).array()));
        op.alter_enum(mood(), ["sad", "ok", "glad"]);
    })
    .unwrap();
    let column = schema.table("visits").unwrap().find_column("mood").unwrap();
    assert_eq!(
        column.ty.written.as_enum().unwrap().values,
        ["sad", "ok", "glad"]
    );
    refused(
        |op| {
            op.create_enum(mood());
            op.add_column("visits", Column::new("mood", Type::Enum(mood())));
            op.drop_enum("mood");
        },
        "cannot drop enum type mood: `visits.mood` has that type",
    );
}

#[test]
fn rows_and_text_change_no_schema() {
    let schema = after(|op| {
        op.execute("DROP TABLE visits;");
        op.bulk_insert("visits", ["id", "cost"], [(1, 2)]);
        op.run("nothing", async |_| Ok(()));
    });
    assert_eq!(schema.unwrap(), clinic());
    refused(
        |op| {
            op.bulk_insert("visits", ["what"], [[1]]);
        },
        "cannot insert 1 row(s) into visits: `visits` has no column `what`",
    );
}

#[test]
fn an_operation_knows_where_it_was_recorded() {
    let mut op = Operations::new(Kind::Sqlite);
    let line = line!() + 1;
    op.drop_table("a");
    op.alter_column("b", "c").set_not_null();
    let at: Vec<Location> = op
        .into_recorded()
        .into_iter()
        .filter_map(|it| it.at)
        .collect();
    assert!(at[0].file.ends_with("ops/tests.rs"), "{}", at[0]);
    assert_eq!((at[0].line, at[1].line), (line, line + 1));
}

mod tables;
