/* SPDX-License-Identifier: Apache-2.0
 *
 * hop: content filters. A filter takes a message out of the queue and puts it back
 * under another id; both are one message, a family with the first as its root.
 *
 * By name: a `sent` delivery says "queued as B" or "forwarded as B". Remote servers
 * write that text too, so the delivery must have gone to this host, or B have come
 * from it with the Message-ID of the message; and B must be the younger. A filter may be
 * another host of the own network: the delivery went to a private address, and B came from
 * one, with the Message-ID. What says so from the Internet may hide mail of its own.
 *
 * By Message-ID: B was submitted by a program of this host, and an older message
 * with the same Message-ID left the queue within HOP_WINDOW, or is still there and
 * was spoken of within QUEUE_WINDOW, as filters have backlogs. Preferably one that
 * has no hop yet: two copies that pass a filter together get one each. This is a
 * guess (a script may send one Message-ID all day long): it is dropped if the
 * family, when complete, has sent nothing to a filter that kept silent, and a
 * name outweighs it. A filter works under a user id of its own: equal user ids
 * mean two submissions.
 *
 * Where a log is cut in the middle of many messages with one Message-ID, a guess may
 * come out differently than uncut: which of them gets a hop, and so what is said of its
 * deliveries and verdict, and where guesses are dropped how many messages there are: in 14 of
 * 100 logs that are made of such messages, with a cut at every line.
 * Whatever has no such Message-ID comes out the same (tests/unit/track-split.c).
 */
#include "base/ip.h"
#include "track/room.h"

#include <stdlib.h>

#define CHAINS_FIRST 256u

static bool
is_local(const struct event *ev)
{
	struct str ip;

	if (!event_knows(ev, FIELD_relay_ip))
		return false;
	ip = event_str(ev, ev->relay_ip);
	return str_starts(ip, STR("127.")) || str_eq(ip, STR("::1"));
}

struct message *
hop_named(struct track *track, const struct event *ev)
{
	struct message *m;

	if (!event_knows(ev, FIELD_next_qid))
		return NULL;
	m = message_find(
	    &track->messages, NUMBERED(ev, host), event_str(ev, ev->next_qid));
	if (m && m->flags & MESSAGE_CLOSED && track_is_past(track, m->touched + HOP_WINDOW))
		return NULL;
	return m;
}

bool
hop_is_near(struct str ip)
{
	struct ip address;

	return ip_parse(ip, &address) && ip_is_private(&address);
}

/*
 * Had the family of ROOT ended before the event ORDINAL, so that it is only held for
 * verdicts or undecided ones? Hops do not count that are not older than SERIAL.
 */
static bool
was_over(const struct messages *messages, const struct message *root, uint64_t serial,
    uint64_t ordinal)
{
	const struct message *m = root;
	unsigned flags = 0;

	do {
		if (m->serial < serial) {
			if (!(m->flags & MESSAGE_CLOSED) || m->closed >= ordinal)
				return false;
			flags |= m->flags;
		}
		m = message_at(messages, m->next_member);
	} while (m != root);
	return !message_lingers(root->flags, flags);
}

/* Was CHILD, of the own network, told its Message-ID when that was PARENT's already? */
static bool
is_repeated(const struct message *parent, const struct message *child)
{
	return child->msgid_hash && child->msgid_hash == parent->msgid_hash &&
	    child->host == parent->host && parent->flags & MESSAGE_OPENED &&
	    parent->named && parent->named < child->named;
}

bool
hop_is_awaited(const struct track *track, const struct message *root)
{
	if (!(root->flags & MESSAGE_NEAR) || root->msgid_hash == 0)
		return false;
	if (!track->from_start)
		return true;
	for EACH_SOUGHT (m, &track->messages, root->msgid_hash)
		if (is_repeated(m, root) &&
		    (!(m->flags & MESSAGE_CLOSED) || m->closed > track->ordinal))
			return true;
	return false;
}

/* Is CHILD proved to be the hop that EV names, though it may have been over before? */
static bool
is_proved(const struct message *parent, const struct message *child, const struct event *ev)
{
	if (child->flags & MESSAGE_LOCAL)
		return child->msgid_hash && child->msgid_hash == parent->msgid_hash;
	return child->flags & MESSAGE_NEAR && is_repeated(parent, child) &&
	    event_knows(ev, FIELD_relay_ip) && hop_is_near(event_str(ev, ev->relay_ip));
}

bool
hop_allowed(struct track *track, const struct message *parent,
    const struct message *child, const struct event *ev)
{
	const struct messages *messages = &track->messages;
	uint32_t root = parent->root ? parent->root : parent->entry.number;

	if (child->serial <= parent->serial)
		return false;
	if (child->root == root)
		return true;
	if (child->flags & MESSAGE_NAMED)
		return false;
	if (message_at(messages, root)->members + child->members > FAMILY_MAX) {
		track->crowded = true;
		return false;
	}
	if (!(child->flags & MESSAGE_OPENED))
		return by_local(ev);
	return (is_local(ev) && !was_over(messages, child, UINT64_MAX, track->ordinal)) ||
	    is_proved(parent, child, ev);
}

