//! A database in which a call makes sense, derived from the call; and the same database as the call asks for it afterwards.

use crate::calls::{self, table_of};
use crate::guess::{self, Guess, names_in, type_of};
use crate::nouns::{self, qualified};
use crate::vector::{Reader, Vector, flag, list, plain, text};
use aludel::ops::{CreateEnum, Operation};
use aludel::schema::{
    Check, Column, Constraint, Enum, ForeignKey, Generated, Ident, Index, IndexKey, PrimaryKey, QualifiedName, Table, Type, Unique,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What there is before a call, or after it.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) tables: Vec<Table>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) schemas: BTreeSet<String>,
    pub(crate) tablespaces: BTreeSet<String>,
    /// New names of tables and columns, by the old ones.
    renamed: BTreeMap<String, String>,
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
                for (op, args) in calls::batch_calls(vector.args()) {
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
                for (op, inner) in calls::batch_calls(args) {
                    world.change(reader, &op, &inner);
                }
                let order = calls::reordered(args);
                let table = table_of(args);
                let table = world.table(&table);
                for constraint in list(&args["table_args"]).iter().filter(|_| calls::recreates(reader, args)) {
                    let name = table.name.clone();
                    table.constraints.push(reader.constraint(&name, constraint));
                }
                table.columns.sort_by_key(|it| order.iter().position(|name| it.name == *name.as_str()));
            }
            op => world.change(reader, op, vector.args()),
        }
        world.complete(reader);
        world
    }

    /// The operations that create it, referenced tables first.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let enums = self.enums.iter().map(|ty| CreateEnum { ty: ty.clone() }.into());
        let tables = self.ordered().into_iter().map(|it| calls::creating(it.clone()));
        enums.chain(tables).collect()
    }

    /// The tables, those that others refer to first.
    fn ordered(&self) -> Vec<&Table> {
        let mut left: Vec<&Table> = self.tables.iter().collect();
        let mut ordered = Vec::new();
        while !left.is_empty() {
            let names: Vec<&QualifiedName> = left.iter().map(|it| &it.name).collect();
            let waits = |it: &&Table| it.foreign_keys().any(|key| key.references != it.name && names.contains(&&key.references));
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
        self.ordered().into_iter().flat_map(|it| guess::rows(reader, it, it, &self.renamed)).collect()
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
            statements.extend(was.into_iter().flat_map(|it| guess::rows(reader, it, into, &self.renamed)));
        }
        statements
    }

    fn add(&mut self, table: Table) {
        if !self.tables.iter().any(|it| it.name == table.name) {
            self.tables.push(table);
        }
    }

    /// The table of that name; made if it is not there.
    fn table(&mut self, name: &QualifiedName) -> &mut Table {
        if let Some(at) = self.tables.iter().position(|it| it.name == *name) {
            return &mut self.tables[at];
        }
        self.tables.push(Table::new(name.clone()));
        self.tables.last_mut().unwrap()
    }

    fn column(&mut self, table: &QualifiedName, name: &str, ty: Type) {
        let table = self.table(table);
        if !table.has_column(name) {
            table.columns.push(Column::new(name, ty));
        }
    }

    /// A table with a key of its own, so that rows can be told from each other.
    fn keyed(&mut self, name: &QualifiedName) {
        let table = self.table(name);
        if table.columns.is_empty() {
            *table = Table::new(name.clone())
                .column(Column::new("id", Type::Integer).not_null())
                .constraint(PrimaryKey::new(["id"]));
        }
    }

    /// Referenced tables with the referenced columns as a key, schemas, enum types, tablespaces.
    fn complete(&mut self, reader: &Reader<'_>) {
        let keys: Vec<(ForeignKey, Table)> =
            self.tables.iter().flat_map(|it| it.foreign_keys().map(|key| (key.clone(), it.clone()))).collect();
        for (key, table) in keys {
            self.refer(&key, &table);
        }
        for table in self.tables.clone() {
            self.surroundings(reader, &table);
        }
    }

    /// What a key refers to.
    fn refer(&mut self, key: &ForeignKey, table: &Table) {
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
            target.constraints.push(PrimaryKey::new(key.referred.clone()).into());
        } else if !known {
            target.constraints.push(Unique::new(key.referred.clone()).into());
        }
    }

    fn surroundings(&mut self, reader: &Reader<'_>, table: &Table) {
        self.schemas.extend(table.name.schema.iter().map(ToString::to_string));
        self.tablespaces.extend(table.options.tablespace.iter().map(ToString::to_string));
        self.tablespaces.extend(table.indexes.iter().filter_map(|it| it.tablespace.as_ref()).map(ToString::to_string));
        for column in &table.columns {
            self.of_type(reader, &column.ty.written);
        }
    }

    fn of_type(&mut self, reader: &Reader<'_>, ty: &Type) {
        if let Some(ty) = ty.as_enum().filter(|_| reader.is("postgresql")) {
            self.schemas.extend(ty.name.schema.iter().map(ToString::to_string));
            if !self.enums.iter().any(|it| it.name == ty.name) {
                self.enums.push(ty.clone());
            }
        }
    }

    /// What must be there so that a call makes sense.
    fn prepare(&mut self, reader: &Reader<'_>, op: &str, args: &Value, guess: Guess) {
        let name = table_of(args);
        match op {
            "create_table" => self.before_create(reader, args),
            "bulk_insert" | "execute_update" => {
                let mut bare = args["table"].clone();
                bare["constraints"] = json!([]);
                self.add(reader.table(&bare).0);
            }
            "execute" => self.before_execute(reader, args, guess),
            "add_column" => self.before_add(reader, &name, args, guess),
            "alter_column" => {
                self.keyed(&name);
                let column = before_alter(reader, args, guess);
                for needed in column.generated.iter().flat_map(|it| names_in(it.expr.written.as_str())) {
                    self.column(&name, &needed, Type::Integer);
                }
                let table = self.table(&name);
                if !table.has_column(&column.name) {
                    if column.identity.is_some() && reader.is_mysql() {
                        table.constraints.push(Unique::new([column.name.clone()]).into());
                    }
                    table.columns.push(column);
                }
                // The type that the column is to have is there as well.
                if let Some(ty) = args.get("type") {
                    self.of_type(reader, &reader.ty(ty).ty);
                }
            }
            "drop_column" => {
                self.keyed(&name);
                self.column(&name, &nouns::name(&args["column"]), guess.text());
            }
            "create_index" => {
                self.keyed(&name);
                let index = reader.index(&name, args);
                self.tablespaces.extend(index.tablespace.iter().map(ToString::to_string));
                for column in columns_of_index(&index) {
                    self.column(&name, &column, type_of(reader, args, &column, guess));
                    if index.class == Some(aludel::schema::IndexClass::Spatial) {
                        let column = self.table(&name).find_column_mut(&column);
                        column.unwrap().nullable = false;
                    }
                }
            }
            "drop_index" => {
                self.keyed(&name);
                let index = nouns::name(&args["name"]);
                if !self.table(&name).has_index(&index) {
                    self.column(&name, "indexed", Type::Integer);
                    self.table(&name).indexes.push(Index::new(index, ["indexed"]));
                }
            }
            "drop_constraint" => self.before_drop_constraint(reader, &name, args),
            "create_table_comment" | "drop_table_comment" => {
                self.keyed(&name);
                let existing = text(args, "existing_comment").unwrap_or("as it was");
                self.table(&name).comment = (!reader.is("sqlite")).then(|| existing.to_owned());
            }
            "drop_table" | "rename_table" => self.keyed(&name),
            _ => self.before_constraint(reader, op, args, guess),
        }
    }

    fn before_create(&mut self, reader: &Reader<'_>, args: &Value) {
        let (table, created) = reader.table(&args["table"]);
        for key in table.foreign_keys().filter(|it| it.references != table.name) {
            self.refer(key, &table);
        }
        for parent in &table.options.inherits {
            self.keyed(parent);
        }
        let before = self.enums.clone();
        self.surroundings(reader, &table);
        self.enums.retain(|it| before.contains(it) || !created.contains(it));
        self.tables.retain(|it| it.name != table.name);
    }

    /// The table that a statement is about, as far as its words tell.
    fn before_execute(&mut self, reader: &Reader<'_>, args: &Value, guess: Guess) {
        let sql = plain(&args["sql"]);
        let words: Vec<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').filter(|it| !it.is_empty()).collect();
        let about = words.windows(2).find(|it| ["update", "into", "from", "table"].contains(&it[0].to_lowercase().as_str()));
        let Some(about) = about else { return };
        let (schema, name) = match about[1].split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, about[1]),
        };
        let name = qualified(schema, name);
        if words.first().is_some_and(|it| it.eq_ignore_ascii_case("create")) {
            return;
        }
        for column in names_in(&sql) {
            if *name.name != column && !["update", "insert", "into", "delete", "from", "set", "values", "where"].contains(&column.as_str()) {
                self.column(&name, &column, type_of(reader, args, &column, guess));
            }
        }
        if self.table(&name).columns.is_empty() {
            self.column(&name, "a", guess.text());
        }
    }

    fn before_add(&mut self, reader: &Reader<'_>, name: &QualifiedName, args: &Value, guess: Guess) {
        let json = &args["column"];
        let column = nouns::name(&json["name"]);
        let numbers = flag(json, "primary_key") && nouns::numbers_by_itself(json);
        let said = reader.column(name, json, numbers);
        match numbers || flag(args, "inline_primary_key") {
            true => self.column(name, "other", Type::Integer),
            false => self.keyed(name),
        }
        let computed = said.column.generated.iter().map(|it: &Generated| it.expr.written.to_string());
        let checks = said.constraints.iter().filter_map(|it| match it {
            Constraint::Check(check) => Some(check.expr.written.to_string()),
            _ => None,
        });
        for needed in computed.chain(checks).flat_map(|sql| names_in(&sql)) {
            if needed != column.to_lowercase() {
                self.column(name, &needed, type_of(reader, json, &needed, guess));
            }
        }
        for key in &said.constraints {
            if let Constraint::ForeignKey(key) = key {
                let with = Table::new(name.clone()).column(said.column.clone());
                if key.references != *name || !self.table(name).has_column(&key.referred[0]) {
                    self.refer(key, &with);
                }
            }
        }
        self.of_type(reader, &said.column.ty.written);
    }

    fn before_drop_constraint(&mut self, reader: &Reader<'_>, name: &QualifiedName, args: &Value) {
        let dropped = calls::dropped_name(reader, name, args);
        reader.given.borrow_mut().insert(dropped.clone());
        if self.tables.iter().any(|it| it.name == *name && !it.constraints.is_empty()) {
            return;
        }
        let kind = text(args, "type").unwrap_or("check");
        if kind == "primary" {
            let table = self.table(name);
            *table = Table::new(name.clone())
                .column(Column::new("id", Type::Integer).not_null())
                .constraint(PrimaryKey::new(["id"]).named(dropped));
            return;
        }
        self.keyed(name);
        self.column(name, "x", Type::Integer);
        let constraint: Constraint = match kind {
            "unique" => Unique::new(["x"]).named(dropped).into(),
            "foreignkey" => ForeignKey::new(["x"], "parent", ["id"]).named(dropped).into(),
            _ => Check::new("x > 0").named(dropped).into(),
        };
        self.table(name).constraints.push(constraint);
    }

    fn before_constraint(&mut self, reader: &Reader<'_>, op: &str, args: &Value, guess: Guess) {
        let (name, constraint) = calls::constraint_of(reader, op, args);
        let mut columns: Vec<String> = constraint.columns().iter().map(ToString::to_string).collect();
        match &constraint {
            Constraint::Check(check) => columns.extend(names_in(check.expr.written.as_str())),
            Constraint::Exclude(exclude) => {
                let parts = exclude.elements.iter().map(|it| it.part.clone());
                let index = Index { predicate: exclude.predicate.clone(), ..Index::on(parts) };
                columns.extend(columns_of_index(&index));
            }
            _ => {}
        }
        match &constraint {
            Constraint::PrimaryKey(_) if self.table(&name).columns.is_empty() => self.column(&name, "other", Type::Integer),
            Constraint::PrimaryKey(_) => {}
            _ => self.keyed(&name),
        }
        let primary = matches!(constraint, Constraint::PrimaryKey(_));
        for column in columns {
            self.column(&name, &column, type_of(reader, args, &column, guess));
            if primary {
                self.table(&name).find_column_mut(&column).unwrap().nullable = false;
            }
        }
        if let Constraint::ForeignKey(key) = &constraint {
            let table = self.table(&name).clone();
            self.refer(key, &table);
        }
    }

    /// What the call asks for.
    fn change(&mut self, reader: &Reader<'_>, op: &str, args: &Value) {
        let name = table_of(args);
        match op {
            "create_table" => {
                let (table, enums) = reader.table(&args["table"]);
                self.enums.extend(enums);
                self.add(table);
            }
            "drop_table" => self.tables.retain(|it| it.name != name),
            "rename_table" => {
                let to = name.renamed(plain(&args["new_name"]));
                self.renamed.insert(name.name.to_string(), to.name.to_string());
                self.table(&name).name = to;
            }
            "add_column" => self.add_column(reader, &name, args),
            "drop_column" => drop_column(self.table(&name), &nouns::name(&args["column"])),
            "alter_column" => {
                if let Some(to) = args.get("new_name").and_then(crate::naming::plain_name) {
                    self.renamed.insert(nouns::name(&args["column"]), to.to_owned());
                }
                alter_column(reader, self.table(&name), args);
            }
            "create_index" => {
                let index = reader.index(&name, args);
                self.table(&name).indexes.push(index);
            }
            "drop_index" => {
                let index = nouns::name(&args["name"]);
                self.table(&name).indexes.retain(|it| it.name != *index.as_str());
            }
            "drop_constraint" => {
                let dropped = calls::dropped_name(reader, &name, args);
                self.table(&name).constraints.retain(|it| it.name().is_none_or(|it| *it != *dropped.as_str()));
            }
            "create_table_comment" => self.table(&name).comment = text(args, "comment").map(str::to_owned),
            "drop_table_comment" => self.table(&name).comment = None,
            "bulk_insert" | "execute" | "execute_update" => {}
            _ => {
                let (name, constraint) = calls::constraint_of(reader, op, args);
                self.table(&name).constraints.push(constraint);
            }
        }
    }

    fn add_column(&mut self, reader: &Reader<'_>, name: &QualifiedName, args: &Value) {
        let json = &args["column"];
        let key = flag(json, "primary_key");
        let said = reader.column(name, json, key && nouns::numbers_by_itself(json));
        let column = said.column.name.clone();
        let table = self.table(name);
        let at = match text(args, "insert_after") {
            Some(other) => table.columns.iter().position(|it| it.name == *other).map_or(table.columns.len(), |at| at + 1),
            None if flag(args, "first") => 0,
            None => table.columns.len(),
        };
        table.columns.insert(at, said.column);
        if key && flag(args, "inline_primary_key") {
            table.constraints.push(PrimaryKey::new([column]).into());
        }
        table.constraints.extend(said.constraints);
        table.indexes.extend(said.index);
        table.constraints.extend(said.of_type.map(Constraint::from));
    }
}

