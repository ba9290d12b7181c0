//! The list of commands. A command is a file in `commands/` (its arguments and `run`) and a line here.

/// Declares commands: a module, a variant and a help text each. Behind a semicolon stand the groups, whose modules declare commands
/// of their own.
macro_rules! commands {
    (
        $($(#[$meta:meta])* $module:ident :: $variant:ident,)+
        $(; $($(#[$group_meta:meta])* $group:ident :: $group_variant:ident,)+)?
    ) => {
        $(mod $module;)+
        $($(mod $group;)+)?

        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum Command {
            $($(#[$meta])* $variant(crate::args::With<$module::Args>),)+
            $($($(#[$group_meta])* #[command(subcommand)] $group_variant($group::Command),)+)?
        }

        impl Command {
            /// The global flags that stand after the command's name.
            pub(crate) fn globals(&self) -> &crate::args::Globals {
                match self {
                    $(Self::$variant(with) => &with.globals,)+
                    $($(Self::$group_variant(command) => command.globals(),)+)?
                }
            }

            /// Does what the command says.
            pub(crate) fn run(self, session: &crate::session::Session<'_>) -> crate::error::CliResult {
                match self {
                    $(Self::$variant(with) => $module::run(with.args, session),)+
                    $($(Self::$group_variant(command) => command.run(session),)+)?
                }
            }
        }
    };
}

mod offline;
mod turns;

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
    /// Go back to a backup of a SQLite database
    restore::Restore,
    /// Tell where the database stands
    current::Current,
    /// List the revisions, newest first
    history::History,
    /// List the revisions that no other follows
    heads::Heads,
    /// List the revisions that several others follow
    branches::Branches,
    /// Tell what was done with the database, newest first
    log::Log,
    /// Tell all about a revision
    show::Show,
    /// Open a revision in an editor
    edit::Edit,
    /// Tell whether models and database agree
    check::Check,
    /// Set where the database stands, without running anything
    stamp::Stamp,
    /// Accept that applied revisions were edited
    repair::Repair,
    /// Create the version table
    #[command(alias = "ensure_version")]
    ensure_version::EnsureVersion,
    ;
    /// Show a schema, or what turns one into another
    schema::Schema,
    /// Write models from a database
    models::Models,
}
