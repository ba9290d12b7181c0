//! What is not compared, and what the project's own code says of comparisons, on real databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

use aludel::ops::{Execute, Operation};
use aludel::prelude::*;
use aludel::run::autogenerate::{Options, Origin, Part, Script};
use std::sync::{Arc, Mutex};
use support::on_each;

#[path = "renames/support.rs"]
mod support;

fn table(name: &str) -> Table {
    Table::new(name)
        .column(Column::new("id", Type::Integer).primary_key())
        .column(Column::new("note", Type::Varchar(20)))
}

#[test]
fn patterns_leave_tables_of_both_sides_alone() {
    on_each(async |place| {
        place
            .execute("CREATE TABLE audit_log (id INTEGER PRIMARY KEY)")
            .await;
        place
            .execute("CREATE TABLE left_over (id INTEGER PRIMARY KEY)")
            .await;
        let models = Metadata::new()
            .table(table("patients"))
            .table(table("audit_of_tomorrow"));
        let mut options = Options {
            exclude_tables: vec!["audit_*".parse().unwrap()],
            ..Options::default()
        };
        let draft = place.first_look(&models, &options).await;
        let expected = ["added table 'patients'", "removed table 'left_over'"];
        assert_eq!(draft.detected(), expected);
        let left = ["table 'audit_log'", "table 'audit_of_tomorrow'"];
        assert_eq!(draft.compared.left_out, left);
        options.include_tables = vec!["p*".parse().unwrap(), "audit_log".parse().unwrap()];
        let draft = place.first_look(&models, &options).await;
        assert_eq!(draft.detected(), ["added table 'patients'"]);
        assert_eq!(draft.compared.left_out.len(), 3);
    });
}

#[test]
fn a_foreign_key_to_what_is_left_alone_stays() {
    on_each(async |place| {
        place
            .execute("CREATE TABLE audit_users (id INTEGER NOT NULL PRIMARY KEY)")
            .await;
        place
            .execute(
                "CREATE TABLE visits (id INTEGER NOT NULL, note VARCHAR(20), CONSTRAINT pk_visits PRIMARY KEY (id), \
                 CONSTRAINT by_user FOREIGN KEY (id) REFERENCES audit_users (id))",
            )
            .await;
        let models = Metadata::new().table(table("visits"));
        let mut options = Options::default();
        let draft = place.first_look(&models, &options).await;
        assert!(draft.detected().iter().any(|it| it.contains("foreign key")));
        options.exclude_tables = vec!["audit_*".parse().unwrap()];
        let draft = place.first_look(&models, &options).await;
        assert_eq!(draft.detected(), [""; 0], "{}", place.name);
    });
}

#[test]
fn schemas_by_pattern() {
    on_each(async |place| {
        if place.name != "postgres" {
            return;
        }
        for schema in ["tenant_a", "tenant_b", "other"] {
            let sql =
                format!("CREATE SCHEMA {schema}; CREATE TABLE {schema}.t (id INTEGER PRIMARY KEY)");
            place.execute(&sql).await;
        }
        let models = Metadata::new()
            .table(table("patients"))
            .table(table("deep").schema("tenant_c"));
        let mut options = Options {
            include_schemas: vec!["tenant_*".parse().unwrap()],
            ..Options::default()
        };
        let draft = place.first_look(&models, &options).await;
        let said = draft.detected();
        let lacks = |what: &str| !said.iter().any(|it| it.contains(what));
        assert!(
            said.contains(&"removed table 'tenant_a.t'".to_string()),
            "{said:?}"
        );
        assert!(
            said.contains(&"added table 'tenant_c.deep'".to_string()),
            "{said:?}"
        );
        assert!(lacks("other"), "{said:?}");
        options.exclude_schemas = vec!["tenant_[bc]".parse().unwrap(), "public".parse().unwrap()];
        let draft = place.first_look(&models, &options).await;
        assert_eq!(draft.detected(), ["removed table 'tenant_a.t'"]);
        options.include_schemas = vec!["other".parse().unwrap()];
        options.exclude_tables = vec!["other.*".parse().unwrap()];
        let draft = place.first_look(&models, &options).await;
        assert_eq!(draft.detected(), [""; 0]);
    });
}

#[test]
fn what_is_switched_off_is_as_the_database_has_it() {
    on_each(async |place| {
        let before = Metadata::new().table(table("s")).table(
            table("t")
                .check(Check::new("id > 0").named("ck"))
                .unique(["note"])
                .index(Index::new("ix", ["id", "note"]))
                .foreign_key(ForeignKey::new(["id"], "s", ["id"]).named("fk"))
                .comment("a table"),
        );
        place.create(&before).await;
        let after = Metadata::new().table(table("s")).table(
            table("t")
                .check(Check::new("id > 1").named("ck"))
                .index(Index::new("ix2", ["note", "id"]))
                .comment("another"),
        );
        let said = async |options: Options| {
            let draft = place.draft(&after, &options).await.unwrap();
            draft.detected().join("\n")
        };
        let words = ["check", "unique", "index", "foreign key", "comment"];
        let whole = said(Options::default()).await;
        for word in words {
            let has = place.name != "sqlite" || word != "comment";
            assert_eq!(whole.contains(word), has, "{}: {whole}", place.name);
        }
        for word in words {
            let mut options = Options::default();
            match word {
                "check" => options.compare_checks = false,
                "unique" => options.compare_uniques = false,
                "index" => options.compare_indexes = false,
                "foreign key" => options.compare_foreign_keys = false,
                _ => options.compare_comment = false,
            }
            let said = said(options).await;
            assert!(!said.contains(word), "{}: {said}", place.name);
        }
        let none = Options {
            compare_checks: false,
            compare_uniques: false,
            compare_indexes: false,
            compare_foreign_keys: false,
            compare_comment: false,
            ..Options::default()
        };
        assert_eq!(said(none).await, "");
    });
}

