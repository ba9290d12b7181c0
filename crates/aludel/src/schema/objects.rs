//! The objects of a database beside its tables and enum types.

use super::{
    Constraint, Domain, Extension, Function, Ident, Object, Policy, QualifiedName, RowSecurity,
    Schema, Sequence, Spelled, Trigger, Type, View,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a database, or a set of models, holds beside tables and enum types.
///
/// It holds what it was told of. Nothing is taken for gone because it is not here.
///
/// ```
/// use aludel::schema::{Object, Schema, View};
///
/// let mut schema = Schema::default();
/// let open = View::new("open_visits", "SELECT id FROM visits");
/// schema.objects.views.insert(open.name.clone(), open);
/// assert!(schema.objects.contains(&Object::view("open_visits")));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Objects {
    /// Schemas.
    pub schemas: BTreeSet<Ident>,
    /// Sequences by name.
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// Views by name, materialized ones too.
    pub views: BTreeMap<QualifiedName, View>,
    /// Functions and procedures by name and arguments.
    pub functions: BTreeMap<(QualifiedName, String), Function>,
    /// Triggers by table and name.
    pub triggers: BTreeMap<(QualifiedName, Ident), Trigger>,
    /// Extensions by name.
    pub extensions: BTreeMap<Ident, Extension>,
    /// Domains by name.
    pub domains: BTreeMap<QualifiedName, Domain>,
    /// Policies by table and name.
    pub policies: BTreeMap<(QualifiedName, Ident), Policy>,
    /// Tables whose row level security was spoken of.
    pub row_security: BTreeMap<QualifiedName, RowSecurity>,
    /// The comments of all but tables, columns and indexes, which keep their own.
    pub comments: BTreeMap<Object, String>,
}

impl Objects {
    /// Whether that object is known. Tables, and what is part of them, are not asked for here.
    pub fn contains(&self, object: &Object) -> bool {
        match object {
            Object::Schema(it) => self.schemas.contains(it),
            Object::Sequence(it) => self.sequences.contains_key(it),
            Object::View(it) | Object::MaterializedView(it) => self.views.contains_key(it),
            Object::Function(..) | Object::Procedure(..) => self.function_key(object).is_some(),
            Object::Trigger(table, name) => {
                self.triggers.contains_key(&(table.clone(), name.clone()))
            }
            Object::Policy(table, name) => {
                self.policies.contains_key(&(table.clone(), name.clone()))
            }
            Object::Extension(it) => self.extensions.contains_key(it),
            Object::Domain(it) => self.domains.contains_key(it),
            Object::Table(_)
            | Object::Column(..)
            | Object::Index(_)
            | Object::Constraint(..)
            | Object::DomainConstraint(..)
            | Object::Type(_) => false,
        }
    }

    /// The function that is meant: the one of these very arguments, or the only one of that name, since the arguments with which
    /// it was created may say more than their types.
    fn function_key(&self, object: &Object) -> Option<(QualifiedName, String)> {
        let (Object::Function(name, arguments) | Object::Procedure(name, arguments)) = object
        else {
            return None;
        };
        let exact = (name.clone(), arguments.clone());
        if self.functions.contains_key(&exact) {
            return Some(exact);
        }
        let mut named = self.functions.keys().filter(|(it, _)| it == name);
        let only = named.next().cloned();
        only.filter(|_| named.next().is_none())
    }

    /// The comments on an object and on what belongs to it.
    pub(crate) fn comments_of(&self, object: &Object) -> BTreeMap<Object, String> {
        let of = self.comments.iter();
        let of = of.filter(|(it, _)| *it == object || is_part(it, object));
        of.map(|(it, text)| (it.clone(), text.clone())).collect()
    }

    /// Forgets an object with what belongs to it, if it is known.
    pub(crate) fn remove(&mut self, object: &Object) {
        match object {
            Object::Schema(it) => {
                self.schemas.remove(it);
            }
            Object::Sequence(it) => {
                self.sequences.remove(it);
            }
            Object::View(it) | Object::MaterializedView(it) => {
                self.views.remove(it);
                self.triggers.retain(|(on, _), _| on != it);
            }
            Object::Function(..) | Object::Procedure(..) => {
                if let Some(key) = self.function_key(object) {
                    self.functions.remove(&key);
                }
            }
            Object::Trigger(table, name) => {
                self.triggers.remove(&(table.clone(), name.clone()));
            }
            Object::Policy(table, name) => {
                self.policies.remove(&(table.clone(), name.clone()));
            }
            Object::Extension(it) => {
                self.extensions.remove(it);
            }
            Object::Domain(it) => {
                self.domains.remove(it);
            }
            Object::Table(it) => self.remove_table(it),
            Object::Column(..)
            | Object::Index(_)
            | Object::Constraint(..)
            | Object::DomainConstraint(..)
            | Object::Type(_) => {}
        }
        self.comments
            .retain(|of, _| of != object && !is_part(of, object));
    }

