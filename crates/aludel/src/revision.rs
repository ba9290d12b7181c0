//! HISTORY AS A GRAPH: revisions, what they follow, and what a command would run.
//!
//! This room is pure arithmetic on names. It knows neither files nor databases nor operations: a
//! [`RevisionMap`] is made from [`Revision`] values that somebody else has read, and a [`Plan`]
//! is a list of names that somebody else carries out.
//!
//! ```
//! use aludel::revision::{Revision, RevisionId, RevisionMap, Target};
//!
//! let a = Revision::new(RevisionId::new("a1")?);
//! let b = Revision::new(RevisionId::new("b2")?).follows(a.id.clone());
//! let map = RevisionMap::new(vec![a, b])?;
//!
//! let none: [&str; 0] = [];
//! let plan = map.upgrade_plan(&none, &"head".parse::<Target>()?)?;
//! let order: Vec<_> = plan.steps.iter().map(|step| step.revision.as_str()).collect();
//! assert_eq!(order, ["a1", "b2"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod error;
mod id;
mod map;
mod order;
mod plan;
mod range;
mod resolve;
mod stamp;
mod target;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use build::edit_distance;
pub use error::{GraphError, Unresolved};
pub use id::{Applied, Heads, IdError, RevisionId};
pub use map::{Revision, RevisionMap};
pub use plan::{Direction, Plan, PlanWarning, Step, VersionOp};
pub use target::{Point, Range, Symbol, Target, TargetError};
