/* SPDX-License-Identifier: Apache-2.0
 *
 * csv: rows of ranges as ip-location-db publishes them, plain or compressed with
 * gzip:  1.0.0.0,1.0.0.255,AU  or  16777216,16777471,13335,"Cloudflare, Inc."
 */
#ifndef ENRICH_CSV_H
#define ENRICH_CSV_H

#include <zlib.h>

#include "enrich/room.h"

#define CSV_LINE_MAX 65536u
#define CSV_FIELDS 4u

struct csv {
	gzFile file;
	const char *path;
	uint64_t lineno; /* of the row given last */
	char *buf;
	size_t at, end;  /* unread bytes of buf */
	bool ended;
};

int csv_open(struct csv *csv, const char *path, struct err *err);
void csv_close(struct csv *csv);

/* The next line; 1, 0 at the end, -1 when it cannot be read. It may be written to. */
int csv_line(struct csv *csv, char **ret, size_t *ret_len, struct err *err);

/*
 * Splits LINE at commas (RFC 4180: a field may be quoted, "" is a quote) into up to
 * CSV_FIELDS fields, further ones are left out. Quoted ones are unquoted in place.
 * Returns how many; -1: a quote that does not end.
 */
int csv_split(char *line, size_t len, struct str fields[CSV_FIELDS]);

/* What a row says. */
struct csv_range {
	unsigned family; /* 4 or 6 */
	unsigned __int128 first, last;
};

/* Two addresses, in text or as decimal numbers. -1: what was expected. */
int csv_range(struct str first, struct str last, struct csv_range *ret, struct err *err);

/* An AS number, with or without "AS" before it; 0 for an empty field or "-". */
int csv_asn(struct str field, uint32_t *ret, struct err *err);

/* Two letters as PACKED_COUNTRY has them; 0 for an empty field, "-" and nowhere's codes. */
int csv_country(struct str field, uint32_t *ret, struct err *err);

#endif
