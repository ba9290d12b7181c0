//! Where a command is run: the folder, the environment, the configuration. The only place that reads the environment.

use crate::args::Globals;
use crate::config::{self, Config};
use crate::error::{CliError, CliResult};
use aludel::Env;
use aludel::db::{DbUrl, Kind};
use jiff::Timestamp;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// What a command works with; each thing is opened when it is first asked for, and once.
pub(crate) struct Session<'e> {
    /// What the program knows by itself.
    pub(crate) env: &'e Env,
    /// The global flags.
    pub(crate) globals: Globals,
    /// The command line, verbatim.
    pub(crate) argv: Vec<OsString>,
    /// The present folder.
    pub(crate) here: PathBuf,
    variables: Variables,
    config: OnceCell<Option<Config>>,
}

impl<'e> Session<'e> {
    /// A session in the present folder.
    pub(crate) fn new(env: &'e Env, globals: Globals, argv: Vec<OsString>) -> CliResult<Self> {
        Ok(Self {
            variables: Variables::new(globals.x()),
            here: env::current_dir().map_err(CliError::io("find", "the present folder"))?,
            env,
            globals,
            argv,
            config: OnceCell::new(),
        })
    }

    /// The configuration file that was named: `--config`, or `ALUDEL_CONFIG`.
    pub(crate) fn named_config(&self) -> Option<PathBuf> {
        let named = || env::var_os("ALUDEL_CONFIG").filter(|it| !it.is_empty());
        self.globals
            .config
            .clone()
            .or_else(|| named().map(PathBuf::from))
    }

    /// The environment that was named: `--name`, or `ALUDEL_ENVIRONMENT`.
    pub(crate) fn environment(&self) -> CliResult<Option<String>> {
        match &self.globals.name {
            Some(name) => Ok(Some(name.clone())),
            None => {
                let named = self.variables.environment("ALUDEL_ENVIRONMENT")?;
                Ok(named.filter(|it| !it.is_empty()))
            }
        }
    }

    /// The configuration, if there is any.
    ///
    /// # Errors
    /// A file that was named and cannot be read, or one that makes no sense.
    pub(crate) fn config_if_any(&self) -> CliResult<Option<&Config>> {
        if self.config.get().is_none() {
            let path = match self.named_config() {
                Some(named) => Some(named),
                None => find_upward(&self.here),
            };
            let environment = self.environment()?;
            if let Some(name) = environment.as_ref().filter(|_| path.is_none()) {
                // Whoever names an environment must not end up in another database for want of a file.
                return Err(CliError::NoConfigFor {
                    name: name.clone(),
                    from: self.here.clone(),
                });
            }
            let lookup = |folder: &Path, name: &str| self.variables.get(folder, name);
            let read = path.map(|path| Config::read(&path, environment.as_deref(), &lookup));
            let read = read.transpose()?;
            let _ = self.config.set(read);
        }
        Ok(self.config.get().and_then(Option::as_ref))
    }

    /// The configuration.
    ///
    /// # Errors
    /// As [`Self::config_if_any`], and [`CliError::NoConfig`].
    pub(crate) fn config(&self) -> CliResult<&Config> {
        self.config_if_any()?.ok_or_else(|| CliError::NoConfig {
            from: self.here.clone(),
        })
    }

    /// The database: `--url`, or the configuration's.
    ///
    /// # Errors
    /// No configuration, a variable that is not set, a text that is no URL.
    pub(crate) fn url(&self) -> CliResult<DbUrl> {
        if let Some(url) = &self.globals.url {
            return Ok(DbUrl::parse(url)?);
        }
        let config = self.config()?;
        let url = config.url(&|name| self.variables.get(&config.folder, name))?;
        let url = DbUrl::parse(&url)?;
        if url.kind() == Kind::Sqlite
            && !is_same_folder(&self.here.join(&config.folder), &self.here)
        {
            return Ok(DbUrl::parse(&sqlite_in(
                &self.here.join(&config.folder),
                url.secret(),
            ))?);
        }
        Ok(url)
    }

    /// Seconds since 1970 that count as now: `SOURCE_DATE_EPOCH`, for builds that come out the same each time.
    fn source_date_epoch(&self) -> CliResult<Option<i64>> {
        let Some(text) = self.variables.environment("SOURCE_DATE_EPOCH")? else {
            return Ok(None);
        };
        let seconds = text.trim().parse().map_err(|_| CliError::Setting {
            what: "SOURCE_DATE_EPOCH",
            message: "it is to be a number of seconds".into(),
        })?;
        Ok(Some(seconds))
    }

    /// Now, as names and headers tell it.
    pub(crate) fn now(&self) -> CliResult<Timestamp> {
        let Some(seconds) = self.source_date_epoch()? else {
            return Ok(Timestamp::now());
        };
        Timestamp::from_second(seconds).map_err(|error| CliError::Setting {
            what: "SOURCE_DATE_EPOCH",
            message: error.to_string(),
        })
    }

