//! Neutral columns, constraints, indexes and tables as the nouns of this library.

use crate::naming::{Named, plain_name};
use crate::reader::{Reader, flag, list, number, plain, strings, text};
use crate::types::Typed;
use aludel::schema::{
    Action, Check, Column, Constraint, Deferrable, Enum, Exclude, ForeignKey, Identity, Index,
    IndexClass, IndexPart, OnConflict, PrimaryKey, QualifiedName, Type, Unique,
};
use serde_json::Value;

/// A column with what belongs to its table.
pub(crate) struct Said {
    pub(crate) column: Column,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) index: Option<Index>,
    /// The enum type that `create_table` creates first.
    pub(crate) creates: Option<Enum>,
    /// The check that the type brings.
    pub(crate) of_type: Option<Check>,
}

/// A name in a schema.
pub(crate) fn qualified(schema: Option<&str>, name: &str) -> QualifiedName {
    match schema {
        Some(schema) => (schema, name).into(),
        None => name.into(),
    }
}

/// The name of a column, index or table.
pub(crate) fn name(json: &Value) -> String {
    plain_name(json).unwrap_or_default().to_owned()
}

impl Reader<'_> {
    /// A column. `numbers` says that it is the key that the database numbers by itself.
    pub(crate) fn column(&self, table: &QualifiedName, json: &Value, numbers: bool) -> Said {
        self.only(
            json,
            &[
                "on_conflict_not_null",
                "on_conflict_primary_key",
                "on_conflict_unique",
            ],
        );
        let column_name = name(&json["name"]);
        let typed = self.ty(&json["type"]);
        let creates = typed.ty.as_enum().filter(|_| typed.creates).cloned();
        let of_type = self.check_of_type(table, &column_name, &typed);
        let mut column = Column::new(column_name.clone(), typed.ty);
        column.collation = typed.collation;
        column.charset = typed.charset;
        let default = json.get("server_default");
        let identity = default.and_then(|it| it.get("identity"));
        let key = flag(json, "primary_key");
        column.nullable = json
            .get("nullable")
            .and_then(Value::as_bool)
            .unwrap_or(!key && identity.is_none());
        if numbers && identity.is_none() {
            column = self.numbered(column);
        }
        if let Some(default) = default {
            column = self.with_default(column, default);
        }
        if let Some(comment) = text(json, "comment") {
            column = column.comment(comment);
        }
        if let Some(word) = self
            .option(json, "on_conflict_not_null")
            .and_then(Value::as_str)
        {
            column = column.not_null_on_conflict(conflict(word));
        }
        let mut said = Said {
            column,
            constraints: Vec::new(),
            index: None,
            creates,
            of_type,
        };
        self.marks(&mut said, table, json);
        said
    }

    /// What SQLAlchemy makes of an integer key without being asked: `SERIAL`, `AUTO_INCREMENT`, or nothing where it is so anyway.
    fn numbered(&self, column: Column) -> Column {
        match self.dialect {
            "postgresql" => {
                let serial = match column.ty.written {
                    Type::BigInteger => "BIGSERIAL",
                    Type::SmallInteger => "SMALLSERIAL",
                    _ => "SERIAL",
                };
                let mut column = column;
                column.ty = Type::custom(serial).into();
                column
            }
            "sqlite" => column,
            _ => column.identity(),
        }
    }

    fn check_of_type(&self, table: &QualifiedName, column: &str, typed: &Typed) -> Option<Check> {
        let (name, values) = typed.check.as_ref()?;
        let column_sql = self.spell.quote(column).unwrap();
        let check = Check::new(format!("{column_sql} IN ({})", values.join(", ")));
        let columns = [column.to_owned()];
        Some(Check {
            name: self
                .constraint_name(name.as_ref(), "ck", table, &columns)
                .map(Into::into),
            ..check
        })
    }

    fn marks(&self, said: &mut Said, table: &QualifiedName, json: &Value) {
        let columns = vec![said.column.name.to_string()];
        if flag(json, "index") {
            let index = Index::new(
                self.constraint_name(None, "ix", table, &columns)
                    .unwrap_or_default(),
                columns.clone(),
            );
            said.index = Some(Index {
                unique: flag(json, "unique"),
                ..index
            });
        } else if flag(json, "unique") {
            let mut unique = Unique::new(columns.clone());
            unique.name = self
                .constraint_name(None, "uq", table, &columns)
                .map(Into::into);
            unique.on_conflict = self
                .option(json, "on_conflict_unique")
                .and_then(Value::as_str)
                .map(conflict);
            said.constraints.push(unique.into());
        }
        for key in list(&json["foreign_keys"]) {
            said.constraints.push(
                self.foreign_key(table, &columns, &[plain(&key["target"])], key)
                    .into(),
            );
        }
        for check in list(&json["checks"]) {
            said.constraints
                .push(self.check(table, check, "sql").into());
        }
    }

    /// A default, a computed value or an identity.
    pub(crate) fn with_default(&self, column: Column, json: &Value) -> Column {
        if let Some(expr) = text(json, "computed") {
            let stored = json.get("persisted").and_then(Value::as_bool);
            return match stored.unwrap_or(self.is("postgresql")) {
                true => column.generated_stored(expr),
                false => column.generated_virtual(expr),
            };
        }
        if let Some(identity) = json.get("identity") {
            return column.identity_as(identity_of(identity, &Value::Null));
        }
        let sql = self.default_sql(json);
        // No default is the same as this one.
        if sql.eq_ignore_ascii_case("null") {
            return column;
        }
        match sql.split_once(" ON UPDATE ") {
            Some((default, update)) if self.is_mysql() => {
                column.server_default(default).server_onupdate(update)
            }
            _ => column.server_default(sql),
        }
    }

    /// The SQL text of a plain default.
    pub(crate) fn default_sql(&self, json: &Value) -> String {
        if let Some(literal) = text(json, "literal") {
            return self.spell.string(literal).unwrap();
        }
        if let Some(function) = text(json, "func") {
            return self.function(function);
        }
        if let Some(truth) = json.get("bool").and_then(Value::as_bool) {
            return match self.dialect {
                "sqlite" => u8::from(truth).to_string(),
                _ => truth.to_string(),
            };
        }
        text(json, "sql").unwrap_or_default().to_owned()
    }

    /// SQLAlchemy knows some functions that are called without parentheses.
    fn function(&self, function: &str) -> String {
        match function {
            "now" if self.is("sqlite") => "CURRENT_TIMESTAMP".into(),
            "current_date" | "current_time" | "current_timestamp" | "current_user"
            | "localtime" | "localtimestamp" | "session_user" | "user" => function.to_uppercase(),
            other => format!("{other}()"),
        }
    }

    fn constraint_name(
        &self,
        json: Option<&Value>,
        kind: &str,
        table: &QualifiedName,
        columns: &[String],
    ) -> Option<String> {
        let named = Named {
            kind,
            schema: table.schema.as_deref(),
            table: &table.name,
            columns,
            referred: None,
        };
        self.name(json, &named)
    }

    /// A foreign key; `targets` are `table.column` or `schema.table.column`.
    pub(crate) fn foreign_key(
        &self,
        table: &QualifiedName,
        columns: &[String],
        targets: &[String],
        json: &Value,
    ) -> ForeignKey {
        let mut referred = Vec::new();
        let mut references = QualifiedName::from("");
        for target in targets {
            let mut parts: Vec<&str> = target.rsplitn(3, '.').collect();
            parts.reverse();
            let column = parts.pop().unwrap_or_default();
            let name = parts.pop().unwrap_or_default();
            references = qualified(parts.pop(), name);
            referred.push(column.to_owned());
        }
        self.foreign_key_to(table, columns, references, referred, json)
    }

    pub(crate) fn foreign_key_to(
        &self,
        table: &QualifiedName,
        columns: &[String],
        references: QualifiedName,
        referred: Vec<String>,
        json: &Value,
    ) -> ForeignKey {
        self.only(json, &["not_valid"]);
        if text(json, "match").is_some_and(|it| it.eq_ignore_ascii_case("partial")) {
            self.unsaid("match partial", ());
        }
        let target = references.name.to_string();
        let named = Named {
            kind: "fk",
            schema: table.schema.as_deref(),
            table: &table.name,
            columns,
            referred: Some((&target, &referred)),
        };
        let name = self.name(json.get("name"), &named);
        let mut key = ForeignKey::new(columns.to_vec(), references, referred);
        key.name = name.map(Into::into);
        key.on_delete = text(json, "ondelete").map(action).unwrap_or_default();
        key.on_update = text(json, "onupdate").map(action).unwrap_or_default();
        key.deferrable = deferrable(json);
        key.match_full = text(json, "match").is_some_and(|it| it.eq_ignore_ascii_case("full"));
        key.not_valid = self.option(json, "not_valid") == Some(&Value::Bool(true));
        key
    }

    /// A check, whose text stands under that key.
    pub(crate) fn check(&self, table: &QualifiedName, json: &Value, key: &str) -> Check {
        self.only(json, &["not_valid", "no_inherit"]);
        if deferrable(json) != Deferrable::No {
            self.unsaid("deferrable check", ());
        }
        let mut check = Check::new(text(json, key).unwrap_or_default());
        check.name = self
            .constraint_name(json.get("name"), "ck", table, &[])
            .map(Into::into);
        check.not_valid = self.option(json, "not_valid") == Some(&Value::Bool(true));
        check.no_inherit = self.option(json, "no_inherit") == Some(&Value::Bool(true));
        check
    }

    pub(crate) fn primary_key(
        &self,
        table: &QualifiedName,
        columns: Vec<String>,
        json: &Value,
    ) -> PrimaryKey {
        let mut key = PrimaryKey::new(columns.clone());
        key.name = self
            .constraint_name(json.get("name"), "pk", table, &columns)
            .map(Into::into);
        key.deferrable = deferrable(json);
        key.include = self.include(json);
        key.on_conflict = self
            .option(json, "on_conflict")
            .and_then(Value::as_str)
            .map(conflict);
        key
    }

    pub(crate) fn unique(&self, table: &QualifiedName, json: &Value) -> Unique {
        self.only(json, &["nulls_not_distinct", "include", "on_conflict"]);
        let columns = strings(&json["columns"]);
        let mut unique = Unique::new(columns.clone());
        unique.name = self
            .constraint_name(json.get("name"), "uq", table, &columns)
            .map(Into::into);
        unique.deferrable = deferrable(json);
        unique.nulls_not_distinct =
            self.option(json, "nulls_not_distinct") == Some(&Value::Bool(true));
        unique.include = self.include(json);
        unique.on_conflict = self
            .option(json, "on_conflict")
            .and_then(Value::as_str)
            .map(conflict);
        unique
    }

    pub(crate) fn exclude(&self, table: &QualifiedName, json: &Value) -> Exclude {
        let elements = list(&json["elements"])
            .iter()
            .map(|it| (part_of(&it[0]), plain(&it[1])));
        let mut exclude = Exclude::new(elements).method(text(json, "using").unwrap_or("gist"));
        exclude.name = self
            .constraint_name(json.get("name"), "ex", table, &[])
            .map(Into::into);
        if let Some(condition) = text(json, "where") {
            exclude = exclude.predicate(condition);
        }
        exclude.deferrable(deferrable(json))
    }

    fn include(&self, json: &Value) -> Vec<aludel::schema::Ident> {
        let columns = self
            .option(json, "include")
            .map(strings)
            .unwrap_or_default();
        columns.into_iter().map(Into::into).collect()
    }

    pub(crate) fn constraint(&self, table: &QualifiedName, json: &Value) -> Constraint {
        let columns = strings(&json["columns"]);
        match text(json, "kind").unwrap() {
            "primary_key" => self.primary_key(table, columns, json).into(),
            "unique" => self.unique(table, json).into(),
            "foreign_key" => self
                .foreign_key(table, &columns, &strings(&json["targets"]), json)
                .into(),
            "exclude" => self.exclude(table, json).into(),
            _ => self.check(table, json, "sql").into(),
        }
    }

    pub(crate) fn index(&self, table: &QualifiedName, json: &Value) -> Index {
        self.only(
            json,
            &[
                "using",
                "where",
                "include",
                "ops",
                "with",
                "concurrently",
                "nulls_not_distinct",
                "tablespace",
                "length",
                "prefix",
                "with_parser",
            ],
        );
        let columns: Vec<String> = list(&json["columns"])
            .iter()
            .filter_map(column_of)
            .collect();
        let name = self.constraint_name(json.get("name"), "ix", table, &columns);
        let mut index = Index::new(
            name.unwrap_or_default(),
            list(&json["columns"]).iter().map(part_of),
        );
        index.unique = flag(json, "unique");
        let said = |key: &str| self.option(json, key);
        for part in &mut index.parts {
            let Some(column) = part.as_column().map(ToString::to_string) else {
                continue;
            };
            if let Some(class) = said("ops").and_then(|it| text(it, &column)) {
                part.opclass = Some(class.to_owned());
            }
            part.length = match said("length") {
                Some(Value::Number(all)) => all.as_u64().and_then(|it| u32::try_from(it).ok()),
                Some(each) => number(each, &column),
                None => None,
            };
        }
        index.method = said("using").map(plain);
        index.parser = said("with_parser").map(plain);
        index.tablespace = said("tablespace").map(|it| plain(it).into());
        index.nulls_not_distinct = said("nulls_not_distinct") == Some(&Value::Bool(true));
        index.include = self.include(json);
        index.class = match said("prefix").and_then(Value::as_str) {
            Some("FULLTEXT") => Some(IndexClass::FullText),
            Some("SPATIAL") => Some(IndexClass::Spatial),
            _ => None,
        };
        for (key, value) in said("with")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            index.parameters.insert(key.clone(), plain(value));
        }
        match said("where").and_then(Value::as_str) {
            Some(condition) => index.predicate(condition),
            None => index,
        }
    }
}

