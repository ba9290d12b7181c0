//! The folder a server lives in, and the watchdog that ends both with the test process. Knows files, users and processes, and nothing
//! of any particular database: what to run is a script that a server's room writes.
//!
//! Destructors do not run when a process is killed, so nothing here relies on them. The watchdog is a small shell process, in a process
//! group of its own, that reads a pipe from the test process. The system closes the pipe when the test process is gone, for whatever
//! reason, and then the watchdog stops the server and removes the folder.

use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Reads ports, one a line, and starts the server on each; at the end of its input stops the server and removes the folder.
///
/// `start` replaces itself by the server, so the process id it writes is the server's. The signal is repeated because a shell
/// starts background processes with SIGQUIT ignored, until the server installs its handler.
const WATCHDOG: &str = r#"
home=$1 signal=$2 started=
trap '' HUP INT TERM
while read -r port; do
    started=yes
    rm -f "$home/pid" "$home/exited"
    { trap - HUP INT TERM; sh "$home/start" "$port" </dev/null >>"$home/log" 2>&1; echo $? >"$home/exited"; } &
done
tries=0
while [ -n "$started" ] && [ ! -e "$home/exited" ] && [ -d "$home" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || signal=KILL
    [ $tries -lt 220 ] || break
    [ ! -s "$home/pid" ] || kill -"$signal" "$(cat "$home/pid")" 2>/dev/null
    sleep 0.05
done
tries=0
cd /
until rm -rf "$home" 2>/dev/null || [ $tries -ge 20 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
"#;

/// How long a server may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A temporary folder with its watchdog: it is removed, and the server in it stopped, when this value is dropped or its process ends.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    owner: Option<Owner>,
    watchdog: Child,
}

/// The unprivileged user who runs the server where the tests run as root, which database servers refuse to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Home {
    /// Makes the folder, owned by who will run the server: the current user, or the first of `users` there is if that is root.
    /// The watchdog ends a server with `signal`.
    pub(crate) fn new(prefix: &str, users: &[&str], signal: &str) -> io::Result<Self> {
        let me = tempfile::tempfile()?.metadata()?.uid();
        let owner = if me == 0 {
            Some(Owner::find(users)?)
        } else {
            None
        };
        let base = base_folder(owner.is_some())?;
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(base)?;
        // Names are passed on to programs and settings as text.
        let path = fs::canonicalize(folder.path())?;
        if let Some(owner) = owner {
            chown(&path, Some(owner.uid), Some(owner.gid))?;
        }
        let watchdog = command("sh", owner, &path)
            .args(["-c", WATCHDOG, "aludel-testdb-watchdog"])
            .arg(&path)
            .arg(signal)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // From here on the watchdog removes the folder.
        let _ = folder.keep();
        Ok(Self {
            path,
            owner,
            watchdog,
        })
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A command to be run in the folder as the user who owns it, with no setting of the caller's own database in its environment.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        command(program, self.owner, &self.path)
    }

    /// Hands a file or folder over to the owner, with all there is in it.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        let Some(owner) = self.owner else {
            return Ok(());
        };
        if path.is_dir() {
            for entry in path.read_dir()? {
                self.give(&entry?.path())?;
            }
        }
        chown(path, Some(owner.uid), Some(owner.gid))
    }

    /// Starts the server that the shell script `start` becomes (its first argument is a port) on some free port, and waits for `ready`.
    ///
    /// A port that was free a moment ago may be taken when the server gets there, so a server that gives up is tried on another one.
    pub(crate) fn start(&mut self, start: &str, ready: impl Fn() -> bool) -> io::Result<u16> {
        let script = self.path.join("start");
        fs::write(
            &script,
            format!(
                "echo $$ >\"{}\"\n{start}\n",
                self.path.join("pid").display()
            ),
        )?;
        self.give(&script)?;
        for _ in 0..4 {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let _ = fs::remove_file(self.path.join("exited"));
            let pipe = self
                .watchdog
                .stdin
                .as_mut()
                .ok_or_else(|| io::Error::other("the watchdog has no input"))?;
            pipe.write_all(format!("{port}\n").as_bytes())?;
            if self.wait_for(&ready)? {
                return Ok(port);
            }
        }
        Err(io::Error::other(format!(
            "the server ends as soon as it is started:\n{}",
            self.log()
        )))
    }

    /// Waits until the server is ready (true) or has ended (false).
    fn wait_for(&self, ready: impl Fn() -> bool) -> io::Result<bool> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if self.path.join("exited").exists() {
                return Ok(false);
            }
            if ready() {
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(3));
        }
        Err(io::Error::other(format!(
            "the server is not ready after {} s:\n{}",
            PATIENCE.as_secs(),
            self.log()
        )))
    }

    /// What the server wrote.
    fn log(&self) -> String {
        fs::read_to_string(self.path.join("log")).unwrap_or_default()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // The end of its input is what the watchdog waits for; waiting for its end in turn leaves no zombie and no folder behind.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

impl Owner {
    /// The first of `users` that the system has.
    fn find(users: &[&str]) -> io::Result<Self> {
        let accounts = fs::read_to_string("/etc/passwd")?;
        users
            .iter()
            .find_map(|user| Self::parse(&accounts, user))
            .ok_or_else(|| {
                io::Error::other(format!(
                    "a database server cannot be run by root, and there is none of the users {}",
                    users.join(", ")
                ))
            })
    }

    fn parse(accounts: &str, user: &str) -> Option<Self> {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(user))?;
        let mut fields = line.split(':').skip(2);
        Some(Self {
            uid: fields.next()?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    }
}

fn command(program: impl AsRef<Path>, owner: Option<Owner>, folder: &Path) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(folder).env("LC_ALL", "C");
    // PGOPTIONS, MYSQL_PWD and their kin are about the user's own server.
    let of_a_server = |name: &str| {
        ["PG", "MYSQL_", "MARIADB_"]
            .iter()
            .any(|it| name.starts_with(it))
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| of_a_server(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    if let Some(owner) = owner {
        command.gid(owner.gid).uid(owner.uid).env("HOME", folder);
    }
    command
}

/// The folder to make temporary folders in: the one the environment names, or one in memory that is large enough, or the system's.
///
/// Copying a data folder and creating databases in it is the making of a thousand small files, which can take ten times as long on
/// a disk as in memory.
fn base_folder(shared: bool) -> io::Result<PathBuf> {
    let named = std::env::var_os("TMPDIR").map(PathBuf::from);
    let memory =
        Some(PathBuf::from("/dev/shm")).filter(|folder| named.is_none() && has_room(folder));
    let system = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    memory
        .into_iter()
        .chain(system)
        .find(|folder| !shared || is_shared(folder))
        .ok_or_else(|| io::Error::other("no folder for temporary files that every user can write"))
}

/// Whether any user can make, reach and remove files of his own in the folder.
fn is_shared(folder: &Path) -> bool {
    let mode = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    mode(folder) & 0o003 == 0o003 && folder.ancestors().all(|part| mode(part) & 0o001 != 0)
}

/// Whether there is a gigabyte to spare: a container's `/dev/shm` is often of 64 MB only, and a server with ten databases takes 100.
fn has_room(folder: &Path) -> bool {
    let answer = Command::new("df")
        .arg("-Pk")
        .arg(folder)
        .stderr(Stdio::null())
        .output();
    let table = answer
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let available = table
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    available.is_some_and(|kilobytes| kilobytes >= 1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:8::/:/bin/sh\npostgres:x:101:104:Admin,,,:/:/bin/sh\n";
        assert_eq!(
            Owner::parse(accounts, "postgres"),
            Some(Owner { uid: 101, gid: 104 })
        );
        assert_eq!(Owner::parse(accounts, "nobody"), None);
    }

    #[test]
    fn a_server_that_ends_at_once_is_an_error_with_its_own_words() {
        let mut home = Home::new("aludel-home-", &["nobody"], "QUIT").unwrap();
        let error = home
            .start("echo no luck today; exit 3", || false)
            .unwrap_err();
        assert!(error.to_string().contains("no luck today"), "{error}");
    }

    #[test]
    fn a_dropped_home_leaves_neither_process_nor_folder() {
        let mut home = Home::new("aludel-home-", &["nobody"], "TERM").unwrap();
        let path = home.path().to_owned();
        let pid = path.join("pid");
        home.start("exec sleep 600", || {
            fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n'))
        })
        .unwrap();
        let pid = fs::read_to_string(pid).unwrap();
        let alive = || {
            Command::new("kill")
                .args(["-0", pid.trim()])
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success()
        };
        assert!(alive());
        drop(home);
        assert!(!alive() && !path.exists());
    }
}
