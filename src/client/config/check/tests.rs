#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

fn findings(text: &str) -> Vec<Finding> {
    check(text, "f.toml", Trust::Full, &World::of(&[("SET", "x")])).1
}

/// Each text has exactly one finding, at this line and column, with these words in message and help.
fn one_each(cases: &[(&str, (usize, usize), &str, &str)]) {
    for (text, place, message, help) in cases {
        let found = findings(text);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        let found = &found[0];
        assert_eq!((found.line, found.column), *place, "{found}");
        assert!(found.message.contains(message), "{found}");
        assert!(found.help.clone().unwrap_or_default().contains(help), "{found}");
    }
}

const WORK: &str = "[providers.work]\nwire = \"openai_chat\"\nbase_url = \"https://h.example/v1\"\n";

fn in_work(line: &str) -> String {
    format!("{WORK}{line}\n")
}

#[test]
fn an_unknown_key_is_an_error_at_every_level() {
    one_each(&[
        ("chian = 1", (1, 1), "unknown key `chian`", "did you mean `chains`?"),
        ("[chains.a]\ntargets = [\"local/m\"]\ntagets = []", (3, 1), "`tagets`", "`targets`?"),
        (
            "[chains.a]\ntargets = [{ target = \"local/m\", max_token = 1 }]",
            (2, 34),
            "`max_token`",
            "`max_tokens`?",
        ),
        (&in_work("ehoes = true"), (4, 1), "`ehoes`", "`echoes`?"),
        (
            "[models.\"local/m\"]\nprice = { curency = \"USD\", currency = \"USD\", input = 1, output = 1 }",
            (2, 11),
            "`curency`",
            "`currency`?",
        ),
        ("[timeouts]\nfirst_tokn = \"1s\"", (2, 1), "`first_tokn`", "`first_token`?"),
        ("[retry]\nattempt = 1", (2, 1), "`attempt`", "`attempts`?"),
        ("[circuit]\ntreshold = 1", (2, 1), "`treshold`", "`threshold`?"),
        ("[limits]\nmax_event = 1", (2, 1), "`max_event`", "there are none"),
        ("[http]\nproxi = \"http://h\"", (2, 1), "`proxi`", "`proxy`?"),
        ("[state]\ndirr = \"x\"", (2, 1), "`dirr`", "`dir`?"),
    ]);
}

#[test]
fn a_value_of_the_wrong_type_says_what_is_allowed() {
    one_each(&[
        ("chains = 1", (1, 10), "`chains` must be a table, not a number", ""),
        ("default_chain = 1", (1, 17), "`default_chain` must be a text", ""),
        ("[chains.a]\ntargets = \"local/m\"", (2, 11), "`targets` must be a list, not a text", ""),
        ("[chains.a]\ntargets = [1]", (2, 12), "a target must be a text", ""),
        (&in_work("stream = \"yes\""), (4, 10), "`stream` must be true or false", ""),
        ("[timeouts]\ntotal = 5", (2, 9), "\"5s\"", ""),
        ("[timeouts]\ntotal = \"soon\"", (2, 9), "`soon` is not a duration", "\"10m\""),
        ("[timeouts]\ntotal = \"5\"", (2, 9), "`5` is not a duration", "\"10m\""),
        ("[timeouts]\ntotal = \"0s\"", (2, 9), "`total` cannot be zero", ""),
        ("[retry]\nattempts = 0", (2, 12), "`attempts` is out of range", "from 1 up"),
        ("[retry]\nbudget = -1", (2, 10), "cannot be negative", ""),
        ("[circuit]\nthreshold = 0", (2, 13), "above 0", "enabled = false"),
        ("[circuit]\nmin_open = \"5m\"", (2, 12), "longer than `max_open`", ""),
        ("[http]\nproxy = \"nowhere\"", (2, 9), "`proxy` is not an address", ""),
        ("[models.\"local/m\"]\ncontext_window = 1.5", (2, 18), "must be a whole number", ""),
        (
            "[models.\"local/m\"]\nprice = { currency = \"USD\", input = -1, output = 1 }",
            (2, 37),
            "`input` cannot be negative",
            "",
        ),
        (
            "[models.\"local/m\"]\nprice = { currency = \"usd\", input = 1, output = 1 }",
            (2, 22),
            "`usd` is not a currency",
            "USD",
        ),
        ("[models.\"local/m\"]\nprice = { currency = \"USD\", input = 1 }", (2, 9), "needs `output`", ""),
    ]);
}

