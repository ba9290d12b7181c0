//! `aludel.toml`: its keys, its folder, and `${NAME}` in its values. It reads the file it is given and knows no command.

use crate::error::{CliError, CliResult};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

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
    /// The name of a new revision's file.
    pub(crate) file_template: Option<String>,
    /// The zone of dates.
    pub(crate) timezone: Option<String>,
    /// How much of the message goes into a file name.
    pub(crate) truncate_slug_length: Option<usize>,
    /// What new revisions are written in.
    pub(crate) format: Option<Format>,
    /// The table that remembers where the database stands.
    pub(crate) version_table: Option<String>,
    /// Its schema.
    pub(crate) version_table_schema: Option<String>,
    /// What autogenerate looks at.
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

/// The table `[autogenerate]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Autogenerate {
    /// Whether types are compared.
    pub(crate) compare_type: bool,
    /// Whether defaults are compared.
    pub(crate) compare_server_default: bool,
    /// Schemas beside the default one.
    pub(crate) include_schemas: Vec<String>,
    /// Tables that are left alone.
    pub(crate) exclude_tables: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    script_location: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    file_template: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    truncate_slug_length: Option<Spanned<usize>>,
    format: Option<Format>,
    version_table: Option<Spanned<String>>,
    version_table_schema: Option<Spanned<String>>,
    autogenerate: RawAutogenerate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawAutogenerate {
    compare_type: bool,
    compare_server_default: bool,
    include_schemas: Vec<Spanned<String>>,
    exclude_tables: Vec<Spanned<String>>,
}

impl Default for RawAutogenerate {
    fn default() -> Self {
        Self {
            compare_type: true,
            compare_server_default: true,
            include_schemas: Vec::new(),
            exclude_tables: Vec::new(),
        }
    }
}

/// Finds a variable's value.
pub(crate) type Lookup<'l> = &'l dyn Fn(&str) -> CliResult<Option<String>>;

impl Config {
    /// Reads a configuration file. The variables of its values are looked up by `lookup`, which is given the folder.
    ///
    /// # Errors
    /// [`CliError::Io`], [`CliError::Config`] for what is no such file, [`CliError::Variable`].
    pub(crate) fn read(
        path: &Path,
        lookup: &dyn Fn(&Path, &str) -> CliResult<Option<String>>,
    ) -> CliResult<Self> {
        let text = fs::read_to_string(path).map_err(CliError::io("read", path))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let lookup = |name: &str| lookup(&folder, name);
        Self::parse(path, &folder, text, &lookup)
    }

    fn parse(path: &Path, folder: &Path, text: String, lookup: Lookup<'_>) -> CliResult<Self> {
        let raw: Raw = toml::from_str(&text).map_err(|error| unreadable(path, &text, &error))?;
        let place = Place { path, text: &text };
        let fill = |value: Option<Spanned<String>>| {
            value
                .map(|value| place.fill(&value, false, lookup))
                .transpose()
        };
        let fill_all = |values: Vec<Spanned<String>>| {
            let each = values.iter().map(|value| place.fill(value, false, lookup));
            each.collect::<CliResult<Vec<_>>>()
        };
        let length = raw.truncate_slug_length;
        if let Some(length) = length.as_ref().filter(|it| *it.get_ref() == 0) {
            return Err(place.error(
                length.span().start,
                "`truncate_slug_length` is at least 1".into(),
            ));
        }
        Ok(Self {
            script_location: fill(raw.script_location)?.map(|it| folder.join(it)),
            file_template: fill(raw.file_template)?,
            timezone: fill(raw.timezone)?,
            truncate_slug_length: length.map(Spanned::into_inner),
            format: raw.format,
            version_table: fill(raw.version_table)?,
            version_table_schema: fill(raw.version_table_schema)?,
            autogenerate: Autogenerate {
                compare_type: raw.autogenerate.compare_type,
                compare_server_default: raw.autogenerate.compare_server_default,
                include_schemas: fill_all(raw.autogenerate.include_schemas)?,
                exclude_tables: fill_all(raw.autogenerate.exclude_tables)?,
            },
            url: raw.url,
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
        let place = Place {
            path: &self.path,
            text: &self.text,
        };
        match &self.url {
            Some(url) => place.fill(url, true, lookup),
            None => Err(CliError::Key {
                key: "url",
                path: self.path.clone(),
            }),
        }
    }
}

/// The file that is being read, to tell places in it.
struct Place<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Place<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        1 + before.filter(|it| **it == b'\n').count()
    }

    fn error(&self, at: usize, message: String) -> CliError {
        CliError::Config {
            path: self.path.to_path_buf(),
            line: self.line(at),
            message,
            meant: None,
        }
    }

