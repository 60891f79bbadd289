/* SPDX-License-Identifier: Apache-2.0
 *
 * family: a message with all its hops, from the moment when every one of them is
 * closed to its end as a derived event. The root's client, login, sender and size
 * are the message's; a recipient that was handed to a hop counts where the hop
 * took it.
 *
 * A complete family lingers for HOP_WINDOW if more may come: its root was put in
 * by a program of this host, so that a delivery may yet name it as its hop, or by another
 * one of the own network, while an older message with its Message-ID is under way; or
 * something went to a filter that names no id. Any other waits a moment for verdicts
 * of filters whose own log comes behind.
 */
#include "track/room.h"

/* Most families are one message: what tells that is at hand. */
#define EACH_MEMBER(m, messages, root)                                                      \
	(struct message *m = (root); m;                                                     \
	    m = m->next_member == (root)->entry.number ?                                    \
		NULL : message_at((messages), m->next_member))

/* What is to be known of the members together. */
struct survey {
	unsigned flags;          /* of any */
	bool open;               /* one is not closed, or lost */
	int64_t last, delay;     /* event; largest */
	uint64_t first_filtered; /* serial of the first member that used a silent filter */
	uint64_t last_guessed;   /* serial of the last hop known by its Message-ID */
	const struct verdict *worst;
	const struct message *closed_last;
};

static void
survey(const struct messages *messages, struct message *root, struct survey *ret)
{
	*ret = (struct survey){.last = root->touched, .delay = -1,
	    .first_filtered = UINT64_MAX, .worst = &root->verdict, .closed_last = root};
	for EACH_MEMBER (m, messages, root) {
		ret->flags |= m->flags;
		if (m->flags & MESSAGE_LOST ||
		    (m->flags & (MESSAGE_QUEUED | MESSAGE_CLOSED)) == MESSAGE_QUEUED)
			ret->open = true;
		if (m->touched > ret->last)
			ret->last = m->touched;
		if (m->delay > ret->delay)
			ret->delay = m->delay;
		if (m->flags & MESSAGE_FILTERED && m->serial < ret->first_filtered)
			ret->first_filtered = m->serial;
		if (m->flags & MESSAGE_GUESSED && m->serial > ret->last_guessed)
			ret->last_guessed = m->serial;
		if (m->verdict.ordinal && verdict_is_worse(&m->verdict, ret->worst))
			ret->worst = &m->verdict;
		if (m->closed > ret->closed_last->closed)
			ret->closed_last = m;
	}
}

/* What stands of the recipients, hops counted once. */
struct tally {
	uint64_t count[LAST_STATUSES];
	uint32_t recipient, orig; /* of the last one counted */
};

/* Does a younger hop speak of the same recipient? */
static bool
is_told_later(const struct messages *messages, struct message *root, const struct message *m,
    const struct recipient *r)
{
	for EACH_MEMBER (later, messages, root) {
		if (later->serial <= m->serial)
			continue;
		if (recipient_find(messages, later, r->recipient, r->orig) ||
		    (r->orig && recipient_find(messages, later, r->recipient, SYMBOL_ABSENT)))
			return true;
	}
	return false;
}

/*
 * Was the recipient handed to a hop of the family? What the first member sent to
 * a silent filter came back as the hops that have its Message-ID. What those sent
 * through pipes may be a second filter or the delivery: it is the former if a
 * hop behind it has the recipient again.
 */
static bool
is_handed(const struct messages *messages, struct message *root, const struct message *m,
    const struct recipient *r, const struct survey *of)
{
	if (r->handed != HANDED_FILTER)
		return r->handed == HANDED_NAMED;
	if (of->last_guessed <= m->serial)
		return false;
	return m->serial == of->first_filtered || is_told_later(messages, root, m, r);
}

/* Those of M that there was no room for. */
TRACK_SELDOM void
tally_uncounted(const struct message *m, struct tally *tally)
{
	for (unsigned status = 0; status < LAST_STATUSES; status++)
		tally->count[status] += m->uncounted[status];
}

static void
tally_member(const struct messages *messages, struct message *root, struct message *m,
    const struct survey *of, struct tally *tally)
{
	for EACH_RECIPIENT (r, messages, m) {
		uint8_t status;

		if (is_handed(messages, root, m, r, of))
			continue;
		status = r->status;
		if (status == LAST_DEFERRED && m->flags & MESSAGE_EXPIRED)
			status = LAST_BOUNCED;
		tally->count[status]++;
		tally->recipient = r->recipient;
		tally->orig = r->orig;
	}
	if (m->recipient_count >= RECIPIENTS_MAX)
		tally_uncounted(m, tally);
}

