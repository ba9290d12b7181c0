//! What a database holds, by name: how an operation says which object it means.

use super::{Ident, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An object of a database, by name. What belongs to a table is named with it.
///
/// ```
/// use aludel::schema::Object;
///
/// assert_eq!(Object::view(("billing", "open")).to_string(), "view billing.open");
/// assert_eq!(Object::function("age", "date").to_string(), "function age(date)");
/// assert_eq!(Object::trigger("touch", "visits").to_string(), "trigger touch on visits");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Object {
    /// A schema.
    Schema(Ident),
    /// A table.
    Table(QualifiedName),
    /// A column of a table or a view.
    Column(QualifiedName, Ident),
    /// An index; it lives in its table's schema.
    Index(QualifiedName),
    /// A constraint of a table.
    Constraint(QualifiedName, Ident),
    /// A view.
    View(QualifiedName),
    /// A materialized view.
    MaterializedView(QualifiedName),
    /// A sequence.
    Sequence(QualifiedName),
    /// A function, with its argument types.
    Function(QualifiedName, String),
    /// A procedure, with its argument types.
    Procedure(QualifiedName, String),
    /// An enum type, or another type.
    Type(QualifiedName),
    /// A domain.
    Domain(QualifiedName),
    /// A constraint of a domain.
    DomainConstraint(QualifiedName, Ident),
    /// A trigger of a table or a view.
    Trigger(QualifiedName, Ident),
    /// A policy of a table.
    Policy(QualifiedName, Ident),
    /// An extension.
    Extension(Ident),
}

