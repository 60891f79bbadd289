/* SPDX-License-Identifier: Apache-2.0
 *
 * fields: the table of the fields, made from EVENT_FIELDS, and reading a member
 * of struct event by its field's number. The names of the closed sets (kind,
 * outcome, reason, severity) are here too.
 */
#include "event/event.h"

#include <stdlib.h>

#include "base/flags.h"
#include "base/stable-hash.h"

#define F(name, type, domain, privacy, help)                                                \
	[FIELD_##name] = {#name, TYPE_##type, DOMAIN_##domain, PRIVACY_##privacy,           \
	    offsetof(struct event, name), help},
const struct event_field event_fields[FIELDS] = {EVENT_FIELDS(F)};
#undef F

#define NAME(name) #name,
static const char *const kind_names[] = {EVENT_KINDS(NAME)};
static const char *const outcome_names[] = {EVENT_OUTCOMES(NAME)};
static const char *const reason_names[] = {EVENT_REASONS(NAME)};
static const char *const severity_names[] = {EVENT_SEVERITIES(NAME)};
#undef NAME

struct enum_names {
	const char *const *name;
	unsigned count;
};

#define COUNT(array) (unsigned)(sizeof(array) / sizeof(*(array)))

/* The names of an ENUM field; none for any other. */
static struct enum_names
names_of(enum field field)
{
	if (field == FIELD_kind)
		return (struct enum_names){kind_names, COUNT(kind_names)};
	if (field == FIELD_outcome)
		return (struct enum_names){outcome_names, COUNT(outcome_names)};
	if (field == FIELD_reason)
		return (struct enum_names){reason_names, COUNT(reason_names)};
	if (field == FIELD_severity)
		return (struct enum_names){severity_names, COUNT(severity_names)};
	return (struct enum_names){NULL, 0};
}

const char *
event_enum_name(enum field field, unsigned value)
{
	struct enum_names names = names_of(field);

	return value < names.count ? names.name[value] : "none";
}

int
event_enum_value(enum field field, struct str name)
{
	struct enum_names names = names_of(field);

	for (unsigned i = 0; i < names.count; i++)
		if (str_eq(str_of(names.name[i]), name))
			return (int)i;
	return -1;
}

enum field
event_field_named(struct str name)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (str_eq(str_of(event_fields[i].name), name))
			return (enum field)i;
	return FIELDS;
}

struct str
event_text(const struct event *ev, enum field field, const struct symbols *symbols)
{
	struct text text = *event_text_member(ev, field);

	if (text.len)
		return event_str(ev, text);
	if (text.id == SYMBOL_ABSENT || !symbols)
		return STR("");
	return symbols_text(symbols, event_fields[field].domain, text.id);
}

static const char *const words[WORDS] = {
#define W(name) #name,
	EVENT_WORDS(W)
#undef W
};

struct str
event_word(const struct event *ev, struct text text)
{
	if (text.len == 0 && text.id != SYMBOL_ABSENT && text.id < WORDS)
		return str_of(words[text.id]);
	return event_str(ev, text);
}

enum word
event_word_named(struct str text)
{
	for (unsigned word = WORD_absent + 1; word < WORDS; word++)
		if (str_eq(text, str_of(words[word])))
			return word;
	return WORD_absent;
}

bool
event_is_spam(const struct event *ev, const struct symbols *symbols)
{
	static const enum word unwanted[] = {
	    WORD_spam, WORD_spammy, WORD_banned, WORD_infected};
	struct str verdict = event_knows(ev, FIELD_verdict) ?
	    event_text(ev, FIELD_verdict, symbols) : STR("");

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		if (str_eq(verdict, str_of(words[unwanted[i]])))
			return true;
	return false;
}

int64_t
event_number(const struct event *ev, enum field field)
{
	const char *member = (const char *)ev + event_fields[field].offset;
	int64_t value;

	switch (event_fields[field].type) {
	case TYPE_ENUM:
		return *(const uint8_t *)member;
	case TYPE_BOOL:
		return *(const bool *)member;
	case TYPE_INT:
	case TYPE_SIZE:
	case TYPE_DURATION:
	case TYPE_MILLI:
	case TYPE_TIME:
	case TYPE_ID:
		memcpy(&value, member, sizeof(value));
		return value;
	case TYPE_TEXT:
	case TYPE_IP:
		break;
	}
	return 0;
}

struct event_batch *
event_batch_new(void)
{
	struct event_batch *batch = xcalloc(1, sizeof(*batch));

	batch->numbers = xmalloc(FIELDS * sizeof(*batch->numbers));
	batch->bytes = xmalloc(FIELDS * sizeof(*batch->bytes));
	return batch;
}

void
event_batch_free(struct event_batch *batch)
{
	if (!batch)
		return;
	free(batch->numbers);
	free(batch->bytes);
	free(batch);
}

void
event_batch_begin(struct event_batch *batch, enum kind kind, size_t n)
{
	batch->kind = kind;
	batch->n = n;
	batch->gathered[0] = batch->gathered[1] = 0;
	batch->answered = 0;
	flags_begin(batch->all, n);
}

static void
gather_numbers(struct event_batch *batch, enum field field)
{
	size_t offset = event_fields[field].offset + offsetof(struct text, id), lacking = 0;
	uint32_t *numbers = batch->numbers[field];

	for (size_t i = 0; i < batch->n; i++) {
		const struct event *ev = batch->event[i];
		uint32_t number;

		memcpy(&number, (const char *)ev + offset, sizeof(number));
		number &= -(uint32_t)event_knows(ev, field); /* else SYMBOL_ABSENT */
		numbers[i] = number;
		lacking += number == SYMBOL_ABSENT;
	}
	batch->lacking[field] = (uint16_t)lacking;
}

static void
gather_bytes(struct event_batch *batch, enum field field)
{
	size_t offset = event_fields[field].offset;
	uint8_t *bytes = batch->bytes[field];

	for (size_t i = 0; i < batch->n; i++) {
		const struct event *ev = batch->event[i];
		uint8_t value = *((const uint8_t *)ev + offset);

		bytes[i] = event_knows(ev, field) ? value : 0;
	}
}

void
event_gather(struct event_batch *batch, enum field field)
{
	if (event_fields[field].domain != DOMAIN_NONE)
		gather_numbers(batch, field);
	else
		gather_bytes(batch, field);
	batch->gathered[field / 64] |= UINT64_C(1) << (field % 64);
}

uint64_t
event_id(uint64_t head_hash, uint64_t offset, uint32_t ordinal)
{
	uint64_t parts[3] = {head_hash, offset, ordinal};

	return stable_mix(stable_hash(STABLE_HASH_START,
	    (struct str){(const char *)parts, sizeof(parts)}));
}
