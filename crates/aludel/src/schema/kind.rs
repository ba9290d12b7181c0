//! The kinds of objects beside tables and enum types, by which they are switched on and off.

/// A kind of object that a schema holds beside its tables and their enum types.
///
/// ```
/// use aludel::schema::ObjectKind;
///
/// assert_eq!("views".parse(), Ok(ObjectKind::Views));
/// assert_eq!(ObjectKind::Policies.to_string(), "policies");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ObjectKind {
    /// Schemas themselves.
    Schemas,
    /// Extensions.
    Extensions,
    /// Sequences that belong to no column.
    Sequences,
    /// Domains.
    Domains,
    /// Functions and procedures.
    Functions,
    /// Views, materialized ones too.
    Views,
    /// Triggers.
    Triggers,
    /// Policies, and whether row level security is on.
    Policies,
}

impl ObjectKind {
    /// All kinds, in an order in which objects of them can be made.
    pub const ALL: [Self; 8] = [
        Self::Schemas,
        Self::Extensions,
        Self::Sequences,
        Self::Domains,
        Self::Functions,
        Self::Views,
        Self::Triggers,
        Self::Policies,
    ];

    /// The word for it in a configuration: `views`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Extensions => "extensions",
            Self::Sequences => "sequences",
            Self::Domains => "domains",
            Self::Functions => "functions",
            Self::Views => "views",
            Self::Triggers => "triggers",
            Self::Policies => "policies",
        }
    }
}

impl std::fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that is no kind of object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of object")]
pub struct NoKind(pub String);

impl std::str::FromStr for ObjectKind {
    type Err = NoKind;

    fn from_str(text: &str) -> Result<Self, NoKind> {
        let found = Self::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| NoKind(text.to_string()))
    }
}
