/* SPDX-License-Identifier: Apache-2.0
 *
 * message: one queue file, by host and queue id, from the line that opens it to
 * `removed`. `client=` and pickup's `uid=` say where it came from; a bounce, a
 * forward or a message older than the log is opened by whatever speaks of it
 * first. Short ids are used again: whoever opens an id that is still live closes
 * the message before it, which is then told as open.
 *
 * In front of a filter before the queue (smtpd_proxy_filter) no id is known yet: the smtpd
 * there tells, at its end, who logged in and the id that the filter got.
 *
 * Only what reached the queue is a message: what cleanup or a milter refuses is
 * forgotten, and so is what was never queued, however it ended. Address
 * verification probes (status deliverable, undeliverable) are no mail either.
 *
 * Status is the last one told of each recipient; an expired message bounced for
 * all that still waited. `time` is that of the last event, `delay` the largest
 * that a final delivery was logged with, `seconds` from opening to removal, or to the last
 * event where it is still open.
 */
#include "track/room.h"

/* Up to this length, an id is its first and its last bytes. */
#define ENDS_MAX 16u

/* What names a message in an event. */
struct key {
	struct str qid;
	uint64_t first, last;
	uint32_t host, hash;
};

TRACK_INLINE uint32_t
hash_of(const struct key *key)
{
	uint64_t first = key->first ^ HASH_K2;
	uint64_t last = key->last ^ hash_seed ^ (uint64_t)key->host << 32;
	uint64_t h = hash_mix(first, last);

	return (uint32_t)(h >> 32 ^ h);
}

/* Its first and its last bytes, of a long one together with what is between them. */
TRACK_INLINE void
read_ends(struct str qid, struct key *ret)
{
	if (qid.len >= 8) {
		ret->first = hash_load8(qid.p);
		ret->last = hash_load8(qid.p + qid.len - 8);
		if (qid.len > ENDS_MAX)
			ret->first = hash_bytes(qid.p, qid.len);
	} else if (qid.len >= 4) {
		ret->first = hash_load4(qid.p);
		ret->last = hash_load4(qid.p + qid.len - 4);
	} else {
		ret->first = (unsigned char)qid.p[0];
		ret->last = (uint64_t)(unsigned char)qid.p[qid.len / 2] << 8 |
		    (unsigned char)qid.p[qid.len - 1];
	}
}

static uint64_t
id_hash(const struct key *key)
{
	return hash_mix(key->first ^ HASH_K2, key->last ^ hash_seed ^ key->qid.len << 56);
}

uint64_t
message_id_hash(struct str qid)
{
	struct key key = {.qid = qid};

	read_ends(qid, &key);
	return id_hash(&key);
}

uint32_t
message_hash(const void *entry)
{
	const struct message *m = entry;

	return hash_of(
	    &(struct key){.first = m->qid_first, .last = m->qid_last, .host = m->host});
}

/* NOQUEUE is no id, and none of ours is so long. */
TRACK_INLINE bool
make_key(uint32_t host, struct str qid, struct key *ret)
{
	if (qid.len == 0 || qid.len > QID_MAX || str_eq(qid, STR("NOQUEUE")))
		return false;
	ret->qid = qid;
	ret->host = host;
	read_ends(qid, ret);
	ret->hash = hash_of(ret);
	return true;
}

TRACK_INLINE bool
key_of(const struct event *ev, struct key *ret)
{
	return event_knows(ev, FIELD_qid) &&
	    make_key(NUMBERED(ev, host), event_str(ev, ev->qid), ret);
}

/* Is the id of M, longer than ENDS_MAX, at P? Its end is known to be. */
TRACK_INLINE bool
is_long_id(const struct message *m, const char *p)
{
	size_t behind = m->qid_len - ENDS_MAX;

	_Static_assert(QID_MAX <= ENDS_MAX + 16, "two words and one before the last");
	return hash_load8(m->qid) == hash_load8(p) &&
	    hash_load8(m->qid + 8) == hash_load8(p + 8) &&
	    hash_load8(m->qid + behind) == hash_load8(p + behind);
}

