/* SPDX-License-Identifier: Apache-2.0
 *
 * enrich: facts about an address that are not in the log. The front door: where
 * an address is (country, network operator, city), from databases that are files
 * on this machine; how such a file is made (`geo build`) and renewed (`geo
 * update`); and its names, which the DNS is asked for: enrich/dns.h. Nothing else
 * here asks anybody over the network but geo_update().
 */
#ifndef ENRICH_ENRICH_H
#define ENRICH_ENRICH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ip.h"
#include "base/str.h"
#include "enrich/dns.h"

/*
 * S(name, word): what sort of address it is by the special-purpose registries of
 * IANA (RFC 6890 and its updates). The word is shown where there is no country.
 * UNROUTED is public space that a database of networks knows nobody to announce.
 */
#define PLACE_SPACES(S)                                                                     \
	S(PUBLIC, "unknown") S(PRIVATE, "private") S(LOOPBACK, "loopback")                  \
	S(LINK_LOCAL, "link-local") S(DOCUMENTATION, "documentation")                       \
	S(BENCHMARK, "benchmark") S(SHARED, "shared") S(MULTICAST, "multicast")             \
	S(RESERVED, "reserved") S(UNROUTED, "unrouted")

enum place_space {
#define S(name, word) SPACE_##name,
	PLACE_SPACES(S)
#undef S
	SPACES
};

struct place {
	char country[3];      /* ISO 3166-1 alpha-2 in capitals, or "" */
	uint32_t asn;         /* 0: not known */
	struct str aso;       /* the AS's organisation; these texts are as in the */
	struct str city;      /* database, so escape them; empty: not known */
	struct str region;
	double latitude, longitude; /* degrees, north and east positive */
	bool has_position;
	bool position_of_country; /* not the client's own: a stable spot in its country */
	enum place_space space;   /* set whether or not a database knows the address */
};

/* The word of SPACE, as shown in place of a country: "documentation", "unknown". */
const char *place_space_word(enum place_space space);

/* What sort of address IP is; never UNROUTED, which takes a database. */
enum place_space place_space_of(const struct ip *ip);

/* PLACE's country, or what to say in its place; valid as long as PLACE. */
const char *place_word(const struct place *place);

/* English short name of an ISO 3166-1 alpha-2 code, or NULL. */
const char *country_name(const char *code);

/*
 * A spot in the country CODE that is always the same for the network of IP (IPv4
 * /24, IPv6 /64): for a map that knows only countries. False: no such country.
 */
bool country_spot(const char *code, const struct ip *ip, double *ret_latitude,
    double *ret_longitude);

struct geo;

/*
 * Opens databases, of a kind told by content: files of geo_build(), MaxMind DB (the
 * vendor's schema and the flat one of ip-location-db), GeoIP legacy. What an earlier
 * file does not know is taken from the later ones. With none, places have only their
 * space. NULL: one cannot be read, or is of no known kind.
 */
struct geo *geo_open(const char *const *paths, size_t npaths, struct err *err);
void geo_free(struct geo *geo);

/*
 * Where IP is. Fills in all of *RET_PLACE; its texts live as long as GEO. True when a
 * database knew a country, a network or a position. Thread-safe.
 */
bool geo_find(const struct geo *geo, const struct ip *ip, struct place *ret_place);

/* One origin of data; a file of geo_build() may have several. */
struct geo_source {
	const char *name;    /* "DB-IP Lite country" */
	const char *licence; /* "CC BY 4.0", and how to name the maker; "" = not stated */
	const char *path;
	const char *kind;    /* "postern", "MaxMind DB", "GeoIP legacy" */
	int64_t built;       /* microseconds since 1970; 0 = not stated */
	bool has_country, has_asn, has_city;
};

/* The origins of all open databases, in order; returns how many. They are GEO's. */
size_t geo_sources(const struct geo *geo, const struct geo_source **ret);

/*
 * The files of the usual folders (/var/lib/postern/geo, /usr/share/GeoIP,
 * /var/lib/GeoIP) that look like databases, sorted in each. Returns how many; free
 * each path and the list.
 */
size_t geo_installed(char ***ret);

/* Where geo_update() puts databases and geo_installed() looks first. */
#define GEO_DIRECTORY "/var/lib/postern/geo"

struct geo_build {
	const char *const *country_csv; /* files of start,end,CC rows, plain or .gz */
	size_t country_count;
	const char *const *asn_csv;     /* of start,end,ASN,name rows */
	size_t asn_count;
	const char *source, *licence;   /* NULL: told by the files' names, if known */
	int64_t date;                   /* microseconds; 0: when each file was written */
	const char *output;             /* a path; or TO, a file that is empty so far */
	const struct replacement *to;
};

struct geo_built {
	uint64_t rows, country_ranges, asn_ranges, networks, bytes;
};

/*
 * Compiles CSVs into one file, written aside and then put in place. Where ranges
 * overlap the smaller one wins. Addresses are in text or decimal, either family in any
 * file; a first line that is none is a heading. -1: file, line, what was expected.
 */
int geo_build(const struct geo_build *build, struct geo_built *ret, struct err *err);

struct geo_update {
	const char *url;       /* https://, file://, or a path; http:// only of this host */
	const char *directory; /* NULL: GEO_DIRECTORY */
};

struct geo_updated {
	char *path;             /* of the database now in place; the caller frees it */
	uint64_t bytes, before; /* its size, and that of the one it replaced; 0: none */
};

/*
 * Fetches a database, unpacks .gz, compiles a CSV, opens it for a check, and puts it in
 * place of the one of that name. On failure the old one stays and err says why:
 * not to be had, cut short, of no known kind, less than half as big as the old one.
 */
int geo_update(const struct geo_update *update, struct geo_updated *ret, struct err *err);

/* What geo_update() fetches when nobody says what: URLs with %Y and %m in them. */
extern const char *const geo_default_urls[];
extern const size_t geo_default_url_count;

/* URL with %Y and %m filled in for the time NOW (microseconds); the caller frees it. */
char *geo_dated_url(const char *url, int64_t now);

#endif
