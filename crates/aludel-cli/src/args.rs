//! What may be typed: the global flags, and a command with its arguments. It knows no command by name.

use crate::commands::Command;
use clap::{Args, Parser};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Version control for database schemas.
#[derive(Debug, Parser)]
#[command(
    name = "aludel",
    bin_name = "aludel",
    version,
    subcommand_required = true,
    arg_required_else_help = false,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

impl Cli {
    /// The command, and the global flags from before and after its name.
    pub(crate) fn into_parts(self) -> (Globals, Command) {
        let globals = self.globals.and(self.command.globals());
        (globals, self.command)
    }
}

/// Flags that every command has, before its name or after it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The configuration file [default: aludel.toml, here or in a folder above; or $ALUDEL_CONFIG]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The environment: a table `[environments.NAME]` of the configuration [default: $ALUDEL_ENVIRONMENT, or none]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The database, instead of the configuration's `url`
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// A value for ${KEY} in the configuration and for the program's own use (repeatable)
    #[arg(short, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) x: Vec<(String, String)>,
    /// Say nothing but results and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl Globals {
    /// These flags, with those that stand after the command on top.
    fn and(mut self, after: &Self) -> Self {
        self.config = after.config.clone().or(self.config);
        self.name = after.name.clone().or(self.name);
        self.url = after.url.clone().or(self.url);
        self.x.extend(after.x.iter().cloned());
        self.quiet |= after.quiet;
        self.verbose |= after.verbose;
        self
    }

    /// What `-x` gave; the last of two values with one key counts.
    pub(crate) fn x(&self) -> BTreeMap<String, String> {
        self.x.iter().cloned().collect()
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_string(), value.to_string())),
        _ => Err("it is to read KEY=VALUE".into()),
    }
}

/// The arguments of a command, and the global flags that stand among them.
#[derive(Debug, Args)]
pub(crate) struct With<A: Args> {
    #[command(flatten)]
    pub(crate) args: A,
    #[command(flatten)]
    pub(crate) globals: Globals,
}

/// The flag of the commands that report.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Json {
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}
