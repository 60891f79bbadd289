/* SPDX-License-Identifier: Apache-2.0
 *
 * map.js DIRECTORY SHOTS: opens the pages of map.t in a browser and does what people
 * do. Prints "ok WHAT" or "not-ok WHAT" for each expectation; pictures go to SHOTS.
 */
'use strict';
const fs = require('fs');
const { chromium } = require('../../web/node_modules/playwright-core');

const [directory, shots] = process.argv.slice(2);
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync',
	'--disable-background-networking', '--disable-component-update', '--disable-quic'];

function expect(holds, what) {
	console.log(`${holds ? 'ok' : 'not-ok'} ${what}`);
}

/* Opens NAME's page; what it asked for and complained about is in page.seen. */
async function open(browser, name, options) {
	const page = await browser.newPage(options);
	page.seen = { requests: [], complaints: [] };
	page.on('request', (request) => page.seen.requests.push(request.url()));
	page.on('console', (message) => page.seen.complaints.push(message.text()));
	page.on('pageerror', (error) => page.seen.complaints.push(error.message));
	await page.goto(`file://${directory}/${name}.html`);
	return page;
}

async function close(page, what) {
	const { requests, complaints } = page.seen;
	expect(requests.length === 1, `${what}: no request but for the page itself`);
	expect(complaints.length === 0, `${what}: no error, no warning ${complaints[0] || ''}`);
	await page.close();
}

/* The spots of a page's clients, as the JSON of the same report has them. */
function spots(name) {
	const { rows } = JSON.parse(fs.readFileSync(`${directory}/${name}.json`)).sections.map;
	const cell = (degrees) => Math.floor(Math.round(degrees * 100) / 100 / 0.01);
	return { clients: rows.length, spots: new Set(rows.filter((row) => row.latitude !== null)
		.map((row) => `${cell(row.latitude)},${cell(row.longitude)}`)).size };
}

const active = (page, get) => page.evaluate(
	(name) => document.activeElement[name] || document.activeElement.getAttribute(name), get);

async function keyboard(page) {
	const popup = page.locator('#popup');
	for (let i = 0; i < 8 && await active(page, 'role') !== 'button'; i++)
		await page.keyboard.press('Tab');
	const name = await active(page, 'aria-label');
	const first = await page.locator('.marker').first().getAttribute('aria-label');
	expect(name && name === first, 'keyboard: Tab comes to the largest marker first');
	expect(await popup.isVisible(), 'keyboard: its popup opens');
	expect(/connections/.test(await popup.innerText()), 'keyboard: it says what was done');
	await page.keyboard.press('Tab');
	expect(await active(page, 'aria-label') !== name, 'keyboard: Tab goes on to the next');
	await page.keyboard.press('Enter');
	expect(await active(page, 'className') === 'close', 'keyboard: Enter goes into the popup');
	await page.keyboard.press('Escape');
	expect(!await popup.isVisible(), 'keyboard: Escape closes it');
	expect(await active(page, 'role') === 'button', 'keyboard: and goes back to the marker');
	await page.keyboard.press('+');
	expect(/scale\(2\)/.test(await page.locator('#world > g').first().getAttribute('transform')),
		'keyboard: + zooms');
	await page.keyboard.press('0');
	expect(/scale\(1\)/.test(await page.locator('#world > g').first().getAttribute('transform')),
		'keyboard: 0 shows the whole world');
}

async function mouse(page) {
	const popup = page.locator('#popup');
	await page.locator('.marker .dot').first().click();
	expect(await popup.isVisible(), 'mouse: a click opens the popup');
	const [map, box] = [await page.locator('#map').boundingBox(), await popup.boundingBox()];
	expect(box.x >= map.x && box.x + box.width <= map.x + map.width + 1,
		'mouse: the popup is on the map');
	await popup.locator('.close').click();
	expect(!await popup.isVisible(), 'mouse: its button closes it');
	await page.locator('#closer').click();
	await page.locator('#closer').click();
	const before = await page.locator('#world > g').first().getAttribute('transform');
	await page.mouse.move(map.x + map.width / 2, map.y + map.height - 20);
	await page.mouse.down();
	await page.mouse.move(map.x + map.width / 2 + 80, map.y + map.height - 60);
	await page.mouse.up();
	expect(await page.locator('#world > g').first().getAttribute('transform') !== before,
		'mouse: dragging moves the map');
	await page.locator('#whole').click();
}

async function table(page, clients) {
	const rows = page.locator('tbody tr');
	expect(await rows.count() === Math.min(200, clients), 'table: the first 200 clients');
	await page.locator('#more').click();
	expect(await rows.count() === Math.min(400, clients), 'table: more when asked for');
	const head = page.locator('thead th', { hasText: 'Connections' });
	expect(await head.getAttribute('aria-sort') === 'descending', 'table: most connections first');
	await head.locator('button').click();
	expect(await head.getAttribute('aria-sort') === 'ascending', 'table: a click turns it round');
	await page.locator('thead button', { hasText: 'Address' }).click();
	const addresses = await page.locator('tbody th').allInnerTexts();
	const sorted = [...addresses].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	expect(addresses.join() === sorted.join(), 'table: sorts by address');
	await page.locator('tbody th button').first().click();
	expect(await page.locator('#popup').isVisible(), 'table: an address shows its marker');
}

