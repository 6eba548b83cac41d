// Keeps a previewed page as new as its sources: waits for news of it, and changes in place what
// has changed. Reading goes on where it was; a page with scripts of its own is loaded again.
(() => {
  "use strict";
  const own = document.currentScript;
  const page = own.dataset.page;
  let prints = { page: own.dataset.print, style: own.dataset.style, script: own.dataset.script };

  // Browsers keep few connections to one server: only the page that is looked at has one.
  let news = null;

  function listen() {
    if (news || document.hidden) return;
    news = new EventSource("/_preview/events?" + new URLSearchParams({ of: page, ...prints }));
    news.onopen = () => delete document.documentElement.dataset.preview;
    news.addEventListener("change", (event) => update(JSON.parse(event.data)).catch(() => location.reload()));
    news.onerror = () => {
      // The server has stopped, or is busy; it is asked again with what is shown by then.
      document.documentElement.dataset.preview = "lost";
      hush();
      setTimeout(listen, 1000);
    };
  }

  function hush() {
    if (news) news.close();
    news = null;
  }

  async function update(now) {
    if (now.script !== prints.script) return location.reload();
    if (now.style !== prints.style) restyle(now.style);
    const isOld = now.page !== prints.page;
    prints = now;
    if (!isOld) return;
    await replace();
    prints.page = own.dataset.print;
  }

  function restyle(print) {
    for (const old of document.querySelectorAll('link[rel="stylesheet"]')) {
      const link = old.cloneNode();
      link.href = old.getAttribute("href").split("?")[0] + "?v=" + print;
      link.onload = () => old.remove();
      old.after(link);
    }
  }

  async function replace() {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (needs(next) !== needs(document) || isScripted()) return location.reload();
    document.title = next.title;
    morph(document.body, next.body);
  }

  // What a page is shown with; where that changes, the page is loaded again.
  function needs(page) {
    const parts = page.head.querySelectorAll('script[src], link[rel="stylesheet"], base, meta[http-equiv]');
    const name = (part) => part.getAttribute("src") || part.getAttribute("href") || part.content;
    return [...new Set([...parts].map((part) => part.nodeName + " " + name(part).split("?")[0]))].join("\n");
  }

  // Scripts that change their page would not find what they have made of it.
  function isScripted() {
    const scripts = [...document.querySelectorAll("script[src]")].map((script) => script.getAttribute("src"));
    const isKnown = (name) => /\/(preview|finder|table)\.js$/.test("/" + name);
    return !scripts.every(isKnown) || document.querySelector("#finder, .sortable");
  }

  // What the theme's script adds to tables: it stays, and is not compared.
  function isMade(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return false;
    const isTools = node.matches(".tools") && node.hasChildNodes() && [...node.childNodes].every(isMade);
    return isTools || node.nodeName === "BUTTON" || node.getAttribute("role") === "status";
  }

  const given = (node) => [...node.childNodes].filter((inner) => !isMade(inner));

  // That script holds on to tables: where one goes, the page is loaded again.
  function isHeld(node) {
    return node.nodeName === "TABLE" || (node.querySelector && node.querySelector(".sheet table"));
  }

  // Makes a node like another, keeping whatever is alike.
  function morph(old, next) {
    // The theme's script has made a form of this one.
    if (old.isEqualNode(next) || (next.matches && next.matches(".find"))) return;
    if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== next.nodeName || old.id !== next.id) {
      return exchange(old, next);
    }
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name) && !isReaders(old, name)) old.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (!isReaders(old, name)) old.setAttribute(name, value);
    }
    children(old, next);
  }

  // Whether it is the reader who sets an attribute: what is folded out stays so.
  function isReaders(node, name) {
    return node.nodeName === "DETAILS" && name === "open";
  }

  function children(old, next) {
    let was = given(old);
    let now = given(next);
    while (was.length && now.length && was[0].isEqualNode(now[0])) {
      was.shift();
      now.shift();
    }
    while (was.length && now.length && was.at(-1).isEqualNode(now.at(-1))) {
      was.pop();
      now.pop();
    }
    if (was.length === now.length) return was.forEach((node, at) => morph(node, now[at]));
    if (was.some(isHeld)) throw new Error("a table goes");
    const after = was.length ? was.at(-1).nextSibling : anchor(old, next, now);
    was.forEach((node) => node.remove());
    now.forEach((node) => show(old.insertBefore(document.adoptNode(node), after)));
  }

  // Where new nodes go when nothing old gives way: before what follows them.
  function anchor(old, next, now) {
    const [here, there] = [given(old), given(next)];
    const behind = there.length - 1 - there.indexOf(now.at(-1));
    if (behind) return here.at(-behind);
    return here.length ? here.at(-1).nextSibling : old.firstChild;
  }

  function exchange(old, next) {
    if (isHeld(old)) throw new Error("a table goes");
    const node = document.adoptNode(next);
    old.replaceWith(node);
    show(node.nodeType === Node.TEXT_NODE ? node.parentNode : node);
  }

  // What is new lights up for a moment.
  function show(node) {
    if (!node.animate || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    node.animate([{ backgroundColor: "#ffe08a" }, {}], { duration: 1500 });
  }

  // A mark leads to its finding, folded or not.
  function unfold() {
    const target = location.hash.startsWith("#preview-") && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const list = target.closest("#preview-findings");
    for (const details of [list, target === list ? null : target.querySelector("details")]) {
      if (details) details.open = true;
    }
    target.scrollIntoView({ block: "start" });
  }

  // Whether the list of findings is open is remembered while the reader goes from page to page.
  // The list may come into the page later, with its first finding: whoever waits for it waits at
  // the document.
  function recall() {
    const list = document.getElementById("preview-findings");
    const known = sessionStorage.getItem("preview-findings");
    if (list && known) list.open = known === "open";
  }

  function remember({ target }) {
    if (target.id === "preview-findings") sessionStorage.setItem("preview-findings", target.open ? "open" : "shut");
  }

  addEventListener("hashchange", unfold);
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  document.addEventListener("toggle", remember, true);
  recall();
  unfold();
  listen();
})();