    /// What goes with a table: its triggers, policies and comments, and the sequences that its columns own.
    fn remove_table(&mut self, table: &QualifiedName) {
        self.triggers.retain(|(it, _), _| it != table);
        self.policies.retain(|(it, _), _| it != table);
        self.row_security.remove(table);
        self.sequences
            .retain(|_, it| it.owned_by.as_ref().is_none_or(|(it, _)| it != table));
    }

    /// Gives an object another last name, if it is known. What is renamed by [`Schema::rename`] is left to that.
    pub(super) fn rename_own(&mut self, object: &Object, to: &Ident) {
        match object {
            Object::Trigger(table, name) => {
                if let Some(mut it) = self.triggers.remove(&(table.clone(), name.clone())) {
                    it.name = to.clone();
                    self.triggers.insert((table.clone(), to.clone()), it);
                }
            }
            Object::Policy(table, name) => {
                if let Some(mut it) = self.policies.remove(&(table.clone(), name.clone())) {
                    it.name = to.clone();
                    self.policies.insert((table.clone(), to.clone()), it);
                }
            }
            Object::Function(..) | Object::Procedure(..) => {
                if let Some(key) = self.function_key(object)
                    && let Some(mut it) = self.functions.remove(&key)
                {
                    it.name = it.name.renamed(to.clone());
                    self.functions.insert((it.name.clone(), key.1), it);
                }
            }
            _ => {}
        }
        if let Some(text) = self.comments.remove(object) {
            self.comments.insert(object.renamed(to.clone()), text);
        }
    }

    /// Follows a column to what names it, but for SQL text.
    pub(crate) fn rename_column(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        for sequence in self.sequences.values_mut() {
            if let Some((on, column)) = &mut sequence.owned_by
                && on == table
                && column == from
            {
                *column = to.clone();
            }
        }
        respell_keys(&mut self.comments, |object, _| {
            if let Object::Column(on, column) = object
                && on == table
                && column == from
            {
                *column = to.clone();
            }
        });
    }

    /// Leaves a schema out of the names of what is in it: the default one, which an inspection never names.
    pub fn unqualify(&mut self, schema: &str) {
        self.respell(Named::All, &|it| {
            it.schema = it.schema.take().filter(|it| *it != *schema);
        });
    }

    /// Gives new names to what has names of the kind that is meant.
    fn respell(&mut self, kind: Named, new: &impl Fn(&mut QualifiedName)) {
        let is = |it: Named| kind == Named::All || kind == it;
        if is(Named::Table) {
            respell_keys(&mut self.triggers, |(table, _), it| {
                new(table);
                it.table = table.clone();
                it.refers_to.iter_mut().for_each(new);
            });
            respell_keys(&mut self.policies, |(table, _), it| {
                new(table);
                it.table = table.clone();
            });
            respell_keys(&mut self.row_security, |table, _| new(table));
            respell_keys(&mut self.views, |name, it| {
                new(name);
                it.name = name.clone();
            });
            respell_keys(&mut self.sequences, |name, it| {
                new(name);
                it.name = name.clone();
                it.owned_by.iter_mut().for_each(|(table, _)| new(table));
            });
        }
        if is(Named::Type) {
            respell_keys(&mut self.domains, |name, it| {
                new(name);
                it.name = name.clone();
            });
        }
        if is(Named::Function) {
            respell_keys(&mut self.functions, |(name, _), it| {
                new(name);
                it.name = name.clone();
            });
        }
        respell_keys(&mut self.comments, |object, _| {
            if is(Named::of(object))
                && let Some(name) = object.qualified_mut()
            {
                new(name);
            }
        });
    }
}

/// Whether the first belongs to the second and goes with it.
fn is_part(part: &Object, whole: &Object) -> bool {
    let (part_of, whole_name) = (part.qualified(), whole.qualified());
    match (part, whole) {
        (
            Object::Column(..) | Object::Constraint(..) | Object::Trigger(..) | Object::Policy(..),
            Object::Table(_) | Object::View(_) | Object::MaterializedView(_),
        ) => part_of == whole_name,
        (Object::DomainConstraint(..), Object::Domain(_)) => part_of == whole_name,
        _ => false,
    }
}

/// Which names no two objects of a schema can share: tables, views and sequences are of one kind in that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    All,
    Table,
    Type,
    Function,
    Other,
}

impl Named {
    fn of(object: &Object) -> Self {
        match object {
            Object::Table(_)
            | Object::Column(..)
            | Object::Constraint(..)
            | Object::View(_)
            | Object::MaterializedView(_)
            | Object::Sequence(_)
            | Object::Trigger(..)
            | Object::Policy(..) => Self::Table,
            Object::Type(_) | Object::Domain(_) | Object::DomainConstraint(..) => Self::Type,
            Object::Function(..) | Object::Procedure(..) => Self::Function,
            Object::Schema(_) | Object::Index(_) | Object::Extension(_) => Self::Other,
        }
    }
}

fn respell_keys<K: Ord, V>(map: &mut BTreeMap<K, V>, mut new: impl FnMut(&mut K, &mut V)) {
    let old = std::mem::take(map).into_iter();
    map.extend(old.map(|(mut key, mut value)| {
        new(&mut key, &mut value);
        (key, value)
    }));
}

