//! `schema dump` and `schema diff`, which need no project.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

const PATIENTS: &str = "\
CREATE TABLE patients (
    id INTEGER PRIMARY KEY,
    email VARCHAR(40) UNIQUE
);
CREATE INDEX ix_patients_email ON patients (email);
";

fn project() -> Project {
    let project = Project::empty();
    project.write("a.sql", PATIENTS);
    project.write(
        "b.sql",
        &PATIENTS.replace(
            "email VARCHAR(40) UNIQUE",
            "email VARCHAR(50) UNIQUE,\n    phone TEXT",
        ),
    );
    project
}

#[test]
fn a_dump_is_a_side_again() {
    let project = project();
    assert_snapshot!(project.run("schema dump a.sql --dialect sqlite"), @"
    exit 0
    -- stdout
    CREATE TABLE patients (
        id INTEGER NOT NULL,
        email VARCHAR(40),
        PRIMARY KEY (id),
        UNIQUE (email)
    );

    CREATE INDEX ix_patients_email ON patients (email);
    ");
    project.ok("schema dump --dialect sqlite --format json -o a.json a.sql");
    assert!(
        project
            .read("a.json")
            .starts_with("{\n  \"aludel\": 1,\n  \"dialect\": \"sqlite\",")
    );
    assert_snapshot!(project.run("schema diff a.json a.sql"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] No differences
    ");
    assert_snapshot!(project.run("-q schema diff a.sql a.json"), @"exit 0");
    assert_snapshot!(project.run("schema diff a.json a.sql --json"), @r#"
    exit 0
    -- stdout
    {
      "changes": []
    }
    -- stderr
    INFO  [aludel::run] No differences
    "#);
}

#[test]
fn differences_are_told_and_are_no_failure() {
    let project = project();
    assert_snapshot!(project.run("schema diff --dialect sqlite a.sql b.sql"), @"
    exit 1
    -- stdout
    added column 'patients.phone'
    type change from Varchar(40) to Varchar(50) on 'patients.email'
    ");
    assert_snapshot!(project.run("schema diff --dialect sqlite b.sql a.sql --json"), @r#"
    exit 1
    -- stdout
    {
      "changes": [
        {
          "kind": "modify_type",
          "schema": null,
          "table": "patients",
          "name": "email",
          "old": "VARCHAR(50)",
          "new": "VARCHAR(40)"
        },
        {
          "kind": "remove_column",
          "schema": null,
          "table": "patients",
          "name": "phone"
        }
      ]
    }
    "#);
    assert_snapshot!(project.run("schema diff --dialect sqlite a.sql b.sql --sql"), @"
    exit 1
    -- stdout
    PRAGMA foreign_keys = OFF;

    ALTER TABLE patients ADD COLUMN phone TEXT;

    CREATE TABLE _aludel_new_patients (
        id INTEGER PRIMARY KEY,
        email VARCHAR(50) UNIQUE, phone TEXT
    );

    INSERT OR ABORT INTO _aludel_new_patients (id, email, phone)
    SELECT id, email, phone FROM patients;

    DROP TABLE patients;

    PRAGMA legacy_alter_table = ON;

    ALTER TABLE _aludel_new_patients RENAME TO patients;

    PRAGMA legacy_alter_table = OFF;

    CREATE INDEX ix_patients_email ON patients (email);

    PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON;
    ");
}

#[test]
fn the_configured_database_is_what_is_dumped() {
    let project = Project::sql();
    project.revision("a1", "");
    assert_snapshot!(project.run("schema dump"), @"
    exit 1
    -- stderr
    error: there is no database at sqlite:app.db
    hint: `aludel upgrade head` makes it
    ");
    project.ok("-q upgrade head");
    assert_snapshot!(project.run("schema dump"), @"
    exit 0
    -- stdout
    CREATE TABLE t_a1 (
        id INTEGER NOT NULL,
        PRIMARY KEY (id)
    );
    ");
    project.write("a.sql", "CREATE TABLE t_a1 (id INTEGER PRIMARY KEY);");
    assert_snapshot!(project.run("schema diff a.sql sqlite:app.db"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] No differences
    ");
    assert_snapshot!(project.run("schema diff models sqlite:app.db"), @"
    exit 1
    -- stderr
    error: `schema diff` with `models` compares the database with models in Rust, and `migrations` holds no program that knows any
    hint: `aludel init migrations` makes such a program
    ");
}

#[test]
fn what_is_no_schema_is_said() {
    let project = project();
    for line in [
        "schema diff a.sql",
        "schema diff a.sql b.sql --sql --json",
        "schema diff a.sql b.txt",
        "schema diff a.sql oracle://b",
        "schema dump --format yaml a.sql",
        "schema",
    ] {
        assert!(project.run(line).starts_with("exit 2\n"), "{line}");
    }
    assert_snapshot!(project.run("schema diff a.sql b.txt"), @"
    exit 2
    -- stderr
    error: `b.txt` is no schema
    hint: a schema is a database URL, a `.sql` file of definitions, a `.json` dump, or the word `models`
    ");
    assert_snapshot!(project.run("schema diff a.sql oracle://x:secret@b"), @"
    exit 2
    -- stderr
    error: no database is called `oracle`
    hint: a schema is a database URL, a `.sql` file of definitions, a `.json` dump, or the word `models`
    ");
    assert_snapshot!(project.run("schema diff a.sql b.sql"), @"
    exit 2
    -- stderr
    error: which database `a.sql` is for is not known
    hint: give `--dialect`: sqlite, postgresql, mysql or mariadb; or `--url` of a server
    ");
    assert_snapshot!(project.run("schema diff a.sql c.sql"), @"
    exit 1
    -- stderr
    error: there is no file `c.sql`
    hint: a schema is a database URL, a `.sql` file of definitions, a `.json` dump, or the word `models`
    ");
    assert_snapshot!(project.run("schema diff sqlite:none.db a.sql"), @"
    exit 1
    -- stderr
    error: there is no database at sqlite:none.db
    hint: `aludel upgrade head` makes it
    ");
    project.write("empty.sql", "\n");
    project.write("new.json", "{\"aludel\": 2}");
    project.write("broken.json", "{\n\"aludel\": 1");
    project.write(
        "wrong.sql",
        "CREATE TABLE a (id INTEGER);\nCREATE TABEL b (id INTEGER);\n",
    );
    assert_snapshot!(project.run("schema diff a.sql empty.sql --dialect sqlite"), @"
    exit 1
    -- stderr
    error: `empty.sql` is empty
    hint: an empty side would have everything go; `aludel schema dump -o FILE` writes a file of what is there
    ");
    assert_snapshot!(project.run("schema diff a.sql new.json --dialect sqlite"), @"
    exit 1
    -- stderr
    error: `new.json` is a dump in form 2, and this program reads forms up to 1
    hint: it was written by a newer `aludel`: install that, or write the dump again with this one
    ");
    assert_snapshot!(project.run("schema diff a.sql broken.json --dialect sqlite"), @"
    exit 1
    -- stderr
    error: `broken.json` is no dump of a schema: EOF while parsing an object at line 2 column 11
    hint: `aludel schema dump --format json` writes what is read here; definitions in SQL are a file that ends in `.sql`
    ");
    assert_snapshot!(project.run("schema diff a.sql wrong.sql --dialect sqlite"), @r#"
    exit 1
    -- stderr
    error: `wrong.sql`, line 2: the database refuses `CREATE TABEL b (id INTEGER)`
      caused by: near "TABEL": syntax error (code 1)
    "#);
    assert_snapshot!(project.run("schema diff --dialect postgresql a.sql b.sql"), @"
    exit 1
    -- stderr
    error: `a.sql` needs a server of postgresql to be read
    hint: give `--url` of a server of that kind: a database is made there for the moment, and dropped again
    ");
}

#[test]
fn models_are_written_once() {
    let project = project();
    assert_snapshot!(project.run("models generate a.sql --dialect sqlite"), @r#"
    exit 0
    -- stdout
    //! Models of a database that was there before them, by `aludel models generate`.

    use aludel::prelude::*;

    #[derive(Debug, Clone, Table)]
    #[table(name = "patients", unique("email"))]
    pub struct Patient {
        #[column(primary_key)]
        pub id: i32,
        #[column(length = 40, index)]
        pub email: Option<String>,
    }

    /// Everything that is declared here.
    pub fn metadata() -> Metadata {
        metadata![Patient]
    }
    "#);
    project.ok("-q models generate a.sql --dialect sqlite -o models.rs");
    let said = project.run("models generate a.sql --dialect sqlite -o models.rs");
    assert!(
        said.starts_with("exit 1\n") && said.contains("--force"),
        "{said}"
    );
    project.ok("-q models generate a.sql --dialect sqlite -o models.rs --force");
    project.ok("-q models generate a.sql --dialect sqlite -o models");
    assert!(project.has("models/mod.rs") && project.has("models/patients.rs"));
    let none = project.run("models generate a.sql --dialect sqlite --tables x*");
    assert!(none.starts_with("exit 1\n"), "{none}");
    assert!(
        project
            .run("models generate models")
            .starts_with("exit 2\n")
    );
}
