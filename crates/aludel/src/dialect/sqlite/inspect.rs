//! Looking into a database: one query for each attached database that is asked for, then pure reading of the statements that
//! SQLite keeps of its objects. Nothing is asked of a single table.
//!
//! SQLite's own tables (`sqlite_…`), virtual tables, and the shadow tables behind these are never reported, so that nothing
//! ever drops them.

use super::parse::{ClauseKind, TableText, What};
use super::parse_index::parse_index;
use super::reads;
use super::text::same_name;
use super::types;
use crate::db::{Connection, Row};
use crate::dialect::Scope;
use crate::error::{Error, Result};
use crate::schema::{
    Column, Constraint, Dependent, ForeignKey, Generated, Ident, QualifiedName, Schema, Source,
    Spelled, Table, Type,
};
use crate::sql::Spell;
use std::collections::BTreeSet;

/// An object as `sqlite_schema` tells of it.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub kind: String,
    pub name: String,
    /// The table that an index or a trigger belongs to.
    pub table: String,
    pub sql: String,
    /// `table`, `virtual`, `shadow` or `view`; none for what is no table.
    pub table_kind: Option<String>,
}

/// What is in the database, in normal form.
pub(super) async fn inspect(
    spell: &super::Sqlite,
    connection: &mut Connection,
    scope: &Scope,
) -> Result<Schema> {
    let mut schema = Schema::default();
    for database in databases(connection, scope).await? {
        let objects = objects(spell, connection, &database).await?;
        let tables = build(&objects, &database, |name| match scope {
            Scope::Schemas(_) | Scope::Everything => true,
            Scope::Tables(wanted) => wanted
                .iter()
                .any(|it| schema_of(it.schema.as_ref()) == database && same_name(&it.name, name)),
        })?;
        tables.into_iter().for_each(|it| schema.add_table(it));
    }
    super::normalize::normalize(&mut schema);
    Ok(schema)
}

/// `main` has no name to us.
fn schema_of(name: Option<&Ident>) -> Option<Ident> {
    name.filter(|it| !same_name(it, "main")).cloned()
}

/// The databases to look at, in the order of their names; each costs one query.
pub(super) async fn databases(
    connection: &mut Connection,
    scope: &Scope,
) -> Result<BTreeSet<Option<Ident>>> {
    Ok(match scope {
        Scope::Schemas(others) => {
            let others = others.iter().map(|it| schema_of(Some(&it.as_str().into())));
            std::iter::once(None).chain(others).collect()
        }
        Scope::Tables(tables) => tables
            .iter()
            .map(|it| schema_of(it.schema.as_ref()))
            .collect(),
        Scope::Everything => {
            let attached = "SELECT name FROM pragma_database_list WHERE name <> 'temp'";
            let mut names = BTreeSet::new();
            for row in connection.fetch(attached).await? {
                let name: String = row.get("name")?;
                names.insert(schema_of(Some(&name.into())));
            }
            names
        }
    })
}

pub(super) async fn objects(
    spell: &super::Sqlite,
    connection: &mut Connection,
    database: &Option<Ident>,
) -> Result<Vec<Object>> {
    let name = database.as_deref().unwrap_or("main");
    let (quoted, text) = (spell.quote(name)?, spell.string(name)?);
    let rows = connection
        .fetch(&format!(
            "WITH listed AS MATERIALIZED (
                SELECT name, type FROM pragma_table_list WHERE lower(schema) = lower({text})
            )
            SELECT object.type, object.name, object.tbl_name, object.sql, listed.type AS table_kind
            FROM {quoted}.sqlite_schema AS object
            LEFT JOIN listed ON object.type = 'table' AND listed.name = object.name
            WHERE object.sql IS NOT NULL AND object.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            ORDER BY object.rowid"
        ))
        .await?;
    rows.iter().map(object).collect()
}

fn object(row: &Row) -> Result<Object> {
    Ok(Object {
        kind: row.get("type")?,
        name: row.get("name")?,
        table: row.get("tbl_name")?,
        sql: row.get("sql")?,
        table_kind: row.get("table_kind")?,
    })
}

/// A table's name with what its statement says, or why it cannot be read.
type Read<'o> = (&'o Object, std::result::Result<TableText, String>);

