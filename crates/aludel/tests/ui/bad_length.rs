use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(length = 0)]
    phone: String,
    #[column(length = 99999999999)]
    email: String,
    #[column(type = "")]
    name: String,
}

fn main() {}
