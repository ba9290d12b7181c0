//! Writing a revision file. Clock and identifier are given: nothing here is made up.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::error::HistoryError;
use super::header::{Header, Syntax};
use crate::revision::RevisionId;

/// How files are named unless the project says otherwise.
pub const DEFAULT_FILE_TEMPLATE: &str = "{year}{month}{day}_{hour}{minute}_{rev}_{slug}";

/// How a `.rs` revision looks unless the project says otherwise.
pub const DEFAULT_RUST_TEMPLATE: &str = "\
{{ header }}
use aludel::prelude::*;

{% if upgrades %}
pub fn upgrade(op: &mut Operations) {
{{ upgrades }}
}
{% else %}
pub fn upgrade(_op: &mut Operations) {}
{% endif %}

{% if downgrades %}
pub fn downgrade(op: &mut Operations) {
{{ downgrades }}
}
{% else %}
pub fn downgrade(_op: &mut Operations) {}
{% endif %}
";

/// How a `.sql` revision looks unless the project says otherwise.
pub const DEFAULT_SQL_TEMPLATE: &str = "\
{{ header }}
-- migrate:up{{ up_options }}
{% if upgrades %}
{{ upgrades }}
{% endif %}

-- migrate:down{{ down_options }}
{% if downgrades %}
{{ downgrades }}
{% endif %}
";

/// What a new revision file is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// The identifier: twelve hexadecimal digits by custom.
    pub id: RevisionId,
    /// The message; may be empty.
    pub message: String,
    /// What it follows.
    pub down: Vec<RevisionId>,
    /// The names it gives to its branch.
    pub labels: Vec<String>,
    /// Identifiers or labels that it depends on.
    pub depends_on: Vec<String>,
    /// Whether it is written in Rust or in SQL.
    pub syntax: Syntax,
    /// What stands inside `upgrade`, indented as it is to appear; may be empty.
    pub upgrades: String,
    /// What stands inside `downgrade`, indented as it is to appear; may be empty.
    pub downgrades: String,
    /// What stands behind `-- migrate:up` in SQL, such as ` foreign_keys:off`; may be empty.
    pub up_options: String,
    /// What stands behind `-- migrate:down` in SQL; may be empty.
    pub down_options: String,
}

/// How revision files are named and what they look like.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name without its ending, made of `{rev} {slug} {epoch} {year} {month} {day} {hour} {minute} {second}`.
    pub file_template: String,
    /// Whether the name may hold folders, as in `{year}/{month}/{rev}_{slug}`: only where they are searched for revisions.
    pub folders: bool,
    /// The zone of dates in names and headers.
    pub timezone: TimeZone,
    /// How many characters of a message a name may hold.
    pub truncate_slug_length: usize,
    /// The project's own template and what it is called in messages, instead of the default one.
    pub script: Option<(String, String)>,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            file_template: DEFAULT_FILE_TEMPLATE.to_owned(),
            folders: false,
            timezone: TimeZone::UTC,
            truncate_slug_length: 40,
            script: None,
        }
    }
}

/// A revision file that is not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The name of the file, with folders before it if the template makes some.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Finds a time zone by its IANA name, as it stands or in capitals.
///
/// # Errors
///
/// [`HistoryError::Timezone`] if there is none.
pub fn timezone(name: &str) -> Result<TimeZone, HistoryError> {
    TimeZone::get(name)
        .or_else(|_| TimeZone::get(&name.to_uppercase()))
        .map_err(|_| HistoryError::Timezone {
            name: name.to_owned(),
        })
}

/// The words of a message, joined by `_`, in lower case, at most so many characters and a `_`.
///
/// ```
/// assert_eq!(aludel::history::slug("Add patient's e-mail", 40), "add_patient_s_e_mail");
/// ```
pub fn slug(message: &str, length: usize) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = message
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let slug = words.join("_").to_lowercase();
    if slug.chars().count() <= length {
        return slug;
    }
    let cut: String = slug.chars().take(length).collect();
    let whole = cut.rfind('_').map_or(cut.as_str(), |end| &cut[..end]);
    format!("{whole}_")
}

impl Template {
    /// Names and renders a revision file; `now` is the time that its name and header tell.
    ///
    /// # Errors
    ///
    /// The templates hold something they may not, or the message cannot stand in a header.
    pub fn render(&self, revision: &NewRevision, now: Timestamp) -> Result<Rendered, HistoryError> {
        let time = now.to_zoned_datetime(self.timezone.clone());
        let header = Header {
            message: revision.message.clone(),
            id: revision.id.clone(),
            down: revision.down.clone(),
            labels: revision.labels.clone(),
            depends_on: revision.depends_on.clone(),
            create_date: Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        };
        let block = header
            .write(revision.syntax)
            .map_err(|source| HistoryError::Unwritable {
                id: revision.id.clone(),
                source,
            })?;
        let text = self.script_text(revision, &header, &block)?;
        Ok(Rendered {
            name: self.file_name(revision, &time)?,
            text,
        })
    }

