//! Texts that nobody would write.

use proptest::prelude::*;

use super::*;

fn flavors() -> impl Strategy<Value = Flavor> {
    proptest::sample::select(FLAVORS.to_vec())
}

/// Parts of the corpus, special characters, and noise.
fn texts() -> impl Strategy<Value = (Flavor, String)> {
    let special =
        "' \" ` [ ] ; -- /* */ /*! $$ $a$ \\ E' # ( ) . : @ , { $a( \r\n \u{a0} \u{feff} \0";
    let special: Vec<String> = special.split(' ').map(str::to_owned).collect();
    let words = "CREATE TRIGGER FUNCTION PROCEDURE EVENT BEGIN ATOMIC END CASE WHEN THEN IF LOOP REPEAT UNTIL DO NOT COPY FROM STDIN \
                 DELIMITER LANGUAGE x AS RETURNS FOR EACH ROW DECLARE";
    let words: Vec<String> = words
        .split_whitespace()
        .map(|word| format!(" {word} "))
        .collect();
    flavors().prop_flat_map(move |flavor| {
        let scripts: Vec<String> = corpus(flavor)
            .iter()
            .map(|script| script.replace('¦', ";"))
            .collect();
        let cut = (
            proptest::sample::select(scripts),
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
        );
        let slice = cut.prop_map(|(script, from, to)| {
            let chars: Vec<char> = script.chars().collect();
            let (from, to) = (from.index(chars.len() + 1), to.index(chars.len() + 1));
            chars[from.min(to)..from.max(to)].iter().collect()
        });
        let part = prop_oneof![
            2 => proptest::sample::select(special.clone()),
            2 => proptest::sample::select(words.clone()),
            2 => slice,
            1 => "\\PC{0,3}",
            1 => Just("DELIMITER //\n".to_owned()),
            1 => Just("//".to_owned()),
        ];
        proptest::collection::vec(part, 0..12).prop_map(move |parts| (flavor, parts.concat()))
    })
}

fn has_client_commands(tokens: &[Token]) -> bool {
    let of_client =
        |token: &Token| matches!(token.kind, TokenKind::Command | TokenKind::Terminator);
    tokens.iter().any(of_client)
}

/// Silence that may stand between two statements.
fn silence(flavor: Flavor) -> impl Strategy<Value = &'static str> {
    let common = [
        "",
        " ",
        "\n",
        "\r\n",
        "-- c\n",
        "-- ;'\n",
        "/* ; */",
        "/* ' $$ \" */",
        ";",
        " ; ",
        "\t-- migrate:down x\n",
    ];
    let own: &[&str] = match flavor {
        Postgres => &["/* /* ; */ ' */", "-- ;\r"],
        Mysql => &["# ;\n", "--;\n", "-- \n"],
        Sqlite => &["/* /* */", "\u{feff}"],
    };
    proptest::sample::select([common.as_slice(), own].concat())
}

/// Statements of the corpus, with silence between them.
fn scripts() -> impl Strategy<Value = (Flavor, Vec<String>, String)> {
    flavors().prop_flat_map(|flavor| {
        let all = corpus(flavor).iter().flat_map(|script| script.split('¦'));
        let cores = all.map(|part| core(part, flavor).to_owned());
        let statements: Vec<String> = cores.filter(|core| !core.is_empty()).collect();
        let one = (
            proptest::sample::select(statements),
            silence(flavor),
            silence(flavor),
        );
        proptest::collection::vec(one, 0..8).prop_map(move |parts| {
            let text = parts
                .iter()
                .map(|(text, before, behind)| format!("{before}{text}{}{behind};", gap(behind)));
            let text = text.collect::<String>();
            let statements = parts.into_iter().map(|(text, ..)| text).collect();
            (flavor, statements, text)
        })
    })
}

/// Two dashes behind a statement need some white space in front of them not to be a part of it.
fn gap(behind: &str) -> &str {
    if behind.starts_with("--;") { ";" } else { " " }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn tokens_are_the_text((flavor, text) in texts()) {
        if let Ok(tokens) = tokens(&text, flavor) {
            let joined: String = tokens.iter().map(|token| token.text(&text)).collect();
            prop_assert_eq!(&joined, &text);
            for token in tokens {
                prop_assert!(token.start < token.end);
                prop_assert_eq!(token.line, text[..token.start].matches('\n').count() + 1);
            }
        }
    }

    #[test]
    fn pieces_hold_all_that_is_not_silent((flavor, text) in texts()) {
        // A piece of its own is another thing where it begins with a byte order mark, or ends with dashes that what stood behind them made a minus.
        let marked = text.contains("\u{feff}");
        if let Ok(pieces) = split(&text, flavor) {
            let tokens = tokens(&text, flavor).unwrap();
            let spans: Vec<(usize, usize)> = pieces.iter().map(|piece| {
                let start = piece.text.as_ptr() as usize - text.as_ptr() as usize;
                (start, start + piece.text.len())
            }).collect();
            prop_assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            for (piece, span) in pieces.iter().zip(&spans) {
                prop_assert_eq!(piece.line, text[..span.0].matches('\n').count() + 1);
                let another = marked || piece.text.ends_with("--") || has_client_commands(&tokens);
                let whole = another || core(piece.text, flavor) == piece.text;
                prop_assert!(whole);
            }
            for token in &tokens {
                let held = spans.iter().any(|span| span.0 <= token.start && token.end <= span.1);
                let apart = spans.iter().all(|span| token.end <= span.0 || span.1 <= token.start);
                prop_assert!(held || apart);
                let mark = matches!(token.kind, TokenKind::Command | TokenKind::Terminator);
                prop_assert!(held || token.kind.is_silent() || mark || token.text(&text) == ";");
            }
            if !marked && !has_client_commands(&tokens) {
                for piece in &pieces {
                    let again = split(piece.text, flavor).map(|pieces| pieces.iter().map(|it| it.text.to_owned()).collect::<Vec<_>>());
                    prop_assert_eq!(again, Ok(vec![piece.text.to_owned()]));
                }
            }
        }
    }

    #[test]
    fn statements_come_apart_as_they_were_put_together((flavor, statements, text) in scripts()) {
        prop_assert_eq!(pieces(&text, flavor), statements);
    }
}
