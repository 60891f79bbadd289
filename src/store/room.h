/* SPDX-License-Identifier: Apache-2.0
 *
 * The store room's own door: what a sort of store must be able to do, and how events
 * become values and values events again. A new sort is one row in STORES and one file,
 * and passes tests/unit/store-conformance.c.
 */
#ifndef STORE_ROOM_H
#define STORE_ROOM_H

#include "base/arena.h"
#include "base/mem.h"
#include "store/store.h"

/* ---- one event: values out of it, and it out of values ---- */

/* A field's value, as stores hold it. */
enum value_type { VALUE_NUMBER, VALUE_TEXT, VALUE_ADDRESS };

struct value {
	enum value_type type;
	int64_t number;   /* ENUM: the value, whose name is what is to be kept */
	struct str text;  /* lives as long as event and symbols */
	struct ip ip;
};

/*
 * What EV has in FIELD: all fields but TEXT and IP are numbers; an IP that is none
 * ("unknown") is text. False when it has none, or it is a source that SOURCES lacks.
 */
bool event_value(const struct event *ev, enum field field, const struct symbols *symbols,
    const struct event_sources *sources, struct value *ret);

/* An event that is made of values. Texts are slices of its line as long as they fit. */
struct row {
	struct event event;
	int64_t last;    /* time of the last event that it stands for, */
	uint64_t weight; /* and the weight of all, see struct scan */
	char *line;
	size_t used;
	struct symbols symbols; /* of texts that did not fit in the line */
	bool has_symbols;
	struct arena arena;     /* names of sources */
	struct dict source_dict;
	const char **source;
	size_t source_room;
	struct event_sources sources;
};

void row_init(struct row *row);
void row_done(struct row *row);

/* Begins another event; the texts of the one before are gone. */
void row_begin(struct row *row);
void row_number(struct row *row, enum field field, int64_t number);
void row_text(struct row *row, enum field field, struct str text);
void row_address(struct row *row, enum field field, const struct ip *ip);

/* Ends it: weight and length of the line. */
void row_end(struct row *row);

/* 16 bytes in network order, IPv4 as ::ffff:a.b.c.d (RFC 4291 2.5.5.2), and back. */
void ip_to_key(const struct ip *ip, uint8_t key[16]);
void ip_of_key(const uint8_t key[16], struct ip *ret);

/* The addresses of CIDR, first and last, as keys. */
void cidr_to_keys(const struct cidr *cidr, uint8_t first[16], uint8_t last[16]);

/* Has either all addresses of the other? */
bool cidr_overlaps(const struct cidr *a, const struct cidr *b);

/* ---- what is asked of a store ---- */

#define SCAN_REQUIRED 8

/* The number of the first parameter behind those of what is required, two for each. */
#define SCAN_ABOUT (3 + 2 * SCAN_REQUIRED)

/* Events of [since, until) of KINDS, by time, then as they were written. */
struct scan {
	int64_t since, until;
	uint64_t kinds;     /* bit KIND is set for what is wanted */
	uint64_t fields[2]; /* needed beside id, time, kind, count; others may be there */
	/* What may be left out before it comes here; who asks tests it again. */
	struct filter_required required[SCAN_REQUIRED];
	size_t required_count;
	const struct store_about *about; /* the same; NULL: about anything */
	bool any_order;
	bool as_judged; /* `judged`, where it is known, is the time; neither of the others */
	/*
	 * Events of one kind whose `fields` are the same may come as one, with the weight of
	 * all and the times of the first and last: those of one quarter of an hour when
	 * `by_quarter`.
	 */
	bool reduce, by_quarter;
};

#define QUARTER (INT64_C(900) * 1000000)

/* False from EACH stops. ROW is overwritten by the next. */
typedef bool scan_each(void *context, const struct row *row);

/* Every event of [SINCE, UNTIL), all fields. */
void scan_all(struct scan *scan, int64_t since, int64_t until);

/* Leaves out what FILTER lets not through, as far as can be said. FILTER outlives SCAN. */
void scan_narrow(struct scan *scan, const struct filter *filter);

/* As in store.h; `begin` to `rollback` and failures are what store.c makes of them. */
struct store_sort {
	const char *scheme;
	int (*open)(const struct store_settings *settings, const char *path,
	    struct store **ret, struct err *err);
	/* store_look(). NULL: nothing to see. */
	int (*look)(const char *path, struct err *err);
	void (*close)(struct store *store);
	int (*begin)(struct store *store, struct err *err);
	int (*commit)(struct store *store, struct err *err);
	void (*rollback)(struct store *store);
	int (*event)(struct store *store, const struct event *ev,
	    const struct symbols *symbols, const struct event_sources *sources,
	    struct err *err);
	int (*ban)(struct store *store, const struct ban *ban, struct err *err);
	int (*bans)(struct store *store, const struct ban_filter *filter,
	    bool (*each)(void *context, const struct ban *ban), void *context,
	    struct err *err);
	int (*positions_save)(struct store *store, const struct store_position *positions,
	    size_t count, struct err *err);
	int (*positions_load)(struct store *store, struct arena *arena,
	    struct store_position **ret, size_t *ret_count, struct err *err);
	int (*scan)(struct store *store, const struct scan *scan, scan_each *each,
	    void *context, struct err *err);
	int (*hold)(struct store *store, struct err *err); /* NULL: nobody else writes */
	bool (*is_gone)(const struct store *store); /* NULL: never */
	enum store_fault (*fault)(const struct store *store); /* NULL: no failure is another */
	int (*period)(struct store *store, int64_t *ret_first, int64_t *ret_last,
	    struct err *err);
	int (*last_judged)(struct store *store, int64_t *ret, struct err *err);
	int (*forget_events)(struct store *store, enum kind kind, int64_t before,
	    uint64_t *ret_count, struct err *err);
	int (*forget_bans)(struct store *store, int64_t before, uint64_t *ret_count,
	    struct err *err);
};

#define STORES(ROW) ROW(sqlite) ROW(memory)

#define ROW(id) extern const struct store_sort store_##id;
STORES(ROW)
#undef ROW

/* What every sort's own struct begins with. */
struct store {
	const struct store_sort *sort;
	char *url;
	bool read_only;
	bool in_transaction;
	bool undone; /* it failed in a transaction; nothing is written until it is ended */
};

/* RESULT; a failure's ERR gets the store's name. */
int store_told(const struct store *store, int result, struct err *err);

#endif
