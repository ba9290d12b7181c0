use super::*;
use crate::schema::{Column, Enum, ForeignKey, Index, Type};
use proptest::prelude::*;

mod ways;

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    let mut schema = Schema::default();
    for mut table in tables {
        table.apply_naming(&Default::default());
        schema.add_table(table);
    }
    schema
}

fn summaries(from: &Schema, to: &Schema) -> Vec<String> {
    diff(from, to).iter().map(|it| it.summary()).collect()
}

fn id() -> Column {
    Column::new("id", Type::Integer).primary_key()
}

#[test]
fn columns_come_in_order_and_go_in_the_opposite_one() {
    let before = schema([Table::new("patients").column(id())]);
    let after = schema([Table::new("patients")
        .column(id())
        .column(Column::new("first_name", Type::String).not_null())
        .column(Column::new("email", Type::String).unique())]);
    assert_eq!(
        summaries(&before, &after),
        [
            "add column patients.first_name",
            "add column patients.email",
            "create unique constraint uq_patients_email on patients",
        ]
    );
    assert_eq!(
        summaries(&after, &before),
        [
            "drop constraint uq_patients_email on patients",
            "drop column patients.email",
            "drop column patients.first_name",
        ]
    );
}

#[test]
fn a_circle_of_references_is_opened_and_closed() {
    let side = |name: &str, other: &str| {
        Table::new(name)
            .column(id())
            .column(Column::new("other", Type::Integer).references(other, "id"))
    };
    let circle = schema([side("a", "b"), side("b", "a")]);
    let none = Schema::default();
    assert_eq!(
        summaries(&none, &circle),
        [
            "create table b",
            "create table a",
            "create foreign key fk_b_other_a from b to a"
        ]
    );
    let mut applied = none.clone();
    for op in diff(&none, &circle) {
        op.apply(&mut applied).unwrap();
    }
    assert!(diff(&applied, &circle).is_empty());
    for op in diff(&circle, &none) {
        op.apply(&mut applied).unwrap();
    }
    assert_eq!(applied, none);
}

#[test]
fn names_that_a_database_gives_are_no_difference() {
    let named = |name: &str| {
        schema([Table::new("t")
            .column(Column::new("a", Type::Text))
            .constraint(crate::schema::Unique::new(["a"]).named(name))])
    };
    assert!(summaries(&named("t_a_key"), &named("uq_t_a")).is_empty());
    assert_eq!(summaries(&named("uq_old"), &named("uq_new")).len(), 2);
}

fn any_type() -> impl Strategy<Value = Type> {
    prop_oneof![
        Just(Type::Integer),
        Just(Type::Text),
        Just(Type::Varchar(20)),
        Just(Type::enumeration("mood", ["sad", "glad"])),
    ]
}

fn any_column(name: &'static str) -> BoxedStrategy<Column> {
    let default = proptest::option::of(prop_oneof![Just("1"), Just("'x'")]);
    (
        any_type(),
        any::<bool>(),
        default,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(move |(ty, nullable, default, unique, generated)| {
            let mut column = Column::new(name, ty);
            column.nullable = nullable;
            match (default, generated) {
                (Some(default), _) => column = column.server_default(default),
                (None, true) => column = column.generated_stored("1 + 1"),
                (None, false) => {}
            }
            if unique { column.unique() } else { column }
        })
        .boxed()
}

fn any_table(name: &'static str) -> BoxedStrategy<Table> {
    let columns = (
        proptest::option::of(any_column("a")),
        proptest::option::of(any_column("b")),
        proptest::option::of(any_column("c")),
    );
    let target = proptest::option::of(prop_oneof![Just("t1"), Just("t2"), Just("t3")]);
    (
        columns,
        target,
        any::<bool>(),
        proptest::option::of(Just("note")),
    )
        .prop_map(move |((a, b, c), target, indexed, comment)| {
            let mut table = Table::new(name).column(id());
            for column in [a, b, c].into_iter().flatten() {
                table = table.column(column);
            }
            if let Some(target) = target {
                table = table
                    .column(Column::new("other", Type::Integer))
                    .foreign_key(ForeignKey::new(["other"], target, ["id"]));
            }
            if indexed && table.has_column("a") {
                table = table.index(Index::new(format!("ix_{name}"), ["a"]));
            }
            table.comment = comment.map(str::to_string);
            table
        })
        .boxed()
}

fn any_schema() -> BoxedStrategy<Schema> {
    let tables = (
        any_table("t1"),
        proptest::option::of(any_table("t2")),
        proptest::option::of(any_table("t3")),
        proptest::option::of(Just(Enum::new("mood", ["sad", "ok", "glad"]))),
    );
    tables
        .prop_map(|(t1, t2, t3, mood)| {
            let mut all = schema([Some(t1), t2, t3].into_iter().flatten());
            let known: Vec<_> = all.tables.keys().cloned().collect();
            for table in all.tables.values_mut() {
                table.constraints.retain(|it| match it {
                    Constraint::ForeignKey(key) => known.contains(&key.references),
                    _ => true,
                });
            }
            all.add_enum(mood.unwrap_or(Enum::new("mood", ["sad", "glad"])));
            let values = all.enums.values().next().cloned();
            for column in all.tables.values_mut().flat_map(|it| &mut it.columns) {
                if let (Some(_), Some(ty)) = (column.ty.written.as_enum(), &values) {
                    column.ty = Type::Enum(ty.clone()).into();
                }
            }
            all
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn applying_the_difference_removes_it((a, b) in (any_schema(), any_schema())) {
        let mut applied = a.clone();
        for op in diff(&a, &b) {
            op.apply(&mut applied).map_err(|it| TestCaseError::fail(it.to_string()))?;
        }
        let left: Vec<String> = summaries(&applied, &b);
        prop_assert!(left.is_empty(), "left: {left:?}");
    }

    #[test]
    fn a_schema_does_not_differ_from_itself(a in any_schema()) {
        prop_assert!(diff(&a, &a).is_empty());
    }
}
