/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-lives: which lives of which queue ids belong to the story. Only ids that
 * were named together with the thing, or continue one that was, are kept; so
 * memory follows the story, not the log.
 *
 * An id is a host's: another may use the same one at the same time. It is watched on
 * all of them, and has lives on each. Where a line of one host means another host's is
 * for queue_named() and queue_judged() to say.
 */
#include "base/dict.h"
#include "cmd/trace.h"

struct life {
	uint32_t next;  /* number + 1 of the same id's next life, 0: none */
	uint32_t group; /* another life of the group, or itself: the root */
	bool wanted;    /* kept at the root, as is: */
	bool unfollowed; /* it went on under an id that nobody watched then */
	int64_t began;   /* time of its first event */
	unsigned told;   /* the pass in which its message was told */
};

/* An id on one host. */
struct queue {
	uint32_t host;    /* number in `hosts` */
	uint32_t next;    /* number + 1 of another host's, 0: none */
	uint32_t first;   /* number + 1 of its first life */
	uint32_t current; /* number + 1 of the one in this pass, 0: none yet */
	bool held;        /* the host had it in its queue, in any pass */
	bool closed;      /* `removed` was seen: the next line begins another life */
	bool opened;      /* it has a client or a place in the queue: so does who opens it */
};

struct watched {
	uint32_t queues; /* number + 1 of the first one */
	bool counted;    /* watched since the beginning of this pass */
	bool complete;   /* or even of the one before: all hosts that have it are known */
	bool sought;     /* not knowing them all, a line's meaning was not settled */
};

struct lives {
	struct dict ids, hosts;
	struct watched *watched; /* by number in `ids` */
	struct queue *queues;
	struct life *lives;
	size_t watched_room, queue_count, queue_room, life_count, life_room;
	unsigned pass;
	bool unsettled;
};

struct lives *
lives_new(void)
{
	return xcalloc(1, sizeof(struct lives));
}

void
lives_free(struct lives *lives)
{
	if (lives == NULL)
		return;
	dict_free(&lives->ids);
	dict_free(&lives->hosts);
	free(lives->watched);
	free(lives->queues);
	free(lives->lives);
	free(lives);
}

void
lives_begin(struct lives *lives)
{
	lives->unsettled = false;
	lives->pass++;
	for (uint32_t i = 0; i < lives->ids.count; i++) {
		lives->watched[i].complete = lives->watched[i].counted;
		lives->watched[i].counted = true;
	}
	for (size_t i = 0; i < lives->queue_count; i++) {
		struct queue *queue = &lives->queues[i];

		queue->current = 0;
		queue->closed = queue->opened = false;
	}
}

bool
lives_unsettled(const struct lives *lives)
{
	return lives->unsettled;
}

static uint32_t
root_of(struct lives *lives, uint32_t life)
{
	while (lives->lives[life].group != life) {
		lives->lives[life].group = lives->lives[lives->lives[life].group].group;
		life = lives->lives[life].group;
	}
	return life;
}

static void
watch(struct lives *lives, struct str qid)
{
	uint32_t hash = dict_hash(qid);
	uint32_t number = dict_find(&lives->ids, qid, hash);

	if (number != DICT_NONE)
		return;
	number = dict_add(&lives->ids, qid, hash);
	if (number == lives->watched_room) {
		lives->watched_room = lives->watched_room ? lives->watched_room * 2 : 16;
		lives->watched = xrealloc(lives->watched, lives->watched_room,
		    sizeof(*lives->watched));
	}
	lives->watched[number] = (struct watched){0};
	lives->unsettled = true;
}

static struct watched *
find_watched(struct lives *lives, struct str qid)
{
	uint32_t number = dict_find(&lives->ids, qid, dict_hash(qid));

	return number == DICT_NONE || !lives->watched[number].counted ?
	    NULL : &lives->watched[number];
}

/* The next one of an id's queues, *AT starting as the id's; NULL at the end. */
static struct queue *
next_queue(const struct lives *lives, uint32_t *at)
{
	struct queue *queue = *at ? &lives->queues[*at - 1] : NULL;

	*at = queue ? queue->next : 0;
	return queue;
}

