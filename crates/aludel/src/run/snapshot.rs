//! What there is in a database, or in what stands for one, as one value: to be kept, shown and compared.

use super::autogenerate;
use super::state::State;
use crate::db::{Connection, Kind};
use crate::dialect::{self, Dialect, Scope};
use crate::error::Result;
use crate::ops::Operation;
use crate::schema::{Ident, Object, ObjectKind, QualifiedName, Schema};
use crate::sql::terminated;
use std::collections::BTreeSet;
use std::sync::Arc;

mod json;

/// What to look at in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The schemas to look at beside the default one; none for all schemas of the database.
    pub schemas: Option<Vec<String>>,
    /// The version table, which is no part of the schema. Neither are the tables whose names begin with `aludel_`.
    pub version_table: QualifiedName,
}

impl Default for Look {
    /// Everything but the usual version table.
    fn default() -> Self {
        Self {
            schemas: None,
            version_table: super::Options::default().version_table,
        }
    }
}

/// The schema of a database at one moment, in normal form and in the database's own words.
///
/// ```
/// use aludel::db::Kind;
/// use aludel::run::Snapshot;
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let mut schema = Schema::default();
/// schema.add_table(Table::new("patients").column(Column::new("id", Type::Integer).primary_key()));
/// let snapshot = Snapshot { kind: Kind::Sqlite, release: "3".into(), schema };
/// assert_eq!(Snapshot::from_json("dump.json", &snapshot.to_json())?, snapshot);
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Which database it is from.
    pub kind: Kind,
    /// The release of its server, as far as definitions look different in others: `15`, `10.11`.
    pub release: String,
    /// What there is.
    pub schema: Schema,
}

impl Snapshot {
    /// What is in the connected database.
    ///
    /// # Errors
    /// [`crate::Error::Database`] with what the database said.
    pub async fn of(connection: &mut Connection, look: &Look) -> Result<Self> {
        let dialect = dialect::of_connection(connection).await?;
        let scope = match &look.schemas {
            Some(schemas) => Scope::Schemas(schemas.clone()),
            None => dialect.whole(),
        };
        let mut release = String::new();
        for row in connection.fetch(dialect.release()).await? {
            release = row.at(0)?;
        }
        let mut schema = dialect.inspect(connection, &scope).await?;
        let kinds = BTreeSet::from(ObjectKind::ALL);
        dialect
            .inspect_objects(connection, &scope, &kinds, &mut schema)
            .await?;
        dialect
            .inspect_comments(connection, &scope, &mut schema)
            .await?;
        let parted = schema.tables.values();
        for table in parted.filter(|it| it.options.partition_by.is_some()) {
            tracing::warn!(
                target: "aludel::run",
                "The partitions of {} are left out: they come and go with its rows",
                table.name
            );
        }
        let default = autogenerate::default_schema(&*dialect, connection).await?;
        let version_table = autogenerate::unqualified(&look.version_table, default.as_deref());
        autogenerate::leave_own_alone(&mut schema, &version_table);
        Ok(Self::new(connection.kind(), release, schema, &*dialect))
    }

    /// The schemas that anything is in are there, whether or not they were looked for by themselves.
    pub(super) fn new(
        kind: Kind,
        release: String,
        mut schema: Schema,
        dialect: &dyn Dialect,
    ) -> Self {
        if dialect.features().schemas {
            let named = named_schemas(&schema);
            schema.objects.schemas.extend(named);
        }
        Self {
            kind,
            release,
            schema,
        }
    }