/// The columns of an index, those in its expressions and its predicate too.
fn columns_of_index(index: &Index) -> Vec<String> {
    let mut columns = Vec::new();
    for part in &index.parts {
        match &part.key {
            IndexKey::Column(name) => columns.push(name.to_string()),
            IndexKey::Expr(expr) => columns.extend(names_in(expr.written.as_str())),
        }
    }
    columns.extend(index.include.iter().map(ToString::to_string));
    columns.extend(index.predicate.iter().flat_map(|it| names_in(it.written.as_str())));
    columns
}

/// The column as it was before it was altered: what `existing_…` says, and otherwise something that the change makes different.
fn before_alter(reader: &Reader<'_>, args: &Value, guess: Guess) -> Column {
    let name = nouns::name(&args["column"]);
    let said = args.get("existing_type").filter(|_| guess != Guess::AsItWillBe);
    let wanted = args.get("type").filter(|_| said.is_none()).map(|it| match guess {
        Guess::AsItWillBe => reader.ty(it).ty,
        _ => match reader.ty(it).ty {
            Type::Integer | Type::BigInteger => Type::SmallInteger,
            _ => Type::Varchar(40),
        },
    });
    let existing_default = args.get("existing_server_default").filter(|it| !it.is_null());
    let numbers = flag(args, "existing_autoincrement") && reader.is_mysql();
    let ty = match (said, wanted) {
        (Some(said), _) => reader.ty(said).ty,
        (None, Some(wanted)) => wanted,
        (None, None) if existing_default.is_some_and(|it| it.get("identity").is_some() || it.get("computed").is_some()) || identity(args) => Type::Integer,
        (None, None) => guess.text(),
    };
    let mut column = Column::new(name, ty);
    let wants = args.get("nullable").and_then(Value::as_bool);
    column.nullable = match args.get("existing_nullable").and_then(Value::as_bool) {
        Some(existing) => existing,
        // What is to become an identity refuses NULL already.
        None => wants != Some(true) && !(identity(args) && reader.is("postgresql")),
    };
    if numbers {
        column = column.identity();
    }
    // Where no column but a key is numbered, there was none.
    let numbered = existing_default.is_some_and(|it| it.get("identity").is_some());
    if let Some(default) = existing_default.filter(|_| !numbered || reader.is("postgresql")) {
        column = reader.with_default(column, default);
    }
    if args.get("comment").is_some_and(Value::is_null) && !reader.is("sqlite") {
        column.comment = Some(text(args, "existing_comment").unwrap_or("as it was").to_owned());
    } else if let Some(existing) = text(args, "existing_comment").filter(|_| !reader.is("sqlite")) {
        column.comment = Some(existing.to_owned());
    }
    column
}

