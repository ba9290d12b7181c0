//! A sample of what Alembic printed and wrote for the same graphs, through the program. All cases of the graph itself go
//! through the library's tests, where the file and the page of deliberate differences are explained.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use support::Project;

/// Every so many-th case of a kind is taken.
const STRIDES: &[(&str, usize)] = &[
    ("branches", 5),
    ("current", 40),
    ("downgrade", 20),
    ("heads", 30),
    ("history", 30),
    ("merge", 5),
    ("revision", 30),
    ("show", 30),
    ("sql", 5),
    ("stamp", 20),
    ("upgrade", 20),
];

const VERSIONS: &str = "migrations/versions";

#[test]
fn a_sample_of_each_kind_is_as_alembic_has_it() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../aludel/tests/conformance/graph.jsonl"
    );
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for line in fs::read_to_string(file).unwrap().lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let graph = &vector["graph"];
        // What is made of damaged graphs depends on where the damage is found: in a header, or in the graph.
        if graph.get("damage").is_some_and(|it| !it.is_null()) {
            continue;
        }
        let mut project = None;
        for case in vector["cases"].as_array().unwrap() {
            let kind = case["kind"].as_str().unwrap();
            let Some(&(kind, stride)) = STRIDES.iter().find(|it| it.0 == kind) else {
                continue;
            };
            let count = seen.entry(kind).or_default();
            *count += 1;
            if !count.is_multiple_of(stride) || deliberate(case) {
                continue;
            }
            let project = project.get_or_insert_with(|| write(graph));
            if let Err(problem) = check(project, graph, case) {
                problems.push(format!("{} {problem}\n{case}", graph["name"]));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert_eq!(seen.len(), STRIDES.len());
}

fn strings(list: &Value) -> Vec<&str> {
    let texts = list.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().unwrap()).collect()
}

/// The graph as `.sql` files whose names sort as the recorded ones do.
fn write(graph: &Value) -> Project {
    let project = Project::sql();
    for revision in graph["revisions"].as_array().unwrap() {
        let message = revision["message"].as_str().unwrap();
        let mut lines: Vec<String> = message.lines().map(str::to_owned).collect();
        lines.push(String::new());
        lines.push(format!("Revision ID: {}", revision["id"].as_str().unwrap()));
        for (key, list) in [
            ("Revises", "down_revision"),
            ("Branch Labels", "branch_labels"),
            ("Depends On", "depends_on"),
        ] {
            let names = strings(&revision[list]);
            if !names.is_empty() {
                lines.push(format!("{key}: {}", names.join(", ")));
            }
        }
        lines.push(format!(
            "Create Date: {}",
            revision["create_date"].as_str().unwrap()
        ));
        let header: String = lines.iter().map(|line| format!("-- {line}\n")).collect();
        let name = revision["file"].as_str().unwrap().trim_end_matches(".py");
        let text = format!("{header}\n-- migrate:up\n\n-- migrate:down\n");
        project.write(&format!("{VERSIONS}/{name}.sql"), &text);
    }
    project
}

/// The rows of the version table, written by hand: no command leads to some of them.
fn set_rows(project: &Project, rows: &[&str]) {
    let _ = fs::remove_file(project.path().join("app.db"));
    project.ok("-q ensure-version");
    let inserts: Vec<String> = rows.iter().map(|row| format!("('{row}')")).collect();
    if !rows.is_empty() {
        let sql = format!(
            "INSERT OR IGNORE INTO alembic_version VALUES {}",
            inserts.join(", ")
        );
        on_database(project, async |connection| {
            connection.execute(&sql).await.unwrap();
        });
    }
}

/// The rows of the version table, sorted.
fn rows(project: &Project) -> Vec<String> {
    on_database(project, async |connection| {
        let sql = "SELECT version_num FROM alembic_version ORDER BY 1";
        let rows = connection.fetch(sql).await.unwrap();
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    })
}

fn on_database<T>(
    project: &Project,
    work: impl AsyncFnOnce(&mut aludel::db::Connection) -> T,
) -> T {
    let url = format!("sqlite:{}", project.path().join("app.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let url = aludel::db::DbUrl::parse(&url).unwrap();
        let access = aludel::db::Access::Write;
        let mut connection = aludel::db::Connection::open(&url, access).await.unwrap();
        let done = work(&mut connection).await;
        connection.close().await.unwrap();
        done
    })
}

