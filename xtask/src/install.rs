//! Installing a database's programs with the system's package manager, where that needs no password. Not a chore, but what chores
//! use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Programs of a database and the packages that hold them.
pub struct Programs {
    name: &'static str,
    /// The environment variable that names their folder outright.
    variable: Option<&'static str>,
    /// By package manager, in the order of [`MANAGERS`].
    packages: [&'static str; 5],
}

impl Programs {
    /// PostgreSQL's server with its client programs.
    pub const POSTGRES: Self = Self {
        name: "PostgreSQL's server programs",
        variable: Some("ALUDEL_POSTGRES_BIN"),
        packages: [
            "postgresql",
            "postgresql-server postgresql",
            "postgresql",
            "postgresql",
            "postgresql",
        ],
    };

    /// A pooler in front of PostgreSQL.
    pub const PGBOUNCER: Self = Self {
        name: "PgBouncer",
        variable: None,
        packages: [
            "pgbouncer",
            "pgbouncer",
            "pgbouncer",
            "pgbouncer",
            "pgbouncer",
        ],
    };

    /// MariaDB's server with its client programs.
    pub const MARIADB: Self = Self {
        name: "MariaDB's server programs",
        variable: Some("ALUDEL_MARIADB_BIN"),
        packages: [
            "mariadb-server mariadb-client",
            "mariadb-server mariadb",
            "mariadb mariadb-client",
            "mariadb",
            "mariadb",
        ],
    };

    /// The command line of SQLite, `sqlite3`.
    pub const SQLITE3: Self = Self {
        name: "SQLite's command line",
        variable: None,
        packages: ["sqlite3", "sqlite", "sqlite", "sqlite", "sqlite"],
    };
}

/// How a package manager installs what is in `$@`.
struct Manager {
    program: &'static str,
    script: &'static str,
    needs_root: bool,
}

static MANAGERS: [Manager; 5] = [
    Manager {
        program: "apt-get",
        // Debian starts a server as soon as it is installed, unless this policy denies it. The tests want programs, not a service.
        script: r#"
            policy=/usr/sbin/policy-rc.d
            if [ ! -e "$policy" ]; then
                trap 'rm -f "$policy"' EXIT
                trap 'exit 1' HUP INT TERM
                printf '#!/bin/sh\nexit 101\n' >"$policy"
                chmod 755 "$policy"
            fi
            export DEBIAN_FRONTEND=noninteractive
            install() { apt-get install -y --no-install-recommends "$@"; }
            install "$@" || { apt-get update && install "$@"; }"#,
        needs_root: true,
    },
    Manager {
        program: "dnf",
        script: r#"dnf install -y "$@""#,
        needs_root: true,
    },
    Manager {
        program: "apk",
        script: r#"apk add --no-cache "$@""#,
        needs_root: true,
    },
    Manager {
        program: "pacman",
        script: r#"pacman -S --noconfirm --needed "$@""#,
        needs_root: true,
    },
    Manager {
        program: "brew",
        script: r#"brew install "$@""#,
        needs_root: false,
    },
];

/// Whether `find` finds the programs, if necessary after installing them. Says what it found and what it does.
pub fn ensure(programs: &Programs, find: impl Fn() -> Option<PathBuf>) -> bool {
    let Programs { name, .. } = programs;
    // Whoever names a folder wants no others, so that installing would not help.
    if find().is_none()
        && programs.named().is_none()
        && let Some((manager, packages)) = programs.packaged()
        && may_install(manager)
    {
        eprintln!(
            "{name}: not installed; installing {packages} with {}",
            manager.program
        );
        if !install(manager, packages) {
            eprintln!("{name}: {} failed", manager.program);
        }
    }
    match find() {
        Some(place) => eprintln!("{name}: {}", place.display()),
        None => eprintln!("{name}: not installed"),
    }
    find().is_some()
}

/// Says what to do where [`ensure`] was in vain.
pub fn refuse(programs: &Programs) {
    let Programs { name, variable, .. } = programs;
    if let (Some(variable), Some(folder)) = (variable, programs.named()) {
        eprintln!(
            "error: {variable} names {}, which does not hold {name}",
            folder.display()
        );
        return;
    }
    eprintln!("error: {name} are not installed");
    match programs.packaged() {
        Some((manager, packages)) => eprintln!("hint: install {packages} with {}", manager.program),
        None => eprintln!("hint: install {name}, and the client with them"),
    }
    if let Some(variable) = variable {
        eprintln!("hint: if they are in an unusual place, name the folder in {variable}");
    }
    eprintln!("hint: `cargo xtask test --only sqlite` does without");
}

impl Programs {
    /// The folder that the environment names.
    fn named(&self) -> Option<PathBuf> {
        std::env::var_os(self.variable?).map(PathBuf::from)
    }

    /// The package manager that this machine has, and its packages.
    fn packaged(&self) -> Option<(&'static Manager, &'static str)> {
        MANAGERS
            .iter()
            .zip(self.packages)
            .find(|(manager, _)| on_path(manager.program))
    }
}

fn install(manager: &Manager, packages: &str) -> bool {
    let shell = ["sh", "-c", manager.script, "install"];
    let mut words = if manager.needs_root && !is_root() {
        vec!["sudo", "-n"]
    } else {
        Vec::new()
    };
    words.extend(shell.into_iter().chain(packages.split(' ')));
    succeeds(
        Command::new(words[0])
            .args(&words[1..])
            .stdin(Stdio::null()),
    )
}

/// Whether this user may install without being asked for a password.
fn may_install(manager: &Manager) -> bool {
    // Homebrew, the other way round, refuses to be run by root.
    manager.needs_root == is_root()
        || manager.needs_root
            && succeeds(
                Command::new("sudo")
                    .args(["-n", "true"])
                    .stderr(Stdio::null()),
            )
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_are_well_formed() {
        for Manager {
            program, script, ..
        } in &MANAGERS
        {
            assert!(
                succeeds(Command::new("sh").args(["-n", "-c", script])),
                "{program}"
            );
            assert!(
                script.contains("\"$@\""),
                "{program} does not name the packages"
            );
        }
    }
}
