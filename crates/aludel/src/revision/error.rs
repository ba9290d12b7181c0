//! What can be wrong with a graph, a target or a plan. Errors carry data; advice is given elsewhere.

use super::id::{IdError, RevisionId};
use super::target::TargetError;

/// Why a graph could not be built, a target not be found, or a plan not be made.
///
/// Where Alembic has a sentence for it, the message is that sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// Two revisions have the same identifier.
    #[error("Revision {id} is present more than once")]
    Duplicate {
        /// The identifier.
        id: RevisionId,
        /// The places of the two revisions in the list that was given.
        places: [usize; 2],
    },
    /// A revision follows one that does not exist.
    #[error("Revision {missing} referenced from {revision} is not present")]
    MissingParent {
        /// The revision whose header names it.
        revision: RevisionId,
        /// What is missing.
        missing: RevisionId,
        /// Identifiers that could have been meant.
        candidates: Vec<String>,
    },
    /// A revision depends on one that does not exist.
    #[error("Revision {missing}, on which {revision} depends, is not present")]
    MissingDependency {
        /// The revision whose header names it.
        revision: RevisionId,
        /// What is missing, an identifier or a branch label.
        missing: String,
        /// Identifiers and labels that could have been meant.
        candidates: Vec<String>,
    },
    /// A branch label is taken, by another label or by an identifier.
    #[error("Branch name '{label}' in revision {revision} already used by revision {used_by}")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// The revision that wants it.
        revision: RevisionId,
        /// The revision that has it.
        used_by: RevisionId,
    },
    /// A revision follows itself, or depends on itself.
    #[error("{} is detected in revisions ({revision})", if *dependency { "Dependency self-loop" } else { "Self-loop" })]
    SelfLoop {
        /// The revision.
        revision: RevisionId,
        /// Whether it is a dependency that loops.
        dependency: bool,
    },
    /// Revisions follow one another, or depend on one another, in a circle.
    #[error("{} is detected in revisions ({})", if *dependency { "Dependency cycle" } else { "Cycle" }, comma(revisions))]
    Cycle {
        /// The members of the circle, or circles, sorted by name.
        revisions: Vec<RevisionId>,
        /// Whether a dependency is part of it.
        dependency: bool,
    },
    /// A target names nothing, or not one thing.
    #[error("Can't locate revision identified by '{symbol}'")]
    Unresolved {
        /// The part of the target that names nothing.
        symbol: String,
        /// What was found instead.
        #[source]
        reason: Unresolved,
    },
    /// A row of the version table names a revision that does not exist.
    #[error("Can't locate revision identified by '{row}'")]
    UnknownRow {
        /// The row.
        row: String,
        /// Identifiers that look like it.
        candidates: Vec<String>,
    },
    /// One revision was asked for, and there are several heads.
    #[error(
        "Multiple head revisions are present for given argument '{argument}'; please specify a specific \
         target revision, '<branchname>@{argument}' to narrow to a specific head, or 'heads' for all heads"
    )]
    MultipleHeads {
        /// The target.
        argument: String,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// A stamp needs one revision, and there are several heads.
    #[error("Multiple heads are present; please specify a single target revision")]
    StampMultipleHeads {
        /// The target.
        argument: String,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// Revisions that were asked for together lie above one another.
    #[error(
        "Requested revision {revision} overlaps with other requested revisions {}",
        comma(others)
    )]
    Overlap {
        /// The revision on top.
        revision: RevisionId,
        /// Those below it.
        others: Vec<RevisionId>,
    },
    /// The target of a downgrade is not applied.
    #[error("Destination {target} is not a valid downgrade target from current head(s)")]
    NotBelow {
        /// The target.
        target: String,
        /// Where the database stands.
        rows: Vec<String>,
    },
    /// The target of a downgrade does not lie on the branch that was named.
    #[error("Not a valid downgrade target from current heads")]
    NotOnBranch {
        /// The branch.
        branch: String,
    },
    /// A walk came to a fork.
    #[error("Ambiguous walk")]
    AmbiguousWalk {
        /// Where it could go on.
        candidates: Vec<RevisionId>,
    },
    /// A walk from the current revision was asked for, and there are several.
    #[error("Ambiguous upgrade from multiple current revisions")]
    AmbiguousStart {
        /// The current revisions.
        candidates: Vec<String>,
    },
    /// A walk from the current revision down a branch was asked for, and there is not one there.
    #[error("Ambiguous downgrade from {} current revisions of branch '{branch}'", candidates.len())]
    AmbiguousBranch {
        /// The branch.
        branch: String,
        /// The current revisions on it.
        candidates: Vec<String>,
    },
    /// A walk from the current revision came to an end too early, or into the wrong direction.
    #[error(
        "Relative revision {offset} didn't produce {} migrations",
        steps(offset)
    )]
    TooFewSteps {
        /// The walk as it was written.
        offset: String,
    },
    /// A walk from a named revision came to an end too early.
    #[error("Walked too far")]
    WalkedTooFar {
        /// The target.
        target: String,
    },
    /// A range was given where one target is wanted.
    #[error("Range revision not allowed")]
    RangeNotAllowed {
        /// The range.
        target: String,
    },
    /// The ends of a range do not lie above one another.
    #[error(
        "Requested range {from}:{to} does not refer to ancestor/descendant revisions along the same branch"
    )]
    RangeNotAncestor {
        /// The lower end.
        from: String,
        /// The upper end.
        to: String,
    },
    /// An identifier is not well formed.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A target is not well formed.
    #[error(transparent)]
    Target(#[from] TargetError),
}

