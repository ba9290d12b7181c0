use aludel::prelude::*;

#[derive(Table)]
#[table(foreign_key(columns("a"), references = "x.y.z", referred("id")))]
struct Visit {
    #[column(references = "patients")]
    a: i32,
    #[column(references = "one.two.three.four")]
    b: i32,
    #[column(references = "patients.")]
    c: i32,
    #[column(on_delete = "cascade")]
    d: i32,
}

fn main() {}
