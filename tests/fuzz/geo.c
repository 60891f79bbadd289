/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz/geo: databases of places. By the first byte: P: a file of geo build behind a
 * head whose checksum is made right, asked all over; C: a CSV, whose ranges must be
 * found again in the file packed of them; F: a MaxMind DB. GeoIP legacy is left out:
 * libgeoip itself reads outside of damaged files.
 */
#include <endian.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "enrich/build.h"
#include "enrich/csv.h"

/* Of a damaged file it does not give back what it has read of its metadata. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libmaxminddb\n";
}

static struct ip
address(unsigned family, unsigned __int128 n)
{
	struct ip ip = {.family = (uint8_t)family};

	for (unsigned i = 0; i < (family == 4 ? 4 : 16); i++)
		ip.byte[i] = (uint8_t)(n >> ((family == 4 ? 24 : 120) - 8 * i));
	return ip;
}

static void
ask_all_over(const struct packed *packed)
{
	for (unsigned i = 0; i < 512; i++) {
		struct ip four = address(4, i * 0x00804021u);
		struct ip six = address(6, (unsigned __int128)i << 119 | i);
		struct place place = {.asn = 0};
		volatile char touched = 0;

		packed_find(packed, &four, &place);
		for (size_t at = 0; at < place.aso.len; at++)
			touched = (char)(touched + place.aso.p[at]);
		place = (struct place){.asn = 0};
		packed_find(packed, &six, &place);
		for (size_t at = 0; at < place.aso.len; at++)
			touched = (char)(touched + place.aso.p[at]);
	}
}

static void
fuzz_packed(const char *text, size_t len)
{
	char *copy = xmalloc(len + 1);
	struct packed_head head;
	struct geo_database database = {.kind = &geo_kind_packed};
	struct packed packed;
	struct err err;

	memcpy(copy, text, len);
	if (len >= sizeof(head)) {
		memcpy(&head, copy, sizeof(head));
		head.file_bytes = htole64(len);
		head.head_crc = 0;
		memcpy(copy, &head, sizeof(head));
		if (le32toh(head.head_bytes) <= len) {
			head.head_crc = htole32((uint32_t)crc32(0, (const Bytef *)copy,
			    le32toh(head.head_bytes)));
			memcpy(copy, &head, sizeof(head));
		}
	}
	if (packed_view(&packed, copy, len, &err) == 0) {
		packed_sources(&packed, &database, "fuzz");
		packed_verify(&packed, &err);
		ask_all_over(&packed);
	}
	arena_free(&database.arena);
	free(copy);
}

/* The ranges of TEXT's rows. */
static void
read_rows(char *text, size_t len, struct builder *builder)
{
	while (len) {
		char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len;
		struct str fields[CSV_FIELDS];
		struct csv_range range;
		struct err err;
		uint32_t country, asn;

		if (csv_split(text, line, fields) >= 3 &&
		    csv_range(fields[0], fields[1], &range, &err) == 0) {
			if (csv_country(fields[2], &country, &err) == 0)
				ranges_add(&builder->ranges[PACKED_COUNTRY][range.family == 6],
				    range.first, range.last, country);
			csv_asn(fields[2], &asn, &err);
		}
		len -= line + (end != NULL);
		text += line + (end != NULL);
	}
}

static void
check_borders(const struct packed *packed, struct ranges *ranges, unsigned family)
{
	struct borders borders;

	ranges_flatten(ranges, &borders);
	for (size_t i = 0; i < borders.count; i++) {
		uint32_t value = borders.list[i].value;
		char code[3] = {(char)(value >> 8), (char)value, '\0'};
		struct place place = {.asn = 0};
		struct ip ip = address(family, borders.list[i].at);

		if (family == 4 && borders.list[i].at > UINT32_MAX)
			continue;
		packed_find(packed, &ip, &place);
		if (strcmp(place.country, code) != 0)
			abort();
		if (i && borders.list[i - 1].at >= borders.list[i].at)
			abort();
	}
	free(borders.list);
}

static void
fuzz_csv(const char *text, size_t len)
{
	struct builder builder = {.rows = 0};
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	char *copy = xmalloc(len + 1);
	struct geo_built built;
	struct packed packed;
	struct err err;

	memcpy(copy, text, len);
	read_rows(copy, len, &builder);
	pack(&builder, &built, &out);
	if (packed_view(&packed, out.p, out.len, &err) < 0 || packed_verify(&packed, &err) < 0)
		abort();
	check_borders(&packed, &builder.ranges[PACKED_COUNTRY][0], 4);
	check_borders(&packed, &builder.ranges[PACKED_COUNTRY][1], 6);
	for (unsigned family = 0; family < 2; family++)
		free(builder.ranges[PACKED_COUNTRY][family].list);
	dict_free(&builder.as_numbers);
	buf_done(&out);
	free(copy);
}

static void
fuzz_file(const char *text, size_t len)
{
	int fd = memfd_create("geo", MFD_CLOEXEC);
	char *path = xasprintf("/proc/self/fd/%d", fd);
	struct geo_file file = {.tail = {text, len}, .bytes = len};
	struct geo *geo = NULL;
	struct err err;

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		abort();
	if (geo_kind_mmdb.is(&file))
		geo = geo_open((const char *const *)&path, 1, &err);
	if (geo) {
		for (unsigned i = 0; i < 64; i++) {
			struct ip four = address(4, 0xc0000200u + i * 4);
			struct ip six = address(6, (unsigned __int128)(0x20010db8u + i) << 96);
			struct place place;

			geo_find(geo, &four, &place);
			geo_find(geo, &six, &place);
		}
		geo_free(geo);
	}
	free(path);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (*data == 'P')
		fuzz_packed((const char *)data + 1, size - 1);
	else if (*data == 'C')
		fuzz_csv((const char *)data + 1, size - 1);
	else if (*data == 'F')
		fuzz_file((const char *)data + 1, size - 1);
	return 0;
}
