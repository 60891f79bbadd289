/* SPDX-License-Identifier: Apache-2.0
 *
 * Built databases asked: at the edges of ranges, inside a /64, two files as one; damaged
 * ones; special addresses; the table of countries.
 */
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "enrich/packed.h"
#include "tap.h"

static char directory[] = "/tmp/postern-unit-geo.XXXXXX";

/* A file NAME of TEXT in the folder; the path is the caller's to free. */
static char *
write_file(const char *name, const void *text, size_t len)
{
	char *path = xasprintf("%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(text, 1, len, file) != len || fclose(file) != 0)
		abort();
	return path;
}

static char *
built(const char *name, const char *country, const char *asn)
{
	char *country_path = write_file("country.csv", country, strlen(country));
	char *asn_path = write_file("asn.csv", asn, strlen(asn));
	char *path = xasprintf("%s/%s", directory, name);
	struct geo_build build = {.country_csv = (const char *const *)&country_path,
	    .country_count = 1, .asn_csv = (const char *const *)&asn_path, .asn_count = 1,
	    .source = "test", .licence = "none", .date = 86400000000, .output = path};
	struct geo_built counts;
	struct err err = {""};

	if (!ok(geo_build(&build, &counts, &err) == 0, "%s is built", name))
		printf("# %s\n", err.text);
	unlink(country_path);
	unlink(asn_path);
	free(country_path);
	free(asn_path);
	return path;
}

/* Is IP where WANT says: "DE 64500 name", "documentation 0 "? */
static void
is_at(const struct geo *geo, const char *text, const char *want)
{
	struct place place;
	char got[300];
	struct ip ip;

	if (!ip_parse(str_of(text), &ip))
		abort();
	geo_find(geo, &ip, &place);
	snprintf(got, sizeof(got), "%s %u %.*s", place_word(&place), place.asn,
	    STR_ARG(place.aso));
	is_text(got, strlen(got), want, text);
}

static const char countries[] =
    "start,end,country\n"
    "192.0.2.0,192.0.2.255,DE\r\n"
    "192.0.2.64,192.0.2.127,fr\n"
    "198.51.100.0,198.51.100.127,ZZ\n"
    "255.255.255.0,255.255.255.255,US\n"
    "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,SE\n"
    "2001:db8:5:5::10,2001:db8:5:5::1f,NO\n"
    "2001:db8:5:5::20,2001:db8:5:5::20,DK\n"
    "2001:db8:6::8000:0:0:0,2001:db8:7::ff,FI\n";

static const char networks[] =
    "192.0.2.0,192.0.2.127,64500,\"Example, Inc.\"\n"
    "3221226112,3221226239,64501,Second\n"
    "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64500,another name\n";

static void
check_lookup(void)
{
	char *path = built("one.pgeo", countries, networks);
	const struct geo_source *sources;
	struct geo *geo;
	struct err err = {""};

	geo = geo_open((const char *const *)&path, 1, &err);
	ok(geo != NULL, "it opens %s", err.text);
	is_at(geo, "192.0.1.255", "unrouted 0 ");
	is_at(geo, "192.0.2.0", "DE 64500 Example, Inc.");
	is_at(geo, "192.0.2.64", "FR 64500 Example, Inc.");
	is_at(geo, "192.0.2.128", "DE 64501 Second");
	is_at(geo, "192.0.2.255", "DE 64501 Second");
	is_at(geo, "192.0.3.0", "unrouted 0 ");
	is_at(geo, "198.51.100.1", "documentation 0 ");
	is_at(geo, "255.255.255.255", "US 0 ");
	is_at(geo, "0.0.0.0", "reserved 0 ");
	is_at(geo, "2001:db8::", "SE 64500 Example, Inc.");
	is_at(geo, "2001:db8:1::", "documentation 64500 Example, Inc.");
	is_at(geo, "2001:db8:5:5::f", "documentation 64500 Example, Inc.");
	is_at(geo, "2001:db8:5:5::1f", "NO 64500 Example, Inc.");
	is_at(geo, "2001:db8:5:5::20", "DK 64500 Example, Inc.");
	is_at(geo, "2001:db8:5:5::21", "documentation 64500 Example, Inc.");
	is_at(geo, "2001:db8:5:6::", "documentation 64500 Example, Inc.");
	is_at(geo, "2001:db8:6::7fff:0:0:0", "documentation 64500 Example, Inc.");
	is_at(geo, "2001:db8:6:99::", "FI 64500 Example, Inc.");
	is_at(geo, "2001:db8:7::ff", "FI 64500 Example, Inc.");
	is_at(geo, "2001:db8:7::100", "documentation 64500 Example, Inc.");
	is_number((int64_t)geo_sources(geo, &sources), 1, "one source for both");
	ok(strcmp(sources[0].name, "test") == 0 && strcmp(sources[0].licence, "none") == 0 &&
	    sources[0].built == 86400000000 && sources[0].has_country && sources[0].has_asn,
	    "it says whose it is");
	geo_free(geo);
	free(path);
}

static void
check_two(void)
{
	char *paths[2] = {
	    built("country.pgeo", "192.0.2.0,192.0.2.127,DE\n", "192.0.2.0,192.0.2.9,-\n"),
	    built("all.pgeo", "192.0.2.0,192.0.2.255,FR\n",
		"192.0.2.0,192.0.2.255,64500,A\n")};
	struct geo *geo;
	struct err err;

	ok((geo = geo_open((const char *const *)paths, 2, &err)) != NULL, "two files open");
	is_at(geo, "192.0.2.1", "DE 64500 A");
	is_at(geo, "192.0.2.200", "FR 64500 A");
	geo_free(geo);
	free(paths[0]);
	free(paths[1]);
	ok((geo = geo_open(NULL, 0, &err)) != NULL, "and none");
	is_at(geo, "192.0.2.200", "documentation 0 ");
	is_at(geo, "9.9.9.9", "unknown 0 ");
	geo_free(geo);
}

/* Asks all over BYTES, if they can be looked at. */
static bool
asked(const char *bytes, size_t len)
{
	struct packed packed;
	struct place place = {.asn = 0};
	struct err err;

	if (packed_view(&packed, bytes, len, &err) < 0)
		return false;
	for (unsigned i = 0; i < 256; i++) {
		struct ip four = {.byte = {192, 0, (uint8_t)(i & 3), (uint8_t)i}, .family = 4};
		struct ip six = {.byte = {0x20, 1, 0xd, 0xb8, 0, (uint8_t)(i & 7), 0,
		    (uint8_t)(i & 5), (uint8_t)i, 0, 0, 0, 0, 0, 0, (uint8_t)i}, .family = 6};

		packed_find(&packed, &four, &place);
		packed_find(&packed, &six, &place);
	}
	return true;
}

static void
check_damage(void)
{
	char *path = built("damaged.pgeo", countries, networks);
	FILE *file = fopen(path, "r");
	char *whole = xmalloc(1 << 20), *copy;
	size_t len = file ? fread(whole, 1, 1 << 20, file) : 0;
	struct packed_head head;
	unsigned opened = 0;

	if (file)
		fclose(file);
	memcpy(&head, whole, sizeof(head));
	ok(len > 500 && asked(whole, len), "the whole file is fine");
	for (size_t cut = 0; cut < len; cut += cut < 2000 ? 1 : 997) {
		copy = xmalloc(cut + 1);
		memcpy(copy, whole, cut);
		opened += asked(copy, cut);
		free(copy);
	}
	is_number(opened, 0, "no beginning of it is taken");
	for (size_t at = 0; at < head.head_bytes; at++) {
		whole[at] ^= 0x41;
		opened += asked(whole, len);
		whole[at] ^= 0x41;
	}
	is_number(opened, 0, "no change of the head is taken");
	for (size_t at = head.head_bytes; at < len; at += at % 64 ? 1 : 61) {
		whole[at] ^= (char)0xff;
		opened += asked(whole, len);
		whole[at] ^= (char)0xff;
	}
	ok(opened > 0, "changes behind it are found by verifying, and are safe before");
	free(whole);
	free(path);
}

/* A file of PARTS, behind whose head come BODY_BYTES zeros; its checksums are right. */
static char *
pack_parts(const struct packed_part *parts, uint32_t count, size_t body_bytes, size_t *ret_len)
{
	size_t head_bytes = sizeof(struct packed_head) + count * sizeof(*parts);
	struct packed_head head = {.version = htole32(PACKED_VERSION),
	    .head_bytes = htole32((uint32_t)head_bytes),
	    .file_bytes = htole64(head_bytes + body_bytes), .part_count = htole32(count)};
	char *bytes = xcalloc(1, head_bytes + body_bytes);

	memcpy(head.magic, PACKED_MAGIC, sizeof(head.magic));
	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), parts, count * sizeof(*parts));
	head.head_crc = htole32((uint32_t)crc32(0, (const Bytef *)bytes, (uInt)head_bytes));
	memcpy(bytes, &head, sizeof(head));
	*ret_len = head_bytes + body_bytes;
	return bytes;
}

