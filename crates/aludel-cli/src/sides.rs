//! What stands on the command line for a schema: a database, a file of definitions, a dump, or the models.

use crate::error::{CliError, CliResult, Outcome};
use crate::project::Who;
use crate::session::Session;
use aludel::Error;
use aludel::db::{DbUrl, Kind};
use aludel::run::{Settings, Side, Transaction};
use std::io::ErrorKind;
use std::path::Path;

/// What may stand for a schema.
pub(crate) const WHAT_IS_ONE: &str = "a schema is a database URL, a `.sql` file of definitions, a `.json` dump, or the word `models`";

/// What was given for a schema.
pub(crate) enum Given {
    /// The word `models`.
    Models,
    /// A URL.
    Database(DbUrl),
    /// A `.sql` file, and what is in it.
    Script(String, String),
    /// A `.json` file, and what is in it.
    Dump(String, String),
}

impl Given {
    /// Reads an argument, and the file that it names.
    ///
    /// # Errors
    /// [`CliError::Usage`] for what is none of these; [`CliError::NoFile`] and [`CliError::Io`] for a file that cannot be read.
    pub(crate) fn read(text: &str) -> CliResult<Self> {
        let scheme = text.split_once(':').map(|(scheme, _)| scheme);
        if scheme.and_then(Kind::by_name).is_some() {
            return Ok(Self::Database(DbUrl::parse(text)?));
        }
        if text == "models" {
            return Ok(Self::Models);
        }
        let path = Path::new(text);
        let ending = path.extension().and_then(|it| it.to_str());
        let ending = ending.map(str::to_ascii_lowercase);
        let read = || match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(CliError::NoFile {
                path: path.to_path_buf(),
            }),
            read => read.map_err(CliError::io("read", path)),
        };
        match ending.as_deref() {
            Some("sql") => Ok(Self::Script(text.into(), read()?)),
            Some("json") => Ok(Self::Dump(text.into(), read()?)),
            _ => Err(CliError::Usage {
                // What looks like a URL may hold a password.
                message: match scheme {
                    Some(scheme) => format!("no database is called `{scheme}`"),
                    None => format!("`{text}` is no schema"),
                },
                hint: Some(WHAT_IS_ONE.into()),
            }),
        }
    }

    /// Whether the models are meant, which a program of the project's must tell.
    pub(crate) fn is_models(&self) -> bool {
        matches!(self, Self::Models)
    }

    /// As a side of a comparison.
    ///
    /// # Errors
    /// [`Error::NoModels`] if the models are meant and there are none.
    pub(crate) fn side<'s>(&self, session: &'s Session<'_>) -> CliResult<Side<'s>> {
        Ok(match self {
            Self::Models => Side::Models(session.env.models().ok_or(Error::NoModels)?),
            Self::Database(url) => Side::Database(url.clone()),
            Self::Script(file, text) => Side::Script {
                file: file.clone(),
                text: text.clone(),
            },
            Self::Dump(file, text) => Side::Dump {
                file: file.clone(),
                text: text.clone(),
            },
        })
    }
}

impl Session<'_> {
    /// Hands the command on to the project's program, if one of these is the models and this program has none.
    pub(crate) fn elsewhere(
        &self,
        given: &[&Given],
        command: &'static str,
    ) -> CliResult<Option<Outcome>> {
        if !given.iter().any(|it| it.is_models()) {
            return Ok(None);
        }
        match self.with_models(command)? {
            Who::Here(_) => Ok(None),
            Who::Elsewhere(outcome) => Ok(Some(outcome)),
        }
    }

    /// How schemas are read and compared. A server is only asked for where one is needed, so that none has to be configured.
    pub(crate) fn side_settings(
        &self,
        schemas: &[String],
        kind: Option<Kind>,
    ) -> CliResult<Settings> {
        let server = match &self.globals.url {
            Some(_) => Some(self.url()?),
            None => self.url().ok(),
        };
        Ok(Settings {
            schemas: schemas.to_vec(),
            server,
            kind,
            version_table: Some(self.options(Transaction::PerRevision)?.version_table),
            autogenerate: self.autogenerate_options()?,
            script: false,
        })
    }
}
