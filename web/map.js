/* SPDX-License-Identifier: Apache-2.0
 *
 * map: draws the page of `postern report map` from the data in it. Whatever came
 * from a log gets on the page as text only, never as markup; nothing is fetched.
 */
(() => {
'use strict';

const MARKERS = 2000;    /* more than that and neighbours share one */
const POPUP_CLIENTS = 12;
const TABLE_STEP = 200;  /* rows that "show more" adds */
const SHADES = 6;
const SVG = 'http://www.w3.org/2000/svg';

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const number = (n) => n.toLocaleString('en');
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const plural = (n, one, many) => `${number(n)} ${n === 1 ? one : many}`;

function element(name, attributes, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {}))
		made.setAttribute(key, value);
	made.append(...children);
	return made;
}

function shape(name, attributes) {
	const made = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		made.setAttribute(key, value);
	return made;
}

/* Text of a log: it keeps its own direction to itself. */
const logged = (name, text) => element(name, { class: 'log' }, text);

const size = (client) => client.n[0];
const hasSpot = (client) => client.lat !== null;
const placeOf = (client) => data.countries[client.cc] || client.cc;
const sum = (clients) => clients.reduce((n, client) => n + size(client), 0);

/* ---- markers: clients at one spot share one ---- */

function groupBy(clients, cell) {
	const groups = new Map();
	for (const client of clients) {
		const key = `${Math.floor(client.lat / cell)},${Math.floor(client.lon / cell)}`;
		const group = groups.get(key);
		if (group)
			group.push(client);
		else
			groups.set(key, [client]);
	}
	return [...groups.values()];
}

function markersOf(clients) {
	let groups = [];
	let step = 0.01;
	for (const cell of [0.01, 0.25, 0.5, 1, 2, 4, 8, 16]) {
		step = cell;
		groups = groupBy(clients, cell);
		if (groups.length <= MARKERS)
			break;
	}
	const markers = groups.map((group) => ({
		clients: group.sort((a, b) => size(b) - size(a)),
		total: sum(group),
		lat: group[0].lat,
		lon: group[0].lon,
		rough: group.every((client) => client.rough),
	}));
	markers.sort((a, b) => b.total - a.total || a.lat - b.lat || a.lon - b.lon);
	for (const marker of markers)
		for (const client of marker.clients)
			client.marker = marker;
	return { markers, step };
}

function markerName(marker) {
	const first = marker.clients[0];
	const who = marker.clients.length === 1 ?
		first.ip : `${number(marker.clients.length)} clients, ${first.ip} among them`;
	return `${who}, ${placeOf(first)}: ${plural(marker.total, data.counts[0].one,
		data.counts[0].many)}`;
}

/* ---- the popup ---- */

const popup = byId('popup');
let opened = null;   /* the marker whose popup is shown */
let quiet = false;   /* a focus that shall not open it again */

function pair(list, term, detail) {
	if (detail === '' || detail === null || detail === undefined)
		return;
	list.append(element('dt', null, term), logged('dd', detail));
}

function facts(client) {
	const list = element('dl');
	pair(list, 'name', client.name);
	pair(list, 'HELO', client.helo);
	pair(list, 'place', [client.city, placeOf(client)].filter(Boolean).join(', ') +
		(client.rough ? ' (somewhere in it)' : ''));
	pair(list, 'network', client.as);
	client.n.forEach((n, i) => {
		if (n)
			pair(list, data.counts[i].many, number(n));
	});
	pair(list, 'first seen', client.first);
	pair(list, 'last seen', client.last);
	return list;
}

/* What several clients did together, then who they are. */
function crowd(clients) {
	const list = element('dl');
	const names = element('ul');
	const places = new Set(clients.map(placeOf));
	pair(list, 'place', places.size === 1 ? [...places][0] : `${number(places.size)} countries`);
	data.counts.forEach((count, i) => {
		const n = clients.reduce((all, client) => all + client.n[i], 0);
		if (n)
			pair(list, count.many, number(n));
	});
	names.append(element('li', null, `By ${data.counts[0].many}:`));
	for (const client of clients.slice(0, POPUP_CLIENTS))
		names.append(element('li', null, logged('strong', client.ip), ' ',
			logged('span', client.name || client.helo || ''), ` ${number(size(client))}`));
	const more = clients.length - POPUP_CLIENTS;
	if (more > 0)
		names.append(element('li', null, `and ${number(more)} more, in the table below`));
	return [list, names];
}

function fillPopup(marker) {
	const { clients } = marker;
	const close = element('button', { type: 'button', class: 'close', 'aria-label': 'Close' },
		'\u00d7');
	const title = element('h3', { id: 'popup-title' });
	title.append(clients.length > 1 ? `${number(clients.length)} clients here` :
		logged('span', clients[0].ip));
	popup.replaceChildren(close, title);
	popup.append(...(clients.length > 1 ? crowd(clients) : [facts(clients[0])]));
	close.addEventListener('click', () => closePopup(true));
}

