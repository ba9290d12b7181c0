//! What the corpus says of whole tables, in TOML: columns, keys, constraints, indexes, options.

use super::types;
use aludel::schema::{
    Action, Check, Column, Deferrable, Exclude, ForeignKey, Generated, Identity, Index, IndexClass,
    IndexPart, OnConflict, PrimaryKey, QualifiedName, Table, Unique,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A file of tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// The columns that every table has.
    #[serde(default)]
    pub columns: Vec<ColumnSaid>,
    /// The tables that others refer to.
    #[serde(default)]
    pub bases: Vec<TableSaid>,
    /// What is made, and then found the same.
    #[serde(default)]
    pub same: Vec<toml::Value>,
    /// What is made from the first, and means what the second says.
    #[serde(default)]
    pub equal: Vec<(toml::Value, toml::Value)>,
    /// What is made from the first, and is another than the second.
    #[serde(default)]
    pub other: Vec<(toml::Value, toml::Value)>,
}

/// A table, beside the columns that every one has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableSaid {
    /// Instead of the name that the entry's number gives.
    pub name: Option<String>,
    /// Whether the common columns are left out.
    pub bare: bool,
    pub column: Option<ColumnSaid>,
    pub columns: Vec<ColumnSaid>,
    pub primary_key: Option<KeySaid>,
    pub unique: Option<KeySaid>,
    pub index: Option<IndexSaid>,
    pub indexes: Vec<IndexSaid>,
    pub check: Option<CheckSaid>,
    pub foreign_key: Option<ForeignKeySaid>,
    pub exclude: Option<ExcludeSaid>,
    pub comment: Option<String>,
    pub flags: Vec<String>,
    pub partition_by: Option<String>,
    pub inherits: Option<String>,
    pub parameters: BTreeMap<String, String>,
    pub engine: Option<String>,
    pub charset: Option<String>,
    pub collation: Option<String>,
    pub options: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnSaid {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    pub not_null: bool,
    pub primary_key: bool,
    pub unique: bool,
    pub index: bool,
    pub check: Option<String>,
    pub default: Option<String>,
    pub on_update: Option<String>,
    pub stored: Option<String>,
    pub computed: Option<String>,
    pub identity: Option<IdentitySaid>,
    pub collation: Option<String>,
    pub charset: Option<String>,
    pub comment: Option<String>,
    pub invisible: bool,
    pub references: Option<(String, String)>,
    pub on_conflict: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentitySaid {
    always: bool,
    start: Option<i64>,
    increment: Option<i64>,
    min: Option<i64>,
    max: Option<i64>,
    cycle: bool,
    cache: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySaid {
    name: Option<String>,
    on: Vec<String>,
    deferrable: Option<String>,
    nulls_not_distinct: bool,
    on_conflict: Option<String>,
    include: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckSaid {
    name: Option<String>,
    expr: String,
    not_valid: bool,
    no_inherit: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForeignKeySaid {
    name: Option<String>,
    on: Vec<String>,
    /// The table's own name where it is `self`.
    to: String,
    columns: Vec<String>,
    on_delete: Option<String>,
    on_update: Option<String>,
    deferrable: Option<String>,
    match_full: bool,
    not_valid: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExcludeSaid {
    name: Option<String>,
    /// Pairs of a key, as in an index, and an operator.
    on: Vec<(String, String)>,
    method: Option<String>,
    predicate: Option<String>,
    deferrable: Option<String>,
}

/// The keys are texts: a column or an expression in parentheses, and behind it `collate NAME`, `class NAME`, `length N`,
/// `desc`, `nulls first`, `nulls last`, in this order, after a bar.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexSaid {
    name: Option<String>,
    on: Vec<String>,
    unique: bool,
    method: Option<String>,
    predicate: Option<String>,
    include: Vec<String>,
    nulls_not_distinct: bool,
    parameters: BTreeMap<String, String>,
    class: Option<String>,
    parser: Option<String>,
    comment: Option<String>,
}

impl TableSaid {
    /// The table, by the name that the entry's number gives unless it has one, in the schema.
    pub fn table(&self, name: &str, common: &[ColumnSaid], schema: Option<&str>) -> Table {
        let name = self.name.as_deref().unwrap_or(name);
        let mut table = Table::new(qualified(name, schema));
        let common = common.iter().filter(|_| !self.bare);
        for it in common.chain(&self.column).chain(&self.columns) {
            table = table.column(it.column(schema));
        }
        if let Some(it) = &self.primary_key {
            table = table.constraint(it.primary_key());
        }
        if let Some(it) = &self.unique {
            table = table.constraint(it.unique());
        }
        if let Some(it) = &self.check {
            let mut check = Check::new(it.expr.as_str());
            check.name = it.name.as_deref().map(Into::into);
            check.not_valid = it.not_valid;
            check.no_inherit = it.no_inherit;
            table = table.check(check);
        }
        if let Some(it) = &self.foreign_key {
            table = table.foreign_key(it.key(name, schema));
        }
        if let Some(it) = &self.exclude {
            table = table.constraint(it.exclude());
        }
        for it in self.index.iter().chain(&self.indexes) {
            table = table.index(it.index());
        }
        table.comment = self.comment.clone();
        for flag in &self.flags {
            table = match flag.as_str() {
                "strict" => table.strict(),
                "without_rowid" => table.without_rowid(),
                "autoincrement" => table.autoincrement(),
                "unlogged" => table.unlogged(),
                other => panic!("no flag {other}"),
            };
        }
        if let Some(sql) = &self.partition_by {
            table = table.partition_by(sql);
        }
        if let Some(parent) = &self.inherits {
            table = table.inherits(qualified(parent, schema));
        }
        table.options.parameters = self.parameters.clone();
        table.options.engine = self.engine.clone();
        table.options.charset = self.charset.clone();
        table.options.collation = self.collation.clone();
        table.options.others = self.options.clone();
        table
    }
}

fn qualified(name: &str, schema: Option<&str>) -> QualifiedName {
    let plain = QualifiedName {
        schema: None,
        name: name.into(),
    };
    match schema {
        Some(schema) => (schema, plain.name).into(),
        None => plain,
    }
}

impl ColumnSaid {
    pub fn column(&self, schema: Option<&str>) -> Column {
        let mut column = Column::new(self.name.as_str(), types::read(&self.ty, schema));
        if self.primary_key {
            column = column.primary_key();
        }
        if self.unique {
            column = column.unique();
        }
        if self.index {
            column = column.index();
        }
        if let Some(sql) = &self.check {
            column = column.check(sql.as_str());
        }
        if let Some((table, referred)) = &self.references {
            column = column.references(qualified(table, schema), referred.as_str());
        }
        if let Some(it) = &self.identity {
            column = column.identity_as(Identity {
                always: it.always,
                start: it.start,
                increment: it.increment,
                min: it.min,
                max: it.max,
                cycle: it.cycle,
                cache: it.cache,
            });
        }
        if self.not_null {
            column = column.not_null();
        }
        column.default = self.default.as_deref().map(Into::into);
        column.on_update = self.on_update.as_deref().map(Into::into);
        let generated = self.stored.as_ref().or(self.computed.as_ref());
        column.generated = generated.map(|sql| Generated {
            expr: sql.as_str().into(),
            stored: self.stored.is_some(),
        });
        column.collation = self.collation.clone();
        column.charset = self.charset.clone();
        column.comment = self.comment.clone();
        column.invisible = self.invisible;
        column.not_null_on_conflict = self.on_conflict.as_deref().map(on_conflict);
        column
    }
}

impl KeySaid {
    fn primary_key(&self) -> PrimaryKey {
        let mut key = PrimaryKey::new(self.on.clone());
        key.name = self.name.as_deref().map(Into::into);
        key.deferrable = deferrable(self.deferrable.as_deref());
        key.on_conflict = self.on_conflict.as_deref().map(on_conflict);
        key.include(self.include.clone())
    }

    fn unique(&self) -> Unique {
        let mut unique = Unique::new(self.on.clone());
        unique.name = self.name.as_deref().map(Into::into);
        unique.deferrable = deferrable(self.deferrable.as_deref());
        unique.on_conflict = self.on_conflict.as_deref().map(on_conflict);
        unique.nulls_not_distinct = self.nulls_not_distinct;
        unique.include(self.include.clone())
    }
}

impl ForeignKeySaid {
    fn key(&self, own: &str, schema: Option<&str>) -> ForeignKey {
        let to = if self.to == "self" { own } else { &self.to };
        let to = qualified(to, schema);
        let mut key = ForeignKey::new(self.on.clone(), to, self.columns.clone());
        key.name = self.name.as_deref().map(Into::into);
        key.on_delete = action(self.on_delete.as_deref());
        key.on_update = action(self.on_update.as_deref());
        key.deferrable = deferrable(self.deferrable.as_deref());
        key.match_full = self.match_full;
        key.not_valid = self.not_valid;
        key
    }
}

impl ExcludeSaid {
    fn exclude(&self) -> Exclude {
        let elements = self.on.iter();
        let elements = elements.map(|(key, operator)| (part(key), operator.as_str()));
        let mut exclude = Exclude::new(elements);
        exclude.name = self.name.as_deref().map(Into::into);
        exclude.method = self.method.clone();
        exclude.predicate = self.predicate.as_deref().map(Into::into);
        exclude.deferrable = deferrable(self.deferrable.as_deref());
        exclude
    }
}

impl IndexSaid {
    fn index(&self) -> Index {
        let name = self.name.as_deref().unwrap_or("");
        let mut index = Index::new(name, self.on.iter().map(|it| part(it)));
        index.unique = self.unique;
        index.method = self.method.clone();
        index.predicate = self.predicate.as_deref().map(Into::into);
        index.include = self.include.iter().map(|it| it.as_str().into()).collect();
        index.nulls_not_distinct = self.nulls_not_distinct;
        index.parameters = self.parameters.clone();
        index.class = self.class.as_deref().map(|it| match it {
            "fulltext" => IndexClass::FullText,
            "spatial" => IndexClass::Spatial,
            other => panic!("no class {other}"),
        });
        index.parser = self.parser.clone();
        index.comment = self.comment.clone();
        index
    }
}

fn part(text: &str) -> IndexPart {
    let (key, said) = text.rsplit_once(" | ").unwrap_or((text, ""));
    let mut part = match key.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        Some(expr) => IndexPart::expr(expr),
        None => IndexPart::column(key),
    };
    let mut words = said.split_whitespace();
    while let Some(word) = words.next() {
        let mut next = || words.next().expect("a word");
        part = match word {
            "collate" => part.collation(next()),
            "class" => part.opclass(next()),
            "length" => part.length(next().parse().expect("a number")),
            "desc" => part.desc(),
            "nulls" if next() == "first" => part.nulls_first(),
            "nulls" => part.nulls_last(),
            other => panic!("no word {other}"),
        };
    }
    part
}

fn action(name: Option<&str>) -> Action {
    match name {
        None | Some("no action") => Action::NoAction,
        Some("restrict") => Action::Restrict,
        Some("cascade") => Action::Cascade,
        Some("set null") => Action::SetNull,
        Some("set default") => Action::SetDefault,
        Some(other) => panic!("no action {other}"),
    }
}

fn deferrable(name: Option<&str>) -> Deferrable {
    match name {
        None => Deferrable::No,
        Some("immediate") => Deferrable::Immediate,
        Some("deferred") => Deferrable::Deferred,
        Some(other) => panic!("not deferrable {other}"),
    }
}

fn on_conflict(name: &str) -> OnConflict {
    match name {
        "rollback" => OnConflict::Rollback,
        "abort" => OnConflict::Abort,
        "fail" => OnConflict::Fail,
        "ignore" => OnConflict::Ignore,
        "replace" => OnConflict::Replace,
        other => panic!("no resolution {other}"),
    }
}
