/* SPDX-License-Identifier: Apache-2.0
 *
 * geo: what databases of places cost, on one core.
 *
 *   geo --generate DIRECTORY   CSVs as big as the real ones (DB-IP Lite country and
 *                              ip-location-db asn of June 2026), with made-up content
 *   geo FILE...                one line: milliseconds to open, lookups in a second,
 *                              percentage of them known
 */
#include <stdio.h>
#include <time.h>

#include "enrich/enrich.h"

#define ADDRESSES (1u << 20)

static uint64_t state = 88172645463325252u;

/* Marsaglia's xorshift64. */
static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Of the processor: others may be working on this machine. */
static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
put_value(FILE *file, bool asn)
{
	static const char *const codes[] = {"DE", "FR", "US", "BR", "CN", "IN", "ZA", "AU"};
	unsigned number = (unsigned)(draw() % 91000) + 1;

	if (asn)
		fprintf(file, "%u,\"Example Networks and Telecom %u, Inc.\"\n", number,
		    number);
	else
		fprintf(file, "%s\n", codes[draw() % 8]);
}

/* ROWS ranges side by side, of addresses or of /64s, that fill most of what is routed. */
static int
generate(const char *directory, const char *name, unsigned rows, bool six, bool asn)
{
	char path[4096];
	uint64_t at = six ? UINT64_C(0x2001) << 48 : UINT64_C(1) << 24;
	uint64_t step = six ? (UINT64_C(0x0eff) << 48) / rows : (UINT64_C(223) << 24) / rows;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file)
		return 1;
	for (unsigned i = 0; i < rows; i++) {
		uint64_t size = draw() % (2 * step - 1) + 1;
		unsigned __int128 last = at + size - 1;

		if (six)
			fprintf(file, "%x:%x:%x:%x::,%x:%x:%x:%x:ffff:ffff:ffff:ffff,",
			    (unsigned)(at >> 48), (unsigned)(at >> 32) & 0xffff,
			    (unsigned)(at >> 16) & 0xffff, (unsigned)at & 0xffff,
			    (unsigned)(last >> 48) & 0xffff, (unsigned)(last >> 32) & 0xffff,
			    (unsigned)(last >> 16) & 0xffff, (unsigned)last & 0xffff);
		else
			fprintf(file, "%llu,%llu,", (unsigned long long)at,
			    (unsigned long long)last);
		put_value(file, asn);
		at += size;
		if (!six && at > (UINT64_C(223) << 24))
			break;
	}
	return fclose(file) != 0;
}

static struct ip
address(bool six)
{
	struct ip ip = {.family = six ? 6 : 4};
	uint64_t n = draw();

	memcpy(ip.byte, &n, six ? 8 : 4);
	if (six) {
		ip.byte[0] = (uint8_t)(0x20 | (ip.byte[0] & 0x0f));
		n = draw();
		memcpy(ip.byte + 8, &n, 8);
	} else {
		ip.byte[0] = (uint8_t)(1 + ip.byte[0] % 223);
	}
	return ip;
}

static int
measure(const char *const *paths, size_t count)
{
	struct ip *list = calloc(ADDRESSES, sizeof(*list));
	double begun, opened, done;
	unsigned known = 0;
	struct geo *geo;
	struct err err;

	for (unsigned i = 0; list && i < ADDRESSES; i++)
		list[i] = address(i % 4 == 0);
	begun = now_ms();
	geo = geo_open(paths, count, &err);
	if (!geo || !list) {
		fprintf(stderr, "geo: %s\n", geo ? "no memory" : err.text);
		return 1;
	}
	opened = now_ms();
	for (unsigned round = 0; round < 3; round++) {
		done = now_ms();
		known = 0;
		for (unsigned i = 0; i < ADDRESSES; i++) {
			struct place place;

			known += geo_find(geo, &list[i], &place);
		}
		done = now_ms() - done;
	}
	printf("%.3f %.0f %.1f\n", opened - begun, ADDRESSES / done * 1e3,
	    known * 100.0 / ADDRESSES);
	geo_free(geo);
	free(list);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--generate") == 0)
		return generate(argv[2], "country4.csv", 355800, false, false) ||
		    generate(argv[2], "country6.csv", 345868, true, false) ||
		    generate(argv[2], "asn4.csv", 411961, false, true) ||
		    generate(argv[2], "asn6.csv", 103197, true, true);
	if (argc < 2) {
		fprintf(stderr, "usage: geo --generate DIRECTORY | FILE...\n");
		return 2;
	}
	return measure((const char *const *)(argv + 1), (size_t)argc - 1);
}
