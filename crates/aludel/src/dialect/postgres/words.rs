//! Which words cannot be names without quotes.

use crate::sql::quote_if_needed;

/// The keywords that `quote_ident` quotes: all but the unreserved ones, of every version up to 18
/// (<https://www.postgresql.org/docs/current/sql-keywords-appendix.html>).
const KEYWORDS: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
    boolean both case cast char character check coalesce collate collation column concurrently \
    constraint create cross current_catalog current_date current_role current_schema current_time \
    current_timestamp current_user dec decimal default deferrable desc distinct do else end except \
    exists extract false fetch float for foreign freeze from full grant greatest group grouping \
    having ilike in initially inner inout int integer intersect interval into is isnull join json \
    json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar \
    json_serialize json_table json_value lateral leading least left like limit localtime \
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif \
    numeric offset on only or order out outer overlaps overlay placing position precision primary \
    real references returning right row select session_user setof similar smallint some substring \
    symmetric system_user table tablesample then time timestamp to trailing treat trim true union \
    unique user using values varchar variadic verbose when where window with xmlattributes \
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize \
    xmltable";

/// A name as it stands in a statement. The name is not examined.
pub(super) fn quote(name: &str) -> String {
    quote_if_needed(name, |word| {
        KEYWORDS.split(' ').any(|keyword| keyword == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_quoted() {
        assert!(KEYWORDS.split(' ').is_sorted());
        assert_eq!(quote("xmltable"), "\"xmltable\"");
        assert_eq!(quote("user"), "\"user\"");
        assert_eq!(quote("users"), "users");
        assert_eq!(quote("Ünïted \"x\""), "\"Ünïted \"\"x\"\"\"");
        assert_eq!(quote("1st"), "\"1st\"");
    }
}
