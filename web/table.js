/* SPDX-License-Identifier: Apache-2.0
 *
 * table: the same for those who cannot see a map; and for who wants to sort.
 */
const text = (title, get, extra) => ({ title, get, kind: 'text', ...extra });

function columnsOf(clients) {
	const list = [text('Address', (client) => client.ip),
		text('Name', (client) => client.name, { wide: true }),
		text('HELO', (client) => client.helo, { wide: true }),
		text('Country', placeOf), text('City', (client) => client.city),
		text('Network', (client) => client.as, { wide: true })];
	data.counts.forEach((count, i) => list.push({ title: capital(count.many), kind: 'number',
		get: (client) => client.n[i] }));
	list.push(text('First seen', (client) => client.first, { kind: 'time' }),
		text('Last seen', (client) => client.last, { kind: 'time' }));
	return list.filter((column, i) => i === 0 || clients.some((client) => column.get(client)));
}

function addressCell(client) {
	const cell = element('th', { scope: 'row' });
	if (client.marker) {
		const button = element('button', { type: 'button', title: 'Show on the map' },
			logged('span', client.ip));
		button.addEventListener('click', () => {
			client.marker.node.focus();
			client.marker.node.scrollIntoView({ block: 'center' });
		});
		cell.append(button);
	} else {
		cell.append(logged('span', client.ip));
	}
	return cell;
}

function tableRow(columns, client) {
	const row = element('tr', null, addressCell(client));
	for (const column of columns.slice(1)) {
		const value = column.get(client);
		const classes = { number: value ? 'n' : 'n zero', time: 'time',
			text: column.wide ? 'log wide' : 'log' };
		row.append(element('td', { class: classes[column.kind] },
			column.kind === 'number' ? number(value) : value || ''));
	}
	return row;
}

const compare = {
	number: (a, b) => b - a,
	text: (a, b) => (a || '\uffff').localeCompare(b || '\uffff', 'en', { numeric: true }),
	time: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
};

function drawTable() {
	const rows = [...data.clients];
	const columns = columnsOf(rows);
	const body = element('tbody');
	const head = element('tr');
	const more = byId('more');
	let shown = 0;

	const add = () => {
		body.append(...rows.slice(shown, shown + TABLE_STEP)
			.map((client) => tableRow(columns, client)));
		shown = Math.min(rows.length, shown + TABLE_STEP);
		more.hidden = shown === rows.length;
		more.textContent = `Show more (${number(rows.length - shown)} left)`;
	};
	const sortBy = (column, cell) => {
		const back = cell.getAttribute('aria-sort') === first(column);
		const order = (a, b) => compare[column.kind](column.get(a), column.get(b));
		rows.sort(back ? (a, b) => order(b, a) : order);
		for (const other of head.children)
			other.removeAttribute('aria-sort');
		cell.setAttribute('aria-sort', back ? second(column) : first(column));
		body.replaceChildren();
		shown = 0;
		add();
	};
	for (const column of columns) {
		const button = element('button', { type: 'button' }, column.title);
		const cell = element('th', { scope: 'col',
			class: column.kind === 'number' ? 'n' : '' }, button);
		button.addEventListener('click', () => sortBy(column, cell));
		head.append(cell);
		if (column.title === capital(data.counts[0].many))
			cell.setAttribute('aria-sort', 'descending');
	}
	more.addEventListener('click', add);
	byId('table').append(element('table', null,
		element('caption', null, 'Clients, sortable by the buttons in the headings'),
		element('thead', null, head), body));
	add();
}

/* How a first click on the heading sorts, and how a second one does. */
const first = (column) => (column.kind === 'number' ? 'descending' : 'ascending');
const second = (column) => (column.kind === 'number' ? 'ascending' : 'descending');
