/* SPDX-License-Identifier: Apache-2.0
 *
 * build: what `postern geo build` has read, on its way into a file.
 */
#ifndef ENRICH_BUILD_H
#define ENRICH_BUILD_H

#include "base/buf.h"
#include "base/dict.h"
#include "enrich/packed.h"
#include "enrich/ranges.h"

struct builder_as {
	uint32_t asn;
	struct str name;
};

struct builder_source {
	const char *name, *licence, *file;
	int64_t date; /* seconds since 1970 */
	uint16_t what; /* as in struct packed_source */
};

struct builder {
	struct ranges ranges[PACKED_LAYERS][2]; /* of IPv4, of IPv6 */
	struct dict as_numbers;                 /* AS number in decimal -> index in `as` */
	struct builder_as *as;
	size_t as_count, as_room;
	struct builder_source *sources;
	size_t source_count, source_room;
	uint64_t rows;
	struct arena arena;
};

/* The file that BUILDER makes, into OUT; counts what is in it. */
void pack(struct builder *builder, struct geo_built *built, struct buf *out);

#endif
