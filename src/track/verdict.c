/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict: what spam and virus filters decided, joined to the message, which knows the
 * client, the login and the recipients. A message tells the worst verdict of all
 * its hops.
 *
 * By queue id, where the filter names one: Amavis both the id before and that behind
 * it. The host may be written otherwise in the filter's own log: then by Message-ID
 * and queue id. Filters that know no queue id (spamd) mean all messages with their
 * Message-ID that are under way; copies of one mail share the worst.
 *
 * A verdict may come before its message, in logs merged by coarse stamps: then
 * the message claims it when it learns its Message-ID. It may come until shortly after
 * the message left the queue, and for HOP_WINDOW if a silent filter has it. Filters tell
 * before they answer, so that the message is still there: only the stamps of merged logs put
 * a verdict behind it. To wait for longer would keep every message, and tell of it late.
 */
#include "track/room.h"

/* A verdict precedes its message by so much at most. */
#define CLAIM_WINDOW (5 * USEC_PER_SEC)

/* Verdicts kept to be claimed, at most. */
#define RECENT_MAX 1024u

static const uint8_t badness[WORDS] = {
	/* no decision on the mail: it is tried again */
	[WORD_mta_blocked] = 1,
	[WORD_deferred] = 1,
	[WORD_clean] = 2,
	[WORD_other] = 3,
	[WORD_oversized] = 4,
	[WORD_bad_header] = 5,
	[WORD_unchecked] = 6,
	[WORD_spammy] = 7,
	[WORD_spam] = 8,
	[WORD_banned] = 9,
	[WORD_infected] = 10,
};

static unsigned
badness_of(const struct verdict *verdict)
{
	return verdict->ordinal && verdict->word < WORDS ? badness[verdict->word] : 0;
}

bool
verdict_is_worse(const struct verdict *verdict, const struct verdict *than)
{
	if (verdict->ordinal == 0 || than->ordinal == 0)
		return verdict->ordinal != 0;
	if (badness_of(verdict) != badness_of(than))
		return badness_of(verdict) > badness_of(than);
	if (verdict->score != than->score)
		return verdict->score > than->score;
	return verdict->ordinal < than->ordinal;
}

static void
give(struct message *m, const struct verdict *verdict)
{
	if (verdict_is_worse(verdict, &m->verdict))
		m->verdict = *verdict;
}

/* Can a verdict that comes now still be about M? */
static bool
is_under_way(struct track *track, const struct message *m)
{
	return !(m->flags & MESSAGE_CLOSED) || !track_is_past(track, m->touched +
	    (m->flags & MESSAGE_FILTERED ? HOP_WINDOW : VERDICT_WINDOW));
}

/* Of a Message-ID or of a queue id, which has no <>; 0: EV has none. */
static uint64_t
id_hash(const struct event *ev, enum field field)
{
	struct str id;

	if (!event_knows(ev, field))
		return 0;
	id = event_str(ev, *event_text_member(ev, field));
	return id.len ? msgid_hash(id) : 0;
}

static struct recent
recent_of(const struct track *track, const struct event *ev)
{
	return (struct recent){
	    .msgid_hash = id_hash(ev, FIELD_msgid),
	    .host = NUMBERED(ev, host),
	    .names_id = event_knows(ev, FIELD_qid) || event_knows(ev, FIELD_next_qid),
	    .ids = {id_hash(ev, FIELD_qid), id_hash(ev, FIELD_next_qid)},
	    .time = ev->time,
	    .verdict = {.ordinal = track->ordinal, .word = NUMBERED(ev, verdict),
		.category = NUMBERED(ev, category),
		.score = event_knows(ev, FIELD_score) ? ev->score : INT64_MIN}};
}

/* Is it about M, which has its Message-ID? */
static bool
means(const struct recent *recent, const struct message *m)
{
	uint64_t id;

	if (!recent->names_id)
		return recent->host == SYMBOL_ABSENT || recent->host == m->host;
	id = hash_bytes(m->qid, m->qid_len) | 1;
	return recent->ids[0] == id || recent->ids[1] == id;
}

static void
give_by_msgid(struct track *track, const struct recent *recent)
{
	for EACH_SOUGHT (m, &track->messages, recent->msgid_hash)
		if (m->named < track->ordinal && means(recent, m) &&
		    is_under_way(track, m))
			give(m, &recent->verdict);
}

static void
give_by_id(struct track *track, const struct event *ev, enum field field,
    const struct recent *recent)
{
	struct message *m;

	if (!event_knows(ev, field))
		return;
	m = message_find(&track->messages, NUMBERED(ev, host),
	    event_str(ev, *event_text_member(ev, field)));
	if (m && is_under_way(track, m))
		give(m, &recent->verdict);
}

static uint32_t
short_hash(uint64_t msgid_hash)
{
	return (uint32_t)(msgid_hash >> 32 ^ msgid_hash);
}

static uint32_t
recent_hash(const void *entry)
{
	return short_hash(((const struct recent *)entry)->msgid_hash);
}

/* Keeps it for a message that comes after it. */
static void
keep(struct registry *registry, const struct recent *recent)
{
	struct recent *kept =
	    registry_add(registry, recent_hash(recent), sizeof(*kept), sizeof(*kept));
	struct recent *oldest;
	struct entry entry = kept->entry;

	*kept = *recent;
	kept->entry = entry;
	oldest = registry_oldest(registry);
	while (registry->pool.live > RECENT_MAX ||
	    recent->time > oldest->time + CLAIM_WINDOW) {
		registry_drop(registry, oldest);
		oldest = registry_oldest(registry);
	}
}

void
verdict_told(struct track *track, const struct event *ev, struct track_out *out)
{
	struct recent recent;

	(void)out;
	if (!verdicts_matter(track))
		return;
	recent = recent_of(track, ev);
	give_by_id(track, ev, FIELD_qid, &recent);
	give_by_id(track, ev, FIELD_next_qid, &recent);
	/* Ids that this piece opened are no older message's by then: see opened.c. */
	if (!track->from_start)
		seam_add(track, ev, SEAM_HANDLER, NULL);
	if (recent.msgid_hash == 0)
		return;
	give_by_msgid(track, &recent);
	keep(&track->recent, &recent);
}

void
verdict_claim(struct track *track, struct message *message, const struct event *ev,
    struct track_out *out)
{
	const struct registry *registry = &track->recent;
	uint32_t hash = short_hash(message->msgid_hash), at = hash, number;

	(void)out;
	if (track_in_reach(track, INT64_MIN, ev->time, CLAIM_WINDOW))
		seam_add(track, ev, SEAM_CLAIM, message);
	while ((number = slots_next(&registry->slots, hash, &at))) {
		const struct recent *recent = registry_at(registry, number);

		if (recent->msgid_hash == message->msgid_hash &&
		    means(recent, message) &&
		    !track_is_past(track, recent->time + CLAIM_WINDOW))
			give(message, &recent->verdict);
	}
}

void
verdicts_init(struct registry *recent)
{
	registry_init(recent, sizeof(struct recent), recent_hash);
}

void
verdicts_renumber(struct registry *recent, uint32_t *const remap[DOMAINS])
{
	struct recent *r;

	for (uint32_t at = 0; (r = registry_next(recent, &at));) {
		r->host = renumbered(remap, DOMAIN_WORD, r->host);
		r->verdict.category = renumbered(remap, DOMAIN_WORD, r->verdict.category);
	}
}
