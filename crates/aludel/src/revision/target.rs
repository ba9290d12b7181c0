//! What a person types to name a revision. It is read from text alone; whether it exists is asked later.

use std::fmt;
use std::str::FromStr;

use super::id::RevisionId;

/// What a command is to go to: one point of the history, or a range of it.
///
/// | text | meaning |
/// | --- | --- |
/// | `head`, `heads`, `base`, `current` | the only head, all heads, before the first revision, where the database stands |
/// | `ae1027a6acf0`, `ae10`, `billing` | an identifier, its beginning, a branch label |
/// | `billing@head`, `billing@ae10` | the same, on one branch |
/// | `+2`, `-1`, `billing@+1` | steps from where the database stands |
/// | `ae10+2`, `head-1` | steps from somewhere else |
/// | `ae10:head`, `ae10:`, `:head` | a range |
///
/// ```
/// use aludel::revision::Target;
///
/// let target: Target = "billing@head-1".parse()?;
/// assert_eq!(target.to_string(), "billing@head-1");
/// assert!("+1x".parse::<Target>().is_err());
/// # Ok::<(), aludel::revision::TargetError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One point.
    Point(Point),
    /// A range.
    Range(Range),
}

/// A range of the history, either end of which may be left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub from: Option<Point>,
    /// The upper end.
    pub to: Option<Point>,
}

/// One point of the history, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    branch: Option<String>,
    symbol: Option<Symbol>,
    offset: Option<Offset>,
}

/// What a point starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// The only head.
    Head,
    /// All heads.
    Heads,
    /// Before the first revision.
    Base,
    /// Where the database stands.
    Current,
    /// An identifier, the beginning of one, or a branch label.
    Name(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Offset {
    steps: i64,
    /// As it was written, since `+01` is repeated in messages.
    text: String,
}

impl Point {
    /// The branch before the `@`.
    ///
    /// `@head` names none; Alembic takes it for `head`.
    pub fn branch(&self) -> Option<&str> {
        self.branch.as_deref().filter(|branch| !branch.is_empty())
    }

    /// What the point starts from; none means from where the database stands.
    pub fn symbol(&self) -> Option<&Symbol> {
        self.symbol.as_ref()
    }

    /// How many steps up, or down if negative.
    pub fn steps(&self) -> Option<i64> {
        self.offset.as_ref().map(|offset| offset.steps)
    }

    /// The steps as they were written.
    pub(super) fn offset(&self) -> &str {
        self.offset.as_ref().map_or("", |offset| &offset.text)
    }

    /// All but the branch, as it was written.
    pub(super) fn rest(&self) -> String {
        let symbol = self.symbol.as_ref().map_or("", Symbol::as_str);
        format!("{symbol}{}", self.offset())
    }

    /// The symbol on the branch, without the steps.
    pub(super) fn without_offset(&self) -> Self {
        Self {
            branch: self.branch.clone(),
            symbol: self.symbol.clone(),
            offset: None,
        }
    }

    /// The symbol and the steps, on no branch.
    pub(super) fn without_branch(&self) -> Self {
        Self {
            branch: None,
            symbol: self.symbol.clone(),
            offset: self.offset.clone(),
        }
    }

    /// A whole text as a symbol, whatever it holds.
    pub(super) fn at_text(text: &str) -> Self {
        Self::at(Symbol::new(text))
    }

    /// A symbol on its own.
    pub(crate) fn at(symbol: Symbol) -> Self {
        Self {
            branch: None,
            symbol: Some(symbol),
            offset: None,
        }
    }
}

impl Symbol {
    /// The symbol as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Head => "head",
            Self::Heads => "heads",
            Self::Base => "base",
            Self::Current => "current",
            Self::Name(name) => name,
        }
    }

    fn new(text: &str) -> Self {
        match text {
            "head" => Self::Head,
            "heads" => Self::Heads,
            "base" => Self::Base,
            "current" => Self::Current,
            name => Self::Name(name.to_owned()),
        }
    }
}

/// Why a text is no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// There is no text.
    #[error("a revision is missing")]
    Empty,
    /// A branch without a revision.
    #[error("'{text}' needs a revision after the '@'")]
    HalfBranch {
        /// The text.
        text: String,
    },
    /// Something follows the number of steps.
    #[error("'{text}' makes sense only up to '{read}'")]
    HalfRead {
        /// The text.
        text: String,
        /// The part that can be read.
        read: String,
    },
    /// A range with more than two ends.
    #[error("History range requires [start]:[end], [start]:, or :[end]; '{text}' is none of these")]
    Range {
        /// The text.
        text: String,
    },
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text.contains(':') {
            text.parse().map(Self::Range)
        } else {
            text.parse().map(Self::Point)
        }
    }
}

