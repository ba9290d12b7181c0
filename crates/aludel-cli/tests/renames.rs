//! What was renamed, on the command line: asked at a terminal, said by an argument, and warned of where neither is.
//!
//! As in `program.rs`, the program is built in a target folder of its own.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use insta::assert_snapshot;
use support::Project;
use support::ward::{MODELS, list_models, turn, ward};

/// A project with a patient, whose models then say that an email is a mail address, and have lost nothing.
fn renamed() -> Project {
    let project = ward();
    list_models(&project, "Patient");
    project.ok("-q revision --autogenerate -m first --rev-id a1");
    project.ok("-q upgrade head");
    let models = MODELS.replace("pub email:", "pub mail_address:");
    project.write("src/models.rs", &models);
    project
}

const UPGRADE: &str = r#"
pub fn upgrade(op: &mut Operations) {
    op.alter_column("patients", "email").rename("mail_address");
    op.rename_constraint("uq_patients_email", "patients", "uq_patients_mail_address");
}
"#;

#[test]
fn an_argument_says_it() {
    let _turn = turn();
    let project = renamed();
    assert_snapshot!(project.run("revision --autogenerate -m second --rev-id b2"), @r#"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_b2_second.rs ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected removed unique constraint on 'patients(email)'
    INFO  [aludel::autogenerate] Detected added column 'patients.mail_address'
    INFO  [aludel::autogenerate] Detected removed column 'patients.email'
    INFO  [aludel::autogenerate] Detected added unique constraint on 'patients(mail_address)'
    WARN  [aludel::lint] What patients.email holds is lost
    WARN  [aludel::lint] Removed column 'patients.email' and added column 'patients.mail_address': what the first holds would be lost. If it was renamed, say `renamed_from = "email"` in the model, or `--rename patients.email=mail_address`
    "#);
    std::fs::remove_file(
        project
            .path()
            .join("migrations/versions/20251108_1430_b2_second.rs"),
    )
    .unwrap();
    assert_snapshot!(project.run("revision --autogenerate --rename patients.mail=mail_address -m x"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: nothing can be renamed as `patients.mail=mail_address` says
    hint: the database has to have the old name and the models the new one, and no other way round: `--rename TABLE.COLUMN=NEW_NAME`, or `--rename TABLE=NEW_NAME`
    "#);
    assert_snapshot!(project.run("revision --autogenerate --rename patients.email -m x"), @r#"
    exit 2
    -- stderr
    error: invalid value 'patients.email' for '--rename <OLD=NEW>': it is to read TABLE.COLUMN=NEW_NAME or TABLE=NEW_NAME
    hint: `--help` says more
    "#);
    assert_snapshot!(project.run("revision --rename patients.email=mail_address -m x"), @r#"
    exit 2
    -- stderr
    error: the following required arguments were not provided: --autogenerate
    Usage: aludel revision --autogenerate --rename <OLD=NEW> --message <MESSAGE>
    hint: `--help` says more
    "#);
    assert_snapshot!(
        project.run("revision --autogenerate --rename patients.email=mail_address -m second --rev-id b2"),
        @r#"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_b2_second.rs ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected renamed column 'patients.email' to 'patients.mail_address'
    INFO  [aludel::autogenerate] Detected renamed constraint 'uq_patients_email' on 'patients' to 'uq_patients_mail_address'
    "#
    );
    let revision = project.read("migrations/versions/20251108_1430_b2_second.rs");
    assert!(revision.contains(UPGRADE), "{revision}");
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade a1 -> b2, second
    "#);
    assert_snapshot!(project.run("-q check"), @r#"
    exit 0
    -- stdout
    No new upgrade operations detected.
    "#);
    assert_snapshot!(project.run("-q downgrade -1"), @"exit 0");
    // The model says it for everybody.
    let models = project.read("src/models.rs");
    project.write(
        "src/models.rs",
        &models.replace(
            "#[column(unique)]",
            "#[column(unique, renamed_from = \"email\")]",
        ),
    );
    project.ok("-q upgrade head");
    assert_snapshot!(project.run("-q check"), @r#"
    exit 0
    -- stdout
    No new upgrade operations detected.
    "#);
}

#[cfg(unix)]
#[test]
fn somebody_at_a_terminal_is_asked() {
    let _turn = turn();
    let project = renamed();
    let question = "Was `patients.email` renamed to `patients.mail_address`? [y/N] ";
    let arguments = [
        "revision",
        "--autogenerate",
        "-m",
        "second",
        "--rev-id",
        "b2",
    ];
    let (code, shown, answered) = support::terminal::typed(
        project.command(&arguments),
        &[(question, "perhaps"), ("Answer y for yes, n for no.", "y")],
    );
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("WARN"), "{shown}");
    assert!(answered.contains("_b2_second.rs ... done"), "{answered}");
    let name = "migrations/versions/20251108_1430_b2_second.rs";
    let revision = project.read(name);
    assert!(revision.contains(UPGRADE), "{revision}");

    std::fs::remove_file(project.path().join(name)).unwrap();
    let (code, shown, _) = support::terminal::typed(project.command(&arguments), &[(question, "")]);
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("--rename"), "{shown}");
    let revision = project.read(name);
    assert!(revision.contains("op.drop_column"), "{revision}");

    // A machine that builds has a terminal at times, and nobody at it.
    std::fs::remove_file(project.path().join(name)).unwrap();
    let mut command = project.command(&arguments);
    command.env("CI", "true");
    let (code, shown, _) = support::terminal::typed(command, &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("`--rename patients.email=mail_address`"),
        "{shown}"
    );
}

const MAIN: &str = r##"use aludel::prelude::*;
use aludel::run::autogenerate::Part;
use ward::models::Patient;

fn main() -> ExitCode {
    let autogenerate = Autogenerate::new()
        .include_object(|it| !matches!(it.part, Part::Index(_, index) if index.name.starts_with("tuning_")))
        .rewrite(|script| script.down.clear());
    aludel_cli::main(
        Env::new(migrations!("versions"))
            .metadata(metadata![Patient])
            .autogenerate(autogenerate),
    )
}
"##;

#[test]
fn the_configuration_and_the_program_say_what_is_left_alone() {
    let _turn = turn();
    let project = ward();
    list_models(&project, "Patient");
    project.ok("-q revision --autogenerate -m first --rev-id a1");
    project.revision_of(
        "b2",
        "a1",
        "CREATE INDEX tuning_email ON patients (email, id);\nCREATE TABLE audit_log (id INTEGER PRIMARY KEY);\nCREATE VIEW mine AS SELECT 1 AS a;",
        "DROP VIEW mine;\nDROP TABLE audit_log;\nDROP INDEX tuning_email;",
    );
    project.ok("-q upgrade head");
    assert_snapshot!(project.run("-q check"), @r#"
    exit 1
    -- stdout
    drop index tuning_email on patients
    drop table audit_log
    -- stderr
    error: New upgrade operations detected
    hint: `aludel revision --autogenerate -m "..."` writes them into a revision
    "#);
    let config = project.read("aludel.toml");
    project.write(
        "aludel.toml",
        &config.replace("[\"spatial_ref_sys\"]", "[\"audit_*\"]"),
    );
    project.write("migrations/src/main.rs", MAIN);
    // What cargo says of the build is between these.
    let said = project.run("revision --autogenerate -v -m none");
    let answer = "exit 0\n-- stdout\nNo changes detected: compared 1 model with 1 table. No revision was written.\n\
        Left alone: table 'audit_log' and index 'tuning_email' on 'patients'\n";
    assert!(said.starts_with(answer), "{said}");
    let lines = "DEBUG [aludel::autogenerate] Left alone: table 'audit_log'\n\
        DEBUG [aludel::autogenerate] Left alone: index 'tuning_email' on 'patients'\n";
    assert!(said.ends_with(lines), "{said}");
    assert_snapshot!(project.run("revision --autogenerate --allow-empty -m empty --rev-id c3"), @r#"
    exit 0
    -- stdout
    No changes detected: compared 1 model with 1 table.
    Left alone: table 'audit_log' and index 'tuning_email' on 'patients'
    Generating migrations/versions/20251108_1430_c3_empty.rs ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    "#);
    assert!(
        project
            .read("migrations/versions/20251108_1430_c3_empty.rs")
            .contains("Revises: b2")
    );
    std::fs::remove_file(
        project
            .path()
            .join("migrations/versions/20251108_1430_c3_empty.rs"),
    )
    .unwrap();
    let config = project.read("aludel.toml");
    project.write(
        "aludel.toml",
        &config
            .replace("views = \"declared\"", "views = \"on\"")
            .replace("empty_revision = false", "empty_revision = true"),
    );
    assert_snapshot!(project.run("revision --autogenerate -m views --rev-id c3"), @r#"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_c3_views.rs ... done
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::autogenerate] Detected removed view 'mine'
    "#);
    let revision = project.read("migrations/versions/20251108_1430_c3_views.rs");
    assert!(
        revision.ends_with("pub fn downgrade(_op: &mut Operations) {}\n"),
        "{revision}"
    );
    std::fs::remove_file(
        project
            .path()
            .join("migrations/versions/20251108_1430_c3_views.rs"),
    )
    .unwrap();
    project.write("aludel.toml", &config.replace("\"audit_*\"", "\"audit_[\""));
    assert_snapshot!(project.run("check"), @r#"
    exit 1
    -- stderr
    error: aludel.toml:81: `audit_[` is no pattern: invalid range pattern
    "#);
}
