/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/retold.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/hash.h"
#include "base/ip.h"
#include "base/mem.h"
#include "engine/likeness.h"

/* Of a batch and some more: what is foreseen. */
#define FORESEEN_KEPT 4096u

/* A repeat comes when what it repeats is over. */
#define REPEAT_SECONDS 120

/* Ids that are shorter may be used again, or by others. */
#define ID_MIN 12u

#define NO_PID (-1)
#define MANY UINT32_MAX

/* In which two tellings of one event differ, or may: who wrote them down and how. */
#define FRAME_BITS(word)                                                                    \
	(PLACE_BITS(word) | FIELD_BIT(host, word) | FIELD_BIT(program, word) |              \
	    FIELD_BIT(daemon, word) | FIELD_BIT(instance, word) | FIELD_BIT(pid, word) |    \
	    FIELD_BIT(severity, word) | FIELD_BIT(country, word) | FIELD_BIT(asn, word) |   \
	    FIELD_BIT(aso, word))

static const uint64_t frame_bits[2] = {FRAME_BITS(0), FRAME_BITS(1)};

/* WEIGHT events of one second that are alike, told by the same streams. */
struct telling {
	uint64_t key;
	uint64_t before; /* serial of the one before it in its slot */
	uint64_t by;     /* bit set of streams */
	int64_t pid;     /* or NO_PID */
	uint32_t host;   /* number; 0: unknown */
	uint32_t weight;
};

/* The last `kept` ones; serials count from 1. */
struct tellings {
	struct telling *ring;
	uint64_t *slots; /* the newest of each; 2 * kept */
	uint64_t serial; /* of the newest */
	uint32_t kept;   /* a power of two */
};

struct retold {
	struct tellings told, foreseen;
	/* Of what names no host: its host, 0: unknown, or MANY. */
	uint32_t home[RETOLD_STREAMS];
	uint64_t alike[RETOLD_STREAMS]; /* of what names no host: others that are copies */
	uint32_t seeded[RETOLD_STREAMS]; /* host of a stream's events in an earlier process */
};

/* What an event is known by. */
struct mark {
	uint64_t what;
	int64_t second, pid;
	uint32_t host, stream;
	bool has_id; /* what no two servers have */
};

static void
tellings_init(struct tellings *tellings, uint32_t kept)
{
	tellings->kept = kept;
	tellings->ring = xcalloc(kept, sizeof(*tellings->ring));
	tellings->slots = xcalloc(2 * (size_t)kept, sizeof(*tellings->slots));
}

struct retold *
retold_new(void)
{
	struct retold *retold = xcalloc(1, sizeof(*retold));

	tellings_init(&retold->told, RETOLD_KEPT);
	tellings_init(&retold->foreseen, FORESEEN_KEPT);
	return retold;
}

void
retold_free(struct retold *retold)
{
	if (!retold)
		return;
	free(retold->told.ring);
	free(retold->told.slots);
	free(retold->foreseen.ring);
	free(retold->foreseen.slots);
	free(retold);
}

static bool
has_long(const struct event *ev, enum field field, const struct symbols *symbols)
{
	return event_knows(ev, field) && (symbols ? event_text(ev, field, symbols).len :
		event_text_member(ev, field)->len) >= ID_MIN;
}

/* Both ends of a connection: a server that has an address for itself has it for itself. */
static bool
has_connection(const struct event *ev, const struct symbols *symbols)
{
	struct ip ip;

	return event_knows(ev, FIELD_ip) && event_knows(ev, FIELD_port) &&
	    event_knows(ev, FIELD_server_ip) && event_knows(ev, FIELD_server_port) &&
	    ip_parse(symbols ? event_text(ev, FIELD_server_ip, symbols) :
			       event_word(ev, ev->server_ip), &ip) && !ip_is_private(&ip);
}

/* A queue id, a session's, a connection. */
static bool
has_id(const struct event *ev, const struct symbols *symbols)
{
	return has_long(ev, FIELD_qid, symbols) || has_long(ev, FIELD_session, symbols) ||
	    has_connection(ev, symbols);
}

