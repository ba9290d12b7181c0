//! A project in a folder of its own, and what `aludel` says in it.
#![allow(dead_code, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub mod shell;
#[cfg(unix)]
pub mod terminal;
pub mod ward;

/// A folder that goes away with the test.
pub struct Project {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// The second that counts as now: 2025-11-08 14:30:00 UTC.
const NOW: &str = "1762612200";

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// A project of plain SQL revisions, with a SQLite database in `app.db`.
    pub fn sql() -> Self {
        let project = Self::empty().with("DATABASE_URL", "sqlite:app.db");
        project.ok("-q init --template sql migrations");
        project
    }

    /// The same, with a variable of the environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// The folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Whether there is a file or folder.
    pub fn has(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// The files in the folder and below it, sorted.
    pub fn files(&self) -> String {
        let mut files = Vec::new();
        walk(&self.path(), &mut files);
        let root = self.path();
        let mut names: Vec<String> = files
            .iter()
            .map(|it| it.strip_prefix(&root).unwrap().display().to_string())
            .collect();
        names.sort();
        names.join("\n")
    }

    /// A `.sql` revision that creates a table named as the revision is.
    pub fn revision(&self, id: &str, down: &str) {
        let up = format!("CREATE TABLE t_{id} (id INTEGER PRIMARY KEY);");
        self.revision_of(id, down, &up, &format!("DROP TABLE t_{id};"));
    }

    /// A `.sql` revision.
    pub fn revision_of(&self, id: &str, down: &str, up: &str, downgrade: &str) {
        let revises = if down.is_empty() {
            String::new()
        } else {
            format!("-- Revises: {down}\n")
        };
        let text = format!(
            "-- step {id}\n--\n-- Revision ID: {id}\n{revises}\n-- migrate:up\n{up}\n\n-- migrate:down\n{downgrade}\n"
        );
        self.write(&format!("migrations/versions/{id}.sql"), &text);
    }

    /// `aludel`, hermetically.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("aludel"));
        command.args(arguments).current_dir(self.path());
        for name in [
            "DATABASE_URL",
            "ALUDEL_CONFIG",
            "ALUDEL_ENVIRONMENT",
            "ALUDEL_FORWARDED",
            "NAME",
            "CI",
        ] {
            command.env_remove(name);
        }
        command.env("SOURCE_DATE_EPOCH", NOW).env("NO_COLOR", "1");
        command.envs(self.variables.iter().map(|(a, b)| (a, b)));
        command
    }

    /// Runs a command line whose arguments hold no spaces; answers all that it said.
    pub fn run(&self, line: &str) -> String {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.run_with(&arguments)
    }

    /// Runs a command line; answers all that it said.
    pub fn run_with(&self, arguments: &[&str]) -> String {
        self.said(&mut self.command(arguments))
    }

    /// Runs a command that must succeed; answers its standard output.
    #[track_caller]
    pub fn ok(&self, line: &str) -> String {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let output = self.command(&arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a command; the folder's own name is left out of what it said.
    pub fn said(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let root = self.path().display().to_string();
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec())
                .unwrap()
                .replace(&root, "ROOT")
                // A line of blanks, as in a header that is shown, would be hard to see in a snapshot.
                .replace("\n    \n", "\n\n")
        };
        let mut said = format!("exit {}\n", output.status.code().unwrap());
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                said.push_str(&format!("-- {name}\n{}", text(bytes)));
            }
        }
        said
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}
