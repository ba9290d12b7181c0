//! Alembic's calls as calls of the recorder.

use crate::naming::{Named, plain_name};
use crate::nouns::{self, qualified};
use crate::rows;
use crate::vector::{Reader, Vector, flag, list, plain, strings, text};
use aludel::ops::{AddColumn, AlterColumn, CreateTable, Operation, Operations, Recorded};
use aludel::ops::{
    CreateCheckConstraint, CreateExclusionConstraint, CreateForeignKey, CreateIndex,
    CreatePrimaryKey, CreateUniqueConstraint,
};
use aludel::ops::{DropColumn, DropConstraint, DropIndex, DropTable, drop_constraint::Dropped};
use aludel::schema::{Constraint, Position, QualifiedName};
use serde_json::{Value, json};

/// What the call of a vector records.
pub(crate) fn recorded(reader: &Reader<'_>, vector: &Vector) -> Vec<Recorded> {
    let mut ops = Operations::new(reader.kind());
    match vector.op() {
        "batch_alter_table" => batch(reader, vector.args(), &mut ops),
        op => call(reader, op, vector.args(), &mut ops, false),
    }
    ops.into_recorded()
}

/// The table that a call is about.
pub(crate) fn table_of(args: &Value) -> QualifiedName {
    let table = match &args["table"] {
        Value::Null => "t",
        table => plain_name(table).unwrap_or("t"),
    };
    qualified(
        text(args, "schema").or_else(|| text(&args["table"], "schema")),
        table,
    )
}

