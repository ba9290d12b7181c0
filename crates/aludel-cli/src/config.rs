//! `aludel.toml`: its keys, its folder, its environments, and `${NAME}` in its values. It reads the file it is given and knows
//! no command.

use crate::duration::Length;
use crate::error::{CliError, CliResult};
use aludel::history::HistoryError;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

mod autogenerate;
mod keys;
mod near;
mod place;
mod words;

pub(crate) use autogenerate::Autogenerate;
pub(crate) use near::nearest;

use keys::{Keys, Root};
use place::{Place, unreadable};

/// The file's name, where none is given.
pub(crate) const FILE: &str = "aludel.toml";

/// The configuration, `${NAME}` already replaced in all of it but the `url`, which only those that connect need.
#[derive(Debug)]
pub(crate) struct Config {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its folder, to which paths in it are relative; empty for the present one.
    pub(crate) folder: PathBuf,
    /// The folder of the revisions, or of the program that holds them.
    pub(crate) script_location: Option<PathBuf>,
    /// The folders of the revisions, where they are not the usual one.
    pub(crate) version_locations: Option<Vec<PathBuf>>,
    /// Whether revisions are looked for in the folders below those.
    pub(crate) recursive_version_locations: bool,
    /// The name of a new revision's file.
    pub(crate) file_template: Option<Spanned<String>>,
    /// The zone of dates.
    pub(crate) timezone: Option<Spanned<String>>,
    /// How much of the message goes into a file name.
    pub(crate) truncate_slug_length: Option<usize>,
    /// What new revisions are written in.
    pub(crate) format: Option<Format>,
    /// The table that remembers where the database stands.
    pub(crate) version_table: Option<String>,
    /// Its schema.
    pub(crate) version_table_schema: Option<String>,
    /// Whether what is done is recorded.
    pub(crate) log: Option<bool>,
    /// What one transaction holds.
    pub(crate) transaction: Option<Wrap>,
    /// Whether it is asked before data goes.
    pub(crate) protected: bool,
    /// How long a run waits for its turn.
    pub(crate) lock_timeout: Option<Length>,
    /// How long a statement waits for a table that others use; zero is as the server has it.
    pub(crate) statement_lock_timeout: Option<Length>,
    /// How long a statement may take; zero is as the server has it.
    pub(crate) statement_timeout: Option<Length>,
    /// How often what others were in the way of is tried again.
    pub(crate) retries: Option<u32>,
    /// What is run on each new file.
    pub(crate) post_write_hooks: Vec<Hook>,
    /// What autogenerate looks at, and what it writes.
    pub(crate) autogenerate: Autogenerate,
    url: Option<Spanned<String>>,
    text: String,
}

/// What a revision is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// A Rust file.
    Rust,
    /// A SQL file.
    Sql,
}

/// What one transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wrap {
    /// One revision, with its version row
    Revision,
    /// The whole run
    All,
}

/// One of `[[post_write_hooks]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    /// What it is called in messages.
    pub(crate) name: String,
    /// The program and its arguments, of which some hold `{path}`.
    pub(crate) command: Vec<String>,
    /// Where it is run.
    pub(crate) cwd: PathBuf,
}

/// Finds a variable's value.
pub(crate) type Lookup<'l> = &'l dyn Fn(&str) -> CliResult<Option<String>>;

impl Config {
    /// Reads a configuration file, with an environment of it if one is named. The variables of its values are looked up by
    /// `lookup`, which is given the folder.
    ///
    /// # Errors
    /// [`CliError::Io`], [`CliError::Config`] for what is no such file, [`CliError::Environment`], [`CliError::Variable`].
    pub(crate) fn read(
        path: &Path,
        environment: Option<&str>,
        lookup: &dyn Fn(&Path, &str) -> CliResult<Option<String>>,
    ) -> CliResult<Self> {
        let text = fs::read_to_string(path).map_err(CliError::io("read", path))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let lookup = |name: &str| lookup(&folder, name);
        Self::parse(path, &folder, text, environment, &lookup)
    }