impl Schema {
    /// Whether an object is known: a table, a column, an enum type, or one of [`Self::objects`].
    pub(crate) fn knows(&self, object: &Object) -> bool {
        match object {
            Object::Table(it) => self.tables.contains_key(it),
            Object::Type(it) => self.enums.contains_key(it),
            other => self.objects.contains(other),
        }
    }

    /// What is known to be in a schema, in an order in which it can go.
    pub(crate) fn inside(&self, schema: &Ident) -> Vec<Object> {
        let objects = &self.objects;
        let views = objects.views.values().map(|it| match it.materialized {
            true => Object::MaterializedView(it.name.clone()),
            false => Object::View(it.name.clone()),
        });
        let functions = objects.functions.values().map(|it| match it.procedure {
            true => Object::procedure(&it.name, it.arguments.clone()),
            false => Object::function(&it.name, it.arguments.clone()),
        });
        let all = views
            .chain(self.tables.keys().map(Object::table))
            .chain(objects.sequences.keys().map(Object::sequence))
            .chain(functions)
            .chain(objects.domains.keys().map(Object::domain))
            .chain(self.enums.keys().map(Object::ty));
        let own = |it: &Object| {
            it.qualified()
                .is_some_and(|it| it.schema.as_ref() == Some(schema))
        };
        all.filter(own).collect()
    }

    /// Forgets an object with what belongs to it, and what refers to it.
    pub(crate) fn forget(&mut self, object: &Object) {
        match object {
            Object::Table(name) => {
                self.tables.remove(name);
                for table in self.tables.values_mut() {
                    table.constraints.retain(
                        |it| !matches!(it, Constraint::ForeignKey(key) if key.references == *name),
                    );
                }
            }
            Object::Type(name) => {
                self.enums.remove(name);
            }
            _ => {}
        }
        self.objects.remove(object);
    }

    /// Gives an object another name, and follows it to whatever names it, but for SQL text.
    pub(crate) fn rename(&mut self, object: &Object, to: &Ident) {
        match object {
            Object::Schema(from) => self.rename_schema(from, to),
            // Nothing else names these, and their own names are qualified by that of their table, or by their arguments.
            Object::Trigger(..) | Object::Policy(..) => {}
            Object::Function(..) | Object::Procedure(..) => {}
            _ => {
                if let Some(old) = object.qualified() {
                    self.replace_name(object, old, &old.renamed(to.clone()));
                }
            }
        }
        self.objects.rename_own(object, to);
    }

    /// Puts an object into another schema, and follows it as [`Self::rename`] does.
    pub(crate) fn set_schema(&mut self, object: &Object, schema: &Ident) {
        if let Object::Extension(name) = object {
            if let Some(it) = self.objects.extensions.get_mut(name) {
                it.schema = Some(schema.clone());
            }
        } else if let Some(old) = object.qualified() {
            let new = QualifiedName {
                schema: Some(schema.clone()),
                name: old.name.clone(),
            };
            self.replace_name(object, old, &new);
        }
    }

    fn rename_schema(&mut self, from: &Ident, to: &Ident) {
        self.respell(Named::All, &|it| {
            if it.schema.as_ref() == Some(from) {
                it.schema = Some(to.clone());
            }
        });
        let schemas = self.objects.extensions.values_mut();
        let schemas = schemas.filter_map(|it| it.schema.as_mut());
        schemas
            .filter(|it| *it == from)
            .for_each(|it| *it = to.clone());
        if self.objects.schemas.remove(from) {
            self.objects.schemas.insert(to.clone());
        }
    }

    fn replace_name(&mut self, object: &Object, old: &QualifiedName, new: &QualifiedName) {
        self.respell(Named::of(object), &|it| {
            if it == old {
                *it = new.clone();
            }
        });
    }

    fn respell(&mut self, kind: Named, new: &impl Fn(&mut QualifiedName)) {
        if matches!(kind, Named::All | Named::Table) {
            respell_keys(&mut self.tables, |name, it| {
                new(name);
                it.name = name.clone();
                it.options.inherits.iter_mut().for_each(new);
                if let Some(of) = &mut it.options.partition_of {
                    new(&mut of.parent);
                }
                for constraint in &mut it.constraints {
                    if let Constraint::ForeignKey(key) = constraint {
                        new(&mut key.references);
                    }
                }
            });
        }
        if matches!(kind, Named::All | Named::Type) {
            respell_keys(&mut self.enums, |name, it| {
                new(name);
                it.name = name.clone();
            });
            for column in self.tables.values_mut().flat_map(|it| &mut it.columns) {
                if let Some(ty) = column.ty.written.as_enum() {
                    let mut name = ty.name.clone();
                    new(&mut name);
                    if name != ty.name {
                        column.ty = Spelled::new(renamed_enum(&column.ty.written, &name));
                    }
                }
            }
        }
        self.objects.respell(kind, new);
    }
}

/// The type with another name for the enum type that it is, or is an array of.
fn renamed_enum(ty: &Type, name: &QualifiedName) -> Type {
    match ty {
        Type::Enum(it) => Type::enumeration(name.clone(), it.values.clone()),
        Type::Array(of) => renamed_enum(of, name).array(),
        other => other.clone(),
    }
}