TRACK_INLINE struct message *
find(const struct messages *messages, const struct key *key)
{
	uint32_t at = key->hash, number;

	while ((number = slots_next(&messages->registry.slots, key->hash, &at))) {
		struct message *m = message_at(messages, number);

		if (m->qid_first == key->first && m->qid_last == key->last &&
		    m->host == key->host && m->qid_len == key->qid.len &&
		    (m->qid_len <= ENDS_MAX || is_long_id(m, key->qid.p)))
			return m;
	}
	return NULL;
}

struct message *
message_find(const struct messages *messages, uint32_t host, struct str qid)
{
	struct key key;

	return make_key(host, qid, &key) ? find(messages, &key) : NULL;
}

void
message_free(struct track *track, struct message *message)
{
	struct messages *messages = &track->messages;

	if (message->flags & MESSAGE_SOUGHT)
		hop_withdraw(messages, message);
	if (message->recipient_count > 1)
		recipients_free(messages, message);
	if (message->msgid)
		msgid_free(messages, message);
	message->serial = 0;
	registry_drop(&messages->registry, message);
}

void
message_close(struct track *track, struct message *message, struct track_out *out)
{
	struct message *root = message_root(&track->messages, message);

	if (message->flags & MESSAGE_CLOSED)
		return;
	message->flags |= MESSAGE_CLOSED;
	message->closed = track->ordinal;
	root->unfinished--;
	if (root->unfinished == 0)
		family_complete(track, root, out);
}

/* Forgets a message that never was one. Its hops, if any, are on their own. */
TRACK_SELDOM void
drop(struct track *track, struct message *message, struct track_out *out)
{
	struct messages *messages = &track->messages;

	while (message->next_member != message->entry.number && message->root == 0) {
		struct message *hop = message_at(messages, message->next_member);

		hop_unlink(messages, hop);
		if (hop->flags & MESSAGE_CLOSED)
			family_complete(track, hop, out);
	}
	if (message->root) {
		struct message *root = message_root(messages, message);

		hop_unlink(messages, message);
		if (root->unfinished == 0)
			family_complete(track, root, out);
	}
	family_stop_waiting(messages, message);
	/* The replay would not know that it had been there. */
	track->unsure |= message->pending > message->claims;
	message_free(track, message);
}

void
message_replace(struct track *track, struct message *message, struct track_out *out)
{
	registry_unfile(&track->messages.registry, message);
	if (message->flags & MESSAGE_CLOSED)
		return;
	if (!(message->flags & MESSAGE_QUEUED)) {
		drop(track, message, out);
		return;
	}
	message->flags |= MESSAGE_LOST;
	message_close(track, message, out);
}

static void
set_qid(struct message *m, const struct key *key)
{
	size_t len = key->qid.len;

	m->qid_len = (uint8_t)len;
	m->qid_first = key->first;
	m->qid_last = key->last;
	if (len < 8 || len > ENDS_MAX) {
		memcpy(m->qid, key->qid.p, len);
		return;
	}
	memcpy(m->qid, &key->first, 8);
	memcpy(m->qid + len - 8, &key->last, 8);
}

/* Where a message came from, as far as that is only told. */
TRACK_SELDOM void
take_origin(struct message *m, const struct event *ev)
{
	m->program = NUMBERED(ev, program);
	m->daemon = NUMBERED(ev, daemon);
	m->instance = NUMBERED(ev, instance);
	if (ev->kind != KIND_accept)
		return;
	m->name = NUMBERED(ev, name);
	m->port = NUMBER_OR_NONE(ev, port);
	m->mechanism = NUMBERED(ev, mechanism);
}

/* A new message with EV's id, in place of any other; NULL if that is none. */
TRACK_INLINE struct message *
open_message(struct track *track, const struct event *ev, unsigned flags,
    struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct message *m;
	struct key key;

	if (!key_of(ev, &key))
		return NULL;
	m = find(messages, &key);
	if (m)
		message_replace(track, m, out);
	if (!track->from_start)
		opened_add(messages, key.host, id_hash(&key), track->ordinal);
	m = registry_add(&messages->registry, key.hash, sizeof(*m),
	    offsetof(struct message, first));
	m->host = key.host;
	set_qid(m, &key);
	m->flags = (uint16_t)flags;
	m->serial = track->ordinal;
	m->start = m->touched = ev->time;
	m->port = m->uid = m->size = m->nrcpt = m->delay = -1;
	m->next_member = m->previous_member = m->entry.number;
	m->members = m->unfinished = 1;
	if (is_told_whole(track, KIND_message))
		take_origin(m, ev);
	if (ev->time > messages->due || family_too_many(track))
		family_sweep(track, ev->time, out);
	return m;
}

