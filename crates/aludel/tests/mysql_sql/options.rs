//! Conditions, places of columns, options of tables and other names.

use super::support::{both, clinic, refusal, sql, try_sql};
use aludel::dialect::mysql::Mysql;
use aludel::dialect::{Dialect, Needs, needs};
use aludel::prelude::*;
use aludel::schema::Schema;

fn note() -> Column {
    Column::new("note", Type::Varchar(9))
}

#[test]
fn conditions_that_both_can_say() {
    assert_eq!(
        sql(|op| {
            op.create_table(Table::new(("s", "t")).column(note()).temporary())
                .if_not_exists();
            op.drop_table(("s", "t")).if_exists();
        }),
        "CREATE TEMPORARY TABLE IF NOT EXISTS s.t (\n    note VARCHAR(9)\n);\nDROP TABLE IF EXISTS s.t"
    );
}

/// What MySQL has no clause for is looked up, and the statement is the plain one.
#[test]
fn conditions_that_mariadb_alone_can_say() {
    let (mysql, mariadb) = both(|op| {
        op.add_column("t", note()).first().if_not_exists();
        op.create_index("ix", "t", ["note"])
            .unique()
            .if_not_exists()
            .concurrently();
        op.drop_index("ix", "t").if_exists().concurrently();
        op.drop_column("t", "note").if_exists();
    });
    assert_eq!(
        mariadb,
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS note VARCHAR(9) FIRST;\n\
         CREATE UNIQUE INDEX IF NOT EXISTS ix ON t (note);\n\
         DROP INDEX IF EXISTS ix ON t;\n\
         ALTER TABLE t DROP COLUMN IF EXISTS note"
    );
    let plain = mariadb.replace("IF NOT EXISTS ", "");
    assert_eq!(mysql, plain.replace("IF EXISTS ", ""));
    let mut op = Operations::new(aludel::db::Kind::Mysql);
    op.create_index("ix", "t", ["note"]).if_not_exists();
    op.drop_constraint("ck", "t").if_exists();
    let recorded = op.into_recorded();
    let asked = |dialect: Mysql, at: usize| needs(&dialect, &recorded[at].operation);
    let the_table = Needs::Tables(vec!["t".into()]);
    assert_eq!(asked(Mysql::mysql(), 0), the_table);
    assert_eq!(asked(Mysql::mariadb(), 0), Needs::Nothing);
    assert_eq!(asked(Mysql::mariadb(), 1), the_table);
}

#[test]
fn a_place_of_its_own() {
    let mut before = Schema::default();
    let table = Table::new("t").column(Column::new("a", Type::Integer).not_null());
    before.add_table(table.column(note().server_default("'x'").comment("c")));
    Mysql::mysql().normalize(&mut before);
    let record = |op: &mut Operations| {
        op.alter_column("t", "note").first();
        op.alter_column("t", "a")
            .set_type(Type::BigInteger)
            .after("note");
    };
    assert_eq!(
        try_sql(&Mysql::mysql(), &before, record).unwrap(),
        "ALTER TABLE t MODIFY note VARCHAR(9) DEFAULT 'x' COMMENT 'c' FIRST;\n\
         ALTER TABLE t MODIFY a BIGINT NOT NULL AFTER note"
    );
}

#[test]
fn options_of_a_table_are_one_statement() {
    assert_eq!(
        sql(|op| {
            op.set_table_options(("s", "t"))
                .engine("InnoDB")
                .charset("utf8mb4")
                .collation("utf8mb4_bin")
                .option("ROW_FORMAT", "DYNAMIC");
            op.set_table_options("t").charset("utf8mb4").convert();
            op.set_table_options("t").collation("utf8mb4_bin");
            op.set_table_options("t");
        }),
        "ALTER TABLE s.t ENGINE=InnoDB, DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin, ROW_FORMAT=DYNAMIC;\n\
         ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;\n\
         ALTER TABLE t COLLATE=utf8mb4_bin"
    );
    assert_eq!(
        refusal(|op| drop(op.set_table_options("t").convert())),
        "cannot set options of table t by converting its text: say the `charset` too"
    );
    assert_eq!(
        refusal(|op| drop(op.set_table_options("t").parameter("fillfactor", "70"))),
        "cannot set options of table t that only PostgreSQL has: `option(name, value)`"
    );
    assert_eq!(
        refusal(|op| drop(op.set_table_options("t").unlogged())),
        "cannot set options of table t that only PostgreSQL has: an engine such as MEMORY"
    );
    let (mysql, mariadb) = both(|op| drop(op.set_table_options("t").tablespace("ts")));
    assert_eq!(mysql, "ALTER TABLE t TABLESPACE ts");
    assert!(
        mariadb.starts_with("MariaDB cannot set options of table t to another tablespace"),
        "{mariadb}"
    );
}

#[test]
fn other_names() {
    let mut before = clinic();
    let table = Table::new("t")
        .column(Column::new("a", Type::Integer))
        .constraint(Unique::new(["a"]).named("uq"))
        .constraint(Check::new("a > 0").named("ck"))
        .constraint(ForeignKey::new(["a"], "visits", ["id"]).named("fk"));
    before.add_table(table);
    let said = |record: fn(&mut Operations)| try_sql(&Mysql::mariadb(), &before, record);
    assert_eq!(
        said(|op| {
            op.rename_index("ix", ("s", "t"), "order");
            op.rename_constraint("uq", "t", "uq_a");
            op.rename_constraint("ck", "t", "ck_a");
            op.rename_constraint("fk", "t", "fk_a");
        })
        .unwrap(),
        "ALTER TABLE s.t RENAME INDEX ix TO `order`;\n\
         ALTER TABLE t RENAME INDEX uq TO uq_a;\n\
         ALTER TABLE t DROP CONSTRAINT ck;\n\
         ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 0);\n\
         ALTER TABLE t DROP FOREIGN KEY fk;\n\
         ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES visits (id)"
    );
    let message = said(|op| op.rename_constraint("gone", "t", "x")).unwrap_err();
    assert!(
        message
            .to_string()
            .contains("the table is not known to have it"),
        "{message}"
    );
    let message = said(|op| op.rename_constraint("ck", "t", "uq")).unwrap_err();
    assert!(
        message
            .to_string()
            .ends_with("`t` has a constraint `uq` already"),
        "{message}"
    );
    assert!(
        both(|op| op.rename_index("a", "t", "b"))
            .0
            .starts_with("ALTER TABLE t RENAME INDEX"),
    );
}

#[test]
fn what_postgresql_alone_can_do() {
    assert_eq!(
        refusal(|op| op.validate_constraint("ck", "t")),
        "cannot validate constraint ck on t: leave it out: a constraint holds for all rows from the start"
    );
    for record in [
        |op: &mut Operations| op.attach_partition("t", "p", "DEFAULT"),
        |op: &mut Operations| drop(op.detach_partition("t", "p")),
    ] {
        assert!(refusal(record).contains("EXCHANGE PARTITION"));
    }
    assert_eq!(
        refusal(|op| drop(
            op.create_table(Table::new("t").column(note()).partition_of("p", "DEFAULT"))
        )),
        "cannot create table t as a partition of another: the partitions in `partition_by` of that table"
    );
    assert_eq!(
        refusal(|op| drop(op.alter_column("t", "note").set_storage("PLAIN"))),
        "cannot alter column t.note in how its values are stored: record it for PostgreSQL alone, by `op.database()`"
    );
}
