//! Any text, in each of the three flavors: tokens are the text, pieces are parts of it in order, and a piece is cut no further.
#![no_main]

use aludel::sql::split::{Flavor, TokenKind, split, tokens};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for flavor in [Flavor::Sqlite, Flavor::Postgres, Flavor::Mysql] {
        let tokens = tokens(text, flavor);
        let of_client = |kind| matches!(kind, TokenKind::Command | TokenKind::Terminator);
        // A piece of its own is another thing where it begins with a byte order mark, or ends with dashes that a semicolon made a minus.
        let mut other_alone = text.contains('\u{feff}') || text.contains("--;");
        if let Ok(tokens) = &tokens {
            let joined: String = tokens.iter().map(|token| token.text(text)).collect();
            assert_eq!(joined, text);
            other_alone |= tokens.iter().any(|token| of_client(token.kind));
        }
        let Ok(pieces) = split(text, flavor) else {
            continue;
        };
        let mut end = 0;
        for piece in pieces {
            let start = piece.text.as_ptr() as usize - text.as_ptr() as usize;
            assert!(end <= start && !piece.text.is_empty());
            end = start + piece.text.len();
            if !other_alone {
                let again = split(piece.text, flavor).map(|pieces| pieces.len());
                assert_eq!(again, Ok(1), "{flavor:?}: {}", piece.text);
            }
        }
    }
});
