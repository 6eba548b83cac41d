//! The preview: what is saved is seen, what is wrong stands where it is wrong, and whatever is
//! sent to it, nothing but the site comes out.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::support::{TempSite, tree};

const TABLE: &str = "content/units/caidian-ggzy/2023/tables/01.toml";
const DISCLOSURE: &str = "content/units/caidian-ggzy/2023/disclosure.toml";
const PAGE: &str = "units/caidian-ggzy/2023/index.html";
const CELL: &str = "公开01表27行1栏";

/// Long enough for the busiest machine; nothing waits so long where all is well.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running preview; it ends with the test.
struct Preview {
    program: Child,
    port: u16,
    site: TempSite,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn field(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(start.as_str()))
    }
}

impl Preview {
    fn of(site: TempSite) -> Self {
        let errors = File::create(site.root().join("stderr.txt")).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_disclose"))
            .args(["serve", "-q", "--listen", "127.0.0.1:0", "--root", site.root().to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().strip_prefix("预览：http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        let port = port.unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Self { program, port, site }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Whatever comes back for some bytes, until the other side closes.
    fn send(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // A request that is refused early may not be read to its end.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        read_all(&mut stream)
    }

    fn ask(&self, method: &str, path: &str, fields: &str) -> Answer {
        let request = format!("{method} /{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{fields}\r\n", self.port);
        parsed(&self.send(request.as_bytes()))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// The news of a page, as a browser asks for them that shows this.
    fn news(&self, page: &str, shown: &str) -> News {
        let attribute = |name: &str| {
            let rest = shown.split(&format!(" data-{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let [print, style, script] = ["print", "style", "script"].map(attribute);
        let mut stream = self.connect();
        let query = format!("of={}&page={print}&style={style}&script={script}", page.replace('/', "%2F"));
        let request = format!("GET /_preview/events?{query} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut news = News { lines: BufReader::new(stream) };
        assert_eq!(news.line(), "HTTP/1.1 200 OK");
        while !news.line().is_empty() {}
        news
    }

    fn stderr(&self) -> String {
        self.site.read("stderr.txt")
    }
}

struct News {
    lines: BufReader<TcpStream>,
}

impl News {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the preview has gone");
        line.trim_end().to_owned()
    }

    /// Waits for a change, and what it says.
    fn change(&mut self) -> serde_json::Value {
        while self.line() != "event: change" {}
        serde_json::from_str(self.line().strip_prefix("data: ").unwrap()).unwrap()
    }
}

/// Everything until the end; a connection may be reset over what was not read.
fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let (mut all, mut piece) = (Vec::new(), [0; 8192]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return all,
            Ok(count) => all.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                let is_reset = matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe);
                assert!(is_reset, "{error}");
                return all;
            }
        }
    }
}

fn parsed(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("no whole answer") + 4;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[end..].to_vec() }
}

/// What a page shows in a cell.
fn cell(html: &str) -> &str {
    let start = html.find(&format!("data-cell=\"{CELL}\" headers")).unwrap();
    &html[start..start + html[start..].find("</td>").unwrap()]
}

fn times(folder: &Path) -> Vec<SystemTime> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    entries.map(|entry| entry.unwrap().metadata().unwrap().modified().unwrap()).collect()
}

#[test]
fn pages_and_files_are_shown_to_this_machines_browser_and_to_nobody_else() {
    let preview = Preview::of(TempSite::caidian());
    let page = preview.get(PAGE);
    assert_eq!((page.status, page.field("Content-Type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(page.field("Cache-Control"), Some("no-store"));
    assert!(page.field("Content-Security-Policy").is_some_and(|policy| policy.starts_with("default-src 'self';")));
    assert!(page.text().contains("预览，没有公开。本份") && !page.text().contains("未通过检查"));
    assert_eq!(
        page.body,
        preview
            .get("units/caidian-ggzy/2023/")
            .text()
            .replace("data-page=\"units/caidian-ggzy/2023/\"", &format!("data-page=\"{PAGE}\""))
            .into_bytes()
    );

    let head = preview.ask("HEAD", PAGE, "");
    assert_eq!((head.status, head.head.as_str(), head.body.len()), (200, page.head.as_str(), 0));
    let style = preview.get("assets/style.css");
    assert_eq!((style.status, style.field("Content-Type")), (200, Some("text/css; charset=utf-8")));
    let own = ["_preview/preview.css", "_preview/preview.js", "_preview/"].map(|path| preview.get(path).status);
    assert_eq!(own, [200; 3]);
    let folder = preview.get("units/caidian-ggzy/2023");
    assert_eq!((folder.status, folder.field("Location")), (308, Some("/units/caidian-ggzy/2023/")));

    let missing = preview.get("no/such/page.html");
    assert_eq!(missing.status, 404);
    for link in ["href=\"/index.html\"", "href=\"/assets/style.css\""] {
        assert!(missing.text().contains(link), "{}", missing.text());
    }
    assert_eq!(preview.get("site.toml").status, 404);
    assert_eq!(preview.get(TABLE).status, 404);

    let written = preview.ask("POST", PAGE, "Content-Length: 0\r\n");
    assert_eq!((written.status, written.field("Allow")), (405, Some("GET, HEAD")));
    let port = preview.port;
    for foreign in [format!("evil.example:{port}"), "127.0.0.1".to_owned(), format!("192.168.0.1:{port}")] {
        let request = format!("GET /{PAGE} HTTP/1.1\r\nHost: {foreign}\r\n\r\n");
        assert_eq!(parsed(&preview.send(request.as_bytes())).status, 403, "{foreign}");
    }
    for origin in ["http://evil.example", "null", "https://127.0.0.1"] {
        assert_eq!(preview.ask("GET", PAGE, &format!("Origin: {origin}\r\n")).status, 403, "{origin}");
    }
    let own = format!("Origin: http://localhost:{port}\r\n");
    assert_eq!(preview.ask("GET", PAGE, &own).status, 200);
}

/// Ways to ask for a file that is not the site's, in every writing that was ever let through
/// somewhere.
fn ways_out(root: &str) -> Vec<String> {
    let ups = [
        "..",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "%2e.",
        "%252e%252e",
        "%c0%ae%c0%ae",
        "%e0%80%ae%e0%80%ae",
        "%uff0e%uff0e",
        "..;",
        "...",
        "....",
        "%EF%BC%8E%EF%BC%8E",
        "..%00",
        ". .",
        "%20..",
        "..%20",
        "%5c..",
        "..\\",
        "%09..",
    ];
    let slashes = ["/", "%2f", "\\", "%5c", "%252f", "//", "%c0%af", "%ef%bc%8f"];
    let mut ways = Vec::new();
    for up in ups {
        for slash in slashes {
            ways.push(format!("assets{slash}{up}{slash}{up}{slash}secret.txt"));
        }
    }
    for way in [
        "secret.txt",
        "./secret.txt",
        "a/../secret.txt",
        "/secret.txt",
        "secret.txt%00.html",
        "SECRET.TXT",
        "secret.txt/",
        "secret.txt?x=1",
        "secret.txt#x",
        "secret.txt%23",
        "secret.txt::$DATA",
        "_preview/../secret.txt",
        "_preview/%2e%2e/secret.txt",
        "_preview/secret.txt",
        "file:///etc/passwd",
        "proc/self/environ",
        "C:/secret.txt",
        "~/secret.txt",
        ".git/config",
        "static/../secret.txt",
        "public/index.html",
        "content/secret.toml",
    ] {
        ways.push(way.to_owned());
    }
    ways.push(format!("{root}/secret.txt"));
    ways.push(format!("_preview/events?of=..%2Fsecret.txt{}", "&x=".repeat(2000)));
    ways
}

/// Bytes that are no request, or too much of one.
fn rubbish() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\r\n\r\n".to_vec(),
        b"GET".to_vec(),
        b"GET / HTTP/1.1\r\nHost: 127".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec(),
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec(),
        b"GET / HTTP/0.9\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\nHost: a\n\n".to_vec(),
        vec![0; 1 << 16],
        vec![b'A'; 1 << 20],
        vec![0xFF; 4096],
        [b"GET /".to_vec(), vec![b'a'; 1 << 16], b" HTTP/1.1\r\n\r\n".to_vec()].concat(),
        [b"GET / HTTP/1.1\r\nHost: a\r\nX: ".to_vec(), vec![b'a'; 1 << 20], b"\r\n\r\n".to_vec()].concat(),
        [b"GET / HTTP/1.1\r\nHost: a\r\n".to_vec(), b"X: y\r\n".repeat(5000), b"\r\n".to_vec()].concat(),
    ];
    // Bytes without any order, the same in every run.
    let mut state: u32 = 2023;
    for length in (1..=20).map(|at| at * 37) {
        let byte = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        all.push((0..length).map(byte).collect());
    }
    all
}

/// Requests that are well written, and meant for somebody else or for something that is not done.
fn foreign(port: u16) -> Vec<String> {
    let hosts = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("evil@localhost:{port}"),
        format!("192.168.0.1:{port}"),
        format!("[::ffff:192.168.0.1]:{port}"),
        format!("0.0.0.0:{port}"),
        format!("2130706433:{port}"),
        format!("localhost:{}", port ^ 1),
        "localhost:99999".to_owned(),
        format!("localhost:{port}, evil.example"),
    ];
    let mut all: Vec<String> = hosts.map(|host| format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).into();
    let own = format!("HTTP/1.1\r\nHost: localhost:{port}\r\n");
    for origin in
        ["null", "http://evil.example", "https://localhost", "file://", "http://localhost:1", "http://localhost"]
    {
        all.push(format!("GET /_preview/events?of= {own}Origin: {origin}\r\n\r\n"));
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "COPY", "GETX"] {
        all.push(format!("{method} /secret.txt {own}\r\n"));
    }
    for target in ["http://localhost/secret.txt", "//localhost/secret.txt", "*", "secret.txt", "/a\u{0}b", "/\u{202e}"]
    {
        all.push(format!("GET {target} {own}\r\n"));
    }
    for field in [
        "Transfer-Encoding: chunked",
        "Content-Length: 4",
        "Content-Length: 0\r\nContent-Length: 9",
        "X: a\u{0}b",
        "X: a\rb",
        " folded: x",
        "X y: z",
        ": x",
    ] {
        all.push(format!("GET / {own}{field}\r\n\r\nabcd"));
    }
    all
}

/// How many answers some bytes hold.
fn answers(bytes: &[u8]) -> usize {
    bytes.windows(9).filter(|nine| *nine == b"HTTP/1.1 ").count()
}

#[test]
fn two_hundred_hostile_requests_get_nothing_that_is_not_the_sites() {
    const SECRET: &str = "do-not-tell-7f3a9c";
    let site = TempSite::caidian();
    site.write("secret.txt", SECRET);
    site.write("content/units/secret.txt", SECRET);
    let preview = Preview::of(site);
    assert_eq!(preview.get("").status, 200);
    // Connections that never come to a point, all the while.
    let slow: Vec<TcpStream> = (0..40)
        .map(|at| {
            let mut stream = preview.connect();
            stream.write_all(&b"GET / HTTP/1.1\r\nHost: 127"[..=at % 25]).unwrap();
            stream
        })
        .collect();

    let root = preview.site.root().to_str().unwrap().to_owned();
    let ways = ways_out(&root);
    for way in &ways {
        let bytes = preview.send(format!("GET /{way} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", preview.port).as_bytes());
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(SECRET), "{way}");
        assert!(matches!(parsed(&bytes).status, 400 | 404 | 414), "{way}: {text}");
    }
    let rubbish = rubbish();
    for bytes in &rubbish {
        let answer = preview.send(bytes);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        let is_refused = answer.is_empty() || matches!(parsed(&answer).status, 400 | 403 | 405 | 408 | 414 | 431);
        assert!(is_refused, "{shown}: {}", String::from_utf8_lossy(&answer));
        assert!(!String::from_utf8_lossy(&answer).contains(SECRET), "{shown}");
    }
    let foreign = foreign(preview.port);
    for request in &foreign {
        let answer = preview.send(request.as_bytes());
        assert!(matches!(parsed(&answer).status, 400 | 403 | 405), "{request}: {}", String::from_utf8_lossy(&answer));
        assert!(!String::from_utf8_lossy(&answer).contains(SECRET), "{request}");
    }
    assert!(ways.len() + rubbish.len() + foreign.len() >= 250, "{} {} {}", ways.len(), rubbish.len(), foreign.len());
    // One request a connection: what is sent behind it is no request.
    let own = format!("HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", preview.port);
    for second in [format!("GET /secret.txt {own}"), format!("GET /../secret.txt {own}"), "\0".repeat(100_000)] {
        let answer = preview.send(format!("HEAD / {own}{second}").as_bytes());
        assert_eq!((parsed(&answer).status, answers(&answer)), (200, 1), "{}", String::from_utf8_lossy(&answer));
    }

    for mut stream in slow {
        let answer = read_all(&mut stream);
        assert_eq!(parsed(&answer).status, 408);
    }
    assert_eq!(preview.get(PAGE).status, 200);
    assert_eq!(preview.stderr(), "");
}

#[test]
fn a_saved_figure_is_told_to_its_open_page_and_an_error_is_marked_at_its_cell() {
    let site = TempSite::caidian();
    site.write("public/index.html", "published");
    let published = (tree(&site.root().join("public")), times(&site.root().join("public")));
    let preview = Preview::of(site);
    let right = preview.get(PAGE).text();
    let (mut news, mut other) = (preview.news(PAGE, &right), {
        let glossary = preview.get("glossary/index.html").text();
        preview.news("glossary/index.html", &glossary)
    });

    preview.site.replace(TABLE, "27 = 373.97", "27 = 374.97");
    let change = news.change();
    let wrong = preview.get(PAGE).text();
    assert!(wrong.contains(&format!("data-print=\"{}\"", change["page"].as_str().unwrap())));
    assert!(wrong.contains("<b class=\"state\">未通过检查</b>"), "{wrong}");
    assert!(cell(&wrong).contains("374.97") && cell(&wrong).contains("preview-mark error"), "{}", cell(&wrong));
    assert!(
        cell(&wrong).contains("href=\"#preview-1\"") && wrong.contains("<li id=\"preview-1\" class=\"finding error\">")
    );
    assert!(wrong.contains(&format!("<code class=\"where\">{TABLE}:")), "the place of the finding");
    let overview = preview.get("_preview/").text();
    assert!(overview.contains("未通过检查") && overview.contains(&format!("href=\"/{PAGE}#t01-27-c1\"")), "{overview}");
    let csv = wrong.split('"').find(|part| part.ends_with("/01.csv")).unwrap().trim_start_matches("../").to_owned();
    let file = preview.get(&csv);
    assert!(file.field("Content-Disposition").is_some_and(|name| name.contains("\"preview-01.csv\"")), "{}", file.head);
    // The bar of other pages tells it too.
    other.change();

    preview.site.replace(TABLE, "27 = 374.97", "27 = 373.97");
    news.change();
    assert_eq!(preview.get(PAGE).text(), right);
    assert_eq!((tree(&preview.site.root().join("public")), times(&preview.site.root().join("public"))), published);
    assert_eq!(preview.stderr(), "");
}

#[test]
fn a_page_that_cannot_be_made_says_why_and_heals_on_the_next_save() {
    let preview = Preview::of(TempSite::caidian());
    let right = preview.get(PAGE).text();
    let mut news = preview.news(PAGE, &right);

    // A value that cannot be read.
    let table = preview.site.read(TABLE);
    preview.site.write(TABLE, &table.replace("27 = 373.97", "27 = 373.9.7"));
    news.change();
    let broken = preview.get(PAGE).text();
    assert!(broken.contains("未通过检查") && cell(&broken).contains("preview-mark error"), "{}", cell(&broken));
    preview.site.write(TABLE, &table);
    news.change();
    assert_eq!(preview.get(PAGE).text(), right);

    // A disclosure that cannot be read at all.
    let disclosure = preview.site.read(DISCLOSURE);
    std::fs::remove_file(preview.site.root().join(DISCLOSURE)).unwrap();
    news.change();
    let missing = preview.get(PAGE);
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("caidian-ggzy"), "{}", missing.text());
    preview.site.write(DISCLOSURE, &disclosure);
    news.change();
    assert_eq!(preview.get(PAGE).text(), right);

