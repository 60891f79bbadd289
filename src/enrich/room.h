/* SPDX-License-Identifier: Apache-2.0
 *
 * The enrich room's own door: what a kind of database is. A new kind is one row in
 * GEO_KINDS and one file.
 */
#ifndef ENRICH_ROOM_H
#define ENRICH_ROOM_H

#include "base/arena.h"
#include "enrich/enrich.h"

/* An IPv4 address as a number. */
static inline uint32_t
ip_number4(const struct ip *ip)
{
	return (uint32_t)ip->byte[0] << 24 | (uint32_t)ip->byte[1] << 16 |
	    (uint32_t)ip->byte[2] << 8 | ip->byte[3];
}

/* Eight bytes of an IPv6 address from FROM on, as a number. */
static inline uint64_t
ip_half6(const struct ip *ip, unsigned from)
{
	uint64_t half = 0;

	for (unsigned i = 0; i < 8; i++)
		half = half << 8 | ip->byte[from + i];
	return half;
}

/* What a database is asked for first: bytes from both ends of its file. */
#define GEO_HEAD_BYTES 64u
#define GEO_TAIL_BYTES (128u * 1024)

struct geo_file {
	const char *path;
	struct str head, tail; /* overlapping in a small file */
	uint64_t bytes;
};

#define GEO_FILE_SOURCES 16u

/* An open database. */
struct geo_database {
	const struct geo_kind *kind;
	void *data; /* the kind's own */
	struct geo_source sources[GEO_FILE_SOURCES]; /* their texts are in the arena */
	size_t source_count;
	bool asn4, asn6; /* has networks of IPv4, of IPv6 */
	struct arena arena;
};

struct geo_kind {
	const char *name;
	bool (*is)(const struct geo_file *file);
	/* NULL: this build cannot read it, `without` says why. */
	int (*open)(struct geo_database *database, const struct geo_file *file,
	    struct err *err);
	const char *without;
	/* Sets in *RET what it knows of IP, country in capitals or "". */
	void (*find)(void *data, const struct ip *ip, struct place *ret);
	void (*close)(void *data);
	/* Reads all of a file that is about to be installed; NULL: open() has seen enough. */
	int (*verify)(void *data, struct err *err);
};

#define GEO_KINDS(ROW) ROW(packed) ROW(mmdb) ROW(legacy)
#define ROW(id) extern const struct geo_kind geo_kind_##id;
GEO_KINDS(ROW)
#undef ROW

/* Opens PATH with the kind it is of. Close it with geo_database_close(). */
int geo_database_open(struct geo_database *database, const char *path, struct err *err);
void geo_database_close(struct geo_database *database);

/* Reads all of DATABASE: is it whole? */
int geo_database_verify(struct geo_database *database, struct err *err);

/* A new source of DATABASE, or NULL when it has too many. */
struct geo_source *geo_source_add(struct geo_database *database, const char *path);

/*
 * Sets PLACE's country to the two letters of CODE in capitals; leaves it alone when
 * they are none, or are one of the codes that databases use for "nowhere".
 */
void place_set_country(struct place *place, struct str code);

/* PLACE is at NORTH, EAST in degrees; left alone when that is nowhere on the earth. */
void place_set_position(struct place *place, double north, double east);

/* The square inside a country's disc, in degrees: its middle, and half its sides. */
struct country_square {
	double latitude, longitude, north, east;
};

bool country_square(const char *code, struct country_square *ret);

/* As country_spot(). */
void country_square_spot(const struct country_square *square, const struct ip *ip,
    double *ret_latitude, double *ret_longitude);

/* What is known of a maker's data, by the name its files or metadata have. */
struct geo_credit {
	const char *begin;   /* how the name begins */
	const char *name;    /* for a person */
	const char *licence; /* and how the maker wants to be named */
};

/* The credit whose `begin` NAME begins with, in any case; NULL: not known. */
const struct geo_credit *geo_credit_of(struct str name);

#endif
