/* SPDX-License-Identifier: Apache-2.0
 *
 * seam: events set aside by a piece of a log that did not see the beginning of what
 * they belong to. A copy holds what tracking reads of an event and nothing else:
 * numbers, the numbers of its texts, and the bytes of those texts that are compared
 * or kept. Replayed in order on the piece before, each goes to the handler that
 * set it aside.
 */
#include "track/room.h"

#include <stdlib.h>

struct seam_record {
	uint32_t size; /* of all of it, a multiple of 8 */
	uint8_t deed, kind, reason, fields;
	uint32_t weight;
	uint32_t hop; /* number of the message it refers to; 0: none */
	uint64_t hop_serial;
	uint64_t ordinal;
	int64_t time, lineno;
	uint64_t offset;
	uint32_t source_no;
	uint32_t late; /* behind the latest event before it, in microseconds */
	/* Then the fields, then the bytes that they point into. */
};

struct seam_value {
	uint16_t field;
	uint16_t off, len;
	union {
		uint32_t id;
		int64_t number;
	};
};

/* HELD_HEAD: bytes, but only what a text begins with is looked at. */
enum holding { HELD_ID = 1, HELD_BYTES = 2, HELD_NUMBER = 4, HELD_HEAD = 8 };

#define HEAD_BYTES 16u

/* What tracking reads of any event. */
#define SEAM_FIELDS(ROW)                                                                    \
	ROW(host, WORD, HELD_ID) ROW(program, WORD, HELD_ID)                                \
	ROW(instance, WORD, HELD_ID) ROW(daemon, WORD, HELD_ID | HELD_BYTES)                \
	ROW(ip, IP, HELD_ID | HELD_BYTES) ROW(name, NAME, HELD_ID | HELD_BYTES)             \
	ROW(server_ip, IP, HELD_ID) ROW(user, ADDRESS, HELD_ID)                             \
	ROW(mechanism, TEXT, HELD_ID) ROW(sender, ADDRESS, HELD_ID)                         \
	ROW(recipient, ADDRESS, HELD_ID) ROW(orig_recipient, ADDRESS, HELD_ID)              \
	ROW(verdict, WORD, HELD_ID) ROW(category, WORD, HELD_ID)                            \
	ROW(qid, NONE, HELD_BYTES) ROW(next_qid, NONE, HELD_BYTES)                          \
	ROW(msgid, NONE, HELD_BYTES) ROW(commands, NONE, HELD_BYTES)                        \
	ROW(action, NONE, HELD_BYTES) ROW(stage, NONE, HELD_BYTES)                          \
	ROW(session, NONE, HELD_BYTES) ROW(status, NONE, HELD_BYTES)                        \
	ROW(relay, NONE, HELD_BYTES) ROW(relay_ip, NONE, HELD_BYTES)                        \
	ROW(text, NONE, HELD_BYTES | HELD_HEAD) ROW(pid, NONE, HELD_NUMBER)                 \
	ROW(port, NONE, HELD_NUMBER) ROW(server_port, NONE, HELD_NUMBER)                    \
	ROW(relay_port, NONE, HELD_NUMBER) ROW(code, NONE, HELD_NUMBER)                     \
	ROW(rank, NONE, HELD_NUMBER) ROW(score, NONE, HELD_NUMBER)                          \
	ROW(attempts, NONE, HELD_NUMBER) ROW(seconds, NONE, HELD_NUMBER)                    \
	ROW(delay, NONE, HELD_NUMBER) ROW(size, NONE, HELD_NUMBER)                          \
	ROW(nrcpt, NONE, HELD_NUMBER) ROW(uid, NONE, HELD_NUMBER)

#define BIT(name) (UINT64_C(1) << FIELD_##name)

