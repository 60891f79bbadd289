/* SPDX-License-Identifier: Apache-2.0
 *
 * encode: numbers the texts that queries and tracking look at. A field nobody
 * asked for is never hashed, nor is what was numbered lately. Runs field by field over
 * events of one kind, so that the slots of a dictionary are on their way while the next
 * text is hashed, and the records that they lead to while the first ones are compared.
 */
#include "engine/pipeline.h"

#define BIT(field) (UINT64_C(1) << FIELD_##field % 64)
#define TAG_FIELDS (BIT(program) | BIT(daemon) | BIT(instance))

_Static_assert(FIELD_host < 64 && FIELD_instance < 64 && FIELD_source >= 64,
    "the header's words are in one half of a set of fields, the input's name in the other");

/*
 * The header's words are numbered once a tag or host, not once a line, and lines begun
 * afterwards have their numbers; this is for those before. An event has them side by side:
 * so all of a tag's are set when one is asked for.
 */
static void
encode_frame(const struct pipeline *pipeline, uint64_t fields, struct event *events,
    const uint32_t *order, size_t n)
{
	bool host = fields & BIT(host), tag = fields & TAG_FIELDS;

	for (size_t i = 0; i < n; i++) {
		struct event *ev = &events[order[i]];

		if (host)
			ev->host.id = pipeline->host_words[ev->host_no];
		if (tag) {
			const struct word_numbers *words = &pipeline->tag_words[ev->tag_no];

			ev->program.id = words->program;
			ev->daemon.id = words->daemon;
			ev->instance.id = words->instance;
		}
	}
}

static void
encode_source(const struct pipeline *pipeline, struct event *events, const uint32_t *order,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event *ev = &events[order[i]];

		ev->source.id = pipeline->source_words[ev->source_no];
	}
}

#define NOINLINE __attribute__((noinline)) /* each pass has the registers to itself */

/*
 * Leaves in pipeline->work the events whose FIELD is to be numbered: short texts, *RET_SHORT
 * of them, and the others, with hashes. Returns how many these are. What is remembered of
 * the former is then on its way, and the bins of the latter.
 */
static NOINLINE size_t
sort_texts(struct pipeline *pipeline, enum field field, struct event *events,
    const uint32_t *order, size_t n, size_t *ret_short)
{
	enum domain domain = event_fields[field].domain;
	const struct dict *dict = &pipeline->symbols.dict[domain];
	struct encode_work *work = &pipeline->work;
	size_t todo = 0, few = 0;

	for (size_t i = 0; i < n; i++) {
		struct event *ev = &events[order[i]];
		struct text *text = event_text_member(ev, field);

		if (!event_knows(ev, field)) {
			text->id = SYMBOL_ABSENT;
		} else if (text->len == 0 && text->id != SYMBOL_ABSENT) {
			continue; /* a word that is not in the line, or a derived event's */
		} else if (symbols_is_short(event_str(ev, *text))) {
			struct symbols_recent wanted =
			    symbols_short(domain, event_str(ev, *text), 0);
			uint32_t home = symbols_recent_home(&wanted);

			__builtin_prefetch(symbols_recent_at(&pipeline->symbols, home));
			work->home[few] = home;
			work->brief[few++] = order[i];
		} else {
			uint32_t hash = dict_hash(event_str(ev, *text));

			dict_prefetch(dict, hash);
			work->hash[todo] = hash;
			work->at[todo++] = order[i];
		}
	}
	*ret_short = few;
	return todo;
}

/*
 * Numbers FIELD of the short texts that were numbered lately; the others join the TODO that
 * are left. Returns how many these are then.
 */
static NOINLINE size_t
encode_recent(struct pipeline *pipeline, enum field field, struct event *events, size_t few,
    size_t todo)
{
	enum domain domain = event_fields[field].domain;
	struct encode_work *work = &pipeline->work;

	for (size_t i = 0; i < few; i++) {
		struct event *ev = &events[work->brief[i]];
		struct text *text = event_text_member(ev, field);
		struct symbols_recent wanted = symbols_short(domain, event_str(ev, *text), 0);

		/* Kept anyway, and counted if it is to do: no branch. */
		work->at[todo] = work->brief[i];
		todo += !symbols_recall(&pipeline->symbols, &wanted, work->home[i], &text->id);
	}
	return todo;
}

