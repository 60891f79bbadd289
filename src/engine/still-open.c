/* SPDX-License-Identifier: Apache-2.0
 *
 * still-open: the lines' events go through tracking again, which derives all that is in
 * the store already, and that is dropped. What it has open at the end is the store's
 * end, too, unless the guard knew better: it forgets the oldest of too many, and ends
 * what only waits for a verdict by its own clock.
 *
 * A mail is given up after five days (Postfix' maximal_queue_lifetime), and is tried each
 * hour or so until then: what was not spoken of for a week is what it was.
 */
#include "engine/still-open.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/dict.h"
#include "engine/pipeline.h"

#define K(kind) (UINT64_C(1) << (KIND_##kind))

struct still_open {
	int64_t since, until;
	struct symbols symbols;
	uint32_t texts_most;
	struct track *track;
	struct track_out out;
	int64_t end;           /* the last event */
	const char **names;    /* of inputs, by number */
	struct event_sources sources;
	struct arena arena;
	struct store_more more;
	/* The things that `out` has, as texts, and how late the store knows of each. */
	struct dict things;
	int64_t *told;
	struct buf text;
};

uint64_t
still_open_kinds(uint64_t wanted)
{
	return wanted & (K(message) | K(session) | K(reconnect));
}

/* Inputs keep their numbers for as long as a scan goes on, but their names are the store's. */
static void
take_sources(struct still_open *open, const struct event_sources *sources)
{
	if (sources->count == open->sources.count)
		return;
	open->names = xrealloc(open->names, sources->count, sizeof(*open->names));
	for (uint32_t s = open->sources.count; s < sources->count; s++)
		open->names[s] = arena_cstr(&open->arena, str_of(sources->name[s]));
	open->sources = (struct event_sources){open->names, sources->count};
}

static bool
take_event(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct still_open *open = context;
	struct event copy = *ev;

	take_sources(open, sources);
	encode_tracked(&open->symbols, &copy, symbols);
	if (!event_knows(ev, FIELD_source))
		copy.source_no = UINT32_MAX;
	if (!event_knows(ev, FIELD_lineno))
		copy.lineno = 0;
	open->end = ev->time;
	track_sweep(open->track, ev->time, &open->out);
	track_event(open->track, &copy, &open->out);
	track_out_clear(&open->out);
	renumber_when_many(open->track, &open->symbols, TRACKED_TEXTS_MOST,
	    &open->texts_most);
	return true;
}

/* What EV is about: no two of these are open at once. */
static void
put_thing(struct buf *out, const struct event *ev, const struct symbols *symbols)
{
	/* The address of a message may be told or not: its beginning can be forgotten. */
	static const enum field message[] = {FIELD_host, FIELD_qid, FIELDS},
	    client[] = {FIELD_host, FIELD_ip, FIELDS};
	const enum field *names = ev->kind == KIND_message ? message : client;

	buf_printf(out, "%u %lld", ev->kind, ev->kind == KIND_session &&
	    event_knows(ev, FIELD_port) ? (long long)ev->port : -1);
	for (; *names != FIELDS; names++) {
		buf_char(out, '\n');
		if (event_knows(ev, *names))
			buf_str(out, event_text(ev, *names, symbols));
	}
}

/* Drops what is of no KINDS or of another time. */
static void
choose(struct still_open *open, uint64_t kinds)
{
	struct track_out *out = &open->out;
	size_t kept = 0;

	for (size_t i = 0; i < out->count; i++) {
		const struct event *ev = &out->events[i];

		if (kinds >> ev->kind & 1 && ev->time >= open->since &&
		    (ev->time < open->until || open->until == INT64_MAX))
			out->events[kept++] = *ev;
	}
	out->count = kept;
}

static bool
take_told(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct still_open *open = context;
	uint32_t thing;

	(void)sources;
	buf_clear(&open->text);
	put_thing(&open->text, ev, symbols);
	thing = dict_find(&open->things, buf_view(&open->text),
	    dict_hash(buf_view(&open->text)));
	if (thing != DICT_NONE && ev->time > open->told[thing])
		open->told[thing] = ev->time;
	return true;
}

