/* Tables of class "sortable": each heading sorts its column in place; what is no amount stays last. */
(() => {
  'use strict';
  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      const text = (row) => row.cells[column].textContent.trim();
      const amount = (row) => (/^-?[\d.]+$/.test(text(row)) ? Number(text(row)) : null);
      const order = head.classList.contains('n')
        ? (a, b) => (amount(b) !== null) - (amount(a) !== null) || amount(b) - amount(a)
        : (a, b) => text(a).localeCompare(text(b), 'zh-CN');
      button.addEventListener('click', () => {
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', head.classList.contains('n') ? 'descending' : 'ascending');
        body.append(...[...body.rows].sort(order));
      });
    });
  }
})();
