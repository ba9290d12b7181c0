//! Lengths of time as people write them: `30`, `30s`, `5m`, `1h 30m`.

use serde::de::{Deserialize, Deserializer, Error as _};
use std::str::FromStr;
use std::time::Duration;

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) Duration);

impl Length {
    /// The length, or none if it is zero.
    pub(crate) fn if_any(self) -> Option<Duration> {
        (!self.0.is_zero()).then_some(self.0)
    }
}

impl FromStr for Length {
    type Err = String;

    /// A bare number is in seconds.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("`{text}` is no length of time such as 30, 30s or 5m");
        if let Ok(seconds) = text.parse::<f64>() {
            return Duration::try_from_secs_f64(seconds)
                .map(Self)
                .map_err(|_| wrong());
        }
        let signed: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        Duration::try_from(signed).map(Self).map_err(|_| wrong())
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Seconds(f64),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Seconds(seconds) => seconds.to_string(),
        };
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let length = |text: &str| text.parse::<Length>().map(|it| it.0);
        for (text, seconds) in [
            ("30", 30.0),
            ("0", 0.0),
            ("1.5", 1.5),
            ("30s", 30.0),
            ("5m", 300.0),
            ("1h 30m", 5400.0),
            ("250ms", 0.25),
            (" 2 minutes", 120.0),
        ] {
            assert_eq!(length(text), Ok(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in ["", "soon", "-1", "-5s", "5 parsecs", "nan", "inf", "1e300"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
