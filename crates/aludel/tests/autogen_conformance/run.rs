//! One vector, from the database to the models and back.

use crate::look::{Facts, difference};
use crate::place::{Place, words};
use crate::vector::{Found, Side, Vector};
use aludel::Error;
use aludel::db::Kind;
use aludel::dialect;
use aludel::diff::diff;
use aludel::schema::{Column, Schema, Table, Type};
use std::collections::BTreeSet;

/// What came of a vector.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What Alembic found and this library did not.
    pub(crate) missing: Vec<Found>,
    /// What this library found and Alembic did not.
    pub(crate) beside: Vec<Found>,
    /// What both found.
    pub(crate) both: Vec<Found>,
    /// What the database holds at first and would not hold for the models.
    pub(crate) gone: Facts,
    /// What it would hold for the models and does not at first.
    pub(crate) come: Facts,
    /// What went wrong on the way: none of this is ever right.
    pub(crate) wrong: Vec<String>,
}

impl Outcome {
    /// Whether the database would hold something else for the models.
    pub(crate) fn differs(&self) -> bool {
        !self.gone.is_empty() || !self.come.is_empty()
    }

    /// Whether something that differs in the database speaks of what was found.
    pub(crate) fn bears_out(&self, found: &Found) -> bool {
        // A fact names its table, or the type that it is about, behind its schema.
        let whole = found.table.as_ref().or(found.name.as_ref());
        let whole = format!(".{} ", whole.map_or("", String::as_str));
        // A constraint or an index may be told without its name.
        let is_part = found.constraint.is_none() && !found.kind.ends_with("_index");
        let part = found
            .name
            .as_deref()
            .filter(|_| is_part && found.table.is_some());
        let part = part.map(|it| format!(" {it} "));
        let speaks = |fact: &String| {
            let fact = format!("{fact} ");
            fact.contains(&whole) && part.as_ref().is_none_or(|it| fact.contains(it))
        };
        self.gone.iter().chain(&self.come).any(speaks)
    }

    /// The same of a column's type or default that Alembic alone found: other parts of the column may differ beside it.
    pub(crate) fn bears_out_part(&self, vector: &Vector, found: &Found) -> bool {
        let table = format!(".{} ", found.table.as_deref().unwrap_or_default());
        let column = format!(" {} ", found.name.as_deref().unwrap_or_default());
        let of_column = |facts: &Facts| {
            let fact = facts
                .iter()
                .find(|it| it.contains("column ") && it.contains(&table) && it.contains(&column));
            fact.cloned()
        };
        let Some((gone, come)) = of_column(&self.gone).zip(of_column(&self.come)) else {
            return false;
        };
        match found.kind.as_str() {
            "modify_default" => default_of(&gone) != default_of(&come),
            _ => {
                let (old, new) = (found.old.as_deref(), found.new.as_deref());
                canonical_type(vector, old.unwrap_or_default())
                    != canonical_type(vector, new.unwrap_or_default())
            }
        }
    }

    /// The same of a constraint that Alembic alone found: it stands on one side, or another on the same columns on the other.
    pub(crate) fn bears_out_constraint(&self, found: &Found) -> bool {
        let is_sort = |fact: &str| match found.constraint.as_deref() {
            Some("foreign_key") => fact.to_lowercase().contains("foreign key"),
            // The one is what PostgreSQL tells, the other what SQLite does.
            _ => {
                fact.starts_with("constraint ") && fact.contains(" UNIQUE ")
                    || fact.starts_with("index ") && fact.contains(" 1 u ")
            }
        };
        let table = format!(".{} ", found.table.as_deref().unwrap_or_default());
        let has = |fact: &str, column: &String| {
            fact.contains(column) || fact.contains(&column.replace('"', "\"\""))
        };
        let speaks = |fact: &&String| {
            fact.contains(&table) && is_sort(fact) && found.columns.iter().all(|it| has(fact, it))
        };
        let gone = self.gone.iter().filter(speaks).count();
        let come = self.come.iter().filter(speaks).count();
        match found.kind.as_str() {
            "add_constraint" => come > gone,
            _ => gone > come,
        }
    }
}