void
hop_unlink(struct messages *messages, struct message *child)
{
	struct message *root = message_at(messages, child->root);
	struct message *next = message_at(messages, child->next_member);
	struct message *previous = message_at(messages, child->previous_member);

	next->previous_member = child->previous_member;
	previous->next_member = child->next_member;
	child->next_member = child->previous_member = child->entry.number;
	child->root = 0;
	child->members = 1;
	child->unfinished = !(child->flags & MESSAGE_CLOSED);
	child->flags &= (uint16_t) ~(MESSAGE_NAMED | MESSAGE_GUESSED);
	root->members--;
	root->unfinished -= child->unfinished;
}

/* Puts CHILD's whole ring behind ROOT's last. */
static void
splice(struct messages *messages, struct message *root, struct message *child)
{
	struct message *last = message_at(messages, root->previous_member);
	struct message *child_last = message_at(messages, child->previous_member);
	struct message *m = child;

	do {
		m->root = root->entry.number;
		m = message_at(messages, m->next_member);
	} while (m != child);
	last->next_member = child->entry.number;
	child->previous_member = last->entry.number;
	child_last->next_member = root->entry.number;
	root->previous_member = child_last->entry.number;
	root->members += child->members;
	root->unfinished += child->unfinished;
}

/* Moves one of ROOT's hops that CHILD or a hop of CHILD's named to CHILD; false: none. */
static bool
move_follower(struct messages *messages, struct message *root, struct message *child)
{
	struct message *m = message_at(messages, root->next_member);

	for (; m != root; m = message_at(messages, m->next_member)) {
		if (!(m->flags & MESSAGE_NAMED) || (m->parent != child->entry.number &&
		    message_at(messages, m->parent)->root != child->entry.number))
			continue;
		hop_unlink(messages, m);
		splice(messages, child, m);
		m->flags |= MESSAGE_NAMED;
		return true;
	}
	return false;
}

/*
 * Takes a wrongly guessed hop, with those that came of it, out of its family,
 * which may be complete without it. The hop itself is local: it lingers at least.
 */
static void
leave(struct track *track, struct message *child, struct track_out *out)
{
	struct message *root = message_root(&track->messages, child);

	family_stop_waiting(&track->messages, root);
	hop_unlink(&track->messages, child);
	while (move_follower(&track->messages, root, child))
		;
	if (root->unfinished == 0)
		family_complete(track, root, out);
	if (child->unfinished == 0)
		family_complete(track, child, out);
}

void
hop_link(struct track *track, struct message *parent, struct message *child,
    enum message_flags how, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *root = message_root(messages, parent);

	if (child->root != root->entry.number) {
		if (child->root)
			leave(track, child, out);
		family_stop_waiting(messages, root);
		family_stop_waiting(messages, child);
		splice(messages, root, child);
	} else if (how == MESSAGE_GUESSED) {
		return;
	}
	child->flags &= (uint16_t) ~(MESSAGE_NAMED | MESSAGE_GUESSED);
	child->flags |= (uint16_t)how;
	child->parent = parent->entry.number;
	if (root->unfinished == 0 && root->waiting == WAITING_NOT)
		family_complete(track, root, out);
}

static void
chain(const struct messages *messages, struct message *message)
{
	uint32_t *first = hop_chain(messages, message->msgid_hash);

	message->next_sought = *first;
	*first = message->entry.number;
}

/* Twice as many chains, so that most have one message or none. */
TRACK_SELDOM void
add_chains(struct messages *messages)
{
	uint32_t *old = messages->by_msgid, count = messages->sought_mask + 1, next;

	messages->by_msgid = xcalloc(count * 2, sizeof(*messages->by_msgid));
	messages->sought_mask = count * 2 - 1;
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t number = old[i]; number; number = next) {
			struct message *m = message_at(messages, number);

			next = m->next_sought;
			chain(messages, m);
		}
	free(old);
}

void
hops_init(struct messages *messages)
{
	messages->by_msgid = xcalloc(CHAINS_FIRST, sizeof(*messages->by_msgid));
	messages->sought_mask = CHAINS_FIRST - 1;
}

void
hop_offer(struct track *track, struct message *message)
{
	struct messages *messages = &track->messages;
	uint32_t same = 0;

	for EACH_SOUGHT (m, messages, message->msgid_hash)
		same++;
	message->flags &= (uint16_t)~MESSAGE_SOUGHT;
	if (same >= SOUGHT_MAX) {
		track->crowded = true;
		return;
	}
	if (++messages->sought_count > messages->sought_mask)
		add_chains(messages);
	chain(messages, message);
	message->flags |= MESSAGE_SOUGHT;
}