    // A template.
    let template = "themes/default/templates/disclosure.html";
    preview
        .site
        .write(template, "{% extends \"base.html\" %}\n{% block body %}\n<p>{{ page.unit </p>\n{% endblock %}\n");
    news.change();
    let broken = preview.get(PAGE);
    assert_eq!(broken.status, 500);
    assert!(broken.text().contains("这一页做不出来") && broken.text().contains(template), "{}", broken.text());
    std::fs::remove_file(preview.site.root().join(template)).unwrap();
    news.change();
    assert_eq!(preview.get(PAGE).text(), right);
    assert_eq!(preview.stderr(), "");
}

#[test]
fn a_draft_is_shown_as_one_and_a_style_is_told_as_no_more_than_a_style() {
    let preview = Preview::of(TempSite::caidian());
    let ready = preview.get(PAGE).text();
    let mut news = preview.news(PAGE, &ready);
    let disclosure = preview.site.read(DISCLOSURE);
    preview.site.write(DISCLOSURE, &format!("state = \"draft\"\n{disclosure}"));
    let as_draft = news.change();
    let draft = preview.get(PAGE).text();
    assert!(draft.contains("<b class=\"state\">草稿</b>") && !draft.contains("未通过检查"));
    assert!(preview.get("_preview/").text().contains("<b class=\"state\">草稿</b>"));

    preview.site.write("static/assets/style.css", "body { color: black }");
    let restyled = news.change();
    assert_eq!((&restyled["page"], &restyled["script"]), (&as_draft["page"], &as_draft["script"]));
    assert_ne!(restyled["style"], as_draft["style"]);
    assert_eq!(preview.get("assets/style.css").text(), "body { color: black }");
}
