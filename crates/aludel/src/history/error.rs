//! What can go wrong with revision files. Every error names the file.

use std::io;
use std::path::PathBuf;

use super::header::HeaderError;
use super::sql_file::SqlFileError;
use crate::revision::{GraphError, RevisionId};

/// Why revision files cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The folder of revisions does not exist.
    #[error("{}: there is no such folder of revisions", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A folder or a file cannot be read.
    #[error("{}: cannot be read", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file is not text.
    #[error("{}: line {line} is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first line that is not.
        line: usize,
    },
    /// A header cannot be read.
    #[error("{}: {source}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: HeaderError,
    },
    /// Two files have the same identifier.
    #[error("Revision {id} is present more than once: in {} and in {}", first.display(), second.display())]
    Duplicate {
        /// The identifier.
        id: RevisionId,
        /// The first file.
        first: PathBuf,
        /// The second file.
        second: PathBuf,
    },
    /// The headers make no sound graph.
    #[error("{}: {source}", files(paths))]
    Graph {
        /// The files at fault.
        paths: Vec<PathBuf>,
        /// What is wrong with them.
        source: GraphError,
    },
    /// The body of a `.sql` revision cannot be read.
    #[error("{}: {source}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: SqlFileError,
    },
    /// A revision has no way back.
    #[error("{}: revision {id} has no `-- migrate:down` section, so it cannot be downgraded", path.display())]
    NoDowngrade {
        /// The file.
        path: PathBuf,
        /// The revision.
        id: RevisionId,
    },
    /// A template for names of files holds something that is no token.
    #[error(
        "file_template `{template}` holds `{found}`, expected one of {{rev}} {{slug}} {{epoch}} {{year}} {{month}} {{day}} {{hour}} {{minute}} {{second}}"
    )]
    FileTemplate {
        /// The template.
        template: String,
        /// What is no token.
        found: String,
    },
    /// A template for names of files holds folders, and revisions are not looked for in folders below others.
    #[error(
        "file_template `{template}` puts revisions into folders, where they are found only with `recursive_version_locations = true`"
    )]
    FileTemplateFolders {
        /// The template.
        template: String,
    },
    /// A template for names of files gives none that a file in the folder can have.
    #[error("file_template `{template}` gives `{name}`, which is no name of a revision file")]
    FileName {
        /// The template.
        template: String,
        /// The name.
        name: String,
    },
    /// A time zone does not exist.
    #[error("Can't locate timezone: {name}")]
    Timezone {
        /// The name that was given.
        name: String,
    },
    /// A template for revision files cannot be rendered.
    #[error("{name}{}: the template cannot be rendered: {message}", at(*line))]
    Template {
        /// The template.
        name: String,
        /// The line of the template, if it is known.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
    /// A template was rendered, and the result is no file of the revision that was asked for.
    #[error(
        "{name}: the template gives a file with another header than that of revision {id}; write `{{{{ header }}}}` at its top"
    )]
    TemplateHeader {
        /// The template.
        name: String,
        /// The revision.
        id: RevisionId,
    },
    /// A header cannot be written.
    #[error("revision {id}: {source}")]
    Unwritable {
        /// The revision.
        id: RevisionId,
        /// Why not.
        source: HeaderError,
    },
    /// A file would be overwritten.
    #[error("{}: exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

fn files(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(", ")
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}
