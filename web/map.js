/* SPDX-License-Identifier: Apache-2.0
 *
 * map: countries shaded, markers by size; zooming and moving, by mouse, finger and
 * keyboard.
 */
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
	for (const client of data.clients.filter((each) => data.countries[each.cc]))
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
