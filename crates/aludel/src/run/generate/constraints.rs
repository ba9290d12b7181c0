//! Constraints and indexes: said on a field where that is all, on the struct where the derive can say it, and by the builder where it
//! cannot.

use super::attributes::Attributes;
use crate::diff::names_agree;
use crate::ops::code;
use crate::schema::{
    Action, Check, Constraint, Deferrable, ForeignKey, Ident, Index, IndexKey, IndexPart,
    NamingConvention, Nulls, PrimaryKey, QualifiedName, Table, Unique,
};
use std::collections::BTreeMap;

/// What is said of a table's constraints and indexes, and where.
#[derive(Debug, Default)]
pub(super) struct Spread {
    /// Of a field.
    pub(super) fields: BTreeMap<Ident, Attributes>,
    /// Of the struct.
    pub(super) table: Attributes,
    /// By the builder.
    pub(super) calls: Vec<String>,
    /// The columns of the primary key that the derive knows of.
    pub(super) key: Vec<Ident>,
    /// The columns of foreign keys that were said on the struct.
    pub(super) foreign: Vec<Ident>,
    /// The columns with a reference.
    pub(super) referring: Vec<Ident>,
}

/// Where a constraint's name comes from.
enum Name {
    /// Nobody has to say it.
    Unsaid,
    Said(Ident),
}

pub(super) fn spread(table: &Table) -> Spread {
    let mut spread = Spread::default();
    for constraint in &table.constraints {
        let name = name_of(table, constraint);
        let done = match constraint {
            Constraint::PrimaryKey(it) => spread.primary_key(it, &name),
            Constraint::Unique(it) => spread.unique(table, it, &name),
            Constraint::ForeignKey(it) => spread.foreign_key(it, &name),
            Constraint::Check(it) => spread.check(table, it, &name),
            Constraint::Exclude(_) => false,
        };
        if !done {
            let mut it = constraint.clone();
            if let Name::Unsaid = name {
                it.set_name(None);
            }
            spread
                .calls
                .push(format!(".constraint({})", code::constraint(&it)));
        }
    }
    for index in &table.indexes {
        if !spread.index(table, index) {
            spread.calls.push(format!(".index({})", code::index(index)));
        }
    }
    spread
}

/// The name that the convention gives, if no other constraint of the table gets it too.
fn by_convention(table: &Table, constraint: &Constraint) -> Option<Ident> {
    let named = |constraint: &Constraint| {
        let mut alone = Table::new(table.name.clone());
        let mut constraint = constraint.clone();
        constraint.set_name(None);
        alone.constraints.push(constraint);
        alone.apply_naming(&NamingConvention::default());
        alone.constraints.pop()?.name().cloned()
    };
    let name = named(constraint)?;
    let others = table.constraints.iter();
    let same = others.filter(|it| named(it).as_ref() == Some(&name));
    (same.count() == 1).then_some(name)
}

fn name_of(table: &Table, constraint: &Constraint) -> Name {
    let Some(name) = constraint.name() else {
        return Name::Unsaid;
    };
    // Any name agrees with one that the database has given by itself.
    let any = Ident::from("aludel any name");
    if names_agree(Some(&any), Some(name))
        || by_convention(table, constraint).as_ref() == Some(name)
    {
        return Name::Unsaid;
    }
    Name::Said(name.clone())
}

fn can_be_said(name: &str) -> bool {
    !name.trim().is_empty()
}

impl Name {
    fn is_unsaid(&self) -> bool {
        matches!(self, Self::Unsaid)
    }

    /// Adds the name, if it is to be said; false if it cannot be.
    fn add(&self, said: &mut Attributes) -> bool {
        match self {
            Self::Unsaid => true,
            Self::Said(name) => {
                said.text("name", name);
                can_be_said(name)
            }
        }
    }
}

impl Spread {
    fn of_field(&mut self, column: &Ident) -> &mut Attributes {
        self.fields.entry(column.clone()).or_default()
    }

