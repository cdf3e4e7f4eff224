//! How long a provider asks to be left alone.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The wait that these headers of a refusal ask for: `retry-after-ms` before `retry-after`, the latter in
/// seconds or as a date. Nonsense is none. The headers of an accepted request must not be asked: some vendors
/// send a wait there too, and it means nothing.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let millis = text("retry-after-ms").and_then(|text| duration(text, 1e-3));
    millis.or_else(|| {
        text(RETRY_AFTER.as_str()).and_then(|text| duration(text, 1.0).or_else(|| until(text, now)))
    })
}

fn duration(text: &str, unit: f64) -> Option<Duration> {
    // The check on the first character keeps out `inf`, `nan` and signs.
    let number = text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.parse::<f64>().ok())??;
    Duration::try_from_secs_f64(number * unit).ok()
}

fn until(text: &str, now: SystemTime) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wait(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = pairs
            .iter()
            .map(|(name, value)| (reqwest::header::HeaderName::from_static(name), value.parse().unwrap()));
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        retry_after(&headers.collect(), now)
    }

    #[test]
    fn a_wait_is_read_in_every_documented_form() {
        for (value, millis) in [
            ("0", 0),
            ("7", 7_000),
            (" 1.5 ", 1_500),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10_000),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ] {
            assert_eq!(wait(&[("retry-after", value)]), Some(Duration::from_millis(millis)), "{value}");
        }
    }

    #[test]
    fn milliseconds_win_over_seconds() {
        let millis = Some(Duration::from_millis(494));
        assert_eq!(wait(&[("retry-after", "1"), ("retry-after-ms", "494")]), millis);
        assert_eq!(wait(&[("retry-after", "1"), ("retry-after-ms", "x")]), Some(Duration::from_secs(1)));
    }

    #[test]
    fn nonsense_is_no_wait() {
        for value in ["", "-1", "NaN", "inf", "+inf", "1e400", "soon", "1s", "99999999999999999999999"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
    }
}
