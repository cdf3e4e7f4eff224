//! The plan of the house, held: who may import whom, how long a file may be, where a vendor is named and where
//! time is waited for.
//!
//! The rules read the text of the tree. Each is a function from sources to complaints, tried here on the tree and
//! on a deliberate violation, so that a rule that has stopped seeing anything is noticed.

#![allow(clippy::expect_used, reason = "every function here is a test's")]

#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use source::{Source, read};

/// Which modules of the crate a module may name. ARCHITECTURE.md has this table with its reasons.
const LAYERS: &[(&str, &[&str])] = &[
    ("chat", &[]),
    ("error", &["chat"]),
    ("catalog", &["chat"]),
    ("provider", &["chat", "error", "catalog"]),
    ("resilience", &["chat", "error"]),
    ("failover", &["chat", "error", "catalog", "resilience", "provider"]),
    ("client", &["chat", "error", "catalog", "provider", "resilience", "failover"]),
    ("testing", &["chat", "error", "catalog", "provider", "resilience", "failover", "client"]),
];

/// What the engine may name of `provider`: the trait and what goes through it, no wire.
const TRAIT: &[&str] = &["Provider", "Call", "Tail", "Delta", "DeltaStream", "Abilities"];

/// The folders whose files are held to [`LONGEST`].
const FOLDERS: &[&str] =
    &["src", "cli/src", "xtask/src", "bindings/python/src", "tests", "examples", "benches", "cli/tests"];
const LONGEST: usize = 600;

/// Vendors that are looked for in every word, whether or not they are in the table.
const VENDORS: &[&str] = &[
    "deepseek",
    "qwen",
    "dashscope",
    "minimax",
    "moonshot",
    "kimi",
    "zhipu",
    "groq",
    "mistral",
    "openrouter",
];

/// Wires that are called like the vendor whose they are.
const WIRES: &[&str] = &["anthropic", "gemini", "bedrock", "ollama"];

/// Where time is waited for. Everywhere else it is an argument.
const WAITS: &[&str] = &["src/failover/drive", "src/client/", "src/testing/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The library, without the files that are compiled for its tests only.
fn library() -> Vec<Source> {
    let mut sources = read(root(), "src");
    sources.retain(|source| !source.is_test());
    assert!(sources.len() > 10, "the library was not found in {}", root().display());
    sources
}

#[track_caller]
fn holds(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[track_caller]
fn complains(complaints: &[String], about: &[&str]) {
    assert_eq!(complaints.len(), about.len(), "{complaints:#?}");
    for (complaint, about) in complaints.iter().zip(about) {
        assert!(complaint.contains(about), "`{complaint}` does not speak of `{about}`");
    }
}

fn one(path: &str, text: &str) -> Vec<Source> {
    vec![Source::new(path, text)]
}

// Layers.

fn layers(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.path != "src/lib.rs") {
        let own = source.module()[0];
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == own) else {
            complaints.push(format!("{}: `{own}` has no row in the table of layers", source.path));
            continue;
        };
        for path in source.crate_paths() {
            if let Some(reason) = refusal(own, allowed, &path, sources) {
                complaints.push(format!("{}: crate::{}: {reason}", source.path, path.join("::")));
            }
        }
    }
    complaints
}

/// Why a file of the layer `own` may not name `path`.
fn refusal(own: &str, allowed: &[&str], path: &[String], sources: &[Source]) -> Option<String> {
    let [module, items @ ..] = path else { return Some("name the module".to_owned()) };
    let item = items.first().map(String::as_str);
    if module == own {
        return None;
    }
    if !LAYERS.iter().any(|(layer, _)| layer == module) {
        return Some("import from the defining module, not through the root".to_owned());
    }
    if !allowed.contains(&module.as_str()) {
        return Some(format!("{own} may not use {module}"));
    }
    if own == "failover" && module == "provider" && !item.is_some_and(|item| TRAIT.contains(&item)) {
        return Some(format!("failover may use of provider only {TRAIT:?}"));
    }
    let private = own == "testing"
        && item.is_some_and(|item| item != "*" && !public_names(sources, module).contains(item));
    private.then(|| "testing may use public items only".to_owned())
}

/// What the root of a module makes public.
fn public_names(sources: &[Source], module: &str) -> BTreeSet<String> {
    let is_root = |path: &str| path == format!("src/{module}/mod.rs") || path == format!("src/{module}.rs");
    sources.iter().filter(|source| is_root(&source.path)).flat_map(Source::exports).collect()
}

