//! `init` and `list-templates`: what is said, and what is written.

mod support;

use insta::assert_snapshot;
use support::Project;

const PACKAGE: &str = "[package]\nname = \"clinic\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

#[test]
fn the_sql_template() {
    let project = Project::empty();
    assert_snapshot!(project.run("init --template sql migrations"), @r#"
    exit 0
    -- stdout
    Creating migrations/versions ... done
    Creating migrations/script.sql.jinja ... done
    Creating migrations/README.md ... done
    Creating aludel.toml ... done
    Next: set DATABASE_URL, then run `aludel revision -m "..."`.
    "#);
    assert_snapshot!(project.files(), @"
    aludel.toml
    migrations/README.md
    migrations/script.sql.jinja
    migrations/versions/.gitkeep
    ");
    assert!(project.read("aludel.toml").contains("\nformat = \"sql\"\n"));
}

#[test]
fn the_rust_template_in_a_package() {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        &format!("{PACKAGE}\n[dependencies]\n# Dates.\nchrono = \"0.4\" # exactly so\n"),
    );
    project.write("src/lib.rs", "");
    assert_snapshot!(project.run("init migrations"), @r#"
    exit 0
    -- stdout
    Creating migrations/Cargo.toml ... done
    Creating migrations/build.rs ... done
    Creating migrations/src/main.rs ... done
    Creating migrations/versions ... done
    Creating migrations/script.rs.jinja ... done
    Creating migrations/script.sql.jinja ... done
    Creating migrations/README.md ... done
    Creating aludel.toml ... done
    Adding migrations to the workspace ... done
    Adding aludel to clinic's dependencies ... done
    Next: list your models in migrations/src/main.rs, set DATABASE_URL, then run `aludel revision --autogenerate -m "..."`.
    "#);
    assert_snapshot!(project.files(), @"
    Cargo.toml
    aludel.toml
    migrations/Cargo.toml
    migrations/README.md
    migrations/build.rs
    migrations/script.rs.jinja
    migrations/script.sql.jinja
    migrations/src/main.rs
    migrations/versions/.gitkeep
    src/lib.rs
    ");
    assert_snapshot!(without_source(&project.read("Cargo.toml")), @r#"
    [package]
    name = "clinic"
    version = "0.1.0"
    edition = "2024"

    [dependencies]
    # Dates.
    chrono = "0.4" # exactly so
    aludel = SOURCE

    [workspace]
    members = ["migrations"]

    # With many small units, a new or changed revision builds in a moment, however many there are.
    [profile.dev.package.clinic-migrations]
    codegen-units = 4096
    debug = "line-tables-only"
    "#);
    assert_snapshot!(without_source(&project.read("migrations/Cargo.toml")), @r#"
    [package]
    name = "clinic-migrations"
    version = "0.1.0"
    edition = "2024"
    publish = false

    [dependencies]
    aludel = SOURCE
    aludel-cli = SOURCE
    clinic = { path = ".." }
    "#);
    assert_snapshot!(project.read("migrations/src/main.rs"), @r#"
    //! The migrations of this project: its revisions in `versions/`, and the models that they lead to.
    //!
    //! `aludel` builds and runs this program whenever models or compiled revisions are needed.

    use aludel::prelude::*;
    // use clinic::models::{Patient, Visit}; and list them below: `metadata![Patient, Visit]`.

    fn main() -> ExitCode {
        aludel_cli::main(
            Env::new(migrations!("versions"))
                // Every model of the project, so that autogenerate can compare it with the database.
                .metadata(metadata![]),
        )
    }
    "#);
}

#[test]
fn the_rust_template_in_a_workspace() {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\n    \"clinic\", # the application\n]\n\n[workspace.dependencies]\naludel = { git = \"https://example.org/aludel\", tag = \"v1\", features = [\"chrono\"] }\n",
    );
    project.write(
        "clinic/Cargo.toml",
        &format!("{PACKAGE}\n[dependencies]\naludel = {{ workspace = true }}\n"),
    );
    project.write("clinic/src/main.rs", "");
    assert_snapshot!(project.run("init clinic/migrations"), @r#"
    exit 0
    -- stdout
    Creating clinic/migrations/Cargo.toml ... done
    Creating clinic/migrations/build.rs ... done
    Creating clinic/migrations/src/main.rs ... done
    Creating clinic/migrations/versions ... done
    Creating clinic/migrations/script.rs.jinja ... done
    Creating clinic/migrations/script.sql.jinja ... done
    Creating clinic/migrations/README.md ... done
    Creating aludel.toml ... done
    Adding migrations to the workspace ... done
    Next: list your models in clinic/migrations/src/main.rs, set DATABASE_URL, then run `aludel revision --autogenerate -m "..."`.
    "#);
    assert_snapshot!(project.read("Cargo.toml"), @r#"
    [workspace]
    members = [
        "clinic", # the application
        "clinic/migrations",
    ]

    [workspace.dependencies]
    aludel = { git = "https://example.org/aludel", tag = "v1", features = ["chrono"] }

    # With many small units, a new or changed revision builds in a moment, however many there are.
    [profile.dev.package.clinic-migrations]
    codegen-units = 4096
    debug = "line-tables-only"
    "#);
    assert_snapshot!(project.read("clinic/migrations/Cargo.toml"), @r#"
    [package]
    name = "clinic-migrations"
    version = "0.1.0"
    edition = "2024"
    publish = false

    [dependencies]
    aludel = { workspace = true }
    aludel-cli = { git = "https://example.org/aludel", tag = "v1" }
    "#);
}

#[test]
fn a_workspace_that_lists_both_crates() {
    let of = |more: &str| {
        let project = Project::empty();
        project.write(
            "Cargo.toml",
            &format!("[workspace]\nmembers = []\n\n[workspace.dependencies]\naludel = \"1\"\naludel-cli = {{ version = \"1\"{more} }}\n"),
        );
        project.ok("init migrations");
        let text = project.read("migrations/Cargo.toml");
        let lines: Vec<&str> = text.lines().filter(|it| it.starts_with("aludel")).collect();
        lines.join("\n")
    };
    assert_snapshot!(of(""), @"
    aludel = { workspace = true }
    aludel-cli = { workspace = true }
    ");
    assert_snapshot!(of(", default-features = false"), @r#"
    aludel = { workspace = true }
    aludel-cli = { workspace = true, features = ["default"] }
    "#);
}

#[test]
fn a_member_that_a_pattern_covers_is_not_added_again() {
    let project = Project::empty();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    project.ok("init crates/migrations");
    let manifest = project.read("Cargo.toml");
    assert!(
        manifest.starts_with("[workspace]\nmembers = [\"crates/*\"]\n"),
        "{manifest}"
    );
}

#[test]
fn the_sources_of_dependencies_are_taken_over() {
    let of = |dependency: &str| {
        let project = Project::empty();
        project.write(
            "Cargo.toml",
            &format!("{PACKAGE}\n[dependencies]\naludel = {dependency}\n"),
        );
        project.write("elsewhere/crates/aludel/Cargo.toml", "");
        project.ok("init migrations");
        let text = project.read("migrations/Cargo.toml");
        let lines: Vec<&str> = text.lines().filter(|it| it.starts_with("aludel")).collect();
        lines.join("\n")
    };
    assert_snapshot!(of("\"1.2\""), @r#"
    aludel = "1.2"
    aludel-cli = "1.2"
    "#);
    assert_snapshot!(of("{ version = \"1\", features = [\"sqlite\"] }"), @r#"
    aludel = "1"
    aludel-cli = "1"
    "#);
    assert_snapshot!(of("{ path = \"elsewhere/crates/aludel\" }"), @r#"
    aludel = { path = "../elsewhere/crates/aludel" }
    aludel-cli = { path = "../elsewhere/crates/aludel-cli" }
    "#);
    assert_snapshot!(of("{ git = \"https://example.org/a\", branch = \"b\", default-features = false }"), @r#"
    aludel = { git = "https://example.org/a", branch = "b" }
    aludel-cli = { git = "https://example.org/a", branch = "b" }
    "#);
}

#[test]
fn the_rust_template_alone() {
    let project = Project::empty();
    assert_snapshot!(project.run("init migrations"), @r#"
    exit 0
    -- stdout
    Creating migrations/Cargo.toml ... done
    Creating migrations/build.rs ... done
    Creating migrations/src/main.rs ... done
    Creating migrations/versions ... done
    Creating migrations/script.rs.jinja ... done
    Creating migrations/script.sql.jinja ... done
    Creating migrations/README.md ... done
    Creating aludel.toml ... done
    No Cargo.toml above migrations: it is a workspace of its own
    Next: list your models in migrations/src/main.rs, set DATABASE_URL, then run `aludel revision --autogenerate -m "..."`.
    "#);
    assert_snapshot!(without_source(&project.read("migrations/Cargo.toml")), @r#"
    [package]
    name = "migrations"
    version = "0.1.0"
    edition = "2024"
    publish = false

    [dependencies]
    aludel = SOURCE
    aludel-cli = SOURCE

    # No Cargo.toml above: this program is a workspace of its own.
    [workspace]

    # With many small units, a new or changed revision builds in a moment, however many there are.
    [profile.dev]
    codegen-units = 4096
    debug = "line-tables-only"
    "#);
}

#[test]
fn quiet() {
    let project = Project::empty();
    assert_snapshot!(project.run("init -q migrations"), @"exit 0");
    assert!(project.has("aludel.toml"));
}

#[test]
fn what_is_there_stays() {
    let project = Project::empty();
    project.write("migrations/mine", "");
    assert_snapshot!(project.run("init migrations"), @"
    exit 1
    -- stderr
    error: Directory migrations already exists and is not empty
    hint: name a folder that does not exist yet
    ");
    assert_snapshot!(project.files(), @"migrations/mine");
    project.write("aludel.toml", "# mine\n");
    assert_snapshot!(project.run("init -t sql db"), @r#"
    exit 0
    -- stdout
    Creating db/versions ... done
    Creating db/script.sql.jinja ... done
    Creating db/README.md ... done
    File aludel.toml already exists, skipping
    Next: set DATABASE_URL, then run `aludel revision -m "..."`.
    "#);
    assert_eq!(project.read("aludel.toml"), "# mine\n");
    project.write("file", "");
    assert_snapshot!(project.run("init -t sql file"), @"
    exit 1
    -- stderr
    error: cannot create the folder `file`
      caused by: Not a directory (os error 20)
    ");
}

#[test]
fn the_configuration_may_stand_elsewhere() {
    let project = Project::empty();
    project.write("config/x", "");
    assert_snapshot!(project.run("-c config/db.toml init -t sql db"), @r#"
    exit 0
    -- stdout
    Creating db/versions ... done
    Creating db/script.sql.jinja ... done
    Creating db/README.md ... done
    Creating config/db.toml ... done
    Next: set DATABASE_URL, then run `aludel revision -m "..."`.
    "#);
    assert!(
        project
            .read("config/db.toml")
            .contains("script_location = \"../db\"\n")
    );
    assert_eq!(project.ok("-c config/db.toml heads"), "");
}

#[test]
fn an_unknown_template() {
    assert_snapshot!(Project::empty().run("init -t generic x"), @"
    exit 2
    -- stderr
    error: invalid value 'generic' for '--template <TEMPLATE>' [possible values: rust, sql]
    hint: `--help` says more
    ");
}

#[test]
fn a_manifest_that_cannot_be_read() {
    let project = Project::empty();
    project.write("Cargo.toml", "[package\n");
    assert_snapshot!(project.run("init migrations"), @"
    exit 1
    -- stderr
    error: cannot add to `ROOT/Cargo.toml`: unclosed table, expected `]`
    ");
    assert_snapshot!(project.files(), @"Cargo.toml");
}

#[test]
fn the_templates() {
    assert_snapshot!(Project::empty().run("list-templates"), @"
    exit 0
    -- stdout
    Available templates:

    rust - A cargo program that holds your models, with revisions in Rust and SQL.
    sql - A folder of plain SQL revisions, for a project in any language.

    Templates are used via the 'init' command, e.g.:

      aludel init --template rust migrations
    ");
    assert_snapshot!(Project::empty().run("list-templates --json"), @r#"
    exit 0
    -- stdout
    {
      "templates": [
        {
          "name": "rust",
          "description": "A cargo program that holds your models, with revisions in Rust and SQL."
        },
        {
          "name": "sql",
          "description": "A folder of plain SQL revisions, for a project in any language."
        }
      ]
    }
    "#);
}

#[test]
fn a_new_configuration_says_the_defaults() {
    let project = Project::empty();
    project.ok("init -t sql migrations");
    let with = project.ok("revision --rev-id a1 -m x");
    let text = project.read("aludel.toml");
    let without: String = text
        .lines()
        .filter(|it| it.starts_with("script_location") || it.starts_with("url"))
        .map(|it| format!("{it}\n"))
        .collect();
    project.write("aludel.toml", &without);
    project.ok("-q heads");
    std::fs::remove_dir_all(project.path().join("migrations/versions")).unwrap();
    project.write("migrations/versions/.gitkeep", "");
    assert_eq!(project.ok("revision --rev-id a1 -m x"), with);
}

/// A manifest without the place that `aludel` comes from here, which is another one on every machine.
fn without_source(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| match line.split_once(" = { path = \"") {
            Some((name, _)) if name.starts_with("aludel") => format!("{name} = SOURCE\n"),
            _ => format!("{line}\n"),
        });
    lines.collect()
}
