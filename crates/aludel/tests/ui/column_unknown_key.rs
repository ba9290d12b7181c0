use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(lenght = 32)]
    phone: String,
    #[column(renamed_from = "mail")]
    email: String,
}

fn main() {}
