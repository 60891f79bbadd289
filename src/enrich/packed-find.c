/* SPDX-License-Identifier: Apache-2.0
 *
 * packed-find: one address in the lists of a file. Whatever stands in the file, no
 * index leaves its list: only the head's checksum is known to be right.
 */
#include "enrich/packed.h"

/* Items of KEY[from..to) that are not above WANTED; each half of the list at a time. */
#define COUNT_UP_TO(key, from, to, wanted, load)                                            \
	do {                                                                                \
		while ((from) < (to)) {                                                     \
			uint64_t middle = (from) + ((to) - (from)) / 2;                     \
			if (load((key)[middle]) <= (wanted))                                \
				(from) = middle + 1;                                        \
			else                                                                \
				(to) = middle;                                              \
		}                                                                           \
	} while (0)

static uint32_t
value_of4(const struct packed_layer *layer, uint32_t address)
{
	uint64_t from = 0, to;

	if (layer->count4 == 0)
		return 0;
	to = layer->count4;
	if (layer->index4) {
		from = le32toh(layer->index4[address >> 16]);
		to = le32toh(layer->index4[(address >> 16) + 1]);
		to = to < layer->count4 ? to : layer->count4;
	}
	COUNT_UP_TO(layer->key4, from, to, address, le32toh);
	return from && from <= layer->count4 ? le32toh(layer->value4[from - 1]) : 0;
}

/* The value at LOW in the run that begins at item AT. */
static uint32_t
value_in_run(const struct packed_layer *layer, uint64_t at, uint64_t low)
{
	uint64_t from = at + 1, to, count;

	if (at >= layer->fine_count)
		return 0;
	count = le64toh(layer->fine[at].low);
	if (count > layer->fine_count - from)
		return 0;
	to = from + count;
#define LOW_OF(item) le64toh((item).low)
	COUNT_UP_TO(layer->fine, from, to, low, LOW_OF);
#undef LOW_OF
	return from > at + 1 ? le32toh(layer->fine[from - 1].value) : 0;
}

/* The last value of a run holds on behind its /64, up to the next key. */
static uint32_t
value_of6(const struct packed_layer *layer, uint64_t high, uint64_t low)
{
	uint64_t from = 0, to = layer->count6;
	uint32_t value;

	COUNT_UP_TO(layer->key6, from, to, high, le64toh);
	if (from == 0)
		return 0;
	value = le32toh(layer->value6[from - 1]);
	if (!(value & PACKED_FINE))
		return value;
	if (le64toh(layer->key6[from - 1]) != high)
		low = UINT64_MAX;
	return value_in_run(layer, value & ~PACKED_FINE, low);
}

static uint32_t
value_of(const struct packed_layer *layer, const struct ip *ip)
{
	if (ip->family == 4)
		return value_of4(layer, ip_number4(ip));
	return value_of6(layer, ip_half6(ip, 0), ip_half6(ip, 8));
}

static struct str
as_name(const struct packed *packed, uint64_t at)
{
	size_t len;

	if (at >= packed->names_bytes)
		return STR("");
	len = (unsigned char)packed->names[at];
	if (len > packed->names_bytes - at - 1)
		return STR("");
	return (struct str){packed->names + at + 1, len};
}

void
packed_find(const struct packed *packed, const struct ip *ip, struct place *ret)
{
	uint32_t country = value_of(&packed->layers[PACKED_COUNTRY], ip);
	uint32_t as = value_of(&packed->layers[PACKED_ASN], ip);

	if (country) {
		char code[2] = {(char)(country >> 8), (char)country};

		place_set_country(ret, (struct str){code, 2});
	}
	if (as && as <= packed->as_count) {
		ret->asn = le32toh(packed->as[as - 1].asn);
		ret->aso = as_name(packed, le32toh(packed->as[as - 1].name));
	}
}
