//! Whether a declared object is the live one of its name, kind by kind: what is asked about it, and what the answer means.

use super::probes::Echo;

pub(super) mod conditions;
pub(super) mod domains;
pub(super) mod functions;
pub(super) mod plain;
pub(super) mod policies;
mod text;
pub(super) mod triggers;
pub(super) mod views;

/// The answers, and whether they were all that were wanted.
#[derive(Debug)]
pub(super) struct Verdicts<'e> {
    pub echo: &'e Echo,
    /// Whether nothing had to be compared as text.
    pub all_asked: bool,
}

impl<'e> Verdicts<'e> {
    pub(super) fn new(echo: &'e Echo) -> Self {
        Self {
            echo,
            all_asked: true,
        }
    }

    /// What the text says, where the database could not be asked.
    fn as_text(&mut self, same: bool) -> bool {
        self.all_asked = false;
        same
    }
}