    /// Puts values in the place of `${NAME}`; `$${` is a `${` that stays.
    fn fill(&self, value: &Spanned<String>, url: bool, lookup: Lookup<'_>) -> CliResult<String> {
        let mut filled = String::new();
        let mut rest = value.get_ref().as_str();
        while let Some(at) = rest.find("${") {
            let (before, after) = rest.split_at(at);
            let after = &after[2..];
            if let Some(before) = before.strip_suffix('$') {
                filled.push_str(before);
                filled.push_str("${");
                rest = after;
                continue;
            }
            filled.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                let message = "`${` without its `}` (write `$${` for the characters themselves)";
                return Err(self.error(value.span().start, message.into()));
            };
            if !is_name(name) {
                let message = format!(
                    "`${{{}}}` is not the name of a variable",
                    name.escape_debug()
                );
                return Err(self.error(value.span().start, message));
            }
            let found = lookup(name)?.ok_or_else(|| CliError::Variable {
                name: name.to_string(),
                path: self.path.to_path_buf(),
                line: self.line(value.span().start),
                url,
            })?;
            filled.push_str(&found);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(fits) && name.starts_with(|c: char| !c.is_ascii_digit())
}

/// What the TOML reader said, with the line, and the key that may have been meant.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> CliError {
    let place = Place { path, text };
    let at = error.span().map_or(0, |span| span.start);
    // The reader's own list of what is expected is kept out of the first line, which is long enough without.
    let (said, expected) = error
        .message()
        .split_once(", expected")
        .unwrap_or((error.message(), ""));
    let unknown = said.strip_prefix("unknown field `");
    let meant = unknown.and_then(|it| {
        let name = it.trim_end_matches('`');
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        nearest(name, &known).map(|it| format!("`{it}`"))
    });
    let message = match unknown {
        Some(name) => format!("there is no key `{name}"),
        None => error.message().replace('\n', ", "),
    };
    CliError::Config {
        path: path.to_path_buf(),
        line: place.line(at),
        message,
        meant,
    }
}

/// The word that is most like another, if any is much like it.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().map(|it| (distance(word, it), *it));
    let most = word.chars().count().div_ceil(3).max(1);
    near.filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// How many letters must be put in, taken out or replaced to turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> CliResult<Config> {
        let lookup = |name: &str| Ok((name == "SET").then(|| "value".to_string()));
        Config::parse(
            Path::new("aludel.toml"),
            Path::new("."),
            text.into(),
            &lookup,
        )
    }

    fn error(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let config = parse("").unwrap();
        assert!(config.script_location.is_none());
        assert!(config.autogenerate.compare_type && config.autogenerate.compare_server_default);
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line_and_the_nearest_key() {
        let error = parse("url = 'sqlite:a'\nscrip_location = 'm'\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "aludel.toml:2: there is no key `scrip_location`"
        );
        let CliError::Config { meant, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(meant.as_deref(), Some("`script_location`"));
        let error = parse("[autogenerate]\nzzzzzzz = 1\n").unwrap_err();
        assert!(
            matches!(
                error,
                CliError::Config {
                    line: 2,
                    meant: None,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn wrong_values_are_refused_with_their_line() {
        assert!(error("\nurl = 5").starts_with("aludel.toml:2: invalid type: integer `5`"));
        assert!(
            error("format = 'xml'").contains("unknown variant `xml`, expected `rust` or `sql`")
        );
        assert!(error("truncate_slug_length = 0").contains("at least 1"));
        assert!(error("url = 'a'\nurl = 'b'").starts_with("aludel.toml:2: "));
    }

    #[test]
    fn variables_are_filled_in() {
        let fill =
            |text: &str| parse(&format!("timezone = '{text}'")).map(|it| it.timezone.unwrap());
        assert_eq!(fill("a${SET}b${SET}").unwrap(), "avaluebvalue");
        assert_eq!(fill("$${SET} $ $5 {x}").unwrap(), "${SET} $ $5 {x}");
        assert_eq!(
            fill("${UNSET}").unwrap_err().to_string(),
            "UNSET is not set"
        );
        assert!(
            fill("${SET")
                .unwrap_err()
                .to_string()
                .contains("without its `}`")
        );
        assert!(
            fill("${}")
                .unwrap_err()
                .to_string()
                .contains("not the name")
        );
    }

    #[test]
    fn the_url_is_filled_in_when_it_is_asked_for() {
        let config = parse("\nurl = '${UNSET}'").unwrap();
        let error = config.url(&|_| Ok(None)).unwrap_err();
        assert!(
            matches!(
                error,
                CliError::Variable {
                    line: 2,
                    url: true,
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(config.url(&|_| Ok(Some("x".into()))).unwrap(), "x");
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(
            nearest("upgrad", &["downgrade", "upgrade"]),
            Some("upgrade")
        );
        assert_eq!(nearest("xyz", &["upgrade"]), None);
    }
}
