//! What must hold for every graph.

use proptest::prelude::*;

use super::*;

/// Graphs of up to twelve revisions, named in load order, each above some of those before it.
fn graphs() -> impl Strategy<Value = Vec<Revision>> {
    let picks = proptest::collection::vec((any::<u16>(), any::<u16>(), 0_u8..10), 1..12);
    picks.prop_map(|picks| {
        let mut revisions: Vec<Revision> = Vec::new();
        for (n, (first, second, kind)) in picks.into_iter().enumerate() {
            let mut revision = Revision::new(id(&format!("r{n:02}")));
            let pick = |by: u16| revisions[usize::from(by) % n].id.clone();
            if n > 0 && kind > 1 {
                revision.down.push(pick(first));
            }
            if n > 0 && kind > 7 && !revision.down.contains(&pick(second)) {
                revision.down.push(pick(second));
            }
            if n > 0 && (kind == 1 || kind == 5) && !revision.down.contains(&pick(second)) {
                revision.depends_on.push(pick(second).to_string());
            }
            revisions.push(revision);
        }
        revisions
    })
}

/// A graph, and rows that an upgrade to one of its revisions leaves.
fn standing() -> impl Strategy<Value = (RevisionMap, Vec<String>, usize)> {
    (graphs(), any::<u16>(), any::<u16>()).prop_map(|(revisions, at, target)| {
        let map = RevisionMap::new(revisions).unwrap();
        let at = map.nodes[usize::from(at) % map.len()].revision.id.clone();
        let none: [&str; 0] = [];
        let plan = map.upgrade_plan(&none, &at.into()).unwrap();
        (
            map.clone(),
            rows_after(&none, &plan.steps),
            usize::from(target) % map.len(),
        )
    })
}

/// A command: what it does, and the numbers of the revisions it is about.
#[derive(Clone, Debug)]
struct Command {
    kind: u8,
    first: u16,
    second: u16,
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let command = (0_u8..8, any::<u16>(), any::<u16>()).prop_map(|(kind, first, second)| Command {
        kind,
        first,
        second,
    });
    proptest::collection::vec(command, 1..16)
}

impl Command {
    /// What it would do to a database with these rows; none if it is refused there.
    fn plan(&self, map: &RevisionMap, rows: &[String]) -> Option<Plan> {
        let pick = |by: u16| &map.nodes[usize::from(by) % map.len()].revision.id;
        let target = Target::from(pick(self.first).clone());
        let word = |word: &str| word.parse::<Target>().unwrap();
        let plan = match self.kind {
            0 | 1 => map.upgrade_plan(rows, &target),
            2 => map.upgrade_plan(rows, &word("heads")),
            3 => map.upgrade_plan(rows, &word("+1")),
            4 => map.downgrade_plan(rows, &target),
            5 => map.downgrade_plan(rows, &word("-1")),
            6 => map.stamp_plan(rows, &[target], false),
            _ => {
                let branch = format!("{}@base", pick(self.second));
                map.downgrade_plan(rows, &word(&branch))
            }
        };
        plan.ok()
    }
}

