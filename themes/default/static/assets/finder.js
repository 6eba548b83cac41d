/* 查找: the box in every page's head, and search/index.html. The data are classic scripts, each a call of
	finder(name, data): they work from disk. */
(() => {
	'use strict';
	const root = document.currentScript.src.replace(/assets\/finder\.js.*$/, '');
	const PROMPT = '单位、表中的行、科目、名词';
	const h = (tag, props, ...inside) => {
		const made = Object.assign(document.createElement(tag), props);
		made.append(...inside.filter(Boolean));
		return made;
	};

	for (const place of document.querySelectorAll('.find')) {
		const input = h('input', { type: 'search', placeholder: PROMPT, ariaLabel: `查找${PROMPT}` });
		const form = h('form', { className: 'find', role: 'search' }, input, h('button', {}, '查找'));
		form.onsubmit = () => {
			location.href = `${root}search/index.html?q=${encodeURIComponent(input.value.trim())}`;
			return false;
		};
		place.replaceWith(form);
	}
	const page = document.getElementById('finder');
	if (!page) return;

	const arrived = {};
	const files = {};
	window.finder = (name, data) => arrived[name](data);
	const load = (name) => files[name] ||= new Promise((done, failed) => {
		arrived[name] = done;
		document.head.append(h('script', { src: `${root}assets/finder/${name}.js`, onerror: () => failed(new Error(name)) }));
	});
	const loadAll = async () => {
		const base = await load('base');
		const blocks = await Promise.all(Array.from({ length: base.units }, (_, at) => load(`units-${at}`)));
		const docs = [];
		const units = blocks.flat().map(([id, name, short, letters, region, department, first, flat, others]) => {
			const unit = { id, name, short: typeof short === 'string' ? short : name.slice(short), letters, region, department, docs: [] };
			unit.key = [name, unit.short, base.regions[region], ...others.split(' ')].map(fold).join(' ');
			for (let at = 0; at < flat.length; at += 3) {
				const doc = { unit, year: flat[at], kind: flat[at + 1], set: flat[at + 2], at: first + at / 3 };
				unit.docs.push(doc);
				docs[doc.at] = doc;
			}
			return unit;
		});
		const tables = {};
		base.sets.forEach(([, forms], set) => forms.forEach(([stem, code, text]) => {
			const table = tables[stem + text] ||= { text, stem, sets: [], key: fold(text) };
			table.sets.push(set);
			table.key += ` ${fold(code)}`;
		}));
		const rows = base.names.map(([text, code, others = ''], at) => ({ text, code, at, key: fold(text) + others }));
		const codes = base.codes.map(([list, code, text, old, count]) => ({ list, code, text, count, key: `${fold(text)} ${fold(old)}` }));
		const terms = base.terms.map(([id, text, others]) => ({ id, text, key: `${text} ${others}`.split(' ').map(fold).join(' ') }));
		return { base, units, docs, codes, terms, rows: rows.concat(Object.values(tables)) };
	};

	/* The words of a query: signs and width do not count; 2023年 is a year. */
	const fold = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
	const read = (query) => {
		const years = [];
		const rest = query.normalize('NFKC').replace(/(?<!\d)((?:19|20)\d\d)(?!\d)(年度|年)?/g, (_, year) => years.push(+year) && ' ');
		return { years, words: [...new Set(rest.split(/[\s,;。]+/).map(fold))].filter(Boolean) };
	};

	/* Matching: less is better, Infinity is no match. A row may be named by its code, a unit by initials
		or with words left out. */
	const inKey = (word, { key }) => {
		const padded = ` ${key} `;
		const at = padded.indexOf(word);
		return at < 0 ? Infinity : (padded[at - 1] === ' ' ? 0 : 2) + (padded[at + word.length] === ' ' ? 0 : 1);
	};
	const inRow = (word, row) => {
		if (!row.code || !/^\d{3,7}$/.test(word)) return inKey(word, row);
		return row.code.startsWith(word) ? row.code.length - word.length : Infinity;
	};
	const inUnit = (word, unit) => {
		if (!/^[a-z]/.test(word)) return Math.min(inKey(word, unit), word[2] && RegExp([...word].join('\\S*')).test(unit.key) ? 5 : Infinity);
		return unit.letters.startsWith(word) ? 1 : unit.letters.includes(word) || unit.id.includes(word) ? 2 : Infinity;
	};
	const isIn = (word, items, match) => items.some((item) => match(word, item) < Infinity);
	const best = (items, words, match) => {
		const scored = items.map((item) => [words.reduce((sum, word) => sum + match(word, item), words[0] ? 0 : Infinity), item]);
		return scored.filter(([score]) => score < Infinity).sort((a, b) => a[0] - b[0]).map(([, item]) => item);
	};

	/* A word that nothing matches may be a unit and a row written together: 蔡甸公务接待费. */
	const part = (word, { units, rows }) => {
		const [unit, row] = [(text) => isIn(text, units, inUnit), (text) => isIn(text, rows, inRow)];
		for (let at = unit(word) || row(word) ? 0 : word.length - 2; at > 1; at--) {
			const [one, other] = [word.slice(0, at), word.slice(at)];
			if ((unit(one) && row(other)) || (row(one) && unit(other))) return [one, other];
		}
		return [word];
	};

	/* Row names that some word is in, best first, each with the units that the other words name. */
	const rowsOf = (words, { units, rows }) => {
		const named = {};
		const found = [];
		for (const row of rows) {
			const scores = words.map((word) => inRow(word, row));
			const rest = words.filter((_, at) => scores[at] === Infinity);
			if (rest.length === words.length) continue;
			const among = named[rest] ||= new Set(rest[0] ? best(units, rest, inUnit) : units);
			const score = scores.reduce((sum, one) => sum + Math.min(one, 9), 0) * 100 + row.text.length;
			if (among.size) found.push({ row, among, score });
		}
		return found.sort((a, b) => a.score - b.score);
	};

	/* The places of a row name: each row of that name with a figure; of a table, each disclosure that has it. */
	const placesOf = async ({ row, among }, { base, docs }, wanted) => {
		const places = [];
		const add = (doc, anchor, amount) => doc && wanted(doc) && among.has(doc.unit) && places.push({ doc, anchor, amount, row });
		docs.forEach((doc) => row.sets?.includes(doc.set) && add(doc, `t${row.stem}`));
		if (!row.sets) {
			const file = base.starts.filter((start) => start <= row.at).length - 1;
			for (const [anchor, list] of Object.entries((await load(`rows-${file}`))[row.at])) {
				let at = 0;
				for (const item of list.split(';')) {
					const [amount, step = 1] = item.split(':').reverse();
					at += Number(step);
					add(docs[at], anchor, amount === '?' ? '未提供' : amount && `${amount} ${page.dataset.scale}`);
				}
			}
		}
		return places.sort((a, b) => b.doc.year - a.doc.year || a.doc.kind - b.doc.kind || a.doc.at - b.doc.at);
	};

	/* Results. */
	const KINDS = ['决算', '预算'];
	const link = (path, ...inside) => h('a', { href: root + path }, ...inside);
	const quiet = (...inside) => h('span', { className: 'quiet' }, ...inside);
	const pathOf = ({ unit, year, kind }) => `units/${unit.id}/${year}${kind ? '-budget' : ''}/index.html`;
	const told = (doc) => `${doc.year}年度${KINDS[doc.kind]}`;
	const marker = (words) => {
		const sought = words.map((word) => [...word].join('[^\\p{L}\\p{N}]*')).join('|');
		return (text) => sought ? text.split(new RegExp(`(${sought})`, 'iu')).map((piece, at) => at % 2 ? h('mark', {}, piece) : piece) : [text];
	};
	const group = (title, items, draw) => {
		const list = (some) => h('ul', { className: 'rows' }, ...some.map((item) => h('li', {}, ...draw(item))));
		const ontoggle = ({ target }) => target.children[1] || target.append(list(items.slice(20)));
		const more = items[20] && h('details', { ontoggle }, h('summary', {}, `其余${items.length - 20}条`));
		return h('section', { ariaLabel: title }, h('h2', {}, `${title} `, quiet(items.length)), list(items.slice(0, 20)), more);
	};

	/* The page. */
	const input = h('input', { type: 'search', id: 'q', autocomplete: 'off' });
	input.setAttribute('aria-describedby', 'q-help');
	const filters = { region: '地区', year: '年度', kind: '种类' };
	const labels = Object.entries(filters).map(([id, text]) => {
		filters[id] = h('select', { id }, new Option('全部', ''));
		return h('label', {}, text, ' ', filters[id]);
	});
	const status = h('p', { className: 'quiet', role: 'status' });
	const results = h('div');
	const form = h('form', { className: 'find', role: 'search' }, h('label', { htmlFor: 'q' }, `查找${PROMPT}`), input,
		h('p', { id: 'q-help', className: 'quiet' }, '两个字就能找。单位可写简称、拼音首字母；几个词用空格隔开，如“蔡甸 公务接待费”。'), ...labels);
	const lists = h('details', {}, h('summary', {}, '从目录看'), page.querySelector('ul'));
	const allData = loadAll();
	let turn = 0;

	const search = async (depth) => {
		const mine = ++turn;
		const typed = input.value.trim();
		const asked = new URLSearchParams({ q: typed });
		for (const name in filters) if (filters[name].value) asked.set(name, filters[name].value);
		try { history.replaceState(null, '', `?${asked}`); } catch { /* from disk */ }
		const query = read(typed);
		if (query.words.join('').length < 2 && !query.years[0]) {
			results.replaceChildren();
			status.textContent = typed && '请至少写两个字。';
			return;
		}
		const data = await allData;
		const words = query.words.flatMap((word) => part(word, data));
		const allows = ({ value }, one) => value === '' || Number(value) === one;
		const wanted = ({ unit, year, kind }) => allows(filters.kind, kind) && allows(filters.region, unit.region) &&
			(filters.year.value || !query.years[0] ? allows(filters.year, year) : query.years.includes(year));
		const found = rowsOf(words, data);
		const places = (await Promise.all(found.slice(0, depth).map((one) => placesOf(one, data, wanted)))).flat();
		if (mine !== turn) return;
		const mark = marker(words);
		const formOf = ({ doc, anchor }) => data.base.sets[doc.set][1].find(([stem]) => stem === anchor.slice(1).split('-')[0]);
		const shown = [
			['年度', data.base.years.filter((year) => query.years.includes(year)), (year) => [link(`years/${year}/index.html`, `${year}年度各单位`)]],
			['单位', best(data.units, words, inUnit).filter(({ docs }) => !docs[0] || docs.some(wanted)), (unit) => [
				link(`units/${unit.id}/index.html`, ...mark(unit.name)), ' ',
				quiet(...mark(data.base.regions[unit.region]), unit.department ? ' · 部门' : ''),
				...unit.docs.filter(wanted).reverse().flatMap((doc) => [' ', link(pathOf(doc), told(doc))])]],
			['表和行', places, (place) => [
				link(`${pathOf(place.doc)}#${place.anchor}`, ...mark(place.row.text), place.row.code && ` ${place.row.code}`),
				place.amount && h('span', { className: 'figure' }, place.amount), h('br'),
				quiet(...mark(place.doc.unit.short), ` · ${told(place.doc)} · ${formOf(place).slice(1, place.row.sets ? 2 : 3).join(' ')}`)]],
			['科目', best(data.codes, words, inRow), (code) => [
				link(`codes/${code.list}/${code.code}/index.html`, `${code.code} `, ...mark(code.text)), ' ',
				quiet(code.list === 'economic' ? '经济分类' : '功能分类', code.count && ` · ${code.count}份公开文件有这项支出`)]],
			['名词', best(data.terms, words, inKey), (term) => [link(`glossary/${term.id}/index.html`, ...mark(term.text))]],
		].filter(([, items]) => items.length);
		results.replaceChildren(...shown.map((one) => group(...one)));
		if (found.length > depth) results.append(h('button', { type: 'button', onclick: () => search(depth * 4) }, '再找名称相近的行'));
		status.textContent = shown[0] ? `找到${shown.map(([title, items]) => `${title}${items.length}`).join('，')}。` : '没有找到。请少写几个字，或放宽条件。';
	};
	const run = () => {
		search(8).catch(({ message }) => { status.textContent = `查找用的数据（${message}）没有读到，请刷新页面再试。`; });
		return false;
	};
	let waiting;
	input.oninput = () => {
		clearTimeout(waiting);
		waiting = setTimeout(run, 150);
	};
	form.onchange = (event) => event.target === input || run();
	form.onsubmit = run;
	page.replaceChildren(form, status, results, lists);
	const asked = new URLSearchParams(location.search);
	input.value = asked.get('q');
	input.focus();
	allData.then(({ base }) => {
		filters.region.append(...base.regions.map((text, at) => new Option(text, at)));
		filters.year.append(...base.years.map((year) => new Option(`${year}年度`, year)));
		filters.kind.append(...base.kinds.map((at) => new Option(KINDS[at], at)));
		for (const name in filters) filters[name].value = asked.get(name) || '';
	}).catch(() => 0).then(run);
})();
