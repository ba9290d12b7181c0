//! The list of commands. A command is a file in `commands/` (its arguments and `run`) and a line here.

use crate::args::{Globals, With};
use crate::error::CliResult;
use crate::session::Session;
use clap::Subcommand;

/// Declares the commands: a module, a variant and a help text each.
macro_rules! commands {
    ($($(#[$meta:meta])* $module:ident :: $variant:ident,)+) => {
        $(mod $module;)+

        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($(#[$meta])* $variant(With<$module::Args>),)+
        }

        impl Command {
            /// The global flags that stand after the command's name.
            pub(crate) fn globals(&self) -> &Globals {
                match self {
                    $(Self::$variant(with) => &with.globals,)+
                }
            }

            /// Does what the command says.
            pub(crate) fn run(self, session: &Session<'_>) -> CliResult {
                match self {
                    $(Self::$variant(with) => $module::run(with.args, session),)+
                }
            }
        }
    };
}

mod offline;

commands! {
    /// Start a project: a folder for revisions and a configuration file
    init::Init,
    /// Tell the templates that `init` knows
    #[command(alias = "list_templates")]
    list_templates::ListTemplates,
    /// Write a new revision
    revision::Revision,
    /// Write a revision that joins several heads
    merge::Merge,
    /// Move local revisions onto another head
    rebase::Rebase,
    /// Run revisions up to a target
    upgrade::Upgrade,
    /// Take revisions back down to a target
    downgrade::Downgrade,
    /// Tell where the database stands
    current::Current,
    /// List the revisions, newest first
    history::History,
    /// List the revisions that no other follows
    heads::Heads,
    /// List the revisions that several others follow
    branches::Branches,
    /// Tell all about a revision
    show::Show,
    /// Open a revision in an editor
    edit::Edit,
    /// Tell whether models and database agree
    check::Check,
    /// Set where the database stands, without running anything
    stamp::Stamp,
    /// Create the version table
    #[command(alias = "ensure_version")]
    ensure_version::EnsureVersion,
}