function placePopup() {
	if (!opened)
		return;
	const map = byId('map');
	const [x, y] = onScreen(opened);
	const left = x + 16 + popup.offsetWidth < map.clientWidth ? x + 16 :
		x - 16 - popup.offsetWidth;
	const top = y - popup.offsetHeight / 2;
	popup.style.left = `${Math.max(8, Math.min(left, map.clientWidth - popup.offsetWidth - 8))}px`;
	popup.style.top = `${Math.max(8, Math.min(top, map.clientHeight - popup.offsetHeight - 8))}px`;
}

function openPopup(marker) {
	if (opened)
		opened.node.classList.remove('open');
	opened = marker;
	marker.node.classList.add('open');
	fillPopup(marker);
	popup.hidden = false;
	placePopup();
}

function closePopup(back) {
	if (!opened)
		return;
	const node = opened.node;
	node.classList.remove('open');
	opened = null;
	popup.hidden = true;
	if (back) {
		quiet = true;
		node.focus({ preventScroll: true });
		quiet = false;
	}
}

/* ---- the map ---- */

/* ISO 3166-1: the atlas has numbers, the data have letters. */
const codeOf = (feature) => ISO_CODES[feature.id] ||
	(feature.properties.name === 'Kosovo' ? 'XK' : '');

const atlas = JSON.parse(byId('atlas').textContent);
const world = topojson.feature(atlas, atlas.objects.countries).features;
const svg = byId('world');
const lands = shape('g', { 'aria-hidden': 'true' });
const dots = shape('g', {});
const view = { k: 1, x: 0, y: 0, width: 0, height: 0 };
const { markers, step } = markersOf(data.clients.filter(hasSpot));
const largest = markers.length ? markers[0].total : 0;

function shadeOf(n) {
	return n > 0 ? Math.min(SHADES, 1 + Math.floor(Math.log10(n) + 1e-9)) : 0;
}

function countriesTotal() {
	const totals = new Map();
	for (const client of data.clients)
		totals.set(client.cc, (totals.get(client.cc) || 0) + size(client));
	return totals;
}

function drawLands() {
	const totals = countriesTotal();
	for (const feature of world) {
		const code = codeOf(feature);
		const n = totals.get(code) || 0;
		const shade = shadeOf(n);
		const path = shape('path', { class: shade ? `country s${shade}` : 'country' });
		const title = shape('title', {});
		title.textContent = `${data.countries[code] || feature.properties.name}: ` +
			plural(n, data.counts[0].one, data.counts[0].many);
		path.append(title);
		path.feature = feature;
		lands.append(path);
	}
}

function radius(total) {
	const most = view.width < 560 ? 12 : 20;
	return 4 + (most - 4) * Math.sqrt(Math.max(0, total) / Math.max(1, largest));
}

function onScreen(marker) {
	return [view.x + view.k * marker.px, view.y + view.k * marker.py];
}

function drawMarker(marker) {
	const node = shape('g', { class: 'marker', tabindex: '0',
		role: 'button', 'aria-haspopup': 'dialog', 'aria-label': markerName(marker) });
	node.append(shape('circle', { class: 'reach' }), shape('circle', { class: 'dot' }));
	node.addEventListener('focus', () => {
		show(marker);
		if (!quiet)
			openPopup(marker);
	});
	node.addEventListener('click', () => openPopup(marker));
	node.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter' && event.key !== ' ')
			return;
		event.preventDefault();
		openPopup(marker);
		popup.querySelector('button').focus({ preventScroll: true });
	});
	marker.node = node;
	dots.append(node);
}

function moveMarkers() {
	for (const marker of markers) {
		const [x, y] = onScreen(marker);
		marker.node.setAttribute('transform', `translate(${x.toFixed(1)},${y.toFixed(1)})`);
	}
}

function redraw() {
	view.x = Math.min(0, Math.max(view.x, view.width * (1 - view.k)));
	view.y = Math.min(0, Math.max(view.y, view.height * (1 - view.k)));
	lands.setAttribute('transform', `translate(${view.x},${view.y}) scale(${view.k})`);
	byId('map').classList.toggle('zoomed', view.k > 1);
	byId('closer').disabled = view.k >= 64;
	byId('farther').disabled = byId('whole').disabled = view.k <= 1;
	moveMarkers();
	placePopup();
}

/* The projection for the width there is. Without the Antarctic, unless somebody is there. */
function fit() {
	const width = byId('map').clientWidth;
	if (!width || width === view.width)
		return;
	const projection = d3.geoNaturalEarth1().fitWidth(width, { type: 'Sphere' });
	const south = markers.some((marker) => marker.lat < -58) ? -90 : -58;
	const top = projection([0, 84])[1];
	const height = projection([0, south])[1] - top;
	const [x, y] = projection.translate();
	projection.translate([x, y - top]);
	const path = d3.geoPath(projection);
	for (const land of lands.children)
		land.setAttribute('d', path(land.feature) || '');
	svg.setAttribute('height', height.toFixed(0));
	Object.assign(view, { x: 0, y: 0, k: 1, width, height });
	for (const marker of markers) {
		[marker.px, marker.py] = projection([marker.lon, marker.lat]);
		const r = radius(marker.total);
		marker.node.firstChild.setAttribute('r', Math.max(11, r).toFixed(1));
		marker.node.lastChild.setAttribute('r', r.toFixed(1));
	}
	redraw();
}

