/* SPDX-License-Identifier: Apache-2.0
 *
 * pack: writes the file that packed.c reads: parts one after another, then, their
 * places being known, the head before them.
 */
#include <zlib.h>

#include "enrich/build.h"

/* The file being made: BODY begins behind the head, whose size is known at once. */
struct packing {
	struct buf body;
	struct packed_part parts[PACKED_LAYERS * 8 + 2];
	uint32_t part_count, head_bytes;
};

/* Begins part ID at the next multiple of 8. */
static struct packed_part *
begin_part(struct packing *packing, uint32_t id, uint32_t width)
{
	struct packed_part *part = &packing->parts[packing->part_count++];

	while (packing->body.len % 8)
		buf_char(&packing->body, '\0');
	*part = (struct packed_part){.id = htole32(id), .width = htole32(width),
	    .offset = htole64(packing->head_bytes + packing->body.len)};
	return part;
}

static void
put32(struct packing *packing, uint32_t n)
{
	n = htole32(n);
	buf_add(&packing->body, &n, sizeof(n));
}

static void
put64(struct packing *packing, uint64_t n)
{
	n = htole64(n);
	buf_add(&packing->body, &n, sizeof(n));
}

static void
pack_values(struct packing *packing, uint32_t id, const uint32_t *values, size_t count)
{
	begin_part(packing, id, sizeof(uint32_t))->count = htole64(count);
	for (size_t i = 0; i < count; i++)
		put32(packing, values[i]);
}

/* So many keys make an index worth its 256 KiB. */
#define INDEX_FROM 4096u

static void
pack_index4(struct packing *packing, uint32_t id, const struct borders *borders)
{
	size_t at = 0;

	begin_part(packing, id, sizeof(uint32_t))->count = htole64(PACKED_INDEX_SIZE);
	for (uint64_t i = 0; i < PACKED_INDEX_SIZE; i++) {
		while (at < borders->count && borders->list[at].at < i << 16)
			at++;
		put32(packing, (uint32_t)at);
	}
}

static void
pack_layer4(struct packing *packing, unsigned layer, struct borders *borders)
{
	uint32_t *values = xcalloc(borders->count + 1, sizeof(*values));

	/* What ends with the last address has its end beyond. */
	if (borders->count && borders->list[borders->count - 1].at > UINT32_MAX)
		borders->count--;
	if (borders->count) {
		begin_part(packing, PACKED_PART(layer, PACKED_KEY4), 4)->count =
		    htole64(borders->count);
		for (size_t i = 0; i < borders->count; i++) {
			put32(packing, (uint32_t)borders->list[i].at);
			values[i] = borders->list[i].value;
		}
		pack_values(packing, PACKED_PART(layer, PACKED_VALUE4), values,
		    borders->count);
		if (borders->count >= INDEX_FROM)
			pack_index4(packing, PACKED_PART(layer, PACKED_INDEX4), borders);
	}
	free(values);
}

/* The borders of IPv6 in the order of the file: one key a /64, runs inside of some. */
struct halves {
	uint64_t *key;
	uint32_t *value;
	size_t count;
	struct packed_fine *fine;
	size_t fine_count, fine_room;
};

static void
add_fine(struct halves *halves, uint64_t low, uint32_t value)
{
	MEM_GROW(halves->fine, halves->fine_count, halves->fine_room);
	halves->fine[halves->fine_count++] = (struct packed_fine){.low = low, .value = value};
}

/* Takes the borders [FROM, TO) of one /64, inside of which something changes. */
static void
add_run(struct halves *halves, const struct border *from, const struct border *to,
    uint32_t before)
{
	size_t begin = halves->fine_count;

	add_fine(halves, 0, 0);
	if ((uint64_t)from->at != 0)
		add_fine(halves, 0, before);
	for (; from < to; from++)
		add_fine(halves, (uint64_t)from->at, from->value);
	halves->fine[begin].low = halves->fine_count - begin - 1;
}

static struct halves
halve(const struct borders *borders)
{
	struct halves halves = {.key = xcalloc(borders->count + 1, sizeof(*halves.key)),
	    .value = xcalloc(borders->count + 1, sizeof(*halves.value))};
	const struct border *at = borders->list, *end = at + borders->count;
	uint32_t before = 0;

	while (at < end) {
		const struct border *next = at + 1;

		while (next < end && next->at >> 64 == at->at >> 64)
			next++;
		halves.key[halves.count] = (uint64_t)(at->at >> 64);
		halves.value[halves.count] = at->value;
		if (next > at + 1 || (uint64_t)at->at != 0) {
			halves.value[halves.count] =
			    PACKED_FINE | (uint32_t)halves.fine_count;
			add_run(&halves, at, next, before);
		}
		halves.count++;
		before = next[-1].value;
		at = next;
	}
	return halves;
}

