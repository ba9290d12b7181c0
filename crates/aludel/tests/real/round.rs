//! A schema's way: script → database → models → database, by operations and by SQL text.

use super::live::{block_on, downgrade, draft, runner, upgrade};
use aludel::dialect::{self, Scope};
use aludel::diff::diff;
use aludel::ops::Operation;
use aludel::prelude::*;
use aludel::run;
use aludel::run::autogenerate::SqlDraft;
use aludel::schema::{Declared, ObjectKind, Schema, Source};
use aludel::sql::split::split;
use std::any::Any;
use std::path::{Path, PathBuf};

/// A database of its own, while it is kept.
pub struct Database {
    pub url: String,
    #[allow(dead_code, reason = "the database goes when this does")]
    pub kept: Box<dyn Any>,
}

/// Tries every schema of a folder, and tells all that fail.
pub fn try_schemas(folder: &str, fresh: impl Fn() -> Database) {
    let mut failures = Vec::new();
    let mut tried = 0;
    for path in scripts(folder) {
        tried += 1;
        let text = std::fs::read_to_string(&path).expect("a script");
        if let Err(failure) = block_on(there_and_back(&text, &fresh)) {
            failures.push(format!("{}: {failure}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(tried > 0, "there are no schemas for {folder}");
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let more = std::env::var_os("ALUDEL_REAL").map(PathBuf::from);
    let mut found = Vec::new();
    for root in [Some(own), more].into_iter().flatten() {
        let files = std::fs::read_dir(root.join(folder)).into_iter().flatten();
        found.extend(files.filter_map(|it| Some(it.ok()?.path())));
    }
    found.retain(|it| it.extension().is_some_and(|it| it == "sql"));
    found.sort();
    found
}

/// The script of a schema, without what is in every database beforehand, which is made.
pub async fn prepared(url: &str, folder: &str, name: &str) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let path = path.join(folder).join(format!("{name}.sql"));
    let script = std::fs::read_to_string(path).expect("a script");
    let (beforehand, script) = parts(&script);
    run_script(url, beforehand).await?;
    Ok(script.to_string())
}

/// Runs a script, and reads models from what it made.
pub async fn models_of(url: &str, script: &str) -> Result<Metadata, String> {
    run_script(url, script).await?;
    Ok(models(&inspected(url).await?))
}

/// What models do not hold, and the script itself.
fn parts(script: &str) -> (&str, &str) {
    script.split_once("-- models:\n").unwrap_or(("", script))
}

async fn there_and_back(script: &str, fresh: &impl Fn() -> Database) -> Result<(), String> {
    let (beforehand, script) = parts(script);
    let original = fresh();
    run_script(&original.url, beforehand).await?;
    let models = models_of(&original.url, script).await?;
    let first = inspected(&original.url).await?;
    let found = draft(&original.url, false, &models).await?;
    nothing("the models of a database differ from it", &found.up)?;

    let copy = fresh();
    run_script(&copy.url, beforehand).await?;
    let made = draft(&copy.url, false, &models).await?;
    let sql = text_of(&copy.url, &models).await?;
    upgrade(&copy.url, made.up).await?;
    let found = draft(&copy.url, true, &models).await?;
    nothing("something is found where everything was made", &found.up)?;
    same("made from its models", &first, &inspected(&copy.url).await?)?;
    downgrade(&copy.url, made.down).await?;
    same("undone", &Schema::default(), &inspected(&copy.url).await?)?;

    let by_hand = fresh();
    run_script(&by_hand.url, beforehand).await?;
    let options = match sql.up_options {
        "" => "",
        " foreign_keys:off" => "PRAGMA foreign_keys = OFF;",
        other => return Err(format!("nobody knows what{other} is")),
    };
    run_script(&by_hand.url, &format!("{options}{}", sql.up)).await?;
    same(
        "made by the SQL text",
        &first,
        &inspected(&by_hand.url).await?,
    )
}

/// Statement by statement, as a client does.
async fn run_script(url: &str, text: &str) -> Result<(), String> {
    let mut runner = runner(url, false).await;
    let connection = runner.connection();
    let dialect = dialect::of_connection(connection).await.map_err(said)?;
    let pieces = split(text, dialect.flavor()).map_err(|it| format!("{it:?}"))?;
    for piece in pieces {
        let done = connection.execute(piece.text).await;
        done.map_err(|error| format!("{error}\nin {}", piece.text))?;
    }
    Ok(())
}

async fn text_of(url: &str, models: &Metadata) -> Result<SqlDraft, String> {
    let mut runner = runner(url, false).await;
    let options = run::autogenerate::Options::default();
    let draft = runner.autogenerate(models, &options).await.map_err(said)?;
    runner.sql(&draft).await.map_err(said)
}

/// Everything in the default schema but the version table.
pub async fn inspected(url: &str) -> Result<Schema, String> {
    let mut runner = runner(url, false).await;
    let connection = runner.connection();
    let dialect = dialect::of_connection(connection).await.map_err(said)?;
    let scope = Scope::Schemas(Vec::new());
    let mut schema = dialect.inspect(connection, &scope).await.map_err(said)?;
    let kinds = ObjectKind::ALL.into_iter().collect();
    let looked = dialect.inspect_objects(connection, &scope, &kinds, &mut schema);
    looked.await.map_err(said)?;
    let version_table = run::Options::default().version_table;
    schema.tables.remove(&version_table);
    // The tool's own log.
    schema
        .tables
        .retain(|name, _| !name.name.starts_with("aludel_"));
    // The schema that is there in any case.
    schema.objects.schemas.clear();
    Ok(schema)
}

/// Models that say what is in a database.
fn models(schema: &Schema) -> Metadata {
    let mut models = Metadata::new();
    for table in schema.tables.values() {
        models = models.table(table.clone());
    }
    let of_columns = |name| {
        let columns = schema.tables.values().flat_map(|it| &it.columns);
        let mut enums = columns.filter_map(|it| it.ty.written.as_enum());
        enums.any(|it| it.name == name)
    };
    let enums = schema.enums.values();
    let enums = enums.filter(|it| !of_columns(it.name.clone()));
    let objects = schema.objects.clone();
    let declared = enums
        .cloned()
        .map(Declared::from)
        .chain(objects.extensions.into_values().map(Declared::from))
        .chain(objects.sequences.into_values().map(Declared::from))
        .chain(objects.domains.into_values().map(Declared::from))
        .chain(objects.functions.into_values().map(Declared::from))
        .chain(objects.views.into_values().map(Declared::from))
        .chain(objects.triggers.into_values().map(Declared::from))
        .chain(objects.policies.into_values().map(Declared::from))
        .chain(
            objects
                .row_security
                .into_iter()
                .map(|it| Declared::RowSecurity(it.0, it.1)),
        );
    declared.fold(models, Metadata::object)
}

/// That two schemas are the same, names that nobody gave aside.
pub fn same(when: &str, wanted: &Schema, found: &Schema) -> Result<(), String> {
    let (wanted, found) = (&without_serials(wanted), &without_serials(found));
    nothing(when, &diff(found, wanted))?;
    let (wanted, found) = (without_names(wanted), without_names(found));
    match wanted == found {
        true => Ok(()),
        false => Err(format!("{when}: {}", first_difference(&wanted, &found))),
    }
}

fn nothing(when: &str, operations: &[Operation]) -> Result<(), String> {
    if operations.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = operations.iter().map(|it| it.rust()).collect();
    Err(format!("{when}:\n{}", lines.join("\n")))
}

/// A sequence that a column takes its default from may belong to that column in a copy, as `serial` makes it.
fn without_serials(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let columns = schema.tables.values().flat_map(|it| &it.columns);
    let defaults: Vec<String> = columns
        .filter_map(|it| Some(it.default.as_ref()?.written.to_string()))
        .collect();
    let named = |name: &str| defaults.iter().any(|it| it.contains(name));
    schema.objects.sequences.retain(|it, _| !named(&it.name));
    schema
}

/// A constraint that had no name has one in a copy, by the convention; what else a name is, the operations would have said.
fn without_names(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for table in schema.tables.values_mut() {
        table.source = Source::default();
        for constraint in &mut table.constraints {
            constraint.set_name(None);
        }
        table.constraints.sort_by_key(|it| format!("{it:?}"));
    }
    schema
}

/// The first line in which two schemas differ, where no operation says it.
fn first_difference(wanted: &Schema, found: &Schema) -> String {
    let (wanted, found) = (format!("{wanted:#?}"), format!("{found:#?}"));
    let mut lines = wanted.lines().zip(found.lines());
    match lines.find(|(wanted, found)| wanted != found) {
        Some((wanted, found)) => format!("{} instead of {}", found.trim(), wanted.trim()),
        None => "one is longer than the other".to_string(),
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
