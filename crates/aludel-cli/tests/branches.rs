//! Commands on histories that branch and merge: `branches`, `heads`, `merge`, `history --graph`.
#![cfg(feature = "sqlite")]

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1aa <- b2bb`, upon which stand `c3cc` and, on the branch `billing`, `d4dd`; `e5ee` stands beside `b2bb`.
fn branched() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "b2bb");
    project.write(
        "migrations/versions/d4dd.sql",
        "-- Bill visits\n--\n-- Revision ID: d4dd\n-- Revises: b2bb\n-- Branch Labels: billing\n\n-- migrate:up\n",
    );
    project.revision("e5ee", "a1aa");
    project
}

#[test]
fn branch_points() {
    let project = branched();
    assert_snapshot!(project.run("branches"), @"
    exit 0
    -- stdout
    b2bb (branchpoint)
         -> c3cc (head)
         -> d4dd (billing) (head)

    a1aa (branchpoint)
         -> b2bb (branchpoint)
         -> e5ee (head)
    ");
    assert_snapshot!(project.run("branches -v"), @"
    exit 0
    -- stdout
    Rev: b2bb (branchpoint)
    Parent: a1aa
    Branches into: c3cc, d4dd
    Path: ROOT/migrations/versions/b2bb.sql

        step b2bb

        Revision ID: b2bb
        Revises: a1aa

         -> c3cc (head), step c3cc
         -> d4dd (billing) (head), Bill visits

    Rev: a1aa (branchpoint)
    Parent: <base>
    Branches into: b2bb, e5ee
    Path: ROOT/migrations/versions/a1aa.sql

        step a1aa

        Revision ID: a1aa

         -> b2bb (branchpoint), step b2bb
         -> e5ee (head), step e5ee
    ");
    let json = project.ok("branches --json");
    let ids: Vec<&str> = json
        .lines()
        .map(str::trim)
        .filter(|it| it.starts_with("\"id\""))
        .collect();
    assert_eq!(
        ids,
        [
            r#""id": "b2bb","#,
            r#""id": "c3cc","#,
            r#""id": "d4dd","#,
            r#""id": "a1aa","#,
            r#""id": "b2bb","#,
            r#""id": "e5ee","#
        ]
    );
    let straight = Project::sql();
    straight.revision("a1aa", "");
    assert_eq!(straight.run("branches"), "exit 0\n");
}

#[test]
fn merges() {
    let project = branched();
    let before = project.files();
    assert_snapshot!(project.run("merge c3 e5ee d4dd c3cc"), @"
    exit 1
    -- stderr
    error: Duplicate head revisions specified
      c3cc
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge b2bb c3cc"), @"
    exit 1
    -- stderr
    error: Revision b2bb is not a head revision; please specify --splice to create a new branch from this revision
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge head"), @"
    exit 1
    -- stderr
    error: Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge.
      c3cc
      d4dd
      e5ee
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge zzzz c3cc"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zzzz'
      caused by: No such revision or branch 'zzzz'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("merge heads --rev-id c3cc"), @"
    exit 1
    -- stderr
    error: Revision c3cc is present already: in migrations/versions/c3cc.sql
    hint: give another `--rev-id`, or none
    ");
    assert_snapshot!(project.run("merge heads --rev-id f6ff --branch-label billing"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision f6ff already used by revision d4dd
    ");
    assert_snapshot!(project.run("merge heads --branch-label a@b"), @"
    exit 1
    -- stderr
    error: --branch-label: 'a@b' cannot be a branch label: it holds characters that separate or combine names
    ");
    assert_snapshot!(project.run("merge"), @"
    exit 2
    -- stderr
    error: the following required arguments were not provided: <REVISIONS>...
    Usage: aludel merge <REVISIONS>...
    hint: `--help` says more
    ");
    assert_eq!(project.files(), before);
    assert_snapshot!(project.run("merge billing c3 --rev-id f6ff -m Both --branch-label both"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_f6ff_both.sql ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_f6ff_both.sql"), @"
    -- Both
    --
    -- Revision ID: f6ff
    -- Revises: d4dd, c3cc
    -- Branch Labels: both
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    assert_snapshot!(project.run("merge heads --rev-id g7gg --format rust"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_g7gg_.rs ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_g7gg_.rs"), @"
    //! Revision ID: g7gg
    //! Revises: f6ff, e5ee
    //! Create Date: 2025-11-08 14:30:00

    use aludel::prelude::*;

    pub fn upgrade(_op: &mut Operations) {}

    pub fn downgrade(_op: &mut Operations) {}
    ");
    assert_snapshot!(project.run("merge b2bb e5ee --splice --rev-id h8hh -m x -q"), @"exit 0");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    f6ff, e5ee -> g7gg (billing, both) (head) (mergepoint)
    d4dd, c3cc -> f6ff (billing, both) (mergepoint), Both
    b2bb -> d4dd (billing), Bill visits
    b2bb, e5ee -> h8hh (head) (mergepoint), x
    b2bb -> c3cc, step c3cc
    a1aa -> e5ee (branchpoint), step e5ee
    a1aa -> b2bb (branchpoint), step b2bb
    <base> -> a1aa (branchpoint), step a1aa
    ");
    // One revision is accepted, as in Alembic: a plain child.
    assert_snapshot!(project.run("merge h8hh --rev-id i9ii -m y"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_i9ii_y.sql ... done
    ");
    assert_snapshot!(Project::sql().run("merge heads"), @"
    exit 1
    -- stderr
    error: There is no revision to merge
    hint: `aludel heads` shows the heads
    ");
}

#[test]
fn nothing_is_written_for_a_revision_that_would_break_the_history() {
    let project = branched();
    let before = project.files();
    assert_snapshot!(project.run("revision --head c3cc --branch-label billing --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision f6ff already used by revision d4dd
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label b2bb --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: Branch name 'b2bb' in revision f6ff already used by revision b2bb
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label x-1 --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: --branch-label: 'x-1' cannot be a branch label: it holds characters that separate or combine names
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label x --branch-label x --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: --branch-label: `Branch Labels` holds `x` twice
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id billing"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision d4dd already used by revision billing
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id a1aa"), @"
    exit 1
    -- stderr
    error: Revision a1aa is present already: in migrations/versions/a1aa.sql
    hint: give another `--rev-id`, or none
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id a-b@c"), @"
    exit 2
    -- stderr
    error: invalid value 'a-b@c' for '--rev-id <ID>': Character(s) '-, @' not allowed in revision identifier 'a-b@c'
    hint: `--help` says more
    ");
    assert_snapshot!(project.run("revision --head c3cc --depends-on nothing"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'nothing'
      caused by: No such revision or branch 'nothing'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head c3cc --depends-on base"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'base'
      caused by: No such revision or branch 'base'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head +1"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by '+1'
      caused by: No such revision or branch '+1'; please ensure at least four characters are present for partial revision identifier matches
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head c3cc --version-path elsewhere"), @"
    exit 1
    -- stderr
    error: Path elsewhere is not represented in current version locations
      migrations/versions
    hint: name one of these folders
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn places_of_a_new_revision() {
    let project = branched();
    project.ok("revision --head e5 --depends-on billing --depends-on c3 --rev-id f6ff -m x --version-path ./migrations/versions");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_f6ff_x.sql"), @"
    -- x
    --
    -- Revision ID: f6ff
    -- Revises: e5ee
    -- Depends On: billing, c3cc
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    project.ok("revision --head base --rev-id g7gg -m root --branch-label other");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_g7gg_root.sql"), @"
    -- root
    --
    -- Revision ID: g7gg
    -- Branch Labels: other
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    project.ok("revision --head other@head --rev-id h8hh -m y");
    assert_snapshot!(project.run("heads"), @"
    exit 0
    -- stdout
    f6ff (head)
    h8hh (other) (head)
    c3cc (effective head)
    d4dd (billing) (effective head)
    ");
}

#[test]
fn several_heads_fail_a_check() {
    let project = Project::sql();
    assert_eq!(project.run("heads --check"), "exit 0\n");
    project.revision("a1aa", "");
    assert_eq!(
        project.run("heads --check"),
        "exit 0\n-- stdout\na1aa (head)\n"
    );
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "a1aa");
    assert_snapshot!(project.run("heads --check"), @"
    exit 1
    -- stdout
    b2bb (head)
    c3cc (head)
    -- stderr
    error: there are 2 heads
      b2bb
      c3cc
    hint: `aludel merge heads` joins them
    ");
    assert!(
        project
            .run("heads --check --json")
            .starts_with("exit 1\n-- stdout\n{")
    );
    project.ok("merge heads --rev-id d4dd -m x");
    assert_eq!(
        project.run("heads --check"),
        "exit 0\n-- stdout\nd4dd (head)\n"
    );
    // Of `e5ee` and `d4dd`, on which it depends, one row will be left.
    project.ok("revision --head base --depends-on d4dd --rev-id e5ee -m y");
    assert!(project.run("heads --check").starts_with("exit 1"));
    assert_eq!(
        project.run("heads --check --resolve-dependencies"),
        "exit 0\n-- stdout\ne5ee (head)\n"
    );
}

#[test]
fn drawings() {
    let project = branched();
    assert_snapshot!(project.run("history --graph"), @"
    exit 0
    -- stdout
    ○  b2bb -> c3cc (head), step c3cc
    │ ○  b2bb -> d4dd (billing) (head), Bill visits
    ├─╯
    ○  a1aa -> b2bb (branchpoint), step b2bb
    │ ○  a1aa -> e5ee (head), step e5ee
    ├─╯
    ○  <base> -> a1aa (branchpoint), step a1aa
    ");
    project.ok("merge c3cc d4dd --rev-id f6ff -m Both");
    project.ok("revision --head base --depends-on billing --rev-id g7gg -m root");
    project.ok("revision --head g7gg --rev-id h8hh -m leaf");
    project.ok("-q upgrade f6ff");
    assert_snapshot!(project.run("history --graph -i"), @"
    exit 0
    -- stdout
    @    c3cc, d4dd -> f6ff (billing) (head) (current) (mergepoint), Both
    ├─╮
    ○ │  b2bb -> c3cc, step c3cc
    │ │ ○  g7gg -> h8hh (head), leaf
    │ │ ○  <base> (billing) -> g7gg, root
    │ ├─╯
    │ ○  b2bb -> d4dd (billing), Bill visits
    ├─╯
    │ ○  a1aa -> e5ee (head), step e5ee
    ○ │  a1aa -> b2bb (branchpoint), step b2bb
    ├─╯
    ○  <base> -> a1aa (branchpoint), step a1aa
    ");
    assert_snapshot!(project.run("history --graph -r b2bb:f6ff"), @"
    exit 0
    -- stdout
    ○    c3cc, d4dd -> f6ff (billing) (head) (mergepoint), Both
    ├─╮
    ○ │  b2bb -> c3cc, step c3cc
    │ ○  b2bb -> d4dd (billing), Bill visits
    ├─╯
    ○  a1aa -> b2bb (branchpoint), step b2bb
    │
    ~
    ");
    assert_snapshot!(project.run("history --graph -r h8hh: -v"), @"
    exit 0
    -- stdout
    ○  Rev: h8hh (head)
    │  Parent: g7gg
    ~  Path: ROOT/migrations/versions/20251108_1430_h8hh_leaf.sql

           leaf

           Revision ID: h8hh
           Revises: g7gg
           Create Date: 2025-11-08 14:30:00
    ");
    assert_eq!(
        project.ok("history --graph --json"),
        project.ok("history --json")
    );
    assert_eq!(Project::sql().run("history --graph"), "exit 0\n");
}

#[test]
fn a_drawing_of_a_thousand_revisions() {
    let project = Project::sql();
    project.revision("r0000", "");
    for n in 1..1000 {
        let down = match n {
            // Every tenth one begins a branch, which ends four later or in a merge.
            n if n % 10 == 4 => n - 2,
            n => n - 1,
        };
        let down = match n % 50 {
            9 => format!("r{down:04}, r{:04}", n - 6),
            _ => format!("r{down:04}"),
        };
        project.revision(&format!("r{n:04}"), &down);
    }
    let drawing = project.ok("history --graph");
    let nodes = drawing.lines().filter(|it| it.contains('○'));
    assert_eq!(nodes.count(), 1000);
    assert!(
        drawing
            .lines()
            .all(|it| it.ends_with(|c: char| !c.is_whitespace()))
    );
    let plain: Vec<&str> = drawing.lines().filter(|it| it.contains(" -> ")).collect();
    let lines = project.ok("history");
    assert_eq!(plain.len(), lines.lines().count());
    for (drawn, line) in plain.iter().zip(lines.lines()) {
        assert!(drawn.ends_with(line), "{drawn}\n{line}");
    }
}

#[test]
fn revisions_so_many_steps_away() {
    let project = branched();
    let id = |said: &str| {
        let revisions = said.lines().filter_map(|it| it.strip_prefix("Rev: "));
        let ids: Vec<&str> = revisions.filter_map(|it| it.split(' ').next()).collect();
        ids.join(" ")
    };
    let show = |target: &str| id(&project.ok(&format!("show {target}")));
    assert_eq!(show("billing-1"), "b2bb");
    assert_eq!(show("c3-2"), "a1aa");
    assert_eq!(show("billing@head-1"), "b2bb");
    assert_eq!(show("b2bb@heads"), "c3cc d4dd");
    assert_eq!(show("heads"), "c3cc d4dd e5ee");
    project.ok("-q upgrade b2bb");
    assert_eq!(show("current"), "b2bb");
    assert_eq!(show("current-1"), "a1aa");
    assert_eq!(show("current-2"), "");
    assert_eq!(show("billing@+1"), "d4dd");
    assert_snapshot!(project.run("show +1"), @"
    exit 1
    -- stderr
    error: Ambiguous walk
      c3cc
      d4dd
    hint: name the revision to go to
    ");
    assert_snapshot!(project.run("show head-1"), @"
    exit 1
    -- stderr
    error: Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
      c3cc
      d4dd
      e5ee
    hint: `aludel heads` shows them; `heads` means all of them
    ");
    assert_snapshot!(project.run("show c3cc+1"), @"
    exit 1
    -- stderr
    error: Walked too far
    hint: `aludel current` and `aludel history` show how far it can go
    ");
    assert_snapshot!(project.run("show current+1"), @"
    exit 1
    -- stderr
    error: Ambiguous walk
      c3cc
      d4dd
    hint: name the revision to go to
    ");
    assert_snapshot!(project.run("show c3:d4"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'c3:d4'
      caused by: No such revision or branch 'c3:d4'
    hint: `aludel history` lists the revisions
    ");
    project.ok("-q upgrade heads");
    assert_eq!(show("current"), "c3cc d4dd e5ee");
    assert_eq!(show("current-1"), "b2bb a1aa");
    assert_snapshot!(project.run("history -r current:"), @"
    exit 0
    -- stdout
    b2bb -> c3cc (head), step c3cc
    b2bb -> d4dd (billing) (head), Bill visits
    a1aa -> e5ee (head), step e5ee
    ");
}

#[test]
fn ranges_beside_where_the_database_stands() {
    let project = Project::sql();
    project.revision("a1aa", "");
    for (id, down) in [
        ("b2bb", "a1aa"),
        ("c3cc", "b2bb"),
        ("d4dd", "c3cc"),
        ("e5ee", "d4dd"),
    ] {
        project.revision(id, down);
    }
    project.ok("-q upgrade d4dd");
    assert_snapshot!(project.run("history -r-3:current"), @"
    exit 0
    -- stdout
    c3cc -> d4dd, step d4dd
    b2bb -> c3cc, step c3cc
    a1aa -> b2bb, step b2bb
    ");
    assert_snapshot!(project.run("history -r -3:current -i"), @"
    exit 0
    -- stdout
    c3cc -> d4dd (current), step d4dd
    b2bb -> c3cc, step c3cc
    a1aa -> b2bb, step b2bb
    ");
    assert_snapshot!(project.run("history -r current:"), @"
    exit 0
    -- stdout
    d4dd -> e5ee (head), step e5ee
    c3cc -> d4dd, step d4dd
    ");
    assert_snapshot!(project.run("history -r:current"), @"
    exit 0
    -- stdout
    c3cc -> d4dd, step d4dd
    b2bb -> c3cc, step c3cc
    a1aa -> b2bb, step b2bb
    <base> -> a1aa, step a1aa
    ");
    assert_snapshot!(project.run("history -r current:+1 -i --graph"), @"
    exit 0
    -- stdout
    ○  d4dd -> e5ee (head), step e5ee
    @  c3cc -> d4dd (current), step d4dd
    │
    ~
    ");
    assert_snapshot!(project.run("history -r current:b2bb"), @"
    exit 1
    -- stderr
    error: Requested range current:b2bb does not refer to ancestor/descendant revisions along the same branch
    ");
    assert_snapshot!(project.run("history -r c3cc"), @"
    exit 2
    -- stderr
    error: invalid value 'c3cc' for '--rev-range <RANGE>': History range requires [start]:[end], [start]:, or :[end]
    hint: `--help` says more
    ");
    assert_snapshot!(project.run("current -v"), @"
    exit 0
    -- stdout
    Current revision(s) for sqlite:app.db:
    Rev: d4dd
    Parent: c3cc
    Path: ROOT/migrations/versions/d4dd.sql

        step d4dd

        Revision ID: d4dd
        Revises: c3cc
    ");
}
