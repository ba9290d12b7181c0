//! Installing a database server's programs with the system's package manager, where that needs no password. Not a chore, but what chores
//! use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server and the packages that hold its programs.
pub struct Server {
    name: &'static str,
    /// The environment variable that names the folder of its programs outright.
    variable: &'static str,
    /// By package manager, in the order of [`MANAGERS`].
    packages: [&'static str; 5],
}

impl Server {
    /// PostgreSQL with its client programs.
    pub const POSTGRES: Self = Self {
        name: "PostgreSQL",
        variable: "ALUDEL_POSTGRES_BIN",
        packages: [
            "postgresql",
            "postgresql-server postgresql",
            "postgresql",
            "postgresql",
            "postgresql",
        ],
    };
}

/// How a package manager installs what is in `$@`.
struct Manager {
    program: &'static str,
    script: &'static str,
    needs_root: bool,
}

const MANAGERS: [Manager; 5] = [
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

/// Whether `find` finds the server, if necessary after installing it. Says what it found, what it does, and what to do instead.
pub fn ensure(server: &Server, find: impl Fn() -> Option<PathBuf>) -> bool {
    let Server { name, variable, .. } = server;
    if find().is_none()
        && let Some(folder) = std::env::var_os(variable)
    {
        // Installing would not help: whoever sets the variable wants no other server.
        eprintln!(
            "error: {variable} names {}, which does not hold {name}'s server programs",
            folder.display()
        );
        return false;
    }
    let present = MANAGERS
        .iter()
        .zip(server.packages)
        .find(|(manager, _)| on_path(manager.program));
    if find().is_none()
        && let Some((manager, packages)) = &present
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
    if let Some(place) = find() {
        eprintln!("{name}: {}", place.display());
        return true;
    }
    eprintln!("error: {name}'s server programs are not installed");
    match present {
        Some((manager, packages)) => eprintln!("hint: install {packages} with {}", manager.program),
        None => eprintln!("hint: install {name}'s server and client programs"),
    }
    eprintln!("hint: if they are in an unusual place, name the folder in {variable}");
    eprintln!("hint: `cargo xtask test --only sqlite` does without");
    false
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
        } in MANAGERS
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
