//! The clinic's revisions and models, for the command line.

use aludel::prelude::*;
use clinic::models::{Patient, Prescription, Visit};

fn main() -> ExitCode {
    aludel_cli::main(Env::new(migrations!("versions")).metadata(metadata![
        Patient,
        Visit,
        Prescription
    ]))
}
