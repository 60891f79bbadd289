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

static struct opening *
opened_at(const struct messages *messages, uint32_t number)
{
	return (struct opening *)(void *)messages->opened.p + number - 1;
}

void
opened_add(struct messages *messages, uint32_t host, uint64_t id, uint64_t ordinal)
{
	region_reserve(&messages->opened, ++messages->opened_count * sizeof(struct opening));
	*opened_at(messages, messages->opened_count) = (struct opening){id, ordinal, host};
}

/*
 * That of HOST's ID among LIST's, which begin SIZE bytes one behind the other and are numbered
 * from 1 on in BINS; or NULL.
 */
static inline struct opening *
find_opening(const struct bins *bins, void *list, size_t size, uint32_t host, uint64_t id)
{
	uint32_t hash = (uint32_t)id;

	if (bins->mask == 0)
		return NULL;
	for (uint32_t at = hash;; at++) {
		const struct bin *bin = bin_of(bins, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1) {
			uint32_t number = bin->number[__builtin_ctz(found)];
			struct opening *opening =
			    (void *)((char *)list + (number - 1) * size);

			if (opening->id == id && opening->host == host)
				return opening;
		}
		if (!bin_is_full(bin))
			return NULL;
	}
}

/* The first opening of an id among those that are indexed. */
static const struct opening *
find_indexed(const struct messages *messages, uint32_t host, uint64_t id)
{
	return find_opening(&messages->opened_ids, messages->opened.p,
	    sizeof(struct opening), host, id);
}

/* Files NUMBER, the next one, unless its id is that of an earlier one. */
static void
file_opened(struct messages *messages, uint32_t number)
{
	const struct opening *opened = opened_at(messages, number);

	if (find_indexed(messages, opened->host, opened->id))
		return;
	bins_put(&messages->opened_ids, (uint32_t)opened->id, number);
}

/* Those that are indexed find places in more bins. */
static void
grow(struct messages *messages)
{
	bins_double(&messages->opened_ids);
	for (uint32_t number = 1; number <= messages->opened_indexed; number++)
		file_opened(messages, number);
}

static const struct opening *
find_opened(struct messages *messages, uint32_t host, struct str qid)
{
	while (messages->opened_indexed < messages->opened_count) {
		if (!bins_have_room(&messages->opened_ids, messages->opened_indexed))
			grow(messages);
		file_opened(messages, ++messages->opened_indexed);
	}
	return qid.len ? find_indexed(messages, host, message_id_hash(qid)) : NULL;
}

bool
opened_here(struct track *track, uint32_t host, struct str qid)
{
	return !track->from_start && find_opened(&track->messages, host, qid) != NULL;
}

void
opened_free(struct messages *messages)
{
	region_free(&messages->opened);
	region_free(&messages->opened_ids.region);
}

void
opened_renumber(struct messages *messages, uint32_t *const remap[DOMAINS])
{
	for (uint32_t number = 1; number <= messages->opened_count; number++) {
		struct opening *opened = opened_at(messages, number);

		opened->host = renumbered(remap, DOMAIN_WORD, opened->host);
	}
}

void
opened_adopt(struct track *into, const struct track *next, uint64_t base)
{
	for (uint32_t number = 1; number <= next->messages.opened_count; number++) {
		const struct opening *opened = opened_at(&next->messages, number);

		if (!into->from_start)
			opened_add(&into->messages, opened->host, opened->id,
			    base + opened->ordinal);
	}
}

static struct opening *
find_reopening(const struct reopenings *reopenings, uint32_t host, uint64_t id)
{
	return find_opening(&reopenings->bins, reopenings->list, sizeof(*reopenings->list),
	    host, id);
}

static void
file_reopening(struct reopenings *reopenings, uint32_t number)
{
	bins_put(&reopenings->bins, (uint32_t)reopenings->list[number - 1].opened.id, number);
}

void
reopenings_add(struct reopenings *reopenings, uint32_t host, struct str qid)
{
	struct reopening *to;
	uint64_t id;

	if (qid.len == 0 || qid.len > QID_MAX)
		return;
	id = message_id_hash(qid);
	if (!bins_have_room(&reopenings->bins, (uint32_t)reopenings->count)) {
		bins_double(&reopenings->bins);
		for (uint32_t number = 1; number <= reopenings->count; number++)
			file_reopening(reopenings, number);
	}
	if (find_reopening(reopenings, host, id))
		return;
	MEM_GROW(reopenings->list, reopenings->count, reopenings->room);
	to = &reopenings->list[reopenings->count++];
	*to = (struct reopening){
	    .opened = {id, UINT64_MAX, host}, .qid_len = (uint8_t)qid.len};
	memcpy(to->qid, qid.p, qid.len);
	file_reopening(reopenings, (uint32_t)reopenings->count);
}

static int
by_ordinal(const void *va, const void *vb)
{
	const struct reopening *a = va, *b = vb;

	return (a->opened.ordinal > b->opened.ordinal) -
	    (a->opened.ordinal < b->opened.ordinal);
}

/* There are few of them, however many ids NEXT opened. */
void
reopenings_find(struct reopenings *reopenings, const struct track *next)
{
	size_t kept = 0;

	if (reopenings->count == 0)
		return;
	for (uint32_t number = 1; number <= next->messages.opened_count; number++) {
		const struct opening *opened = opened_at(&next->messages, number);
		struct opening *reopening =
		    find_reopening(reopenings, opened->host, opened->id);

		if (reopening && opened->ordinal < reopening->ordinal)
			reopening->ordinal = opened->ordinal;
	}
	for (size_t i = 0; i < reopenings->count; i++)
		if (reopenings->list[i].opened.ordinal != UINT64_MAX)
			reopenings->list[kept++] = reopenings->list[i];
	reopenings->count = kept;
	qsort(reopenings->list, kept, sizeof(*reopenings->list), by_ordinal);
}

void
reopenings_free(struct reopenings *reopenings)
{
	region_free(&reopenings->bins.region);
	free(reopenings->list);
}

void
reopenings_until(struct reopenings *reopenings, struct track *into, uint64_t ordinal,
    uint64_t base, struct track_out *out)
{
	while (reopenings->done < reopenings->count &&
	    reopenings->list[reopenings->done].opened.ordinal <= ordinal) {
		const struct reopening *at = &reopenings->list[reopenings->done++];
		struct message *m = message_find(&into->messages, at->opened.host,
		    (struct str){at->qid, at->qid_len});

		into->ordinal = base + at->opened.ordinal;
		if (m)
			message_replace(into, m, out);
	}
}