impl FromStr for Range {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let no_range = || TargetError::Range {
            text: text.to_owned(),
        };
        let (from, to) = text.split_once(':').ok_or_else(no_range)?;
        if to.contains(':') {
            return Err(no_range());
        }
        let end = |text: &str| (!text.is_empty()).then(|| text.parse()).transpose();
        Ok(Self {
            from: end(from)?,
            to: end(to)?,
        })
    }
}

impl FromStr for Point {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text.is_empty() {
            return Err(TargetError::Empty);
        }
        let (branch, rest) = match text.split_once('@') {
            Some((branch, rest)) => (Some(branch), rest),
            None => (None, text),
        };
        if rest.is_empty() {
            return Err(TargetError::HalfBranch {
                text: text.to_owned(),
            });
        }
        let before = text.len() - rest.len();
        if branch.is_some_and(|branch| relative(branch).is_some()) {
            return Err(half_read(text, relative(text).map_or(0, |(_, end)| end)));
        }
        let (symbol, offset) = match relative(rest) {
            None => (Some(Symbol::new(rest)), None),
            Some((_, end)) if end < rest.len() => return Err(half_read(text, before + end)),
            Some((symbol, _)) => {
                let (symbol, offset) = rest.split_at(symbol);
                let saturated = if offset.starts_with('-') {
                    i64::MIN
                } else {
                    i64::MAX
                };
                let steps = offset.parse().unwrap_or(saturated);
                let symbol = (!symbol.is_empty()).then(|| Symbol::new(symbol));
                (
                    symbol,
                    Some(Offset {
                        steps,
                        text: offset.to_owned(),
                    }),
                )
            }
        };
        Ok(Self {
            branch: branch.map(str::to_owned),
            symbol,
            offset,
        })
    }
}

fn half_read(text: &str, end: usize) -> TargetError {
    TargetError::HalfRead {
        text: text.to_owned(),
        read: text[..end].to_owned(),
    }
}

/// Where the symbol and the steps end, if the text begins with `+N`, `-N`, `x+N` or `x-N`.
fn relative(text: &str) -> Option<(usize, usize)> {
    let word = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'));
    let symbol = text.find(word)?;
    let digits = text[symbol..].strip_prefix(['+', '-'])?;
    let count = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    (count > 0).then_some((symbol, symbol + 1 + count))
}

impl From<RevisionId> for Target {
    fn from(id: RevisionId) -> Self {
        Self::Point(Point::at(Symbol::Name(id.as_str().to_owned())))
    }
}

impl From<Point> for Target {
    fn from(point: Point) -> Self {
        Self::Point(point)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Point(point) => point.fmt(f),
            Self::Range(range) => range.fmt(f),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            from.fmt(f)?;
        }
        f.write_str(":")?;
        self.to.as_ref().map_or(Ok(()), |to| to.fmt(f))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(branch) = &self.branch {
            write!(f, "{branch}@")?;
        }
        f.write_str(&self.rest())
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(text: &str) -> Point {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_is_read() {
        let all = point("billing@ae10+02");
        assert_eq!(all.branch(), Some("billing"));
        assert_eq!(all.symbol(), Some(&Symbol::Name("ae10".into())));
        assert_eq!((all.steps(), all.offset()), (Some(2), "+02"));
        assert_eq!(point("@head").branch(), None);
        assert_eq!(point("-1").steps(), Some(-1));
        assert_eq!(point("-1").symbol(), None);
        assert_eq!(point("heads").symbol(), Some(&Symbol::Heads));
        assert_eq!(point("v1.2-3").steps(), Some(-3));
        let range: Range = "ae10:head-1".parse().unwrap();
        assert_eq!(range.from, Some(point("ae10")));
        assert_eq!(range.to, Some(point("head-1")));
        assert_eq!(":head".parse::<Range>().unwrap().from, None);
    }

    #[test]
    fn half_read_symbols_are_errors() {
        for text in ["+1x", "-1 ", "head-1x", "a@+1 ", "+1@a", "ae-1-2"] {
            let error = text.parse::<Target>().unwrap_err();
            assert!(
                matches!(error, TargetError::HalfRead { .. }),
                "{text}: {error}"
            );
        }
        for text in ["", "@", "a@", "a:b:c"] {
            assert!(text.parse::<Target>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_of_steps_is_a_name() {
        for text in ["++1", "+", "a-", " head", "a,b", "head "] {
            assert_eq!(
                point(text).symbol(),
                Some(&Symbol::Name(text.into())),
                "{text:?}"
            );
        }
    }

    #[test]
    fn steps_beyond_all_numbers_are_still_steps() {
        assert_eq!(point("+99999999999999999999").steps(), Some(i64::MAX));
        assert_eq!(point("-99999999999999999999").steps(), Some(i64::MIN));
    }

    proptest! {
        #[test]
        fn shown_as_written(text in "[a-z0-9@+:. -]{0,8}|(([a-z]{1,3}@)?([a-z0-9.]{0,4})([+-][0-9]{1,3})?)") {
            if let Ok(target) = text.parse::<Target>() {
                prop_assert_eq!(target.to_string(), text);
            }
        }
    }
}
