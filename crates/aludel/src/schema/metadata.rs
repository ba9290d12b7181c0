//! Metadata: the models of an application, gathered.

use super::{Declared, NamingConvention, QualifiedName, Schema, Table};
use std::collections::BTreeSet;

/// A Rust type that declares a table. `#[derive(Table)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no model",
    note = "make it one with `#[derive(Table)]`, or implement `aludel::schema::Model`"
)]
pub trait Model {
    /// The table, with everything that the attributes say.
    fn table() -> Table;
}

/// The tables that an application declares, with every constraint and index named.
///
/// Made by `metadata![Patient, Visit]`, by `Metadata::registered()` (feature `registered`), or by hand. What is wrong with
/// it is found by [`Metadata::schema`], so that building it stays plain.
///
/// ```
/// use aludel::schema::{Column, Metadata, Table, Type};
///
/// let metadata = Metadata::new().table(
///     Table::new("patients").column(Column::new("id", Type::Integer).primary_key()),
/// );
/// let schema = metadata.schema().unwrap();
/// assert!(schema.table("patients").unwrap().has_constraint("pk_patients"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    tables: Vec<Table>,
    pub(super) objects: Vec<Declared>,
    naming: NamingConvention,
}

/// What makes a set of models impossible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// Two models declare the same table.
    #[error("the table `{table}` is declared twice")]
    DuplicateTable {
        /// The table.
        table: QualifiedName,
    },
    /// A column stands twice in a table.
    #[error("the table `{table}` has two columns `{column}`")]
    DuplicateColumn {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: String,
    },
    /// A foreign key names a table that is not among the models.
    #[error("`{table}` has a foreign key to `{references}`, which is not among the models")]
    UnknownTable {
        /// The referencing table.
        table: QualifiedName,
        /// What it references.
        references: QualifiedName,
        /// The tables that there are.
        known: Vec<QualifiedName>,
    },
    /// A table inherits from, or is a part of, one that is not among the models.
    #[error("`{table}` has its columns from `{parent}`, which is not among the models")]
    UnknownParent {
        /// The table.
        table: QualifiedName,
        /// Where it has its columns from.
        parent: QualifiedName,
    },
    /// A constraint or index names a column that its table does not have.
    #[error("{what} of `{table}` names the column `{column}`, which `{owner}` does not have")]
    UnknownColumn {
        /// The table of the constraint.
        table: QualifiedName,
        /// The table that lacks the column.
        owner: QualifiedName,
        /// The column.
        column: String,
        /// What names it.
        what: &'static str,
    },
    /// A foreign key whose two sides have different lengths.
    #[error(
        "a foreign key of `{table}` to `{references}` has {here} columns here and {there} there"
    )]
    Lengths {
        /// The referencing table.
        table: QualifiedName,
        /// What it references.
        references: QualifiedName,
        /// Columns on this side.
        here: usize,
        /// Columns on the other side.
        there: usize,
    },
    /// Two enum types share a name and differ in values.
    #[error("the enum type `{name}` is declared twice, with different values")]
    EnumConflict {
        /// The type.
        name: QualifiedName,
    },
    /// Two objects share a name.
    #[error("the {object} is declared twice")]
    DuplicateObject {
        /// What it is and how it is called.
        object: String,
    },
    /// A primary key that is said twice.
    #[error("the table `{table}` has two primary keys")]
    TwoPrimaryKeys {
        /// The table.
        table: QualifiedName,
    },
}

impl Metadata {
    /// No tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table.
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Adds a model's table.
    pub fn model<M: Model>(self) -> Self {
        self.table(M::table())
    }

    /// Names what has no name by another convention than the default one.
    pub fn naming_convention(mut self, convention: NamingConvention) -> Self {
        self.naming = convention;
        self
    }

