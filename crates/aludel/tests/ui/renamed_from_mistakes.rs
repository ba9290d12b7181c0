use aludel::prelude::*;

#[derive(Table)]
#[table(name = "patients", renamed_from = "patients")]
struct Patient {
    #[column(renamed_from = "id")]
    id: i32,
    #[column(renamed_from = "name")]
    first_name: String,
    #[column(renamed_from = "name")]
    last_name: String,
    #[column(renamed_from = " ")]
    email: String,
    #[column(renamed_from)]
    phone: String,
    #[column(skip, renamed_from = "mobile")]
    mobile_phone: String,
}

#[derive(Table)]
#[table(schema = "billing", renamed_from = "billing.invoices")]
struct Bill {
    id: i32,
}

#[derive(Enum)]
#[enumeration(name = "mood", renamed_from = "mood")]
enum Mood {
    Glad,
}

fn main() {}
