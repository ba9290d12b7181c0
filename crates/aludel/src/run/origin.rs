//! Who runs, and from where: what a runner that waits is told of the one it waits for, and what the record of a run keeps.

use std::fmt;

/// The process that runs: shown as `ada@laptop (pid 4711)`.
///
/// ```
/// use aludel::run::Origin;
///
/// let origin = Origin { user: "ada".into(), host: "laptop".into(), pid: 4711 };
/// assert_eq!(origin.to_string(), "ada@laptop (pid 4711)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The user of the operating system.
    pub user: String,
    /// The machine's name.
    pub host: String,
    /// The process.
    pub pid: u32,
}

impl Origin {
    /// This process. What the operating system does not tell is `unknown`.
    pub fn here() -> Self {
        let unknown = || "unknown".to_string();
        Self {
            user: whoami::username().unwrap_or_else(|_| unknown()),
            host: whoami::hostname().unwrap_or_else(|_| unknown()),
            pid: std::process::id(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, host, pid } = self;
        write!(f, "{user}@{host} (pid {pid})")
    }
}
