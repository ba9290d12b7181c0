//! Constraints and indexes.

use super::support::{both, clinic, refusal, said, sql, try_sql};
use aludel::dialect::mysql::Mysql;
use aludel::prelude::*;
use aludel::schema::{Constraint, IndexClass, Schema};

#[test]
fn they_come() {
    assert_eq!(
        sql(|op| {
            op.create_primary_key("pk", ("s", "t"), ["a", "b"]);
            op.create_unique_constraint("uq", "t", ["a"]);
            op.create_foreign_key("fk", "t", ("s", "p"), ["a"], ["b"])
                .on_delete(Action::SetNull)
                .on_update(Action::Restrict)
                .match_full();
            op.create_check_constraint("ck", "t", "a > 0");
        }),
        "ALTER TABLE s.t ADD CONSTRAINT pk PRIMARY KEY (a, b);\n\
         ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a);\n\
         ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.p (b) ON DELETE SET NULL ON UPDATE RESTRICT;\n\
         ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)"
    );
}

#[test]
fn each_kind_is_dropped_in_its_own_words() {
    let dropped = |check: &str| {
        format!(
            "ALTER TABLE visits {check} ck_order;\n\
             ALTER TABLE visits DROP INDEX uq_visits_order_note;\n\
             ALTER TABLE visits DROP FOREIGN KEY fk_order, DROP INDEX fk_order;\n\
             ALTER TABLE visits DROP PRIMARY KEY;\n\
             ALTER TABLE orders DROP PRIMARY KEY"
        )
    };
    let (mysql, mariadb) = both(|op| {
        op.drop_constraint("ck_order", "visits");
        op.drop_constraint("uq_visits_order_note", "visits");
        op.drop_constraint("fk_order", "visits");
        op.drop_constraint("pk_visits", "visits");
        op.drop_constraint("PRIMARY", "orders");
    });
    // The foreign key needs an index once the unique constraint is gone.
    let with_index = |text: String| {
        text.replace(
            "DROP INDEX uq_visits_order_note",
            "ADD INDEX fk_order (`order`), DROP INDEX uq_visits_order_note",
        )
    };
    assert_eq!(mysql, with_index(dropped("DROP CHECK")));
    assert_eq!(mariadb, with_index(dropped("DROP CONSTRAINT")));
    assert_eq!(
        refusal(|op| {
            op.drop_constraint("nothing", "visits");
        }),
        "cannot drop constraint nothing on visits: the table is not known to have it, and each kind is dropped in its own words: \
         start the script where the constraint is created, or say it with `execute`"
    );
    let unknown = try_sql(&Mysql::mysql(), &Schema::default(), |op| {
        op.drop_constraint("ck", "t");
    });
    assert!(said(unknown.unwrap_err()).contains("the table is not known, and each kind"));
    let unnamed = Constraint::PrimaryKey(PrimaryKey::new(["id"]));
    assert_eq!(
        sql(|op| {
            op.drop_unnamed_constraint("orders", unnamed.clone());
        }),
        "ALTER TABLE orders DROP PRIMARY KEY"
    );
}

#[test]
fn a_check_of_a_column_is_dropped_with_its_definition() {
    let mut live = clinic();
    let table = live.tables.get_mut(&"visits".into()).unwrap();
    table
        .source
        .column_checks
        .insert("order".into(), "`order` < 9".into());
    table.constraints.push(Check::new("`order` < 9").into());
    let text = try_sql(&Mysql::mariadb(), &live, |op| {
        op.drop_unnamed_constraint("visits", Check::new("`order` < 9"));
    });
    assert_eq!(
        text.unwrap(),
        "ALTER TABLE visits MODIFY `order` INTEGER COMMENT 'it''s'"
    );
}