/// Whether a column, alone in its key, is numbered by the database.
pub(crate) fn numbers_by_itself(column: &Value) -> bool {
    let of = text(&column["type"], "type")
        .unwrap_or_default()
        .to_uppercase();
    let whole = of.ends_with("INTEGER") || of.ends_with("INT");
    let auto = match column.get("autoincrement") {
        None => list(&column["foreign_keys"]).is_empty(),
        Some(Value::Bool(said)) => *said,
        Some(Value::String(word)) => {
            word == "ignore_fk" || list(&column["foreign_keys"]).is_empty()
        }
        Some(_) => false,
    };
    let plain = column
        .get("server_default")
        .is_none_or(|it| it.get("identity").is_some());
    whole && auto && plain
}

/// A key of an index or an exclusion: a column, SQL text that may end in an operator class and an order, or a column with its order.
fn part_of(json: &Value) -> IndexPart {
    if let Some(sql) = text(json, "sql") {
        return part_of_text(sql);
    }
    let mut part = IndexPart::column(column_of(json).unwrap_or_default());
    part.descending = flag(json, "desc");
    match text(json, "nulls").map(str::to_lowercase).as_deref() {
        Some("first") => part.nulls_first(),
        Some("last") => part.nulls_last(),
        _ => part,
    }
}