/// The rows of the page of differences that a sample can meet, told by what went in and what Alembic said.
fn deliberate(case: &Value) -> bool {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let error = case["expect"]["message"].as_str().unwrap_or_default();
    let cause = case["expect"]["cause"]["message"]
        .as_str()
        .unwrap_or_default();
    let unreachable = case["unreachable"] == true;
    let symbol = text("symbol");
    let names = strings(&case["revisions"]);
    let half_read = names.iter().chain([&symbol, &text("target")]).any(|name| {
        ["+1x", " ", "+1.5", "@"]
            .iter()
            .any(|end| name.ends_with(end))
    });
    // A script may start where a database stands on several heads, or so many steps away from something.
    let from = text("range").split(':').next().unwrap_or_default();
    let start = case["kind"] == "sql" && (from == "heads" || from.contains(['+', '-']));
    // The command line has its own words where a beginning is ambiguous: it lists the candidates.
    let ambiguous = cause.starts_with("Multiple revisions start with");
    let range = text("range");
    let nothing = case["current"].as_array().is_some_and(Vec::is_empty);
    let current =
        range.contains("current") && (!error.is_empty() || nothing && range.ends_with("current"));
    // `show` takes so many steps away from something, too.
    let shown = case["kind"] == "show" && !error.is_empty() && symbol.contains(['+', '-']);
    // A stamp keeps the maximal ones of targets above one another, and a row that is a target; it goes nowhere past the base.
    let targets = strings(&case["targets"]);
    let kept = targets == ["heads"] && strings(&case["current"]).len() > 1;
    let past = targets.iter().any(|it| it.starts_with('-'));
    let stamped =
        case["kind"] == "stamp" && error.is_empty() && (targets.len() > 1 || kept || past);
    // Rows are read sorted, whatever order the database returns them in.
    let counts = symbol == "current" || text("target").starts_with('-');
    let order = counts && strings(&case["current"]).len() > 1;
    // The statements are the dialects' own matter, and there are more dialects in the recording than here.
    let dialect = case["kind"] == "sql" && !["sqlite", "postgresql"].contains(&text("dialect"));
    // `--check-heads` passes when all is applied, whatever dependencies have swallowed.
    let check = case["check_heads"] == true && !error.is_empty();
    // A taken `--rev-id` is told of before anything else is looked at.
    let taken = case["kind"] == "revision" && case["rev_id"] != "feedfacecafe";
    unreachable
        || half_read
        || shown
        || stamped
        || ambiguous
        || current
        || check
        || taken
        || order
        || dialect
        || start
}

fn arguments(case: &Value) -> Vec<String> {
    if case["kind"] == "sql" {
        let dialect = match case["dialect"] == "postgresql" {
            true => "--dialect=postgres",
            false => "--dialect=sqlite",
        };
        let words = [
            case["command"].as_str().unwrap(),
            "--sql",
            dialect,
            "--",
            case["range"].as_str().unwrap(),
        ];
        return words.map(str::to_owned).to_vec();
    }
    let mut line = vec![case["kind"].as_str().unwrap().to_owned()];
    if moves(case) {
        line.extend((case["purge"] == true).then(|| "--purge".to_owned()));
        line.push("--".to_owned());
        line.extend(case["target"].as_str().map(str::to_owned));
        line.extend(strings(&case["targets"]).into_iter().map(str::to_owned));
        return line;
    }
    for (key, flag) in [
        ("resolve_dependencies", "--resolve-dependencies"),
        ("check_heads", "--check-heads"),
        ("indicate_current", "--indicate-current"),
        ("splice", "--splice"),
    ] {
        if case[key] == true {
            line.push(flag.to_owned());
        }
    }
    for (key, flag) in [
        ("range", "--rev-range"),
        ("message", "--message"),
        ("rev_id", "--rev-id"),
        ("head", "--head"),
        ("branch_label", "--branch-label"),
        ("depends_on", "--depends-on"),
    ] {
        let one = case[key].as_str().into_iter();
        for value in one.chain(strings(&case[key])) {
            line.push(format!("{flag}={value}"));
        }
    }
    line.extend(case["symbol"].as_str().map(str::to_owned));
    line.extend(strings(&case["revisions"]).into_iter().map(str::to_owned));
    line
}

/// Whether the case is a command that changes where the database stands.
fn moves(case: &Value) -> bool {
    ["upgrade", "downgrade", "stamp"]
        .iter()
        .any(|it| case["kind"] == *it)
}

/// What was run, in order, and the rows that are left: as the case has it, and as the program did it.
fn moved(project: &Project, case: &Value, log: &str) -> [(Vec<String>, Vec<String>); 2] {
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let steps = case["expect"]["steps"].as_array().into_iter().flatten();
    let steps = steps.filter_map(|step| step["revision"].as_str()).collect();
    let mut heads = owned(strings(&case["expect"]["heads"]));
    heads.sort();
    let ran = log.lines().filter_map(|line| {
        let (_, step) = line.split_once("] Running ")?;
        let (verb, step) = step.split_once(' ')?;
        let (from, to) = step.split_once(" -> ")?;
        match verb {
            "upgrade" => to.split(',').next(),
            "downgrade" => Some(from),
            _ => None,
        }
    });
    [(owned(steps), heads), (owned(ran.collect()), rows(project))]
}