static struct mark
mark_of(const struct event *ev, uint32_t stream, const struct symbols *symbols)
{
	return (struct mark){
	    .what = likeness(ev, frame_bits, symbols),
	    .second = ev->time / USEC_PER_SEC,
	    .pid = event_knows(ev, FIELD_pid) ? ev->pid : NO_PID,
	    .host = event_knows(ev, FIELD_host) ? ev->host_no : 0,
	    .stream = stream,
	    .has_id = has_id(ev, symbols)};
}

static uint64_t
key_of(const struct mark *mark, int64_t second)
{
	return hash_mix(mark->what ^ HASH_K1, (uint64_t)second ^ HASH_K2);
}

static uint64_t *
slot_of(const struct tellings *tellings, uint64_t key)
{
	return &tellings->slots[key & (2 * (uint64_t)tellings->kept - 1)];
}

/* The next of KEY from SERIAL on back, or NULL; *LOOKS less. */
static struct telling *
next_telling(const struct tellings *tellings, uint64_t key, uint64_t *serial, unsigned *looks)
{
	while (*serial && *serial + tellings->kept > tellings->serial && *looks) {
		struct telling *telling = &tellings->ring[*serial & (tellings->kept - 1)];

		*serial = telling->before;
		--*looks;
		if (telling->key == key)
			return telling;
	}
	return NULL;
}

/* Adds WEIGHT tellings like AS, with others that are the same if there are. */
static void
add_telling(struct tellings *tellings, const struct telling *as, uint32_t weight)
{
	uint64_t *slot = slot_of(tellings, as->key), serial = *slot;
	unsigned looks = RETOLD_LOOKS;
	struct telling *same;

	while ((same = next_telling(tellings, as->key, &serial, &looks))) {
		if (same->by == as->by && same->pid == as->pid && same->host == as->host &&
		    same->weight <= UINT32_MAX - weight) {
			same->weight += weight;
			return;
		}
	}
	same = &tellings->ring[++tellings->serial & (tellings->kept - 1)];
	*same = *as;
	same->weight = weight;
	same->before = *slot;
	*slot = tellings->serial;
}

/* Is what names no host in MARK's stream and in those of TELLING of one server? */
static bool
are_related(const struct retold *retold, const struct mark *mark,
    const struct telling *telling)
{
	uint32_t home = retold->home[mark->stream];

	if (mark->host == 0 && telling->host)
		return home == telling->host;
	if (mark->host == 0 && retold->alike[mark->stream] & telling->by)
		return true;
	for (uint64_t by = telling->by; by; by &= by - 1) {
		uint32_t other = retold->home[__builtin_ctzll(by)];

		if (other && other != MANY && other == (mark->host ? mark->host : home))
			return true;
	}
	return false;
}

/* Can MARK tell what TELLING does? Of what was alike in what they say. */
static bool
are_one(const struct retold *retold, const struct mark *mark, const struct telling *telling)
{
	if (telling->by >> mark->stream & 1)
		return false;
	if (mark->host && telling->host && mark->host != telling->host)
		return false;
	if (mark->pid != NO_PID && telling->pid != NO_PID)
		return mark->pid == telling->pid;
	return (mark->host && telling->host) || mark->has_id ||
	    are_related(retold, mark, telling);
}

static void
set_home(struct retold *retold, uint32_t stream, uint32_t host)
{
	uint32_t *home = &retold->home[stream];

	*home = *home == 0 || *home == host ? host : MANY;
}

/* MARK and TELLING have an id in common: what they say of streams that name no host. */
static void
learn(struct retold *retold, const struct mark *mark, const struct telling *telling)
{
	if (mark->host == 0 && telling->host)
		set_home(retold, mark->stream, telling->host);
	if (telling->host)
		return;
	for (uint64_t by = telling->by; by; by &= by - 1) {
		uint32_t other = (uint32_t)__builtin_ctzll(by);

		if (mark->host) {
			set_home(retold, other, mark->host);
		} else {
			retold->alike[mark->stream] |= UINT64_C(1) << other;
			retold->alike[other] |= UINT64_C(1) << mark->stream;
		}
	}
}

