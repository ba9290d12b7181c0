//! What a call asks for, in words of its own: nothing here knows how a database gets there.

use crate::calls::{self, table_of};
use crate::guess::names_in;
use crate::nouns;
use crate::vector::{Reader, flag, plain, text};
use crate::world::{World, columns_of_index};
use aludel::schema::{Constraint, Ident, IndexKey, PrimaryKey, QualifiedName, Table};
use serde_json::{Value, json};

impl World {
    /// What the call asks for.
    pub(crate) fn change(&mut self, reader: &Reader<'_>, op: &str, args: &Value) {
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
                self.renamed
                    .insert(name.name.to_string(), to.name.to_string());
                self.table(&name).name = to;
            }
            "add_column" => self.add_column(reader, &name, args),
            "drop_column" => drop_column(self.table(&name), &nouns::name(&args["column"])),
            "alter_column" => {
                if let Some(to) = args.get("new_name").and_then(crate::naming::plain_name) {
                    self.renamed
                        .insert(nouns::name(&args["column"]), to.to_owned());
                }
                alter_column(reader, self.table(&name), args);
            }
            "create_index" => {
                let index = reader.index(&name, args);
                self.table(&name).indexes.push(index);
            }
            "drop_index" => {
                let index = nouns::name(&args["name"]);
                self.table(&name)
                    .indexes
                    .retain(|it| it.name != *index.as_str());
            }
            "drop_constraint" => {
                let dropped = calls::dropped_name(reader, &name, args);
                self.table(&name)
                    .constraints
                    .retain(|it| it.name().is_none_or(|it| *it != *dropped.as_str()));
            }
            "create_table_comment" => {
                self.table(&name).comment = text(args, "comment").map(str::to_owned)
            }
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
            Some(other) => table
                .columns
                .iter()
                .position(|it| it.name == *other)
                .map_or(table.columns.len(), |at| at + 1),
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
        let of_old = args.get("existing_type").and_then(|it| {
            reader
                .column(&table_name, &json!({"name": name, "type": it}), false)
                .of_type
        });
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
            if let Some(identity) = default.get("identity") {
                let existing = &args["existing_server_default"]["identity"];
                column.identity = Some(nouns::identity_of(identity, existing));
                column.nullable = false;
            } else if !default.is_null() {
                *column = reader.with_default(column.clone(), default);
            }
        }
        if let Some(comment) = args.get("comment") {
            column.comment = comment.as_str().map(str::to_owned);
        }
        if let Some(auto) = args
            .get("autoincrement")
            .and_then(Value::as_bool)
            .filter(|_| reader.is_mysql())
        {
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
    let renamed = |names: &[Ident]| -> Vec<Ident> {
        names
            .iter()
            .map(|it| if *it == *from { to.into() } else { it.clone() })
            .collect()
    };
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::PrimaryKey(it) => it.columns = renamed(&it.columns),
            Constraint::Unique(it) => it.columns = renamed(&it.columns),
            Constraint::ForeignKey(it) => it.columns = renamed(&it.columns),
            Constraint::Check(it) => {
                it.expr.written = it.expr.written.as_str().replace(from, to).into()
            }
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
    table
        .indexes
        .retain(|it| !columns_of_index(it).iter().any(|it| it == name));
}