fn check(project: &Project, graph: &Value, case: &Value) -> Result<(), String> {
    let expect = &case["expect"];
    if case.get("current").is_some() {
        set_rows(project, &strings(&case["current"]));
    }
    let before = files(project);
    let line = arguments(case);
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    let output = project.command(&words).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let failed = String::from_utf8(output.stderr).unwrap();
    let new: Vec<String> = files(project)
        .into_iter()
        .filter(|it| !before.contains(it))
        .collect();
    let written: Vec<String> = new.iter().map(|it| project.read(it)).collect();
    for file in &new {
        fs::remove_file(project.path().join(file)).unwrap();
    }
    let tell = |what: &str| {
        Err(format!(
            "{line:?}: {what}\nstdout: {said}\nstderr: {failed}"
        ))
    };
    if expect["crash"] == true || expect.get("any_of").is_some() {
        return match output.status.code() {
            Some(0..=2) => Ok(()),
            _ => tell("crashed"),
        };
    }
    if let Some(message) = expect["message"].as_str() {
        let told = failed
            .lines()
            .any(|line| line.starts_with("error: ") && line.contains(message));
        return match told && new.is_empty() {
            true => Ok(()),
            false => tell("wanted this error, and no file"),
        };
    }
    if let Some(wanted) = expect.get("new") {
        let found = written.first().map(|text| header(text));
        return match found == Some(header_of(wanted)) {
            true => Ok(()),
            false => tell(&format!("found {written:?}")),
        };
    }
    if moves(case) {
        let [wanted, found] = moved(project, case, &failed);
        return match wanted == found {
            true => Ok(()),
            false => tell(&format!("wanted {wanted:?}, found {found:?}")),
        };
    }
    let wanted = expected_text(project, graph, case);
    match sorted_sets(case, &said) == sorted_sets(case, &wanted) {
        true => Ok(()),
        false => tell(&format!("wanted: {wanted}")),
    }
}

fn files(project: &Project) -> Vec<String> {
    let all = project.files();
    let versions = all.lines().filter(|it| it.starts_with(VERSIONS));
    versions.map(str::to_owned).collect()
}

/// The keys of a file's header, as lines.
fn header(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("-- "));
    let keys = [
        "Revision ID: ",
        "Revises: ",
        "Branch Labels: ",
        "Depends On: ",
    ];
    lines
        .filter(|line| keys.iter().any(|key| line.starts_with(key)))
        .map(str::to_owned)
        .collect()
}

fn header_of(new: &Value) -> Vec<String> {
    let mut lines = vec![format!("Revision ID: {}", new["id"].as_str().unwrap())];
    for (key, list) in [
        ("Revises", "down_revision"),
        ("Branch Labels", "branch_labels"),
        ("Depends On", "depends_on"),
    ] {
        let mut names = strings(&new[list]);
        names.dedup();
        if !names.is_empty() {
            lines.push(format!("{key}: {}", names.join(", ")));
        }
    }
    lines
}

/// What Alembic printed, for files of ours: other paths, and a header without empty keys. A message's first paragraph is one
/// line here.
fn expected_text(project: &Project, graph: &Value, case: &Value) -> String {
    let mut text = case["expect"]["stdout"].as_str().unwrap().to_owned();
    if case["kind"] == "show" {
        let versions = project.path().join(VERSIONS);
        text = text.replace("/srv/migrations/versions", &versions.display().to_string());
        text = text.replace(".py\n", ".sql\n");
        return text.replace("    Revises: \n", "");
    }
    for revision in graph["revisions"].as_array().unwrap() {
        let message = revision["message"].as_str().unwrap();
        let first = message.split("\n\n").next().unwrap();
        text = text.replace(
            &format!(", {first}\n"),
            &format!(", {}\n", first.replace('\n', " ")),
        );
    }
    text
}

/// The text with the members of sets in the order of their names, and without the header lines that only ours has.
fn sorted_sets(case: &Value, text: &str) -> Vec<String> {
    let sort = |list: &str| {
        let mut names: Vec<&str> = list.split(", ").collect();
        names.sort_unstable();
        names.join(", ")
    };
    let line = |line: &str| match line.split_once(": ") {
        Some((key @ ("Branches into" | "Branch names"), names)) => {
            format!("{key}: {}", sort(names))
        }
        _ => match line.split_once(" (") {
            Some((id, rest)) if case["expect"]["set_order"] == true => {
                let (labels, rest) = rest.split_once(')').unwrap_or((rest, ""));
                format!("{id} ({}){rest}", sort(labels))
            }
            _ => line.to_owned(),
        },
    };
    if case["kind"] == "sql" {
        let steps = text.lines().filter(|line| line.starts_with("-- "));
        return steps.map(str::to_owned).collect();
    }
    let ours = |line: &&str| {
        !line.starts_with("    Branch Labels: ") && !line.starts_with("    Depends On: ")
    };
    let mut lines: Vec<String> = text.lines().filter(ours).map(line).collect();
    if case["kind"] == "current" {
        lines.sort();
    }
    // The children of one branch point are a set.
    if case["kind"] == "branches" {
        let is_child = |line: &String| line.trim_start().starts_with("-> ");
        lines
            .chunk_by_mut(|a, b| is_child(a) == is_child(b))
            .for_each(|block| {
                if is_child(&block[0]) {
                    block.sort();
                }
            });
    }
    lines
}
