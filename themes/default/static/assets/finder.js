/* 查找: the box in every page's head, and the results on search/index.html.
   The data are classic scripts beside this one (finder/base.js, units-N.js, rows-N.js), each one call of
   finder(name, data), so that all of it works from disk and below any path. What the data hold is told in
   src/render/finder. Order: the box, data, words of a query, matching, results, the page. */
(() => {
  'use strict';
  const root = document.currentScript.src.replace(/assets\/finder\.js.*$/, '');
  const PROMPT = '单位、表中的行、科目、名词';

  const h = (tag, props, ...inside) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(props || {})) {
      if (key in made) made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...inside.filter((part) => part !== null));
    return made;
  };

  /* The box. */
  for (const place of document.querySelectorAll('.find')) {
    const input = h('input', { type: 'search', name: 'q', placeholder: PROMPT, 'aria-label': `查找${PROMPT}`, autocomplete: 'off' });
    const form = h('form', { className: place.className, role: 'search', action: place.querySelector('a').href }, input, h('button', {}, '查找'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      location.href = `${form.action}?q=${encodeURIComponent(input.value.trim())}`;
    });
    place.replaceWith(form);
  }
  const page = document.getElementById('finder');
  if (!page) return;

  /* Data: each file is loaded once, when it is first needed. */
  const files = {};
  window.finder = (name, data) => files[name].arrived(data);
  const load = (name) => {
    if (!files[name]) {
      files[name] = {};
      files[name].data = new Promise((arrived, failed) => {
        files[name].arrived = arrived;
        document.head.append(h('script', { src: `${root}assets/finder/${name}.js`, onerror: () => failed(new Error(name)) }));
      });
    }
    return files[name].data;
  };
  let all;
  const loadAll = () => {
    all = all || load('base').then(async (base) => {
      const blocks = await Promise.all(Array.from({ length: base.units }, (_, at) => load(`units-${at}`)));
      const docs = [];
      const units = blocks.flat().map(([id, name, short, letters, region, department, first, flat]) => {
        const unit = { id, name, short: short || name, letters, region, department, docs: [] };
        unit.text = [name, unit.short, base.regions[region]].map(fold).join(' ');
        for (let at = 0; at < flat.length; at += 3) {
          const doc = { unit, year: flat[at], kind: flat[at + 1], set: base.sets[flat[at + 2]], at: first + at / 3 };
          unit.docs.push(doc);
          docs[doc.at] = doc;
        }
        return unit;
      });
      const named = base.names.map(([text, code], at) => ({ text, code, at, key: fold(text) }));
      const tables = new Map();
      base.sets.forEach((set) => set[1].forEach(([stem, code, title]) => {
        const key = `${stem} ${title}`;
        if (!tables.has(key)) tables.set(key, { text: title, stem, sets: new Map(), key: fold(title) });
        tables.get(key).sets.set(set, code);
        tables.get(key).key += ` ${fold(code)}`;
      }));
      const codes = base.codes.map(([list, code, text, formerly, count]) => ({ list, code, text, count, key: fold(`${text}${formerly}`) }));
      const terms = base.terms.map(([id, text, others]) => ({ id, text, key: others.split(' ').concat(text).map(fold).join(' ') }));
      return { base, units, docs, codes, terms, rows: [...named, ...tables.values()] };
    });
    return all;
  };

  /* The words of a query: signs and width do not count; 2023年 is a year. */
  const fold = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const isLatin = (word) => /^[a-z]/.test(word);
  const isCode = (word) => /^\d{3,7}$/.test(word);
  const read = (query) => {
    const years = [];
    const rest = query.normalize('NFKC').replace(/(^|\D)((?:19|20)\d\d)(?!\d)(年度|年)?/g, (_, before, year) => {
      years.push(Number(year));
      return `${before} `;
    });
    const words = rest.split(/[\s,;，；。]+/).map(fold).filter((word) => word);
    return { years, words: [...new Set(words)] };
  };

  /* Matching: a lower score is better, Infinity is no match. */
  const inText = (word, key) => {
    const at = key.indexOf(word);
    if (at < 0) return Infinity;
    const whole = (at === 0 || key[at - 1] === ' ') && (at + word.length === key.length || key[at + word.length] === ' ');
    return whole ? 0 : at === 0 ? 1 : at + word.length === key.length ? 2 : 3;
  };
  const inRow = (word, row) => isCode(word) && row.code ? (row.code === word ? 0 : row.code.startsWith(word) ? 2 : Infinity) : inText(word, row.key);
  const inUnit = (word, unit) => isLatin(word)
    ? Math.min(unit.letters.startsWith(word) ? 1 : unit.letters.includes(word) ? 2 : Infinity, unit.id.includes(word) ? 1 : Infinity)
    : inText(word, unit.text);
  const total = (words, match, item) => words.reduce((sum, word) => sum + match(word, item), 0);
  const best = (items, words, match) => words.length
    ? items.map((item) => [total(words, match, item), item]).filter(([score]) => score < Infinity)
      .sort((a, b) => a[0] - b[0]).map(([, item]) => item)
    : [];

  /* A word that nothing matches may be a unit and a row written together: 蔡甸公务接待费. */
  const part = (words, { units, rows }) => words.flatMap((word) => {
    const unit = (piece) => units.some((item) => inUnit(piece, item) < Infinity);
    const row = (piece) => rows.some((item) => inRow(piece, item) < Infinity);
    if (word.length < 4 || isLatin(word) || unit(word) || row(word)) return [word];
    for (let at = word.length - 2; at > 1; at--) {
      const [one, other] = [word.slice(0, at), word.slice(at)];
      if ((unit(one) && row(other)) || (row(one) && unit(other))) return [one, other];
    }
    return [word];
  });

  /* Row names that some word is in, best first, each with the units that the other words name. */
  const rowsOf = (words, { units, rows }) => {
    const named = new Map();
    const of = (rest) => {
      const key = rest.join(' ');
      if (!named.has(key)) named.set(key, rest.length ? new Set(best(units, rest, inUnit)) : null);
      return named.get(key);
    };
    const found = [];
    for (const row of rows) {
      const scores = words.map((word) => inRow(word, row));
      const rest = words.filter((_, at) => scores[at] === Infinity);
      if (rest.length === words.length) continue;
      const among = of(rest);
      if (among && !among.size) continue;
      const score = scores.reduce((sum, one) => sum + (one === Infinity ? 4 : one), 0);
      found.push({ row, among, score: score * 100 + Math.min(row.text.length, 99) });
    }
    return found.sort((a, b) => a.score - b.score);
  };

  const pathOf = (doc) => `${root}units/${doc.unit.id}/${doc.year}${doc.kind ? '-budget' : ''}/index.html`;
  const kinds = ['决算', '预算'];
  const told = (doc) => `${doc.year}年度${kinds[doc.kind]}`;

  /* The places of a row name: in each disclosure that has a figure there, or of a table in each that has it. */
  const placesOf = async ({ row, among }, data, wanted) => {
    const places = [];
    const add = (doc, anchor, amount) => {
      if (doc && wanted(doc) && (!among || among.has(doc.unit))) places.push({ doc, anchor, amount, row });
    };
    if (row.sets) {
      data.docs.forEach((doc) => row.sets.has(doc.set) && add(doc, `t${row.stem}`, ''));
    } else {
      const { starts } = data.base;
      let file = starts.length - 1;
      while (starts[file] > row.at) file--;
      const anchors = (await load(`rows-${file}`))[row.at];
      for (const [anchor, list] of Object.entries(anchors)) {
        let at = 0;
        list.split(';').forEach((item) => {
          const [step, amount] = item.includes(':') ? item.split(':') : [1, item];
          at += Number(step);
          add(data.docs[at], anchor, amount === '?' ? '未提供' : amount);
        });
      }
    }
    return places.sort((a, b) => b.doc.year - a.doc.year || a.doc.kind - b.doc.kind || a.doc.at - b.doc.at);
  };

  /* Results. */
  const marked = (text, words) => {
    const sign = (c) => c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const shown = words.filter((word) => word.length > 1 || words.length < 2).map((word) => [...word].map(sign).join('[^\\p{L}\\p{N}]*'));
    if (!shown.length) return [text];
    return text.split(new RegExp(`(${shown.join('|')})`, 'iu')).map((piece, at) => at % 2 ? h('mark', {}, piece) : piece);
  };
  const link = (href, ...inside) => h('a', { href }, ...inside);
  const quiet = (...inside) => h('span', { className: 'quiet' }, ...inside);
  const SHOWN = 20;
  const group = (id, title, items, draw, more) => {
    if (!items.length) return null;
    const list = h('ul', { className: 'rows' });
    const section = h('section', { 'aria-labelledby': id }, h('h2', { id }, title, ' ', quiet(`${items.length}${more ? '+' : ''}`)), list);
    const button = h('button', { type: 'button' });
    let count = 0;
    const show = () => {
      const added = items.slice(count, count + SHOWN).map((item) => h('li', {}, ...draw(item)));
      list.append(...added);
      if (count) added[0].querySelector('a').focus();
      count += added.length;
      button.textContent = `再看${Math.min(SHOWN, items.length - count)}条（共${items.length}条）`;
      button.hidden = count >= items.length;
    };
    show();
    button.addEventListener('click', show);
    section.append(button);
    return section;
  };

  /* The page. */
  const input = h('input', { type: 'search', id: 'q', autocomplete: 'off', enterKeyHint: 'search', 'aria-describedby': 'q-help' });
  const select = (id, label) => [h('label', { htmlFor: id }, label), h('select', { id }, h('option', { value: '' }, '全部'))];
  const filters = { region: select('region', '地区'), year: select('year', '年度'), kind: select('kind', '种类') };
  const value = (name) => filters[name][1].value;
  const status = h('p', { className: 'quiet', role: 'status' });
  const results = h('div', {});
  const form = h('form', { className: 'find', role: 'search' }, h('label', { htmlFor: 'q' }, `查找${PROMPT}`), input,
    h('p', { id: 'q-help', className: 'quiet' }, '两个字就能找；单位可写简称或拼音首字母，几个词用空格隔开，如“蔡甸 公务接待费”“cdq 2010350”。'),
    h('div', { className: 'filters' }, ...Object.values(filters).flat()));
  const lists = h('details', {}, h('summary', {}, '不用查找，从目录看'), ...[...page.children].filter((part) => part.tagName === 'UL'));
  const names = ['region', 'year', 'kind'];
  const NAMES_AT_ONCE = 8;

  let turn = 0;
  const search = async (depth) => {
    const mine = ++turn;
    const asked = new URLSearchParams({ q: input.value.trim() });
    names.forEach((name) => value(name) && asked.set(name, value(name)));
    try { history.replaceState(null, '', `?${asked}`); } catch { /* a page on disk may not change its address */ }
    const query = read(input.value);
    if (query.words.join('').length < 2 && !query.years.length) {
      results.replaceChildren();
      status.textContent = input.value.trim() ? '请至少写两个字。' : '';
      return;
    }
    const data = await loadAll();
    const words = part(query.words, data);
    const years = value('year') ? [Number(value('year'))] : query.years;
    const wanted = (doc) => (!years.length || years.includes(doc.year)) && (!value('kind') || doc.kind === Number(value('kind'))) &&
      (!value('region') || doc.unit.region === Number(value('region')));
    const units = best(data.units, words, inUnit).filter((unit) => unit.docs.length ? unit.docs.some(wanted) : !years.length && !value('kind'));
    const found = rowsOf(words, data);
    const asNamed = await Promise.all(found.slice(0, depth).map((one) => placesOf(one, data, wanted)));
    if (mine !== turn) return;
    const places = asNamed.flat();
    const codes = best(data.codes, words, inRow);
    const terms = best(data.terms, words, (word, term) => inText(word, term.key));
    const onYears = data.base.years.filter((year) => query.years.includes(year));
    const form = (place) => {
      const stem = /^t([^-]*)/.exec(place.anchor)[1];
      return place.doc.set[1].find((one) => one[0] === stem);
    };
    const more = found.length > depth;
    const shown = [
      group('f-years', '年度', onYears, (year) => [link(`${root}years/${year}/index.html`, `${year}年度各单位`)]),
      group('f-units', '单位', units, (unit) => [
        link(`${root}units/${unit.id}/index.html`, ...marked(unit.name, words)), ' ',
        quiet(...marked(data.base.regions[unit.region], words), unit.department ? ' · 部门 ' : ' '),
        ...unit.docs.filter(wanted).reverse().flatMap((doc) => [' ', link(pathOf(doc), told(doc))]),
      ]),
      group('f-rows', '表和行', places, (place) => [
        link(`${pathOf(place.doc)}#${place.anchor}`, ...marked(place.row.text, words), place.row.code ? ` ${place.row.code}` : ''),
        place.amount ? h('span', { className: 'figure' }, place.amount === '未提供' ? place.amount : `${place.amount} ${page.dataset.scale}`) : null,
        h('br'), quiet(...marked(place.doc.unit.short, words), ` · ${told(place.doc)} · ${form(place)[1]} ${form(place)[2]}`),
      ], more),
      more ? h('p', {}, h('button', { type: 'button', onclick: () => search(depth * 4) }, '再找名称相近的行')) : null,
      group('f-codes', '科目', codes, (code) => [
        link(`${root}codes/${code.list}/${code.code}/index.html`, h('span', { className: 'code' }, code.code), ' ', ...marked(code.text, words)), ' ',
        quiet(code.list === 'economic' ? '经济分类' : '功能分类', code.count ? ` · ${code.count}份有这项支出` : ''),
      ]),
      group('f-terms', '名词', terms, (term) => [link(`${root}glossary/${term.id}/index.html`, ...marked(term.text, words))]),
    ].filter((part) => part);
    results.replaceChildren(...shown);
    const counts = [['单位', units], ['表和行', places], ['科目', codes], ['名词', terms]].filter(([, list]) => list.length);
    status.textContent = counts.length ? `找到${counts.map(([name, list]) => `${name}${list.length}`).join('，')}。`
      : onYears.length ? '' : '没有找到。请换个写法，少写几个字，或放宽地区、年度和种类。';
  };

  const run = () => search(NAMES_AT_ONCE).catch((error) => { status.textContent = `查找用的数据没有读到（${error.message}），请刷新页面再试。`; });
  let waiting;
  input.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(run, 150); });
  form.addEventListener('change', (event) => { if (event.target !== input) run(); });
  form.addEventListener('submit', (event) => { event.preventDefault(); run(); });
  page.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.tagName === 'SELECT') return;
    const stops = [input, ...results.querySelectorAll('li > a:first-child')];
    const at = stops.indexOf(event.target);
    if (at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
  });
  page.replaceChildren(form, status, results, lists);

  const asked = new URLSearchParams(location.search);
  input.value = asked.get('q') || '';
  input.focus();
  loadAll().then(({ base, docs }) => {
    const option = (text, at) => h('option', { value: String(at) }, text);
    filters.region[1].append(...base.regions.map(option));
    filters.year[1].append(...base.years.map((year) => option(`${year}年度`, year)));
    filters.kind[1].append(...kinds.map(option).filter((_, at) => docs.some((doc) => doc.kind === at)));
    names.forEach((name) => { filters[name][1].value = asked.get(name) || ''; });
    run();
  }).catch(run);
})();
