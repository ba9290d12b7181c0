//! What models declare beside their tables.

use super::{
    Domain, Enum, Extension, Function, Holds, Ident, Metadata, ObjectKind, Policy, QualifiedName,
    RowSecurity, Schema, Sequence, Trigger, View,
};

/// An object that is declared beside the tables, `Metadata::object`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Declared {
    /// A schema.
    Schema(Ident),
    /// An extension.
    Extension(Extension),
    /// A sequence.
    Sequence(Sequence),
    /// An enum type.
    Enum(Enum),
    /// A domain.
    Domain(Domain),
    /// A function or a procedure.
    Function(Function),
    /// A view.
    View(View),
    /// A trigger.
    Trigger(Trigger),
    /// A policy.
    Policy(Policy),
    /// Whether the policies of a table hold.
    RowSecurity(QualifiedName, RowSecurity),
}

/// Declares from which nouns a declared object can be made.
macro_rules! from {
    ($($noun:ident,)+) => {
        $(impl From<$noun> for Declared {
            fn from(it: $noun) -> Self {
                Self::$noun(it)
            }
        })+
    };
}
from! { Extension, Sequence, Enum, Domain, Function, View, Trigger, Policy, }

impl Declared {
    /// The kind by which it is switched on and off; none for an enum type, which belongs to the tables.
    pub fn kind(&self) -> Option<ObjectKind> {
        Some(match self {
            Self::Schema(_) => ObjectKind::Schemas,
            Self::Extension(_) => ObjectKind::Extensions,
            Self::Sequence(_) => ObjectKind::Sequences,
            Self::Enum(_) => return None,
            Self::Domain(_) => ObjectKind::Domains,
            Self::Function(_) => ObjectKind::Functions,
            Self::View(_) => ObjectKind::Views,
            Self::Trigger(_) => ObjectKind::Triggers,
            Self::Policy(_) | Self::RowSecurity(..) => ObjectKind::Policies,
        })
    }

    /// What it is and how it is called: `view open_visits`.
    pub fn name(&self) -> String {
        match self {
            Self::Schema(it) => format!("schema {it}"),
            Self::Extension(it) => format!("extension {}", it.name),
            Self::Sequence(it) => format!("sequence {}", it.name),
            Self::Enum(it) => format!("enum type {}", it.name),
            Self::Domain(it) => format!("domain {}", it.name),
            Self::Function(it) => format!("function {}({})", it.name, it.arguments),
            Self::View(it) => format!("view {}", it.name),
            Self::Trigger(it) => format!("trigger {} on {}", it.name, it.table),
            Self::Policy(it) => format!("policy {} on {}", it.name, it.table),
            Self::RowSecurity(table, _) => format!("row security of {table}"),
        }
    }

    /// What it holds on to, if objects of its kind hold anything.
    pub(crate) fn holds(&self) -> Option<&Holds> {
        match self {
            Self::View(it) => Some(&it.holds),
            Self::Trigger(it) => Some(&it.holds),
            Self::Policy(it) => Some(&it.holds),
            Self::Function(it) => Some(&it.holds),
            _ => None,
        }
    }

    /// Puts it into a schema; false if one of its name is there already.
    pub(crate) fn put(&self, schema: &mut Schema) -> bool {
        let objects = &mut schema.objects;
        match self.clone() {
            Self::Schema(it) => objects.schemas.insert(it),
            Self::Extension(it) => objects.extensions.insert(it.name.clone(), it).is_none(),
            Self::Sequence(it) => objects.sequences.insert(it.name.clone(), it).is_none(),
            Self::Enum(it) => schema.enums.insert(it.name.clone(), it).is_none(),
            Self::Domain(it) => objects.domains.insert(it.name.clone(), it).is_none(),
            Self::Function(it) => {
                let key = (it.name.clone(), it.arguments.clone());
                objects.functions.insert(key, it).is_none()
            }
            Self::View(it) => objects.views.insert(it.name.clone(), it).is_none(),
            Self::Trigger(it) => {
                let key = (it.table.clone(), it.name.clone());
                objects.triggers.insert(key, it).is_none()
            }
            Self::Policy(it) => {
                let key = (it.table.clone(), it.name.clone());
                objects.policies.insert(key, it).is_none()
            }
            Self::RowSecurity(table, it) => objects.row_security.insert(table, it).is_none(),
        }
    }
}