fn identity(args: &Value) -> bool {
    args["server_default"].get("identity").is_some()
}

fn alter_column(reader: &Reader<'_>, table: &mut Table, args: &Value) {
    let name = nouns::name(&args["column"]);
    let table_name = table.name.clone();
    let mut check = None;
    if let Some(json) = args.get("type") {
        let said = reader.column(&table_name, &json!({"name": name, "type": json}), false);
        check = said.of_type;
        if let Some(column) = table.find_column_mut(&name) {
            column.ty = said.column.ty;
            column.collation = said.column.collation;
            column.charset = said.column.charset;
        }
        let of_old = args.get("existing_type").and_then(|it| reader.column(&table_name, &json!({"name": name, "type": it}), false).of_type);
        if let Some(gone) = of_old.and_then(|it| it.name) {
            table.constraints.retain(|it| it.name() != Some(&gone));
        }
    }
    if let Some(column) = table.find_column_mut(&name) {
        if let Some(nullable) = args.get("nullable").and_then(Value::as_bool) {
            column.nullable = nullable;
        }
        if let Some(default) = args.get("server_default") {
            column.default = None;
            column.identity = None;
            if !default.is_null() {
                *column = reader.with_default(column.clone(), default);
            }
        }
        if let Some(comment) = args.get("comment") {
            column.comment = comment.as_str().map(str::to_owned);
        }
        if let Some(auto) = args.get("autoincrement").and_then(Value::as_bool).filter(|_| reader.is_mysql()) {
            column.identity = auto.then_some(aludel::schema::Identity::BY_DEFAULT);
        }
    }
    table.constraints.extend(check.map(Constraint::from));
    if let Some(to) = args.get("new_name").and_then(crate::naming::plain_name) {
        rename_column(table, &name, to);
    }
}

