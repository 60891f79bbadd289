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
	uint32_t hash = (uint32_t)id;

	if (messages->opened_ids.mask == 0)
		return NULL;
	for (uint32_t at = hash;; at++) {
		const struct bin *bin = bin_of(&messages->opened_ids, at);

		for (uint32_t found = bin_find(bin, hash); found; found &= found - 1) {
			const struct opened *opened =
			    opened_at(messages, bin->number[__builtin_ctz(found)]);

			if (opened->id == id && opened->host == host)
				return opened;
		}
		if (!bin_is_full(bin))
			return NULL;
	}
}

/* Files NUMBER, the next one, unless its id is that of an earlier one. */
static void
file_opened(struct messages *messages, uint32_t number)
{
	const struct opened *opened = opened_at(messages, number);

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

static const struct opened *
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

/* That of HOST's ID, or NULL. */
static struct reopening *
find_reopening(const struct reopenings *reopenings, uint32_t host, uint64_t id)
{
	for (uint32_t at = (uint32_t)id;; at++) {
		const struct bin *bin = bin_of(&reopenings->bins, at);

		for (uint32_t found = bin_find(bin, (uint32_t)id); found;
		     found &= found - 1) {
			struct reopening *reopening =
			    &reopenings->list[bin->number[__builtin_ctz(found)] - 1];

			if (reopening->id == id && reopening->host == host)
				return reopening;
		}
		if (!bin_is_full(bin))
			return NULL;
	}
}

static void
file_reopening(struct reopenings *reopenings, uint32_t number)
{
	bins_put(&reopenings->bins, (uint32_t)reopenings->list[number - 1].id, number);
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
	*to = (struct reopening){.id = id, .ordinal = UINT64_MAX, .host = host,
	    .qid_len = (uint8_t)qid.len};
	memcpy(to->qid, qid.p, qid.len);
	file_reopening(reopenings, (uint32_t)reopenings->count);
}

static int
by_ordinal(const void *va, const void *vb)
{
	const struct reopening *a = va, *b = vb;

	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* There are few of them, however many ids NEXT opened. */
void
reopenings_find(struct reopenings *reopenings, const struct track *next)
{
	size_t kept = 0;

	if (reopenings->count == 0)
		return;
	for (uint32_t number = 1; number <= next->messages.opened_count; number++) {
		const struct opened *opened = opened_at(&next->messages, number);
		struct reopening *reopening =
		    find_reopening(reopenings, opened->host, opened->id);

		if (reopening && opened->ordinal < reopening->ordinal)
			reopening->ordinal = opened->ordinal;
	}
	for (size_t i = 0; i < reopenings->count; i++)
		if (reopenings->list[i].ordinal != UINT64_MAX)
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
	    reopenings->list[reopenings->done].ordinal <= ordinal) {
		const struct reopening *at = &reopenings->list[reopenings->done++];
		struct message *m = message_find(
		    &into->messages, at->host, (struct str){at->qid, at->qid_len});

		into->ordinal = base + at->ordinal;
		if (m)
			message_replace(into, m, out);
	}
}