#[test]
fn an_unknown_word_lists_those_there_are() {
    one_each(&[
        (
            "[providers.work]\nwire = \"opnai_chat\"\nbase_url = \"https://h.example\"",
            (2, 8),
            "`opnai_chat`",
            "did you mean `openai_chat`?",
        ),
        (
            "[providers.work]\nwire = \"gemini\"\nbase_url = \"https://h.example\"",
            (2, 8),
            "`gemini` is not available yet",
            "openai_chat, anthropic",
        ),
        (&in_work("prefill = \"prefx\""), (4, 11), "unknown prefill `prefx`", "`prefix`?"),
        (
            "[models.\"local/m\"]\nabilities = [\"tools\", \"image\"]",
            (2, 23),
            "unknown ability `image`",
            "`images`?",
        ),
        ("[chains.a]\ntargets = [\"local/m\"]\non_break = \"restrt\"", (3, 12), "`restrt`", "`restart`?"),
        (
            "[chains.a]\ntargets = [\"local/m\"]\norder = \"fastest\"",
            (3, 9),
            "`fastest` is not available yet",
            "use `listed`",
        ),
        ("[chains.a]\ntargets = [\"local/m\"]\norder = \"lised\"", (3, 9), "unknown order", "`listed`?"),
    ]);
}

#[test]
fn a_name_that_leads_nowhere_is_told_with_the_nearest() {
    one_each(&[
        (
            "[chains.a]\ntargets = [\"local/m\", \"alpa/m\"]",
            (2, 24),
            "unknown provider `alpa`",
            "did you mean `alpha`?",
        ),
        ("[chains.a]\ntargets = [{ target = \"betta/m\" }]", (2, 24), "`betta`", "`beta`?"),
        ("[models.\"lokal/m\"]", (1, 10), "unknown provider `lokal`", "`local`?"),
        ("[models.m]", (1, 9), "`m` is not a target", "provider/model"),
        ("[chains.a]\ntargets = [\"m\"]", (2, 12), "`m` is not a target", ""),
        (
            "default_chain = \"b\"\n[chains.a]\ntargets = [\"local/m\"]",
            (1, 17),
            "chain `b` is not defined",
            "`a`?",
        ),
        ("[chains.a]\ntargets = []", (2, 11), "chain `a` has no targets", ""),
        ("[chains.a]", (1, 9), "chain `a` has no targets", "add targets"),
        ("[chains.\"a/b\"]\ntargets = [\"local/m\"]", (1, 9), "cannot name a chain", ""),
        (
            "[providers.\"a/b\"]\nwire = \"openai_chat\"\nbase_url = \"https://h.example\"",
            (1, 12),
            "cannot name a provider",
            "",
        ),
        ("[providers.work]\nwire = \"openai_chat\"", (1, 12), "has no `base_url`", "add base_url"),
        (
            "[providers.alpa]\nbase_url = \"https://h.example\"",
            (1, 12),
            "has no `wire`",
            "did you mean `alpha`?",
        ),
    ]);
}