fn rename_column(table: &mut Table, from: &str, to: &str) {
    if let Some(column) = table.find_column_mut(from) {
        column.name = to.into();
    }
    let renamed = |names: &[Ident]| -> Vec<Ident> { names.iter().map(|it| if *it == *from { to.into() } else { it.clone() }).collect() };
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::PrimaryKey(it) => it.columns = renamed(&it.columns),
            Constraint::Unique(it) => it.columns = renamed(&it.columns),
            Constraint::ForeignKey(it) => it.columns = renamed(&it.columns),
            Constraint::Check(it) => it.expr.written = it.expr.written.as_str().replace(from, to).into(),
            Constraint::Exclude(_) => {}
        }
    }
    for part in table.indexes.iter_mut().flat_map(|it| &mut it.parts) {
        if let IndexKey::Column(name) = &mut part.key
            && *name == *from
        {
            *name = to.into();
        }
    }
}

/// A column goes with the constraints and indexes that it is in.
fn drop_column(table: &mut Table, name: &str) {
    table.columns.retain(|it| it.name != *name);
    table.constraints.retain(|it| {
        let in_check = matches!(it, Constraint::Check(check) if names_in(check.expr.written.as_str()).contains(&name.to_lowercase()));
        !in_check && !it.columns().iter().any(|it| *it == *name)
    });
    table.indexes.retain(|it| !columns_of_index(it).iter().any(|it| it == name));
}
