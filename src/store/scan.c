/* SPDX-License-Identifier: Apache-2.0
 *
 * scan: events for whoever asks. The filter is narrowed to what a store can look for:
 * kinds, texts, networks. What comes is asked again here, by the filter that files get.
 */
#include "store/room.h"

void
scan_all(struct scan *scan, int64_t since, int64_t until)
{
	*scan = (struct scan){.since = since, .until = until,
	    .kinds = UINT64_MAX, .fields = {UINT64_MAX, UINT64_MAX}};
}

void
scan_narrow(struct scan *scan, const struct filter *filter)
{
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (!filter_may_match_kind(filter, (enum kind)kind))
			scan->kinds &= ~(UINT64_C(1) << kind);
	scan->required_count += filter_required(filter, scan->required + scan->required_count,
	    SCAN_REQUIRED - scan->required_count);
}

struct sieve {
	const struct filter *filter;
	bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	    const struct event_sources *sources);
	void *context;
};

static bool
sift(void *context, const struct row *row)
{
	const struct sieve *sieve = context;
	const struct symbols *symbols = row->has_symbols ? &row->symbols : NULL;

	if (sieve->filter && !filter_match(sieve->filter, &row->event, symbols))
		return true;
	return sieve->each(sieve->context, &row->event, symbols, &row->sources);
}

/* What matches WHERE (or NULL) of a period goes to SIEVE, in order or AS_JUDGED. */
static int
scan_where(struct store *store, int64_t since, int64_t until, bool as_judged,
    const char *where, struct sieve *sieve, struct err *err)
{
	struct filter *filter = NULL;
	struct scan scan;
	int result;

	if (where && filter_compile(str_of(where), &filter, err) < 0)
		return -1;
	scan_all(&scan, since, until);
	scan.as_judged = as_judged;
	if (filter)
		scan_narrow(&scan, filter);
	sieve->filter = filter;
	result = store->sort->scan(store, &scan, sift, sieve, err);
	filter_free(filter);
	return store_told(store, result, err);
}

int
store_scan(struct store *store, int64_t since, int64_t until, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	const struct event_sources *sources),
    void *context, struct err *err)
{
	struct sieve sieve = {.each = each, .context = context};

	return scan_where(store, since, until, false, where, &sieve, err);
}

int
store_scan_judged(struct store *store, int64_t since, int64_t until, const char *where,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	const struct event_sources *sources),
    void *context, struct err *err)
{
	struct sieve sieve = {.each = each, .context = context};

	return scan_where(store, since, until, true, where, &sieve, err);
}

int
store_scan_about(struct store *store, int64_t since, int64_t until,
    const struct store_about *about,
    bool (*each)(void *context, const struct event *ev, const struct symbols *symbols,
	const struct event_sources *sources),
    void *context, struct err *err)
{
	struct sieve sieve = {.each = each, .context = context};
	struct scan scan;

	scan_all(&scan, since, until);
	scan.about = about;
	return store_told(store, store->sort->scan(store, &scan, sift, &sieve, err), err);
}