static struct str
status_word(const struct tally *tally)
{
	if (tally->count[LAST_BOUNCED])
		return STR("bounced");
	if (tally->count[LAST_DEFERRED])
		return STR("deferred");
	return tally->count[LAST_SENT] ? STR("sent") : STR("");
}

/* What is said in bytes: the root's ids and the status. */
static void
set_texts(const struct messages *messages, struct event *to, const struct message *root,
    struct str status, struct track_out *out)
{
	char *line = out_line(out, to, QID_MAX + root->msgid_len + status.len);
	struct str qid = {line, root->qid_len}, msgid = {line + qid.len, root->msgid_len};

	/* All of its room: for a length that is not known the compiler takes `rep movs`. */
	memcpy(line, root->qid, QID_MAX);
	to->line_len = (uint32_t)(qid.len + msgid.len + status.len);
	EVENT_TEXT(to, qid, qid);
	msgid_copy(messages, root, line + qid.len);
	if (msgid.len)
		EVENT_TEXT(to, msgid, msgid);
	if (status.len == 0)
		return;
	memcpy(line + qid.len + msgid.len, status.p, status.len);
	status.p = line + qid.len + msgid.len;
	EVENT_TEXT(to, status, status);
}

static void
set_origin(struct event *to, const struct message *root)
{
	OUT_NUMBERED(to, host, root->host);
	OUT_NUMBERED(to, program, root->program);
	OUT_NUMBERED(to, daemon, root->daemon);
	OUT_NUMBERED(to, instance, root->instance);
	OUT_NUMBERED(to, name, root->name);
	OUT_NUMBERED(to, mechanism, root->mechanism);
	OUT_SET_IF(to, port, root->port, root->port >= 0);
}

static void
set_verdict(struct event *to, const struct verdict *worst)
{
	if (worst->ordinal == 0)
		return;
	OUT_NUMBERED(to, verdict, worst->word);
	OUT_NUMBERED(to, category, worst->category);
	OUT_SET_IF(to, score, worst->score, worst->score != INT64_MIN);
}

/* It may be told of long after: its place is the line that completed it. */
static void
set_place(struct event *to, const struct message *last)
{
	to->offset = last->end.offset;
	to->source_no = last->end.source_no;
	EVENT_SET(to, lineno, last->end.lineno);
	event_mark(to, FIELD_source);
}

/* All that track_wants() may do without. */
static void
set_details(const struct messages *messages, struct event *to, const struct message *root,
    const struct survey *of, const struct tally *tally, struct track_out *out)
{
	const uint64_t *count = tally->count;
	bool single = count[LAST_SENT] + count[LAST_DEFERRED] + count[LAST_BOUNCED] == 1;

	set_origin(to, root);
	if (single) {
		OUT_NUMBERED(to, recipient, tally->recipient);
		OUT_NUMBERED(to, orig_recipient, tally->orig);
	}
	set_verdict(to, of->worst);
	set_texts(messages, to, root, status_word(tally), out);
	OUT_SET_IF(to, delay, of->delay, of->delay >= 0);
	if (!of->open)
		set_place(to, of->closed_last);
}

/* As many as were logged; where no line says that, as Exim's, those that it was sent to. */
TRACK_INLINE int64_t
recipients_of(const struct message *root, const struct tally *tally)
{
	const uint64_t *count = tally->count;

	if (root->nrcpt >= 0 || !(root->flags & MESSAGE_QUEUED))
		return root->nrcpt;
	return (int64_t)(count[LAST_SENT] + count[LAST_DEFERRED] + count[LAST_BOUNCED]);
}

/* What is always told: LAST is the time of the family's last event. */
TRACK_INLINE struct event *
emit_plain(struct track *track, const struct message *root, int64_t last, bool open,
    const struct tally *tally, struct track_out *out)
{
	struct event *to = out_event(out, KIND_message, last);
	int64_t nrcpt = recipients_of(root, tally);

	OUT_NUMBERED(to, ip, root->ip);
	OUT_NUMBERED(to, user, root->user);
	OUT_NUMBERED(to, sender, root->flags & MESSAGE_SENDER ? root->sender : SYMBOL_ABSENT);
	OUT_SET_IF(to, uid, root->uid, root->uid >= 0);
	OUT_SET_IF(to, size, root->size, root->size >= 0);
	OUT_SET_IF(to, nrcpt, nrcpt, nrcpt > 0 || root->nrcpt == 0);
	EVENT_SET(to, delivered, (int64_t)tally->count[LAST_SENT]);
	EVENT_SET(to, deferred, (int64_t)tally->count[LAST_DEFERRED]);
	EVENT_SET(to, bounced, (int64_t)tally->count[LAST_BOUNCED]);
	OUT_SET_IF(to, open, open, open);
	OUT_SET_IF(to, seconds, last > root->start ? last - root->start : 0,
	    root->flags & MESSAGE_WHOLE);
	track->stats.messages++;
	return to;
}

