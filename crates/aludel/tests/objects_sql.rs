//! What the operations on schemas, sequences, views, functions, triggers, extensions, domains and policies say on each database:
//! text, or a typed refusal that says what to do instead.
#![cfg(all(feature = "postgres", feature = "sqlite"))]
#![allow(clippy::unwrap_used)]

use aludel::db::Kind;
use aludel::dialect::Dialect;
use aludel::dialect::postgres::Postgres;
use aludel::dialect::sqlite::Sqlite;
use aludel::ops::Operations;
use aludel::prelude::*;
use aludel::schema::Schema;

/// The statements of what is recorded, or why there are none.
fn said(dialect: &dyn Dialect, record: fn(&mut Operations)) -> String {
    let mut op = Operations::new(dialect.kind());
    record(&mut op);
    let mut text = Vec::new();
    for recorded in op.into_recorded() {
        match dialect.statements(&recorded.operation, &Schema::default()) {
            Ok(statements) => text.extend(statements.into_iter().map(|it| {
                assert!(it.in_transaction);
                it.sql + ";"
            })),
            Err(Error::Unsupported {
                operation,
                dialect,
                instead,
            }) => text.push(format!("{dialect} cannot {operation}: {instead}")),
            Err(error) => text.push(format!("error: {error}")),
        }
    }
    text.join("\n")
}

fn postgres(record: fn(&mut Operations)) -> String {
    said(&Postgres::of_version(18), record)
}

/// What the oldest version, or a server of which nothing is known, is refused.
fn old_postgres(record: fn(&mut Operations)) -> String {
    said(&Postgres::new(), record)
}

fn sqlite(record: fn(&mut Operations)) -> String {
    said(&Sqlite::new(), record)
}

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
    SQLite cannot drop schema Accounts: attach a database file: its name stands before the names of its tables
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
}

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
}

fn functions(op: &mut Operations) {
    op.create_function(
        Function::new(("other", "Touch"), "")
            .returns("trigger")
            .language("plpgsql")
            .attribute("SECURITY DEFINER")
            .attribute("SET search_path = pg_catalog")
            .body("BEGIN RETURN NEW; END"),
    )
    .or_replace();
    op.create_function(
        Function::new("pay", "a integer, b text DEFAULT '$$'")
            .returns("text")
            .body("SELECT '$body1$' || b || '$$' || '$'"),
    );
    op.create_function(
        Function::new("cost", "")
            .returns("text")
            .body("SELECT 1 AS a$"),
    );
    op.create_function(
        Function::new("plus", "a int, b int")
            .returns("int")
            .sql_body("RETURN a + b;"),
    );
    op.create_procedure(Function::new("forget", "before date").body("DELETE FROM visits"));
    op.rename_function("plus", "int, int", "add");
    op.rename_procedure("forget", "date", "forget_all");
    op.set_schema(Object::function("add", "int, int"), "other");
    op.drop_function("add", "int, int").if_exists();
    op.drop_procedure("forget_all", "date").cascade();
}

