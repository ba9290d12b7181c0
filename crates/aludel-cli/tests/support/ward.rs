//! A project with a program of its own, which is built in a target folder that is kept for the next time: the one of this workspace is in
//! use.

use super::Project;
use std::fs::File;
use std::path::Path;

/// Where the program is built.
pub const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/program");

pub const MODELS: &str = "\
//! Models.
use aludel::prelude::*;

#[derive(Table)]
#[table(name = \"patients\")]
pub struct Patient {
    #[column(primary_key)]
    pub id: i32,
    #[column(unique)]
    pub email: Option<String>,
}
";

const MANIFEST: &str = "\
[package]
name = \"ward\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]

[profile.dev]
debug = false
";

/// One test at a time, of all test programs: their programs have one name, and the last one that was built is what all of them
/// would run.
pub fn turn() -> File {
    std::fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/program.turn");
    let turn = File::create(path).unwrap();
    // The system lets it go when the test ends, however it ends.
    turn.lock().unwrap();
    turn
}

pub fn ward() -> Project {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Project::empty()
        .with("DATABASE_URL", "sqlite:app.db")
        .with("CARGO_TARGET_DIR", TARGET)
        .with("CARGO_NET_OFFLINE", "true");
    project.write("Cargo.toml", MANIFEST);
    project.write("src/lib.rs", "//! The ward.\npub mod models;\n");
    project.write("src/models.rs", MODELS);
    project.ok("-q init migrations");
    let lock = std::fs::read_to_string(workspace.join("Cargo.lock")).unwrap();
    project.write("Cargo.lock", &lock);
    if !cfg!(feature = "postgres") {
        let manifest = project.read("migrations/Cargo.toml");
        let only = "crates/aludel-cli\", default-features = false, features = [\"sqlite\"] }";
        project.write(
            "migrations/Cargo.toml",
            &manifest.replace("crates/aludel-cli\" }", only),
        );
    }
    project
}

pub fn list_models(project: &Project, models: &str) {
    let main = project.read("migrations/src/main.rs");
    let main = main
        .replace("metadata![]", &format!("metadata![{models}]"))
        .replace("// use ward::models::{Patient, Visit}; and list them below: `metadata![Patient, Visit]`.", "use ward::models::Patient;");
    project.write("migrations/src/main.rs", &main);
}
