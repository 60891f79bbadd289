/* SPDX-License-Identifier: Apache-2.0
 *
 * family: a message with all its hops, from the moment when every one of them is
 * closed to its end as a derived event. The root's client, login, sender and size
 * are the message's; a recipient that was handed to a hop counts where the hop
 * took it.
 *
 * A complete family lingers for HOP_WINDOW if more may come: its root was put in
 * by a program of this host, so that a delivery may yet name it as its hop; or
 * something went to a filter that names no id. Any other waits a moment for verdicts
 * of filters whose own log comes behind. At most LINGERING_MAX do; what is
 * oldest ends early.
 */
#include "track/room.h"

#define EACH_MEMBER(m, messages, root)                                                      \
	(struct message *m = (root), *end_ = NULL; m != end_;                               \
	    end_ = (root), m = message_at((messages), m->next_member))

static unsigned
all_flags(const struct messages *messages, struct message *root)
{
	unsigned flags = 0;

	for EACH_MEMBER (m, messages, root)
		flags |= m->flags;
	return flags;
}

static int64_t
last_event(const struct messages *messages, struct message *root)
{
	int64_t last = root->touched;

	for EACH_MEMBER (m, messages, root)
		if (m->touched > last)
			last = m->touched;
	return last;
}

/* What stands of the recipients, hops counted once. */
struct tally {
	uint64_t count[LAST_STATUSES];
	uint32_t recipient, orig; /* of the last one counted */
	uint64_t first_filtered;  /* serial of the first member that used a silent filter */
	uint64_t last_guessed;    /* serial of the last hop known by its Message-ID */
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
    const struct recipient *r, const struct tally *tally)
{
	if (r->handed != HANDED_FILTER)
		return r->handed == HANDED_NAMED;
	if (tally->last_guessed <= m->serial)
		return false;
	return m->serial == tally->first_filtered || is_told_later(messages, root, m, r);
}

static void
tally_member(const struct messages *messages, struct message *root, const struct message *m,
    struct tally *tally)
{
	const struct recipient *r;

	for (uint32_t n = m->recipients; n; n = r->next) {
		uint8_t status;

		r = pool_at(&messages->recipients, n);
		if (is_handed(messages, root, m, r, tally))
			continue;
		status = r->status;
		if (status == LAST_DEFERRED && m->flags & MESSAGE_EXPIRED)
			status = LAST_BOUNCED;
		tally->count[status]++;
		tally->recipient = r->recipient;
		tally->orig = r->orig;
	}
	if (m->recipient_count < RECIPIENTS_MAX)
		return;
	for (unsigned status = 0; status < LAST_STATUSES; status++)
		tally->count[status] += m->uncounted[status];
}

static struct tally
tally_family(const struct messages *messages, struct message *root)
{
	struct tally tally = {.first_filtered = UINT64_MAX};

	for EACH_MEMBER (m, messages, root) {
		if (m->flags & MESSAGE_FILTERED && m->serial < tally.first_filtered)
			tally.first_filtered = m->serial;
		if (m->flags & MESSAGE_GUESSED && m->serial > tally.last_guessed)
			tally.last_guessed = m->serial;
	}
	for EACH_MEMBER (m, messages, root)
		tally_member(messages, root, m, &tally);
	return tally;
}