/* Up to WEIGHT of MARK's events were told by others in SECOND; returns how many were not. */
static uint32_t
match(struct retold *retold, const struct mark *mark, int64_t second, uint32_t weight)
{
	struct tellings *told = &retold->told;
	uint64_t key = key_of(mark, second), serial = *slot_of(told, key);
	unsigned looks = RETOLD_LOOKS;
	struct telling *telling;

	while (weight && (telling = next_telling(told, key, &serial, &looks))) {
		uint32_t n = telling->weight < weight ? telling->weight : weight;
		struct telling both = *telling;

		if (n == 0 || !are_one(retold, mark, telling))
			continue;
		if (mark->has_id)
			learn(retold, mark, telling);
		telling->weight -= n;
		both.by |= UINT64_C(1) << mark->stream;
		both.host = both.host ? both.host : mark->host;
		both.pid = both.pid != NO_PID ? both.pid : mark->pid;
		add_telling(told, &both, n);
		weight -= n;
	}
	return weight;
}

void
retold_foresee(struct retold *retold, const struct event *ev, uint32_t stream)
{
	struct telling telling;
	struct mark mark;

	if (stream >= RETOLD_STREAMS || !has_id(ev, NULL))
		return;
	mark = mark_of(ev, stream, NULL);
	for (int64_t second = mark.second - 1; second <= mark.second + 1; second++) {
		struct tellings *of[] = {&retold->told, &retold->foreseen};
		uint64_t key = key_of(&mark, second);

		for (unsigned i = 0; i < 2; i++) {
			uint64_t serial = *slot_of(of[i], key);
			unsigned looks = RETOLD_LOOKS;
			struct telling *other;

			while ((other = next_telling(of[i], key, &serial, &looks)))
				if (are_one(retold, &mark, other))
					learn(retold, &mark, other);
		}
	}
	telling = (struct telling){.key = key_of(&mark, mark.second),
	    .by = UINT64_C(1) << stream, .pid = mark.pid, .host = mark.host};
	add_telling(&retold->foreseen, &telling, 1);
}

/* EV, of STREAM, names no host: it gets that of which STREAM is known to be. */
static void
set_host(struct retold *retold, struct event *ev, uint32_t stream)
{
	uint32_t *home = &retold->home[stream];

	if (*home == 0)
		*home = retold->seeded[stream];
	if (*home == 0 || *home == MANY)
		return;
	ev->host_no = (uint16_t)*home;
	ev->host = (struct text){0};
	event_mark(ev, FIELD_host);
}

bool
retold_is_new(struct retold *retold, struct event *ev, uint32_t stream)
{
	uint32_t left = ev->weight;
	struct telling telling;
	struct mark mark;
	int64_t back;

	/* A host without a number: there are too many to tell them apart. */
	if (stream >= RETOLD_STREAMS || (event_knows(ev, FIELD_host) && ev->host_no == 0))
		return true;
	if (!event_knows(ev, FIELD_host))
		set_host(retold, ev, stream);
	mark = mark_of(ev, stream, NULL);
	back = left > 1 ? REPEAT_SECONDS : 1;
	left = match(retold, &mark, mark.second, left);
	for (int64_t i = 1; left && i <= back; i++)
		left = match(retold, &mark, mark.second - i, left);
	if (left)
		left = match(retold, &mark, mark.second + 1, left);
	if (left == 0)
		return false;
	telling = (struct telling){.key = key_of(&mark, mark.second),
	    .by = UINT64_C(1) << stream, .pid = mark.pid, .host = mark.host};
	add_telling(&retold->told, &telling, left);
	if (left != ev->weight) {
		EVENT_SET(ev, count, left);
		ev->weight = left;
	}
	return true;
}

void
retold_seed(struct retold *retold, const struct event *ev, uint32_t stream,
    const struct symbols *symbols, struct parse *parse)
{
	struct event copy = *ev;
	struct telling telling;
	struct mark mark;

	if (stream >= RETOLD_STREAMS || kind_is_derived(ev->kind))
		return;
	copy.host_no = 0;
	if (event_knows(ev, FIELD_host))
		copy.host_no = parse_add_host(parse, event_text(ev, FIELD_host, symbols));
	mark = mark_of(&copy, stream, symbols);
	if (mark.host)
		retold->seeded[stream] = retold->seeded[stream] == 0 ||
		    retold->seeded[stream] == mark.host ? mark.host : MANY;
	telling = (struct telling){.key = key_of(&mark, mark.second),
	    .by = UINT64_C(1) << stream, .pid = mark.pid, .host = mark.host};
	add_telling(&retold->told, &telling, ev->weight);
}