fn part_of_text(sql: &str) -> IndexPart {
    let upper = sql.to_uppercase();
    for (ending, then) in [
        (
            " NULLS FIRST",
            IndexPart::nulls_first as fn(IndexPart) -> IndexPart,
        ),
        (" NULLS LAST", IndexPart::nulls_last),
        (" DESC", IndexPart::desc),
        (" ASC", |it| it),
    ] {
        if upper.ends_with(ending) {
            return then(part_of_text(&sql[..sql.len() - ending.len()]));
        }
    }
    let word = |it: &str| {
        it.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match sql.rsplit_once(' ') {
        Some((key, class)) if class.ends_with("_ops") && word(class) => {
            part_of_text(key).opclass(class)
        }
        _ if word(sql) => IndexPart::column(sql),
        _ => IndexPart::expr(sql),
    }
}

fn column_of(json: &Value) -> Option<String> {
    plain_name(json)
        .or_else(|| text(json, "column"))
        .map(str::to_owned)
}

/// An identity, or what becomes of an existing one by what is said of it.
pub(crate) fn identity_of(json: &Value, existing: &Value) -> Identity {
    let said = |key: &str| json.get(key).or(existing.get(key));
    let number = |key: &str| said(key).and_then(Value::as_i64);
    Identity {
        always: flag(json, "always"),
        start: number("start"),
        increment: number("increment"),
        min: number("minvalue").filter(|_| !flag(json, "nominvalue")),
        max: number("maxvalue").filter(|_| !flag(json, "nomaxvalue")),
        cycle: said("cycle").and_then(Value::as_bool).unwrap_or(false),
        cache: number("cache"),
    }
}

pub(crate) fn deferrable(json: &Value) -> Deferrable {
    let deferred = text(json, "initially").is_some_and(|it| it.eq_ignore_ascii_case("deferred"));
    match (json.get("deferrable").and_then(Value::as_bool), deferred) {
        (Some(false), _) | (None, false) => Deferrable::No,
        (_, true) => Deferrable::Deferred,
        (_, false) => Deferrable::Immediate,
    }
}

fn action(word: &str) -> Action {
    match word.to_uppercase().as_str() {
        "CASCADE" => Action::Cascade,
        "RESTRICT" => Action::Restrict,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

pub(crate) fn conflict(word: &str) -> OnConflict {
    match word.to_uppercase().as_str() {
        "ROLLBACK" => OnConflict::Rollback,
        "FAIL" => OnConflict::Fail,
        "IGNORE" => OnConflict::Ignore,
        "REPLACE" => OnConflict::Replace,
        _ => OnConflict::Abort,
    }
}
