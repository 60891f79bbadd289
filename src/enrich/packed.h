/* SPDX-License-Identifier: Apache-2.0
 *
 * packed: the file that `postern geo build` writes and geo_open() maps: sorted lists
 * of where ranges begin, and what begins there. docs/geo-format.md describes it; all
 * numbers are little-endian, all lists begin at a multiple of 8.
 */
#ifndef ENRICH_PACKED_H
#define ENRICH_PACKED_H

#include <endian.h>

#include "enrich/room.h"

#define PACKED_MAGIC "PGEO\r\n\x1a\n"
#define PACKED_VERSION 1u
#define PACKED_HEAD_MAX (1u << 20)

struct packed_head {
	char magic[8];
	uint32_t version;
	uint32_t head_bytes; /* this, the list of parts, the sources: a multiple of 8 */
	uint64_t file_bytes;
	uint64_t built;      /* seconds since 1970 */
	uint32_t head_crc;   /* CRC-32 (as gzip's) of head_bytes with this field 0 */
	uint32_t body_crc;   /* of all that follows them */
	uint32_t part_count;
	uint32_t source_count;
	uint64_t reserved[2]; /* 0 */
};

_Static_assert(sizeof(struct packed_head) == 64, "the head is as documented");

/* Behind the head, part_count of these. */
struct packed_part {
	uint32_t id;    /* what it is: below */
	uint32_t width; /* bytes of an item */
	uint64_t offset, count;
};

/* Behind those, source_count of these, each followed by its texts, no padding. */
struct packed_source {
	uint64_t date; /* seconds since 1970; 0 = not stated */
	uint16_t what; /* a set of 1 << enum packed_layer_id */
	uint16_t name_len, licence_len, file_len;
};

enum packed_layer_id { PACKED_COUNTRY, PACKED_ASN, PACKED_LAYERS };

/*
 * Parts of a layer, at layer * 8. A value holds from its key up to the next one.
 * 0: nothing is known. A country's is its two letters (first << 8 | second), an
 * AS's the index + 1 of its record.
 */
enum packed_layer_part {
	PACKED_KEY4,   /* uint32: address */
	PACKED_VALUE4, /* uint32 */
	PACKED_INDEX4, /* uint32[65537]: first key >= (i << 16); not in a small file */
	PACKED_KEY6,   /* uint64: first half of an address */
	PACKED_VALUE6, /* uint32; with PACKED_FINE: index of a run in FINE6 */
	PACKED_FINE6,  /* struct packed_fine */
};

#define PACKED_PART(layer, part) ((uint32_t)(layer) * 8 + (uint32_t)(part))

enum packed_other_part {
	PACKED_AS_RECORDS = 32, /* struct packed_as */
	PACKED_AS_NAMES = 33,   /* a byte of length, then so many bytes; again and again */
};

#define PACKED_INDEX_SIZE 65537u

/* A /64 inside which something changes: see struct packed_fine. */
#define PACKED_FINE 0x80000000u

/*
 * A run: first an item whose `low` is the number of those that follow, then these:
 * VALUE holds from second half LOW on. The first of them has LOW 0.
 */
struct packed_fine {
	uint64_t low;
	uint32_t value, reserved;
};

struct packed_as {
	uint32_t asn;
	uint32_t name; /* offset in AS_NAMES */
};

/* A file, wherever its bytes are; they are not copied. */
struct packed_layer {
	const uint32_t *key4, *value4, *index4;
	const uint64_t *key6;
	const uint32_t *value6;
	const struct packed_fine *fine;
	uint64_t count4, count6, value_count4, value_count6, fine_count;
};

struct packed {
	const char *bytes;
	uint64_t size;
	struct packed_layer layers[PACKED_LAYERS];
	const struct packed_as *as;
	const char *names;
	uint64_t as_count, names_bytes;
};

/*
 * Fills in *RET for a file's BYTES, which stay the caller's and begin at a multiple
 * of 8: head, sizes, checksum of the head. Every index is checked when it is used.
 */
int packed_view(struct packed *ret, const char *bytes, uint64_t size, struct err *err);

/* The checksum of all that is behind the head. */
int packed_verify(const struct packed *packed, struct err *err);

void packed_find(const struct packed *packed, const struct ip *ip, struct place *ret);

/* Adds the sources that PACKED names to DATABASE; PATH is the file's. */
void packed_sources(const struct packed *packed, struct geo_database *database,
    const char *path);

#endif
