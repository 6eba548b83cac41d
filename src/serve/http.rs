//! Requests of HTTP/1.1, read strictly: what no browser sends is refused.
//!
//! 1. [`is_hopeless`] looks at what has come so far, [`head_end`] finds where the head ends.
//! 2. [`parse`] reads a whole head: pure, and never a panic, whatever the bytes.
//! 3. A path is decoded once. What comes out is plain parts between slashes, and serves to look
//!    up paths of the plan, never to open a file.

use std::collections::BTreeMap;
use std::fmt;

/// The most bytes that a head may have.
pub const MOST_HEAD: usize = 16 * 1024;

/// The most bytes that a target may have; the longest path of a plan is far shorter.
const MOST_TARGET: usize = 2048;

/// The most fields that a head may have; browsers send about twenty.
const MOST_FIELDS: usize = 100;

/// The methods that are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The whole answer.
    Get,
    /// The answer without its body.
    Head,
}

/// A request that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked of the path.
    pub method: Method,
    /// The path without its first slash, decoded: `units/a/2023/`, or empty.
    pub path: String,
    /// The parameters behind the question mark, decoded; of two with one name the last.
    pub query: BTreeMap<String, String>,
    /// The `Host` field, in lower case.
    pub host: String,
    /// The `Origin` field, in lower case.
    pub origin: Option<String>,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: no request that a browser would send.
    Malformed(&'static str),
    /// 403: sent to another host, or by a page of another site.
    Foreign,
    /// 405: neither GET nor HEAD.
    Method,
    /// 408: the head did not come in time.
    Late,
    /// 414: the target is too long.
    LongTarget,
    /// 431: the head is too long, or has too many fields.
    LongHead,
    /// 503: too many connections at once.
    Busy,
}

impl Refusal {
    /// The status of the answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Foreign => 403,
            Self::Method => 405,
            Self::Late => 408,
            Self::LongTarget => 414,
            Self::LongHead => 431,
            Self::Busy => 503,
        }
    }
}

/// One line of plain Chinese, for the answer's body.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "请求不合规：{why}。"),
            Self::Foreign => f.write_str("只接受发给本机预览地址的请求。用别的主机名访问，请在启动时用 --host 写明。"),
            Self::Method => f.write_str("预览只能看，不能改：只接受 GET 和 HEAD。"),
            Self::Late => f.write_str("请求没有按时发完。"),
            Self::LongTarget => f.write_str("网址太长。"),
            Self::LongHead => f.write_str("请求头太长。"),
            Self::Busy => f.write_str("同时打开的连接太多，请关掉一些页面再试。"),
        }
    }
}

/// Where the head ends, its last empty line included; `None` when more must come.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// Whether no request can begin so: another protocol, binary rubbish, or lines without CR.
pub fn is_hopeless(bytes: &[u8]) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    let lone_break = bytes.iter().zip(bytes.iter().skip(1)).any(|(one, two)| (*one == b'\r') != (*two == b'\n'));
    bytes.first().is_some_and(|first| !first.is_ascii_uppercase()) || bytes.iter().any(is_control) || lone_break
}

/// Reads the head of a request, with the empty line that ends it.
///
/// # Errors
/// A [`Refusal`] for whatever is not a plain GET or HEAD of a canonical path.
pub fn parse(head: &[u8]) -> Result<Request, Refusal> {
    if head.len() > MOST_HEAD {
        return Err(Refusal::LongHead);
    }
    if is_hopeless(head) {
        return Err(Refusal::Malformed("含有不能有的字符"));
    }
    let lines = head.strip_suffix(b"\r\n\r\n").ok_or(Refusal::Malformed("不完整"))?;
    let mut lines = lines.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (method, target) = request_line(lines.next().unwrap_or_default())?;
    let fields = Fields::read(lines)?;
    let method = match method {
        b"GET" => Method::Get,
        b"HEAD" => Method::Head,
        _ => return Err(Refusal::Method),
    };
    let (path, query) = split_target(target)?;
    let host = fields.host.ok_or(Refusal::Malformed("没有 Host"))?;
    Ok(Request { method, path: decode_path(path)?, query: decode_query(query)?, host, origin: fields.origin })
}

/// The method and the target of the first line.
fn request_line(line: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::Malformed("第一行不是“方法 路径 版本”"));
    };
    if method.is_empty() || method.len() > 20 || !method.iter().all(u8::is_ascii_uppercase) {
        return Err(Refusal::Malformed("方法不合规"));
    }
    if !matches!(version, b"HTTP/1.1" | b"HTTP/1.0") {
        return Err(Refusal::Malformed("版本不是 HTTP/1.1"));
    }
    if target.len() > MOST_TARGET { Err(Refusal::LongTarget) } else { Ok((method, target)) }
}

