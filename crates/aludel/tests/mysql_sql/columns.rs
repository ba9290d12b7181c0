//! Columns, and that changing one says all of it again.

use super::support::{both, clinic, refusal, said, sql, try_sql};
use aludel::dialect::mysql::{Mysql, Product};
use aludel::dialect::{Dialect, Needs};
use aludel::ops::AlterColumn;
use aludel::prelude::*;
use aludel::schema::Schema;

#[test]
fn columns_come_and_go() {
    let (mysql, mariadb) = both(|op| {
        op.add_column(
            "visits",
            Column::new("user", Type::Varchar(9))
                .not_null()
                .server_default("''")
                .comment("c")
                .unique(),
        );
        op.add_column(
            "visits",
            Column::new("u", Type::Uuid).server_default("uuid_to_bin(uuid())"),
        );
        op.add_column(
            "visits",
            Column::new("d", Type::Integer).server_default("(1 + 2)"),
        );
        op.add_column("visits", Column::new("i", Type::Integer).invisible());
        op.drop_column("visits", "user");
        op.drop_column("visits", "order");
    });
    let expected = |drop: &str| {
        format!(
            "ALTER TABLE visits ADD COLUMN user VARCHAR(9) NOT NULL DEFAULT '' COMMENT 'c';\n\
         ALTER TABLE visits ADD CONSTRAINT uq_visits_user UNIQUE (user);\n\
         ALTER TABLE visits ADD COLUMN u BINARY(16) DEFAULT (uuid_to_bin(uuid()));\n\
         ALTER TABLE visits ADD COLUMN d INTEGER DEFAULT (1 + 2);\n\
         ALTER TABLE visits ADD COLUMN i INTEGER INVISIBLE;\n\
         ALTER TABLE visits DROP COLUMN user;\n\
         ALTER TABLE visits DROP FOREIGN KEY fk_order, {drop} ck_order, DROP INDEX uq_visits_order_note, DROP COLUMN `order`"
        )
    };
    assert_eq!(mysql, expected("DROP CHECK"));
    assert_eq!(mariadb, expected("DROP CONSTRAINT"));
}

#[test]
fn what_a_column_cannot_be() {
    let add = |column: Column| {
        refusal(|op| {
            op.add_column("visits", column.clone());
        })
    };
    let number = Column::new("n", Type::Integer);
    assert_eq!(
        add(number.clone().identity()),
        "cannot add column visits.n, a numbered column that is no key yet: say `with_primary_key`; or add it without `identity`, make it a key, \
         and then `alter_column(..).set_identity(..)`"
    );
    assert!(
        add(number.not_null().not_null_on_conflict(OnConflict::Ignore)).contains("conflict clause")
    );
    let key = |identity: Identity| {
        refusal(|op| {
            let id = Column::new("id", Type::Integer).identity_as(identity.clone());
            op.create_table(Table::new("t").column(id.primary_key()));
        })
    };
    assert_eq!(
        key(Identity::ALWAYS),
        "cannot number the column id always: `identity()`: a number that is given is taken"
    );
    let steps = Identity {
        increment: Some(5),
        ..Identity::BY_DEFAULT
    };
    assert!(key(steps).contains("in other steps than one: the server's variable"));
    let (mysql, mariadb) = both(|op| {
        op.add_column(
            "visits",
            Column::new("g", Type::Integer)
                .generated_stored("id + 1")
                .not_null(),
        );
    });
    assert_eq!(
        mysql,
        "ALTER TABLE visits ADD COLUMN g INTEGER GENERATED ALWAYS AS (id + 1) STORED NOT NULL"
    );
    assert!(mariadb.starts_with("MariaDB cannot refuse NULL in the generated column g: a check"));
}