#[test]
fn indexes() {
    assert_eq!(
        sql(|op| {
            op.create_index(
                "ix",
                ("s", "t"),
                [
                    IndexPart::column("a").length(10).desc(),
                    IndexPart::column("b"),
                ],
            )
            .unique()
            .method("btree")
            .comment("c");
            op.create_index("ft", "t", ["a"])
                .class(IndexClass::FullText)
                .parser("ngram");
            op.create_index("sp", "t", ["g"]).class(IndexClass::Spatial);
            op.drop_index("ix", ("s", "t"));
            op.drop_index("ix_note", "visits");
        }),
        "CREATE UNIQUE INDEX ix ON s.t (a(10) DESC, b) USING BTREE COMMENT 'c';\n\
         CREATE FULLTEXT INDEX ft ON t (a) WITH PARSER ngram;\n\
         CREATE SPATIAL INDEX sp ON t (g);\n\
         DROP INDEX ix ON s.t;\n\
         DROP INDEX ix_note ON visits"
    );
    let (mysql, mariadb) = both(|op| {
        op.create_index("ix", "t", [IndexPart::expr("lower(a)").desc()]);
    });
    assert_eq!(mysql, "CREATE INDEX ix ON t ((lower(a)) DESC)");
    assert_eq!(
        mariadb,
        "MariaDB cannot create index ix on an expression: a generated column, and an index on that"
    );
}

#[test]
fn what_an_index_cannot_be() {
    let refused = |index: fn(Index) -> Index| {
        let text = refusal(|op| {
            let table = Table::new("t").column(Column::new("a", Type::Integer));
            op.create_table(table.index(index(Index::new("ix", ["a"]))));
        });
        text.strip_prefix("cannot create index ix ")
            .unwrap()
            .to_string()
    };
    let part = |part: fn(IndexPart) -> IndexPart| {
        refusal(|op| drop(op.create_index("ix", "t", [part(IndexPart::column("a"))])))
    };
    assert!(refused(|it| it.predicate("a > 0")).starts_with("on some of the rows: "));
    assert!(refused(|it| it.include(["a"])).starts_with("with included columns: "));
    assert!(refused(|it| it.method("gin")).starts_with("by the method gin: "));
    assert!(refused(Index::nulls_not_distinct).starts_with("that takes two NULLs"));
    assert!(refused(|it| it.parameter("fillfactor", "70")).starts_with("with storage parameters"));
    assert!(refused(|it| it.tablespace("x")).starts_with("with storage parameters"));
    assert!(refused(|it| it.unique().class(IndexClass::Spatial)).starts_with("of a class"));
    assert!(part(|it| it.opclass("text_ops")).contains("by an operator class: "));
    assert!(part(|it| it.collation("C")).contains("by a collation of its own: "));
    assert!(part(IndexPart::nulls_last).contains("with NULLs in a place of their own: "));
}

#[test]
fn what_a_constraint_cannot_be() {
    let refused = |constraint: Constraint| {
        let of_table = constraint.clone();
        let text = refusal(|op| {
            let table = Table::new("t").column(Column::new("a", Type::Integer));
            op.create_table(table.constraint(of_table.clone()));
        });
        let behind = refusal(|op| {
            op.record(aludel::ops::add_column::create_constraint(
                "t".into(),
                constraint.clone(),
            ));
        });
        assert!(behind.contains(" on t"), "{behind}");
        text
    };
    let later = Deferrable::Deferred;
    let key = || ForeignKey::new(["a"], "p", ["b"]);
    assert!(refused(PrimaryKey::new(["a"]).deferrable(later).into()).contains("checked later: "));
    assert!(refused(PrimaryKey::new(["a"]).include(["b"]).into()).contains("included columns: "));
    assert!(refused(Unique::new(["a"]).deferrable(later).into()).contains("checked later: "));
    assert!(refused(Unique::new(["a"]).include(["b"]).into()).contains("included columns: "));
    assert!(refused(Unique::new(["a"]).nulls_not_distinct().into()).contains("two NULLs"));
    assert!(refused(key().deferrable(later).into()).contains("checked later: "));
    assert!(refused(key().not_valid().into()).contains("without a look at the rows: "));
    assert!(refused(key().on_delete(Action::SetDefault).into()).contains("SET DEFAULT: SET NULL"));
    let pair = ForeignKey::new(["a", "b"], "p", ["b", "c"]).match_full();
    assert!(refused(pair.into()).contains("in full: a check"));
    assert!(refused(Check::new("a > 0").not_valid().into()).contains("without a look"));
    assert!(refused(Check::new("a > 0").no_inherit().into()).contains("not inherited: "));
    // Without a database, `p` would be looked for where the referencing table is.
    let elsewhere = refusal(|op| drop(op.create_foreign_key("fk", ("s", "t"), "p", ["a"], ["b"])));
    assert!(elsewhere.contains("to a table of no database: name the database"));
}
