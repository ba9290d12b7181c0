//! Names of every kind, and texts that try to be more than text.

use super::support::{Live, model};
use aludel::prelude::*;

/// The same odd name for everything that has one.
fn everything_named(name: &str) -> Table {
    let kind = Type::enumeration(
        (name, format!("e{name}").as_str()),
        [name, "'; DROP TABLE canary; --"],
    );
    Table::new((name, name))
        .column(Column::new(name, Type::Integer).comment(name))
        .column(Column::new("e", kind).server_default(format!("'{}'", name.replace('\'', "''"))))
        .constraint(PrimaryKey::new([name]).named(format!("p{name}")))
        .constraint(Unique::new([name]).named(format!("u{name}")))
        .check(Check::new("e IS NOT NULL").named(format!("c{name}")))
        .constraint(ForeignKey::new([name], (name, name), [name]).named(format!("f{name}")))
        .index(Index::new(format!("i{name}"), [name, "e"]).predicate("e IS NOT NULL"))
        .comment(name)
}

#[tokio::test]
async fn every_kind_of_name() {
    for name in [
        "select",
        "user",
        "Order",
        "two words",
        "quo\"te",
        "it's",
        "x\"; DROP TABLE canary; --",
        "x'; DROP TABLE canary; --",
        "back\\slash",
        "back\\'; DROP TABLE canary; --",
        "ünïcødé ☃",
        "new\nline",
        "$$",
        "{a,b}",
        "a.b",
        "1st",
        "per%cent",
    ] {
        let Some(mut live) = Live::start().await else {
            return;
        };
        live.execute("CREATE TABLE canary ()").await;
        for strings in ["on", "off"] {
            live.execute(&format!("SET standard_conforming_strings = {strings}"))
                .await;
            let quoted = name.replace('"', "\"\"");
            live.execute(&format!(
                "DROP SCHEMA IF EXISTS \"{quoted}\" CASCADE; CREATE SCHEMA \"{quoted}\""
            ))
            .await;
            let mut table = everything_named(name);
            if name.contains('\\') && strings == "off" {
                // The default is the author's own SQL, which means something else then.
                table.columns[1].default = None;
            }
            let schema = model([table]);
            live.create(&schema).await;
            let (mut differences, asked) = live.differences(&schema, &[name]).await;
            differences.retain(|it| !it.contains("canary"));
            assert_eq!((differences, asked), (vec![], true), "{name}");
            let there = live.inspect_also(&[name]).await;
            let table = there.table((name, name)).unwrap();
            assert_eq!(table.comment.as_deref(), Some(name));
            assert_eq!(table.columns[0].comment.as_deref(), Some(name));
            assert_eq!(
                there
                    .enumeration((name, format!("e{name}").as_str()))
                    .unwrap()
                    .values[0],
                name
            );
            // And everything can be changed and dropped by its name.
            live.upgrade(|op| {
                op.alter_column((name, name), name)
                    .rename("plain")
                    .set_type(Type::BigInteger);
                op.drop_index(format!("i{name}"), (name, name));
                op.drop_constraint(format!("c{name}"), (name, name));
                op.alter_enum(
                    Enum::new(
                        (name, format!("e{name}").as_str()),
                        [name, "'; DROP TABLE canary; --"],
                    ),
                    ["'; DROP TABLE canary; --", name],
                );
                op.bulk_insert((name, name), ["plain", "e"], [(1, name)]);
                op.rename_table((name, name), "x".to_string() + name);
                op.drop_table((name, ("x".to_string() + name).as_str()));
                op.drop_enum((name, format!("e{name}").as_str()));
            })
            .await
            .unwrap();
        }
        assert_eq!(live.text("SELECT count(*) FROM canary").await, "0");
    }
}

#[tokio::test]
async fn a_table_that_is_asked_for() {
    use aludel::dialect::Dialect;
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute("CREATE SCHEMA other; CREATE TABLE other.\"it's\" (); CREATE TABLE public.t (); CREATE VIEW v AS SELECT 1").await;
    for (name, count) in [
        (("other", "it's").into(), 1),
        (QualifiedName::from("t"), 1),
        ("it's".into(), 0),
        ("v".into(), 0),
        (("public", "t").into(), 1),
    ] {
        let sql = live.dialect.exists(&name).unwrap();
        assert_eq!(
            live.connection.fetch(&sql).await.unwrap().len(),
            count,
            "{name}"
        );
    }
    live.execute("SET search_path = other, public").await;
    let sql = live.dialect.exists(&"t".into()).unwrap();
    assert_eq!(live.connection.fetch(&sql).await.unwrap().len(), 0);
}
