//! What must go before a change, and comes again behind it.

use super::{schema, summaries};
use crate::diff::{Ways, diff_by, keys::Follows};
use crate::schema::{Column, Enum, ForeignKey, Index, PrimaryKey, Schema, Table, Type, Unique};

fn said(from: &Schema, to: &Schema, follows: Follows<'_>, numbers_need_key: bool) -> Vec<String> {
    let ways = Ways {
        follows,
        numbers_need_key,
        ..Ways::PLAIN
    };
    diff_by(from, to, &ways)
        .iter()
        .map(|it| it.summary())
        .collect()
}

fn visits(of: Type) -> Table {
    Table::new("visits").column(Column::new("patient", of).references("patients", "id"))
}

#[test]
fn a_foreign_key_makes_way_for_the_key_that_it_refers_to() {
    let with = |name: &str| {
        let patients = Table::new("patients").column(Column::new("id", Type::Text));
        schema([
            patients.constraint(Unique::new(["id"]).named(name)),
            visits(Type::Text),
        ])
    };
    assert_eq!(
        summaries(&with("one"), &with("two")),
        [
            "drop constraint fk_visits_patient_patients on visits",
            "drop constraint one on patients",
            "create unique constraint two on patients",
            "create foreign key fk_visits_patient_patients from visits to patients",
        ]
    );
}

#[test]
fn a_foreign_key_makes_way_for_another_type_unless_it_follows() {
    let with = |ty: Type| {
        let patients = Table::new("patients").column(Column::new("id", ty.clone()).primary_key());
        schema([patients, visits(ty)])
    };
    let (before, after) = (with(Type::Integer), with(Type::BigInteger));
    let change = ["alter column patients.id", "alter column visits.patient"];
    assert_eq!(said(&before, &after, &|_, _| true, false), change);
    let around = said(&before, &after, &|_, _| false, false);
    assert_eq!(around.len(), 4, "{around:?}");
    assert_eq!(around[1..3], change);
}

#[test]
fn foreign_keys_of_tables_that_go_do_not_hold_what_changes() {
    let key = |ty: Type| Table::new("patients").column(Column::new("id", ty).primary_key());
    let before = schema([key(Type::Text), visits(Type::Text)]);
    let after = schema([key(Type::Integer)]);
    assert_eq!(
        summaries(&before, &after),
        [
            "drop constraint fk_visits_patient_patients on visits",
            "alter column patients.id",
            "drop table visits",
        ]
    );
}

#[test]
fn a_table_goes_at_once_if_its_names_are_needed() {
    let with = |table: &str, index: &str| {
        let table = Table::new(table).column(Column::new("id", Type::Integer));
        schema([table.index(Index::new(index, ["id"]))])
    };
    let moved = summaries(&with("a", "ix"), &with("b", "ix"));
    assert_eq!(moved, ["drop table a", "create table b"]);
    let other = summaries(&with("a", "ix"), &with("b", "iy"));
    assert_eq!(other, ["create table b", "drop table a"]);
}

#[test]
fn a_numbered_column_comes_with_its_key_and_stops_before_it_goes() {
    let plain = schema([Table::new("t").column(Column::new("a", Type::Integer))]);
    let numbered = schema([Table::new("t")
        .column(Column::new("a", Type::Integer))
        .column(Column::new("id", Type::Integer).identity().primary_key())]);
    assert_eq!(
        said(&plain, &numbered, &|_, _| true, true),
        ["add column t.id"]
    );
    let back = said(&numbered, &plain, &|_, _| true, true);
    let drops = ["drop constraint pk_t on t", "drop column t.id"];
    assert_eq!(back[1..], drops);
    assert_eq!(back[0], "alter column t.id");
    assert_eq!(said(&numbered, &plain, &|_, _| true, false), drops);
}

#[test]
fn a_column_that_is_there_is_numbered_when_its_key_is_there() {
    let before = schema([Table::new("t")
        .column(Column::new("a", Type::Integer).not_null())
        .column(Column::new("b", Type::Integer).not_null())
        .constraint(PrimaryKey::new(["b"]).named("one"))]);
    let after = schema([Table::new("t")
        .column(Column::new("a", Type::Integer).identity())
        .column(Column::new("b", Type::Integer).not_null())
        .constraint(PrimaryKey::new(["a"]).named("two"))]);
    assert_eq!(
        said(&before, &after, &|_, _| true, true),
        [
            "drop constraint one on t",
            "create primary key on t(a)",
            "alter column t.a",
        ]
    );
}

#[test]
fn a_table_is_never_left_without_a_column() {
    let before = schema([Table::new("t").column(Column::new("a", Type::Integer))]);
    let after = schema([Table::new("t")
        .column(Column::new("b", Type::Integer))
        .column(Column::new("a", Type::Integer).generated_stored("b + 1"))]);
    assert_eq!(
        summaries(&before, &after),
        ["add column t.b", "drop column t.a", "add column t.a"]
    );
}

#[test]
fn what_is_computed_from_an_enum_makes_way_for_it() {
    let with = |labels: &[&str]| {
        let mood = Enum::new("mood", labels.iter().copied());
        let mut both = schema([
            Table::new("t")
                .column(Column::new("mood", Type::Enum(mood.clone())))
                .column(Column::new("sad", Type::Boolean).generated_stored("mood = 'sad'"))
                .index(Index::new("ix", ["sad"])),
            Table::new("u")
                .column(Column::new("t", Type::Boolean))
                .foreign_key(ForeignKey::new(["t"], "t", ["sad"])),
        ]);
        both.add_enum(mood);
        both
    };
    assert_eq!(
        summaries(&with(&["sad", "glad"]), &with(&["glad", "sad"])),
        [
            "drop constraint fk_u_t_t on u",
            "drop index ix on t",
            "drop column t.sad",
            "alter enum type mood",
            "add column t.sad",
            "create index ix on t",
            "create foreign key fk_u_t_t from u to t",
        ]
    );
}
