//! Draws the picture in the README: one real answer over two servers, the first of which dies.
//!
//! `cargo run --example draw_seam --features testing > docs/seam.svg`
//!
//! What is drawn was measured in this run; only the layout is fixed.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::chat::{Attempt, Event};
use mainstay::testing::{Continuation, Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};
use tokio::time::Instant;

const ANSWER: &str = "The sea is salty because rain is a little acid: it dissolves rock, and rivers carry what is \
                      dissolved down to the sea. The water leaves again as vapour; the salt stays, and it has been \
                      staying for a very long time.";
const DIES_AFTER: usize = 104;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let run = run().await?;
    assert_eq!(run.text(), ANSWER, "the reader did not get the answer exactly once");
    println!("{}", picture(&run));
    Ok(())
}

/// What was seen of one answer. Times are milliseconds since it was asked for.
#[derive(Default)]
struct Run {
    pieces: Vec<Piece>,
    attempts: Vec<Attempt>,
    dropped: u64,
    reason: &'static str,
    end: u64,
}

struct Piece {
    at: u64,
    /// By the second provider.
    second: bool,
    text: String,
}

impl Run {
    fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    fn by(&self, second: bool) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.second == second)
    }

    /// The last piece of the first provider, and the first one of the second.
    fn gap(&self) -> (u64, u64) {
        let last = self.by(false).last().map_or(0, |piece| piece.at);
        (last, self.by(true).next().map_or(last, |piece| piece.at))
    }
}

async fn run() -> Result<Run, Box<dyn Error>> {
    let script = Script::answer(ANSWER).delay(Duration::from_millis(120)).pace(Duration::from_millis(22));
    let first = FaultServer::start(script.clone().fault(Fault::ResetAfter(DIES_AFTER))).await?;
    let second = FaultServer::start(script.continuation(Continuation::Anchor)).await?;
    let client = Client::builder()
        .endpoint(Endpoint::new("first", Wire::OpenAiChat, first.openai_url()))
        .endpoint(Endpoint::new("second", Wire::Anthropic, second.anthropic_url()))
        .chain("main", Chain::new(["first/model".parse()?, "second/model".parse()?]))
        .build()?;
    client.ask("Are you there?").await?; // so that connecting is not drawn

    let (begun, mut run, mut over) = (Instant::now(), Run::default(), false);
    let mut stream = client.stream("Why is the sea salty?");
    while let Some(event) = stream.next().await {
        let at = begun.elapsed().as_millis() as u64;
        match event? {
            Event::Text { text } => run.pieces.push(Piece { at, second: over, text }),
            Event::Failover { reason, .. } => (over, run.reason) = (true, reason.as_str()),
            Event::Seam { dropped_chars, .. } => run.dropped = dropped_chars,
            Event::Finish { attempts, .. } => (run.attempts, run.end) = (attempts, at),
            _ => {}
        }
    }
    Ok(run)
}

const LEFT: f64 = 150.0;
const WIDTH: f64 = 880.0;
const FIRST: f64 = 46.0;
const SECOND: f64 = 106.0;
const READER: f64 = 176.0;
const COLUMNS: usize = 88;

