//! A workbook: its sheets, their names, and the files that tie them together.

use std::fmt::Write as _;

use super::sheet::{MAIN, STRINGS_END, Sheet, Strings, XML, cut, push_xml};
use super::style;
use super::zip::Archive;

/// The longest name of a sheet, in UTF-16 code units.
const LONGEST_NAME: usize = 31;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A workbook while sheets are added, each packed when it is whole.
pub struct Book {
    /// The text of all sheets.
    pub strings: Strings,
    archive: Archive,
    sheets: Vec<Listed>,
    names: Vec<String>,
    /// Where the next sheet is written.
    room: String,
}

/// What is told of a sheet outside of it.
struct Listed {
    name: String,
    /// The rows that every printed page repeats, first and last.
    repeated: Option<(usize, usize)>,
}

/// What a workbook says of itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who made it.
    pub creator: &'a str,
    /// The date it carries, as `2024-11-11`.
    pub date: &'a str,
}

impl Book {
    /// A workbook that will have so many sheets.
    pub fn new(about: About<'_>, sheets: usize) -> Self {
        let mut archive = Archive::new(96 * 1024);
        archive.add("[Content_Types].xml", &[&content_types(sheets)]);
        archive.add("_rels/.rels", &[&PARTS.replace("{PACKAGE}", PACKAGE).replace("{OFFICE}", OFFICE)]);
        archive.add("docProps/core.xml", &[&core(about)]);
        archive.add("docProps/app.xml", &[APP]);
        let room = String::with_capacity(48 * 1024);
        Self { strings: Strings::new(), archive, sheets: Vec::new(), names: Vec::new(), room }
    }

    /// A name for a sheet, near to the one wished for: without the characters that spreadsheets
    /// forbid, not too long, and different from all names given before.
    pub fn name(&mut self, wished: &str) -> String {
        let plain: String = wished.chars().filter(|c| !c.is_control() && !"[]:*?/\\".contains(*c)).collect();
        let plain = plain.trim().trim_matches('\'');
        // 历史记录 is taken by Excel in every language.
        let plain = if plain.is_empty() || plain.eq_ignore_ascii_case("history") { "表" } else { plain };
        let mut name = cut(plain, LONGEST_NAME).trim_end_matches('\'').to_owned();
        for number in 2.. {
            let key = name.to_lowercase();
            if !self.names.contains(&key) {
                self.names.push(key);
                break;
            }
            let ending = format!("({number})");
            name = format!("{}{ending}", cut(plain, LONGEST_NAME - ending.len()));
        }
        name
    }

    /// A sheet without cells, to be added when it is whole.
    pub fn sheet(&mut self, name: String, widths: Vec<usize>) -> Sheet {
        Sheet::new(name, widths, std::mem::take(&mut self.room))
    }

    /// Adds a sheet behind the others.
    pub fn add(&mut self, sheet: Sheet) {
        let path = format!("xl/worksheets/sheet{}.xml", self.sheets.len() + 1);
        let [head, rows, tail] = sheet.xml(self.sheets.is_empty());
        self.archive.add(&path, &[&head, &rows, &tail]);
        self.sheets.push(Listed { name: sheet.name.clone(), repeated: sheet.repeated });
        self.room = sheet.into_data();
    }

    /// The whole workbook.
    pub fn finish(mut self) -> Vec<u8> {
        let Self { strings, sheets, archive, .. } = &mut self;
        let (head, texts) = strings.xml();
        archive.add("xl/workbook.xml", &[&workbook(sheets)]);
        archive.add("xl/_rels/workbook.xml.rels", &[&relationships(sheets.len())]);
        archive.add("xl/styles.xml", &[&style::xml()]);
        archive.add("xl/sharedStrings.xml", &[&head, texts, STRINGS_END]);
        self.archive.finish()
    }
}

const PARTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"{PACKAGE}/relationships\">\
<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>\
<Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
<Relationship Id=\"rId3\" Type=\"{OFFICE}/extended-properties\" Target=\"docProps/app.xml\"/>\
</Relationships>";

const APP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>disclose</Application></Properties>";

// Writing to a String cannot fail, here and below.
fn content_types(sheets: usize) -> String {
    let mut out = format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
         <Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPES}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPES}.styles+xml\"/>\
         <Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{TYPES}.sharedStrings+xml\"/>"
    );
    for number in 1..=sheets {
        let _ = write!(
            out,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{TYPES}.worksheet+xml\"/>"
        );
    }
    out.push_str("</Types>");
    out
}

fn relationships(sheets: usize) -> String {
    let mut out = format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for number in 1..=sheets {
        let _ = write!(
            out,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
    }
    for (number, kind, file) in
        [(sheets + 1, "styles", "styles.xml"), (sheets + 2, "sharedStrings", "sharedStrings.xml")]
    {
        let _ = write!(out, "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{file}\"/>");
    }
    out.push_str("</Relationships>");
    out
}

fn workbook(sheets: &[Listed]) -> String {
    let mut out = format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView xWindow=\"0\" yWindow=\"0\" windowWidth=\"24000\" windowHeight=\"14000\"/></bookViews><sheets>"
    );
    for (at, sheet) in sheets.iter().enumerate() {
        out.push_str("<sheet name=\"");
        push_xml(&mut out, &sheet.name);
        let _ = write!(out, "\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", at + 1);
    }
    out.push_str("</sheets>");
    let mut names = String::new();
    for (at, sheet) in sheets.iter().enumerate() {
        let mut quoted = String::new();
        push_xml(&mut quoted, &sheet.name.replace('\'', "''"));
        if let Some((first, last)) = sheet.repeated {
            let (first, last) = (first + 1, last + 1);
            let _ = write!(
                names,
                "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{at}\">'{quoted}'!${first}:${last}</definedName>"
            );
        }
    }
    if !names.is_empty() {
        let _ = write!(out, "<definedNames>{names}</definedNames>");
    }
    out.push_str("</workbook>");
    out
}

fn core(about: About<'_>) -> String {
    let mut out = format!(
        "{XML}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"
    );
    push_xml(&mut out, about.title);
    out.push_str("</dc:title><dc:creator>");
    push_xml(&mut out, about.creator);
    out.push_str("</dc:creator>");
    for element in ["created", "modified"] {
        let date = about.date;
        let _ = write!(out, "<dcterms:{element} xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:{element}>");
    }
    out.push_str("</cp:coreProperties>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_unique_and_plain() {
        let mut book = Book::new(About { title: "", creator: "", date: "" }, 1);
        let long = "甲".repeat(40);
        let names =
            ["公开01表", "公开01表", "a/b[1]:*?\\", "'引'", "History", "", &long, &long].map(|name| book.name(name));
        assert_eq!(names[..6], ["公开01表", "公开01表(2)", "ab1", "引", "表", "表(2)"]);
        assert_eq!(names[6], "甲".repeat(31));
        assert_eq!(names[7], format!("{}(2)", "甲".repeat(28)));
        assert_eq!([book.name("ABC"), book.name("abc")], ["ABC", "abc(2)"]);
    }
}
