//! The keys of `aludel.toml`, as they are written: a value that is not there stays absent, so that one table of them can be
//! laid over another.

use super::{Format, Wrap};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Declares the keys once: at the top of the file, where `environments` stands beside them, and inside an environment.
macro_rules! keys {
    ($($key:ident: $type:ty,)+) => {
        /// The whole file.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct Root {
            $($key: Option<$type>,)+
            autogenerate: Autogenerate,
            environments: BTreeMap<String, Keys>,
        }

        /// The keys that an environment may lay over those of the file.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct Keys {
            $(pub(super) $key: Option<$type>,)+
            pub(super) autogenerate: Autogenerate,
        }

        impl Root {
            /// The keys at the top, and the environments.
            pub(super) fn split(self) -> (Keys, BTreeMap<String, Keys>) {
                let keys = Keys {
                    $($key: self.$key,)+
                    autogenerate: self.autogenerate,
                };
                (keys, self.environments)
            }
        }

        impl Keys {
            /// These keys, and the others where these are absent.
            pub(super) fn over(self, below: Self) -> Self {
                Self {
                    $($key: self.$key.or(below.$key),)+
                    autogenerate: self.autogenerate.over(below.autogenerate),
                }
            }
        }
    };
}

keys! {
    script_location: Spanned<String>,
    version_locations: Spanned<Vec<Spanned<String>>>,
    recursive_version_locations: bool,
    url: Spanned<String>,
    file_template: Spanned<String>,
    timezone: Spanned<String>,
    truncate_slug_length: Spanned<usize>,
    format: Format,
    version_table: Spanned<String>,
    version_table_schema: Spanned<String>,
    transaction: Wrap,
    post_write_hooks: Vec<Hook>,
}

/// The table `[autogenerate]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Autogenerate {
    pub(super) compare_type: Option<bool>,
    pub(super) compare_server_default: Option<bool>,
    pub(super) include_schemas: Option<Vec<Spanned<String>>>,
    pub(super) exclude_tables: Option<Vec<Spanned<String>>>,
}

impl Autogenerate {
    fn over(self, below: Self) -> Self {
        Self {
            compare_type: self.compare_type.or(below.compare_type),
            compare_server_default: self.compare_server_default.or(below.compare_server_default),
            include_schemas: self.include_schemas.or(below.include_schemas),
            exclude_tables: self.exclude_tables.or(below.exclude_tables),
        }
    }
}

/// One of `[[post_write_hooks]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hook {
    pub(super) name: Spanned<String>,
    pub(super) command: Spanned<String>,
    pub(super) cwd: Option<Spanned<String>>,
}