const STYLE: &str = "\
svg{font:13px ui-sans-serif,system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
.rail,.way,.span{fill:none}.way{stroke-dasharray:3 3}.cross{stroke-width:2.5}
.small{font-size:11.5px}.mid{text-anchor:middle}.end{text-anchor:end}.twice{text-decoration:underline}
.answer{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.card,.hollow{fill:#fff}.card,.rail{stroke:#d0d7de}.way,.span{stroke:#59636e}.ink{fill:#1f2328}.dim{fill:#59636e}
.a{fill:#0969da}.b{fill:#9a6700}.hollow{stroke:#9a6700}.x{fill:#cf222e}.cross{stroke:#cf222e}
@media(prefers-color-scheme:dark){
.card,.hollow{fill:#0d1117}.card,.rail{stroke:#3d444d}.way,.span{stroke:#9198a1}.ink{fill:#e6edf3}.dim{fill:#9198a1}
.a{fill:#58a6ff}.b{fill:#d9a033}.hollow{stroke:#d9a033}.x{fill:#ff7b72}.cross{stroke:#ff7b72}}";

fn picture(run: &Run) -> String {
    let height = READER + 94.0 + 22.0 * wrap(ANSWER).len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\">\n<title>One answer, two providers</title>\n\
         <desc>The first provider dies in the middle of a word. The second is asked to go on and repeats a few \
         words. The reader gets every character once.</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        WIDTH - 1.0,
        height - 1.0
    );
    let x = |ms: u64| LEFT + ms as f64 / run.end as f64 * (WIDTH - LEFT - 40.0);
    draw_rails(&mut svg);
    draw_pieces(&mut svg, run, x);
    draw_switch(&mut svg, run, x);
    draw_gap(&mut svg, run, x);
    draw_answer(&mut svg, run);
    svg + "</svg>"
}

fn put(svg: &mut String, x: f64, y: f64, class: &str, text: &str) {
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>");
}

fn draw_rails(svg: &mut String) {
    for (y, class, name) in
        [(FIRST, "a", "first provider"), (SECOND, "b", "second provider"), (READER, "ink", "the reader")]
    {
        put(svg, 22.0, y + 4.5, class, name);
        let _ = writeln!(svg, "<path class=\"rail\" d=\"M{LEFT} {y}H{}\"/>", WIDTH - 24.0);
    }
}

/// Each piece of text at its time: with the provider who said it, and with the reader.
fn draw_pieces(svg: &mut String, run: &Run, x: impl Fn(u64) -> f64) {
    for piece in &run.pieces {
        let (class, lane) = if piece.second { ("b", SECOND) } else { ("a", FIRST) };
        for y in [lane, READER] {
            let (left, top) = (x(piece.at) - 2.0, y - 9.0);
            let _ = writeln!(
                svg,
                "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top}\" width=\"4\" height=\"18\" rx=\"1.5\"/>"
            );
        }
    }
    put(svg, x(run.end) + 8.0, READER + 5.0, "ink", "✓");
}

/// The death of the first provider, and the way to the second.
fn draw_switch(svg: &mut String, run: &Run, x: impl Fn(u64) -> f64) {
    let [first, second] = run.attempts.as_slice() else { return };
    let died = x(first.ended_ms) + 8.0;
    let _ = writeln!(
        svg,
        "<path class=\"cross\" d=\"M{:.1} {}l10 10m0 -10l-10 10\"/>\n\
         <path class=\"way\" d=\"M{died:.1} {}V{}\"/>",
        died - 5.0,
        FIRST - 5.0,
        FIRST + 9.0,
        SECOND - 3.0
    );
    put(svg, died + 14.0, FIRST - 12.0, "x small", &format!("{} after {DIES_AFTER} characters", run.reason));
    put(
        svg,
        died + 8.0,
        (FIRST + SECOND) / 2.0 + 4.0,
        "dim small",
        "“go on, first repeating the last words”",
    );
    let held = x(second.first_token_ms.unwrap_or(second.started_ms));
    let (_, shown) = run.gap();
    if x(shown) - held > 6.0 {
        let width = x(shown) - held - 4.0;
        let top = SECOND - 9.0;
        let _ = writeln!(
            svg,
            "<rect class=\"hollow\" x=\"{held:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"18\" rx=\"1.5\"/>"
        );
        let label = format!("{} repeated characters: left out", run.dropped);
        put(svg, held, SECOND + 26.0, "b small", &label);
    }
}

/// How long the reader waited at the joint.
fn draw_gap(svg: &mut String, run: &Run, x: impl Fn(u64) -> f64) {
    let (from, to) = run.gap();
    let (left, right, y) = (x(from) + 4.0, x(to) - 4.0, READER + 16.0);
    let _ = writeln!(svg, "<path class=\"span\" d=\"M{left:.1} {}v5H{right:.1}v-5\"/>", y - 2.0);
    put(svg, (left + right) / 2.0, y + 18.0, "dim small mid", &format!("{} ms without text", to - from));
    put(svg, LEFT, y + 18.0, "dim small", "0 ms");
    put(svg, WIDTH - 24.0, y + 18.0, "dim small end", &format!("{} ms", run.end));
}

/// The answer as the reader has it, the joint marked.
fn draw_answer(svg: &mut String, run: &Run) {
    let joint: usize = run.by(false).map(|piece| piece.text.chars().count()).sum();
    let twice = joint - (run.dropped as usize).min(joint);
    let mut at = 0;
    for (line, text) in wrap(ANSWER).into_iter().enumerate() {
        let mut spans = String::new();
        for c in text.chars() {
            if at == joint {
                spans.push_str("<tspan class=\"x\">┃</tspan>");
            }
            let class = if at >= joint {
                "b"
            } else if at >= twice {
                "a twice"
            } else {
                "a"
            };
            let open = format!("<tspan class=\"{class}\">");
            match spans.rfind("<tspan").is_some_and(|last| spans[last..].starts_with(&open)) {
                true => spans.truncate(spans.len() - "</tspan>".len()),
                false => spans.push_str(&open),
            }
            let _ = write!(spans, "{c}</tspan>");
            at += 1;
        }
        let y = READER + 72.0 + 22.0 * line as f64;
        let _ =
            writeln!(svg, "<text class=\"answer\" xml:space=\"preserve\" x=\"22\" y=\"{y}\">{spans}</text>");
    }
    let below = READER + 74.0 + 22.0 * wrap(ANSWER).len() as f64;
    put(svg, 22.0, below, "dim small", "underlined: sent by both, read once");
}

/// Lines of whole words, each with the space behind it.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let last = lines.len() - 1;
        if lines[last].len() + word.len() > COLUMNS {
            lines.push(word.to_owned());
        } else {
            lines[last].push_str(word);
        }
    }
    lines
}