proptest! {
    #[test]
    fn after_any_commands_the_applied_are_the_ancestors_of_the_rows(revisions in graphs(), commands in commands()) {
        let map = RevisionMap::new(revisions).unwrap();
        let mut rows: Vec<String> = Vec::new();
        let mut applied = std::collections::BTreeSet::<String>::new();
        for command in commands {
            let Some(plan) = command.plan(&map, &rows) else { continue };
            let at: Vec<&str> = rows.iter().map(String::as_str).collect();
            rows = rows_after(&at, &plan.steps);
            let stands_for: std::collections::BTreeSet<String> =
                map.ancestors(&rows).iter().map(ToString::to_string).collect();
            for step in &plan.steps {
                let id = step.revision.to_string();
                match step.direction {
                    Direction::Up => prop_assert!(applied.insert(id), "{command:?} ran {step} twice"),
                    Direction::Down => prop_assert!(applied.remove(&id), "{command:?} undid {step} twice"),
                    Direction::Stamp => applied = stands_for.clone(),
                }
            }
            prop_assert_eq!(&applied, &stands_for, "after {:?}", command);
            prop_assert_eq!(map.maximal(&rows).len(), rows.len(), "after {:?}", command);
        }
    }

    #[test]
    fn every_prefix_of_a_plan_is_a_legal_state((map, rows, target) in standing(), up in any::<bool>()) {
        let target = Target::from(map.nodes[target].revision.id.clone());
        let plan = if up { map.upgrade_plan(&rows, &target) } else { map.downgrade_plan(&rows, &target) };
        let Ok(plan) = plan else { return Ok(()) };
        let at: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut applied: Vec<String> = map.applied(&rows).unwrap().iter().map(ToString::to_string).collect();
        for (n, step) in plan.steps.iter().enumerate() {
            let id = step.revision.as_str();
            if up {
                prop_assert!(!applied.iter().any(|other| other == id));
                applied.push(id.to_owned());
            } else {
                prop_assert!(applied.iter().any(|other| other == id));
                applied.retain(|other| other != id);
            }
            // The set is closed downward, and the rows are exactly its maximal members.
            prop_assert_eq!(map.ancestors(&applied).len(), applied.len());
            let heads: Vec<String> = map.maximal(&applied).iter().map(ToString::to_string).collect();
            prop_assert_eq!(rows_after(&at, &plan.steps[..=n]), heads);
        }
    }

    #[test]
    fn an_upgrade_ends_with_its_target_and_a_second_finds_nothing((map, rows, target) in standing()) {
        let target = Target::from(map.nodes[target].revision.id.clone());
        let plan = map.upgrade_plan(&rows, &target).unwrap();
        let at: Vec<&str> = rows.iter().map(String::as_str).collect();
        let after = rows_after(&at, &plan.steps);
        prop_assert!(map.applied(&after).unwrap().contains(&target.to_string()));
        prop_assert!(map.upgrade_plan(&after, &target).unwrap().is_empty());
    }

    #[test]
    fn up_then_down_returns(revisions in graphs()) {
        let map = RevisionMap::new(revisions).unwrap();
        let none: [&str; 0] = [];
        let up = map.upgrade_plan(&none, &"heads".parse().unwrap()).unwrap();
        let rows = rows_after(&none, &up.steps);
        let effective: Vec<String> = map.effective_heads().iter().map(ToString::to_string).collect();
        prop_assert_eq!(&rows, &effective);
        let down = map.downgrade_plan(&rows, &"base".parse().unwrap()).unwrap();
        prop_assert_eq!(down.steps.len(), up.steps.len());
        let at: Vec<&str> = rows.iter().map(String::as_str).collect();
        prop_assert!(rows_after(&at, &down.steps).is_empty());
    }

    #[test]
    fn each_downgrade_is_undone_by_an_upgrade((map, rows, target) in standing()) {
        let target = Target::from(map.nodes[target].revision.id.clone());
        let Ok(down) = map.downgrade_plan(&rows, &target) else { return Ok(()) };
        let at: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut after = rows_after(&at, &down.steps);
        for row in &rows {
            let below: Vec<&str> = after.iter().map(String::as_str).collect();
            let up = map.upgrade_plan(&below, &Target::from(id(row))).unwrap();
            after = rows_after(&below, &up.steps);
        }
        prop_assert_eq!(after, rows);
    }

    #[test]
    fn a_stamp_leaves_the_target((map, rows, target) in standing()) {
        let target = map.nodes[target].revision.id.clone();
        let plan = map.stamp_plan(&rows, &[Target::from(target.clone())], false).unwrap();
        let at: Vec<&str> = rows.iter().map(String::as_str).collect();
        let after = rows_after(&at, &plan.steps);
        prop_assert!(after.contains(&target.to_string()));
        prop_assert_eq!(map.maximal(&after).len(), after.len());
    }

    #[test]
    fn the_order_follows_the_names_whatever_order_the_files_are_found_in(
        revisions in graphs(), seed in any::<u64>(),
    ) {
        let mut shuffled = revisions.clone();
        let len = shuffled.len() as u64;
        for n in 0..shuffled.len() {
            shuffled.swap(n, (seed.wrapping_mul(n as u64 + 7) % len) as usize);
        }
        // What History does before it builds the map.
        shuffled.sort_by(|a, b| a.id.cmp(&b.id));
        let none: [&str; 0] = [];
        let plan = |revisions| RevisionMap::new(revisions).unwrap().upgrade_plan(&none, &"heads".parse().unwrap());
        prop_assert_eq!(plan(shuffled), plan(revisions));
    }
}