#[test]
fn old_servers_refuse_what_they_only_read() {
    let old = |product, version, record: fn(&mut Operations)| {
        said(try_sql(&Mysql::of_version(product, version), &clinic(), record).unwrap_err())
    };
    let default: fn(&mut Operations) = |op| {
        op.add_column(
            "visits",
            Column::new("u", Type::Text).server_default("uuid()"),
        );
    };
    assert!(old(Product::Mysql, (8, 0, 12), default).contains("a default that is computed"));
    let check: fn(&mut Operations) = |op| {
        op.create_check_constraint("ck", "visits", "id > 0");
    };
    assert!(old(Product::Mysql, (8, 0, 15), check).contains("that is held"));
    let order: fn(&mut Operations) =
        |op| drop(op.create_index("ix", "visits", [IndexPart::column("id").desc()]));
    assert!(old(Product::MariaDb, (10, 6, 0), order).contains("in descending order"));
    let invisible: fn(&mut Operations) = |op| {
        op.add_column("visits", Column::new("i", Type::Integer).invisible());
    };
    assert!(old(Product::Mysql, (5, 7, 40), invisible).contains("invisible column i"));
    // Where a column cannot be renamed alone, it is said with all it is.
    let rename = |op: &mut Operations| drop(op.alter_column("visits", "order").rename("number"));
    assert_eq!(
        try_sql(
            &Mysql::of_version(Product::Mysql, (5, 7, 40)),
            &clinic(),
            rename
        )
        .unwrap(),
        "ALTER TABLE visits CHANGE `order` number INTEGER COMMENT 'it''s'"
    );
}

#[test]
fn a_default_or_a_name_alone() {
    let text = |dialect: &Mysql| {
        try_sql(dialect, &clinic(), |op| {
            op.alter_column("visits", "note").set_default("'x'");
            op.alter_column("visits", "note").set_default("uuid()");
            op.alter_column("visits", "note").drop_default();
            op.alter_column("visits", "status").drop_default();
            op.alter_column("visits", "seen").set_default("now()");
            op.alter_column("visits", "order").rename("number");
            op.alter_column("elsewhere", "a").rename("b");
            op.alter_column("elsewhere", "a").drop_default();
        })
        .unwrap()
    };
    let expected = "ALTER TABLE visits ALTER COLUMN note SET DEFAULT 'x';\n\
         ALTER TABLE visits ALTER COLUMN note SET DEFAULT (uuid());\n\
         ALTER TABLE visits ALTER COLUMN note SET DEFAULT NULL;\n\
         ALTER TABLE visits ALTER COLUMN status DROP DEFAULT;\n\
         ALTER TABLE visits ALTER COLUMN seen SET DEFAULT (CURRENT_TIMESTAMP(6));\n\
         ALTER TABLE visits RENAME COLUMN `order` TO number;\n\
         ALTER TABLE elsewhere RENAME COLUMN a TO b;\n\
         ALTER TABLE elsewhere ALTER COLUMN a DROP DEFAULT";
    assert_eq!(text(&Mysql::mysql()), expected);
    // An expression names the column.
    let rename = "ALTER TABLE visits RENAME COLUMN";
    let reopened = format!("ALTER TABLE visits COMMENT '';\n{rename}");
    assert_eq!(text(&Mysql::mariadb()), expected.replace(rename, &reopened));
}

