//! The looks of cells: one list, from which `styles.xml` is written.

use std::fmt::Write as _;

/// How a cell looks. The order is that of the formats in `styles.xml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text without a frame: tidy data, the sheet of notes.
    Plain,
    /// A heading of tidy data.
    Heading,
    /// The title of a table.
    Title,
    /// A header line at the left.
    Left,
    /// A header line at the right.
    Right,
    /// A heading in the grid.
    Head,
    /// A name in the grid.
    Stub,
    /// A name one level down: a 款.
    Stub2,
    /// A name two levels down: a 项.
    Stub3,
    /// The name of a total.
    StubSum,
    /// 行次, 栏次.
    No,
    /// A classification code.
    Code,
    /// An amount in the grid.
    Amount,
    /// An amount of a total.
    AmountSum,
    /// 未提供 in the grid.
    Unknown,
    /// A note below the grid.
    Note,
    /// A number of tidy data with two decimals.
    Number,
    /// A whole number of tidy data.
    Whole,
}

impl Style {
    /// Its number, as cells write it.
    pub fn number(self) -> &'static str {
        const NUMBERS: [&str; LOOKS.len()] =
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17"];
        NUMBERS[self as usize]
    }
}

/// Fonts: plain, bold, title. 宋体 is what official documents are set in.
const FONTS: [&str; 3] = ["<sz val=\"11\"/>", "<b/><sz val=\"11\"/>", "<b/><sz val=\"16\"/>"];

/// A format: its number format, font, fill, whether it has a frame, and its alignment.
struct Look(Style, u8, u8, u8, bool, &'static str);

/// The built-in number formats: as it comes, `0`, `0.00`, text.
const GENERAL: u8 = 0;
const WHOLE: u8 = 1;
const TWO_DECIMALS: u8 = 2;
const TEXT: u8 = 49;

const LOOKS: [Look; 18] = [
    Look(Style::Plain, GENERAL, 0, 0, false, "vertical=\"center\""),
    Look(Style::Heading, GENERAL, 1, 2, true, "vertical=\"center\""),
    Look(Style::Title, GENERAL, 2, 0, false, "horizontal=\"center\" vertical=\"center\""),
    Look(Style::Left, GENERAL, 0, 0, false, "horizontal=\"left\" vertical=\"center\""),
    Look(Style::Right, GENERAL, 0, 0, false, "horizontal=\"right\" vertical=\"center\""),
    Look(Style::Head, GENERAL, 1, 2, true, "horizontal=\"center\" vertical=\"center\" wrapText=\"1\""),
    Look(Style::Stub, GENERAL, 0, 0, true, "horizontal=\"left\" vertical=\"center\" wrapText=\"1\""),
    Look(Style::Stub2, GENERAL, 0, 0, true, "horizontal=\"left\" vertical=\"center\" wrapText=\"1\" indent=\"1\""),
    Look(Style::Stub3, GENERAL, 0, 0, true, "horizontal=\"left\" vertical=\"center\" wrapText=\"1\" indent=\"2\""),
    Look(Style::StubSum, GENERAL, 1, 0, true, "horizontal=\"left\" vertical=\"center\" wrapText=\"1\""),
    Look(Style::No, GENERAL, 0, 0, true, "horizontal=\"center\" vertical=\"center\""),
    Look(Style::Code, TEXT, 0, 0, true, "horizontal=\"left\" vertical=\"center\""),
    Look(Style::Amount, TWO_DECIMALS, 0, 0, true, "horizontal=\"right\" vertical=\"center\""),
    Look(Style::AmountSum, TWO_DECIMALS, 1, 0, true, "horizontal=\"right\" vertical=\"center\""),
    Look(Style::Unknown, GENERAL, 0, 0, true, "horizontal=\"right\" vertical=\"center\""),
    Look(Style::Note, GENERAL, 0, 0, false, "horizontal=\"left\" vertical=\"top\" wrapText=\"1\""),
    Look(Style::Number, TWO_DECIMALS, 0, 0, false, "horizontal=\"right\" vertical=\"center\""),
    Look(Style::Whole, WHOLE, 0, 0, false, "horizontal=\"right\" vertical=\"center\""),
];

/// `styles.xml`.
pub fn xml() -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    );
    // Writing to a String cannot fail.
    let _ = write!(out, "<fonts count=\"{}\">", FONTS.len());
    for font in FONTS {
        let _ = write!(out, "<font>{font}<name val=\"宋体\"/><family val=\"3\"/><charset val=\"134\"/></font>");
    }
    out.push_str(
        "</fonts><fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill>\
         <fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFF2F2F2\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>\
         <borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border><border>",
    );
    for side in ["left", "right", "top", "bottom"] {
        let _ = write!(out, "<{side} style=\"thin\"><color auto=\"1\"/></{side}>");
    }
    out.push_str(
        "<diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    );
    let _ = write!(out, "<cellXfs count=\"{}\">", LOOKS.len());
    for (at, Look(style, number, font, fill, framed, alignment)) in LOOKS.into_iter().enumerate() {
        debug_assert_eq!(style as usize, at);
        let border = u8::from(framed);
        let _ = write!(
            out,
            "<xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyNumberFormat=\"1\" \
             applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment {alignment}/></xf>"
        );
    }
    out.push_str(
        "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_stands_where_its_number_says() {
        for (at, Look(style, ..)) in LOOKS.iter().enumerate() {
            assert_eq!((*style as usize, style.number()), (at, at.to_string().as_str()));
        }
        assert_eq!(xml().matches("<xf ").count(), LOOKS.len() + 1);
    }
}
