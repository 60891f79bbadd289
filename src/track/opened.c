/* SPDX-License-Identifier: Apache-2.0
 *
 * opened: the queue ids that a later piece of a log saw opened. Whatever it is told of
 * one afterwards is no matter of older pieces, though the message is over: nothing of it
 * is set aside. And where an older piece still has a message with that id, which is
 * used again, it is replaced at the join, at the place where the id was opened.
 *
 * Ids are known by hashes, which are put in order only when somebody asks.
 */
#include "track/room.h"

#include <stdlib.h>

struct opened {
	uint64_t id, ordinal;
	uint32_t host;
};

static struct opened *
opened_at(const struct messages *messages, uint32_t number)
{
	return (struct opened *)(void *)messages->opened.p + number - 1;
}

void
opened_add(struct messages *messages, uint32_t host, uint64_t id, uint64_t ordinal)
{
	region_reserve(&messages->opened, ++messages->opened_count * sizeof(struct opened));
	*opened_at(messages, messages->opened_count) = (struct opened){id, ordinal, host};
}

/* The first opening of an id among those that are indexed. */
static const struct opened *
find_indexed(const struct messages *messages, uint32_t host, uint64_t id)
{
	uint32_t at = (uint32_t)id, number;

	while ((number = slots_next(&messages->opened_ids, (uint32_t)id, &at))) {
		const struct opened *opened = opened_at(messages, number);

		if (opened->id == id && opened->host == host)
			return opened;
	}
	return NULL;
}

static const struct opened *
find_opened(struct messages *messages, uint32_t host, struct str qid)
{
	while (messages->opened_indexed < messages->opened_count) {
		uint32_t number = ++messages->opened_indexed;
		const struct opened *opened = opened_at(messages, number);

		if (!find_indexed(messages, opened->host, opened->id))
			slots_add(&messages->opened_ids, (uint32_t)opened->id, number);
	}
	return qid.len ? find_indexed(messages, host, message_id_hash(qid)) : NULL;
}

bool
opened_here(struct track *track, uint32_t host, struct str qid)
{
	return !track->from_start && find_opened(&track->messages, host, qid) != NULL;
}

void
opened_init(struct messages *messages)
{
	slots_init(&messages->opened_ids);
}

void
opened_free(struct messages *messages)
{
	region_free(&messages->opened);
	slots_free(&messages->opened_ids);
}

void
opened_renumber(struct messages *messages, uint32_t *const remap[DOMAINS])
{
	for (uint32_t number = 1; number <= messages->opened_count; number++) {
		struct opened *opened = opened_at(messages, number);

		opened->host = renumbered(remap, DOMAIN_WORD, opened->host);
	}
}

void
opened_adopt(struct track *into, const struct track *next, uint64_t base)
{
	for (uint32_t number = 1; number <= next->messages.opened_count; number++) {
		const struct opened *opened = opened_at(&next->messages, number);

		if (!into->from_start)
			opened_add(&into->messages, opened->host, opened->id,
			    base + opened->ordinal);
	}
}

void
reopenings_add(struct reopenings *reopenings, struct track *next, uint32_t host,
    struct str qid)
{
	const struct opened *opened;
	struct reopening *to;

	if (qid.len > QID_MAX)
		return;
	opened = find_opened(&next->messages, host, qid);
	if (!opened)
		return;
	MEM_GROW(reopenings->list, reopenings->count, reopenings->room);
	to = &reopenings->list[reopenings->count++];
	*to = (struct reopening){
	    .ordinal = opened->ordinal, .host = host, .qid_len = (uint8_t)qid.len};
	memcpy(to->qid, qid.p, qid.len);
}

static int
by_ordinal(const void *va, const void *vb)
{
	const struct reopening *a = va, *b = vb;

	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

void
reopenings_sort(struct reopenings *reopenings)
{
	if (reopenings->count)
		qsort(reopenings->list, reopenings->count, sizeof(*reopenings->list),
		    by_ordinal);
}

void
reopenings_until(struct reopenings *reopenings, struct track *into, uint64_t ordinal,
    uint64_t base, struct track_out *out)
{
	while (reopenings->done < reopenings->count &&
	    reopenings->list[reopenings->done].ordinal <= ordinal) {
		const struct reopening *at = &reopenings->list[reopenings->done++];
		struct message *m = message_find(
		    &into->messages, at->host, (struct str){at->qid, at->qid_len});

		into->ordinal = base + at->ordinal;
		if (m)
			message_replace(into, m, out);
	}
}
