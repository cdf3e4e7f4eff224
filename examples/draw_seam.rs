//! Draws the picture of the README from a real run: `cargo run --example draw_seam --features testing > docs/seam.svg`.
#![allow(clippy::print_stdout)]

use std::fmt::Write;
use std::time::Duration;

use mainstay::catalog::{Prefill, Wire};
use mainstay::chat::Event;
use mainstay::testing::{Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};
use tokio::time::Instant;

const ANSWER: &str = "The sea is salty because rain is a little acid: it dissolves rock, and rivers carry what is \
                      dissolved down to the sea. The water leaves again as vapour; the salt stays, and it has been \
                      staying for a very long time. A litre of sea water holds about 35 grams of it.";
const COLUMNS: usize = 84;
const COLOURS: [&str; 2] = ["#b4541a", "#1f5fa8"];

/// A piece of the answer: when it came (ms), from which provider, what it says.
type Piece = (f64, usize, String);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let script = Script::answer(ANSWER).pace(Duration::from_millis(20));
    let north = FaultServer::start(script.clone().fault(Fault::ResetAfter(136))).await?;
    let south = FaultServer::start(script.delay(Duration::from_millis(150))).await?;
    let client = Client::builder()
        .endpoint(Endpoint::new("north", Wire::OpenAiChat, north.openai_url()))
        .endpoint(Endpoint::new("south", Wire::Anthropic, south.anthropic_url()).prefill(Prefill::Trailing))
        .chain("main", Chain::new(["north/model".parse()?, "south/model".parse()?]))
        .build()?;

    let begun = Instant::now();
    let mut stream = client.stream("Why is the sea salty?");
    let (mut pieces, mut speaker, mut seam) = (Vec::<Piece>::new(), 0, String::new());
    while let Some(event) = stream.next().await {
        match event? {
            Event::Text { text } => pieces.push((begun.elapsed().as_secs_f64() * 1e3, speaker, text)),
            Event::Failover { reason, after_chars, mode, .. } => {
                speaker = 1;
                seam = format!("{reason} after {after_chars} characters → {mode}");
            }
            _ => {}
        }
    }
    let text: String = pieces.iter().map(|(_, _, text)| text.as_str()).collect();
    assert_eq!(text, ANSWER, "the picture must be of an exact answer");
    println!("{}", draw(&pieces, &seam)?);
    Ok(())
}

fn draw(pieces: &[Piece], seam: &str) -> Result<String, std::fmt::Error> {
    let lines = wrap(pieces);
    let height = 150 + 22 * lines.len();
    let end = pieces.last().map_or(1.0, |piece| piece.0);
    let x = |ms: f64| 90.0 + 650.0 * ms / end;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 {height}\" font-family=\"ui-monospace, monospace\" font-size=\"13\">\n\
         <title>An answer that outlives its provider</title>\n\
         <rect width=\"780\" height=\"{height}\" rx=\"8\" fill=\"#fbfaf7\"/>\n"
    );
    for (lane, name) in ["north", "south"].iter().enumerate() {
        let y = 34 + 30 * lane;
        writeln!(svg, "<text x=\"24\" y=\"{}\" fill=\"{}\">{name}</text>", y + 11, COLOURS[lane])?;
        writeln!(svg, "<line x1=\"90\" y1=\"{0}\" x2=\"740\" y2=\"{0}\" stroke=\"#ddd8cc\"/>", y + 7)?;
        for (at, _, text) in pieces.iter().filter(|piece| piece.1 == lane) {
            let width = 2.0 + text.len() as f64;
            writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"14\" rx=\"2\" fill=\"{}\"/>",
                x(*at) - width,
                COLOURS[lane]
            )?;
        }
    }
    let cut = pieces.iter().rfind(|piece| piece.1 == 0).map_or(0.0, |piece| x(piece.0)) + 8.0;
    writeln!(svg, "<path d=\"M{cut:.1} 36 l10 10 m0 -10 l-10 10\" stroke=\"#c22\" stroke-width=\"2.5\"/>")?;
    writeln!(svg, "<text x=\"{:.1}\" y=\"45\" fill=\"#c22\">{seam}</text>", cut + 18.0)?;
    writeln!(svg, "<text x=\"24\" y=\"118\" fill=\"#6b6557\">what the reader sees</text>")?;
    for (row, line) in lines.iter().enumerate() {
        write!(svg, "<text x=\"24\" y=\"{}\" xml:space=\"preserve\">", 146 + 22 * row)?;
        for (speaker, text) in line {
            write!(svg, "<tspan fill=\"{}\">{text}</tspan>", COLOURS[*speaker])?;
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</svg>");
    Ok(svg)
}

/// The answer in lines of equal colour runs.
fn wrap(pieces: &[Piece]) -> Vec<Vec<(usize, String)>> {
    let (mut lines, mut width) = (vec![Vec::<(usize, String)>::new()], 0);
    for (_, speaker, text) in pieces {
        if width + text.len() > COLUMNS {
            lines.push(Vec::new());
            width = 0;
        }
        let text = if width == 0 { text.trim_start() } else { text };
        width += text.len();
        let Some(line) = lines.last_mut() else { continue };
        match line.last_mut() {
            Some((last, run)) if last == speaker => run.push_str(text),
            _ => line.push((*speaker, text.to_owned())),
        }
    }
    lines
}
