//! Whether an answer is one of those that Alembic gave.

use crate::answers::{Answer, sorted, texts};
use crate::{Case, strings};
use aludel::revision::{GraphError, Plan, Step, VersionOp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::error::Error;

/// Why not, if it is none of them.
pub(crate) fn passes(case: &Case<'_>, answer: &Answer) -> Result<(), String> {
    let mut problem = Ok(());
    for expect in case.expected() {
        problem = one(case, answer, expect);
        if problem.is_ok() {
            break;
        }
    }
    problem
}

fn one(case: &Case<'_>, answer: &Answer, expect: &Value) -> Result<(), String> {
    // Where Alembic tripped over itself, any error is right, and so is an answer.
    if expect["crash"] == true {
        return Ok(());
    }
    if expect.get("error").is_some() {
        return error(case, answer, expect);
    }
    match answer {
        Answer::Error(error) => match nothing(expect) {
            true => Ok(()),
            false => Err(format!("error: {error}")),
        },
        Answer::Plan(plan) => same_plan(case, plan, expect),
        Answer::Json(found) => {
            let wanted = wanted(case, expect);
            match *found == wanted {
                true => Ok(()),
                false => Err(format!("found {found}, wanted {wanted}")),
            }
        }
    }
}

/// Alembic's "no such step" is a null among the answers, over which its commands trip.
fn nothing(expect: &Value) -> bool {
    let revisions = expect["revisions"].as_array();
    revisions.is_some_and(|it| it.iter().any(Value::is_null))
}

fn error(case: &Case<'_>, answer: &Answer, expect: &Value) -> Result<(), String> {
    let message = expect["message"].as_str().unwrap();
    // This is found out while running, not while planning.
    if message.starts_with("Online migration expected to match one row") {
        return Ok(());
    }
    let Answer::Error(error) = answer else {
        return Err(format!("no error, wanted {message}"));
    };
    let found = match case.kind {
        "resolve" => inner(error, message),
        _ => error.to_string(),
    };
    // The command line's own check, before the library is asked.
    let usage = message.starts_with("History range requires");
    match found == message || usage {
        true => Ok(()),
        false => Err(format!("error: {found}, wanted {message}")),
    }
}

/// The words that Alembic's inner errors have; its commands show others.
fn inner(error: &GraphError, wanted: &str) -> String {
    match error {
        GraphError::MultipleHeads { argument, heads } => format!(
            "Multiple heads are present for given argument '{argument}'; {}",
            texts(heads).join(", ")
        ),
        GraphError::UnknownRow { row, .. } if wanted.contains(&format!("'{row}'")) => {
            wanted.to_owned()
        }
        error => error
            .source()
            .map_or_else(|| error.to_string(), ToString::to_string),
    }
}

fn wanted(case: &Case<'_>, expect: &Value) -> Value {
    let mut wanted = expect.clone();
    if let Some(object) = wanted.as_object_mut() {
        object.remove("warnings");
    }
    match case.kind {
        "heads" => json!(lines(expect, |line| line.split(' ').next())),
        "history" => json!(lines(expect, |line| {
            line.split_once(" -> ")?.1.split([' ', ',']).next()
        })),
        "facts" => {
            for fact in wanted["revisions"].as_object_mut().unwrap().values_mut() {
                for list in [
                    "nextrev",
                    "all_nextrev",
                    "resolved_dependencies",
                    "normalized_dependencies",
                    "flags",
                ] {
                    let mut names = sorted(strings(&fact[list]));
                    // The same marks with dependencies, which this library tells by lists.
                    names.retain(|name| !name.starts_with("real_"));
                    fact[list] = json!(names);
                }
                let kept = [
                    "branch_labels",
                    "nextrev",
                    "all_nextrev",
                    "resolved_dependencies",
                    "normalized_dependencies",
                    "flags",
                ];
                fact.as_object_mut()
                    .unwrap()
                    .retain(|key, _| kept.contains(&key.as_str()));
            }
            wanted
        }
        "resolve" => {
            if let Some(list) = wanted["revisions"].as_array_mut() {
                list.retain(|it| it != "base");
            } else if wanted["revision"] == "base" {
                wanted["revision"] = Value::Null;
            }
            if let Some(object) = wanted.as_object_mut() {
                object.retain(|key, it| key != "revisions" || it.is_array());
            }
            wanted
        }
        _ => wanted,
    }
}

fn lines(expect: &Value, id: impl Fn(&str) -> Option<&str>) -> Vec<String> {
    let text = expect["stdout"].as_str().unwrap();
    text.lines().filter_map(id).map(str::to_owned).collect()
}

fn same_plan(case: &Case<'_>, plan: &Plan, expect: &Value) -> Result<(), String> {
    let steps = expect["steps"].as_array().unwrap();
    let found: Vec<String> = plan.steps.iter().map(ToString::to_string).collect();
    if steps.len() != plan.steps.len() {
        return Err(format!("steps {found:?}"));
    }
    for (step, wanted) in plan.steps.iter().zip(steps) {
        let same = match case.kind {
            "stamp" => {
                texts(&step.from) == strings(&wanted["from"])
                    && texts(&step.to) == strings(&wanted["to"])
            }
            _ => wanted["revision"] == step.revision.as_str(),
        };
        if !same {
            return Err(format!("steps {found:?}"));
        }
        let found = version_ops(step);
        let right = match wanted.get("version_ops_any_of") {
            Some(any) => any.as_array().unwrap().contains(&found),
            None => wanted["version_ops"] == found,
        };
        if !right {
            return Err(format!("version_ops {found} at {}", step.revision));
        }
    }
    let purge = case.json["purge"] == true;
    let rows = if purge { Vec::new() } else { case.rows() };
    let mut heads = strings(&expect["heads"]);
    heads.dedup();
    match rows_after(&rows, plan) {
        rows if rows == heads => Ok(()),
        rows => Err(format!("rows {rows:?}")),
    }
}

fn version_ops(step: &Step) -> Value {
    let op = |op: &VersionOp| match op {
        VersionOp::Insert(id) => json!(["insert", id.as_str()]),
        VersionOp::Delete(id) => json!(["delete", id.as_str()]),
        VersionOp::Update { from, to } => json!(["update", from.as_str(), to.as_str()]),
    };
    step.version_ops.iter().map(op).collect()
}

/// The rows after a plan, every change of which must meet its row.
fn rows_after(rows: &[String], plan: &Plan) -> Vec<String> {
    let mut rows: BTreeSet<String> = rows.iter().cloned().collect();
    for op in plan.steps.iter().flat_map(|step| &step.version_ops) {
        let done = match op {
            VersionOp::Insert(id) => rows.insert(id.to_string()),
            VersionOp::Delete(id) => rows.remove(id.as_str()),
            VersionOp::Update { from, to } => {
                rows.remove(from.as_str()) && rows.insert(to.to_string())
            }
        };
        assert!(done, "{op:?} of {plan:?}");
    }
    rows.into_iter().collect()
}