/// The tables of one database that are wanted, each with its source.
pub(super) fn build(
    objects: &[Object],
    database: &Option<Ident>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Table>> {
    let tables: Vec<Read<'_>> = objects
        .iter()
        .filter(|it| it.kind == "table" && is_ordinary(it, objects))
        .map(|it| (it, TableText::parse(&it.sql)))
        .collect();
    let code: Vec<(&Object, BTreeSet<String>)> = objects
        .iter()
        .filter(|it| it.kind == "view" || it.kind == "trigger")
        .map(|it| (it, reads::tables(&it.sql)))
        .collect();
    let mut built = Vec::new();
    for (object, text) in tables.iter().filter(|it| wanted(&it.0.name)) {
        let name = QualifiedName {
            schema: database.clone(),
            name: object.name.as_str().into(),
        };
        let unreadable = |reason: &String| Error::Schema {
            operation: format!("inspect {name}"),
            reason: reason.clone(),
        };
        let text = text.as_ref().map_err(unreadable)?;
        let mut table = table(text, name.clone());
        let own = |it: &&Object| same_name(&it.table, &object.name);
        let mut source = source(&object.name, &code);
        source.definition = Some(object.sql.clone());
        source.referenced_by = references(&tables, &table);
        for index in objects.iter().filter(|it| it.kind == "index").filter(own) {
            let (_, read) = parse_index(&index.sql).map_err(|reason| unreadable(&reason))?;
            source.indexes.insert(read.name.clone(), index.sql.clone());
            table.indexes.push(read);
        }
        table.source = source;
        fill_references(&mut table, &tables);
        built.push(table);
    }
    Ok(built)
}

/// The suffixes of the tables in which SQLite's own modules keep their data. They are told by name only where the module is
/// not loaded; `pragma_table_list` knows them otherwise.
const SHADOWS: &[&str] = &[
    "data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "parent",
    "rowid",
];

fn is_ordinary(table: &Object, objects: &[Object]) -> bool {
    let shadow = || {
        let mut modules = objects.iter().filter(|it| is_virtual(it));
        modules.any(|module| {
            let suffix = table.name.strip_prefix(&format!("{}_", module.name));
            suffix.is_some_and(|it| SHADOWS.contains(&it))
        })
    };
    !is_virtual(table) && table.table_kind.as_deref() != Some("shadow") && !shadow()
}

fn is_virtual(object: &Object) -> bool {
    let mut words = object.sql.split_whitespace().skip(1);
    object.kind == "table"
        && words
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case("virtual"))
}

/// A table as its statement says it, before normalisation. Its constraints stand in the order of the text, those on columns
/// first: [`super::rebuild`] counts on it.
pub(super) fn table(text: &TableText, name: QualifiedName) -> Table {
    let mut table = Table::new(name);
    table.options = text.options.clone();
    for item in &text.items {
        if let What::Column(it) = &item.what {
            table.columns.push(column(text, it));
        }
        table
            .constraints
            .extend(item.constraints().map(|it| it.constraint.clone()));
    }
    for constraint in &mut table.constraints {
        if let Constraint::ForeignKey(key) = constraint {
            key.references.schema = table.name.schema.clone();
        }
    }
    not_rowids(text, &mut table);
    table
}

fn column(text: &TableText, it: &super::parse::ColumnText) -> Column {
    let declared = &text.sql[it.ty.clone()];
    let ty = match text.options.strict {
        true => types::parse(declared),
        false => types::as_declared(declared),
    };
    let canonical = types::canonical(&ty, text.options.strict);
    let mut column = Column::new(it.name.as_str(), ty);
    column.ty.canonical = Some(canonical);
    for clause in &it.clauses {
        match &clause.what {
            ClauseKind::NotNull(resolution) => {
                column.nullable = false;
                column.not_null_on_conflict = *resolution;
            }
            ClauseKind::Default(expr) => column.default = Some(expr.as_str().into()),
            ClauseKind::Collate(name) => column.collation = Some(name.clone()),
            ClauseKind::Generated { expr, stored } => {
                column.generated = Some(Generated {
                    expr: expr.as_str().into(),
                    stored: *stored,
                });
            }
            ClauseKind::Constraint(_) | ClauseKind::Null => {}
        }
    }
    column
}