#[test]
fn every_module_uses_only_the_layers_below_it() {
    holds(&layers(&library()));
}

#[test]
fn a_module_that_uses_a_layer_above_it_is_seen() {
    complains(&layers(&one("src/chat/a.rs", "use crate::error::Error;")), &["chat may not use error"]);
    complains(&layers(&one("src/provider/a.rs", "fn f() { crate::resilience::x() }")), &["provider may not"]);
    complains(
        &layers(&one("src/resilience/a.rs", "use super::super::catalog::Model;")),
        &["may not use catalog"],
    );
    complains(
        &layers(&one("src/failover/a.rs", "use crate::{client::Client};")),
        &["failover may not use client"],
    );
    complains(
        &layers(&one("src/client/a.rs", "use crate::testing::Script;")),
        &["client may not use testing"],
    );
    complains(&layers(&one("src/client/a.rs", "use crate::Client;")), &["not through the root"]);
    complains(&layers(&one("src/shelf/a.rs", "")), &["no row"]);
}

#[test]
fn an_engine_that_names_a_wire_is_seen() {
    holds(&layers(&one("src/failover/a.rs", "use crate::provider::{Call, Delta, Provider};")));
    complains(
        &layers(&one("src/failover/a.rs", "use crate::provider::{Call, openai_chat};")),
        &["openai_chat"],
    );
    complains(&layers(&one("src/failover/a.rs", "use crate::provider;")), &["of provider only"]);
}

#[test]
fn testing_that_uses_a_hidden_item_is_seen() {
    let error = "mod verdict;\npub(crate) use verdict::hidden;\npub use verdict::{Shown};\npub fn open() {}";
    let testing = "use crate::error::{Shown, open, hidden}; use crate::error::verdict::Shown;";
    let sources = [Source::new("src/error/mod.rs", error), Source::new("src/testing/mod.rs", testing)];
    complains(&layers(&sources), &["error::hidden", "error::verdict::Shown"]);
}

// Circles.

fn circles(sources: &[Source]) -> Vec<String> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.path != "src/lib.rs") {
        let own = source.module()[0].to_owned();
        let named = source.crate_paths().into_iter().filter_map(|path| path.into_iter().next());
        uses.entry(own.clone()).or_default().extend(named.filter(|name| *name != own));
    }
    uses.keys()
        .filter(|module| reaches(&uses, module, module, &mut BTreeSet::new()))
        .map(|module| format!("{module} imports itself through others"))
        .collect()
}

fn reaches<'a>(
    uses: &'a BTreeMap<String, BTreeSet<String>>,
    from: &str,
    to: &str,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    uses.get(from)
        .into_iter()
        .flatten()
        .any(|next| next == to || (seen.insert(next) && reaches(uses, next, to, seen)))
}

#[test]
fn no_module_imports_itself_through_others() {
    holds(&circles(&library()));
}

#[test]
fn a_circle_of_imports_is_seen() {
    let sources = [
        Source::new("src/a/mod.rs", "use crate::b::X;"),
        Source::new("src/b.rs", "use crate::c::X;"),
        Source::new("src/c/d.rs", "use crate::a::X;"),
        Source::new("src/e.rs", "use crate::a::X;"),
    ];
    complains(&circles(&sources), &["a imports", "b imports", "c imports"]);
}

// Length.

fn too_long(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| source.lines > LONGEST)
        .map(|source| format!("{} has {} lines; the most is {LONGEST}", source.path, source.lines))
        .collect()
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let sources: Vec<_> = FOLDERS.iter().flat_map(|folder| read(root(), folder)).collect();
    holds(&too_long(&sources));
}

#[test]
fn a_file_that_is_too_long_is_seen() {
    holds(&too_long(&one("src/a.rs", &"\n".repeat(LONGEST))));
    complains(&too_long(&one("src/a.rs", &"\n".repeat(LONGEST + 1))), &["601 lines"]);
}

// Vendors.

/// The names in the vendor table: what stands behind `id:`. Not among them: a name that is also a wire's, and the
/// empty one of a row that others are made from.
fn table(sources: &[Source]) -> BTreeSet<String> {
    sources
        .iter()
        .filter(|source| source.path.starts_with("src/catalog/vendors"))
        .flat_map(|source| {
            let is_id = |at: usize| source.code[..at].trim_end_matches('"').trim_end().ends_with("id:");
            source.strings.iter().filter(move |(at, _)| is_id(*at)).map(|(_, name)| name.clone())
        })
        .filter(|name| !name.is_empty() && !WIRES.contains(&name.as_str()))
        .collect()
}

