//! The standalone binary: it knows files alone, and hands on to the user's program what needs compiled code.

use std::process::ExitCode;

fn main() -> ExitCode {
    aludel_cli::main(aludel::Env::files())
}