/* M, which EV is about, if it is live. A closed one no longer answers to its id. */
TRACK_INLINE struct message *
if_live(struct track *track, struct message *m, const struct event *ev)
{
	if (!m)
		return NULL;
	if (m->flags & MESSAGE_CLOSED) {
		registry_unfile(&track->messages.registry, m);
		return NULL;
	}
	registry_touch(&track->messages.registry, m);
	m->touched = ev->time;
	return m;
}

/* The live message of EV. */
TRACK_INLINE struct message *
live(struct track *track, const struct key *key, const struct event *ev)
{
	return if_live(track, find(&track->messages, key), ev);
}

/* The same if that takes no call and M, of its flags CARE, has FLAGS; else NULL. */
TRACK_INLINE struct message *
at_hand(struct track *track, const struct event *ev, unsigned care, unsigned flags)
{
	struct message *m;
	struct key key;

	if (!key_of(ev, &key))
		return NULL;
	m = find(&track->messages, &key);
	if (!m || (m->flags & (MESSAGE_CLOSED | care)) != flags ||
	    !registry_touch_soon(&track->messages.registry, m))
		return NULL;
	m->touched = ev->time;
	return m;
}

/* Sets EV aside: the message may have been opened before this piece of the log. */
TRACK_SELDOM void
set_aside(struct track *track, const struct event *ev, struct message *hop)
{
	track->messages.stray = ev->time;
	track->messages.strays++;
	seam_add(track, ev, SEAM_HANDLER, hop);
}

/* May the id of EV be one that was opened before this piece of the log? */
TRACK_SELDOM bool
may_be_older(struct track *track, const struct event *ev)
{
	return !track->from_start &&
	    !opened_here(track, NUMBERED(ev, host), event_str(ev, ev->qid));
}

/* Of the id of EV nothing was heard: a message older than the log; NULL: EV is set aside. */
TRACK_SELDOM struct message *
headless(struct track *track, const struct event *ev, unsigned flags, struct track_out *out)
{
	if (!may_be_older(track, ev))
		return open_message(track, ev, flags, out);
	set_aside(track, ev, NULL);
	return NULL;
}

/* Could it be an address of this host or its network? Most cannot, by how they begin. */
TRACK_INLINE bool
may_be_ours(struct str ip)
{
	uint32_t head;

	if (ip.len < 4 || ip.p[0] == ':' || ip.p[0] == 'f')
		return true;
	head = hash_load4(ip.p);
	/* No branches: nothing foretells where an address begins. */
	return (head == hash_load4("127.")) | (head == hash_load4("192.")) |
	    (head == hash_load4("172.")) | (head == hash_load4("169.")) |
	    (head == hash_load4("100.")) |
	    ((ip.p[0] == '1') & (ip.p[1] == '0') & (ip.p[2] == '.'));
}

/* Whose EV's client is: by its address, or by its name where the address was left out. */
TRACK_INLINE unsigned
client_flags(const struct event *ev)
{
	struct str ip;

	if (!event_knows(ev, FIELD_ip))
		return event_knows(ev, FIELD_name) &&
		    str_eq_nocase(event_str(ev, ev->name), STR("localhost")) ?
		    MESSAGE_LOCAL : 0;
	ip = event_str(ev, ev->ip);
	if (may_be_ours(ip)) {
		if (str_starts(ip, STR("127.")) || str_eq(ip, STR("::1")) ||
		    str_starts(ip, STR("::ffff:127.")))
			return MESSAGE_LOCAL;
		if (hop_is_near(ip))
			return MESSAGE_NEAR;
	}
	/* A trusted host says whose mail it forwards: it is one of ours. */
	return event_knows(ev, FIELD_text) &&
	    str_starts(event_str(ev, ev->text), STR("orig_client=")) ? MESSAGE_NEAR : 0;
}

TRACK_INLINE void
take_sender(struct message *m, const struct event *ev)
{
	if (!event_knows(ev, FIELD_sender))
		return;
	m->sender = ev->sender.id;
	m->flags |= MESSAGE_SENDER;
}

TRACK_INLINE void
take_hash(struct message *m, const struct event *ev)
{
	m->msgid_hash = msgid_hash(event_str(ev, ev->msgid));
}

