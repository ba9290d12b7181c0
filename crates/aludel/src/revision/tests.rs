//! Drawn graphs: what a command would do.
//!
//! A drawing is `a; b<-a; m<-b,c`, in load order. `b(label)` declares a label, `b<-a +x` depends on `x`.

mod laws;

use super::*;

fn id(text: &str) -> RevisionId {
    RevisionId::new(text).unwrap()
}

fn revisions(drawing: &str) -> Vec<Revision> {
    let parts = drawing
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let revision = |part: &str| {
        let (edges, depends) = part.split_once('+').unwrap_or((part, ""));
        let (name, down) = edges.split_once("<-").unwrap_or((edges, ""));
        let (name, label) = name.trim().split_once('(').unwrap_or((name.trim(), ""));
        let list = |text: &str| -> Vec<String> {
            let names = text
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        };
        let mut revision = Revision::new(id(name));
        revision.down = list(down).iter().map(|name| id(name)).collect();
        revision.depends_on = list(depends);
        revision.labels = list(label.trim_end_matches(')'));
        revision
    };
    parts.map(revision).collect()
}

fn draw(drawing: &str) -> RevisionMap {
    RevisionMap::new(revisions(drawing)).unwrap()
}

fn run(map: &RevisionMap, at: &[&str], command: &str) -> Result<Plan, GraphError> {
    let (verb, target) = command.split_once(' ').unwrap();
    match verb {
        "upgrade" => map.upgrade_plan(at, &target.parse()?),
        "downgrade" => map.downgrade_plan(at, &target.parse()?),
        "stamp" => {
            let targets: Result<Vec<Target>, _> = target.split(' ').map(str::parse).collect();
            map.stamp_plan(at, &targets?, false)
        }
        other => panic!("{other}"),
    }
}

/// The rows after a plan; panics where a change does not fit the rows.
fn rows_after(at: &[&str], steps: &[Step]) -> Vec<String> {
    let mut rows: Vec<String> = at.iter().map(|row| (*row).to_owned()).collect();
    let remove = |rows: &mut Vec<String>, row: &RevisionId| {
        let place = rows.iter().position(|other| other == row.as_str());
        rows.remove(place.unwrap_or_else(|| panic!("no row {row}")));
    };
    for op in steps.iter().flat_map(|step| &step.version_ops) {
        match op {
            VersionOp::Insert(row) => rows.push(row.to_string()),
            VersionOp::Delete(row) => remove(&mut rows, row),
            VersionOp::Update { from, to } => {
                remove(&mut rows, from);
                rows.push(to.to_string());
            }
        }
    }
    rows.sort();
    let count = rows.len();
    rows.dedup();
    assert_eq!(rows.len(), count, "a row twice: {rows:?}");
    rows
}

