//! A database in which a call makes sense, derived from the call; and the same database as the call asks for it afterwards.

use crate::calls::{self, table_of};
use crate::guess::{self, Guess, names_in};
use crate::vector::{Reader, Vector, list};
use aludel::ops::{CreateEnum, Operation};
use aludel::schema::{
    Column, Constraint, Enum, ForeignKey, Ident, Index, IndexKey, PrimaryKey, QualifiedName, Table,
    Type, Unique,
};
use std::collections::{BTreeMap, BTreeSet};

/// What there is before a call, or after it.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) tables: Vec<Table>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) schemas: BTreeSet<String>,
    pub(crate) tablespaces: BTreeSet<String>,
    /// New names of tables and columns, by the old ones.
    pub(crate) renamed: BTreeMap<String, String>,
}

impl World {
    /// What the call needs, with the types that nobody says guessed in one of several ways.
    pub(crate) fn before(reader: &Reader<'_>, vector: &Vector, guess: Guess) -> Self {
        let mut world = Self::default();
        match vector.op() {
            "batch_alter_table" => {
                if let Some(from) = vector.args().get("copy_from") {
                    world.add(reader.table(from).0);
                }
                for (op, args) in calls::batch_calls(reader, vector.args(), false) {
                    world.prepare(reader, &op, &args, guess);
                }
            }
            op => world.prepare(reader, op, vector.args(), guess),
        }
        world.complete(reader);
        world
    }

    /// What the call asks for, in words of its own: nothing here knows how a database gets there.
    pub(crate) fn after(&self, reader: &Reader<'_>, vector: &Vector) -> Self {
        let mut world = self.clone();
        match vector.op() {
            "batch_alter_table" => {
                let args = vector.args();
                for (op, inner) in calls::batch_calls(reader, args, true) {
                    world.change(reader, &op, &inner);
                }
                let order = calls::reordered(args);
                let table = table_of(args);
                let table = world.table(&table);
                for constraint in list(&args["table_args"])
                    .iter()
                    .filter(|_| calls::recreates(reader, args))
                {
                    let name = table.name.clone();
                    table.constraints.push(reader.constraint(&name, constraint));
                }
                table
                    .columns
                    .sort_by_key(|it| order.iter().position(|name| it.name == *name.as_str()));
            }
            op => world.change(reader, op, vector.args()),
        }
        world.complete(reader);
        world
    }