/* Hashes those that are left and have no hash yet: from number FROM on. */
static NOINLINE void
hash_rest(struct pipeline *pipeline, enum field field, const struct event *events, size_t from,
    size_t todo)
{
	const struct dict *dict = &pipeline->symbols.dict[event_fields[field].domain];
	struct encode_work *work = &pipeline->work;

	for (size_t i = from; i < todo; i++) {
		const struct event *ev = &events[work->at[i]];

		work->hash[i] = dict_hash(event_str(ev, *event_text_member(ev, field)));
		dict_prefetch(dict, work->hash[i]);
	}
}

/* Finds what most likely are their records, and then those that they are not. */
static NOINLINE void
encode_rest(struct pipeline *pipeline, enum field field, struct event *events, size_t todo)
{
	enum domain domain = event_fields[field].domain;
	const struct dict *dict = &pipeline->symbols.dict[domain];
	struct encode_work *work = &pipeline->work;

	for (size_t i = 0; i < todo; i++)
		work->likely[i] = dict_likely(dict, work->hash[i]);
	for (size_t i = 0; i < todo; i++) {
		struct event *ev = &events[work->at[i]];
		struct text *text = event_text_member(ev, field);
		const struct dict_record *record = dict_record_at(dict, work->likely[i]);
		struct str value = event_str(ev, *text);

		text->id = dict_is(record, value) ? record->number :
		    symbols_get_hashed(&pipeline->symbols, domain, value, work->hash[i]);
		symbols_remember(&pipeline->symbols, domain, value, text->id);
	}
}

static void
encode_field(struct pipeline *pipeline, enum field field, struct event *events,
    const uint32_t *order, size_t n)
{
	size_t few, hashed = sort_texts(pipeline, field, events, order, n, &few);
	size_t todo = encode_recent(pipeline, field, events, few, hashed);

	hash_rest(pipeline, field, events, hashed, todo);
	encode_rest(pipeline, field, events, todo);
}

void
encode_kind(struct pipeline *pipeline, enum kind kind, struct event *events,
    const uint32_t *order, size_t n)
{
	uint64_t needs[2] = {
	    pipeline->shared->needs[kind][0], pipeline->shared->needs[kind][1]};
	uint64_t spelt[2];

	if (kind_is_derived(kind)) {
		track_spells(spelt);
		needs[0] &= spelt[0];
		needs[1] &= spelt[1];
	} else {
		/* Where streams are compared, some got a host that is not their line's. */
		if ((pipeline->frames_late || pipeline->retold) &&
		    needs[0] & (BIT(host) | TAG_FIELDS))
			encode_frame(pipeline, needs[0], events, order, n);
		if (needs[1] & BIT(source))
			encode_source(pipeline, events, order, n);
		needs[0] &= ~(BIT(host) | TAG_FIELDS);
		needs[1] &= ~BIT(source);
	}
	for (unsigned word = 0; word < 2; word++)
		for (uint64_t bits = needs[word]; bits; bits &= bits - 1)
			encode_field(pipeline, word * 64 + (unsigned)__builtin_ctzll(bits),
			    events, order, n);
}

void
encode_tracked(struct symbols *into, struct event *ev, const struct symbols *symbols)
{
	uint64_t needs[2];

	track_needs(ev->kind, needs);
	for (unsigned word = 0; word < 2; word++)
		for (uint64_t bits = needs[word]; bits; bits &= bits - 1) {
			enum field field = word * 64 + (unsigned)__builtin_ctzll(bits);

			if (event_knows(ev, field))
				event_text_member(ev, field)->id = symbols_get(into,
				    event_fields[field].domain,
				    event_text(ev, field, symbols));
		}
}