/* Keys and values of a layer, in either order: as many of the one as of the other. */
static void
check_counts(void)
{
	static const uint32_t pairs[][3] = {{PACKED_KEY4, PACKED_VALUE4, 4},
	    {PACKED_KEY6, PACKED_VALUE6, 8}};
	unsigned taken = 0, short_taken = 0;

	for (unsigned i = 0; i < 2; i++)
		for (unsigned order = 0; order < 2; order++)
			for (uint64_t values = 0; values <= 8; values += 8) {
				struct packed_part part[2];
				size_t len, head = sizeof(struct packed_head) + sizeof(part);
				char *bytes;
				bool opened;

				part[order] = (struct packed_part){htole32(pairs[i][0]),
				    htole32(pairs[i][2]), htole64(head), htole64(8)};
				part[!order] = (struct packed_part){htole32(pairs[i][1]),
				    htole32(4), htole64(head + 64 + (values ? 0 : 32)),
				    htole64(values)};
				bytes = pack_parts(part, 2, 96, &len);
				opened = asked(bytes, len);
				taken += values && opened;
				short_taken += !values && opened;
				free(bytes);
			}
	is_number(taken, 4, "values may come before their keys");
	is_number(short_taken, 0, "fewer values than keys are damage, in whatever order");
}

static void
check_country_table(void)
{
	static const struct ip ip = {.byte = {192, 0, 2, 1}, .family = 4};
	unsigned count = 0, far = 0;

	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			char code[3] = {a, b, '\0'};
			double north, east;

			if (!country_spot(code, &ip, &north, &east))
				continue;
			count++;
			far += north < -90 || north > 90 || east < -181 || east > 181 ||
			    country_name(code) == NULL;
		}
	is_number(count, 250, "ISO 3166-1 has 249 countries, and XK is used");
	is_number(far, 0, "each is on the earth");
	ok(country_name("") == NULL, "no code, no country");
}

