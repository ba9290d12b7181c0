use aludel::prelude::*;

#[derive(Table)]
#[table(
    index(name = "ix"),
    index(desc("a", "b")),
    index(desc("a", up)),
    unique(),
    unique("a", "a"),
    check(),
    check("a > 0", "b > 0"),
    check(name = "ck"),
    foreign_key(columns("a"), referred("id")),
    foreign_key(columns("a", "b"), references = "c", referred("id")),
    index("a", uniqe),
    index("a", 1),
    primary_key,
)]
struct Visit {
    a: i32,
    b: i32,
}

fn main() {}
