//! What is beside the tables becomes something else of the same name.

use super::kinds::Db;
use super::make::{trigger_body, vary_domain, vary_sequence};
use super::objects::Ground;
use super::rng::Rng;
use super::world::World;
use aludel::prelude::*;
use aludel::schema::{Declared, Timing, TriggerEvent};

impl World {
    /// An object becomes another of the same name.
    pub fn change_object(&mut self, rng: &mut Rng) -> Option<&'static str> {
        if self.objects.is_empty() {
            return None;
        }
        let at = rng.below(self.objects.len());
        let old = self.objects[at].clone();
        let mut new = old.clone();
        let said = match &mut new.it {
            Declared::View(it) => {
                new = self.view(it.name.clone(), rng)?;
                // Nothing reads itself.
                let reads = new.needs.iter().any(|it| match it {
                    Ground::View(name, _) => !self.is_older(name, old.name().unwrap()),
                    _ => false,
                });
                if reads {
                    return None;
                }
                "change view"
            }
            Declared::Function(it) if it.arguments.is_empty() => {
                it.body = trigger_body(rng);
                "change trigger function"
            }
            Declared::Function(it) => {
                new = self.function(it.name.clone(), rng);
                if let Declared::Function(it) = &mut new.it
                    && self.db == Db::Postgres
                    && rng.chance(30)
                {
                    it.arguments += ", more integer DEFAULT 1";
                }
                "change function"
            }
            Declared::Trigger(it) => {
                let name = it.name.to_string();
                let tab = self.tab(&it.table)?.clone();
                match rng.chance(30) {
                    true if !matches!(it.events[0], TriggerEvent::Update(_)) => {
                        it.timing = match it.timing {
                            Timing::Before => Timing::After,
                            _ => Timing::Before,
                        };
                    }
                    _ => new = self.trigger(&name, &tab, rng)?,
                }
                "change trigger"
            }
            Declared::Policy(it) => {
                let tab = self.tab(&it.table)?.clone();
                let name = it.name.to_string();
                new = self.policy(&name, &tab, rng)?;
                "change policy"
            }
            Declared::Sequence(it) => {
                vary_sequence(it, rng);
                "change sequence"
            }
            Declared::Domain(it) => {
                let text = it.ty.written == Type::Text;
                vary_domain(it, text, rng);
                if !text && rng.chance(50) {
                    let types = [Type::Integer, Type::BigInteger, Type::Decimal(9, 0)];
                    it.ty.written = rng.pick(&types).clone();
                }
                "change domain"
            }
            Declared::RowSecurity(_, it) => {
                it.forced = !it.forced;
                it.enabled |= !it.forced;
                "change row security"
            }
            _ => return None,
        };
        let place = self.objects.iter().position(|it| it.it == old.it)?;
        self.objects[place] = new;
        Some(said)
    }
}