/// The fields that matter.
#[derive(Default)]
struct Fields {
    host: Option<String>,
    origin: Option<String>,
}

impl Fields {
    fn read<'h>(lines: impl Iterator<Item = &'h [u8]>) -> Result<Self, Refusal> {
        let mut fields = Self::default();
        for (at, line) in lines.enumerate() {
            if at == MOST_FIELDS {
                return Err(Refusal::LongHead);
            }
            let (name, value) = field(line)?;
            match name.as_str() {
                "host" => set_once(&mut fields.host, value)?,
                "origin" => set_once(&mut fields.origin, value)?,
                "transfer-encoding" => return Err(Refusal::Malformed("不接受请求体")),
                "content-length" if value != b"0" => return Err(Refusal::Malformed("不接受请求体")),
                _ => {}
            }
        }
        Ok(fields)
    }
}

/// The name of a field in lower case, and its value without the blanks around it.
fn field(line: &[u8]) -> Result<(String, &[u8]), Refusal> {
    let colon = line.iter().position(|byte| *byte == b':').ok_or(Refusal::Malformed("请求头没有冒号"))?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    if name.is_empty() || !name.iter().all(is_token) {
        return Err(Refusal::Malformed("请求头的名称不合规"));
    }
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    Ok((name, value.trim_ascii()))
}

/// Keeps a value that may come only once and holds visible ASCII only.
fn set_once(slot: &mut Option<String>, value: &[u8]) -> Result<(), Refusal> {
    if slot.is_some() {
        return Err(Refusal::Malformed("Host 或 Origin 写了两次"));
    }
    if value.is_empty() || !value.iter().all(u8::is_ascii_graphic) {
        return Err(Refusal::Malformed("Host 或 Origin 不合规"));
    }
    *slot = Some(String::from_utf8_lossy(value).to_ascii_lowercase());
    Ok(())
}

/// The path and the query of a target that begins with a slash.
fn split_target(target: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let Some(rest) = target.strip_prefix(b"/") else {
        return Err(Refusal::Malformed("路径应当以“/”开头"));
    };
    Ok(match rest.iter().position(|byte| *byte == b'?') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => rest.split_at(rest.len()),
    })
}

/// Whether a byte stands for itself in a path and may not be escaped (RFC 3986, unreserved).
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A path, decoded once. There is one way to write every path: whatever else would decode to
/// it, steps up or aside included, is refused.
fn decode_path(raw: &[u8]) -> Result<String, Refusal> {
    const BAD: Refusal = Refusal::Malformed("路径不合规");
    let plain = |byte: u8| is_unreserved(byte) || b"/!$&'()*+,;=:@".contains(&byte);
    let escaped = |byte: u8| !is_unreserved(byte) && !b"/\\%".contains(&byte) && !byte.is_ascii_control();
    let path = decode(raw, plain, escaped).ok_or(BAD)?;
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        if part == "." || part == ".." || (part.is_empty() && !is_last) {
            return Err(BAD);
        }
    }
    if path.chars().any(char::is_control) { Err(BAD) } else { Ok(path) }
}

