/* SPDX-License-Identifier: Apache-2.0
 *
 * map: the tables that can be drawn on a map, one row for each client, and the page
 * that draws them.
 */
#ifndef REPORT_MAP_H
#define REPORT_MAP_H

#include "report/room.h"

/* C(id, name, type): what a row begins with; counts of what the client did follow. */
#define MAP_COLUMNS(C)                                                                      \
	C(IP, "ip", TEXT) C(NAME, "name", TEXT) C(HELO, "helo", TEXT)                       \
	C(COUNTRY, "country", TEXT) C(CITY, "city", TEXT) C(ASN, "asn", INTEGER)            \
	C(ASO, "aso", TEXT) C(LATITUDE, "latitude", NUMBER)                                 \
	C(LONGITUDE, "longitude", NUMBER) C(ROUGH, "position_of_country", BOOL)             \
	C(FIRST, "first", TIME) C(LAST, "last", TIME)

enum map_column {
#define C(id, name, type) MAP_##id,
	MAP_COLUMNS(C)
#undef C
	MAP_COUNTS /* the first count: connections */
};

/* Clients on a page at most, which keeps it below 2 MB. Other formats have all. */
#define MAP_CLIENTS 5000

/* What a reader calls count number COUNT of a row of SECTION. */
const char *map_label(const struct section *section, unsigned count);

/* The page without its data, whose place is MAP_DATA; empty: built without it. */
struct str map_page(void);
#define MAP_DATA "@DATA@"

#endif
