//! Floats as SQL text that SQLite reads as the same float.

/// A float. SQLite promises to read 15 digits of a decimal number (<https://www.sqlite.org/floatingpoint.html>), and often misses
/// the last bit of one that has more: that is written as what it is, an integer times a power of two.
pub(super) fn spell(value: f64) -> String {
    let decimal = format!("{value:?}");
    let mantissa = decimal.split('e').next().unwrap_or_default();
    let digits = mantissa.chars().filter(char::is_ascii_digit);
    let significant = digits.skip_while(|it| *it == '0').count();
    match significant <= 15 || !value.is_finite() {
        true => decimal,
        false => exact(value),
    }
}

fn exact(value: f64) -> String {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = value.abs().to_bits();
    let (biased, fraction) = (bits >> FRACTION, bits & ((1 << FRACTION) - 1));
    // A float without a biased exponent is a subnormal one, whose first bit is not left out.
    let (integer, exponent) = match biased {
        0 => (fraction, -1074),
        _ => (
            fraction | (1 << FRACTION),
            i32::try_from(biased).unwrap_or(0) - 1075,
        ),
    };
    let zeros = integer.trailing_zeros();
    let exponent = exponent + i32::try_from(zeros).unwrap_or(0);
    let sign = if value < 0.0 { "-" } else { "" };
    let mut sql = format!("{sign}1.0 * {}", integer >> zeros);
    let operator = if exponent < 0 { '/' } else { '*' };
    let mut rest = exponent.unsigned_abs();
    // A larger power is no integer any more.
    while rest > 0 {
        let power = rest.min(62);
        sql += &format!(" {operator} (1 << {power})");
        rest -= power;
    }
    format!("({sql})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_are_decimal_and_long_ones_exact() {
        assert_eq!(spell(0.1), "0.1");
        assert_eq!(spell(-12.5), "-12.5");
        assert_eq!(spell(1e300), "1e300");
        assert_eq!(spell(0.1 + 0.2), "(1.0 * 1351079888211149 / (1 << 52))");
        assert_eq!(
            spell(-1.7976931348623157e308),
            format!(
                "(-1.0 * 9007199254740991{})",
                [62; 15]
                    .iter()
                    .chain(&[41])
                    .map(|it| format!(" * (1 << {it})"))
                    .collect::<String>()
            )
        );
    }
}
