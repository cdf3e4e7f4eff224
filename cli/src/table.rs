//! Lists, in columns for people and as JSON for programs.

use serde::Serialize;

/// Rows with their columns aligned by two spaces, without a space at a line's end.
pub(crate) fn plain<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let lines = rows.iter().map(|row| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A value as JSON on one line.
pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> String {
    // Plain data always has a form.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "b", ""], ["long", "é", "end"]].map(|row| row.map(str::to_owned));
        assert_eq!(plain(rows), "a     b\nlong  é  end");
    }
}