#[test]
fn nothing_is_lost() {
    assert_eq!(
        sql(|op| {
            op.alter_column("visits", "id").set_type(Type::BigInteger);
            op.alter_column("visits", "order").set_not_null();
            op.alter_column("visits", "order")
                .drop_not_null()
                .drop_comment()
                .rename("number");
            op.alter_column("visits", "note").set_type(Type::Text);
            op.alter_column("visits", "note")
                .set_not_null()
                .set_default("'y'");
            op.alter_column("visits", "seen").set_comment("when");
            op.alter_column("visits", "twice")
                .set_type(Type::BigInteger);
            op.alter_column("visits", "seen")
                .set_type(Type::Date)
                .drop_default();
            op.alter_column("visits", "note")
                .set_type(Type::Integer)
                .set_default("1");
            op.alter_column("visits", "id").drop_identity();
            op.alter_column("visits", "id")
                .set_identity(Identity::BY_DEFAULT);
        }),
        "ALTER TABLE visits MODIFY id BIGINT NOT NULL AUTO_INCREMENT;\n\
         ALTER TABLE visits MODIFY `order` INTEGER NOT NULL COMMENT 'it''s';\n\
         ALTER TABLE visits CHANGE `order` number INTEGER;\n\
         ALTER TABLE visits MODIFY note TEXT COLLATE utf8mb4_bin INVISIBLE DEFAULT ('-');\n\
         ALTER TABLE visits MODIFY note TEXT COLLATE utf8mb4_bin NOT NULL INVISIBLE DEFAULT ('y');\n\
         ALTER TABLE visits MODIFY seen DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'when';\n\
         ALTER TABLE visits MODIFY twice BIGINT GENERATED ALWAYS AS (id * 2) VIRTUAL;\n\
         ALTER TABLE visits MODIFY seen DATE NOT NULL COMMENT 'when';\n\
         ALTER TABLE visits MODIFY note INTEGER NOT NULL INVISIBLE DEFAULT 1;\n\
         ALTER TABLE visits MODIFY id BIGINT NOT NULL;\n\
         ALTER TABLE visits MODIFY id BIGINT NOT NULL AUTO_INCREMENT"
    );
}

#[test]
fn a_check_of_the_column_stays_with_it() {
    let mut live = clinic();
    let table = live.tables.get_mut(&"visits".into()).unwrap();
    table
        .source
        .column_checks
        .insert("order".into(), "`order` < 9".into());
    let text = try_sql(&Mysql::mariadb(), &live, |op| {
        op.alter_column("visits", "order").set_not_null();
    });
    assert_eq!(
        text.unwrap(),
        "ALTER TABLE visits MODIFY `order` INTEGER NOT NULL COMMENT 'it''s' CHECK (`order` < 9)"
    );
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let blind =
        |record: fn(&mut Operations)| match try_sql(&Mysql::mysql(), &Schema::default(), record) {
            Ok(text) => text,
            Err(error) => said(error),
        };
    let refused = blind(|op| drop(op.alter_column("t", "a").set_type(Type::Text)));
    assert!(
        refused.starts_with(
            "MySQL cannot alter column t.a without knowing the rest of the column: start the script where the table is created"
        ),
        "{refused}"
    );
    assert_eq!(
        blind(|op| {
            op.alter_column("t", "a")
                .set_type(Type::Varchar(9))
                .set_not_null()
                .set_default("'x'")
                .set_comment("c")
                .rename("b");
        }),
        "ALTER TABLE t CHANGE a b VARCHAR(9) NOT NULL DEFAULT 'x' COMMENT 'c'"
    );
    assert_eq!(
        refusal(|op| drop(
            op.alter_column("visits", "id")
                .set_type(Type::Text)
                .using("id")
        )),
        "cannot alter column visits.id by an expression: add another column, fill it with `execute`, drop this one, and rename that"
    );
    assert!(
        refusal(|op| drop(
            op.alter_column("visits", "twice")
                .set_identity(Identity::BY_DEFAULT)
        ))
        .contains("since it leads no key")
    );
}

#[test]
fn what_must_be_known_before() {
    let dialect = Mysql::mysql();
    let needs = |change: fn(&mut AlterColumn)| {
        let mut it = AlterColumn::new("t", "c");
        change(&mut it);
        dialect.needs(&it.into())
    };
    let table = Needs::Tables(vec!["t".into()]);
    assert_eq!(needs(|it| it.rename = Some("d".into())), Needs::Nothing);
    assert_eq!(needs(|it| it.default = Some(None)), table);
    assert_eq!(needs(|it| it.ty = Some(Type::Text)), table);
}
