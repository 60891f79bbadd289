/* SPDX-License-Identifier: Apache-2.0
 *
 * names: of clients, addresses, domains and logins, which keep being new, ever more
 * rarely, as in real logs.
 */
#include "genlog.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool clients = {.per_million = 23700, .growth = 0.715};
struct pool remotes = {.per_million = 90000, .growth = 0.786};
struct pool guesses = {.per_million = 24000, .growth = 0.75};
struct pool locals = {.per_million = 6000, .growth = 0.4};
struct pool logins = {.per_million = 3000, .growth = 0.6};
struct pool domains = {.per_million = 9700, .growth = 0.685};

uint32_t *remote_domain;
uint64_t *domain_deliveries, *local_deliveries;

uint64_t fresh_lines = UINT64_MAX, clients_most = UINT64_MAX;

void *
grow(void *p, uint64_t n, size_t size)
{
	p = realloc(p, (size_t)n * size);
	if (!p) {
		fprintf(stderr, "genlog: out of memory\n");
		exit(1);
	}
	return p;
}

static void
pool_extend(struct pool *pool)
{
	uint32_t room = pool->room ? pool->room * 2 : 4096;

	pool->seen = grow(pool->seen, room, 1);
	memset(pool->seen + pool->room, 0, room - pool->room);
	if (pool == &remotes)
		remote_domain = grow(remote_domain, room, sizeof(*remote_domain));
	if (pool == &domains) {
		domain_deliveries = grow(domain_deliveries, room, sizeof(*domain_deliveries));
		memset(domain_deliveries + pool->room, 0,
		    (room - pool->room) * sizeof(*domain_deliveries));
	}
	pool->room = room;
}

uint32_t
draw(struct pool *pool)
{
	uint64_t at = lines_done < fresh_lines ? lines_done : fresh_lines;
	double due = pool->per_million * pow((double)(at + 100) * 1e-6, pool->growth);
	bool full = pool == &clients && pool->count >= clients_most;

	if (pool->count > 0 && (full || pool->count >= due))
		return popular(pool->count);
	if (pool->count == pool->room)
		pool_extend(pool);
	pool->count++;
	if (pool == &remotes)
		remote_domain[pool->count - 1] = draw(&domains);
	return pool->count - 1;
}

void
seen(struct pool *pool, uint32_t number)
{
	if (!pool->seen[number])
		pool->written++;
	pool->seen[number] = 1;
}

struct name
name(const char *format, ...)
{
	struct name n;
	va_list args;

	va_start(args, format);
	vsnprintf(n.text, sizeof(n.text), format, args);
	va_end(args);
	return n;
}

struct name
word(uint32_t number, uint64_t salt)
{
	static const char syllables[32][4] = {"ba", "den", "ki", "lor", "ma", "nes", "po",
	    "ril", "sa", "ten", "vu", "wil", "xa", "yor", "zi", "bru", "cal", "do", "fen",
	    "gi", "hol", "ja", "kem", "li", "mor", "nu", "pra", "que", "ros", "sti", "tu",
	    "vel"};
	uint64_t h = mix(number ^ salt << 40);

	return name("%s%s%s%" PRIx32, syllables[h & 31], syllables[h >> 5 & 31],
	    h >> 15 & 1 ? syllables[h >> 10 & 31] : "", number);
}

/* The first 2^17 clients of IPv4 fill 198.18.0.0/15; a sixth and all later ones have IPv6. */
struct name
client_ip(uint32_t client)
{
	uint32_t low = client * 0x9e35u & 0x1ffff;
	uint64_t h = mix(client + 7);

	if (client % 6 == 5 || client >= 1u << 17)
		return name("2001:db8:%x:%x::%x:%x", (unsigned)(h & 0xfff) + 1,
		    (unsigned)(h >> 12 & 0xff) + 1, (client >> 16) + 1, (client & 0xffff) + 1);
	return name("198.%u.%u.%u", 18 + (low >> 16), low >> 8 & 255, low & 255);
}

struct name
client_name(uint32_t client)
{
	if (client % 5 < 2)
		return name("unknown");
	return name("%s.net%" PRIu32 ".example", word(client, 1).text, client % 61);
}

struct name
domain_name(uint32_t domain)
{
	return name("%s.example", word(domain, 2).text);
}

struct name
hosted_name(uint32_t hosted)
{
	return name("hosted%" PRIu32 ".test", hosted);
}

struct name
remote_address(uint32_t remote)
{
	return name("%s@%s", word(remote, 3).text, domain_name(remote_domain[remote]).text);
}

struct name
local_address(uint32_t local)
{
	return name("%s@%s", word(local, 4).text, hosted_name(local % HOSTED).text);
}

struct name
guessed_address(uint32_t guess)
{
	return name("%s@%s", word(guess, 7).text, hosted_name(guess % HOSTED).text);
}

struct name
login_name(uint32_t login)
{
	if (login % 2)
		return name("%s@%s", word(login, 5).text, hosted_name(login % HOSTED).text);
	return word(login, 5);
}
