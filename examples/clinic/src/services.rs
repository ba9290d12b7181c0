//! What the application does with its data, apart from any migration.

/// A phone number without the spaces, dashes and brackets that people type: `(030) 12-34` is `0301234`.
pub fn plain_phone_number(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}

/// Brings the phone numbers of an older release into today's form, on whichever database the application runs.
macro_rules! migrate_legacy_data {
    ($name:ident, $connection:ty, $update:literal) => {
        pub async fn $name(connection: &mut $connection) -> Result<(), sqlx::Error> {
            let patients: Vec<(i32, String)> =
                sqlx::query_as("SELECT id, phone FROM patients WHERE phone IS NOT NULL")
                    .fetch_all(&mut *connection)
                    .await?;
            for (id, phone) in patients {
                sqlx::query($update)
                    .bind(plain_phone_number(&phone))
                    .bind(id)
                    .execute(&mut *connection)
                    .await?;
            }
            Ok(())
        }
    };
}

migrate_legacy_data!(
    migrate_legacy_data_sqlite,
    sqlx::SqliteConnection,
    "UPDATE patients SET phone = ? WHERE id = ?"
);
migrate_legacy_data!(
    migrate_legacy_data_mysql,
    sqlx::MySqlConnection,
    "UPDATE patients SET phone = ? WHERE id = ?"
);
migrate_legacy_data!(
    migrate_legacy_data_postgres,
    sqlx::PgConnection,
    "UPDATE patients SET phone = $1 WHERE id = $2"
);

#[cfg(test)]
mod tests {
    use super::plain_phone_number;

    #[test]
    fn only_digits_and_the_plus_stay() {
        assert_eq!(plain_phone_number("+49 (30) 12-34"), "+49301234");
    }
}
