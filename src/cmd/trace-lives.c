/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-lives: which lives of which queue ids belong to the story. Only ids that
 * were named together with the thing, or continue one that was, are kept; so
 * memory follows the story, not the log.
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

struct watched {
	uint32_t first;   /* number + 1 of its first life */
	uint32_t current; /* number + 1 of the one in this pass, 0: none yet */
	bool closed;      /* `removed` was seen: the next line begins another life */
	bool opened;      /* it has a client or a place in the queue: so does who opens it */
	bool counted;     /* watched since the beginning of this pass */
};

struct lives {
	struct dict ids;
	struct watched *watched; /* by number in `ids` */
	struct life *lives;
	size_t watched_room, life_count, life_room;
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
	free(lives->watched);
	free(lives->lives);
	free(lives);
}

void
lives_begin(struct lives *lives)
{
	lives->unsettled = false;
	lives->pass++;
	for (uint32_t i = 0; i < lives->ids.count; i++) {
		lives->watched[i].current = 0;
		lives->watched[i].closed = lives->watched[i].opened = false;
		lives->watched[i].counted = true;
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

/* The life of WATCHED that this pass is in; NEW_ONE: its next one begins. */
static uint32_t
current_life(struct lives *lives, struct watched *watched, bool new_one)
{
	uint32_t next;

	if (watched->current && !new_one)
		return watched->current - 1;
	next = watched->current ? lives->lives[watched->current - 1].next : watched->first;
	if (next == 0) {
		MEM_GROW(lives->lives, lives->life_count, lives->life_room);
		lives->lives[lives->life_count] =
		    (struct life){.group = (uint32_t)lives->life_count};
		next = (uint32_t)++lives->life_count;
		if (watched->current)
			lives->lives[watched->current - 1].next = next;
		else
			watched->first = next;
	}
	watched->current = next;
	watched->closed = watched->opened = false;
	return next - 1;
}

/* The life that EV, a line's, is of. One that opens an id that is in use ends that use. */
static uint32_t
life_of_line(struct lives *lives, struct watched *watched, const struct event *ev)
{
	bool opens = ev->kind == KIND_accept || ev->kind == KIND_submitted;
	bool first = watched->current == 0 || watched->closed || (opens && watched->opened);
	uint32_t life = current_life(lives, watched, first);

	if (first)
		lives->lives[life].began = ev->time;
	watched->opened |= opens || ev->kind == KIND_queued || ev->kind == KIND_delivery;
	watched->closed |= ev->kind == KIND_removed;
	return life;
}

/*
 * The life that EV, a derived event, is of. A message may have been held back until
 * after its id was used again; it is of the last life that had begun at its time, and
 * of lives of one second in their order.
 */
static uint32_t
life_of_derived(struct lives *lives, struct watched *watched, const struct event *ev)
{
	uint32_t best = current_life(lives, watched, false), next = watched->first;
	bool found = false;

	while (next) {
		const struct life *life = &lives->lives[next - 1];

		if (life->began <= ev->time && (!found ||
		    life->began > lives->lives[best].began ||
		    lives->lives[best].told == lives->pass)) {
			best = next - 1;
			found = true;
		}
		next = next == watched->current ? 0 : life->next;
	}
	if (ev->kind == KIND_message)
		lives->lives[best].told = lives->pass;
	return best;
}

static void
want(struct lives *lives, uint32_t root)
{
	if (lives->lives[root].wanted)
		return;
	lives->lives[root].wanted = true;
	lives->unsettled |= lives->lives[root].unfollowed;
}

/* LIFE goes on under the id that it was queued as. */
static void
join(struct lives *lives, uint32_t life, struct str next_qid)
{
	struct watched *next = find_watched(lives, next_qid);
	uint32_t a = root_of(lives, life), b;

	if (next == NULL) {
		if (lives->lives[a].wanted)
			watch(lives, next_qid);
		else
			lives->lives[a].unfollowed = true;
		return;
	}
	b = root_of(lives, current_life(lives, next, false));
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
	struct str next_qid = trace_text(ev, FIELD_next_qid, symbols);
	struct watched *watched = qid.len ? find_watched(lives, qid) : NULL;
	uint32_t life, root;

	if (qid.len && watched == NULL && (named || (next_qid.len &&
	    find_watched(lives, next_qid))))
		watch(lives, qid);
	if (watched == NULL)
		return LIVES_NONE;
	life = kind_is_derived(ev->kind) ? life_of_derived(lives, watched, ev) :
					   life_of_line(lives, watched, ev);
	if (named)
		want(lives, root_of(lives, life));
	if (next_qid.len)
		join(lives, life, next_qid);
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