#[test]
fn functions_say() {
    insta::assert_snapshot!(postgres(functions), @r#"
    CREATE OR REPLACE FUNCTION other."Touch"()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$BEGIN RETURN NEW; END$$;
    CREATE FUNCTION pay(a integer, b text DEFAULT '$$')
    RETURNS text
    LANGUAGE sql
    AS $body2$SELECT '$body1$' || b || '$$' || '$'$body2$;
    CREATE FUNCTION cost()
    RETURNS text
    LANGUAGE sql
    AS $body1$SELECT 1 AS a$$body1$;
    CREATE FUNCTION plus(a int, b int)
    RETURNS int
    LANGUAGE sql
    RETURN a + b;
    CREATE PROCEDURE forget(before date)
    LANGUAGE sql
    AS $$DELETE FROM visits$$;
    ALTER FUNCTION plus(int, int) RENAME TO add;
    ALTER PROCEDURE forget(date) RENAME TO forget_all;
    ALTER FUNCTION add(int, int) SET SCHEMA other;
    DROP FUNCTION IF EXISTS add(int, int);
    DROP PROCEDURE forget_all(date) CASCADE;
    "#);
    assert!(old_postgres(functions).contains("create function plus(a int, b int) with a body"));
    insta::assert_snapshot!(sqlite(functions), @r"
    SQLite cannot create function other.Touch(): have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot create function pay(a integer, b text DEFAULT '$$'): have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot create function cost(): have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot create function plus(a int, b int): have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot create procedure forget(before date): have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot rename function plus(int, int) to add: have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot rename procedure forget(date) to forget_all: have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot move function add(int, int) to schema other: have the application register it on its connections, or run the code in a step (`op.run`)
    SQLite cannot drop procedure forget_all(date): have the application register it on its connections, or run the code in a step (`op.run`)
    ");
}

fn triggers(op: &mut Operations) {
    let log = |name: &str| Trigger::new(name, ("other", "Visits")).after();
    op.create_trigger(
        log("order")
            .update_of(["user", "b"])
            .when("NEW.b > 0 -- positive")
            .execute("other.touch('b')")
            .body("UPDATE t SET a = 1; DELETE FROM t;"),
    )
    .or_replace();
    op.create_trigger(log("t").insert().execute("f()").body("SELECT 1 -- one"))
        .if_not_exists();
    op.create_trigger(log("t").insert().execute("f()"));
    op.create_trigger(log("t").insert().body("SELECT 1"));
    op.create_trigger(
        Trigger::new("t", "v")
            .instead_of()
            .insert()
            .execute("f()")
            .body("SELECT 1"),
    );
    op.create_trigger(
        Trigger::new("t", "v")
            .before()
            .insert()
            .delete()
            .execute("f()")
            .body("SELECT 1"),
    );
    op.create_trigger(
        log("t")
            .truncate()
            .for_each_statement()
            .execute("f()")
            .body("SELECT 1"),
    );
    op.create_trigger(
        log("t")
            .update()
            .for_each_statement()
            .old_table("before")
            .new_table("after")
            .execute("f()")
            .body("SELECT 1"),
    );
    op.create_trigger(
        log("t")
            .delete()
            .constraint()
            .refers_to("p")
            .deferrable(Deferrable::Deferred)
            .execute("f()")
            .body("SELECT 1"),
    );
    op.create_trigger(log("t").delete().constraint().execute("f()"))
        .or_replace();
    op.disable_trigger("t", ("other", "Visits"));
    op.enable_trigger("t", "v");
    op.enable_trigger("t", "v").always();
    op.enable_trigger("t", "v").on_replica();
    op.rename_trigger("t", "v", "u");
    op.drop_trigger("order", ("other", "Visits")).if_exists();
    op.drop_trigger("u", "v").cascade();
}

#[test]
fn triggers_say() {
    insta::assert_snapshot!(postgres(triggers), @r#"
    CREATE OR REPLACE TRIGGER "order"
    AFTER UPDATE OF "user", b ON other."Visits"
    FOR EACH ROW
    WHEN (NEW.b > 0 -- positive
    )
    EXECUTE FUNCTION other.touch('b');
    PostgreSQL cannot create trigger t on other.Visits if it is not there: say `or_replace`
    CREATE TRIGGER t
    AFTER INSERT ON other."Visits"
    FOR EACH ROW
    EXECUTE FUNCTION f();
    PostgreSQL cannot create trigger t on other.Visits with statements of its own: put them into a function (`create_function`), and `execute` that
    CREATE TRIGGER t
    INSTEAD OF INSERT ON v
    FOR EACH ROW
    EXECUTE FUNCTION f();
    CREATE TRIGGER t
    BEFORE INSERT OR DELETE ON v
    FOR EACH ROW
    EXECUTE FUNCTION f();
    CREATE TRIGGER t
    AFTER TRUNCATE ON other."Visits"
    FOR EACH STATEMENT
    EXECUTE FUNCTION f();
    CREATE TRIGGER t
    AFTER UPDATE ON other."Visits"
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT
    EXECUTE FUNCTION f();
    CREATE CONSTRAINT TRIGGER t
    AFTER DELETE ON other."Visits"
    FROM p
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    EXECUTE FUNCTION f();
    PostgreSQL cannot create trigger t on other.Visits or replace it: drop it before
    ALTER TABLE other."Visits" DISABLE TRIGGER t;
    ALTER TABLE v ENABLE TRIGGER t;
    ALTER TABLE v ENABLE ALWAYS TRIGGER t;
    ALTER TABLE v ENABLE REPLICA TRIGGER t;
    ALTER TRIGGER t ON v RENAME TO u;
    DROP TRIGGER IF EXISTS "order" ON other."Visits";
    DROP TRIGGER u ON v CASCADE;
    "#);
    assert!(old_postgres(triggers).contains("or replace it: say `drop_trigger(..).if_exists()`"));
    insta::assert_snapshot!(sqlite(triggers), @r#"
    DROP TRIGGER IF EXISTS other."order";
    CREATE TRIGGER other."order"
    AFTER UPDATE OF user, b ON "Visits"
    FOR EACH ROW
    WHEN (NEW.b > 0 -- positive
    )
    BEGIN
    UPDATE t SET a = 1; DELETE FROM t;
    END;
    CREATE TRIGGER IF NOT EXISTS other.t
    AFTER INSERT ON "Visits"
    FOR EACH ROW
    BEGIN
    SELECT 1 -- one
    ;
    END;
    SQLite cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    CREATE TRIGGER other.t
    AFTER INSERT ON "Visits"
    FOR EACH ROW
    BEGIN
    SELECT 1;
    END;
    CREATE TRIGGER t
    INSTEAD OF INSERT ON v
    FOR EACH ROW
    BEGIN
    SELECT 1;
    END;
    SQLite cannot create trigger t on v on several events: create one for each of them
    SQLite cannot create trigger t on other.Visits on TRUNCATE: let it fire on DELETE: nothing else empties a table
    SQLite cannot create trigger t on other.Visits that fires for each statement: let it fire for each row
    SQLite cannot create trigger t on other.Visits that is deferred: let it fire at once
    SQLite cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    SQLite cannot disable trigger t on other.Visits: drop it, and create it again when it is to fire
    SQLite cannot enable trigger t on v: drop it, and create it again when it is to fire
    SQLite cannot enable trigger t on v: drop it, and create it again when it is to fire
    SQLite cannot enable trigger t on v: drop it, and create it again when it is to fire
    SQLite cannot rename trigger t on v to u: drop it, and create it under its new name
    DROP TRIGGER IF EXISTS other."order";
    SQLite cannot drop trigger u on v with what depends on it: drop the views and triggers that name it before it
    "#);
}

fn extensions(op: &mut Operations) {
    op.create_extension("uuid-ossp").if_not_exists();
    op.create_extension(
        Extension::new("hstore")
            .schema("other")
            .version("1.8")
            .cascade(),
    );
    op.update_extension("hstore");
    op.update_extension("hstore").to("1.9");
    op.set_schema(Object::extension("hstore"), "public");
    op.drop_extension("hstore").if_exists().cascade();
    op.drop_extension("citext");
}

#[test]
fn extensions_say() {
    insta::assert_snapshot!(postgres(extensions), @r#"
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
    CREATE EXTENSION hstore SCHEMA other VERSION '1.8' CASCADE;
    ALTER EXTENSION hstore UPDATE;
    ALTER EXTENSION hstore UPDATE TO '1.9';
    ALTER EXTENSION hstore SET SCHEMA public;
    DROP EXTENSION IF EXISTS hstore CASCADE;
    DROP EXTENSION citext;
    "#);
    insta::assert_snapshot!(sqlite(extensions), @r"
    SQLite cannot create extension uuid-ossp: load it on each connection, when that is opened
    SQLite cannot create extension hstore: load it on each connection, when that is opened
    SQLite cannot update extension hstore: load it on each connection, when that is opened
    SQLite cannot update extension hstore: load it on each connection, when that is opened
    SQLite cannot move extension hstore to schema public: load it on each connection, when that is opened
    SQLite cannot drop extension citext: load it on each connection, when that is opened
    ");
}

fn domains(op: &mut Operations) {
    op.create_domain(
        Domain::new(("other", "Email"), Type::Text)
            .collation("C")
            .server_default("'a@b'")
            .not_null()
            .check(Check::new("VALUE LIKE '%@%'").named("ck_at"))
            .check(Check::new("VALUE <> ''")),
    );
    op.create_domain(Domain::new("small", Type::Decimal(3, 1)));
    op.alter_domain(("other", "Email"))
        .set_default("'c@d'")
        .drop_default()
        .set_not_null()
        .drop_not_null()
        .add_check(Check::new("VALUE > ''").named("order").not_valid())
        .validate_constraint("order")
        .drop_constraint("order");
    op.rename_domain(("other", "Email"), "email");
    op.set_schema(Object::domain("small"), "other");
    op.drop_domain("small").if_exists().cascade();
}

#[test]
fn domains_say() {
    insta::assert_snapshot!(postgres(domains), @r#"
    CREATE DOMAIN other."Email" AS TEXT COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT ck_at CHECK (VALUE LIKE '%@%') CHECK (VALUE <> '');
    CREATE DOMAIN small AS NUMERIC(3, 1);
    ALTER DOMAIN other."Email" SET DEFAULT 'c@d';
    ALTER DOMAIN other."Email" DROP DEFAULT;
    ALTER DOMAIN other."Email" SET NOT NULL;
    ALTER DOMAIN other."Email" DROP NOT NULL;
    ALTER DOMAIN other."Email" ADD CONSTRAINT "order" CHECK (VALUE > '') NOT VALID;
    ALTER DOMAIN other."Email" VALIDATE CONSTRAINT "order";
    ALTER DOMAIN other."Email" DROP CONSTRAINT "order";
    ALTER DOMAIN other."Email" RENAME TO email;
    ALTER DOMAIN small SET SCHEMA other;
    DROP DOMAIN IF EXISTS small CASCADE;
    "#);
    insta::assert_snapshot!(sqlite(domains), @r"
    SQLite cannot create domain other.Email: a check on each column
    SQLite cannot create domain small: a check on each column
    SQLite cannot alter domain other.Email: a check on each column
    SQLite cannot rename domain other.Email to email: a check on each column
    SQLite cannot move domain small to schema other: a check on each column
    ");
}

fn policies(op: &mut Operations) {
    op.create_policy(Policy::new("all", ("other", "Visits")).using("true -- all"));
    op.create_policy(
        Policy::new("own", "visits")
            .restrictive()
            .command(PolicyCommand::Update)
            .to(["CURRENT_USER", "user", "doctors"])
            .using("a = 1")
            .with_check("a = 2"),
    );
    op.alter_policy("own", "visits")
        .to([] as [&str; 0])
        .using("a = 3");
    op.alter_policy("own", "visits").with_check("a = 4");
    op.alter_policy("own", "visits");
    op.rename_policy("own", "visits", "mine");
    op.drop_policy("mine", "visits").if_exists();
    op.enable_row_level_security(("other", "Visits"));
    op.force_row_level_security("visits");
    op.no_force_row_level_security("visits");
    op.disable_row_level_security("visits");
}

#[test]
fn policies_say() {
    insta::assert_snapshot!(postgres(policies), @r#"
    CREATE POLICY "all" ON other."Visits" USING (true -- all
    );
    CREATE POLICY own ON visits AS RESTRICTIVE FOR UPDATE TO CURRENT_USER, "user", doctors USING (a = 1) WITH CHECK (a = 2);
    ALTER POLICY own ON visits TO PUBLIC USING (a = 3);
    ALTER POLICY own ON visits WITH CHECK (a = 4);
    error: cannot alter policy own on visits: nothing is said of it
    ALTER POLICY own ON visits RENAME TO mine;
    DROP POLICY IF EXISTS mine ON visits;
    ALTER TABLE other."Visits" ENABLE ROW LEVEL SECURITY;
    ALTER TABLE visits FORCE ROW LEVEL SECURITY;
    ALTER TABLE visits NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE visits DISABLE ROW LEVEL SECURITY;
    "#);
    insta::assert_snapshot!(sqlite(policies), @r"
    SQLite cannot create policy all on other.Visits: views that show the rows that are meant
    SQLite cannot create policy own on visits: views that show the rows that are meant
    SQLite cannot alter policy own on visits: views that show the rows that are meant
    SQLite cannot alter policy own on visits: views that show the rows that are meant
    SQLite cannot alter policy own on visits: views that show the rows that are meant
    SQLite cannot rename policy own on visits to mine: views that show the rows that are meant
    SQLite cannot enable row level security on other.Visits: views that show the rows that are meant
    SQLite cannot force row level security on visits: views that show the rows that are meant
    SQLite cannot no longer force row level security on visits: views that show the rows that are meant
    SQLite cannot disable row level security on visits: views that show the rows that are meant
    ");
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
