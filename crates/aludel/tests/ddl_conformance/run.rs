//! A vector is run in two databases, and what comes of it is judged.

use crate::calls;
use crate::guess::Guess;
use crate::live::{Ended, Live};
use crate::look::{Facts, Names, difference};
use crate::rows;
use crate::text;
use crate::vector::{Reader, Vector, flag};
use crate::world::World;

/// What came of a vector.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The same statements, but for white space, the case of words and quotes that change nothing.
    SameText,
    /// Other statements that leave the same.
    SameEffect,
    /// Something else: a deliberate difference, or a failure.
    Other(Outcome),
}

/// What came of a vector that did not simply agree.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) what: What,
    pub(crate) ours: Vec<String>,
    /// What Alembic leaves and we do not, or what the call asks for and we do not do.
    pub(crate) missing: Facts,
    /// What we leave beside.
    pub(crate) beside: Facts,
    /// What this library or the database said.
    pub(crate) said: String,
    /// Why Alembic's statements did not run, if they did not.
    pub(crate) theirs: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Both ran, and left different things.
    Differs,
    /// Alembic's statements work, and this library refuses the call.
    RefusedHere,
    /// Alembic's statements work, and the database refuses ours.
    FailsHere,
    /// Alembic refuses, or the database refuses its statements; here it does what was asked.
    WorksHere,
    /// As before, but it does something else than was asked.
    AskedOtherwise,
    /// Alembic refuses, or the database its statements; this library refuses with a typed error.
    RefusedBoth,
    /// Alembic refuses; this library writes statements that the database refuses.
    Worse,
    /// The database refuses Alembic's statements and ours.
    BothFail,
    /// The call has an argument that this library has no words for.
    WithoutWords,
    /// No database could be made in which the call makes sense.
    NoSetup,
}

/// A way to set up the database.
#[derive(Clone, Copy)]
struct Setup {
    guess: Guess,
    rows: bool,
}

/// All ways, the most telling first.
fn setups() -> Vec<Setup> {
    let ways = Guess::ALL
        .into_iter()
        .flat_map(|guess| [true, false].map(|rows| Setup { guess, rows }));
    ways.collect()
}

struct Judge<'j> {
    /// How many rows the tables did not take before the call.
    left_out: usize,
    live: &'j mut Live,
    vector: &'j Vector,
    reader: Reader<'j>,
    temporary: Vec<String>,
}

/// Runs a vector.
pub(crate) async fn judge(live: &mut Live, vector: &Vector) -> Verdict {
    let reader = vector.reader();
    let temporary = match vector.mentions("TEMPORARY") && reader.is_mysql() {
        true => vec![
            reader
                .spell
                .qualified(&calls::table_of(vector.args()))
                .unwrap(),
        ],
        false => Vec::new(),
    };
    let mut judge = Judge {
        left_out: 0,
        live,
        vector,
        reader,
        temporary,
    };
    judge.judge().await
}

