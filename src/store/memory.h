/* SPDX-License-Identifier: Apache-2.0
 *
 * memory: a store that ends with the process, for the files of this room that make it up:
 * what guard remembers without a file, and what answers are compared with.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "store/room.h"
#include "store/shelf.h"

struct memory {
	struct store store;
	struct shelf events, bans, positions;
	struct shelf_log log;
	struct row row;
};

static inline struct memory *
memory_of(struct store *store)
{
	return (struct memory *)(void *)store;
}

/* Puts ITEM on SHELF; for good when no transaction is open. */
void memory_put(struct memory *memory, struct shelf *shelf, void *item);

/* An event's identity: its time and id. */
struct str memory_event_key(const void *item);

/* The members of store_sort that are in memory-events.c. */
int memory_event(struct store *store, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources, struct err *err);
int memory_scan(struct store *store, const struct scan *scan, scan_each *each, void *context,
    struct err *err);
int memory_period(struct store *store, int64_t *ret_first, int64_t *ret_last,
    struct err *err);
int memory_last_judged(struct store *store, int64_t *ret, struct err *err);
int memory_forget_events(struct store *store, enum kind kind, int64_t before,
    uint64_t *ret_count, struct err *err);

#endif