/// Two words for one thing: to SQLite a moment is text, with an offset or without, whatever its type is called.
fn in_one_word(facts: Facts) -> Facts {
    let mut facts: Facts = facts
        .iter()
        .map(|it| without_quotes(it).replace(" DATETIME ", " TIMESTAMP "))
        .collect();
    facts.sort();
    facts
}

/// A number that PostgreSQL keeps as it was written, `'7'::bigint`, as a number.
fn without_quotes(fact: &str) -> String {
    let Some((before, default)) = fact.split_once(" default='") else {
        return fact.to_owned();
    };
    let number = default.split_once("'::");
    let number = number.filter(|(it, _)| it.parse::<f64>().is_ok());
    let rest = number.map(|(number, rest)| {
        let known = [
            "bigint",
            "integer",
            "smallint",
            "numeric",
            "real",
            "double precision",
        ];
        let ty = known.into_iter().find(|it| rest.starts_with(it));
        ty.map(|ty| format!("{before} default={number}{}", &rest[ty.len()..]))
    });
    rest.flatten().unwrap_or_else(|| fact.to_owned())
}

/// None where this database is left out.
pub(crate) async fn judge(vector: &Vector) -> Option<Outcome> {
    let (mut from, mut to) = (vector.side("from"), vector.side("to"));
    let mut outcome = Outcome::default();
    for word in from.unsaid.iter().chain(&to.unsaid) {
        outcome.wrong.push(format!("no words for {word}"));
    }
    let nothing = to.tables.is_empty();
    let first = match Place::holding(vector, &from).await? {
        Ok(place) => place,
        Err(error) => {
            outcome.wrong.push(format!("making `from`: {error}"));
            return Some(outcome);
        }
    };
    if nothing {
        // Without any models there is nothing to compare.
        let refused = first.compare(vector, &to, false).await;
        if !matches!(refused, Err(Error::NoModels)) {
            outcome.wrong.push(format!("no models: {refused:?}"));
        }
        return Some(with_an_anchor(vector, outcome, &mut from, &mut to).await);
    }
    Some(compared(vector, outcome, first, &from, &to).await)
}

/// The same with a table that is on both sides.
async fn with_an_anchor(
    vector: &Vector,
    outcome: Outcome,
    from: &mut Side,
    to: &mut Side,
) -> Outcome {
    let anchor = Table::new("anchor").column(Column::new("id", Type::Integer).primary_key());
    from.tables.push(anchor.clone());
    to.tables.push(anchor);
    let place = Place::holding(vector, from).await.unwrap().unwrap();
    compared(vector, outcome, place, from, to).await
}

async fn compared(
    vector: &Vector,
    mut outcome: Outcome,
    place: Place,
    from: &Side,
    to: &Side,
) -> Outcome {
    let given: BTreeSet<String> = from.given.union(&to.given).cloned().collect();
    let wanted = vector.as_looked_at(from, to);
    match Place::holding(vector, &wanted).await.unwrap() {
        Ok(fresh) => {
            let (then, now) = (fresh.facts(&given).await, place.facts(&given).await);
            (outcome.gone, outcome.come) = difference(&in_one_word(now), &in_one_word(then));
        }
        Err(error) => outcome.wrong.push(format!("making `to`: {error}")),
    }
    let start = (place.inspected().await, place.facts(&given).await);
    let draft = match place.compare(vector, to, false).await {
        Ok(draft) => draft,
        Err(error) => {
            outcome.wrong.push(format!("comparing: {}", words(&error)));
            return outcome;
        }
    };
    let ours: Vec<Found> = draft.changes().iter().map(Found::ours).collect();
    sort(vector, &mut outcome, ours);
    if draft.up.is_empty() != draft.changes().is_empty() {
        let said = draft.rust().0;
        outcome
            .wrong
            .push(format!("the revision does not say what differs: {said}"));
    }
    there_and_back(vector, &mut outcome, place, to, draft, &start, &given).await;
    outcome
}

