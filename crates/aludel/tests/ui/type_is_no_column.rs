use aludel::prelude::*;

struct Money;

#[derive(Table)]
struct Visit {
    id: i32,
    cost: Money,
    costs: Option<Vec<Money>>,
}

fn main() {}