#[test]
fn the_project_says_what_is_compared() {
    on_each(async |place| {
        let before = Metadata::new()
            .table(
                table("t")
                    .column(
                        Column::new("by_hand", Type::Integer)
                            .check("by_hand > 1")
                            .index(),
                    )
                    .index(Index::new("tuning_note", ["note"])),
            )
            .table(table("kept"))
            .view("hers", "SELECT id FROM kept");
        place.create(&before).await;
        let after = Metadata::new()
            .table(
                table("t")
                    .column(Column::new("tomorrow", Type::Integer).index())
                    .index(Index::new("later_note", ["note"])),
            )
            .table(table("new"))
            .view("his", "SELECT id FROM new");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = asked.clone();
        let none = Options {
            project: Autogenerate::new().include_object(move |it| {
                let from = match (it.origin, it.counterpart) {
                    (Origin::Models, Some(_)) => "both",
                    (Origin::Models, None) => "models",
                    (Origin::Database, _) => "database",
                };
                heard.lock().unwrap().push(format!("{} {from}", it.part));
                it.counterpart.is_some()
            }),
            ..Options::default()
        };
        let draft = place.draft(&after, &none).await.unwrap();
        assert_eq!(draft.detected(), [""; 0], "{}", place.name);
        assert_eq!(
            asked.lock().unwrap()[..11],
            [
                "table 'kept' database",
                "table 'new' models",
                "table 't' both",
                "view hers database",
                "view his models",
                "column 't.id' both",
                "column 't.note' both",
                "column 't.tomorrow' models",
                "column 't.by_hand' database",
                "constraint 'pk_t' on 't' both",
                "index 'ix_t_tomorrow' on 't' models",
            ],
            "{}",
            place.name
        );
        let left = &draft.compared.left_out;
        assert!(left.contains(&"column 't.by_hand'".to_string()), "{left:?}");
        assert!(
            left.contains(&"index 'tuning_note' on 't'".to_string()),
            "{left:?}"
        );

        let some = Options {
            project: Autogenerate::new()
                .include_object(|it| !matches!(it.part, Part::Index(_, index) if index.name.starts_with("tuning_")))
                .include_object(|it| !matches!(it.part, Part::Column(_, column) if column.name.as_str() == "by_hand")),
            ..Options::default()
        };
        let draft = place.draft(&after, &some).await.unwrap();
        let said = draft.detected();
        let lacks = |what: &str| !said.iter().any(|it| it.contains(what));
        assert!(
            lacks("by_hand") && lacks("tuning_"),
            "{}: {said:?}",
            place.name
        );
        assert!(
            said.contains(&"added column 't.tomorrow'".to_string()),
            "{said:?}"
        );
    });
}

#[test]
fn the_project_has_the_last_word_on_operations() {
    on_each(async |place| {
        place.create(&Metadata::new().table(table("t"))).await;
        let after =
            Metadata::new().table(table("t").column(Column::new("more", Type::Text).not_null()));
        let rewritten = Options {
            project: Autogenerate::new().rewrite(|script: &mut Script| {
                for operation in &mut script.up {
                    if let Operation::AddColumn(it) = operation {
                        it.column.nullable = true;
                    }
                }
                script.up.push(
                    Execute {
                        sql: "UPDATE t SET more = note".into(),
                    }
                    .into(),
                );
            }),
            ..Options::default()
        };
        let draft = place.draft(&after, &rewritten).await.unwrap();
        let said: Vec<String> = draft.up.iter().map(|it| it.summary()).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        // The rules look at what is written.
        assert_eq!(draft.warnings, []);
        let (up, _) = draft.rust();
        assert!(up.contains("op.execute("), "{up}");
        let nothing = Options {
            project: Autogenerate::new().rewrite(|script| *script = Script::default()),
            ..Options::default()
        };
        assert!(place.draft(&after, &nothing).await.unwrap().is_empty());
    });
}

#[test]
fn the_project_says_when_types_and_defaults_differ() {
    on_each(async |place| {
        let with = |ty: Type, default: &str| {
            Metadata::new().table(
                Table::new("t").column(Column::new("a", ty).not_null().server_default(default)),
            )
        };
        let before = with(Type::Varchar(20), "'x'");
        place.create(&before).await;
        let after = with(Type::Varchar(30), "'y'");
        let same = Options {
            project: Autogenerate::new()
                .compare_type_with(|pair| {
                    assert_eq!(
                        (pair.table.to_string().as_str(), pair.model.name.as_str()),
                        ("t", "a")
                    );
                    Some(false)
                })
                .compare_server_default_with(|_| Some(false)),
            ..Options::default()
        };
        let draft = place.draft(&after, &same).await.unwrap();
        assert_eq!(draft.detected(), [""; 0], "{}", place.name);
        let usual = Options {
            project: Autogenerate::new().compare_type_with(|_| None),
            ..Options::default()
        };
        assert_eq!(
            place.draft(&after, &usual).await.unwrap().detected().len(),
            2
        );
        let differs = Options {
            project: Autogenerate::new()
                .compare_type_with(|_| Some(true))
                .compare_server_default_with(|_| Some(true)),
            ..Options::default()
        };
        let draft = place.draft(&before, &differs).await.unwrap();
        assert_eq!(
            draft.detected().len(),
            2,
            "{}: {:?}",
            place.name,
            draft.detected()
        );
        place
            .there_and_back(draft, &before, &before, async |_| {})
            .await;
    });
}