static void
check_spots(void)
{
	struct ip ip = {.byte = {192, 0, 2, 1}, .family = 4}, near = ip, other = ip;
	double place[6];

	near.byte[3] = 77;
	other.byte[2] = 3;
	country_spot("DE", &ip, &place[0], &place[1]);
	country_spot("DE", &near, &place[2], &place[3]);
	country_spot("DE", &other, &place[4], &place[5]);
	ok(memcmp(place, place + 2, 2 * sizeof(*place)) == 0, "one network, one spot");
	ok(memcmp(place, place + 4, 2 * sizeof(*place)) != 0, "another one, another");
	ok(place[0] > 49 && place[0] < 53 && place[1] > 7 && place[1] < 13, "in Germany");
}

static void
check_spaces(void)
{
	static const struct {
		const char *ip;
		enum place_space space;
	} cases[] = {
		{"10.255.255.255", SPACE_PRIVATE}, {"11.0.0.0", SPACE_PUBLIC},
		{"172.31.255.255", SPACE_PRIVATE}, {"172.32.0.0", SPACE_PUBLIC},
		{"100.64.0.0", SPACE_SHARED}, {"100.128.0.0", SPACE_PUBLIC},
		{"127.0.0.1", SPACE_LOOPBACK}, {"169.254.0.1", SPACE_LINK_LOCAL},
		{"198.19.255.255", SPACE_BENCHMARK}, {"203.0.113.9", SPACE_DOCUMENTATION},
		{"224.0.0.1", SPACE_MULTICAST}, {"255.255.255.255", SPACE_RESERVED},
		{"::", SPACE_RESERVED}, {"::1", SPACE_LOOPBACK}, {"fe80::1", SPACE_LINK_LOCAL},
		{"fd00::1", SPACE_PRIVATE}, {"2001:db8::1", SPACE_DOCUMENTATION},
		{"3fff::1", SPACE_DOCUMENTATION}, {"2606:4700::1", SPACE_PUBLIC},
		{"2001::1", SPACE_PUBLIC}, {"2001:2::1", SPACE_BENCHMARK},
		{"64:ff9b::1", SPACE_PUBLIC}, {"ff02::1", SPACE_MULTICAST},
		{"4000::", SPACE_RESERVED}, {"::ffff:10.0.0.1", SPACE_PRIVATE}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip ip;

		ok(ip_parse(str_of(cases[i].ip), &ip) &&
		    place_space_of(&ip) == cases[i].space, "%s is %s", cases[i].ip,
		    place_space_word(cases[i].space));
	}
}

/* The name of the only network in a database that was given NAME for it. */
static void
is_named(struct str name, struct str want, const char *what)
{
	char *csv = xasprintf("192.0.2.0,192.0.2.255,64500,%.*s\n", STR_ARG(name));
	char *path = built("names.pgeo", "192.0.2.0,192.0.2.255,DE\n", csv);
	struct err err;
	struct geo *geo = geo_open((const char *const *)&path, 1, &err);
	struct place place = {.asn = 0};
	struct ip ip;

	ip_parse(STR("192.0.2.1"), &ip);
	if (geo)
		geo_find(geo, &ip, &place);
	ok(str_eq(place.aso, want), "%s", what);
	geo_free(geo);
	unlink(path);
	free(path);
	free(csv);
}

/* Names have 255 bytes at most. */
static void
check_names(void)
{
	char text[300];
	struct str name = {text, 257};

	memset(text, 'a', sizeof(text));
	is_named(name, str_head(name, 255), "a long name is cut");
	memcpy(text + 252, "\xe2\x82\xac", 3);
	is_named(str_head(name, 255), str_head(name, 255), "one that just fits is not");
	memcpy(text + 252, "a\xe2\x82\xac", 4);
	is_named(name, str_head(name, 253), "no character is cut in two");
	memset(text, '\xbf', sizeof(text));
	is_named(name, str_head(name, 252), "nor does what is none take all away");
}

int
main(void)
{
	static const char *const files[] = {"one.pgeo", "country.pgeo", "all.pgeo",
	    "damaged.pgeo"};

	if (mkdtemp(directory) == NULL)
		return 1;
	check_lookup();
	check_two();
	check_names();
	check_damage();
	check_counts();
	check_country_table();
	check_spots();
	check_spaces();
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = xasprintf("%s/%s", directory, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(directory);
	return tap_done();
}