/// Declares the constructors that take one name.
macro_rules! named {
    ($($(#[$doc:meta])* $call:ident = $variant:ident;)+) => {
        impl Object {
            $($(#[$doc])*
            pub fn $call(name: impl Into<QualifiedName>) -> Self {
                Self::$variant(name.into())
            })+
        }
    };
}
named! {
    /// A table.
    table = Table;
    /// An index; it lives in its table's schema.
    index = Index;
    /// A view.
    view = View;
    /// A materialized view.
    materialized_view = MaterializedView;
    /// A sequence.
    sequence = Sequence;
    /// An enum type, or another type.
    ty = Type;
    /// A domain.
    domain = Domain;
}

/// Declares the constructors of what belongs to a table or a domain.
macro_rules! owned {
    ($($(#[$doc:meta])* $call:ident = $variant:ident;)+) => {
        impl Object {
            $($(#[$doc])*
            pub fn $call(name: impl Into<Ident>, of: impl Into<QualifiedName>) -> Self {
                Self::$variant(of.into(), name.into())
            })+
        }
    };
}
owned! {
    /// A constraint of a table.
    constraint = Constraint;
    /// A constraint of a domain.
    domain_constraint = DomainConstraint;
    /// A trigger of a table or a view.
    trigger = Trigger;
    /// A policy of a table.
    policy = Policy;
}

impl Object {
    /// A schema.
    pub fn schema(name: impl Into<Ident>) -> Self {
        Self::Schema(name.into())
    }

    /// A column of a table or a view.
    pub fn column(table: impl Into<QualifiedName>, name: impl Into<Ident>) -> Self {
        Self::Column(table.into(), name.into())
    }

    /// A function, with its argument types as SQL text: `("add", "integer, integer")`.
    pub fn function(name: impl Into<QualifiedName>, arguments: impl Into<String>) -> Self {
        Self::Function(name.into(), arguments.into())
    }

    /// A procedure, with its argument types as SQL text.
    pub fn procedure(name: impl Into<QualifiedName>, arguments: impl Into<String>) -> Self {
        Self::Procedure(name.into(), arguments.into())
    }

    /// An extension.
    pub fn extension(name: impl Into<Ident>) -> Self {
        Self::Extension(name.into())
    }

    /// What kind of object it is: `view`, `materialized view`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Schema(_) => "schema",
            Self::Table(_) => "table",
            Self::Column(..) => "column",
            Self::Index(_) => "index",
            Self::Constraint(..) | Self::DomainConstraint(..) => "constraint",
            Self::View(_) => "view",
            Self::MaterializedView(_) => "materialized view",
            Self::Sequence(_) => "sequence",
            Self::Function(..) => "function",
            Self::Procedure(..) => "procedure",
            Self::Type(_) => "type",
            Self::Domain(_) => "domain",
            Self::Trigger(..) => "trigger",
            Self::Policy(..) => "policy",
            Self::Extension(_) => "extension",
        }
    }

    /// The same object under another name.
    pub fn renamed(&self, to: impl Into<Ident>) -> Self {
        let to = to.into();
        match self {
            Self::Schema(_) => Self::Schema(to),
            Self::Table(it) => Self::Table(it.renamed(to)),
            Self::Column(table, _) => Self::Column(table.clone(), to),
            Self::Index(it) => Self::Index(it.renamed(to)),
            Self::Constraint(table, _) => Self::Constraint(table.clone(), to),
            Self::View(it) => Self::View(it.renamed(to)),
            Self::MaterializedView(it) => Self::MaterializedView(it.renamed(to)),
            Self::Sequence(it) => Self::Sequence(it.renamed(to)),
            Self::Function(it, arguments) => Self::Function(it.renamed(to), arguments.clone()),
            Self::Procedure(it, arguments) => Self::Procedure(it.renamed(to), arguments.clone()),
            Self::Type(it) => Self::Type(it.renamed(to)),
            Self::Domain(it) => Self::Domain(it.renamed(to)),
            Self::DomainConstraint(domain, _) => Self::DomainConstraint(domain.clone(), to),
            Self::Trigger(table, _) => Self::Trigger(table.clone(), to),
            Self::Policy(table, _) => Self::Policy(table.clone(), to),
            Self::Extension(_) => Self::Extension(to),
        }
    }

    /// The qualified name in it, its own or that of the table or domain that it belongs to; a schema and an extension have none.
    pub fn qualified(&self) -> Option<&QualifiedName> {
        match self {
            Self::Schema(_) | Self::Extension(_) => None,
            Self::Table(it)
            | Self::Column(it, _)
            | Self::Index(it)
            | Self::Constraint(it, _)
            | Self::View(it)
            | Self::MaterializedView(it)
            | Self::Sequence(it)
            | Self::Function(it, _)
            | Self::Procedure(it, _)
            | Self::Type(it)
            | Self::Domain(it)
            | Self::DomainConstraint(it, _)
            | Self::Trigger(it, _)
            | Self::Policy(it, _) => Some(it),
        }
    }

    /// As [`Self::qualified`], to change it.
    pub(super) fn qualified_mut(&mut self) -> Option<&mut QualifiedName> {
        match self {
            Self::Schema(_) | Self::Extension(_) => None,
            Self::Table(it)
            | Self::Column(it, _)
            | Self::Index(it)
            | Self::Constraint(it, _)
            | Self::View(it)
            | Self::MaterializedView(it)
            | Self::Sequence(it)
            | Self::Function(it, _)
            | Self::Procedure(it, _)
            | Self::Type(it)
            | Self::Domain(it)
            | Self::DomainConstraint(it, _)
            | Self::Trigger(it, _)
            | Self::Policy(it, _) => Some(it),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Schema(name) | Self::Extension(name) => write!(f, "{kind} {name}"),
            Self::Column(of, name) => write!(f, "{kind} {of}.{name}"),
            Self::Function(name, arguments) | Self::Procedure(name, arguments) => {
                write!(f, "{kind} {name}({arguments})")
            }
            Self::Constraint(of, name)
            | Self::DomainConstraint(of, name)
            | Self::Trigger(of, name)
            | Self::Policy(of, name) => write!(f, "{kind} {name} on {of}"),
            Self::Table(name)
            | Self::Index(name)
            | Self::View(name)
            | Self::MaterializedView(name)
            | Self::Sequence(name)
            | Self::Type(name)
            | Self::Domain(name) => write!(f, "{kind} {name}"),
        }
    }
}
