//! From `CREATE` or `ALTER` to where the body of a MySQL routine, trigger or event begins.

use super::Seen;

/// How far the words have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// `CREATE [OR REPLACE] [DEFINER = user] [AGGREGATE]`
    Create,
    /// `ALTER [DEFINER = user]`
    Alter,
    /// The name of a function or procedure, and its parameters.
    Function,
    Procedure,
    /// What stands between the parameters and the body.
    AfterFunction {
        returns: bool,
        foreign: bool,
    },
    AfterProcedure {
        foreign: bool,
    },
    /// `TRIGGER ... FOR EACH ROW`
    Trigger,
    /// Behind `ROW`, where `FOLLOWS other` may stand.
    Row,
    /// The name behind `FOLLOWS`.
    Follows,
    /// `EVENT ... DO`
    Event,
}

/// What a token makes of a head.
pub(super) enum HeadStep {
    Stay(Head),
    /// There will be no body.
    Plain,
    /// The token is the first one of the body.
    Body,
    /// The next token will be.
    BodyBehind,
    /// It is not known what follows.
    Unknown,
}

use HeadStep::{Body, BodyBehind, Plain, Stay, Unknown};

impl Head {
    pub(super) fn new(word: &str) -> Self {
        if word == "ALTER" {
            Self::Alter
        } else {
            Self::Create
        }
    }

    pub(super) fn step(self, last: Seen, seen: Seen, depth: usize) -> HeadStep {
        let event = || !last.is_any(&["EVENT", "EXISTS", "TO"]) && !is_joint(last);
        match self {
            Self::Create | Self::Alter => self.kind(last, seen),
            Self::Function | Self::Procedure => self.parameters(last, seen, depth),
            Self::AfterFunction { .. } | Self::AfterProcedure { .. } if depth > 0 => Stay(self),
            Self::AfterFunction { returns, foreign } => {
                after_function(returns, foreign, last, seen)
            }
            Self::AfterProcedure { foreign } => after_procedure(foreign, last, seen),
            Self::Trigger if last == Seen::Word("EACH") && seen == Seen::Word("ROW") => {
                Stay(Self::Row)
            }
            Self::Trigger => Stay(self),
            Self::Row if seen.is_any(&["FOLLOWS", "PRECEDES"]) => Stay(Self::Follows),
            Self::Row => Body,
            Self::Follows => BodyBehind,
            Self::Event if seen == Seen::Word("DO") && event() => BodyBehind,
            Self::Event => Stay(self),
        }
    }

    fn kind(self, last: Seen, seen: Seen) -> HeadStep {
        // The user of `DEFINER = user@host` may be called anything.
        if is_joint(last) {
            return Stay(self);
        }
        match (seen, self) {
            (Seen::Word("EVENT"), _) => Stay(Self::Event),
            (Seen::Word("FUNCTION"), Self::Create) => Stay(Self::Function),
            (Seen::Word("PROCEDURE"), Self::Create) => Stay(Self::Procedure),
            (Seen::Word("TRIGGER"), Self::Create) => Stay(Self::Trigger),
            (Seen::Word("PACKAGE"), Self::Create) => Unknown,
            (Seen::Word("OR" | "REPLACE" | "DEFINER" | "AGGREGATE"), _) => Stay(self),
            (Seen::Symbol('=' | '@' | '.' | '(' | ')'), _) => Stay(self),
            _ => Plain,
        }
    }

    fn parameters(self, last: Seen, seen: Seen, depth: usize) -> HeadStep {
        let function = self == Self::Function;
        match seen {
            Seen::Symbol(')') if depth == 0 && function => Stay(Self::AfterFunction {
                returns: false,
                foreign: false,
            }),
            Seen::Symbol(')') if depth == 0 => Stay(Self::AfterProcedure { foreign: false }),
            _ if depth > 0 || is_joint(last) => Stay(self),
            // A function from a library: `RETURNS STRING SONAME 'file'`.
            Seen::Word("RETURNS") => Plain,
            Seen::Word("AS" | "IS" | "RETURN") => Unknown,
            _ => Stay(self),
        }
    }
}

/// Whether what follows a token is a part of the same name or the value of an option.
fn is_joint(last: Seen) -> bool {
    matches!(last, Seen::Symbol('=' | '@' | '.'))
}

/// The body of a function is `RETURN` or a block; what stands before it are the words of a type and of options.
fn after_function(returns: bool, foreign: bool, last: Seen, seen: Seen) -> HeadStep {
    let stay = |returns, foreign| Stay(Head::AfterFunction { returns, foreign });
    match seen {
        Seen::Word("") if last == Seen::Word("LANGUAGE") => stay(returns, true),
        Seen::Word("RETURNS") => stay(true, foreign),
        Seen::Word("RETURN") if returns => Plain,
        Seen::Word("AS") if foreign => Plain,
        Seen::Word("RETURN" | "AS" | "IS") => Unknown,
        Seen::Word("BEGIN" | "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT" | "FOR") => Body,
        Seen::Symbol(':') => BodyBehind,
        _ => stay(returns, foreign),
    }
}

/// The body of a procedure is any statement: the first that is no option.
fn after_procedure(foreign: bool, last: Seen, seen: Seen) -> HeadStep {
    let stay = |foreign| Stay(Head::AfterProcedure { foreign });
    match (last, seen) {
        (Seen::Word("LANGUAGE"), Seen::Word("")) => stay(true),
        (Seen::Word("COMMENT" | "LANGUAGE" | "SECURITY"), _) => stay(foreign),
        (Seen::Word("SQL"), Seen::Word("DATA" | "SECURITY")) => stay(foreign),
        (_, Seen::Word("AS")) if foreign => Plain,
        (_, Seen::Word("AS" | "IS")) => Unknown,
        (
            _,
            Seen::Word(
                "COMMENT" | "LANGUAGE" | "NOT" | "DETERMINISTIC" | "CONTAINS" | "NO" | "READS"
                | "MODIFIES" | "SQL",
            ),
        ) => stay(foreign),
        _ => Body,
    }
}
