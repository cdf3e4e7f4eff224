//! `-a`: an image or a text file, told apart by content and never by name.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mainstay::chat::{Image, Part};

use super::file;
use crate::exit::Stop;

/// Reads an attachment; an address is passed on for the provider to fetch.
pub(super) fn read(name: &str) -> Result<Part, Stop> {
    if name.starts_with("https://") || name.starts_with("http://") {
        return Ok(Part::Image(Image::Url { url: name.to_owned() }));
    }
    let path = Path::new(name);
    part(path, file(path)?)
}

fn part(path: &Path, bytes: Vec<u8>) -> Result<Part, Stop> {
    if let Some(media_type) = image_type(&bytes) {
        let data = STANDARD.encode(bytes);
        return Ok(Part::Image(Image::Data { media_type: media_type.to_owned(), data }));
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(Part::text(headed(path, &text))),
        _ => Err(Stop::usage(format!(
            "{} cannot be attached: it is neither an image (PNG, JPEG, GIF, WebP) nor UTF-8 text",
            path.display()
        ))),
    }
}

/// The media type by the first bytes.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// A text under its file's name, set off from what follows.
fn headed(path: &Path, text: &str) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let end = if text.ends_with('\n') { "\n" } else { "\n\n" };
    format!("File: {name}\n\n{text}{end}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn of(bytes: &[u8]) -> Result<Part, Stop> {
        part(Path::new("dir/notes.md"), bytes.to_vec())
    }

    #[test]
    fn images_are_known_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a...", "image/gif"),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
        ] {
            let Part::Image(Image::Data { media_type, data }) = of(bytes).unwrap() else {
                panic!("no image")
            };
            assert_eq!(media_type, expected);
            assert_eq!(STANDARD.decode(data).unwrap(), bytes);
        }
    }

    #[test]
    fn text_stands_under_the_name_of_its_file() {
        assert_eq!(of("你好".as_bytes()).unwrap(), Part::text("File: notes.md\n\n你好\n\n"));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for bytes in [&b"\x00\x01\x02"[..], b"\xff\xfe text", b"%PDF-1.7\n\xe2\xe3"] {
            let message = of(bytes).unwrap_err().message().unwrap();
            assert!(message.contains("dir/notes.md"), "{message}");
        }
    }

    #[test]
    fn an_address_is_left_to_the_provider() {
        let url = "https://example.com/a.png";
        assert_eq!(read(url).unwrap(), Part::Image(Image::Url { url: url.to_owned() }));
    }
}