/// `check("a; b<-a", "a", "upgrade head", "b | b")`: the steps in order, then the rows.
fn check(drawing: &str, at: &str, command: &str, expect: &str) {
    let at: Vec<&str> = at.split_whitespace().collect();
    let found = match run(&draw(drawing), &at, command) {
        Ok(plan) => {
            let steps: Vec<&str> = plan
                .steps
                .iter()
                .map(|step| step.revision.as_str())
                .collect();
            let rows = rows_after(&at, &plan.steps);
            format!("{} | {}", steps.join(" "), rows.join(" "))
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(found.trim(), expect, "{drawing} at {at:?}: {command}");
}

const LINE: &str = "a; b<-a; c<-b; d<-c";
const DIAMOND: &str = "a; b<-a; c<-a; m<-b,c";
const FORK: &str = "a; b(left)<-a; c(right)<-a; d<-c";

#[test]
fn a_line_goes_up_and_down() {
    check(LINE, "", "upgrade head", "a b c d | d");
    check(LINE, "", "upgrade +2", "a b | b");
    check(LINE, "b", "upgrade +1", "c | c");
    check(LINE, "a", "upgrade b+1", "b c | c");
    check(LINE, "a", "upgrade head-1", "b c | c");
    check(LINE, "c", "upgrade b", "| c");
    check(LINE, "d", "upgrade heads", "| d");
    check(LINE, "b", "upgrade base", "| b");
    check(LINE, "d", "downgrade -1", "d | c");
    check(LINE, "d", "downgrade -4", "d c b a |");
    check(LINE, "d", "downgrade base", "d c b a |");
    check(LINE, "d", "downgrade a", "d c b | a");
    check(LINE, "d", "downgrade c-1", "d c | b");
    check(LINE, "d", "downgrade base+1", "d c b | a");
    check(LINE, "c", "downgrade c", "| c");
}

#[test]
fn targets_that_lead_nowhere() {
    check(
        LINE,
        "c",
        "upgrade +2",
        "Relative revision +2 didn't produce 2 migrations",
    );
    check(
        LINE,
        "c",
        "upgrade -1",
        "Relative revision -1 didn't produce 1 migrations",
    );
    check(
        LINE,
        "c",
        "downgrade -4",
        "Relative revision -4 didn't produce 4 migrations",
    );
    check(
        LINE,
        "c",
        "downgrade +1",
        "Relative revision +1 didn't produce 1 migrations",
    );
    check(LINE, "c", "upgrade d+1", "Walked too far");
    check(
        LINE,
        "b",
        "downgrade c",
        "Destination c is not a valid downgrade target from current head(s)",
    );
    check(
        LINE,
        "",
        "upgrade nope",
        "Can't locate revision identified by 'nope'",
    );
    check(
        LINE,
        "",
        "upgrade nope@head",
        "Can't locate revision identified by 'nope'",
    );
    check(
        LINE,
        "deadbeef",
        "upgrade head",
        "Can't locate revision identified by 'deadbeef'",
    );
    check(
        LINE,
        "deadbeef",
        "stamp head",
        "Can't locate revision identified by 'deadbeef'",
    );
    check(LINE, "", "upgrade a:b", "Range revision not allowed");
    check(
        LINE,
        "",
        "stamp head-1",
        "Can't locate revision identified by 'head-1'",
    );
}

#[test]
fn branches_are_walked_one_by_one_in_load_order() {
    check(FORK, "", "upgrade heads", "a c d b | b d");
    check(FORK, "", "upgrade left@head", "a b | b");
    check(FORK, "b", "upgrade right@head", "c d | b d");
    check(FORK, "b", "upgrade right@+1", "c | b c");
    check(FORK, "b d", "downgrade a", "b d c | a");
    check(FORK, "b d", "downgrade right@a", "d c | b");
    check(FORK, "b d", "downgrade right@-1", "d | b c");
    check(FORK, "b d", "downgrade left@base", "b d c a |");
    let heads = "Multiple head revisions are present for given argument 'head'; please specify a specific target \
                 revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads";
    check(FORK, "", "upgrade head", heads);
    check(FORK, "a", "upgrade +1", "Ambiguous walk");
    check(
        FORK,
        "b d",
        "upgrade +1",
        "Ambiguous upgrade from multiple current revisions",
    );
    check(
        FORK,
        "b a",
        "upgrade heads",
        "Requested revision b overlaps with other requested revisions a",
    );
}

#[test]
fn minus_one_from_several_rows_says_which_it_took() {
    let plan = run(&draw(FORK), &["d", "b"], "downgrade -1").unwrap();
    assert_eq!(plan.steps[0].revision.as_str(), "d");
    let warning = PlanWarning::AmbiguousDowngrade {
        taken: "d".into(),
        others: vec!["b".into()],
    };
    assert_eq!(plan.warnings, [warning]);
}

#[test]
fn merges_join_rows_and_part_them_again() {
    check(DIAMOND, "", "upgrade head", "a c b m | m");
    check(DIAMOND, "b c", "upgrade head", "m | m");
    check(DIAMOND, "m", "downgrade b", "m | b c");
    check(DIAMOND, "m", "downgrade base", "m b c a |");
    check(DIAMOND, "m", "downgrade -1", "Ambiguous walk");
    let plan = run(&draw(DIAMOND), &["b", "c"], "upgrade head").unwrap();
    assert_eq!(plan.steps[0].to_string(), "upgrade b, c -> m");
    let update = VersionOp::Update {
        from: id("c"),
        to: id("m"),
    };
    assert_eq!(
        plan.steps[0].version_ops,
        [VersionOp::Delete(id("b")), update]
    );
}

#[test]
fn dependencies_are_applied_first_and_swallow_rows() {
    let graph = "a; b +a";
    check(graph, "", "upgrade heads", "a b | b");
    check(graph, "", "upgrade b", "a b | b");
    check(graph, "b", "downgrade b", "| b");
    check(graph, "b", "downgrade base", "b a |");
    let graph = "c; y(why) +c; z; w<-z +y";
    check(graph, "", "upgrade w", "c y z w | w");
    check(graph, "w", "downgrade z", "w | y z");
    // Only what follows y could be undone, and nothing does.
    check(
        graph,
        "w",
        "downgrade y",
        "Destination y is not a valid downgrade target from current head(s)",
    );
    check(graph, "w", "downgrade why@base", "w y | c z");
    // A dependency on what lies below anyway changes nothing.
    check("a; b<-a; c<-b +a", "c", "downgrade b", "c | b");
    check(
        "a; b<-a; x<-a; c<-a +b,x",
        "",
        "upgrade heads",
        "a x b c | c",
    );
}

#[test]
fn stamps_move_the_rows_of_their_lineage() {
    check(LINE, "", "stamp head", "d | d");
    check(LINE, "b", "stamp d", "d | d");
    check(LINE, "d", "stamp a", "a | a");
    check(LINE, "d", "stamp base", "d |");
    check(LINE, "b", "stamp b", "| b");
    check(FORK, "b d", "stamp a", "a | a");
    check(FORK, "b d", "stamp right@c", "c | b c");
    check(FORK, "a", "stamp heads", "b d | b d");
    check(FORK, "b d", "stamp left@base", "b | d");
    check(FORK, "", "stamp a d", "d | d");
    check(FORK, "d", "stamp a d", "| d");
    check("a; b +a", "b", "stamp a", "a | a");
    check(
        FORK,
        "",
        "stamp head",
        "Multiple heads are present; please specify a single target revision",
    );
    let rows = ["unknown"];
    let plan = draw(LINE)
        .stamp_plan(&rows, &["c".parse().unwrap()], true)
        .unwrap();
    assert_eq!(plan.steps[0].version_ops, [VersionOp::Insert(id("c"))]);
    assert_eq!(plan.steps[0].to_string(), "stamp_revision  -> c");
}

#[test]
fn ranges_are_shown_from_the_top() {
    let show = |drawing: &str, range: &str, rows: &[&str]| {
        let found = draw(drawing).range(&range.parse().unwrap(), rows);
        found.map_or_else(
            |error| error.to_string(),
            |ids| {
                ids.iter()
                    .map(RevisionId::as_str)
                    .collect::<Vec<_>>()
                    .join(" ")
            },
        )
    };
    assert_eq!(show(LINE, ":", &[]), "d c b a");
    assert_eq!(show(LINE, "b:c", &[]), "c b");
    assert_eq!(show(LINE, "b:+1", &[]), "c b");
    assert_eq!(show(LINE, "-1:", &[]), "d c");
    assert_eq!(show(LINE, "-9:", &[]), "d c b a");
    assert_eq!(show(LINE, ":head-2", &[]), "b a");
    assert_eq!(show(LINE, "current:", &["c"]), "d c");
    assert_eq!(show(LINE, ":current", &["c"]), "c b a");
    assert_eq!(show(FORK, "left@base:", &[]), "b a");
    assert_eq!(show(FORK, "c:", &[]), "d c");
    let along = "does not refer to ancestor/descendant revisions along the same branch";
    assert_eq!(
        show(LINE, "c:b", &[]),
        format!("Requested range c:b {along}")
    );
    assert_eq!(
        show(FORK, "b:d", &[]),
        format!("Requested range b:d {along}")
    );
}

#[test]
fn names_may_be_short() {
    let map = draw("aa11bb; aa22bb<-aa11bb; ab1; netaddr(network)");
    let find = |text: &str| map.resolve_one(&text.parse().unwrap());
    assert_eq!(find("aa1").unwrap(), Some(id("aa11bb")));
    assert_eq!(find("netw").unwrap(), Some(id("netaddr")));
    assert_eq!(find("ab1").unwrap(), Some(id("ab1")));
    assert!(
        find("ab").is_err(),
        "names of three letters are not found by their beginning"
    );
    let error = find("aa").unwrap_err();
    assert!(error.is_ambiguous_prefix());
    assert_eq!(error.candidates(), ["aa11bb", "aa22bb"]);
    let error = find("aa11bc").unwrap_err();
    assert_eq!(error.candidates(), ["aa11bb"]);
    let inner = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(inner, "No such revision or branch 'aa11bc'");
    assert_eq!(find("base").unwrap(), None);
}

#[test]
fn labels_spread_up_and_down_a_single_line() {
    let labels = |drawing: &str, of: &str| draw(drawing).labels(of).join(" ");
    assert_eq!(labels("a; b(x)<-a; c<-b", "a"), "x");
    assert_eq!(labels("a; b(x)<-a; c<-b", "c"), "x");
    assert_eq!(labels("a; b(x)<-a; c<-a", "a"), "");
    assert_eq!(labels("a; b(x)<-a; c<-b; d<-b", "a"), "");
    assert_eq!(labels("a; b; m(x)<-a,b; n<-m", "n"), "x");
    assert_eq!(labels("a; b; m(x)<-a,b; n<-m", "a"), "");
}

#[test]
fn facts_count_dependencies_where_they_should() {
    let map = draw("a; b +a; c<-b; d<-b");
    let names = |ids: Vec<&RevisionId>| ids.iter().map(|id| id.to_string()).collect::<Vec<_>>();
    assert_eq!(names(map.heads()), ["a", "c", "d"]);
    assert_eq!(names(map.effective_heads()), ["c", "d"]);
    assert_eq!(names(map.bases()), ["a", "b"]);
    assert_eq!(names(map.effective_bases()), ["a"]);
    assert!(map.is_branchpoint("b") && !map.is_mergepoint("b"));
    assert_eq!(
        map.applied(&["c"])
            .unwrap()
            .iter()
            .map(RevisionId::as_str)
            .collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert_eq!(
        map.maximal(&["a", "c", "b"])
            .into_iter()
            .collect::<Vec<_>>(),
        [id("c")]
    );
    assert_eq!(map.descendants(&["a"]).len(), 4);
}

#[test]
fn unsound_graphs_are_refused() {
    let error = |drawing: &str| RevisionMap::new(revisions(drawing)).unwrap_err();
    assert_eq!(
        error("a; a").to_string(),
        "Revision a is present more than once"
    );
    let missing = error("abcdef; b<-abcdeg");
    assert_eq!(
        missing.to_string(),
        "Revision abcdeg referenced from b is not present"
    );
    assert_eq!(
        (missing.candidates(), missing.revisions()),
        (vec!["abcdef"], vec![&id("b")])
    );
    assert!(matches!(
        error("a +b"),
        GraphError::MissingDependency { .. }
    ));
    let label = error("a(x); b(x)<-a").to_string();
    assert_eq!(
        label,
        "Branch name 'x' in revision b already used by revision a"
    );
    assert_eq!(
        error("a<-a").to_string(),
        "Self-loop is detected in revisions (a)"
    );
    assert_eq!(
        error("a +a").to_string(),
        "Dependency self-loop is detected in revisions (a)"
    );
    assert_eq!(
        error("x<-b; a<-b; b<-c; c<-a; d").to_string(),
        "Cycle is detected in revisions (a, b, c)"
    );
    assert_eq!(
        error("a +c; b<-a; c<-b; d<-c").to_string(),
        "Dependency cycle is detected in revisions (a, b, c)"
    );
    assert!(RevisionMap::new(Vec::new()).unwrap().is_empty());
}

#[test]
fn ten_thousand_revisions_are_few() {
    let names: Vec<RevisionId> = (0..10_000).map(|n| id(&format!("r{n:05}"))).collect();
    let parent = |n: usize| if n % 100 == 3 { n - 2 } else { n - 1 };
    let revision = |n: usize| {
        let revision = Revision::new(names[n].clone());
        if n == 0 {
            revision
        } else {
            revision.follows(names[parent(n)].clone())
        }
    };
    let map = RevisionMap::new((0..names.len()).map(revision).collect()).unwrap();
    let none: [&str; 0] = [];
    let up = map.upgrade_plan(&none, &"heads".parse().unwrap()).unwrap();
    let rows = rows_after(&none, &up.steps);
    assert_eq!((up.steps.len(), rows.len()), (10_000, 101));
    let down = map.downgrade_plan(&rows, &"base".parse().unwrap()).unwrap();
    assert_eq!(down.steps.len(), 10_000);
}
