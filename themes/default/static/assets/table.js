/* Tables are copied as TSV; in "sortable" ones each heading sorts its column: amounts the greatest
	first, what is empty last. */
(() => {
	'use strict';
	const h = (tag, props, ...inside) => {
		const made = Object.assign(document.createElement(tag), props);
		made.append(...inside);
		return made;
	};
	const textOf = (cell) => cell.textContent.trim().replace(/\s+/g, ' ');

	/* A cell that spans others stands before empty ones. */
	const tsv = (table) => {
		const lines = Array.from(table.rows, () => []);
		[...table.rows].forEach((row, y) => [...row.cells].forEach((cell) => {
			const x = [...lines[y], undefined].indexOf(undefined);
			for (let at = cell.rowSpan * cell.colSpan; at--;) {
				lines[y + Math.floor(at / cell.colSpan)][x + at % cell.colSpan] = at ? '' : textOf(cell);
			}
		}));
		return lines.map((line) => line.join('\t')).join('\n');
	};
	/* Where that is refused, a selected text is copied. */
	const copy = async (value, place) => {
		try {
			await navigator.clipboard.writeText(value);
			return true;
		} catch {
			const area = h('textarea', { value });
			place.append(area);
			area.select();
			const copied = document.execCommand('copy');
			area.remove();
			return copied;
		}
	};
	for (const head of document.querySelectorAll('.sheet-head')) {
		const tables = head.parentElement.querySelectorAll('.sheet-head ~ .frame table');
		if (!tables[0]) continue;
		const said = h('span', { role: 'status' });
		const onclick = async ({ target }) => {
			said.textContent = await copy([...tables].map(tsv).join('\n\n'), tools) ? '已复制' : '没有复制成';
			target.focus();
		};
		const tools = head.querySelector('.tools') || head.appendChild(h('p', { className: 'tools' }));
		tools.append(h('button', { onclick }, '复制表格'), said);
	}

	for (const table of document.querySelectorAll('.sortable')) {
		const body = table.tBodies[0];
		const heads = [...table.tHead.rows[0].cells];
		const sortBy = (head, at) => {
			for (const other of heads) other.ariaSort = null;
			const isAmount = head.className === 'n';
			head.ariaSort = isAmount ? 'descending' : 'ascending';
			const rows = [...body.rows].map((row) => [textOf(row.cells[at]), row]);
			const rank = (text) => text && !isNaN(text) ? text : -Infinity;
			rows.sort(([a], [b]) => isAmount ? rank(b) - rank(a) || 0 : !a - !b || a.localeCompare(b, 'zh-CN'));
			body.append(...rows.map(([, row]) => row));
		};
		heads.forEach((head, at) => head.append(h('button', { onclick: () => sortBy(head, at) }, ...head.childNodes)));
	}
})();
