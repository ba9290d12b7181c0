//! Renames under views, triggers, policies and enum types.

use super::support::on_each;
use aludel::prelude::*;
use aludel::run::autogenerate::Options;
use aludel::schema::ObjectKind;

fn people(name: Column) -> Table {
    Table::new("people")
        .column(Column::new("id", Type::Integer).primary_key())
        .column(name)
        .column(Column::new("born", Type::Date))
}

fn plain() -> Metadata {
    Metadata::new().table(people(Column::new("name", Type::Varchar(40))))
}

fn renamed() -> Column {
    Column::new("full_name", Type::Varchar(40)).renamed_from("name")
}

const ROWS: &str = "INSERT INTO people (id, name) VALUES (1, 'Ada')";

#[test]
fn what_the_models_declare_goes_before_and_comes_after() {
    let with = |column: Column, place: &str| {
        let name = column.name.to_string();
        let names = "SELECT id, NAME FROM people WHERE NAME <> ''".replace("NAME", &name);
        let metadata = Metadata::new()
            .table(people(column))
            .view("names", names.as_str())
            .view(
                "long_names",
                format!("SELECT {name} FROM names WHERE length({name}) > 2"),
            );
        let trigger = Trigger::new("checked", "people").update_of([name.as_str()]);
        match place {
            "postgres" => metadata
                .object(
                    Function::new("checked", "")
                        .returns("trigger")
                        .language("plpgsql")
                        .body(format!(
                            "BEGIN NEW.{name} := trim(NEW.{name}); RETURN NEW; END"
                        )),
                )
                .object(trigger.before().execute("checked()"))
                .object(Policy::new("named", "people").using(format!("{name} IS NOT NULL")))
                .row_security("people", false),
            _ => metadata.object(
                Trigger::new("checked", "people")
                    .after()
                    .insert()
                    .body(format!("UPDATE other SET a = NEW.{name};")),
            ),
        }
        .table(Table::new("other").column(Column::new("a", Type::Text)))
    };
    on_each(async |place| {
        let before = with(Column::new("name", Type::Varchar(40)), place.name);
        let after = with(renamed(), place.name);
        place.create(&before).await;
        place.execute(ROWS).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, [], "{}", place.name);
        let said = draft.detected().to_vec();
        let count = |what: &str| said.iter().filter(|it| it.contains(what)).count();
        assert_eq!(
            count("renamed column 'people.name' to 'people.full_name'"),
            1,
            "{said:?}"
        );
        assert_eq!(count("changed view"), 2, "{said:?}");
        place
            .there_and_back(draft, &before, &after, async |place| {
                let names = place.rows("SELECT full_name FROM long_names").await;
                assert_eq!(names, ["Ada"]);
            })
            .await;
        assert_eq!(place.rows("SELECT name FROM long_names").await, ["Ada"]);
    });
}

#[test]
fn what_nobody_declares_follows_by_itself_or_is_told_of() {
    on_each(async |place| {
        place.create(&plain()).await;
        place.execute(ROWS).await;
        place
            .execute("CREATE VIEW names AS SELECT id, name FROM people")
            .await;
        let after = Metadata::new().table(people(renamed()));
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        let warned: Vec<&str> = draft
            .warnings
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        match place.name {
            "mariadb" => assert_eq!(
                warned,
                [
                    "The view names, which no model declares, seems to name what is renamed, and does not follow it by itself: change it in \
                  this revision"
                ]
            ),
            _ => assert_eq!(warned, [""; 0], "{}", place.name),
        }
        let is_followed = place.name != "mariadb";
        place
            .there_and_back(draft, &plain(), &after, async |place| {
                if is_followed {
                    // PostgreSQL keeps the names of a view's own columns, and SQLite those of its text.
                    let count = place
                        .rows("SELECT CAST(count(*) AS char(9)) FROM names")
                        .await;
                    assert_eq!(count[0].trim(), "1");
                }
            })
            .await;
        assert_eq!(place.rows("SELECT name FROM names").await, ["Ada"]);
    });
}

#[test]
fn a_column_gets_another_name_and_another_type_at_once() {
    on_each(async |place| {
        place.create(&plain()).await;
        place.execute(ROWS).await;
        let column = Column::new("full_name", Type::Text)
            .not_null()
            .server_default("'nobody'")
            .renamed_from("name");
        let after = Metadata::new().table(people(column));
        let options = Options::default();
        let draft = place.draft(&after, &options).await.unwrap();
        let said = draft.detected();
        assert_eq!(
            said[0],
            "renamed column 'people.name' to 'people.full_name'"
        );
        assert!(said.iter().any(|it| it.contains("type change")), "{said:?}");
        place
            .there_and_back(draft, &plain(), &after, async |place| {
                assert_eq!(place.rows("SELECT full_name FROM people").await, ["Ada"]);
            })
            .await;
        if place.name != "postgres" {
            return;
        }
        place
            .execute("CREATE VIEW names AS SELECT id, name FROM people")
            .await;
        let draft = place.draft(&after, &options).await.unwrap();
        let mut warned = draft
            .warnings
            .iter()
            .filter(|it| it.rule == "undeclared-object");
        assert_eq!(
            warned.next().unwrap().message,
            "The view names, which no model declares, uses people.name, which is renamed, and a column that it uses changes: drop it in \
             this revision before that, and create it again after it"
        );
    });
}