    /// The operations that create it, referenced tables first.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let enums = self
            .enums
            .iter()
            .map(|ty| CreateEnum { ty: ty.clone() }.into());
        let tables = self
            .ordered()
            .into_iter()
            .map(|it| calls::creating(it.clone()));
        enums.chain(tables).collect()
    }

    /// The tables, those that others refer to first.
    fn ordered(&self) -> Vec<&Table> {
        let mut left: Vec<&Table> = self.tables.iter().collect();
        let mut ordered = Vec::new();
        while !left.is_empty() {
            let names: Vec<&QualifiedName> = left.iter().map(|it| &it.name).collect();
            let waits = |it: &&Table| {
                it.foreign_keys()
                    .any(|key| key.references != it.name && names.contains(&&key.references))
            };
            let (later, now): (Vec<&Table>, Vec<&Table>) = left.iter().partition(|it| waits(it));
            // Tables that refer to each other have no order.
            let circle = now.is_empty();
            ordered.extend(if circle { later.clone() } else { now });
            left = if circle { Vec::new() } else { later };
        }
        ordered
    }

    /// Statements that fill its tables.
    pub(crate) fn rows(&self, reader: &Reader<'_>) -> Vec<String> {
        self.ordered()
            .into_iter()
            .flat_map(|it| guess::rows(reader, it, it, &self.renamed))
            .collect()
    }

    /// Statements that put the rows of another world, from which this one came, into its tables.
    pub(crate) fn rows_of(&self, reader: &Reader<'_>, before: &Self) -> Vec<String> {
        let called = |table: &Table| {
            let renamed = self.renamed.get(table.name.name.as_str());
            renamed.map_or(table.name.clone(), |it| table.name.renamed(it.as_str()))
        };
        let mut statements = Vec::new();
        for into in self.ordered() {
            let was = before.tables.iter().find(|it| called(it) == into.name);
            statements.extend(
                was.into_iter()
                    .flat_map(|it| guess::rows(reader, it, into, &self.renamed)),
            );
        }
        statements
    }

    pub(crate) fn add(&mut self, table: Table) {
        if !self.tables.iter().any(|it| it.name == table.name) {
            self.tables.push(table);
        }
    }

    /// The table of that name; made if it is not there.
    pub(crate) fn table(&mut self, name: &QualifiedName) -> &mut Table {
        if let Some(at) = self.tables.iter().position(|it| it.name == *name) {
            return &mut self.tables[at];
        }
        self.tables.push(Table::new(name.clone()));
        self.tables.last_mut().unwrap()
    }

    pub(crate) fn column(&mut self, table: &QualifiedName, name: &str, ty: Type) {
        let table = self.table(table);
        if !table.has_column(name) {
            table.columns.push(Column::new(name, ty));
        }
    }

    /// A table with a key of its own, so that rows can be told from each other.
    pub(crate) fn keyed(&mut self, name: &QualifiedName) {
        let table = self.table(name);
        if table.columns.is_empty() {
            *table = Table::new(name.clone())
                .column(Column::new("id", Type::Integer).not_null())
                .constraint(PrimaryKey::new(["id"]));
        }
    }

    /// Referenced tables with the referenced columns as a key, schemas, enum types, tablespaces.
    fn complete(&mut self, reader: &Reader<'_>) {
        let keys: Vec<(ForeignKey, Table)> = self
            .tables
            .iter()
            .flat_map(|it| it.foreign_keys().map(|key| (key.clone(), it.clone())))
            .collect();
        for (key, table) in keys {
            self.refer(&key, &table);
        }
        for table in self.tables.clone() {
            self.surroundings(reader, &table);
        }
    }

    /// What a key refers to.
    pub(crate) fn refer(&mut self, key: &ForeignKey, table: &Table) {
        let own = key.references == table.name;
        for (column, referred) in key.columns.iter().zip(&key.referred) {
            let ty = table.find_column(column).map(|it| it.ty.written.clone());
            let ty = match ty {
                Some(Type::Custom(serial)) if serial == "BIGSERIAL" => Type::BigInteger,
                Some(Type::Custom(serial)) if serial.ends_with("SERIAL") => Type::Integer,
                Some(ty) => ty,
                None => Type::Integer,
            };
            if !own || !table.columns.is_empty() {
                self.column(&key.references, referred, ty);
            }
        }
        let target = self.table(&key.references);
        let is_key = |columns: &[Ident]| columns == key.referred.as_slice();
        let known = target.constraints.iter().any(|it| {
            matches!(it, Constraint::PrimaryKey(_) | Constraint::Unique(_)) && is_key(it.columns())
        });
        if !known && target.find_primary_key().is_none() {
            for column in &key.referred {
                if let Some(column) = target.find_column_mut(column) {
                    column.nullable = false;
                }
            }
            target
                .constraints
                .push(PrimaryKey::new(key.referred.clone()).into());
        } else if !known {
            target
                .constraints
                .push(Unique::new(key.referred.clone()).into());
        }
    }

    pub(crate) fn surroundings(&mut self, reader: &Reader<'_>, table: &Table) {
        self.schemas
            .extend(table.name.schema.iter().map(ToString::to_string));
        self.tablespaces
            .extend(table.options.tablespace.iter().map(ToString::to_string));
        self.tablespaces.extend(
            table
                .indexes
                .iter()
                .filter_map(|it| it.tablespace.as_ref())
                .map(ToString::to_string),
        );
        for column in &table.columns {
            self.of_type(reader, &column.ty.written);
        }
    }

    pub(crate) fn of_type(&mut self, reader: &Reader<'_>, ty: &Type) {
        if let Some(ty) = ty.as_enum().filter(|_| reader.is("postgresql")) {
            self.schemas
                .extend(ty.name.schema.iter().map(ToString::to_string));
            if !self.enums.iter().any(|it| it.name == ty.name) {
                self.enums.push(ty.clone());
            }
        }
    }
}

/// The columns of an index, those in its expressions and its predicate too.
pub(crate) fn columns_of_index(index: &Index) -> Vec<String> {
    let mut columns = Vec::new();
    for part in &index.parts {
        match &part.key {
            IndexKey::Column(name) => columns.push(name.to_string()),
            IndexKey::Expr(expr) => columns.extend(names_in(expr.written.as_str())),
        }
    }
    columns.extend(index.include.iter().map(ToString::to_string));
    columns.extend(
        index
            .predicate
            .iter()
            .flat_map(|it| names_in(it.written.as_str())),
    );
    columns
}