/// Runs the upgrade, after which nothing must be found, and the downgrade, after which all must be as it was.
async fn there_and_back(
    vector: &Vector,
    outcome: &mut Outcome,
    place: Place,
    to: &Side,
    draft: aludel::run::autogenerate::Draft,
    start: &(Schema, Facts),
    given: &BTreeSet<String>,
) {
    let (up, down) = draft.rust();
    if let Err(error) = place.upgrade(draft.up).await {
        outcome.wrong.push(format!("upgrading: {error}\n{up}"));
        return;
    }
    match place.compare(vector, to, true).await {
        Ok(again) if again.is_empty() && again.changes().is_empty() => {}
        Ok(again) => {
            let left = again.changes();
            outcome
                .wrong
                .push(format!("found again: {left:?}\nafter:\n{up}"));
        }
        Err(error) => outcome
            .wrong
            .push(format!("comparing again: {}", words(&error))),
    }
    if let Err(error) = place.downgrade(draft.down).await {
        outcome.wrong.push(format!("downgrading: {error}\n{down}"));
        return;
    }
    let end = place.inspected().await;
    let left: Vec<String> = diff(&start.0, &end).iter().map(|it| it.rust()).collect();
    let (gone, come) = difference(
        &in_one_word(start.1.clone()),
        &in_one_word(place.facts(given).await),
    );
    if !gone.is_empty() || !come.is_empty() {
        outcome.wrong.push(format!(
            "the downgrade took {gone:?} and left {come:?}\nafter:\n{down}"
        ));
    }
    if !left.is_empty() {
        let left = left.join("\n");
        outcome
            .wrong
            .push(format!("left by the downgrade: {left}\nafter:\n{down}"));
    }
}

/// Tells what both found from what one of them did.
fn sort(vector: &Vector, outcome: &mut Outcome, ours: Vec<Found>) {
    outcome.beside = ours;
    for theirs in vector.diffs() {
        let same = |it: &Found| it.is(&theirs, |ours, theirs| same_type(vector, ours, theirs));
        match outcome.beside.iter().position(same) {
            Some(at) => outcome.both.push(outcome.beside.remove(at)),
            None => outcome.missing.push(theirs),
        }
    }
}

/// The default in a fact about a column: PostgreSQL tells the collation and the comment behind it, SQLite two numbers.
fn default_of(fact: &str) -> &str {
    let Some((_, rest)) = fact.split_once(" default=") else {
        return "";
    };
    let end = [" collate=", " comment="]
        .iter()
        .filter_map(|it| rest.find(it))
        .min();
    let rest = &rest[..end.unwrap_or(rest.len())];
    match fact.starts_with("column ") {
        true => rest,
        false => rest.rsplitn(3, ' ').last().unwrap_or(rest),
    }
}

/// Whether Alembic's name of a type means the one that this library tells.
fn same_type(vector: &Vector, ours: &str, theirs: &str) -> bool {
    canonical_type(vector, theirs) == ours
}

/// The spelling by which a type that Alembic names is compared.
fn canonical_type(vector: &Vector, theirs: &str) -> String {
    let kind = match vector.database() {
        "sqlite" => Kind::Sqlite,
        _ => Kind::Postgres,
    };
    // A collation is told by itself.
    let theirs = theirs.split(" COLLATE ").next().unwrap_or_default();
    let mut schema = Schema::default();
    schema.add_table(Table::new("t").column(Column::new("x", Type::custom(theirs))));
    dialect::by_kind(kind).unwrap().normalize(&mut schema);
    let column = &schema.table("t").unwrap().columns[0];
    column.ty.canonical.clone().unwrap_or_default()
}