static void
pack_layer6(struct packing *packing, unsigned layer, const struct borders *borders)
{
	struct halves halves = halve(borders);

	if (halves.count) {
		begin_part(packing, PACKED_PART(layer, PACKED_KEY6), 8)->count =
		    htole64(halves.count);
		for (size_t i = 0; i < halves.count; i++)
			put64(packing, halves.key[i]);
		pack_values(packing, PACKED_PART(layer, PACKED_VALUE6), halves.value,
		    halves.count);
	}
	if (halves.fine_count) {
		begin_part(packing, PACKED_PART(layer, PACKED_FINE6),
		    sizeof(struct packed_fine))->count = htole64(halves.fine_count);
		for (size_t i = 0; i < halves.fine_count; i++) {
			put64(packing, halves.fine[i].low);
			put32(packing, halves.fine[i].value);
			put32(packing, 0);
		}
	}
	free(halves.key);
	free(halves.value);
	free(halves.fine);
}

/* Names that several networks have are there once. */
static void
pack_networks(struct packing *packing, const struct builder *builder)
{
	struct buf names = BUF_INIT(BUF_UNLIMITED);
	struct dict known = {.count = 0};
	uint32_t *offsets = xcalloc(builder->as_count + 1, sizeof(*offsets));

	begin_part(packing, PACKED_AS_RECORDS, sizeof(struct packed_as))->count =
	    htole64(builder->as_count);
	for (size_t i = 0; i < builder->as_count; i++) {
		struct str name = builder->as[i].name;
		uint32_t seen = known.count, number = dict_get(&known, name);

		if (number == seen) {
			offsets[number] = (uint32_t)names.len;
			buf_char(&names, (char)name.len);
			buf_str(&names, name);
		}
		put32(packing, builder->as[i].asn);
		put32(packing, offsets[number]);
	}
	begin_part(packing, PACKED_AS_NAMES, 1)->count = htole64(names.len);
	buf_str(&packing->body, buf_view(&names));
	buf_done(&names);
	dict_free(&known);
	free(offsets);
}

#define SOURCE_TEXT_MAX 4096u

static void
put_source(struct buf *out, const struct builder_source *source)
{
	struct str name = str_head(str_of(source->name), SOURCE_TEXT_MAX);
	struct str licence = str_head(str_of(source->licence), SOURCE_TEXT_MAX);
	struct str file = str_head(str_of(source->file), SOURCE_TEXT_MAX);
	struct packed_source record = {.date = htole64((uint64_t)source->date),
	    .what = htole16(source->what), .name_len = htole16((uint16_t)name.len),
	    .licence_len = htole16((uint16_t)licence.len),
	    .file_len = htole16((uint16_t)file.len)};

	buf_add(out, &record, sizeof(record));
	buf_str(out, name);
	buf_str(out, licence);
	buf_str(out, file);
}

static uint32_t
crc_of(struct str bytes)
{
	return (uint32_t)crc32_z(crc32(0, NULL, 0), (const Bytef *)bytes.p, bytes.len);
}

static void
put_head(const struct packing *packing, const struct builder *builder, struct str sources,
    struct buf *out)
{
	struct packed_head head = {.version = htole32(PACKED_VERSION),
	    .head_bytes = htole32(packing->head_bytes),
	    .file_bytes = htole64(packing->head_bytes + packing->body.len),
	    .built = htole64((uint64_t)time(NULL)),
	    .body_crc = htole32(crc_of(buf_view(&packing->body))),
	    .part_count = htole32(packing->part_count),
	    .source_count = htole32((uint32_t)builder->source_count)};
	uint32_t crc;

	memcpy(head.magic, PACKED_MAGIC, sizeof(head.magic));
	buf_add(out, &head, sizeof(head));
	buf_add(out, packing->parts, packing->part_count * sizeof(*packing->parts));
	buf_str(out, sources);
	while (out->len < packing->head_bytes)
		buf_char(out, '\0');
	crc = htole32(crc_of(buf_view(out)));
	memcpy(out->p + offsetof(struct packed_head, head_crc), &crc, sizeof(crc));
}

void
pack(struct builder *builder, struct geo_built *built, struct buf *out)
{
	struct packing packing = {.body = BUF_INIT(BUF_UNLIMITED)};
	struct buf sources = BUF_INIT(PACKED_HEAD_MAX / 2);
	uint64_t counts[PACKED_LAYERS] = {0};

	for (size_t i = 0; i < builder->source_count; i++)
		put_source(&sources, &builder->sources[i]);
	packing.head_bytes = (uint32_t)((sizeof(struct packed_head) +
	    sizeof(packing.parts) + sources.len + 7) / 8 * 8);
	for (unsigned layer = 0; layer < PACKED_LAYERS; layer++)
		for (unsigned family = 0; family < 2; family++) {
			struct borders borders;

			ranges_flatten(&builder->ranges[layer][family], &borders);
			counts[layer] += borders.count;
			if (family == 0)
				pack_layer4(&packing, layer, &borders);
			else
				pack_layer6(&packing, layer, &borders);
			free(borders.list);
		}
	pack_networks(&packing, builder);
	put_head(&packing, builder, buf_view(&sources), out);
	buf_str(out, buf_view(&packing.body));
	built->country_ranges = counts[PACKED_COUNTRY];
	built->asn_ranges = counts[PACKED_ASN];
	built->bytes = out->len;
	buf_done(&sources);
	buf_done(&packing.body);
}
