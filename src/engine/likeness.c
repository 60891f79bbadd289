/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/likeness.h"

#include "base/hash.h"

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 127;
}

/* rsyslog writes #011 where a program's own log has a tab: the same as if it stood there. */
static uint64_t
hash_escaped(struct str text)
{
	struct buf escaped = BUF_INIT(4 * EVENT_LINE_MAX);
	uint64_t hash;

	for (size_t i = 0; i < text.len; i++) {
		if (is_control(text.p[i]))
			buf_printf(&escaped, "#%03o", (unsigned char)text.p[i]);
		else
			buf_char(&escaped, text.p[i]);
	}
	hash = hash_bytes(escaped.p, escaped.len);
	buf_done(&escaped);
	return hash;
}

static uint64_t
hash_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_control(text.p[i]))
			return hash_escaped(text);
	return hash_bytes(text.p, text.len);
}

uint64_t
likeness_of_field(const struct event *ev, enum field field, const struct symbols *symbols)
{
	enum field_type type = event_fields[field].type;
	struct str text;

	if (type != TYPE_TEXT && type != TYPE_IP)
		return hash_u64((uint64_t)event_number(ev, field));
	text = symbols ? event_text(ev, field, symbols) :
	    event_word(ev, *event_text_member(ev, field));
	return hash_text(text);
}

uint64_t
likeness(const struct event *ev, const uint64_t without[2], const struct symbols *symbols)
{
	uint64_t hash = hash_seed;

	for (unsigned word = 0; word < 2; word++) {
		uint64_t known = ev->known[word] & ~without[word];

		for (; known; known &= known - 1) {
			enum field field = word * 64 + (unsigned)__builtin_ctzll(known);

			hash = hash_mix(hash ^ HASH_K1,
			    likeness_of_field(ev, field, symbols) ^ field);
		}
	}
	return hash;
}
