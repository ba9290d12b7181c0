//! Names that are swapped, and names of which the case of letters alone changes.

use super::support::{Place, on_each};
use aludel::prelude::*;
use aludel::run::autogenerate::Options;

fn told(renames: &[&str]) -> Options {
    Options {
        renames: renames.iter().map(|it| it.parse().unwrap()).collect(),
        ..Options::default()
    }
}

fn text(sql: &str, place: &Place) -> String {
    match place.name {
        "mariadb" => sql.replace('"', "`"),
        _ => sql.into(),
    }
}

fn id() -> Column {
    Column::new("id", Type::Integer).primary_key()
}

fn pair(one: Column, other: Column) -> Metadata {
    let check = Check::new("one > 0").named("ck_one");
    Metadata::new().table(
        Table::new("pairs")
            .column(id())
            .column(one.index())
            .column(other)
            .check(check),
    )
}

/// Types tell that two columns were not swapped yet; where they are the same, the caller does.
#[test]
fn columns() {
    on_each(async |place| {
        let of = |name: &str, ty: Type| Column::new(name, ty);
        let before = Metadata::new().table(
            Table::new("pairs")
                .column(id())
                .column(of("one", Type::Integer).index())
                .column(of("two", Type::Varchar(9)))
                .check(Check::new("one > 0").named("ck_one")),
        );
        let after = Metadata::new().table(
            Table::new("pairs")
                .column(id())
                .column(of("two", Type::Integer).renamed_from("one").index())
                .column(of("one", Type::Varchar(9)).renamed_from("two"))
                .check(Check::new("two > 0").named("ck_one")),
        );
        place.create(&before).await;
        place
            .execute("INSERT INTO pairs (id, one, two) VALUES (1, 7, 'x')")
            .await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, [], "{}", place.name);
        place
            .there_and_back(draft, &before, &after, async |place| {
                assert_eq!(place.rows("SELECT one FROM pairs").await, ["x"]);
            })
            .await;
        assert_eq!(place.rows("SELECT two FROM pairs").await, ["x"]);
    });
}

#[test]
fn columns_that_are_alike() {
    on_each(async |place| {
        let of = |name: &str| Column::new(name, Type::Integer);
        let before = pair(of("one"), of("two"));
        place.create(&before).await;
        place
            .execute("INSERT INTO pairs (id, one, two) VALUES (1, 7, 8)")
            .await;
        let said = pair(of("one").renamed_from("two"), of("two").renamed_from("one"));
        let draft = place.draft(&said, &Options::default()).await.unwrap();
        assert!(draft.is_empty(), "{:?}", draft.up);
        assert_eq!(draft.warnings.len(), 1, "{:?}", draft.warnings);
        assert!(draft.warnings[0].message.contains("--rename pairs.one=two"));
        let swap = told(&["pairs.one=two", "pairs.two=one"]);
        let draft = place.draft(&before, &swap).await.unwrap();
        let swapped = "SELECT CONCAT(one, ' ', two) FROM pairs";
        let swapped = match place.name {
            "sqlite" => "SELECT one || ' ' || two FROM pairs",
            _ => swapped,
        };
        place
            .there_and_back(draft, &before, &before, async |place| {
                assert_eq!(place.rows(swapped).await, ["8 7"], "{}", place.name);
            })
            .await;
        assert_eq!(place.rows(swapped).await, ["7 8"], "{}", place.name);
    });
}

#[test]
fn tables() {
    on_each(async |place| {
        let of = |name: &str, column: &str| {
            Table::new(name)
                .column(id())
                .column(Column::new(column, Type::Varchar(9)).index())
        };
        let refers = |to: &str| {
            Table::new("notes")
                .column(id())
                .column(Column::new("of", Type::Integer).references(to, "id"))
        };
        let before = Metadata::new()
            .table(of("old", "a"))
            .table(of("new", "b"))
            .table(refers("old"));
        let after = Metadata::new()
            .table(of("new", "a").renamed_from("old"))
            .table(of("old", "b").renamed_from("new"))
            .table(refers("new"));
        place.create(&before).await;
        place
            .execute("INSERT INTO old (id, a) VALUES (1, 'a')")
            .await;
        place
            .execute(&text("INSERT INTO notes (id, \"of\") VALUES (1, 1)", place))
            .await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        // Keys whose names are swapped are made anew.
        let rule = |it: &aludel::lint::Warning| it.rule != "rows-must-agree";
        assert!(!draft.warnings.iter().any(rule), "{:?}", draft.warnings);
        place
            .there_and_back(draft, &before, &after, async |place| {
                assert_eq!(place.rows("SELECT a FROM new").await, ["a"]);
            })
            .await;
        assert_eq!(place.rows("SELECT a FROM old").await, ["a"]);
    });
}

/// Whether the database tells the two names apart or not.
#[test]
fn the_case_of_letters() {
    on_each(async |place| {
        let of = |table: &str, column: &str, index: &str| {
            Table::new(table)
                .column(id())
                .column(Column::new(column, Type::Varchar(9)))
                .index(Index::new(index, [column]))
        };
        let refers = |to: &str| {
            Table::new("notes")
                .column(id())
                .column(Column::new("owner", Type::Integer).references(to, "id"))
        };
        let plain = Metadata::new()
            .table(of("people", "name", "ix_name"))
            .table(refers("people"));
        place.create(&plain).await;
        place
            .execute("INSERT INTO people (id, name) VALUES (1, 'Ada')")
            .await;
        place
            .execute("INSERT INTO notes (id, owner) VALUES (1, 1)")
            .await;
        let mut column = of("people", "Name", "ix_name");
        column.columns[1] = column.columns[1].clone().renamed_from("name");
        let models = [
            (of("people", "name", "IX_Name"), "people"),
            (column, "people"),
            (
                of("People", "name", "ix_name").renamed_from("people"),
                "People",
            ),
        ];
        for (table, name) in models {
            let after = Metadata::new().table(table.clone()).table(refers(name));
            let draft = place.draft(&after, &Options::default()).await.unwrap();
            assert!(!draft.is_empty(), "{}: {table:?}", place.name);
            assert_eq!(draft.warnings, [], "{}: {table:?}", place.name);
            let count = text(
                &format!("SELECT \"{}\" FROM \"{name}\"", table.columns[1].name),
                place,
            );
            place
                .there_and_back(draft, &plain, &after, async |place| {
                    assert_eq!(place.rows(&count).await, ["Ada"], "{}", place.name);
                })
                .await;
        }
        assert_eq!(place.rows("SELECT name FROM people").await, ["Ada"]);
    });
}