    /// A variable of the environment that holds something.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        env::var_os(name).filter(|it| !it.is_empty())
    }

    /// The cargo that started this program, or else the one on the path.
    pub(crate) fn cargo(&self) -> OsString {
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
    }

    /// Whether somebody sits at a terminal who can be asked: one that reads questions and types answers, and no machine that builds.
    pub(crate) fn can_ask(&self) -> bool {
        let builds = self.variable("CI");
        let builds = builds.is_some_and(|it| it != "false" && it != "0");
        !builds && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether this program was itself started by another one's forwarding.
    pub(crate) fn is_forwarded(&self) -> bool {
        env::var_os(crate::forward::GUARD).is_some()
    }
}

fn find_upward(here: &Path) -> Option<PathBuf> {
    let candidates = here.ancestors().map(|it| it.join(config::FILE));
    let found = candidates.into_iter().find(|it| it.is_file())?;
    // In the present folder the short name is what people expect to read.
    match found.parent() == Some(here) {
        true => Some(PathBuf::from(config::FILE)),
        false => Some(found),
    }
}

fn is_same_folder(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// A SQLite URL whose relative path begins in a folder, so that a command in a folder below meets the same database.
fn sqlite_in(folder: &Path, url: &str) -> String {
    let rest = url.split_once(':').map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split('?').next().unwrap_or(rest);
    if path.starts_with('/') || path.contains(":memory:") || path.is_empty() {
        return url.to_string();
    }
    // What a path may hold and a URL may not.
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf());
    let folder = folder.display().to_string();
    let folder = folder
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite:{folder}/{rest}")
}

/// Where `${NAME}` comes from: `-x`, then the environment, then the file `.env` beside the configuration.
struct Variables {
    given: BTreeMap<String, String>,
    dotenv: OnceCell<BTreeMap<String, String>>,
}

impl Variables {
    fn new(given: BTreeMap<String, String>) -> Self {
        Self {
            given,
            dotenv: OnceCell::new(),
        }
    }

    fn get(&self, folder: &Path, name: &str) -> CliResult<Option<String>> {
        let found = match self.given.get(name) {
            Some(given) => Some(given.clone()),
            None => match self.environment(name)? {
                Some(value) => Some(value),
                None => self.dotenv(folder)?.get(name).cloned(),
            },
        };
        match found {
            Some(value) if value.is_empty() => Err(CliError::VariableValue {
                name: name.to_string(),
                problem: "is empty",
            }),
            found => Ok(found),
        }
    }

    fn environment(&self, name: &str) -> CliResult<Option<String>> {
        match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(CliError::VariableValue {
                name: name.to_string(),
                problem: "is not UTF-8",
            }),
        }
    }

    /// The file is read without changing this process's environment, which user code shares.
    fn dotenv(&self, folder: &Path) -> CliResult<&BTreeMap<String, String>> {
        if let Some(known) = self.dotenv.get() {
            return Ok(known);
        }
        let path = folder.join(".env");
        let read = if path.is_file() {
            read_dotenv(&path)?
        } else {
            BTreeMap::new()
        };
        Ok(self.dotenv.get_or_init(|| read))
    }
}

fn read_dotenv(path: &Path) -> CliResult<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).map_err(CliError::io("read", path))?;
    let mut values = BTreeMap::new();
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        let (name, value) = pair.map_err(|error| CliError::DotEnv {
            path: path.to_path_buf(),
            line: line_of(&text, &error),
        })?;
        values.insert(name, value);
    }
    Ok(values)
}

/// The reader names the line by its text, which is not to be repeated.
fn line_of(text: &str, error: &dotenvy::Error) -> usize {
    let dotenvy::Error::LineParse(line, _) = error else {
        return 1;
    };
    let found = text.lines().position(|it| it.trim() == line.trim());
    found.map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_paths_begin_in_the_folder_of_the_configuration() {
        let inside = |url: &str| sqlite_in(Path::new("/no such/50%"), url);
        assert_eq!(inside("sqlite:app.db"), "sqlite:/no such/50%25/app.db");
        assert_eq!(
            inside("sqlite://a/b.db?mode=rwc"),
            "sqlite:/no such/50%25/a/b.db?mode=rwc"
        );
        for stays in ["sqlite:///a.db", "sqlite:/a.db", "sqlite::memory:"] {
            assert_eq!(inside(stays), stays);
        }
    }

    #[test]
    fn a_broken_line_of_dotenv_is_told_by_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, "# x\nA=1\nPASSWORD='geheim\n").unwrap();
        let error = read_dotenv(&path).unwrap_err().to_string();
        assert!(
            error.contains(".env:3:") && !error.contains("geheim"),
            "{error}"
        );
    }
}