static void
set_recipients(struct event *to, const struct tally *tally)
{
	uint64_t sent = tally->count[LAST_SENT], deferred = tally->count[LAST_DEFERRED];
	uint64_t bounced = tally->count[LAST_BOUNCED];

	EVENT_SET(to, delivered, (int64_t)sent);
	EVENT_SET(to, deferred, (int64_t)deferred);
	EVENT_SET(to, bounced, (int64_t)bounced);
	if (sent + deferred + bounced != 1)
		return;
	OUT_NUMBERED(to, recipient, tally->recipient);
	OUT_NUMBERED(to, orig_recipient, tally->orig);
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
set_origin(struct event *to, struct message *root)
{
	OUT_NUMBERED(to, host, root->host);
	OUT_NUMBERED(to, program, root->program);
	OUT_NUMBERED(to, daemon, root->daemon);
	OUT_NUMBERED(to, instance, root->instance);
	OUT_NUMBERED(to, ip, root->ip);
	OUT_NUMBERED(to, name, root->name);
	OUT_NUMBERED(to, user, root->user);
	OUT_NUMBERED(to, mechanism, root->mechanism);
	if (root->flags & MESSAGE_SENDER)
		OUT_NUMBERED(to, sender, root->sender);
	if (root->port >= 0)
		EVENT_SET(to, port, root->port);
	if (root->uid >= 0)
		EVENT_SET(to, uid, root->uid);
	if (root->size >= 0)
		EVENT_SET(to, size, root->size);
	if (root->nrcpt >= 0)
		EVENT_SET(to, nrcpt, root->nrcpt);
}

/* The worst that was decided on any hop. */
static void
set_verdict(const struct messages *messages, struct event *to, struct message *root)
{
	const struct verdict *worst = &root->verdict;

	for EACH_MEMBER (m, messages, root)
		if (verdict_is_worse(&m->verdict, worst))
			worst = &m->verdict;
	if (worst->ordinal == 0)
		return;
	OUT_NUMBERED(to, verdict, worst->word);
	OUT_NUMBERED(to, category, worst->category);
	if (worst->score != INT64_MIN)
		EVENT_SET(to, score, worst->score);
}

static bool
is_open(const struct messages *messages, struct message *root)
{
	for EACH_MEMBER (m, messages, root)
		if (m->flags & MESSAGE_LOST ||
		    (m->flags & (MESSAGE_QUEUED | MESSAGE_CLOSED)) == MESSAGE_QUEUED)
			return true;
	return false;
}

/* It may be told of long after: its place is the line that completed it. */
static void
set_place(const struct messages *messages, struct event *to, struct message *root)
{
	struct message *last = root;

	for EACH_MEMBER (m, messages, root)
		if (m->closed > last->closed)
			last = m;
	to->offset = last->end.offset;
	to->source_no = last->end.source_no;
	EVENT_SET(to, lineno, last->end.lineno);
	event_mark(to, FIELD_source);
}

static void
emit(struct track *track, struct message *root, struct track_out *out)
{
	const struct messages *messages = &track->messages;
	struct tally tally = tally_family(messages, root);
	int64_t last = last_event(messages, root), delay = -1;
	struct event *to = out_event(out, KIND_message, last);

	set_origin(to, root);
	set_recipients(to, &tally);
	set_verdict(messages, to, root);
	set_texts(messages, to, root, status_word(&tally), out);
	for EACH_MEMBER (m, messages, root)
		if (m->delay > delay)
			delay = m->delay;
	if (delay >= 0)
		EVENT_SET(to, delay, delay);
	if (is_open(messages, root)) {
		EVENT_SET(to, open, true);
	} else {
		set_place(messages, to, root);
		if (root->flags & MESSAGE_WHOLE)
			EVENT_SET(to, seconds, last > root->start ? last - root->start : 0);
	}
	track->stats.messages++;
}

void
family_stop_waiting(struct messages *messages, struct message *root)
{
	if (root->waiting != WAITING_NOT)
		list_remove(&messages->registry, &messages->waiting[root->waiting], root);
	root->waiting = WAITING_NOT;
}

static void
wait_in(struct messages *messages, struct message *root, enum waiting waiting)
{
	root->waiting = (uint8_t)waiting;
	list_append(&messages->registry, &messages->waiting[waiting], root);
}

/* Hops that were only guessed, in a family that used no silent filter, are none. */
static void
release_guessed(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *m = message_at(messages, root->next_member), *next;

	if (m == root || all_flags(messages, root) & MESSAGE_FILTERED)
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

void
family_end(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *m, *next;

	family_stop_waiting(messages, root);
	release_guessed(track, root, out);
	if ((root->flags & (MESSAGE_QUEUED | MESSAGE_PROBE)) == MESSAGE_QUEUED)
		emit(track, root, out);
	for (m = message_at(messages, root->next_member); m != root; m = next) {
		next = message_at(messages, m->next_member);
		message_free(track, m);
	}
	message_free(track, root);
}

static bool
is_referred_to(const struct messages *messages, struct message *root)
{
	for EACH_MEMBER (m, messages, root)
		if (m->pending || m->flags & MESSAGE_HELD)
			return true;
	return false;
}

/* It is over, for all but verdicts. */
static void
end_or_block(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;

	if (is_referred_to(messages, root)) {
		wait_in(messages, root, WAITING_BLOCKED);
		return;
	}
	release_guessed(track, root, out);
	for EACH_MEMBER (m, messages, root)
		registry_unfile(&messages->registry, m);
	wait_in(messages, root, WAITING_VERDICT);
}

void
family_complete(struct track *track, struct message *root, struct track_out *out)
{
	struct messages *messages = &track->messages;

	root->since = last_event(messages, root);
	if (message_lingers(root->flags, all_flags(messages, root)))
		wait_in(messages, root, WAITING_LINGERING);
	else
		end_or_block(track, root, out);
}

/* Makes room: best of those that are over, else of those that were not heard of longest. */
static void
evict(struct track *track, struct track_out *out)
{
	struct messages *messages = &track->messages;
	uint32_t over = messages->waiting[WAITING_VERDICT].first;
	struct message *m = message_at(messages, over ? over : messages->registry.oldest);
	struct message *root = message_root(messages, m);

	if (is_open(messages, root))
		track->stats.evicted_messages++;
	family_end(track, root, out);
}

/* The first of those that wait so, if it waited long enough at NOW or they are too many. */
static struct message *
next_due(struct messages *messages, enum waiting waiting, int64_t window, int64_t now)
{
	const struct list *list = &messages->waiting[waiting];
	struct message *root;

	if (!list->first)
		return NULL;
	root = message_at(messages, list->first);
	return now > root->since + window || list->count > LINGERING_MAX ? root : NULL;
}

void
family_sweep(struct track *track, int64_t now, struct track_out *out)
{
	struct messages *messages = &track->messages;
	const struct registry *registry = &messages->registry;
	const struct list *blocked = &messages->waiting[WAITING_BLOCKED];
	struct message *root;

	while ((root = next_due(messages, WAITING_LINGERING, HOP_WINDOW, now))) {
		family_stop_waiting(messages, root);
		end_or_block(track, root, out);
	}
	while ((root = next_due(messages, WAITING_VERDICT, VERDICT_WINDOW, now)))
		family_end(track, root, out);
	while (blocked->count > LINGERING_MAX)
		family_end(track, message_at(messages, blocked->first), out);
	while ((registry->pool.live > track->limits.messages ||
	           messages->recipients.live / RECIPIENTS_SHARE > track->limits.messages) &&
	    registry->oldest != registry->newest)
		evict(track, out);
}