    fn primary_key(&mut self, key: &PrimaryKey, name: &Name) -> bool {
        let plain = PrimaryKey {
            name: None,
            ..key.clone()
        };
        if plain != PrimaryKey::new(key.columns.clone()) || key.columns.is_empty() {
            return false;
        }
        match (key.columns.as_slice(), name) {
            ([column], Name::Unsaid) => self.of_field(column).word("primary_key"),
            (columns, name) => {
                let mut said = Attributes::default();
                columns.iter().for_each(|it| said.item(it));
                if !name.add(&mut said) {
                    return false;
                }
                self.table.list("primary_key", &said);
            }
        }
        self.key.clone_from(&key.columns);
        true
    }

    fn unique(&mut self, table: &Table, unique: &Unique, name: &Name) -> bool {
        let Unique {
            columns,
            deferrable,
            nulls_not_distinct,
            ..
        } = unique.clone();
        let mut sayable = Unique::new(columns.clone()).deferrable(deferrable);
        sayable.name.clone_from(&unique.name);
        sayable.nulls_not_distinct = nulls_not_distinct;
        if *unique != sayable || columns.is_empty() {
            return false;
        }
        if let [column] = columns.as_slice()
            && name.is_unsaid()
            && deferrable == Deferrable::No
            && !nulls_not_distinct
            // Beside an index, the word would say that the index is unique.
            && !table.indexes.iter().any(|it| is_on_field(table, it, column))
            && !self.fields.get(column).is_some_and(|it| it.has("unique"))
        {
            self.of_field(column).word("unique");
            return true;
        }
        let mut said = Attributes::default();
        columns.iter().for_each(|it| said.item(it));
        if !name.add(&mut said) {
            return false;
        }
        when(&mut said, deferrable);
        if nulls_not_distinct {
            said.word("nulls_not_distinct");
        }
        self.table.list("unique", &said);
        true
    }

    fn foreign_key(&mut self, key: &ForeignKey, name: &Name) -> bool {
        let dotted = |name: &str| name.contains('.') || !can_be_said(name);
        let references = &key.references;
        let schema = references.schema.as_deref();
        if key.not_valid
            || key.columns.is_empty()
            || key.columns.len() != key.referred.len()
            || dotted(&references.name)
            || schema.is_some_and(dotted)
        {
            return false;
        }
        let target = references.to_string();
        let mut how = Attributes::default();
        for (word, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
            if action != Action::NoAction {
                how.text(word, &action.sql().to_lowercase());
            }
        }
        when(&mut how, key.deferrable);
        if let ([column], [referred]) = (key.columns.as_slice(), key.referred.as_slice())
            && name.is_unsaid()
            && !key.match_full
            && !dotted(referred)
            && !self.referring.contains(column)
        {
            self.referring.push(column.clone());
            let field = self.of_field(column);
            field.text("references", &format!("{target}.{referred}"));
            field.extend(how);
            return true;
        }
        let list = |columns: &[Ident]| {
            let mut said = Attributes::default();
            columns.iter().for_each(|it| said.item(it));
            said
        };
        let mut said = Attributes::default();
        said.list("columns", &list(&key.columns));
        said.text("references", &target);
        said.list("referred", &list(&key.referred));
        said.extend(how);
        if key.match_full {
            said.word("match_full");
        }
        if !name.add(&mut said) {
            return false;
        }
        self.foreign.extend(key.columns.iter().cloned());
        self.table.list("foreign_key", &said);
        true
    }

    fn check(&mut self, table: &Table, check: &Check, name: &Name) -> bool {
        let expr = check.expr.written.as_str();
        if check.not_valid || check.no_inherit || !can_be_said(expr) {
            return false;
        }
        let column = table
            .columns
            .iter()
            .find(|it| expr.starts_with(it.name.as_str()));
        if let Some(column) = column
            && name.is_unsaid()
            && is_about(expr, &column.name, table)
            && !self
                .fields
                .get(&column.name)
                .is_some_and(|it| it.has("check"))
        {
            self.of_field(&column.name).text("check", expr);
            return true;
        }
        let mut said = Attributes::default();
        said.item(expr);
        if !name.add(&mut said) {
            return false;
        }
        self.table.list("check", &said);
        true
    }

