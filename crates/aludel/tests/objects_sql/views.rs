//! Views, and materialized ones.

use super::support::{mariadb, mysql, old_postgres, postgres, sqlite};
use aludel::ops::Operations;
use aludel::prelude::*;

fn views(op: &mut Operations) {
    op.create_view(View::new("v", "SELECT 1;").columns(["order"]));
    op.create_view(View::new(("other", "V"), "SELECT 1 -- one"))
        .or_replace();
    op.create_view(View::new("v", "SELECT 1")).if_not_exists();
    op.create_view(
        View::new("v", "SELECT id FROM visits -- all")
            .security_invoker()
            .security_barrier()
            .check_option(ViewCheck::Cascaded),
    );
    op.create_view(View::new("v", "SELECT 1").check_option(ViewCheck::Local));
    op.create_view(View::new("v", "SELECT 1").with_no_data());
    op.rename_view(("other", "V"), "w");
    op.set_schema(Object::view("v"), "other");
    op.drop_view("v").if_exists();
    op.drop_view(("other", "V")).cascade();
}

#[test]
fn views_say() {
    insta::assert_snapshot!(postgres(views), @r#"
    CREATE VIEW v ("order") AS
    SELECT 1;
    CREATE OR REPLACE VIEW other."V" AS
    SELECT 1 -- one
    ;
    PostgreSQL cannot create view v if it is not there: say `or_replace`
    CREATE VIEW v WITH (security_barrier = true, security_invoker = true) AS
    SELECT id FROM visits -- all
    WITH CASCADED CHECK OPTION;
    CREATE VIEW v AS
    SELECT 1
    WITH LOCAL CHECK OPTION;
    PostgreSQL cannot create view v that keeps its rows in a place: say `create_materialized_view`: a view keeps no rows
    ALTER VIEW other."V" RENAME TO w;
    ALTER VIEW v SET SCHEMA other;
    DROP VIEW IF EXISTS v;
    DROP VIEW other."V" CASCADE;
    "#);
    insta::assert_snapshot!(old_postgres(views), @r#"
    CREATE VIEW v ("order") AS
    SELECT 1;
    CREATE OR REPLACE VIEW other."V" AS
    SELECT 1 -- one
    ;
    PostgreSQL cannot create view v if it is not there: say `or_replace`
    PostgreSQL cannot create view v with the rights of whoever reads it: let them read the tables themselves: only version 15 and later have such views
    CREATE VIEW v AS
    SELECT 1
    WITH LOCAL CHECK OPTION;
    PostgreSQL cannot create view v that keeps its rows in a place: say `create_materialized_view`: a view keeps no rows
    ALTER VIEW other."V" RENAME TO w;
    ALTER VIEW v SET SCHEMA other;
    DROP VIEW IF EXISTS v;
    DROP VIEW other."V" CASCADE;
    "#);
    insta::assert_snapshot!(sqlite(views), @r#"
    CREATE VIEW v ("order") AS
    SELECT 1;
    SELECT json_extract('{}', 'other.V has triggers, which would be dropped with it: drop them first, and create them anew behind; the first is ' || min(name)) FROM other.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower('V') HAVING count(*) > 0;
    DROP VIEW IF EXISTS other."V";
    CREATE VIEW other."V" AS
    SELECT 1 -- one
    ;
    CREATE VIEW IF NOT EXISTS v AS
    SELECT 1;
    SQLite cannot create view v with a check option: a trigger INSTEAD OF writing, which refuses the row with RAISE(ABORT, ..)
    SQLite cannot create view v with a check option: a trigger INSTEAD OF writing, which refuses the row with RAISE(ABORT, ..)
    SQLite cannot create view v that keeps its rows in a place: leave out where, and whether, its rows are kept
    SQLite cannot rename view other.V to w: drop it, and create it under its new name
    SQLite cannot move view v to schema other: drop it, and create it in the other database
    DROP VIEW IF EXISTS v;
    SQLite cannot drop view other.V with what depends on it: drop the views and triggers that name it before it
    "#);
    insta::assert_snapshot!(mariadb(views), @r"
    CREATE VIEW v (`order`) AS
    SELECT 1;
    CREATE OR REPLACE VIEW other.`V` AS
    SELECT 1 -- one
    ;
    CREATE VIEW IF NOT EXISTS v AS
    SELECT 1;
    MariaDB cannot create view v with the option security_barrier: leave it out
    CREATE VIEW v AS
    SELECT 1
    WITH LOCAL CHECK OPTION;
    MariaDB cannot create view v that keeps its rows in a place: leave out where, and whether, its rows are kept
    RENAME TABLE other.`V` TO other.w;
    MariaDB cannot move view v to schema other: drop it, and create it in the other schema
    DROP VIEW IF EXISTS v;
    MariaDB cannot drop view other.V with what depends on it: drop what names it before it
    ");
    insta::assert_snapshot!(mysql(views), @r"
    CREATE VIEW v (`order`) AS
    SELECT 1;
    CREATE OR REPLACE VIEW other.`V` AS
    SELECT 1 -- one
    ;
    MySQL cannot create view v if it is not there: say `or_replace`
    MySQL cannot create view v with the option security_barrier: leave it out
    CREATE VIEW v AS
    SELECT 1
    WITH LOCAL CHECK OPTION;
    MySQL cannot create view v that keeps its rows in a place: leave out where, and whether, its rows are kept
    RENAME TABLE other.`V` TO other.w;
    MySQL cannot move view v to schema other: drop it, and create it in the other schema
    DROP VIEW IF EXISTS v;
    MySQL cannot drop view other.V with what depends on it: drop what names it before it
    ");
}

fn materialized_views(op: &mut Operations) {
    op.create_materialized_view(
        View::new(("other", "m"), "SELECT 1")
            .columns(["n"])
            .option("fillfactor", "70")
            .tablespace("fast")
            .with_no_data(),
    )
    .if_not_exists();
    op.create_materialized_view(View::new("m", "SELECT 1"))
        .or_replace();
    op.create_materialized_view(View::new("m", "SELECT 1").check_option(ViewCheck::Local));
    op.refresh_materialized_view(("other", "m"));
    op.refresh_materialized_view("m").concurrently();
    op.refresh_materialized_view("m").with_no_data();
    op.rename_materialized_view("m", "n");
    op.drop_materialized_view("n");
}

#[test]
fn materialized_views_say() {
    insta::assert_snapshot!(postgres(materialized_views), @r"
    CREATE MATERIALIZED VIEW IF NOT EXISTS other.m (n) WITH (fillfactor = 70) TABLESPACE fast AS
    SELECT 1
    WITH NO DATA;
    PostgreSQL cannot create materialized view m or replace it: drop it before
    PostgreSQL cannot create materialized view m with a check option: leave it out: nothing is written through a materialized view
    REFRESH MATERIALIZED VIEW other.m;
    REFRESH MATERIALIZED VIEW CONCURRENTLY m;
    REFRESH MATERIALIZED VIEW m WITH NO DATA;
    ALTER MATERIALIZED VIEW m RENAME TO n;
    DROP MATERIALIZED VIEW n;
    ");
    insta::assert_snapshot!(sqlite(materialized_views), @r"
    SQLite cannot create materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot refresh materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot rename materialized view m to n: a view, or a table that an INSERT .. SELECT fills
    SQLite cannot drop materialized view n: a view, or a table that an INSERT .. SELECT fills
    ");
    insta::assert_snapshot!(mariadb(materialized_views), @r"
    MariaDB cannot create materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot refresh materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot rename materialized view m to n: a view, or a table that an INSERT .. SELECT fills
    MariaDB cannot drop materialized view n: a view, or a table that an INSERT .. SELECT fills
    ");
    insta::assert_snapshot!(mysql(materialized_views), @r"
    MySQL cannot create materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot create materialized view m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot refresh materialized view other.m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot refresh materialized view m: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot rename materialized view m to n: a view, or a table that an INSERT .. SELECT fills
    MySQL cannot drop materialized view n: a view, or a table that an INSERT .. SELECT fills
    ");
}
