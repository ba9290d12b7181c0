//! The keys of `aludel.toml`, as they are written: a value that is not there stays absent, so that one table of them can be
//! laid over another.

use super::{Format, Wrap};
use crate::duration::Length;
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
    log: bool,
    transaction: Wrap,
    protected: bool,
    lock_timeout: Length,
    statement_lock_timeout: Length,
    statement_timeout: Length,
    retries: u32,
    post_write_hooks: Vec<Hook>,
}

/// Declares the keys of `[autogenerate]` once.
macro_rules! autogenerate {
    ($($key:ident: $type:ty,)+) => {
        /// The table `[autogenerate]`.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct Autogenerate {
            $(pub(super) $key: Option<$type>,)+
        }

        impl Autogenerate {
            /// These keys, and the others where these are absent.
            fn over(self, below: Self) -> Self {
                Self {
                    $($key: self.$key.or(below.$key),)+
                }
            }
        }
    };
}

autogenerate! {
    compare_type: bool,
    compare_server_default: bool,
    compare_comment: bool,
    compare_checks: bool,
    compare_uniques: bool,
    compare_foreign_keys: bool,
    compare_indexes: bool,
    include_schemas: Vec<Spanned<String>>,
    exclude_schemas: Vec<Spanned<String>>,
    include_tables: Vec<Spanned<String>>,
    exclude_tables: Vec<Spanned<String>>,
    empty_revision: bool,
    schemas: Spanned<String>,
    extensions: Spanned<String>,
    sequences: Spanned<String>,
    domains: Spanned<String>,
    functions: Spanned<String>,
    views: Spanned<String>,
    triggers: Spanned<String>,
    policies: Spanned<String>,
}

/// One of `[[post_write_hooks]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hook {
    pub(super) name: Spanned<String>,
    pub(super) command: Spanned<String>,
    pub(super) cwd: Option<Spanned<String>>,
}