/// Bytes with their escapes decoded once; `None` where a byte is neither plain nor a good
/// escape, or the whole is not UTF-8.
fn decode(raw: &[u8], plain: impl Fn(u8) -> bool, escaped: impl Fn(u8) -> bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter().copied();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let value = hex(rest.next()?)? * 16 + hex(rest.next()?)?;
            bytes.push(Some(value).filter(|value| escaped(*value))?);
        } else {
            bytes.push(Some(byte).filter(|byte| plain(*byte))?);
        }
    }
    String::from_utf8(bytes).ok()
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The parameters of a query; names without a value are left out.
fn decode_query(raw: &[u8]) -> Result<BTreeMap<String, String>, Refusal> {
    const BAD: Refusal = Refusal::Malformed("网址的参数不合规");
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"#\\<>\"".contains(&byte);
    let text = |raw: &[u8]| decode(raw, plain, |byte| !byte.is_ascii_control()).ok_or(BAD);
    let mut query = BTreeMap::new();
    for pair in raw.split(|byte| *byte == b'&') {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = (text(&pair[..at])?, text(pair.get(at + 1..).unwrap_or_default())?);
        if !value.is_empty() {
            query.insert(name, value);
        }
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(target: &str) -> Result<Request, Refusal> {
        parse(format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n").as_bytes())
    }

    fn status(head: &[u8]) -> u16 {
        parse(head).map_or_else(Refusal::status, |_| 200)
    }

    #[test]
    fn a_browsers_request_is_read() {
        let head = b"HEAD /units/a/2023/?v=1&page=units%2Fa HTTP/1.1\r\nHost: LocalHost:8000\r\n\
                     Accept: */*\r\nOrigin: http://localhost:8000\r\nCookie: a=\xe4\xb8\xad\r\n\r\n";
        let request = parse(head).unwrap();
        assert_eq!((request.method, request.path.as_str()), (Method::Head, "units/a/2023/"));
        assert_eq!(
            (request.host.as_str(), request.origin.as_deref()),
            ("localhost:8000", Some("http://localhost:8000"))
        );
        assert_eq!(request.query.get("page").map(String::as_str), Some("units/a"));
        assert_eq!(request.query.get("v").map(String::as_str), Some("1"));
    }

    #[test]
    fn a_path_is_decoded_once_and_stays_text() {
        assert_eq!(get("/").unwrap().path, "");
        assert_eq!(get("/%E5%86%B3%E7%AE%97.html").unwrap().path, "决算.html");
        assert_eq!(get("/a%20b").unwrap().path, "a b");
        // Wide dots and slashes are letters like others: no path of a plan has any.
        assert_eq!(get("/%EF%BC%8E%EF%BC%8E%EF%BC%8Fetc").unwrap().path, "．．／etc");
    }

    #[test]
    fn no_way_up_or_aside_is_a_path() {
        let ways = [
            "/..",
            "/../etc/passwd",
            "/a/../b",
            "/a/./b",
            "/.",
            "//etc/passwd",
            "/a//b",
            "/%2e%2e/etc",
            "/%2E%2E/x",
            "/..%2fetc",
            "/..%2Fetc",
            "/%252e%252e/etc",
            "/a%5c..%5cb",
            "/a\\b",
            "/%5C%5Cserver",
            "/a%00.html",
            "/%0d%0aX: y",
            "/%c0%ae%c0%ae/",
            "/%e0%80%ae/",
            "/%uff0e/",
            "/%",
            "/%2",
            "/%zz",
            "/%61",
            "/a%7f",
            "/a%C2%85b",
            "/a#b",
            "/a<b",
            "/a\"b",
            "/a|b",
            "/{a}",
            "/a^b",
            "/a`b",
            "/%ff",
            "/a%2Fb",
        ];
        for way in ways {
            assert_eq!(get(way).map_err(Refusal::status).unwrap_err(), 400, "{way}");
        }
    }

    #[test]
    fn only_a_path_may_be_asked_for() {
        for target in ["http://127.0.0.1:8000/", "http://evil.example/", "*", "evil.example:443", "", "a"] {
            assert_eq!(get(target).map_err(Refusal::status).unwrap_err(), 400, "{target}");
        }
    }

    #[test]
    fn reading_is_all_that_may_be_done() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND"] {
            assert_eq!(status(format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()), 405, "{method}");
        }
        for method in ["get", "", "G(T", "GET\t/", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(status(format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()), 400, "{method}");
        }
    }

    #[test]
    fn heads_that_two_programs_could_read_in_two_ways_are_refused() {
        let heads: [&[u8]; 21] = [
            b"",
            b"\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
            b"GET / HTTP/1.1\nHost: a\n\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\n",
            b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            b"GET /\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: \xe4\xb8\xad\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
            b"\x16\x03\x01\x02\x00\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        ];
        for head in heads {
            assert_eq!(status(head), 400, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn too_much_is_refused_as_too_much() {
        assert_eq!(get(&format!("/{}", "a".repeat(MOST_TARGET))).unwrap_err(), Refusal::LongTarget);
        let fields = "X: y\r\n".repeat(MOST_FIELDS);
        assert_eq!(status(format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n").as_bytes()), 431);
        let long = "y".repeat(MOST_HEAD);
        assert_eq!(status(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n").as_bytes()), 431);
    }

    #[test]
    fn any_cut_or_flipped_byte_of_a_request_is_answered_without_a_panic() {
        let head =
            b"GET /units/a%20b/?page=%E4%B8%AD HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\n\r\n";
        for at in 0..head.len() {
            assert!(parse(&head[..at]).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut other = head.to_vec();
                other[at] ^= 1 << bit;
                if let Ok(request) = parse(&other) {
                    assert!(!request.path.contains("..") && !request.path.contains('\\'), "{request:?}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_become_a_request_is_known_at_once() {
        for bytes in [&b"\x16\x03\x01"[..], b"get /", b"GET / HTTP/1.1\n", b"GET \0", b"GET / HTTP/1.1\rX"] {
            assert!(is_hopeless(bytes), "{bytes:?}");
        }
        for bytes in [&b""[..], b"G", b"GET / HTTP/1.1\r", b"GET / HTTP/1.1\r\nHost: a\r\n"] {
            assert!(!is_hopeless(bytes), "{bytes:?}");
        }
        assert_eq!(head_end(b"GET / HTTP/1.1\r\n\r\nrest"), Some(18));
    }
}