    /// Forgets what is in other schemas than the default one and these.
    pub(super) fn keep_schemas(&mut self, schemas: &BTreeSet<Ident>) {
        let is_kept = |name: &QualifiedName| {
            let schema = name.schema.as_ref();
            schema.is_none_or(|it| schemas.contains(it))
        };
        let schema = &mut self.schema;
        schema.tables.retain(|name, _| is_kept(name));
        schema.enums.retain(|name, _| is_kept(name));
        let objects = &mut schema.objects;
        objects.schemas.retain(|name| schemas.contains(name));
        objects.sequences.retain(|name, _| is_kept(name));
        objects.views.retain(|name, _| is_kept(name));
        objects.functions.retain(|(name, _), _| is_kept(name));
        objects.triggers.retain(|(table, _), _| is_kept(table));
        objects.domains.retain(|name, _| is_kept(name));
        objects.policies.retain(|(table, _), _| is_kept(table));
        objects.row_security.retain(|table, _| is_kept(table));
        objects.comments.retain(|object, _| match object {
            Object::Schema(name) => schemas.contains(name),
            object => object.qualified().is_none_or(is_kept),
        });
    }

    /// The definitions as a script for the database's own client, which makes the same schema in an empty database; `dialect` is
    /// that of the database.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`] for what the dialect cannot say.
    pub async fn script(&self, dialect: Arc<dyn Dialect>) -> Result<String> {
        let empty = Schema::default();
        let mut operations = dialect::difference(&*dialect, &empty, &self.schema);
        say_at_once(&mut operations, &*dialect);
        let state = State::empty(dialect.clone()).await?;
        scripted(state, &*dialect, &operations).await
    }
}

/// Foreign keys that close a circle come when all tables are there. Where a table would be rebuilt for that, its key may as well
/// refer to what is not there yet, and is said with the table.
fn say_at_once(operations: &mut Vec<Operation>, dialect: &dyn Dialect) {
    let is_late =
        |it: &Operation| matches!(it, Operation::CreateForeignKey(_)) && dialect.rebuilds(it);
    let (late, mut kept): (Vec<_>, Vec<_>) = operations.drain(..).partition(is_late);
    for operation in late {
        let Operation::CreateForeignKey(it) = &operation else {
            continue;
        };
        let table = kept.iter_mut().find_map(|kept| match kept {
            Operation::CreateTable(created) if created.table.name == it.table => Some(created),
            _ => None,
        });
        match table {
            Some(created) => created.table.constraints.push(it.key.clone().into()),
            None => kept.push(operation),
        }
    }
    *operations = kept;
}

/// Operations as a script for the database's own client, from that state on.
pub(super) async fn scripted(
    mut state: State,
    dialect: &dyn Dialect,
    operations: &[Operation],
) -> Result<String> {
    let mut statements: Vec<String> = Vec::new();
    for operation in operations {
        let spelled = state.spell(operation).await?;
        statements.extend(spelled.into_iter().map(|it| it.sql));
    }
    if statements.is_empty() {
        return Ok(String::new());
    }
    let start = dialect.script_start().iter();
    let mut script: Vec<String> = start.map(ToString::to_string).collect();
    let rebuilds = operations.iter().any(|it| dialect.rebuilds(it));
    let (first, last) = match dialect.features().around_rebuild.filter(|_| rebuilds) {
        Some((first, last)) => (Some(first.to_string()), Some(last.to_string())),
        None => (None, None),
    };
    script.extend(first);
    script.extend(statements);
    script.extend(last);
    let mut out = String::new();
    for statement in script {
        let blank = if out.is_empty() { "" } else { "\n" };
        let text = terminated(&statement, dialect.flavor()).map_err(|it| it.to_string())?;
        out += &format!("{blank}{text}\n");
    }
    Ok(out)
}

/// The schemas that the names of a schema's tables, types and other objects speak of.
pub(super) fn named_schemas(schema: &Schema) -> BTreeSet<Ident> {
    let tables = schema.tables.keys().map(|it| it.schema.clone());
    let enums = schema.enums.keys().map(|it| it.schema.clone());
    let objects = schema.declared();
    let objects = objects.keys().map(|it| it.qualified()?.schema.clone());
    tables.chain(enums).chain(objects).flatten().collect()
}