/// A key of one integer column that is no alias of the rowid (`BIGINT PRIMARY KEY`) keeps its type by name: one of our integer
/// types there would say that the rows are numbered.
fn not_rowids(text: &TableText, table: &mut Table) {
    let alias = text.rowid_alias().map(|it| it.name.clone());
    let Some(key) = table.find_primary_key().cloned() else {
        return;
    };
    let [name] = key.columns.as_slice() else {
        return;
    };
    let declared = text.columns().find(|it| same_name(&it.name, name));
    let declared = declared.map_or("", |it| &text.sql[it.ty.clone()]);
    let column = table
        .columns
        .iter_mut()
        .find(|it| same_name(&it.name, name));
    if let Some(column) = column.filter(|it| it.ty.written.is_integer())
        && alias.is_none()
        && !text.options.without_rowid
    {
        let canonical = declared.to_ascii_uppercase();
        column.ty = Spelled::canonical(Type::Custom(declared.to_string()), canonical);
    }
}

/// The triggers of a table, and what else mentions it, directly or through views.
fn source(table: &str, code: &[(&Object, BTreeSet<String>)]) -> Source {
    let mut source = Source::default();
    let mut involved: BTreeSet<String> = [table.to_ascii_lowercase()].into();
    loop {
        let views = code.iter().filter(|(it, names)| {
            it.kind == "view"
                && !involved.contains(&it.name.to_ascii_lowercase())
                && !names.is_disjoint(&involved)
        });
        let found: Vec<String> = views.map(|(it, _)| it.name.to_ascii_lowercase()).collect();
        if found.is_empty() {
            break;
        }
        involved.extend(found);
    }
    for (object, names) in code {
        let dependent = Dependent {
            kind: if object.kind == "view" {
                "view"
            } else {
                "trigger"
            },
            name: object.name.as_str().into(),
            sql: object.sql.clone(),
        };
        if object.kind == "trigger" && same_name(&object.table, table) {
            source.triggers.push(dependent);
        } else if !names.is_disjoint(&involved) {
            source.dependents.push(dependent);
        }
    }
    source
}

/// The foreign keys of all tables that point to this one. A table that cannot be read counts if it may have one.
fn references(tables: &[Read<'_>], to: &Table) -> Vec<(QualifiedName, ForeignKey)> {
    let mut found = Vec::new();
    for (object, text) in tables {
        let from = to.name.renamed(object.name.as_str());
        let points_here = |key: &&ForeignKey| same_name(&key.references.name, &to.name.name);
        match text {
            Ok(text) => {
                let keys = text.constraints().filter_map(|it| match &it.constraint {
                    Constraint::ForeignKey(key) => Some(key),
                    _ => None,
                });
                found.extend(
                    keys.filter(points_here)
                        .map(|key| (from.clone(), key.clone())),
                );
            }
            Err(_) if super::text::mentions(&object.sql, &to.name.name) => {
                let none = Vec::<Ident>::new();
                let key = ForeignKey::new(none.clone(), to.name.clone(), none);
                found.push((from, key));
            }
            Err(_) => {}
        }
    }
    for (_, key) in &mut found {
        key.references = to.name.clone();
        if key.referred.is_empty() {
            let primary = to.find_primary_key();
            key.referred = primary.map_or_else(Vec::new, |it| it.columns.clone());
        }
    }
    found
}

/// A foreign key that names no columns means the primary key of its parent, which may lie outside of what is inspected.
fn fill_references(table: &mut Table, tables: &[Read<'_>]) {
    for constraint in &mut table.constraints {
        let Constraint::ForeignKey(key) = constraint else {
            continue;
        };
        let parent = tables
            .iter()
            .find(|it| same_name(&it.0.name, &key.references.name));
        let Some((object, Ok(text))) = parent else {
            continue;
        };
        key.references.name = object.name.as_str().into();
        if key.referred.is_empty() {
            let primary = text.constraints().find_map(|it| match &it.constraint {
                Constraint::PrimaryKey(it) => Some(it.columns.clone()),
                _ => None,
            });
            key.referred = primary.unwrap_or_default();
        }
    }
}
