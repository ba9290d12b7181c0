//! HISTORY ON DISK: revision files, read from a folder or compiled into a program, and written.
//!
//! It knows what heads a file and how a `.sql` body is cut up. It must not know databases, nor what
//! operations do; the graph that the headers make is somebody else's arithmetic.

mod error;
mod header;
mod load;
mod locations;
mod meaning;
mod rust_file;
mod sql_file;
mod template;

use std::borrow::Cow;
use std::path::PathBuf;

pub use error::HistoryError;
pub use header::{Header, HeaderError, Key, Syntax};
pub use load::{Change, History};
pub use locations::Locations;
pub use meaning::Checksum;
pub use rust_file::identity;
pub use sql_file::{Options, Section, SqlBody, SqlFileError, SqlScript, SqlStatement};
pub use template::{
    DEFAULT_FILE_TEMPLATE, DEFAULT_RUST_TEMPLATE, DEFAULT_SQL_TEMPLATE, NewRevision, Rendered,
    Template, slug, timezone,
};

use crate::ops::Operations;

/// The revision files that `migrations!("versions")` has compiled into a program.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    dir: &'static str,
    files: &'static [Embedded],
    in_order: bool,
}

impl Migrations {
    /// The files of a folder, in any order. The folder's name is for messages and for finding changes.
    pub const fn new(dir: &'static str, files: &'static [Embedded]) -> Self {
        Self {
            dir,
            files,
            in_order: false,
        }
    }

    /// The files of several folders, in the order in which they are to be read. The name of a file holds its folder.
    pub const fn of_folders(files: &'static [Embedded]) -> Self {
        Self {
            dir: "",
            files,
            in_order: true,
        }
    }

    /// The folder, as it was called at compile time; empty if there are several.
    pub const fn dir(&self) -> &'static str {
        self.dir
    }

    /// The files.
    pub const fn files(&self) -> &'static [Embedded] {
        self.files
    }
}

/// One revision file inside a program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The name of the file, with the folders that lead to it from the one that was named.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Its `upgrade`, if it is written in Rust.
    pub up: Option<fn(&mut Operations)>,
    /// Its `downgrade`, if it is written in Rust.
    pub down: Option<fn(&mut Operations)>,
}

/// One revision: what its header says, where it stands, what it does.
#[derive(Clone, Debug)]
pub struct Script {
    /// What its header says.
    pub header: Header,
    /// Where it stands.
    pub path: PathBuf,
    /// What it does.
    pub body: Body,
    /// The text of a file in Rust; that of a `.sql` file is in its body.
    rust: Cow<'static, str>,
}

/// What a revision does.
#[derive(Clone, Debug)]
pub enum Body {
    /// Its functions; none if the file was read without compiling it.
    Rust(Option<Compiled>),
    /// Its SQL, not cut up yet.
    Sql(SqlScript),
}

/// The functions of a revision written in Rust.
#[derive(Clone, Copy, Debug)]
pub struct Compiled {
    /// Records what an upgrade does.
    pub up: fn(&mut Operations),
    /// Records what a downgrade does.
    pub down: fn(&mut Operations),
}

impl Script {
    /// The text of the whole file.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Rust(_) => &self.rust,
            Body::Sql(script) => script.text(),
        }
    }

    /// The checksum of what it means, as the given database would read it.
    pub fn checksum(&self, flavor: crate::sql::split::Flavor) -> Checksum {
        let syntax = match &self.body {
            Body::Rust(_) => Syntax::Rust,
            Body::Sql(_) => Syntax::Sql,
        };
        Checksum::of(self.text(), syntax, flavor)
    }

    /// The SHA-256 of its text as it stands, in hexadecimal digits.
    pub fn raw_checksum(&self) -> String {
        meaning::of_bytes(self.text())
    }

    /// The sections of a `.sql` revision, as the given database would read them; none for a `.rs` revision.
    ///
    /// # Errors
    ///
    /// [`HistoryError::Sql`] names the file and what is wrong in it.
    pub fn sql(&self, flavor: crate::sql::split::Flavor) -> Result<Option<SqlBody>, HistoryError> {
        let Body::Sql(script) = &self.body else {
            return Ok(None);
        };
        let body = script.body(flavor);
        body.map(Some).map_err(|source| HistoryError::Sql {
            path: self.path.clone(),
            source,
        })
    }

    /// The down section of a `.sql` body.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NoDowngrade`] names the file if it has none.
    pub fn down_section<'a>(&self, body: &'a SqlBody) -> Result<&'a Section, HistoryError> {
        let none = || HistoryError::NoDowngrade {
            path: self.path.clone(),
            id: self.header.id.clone(),
        };
        body.down.as_ref().ok_or_else(none)
    }
}
