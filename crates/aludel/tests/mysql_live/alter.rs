//! A column that is changed keeps all that was not to change, and its rows.

use super::support::{Live, model};
use aludel::prelude::*;
use aludel::schema::Schema;

const FULL: &str = "SET system_versioning_alter_history = keep; CREATE TABLE t (
    id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    s varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL INVISIBLE DEFAULT 'a''b\\\\c' COMMENT 'it''s \\\\ s' CHECK (s <> 'x'),
    seen timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3) COMMENT 'when',
    e enum('a', 'it''s') DEFAULT 'a',
    g varchar(50) GENERATED ALWAYS AS (concat(e, 'x')) STORED COMMENT 'g',
    v int GENERATED ALWAYS AS (id * 2) VIRTUAL,
    j json DEFAULT '{}' COMMENT 'j',
    d datetime DEFAULT (current_timestamp() + INTERVAL 1 DAY),
    n decimal(10, 2) unsigned DEFAULT 1.5,
    z int(5) unsigned zerofill NOT NULL DEFAULT 7,
    cb text COMPRESSED DEFAULT 'long',
    bytes varbinary(8) DEFAULT x'00ff3f',
    face varchar(9) DEFAULT '🙂?',
    faces varchar(99) GENERATED ALWAYS AS (concat(face, '🙂')) VIRTUAL,
    st set('x', 'y') CHARACTER SET latin1 DEFAULT 'x,y',
    u uuid DEFAULT uuid(),
    still int WITHOUT SYSTEM VERSIONING DEFAULT 3
) WITH SYSTEM VERSIONING; INSERT INTO t (id, s) VALUES (7, 'seven'), (8, 'eight')";

#[tokio::test]
async fn nothing_of_a_column_is_lost() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(FULL).await;
    let columns = [
        "id", "s", "seen", "e", "g", "v", "j", "d", "n", "z", "cb", "bytes", "face", "faces", "st",
        "u", "still",
    ];
    for column in columns {
        let before = live.definition("t", column).await;
        let comment = live.inspect().await.tables[&"t".into()]
            .find_column(column)
            .unwrap()
            .comment
            .clone();
        live.upgrade(|op| drop(op.alter_column("t", column).set_comment("changed")))
            .await;
        let changed = live.definition("t", column).await;
        assert_ne!(changed, before);
        live.upgrade(|op| {
            let back = op.alter_column("t", column);
            drop(match comment {
                Some(comment) => back.set_comment(comment),
                None => back.drop_comment(),
            });
        })
        .await;
        assert_eq!(live.definition("t", column).await, before);
    }
    assert_eq!(
        live.text("SELECT concat(id, s, v, face, hex(bytes), faces) FROM t ORDER BY id")
            .await,
        "7seven14🙂?00FF3F🙂?🙂"
    );
}

#[tokio::test]
async fn each_part_changes_alone() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    live.execute(FULL).await;
    live.upgrade(|op| {
        op.alter_column("t", "s")
            .set_type(Type::Varchar(30))
            .drop_not_null()
            .rename("text");
        op.alter_column("t", "id").set_type(Type::BigInteger);
        op.alter_column("t", "seen").drop_not_null();
        op.alter_column("t", "n").set_default("2.5");
        op.alter_column("t", "e").set_default("concat('a', '')");
        op.alter_column("t", "d").set_default("now()");
        op.alter_column("t", "j").drop_default();
    })
    .await;
    for (column, definition) in [
        (
            "text",
            "`text` varchar(30) CHARACTER SET latin1 COLLATE latin1_bin INVISIBLE DEFAULT 'a''b\\\\c' COMMENT 'it''s \\\\ s' CHECK (`text` <> 'x')",
        ),
        ("id", "`id` bigint(20) NOT NULL AUTO_INCREMENT"),
        (
            "seen",
            "`seen` timestamp(3) NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3) COMMENT 'when'",
        ),
        ("n", "`n` decimal(10,2) unsigned DEFAULT 2.50"),
        ("e", "`e` enum('a','it''s') DEFAULT concat('a','')"),
        ("d", "`d` datetime DEFAULT current_timestamp()"),
    ] {
        assert_eq!(live.definition("t", column).await, definition);
    }
    // Without a default, a row may still leave the column out.
    live.execute("INSERT INTO t (text) VALUES ('nine')").await;
    assert_eq!(
        live.text("SELECT concat(id, coalesce(j, '-')) FROM t WHERE text = 'nine'")
            .await,
        "9-"
    );
    live.upgrade(|op| {
        op.alter_column("t", "id").drop_identity();
        op.alter_column("t", "id")
            .set_identity(Identity::BY_DEFAULT);
        op.alter_column("t", "text").rename("s");
    })
    .await;
    live.execute("INSERT INTO t (s) VALUES ('ten')").await;
    assert_eq!(
        live.text("SELECT concat(id) FROM t WHERE s = 'ten'").await,
        "10"
    );
}