/* The same where family_ends_at_once(): there is one member, and nobody asks for more. */
TRACK_INLINE void
emit_single(struct track *track, struct message *m, struct track_out *out)
{
	struct tally tally = {.recipient = 0};

	for EACH_RECIPIENT (r, &track->messages, m)
		tally.count[r->handed == HANDED_NAMED ? LAST_NONE : r->status]++;
	if (m->flags & MESSAGE_EXPIRED) {
		tally.count[LAST_BOUNCED] += tally.count[LAST_DEFERRED];
		tally.count[LAST_DEFERRED] = 0;
	}
	if (m->recipient_count >= RECIPIENTS_MAX)
		tally_uncounted(m, &tally);
	emit_plain(track, m, m->touched, false, &tally, out);
}

static void
emit(struct track *track, struct message *root, struct track_out *out)
{
	const struct messages *messages = &track->messages;
	struct tally tally = {.recipient = 0};
	struct survey of;
	struct event *to;

	survey(messages, root, &of);
	for EACH_MEMBER (m, messages, root)
		tally_member(messages, root, m, &of, &tally);
	to = emit_plain(track, root, of.last, of.open, &tally, out);
	if (is_told_whole(track, KIND_message))
		set_details(messages, to, root, &of, &tally, out);
}

/* What is due next is looked for anew. */
static void
look_again(struct messages *messages)
{
	messages->due = INT64_MIN;
}

void
family_stop_waiting(struct messages *messages, struct message *root)
{
	struct list *list = &messages->waiting[root->waiting];

	if (root->waiting == WAITING_NOT)
		return;
	if (list->first == root->entry.number)
		look_again(messages);
	list_remove(&messages->registry, list, root);
	root->waiting = WAITING_NOT;
}

static void
wait_in(struct messages *messages, struct message *root, enum waiting waiting)
{
	struct list *list = &messages->waiting[waiting];

	root->waiting = (uint8_t)waiting;
	list_append(&messages->registry, list, root);
	if (list->count == 1)
		look_again(messages);
}

static unsigned
all_flags(const struct messages *messages, struct message *root)
{
	unsigned flags = 0;

	for EACH_MEMBER (m, messages, root)
		flags |= m->flags;
	return flags;
}

static bool
is_alone(const struct message *root)
{
	return root->next_member == root->entry.number;
}

/* Hops that were only guessed, in a family that used no silent filter, are none. */
static void
release_guessed(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *m = message_at(messages, root->next_member), *next;

	if (all_flags(messages, root) & MESSAGE_FILTERED)
		return;
	for (; m != root; m = next) {
		next = message_at(messages, m->next_member);
		if (!(m->flags & MESSAGE_GUESSED))
			continue;
		hop_unlink(messages, m);
		if (m->unfinished == 0)
			family_complete(track, m, out);
	}
}

/* Was the root queued, and no probe? Then it is a message. */
TRACK_INLINE bool
is_told(const struct message *root)
{
	return (root->flags & (MESSAGE_QUEUED | MESSAGE_PROBE)) == MESSAGE_QUEUED;
}

void
family_end_at_once(struct track *track, struct message *message, struct track_out *out)
{
	if (is_told(message))
		emit_single(track, message, out);
	message_free(track, message);
}

void
family_end(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *m, *next;

	family_stop_waiting(messages, root);
	if (!is_alone(root))
		release_guessed(track, root, out);
	if (is_told(root))
		emit(track, root, out);
	for (m = message_at(messages, root->next_member); m != root; m = next) {
		next = message_at(messages, m->next_member);
		message_free(track, m);
	}
	message_free(track, root);
}

/* Why a family must not end before the pieces are joined. */
enum reference { REFERENCE_NONE, REFERENCE_CLAIM, REFERENCE_HOP };