TRACK_INLINE void
take_msgid(struct track *track, struct message *m, const struct event *ev)
{
	take_hash(m, ev);
	if (is_told_whole(track, KIND_message))
		msgid_store(&track->messages, m, event_str(ev, ev->msgid));
}

/* Exim's one line of an arrival says what Postfix says in three, and that it is queued. */
TRACK_SELDOM void
take_arrival(struct track *track, struct message *m, const struct event *ev,
    struct track_out *out)
{
	m->flags |= MESSAGE_QUEUED;
	m->size = ev->size;
	m->nrcpt = NUMBER_OR_NONE(ev, nrcpt);
	take_sender(m, ev);
	if (!event_knows(ev, FIELD_msgid) || ev->msgid.len == 0)
		return;
	take_msgid(track, m, ev);
	if (verdicts_matter(track)) /* its ACLs have asked already */
		verdict_claim(track, m, ev, out);
}

void
message_accept(struct track *track, const struct event *ev, struct track_out *out)
{
	struct message *m =
	    open_message(track, ev, MESSAGE_OPENED | MESSAGE_WHOLE | client_flags(ev), out);

	if (!m)
		return;
	m->ip = NUMBERED(ev, ip);
	m->user = NUMBERED(ev, user);
	if (event_knows(ev, FIELD_size))
		take_arrival(track, m, ev, out);
}

void
message_submitted(struct track *track, const struct event *ev, struct track_out *out)
{
	struct message *m = open_message(
	    track, ev, MESSAGE_OPENED | MESSAGE_WHOLE | MESSAGE_LOCAL, out);

	if (!m)
		return;
	m->uid = NUMBER_OR_NONE(ev, uid);
	m->user = NUMBERED(ev, user);
	take_sender(m, ev);
	if (event_knows(ev, FIELD_size))
		take_arrival(track, m, ev, out);
}

/* cleanup tells a Message-ID before the message is queued: M is another one. */
static bool
is_queued_already(const struct message *m)
{
	return (m->flags & (MESSAGE_QUEUED | MESSAGE_CLOSED)) == MESSAGE_QUEUED;
}

/* EV's id is used again, for what no line told the beginning of. */
TRACK_SELDOM struct message *
reopen(struct track *track, const struct event *ev, struct track_out *out)
{
	return open_message(track, ev, MESSAGE_WHOLE, out);
}

/* The id of any message, to be claimed by verdicts and sought. */
TRACK_SELDOM void
id_other(struct track *track, const struct event *ev, struct track_out *out)
{
	struct key key;
	struct message *m;

	if (!key_of(ev, &key))
		return;
	m = find(&track->messages, &key);
	if (m && is_queued_already(m))
		m = reopen(track, ev, out);
	else if (!(m = if_live(track, m, ev)))
		m = headless(track, ev, MESSAGE_WHOLE, out);
	/* Resent-Message-ID comes on a line of its own; the first one stands. */
	if (!m || m->msgid_hash || !event_knows(ev, FIELD_msgid) || ev->msgid.len == 0)
		return;
	take_msgid(track, m, ev);
	m->named = track->ordinal;
	if (verdicts_matter(track))
		verdict_claim(track, m, ev, out);
	if (m->flags & MESSAGE_LOCAL)
		hop_seek(track, m, ev, out);
	if (m->flags & MESSAGE_OPENED)
		hop_offer(track, m);
}

void
message_id(struct track *track, const struct event *ev, struct track_out *out)
{
	struct message *m = at_hand(track, ev,
	    MESSAGE_QUEUED | MESSAGE_LOCAL | MESSAGE_OPENED, MESSAGE_OPENED);

	if (!m || verdicts_matter(track) || m->msgid_hash ||
	    !event_knows(ev, FIELD_msgid) || ev->msgid.len == 0) {
		id_other(track, ev, out);
		return;
	}
	take_hash(m, ev);
	m->named = track->ordinal;
	hop_offer(track, m);
}

TRACK_INLINE void
take_queued(struct message *m, const struct event *ev)
{
	if (m->flags & MESSAGE_QUEUED)
		return; /* a retry */
	m->flags |= MESSAGE_QUEUED;
	m->size = NUMBER_OR_NONE(ev, size);
	m->nrcpt = NUMBER_OR_NONE(ev, nrcpt);
	take_sender(m, ev);
}

