//! Schemas, sequences, enum types, and comments on anything.

use super::support::{mariadb, mysql, postgres, sqlite};
use aludel::db::Kind;
use aludel::dialect::Dialect;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::sqlite::Sqlite;
use aludel::ops::Operations;
use aludel::prelude::*;
use aludel::schema::Schema;

fn schemas(op: &mut Operations) {
    op.create_schema("order");
    op.create_schema("billing").if_not_exists();
    op.rename_schema("billing", "Accounts");
    op.set_schema(Object::table(("order", "t")), "Accounts");
    op.drop_schema("order").if_exists().cascade();
    op.drop_schema("Accounts");
}

#[test]
fn schemas_say() {
    insta::assert_snapshot!(postgres(schemas), @r#"
    CREATE SCHEMA "order";
    CREATE SCHEMA IF NOT EXISTS billing;
    ALTER SCHEMA billing RENAME TO "Accounts";
    ALTER TABLE "order".t SET SCHEMA "Accounts";
    DROP SCHEMA IF EXISTS "order" CASCADE;
    DROP SCHEMA "Accounts";
    "#);
    insta::assert_snapshot!(sqlite(schemas), @r"
    SQLite cannot create schema order: attach a database file: its name stands before the names of its tables
    SQLite cannot create schema billing: attach a database file: its name stands before the names of its tables
    SQLite cannot rename schema billing to Accounts: attach a database file: its name stands before the names of its tables
    SQLite cannot move table order.t to schema Accounts: create it in the other database, and copy its rows
    SQLite cannot drop schema order: attach a database file: its name stands before the names of its tables
    SQLite cannot drop schema Accounts: attach a database file: its name stands before the names of its tables
    ");
    insta::assert_snapshot!(mariadb(schemas), @r"
    CREATE SCHEMA `order`;
    CREATE SCHEMA IF NOT EXISTS billing;
    MariaDB cannot rename schema billing to Accounts: create the other, and move the tables there (`set_schema`)
    RENAME TABLE `order`.t TO `Accounts`.t;
    DROP SCHEMA IF EXISTS `order`;
    SELECT EXTRACTVALUE('', CONCAT('~not empty: ', (SELECT MIN(name) FROM (
        SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'Accounts'
        UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'Accounts'
        UNION ALL SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'Accounts'
    ) AS contents)));
    DROP SCHEMA `Accounts`;
    ");
    insta::assert_snapshot!(mysql(schemas), @r"
    CREATE SCHEMA `order`;
    CREATE SCHEMA IF NOT EXISTS billing;
    MySQL cannot rename schema billing to Accounts: create the other, and move the tables there (`set_schema`)
    RENAME TABLE `order`.t TO `Accounts`.t;
    DROP SCHEMA IF EXISTS `order`;
    SELECT EXTRACTVALUE('', CONCAT('~not empty: ', (SELECT MIN(name) FROM (
        SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'Accounts'
        UNION ALL SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'Accounts'
        UNION ALL SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'Accounts'
    ) AS contents)));
    DROP SCHEMA `Accounts`;
    ");
}

fn sequences(op: &mut Operations) {
    op.create_sequence("numbers").if_not_exists();
    op.create_sequence(
        Sequence::new(("billing", "Numbers"))
            .ty(Type::Integer)
            .start(1000)
            .increment(-5)
            .min(-10)
            .max(2000)
            .cache(20)
            .cycle()
            .owned_by(("billing", "invoices"), "number"),
    );
    op.create_sequence("numbers").or_replace();
    op.alter_sequence("numbers")
        .set_type(Type::SmallInteger)
        .increment(2)
        .no_min()
        .max(9)
        .start(3)
        .restart()
        .cache(1)
        .no_cycle()
        .owned_by("order", "user");
    op.alter_sequence("numbers")
        .restart_with(7)
        .cycle()
        .owned_by_none();
    op.alter_sequence("numbers");
    op.rename_sequence(("billing", "Numbers"), "numbers");
    op.drop_sequence(("billing", "numbers")).if_exists();
}

#[test]
fn sequences_say() {
    insta::assert_snapshot!(postgres(sequences), @r#"
    CREATE SEQUENCE IF NOT EXISTS numbers;
    CREATE SEQUENCE billing."Numbers" AS INTEGER INCREMENT BY -5 MINVALUE -10 MAXVALUE 2000 START WITH 1000 CACHE 20 CYCLE OWNED BY billing.invoices.number;
    PostgreSQL cannot create sequence numbers or replace it: drop it before
    ALTER SEQUENCE numbers AS SMALLINT INCREMENT BY 2 NO MINVALUE MAXVALUE 9 START WITH 3 RESTART CACHE 1 NO CYCLE OWNED BY "order"."user";
    ALTER SEQUENCE numbers RESTART WITH 7 CYCLE OWNED BY NONE;
    error: cannot alter sequence numbers: nothing is said of it
    ALTER SEQUENCE billing."Numbers" RENAME TO numbers;
    DROP SEQUENCE IF EXISTS billing.numbers;
    "#);
    insta::assert_snapshot!(sqlite(sequences), @r"
    SQLite cannot create sequence numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot create sequence billing.Numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot create sequence numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot alter sequence numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot alter sequence numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot alter sequence numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    SQLite cannot rename sequence billing.Numbers to numbers: number the rows by an integer primary key (`autoincrement`), or keep the last number in a table
    ");
    insta::assert_snapshot!(mariadb(sequences), @r"
    CREATE SEQUENCE IF NOT EXISTS numbers;
    MariaDB cannot create sequence billing.Numbers that goes with a column: drop it by itself, when the column goes
    CREATE OR REPLACE SEQUENCE numbers;
    MariaDB cannot alter sequence numbers that goes with a column: drop it by itself, when the column goes
    MariaDB cannot alter sequence numbers that goes with a column: drop it by itself, when the column goes
    error: cannot alter sequence numbers: nothing is said of it
    RENAME TABLE billing.`Numbers` TO billing.numbers;
    DROP SEQUENCE IF EXISTS billing.numbers;
    ");
    insta::assert_snapshot!(mysql(sequences), @r"
    MySQL cannot create sequence numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot create sequence billing.Numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot create sequence numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot alter sequence numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot alter sequence numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot alter sequence numbers: number the rows (`identity`), or keep the last number in a table
    MySQL cannot rename sequence billing.Numbers to numbers: number the rows (`identity`), or keep the last number in a table
    ");
}

fn enums(op: &mut Operations) {
    op.rename_enum(("other", "mood"), "Mood");
    op.rename_enum_value("mood", "it's", "so");
    op.set_schema(Object::ty("mood"), "other");
}

/// SQLite knows no column of that type here.
#[test]
fn enums_say() {
    insta::assert_snapshot!(postgres(enums), @r#"
    ALTER TYPE other.mood RENAME TO "Mood";
    ALTER TYPE mood RENAME VALUE 'it''s' TO 'so';
    ALTER TYPE mood SET SCHEMA other;
    "#);
    assert_eq!(sqlite(enums), "");
    insta::assert_snapshot!(mariadb(enums), @r"MariaDB cannot rename value `it's` of enum type mood to `so`: `alter_enum` to a list with both values, update the rows, and `alter_enum` to the list without the old one");
    insta::assert_snapshot!(mysql(enums), @r"MySQL cannot rename value `it's` of enum type mood to `so`: `alter_enum` to a list with both values, update the rows, and `alter_enum` to the list without the old one");
}

fn comments(op: &mut Operations) {
    for object in [
        Object::schema("order"),
        Object::table(("other", "T")),
        Object::column(("other", "T"), "user"),
        Object::index(("other", "ix")),
        Object::constraint("ck", ("other", "T")),
        Object::view("v"),
        Object::materialized_view("m"),
        Object::sequence("s"),
        Object::function("f", "int, text"),
        Object::procedure("p", ""),
        Object::ty(("other", "mood")),
        Object::domain("d"),
        Object::domain_constraint("ck", "d"),
        Object::trigger("t", ("other", "T")),
        Object::policy("p", "T"),
        Object::extension("uuid-ossp"),
    ] {
        op.comment_on(object, Some("it's"));
    }
    op.comment_on(Object::view("v"), None);
}

#[test]
fn comments_say() {
    insta::assert_snapshot!(postgres(comments), @r#"
    COMMENT ON SCHEMA "order" IS 'it''s';
    COMMENT ON TABLE other."T" IS 'it''s';
    COMMENT ON COLUMN other."T"."user" IS 'it''s';
    COMMENT ON INDEX other.ix IS 'it''s';
    COMMENT ON CONSTRAINT ck ON other."T" IS 'it''s';
    COMMENT ON VIEW v IS 'it''s';
    COMMENT ON MATERIALIZED VIEW m IS 'it''s';
    COMMENT ON SEQUENCE s IS 'it''s';
    COMMENT ON FUNCTION f(int, text) IS 'it''s';
    COMMENT ON PROCEDURE p() IS 'it''s';
    COMMENT ON TYPE other.mood IS 'it''s';
    COMMENT ON DOMAIN d IS 'it''s';
    COMMENT ON CONSTRAINT ck ON DOMAIN d IS 'it''s';
    COMMENT ON TRIGGER t ON other."T" IS 'it''s';
    COMMENT ON POLICY p ON "T" IS 'it''s';
    COMMENT ON EXTENSION "uuid-ossp" IS 'it''s';
    COMMENT ON VIEW v IS NULL;
    "#);
    assert_eq!(sqlite(comments), "");
    insta::assert_snapshot!(mariadb(comments), @r"
    ALTER SCHEMA `order` COMMENT 'it''s';
    ALTER TABLE other.`T` COMMENT 'it''s';
    MariaDB cannot alter column other.T.user without knowing the rest of the column: start the script where the table is created, or say all of the column: `set_type`, `set_not_null` or `drop_not_null`, `set_default` or `drop_default`, `set_comment` or `drop_comment`
    MariaDB cannot comment on index other.ix: not one table is known to have it: drop the index, and create it with its `comment`
    MariaDB cannot comment on constraint ck on other.T: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on view v: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on materialized view m: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on sequence s: say it in the comment of a table: nothing else of that kind keeps one
    ALTER FUNCTION f COMMENT 'it''s';
    ALTER PROCEDURE p COMMENT 'it''s';
    MariaDB cannot comment on type other.mood: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on domain d: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on constraint ck on d: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on trigger t on other.T: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on policy p on T: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on extension uuid-ossp: say it in the comment of a table: nothing else of that kind keeps one
    MariaDB cannot comment on view v: say it in the comment of a table: nothing else of that kind keeps one
    ");
    insta::assert_snapshot!(mysql(comments), @r"
    MySQL cannot comment on schema order: say it in the comment of a table: nothing else of that kind keeps one
    ALTER TABLE other.`T` COMMENT 'it''s';
    MySQL cannot alter column other.T.user without knowing the rest of the column: start the script where the table is created, or say all of the column: `set_type`, `set_not_null` or `drop_not_null`, `set_default` or `drop_default`, `set_comment` or `drop_comment`
    MySQL cannot comment on index other.ix: not one table is known to have it: drop the index, and create it with its `comment`
    MySQL cannot comment on constraint ck on other.T: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on view v: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on materialized view m: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on sequence s: say it in the comment of a table: nothing else of that kind keeps one
    ALTER FUNCTION f COMMENT 'it''s';
    ALTER PROCEDURE p COMMENT 'it''s';
    MySQL cannot comment on type other.mood: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on domain d: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on constraint ck on d: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on trigger t on other.T: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on policy p on T: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on extension uuid-ossp: say it in the comment of a table: nothing else of that kind keeps one
    MySQL cannot comment on view v: say it in the comment of a table: nothing else of that kind keeps one
    ");
}

/// What has an operation of its own, or no place of its own, is refused with its name.
#[test]
fn what_is_part_of_something_else() {
    use aludel::ops::{DropObject, Operation};
    let object = Object::column("t", "c");
    let drop: Operation = DropObject {
        object,
        if_exists: false,
        cascade: false,
    }
    .into();
    for dialect in [&Postgres::new() as &dyn Dialect, &Sqlite::new()] {
        let error = dialect.statements(&drop, &Schema::default()).unwrap_err();
        assert!(
            matches!(&error, Error::Unsupported { instead, .. } if instead == "say `drop_column`"),
            "{error:?}"
        );
    }
    let move_trigger = |op: &mut Operations| op.set_schema(Object::trigger("t", "v"), "s");
    assert_eq!(
        postgres(move_trigger),
        "PostgreSQL cannot move trigger t on v to schema s: move its table"
    );
    assert_eq!(Operations::new(Kind::Postgres).into_recorded().len(), 0);
}
