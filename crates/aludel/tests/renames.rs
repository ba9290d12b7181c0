//! What was renamed keeps its rows: renames that the models say, that the caller says, and that somebody is asked about, on real
//! databases, there and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::prelude::*;
use aludel::run::autogenerate::{Ask, Options};
use support::on_each;

#[path = "renames/objects.rs"]
mod objects;
#[path = "renames/support.rs"]
mod support;
#[path = "renames/swapped.rs"]
mod swapped;
#[path = "renames/together.rs"]
mod together;

fn patients(table: &str, id: Column, name: Column) -> Table {
    let name_of_column = name.name.to_string();
    let quoted = |sql: &str| sql.replace("NAME", &name_of_column);
    Table::new(table)
        .column(id.primary_key())
        .column(name.not_null().index())
        .column(Column::new("born", Type::Date))
        .column(Column::new("size", Type::Integer).generated_stored(quoted("length(NAME)")))
        .check(Check::new(quoted("length(NAME) > 1")))
        .unique([name_of_column.as_str(), "born"])
}

fn visits(table: &str, column: &str) -> Table {
    Table::new("visits")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("patient", Type::Integer).references(table, column))
}

fn before() -> Metadata {
    Metadata::new()
        .table(patients(
            "patients",
            Column::new("id", Type::Integer),
            Column::new("name", Type::Varchar(40)),
        ))
        .table(visits("patients", "id"))
}

const ROWS: &str = "INSERT INTO patients (id, name, born) VALUES (1, 'Ada', '1815-12-10'); INSERT INTO visits VALUES (7, 1)";

#[test]
fn a_column_that_everything_names_keeps_its_values() {
    let after = Metadata::new()
        .table(patients(
            "patients",
            Column::new("number", Type::Integer).renamed_from("id"),
            Column::new("full_name", Type::Varchar(40)).renamed_from("name"),
        ))
        .table(visits("patients", "number"));
    on_each(async |place| {
        place.create(&before()).await;
        place.execute(ROWS).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, []);
        let said = draft.detected();
        assert_eq!(
            said[..2],
            [
                "renamed column 'patients.id' to 'patients.number'",
                "renamed column 'patients.name' to 'patients.full_name'",
            ]
        );
        let names = [
            "renamed constraint 'uq_patients_name_born' on 'patients' to 'uq_patients_full_name_born'",
            "renamed index 'ix_patients_name' on 'patients' to 'ix_patients_full_name'",
        ];
        assert_eq!(said[2..], names, "{}", place.name);
        place
            .there_and_back(draft, &before(), &after, async |place| {
                let names = "SELECT full_name FROM patients JOIN visits ON patient = number";
                assert_eq!(place.rows(names).await, ["Ada"]);
            })
            .await;
        let names = "SELECT name FROM patients JOIN visits ON patient = patients.id";
        assert_eq!(place.rows(names).await, ["Ada"]);
    });
}

#[test]
fn a_table_that_others_reference_keeps_its_rows_and_is_followed_by_names() {
    let after = Metadata::new()
        .table(
            patients(
                "people",
                Column::new("id", Type::Integer),
                Column::new("name", Type::Varchar(40)),
            )
            .renamed_from("patients"),
        )
        .table(visits("people", "id"));
    on_each(async |place| {
        place.create(&before()).await;
        place.execute(ROWS).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, []);
        let said = draft.detected();
        assert_eq!(said[0], "renamed table 'patients' to 'people'");
        let others = said[1..].iter().filter(|it| !it.starts_with("renamed "));
        let others: Vec<&String> = others.collect();
        assert!(others.is_empty(), "{}: {said:?}", place.name);
        place
            .there_and_back(draft, &before(), &after, async |place| {
                let names = "SELECT name FROM people JOIN visits ON patient = people.id";
                assert_eq!(place.rows(names).await, ["Ada"]);
            })
            .await;
        let names = "SELECT name FROM patients JOIN visits ON patient = patients.id";
        assert_eq!(place.rows(names).await, ["Ada"]);
    });
}

#[test]
fn names_that_need_quotes_and_an_order_of_their_own() {
    let table = |columns: &[(&str, &str)]| {
        let columns = columns.iter().map(|(name, former)| {
            let column = Column::new(*name, Type::Integer).check(format!("\"{name}\" > 0"));
            match *former {
                "" => column,
                former => column.renamed_from(former),
            }
        });
        let mut table = Table::new("order").column(Column::new("id", Type::Integer).primary_key());
        for column in columns {
            table = table.column(column);
        }
        Metadata::new().table(table)
    };
    // MariaDB takes double quotes for strings.
    let as_read = |metadata: Metadata, name: &str| match name {
        "mariadb" => {
            let schema = metadata.schema().unwrap();
            let mut table = schema.table("order").unwrap().clone();
            for constraint in &mut table.constraints {
                if let aludel::schema::Constraint::Check(check) = constraint {
                    let text = check.expr.written.as_str().replace('"', "`");
                    check.expr = text.into();
                }
            }
            Metadata::new().table(table)
        }
        _ => metadata,
    };
    on_each(async |place| {
        let before = as_read(
            table(&[("group", ""), ("Old Name", ""), ("c", "")]),
            place.name,
        );
        let chain = [("Old Name", "group"), ("c", "Old Name"), ("New Name", "c")];
        let after = as_read(table(&chain), place.name);
        place.create(&before).await;
        let quoted = |name: &str| match place.name {
            "mariadb" => format!("`{name}`"),
            _ => format!("\"{name}\""),
        };
        let rows = format!("INSERT INTO {} VALUES (1, 10, 20, 30)", quoted("order"));
        place.execute(&rows).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, []);
        place
            .there_and_back(draft, &before, &after, async |place| {
                let query = format!(
                    "SELECT concat({}, ' ', {}, ' ', {}) FROM {}",
                    quoted("Old Name"),
                    quoted("c"),
                    quoted("New Name"),
                    quoted("order")
                );
                let query = match place.name {
                    "sqlite" => query
                        .replace("concat", "printf")
                        .replace("(\"", "('%s%s%s%s%s', \""),
                    _ => query,
                };
                assert_eq!(place.rows(&query).await, ["10 20 30"]);
            })
            .await;
    });
}