TRACK_SELDOM void
queued_other(struct track *track, const struct event *ev, struct track_out *out)
{
	struct key key;
	struct message *m;

	if (!key_of(ev, &key))
		return;
	m = live(track, &key, ev);
	if (!m)
		m = headless(track, ev, 0, out);
	if (m)
		take_queued(m, ev);
}

void
message_queued(struct track *track, const struct event *ev, struct track_out *out)
{
	struct message *m = at_hand(track, ev, 0, 0);

	if (m)
		take_queued(m, ev);
	else
		queued_other(track, ev, out);
}

/* EV's login is that of the message that a filter before the queue handed in. */
TRACK_SELDOM void
take_login(struct track *track, const struct event *ev)
{
	uint32_t host = NUMBERED(ev, host);
	struct message *m =
	    message_find(&track->messages, host, event_str(ev, ev->next_qid));

	if (!m && !track->from_start &&
	    !opened_here(track, host, event_str(ev, ev->next_qid)))
		seam_add(track, ev, SEAM_HANDLER, NULL);
	if (m && m->flags & (MESSAGE_LOCAL | MESSAGE_NEAR) && !(m->flags & MESSAGE_CLOSED) &&
	    m->user == SYMBOL_ABSENT)
		m->user = ev->user.id;
}

void
message_filtered(struct track *track, const struct event *ev, struct track_out *out)
{
	(void)out;
	if (event_knows(ev, FIELD_next_qid) && event_knows(ev, FIELD_user))
		take_login(track, ev);
}

static const struct {
	struct str word;
	enum last_status status;
} statuses[] = {
	{STR("sent"), LAST_SENT},
	{STR("deferred"), LAST_DEFERRED},
	{STR("bounced"), LAST_BOUNCED},
	{STR("expired"), LAST_BOUNCED},
	{STR("SOFTBOUNCE"), LAST_DEFERRED},
};

TRACK_SELDOM enum last_status
other_status(struct message *m, struct str word)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (str_eq(statuses[i].word, word))
			return statuses[i].status;
	if (str_starts(word, STR("deliverable")) || str_starts(word, STR("undeliverable")))
		m->flags |= MESSAGE_PROBE;
	return LAST_NONE;
}

/* What became of the delivery; nearly always it was sent. */
TRACK_INLINE enum last_status
status_of(struct message *m, const struct event *ev)
{
	if (is_word(ev, ev->status, WORD_sent, STR("sent")))
		return LAST_SENT;
	return other_status(m, event_word(ev, ev->status));
}

/* A transport that may put the mail back into the queue without naming the new id. */
static bool
is_filter(const struct event *ev)
{
	struct str ip;

	/* Where the daemon's name was cut off, pipe(8)'s own words tell. */
	if (DAEMON_IS(ev, pipe) ||
	    (!event_knows(ev, FIELD_relay_ip) && event_knows(ev, FIELD_text) &&
		str_starts(event_str(ev, ev->text), STR("delivered via "))))
		return true;
	if (!event_knows(ev, FIELD_relay_ip) || DAEMON_IS(ev, lmtp))
		return false;
	ip = event_str(ev, ev->relay_ip);
	return str_starts(ip, STR("127.")) || str_eq(ip, STR("::1"));
}

/* Notes the status; what was sent on goes to *RET_SENT, if a recipient can remember that. */
TRACK_INLINE bool
note_delivery(struct messages *messages, struct message *m, const struct event *ev,
    struct recipient **ret_sent)
{
	enum last_status status = LAST_NONE;
	struct recipient *r;

	m->flags |= MESSAGE_QUEUED;
	if (event_knows(ev, FIELD_status))
		status = status_of(m, ev);
	if (status == LAST_NONE)
		return false;
	if (status != LAST_DEFERRED && event_knows(ev, FIELD_delay) && ev->delay > m->delay)
		m->delay = ev->delay;
	r = recipient_get(messages, m, NUMBERED(ev, recipient), NUMBERED(ev, orig_recipient));
	if (!r) {
		m->uncounted[status]++;
		return false;
	}
	r->status = (uint8_t)status;
	r->handed = HANDED_NOT;
	*ret_sent = r;
	return status == LAST_SENT;
}

