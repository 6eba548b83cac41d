//! Answers, and how they are written.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::http::{Method, Refusal};

/// What every page may do: the same as the pages of the default theme say of themselves; and
/// no page of another site may frame one.
const POLICY: &str =
    "default-src 'self'; base-uri 'self'; form-action 'none'; object-src 'none'; frame-ancestors 'none'";

/// The media type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    /// Its media type.
    pub(super) kind: &'static str,
    pub(super) body: Arc<[u8]>,
    /// One more field: `Location: /units/a/`.
    pub(super) field: Option<String>,
}

impl Response {
    pub(super) fn new(status: u16, kind: &'static str, body: impl Into<Arc<[u8]>>) -> Self {
        Self { status, kind, body: body.into(), field: None }
    }

    /// The answer to what is not answered.
    pub(super) fn refusal(refusal: Refusal) -> Self {
        let body = format!("{refusal}\n").into_bytes();
        let field = (refusal == Refusal::Method).then(|| "Allow: GET, HEAD".to_owned());
        Self { field, ..Self::new(refusal.status(), "text/plain; charset=utf-8", body) }
    }

    /// The way to another path of this server; the path is one of the plan's.
    pub(super) fn redirect(path: &str) -> Self {
        Self { field: Some(format!("Location: /{path}")), ..Self::new(308, HTML, Vec::<u8>::new()) }
    }

    /// Writes the answer; a HEAD is told everything but the body.
    pub(super) fn write(&self, method: Method, out: &mut impl Write) -> io::Result<()> {
        let mut head = head(self.status, self.kind);
        let _ = write!(head, "Content-Length: {}\r\n", self.body.len()); // writing to a String cannot fail
        if let Some(field) = &self.field {
            let _ = write!(head, "{field}\r\n");
        }
        head.push_str("\r\n");
        out.write_all(head.as_bytes())?;
        if method == Method::Get {
            out.write_all(&self.body)?;
        }
        out.flush()
    }
}

/// The beginning of every answer. Nothing is kept: the next look must show the next save.
pub(super) fn head(status: u16, kind: &str) -> String {
    format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nCache-Control: no-store\r\nConnection: close\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\n",
        reason(status)
    )
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

/// The media type of a file, by its extension.
pub(super) fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("html" | "htm") => HTML,
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt" | "md" | "sha256") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("ico") => "image/vnd.microsoft.icon",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(response: &Response, method: Method) -> String {
        let mut out = Vec::new();
        response.write(method, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_head_is_told_the_length_of_what_it_does_not_get() {
        let response = Response::new(200, HTML, b"abc".to_vec());
        let (whole, head) = (written(&response, Method::Get), written(&response, Method::Head));
        assert!(whole.starts_with("HTTP/1.1 200 OK\r\n") && whole.ends_with("\r\n\r\nabc"), "{whole}");
        assert_eq!(whole.strip_suffix("abc"), Some(head.as_str()));
        assert!(head.contains("Content-Length: 3\r\n") && head.contains("Cache-Control: no-store\r\n"));
    }

    #[test]
    fn a_refused_method_is_told_what_may_be_asked() {
        let told = written(&Response::refusal(Refusal::Method), Method::Get);
        assert!(told.starts_with("HTTP/1.1 405 ") && told.contains("\r\nAllow: GET, HEAD\r\n"), "{told}");
    }

    #[test]
    fn a_type_goes_by_the_extension_and_not_by_a_folder() {
        let types = ["a/index.html", "LOGO.PNG", "MANIFEST", ".well-known/security.txt", "a.css/b"].map(media_type);
        let other = "application/octet-stream";
        assert_eq!(types, [HTML, "image/png", other, "text/plain; charset=utf-8", other]);
    }
}
