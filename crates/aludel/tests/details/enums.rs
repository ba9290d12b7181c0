//! Enum types where they are lists of values in columns.

use crate::support::{Live, model};
use aludel::prelude::*;

fn mood(values: &[&str]) -> Type {
    Type::enumeration("Mood of it", values.iter().copied())
}

fn days(values: &[&str], fallback: &str) -> Metadata {
    model(
        Table::new("Days")
            .column(Column::new("id", Type::Integer).primary_key())
            .column(
                Column::new("order", mood(values))
                    .not_null()
                    .server_default(fallback)
                    .comment("it's"),
            )
            .column(Column::new("before", mood(values)).index()),
    )
}

const ROWS: &str =
    "INSERT INTO `Days` (id, `order`, `before`) VALUES (1, 'sad', NULL), (2, 'it''s', 'sad')";

#[tokio::test]
async fn values_come_and_go() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    let few = days(&["sad", "it's"], "'sad'");
    live.create(&few).await;
    live.execute(ROWS).await;
    let more = days(&["sad", "so, so", "it's", "a \"b\" \\ c"], "'so, so'");
    let found = live.there_and_back(&few, &more).await;
    assert_eq!(found.len(), 3, "{found:?}");
    let other_order = days(&["it's", "sad"], "'sad'");
    live.there_and_back(&few, &other_order).await;
    let rows = "SELECT CONCAT(`order`, COALESCE(`before`, '')) FROM `Days` ORDER BY id";
    assert_eq!(live.column(rows).await, ["sad", "it'ssad"]);
    live.settle(&more).await;
    live.there_and_back(&more, &few).await;
}

/// A value that rows hold cannot go, and nothing is cut or lost.
#[tokio::test]
async fn a_value_in_use() {
    let Some(live) = Live::mariadb() else {
        return;
    };
    live.create(&days(&["sad", "it's"], "'sad'")).await;
    live.execute(ROWS).await;
    let words = live.refused(&days(&["sad", "glad"], "'sad'")).await;
    assert!(
        words.contains("Data truncated for column 'order'"),
        "{words}"
    );
    let rows = "SELECT CONCAT(`order`, COALESCE(`before`, '')) FROM `Days` ORDER BY id";
    assert_eq!(live.column(rows).await, ["sad", "it'ssad"]);
}