impl Judge<'_> {
    async fn judge(&mut self) -> Verdict {
        let scripts = self.vector.scripts();
        let verdict = self.compared(scripts).await;
        let without_words = self.reader.without_words.borrow();
        match (without_words.is_empty(), verdict) {
            (true, verdict) => verdict,
            (false, Verdict::Other(outcome)) if outcome.what != What::Differs => {
                Verdict::Other(outcome)
            }
            (false, _) => {
                let said: Vec<&str> = without_words.iter().map(String::as_str).collect();
                other(
                    What::WithoutWords,
                    vec![],
                    vec![],
                    vec![],
                    &said.join(", "),
                    "",
                )
            }
        }
    }

    async fn compared(&mut self, scripts: Vec<Vec<String>>) -> Verdict {
        let mut theirs = self.vector.error().unwrap_or_default().to_owned();
        let mut problem = String::new();
        if self.vector.error().is_none() {
            for setup in setups() {
                let (ours, ended) = match self.ours(setup).await {
                    Ok(it) => it,
                    Err(error) => {
                        problem = error;
                        continue;
                    }
                };
                if scripts.iter().any(|script| text::same(script, &ours)) {
                    return Verdict::SameText;
                }
                match self.theirs(setup, &scripts[0]).await {
                    Ok(Ended::Well(facts)) => return self.both(facts, ours, ended),
                    Ok(Ended::Failed(error) | Ended::Refused(error)) if theirs.is_empty() => {
                        theirs = error
                    }
                    Ok(_) => {}
                    Err(error) => problem = error,
                }
            }
        }
        self.alone(theirs, problem).await
    }

    /// Alembic's statements ran.
    fn both(&self, theirs: Facts, ours: Vec<String>, ended: Ended) -> Verdict {
        match ended {
            Ended::Well(facts) => {
                let (missing, beside) = difference(&theirs, &facts);
                match missing.is_empty() && beside.is_empty() {
                    true => Verdict::SameEffect,
                    false => other(What::Differs, ours, missing, beside, "", ""),
                }
            }
            Ended::Refused(said) => other(What::RefusedHere, ours, vec![], vec![], &said, ""),
            Ended::Failed(said) => other(What::FailsHere, ours, vec![], vec![], &said, ""),
        }
    }

    /// They did not, whatever the setup: ours are measured by what was asked.
    async fn alone(&mut self, theirs: String, mut problem: String) -> Verdict {
        let mut worst = None;
        for setup in setups() {
            let (ours, ended) = match self.ours(setup).await {
                Ok(it) => it,
                Err(error) => {
                    problem = error;
                    continue;
                }
            };
            match ended {
                Ended::Refused(said) => {
                    return other(What::RefusedBoth, ours, vec![], vec![], &said, &theirs);
                }
                Ended::Failed(said) => worst = worst.or(Some((ours, said))),
                Ended::Well(facts) => {
                    let (mut asked, telling) = match self.asked(setup).await {
                        Ok(asked) => asked,
                        Err(error) => {
                            // What was asked for cannot be, and it was not refused.
                            return other(
                                What::AskedOtherwise,
                                ours,
                                vec![],
                                vec![],
                                &error,
                                &theirs,
                            );
                        }
                    };
                    let mut facts = facts;
                    if !telling {
                        asked.retain(|it| !is_row(it));
                        facts.retain(|it| !is_row(it));
                    }
                    let (missing, beside) = difference(&asked, &facts);
                    let what = match missing.is_empty() && beside.is_empty() {
                        true => What::WorksHere,
                        false => What::AskedOtherwise,
                    };
                    return other(what, ours, missing, beside, "", &theirs);
                }
            }
        }
        match worst {
            Some((ours, said)) if self.vector.error().is_none() => {
                other(What::BothFail, ours, vec![], vec![], &said, &theirs)
            }
            Some((ours, said)) => other(What::Worse, ours, vec![], vec![], &said, &theirs),
            None => other(What::NoSetup, vec![], vec![], vec![], &problem, &theirs),
        }
    }

    /// A call that says `if_exists` or `if_not_exists` is made once more, where it has nothing to do. Alembic's statements that
    /// create an enum type have no such clause.
    fn runs_twice(&self) -> bool {
        let args = self.vector.args();
        (flag(args, "if_exists") || flag(args, "if_not_exists")) && !self.vector.mentions("Enum")
    }

    /// Whether the statements must stand alone, outside a transaction.
    fn stands_alone(&self) -> bool {
        self.vector.mentions("concurrently")
    }

    async fn ours(&mut self, setup: Setup) -> Result<(Vec<String>, Ended), String> {
        let world = World::before(&self.reader, self.vector, setup.guess);
        let mut recorded = vec![calls::recorded(&self.reader, self.vector)];
        if self.runs_twice() {
            recorded.push(calls::recorded(&self.reader, self.vector));
        }
        let alone = self.stands_alone();
        let rows = if setup.rows {
            world.rows(&self.reader)
        } else {
            Vec::new()
        };
        let place = self.live.place(&self.reader, &world, &rows, alone).await?;
        self.left_out = place.left_out;
        let given = self.reader.given.borrow().clone();
        Ok(place
            .apply(&self.reader, recorded, &Names::new(&given), &self.temporary)
            .await)
    }

    async fn theirs(&mut self, setup: Setup, script: &[String]) -> Result<Ended, String> {
        let world = World::before(&self.reader, self.vector, setup.guess);
        let alone = self.stands_alone();
        let rows = if setup.rows {
            world.rows(&self.reader)
        } else {
            Vec::new()
        };
        let mut script = script.to_vec();
        if self.runs_twice() {
            script.extend_from_within(..);
        }
        let place = self.live.place(&self.reader, &world, &rows, alone).await?;
        let given = self.reader.given.borrow().clone();
        Ok(place
            .run(&self.reader, &script, &Names::new(&given), &self.temporary)
            .await)
    }

    /// What the call asks for, made from nothing.
    async fn asked(&mut self, setup: Setup) -> Result<(Facts, bool), String> {
        let before = World::before(&self.reader, self.vector, setup.guess);
        let world = before.after(&self.reader, self.vector);
        let alone = self.stands_alone();
        let rows = if setup.rows {
            world.rows_of(&self.reader, &before)
        } else {
            Vec::new()
        };
        let place = self.live.place(&self.reader, &world, &rows, alone).await?;
        // Rows that the table which was asked for does not take tell nothing.
        let telling = place.left_out <= self.left_out;
        let given = self.reader.given.borrow().clone();
        let inserts = match self.vector.op() {
            "bulk_insert" => rows::by_hand(&self.reader, self.vector.args()),
            _ => Vec::new(),
        };
        match place
            .run(&self.reader, &inserts, &Names::new(&given), &self.temporary)
            .await
        {
            Ended::Well(facts) => Ok((facts, telling)),
            Ended::Failed(error) | Ended::Refused(error) => Err(error),
        }
    }
}

fn is_row(fact: &str) -> bool {
    fact.starts_with("row ")
}

fn other(
    what: What,
    ours: Vec<String>,
    missing: Facts,
    beside: Facts,
    said: &str,
    theirs: &str,
) -> Verdict {
    Verdict::Other(Outcome {
        what,
        ours,
        missing,
        beside,
        said: said.to_owned(),
        theirs: theirs.to_owned(),
    })
}