/* The one of HOST; made if it is not there and MAKE, which moves all others. */
static struct queue *
queue_of(struct lives *lives, struct watched *watched, uint32_t host, bool make)
{
	uint32_t at = watched->queues;
	struct queue *queue;

	while ((queue = next_queue(lives, &at)))
		if (queue->host == host)
			return queue;
	if (!make)
		return NULL;
	MEM_GROW(lives->queues, lives->queue_count, lives->queue_room);
	queue = &lives->queues[lives->queue_count++];
	*queue = (struct queue){.host = host, .next = watched->queues};
	watched->queues = (uint32_t)lives->queue_count;
	return queue;
}

/* The one that held the id, if only one did; else NULL. */
static struct queue *
only_held(const struct lives *lives, const struct watched *watched)
{
	struct queue *queue, *only = NULL;
	uint32_t at = watched->queues;

	while ((queue = next_queue(lives, &at))) {
		if (queue->held && only)
			return NULL;
		if (queue->held)
			only = queue;
	}
	return only;
}

/* Not knowing all hosts yet, another pass must be made if there are any. */
static void
seek(struct lives *lives, struct watched *watched)
{
	uint32_t at = watched->queues;
	struct queue *queue;

	watched->sought = true;
	while ((queue = next_queue(lives, &at)))
		lives->unsettled |= queue->held;
}

/*
 * The queue that a filter's verdict is about. The filter may write another name of HOST
 * than Postfix does, or none.
 */
static struct queue *
queue_judged(struct lives *lives, struct watched *watched, uint32_t host)
{
	struct queue *queue = queue_of(lives, watched, host, true), *only;

	if (queue->held)
		return queue;
	if (!watched->complete) {
		seek(lives, watched);
		return queue;
	}
	only = only_held(lives, watched);
	return only ? only : queue;
}

static struct str
first_label(struct str name)
{
	return str_head(name, str_index(name, '.'));
}

/*
 * The queue where a message of HOST got the id that EV names, or NULL. On this host, where
 * it stayed there: a bounce, or given to a filter on loopback. Else the host that the
 * relay's name begins like; else this one, to which a filter elsewhere gave it back; else the
 * only one that had the id: the relay's name and the host's need not be alike.
 */
static struct queue *
queue_named(struct lives *lives, struct watched *watched, uint32_t host,
    const struct event *ev, const struct symbols *symbols)
{
	struct str relay = first_label(trace_text(ev, FIELD_relay, symbols));
	struct str ip = trace_text(ev, FIELD_relay_ip, symbols);
	struct queue *own = queue_of(lives, watched, host, false), *queue;
	uint32_t at = watched->queues;

	if (own && !own->held)
		own = NULL;
	if (ev->kind == KIND_bounce_link || event_knows(ev, FIELD_orig_qid) ||
	    str_starts(ip, STR("127.")) || str_eq(ip, STR("::1"))) {
		watched->sought |= !own;
		return own;
	}
	if (own && !ip.len)
		return own;
	if (!watched->complete) {
		seek(lives, watched);
		return NULL;
	}
	while ((queue = next_queue(lives, &at)))
		if (ip.len && queue->held && str_eq_nocase(
		    first_label(dict_text(&lives->hosts, queue->host)), relay))
			return queue;
	return own ? own : only_held(lives, watched);
}

/* The life of QUEUE that this pass is in; NEW_ONE: its next one begins. */
static uint32_t
current_life(struct lives *lives, struct queue *queue, bool new_one)
{
	uint32_t next;

	if (queue->current && !new_one)
		return queue->current - 1;
	next = queue->current ? lives->lives[queue->current - 1].next : queue->first;
	if (next == 0) {
		MEM_GROW(lives->lives, lives->life_count, lives->life_room);
		lives->lives[lives->life_count] =
		    (struct life){.group = (uint32_t)lives->life_count};
		next = (uint32_t)++lives->life_count;
		if (queue->current)
			lives->lives[queue->current - 1].next = next;
		else
			queue->first = next;
	}
	queue->current = next;
	queue->closed = queue->opened = false;
	return next - 1;
}

/* The life that EV, a line's, is of. One that opens an id that is in use ends that use. */
static uint32_t
life_of_line(struct lives *lives, struct queue *queue, const struct event *ev)
{
	bool opens = ev->kind == KIND_accept || ev->kind == KIND_submitted;
	bool first = queue->current == 0 || queue->closed || (opens && queue->opened);
	uint32_t life = current_life(lives, queue, first);

	if (first)
		lives->lives[life].began = ev->time;
	queue->opened |= opens || ev->kind == KIND_queued || ev->kind == KIND_delivery;
	queue->closed |= ev->kind == KIND_removed;
	return life;
}