void
hop_withdraw(struct messages *messages, struct message *message)
{
	uint32_t *place = hop_chain(messages, message->msgid_hash);

	while (*place != message->entry.number)
		place = &message_at(messages, *place)->next_sought;
	*place = message->next_sought;
	messages->sought_count--;
	message->flags &= (uint16_t)~MESSAGE_SOUGHT;
}

static bool
could_be_parent(struct track *track, const struct message *parent,
    const struct message *child)
{
	bool gone = parent->flags & MESSAGE_CLOSED && parent->closed < track->ordinal;

	return parent->msgid_hash == child->msgid_hash && parent->root == 0 &&
	    parent->host == child->host && parent->serial < child->serial &&
	    parent->named < track->ordinal &&
	    parent->members < FAMILY_MAX &&
	    (parent->uid < 0 || parent->uid != child->uid) &&
	    !track_is_past(track, parent->touched + (gone ? HOP_WINDOW : QUEUE_WINDOW));
}

/* Had PARENT no hop yet when CHILD came? Hops that are younger than CHILD do not count. */
static bool
was_childless(const struct messages *messages, const struct message *parent,
    const struct message *child)
{
	const struct message *m = message_at(messages, parent->next_member);

	for (; m != parent; m = message_at(messages, m->next_member))
		if (m->serial < child->serial)
			return false;
	return true;
}

/* The youngest possible parent of CHILD: one without a hop, if ONLY_CHILDLESS. */
static struct message *
guess(struct track *track, const struct message *child, bool only_childless)
{
	const struct messages *messages = &track->messages;
	struct message *best = NULL;

	for EACH_SOUGHT (m, messages, child->msgid_hash) {
		if (!could_be_parent(track, m, child) ||
		    (best && m->serial < best->serial) ||
		    (only_childless && !was_childless(messages, m, child)) ||
		    was_over(messages, m, child->serial, track->ordinal))
			continue;
		best = m;
	}
	return best;
}

/* All that may turn out to be the parent of MESSAGE must not end before. */
static void
hold_candidates(struct track *track, const struct message *message)
{
	struct messages *messages = &track->messages;

	for EACH_SOUGHT (m, messages, message->msgid_hash)
		if (could_be_parent(track, m, message))
			m->flags |= MESSAGE_HELD;
}

/* May it turn out, when pieces are joined, that M is a hop of another one than now? */
static bool
is_open(const struct track *track, const struct message *m)
{
	return m->flags & MESSAGE_UNDECIDED ||
	    (m->flags & MESSAGE_NEAR && m->root == 0 && !track->from_start);
}

/* Is there one from SERIAL up to MESSAGE of which it is open what it is itself? */
static bool
is_contested(const struct track *track, uint64_t serial, const struct message *message)
{
	for EACH_SOUGHT (m, &track->messages, message->msgid_hash)
		if (m != message && is_open(track, m) && m->serial >= serial &&
		    m->serial < message->serial)
			return true;
	return false;
}

/*
 * In a later piece of a log a message without a hop is certainly the one: older
 * pieces have only older ones. Otherwise the best of this piece stands in, and
 * MESSAGE is undecided, until the pieces are joined.
 */
static void
seek(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *parent = guess(track, message, true);

	message->flags &= (uint16_t)~MESSAGE_UNDECIDED;
	if (is_contested(track, parent ? parent->serial : 0, message) ||
	    (!parent && track_in_reach(track, messages->stray, ev->time, QUEUE_WINDOW))) {
		seam_add(track, ev, SEAM_SEEK, message);
		message->flags |= MESSAGE_UNDECIDED;
		hold_candidates(track, message);
	}
	if (!parent)
		parent = guess(track, message, false);
	if (parent && message->root == parent->entry.number)
		return;
	if (message->root)
		leave(track, message, out);
	if (parent)
		hop_link(track, parent, message, MESSAGE_GUESSED, out);
}

void
hop_seek(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out)
{
	if (message->root == 0)
		seek(track, message, ev, out);
}

void
hop_seek_again(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out)
{
	if (!(message->flags & MESSAGE_NAMED))
		seek(track, message, ev, out);
}

void
hop_link_again(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *hop = hop_named(track, ev);
	struct recipient *r;

	if (!hop && !track->from_start)
		seam_add(track, ev, SEAM_LINK, message);
	if (!hop || !hop_allowed(track, message, hop, ev))
		return;
	r = recipient_find(messages, message, NUMBERED(ev, recipient),
	    NUMBERED(ev, orig_recipient));
	if (r && r->status == LAST_SENT)
		r->handed = HANDED_NAMED;
	hop_link(track, message, hop, MESSAGE_NAMED, out);
}
