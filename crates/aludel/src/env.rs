//! What a migrations program tells Aludel about itself: its revisions, its models, and how they are compared.

pub mod autogenerate;

use crate::history::Migrations;
use crate::schema::Metadata;
use autogenerate::Autogenerate;

/// A project, as its migrations program declares it: `aludel_cli::main(Env::new(migrations!("versions")).metadata(..))`.
#[derive(Debug, Clone, Default)]
pub struct Env {
    migrations: Option<Migrations>,
    metadata: Option<Metadata>,
    autogenerate: Autogenerate,
}

impl Env {
    /// A project whose revisions are compiled in.
    pub fn new(migrations: Migrations) -> Self {
        Self {
            migrations: Some(migrations),
            metadata: None,
            autogenerate: Autogenerate::default(),
        }
    }

    /// A project that is only files: what the standalone binary works on.
    pub fn files() -> Self {
        Self::default()
    }

    /// The models that autogenerate compares with the database.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// What the project's own code says when the models are compared with a database.
    pub fn autogenerate(mut self, autogenerate: Autogenerate) -> Self {
        self.autogenerate = autogenerate;
        self
    }

    /// The revisions that are compiled in, if any.
    pub fn migrations(&self) -> Option<&Migrations> {
        self.migrations.as_ref()
    }

    /// The models, if any were declared.
    pub fn models(&self) -> Option<&Metadata> {
        self.metadata.as_ref()
    }

    /// What the project's own code says of comparisons.
    pub fn comparisons(&self) -> &Autogenerate {
        &self.autogenerate
    }
}
