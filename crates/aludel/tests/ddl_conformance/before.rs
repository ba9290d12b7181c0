//! What must be in a database before a call, so that the call makes sense.

use crate::calls::{self, table_of};
use crate::guess::{Guess, names_in, type_of};
use crate::nouns::{self, qualified};
use crate::vector::{Reader, flag, plain, text};
use crate::world::{World, columns_of_index};
use aludel::schema::{
    Check, Column, Constraint, ForeignKey, Generated, Index, PrimaryKey, QualifiedName, Table,
    Type, Unique,
};
use serde_json::{Value, json};

impl World {
    /// What must be there so that a call makes sense.
    pub(crate) fn prepare(&mut self, reader: &Reader<'_>, op: &str, args: &Value, guess: Guess) {
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
                for needed in column
                    .generated
                    .iter()
                    .flat_map(|it| names_in(it.expr.written.as_str()))
                {
                    self.column(&name, &needed, type_of(reader, args, &needed, guess));
                }
                let table = self.table(&name);
                if !table.has_column(&column.name) {
                    if column.identity.is_some() && reader.is_mysql() {
                        table
                            .constraints
                            .push(Unique::new([column.name.clone()]).into());
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
                self.tablespaces
                    .extend(index.tablespace.iter().map(ToString::to_string));
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
                    self.table(&name)
                        .indexes
                        .push(Index::new(index, ["indexed"]));
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
        for key in table
            .foreign_keys()
            .filter(|it| it.references != table.name)
        {
            self.refer(key, &table);
        }
        for parent in &table.options.inherits {
            self.keyed(parent);
        }
        let before = self.enums.clone();
        self.surroundings(reader, &table);
        self.enums
            .retain(|it| before.contains(it) || !created.contains(it));
        self.tables.retain(|it| it.name != table.name);
    }

    /// The table that a statement is about, as far as its words tell.
    fn before_execute(&mut self, reader: &Reader<'_>, args: &Value, guess: Guess) {
        let sql = plain(&args["sql"]);
        let words: Vec<&str> = sql
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
            .filter(|it| !it.is_empty())
            .collect();
        let about = words.windows(2).find(|it| {
            ["update", "into", "from", "table"].contains(&it[0].to_lowercase().as_str())
        });
        let Some(about) = about else { return };
        let (schema, name) = match about[1].split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, about[1]),
        };
        let name = qualified(schema, name);
        if words
            .first()
            .is_some_and(|it| it.eq_ignore_ascii_case("create"))
        {
            return;
        }
        for column in names_in(&sql) {
            if *name.name != column
                && ![
                    "update", "insert", "into", "delete", "from", "set", "values", "where",
                ]
                .contains(&column.as_str())
            {
                self.column(&name, &column, type_of(reader, args, &column, guess));
            }
        }
        if self.table(&name).columns.is_empty() {
            self.column(&name, "a", guess.text());
        }
    }

    fn before_add(
        &mut self,
        reader: &Reader<'_>,
        name: &QualifiedName,
        args: &Value,
        guess: Guess,
    ) {
        let json = &args["column"];
        let column = nouns::name(&json["name"]);
        let numbers = flag(json, "primary_key") && nouns::numbers_by_itself(json);
        let said = reader.column(name, json, numbers);
        match numbers || flag(args, "inline_primary_key") {
            true => self.column(name, "other", Type::Integer),
            false => self.keyed(name),
        }
        let computed = said
            .column
            .generated
            .iter()
            .map(|it: &Generated| it.expr.written.to_string());
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
        if self
            .tables
            .iter()
            .any(|it| it.name == *name && !it.constraints.is_empty())
        {
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
            "foreignkey" => ForeignKey::new(["x"], "parent", ["id"])
                .named(dropped)
                .into(),
            _ => Check::new("x > 0").named(dropped).into(),
        };
        self.table(name).constraints.push(constraint);
    }

    fn before_constraint(&mut self, reader: &Reader<'_>, op: &str, args: &Value, guess: Guess) {
        let (name, constraint) = calls::constraint_of(reader, op, args);
        let mut columns: Vec<String> = constraint
            .columns()
            .iter()
            .map(ToString::to_string)
            .collect();
        match &constraint {
            Constraint::Unique(unique) => {
                columns.extend(unique.include.iter().map(ToString::to_string))
            }
            Constraint::PrimaryKey(key) => {
                columns.extend(key.include.iter().map(ToString::to_string))
            }
            Constraint::Check(check) => columns.extend(names_in(check.expr.written.as_str())),
            Constraint::Exclude(exclude) => {
                let parts = exclude.elements.iter().map(|it| it.part.clone());
                let index = Index {
                    predicate: exclude.predicate.clone(),
                    ..Index::on(parts)
                };
                columns.extend(columns_of_index(&index));
            }
            _ => {}
        }
        match &constraint {
            Constraint::PrimaryKey(_) if self.table(&name).columns.is_empty() => {
                self.column(&name, "other", Type::Integer)
            }
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
}

/// The column as it was before it was altered: what `existing_…` says, and otherwise something that the change makes different.
fn before_alter(reader: &Reader<'_>, args: &Value, guess: Guess) -> Column {
    let name = nouns::name(&args["column"]);
    let said = args
        .get("existing_type")
        .filter(|_| guess != Guess::AsItWillBe);
    let wanted = args
        .get("type")
        .filter(|_| said.is_none())
        .map(|it| match guess {
            Guess::AsItWillBe => reader.ty(it).ty,
            _ => match reader.ty(it).ty {
                Type::Integer | Type::BigInteger => Type::SmallInteger,
                _ => Type::Varchar(40),
            },
        });
    let existing_default = args
        .get("existing_server_default")
        .filter(|it| !it.is_null());
    let numbers = flag(args, "existing_autoincrement") && reader.is_mysql();
    let ty = match (said, wanted) {
        (Some(said), _) => reader.ty(said).ty,
        (None, Some(wanted)) => wanted,
        (None, None)
            if existing_default
                .is_some_and(|it| it.get("identity").is_some() || it.get("computed").is_some())
                || identity(args) =>
        {
            Type::Integer
        }
        (None, None) => guess.text(),
    };
    let mut column = Column::new(name, ty);
    let wants = args.get("nullable").and_then(Value::as_bool);
    column.nullable = match args.get("existing_nullable").and_then(Value::as_bool) {
        Some(existing) => existing,
        // What is to become an identity refuses NULL already; what is computed takes it.
        None if args["existing_server_default"].get("computed").is_some() => true,
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
        column.comment = Some(
            text(args, "existing_comment")
                .unwrap_or("as it was")
                .to_owned(),
        );
    } else if let Some(existing) = text(args, "existing_comment").filter(|_| !reader.is("sqlite")) {
        column.comment = Some(existing.to_owned());
    }
    column
}

fn identity(args: &Value) -> bool {
    args["server_default"].get("identity").is_some()
}
