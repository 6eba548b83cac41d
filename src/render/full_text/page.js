"use strict";
{
  const base = new URL(".", document.currentScript.src);
  const baseUrl = new URL("../../", base).pathname;
  const box = document.getElementById("full-text");
  const [status, form, list, more] = box.children;
  const [newest, ...rest] = box.dataset.years.split(" ");
  let engine, found = [], shown = 0, turn = 0, wait;
  const hint = "请输入要找的文字";
  const say = (text) => { status.textContent = text; };
  const fail = () => say("检索没有成功，请刷新重试。");
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const link = (text, href) => Object.assign(make("a", text), { href });

  // Text with <mark>.
  function excerpt(text) {
    const line = make("p", "");
    text.split(/<\/?mark>/).forEach((part, at) => {
      part = part.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
      line.append(at % 2 ? make("mark", part) : part);
    });
    return line;
  }

  async function show(mine) {
    const pages = await Promise.all(found.slice(shown, shown + 20).map((one) => one.data()));
    if (mine !== turn) return;
    shown += pages.length;
    for (const page of pages) {
      const item = make("li", "");
      item.append(link(page.meta.title, page.url));
      for (const part of page.sub_results.slice(0, 3)) {
        const line = excerpt(part.excerpt);
        if (part.url !== page.url) line.prepend(link(part.title, part.url), " ");
        item.append(line);
      }
      list.append(item);
    }
    more.hidden = shown >= found.length;
  }

  async function search() {
    const mine = ++turn;
    const { text, ...filters } = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
    if (text) say("正在检索……");
    const ask = async (words) => (await engine.search(words, { filters })).results;
    let results = text ? await ask(`"${text}"`) : [];
    const loose = text && !results.length;
    if (loose) results = await ask(text);
    if (mine !== turn) return;
    [found, shown] = [results, 0];
    list.replaceChildren();
    say(text ? `有${found.length}份文件的情况说明含有这些文字${loose ? "，但不连在一起" : ""}` : hint);
    await show(mine);
  }

  async function start() {
    engine = await import(new URL(newest + "/pagefind.js", base));
    await engine.options({ baseUrl, excerptLength: 40 });
    for (const year of rest) await engine.mergeIndex(new URL(year + "/", base).pathname, { baseUrl });
    form.hidden = false;
    say(hint);
  }

  form.onsubmit = () => false;
  form.oninput = () => {
    clearTimeout(wait);
    wait = setTimeout(() => search().catch(fail), 250);
  };
  more.firstElementChild.onclick = () => show(turn).catch(fail);
  if (location.protocol === "file:") {
    say("全文检索要通过网站（http、https）打开；从磁盘打开时，请用“查找”。");
  } else if (newest) {
    say("正在读取……");
    start().catch(fail);
  }
}
