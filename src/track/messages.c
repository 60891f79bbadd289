/* SPDX-License-Identifier: Apache-2.0
 *
 * messages: the table of messages as a whole: its beginning and end, its numbers
 * renamed, and its join with that of the piece before.
 *
 * At a join the later piece's messages move over first, to be referred to, but are
 * not found by their ids: what was set aside happened before or beside them and
 * means older ones. After the replay they take their places.
 */
#include "track/room.h"

#include <stdlib.h>

void
messages_init(struct messages *messages)
{
	registry_init(&messages->registry, sizeof(struct message), message_hash);
	hops_init(messages);
	recipients_init(messages);
	for (unsigned w = 0; w < WAITINGS; w++)
		messages->waiting[w].links = offsetof(struct message, links);
	messages->stray = INT64_MIN;
	messages->due = INT64_MIN;
}

void
messages_free(struct messages *messages)
{
	registry_free(&messages->registry);
	free(messages->by_msgid);
	slots_free(&messages->by_recipient);
	pool_free(&messages->recipients);
	pool_free(&messages->blocks);
	opened_free(messages);
}

void
messages_renumber(struct messages *messages, uint32_t *const remap[DOMAINS])
{
	struct message *m;

	for (uint32_t at = 0; (m = registry_next(&messages->registry, &at));) {
		m->host = renumbered(remap, DOMAIN_WORD, m->host);
		m->program = renumbered(remap, DOMAIN_WORD, m->program);
		m->daemon = renumbered(remap, DOMAIN_WORD, m->daemon);
		m->instance = renumbered(remap, DOMAIN_WORD, m->instance);
		m->ip = renumbered(remap, DOMAIN_IP, m->ip);
		m->name = renumbered(remap, DOMAIN_NAME, m->name);
		m->user = renumbered(remap, DOMAIN_ADDRESS, m->user);
		m->mechanism = renumbered(remap, DOMAIN_TEXT, m->mechanism);
		m->sender = renumbered(remap, DOMAIN_ADDRESS, m->sender);
		m->verdict.category = renumbered(remap, DOMAIN_WORD, m->verdict.category);
	}
	registry_refile(&messages->registry);
	opened_renumber(messages, remap);
	recipients_renumber(messages, remap);
}

static struct message *
copy_message(struct track *into, const struct messages *next, const struct message *from,
    uint64_t base)
{
	struct message *m = registry_add_copy(&into->messages.registry, from);

	m->serial += base;
	m->closed += base;
	if (m->named)
		m->named += base;
	if (m->verdict.ordinal)
		m->verdict.ordinal += base;
	m->waiting = WAITING_NOT;
	if (into->from_start)
		m->flags &= (uint16_t)~MESSAGE_HELD;
	recipients_adopt(&into->messages, m, next, from);
	if (m->flags & MESSAGE_SOUGHT)
		hop_offer(into, m);
	return m;
}

uint32_t *
messages_adopt(struct track *into, const struct track *next, uint64_t base)
{
	const struct registry *registry = &next->messages.registry;
	uint32_t *numbers = xcalloc(registry->pool.next, sizeof(*numbers));
	const struct message *from;

	for (uint32_t at = 0; (from = registry_next(registry, &at));)
		numbers[from->entry.number] = copy_message(into, &next->messages, from,
		    base)->entry.number;
	for (uint32_t at = 0; (from = registry_next(registry, &at));) {
		struct message *m = message_at(&into->messages, numbers[from->entry.number]);

		m->root = numbers[m->root];
		m->parent = numbers[m->parent];
		m->next_member = numbers[m->next_member];
		m->previous_member = numbers[m->previous_member];
	}
	return numbers;
}

/* The copy of FROM, or NULL if it ended during the replay. */
static struct message *
copy_of(const struct track *into, const struct message *from, const uint32_t *numbers,
    uint64_t base)
{
	struct message *m = message_at(&into->messages, numbers[from->entry.number]);

	return m->serial == from->serial + base ? m : NULL;
}

static void
settle(struct track *into, struct message *m, const struct message *from,
    struct track_out *out)
{
	struct messages *messages = &into->messages;

	if (from->entry.filed) {
		struct message *old =
		    message_find(messages, m->host, (struct str){m->qid, m->qid_len});

		if (old)
			message_replace(into, old, out);
		registry_file(&messages->registry, m);
	}
	registry_touch(&messages->registry, m);
}

/* Those that wait are complete families; NEXT's roots may have become hops since. */
static void
settle_waiting(struct track *into, const struct track *next, enum waiting waiting,
    const uint32_t *numbers, uint64_t base, struct track_out *out)
{
	const struct message *from;

	for (uint32_t n = next->messages.waiting[waiting].first; n; n = from->links.next) {
		struct message *m;

		from = message_at(&next->messages, n);
		m = copy_of(into, from, numbers, base);
		if (m && m->root == 0 && m->unfinished == 0 && m->waiting == WAITING_NOT)
			family_complete(into, m, out);
	}
}

void
messages_settle(struct track *into, const struct track *next, const uint32_t *numbers,
    uint64_t base, struct track_out *out)
{
	struct messages *messages = &into->messages;
	const struct message *from;

	for (uint32_t at = 0; (from = registry_next(&next->messages.registry, &at));) {
		struct message *m;

		m = copy_of(into, from, numbers, base);
		if (m)
			settle(into, m, from, out);
	}
	settle_waiting(into, next, WAITING_BLOCKED, numbers, base, out);
	settle_waiting(into, next, WAITING_LINGERING, numbers, base, out);
	settle_waiting(into, next, WAITING_VERDICT, numbers, base, out);
	for (uint32_t left = messages->waiting[WAITING_BLOCKED].count; left; left--) {
		struct message *root = message_at(messages,
		    messages->waiting[WAITING_BLOCKED].first);

		family_stop_waiting(messages, root);
		family_complete(into, root, out);
	}
	/* No event comes to INTO itself that would end what waited long enough. */
	family_sweep(into, next->latest > into->latest ? next->latest : into->latest, out);
}

bool
messages_finish(struct track *track, size_t most, struct track_out *out)
{
	struct messages *messages = &track->messages;

	while (messages->registry.pool.live && out->count < most)
		family_end(track,
		    message_root(messages, registry_oldest(&messages->registry)), out);
	return messages->registry.pool.live;
}