    fn index(&mut self, table: &Table, index: &Index) -> bool {
        let column = match index.parts.as_slice() {
            [part] => part.as_column(),
            _ => None,
        };
        if let Some(column) = column
            && is_on_field(table, index, column)
        {
            let field = self.of_field(column);
            if !field.has("index") && !field.has("unique") {
                field.word("index");
                if index.unique {
                    field.word("unique");
                }
                return true;
            }
        }
        let sayable = Index {
            parameters: BTreeMap::new(),
            tablespace: None,
            class: None,
            parser: None,
            comment: None,
            ..index.clone()
        };
        let lengths = index.parts.iter().any(|it| it.length.is_some());
        if *index != sayable || lengths || index.parts.is_empty() || !can_be_said(&index.name) {
            return false;
        }
        let mut said = Attributes::default();
        for it in &index.parts {
            part(&mut said, it);
        }
        if !is_conventional(table, index) {
            said.text("name", &index.name);
        }
        if index.unique {
            said.word("unique");
        }
        if let Some(method) = &index.method {
            said.text("method", method);
        }
        if !index.include.is_empty() {
            let mut columns = Attributes::default();
            index.include.iter().for_each(|it| columns.item(it));
            said.list("include", &columns);
        }
        if let Some(predicate) = &index.predicate {
            said.text("predicate", predicate.written.as_str());
        }
        if index.nulls_not_distinct {
            said.word("nulls_not_distinct");
        }
        self.table.list("index", &said);
        true
    }
}

/// Whether an expression names this column and no other: then it is the column's.
fn is_about(expr: &str, column: &str, table: &Table) -> bool {
    let words = |name: &str| {
        expr.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|it| it == name)
    };
    let others = table.columns.iter().filter(|it| it.name != *column);
    words(column) && !others.into_iter().any(|it| words(&it.name))
}

/// Whether the words `index`, or `index, unique`, on a field say the whole index.
fn is_on_field(table: &Table, index: &Index, column: &Ident) -> bool {
    let mut plain = Index::new(index.name.clone(), [column.clone()]);
    plain.unique = index.unique;
    *index == plain && is_conventional(table, index)
}

/// Whether an index has the name that the convention gives it, and no other index gets it too.
fn is_conventional(table: &Table, index: &Index) -> bool {
    let named = |index: &Index| {
        let mut alone = Table::new(QualifiedName::from(&table.name));
        alone.indexes.push(Index {
            name: "".into(),
            ..index.clone()
        });
        alone.apply_naming(&NamingConvention::default());
        alone.indexes.pop().map(|it| it.name)
    };
    let name = named(index);
    let same = table.indexes.iter().filter(|it| named(it) == name);
    name.as_ref() == Some(&index.name) && same.count() == 1
}

fn when(said: &mut Attributes, deferrable: Deferrable) {
    match deferrable {
        Deferrable::No => {}
        Deferrable::Immediate => said.word("deferrable"),
        Deferrable::Deferred => said.word("initially_deferred"),
    }
}

fn part(said: &mut Attributes, part: &IndexPart) {
    let plain = IndexPart::new(part.key.clone());
    let mut one = Attributes::default();
    match &part.key {
        IndexKey::Column(name) => one.item(name),
        IndexKey::Expr(expr) => one.text("expr", expr.written.as_str()),
    }
    if *part == plain {
        said.extend(one);
        return;
    }
    match part.nulls {
        Some(Nulls::First) => one.word("nulls_first"),
        Some(Nulls::Last) => one.word("nulls_last"),
        None => {}
    }
    if let Some(collation) = &part.collation {
        one.text("collation", collation);
    }
    if let Some(opclass) = &part.opclass {
        one.text("opclass", opclass);
    }
    said.list(if part.descending { "desc" } else { "asc" }, &one);
}
