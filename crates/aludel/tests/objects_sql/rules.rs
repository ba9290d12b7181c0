//! Extensions, domains and policies.

use super::support::{mariadb, mysql, postgres, sqlite};
use aludel::ops::Operations;
use aludel::prelude::*;

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
    insta::assert_snapshot!(mariadb(extensions), @r"
    MariaDB cannot create extension uuid-ossp: have the server's administrator install it as a plugin or component
    MariaDB cannot create extension hstore: have the server's administrator install it as a plugin or component
    MariaDB cannot update extension hstore: have the server's administrator install it as a plugin or component
    MariaDB cannot update extension hstore: have the server's administrator install it as a plugin or component
    MariaDB cannot move extension hstore to schema public: have the server's administrator install it as a plugin or component
    MariaDB cannot drop extension citext: have the server's administrator install it as a plugin or component
    ");
    insta::assert_snapshot!(mysql(extensions), @r"
    MySQL cannot create extension uuid-ossp: have the server's administrator install it as a plugin or component
    MySQL cannot create extension hstore: have the server's administrator install it as a plugin or component
    MySQL cannot update extension hstore: have the server's administrator install it as a plugin or component
    MySQL cannot update extension hstore: have the server's administrator install it as a plugin or component
    MySQL cannot move extension hstore to schema public: have the server's administrator install it as a plugin or component
    MySQL cannot drop extension citext: have the server's administrator install it as a plugin or component
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
    insta::assert_snapshot!(mariadb(domains), @r"
    MariaDB cannot create domain other.Email: a check on each column
    MariaDB cannot create domain small: a check on each column
    MariaDB cannot alter domain other.Email: a check on each column
    MariaDB cannot rename domain other.Email to email: a check on each column
    MariaDB cannot move domain small to schema other: a check on each column
    ");
    insta::assert_snapshot!(mysql(domains), @r"
    MySQL cannot create domain other.Email: a check on each column
    MySQL cannot create domain small: a check on each column
    MySQL cannot alter domain other.Email: a check on each column
    MySQL cannot rename domain other.Email to email: a check on each column
    MySQL cannot move domain small to schema other: a check on each column
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
    SQLite cannot stop forcing row level security on visits: views that show the rows that are meant
    SQLite cannot disable row level security on visits: views that show the rows that are meant
    ");
    insta::assert_snapshot!(mariadb(policies), @r"
    MariaDB cannot create policy all on other.Visits: views that show the rows that are meant
    MariaDB cannot create policy own on visits: views that show the rows that are meant
    MariaDB cannot alter policy own on visits: views that show the rows that are meant
    MariaDB cannot alter policy own on visits: views that show the rows that are meant
    MariaDB cannot alter policy own on visits: views that show the rows that are meant
    MariaDB cannot rename policy own on visits to mine: views that show the rows that are meant
    MariaDB cannot enable row level security on other.Visits: views that show the rows that are meant
    MariaDB cannot force row level security on visits: views that show the rows that are meant
    MariaDB cannot stop forcing row level security on visits: views that show the rows that are meant
    MariaDB cannot disable row level security on visits: views that show the rows that are meant
    ");
    insta::assert_snapshot!(mysql(policies), @r"
    MySQL cannot create policy all on other.Visits: views that show the rows that are meant
    MySQL cannot create policy own on visits: views that show the rows that are meant
    MySQL cannot alter policy own on visits: views that show the rows that are meant
    MySQL cannot alter policy own on visits: views that show the rows that are meant
    MySQL cannot alter policy own on visits: views that show the rows that are meant
    MySQL cannot rename policy own on visits to mine: views that show the rows that are meant
    MySQL cannot enable row level security on other.Visits: views that show the rows that are meant
    MySQL cannot force row level security on visits: views that show the rows that are meant
    MySQL cannot stop forcing row level security on visits: views that show the rows that are meant
    MySQL cannot disable row level security on visits: views that show the rows that are meant
    ");
}
