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
    op.rename_constraint(
        "uq_patients_email",
        "patients",
        "uq_patients_mail_address",
    );
}
"#;

#[test]
fn an_argument_says_it() {
    let _turn = turn();
    let project = renamed();
    assert_snapshot!(project.run("revision --autogenerate -m second --rev-id b2"), @"");
    std::fs::remove_file(
        project
            .path()
            .join("migrations/versions/20251108_1430_b2_second.rs"),
    )
    .unwrap();
    assert_snapshot!(project.run("revision --autogenerate --rename patients.mail=mail_address -m x"), @"");
    assert_snapshot!(project.run("revision --autogenerate --rename patients.email -m x"), @"");
    assert_snapshot!(project.run("revision --rename patients.email=mail_address -m x"), @"");
    assert_snapshot!(
        project.run("revision --autogenerate --rename patients.email=mail_address -m second --rev-id b2"),
        @""
    );
    let revision = project.read("migrations/versions/20251108_1430_b2_second.rs");
    assert!(revision.contains(UPGRADE), "{revision}");
    assert_snapshot!(project.run("upgrade head"), @"");
    assert_snapshot!(project.run("-q check"), @"");
    assert_snapshot!(project.run("-q downgrade -1"), @"");
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
    assert_snapshot!(project.run("-q check"), @"");
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
