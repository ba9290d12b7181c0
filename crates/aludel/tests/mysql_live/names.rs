//! Names that need quoting, of every length that is kept, and texts that try to be more than text.

use super::support::{Live, model};
use aludel::dialect::Dialect;
use aludel::prelude::*;
use aludel::schema::{Schema, Table};
use aludel::sql::Spell;

fn table(name: &str) -> Table {
    let parent = Table::new(name)
        .column(Column::new(name, Type::Integer).primary_key())
        .column(Column::new("self", Type::Integer))
        .column(
            Column::new("v", Type::Varchar(9))
                .server_default("'`'")
                .comment("`'\"\\"),
        )
        .foreign_key(ForeignKey::new(["self"], name, [name]).named(format!("{}f", cut(name))))
        .check(Check::new("v <> '`'").named(format!("{}c", cut(name))));
    parent
        .index(Index::new(format!("{}i", cut(name)), ["v"]))
        .comment("';--`")
}

/// Room for one more character.
fn cut(name: &str) -> String {
    name.chars().take(63).collect()
}

#[tokio::test]
async fn names_arrive_exactly() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let longest = "ü".repeat(64);
    for name in [
        "order",
        "Visits",
        "a`b",
        "``",
        "a b",
        "1",
        "1e5",
        "größe",
        "日本語",
        "a.b",
        "x;y",
        "'",
        "\"",
        "\\",
        "%s",
        "a/*b",
        "--",
        "#",
        "$x",
        "select",
        "rank",
        "system",
        &longest,
    ] {
        let model = model([table(name)]);
        live.change(&Schema::default(), &model).await;
        assert_eq!(
            live.differences(&model, &[]).await,
            (Vec::new(), true),
            "{name}"
        );
        live.upgrade(|op| {
            op.add_column(name, Column::new("new", Type::Integer));
            op.alter_column(name, "new")
                .set_comment(name)
                .rename("other");
            op.alter_column(name, "v").set_type(Type::Varchar(10));
        })
        .await;
        let there = live.inspect().await;
        assert!(
            live.connection
                .fetch(&live.dialect.exists(&name.into()).unwrap())
                .await
                .unwrap()
                .len()
                == 1
        );
        let column = there.tables[&name.into()].find_column("other").unwrap();
        assert_eq!(column.comment.as_deref(), Some(name));
        live.upgrade(|op| {
            op.drop_table(name);
        })
        .await;
    }
}

/// No word that the server knows stands unquoted where it would be read as something else.
#[tokio::test]
async fn every_keyword_can_be_a_name() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let rows = live
        .connection
        .fetch("SELECT lower(WORD) FROM information_schema.KEYWORDS")
        .await
        .unwrap();
    let words: Vec<String> = rows.iter().map(|it| it.at(0).unwrap()).collect();
    let named: Vec<&String> = words
        .iter()
        .filter(|it| it.chars().all(|c| c.is_alphanumeric() || c == '_'))
        .collect();
    assert!(named.len() > 500);
    for words in named.chunks(100) {
        let mut table = Table::new("t");
        for word in words {
            table = table.column(Column::new(word.as_str(), Type::Integer));
        }
        live.upgrade(|op| {
            op.create_table(table);
            op.drop_table("t");
        })
        .await;
    }
}

#[tokio::test]
async fn texts_mean_the_same_whatever_a_backslash_means() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let texts = [
        "\\",
        "\\'",
        "'; DROP TABLE t; --",
        "a\\nb\\",
        "\\\\''",
        "\n",
        "🙂",
        "%_",
    ];
    live.execute("CREATE TABLE t (id int, v varchar(50))").await;
    for mode in ["NO_BACKSLASH_ESCAPES", ""] {
        live.execute(&format!("SET sql_mode = '{mode}'")).await;
        let known = aludel::dialect::mysql::Mysql::of_server(&mut live.connection)
            .await
            .unwrap();
        for text in texts {
            live.upgrade(|op| {
                op.bulk_insert("t", ["id", "v"], [(1, text)]);
            })
            .await;
            assert_eq!(live.text("SELECT v FROM t").await, text);
            let literal = known.string(text).unwrap();
            assert_eq!(live.text(&format!("SELECT {literal}")).await, text);
            live.execute("DELETE FROM t").await;
        }
    }
    let smallest = aludel::dialect::mysql::Mysql::mariadb()
        .literal(&i64::MIN.into())
        .unwrap();
    live.execute(&format!(
        "CREATE TABLE n (v bigint); INSERT INTO n VALUES ({smallest})"
    ))
    .await;
    assert_eq!(
        live.text("SELECT concat(v) FROM n").await,
        i64::MIN.to_string()
    );
}
