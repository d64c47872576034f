// Tables that sort (sw-page). Ids, times and prices are longer than a number of JavaScript holds, so that decimals are compared as they
// are written: by sign, by length, by digits. Without this script the tables are as in their files.
(() => {
  'use strict';
  const decimal = /^(-?)0*(\d*?)(?:\.(\d*?)0*)?$/;
  const isDecimal = (text) => /^-?\d+(\.\d+)?$/.test(text);
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  function compareDecimals(a, b) {
    const [, minusA, wholeA, fractionA = ''] = decimal.exec(a);
    const [, minusB, wholeB, fractionB = ''] = decimal.exec(b);
    const size = wholeA.length - wholeB.length || order(wholeA, wholeB) || order(fractionA, fractionB);
    const signA = wholeA || fractionA ? (minusA ? -1 : 1) : 0;
    const signB = wholeB || fractionB ? (minusB ? -1 : 1) : 0;
    return signA !== signB ? signA - signB : signA < 0 ? -size : size;
  }

  // Empty cells come last, whatever the direction; equal ones stay as they stand in the file.
  function sorted(rows, column, descending) {
    const text = new Map(rows.map((row) => [row, row.cells[column].textContent]));
    const compare = rows.every((row) => !text.get(row) || isDecimal(text.get(row))) ? compareDecimals : order;
    return rows.slice().sort((left, right) => {
      const a = text.get(left);
      const b = text.get(right);
      if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
      return descending ? compare(b, a) : compare(a, b);
    });
  }

  function sortable(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener('click', () => {
        const next = { ascending: 'descending', descending: '' }[header.getAttribute('aria-sort')] ?? 'ascending';
        headers.forEach((other) => other.removeAttribute('aria-sort'));
        if (next) header.setAttribute('aria-sort', next);
        body.append(...(next ? sorted(rows, column, next === 'descending') : rows));
      });
    });
  }

  document.querySelectorAll('table').forEach(sortable);
  document.querySelectorAll('.sorting').forEach((hint) => { hint.hidden = false; });
})();
