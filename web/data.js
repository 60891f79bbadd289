/* SPDX-License-Identifier: Apache-2.0
 *
 * data: what is on the page, and how elements are made. Whatever came from a log gets
 * on the page as text only, never as markup.
 */
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