    fn parse(
        path: &Path,
        folder: &Path,
        text: String,
        environment: Option<&str>,
        lookup: Lookup<'_>,
    ) -> CliResult<Self> {
        let root: Root = toml::from_str(&text).map_err(|error| unreadable(path, &text, &error))?;
        let keys = choose(root, environment, path)?;
        let place = Place { path, text: &text };
        let fill = |value: &Spanned<String>| place.fill(value, false, lookup);
        let fill_any = |value: Option<Spanned<String>>| value.as_ref().map(fill).transpose();
        let fill_all = |values: Option<Vec<Spanned<String>>>| {
            let values = values.unwrap_or_default();
            values.iter().map(fill).collect::<CliResult<Vec<_>>>()
        };
        // What is judged later keeps its place.
        let fill_spanned = |value: Option<Spanned<String>>| {
            let filled = value.map(|it| fill(&it).map(|filled| Spanned::new(it.span(), filled)));
            filled.transpose()
        };
        let length = keys.truncate_slug_length;
        if let Some(length) = length.as_ref().filter(|it| *it.get_ref() == 0) {
            return Err(place.error(
                length.span().start,
                "`truncate_slug_length` is at least 1".into(),
            ));
        }
        let version_locations = match keys.version_locations {
            Some(none) if none.get_ref().is_empty() => {
                return Err(place.error(
                    none.span().start,
                    "`version_locations` names no folder".into(),
                ));
            }
            Some(locations) => Some(fill_all(Some(locations.into_inner()))?),
            None => None,
        };
        let hooks = keys.post_write_hooks.unwrap_or_default();
        let hooks = hooks.iter().map(|it| hook(it, &place, folder, lookup));
        Ok(Self {
            script_location: fill_any(keys.script_location)?.map(|it| folder.join(it)),
            version_locations: version_locations
                .map(|them| them.iter().map(|it| folder.join(it)).collect()),
            recursive_version_locations: keys.recursive_version_locations.unwrap_or(false),
            file_template: fill_spanned(keys.file_template)?,
            timezone: fill_spanned(keys.timezone)?,
            truncate_slug_length: length.map(Spanned::into_inner),
            format: keys.format,
            version_table: fill_any(keys.version_table)?,
            version_table_schema: fill_any(keys.version_table_schema)?,
            log: keys.log,
            transaction: keys.transaction,
            protected: keys.protected.unwrap_or(false),
            lock_timeout: keys.lock_timeout,
            statement_lock_timeout: keys.statement_lock_timeout,
            statement_timeout: keys.statement_timeout,
            retries: keys.retries,
            post_write_hooks: hooks.collect::<CliResult<_>>()?,
            autogenerate: autogenerate::read(keys.autogenerate, &place, lookup)?,
            url: keys.url,
            path: path.to_path_buf(),
            folder: folder.to_path_buf(),
            text,
        })
    }

    /// The `url`, its variables replaced.
    ///
    /// # Errors
    /// [`CliError::Variable`] for a variable that is not set, [`CliError::Key`] without a `url`.
    pub(crate) fn url(&self, lookup: Lookup<'_>) -> CliResult<String> {
        match &self.url {
            Some(url) => self.place().fill(url, true, lookup),
            None => Err(CliError::Key {
                key: "url",
                path: self.path.clone(),
            }),
        }
    }

    /// Names the line of this file that an error of the library's is about, where it is about one.
    pub(crate) fn blame(&self, error: HistoryError) -> CliError {
        let key = match &error {
            HistoryError::FileTemplate { .. }
            | HistoryError::FileTemplateFolders { .. }
            | HistoryError::FileName { .. } => &self.file_template,
            HistoryError::Timezone { .. } => &self.timezone,
            _ => return error.into(),
        };
        match key {
            Some(value) => CliError::Value {
                path: self.path.clone(),
                line: self.place().line(value.span().start),
                source: Box::new(error),
            },
            None => error.into(),
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            path: &self.path,
            text: &self.text,
        }
    }
}

/// The keys that count: those of the environment, and the others where it has none.
fn choose(root: Root, environment: Option<&str>, path: &Path) -> CliResult<Keys> {
    let (keys, mut environments) = root.split();
    let Some(name) = environment else {
        return Ok(keys);
    };
    match environments.remove(name) {
        Some(chosen) => Ok(chosen.over(keys)),
        None => Err(CliError::Environment {
            name: name.to_string(),
            path: path.to_path_buf(),
            known: environments.into_keys().collect(),
        }),
    }
}

/// The command is cut up before its variables are replaced, so that a value with a space in it stays one argument.
fn hook(
    hook: &keys::Hook,
    place: &Place<'_>,
    folder: &Path,
    lookup: Lookup<'_>,
) -> CliResult<Hook> {
    let at = hook.command.span();
    let words = words::split(hook.command.get_ref())
        .map_err(|message| place.error(at.start, format!("`command`: {message}")))?;
    if words.is_empty() {
        return Err(place.error(at.start, "`command` names no program".into()));
    }
    let filled = words
        .into_iter()
        .map(|word| place.fill(&Spanned::new(at.clone(), word), false, lookup));
    let cwd = hook.cwd.as_ref();
    let cwd = cwd.map(|it| place.fill(it, false, lookup)).transpose()?;
    Ok(Hook {
        name: place.fill(&hook.name, false, lookup)?,
        command: filled.collect::<CliResult<_>>()?,
        cwd: cwd.map_or_else(|| folder.to_path_buf(), |it| folder.join(it)),
    })
}

#[cfg(test)]
mod tests;
