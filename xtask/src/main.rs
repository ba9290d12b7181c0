//! The project's own chores, one file each. Run them as `cargo xtask <chore>`.
// A chore talks to whoever started it.
#![allow(clippy::print_stderr)]

mod install;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    Test(test::Args),
}

fn main() -> ExitCode {
    match Chore::parse() {
        Chore::Test(args) => test::run(&args),
    }
}
