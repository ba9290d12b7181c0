//! `list-templates`: what `init` can make.

use super::init::Template;
use crate::args::Json;
use crate::error::{CliResult, Outcome};
use crate::report;
use crate::session::Session;
use clap::ValueEnum as _;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Answer {
    templates: Vec<Known>,
}

#[derive(Serialize)]
struct Known {
    name: &'static str,
    description: &'static str,
}

pub(crate) fn run(args: Args, _: &Session<'_>) -> CliResult {
    let templates = Template::value_variants().iter().map(|it| Known {
        name: it.name(),
        description: it.description(),
    });
    let answer = Answer {
        templates: templates.collect(),
    };
    if args.json.json {
        report::json(&answer)?;
        return Ok(Outcome::Done);
    }
    let mut text = String::from("Available templates:\n\n");
    for known in &answer.templates {
        text.push_str(&format!("{} - {}\n", known.name, known.description));
    }
    text.push_str(
        "\nTemplates are used via the 'init' command, e.g.:\n\n  aludel init --template rust migrations\n",
    );
    report::answer(&text)?;
    Ok(Outcome::Done)
}