static const struct seam_field {
	uint8_t domain, holding;
	uint16_t offset;
} seam_fields[64] = {
#define ROW(name, domain, holding)                                                          \
	[FIELD_##name] = {DOMAIN_##domain, (holding), offsetof(struct event, name)},
	SEAM_FIELDS(ROW)
#undef ROW
};

/* Sets of fields: those read by number alone, and the others. */
#define ROW(name, domain, holding) | ((holding) == HELD_ID ? BIT(name) : 0)
static const uint64_t ids = 0 SEAM_FIELDS(ROW);
#undef ROW
#define ROW(name, domain, holding) | ((holding) == HELD_ID ? 0 : BIT(name))
static const uint64_t others = 0 SEAM_FIELDS(ROW);
#undef ROW

static const void *
member(const struct event *ev, unsigned field)
{
	return (const char *)ev + seam_fields[field].offset;
}

static unsigned
take_lowest(uint64_t *set)
{
	unsigned field = (unsigned)__builtin_ctzll(*set);

	*set &= *set - 1;
	return field;
}

static uint16_t
bytes_of(const struct event *ev, unsigned field)
{
	uint16_t len;

	if (!(seam_fields[field].holding & HELD_BYTES))
		return 0;
	len = ((const struct text *)member(ev, field))->len;
	return seam_fields[field].holding & HELD_HEAD && len > HEAD_BYTES ? HEAD_BYTES : len;
}

static void *
reserve(struct seam *seam, size_t size)
{
	void *p;

	region_reserve(&seam->bytes, seam->len + size);
	p = seam->bytes.p + seam->len;
	seam->len += size;
	return p;
}

/* Copies FIELD, NUMBERED or not; the bytes go behind OFF of BYTES. */
static struct seam_value
hold(const struct event *ev, unsigned field, bool numbered, char *bytes, size_t off)
{
	struct seam_value value = {.field = (uint16_t)field};
	const struct text *text;

	if (seam_fields[field].holding == HELD_NUMBER) {
		value.number = *(const int64_t *)member(ev, field);
		return value;
	}
	text = member(ev, field);
	value.off = (uint16_t)off;
	value.len = bytes_of(ev, field);
	if (value.len)
		memcpy(bytes + off, ev->line + text->off, value.len);
	/* Without bytes it may be a word by number, the same in every dictionary. */
	if (text->len == 0 || numbered)
		value.id = text->id;
	return value;
}

void
seam_add(struct track *track, const struct event *ev, enum seam_deed deed,
    struct message *hop)
{
	size_t bytes = 0, off = 0, size;
	struct seam_record *record;
	struct seam_value *values;
	uint64_t needs[2], held, left;
	unsigned count;

	/* Of the texts it reads by number, a kind has some; others are not numbered. */
	track_needs(ev->kind, needs);
	held = ev->known[0] & (others | (ids & needs[0]));
	count = (unsigned)__builtin_popcountll(held);
	for (left = held; left;)
		bytes += bytes_of(ev, take_lowest(&left));
	size = (sizeof(*record) + count * sizeof(*values) + bytes + 7) / 8 * 8;
	record = reserve(&track->seam, size);
	*record = (struct seam_record){.size = (uint32_t)size, .deed = (uint8_t)deed,
	    .kind = ev->kind, .fields = (uint8_t)count, .weight = ev->weight,
	    .ordinal = track->ordinal, .time = ev->time, .offset = ev->offset,
	    .lineno = ev->lineno, .source_no = ev->source_no,
	    .late = (uint32_t)(track->latest - ev->time)};
	if (event_knows(ev, FIELD_reason))
		record->reason = ev->reason;
	if (hop) {
		record->hop = hop->entry.number;
		record->hop_serial = hop->serial;
		hop->pending++;
		hop->claims |= deed == SEAM_CLAIM;
	}
	values = (struct seam_value *)(record + 1);
	for (unsigned i = 0; held; i++) {
		unsigned field = take_lowest(&held);

		values[i] = hold(ev, field, needs[0] >> field & 1, (char *)(values + count),
		    off);
		off += values[i].len;
	}
}

void
seam_add_note(struct track *track, enum seam_deed deed, const void *note, size_t size)
{
	size_t whole = (sizeof(struct seam_record) + size + 7) / 8 * 8;
	struct seam_record *record = reserve(&track->seam, whole);

	*record = (struct seam_record){.size = (uint32_t)whole, .deed = (uint8_t)deed,
	    .ordinal = track->ordinal};
	memcpy(record + 1, note, size);
}

static struct seam_record *
record_at(const struct seam *seam, size_t at)
{
	return (struct seam_record *)(void *)(seam->bytes.p + at);
}

static void
renumber_note(struct seam_record *record, uint32_t *const remap[DOMAINS])
{
	if (record->deed == SEAM_CLIENT) {
		struct summary *summary = (struct summary *)(record + 1);

		summary->ip = renumbered(remap, DOMAIN_IP, summary->ip);
		summary->host = renumbered(remap, DOMAIN_WORD, summary->host);
	} else if (record->deed == SEAM_LOGIN) {
		struct login_note *login = (struct login_note *)(record + 1);

		login->ip = renumbered(remap, DOMAIN_IP, login->ip);
	}
}

void
seam_renumber(struct seam *seam, uint32_t *const remap[DOMAINS])
{
	for (size_t at = 0; at < seam->len; at += record_at(seam, at)->size) {
		struct seam_record *record = record_at(seam, at);
		struct seam_value *values = (struct seam_value *)(record + 1);

		renumber_note(record, remap);
		for (unsigned i = 0; i < record->fields; i++) {
			const struct seam_field *field = &seam_fields[values[i].field];

			if (field->holding & HELD_ID)
				values[i].id = renumbered(remap, field->domain, values[i].id);
		}
	}
}

static void
restore(const struct seam_record *record, struct event *ev)
{
	const struct seam_value *values = (const struct seam_value *)(record + 1);

	ev->known[0] = ev->known[1] = 0;
	ev->line = (const char *)(values + record->fields);
	EVENT_SET(ev, kind, record->kind);
	EVENT_SET(ev, time, record->time);
	ev->weight = record->weight;
	ev->offset = record->offset;
	ev->lineno = record->lineno;
	ev->source_no = record->source_no;
	if (record->reason != REASON_none)
		EVENT_SET(ev, reason, record->reason);
	for (unsigned i = 0; i < record->fields; i++) {
		const struct seam_field *field = &seam_fields[values[i].field];
		void *to = (char *)ev + field->offset;

		if (field->holding == HELD_NUMBER)
			*(int64_t *)to = values[i].number;
		else
			*(struct text *)to = (struct text){
			    values[i].off, values[i].len, values[i].id};
		event_mark(ev, values[i].field);
	}
}

/* The message that RECORD refers to, which waits for it no more. */
static struct message *
hop_of(const struct track *into, const struct seam_record *record, const uint32_t *numbers,
    uint64_t base)
{
	struct message *m;

	if (!record->hop || !numbers[record->hop])
		return NULL;
	m = message_at(&into->messages, numbers[record->hop]);
	if (m->serial != record->hop_serial + base)
		return NULL;
	if (m->pending)
		m->pending--;
	if (record->deed == SEAM_CLAIM)
		m->claims = false;
	return m;
}

static void
replay(struct track *into, const struct seam_record *record, const struct event *ev,
    struct message *hop, struct track_out *out)
{
	static hop_deed *const deeds[] = {
	    [SEAM_SEEK] = hop_seek_again,
	    [SEAM_LINK] = hop_link_again,
	    [SEAM_CLAIM] = verdict_claim,
	};

	if (record->deed >= SEAM_SEEK) {
		if (hop)
			deeds[record->deed](into, hop, ev, out);
	} else {
		into->hop = hop ? hop->entry.number : 0;
		track_tell(into, record->deed - SEAM_HANDLER, ev, out);
		into->hop = 0;
	}
}

static void
replay_note(struct track *into, const struct seam_record *record, struct track_out *out)
{
	const void *note = record + 1;

	if (record->deed == SEAM_CLIENT)
		client_summary(into, note, out);
	else if (record->deed == SEAM_LOGIN)
		login_noted(into, note);
	else
		login_session_over(into, *(const uint64_t *)note);
}

/* The queue id of RECORD's message; empty: it has none. */
static struct str
qid_of(const struct seam_record *record, uint32_t *ret_host)
{
	const struct seam_value *values = (const struct seam_value *)(record + 1);
	const char *bytes = (const char *)(values + record->fields);
	struct str qid = {bytes, 0};

	*ret_host = SYMBOL_ABSENT;
	for (unsigned i = 0; i < record->fields; i++)
		if (values[i].field == FIELD_host)
			*ret_host = values[i].id;
		else if (values[i].field == FIELD_qid)
			qid = (struct str){bytes + values[i].off, values[i].len};
	return qid;
}

/* Ids that INTO has, or will have of what is set aside, and that NEXT opens again. */
static void
find_reopenings(const struct track *into, const struct track *next, struct reopenings *ret)
{
	const struct seam *seam = &next->seam;
	const struct message *m;

	for (uint32_t at = 0; (m = registry_next(&into->messages.registry, &at));)
		if (m->entry.filed)
			reopenings_add(ret, m->host, (struct str){m->qid, m->qid_len});
	for (size_t at = 0; at < seam->len; at += record_at(seam, at)->size) {
		uint32_t host;
		struct str qid = qid_of(record_at(seam, at), &host);

		reopenings_add(ret, host, qid);
	}
	reopenings_find(ret, next);
}

void
seam_replay(struct track *into, struct track *next, const uint32_t *numbers,
    uint64_t base, struct track_out *out)
{
	struct reopenings reopenings = {.list = NULL};
	const struct seam *seam = &next->seam;
	uint32_t begun = 0;
	struct event ev;

	find_reopenings(into, next, &reopenings);
	for (size_t at = 0; at < seam->len; at += record_at(seam, at)->size) {
		const struct seam_record *record = record_at(seam, at);

		reopenings_until(&reopenings, into, record->ordinal, base, out);
		sessions_begun_until(into, next, &begun, record->ordinal, base, out);
		into->ordinal = base + record->ordinal;
		if (record->deed >= SEAM_CLIENT) {
			replay_note(into, record, out);
			continue;
		}
		restore(record, &ev);
		if (record->time + record->late > into->latest)
			into->latest = record->time + record->late;
		replay(into, record, &ev, hop_of(into, record, numbers, base), out);
	}
	reopenings_until(&reopenings, into, UINT64_MAX, base, out);
	sessions_begun_until(into, next, &begun, UINT64_MAX, base, out);
	opened_adopt(into, next, base);
	reopenings_free(&reopenings);
}