#[test]
fn an_enum_type_keeps_its_columns() {
    let with = |ty: Enum| {
        let mood = Column::new("mood", Type::Enum(ty))
            .server_default("'glad'")
            .not_null();
        Metadata::new().table(people(Column::new("name", Type::Text)).column(mood))
    };
    on_each(async |place| {
        let before = with(Enum::new("mood", ["glad", "sad"]));
        let after = with(Enum::new("temper", ["glad", "sad"]).renamed_from("mood"));
        place.create(&before).await;
        place.execute(ROWS).await;
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(draft.warnings, [], "{}", place.name);
        if place.name == "postgres" {
            assert_eq!(draft.detected(), ["rename type mood to temper"]);
        }
        place
            .there_and_back(draft, &before, &after, async |place| {
                let mood = place.rows("SELECT CAST(mood AS char(9)) FROM people").await;
                assert_eq!(mood[0].trim(), "glad");
            })
            .await;
    });
}

#[test]
fn functions_that_name_what_is_renamed_are_told_of() {
    on_each(async |place| {
        if place.name != "postgres" {
            return;
        }
        place.create(&plain()).await;
        let body = "CREATE FUNCTION named() RETURNS bigint LANGUAGE sql AS 'SELECT count(name) FROM people'";
        place.execute(body).await;
        let after = Metadata::new().table(people(renamed()));
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert_eq!(
            draft.warnings[0].message,
            "The function named(), which no model declares, seems to name what is renamed, and does not follow it by itself: change it in \
             this revision"
        );
        // One that the models declare is changed in place, and changed back when the old name is there again.
        let with = |models: Metadata, name: &str| {
            let body = format!("SELECT count({name}) FROM people");
            let named = Function::new("named", "").returns("bigint").language("sql");
            models.object(named.body(body))
        };
        let before = with(plain(), "name");
        let after = with(after, "full_name");
        let kinds = [(
            ObjectKind::Functions,
            aludel::run::autogenerate::Compare::On,
        )]
        .into();
        let options = Options {
            kinds,
            ..Options::default()
        };
        let draft = place.draft(&after, &options).await.unwrap();
        assert_eq!(draft.warnings, []);
        place
            .there_and_back(draft, &before, &after, async |_| {})
            .await;
    });
}

/// Where the database follows, a view over a renamed table stays, with what was granted on it.
#[test]
fn a_view_over_a_renamed_table_keeps_its_grants() {
    on_each(async |place| {
        if place.name != "postgres" {
            return;
        }
        let name = || Column::new("name", Type::Varchar(40));
        let with = |table: Table, called: &str| {
            Metadata::new()
                .table(table)
                .view(
                    "names",
                    format!("SELECT id, name FROM {called} WHERE name <> ''"),
                )
                .view(
                    "long_names",
                    "SELECT name FROM names WHERE length(name) > 2",
                )
                .materialized_view(
                    "counted",
                    format!("SELECT count({called}.id) AS n FROM {called}"),
                )
        };
        let before = with(people(name()), "people");
        let mut persons = people(name()).renamed_from("people");
        persons.name = "persons".into();
        let after = with(persons.clone(), "persons");
        place.create(&before).await;
        place.execute(ROWS).await;
        place
            .execute("GRANT SELECT ON names, long_names, counted TO PUBLIC")
            .await;
        let granted = "SELECT relname::text FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace AND relacl IS NOT NULL ORDER BY 1";
        let all = ["counted", "long_names", "names"];
        assert_eq!(place.rows(granted).await, all);
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        let said = draft.detected().to_vec();
        assert!(!said.iter().any(|it| it.contains("view")), "{said:?}");
        place
            .there_and_back(draft, &before, &after, async |place| {
                assert_eq!(place.rows(granted).await, all);
                assert_eq!(place.rows("SELECT name FROM long_names").await, ["Ada"]);
            })
            .await;
        assert_eq!(place.rows(granted).await, all);
        // A column that changes at once has what reads it made anew.
        persons.columns[1].ty = Type::Text.into();
        let after = with(persons, "persons");
        let draft = place.draft(&after, &Options::default()).await.unwrap();
        assert!(draft.detected().iter().any(|it| it.contains("view")));
        place
            .there_and_back(draft, &before, &after, async |_| ())
            .await;
    });
}