/* The hop that EV names, whether it was found when EV was set aside or is found now. */
TRACK_INLINE struct message *
named_hop(struct track *track, const struct event *ev)
{
	if (track->hop)
		return message_at(&track->messages, track->hop);
	return event_knows(ev, FIELD_next_qid) ? hop_named(track, ev) : NULL;
}

/* A delivery of what nothing was heard of; NULL: EV is set aside, with the hop it names. */
TRACK_SELDOM struct message *
headless_delivery(struct track *track, const struct event *ev, struct track_out *out)
{
	if (!may_be_older(track, ev))
		return open_message(track, ev, 0, out);
	set_aside(track, ev, named_hop(track, ev));
	return NULL;
}

void
message_delivery(struct track *track, const struct event *ev, struct track_out *out)
{
	struct messages *messages = &track->messages;
	struct key key;
	struct message *m, *hop;
	struct recipient *sent;

	if (!key_of(ev, &key))
		return;
	if (!(m = live(track, &key, ev)) && !(m = headless_delivery(track, ev, out)))
		return;
	if (!note_delivery(messages, m, ev, &sent))
		return;
	hop = named_hop(track, ev);
	if (hop && hop_allowed(track, m, hop, ev)) {
		sent->handed = HANDED_NAMED;
		hop_link(track, m, hop, MESSAGE_NAMED, out);
	} else if (is_filter(ev)) {
		sent->handed = HANDED_FILTER;
		m->flags |= MESSAGE_FILTERED;
	} else if (!hop && !track->from_start && event_knows(ev, FIELD_next_qid) &&
	    by_local(ev) && !opened_here(track, NUMBERED(ev, host),
	        event_str(ev, ev->next_qid))) {
		/* Forwarded as a message that nothing of this piece opened. */
		seam_add(track, ev, SEAM_LINK, m);
	}
	if (family_too_many(track))
		family_sweep(track, ev->time, out);
}

/* M, which may be NULL, was removed, and there is more to it than that it ends. */
TRACK_SELDOM void
remove_other(struct track *track, struct message *m, const struct event *ev,
    struct track_out *out)
{
	if (!m && may_be_older(track, ev))
		set_aside(track, ev, NULL);
	if (!m)
		return;
	if (m->flags & MESSAGE_QUEUED) {
		m->end = (struct place){ev->offset, ev->lineno, ev->source_no};
		message_close(track, m, out);
	} else {
		drop(track, m, out);
	}
}

void
message_removed(struct track *track, const struct event *ev, struct track_out *out)
{
	struct key key;
	struct message *m;

	if (!key_of(ev, &key))
		return;
	m = find(&track->messages, &key);
	if (m && is_queued_already(m) && family_ends_at_once(track, m)) {
		m->touched = ev->time;
		family_end_at_once(track, m, out);
	} else {
		remove_other(track, if_live(track, m, ev), ev, out);
	}
}

void
message_expired(struct track *track, const struct event *ev, struct track_out *out)
{
	struct key key;
	struct message *m;

	if (!key_of(ev, &key))
		return;
	if (!(m = live(track, &key, ev)) && !(m = headless(track, ev, 0, out)))
		return;
	m->flags |= MESSAGE_QUEUED | MESSAGE_EXPIRED;
}

/* Does the action end a message, and not only a recipient of it? */
static bool
is_refusal(const struct event *ev)
{
	struct str action;

	if (!event_knows(ev, FIELD_action))
		return false;
	action = event_word(ev, ev->action);
	if (ev->kind == KIND_content)
		return str_eq(action, STR("reject")) || str_eq(action, STR("discard"));
	return (str_eq(action, STR("milter-reject")) || str_eq(action, STR("reject")) ||
	           str_eq(action, STR("milter-discard"))) &&
	    event_knows(ev, FIELD_stage) &&
	    str_eq(event_word(ev, ev->stage), STR("END-OF-MESSAGE"));
}

void
message_refused(struct track *track, const struct event *ev, struct track_out *out)
{
	struct key key;
	struct message *m;

	if (!key_of(ev, &key) || !is_refusal(ev))
		return;
	m = live(track, &key, ev);
	if (m && !(m->flags & MESSAGE_QUEUED))
		drop(track, m, out);
	else if (!m && may_be_older(track, ev))
		set_aside(track, ev, NULL);
}
