/* SPDX-License-Identifier: Apache-2.0
 *
 * markers: clients at one spot share a marker; where there are too many, neighbours do.
 */
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
