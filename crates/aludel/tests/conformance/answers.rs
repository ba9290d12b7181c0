//! What this library says to a case.

use crate::Case;
use aludel::revision::{GraphError, Plan, Range, RevisionId, RevisionMap, Target};
use serde_json::{Value, json};

/// An answer, or why there is none.
pub(crate) enum Answer {
    /// Identifiers, facts: what can be compared as JSON.
    Json(Value),
    Plan(Plan),
    Error(GraphError),
}

impl Answer {
    pub(crate) fn of(case: &Case<'_>) -> Self {
        let answer = match case.map {
            Ok(map) => answer(case, map),
            Err(error) => Err(error.clone()),
        };
        answer.unwrap_or_else(Self::Error)
    }

    /// The error's own words.
    pub(crate) fn error(&self) -> Option<String> {
        match self {
            Self::Error(error) => Some(error.to_string()),
            _ => None,
        }
    }
}

fn answer(case: &Case<'_>, map: &RevisionMap) -> Result<Answer, GraphError> {
    let json = case.json;
    let rows = case.rows();
    Ok(match case.kind {
        "load" => Answer::Json(json!({"heads": names(&map.heads()), "bases": names(&map.bases())})),
        "facts" => Answer::Json(facts(map, &json["expect"])),
        "heads" => Answer::Json(json!(match json["resolve_dependencies"] == true {
            true => names(&map.effective_heads()),
            false => names(&map.heads()),
        })),
        "resolve" => Answer::Json(resolve(case, map, &rows)?),
        "history" => {
            let range: Range = json["range"].as_str().unwrap_or(":").trim().parse()?;
            let found = map.range(&range, &rows)?;
            Answer::Json(json!(texts(&found)))
        }
        "upgrade" => Answer::Plan(map.upgrade_plan(&rows, &target(&json["target"])?)?),
        "downgrade" => Answer::Plan(map.downgrade_plan(&rows, &target(&json["target"])?)?),
        "stamp" => {
            let targets = json["targets"].as_array().unwrap().iter().map(target);
            let targets: Vec<Target> = targets.collect::<Result<_, _>>()?;
            Answer::Plan(map.stamp_plan(&rows, &targets, json["purge"] == true)?)
        }
        kind => panic!("no such kind: {kind}"),
    })
}

pub(crate) fn target(json: &Value) -> Result<Target, GraphError> {
    Ok(json.as_str().unwrap_or("base").parse()?)
}

fn resolve(case: &Case<'_>, map: &RevisionMap, rows: &[String]) -> Result<Value, GraphError> {
    let target = target(&case.json["symbol"])?;
    Ok(match case.json["via"].as_str().unwrap() {
        "get_revisions" => json!({"revisions": texts(&map.resolve(&target, rows)?)}),
        "get_revision" => {
            json!({"revision": map.resolve_one(&target)?.as_ref().map(RevisionId::as_str)})
        }
        "upgrade_target" => json!({"revisions": texts(&map.resolve_upgrade(&target, rows)?)}),
        _ => {
            let (branch, revision) = map.resolve_downgrade(&target, rows)?;
            json!({"branch": branch, "revision": revision.as_ref().map(RevisionId::as_str)})
        }
    })
}

/// The same as is recorded, in the same shape; lists without an order of their own are sorted.
fn facts(map: &RevisionMap, expect: &Value) -> Value {
    let revision = |id: &str| {
        let flags = [
            ("base", map.is_base(id)),
            ("branchpoint", map.is_branchpoint(id)),
            ("effective_head", map.is_effective_head(id)),
            ("head", map.is_head(id)),
            ("mergepoint", map.is_mergepoint(id)),
        ];
        let flags: Vec<&str> = flags.iter().filter(|it| it.1).map(|it| it.0).collect();
        json!({
            "branch_labels": map.labels(id),
            "nextrev": sorted(names(&map.children(id))),
            "all_nextrev": sorted(names(&map.dependents(id))),
            "resolved_dependencies": sorted(names(&map.dependencies(id))),
            "normalized_dependencies": sorted(names(&map.own_dependencies(id))),
            "flags": flags,
        })
    };
    let ids = expect["revisions"].as_object().unwrap().keys();
    let revisions: serde_json::Map<String, Value> =
        ids.map(|id| (id.clone(), revision(id))).collect();
    json!({
        "heads": names(&map.heads()),
        "effective_heads": names(&map.effective_heads()),
        "bases": names(&map.bases()),
        "real_bases": names(&map.effective_bases()),
        "revisions": revisions,
    })
}

pub(crate) fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn names(ids: &[&RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

pub(crate) fn texts(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
