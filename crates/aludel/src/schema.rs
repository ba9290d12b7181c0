//! NOUNS: what a database holds, as plain values.
//!
//! Models, inspected databases, autogenerate and revisions all speak in these types, and in no others. This room knows no
//! dialect, no SQL compiler and no connection: it only says what there is.

use std::collections::BTreeMap;

mod column;
mod constraint;
mod declared;
mod domain;
mod exclude;
mod extension;
mod former;
mod function;
mod holds;
mod index;
mod kind;
mod metadata;
mod name;
mod object;
mod objects;
mod options;
mod policy;
mod sequence;
mod table;
mod trigger;
mod types;
mod vendor;
mod view;

pub use column::{Column, Generated, Identity};
pub use constraint::{
    Action, Check, Constraint, Deferrable, ForeignKey, OnConflict, PrimaryKey, Unique,
};
pub use declared::Declared;
pub use domain::Domain;
pub use exclude::{Exclude, ExcludeElement};
pub use extension::Extension;
pub use former::Former;
pub use function::Function;
pub use holds::Holds;
pub use index::{Index, IndexClass, IndexKey, IndexPart, Nulls};
pub use kind::{NoKind, ObjectKind};
pub use metadata::{Metadata, MetadataError, Model};
pub use name::{Ident, NamingConvention, QualifiedName};
pub use object::Object;
pub use objects::Objects;
pub use options::{PartitionOf, Position, TableOptions};
pub use policy::{Policy, PolicyCommand, RowSecurity};
pub use sequence::Sequence;
pub use table::{Dependent, Source, Table};
pub use trigger::{Fires, Timing, Trigger, TriggerEvent};
pub use types::{Enum, Expr, Spelled, SqlType, Type};
pub use vendor::{MysqlType, PostgresType};
pub use view::{View, ViewCheck, ViewIndexes};

/// The tables, enum types and other objects of a database, or of a set of models.
///
/// ```
/// use aludel::schema::{Column, Schema, Table, Type};
///
/// let mut schema = Schema::default();
/// schema.add_table(Table::new("patients").column(Column::new("id", Type::Integer).primary_key()));
/// assert!(schema.table("patients").is_some());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// Tables by name.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// Enum types by name.
    pub enums: BTreeMap<QualifiedName, Enum>,
    /// Everything else.
    pub objects: Objects,
}

impl Schema {
    /// Adds a table, replacing one of the same name.
    pub fn add_table(&mut self, table: Table) {
        self.tables.insert(table.name.clone(), table);
    }

    /// Adds an enum type, replacing one of the same name.
    pub fn add_enum(&mut self, ty: Enum) {
        self.enums.insert(ty.name.clone(), ty);
    }

    /// The table of that name, if there is one.
    pub fn table(&self, name: impl Into<QualifiedName>) -> Option<&Table> {
        self.tables.get(&name.into())
    }

    /// The enum type of that name, if there is one.
    pub fn enumeration(&self, name: impl Into<QualifiedName>) -> Option<&Enum> {
        self.enums.get(&name.into())
    }
}

/// Whether a field is as it is where nothing was said of it, so that a dump leaves it out.
fn absent<T: Default + PartialEq>(it: &T) -> bool {
    *it == T::default()
}