async function sample(browser) {
	const page = await open(browser, 'sample', { viewport: { width: 1280, height: 900 } });
	const known = spots('sample');
	expect(await page.locator('.marker').count() === known.spots,
		`sample: a marker for each of ${known.spots} spots`);
	expect(await page.locator('.country').count() === 177, 'sample: the countries of the world');
	expect(await page.locator('.s3, .s4').count() > 2, 'sample: some are shaded');
	expect(await page.locator('#legend li').count() > 3, 'sample: a legend');
	expect(/Made up.*2026-01-01.*days old.*CC0/.test(await page.locator('#footer').innerText()),
		'sample: whose places they are, and how old');
	const names = await page.locator('.marker').evaluateAll(
		(list) => list.map((node) => +node.getAttribute('aria-label').match(/([\d,]+) conn/)[1].replace(',', '')));
	expect(names.every((n, i) => i === 0 || n <= names[i - 1]), 'sample: ordered by size');
	await page.screenshot({ path: `${shots}/map-1280.png` });
	await keyboard(page);
	await mouse(page);
	await page.locator('.marker').nth(1).focus();
	await page.screenshot({ path: `${shots}/map-1280-popup.png` });
	await table(page, known.clients);
	await close(page, 'sample');
}

async function telephone(browser) {
	const page = await open(browser, 'sample', { viewport: { width: 375, height: 720 },
		hasTouch: true, isMobile: true, colorScheme: 'dark' });
	expect(await page.evaluate(() => document.documentElement.scrollWidth) <= 375,
		'telephone: nothing is wider than the screen');
	await page.screenshot({ path: `${shots}/map-375.png`, fullPage: false });
	await page.locator('.marker .reach').first().tap();
	const box = await page.locator('#popup').boundingBox();
	expect(box && box.x >= 0 && box.x + box.width <= 375, 'telephone: the popup fits');
	const close_ = await page.locator('#popup .close').boundingBox();
	expect(close_.width >= 24 && close_.height >= 24, 'telephone: its button can be hit');
	await page.screenshot({ path: `${shots}/map-375-popup.png` });
	expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor) ===
		'rgb(15, 20, 25)', 'telephone: dark where the system is');
	await close(page, 'telephone');
}

async function hostile(browser) {
	const page = await open(browser, 'hostile');
	const helo = await page.locator('tbody td').nth(0).innerText();
	await page.locator('.marker').first().focus();
	expect(helo.includes('</script><img/src=x/onerror=window.hit=1><!--'), 'hostile: HELO is shown as text');
	expect(!await page.evaluate(() => 'hit' in window), 'hostile: nothing of it ran');
	expect(await page.locator('img').count() === 0, 'hostile: nor became an element');
	expect(await page.locator('script').count() === 3, 'hostile: nor ended a script');
	expect(!/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(
		await page.evaluate(() => document.body.innerText)), 'hostile: nothing reorders the text');
	expect(helo.includes('&amp;{{7*7}}'), 'hostile: nothing is unescaped');
	expect((await page.locator('#popup').innerText()).includes(helo), 'hostile: nor in the popup');
	await close(page, 'hostile');
}

async function failed(browser) {
	const page = await open(browser, 'failed');
	expect(/failed postscreen's tests/.test(await page.title()), 'failed: the title says who');
	expect(await page.locator('.marker').count() > 0, 'failed: markers');
	const heads = await page.locator('thead').innerText();
	expect(/PREGREET/.test(heads) && /DNSBL/.test(heads), 'failed: postscreen\'s actions');
	await close(page, 'failed');
}

async function many(browser) {
	let page = await open(browser, 'many');
	const markers = await page.locator('.marker').count();
	expect(markers > 100 && markers <= 2000, `many: neighbours share markers (${markers})`);
	expect(/within [\d.]+ degrees share a marker/.test(
		await page.locator('#notes').innerText()), 'many: which is said');
	expect(/Of 6,001 clients these are the 5,000/.test(await page.locator('#notes').innerText()),
		'many: what is left out is said');
	await close(page, 'many');
	page = await open(browser, 'few');
	expect(await page.locator('.marker').count() === 1 &&
		await page.locator('tbody tr').count() === 1, 'few: --map-min-conn leaves one');
	expect(/fewer than 5 connections/.test(await page.locator('#notes').innerText()),
		'few: which is said');
	await close(page, 'few');
	page = await open(browser, 'nowhere');
	expect(await page.locator('.marker').count() === 0 &&
		await page.locator('tbody tr').count() === 1, 'nowhere: clients are in the table');
	expect(await page.locator('#legend li').count() === 2, 'nowhere: nor a shade in the legend');
	expect(/database of places/.test(await page.locator('#notes').innerText()),
		'nowhere: why is said');
	await close(page, 'nowhere');
	page = await open(browser, 'empty');
	expect(await page.locator('#period').innerText() === 'Nothing happened', 'empty: is said');
	expect(await page.locator('tbody tr').count() === 0, 'empty: no row');
	await close(page, 'empty');
}

(async () => {
	const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
	for (const group of [sample, telephone, hostile, failed, many])
		await group(browser);
	await browser.close();
})().catch((error) => {
	expect(false, `the browser: ${error.message.split('\n')[0]}`);
	process.exit(1);
});