#[test]
fn what_would_be_dangerous_or_malformed_to_send_is_refused() {
    one_each(&[
        ("[providers.alpha]\nbase_url = \"http://10.0.0.1/v1\"", (2, 12), "in the open", "insecure = true"),
        ("[providers.alpha]\nbase_url = \"h.example/v1\"", (2, 12), "not an address", "https://"),
        (&in_work("extra_body = { model = \"x\" }"), (4, 16), "may not set `model`", ""),
        (&in_work("extra_body = { messages = [] }"), (4, 16), "may not set `messages`", ""),
        (&in_work("extra_body = { stream = true }"), (4, 16), "may not set `stream`", ""),
        (&in_work("extra_body = { when = 2020-01-01 }"), (4, 23), "no form in JSON", ""),
        (&in_work("headers = { \"X Team\" = \"v\" }"), (4, 13), "`X Team` cannot name a header", ""),
        (&in_work("headers = { X = \"a\\nb\" }"), (4, 17), "value of header `X`", "ASCII"),
    ]);
    assert_eq!(findings("[providers.alpha]\nbase_url = \"http://10.0.0.1/v1\"\ninsecure = true"), []);
}

#[test]
fn a_syntax_error_has_its_place() {
    one_each(&[
        ("[chains.a]\ntargets = [\"local/m\"\n\n[retry]", (4, 1), "", ""),
        ("default_chain = ", (1, 17), "", ""),
        ("[retry]\nattempts = 1\nattempts = 2", (3, 1), "duplicate key", ""),
    ]);
}

#[test]
fn a_variable_that_is_not_set_is_a_warning() {
    let found = findings(&in_work("api_key_env = \"UNSET\""));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].severity, found[0].line, found[0].column), (Severity::Warning, 4, 15));
    assert!(!is_fatal(&found));
    assert_eq!(findings(&in_work("api_key_env = \"SET\"")), []);
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = "[chains.a]\ntargets = [\"alpa/m\"]\nordr = 1\n[retry]\nbase = 1\n[circuit]\nenabled = 1\n";
    let lines: Vec<_> = findings(text).iter().map(|found| found.line).collect();
    assert_eq!(lines, [2, 3, 5, 7]);
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown() {
    for text in [
        in_work("api_key = \"topsecret\""),
        in_work("api_key_env = \"sk-topsecret\""),
        in_work("api_key_env = \"gsk_topsecret0123456789abcdef\""),
        in_work("headers = { \"bad name\" = \"topsecret\", X = \"topsecret\", Y = 1 }"),
        in_work("headers = [\"topsecret\"]"),
        in_work("headers = \"topsecret\""),
        in_work("headers.X = \"topsecret\\n\""),
        in_work("auth = { bearer = [\"topsecret\"] }"),
        in_work("echoes = \"topsecret\""),
        in_work("api_key = \"topsecret"),
        in_work("headers = { X = \"topsecret\", "),
        in_work("headers = { X = \"topsecret\" } x"),
        "[providers.alpha]\nbase_url = \"https://me:topsecret@h.example\"".to_owned(),
        "[http]\nproxy = \"topsecret\"".to_owned(),
        "[http]\nproxy = \"me:topsecret@h.example:3128\"".to_owned(),
        "[http]\nproxy = \"http://me:topsecret@ [\"".to_owned(),
    ] {
        let found = findings(&text);
        assert!(is_fatal(&found), "{text}");
        for found in found {
            assert!(!format!("{found} {found:?}").contains("topsecret"), "{found}");
        }
    }
}

#[test]
fn a_finding_on_a_file_looks_like_a_compilers() {
    let text = "\n".repeat(9) + "[chains.main]\ntargets = [\"local/m\"]\ntagets = [\"x\"]\n";
    assert_eq!(
        findings(&text)[0].to_string(),
        "error: unknown key `tagets`\n  --> f.toml:12:1\n12 | tagets = [\"x\"]\n   | ^^^^^^ did you mean `targets`?"
    );
}

#[test]
fn any_beginning_of_a_file_is_answered_and_never_panics() {
    let text = "default_chain = \"é\"\n[providers.work]\nheaders = { 'X' = \"v\" }\n[chains.a]\ntargets = [{ target = \"α/m\" }]\n";
    for (at, _) in text.char_indices() {
        findings(&text[..at]);
        findings(&text[at..]);
    }
}