static enum reference
reference_to(const struct track *track, struct message *root)
{
	const struct messages *messages = &track->messages;
	enum reference reference = REFERENCE_NONE;

	for EACH_MEMBER (m, messages, root) {
		/* Of a later piece, while that is replayed: it is not closed yet. */
		if (m->flags & MESSAGE_HELD || m->pending > m->claims ||
		    m->closed > track->ordinal)
			return REFERENCE_HOP;
		if (m->pending)
			reference = REFERENCE_CLAIM;
	}
	return reference;
}

/* It is over, for all but verdicts. Uncertain only where what is set aside may be a hop. */
static void
end_or_block(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;
	enum reference reference = reference_to(track, root);

	if (reference == REFERENCE_HOP) {
		wait_in(messages, root, WAITING_BLOCKED);
		return;
	}
	if (!is_alone(root))
		release_guessed(track, root, out);
	if (reference == REFERENCE_NONE && !verdicts_matter(track)) {
		family_end(track, root, out);
		return;
	}
	wait_in(messages, root,
	    reference == REFERENCE_CLAIM ? WAITING_BLOCKED : WAITING_VERDICT);
}

void
family_complete(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;

	root->since = root->touched;
	for EACH_MEMBER (m, messages, root)
		if (m->touched > root->since)
			root->since = m->touched;
	if (message_lingers(root->flags, all_flags(messages, root))) {
		wait_in(messages, root, WAITING_LINGERING);
	} else if (hop_is_awaited(track, root) &&
	    reference_to(track, root) != REFERENCE_HOP) {
		release_guessed(track, root, out);
		wait_in(messages, root, WAITING_LINGERING);
	} else {
		end_or_block(track, root, out);
	}
}

/* Whoever makes room: best of those that are over, else who was not heard of longest. */
static struct message *
who_goes(struct messages *messages)
{
	static const enum waiting order[] = {
	    WAITING_VERDICT, WAITING_LINGERING, WAITING_BLOCKED};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (messages->waiting[order[i]].first)
			return message_at(messages, messages->waiting[order[i]].first);
	return message_root(messages, registry_oldest(&messages->registry));
}

static void
evict(struct track *track, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *root = who_goes(messages);
	struct survey of;

	survey(messages, root, &of);
	if (of.open)
		track->stats.evicted_messages++;
	track->crowded = true;
	family_end(track, root, out);
}

/* The first of those that wait so, if it waited long enough at NOW. */
static struct message *
next_due(struct messages *messages, enum waiting waiting, int64_t window, int64_t now)
{
	const struct list *list = &messages->waiting[waiting];
	struct message *root;

	if (!list->first)
		return NULL;
	root = message_at(messages, list->first);
	return now > root->since + window ? root : NULL;
}

/* Until when does time end none? */
static int64_t
due_of(const struct messages *messages, enum waiting waiting, int64_t window)
{
	uint32_t first = messages->waiting[waiting].first;

	return first ? message_at(messages, first)->since + window : INT64_MAX;
}

void
family_sweep(struct track *track, int64_t now, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *root;

	while ((root = next_due(messages, WAITING_LINGERING, HOP_WINDOW, now))) {
		family_stop_waiting(messages, root);
		end_or_block(track, root, out);
	}
	while ((root = next_due(messages, WAITING_VERDICT, VERDICT_WINDOW, now)))
		family_end(track, root, out);
	while (family_too_many(track) && messages->registry.pool.live > 1)
		evict(track, out);
	messages->due = due_of(messages, WAITING_LINGERING, HOP_WINDOW);
	if (due_of(messages, WAITING_VERDICT, VERDICT_WINDOW) < messages->due)
		messages->due = due_of(messages, WAITING_VERDICT, VERDICT_WINDOW);
}

/* END for those of all that wait so, in whichever order, who waited long enough at NOW. */
static void
sweep_mixed(struct track *track, enum waiting waiting, int64_t window, int64_t now,
    void (*end)(struct track *track, struct message *root, struct track_out *out),
    struct track_out *out)
{
	struct messages *messages = &track->messages;

	for (uint32_t left = messages->waiting[waiting].count; left; left--) {
		struct message *root = message_at(messages, messages->waiting[waiting].first);

		family_stop_waiting(messages, root);
		if (now > root->since + window)
			end(track, root, out);
		else
			wait_in(messages, root, waiting);
	}
}

/* The same of all that wait: at a join they get mixed. */
void
family_sweep_all(struct track *track, int64_t now, struct track_out *out)
{
	sweep_mixed(track, WAITING_LINGERING, HOP_WINDOW, now, end_or_block, out);
	sweep_mixed(track, WAITING_VERDICT, VERDICT_WINDOW, now, family_end, out);
	family_sweep(track, now, out);
}
