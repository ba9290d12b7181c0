use super::*;
use crate::schema::{
    Check, Column, Enum, ForeignKey, Identity, Index, IndexPart, Table, Type, View,
};

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut schema = Schema::default();
    tables.into_iter().for_each(|it| schema.add_table(it));
    schema
}

fn told(from: &Schema, to: &Schema) -> Vec<String> {
    changes(from, to).iter().map(ToString::to_string).collect()
}

#[test]
fn everything_of_a_column_is_told_once() {
    let id = || Column::new("id", Type::Integer).primary_key();
    let from = Table::new(("app", "t"))
        .column(id())
        .column(Column::new("a", Type::Integer).comment("x"))
        .column(Column::new("b", Type::Integer).generated_stored("a + 1"));
    let to = Table::new(("app", "t"))
        .column(id().identity_as(Identity {
            start: Some(5),
            ..Identity::ALWAYS
        }))
        .column(
            Column::new("a", Type::BigInteger)
                .not_null()
                .server_default("0")
                .collation("C")
                .comment("y"),
        )
        .column(Column::new("b", Type::Integer).generated_stored("a + 2"));
    assert_eq!(
        told(&schema([from]), &schema([to])),
        [
            "modify identity of app.t.id from none to ALWAYS START 5",
            "modify type of app.t.a from Integer to BigInteger",
            "modify nullable of app.t.a from yes to no",
            "modify default of app.t.a from none to 0",
            "modify collation of app.t.a from none to C",
            "modify comment of app.t.a from x to y",
            "modify generated of app.t.b from (a + 1) STORED to (a + 2) STORED",
        ]
    );
}

#[test]
fn constraints_and_indexes_go_and_come() {
    let columns = || Table::new("t").column(Column::new("a", Type::Integer));
    let from = columns()
        .check(Check::new("a > 0").named("sane"))
        .index(Index::new("ix", ["a"]))
        .comment("x");
    let to = columns()
        .check(Check::new("a > 1").named("sane"))
        .foreign_key(ForeignKey::new(["a"], "t", ["a"]))
        .index(Index::new("ix", [IndexPart::expr("abs(a)")]))
        .strict();
    let found = changes(&schema([from]), &schema([to]));
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        serde_json::json!([
            {"kind": "remove_constraint", "schema": null, "table": "t", "name": "sane", "constraint": "check", "columns": ["a > 0"]},
            {"kind": "add_constraint", "schema": null, "table": "t", "name": "sane", "constraint": "check", "columns": ["a > 1"]},
            {"kind": "add_constraint", "schema": null, "table": "t", "name": null, "constraint": "foreign_key", "columns": ["a"]},
            {"kind": "remove_index", "schema": null, "table": "t", "name": "ix", "columns": ["a"]},
            {"kind": "add_index", "schema": null, "table": "t", "name": "ix", "columns": ["abs(a)"]},
            {"kind": "add_option", "schema": null, "table": "t", "name": "strict"},
            {"kind": "remove_comment", "schema": null, "table": "t", "name": null},
        ])
    );
}

#[test]
fn tables_and_objects_are_told_in_order() {
    let table = |name| Table::new(name).column(Column::new("a", Type::Integer));
    let mut from = schema([table("gone").index(Index::new("ix", ["a"]))]);
    from.add_enum(Enum::new("mood", ["sad"]));
    let mut to = schema([table("come")]);
    to.add_enum(Enum::new("mood", ["sad", "glad"]));
    to.objects.schemas.insert("app".into());
    let view = View::new(("app", "v"), "SELECT 1");
    to.objects.views.insert(view.name.clone(), view);
    assert_eq!(
        told(&from, &to),
        [
            "add schema app",
            "modify enum mood from (sad) to (sad, glad)",
            "add table come",
            "remove index gone.ix (a)",
            "remove table gone",
            "add view app.v",
        ]
    );
    assert!(changes(&to, &to).is_empty());
}
