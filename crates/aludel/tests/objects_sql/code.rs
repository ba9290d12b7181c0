//! Functions, procedures and triggers.

use super::support::{mariadb, mysql, old_postgres, postgres, sqlite};
use aludel::ops::Operations;
use aludel::prelude::*;

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
    insta::assert_snapshot!(mariadb(functions), @r"
    MariaDB cannot create function other.Touch() in plpgsql: write its body in SQL
    CREATE FUNCTION pay(a integer, b text DEFAULT '$$')
    RETURNS text
    SELECT '$body1$' || b || '$$' || '$';
    CREATE FUNCTION cost()
    RETURNS text
    SELECT 1 AS a$;
    CREATE FUNCTION plus(a int, b int)
    RETURNS int
    RETURN a + b;
    CREATE PROCEDURE forget(before date)
    DELETE FROM visits;
    MariaDB cannot rename function plus(int, int) to add: drop it, and create it under its new name
    MariaDB cannot rename procedure forget(date) to forget_all: drop it, and create it under its new name
    MariaDB cannot move function add(int, int) to schema other: drop it, and create it in the other schema
    DROP FUNCTION IF EXISTS `add`;
    MariaDB cannot drop procedure forget_all(date) with what depends on it: drop what names it before it
    ");
    insta::assert_snapshot!(mysql(functions), @r"
    MySQL cannot create function other.Touch() in plpgsql: write its body in SQL
    CREATE FUNCTION pay(a integer, b text DEFAULT '$$')
    RETURNS text
    SELECT '$body1$' || b || '$$' || '$';
    CREATE FUNCTION cost()
    RETURNS text
    SELECT 1 AS a$;
    CREATE FUNCTION plus(a int, b int)
    RETURNS int
    RETURN a + b;
    CREATE PROCEDURE forget(before date)
    DELETE FROM visits;
    MySQL cannot rename function plus(int, int) to add: drop it, and create it under its new name
    MySQL cannot rename procedure forget(date) to forget_all: drop it, and create it under its new name
    MySQL cannot move function add(int, int) to schema other: drop it, and create it in the other schema
    DROP FUNCTION IF EXISTS `add`;
    MySQL cannot drop procedure forget_all(date) with what depends on it: drop what names it before it
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
    insta::assert_snapshot!(mariadb(triggers), @r"
    MariaDB cannot create trigger order on other.Visits on some columns: compare OLD and NEW in its body: IF NOT OLD.a <=> NEW.a THEN ..
    CREATE TRIGGER IF NOT EXISTS other.t
    AFTER INSERT ON other.`Visits`
    FOR EACH ROW
    BEGIN
    SELECT 1 -- one
    ;
    END;
    MariaDB cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    CREATE TRIGGER other.t
    AFTER INSERT ON other.`Visits`
    FOR EACH ROW
    BEGIN
    SELECT 1;
    END;
    MariaDB cannot create trigger t on v that fires instead of the event: write to the tables below the view
    MariaDB cannot create trigger t on v on several events: create one for each of them
    MariaDB cannot create trigger t on other.Visits on TRUNCATE: let it fire on DELETE, and empty the table by that
    MariaDB cannot create trigger t on other.Visits that fires for each statement: let it fire for each row
    MariaDB cannot create trigger t on other.Visits that is deferred: let it fire at once
    MariaDB cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    MariaDB cannot disable trigger t on other.Visits: drop it, and create it again when it is to fire
    MariaDB cannot enable trigger t on v: drop it, and create it again when it is to fire
    MariaDB cannot enable trigger t on v: drop it, and create it again when it is to fire
    MariaDB cannot enable trigger t on v: drop it, and create it again when it is to fire
    MariaDB cannot rename trigger t on v to u: drop it, and create it under its new name
    DROP TRIGGER IF EXISTS other.`order`;
    MariaDB cannot drop trigger u on v with what depends on it: drop what names it before it
    ");
    insta::assert_snapshot!(mysql(triggers), @r"
    MySQL cannot create trigger order on other.Visits on some columns: compare OLD and NEW in its body: IF NOT OLD.a <=> NEW.a THEN ..
    CREATE TRIGGER IF NOT EXISTS other.t
    AFTER INSERT ON other.`Visits`
    FOR EACH ROW
    BEGIN
    SELECT 1 -- one
    ;
    END;
    MySQL cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    CREATE TRIGGER other.t
    AFTER INSERT ON other.`Visits`
    FOR EACH ROW
    BEGIN
    SELECT 1;
    END;
    MySQL cannot create trigger t on v that fires instead of the event: write to the tables below the view
    MySQL cannot create trigger t on v on several events: create one for each of them
    MySQL cannot create trigger t on other.Visits on TRUNCATE: let it fire on DELETE, and empty the table by that
    MySQL cannot create trigger t on other.Visits that fires for each statement: let it fire for each row
    MySQL cannot create trigger t on other.Visits that is deferred: let it fire at once
    MySQL cannot create trigger t on other.Visits that calls a function: say what it does with `body`, as the statements between BEGIN and END
    MySQL cannot disable trigger t on other.Visits: drop it, and create it again when it is to fire
    MySQL cannot enable trigger t on v: drop it, and create it again when it is to fire
    MySQL cannot enable trigger t on v: drop it, and create it again when it is to fire
    MySQL cannot enable trigger t on v: drop it, and create it again when it is to fire
    MySQL cannot rename trigger t on v to u: drop it, and create it under its new name
    DROP TRIGGER IF EXISTS other.`order`;
    MySQL cannot drop trigger u on v with what depends on it: drop what names it before it
    ");
}