/*
 * The life that EV, a derived event, is of. A message may have been held back until
 * after its id was used again; it is of the last life that had begun at its time, and
 * of lives of one second in their order.
 */
static uint32_t
life_of_derived(struct lives *lives, struct queue *queue, const struct event *ev)
{
	uint32_t best = current_life(lives, queue, false), next = queue->first;
	bool found = false;

	while (next) {
		const struct life *life = &lives->lives[next - 1];

		if (life->began <= ev->time && (!found ||
		    life->began > lives->lives[best].began ||
		    lives->lives[best].told == lives->pass)) {
			best = next - 1;
			found = true;
		}
		next = next == queue->current ? 0 : life->next;
	}
	if (ev->kind == KIND_message)
		lives->lives[best].told = lives->pass;
	return best;
}

/* The life of the id WATCHED that EV is of. */
static uint32_t
life_of(struct lives *lives, struct watched *watched, uint32_t host, const struct event *ev)
{
	struct queue *queue;

	if (ev->kind == KIND_spam_verdict)
		return life_of_line(lives, queue_judged(lives, watched, host), ev);
	queue = queue_of(lives, watched, host, true);
	if (kind_is_derived(ev->kind))
		return life_of_derived(lives, queue, ev);
	/* Lines before this one may have meant it. */
	if (!queue->held)
		lives->unsettled |= watched->sought;
	queue->held = true;
	return life_of_line(lives, queue, ev);
}

static void
want(struct lives *lives, uint32_t root)
{
	if (lives->lives[root].wanted)
		return;
	lives->lives[root].wanted = true;
	lives->unsettled |= lives->lives[root].unfollowed;
}

/* The other id that EV names: of what it was queued as, or is a notification about. */
static struct str
other_qid(const struct event *ev, const struct symbols *symbols)
{
	struct str next = trace_text(ev, FIELD_next_qid, symbols);

	return next.len ? next : trace_text(ev, FIELD_orig_qid, symbols);
}

/* LIFE, of HOST, is one with that of the other id that EV names. */
static void
join(struct lives *lives, uint32_t life, uint32_t host, const struct event *ev,
    const struct symbols *symbols)
{
	struct str other = other_qid(ev, symbols);
	struct watched *next = find_watched(lives, other);
	uint32_t a = root_of(lives, life), b;
	struct queue *queue;

	if (next == NULL) {
		if (lives->lives[a].wanted)
			watch(lives, other);
		else
			lives->lives[a].unfollowed = true;
		return;
	}
	queue = queue_named(lives, next, host, ev, symbols);
	if (queue == NULL)
		return;
	b = root_of(lives, current_life(lives, queue, false));
	if (a == b)
		return;
	if (lives->lives[a].wanted != lives->lives[b].wanted)
		lives->unsettled = true;
	lives->lives[a].wanted |= lives->lives[b].wanted;
	lives->lives[a].unfollowed |= lives->lives[b].unfollowed;
	lives->lives[b].group = a;
}

uint32_t
lives_event(struct lives *lives, const struct event *ev, const struct symbols *symbols,
    bool named)
{
	struct str qid = trace_text(ev, FIELD_qid, symbols);
	struct str other = other_qid(ev, symbols);
	struct watched *watched = qid.len ? find_watched(lives, qid) : NULL;
	uint32_t host, life, root;

	if (qid.len && watched == NULL && (named || (other.len &&
	    find_watched(lives, other))))
		watch(lives, qid);
	if (watched == NULL)
		return LIVES_NONE;
	host = dict_get(&lives->hosts, trace_text(ev, FIELD_host, symbols));
	life = life_of(lives, watched, host, ev);
	if (named)
		want(lives, root_of(lives, life));
	if (other.len)
		join(lives, life, host, ev, symbols);
	root = root_of(lives, life);
	return lives->lives[root].wanted ? root : LIVES_NONE;
}

const struct str *
lives_ids(const struct lives *lives, struct arena *arena, size_t *ret_count)
{
	struct str *ids = arena_alloc(arena, (lives->ids.count + 1) * sizeof(*ids));

	for (uint32_t i = 0; i < lives->ids.count; i++)
		ids[i] = dict_text(&lives->ids, i);
	*ret_count = lives->ids.count;
	return ids;
}