impl Metadata {
    /// Declares a view: its name, and its query as SQL text.
    ///
    /// ```
    /// use aludel::schema::Metadata;
    ///
    /// let metadata = Metadata::new().view("open_visits", "SELECT id FROM visits WHERE status = 'planned'");
    /// assert!(metadata.schema().unwrap().objects.views.contains_key(&"open_visits".into()));
    /// ```
    pub fn view(self, name: impl Into<QualifiedName>, query: impl Into<super::Expr>) -> Self {
        self.object(View::new(name, query))
    }

    /// Declares a view whose rows are kept (PostgreSQL).
    pub fn materialized_view(
        self,
        name: impl Into<QualifiedName>,
        query: impl Into<super::Expr>,
    ) -> Self {
        self.object(View::materialized(name, query))
    }

    /// Declares anything else beside the tables: a function, a trigger, a sequence, a domain, a policy, an extension, an enum type
    /// that no column has.
    ///
    /// ```
    /// use aludel::schema::{Extension, Metadata, ObjectKind, Trigger};
    ///
    /// let metadata = Metadata::new()
    ///     .object(Extension::new("citext"))
    ///     .object(Trigger::new("touch", "visits").before().update().execute("touch()"));
    /// assert!(metadata.kinds().contains(&ObjectKind::Triggers));
    /// ```
    pub fn object(mut self, object: impl Into<Declared>) -> Self {
        self.objects.push(object.into());
        self
    }

    /// Declares a schema to be there, though no table may be in it (PostgreSQL).
    pub fn schema_named(self, name: impl Into<Ident>) -> Self {
        self.object(Declared::Schema(name.into()))
    }

    /// Declares that the policies of a table hold: for everybody but its owner, or with `forced` for the owner, too (PostgreSQL).
    pub fn row_security(self, table: impl Into<QualifiedName>, forced: bool) -> Self {
        let security = RowSecurity {
            enabled: true,
            forced,
        };
        self.object(Declared::RowSecurity(table.into(), security))
    }

    /// The kinds of which anything is declared.
    pub fn kinds(&self) -> std::collections::BTreeSet<ObjectKind> {
        self.objects.iter().filter_map(Declared::kind).collect()
    }
}

impl Declared {
    /// The object that it is, by name; row level security is a state of a table and no object.
    pub(crate) fn object(&self) -> Option<super::Object> {
        use super::Object;
        Some(match self {
            Self::Schema(it) => Object::Schema(it.clone()),
            Self::Extension(it) => Object::Extension(it.name.clone()),
            Self::Sequence(it) => Object::Sequence(it.name.clone()),
            Self::Enum(it) => Object::Type(it.name.clone()),
            Self::Domain(it) => Object::Domain(it.name.clone()),
            Self::Function(it) if it.procedure => {
                Object::Procedure(it.name.clone(), it.arguments.clone())
            }
            Self::Function(it) => Object::Function(it.name.clone(), it.arguments.clone()),
            Self::View(it) if it.materialized => Object::MaterializedView(it.name.clone()),
            Self::View(it) => Object::View(it.name.clone()),
            Self::Trigger(it) => Object::Trigger(it.table.clone(), it.name.clone()),
            Self::Policy(it) => Object::Policy(it.table.clone(), it.name.clone()),
            Self::RowSecurity(..) => return None,
        })
    }
}

impl Schema {
    /// The objects beside tables and enum types, each as it would be declared.
    pub(crate) fn declared(&self) -> std::collections::BTreeMap<super::Object, Declared> {
        let it = &self.objects;
        let schemas = it.schemas.iter().cloned().map(Declared::Schema);
        let extensions = it.extensions.values().cloned().map(Declared::Extension);
        let sequences = it.sequences.values().cloned().map(Declared::Sequence);
        let domains = it.domains.values().cloned().map(Declared::Domain);
        // The arguments by which a function is known need not be those that it says: their names and defaults may be others.
        let functions = it.functions.iter().map(|((name, arguments), it)| {
            let object = match it.procedure {
                true => super::Object::procedure(name, arguments.clone()),
                false => super::Object::function(name, arguments.clone()),
            };
            (object, Declared::Function(it.clone()))
        });
        let views = it.views.values().cloned().map(Declared::View);
        let triggers = it.triggers.values().cloned().map(Declared::Trigger);
        let policies = it.policies.values().cloned().map(Declared::Policy);
        schemas
            .chain(extensions)
            .chain(sequences)
            .chain(domains)
            .chain(views)
            .chain(triggers)
            .chain(policies)
            .filter_map(|it| Some((it.object()?, it)))
            .chain(functions)
            .collect()
    }
}