/// Why a name led to no single revision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unresolved {
    /// Nothing has this name or begins with it.
    #[error("No such revision or branch '{name}'{}", short(name))]
    NotFound {
        /// The name.
        name: String,
        /// Names that look like it.
        candidates: Vec<String>,
    },
    /// No branch has this name.
    #[error("No such branch: '{name}'")]
    NoBranch {
        /// The name.
        name: String,
        /// Names that look like it.
        candidates: Vec<String>,
    },
    /// Several names begin with it.
    #[error("Multiple revisions start with '{prefix}': {}...", quoted(candidates))]
    Ambiguous {
        /// The beginning.
        prefix: String,
        /// All names that begin with it, identifiers first.
        candidates: Vec<String>,
    },
    /// The revision exists, on another branch.
    #[error("Revision {revision} is not a member of branch '{branch}'")]
    NotMember {
        /// The revision.
        revision: RevisionId,
        /// The branch.
        branch: String,
    },
}

impl GraphError {
    /// Names that could have been meant, for "did you mean"; empty where there are none.
    pub fn candidates(&self) -> Vec<&str> {
        match self {
            Self::MissingParent { candidates, .. }
            | Self::MissingDependency { candidates, .. }
            | Self::UnknownRow { candidates, .. }
            | Self::AmbiguousStart { candidates }
            | Self::AmbiguousBranch { candidates, .. } => {
                candidates.iter().map(String::as_str).collect()
            }
            Self::Unresolved { reason, .. } => match reason {
                Unresolved::NotFound { candidates, .. }
                | Unresolved::NoBranch { candidates, .. }
                | Unresolved::Ambiguous { candidates, .. } => {
                    candidates.iter().map(String::as_str).collect()
                }
                Unresolved::NotMember { .. } => Vec::new(),
            },
            Self::MultipleHeads { heads, .. } | Self::StampMultipleHeads { heads, .. } => {
                heads.iter().map(RevisionId::as_str).collect()
            }
            Self::AmbiguousWalk { candidates } => {
                candidates.iter().map(RevisionId::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The revisions whose files are at fault; empty where the graph is sound.
    pub fn revisions(&self) -> Vec<&RevisionId> {
        match self {
            Self::Duplicate { id, .. } => vec![id],
            Self::MissingParent { revision, .. }
            | Self::MissingDependency { revision, .. }
            | Self::SelfLoop { revision, .. } => vec![revision],
            Self::DuplicateLabel {
                revision, used_by, ..
            } => vec![revision, used_by],
            Self::Cycle { revisions, .. } => revisions.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether several names begin with what was given, so that one more character may help.
    pub fn is_ambiguous_prefix(&self) -> bool {
        matches!(
            self,
            Self::Unresolved {
                reason: Unresolved::Ambiguous { .. },
                ..
            }
        )
    }
}

fn comma(ids: &[RevisionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    ids.join(", ")
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .take(3)
        .map(|name| format!("'{name}'"))
        .collect();
    names.join(", ")
}

/// Alembic's hint, given for names of fewer than four characters, although shorter ones do match.
fn short(name: &str) -> &'static str {
    if name.chars().count() < 4 {
        "; please ensure at least four characters are present for partial revision identifier matches"
    } else {
        ""
    }
}

/// `+01` asks for 1 step.
fn steps(offset: &str) -> &str {
    let digits = offset
        .trim_start_matches(['+', '-'])
        .trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }
}