/// A literal that is a name of the table, or a target of that vendor; or one of [`VENDORS`] anywhere in code.
fn vendors(sources: &[Source]) -> Vec<String> {
    let table = table(sources);
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with("src/catalog/")) {
        for (_, text) in &source.strings {
            let text = text.to_lowercase();
            let head = text.split('/').next().unwrap_or_default();
            if table.contains(head) || VENDORS.iter().any(|vendor| text.contains(vendor)) {
                complaints.push(format!("{}: the literal \"{text}\" names a vendor", source.path));
            }
        }
        let code = source.code.to_lowercase();
        let named = VENDORS.iter().filter(|vendor| code.contains(*vendor));
        complaints.extend(named.map(|vendor| format!("{}: the code names {vendor}", source.path)));
    }
    complaints
}

#[test]
fn a_vendor_is_named_in_the_catalogue_only() {
    holds(&vendors(&library()));
}

#[test]
fn a_vendor_named_outside_the_catalogue_is_seen() {
    let rows = r#"&[Vendor { id: "acme", name: "Acme" }, Vendor { id: "ollama" }]"#;
    let with = |text| [Source::new("src/catalog/vendors.rs", rows), Source::new("src/provider/a.rs", text)];
    complains(&vendors(&with(r#"if id == "acme" {}"#)), &["\"acme\" names"]);
    complains(&vendors(&with(r#"const T: &str = "acme/big";"#)), &["\"acme/big\" names"]);
    complains(&vendors(&with(r#"const K: &str = "DEEPSEEK_API_KEY";"#)), &["deepseek_api_key"]);
    complains(&vendors(&with("fn is_qwen() {}")), &["the code names qwen"]);
    holds(&vendors(&with(r#"// "acme" is like qwen"#)));
    holds(&vendors(&with(
        r#"const W: &[&str] = &["ollama", "openai_chat", "anthropic-version", "Acme's way"];"#,
    )));
}

// Time.

fn waits(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| !WAITS.iter().any(|place| source.path.starts_with(place)))
        .filter(|source| {
            source.paths("tokio").iter().any(|path| path.first().is_some_and(|name| name == "time"))
        })
        .map(|source| format!("{} uses tokio::time; take the time as an argument", source.path))
        .collect()
}

#[test]
fn only_the_driver_and_the_client_wait() {
    holds(&waits(&library()));
}

#[test]
fn a_policy_that_waits_is_seen() {
    complains(
        &waits(&one("src/resilience/a.rs", "use tokio::{sync::mpsc, time};")),
        &["src/resilience/a.rs"],
    );
    complains(
        &waits(&one("src/provider/a.rs", "async fn f() { tokio::time::sleep(d).await }")),
        &["provider"],
    );
    holds(&waits(&one("src/failover/drive_race.rs", "use tokio::time::sleep;")));
}

// The root.

/// What `lib.rs` holds beside attributes, module declarations and imports.
fn definitions(sources: &[Source]) -> Vec<String> {
    let Some(root) = sources.iter().find(|source| source.path == "src/lib.rs") else {
        return vec!["there is no src/lib.rs".to_owned()];
    };
    without_attributes(&root.code)
        .replace("{}", ";")
        .split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .filter(|item| {
            let item = item.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
            !(item.starts_with("use ") || (item.starts_with("mod ") && !item.contains('{')))
        })
        .map(|item| format!("src/lib.rs defines something: `{item}`"))
        .collect()
}

fn without_attributes(code: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_usize;
    for c in code.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '#' | '!' => {}
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[test]
fn the_root_of_the_library_defines_nothing() {
    holds(&definitions(&library()));
}

#[test]
fn a_definition_in_the_root_is_seen() {
    let plain = "//! Docs.\n#![cfg_attr(docsrs, feature(doc_cfg))]\npub mod chat;\n#[cfg(feature = \"testing\")]\n\
                 pub mod testing;\npub use client::{Client, EventStream};\n#[cfg(doctest)]\nmod readme {}\n";
    holds(&definitions(&one("src/lib.rs", plain)));
    complains(&definitions(&one("src/lib.rs", "mod a;\npub struct B;")), &["pub struct B"]);
    complains(&definitions(&one("src/lib.rs", "mod a { fn f() }")), &["fn f"]);
}
