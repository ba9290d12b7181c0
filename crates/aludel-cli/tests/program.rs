//! A project with a program of its own: what `init` makes builds without warnings, and `aludel` runs it.
//!
//! The program is built in a target folder of its own, which is kept for the next time: the one of this workspace is in use.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use std::path::Path;
use std::process::Command;
use support::Project;
use support::ward::{MODELS, TARGET, list_models, turn, ward};

#[test]
fn from_models_to_a_database_and_back() {
    let _turn = turn();
    let project = ward();
    assert_snapshot!(project.run("revision --autogenerate -m x"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: no models are declared
    hint: list them in the migrations program: `.metadata(metadata![Patient, Visit])`; an empty list would drop every table
    ");
    list_models(&project, "Patient");
    assert_snapshot!(project.run_with(&["revision", "--autogenerate", "-m", "Create patients", "--rev-id", "a1"]), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_a1_create_patients.rs ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected added table 'patients'
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_a1_create_patients.rs"), @r#"
    //! Create patients
    //!
    //! Revision ID: a1
    //! Create Date: 2025-11-08 14:30:00

    use aludel::prelude::*;

    pub fn upgrade(op: &mut Operations) {
        op.create_table(
            Table::new("patients")
                .column(Column::new("id", Type::Integer).identity().primary_key())
                .column(Column::new("email", Type::String))
                .constraint(Unique::new(["email"]).named("uq_patients_email")),
        );
    }

    pub fn downgrade(op: &mut Operations) {
        op.drop_table("patients");
    }
    "#);
    assert_snapshot!(project.run("check"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: Target database is not up to date.
      the database is at <base>, the history leads to a1
    hint: `aludel upgrade heads` brings it there
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, Create patients
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a1 (head)
    ");
    assert_snapshot!(project.run("check"), @"
    exit 0
    -- stdout
    No new upgrade operations detected.
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    ");
    assert_snapshot!(project.run("check --json"), @r#"
    exit 0
    -- stdout
    {
      "up_to_date": true,
      "operations": [],
      "changes": []
    }
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    "#);
    assert_snapshot!(project.run("revision --autogenerate -m again"), @"
    exit 0
    -- stdout
    No changes detected: compared 1 model with 1 table. No revision was written.
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    ");
    assert_snapshot!(project.run("upgrade head --sql"), @"
    exit 0
    -- stdout
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );

    -- Running upgrade  -> a1

    BEGIN IMMEDIATE;

    CREATE TABLE patients (
        id INTEGER NOT NULL,
        email VARCHAR,
        CONSTRAINT pk_patients PRIMARY KEY (id),
        CONSTRAINT uq_patients_email UNIQUE (email)
    );

    INSERT INTO alembic_version (version_num) VALUES ('a1');

    COMMIT;
    ");

    let more = MODELS.replace(
        "pub email: Option<String>,",
        "pub email: Option<String>,\n    pub phone: Option<String>,",
    );
    project.write("src/models.rs", &more);
    assert_snapshot!(project.run("check"), @r#"
    exit 1
    -- stdout
    add column patients.phone
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected added column 'patients.phone'
    error: New upgrade operations detected
    hint: `aludel revision --autogenerate -m "..."` writes them into a revision
    "#);
    assert_snapshot!(project.run("revision --autogenerate --format sql -m phone --rev-id b2"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_b2_phone.sql ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected added column 'patients.phone'
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_b2_phone.sql"), @"
    -- phone
    --
    -- Revision ID: b2
    -- Revises: a1
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up
    ALTER TABLE patients ADD COLUMN phone VARCHAR;

    -- migrate:down foreign_keys:off
    CREATE TABLE _aludel_new_patients (
        id INTEGER NOT NULL,
        email VARCHAR,
        CONSTRAINT pk_patients PRIMARY KEY (id),
        CONSTRAINT uq_patients_email UNIQUE (email)
    );
    INSERT OR ABORT INTO _aludel_new_patients (id, email)
    SELECT id, email FROM patients;
    DROP TABLE patients;
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE _aludel_new_patients RENAME TO patients;
    PRAGMA legacy_alter_table = OFF;
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade a1 -> b2, phone
    ");
    assert_snapshot!(project.run("downgrade base"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running downgrade b2 -> a1, phone
    INFO  [aludel::run] Running downgrade a1 -> , Create patients
    ");

    // A program that was built before a file changed.
    let built = Path::new(TARGET).join("debug/ward-migrations");
    project.revision("c3", "b2");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&built);
        command.args(arguments).current_dir(project.path());
        command.env("DATABASE_URL", "sqlite:app.db");
        project.said(&mut command)
    };
    assert_snapshot!(run(&["upgrade", "head"]), @"
    exit 1
    -- stderr
    error: this program was built before `migrations/versions/c3.sql` changed
    hint: build it again, or run the command through `aludel`, which does
    ");
    assert_snapshot!(run(&["heads"]), @"
    exit 0
    -- stdout
    c3 (head)
    ");

    // The program alone, where no file is beside it.
    let elsewhere = Project::empty();
    let alone = |arguments: &[&str]| {
        let mut command = Command::new(&built);
        command.args(arguments).current_dir(elsewhere.path());
        elsewhere.said(&mut command)
    };
    assert_snapshot!(alone(&["upgrade", "head", "--url", "sqlite:other.db"]), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, Create patients
    INFO  [aludel::run] Running upgrade a1 -> b2, phone
    ");
    assert_snapshot!(alone(&["current", "--url", "sqlite:other.db"]), @"
    exit 0
    -- stdout
    b2 (head)
    ");
    assert_snapshot!(alone(&["current"]), @"
    exit 1
    -- stderr
    error: there is no `aludel.toml` in ROOT or a folder above it
    hint: `aludel init migrations` starts a project; `--config FILE` names a configuration elsewhere
    ");

    // A revision that does not compile.
    project.write(
        "migrations/versions/d4.rs",
        "//! d\n//!\n//! Revision ID: d4\n//! Revises: c3\n\nuse aludel::prelude::*;\n\npub fn upgrade(op: &mut Operations) {\n    op.nonsense();\n}\n\npub fn downgrade(_op: &mut Operations) {}\n",
    );
    let said = project.run("upgrade head");
    assert!(said.starts_with("exit 1\n-- stderr\n"), "{said}");
    assert!(said.contains("migrations/versions/d4.rs:9:8"), "{said}");
    assert!(
        said.ends_with(
            "error: `migrations` does not compile\nhint: cargo says above what to mend\n"
        ),
        "{said}"
    );

    // A revision that fails names the recording call.
    project.write(
        "migrations/versions/d4.rs",
        "//! d\n//!\n//! Revision ID: d4\n//! Revises: c3\n\nuse aludel::prelude::*;\n\npub fn upgrade(op: &mut Operations) {\n    op.execute(\"CREATE TABLE half (id INTEGER)\");\n    op.drop_table(\"nowhere\");\n}\n\npub fn downgrade(_op: &mut Operations) {}\n",
    );
    let said = project.run("upgrade head");
    let (_, failure) = said.split_once("error: ").unwrap();
    assert_snapshot!(failure, @"
    revision d4 failed: drop table nowhere
      at migrations/versions/d4.rs:10
        DROP TABLE nowhere
      the revision was rolled back whole
      caused by: no such table: nowhere (code 1)
    hint: mend the cause and run the command again
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    c3
    ");
}

#[test]
fn a_folder_that_builds_no_program() {
    let project = Project::sql();
    let target = project.path().join("target").display().to_string();
    let project = project.with("CARGO_TARGET_DIR", &target);
    project.write(
        "migrations/Cargo.toml",
        "[package]\nname = \"m\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    project.write("migrations/src/lib.rs", "");
    assert_snapshot!(project.run("check"), @"
    exit 1
    -- stderr
    error: `migrations/Cargo.toml` builds no program, where one program is wanted
    hint: the folder that `script_location` names holds one program, which calls `aludel_cli::main`
    ");
    project.write("migrations/src/bin/a.rs", "fn main() {}\n");
    project.write("migrations/src/bin/b.rs", "fn main() {}\n");
    assert_snapshot!(project.run("check"), @"
    exit 1
    -- stderr
    error: `migrations/Cargo.toml` builds a and b, where one program is wanted
    hint: the folder that `script_location` names holds one program, which calls `aludel_cli::main`
    ");
    std::fs::remove_file(project.path().join("migrations/src/bin/b.rs")).unwrap();
    project.write(
        "migrations/src/bin/a.rs",
        "fn main() {\n    println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>());\n    std::process::exit(7);\n}\n",
    );
    // The arguments are passed on as they are, and so is the exit code.
    assert_snapshot!(project.run_with(&["-q", "check", "-x", "a=b c"]), @r#"
    exit 7
    -- stdout
    ["-q", "check", "-x", "a=b c"]
    "#);
}

#[test]
fn a_program_that_hands_the_command_back() {
    let project = Project::sql().with("ALUDEL_FORWARDED", "1");
    project.write("migrations/Cargo.toml", "");
    assert_snapshot!(project.run("check"), @r#"
    exit 1
    -- stderr
    error: `migrations` holds no revisions, so that the command has nowhere to go
    hint: its `main` is to be `aludel_cli::main(Env::new(migrations!("versions")))`
    "#);
}

#[test]
fn sql_revisions_need_no_program() {
    let project = Project::sql();
    project.write("migrations/Cargo.toml", "this is no manifest");
    project.revision("a1", "");
    assert_snapshot!(project.run("-q upgrade head"), @"exit 0");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a1 (head)
    ");
}

#[test]
fn revisions_in_several_folders() {
    let _turn = turn();
    let project = ward();
    let revision = |id: &str| {
        format!(
            "//! {id}\n//!\n//! Revision ID: {id}\n\nuse aludel::prelude::*;\n\npub fn upgrade(_op: &mut Operations) {{}}\n\npub fn downgrade(_op: &mut Operations) {{}}\n"
        )
    };
    project.write("billing/deep/b1.rs", &revision("b1"));
    project.write("migrations/versions/a1.rs", &revision("a1"));
    let config = project.read("aludel.toml").replace(
        "recursive_version_locations = false",
        "recursive_version_locations = true\nversion_locations = ['migrations/versions', 'billing']",
    );
    project.write("aludel.toml", &config);
    assert_snapshot!(project.run("upgrade heads"), @r#"
    exit 1
    -- stderr
    error: this program was built before `billing/deep/b1.rs` changed
    hint: `migrations!` in its `main` is to name every folder of the configuration's `version_locations`, and its build.rs as well: `println!("cargo::rerun-if-changed=FOLDER");`
    "#);
    for file in ["src/main.rs", "build.rs"] {
        let text = project.read(&format!("migrations/{file}"));
        let text = text
            .replace(
                "migrations!(\"versions\")",
                "migrations!(\"versions\", \"../billing/**\")",
            )
            .replace(
                "    println!",
                "    println!(\"cargo::rerun-if-changed=../billing\");\n    println!",
            );
        project.write(&format!("migrations/{file}"), &text);
    }
    assert_snapshot!(project.run("upgrade heads"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> b1, b1
    INFO  [aludel::run] Running upgrade  -> a1, a1
    ");
    // A file that is new or another one in any of them is seen.
    project.write(
        "billing/deep/b2.rs",
        &revision("b2").replace("\n\nuse", "\n//! Revises: b1\n\nuse"),
    );
    assert_snapshot!(project.run("upgrade heads"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade b1 -> b2, b2
    ");
}

#[test]
fn check_writes_nothing() {
    let _turn = turn();
    let project = ward();
    list_models(&project, "Patient");
    let missing = project.run("check");
    assert!(missing.contains("there is no database"), "{missing}");
    assert!(missing.starts_with("exit 1\n") && !project.has("app.db"));
    project.write("app.db", "");
    assert!(project.run("check").contains("create table patients"));
    assert_eq!(project.read("app.db"), "");
    // The environment reaches the program, whichever way it was chosen.
    let config = project.read("aludel.toml") + "\n[environments.test]\nurl = 'sqlite:test.db'\n";
    project.write("aludel.toml", &config);
    assert!(project.run("-n test check").contains("sqlite:test.db"));
    let project = project.with("ALUDEL_ENVIRONMENT", "test");
    assert!(project.run("check").contains("sqlite:test.db"));
}

#[cfg(feature = "postgres")]
#[test]
fn autogenerate_passes_over_the_version_table_wherever_it_is() {
    let _turn = turn();
    let Some(database) = aludel_testdb::postgres_or_skip() else {
        return;
    };
    let project = ward().with("DATABASE_URL", &database.url());
    list_models(&project, "Patient");
    assert!(project.run("check").contains("create table patients"));
    let relations = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(database.psql(relations), "0", "check writes nothing");
    database.psql("CREATE SCHEMA ops");
    let config = project.read("aludel.toml");
    for schema in ["ops", "public"] {
        let config = config
            .replace(
                "# version_table_schema = \"public\"",
                &format!("version_table_schema = \"{schema}\""),
            )
            .replace("include_schemas = []", "include_schemas = [\"ops\"]");
        project.write("aludel.toml", &config);
        project.ok("ensure-version");
        let table = format!("SELECT count(*) FROM {schema}.alembic_version");
        assert_eq!(database.psql(&table), "0");
        let said = project.run("check");
        assert!(
            said.contains("-- stdout\ncreate table patients\n-- stderr"),
            "{said}"
        );
        database.psql(&format!("DROP TABLE {schema}.alembic_version"));
    }
}