/* Drops what the store has been told of since. */
static int
drop_told(struct still_open *open, struct store *store, int64_t until, uint64_t kinds,
    struct err *err)
{
	struct track_out *out = &open->out;
	uint32_t *thing = xcalloc(out->count + 1, sizeof(*thing));
	int64_t first = INT64_MAX;
	size_t kept = 0;
	char *where = filter_of_kinds(kinds);
	int result;

	for (size_t i = 0; i < out->count; i++) {
		buf_clear(&open->text);
		put_thing(&open->text, &out->events[i], &open->symbols);
		thing[i] = dict_get(&open->things, buf_view(&open->text));
		first = out->events[i].time < first ? out->events[i].time : first;
	}
	open->told = xcalloc(open->things.count + 1, sizeof(*open->told));
	for (uint32_t t = 0; t < open->things.count; t++)
		open->told[t] = INT64_MIN;
	result = store_scan(store, first, until, where, take_told, open, err);
	for (size_t i = 0; i < out->count; i++)
		if (open->told[thing[i]] < out->events[i].time)
			out->events[kept++] = out->events[i];
	out->count = kept;
	free(where);
	free(thing);
	return result;
}

static void
set_places(struct still_open *open, const struct geo *geo)
{
	for (size_t i = 0; i < open->out.count && geo; i++) {
		struct event *ev = &open->out.events[i];
		struct place_memo memo;

		if (!event_knows(ev, FIELD_ip))
			continue;
		place_look_up(geo, &open->symbols, ev->ip.id, &memo);
		place_set(ev, &memo);
	}
}

/* The sum, or the end of time. */
static int64_t
reach(int64_t time, int64_t usec)
{
	int64_t sum;

	if (time == INT64_MIN || time == INT64_MAX)
		return time;
	return __builtin_add_overflow(time, usec, &sum)
	    ? (usec < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static int
make(struct still_open *open, struct store *store, uint64_t kinds, struct err *err)
{
	int64_t until = reach(open->until, STILL_OPEN_REACH);
	uint64_t sources = 0;
	char *where;
	int result;

	for (unsigned kind = 1; kind < KINDS; kind++)
		if (kinds >> kind & 1)
			sources |= track_sources(kind);
	where = filter_of_kinds(sources);
	result = store_scan(store, reach(open->since, -STILL_OPEN_REACH), until, where,
	    take_event, open, err);
	free(where);
	if (result < 0)
		return -1;
	track_finish(open->track, open->end, SIZE_MAX, &open->out);
	choose(open, kinds);
	return open->out.count ? drop_told(open, store, until, kinds, err) : 0;
}

int
still_open_make(struct store *store, uint64_t kinds, const struct run_settings *settings,
    struct still_open **ret, struct err *err)
{
	struct still_open *open = xcalloc(1, sizeof(*open));

	open->since = settings->since;
	open->until = settings->until;
	open->text = (struct buf)BUF_INIT(4 * EVENT_LINE_MAX);
	open->texts_most = TRACKED_TEXTS_MOST;
	symbols_init(&open->symbols);
	open->track = track_new(settings->track_limits ? settings->track_limits :
	    &track_limits_default, true);
	if (make(open, store, kinds, err) < 0) {
		still_open_free(open);
		return -1;
	}
	set_places(open, settings->geo);
	open->more = (struct store_more){open->out.events, open->out.count, &open->symbols,
	    &open->sources};
	*ret = open;
	return 0;
}

const struct store_more *
still_open_events(const struct still_open *open)
{
	return &open->more;
}

void
still_open_free(struct still_open *open)
{
	if (!open)
		return;
	track_free(open->track);
	track_out_free(&open->out);
	symbols_free(&open->symbols);
	dict_free(&open->things);
	free(open->told);
	buf_done(&open->text);
	free(open->names);
	arena_free(&open->arena);
	free(open);
}