/// The calls within a batch, each with its table; a rebuild is this library's own affair. Where Alembic makes the table anew, all calls
/// know its columns by the names that they had; `follow` gives them those that they have by then.
pub(crate) fn batch_calls(reader: &Reader<'_>, args: &Value, follow: bool) -> Vec<(String, Value)> {
    let mut calls = Vec::new();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for step in list(&args["ops"]) {
        let mut inner = step["args"].clone();
        for (key, outer) in [
            ("table", "table"),
            ("schema", "schema"),
            ("source", "table"),
            ("source_schema", "schema"),
        ] {
            if let Some(value) = args.get(outer) {
                inner[key] = value.clone();
            }
        }
        if let Some(before) = text(&inner, "insert_before") {
            match previous(args, before) {
                Some(previous) => inner["insert_after"] = json!(previous),
                None => inner["first"] = json!(true),
            }
        }
        for key in ["column", "columns", "local_columns"] {
            match inner.get_mut(key) {
                Some(Value::String(name)) => called_now(name, &renamed),
                Some(Value::Array(names)) => {
                    for name in names {
                        if let Value::String(name) = name {
                            called_now(name, &renamed);
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some(to) = text(&inner, "new_name").filter(|_| follow && recreates(reader, args)) {
            let from = text(&step["args"], "column").unwrap_or_default();
            renamed.push((from.to_owned(), to.to_owned()));
        }
        calls.push((text(step, "op").unwrap().to_owned(), inner));
    }
    calls
}

/// The name of a column after the renames so far.
fn called_now(name: &mut String, renamed: &[(String, String)]) {
    if let Some((_, to)) = renamed.iter().find(|(from, _)| from == name) {
        name.clone_from(to);
    }
}

fn previous(args: &Value, column: &str) -> Option<String> {
    let columns = list(&args["copy_from"]["columns"]);
    let at = columns
        .iter()
        .position(|it| nouns::name(&it["name"]) == column)?;
    Some(nouns::name(&columns[at.checked_sub(1)?]["name"]))
}

fn batch(reader: &Reader<'_>, args: &Value, ops: &mut Operations) {
    for (op, inner) in batch_calls(reader, args, true) {
        call(reader, &op, &inner, ops, true);
    }
    let table = table_of(args);
    for constraint in list(&args["table_args"])
        .iter()
        .filter(|_| recreates(reader, args))
    {
        ops.create_constraint(table.clone(), reader.constraint(&table, constraint));
    }
    let order = reordered(args);
    for (at, column) in order.iter().enumerate() {
        let mut change = AlterColumn::new(table.clone(), column.clone());
        change.position = Some(match at {
            0 => Position::First,
            _ => Position::After(order[at - 1].clone().into()),
        });
        ops.record(change);
    }
}

/// Whether Alembic makes the table anew: only then does it look at `table_args`.
pub(crate) fn recreates(reader: &Reader<'_>, args: &Value) -> bool {
    match text(args, "recreate") {
        Some("always") => true,
        Some("never") => false,
        _ => {
            reader.is("sqlite")
                && list(&args["ops"])
                    .iter()
                    .any(|it| text(it, "op") != Some("add_column"))
        }
    }
}

/// The order of columns that a partial order asks for: those that nothing comes before first, each time in the order they have.
pub(crate) fn reordered(args: &Value) -> Vec<String> {
    let pairs: Vec<(String, String)> = list(&args["partial_reordering"])
        .iter()
        .flat_map(|order| {
            let order = strings(order);
            let pairs: Vec<_> = order
                .windows(2)
                .map(|it| (it[0].clone(), it[1].clone()))
                .collect();
            pairs
        })
        .collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let mut left: Vec<String> = list(&args["copy_from"]["columns"])
        .iter()
        .map(|it| nouns::name(&it["name"]))
        .collect();
    for step in list(&args["ops"]) {
        match text(step, "op") {
            Some("add_column") => left.push(nouns::name(&step["args"]["column"]["name"])),
            Some("drop_column") => {
                left.retain(|it| Some(it.as_str()) != text(&step["args"], "column"))
            }
            _ => {}
        }
    }
    let mut order = Vec::new();
    while !left.is_empty() {
        let waits = |it: &String| {
            pairs
                .iter()
                .any(|(first, then)| then == it && left.contains(first))
        };
        let (later, now): (Vec<String>, Vec<String>) = left.iter().cloned().partition(waits);
        if now.is_empty() {
            break;
        }
        order.extend(now);
        left = later;
    }
    order
}

fn call(reader: &Reader<'_>, op: &str, args: &Value, ops: &mut Operations, batch: bool) {
    let table = table_of(args);
    let given = |name: &str| {
        reader.given.borrow_mut().insert(name.to_owned());
    };
    match op {
        "create_table" => create_table(reader, args, ops),
        "drop_table" => ops.record(DropTable {
            if_exists: flag(args, "if_exists"),
            ..DropTable::new(table)
        }),
        "rename_table" => ops.rename_table(table, plain(&args["new_name"])),
        "add_column" => add_column(reader, table, args, ops),
        "drop_column" => ops.record(DropColumn {
            if_exists: flag(args, "if_exists"),
            ..DropColumn::new(table, nouns::name(&args["column"]))
        }),
        "alter_column" => alter_column(reader, table, args, ops, batch),
        "create_index" => ops.record(CreateIndex {
            if_not_exists: flag(args, "if_not_exists"),
            concurrently: reader.option(args, "concurrently") == Some(&Value::Bool(true)),
            ..CreateIndex::new(table.clone(), reader.index(&table, args))
        }),
        "drop_index" => {
            let name = nouns::name(&args["name"]);
            given(&name);
            ops.record(DropIndex {
                if_exists: flag(args, "if_exists"),
                concurrently: reader.option(args, "concurrently") == Some(&Value::Bool(true)),
                ..DropIndex::new(table, name)
            });
        }
        "create_table_comment" => match text(args, "comment") {
            Some(comment) => ops.create_table_comment(table, comment),
            None => ops.drop_table_comment(table),
        },
        "drop_table_comment" => ops.drop_table_comment(table),
        "drop_constraint" => ops.record(DropConstraint {
            if_exists: flag(args, "if_exists"),
            ..DropConstraint::new(
                table.clone(),
                Dropped::Named(dropped_name(reader, &table, args).into()),
            )
        }),
        "bulk_insert" => rows::insert(reader, args, ops),
        "execute" => ops.execute(plain(&args["sql"]).replace("\\:", ":")),
        "execute_update" => ops.execute(rows::update(reader, args)),
        _ => {
            let (table, constraint) = constraint_of(reader, op, args);
            create_constraint(table, constraint, ops);
        }
    }
}

/// The constraint that a `create_…_constraint` call adds, and to which table.
pub(crate) fn constraint_of(
    reader: &Reader<'_>,
    op: &str,
    args: &Value,
) -> (QualifiedName, Constraint) {
    let table = table_of(args);
    let constraint = match op {
        "create_primary_key" => reader
            .primary_key(&table, strings(&args["columns"]), args)
            .into(),
        "create_unique_constraint" => reader.unique(&table, args).into(),
        "create_check_constraint" => reader.check(&table, args, "condition").into(),
        "create_exclude_constraint" => reader.exclude(&table, args).into(),
        "create_foreign_key" => {
            let source = qualified(text(args, "source_schema"), &nouns::name(&args["source"]));
            let referent = qualified(
                text(args, "referent_schema"),
                &nouns::name(&args["referent"]),
            );
            let columns = strings(&args["local_columns"]);
            let key = reader.foreign_key_to(
                &source,
                &columns,
                referent,
                strings(&args["remote_columns"]),
                args,
            );
            return (source, key.into());
        }
        other => panic!("an operation of another name: {other}"),
    };
    (table, constraint)
}

/// The name of a constraint that is dropped: a convention applies to the names of checks.
pub(crate) fn dropped_name(reader: &Reader<'_>, table: &QualifiedName, args: &Value) -> String {
    let kind = match text(args, "type") {
        Some("check") => "ck",
        Some("primary") if reader.is_mysql() => return "PRIMARY".into(),
        _ => "",
    };
    let named = Named {
        kind,
        schema: table.schema.as_deref(),
        table: &table.name,
        columns: &[],
        referred: None,
    };
    reader.name(args.get("name"), &named).unwrap_or_default()
}

fn create_table(reader: &Reader<'_>, args: &Value, ops: &mut Operations) {
    let (table, enums) = reader.table(&args["table"]);
    for ty in enums {
        ops.create_enum(ty);
    }
    let pending = ops.create_table(table);
    if flag(args, "if_not_exists") {
        pending.if_not_exists();
    }
}

fn create_constraint(table: QualifiedName, constraint: Constraint, ops: &mut Operations) {
    if constraint.name().is_none() {
        return ops.create_constraint(table, constraint);
    }
    let operation: Operation = match constraint {
        Constraint::PrimaryKey(it) => CreatePrimaryKey::new(table, it).into(),
        Constraint::Unique(it) => CreateUniqueConstraint::new(table, it).into(),
        Constraint::ForeignKey(it) => CreateForeignKey::new(table, it).into(),
        Constraint::Check(it) => CreateCheckConstraint::new(table, it).into(),
        Constraint::Exclude(it) => CreateExclusionConstraint::new(table, it).into(),
    };
    ops.record(operation);
}

fn add_column(reader: &Reader<'_>, table: QualifiedName, args: &Value, ops: &mut Operations) {
    let json = &args["column"];
    let key = flag(json, "primary_key");
    let said = reader.column(&table, json, key && nouns::numbers_by_itself(json));
    let if_not_exists = flag(args, "if_not_exists");
    // Only what says so is a key: Alembic's `add_column` writes no key of its own.
    let column = match key && flag(args, "inline_primary_key") {
        true => said.column.primary_key(),
        false => said.column,
    };
    if key && flag(args, "inline_primary_key") {
        let pending = ops.add_column(table.clone(), column);
        if if_not_exists {
            pending.if_not_exists();
        }
    } else {
        let position = match text(args, "insert_after") {
            Some(other) => Some(Position::After(other.into())),
            None if flag(args, "first") => Some(Position::First),
            None => None,
        };
        ops.record(AddColumn {
            position,
            if_not_exists,
            ..AddColumn::new(table.clone(), column)
        });
    }
    for constraint in said
        .constraints
        .into_iter()
        .chain(said.of_type.map(Constraint::from))
    {
        create_constraint(table.clone(), constraint, ops);
    }
    if let Some(index) = said.index {
        ops.record(CreateIndex::new(table, index));
    }
}

fn alter_column(
    reader: &Reader<'_>,
    table: QualifiedName,
    args: &Value,
    ops: &mut Operations,
    batch: bool,
) {
    let column = nouns::name(&args["column"]);
    let mut change = AlterColumn::new(table.clone(), column.clone());
    let mut check = None;
    if let Some(json) = args.get("type") {
        let existing = args
            .get("existing_type")
            .filter(|_| batch && reader.is("sqlite"));
        if let Some(gone) = existing.and_then(|it| {
            reader
                .column(&table, &json!({"name": column, "type": it}), false)
                .of_type
        }) {
            ops.record(DropConstraint::new(
                table.clone(),
                Dropped::Named(gone.name.unwrap_or("".into())),
            ));
        }
        let said = reader.column(&table, &json!({"name": column, "type": json}), false);
        change.ty = Some(with_text_options(reader, &said.column));
        check = said.of_type;
    }
    change.using = text(args, "postgresql_using")
        .filter(|_| reader.is("postgresql"))
        .map(Into::into);
    change.nullable = args.get("nullable").and_then(Value::as_bool);
    match args.get("server_default") {
        Some(Value::Null) if args["existing_server_default"].get("identity").is_some() => {
            change.identity = Some(None)
        }
        Some(Value::Null) => change.default = Some(None),
        Some(json) if json.get("identity").is_some() => {
            change.identity = Some(Some(nouns::identity_of(
                &json["identity"],
                &args["existing_server_default"]["identity"],
            )))
        }
        Some(json) if json.get("computed").is_none() => {
            change.default = Some(Some(reader.default_sql(json).into()))
        }
        _ => {}
    }
    match args.get("comment") {
        Some(Value::Null) => change.comment = Some(None),
        Some(comment) => change.comment = Some(Some(plain(comment))),
        None => {}
    }
    if reader.is_mysql() {
        match args.get("autoincrement").and_then(Value::as_bool) {
            Some(true) => change.identity = Some(Some(aludel::schema::Identity::BY_DEFAULT)),
            Some(false) => change.identity = Some(None),
            None => {}
        }
    }
    change.rename = args.get("new_name").and_then(plain_name).map(Into::into);
    if change != AlterColumn::new(table.clone(), column) {
        ops.record(change);
    }
    if let Some(check) = check {
        create_constraint(table, check.into(), ops);
    }
}

/// A changed type says its character set and collation with it, as SQL text.
fn with_text_options(reader: &Reader<'_>, column: &aludel::schema::Column) -> aludel::schema::Type {
    let ty = column.ty.written.clone();
    if column.collation.is_none() && column.charset.is_none() {
        return ty;
    }
    let mut sql = reader.spell.spell_type(&ty).unwrap();
    if let Some(charset) = &column.charset {
        sql += &format!(" CHARACTER SET {charset}");
    }
    if let Some(collation) = &column.collation {
        let quoted = reader.spell.quote(collation).unwrap();
        sql += &format!(" COLLATE {quoted}");
    }
    aludel::schema::Type::custom(sql)
}

/// A table that is created, for the setup of another call.
pub(crate) fn creating(table: aludel::schema::Table) -> Operation {
    CreateTable::new(table).into()
}