/* ---- zooming and moving ---- */

function zoom(factor, x = view.width / 2, y = view.height / 2) {
	const k = Math.min(64, Math.max(1, view.k * factor));
	view.x = x - (x - view.x) * k / view.k;
	view.y = y - (y - view.y) * k / view.k;
	view.k = k;
	redraw();
}

function move(dx, dy) {
	view.x += dx;
	view.y += dy;
	redraw();
}

/* Moves the map when MARKER is beyond its edge. */
function show(marker) {
	const [x, y] = onScreen(marker);
	if (x < 0 || y < 0 || x > view.width || y > view.height)
		move(view.width / 2 - x, view.height / 2 - y);
}

const keys = {
	'+': () => zoom(2), '=': () => zoom(2), '-': () => zoom(0.5), '0': () => zoom(1 / 64),
	ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0),
	ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
};

function onKey(event) {
	if (event.key === 'Escape' && opened) {
		closePopup(true);
	} else if (keys[event.key] && !popup.contains(event.target) && !event.ctrlKey &&
	    !event.metaKey && !event.altKey) {
		event.preventDefault();
		keys[event.key]();
	}
}

function listen() {
	let from = null;
	byId('closer').addEventListener('click', () => zoom(2));
	byId('farther').addEventListener('click', () => zoom(0.5));
	byId('whole').addEventListener('click', () => zoom(1 / 64));
	byId('map').addEventListener('keydown', onKey);
	svg.addEventListener('dblclick', (event) => {
		event.preventDefault();
		zoom(2, event.offsetX, event.offsetY);
	});
	svg.addEventListener('pointerdown', (event) => {
		if (event.target.closest('.marker'))
			return;
		closePopup(false);
		from = event;
	});
	window.addEventListener('pointermove', (event) => {
		if (!from || event.pointerId !== from.pointerId || view.k === 1)
			return;
		move(event.clientX - from.clientX, event.clientY - from.clientY);
		from = event;
	});
	for (const over of ['pointerup', 'pointercancel'])
		window.addEventListener(over, () => { from = null; });
	new ResizeObserver(fit).observe(byId('map'));
}

/* ---- legend ---- */

function shadeText(shade) {
	const from = 10 ** (shade - 1);
	return shade === SHADES ? `${number(from)} and more` : `${number(from)} to ${number(10 * from - 1)}`;
}

function drawLegend() {
	const most = Math.max(0, ...countriesTotal().values());
	const shades = element('ul', { 'aria-label': 'Shades of countries' },
		element('li', null, `Countries by ${data.counts[0].many}:`),
		element('li', null, element('span', { class: 'swatch none' }), 'none'));
	for (let shade = 1; shade <= shadeOf(most); shade++)
		shades.append(element('li', null,
			element('span', { class: `swatch s${shade}` }), shadeText(shade)));
	byId('legend').append(shades);
	byId('legend').append(element('p', null, 'Markers grow with the square root of their ' +
		`${data.counts[0].many}${largest ? `; the largest has ${number(largest)}` : ''}.` +
		(markers.some((marker) => marker.rough) ?
			' Where only the country is known, the spot in it says nothing.' : '')));
}

/* ---- table ---- */

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

/* ---- the page ---- */

function drawNotes() {
	const nowhere = data.clients.filter((client) => !hasSpot(client)).length;
	const notes = byId('notes');
	document.title = data.title;
	byId('title').textContent = data.title;
	byId('period').textContent = data.period;
	for (const note of data.notes)
		notes.append(element('p', { class: 'warn' }, note));
	if (nowhere && nowhere < data.clients.length)
		notes.append(element('p', null, `${plural(nowhere, 'client has', 'clients have')} ` +
			'no known place and only the table has them.'));
	if (step > 0.01)
		notes.append(element('p', null, `There are more than ${number(MARKERS)} places: those ` +
			`within ${step} degrees share a marker.`));
	byId('table-note').textContent = data.clients.length ?
		`${plural(data.clients.length, 'client', 'clients')}, ` +
		`${plural(sum(data.clients), data.counts[0].one, data.counts[0].many)}. ` +
		'The headings sort.' : 'No client.';
	byId('footer').append(...data.footer.map((line) => element('p', null, line)));
}

drawNotes();
drawLands();
markers.forEach(drawMarker);
svg.append(lands, dots);
byId('map').hidden = byId('legend').hidden = false;
fit();
listen();
drawLegend();
drawTable();
})();
