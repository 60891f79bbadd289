/* SPDX-License-Identifier: Apache-2.0
 *
 * encode: numbers the texts that queries and tracking look at. A field nobody
 * asked for is never hashed. Runs field by field over events of one kind, so
 * that the slots of a dictionary are on their way while the next text is hashed.
 */
#include "engine/pipeline.h"

/* The member of EV that a header word of TAGS or HOSTS fills. */
static uint32_t
frame_number(const struct pipeline *pipeline, enum field field, const struct event *ev)
{
	switch ((int)field) {
	case FIELD_host:
		return pipeline->host_words[ev->host_no];
	case FIELD_program:
		return pipeline->tag_words[ev->tag_no].program;
	case FIELD_daemon:
		return pipeline->tag_words[ev->tag_no].daemon;
	case FIELD_instance:
		return pipeline->tag_words[ev->tag_no].instance;
	default:
		return pipeline->source_words[ev->source_no];
	}
}

/* The header's words are numbered once a tag or host, not once a line. */
static void
encode_frame(const struct pipeline *pipeline, enum field field, struct event *events,
    const uint32_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event *ev = &events[order[i]];

		event_text_member(ev, field)->id = frame_number(pipeline, field, ev);
	}
}

static bool
is_frame(enum field field)
{
	return field == FIELD_host || field == FIELD_program || field == FIELD_daemon ||
	    field == FIELD_instance || field == FIELD_source;
}

static void
encode_field(struct pipeline *pipeline, enum field field, struct event *events,
    const uint32_t *order, size_t n)
{
	enum domain domain = event_fields[field].domain;
	const struct dict *dict = &pipeline->symbols.dict[domain];
	struct encode_work *work = &pipeline->work;
	size_t todo = 0;

	for (size_t i = 0; i < n; i++) {
		struct event *ev = &events[order[i]];
		struct text *text = event_text_member(ev, field);

		if (!event_knows(ev, field)) {
			text->id = SYMBOL_ABSENT;
			continue;
		}
		if (text->len == 0 && text->id != SYMBOL_ABSENT)
			continue; /* a word that is not in the line, or a derived event's */
		work->hash[todo] = dict_hash(event_str(ev, *text));
		dict_prefetch(dict, work->hash[todo]);
		work->at[todo++] = (uint16_t)i;
	}
	for (size_t i = 0; i < todo; i++) {
		struct event *ev = &events[order[work->at[i]]];
		struct text *text = event_text_member(ev, field);

		text->id = symbols_get_hashed(&pipeline->symbols, domain, event_str(ev, *text),
		    work->hash[i]);
	}
}

void
encode_kind(struct pipeline *pipeline, enum kind kind, struct event *events,
    const uint32_t *order, size_t n)
{
	bool derived = kind_is_derived(kind);

	for (unsigned word = 0; word < 2; word++) {
		uint64_t bits = pipeline->shared->needs[kind][word];

		for (; bits; bits &= bits - 1) {
			enum field field = word * 64 + (unsigned)__builtin_ctzll(bits);

			if (is_frame(field) && !derived)
				encode_frame(pipeline, field, events, order, n);
			else
				encode_field(pipeline, field, events, order, n);
		}
	}
}