    fn file_name(
        &self,
        revision: &NewRevision,
        time: &jiff::ZonedDateTime,
    ) -> Result<String, HistoryError> {
        let template = &self.file_template;
        let unknown = |found: &str| HistoryError::FileTemplate {
            template: template.clone(),
            found: found.to_owned(),
        };
        let mut name = String::new();
        let mut rest = template.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            name.push_str(&rest[..at]);
            let end = rest[at..].find('}').ok_or_else(|| unknown(&rest[at..]))?;
            let token = &rest[at..=at + end];
            name.push_str(&match token {
                "{rev}" => revision.id.to_string(),
                "{slug}" => slug(&revision.message, self.truncate_slug_length),
                "{epoch}" => time.timestamp().as_second().to_string(),
                "{year}" => format!("{:04}", time.year()),
                "{month}" => format!("{:02}", time.month()),
                "{day}" => format!("{:02}", time.day()),
                "{hour}" => format!("{:02}", time.hour()),
                "{minute}" => format!("{:02}", time.minute()),
                "{second}" => format!("{:02}", time.second()),
                _ => return Err(unknown(token)),
            });
            rest = &rest[at + end + 1..];
        }
        name.push_str(rest);
        if name.contains('/') && !self.folders {
            return Err(HistoryError::FileTemplateFolders {
                template: template.clone(),
            });
        }
        // Such a file could not be loaded again: what is hidden is passed over.
        let is_hidden = |part: &str| part.is_empty() || part.starts_with('.');
        if name.split('/').any(is_hidden) || name.contains(['\\', '\0']) {
            return Err(HistoryError::FileName {
                template: template.clone(),
                name,
            });
        }
        let ending = match revision.syntax {
            Syntax::Rust => "rs",
            Syntax::Sql => "sql",
        };
        Ok(format!("{name}.{ending}"))
    }

    fn script_text(
        &self,
        revision: &NewRevision,
        header: &Header,
        block: &str,
    ) -> Result<String, HistoryError> {
        let (name, template) = match (&self.script, revision.syntax) {
            (Some((name, template)), _) => (name.as_str(), template.as_str()),
            (None, Syntax::Rust) => ("the default template", DEFAULT_RUST_TEMPLATE),
            (None, Syntax::Sql) => ("the default template", DEFAULT_SQL_TEMPLATE),
        };
        let down: Vec<String> = header.down.iter().map(RevisionId::to_string).collect();
        let values = context! {
            message => header.message.clone(),
            rev => header.id.to_string(),
            down => down,
            labels => header.labels.clone(),
            depends_on => header.depends_on.clone(),
            create_date => header.create_date.clone(),
            header => block.to_owned(),
            up_options => revision.up_options.clone(),
            down_options => revision.down_options.clone(),
            upgrades => revision.upgrades.trim_end().to_owned(),
            downgrades => revision.downgrades.trim_end().to_owned(),
        };
        let rendered = environment()
            .and_then(|environment| environment.render_named_str(name, template, values));
        let text = rendered.map_err(|error| HistoryError::Template {
            name: name.to_owned(),
            line: error.line(),
            message: match error.detail() {
                Some(detail) => format!("{}: {detail}", error.kind()),
                None => error.kind().to_string(),
            },
        })?;
        // A template that drops a key would change the graph without a word.
        let mut read =
            Header::parse(&text, revision.syntax).map_err(|_| HistoryError::TemplateHeader {
                name: name.to_owned(),
                id: header.id.clone(),
            })?;
        read.message.clone_from(&header.message);
        read.create_date.clone_from(&header.create_date);
        if read != *header {
            return Err(HistoryError::TemplateHeader {
                name: name.to_owned(),
                id: header.id.clone(),
            });
        }
        Ok(text)
    }
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let mut syntax = SyntaxConfig::builder();
    syntax
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    Ok(environment)
}

impl Rendered {
    /// Writes the file into a folder, whole or not at all, and never over another one.
    ///
    /// # Errors
    ///
    /// [`HistoryError::Exists`] if there is a file of that name, [`HistoryError::Write`] if the folder
    /// does not let it be written.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, HistoryError> {
        let path = dir.join(&self.name);
        let folder = path.parent().unwrap_or(dir);
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        let draft = folder.join(format!(".{name}.draft"));
        let made = match folder == dir {
            true => Ok(()),
            false => fs::create_dir_all(folder),
        };
        let written = made
            .and_then(|()| write_new(&draft, &self.text))
            .and_then(|()| publish(&draft, &path));
        // The draft is left over only where it could not be renamed; it is hidden, so nobody loads it.
        let _ = fs::remove_file(&draft);
        match written {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(HistoryError::Exists { path })
            }
            Err(source) => Err(HistoryError::Write { path, source }),
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Gives the finished draft its name. A link refuses to replace a file, which a rename would do; where
/// the file system has no links, a look beforehand has to do.
fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            fs::rename(draft, path)
        }
        linked => linked,
    }
}

#[cfg(test)]
mod tests;