#[tokio::test]
async fn enum_types() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let mood = Enum::new("mood", ["sad", "ok"]);
    live.upgrade(|op| {
        op.create_enum(mood.clone());
        for table in ["a", "b"] {
            op.create_table(
                Table::new(table)
                    .column(Column::new("id", Type::Integer).primary_key())
                    .column(
                        Column::new("m", Type::Enum(mood.clone()))
                            .not_null()
                            .server_default("'sad'"),
                    ),
            );
        }
        op.bulk_insert("a", ["id", "m"], [(1, "ok")]);
        op.alter_enum(mood.clone(), ["glad", "ok", "sad"]);
    })
    .await;
    let column = "`m` enum('glad','ok','sad') NOT NULL DEFAULT 'sad'";
    assert_eq!(live.definition("a", "m").await, column);
    assert_eq!(live.definition("b", "m").await, column);
    assert_eq!(live.text("SELECT m FROM a").await, "ok");
}

/// From any of these to any other, with a row in the table: the second look finds nothing.
#[tokio::test]
async fn what_autogenerate_finds_is_mended() {
    let Some(mut live) = Live::start().await else {
        return;
    };
    let parent = || Table::new("p").column(Column::new("id", Type::Integer).primary_key());
    let base = || Table::new("t").column(Column::new("id", Type::Integer).primary_key().identity());
    let states = [
        model([parent(), base().column(Column::new("a", Type::Varchar(9)))]),
        model([
            parent(),
            base()
                .column(
                    Column::new("a", Type::String)
                        .not_null()
                        .server_default("'x'")
                        .comment("c"),
                )
                .column(
                    Column::new("p_id", Type::Integer)
                        .references("p", "id")
                        .index(),
                )
                .check(Check::new("a <> ''").named("ck"))
                .comment("t"),
        ]),
        model([
            parent(),
            base()
                .column(Column::new("a", Type::enumeration("e", ["x", "y"])).server_default("'y'"))
                .column(Column::new("p_id", Type::Integer).references("p", "id"))
                .column(Column::new("g", Type::Integer).generated_virtual("length(a) + 1"))
                .unique(["a", "p_id"]),
        ]),
        model([
            parent(),
            base()
                .column(Column::new("a", Type::enumeration("e", ["x", "y", "z"])))
                .column(Column::new("p_id", Type::BigInteger))
                .column(Column::new("g", Type::Integer).generated_stored("length(a) + 2"))
                .index(Index::new(
                    "ix",
                    [IndexPart::column("a"), IndexPart::column("p_id").desc()],
                )),
        ]),
    ];
    live.change(&Schema::default(), &states[0]).await;
    live.execute("INSERT INTO t (id, a) VALUES (1, 'x')").await;
    let mut at = 0;
    for to in [1, 2, 3, 1, 0, 2, 0, 3, 2, 1, 3, 0] {
        let now = live.inspect().await;
        let wanted = live.canonical(&states[to]).await.0;
        live.change(&now, &wanted).await;
        let left = live.differences(&states[to], &[]).await;
        assert_eq!(left, (Vec::new(), true), "from {at} to {to}");
        assert_eq!(live.text("SELECT concat(id, a) FROM t").await, "1x");
        at = to;
    }
}