#[test]
fn without_a_word_it_is_dropped_and_added_with_a_warning() {
    let after = Metadata::new()
        .table(patients(
            "people",
            Column::new("id", Type::Integer),
            Column::new("full_name", Type::String),
        ))
        .table(visits("people", "id"));
    on_each(async |place| {
        place.create(&before()).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        let warning = draft
            .warnings
            .iter()
            .find(|it| it.rule == "rename")
            .unwrap();
        assert_eq!(
            warning.message,
            "Removed table 'patients' and added table 'people': what the first holds would be lost. If it was renamed, say \
             `renamed_from = \"patients\"` in the model, or `--rename patients=people`"
        );
        // The column has to be told of, too, when the table is known.
        let mut options = Options {
            renames: vec!["patients=people".parse().unwrap()],
            ..Options::default()
        };
        let draft = place.draft(&after, &options).await.unwrap();
        let warnings: Vec<&str> = draft
            .warnings
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert!(
            warnings.contains(
                &"Removed column 'people.name' and added column 'people.full_name': what the first holds would be lost. If it was \
                  renamed, say `renamed_from = \"name\"` in the model, or `--rename people.name=full_name`"
            ),
            "{warnings:?}"
        );
        options
            .renames
            .push("patients.name=full_name".parse().unwrap());
        let draft = place.draft(&after, &options).await.unwrap();
        assert_eq!(draft.warnings, []);
        place
            .there_and_back(draft, &before(), &after, async |_| {})
            .await;
        options.renames = vec!["patients.nme=full_name".parse().unwrap()];
        let error = place.draft(&after, &options).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "nothing can be renamed as `patients.nme=full_name` says"
        );
    });
}

#[test]
fn somebody_is_asked_once_about_each_pair() {
    let with = |names: &[&str]| {
        let table = Table::new("t").column(Column::new("id", Type::Integer).primary_key());
        let columns = names.iter().map(|it| Column::new(*it, Type::Text));
        Metadata::new().table(columns.fold(table, Table::column))
    };
    on_each(async |place| {
        let (before, after) = (with(&["a", "b", "c"]), with(&["x", "y", "c"]));
        place.create(&before).await;
        let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let heard = asked.clone();
        let options = Options {
            ask: Some(Ask::new(move |it| {
                let question = format!("{} {} {}", it.kind(), it.from(), it.to());
                heard.lock().unwrap().push(question);
                it.from() == "t.b"
            })),
            ..Options::default()
        };
        let draft = place.draft(&after, &options).await.unwrap();
        let expected = ["column t.a t.x", "column t.b t.x", "column t.a t.y"];
        assert_eq!(*asked.lock().unwrap(), expected);
        assert_eq!(
            draft
                .warnings
                .iter()
                .filter(|it| it.rule == "rename")
                .count(),
            0
        );
        assert_eq!(
            draft.detected(),
            [
                "renamed column 't.b' to 't.x'",
                "added column 't.y'",
                "removed column 't.a'"
            ]
        );
        place
            .there_and_back(draft, &before, &after, async |_| {})
            .await;
    });
}

#[test]
fn what_a_model_says_is_silent_once_it_is_so_and_a_warning_if_it_cannot_be() {
    let with = |columns: &[(&str, Option<&str>)]| {
        let mut table = Table::new("t").column(Column::new("id", Type::Integer).primary_key());
        for (name, former) in columns {
            let column = Column::new(*name, Type::Text);
            table = table.column(match former {
                Some(former) => column.renamed_from(*former),
                None => column,
            });
        }
        Metadata::new().table(table.renamed_from("s"))
    };
    on_each(async |place| {
        place.create(&with(&[("a", None), ("b", None)])).await;
        let draft = async |models: &Metadata| {
            let draft = place.draft(models, &Options::default()).await.unwrap();
            let warnings = draft.warnings.iter().filter(|it| it.rule == "rename");
            let warnings: Vec<String> = warnings.map(|it| it.message.clone()).collect();
            (draft.detected().to_vec(), warnings)
        };
        // The old name is the new name of something else, or nothing has it.
        let same = with(&[("a", Some("gone")), ("b", Some("a"))]);
        assert_eq!(draft(&same).await, (Vec::new(), Vec::new()));
        let (said, warned) = draft(&with(&[("b", Some("a"))])).await;
        assert_eq!(said, ["removed column 't.a'"]);
        assert_eq!(
            warned,
            [
                "The model says that the column 't.b' was 't.a', and the database has both: nothing is renamed, and 't.a' would be dropped \
              with what it holds"
            ]
        );
        let (said, warned) = draft(&with(&[("x", Some("a")), ("y", Some("a")), ("b", None)])).await;
        assert_eq!(
            said,
            ["renamed column 't.a' to 't.x'", "added column 't.y'"]
        );
        assert_eq!(
            warned,
            [
                "The models say that the column 't.y' was 't.a', and that 't.x' was: only the latter is renamed, and 't.y' is added"
            ]
        );
    });
}