    /// Whether nothing was declared. An application that links no model crate registers none, and comparing nothing
    /// with a database would drop every table of it.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.objects.is_empty()
    }

    /// The schema that the models declare: constraints named, enum types gathered, references checked.
    ///
    /// # Errors
    /// The first [`MetadataError`], in the order of declaration.
    pub fn schema(&self) -> Result<Schema, MetadataError> {
        let mut schema = Schema::default();
        for table in &self.tables {
            if schema.tables.contains_key(&table.name) {
                return Err(MetadataError::DuplicateTable {
                    table: table.name.clone(),
                });
            }
            let mut table = table.clone();
            table.apply_naming(&self.naming);
            collect_enums(&mut schema, &table)?;
            schema.add_table(table);
        }
        for object in &self.objects {
            if !object.put(&mut schema) {
                let object = object.name();
                return Err(MetadataError::DuplicateObject { object });
            }
        }
        for table in &self.tables {
            check_table(&schema, table)?;
        }
        Ok(schema)
    }
}

fn collect_enums(schema: &mut Schema, table: &Table) -> Result<(), MetadataError> {
    for ty in table
        .columns
        .iter()
        .filter_map(|it| it.ty.written.as_enum())
    {
        match schema.enums.get(&ty.name) {
            Some(known) if known.values != ty.values => {
                return Err(MetadataError::EnumConflict {
                    name: ty.name.clone(),
                });
            }
            Some(_) => {}
            None => schema.add_enum(ty.clone()),
        }
    }
    Ok(())
}

fn check_table(schema: &Schema, table: &Table) -> Result<(), MetadataError> {
    let mut seen = BTreeSet::new();
    for column in &table.columns {
        if !seen.insert(&column.name) {
            return Err(MetadataError::DuplicateColumn {
                table: table.name.clone(),
                column: column.name.to_string(),
            });
        }
    }
    if let Some(parent) = parents(table).find(|it| !schema.tables.contains_key(*it)) {
        return Err(MetadataError::UnknownParent {
            table: table.name.clone(),
            parent: parent.clone(),
        });
    }
    let keys = |it: &&super::Constraint| matches!(it, super::Constraint::PrimaryKey(_));
    if table.constraints.iter().filter(keys).count() > 1 {
        return Err(MetadataError::TwoPrimaryKeys {
            table: table.name.clone(),
        });
    }
    for constraint in &table.constraints {
        for column in constraint.columns() {
            check_column(schema, table, table, column, "a constraint")?;
        }
    }
    for index in &table.indexes {
        let columns = index.parts.iter().filter_map(|it| it.as_column());
        for column in columns.chain(&index.include) {
            check_column(schema, table, table, column, "an index")?;
        }
    }
    for key in table.foreign_keys() {
        let Some(target) = schema.tables.get(&key.references) else {
            return Err(MetadataError::UnknownTable {
                table: table.name.clone(),
                references: key.references.clone(),
                known: schema.tables.keys().cloned().collect(),
            });
        };
        if key.columns.len() != key.referred.len() {
            return Err(MetadataError::Lengths {
                table: table.name.clone(),
                references: key.references.clone(),
                here: key.columns.len(),
                there: key.referred.len(),
            });
        }
        for column in &key.referred {
            check_column(schema, table, target, column, "a foreign key")?;
        }
    }
    Ok(())
}

/// The tables that a table has columns from.
fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let options = &table.options;
    let whole = options.partition_of.iter().map(|it| &it.parent);
    whole.chain(&options.inherits)
}

/// Whether a table has a column, of its own or of one that it inherits from or is a part of.
fn has_column(schema: &Schema, table: &Table, column: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![table];
    while let Some(table) = waiting.pop() {
        if table.has_column(column) {
            return true;
        }
        if seen.insert(&table.name) {
            waiting.extend(parents(table).filter_map(|it| schema.tables.get(it)));
        }
    }
    false
}

fn check_column(
    schema: &Schema,
    table: &Table,
    owner: &Table,
    column: &str,
    what: &'static str,
) -> Result<(), MetadataError> {
    if has_column(schema, owner, column) {
        return Ok(());
    }
    Err(MetadataError::UnknownColumn {
        table: table.name.clone(),
        owner: owner.name.clone(),
        column: column.to_string(),
        what,
    })
}
