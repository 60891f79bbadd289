/* SPDX-License-Identifier: Apache-2.0
 *
 * popup: what the clients of a marker did.
 */
const popup = byId('popup');
let opened = null;   /* the marker whose popup is shown */
let quiet = false;   /* a focus that shall not open it again */

function pair(list, term, detail) {
	if (detail === '' || detail === null || detail === undefined)
		return;
	list.append(element('dt', null, term), logged('dd', detail));
}

const cityOf = (client) => [client.city, placeOf(client)].filter(Boolean).join(', ');

function facts(client) {
	const list = element('dl');
	pair(list, 'name', client.name);
	pair(list, 'HELO', client.helo);
	pair(list, 'place', cityOf(client) +
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
	const places = new Set(clients.map(cityOf));
	pair(list, 'place', places.size === 1 ? [...places][0] : `${number(places.size)} of them`);
	data.counts.forEach((count, i) => {
		const n = clients.reduce((all, client) => all + client.n[i], 0);
		if (n)
			pair(list, count.many, number(n));
	});
	names.append(element('li', null, `By ${data.counts[0].many}:`));
	for (const client of clients.slice(0, POPUP_CLIENTS))
		names.append(element('li', null, logged('strong', client.ip), `: ${number(size(client))} `,
			logged('span', client.name || client.helo || '')));
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
