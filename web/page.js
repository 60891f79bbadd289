/* SPDX-License-Identifier: Apache-2.0
 *
 * page: legend and notes, and everything put together.
 */
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
			`no known place and only the table has ${nowhere === 1 ? 'it' : 'them'}.`));
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
