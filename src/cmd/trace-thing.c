/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-thing: what was asked for, and whether an event is about it.
 */
#include "cmd/trace.h"

/* ":4711" at the end of TEXT is left out. */
static struct str
without_port(struct str text)
{
	size_t end = text.len;

	while (end > 0 && char_is_digit(text.p[end - 1]))
		end--;
	return end > 0 && end < text.len && text.p[end - 1] == ':' ? str_head(text, end - 1) :
								    text;
}

/*
 * The address in "unknown[192.0.2.1]", "[2001:db8::1]:4711" or "192.0.2.1:4711", as lines of
 * logs name a client; else TEXT. "joe@[192.0.2.1]" is a mail address.
 */
static struct str
client_in(struct str text)
{
	struct str address = without_port(text);
	size_t open = str_index(address, '[');
	struct ip ip;

	if (open < address.len && str_ends(address, STR("]")) &&
	    str_index(address, '@') == address.len)
		address = (struct str){address.p + open + 1, address.len - open - 2};
	else if (str_index(address, ':') < address.len)
		return text;
	return ip_parse(address, &ip) ? address : text;
}

/* A queue id, by its alphabet: short ones are hexadecimal, long ones have no vowels. */
static bool
is_queue_id(struct str text)
{
	bool is_short = true, is_long = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		is_short &= char_is_digit(c) || (c >= 'A' && c <= 'F');
		is_long &= char_is_alnum(c) && !strchr("AEIOUaeiou", c);
	}
	return text.len >= 6 && (is_short || is_long);
}

/* NAME= before TEXT is left out, where it is one word of a line: "from=<joe@b.test>". */
static bool
skip_name(struct str *text)
{
	static const struct str names[] = {STR("from="), STR("to="), STR("orig_to="),
	    STR("message-id="), STR("client="), STR("sasl_username="), STR("user="),
	    STR("rip=")};
	struct str rest = *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_skip(&rest, names[i]) && rest.len &&
		    str_index(rest, ' ') == rest.len && str_index(rest, '=') == rest.len) {
			*text = rest;
			return true;
		}
	return false;
}

/*
 * TEXT without what stands around it in a line of a log, and without mailq's mark behind a
 * queue id. A login name may be anything, "2001:db8::" is an address.
 */
static struct str
bare(struct str text)
{
	struct cidr net;
	bool named = skip_name(&text);
	struct str less = text;

	if (text.len < 2 || cidr_parse(text, &net))
		return text;
	less.len--;
	if (strchr(",;:", text.p[less.len]) && (named || is_queue_id(less) ||
		strchr(">]", less.p[less.len - 1]) || str_index(less, '@') < less.len))
		return less;
	return strchr("*!", text.p[less.len]) && is_queue_id(less) ? less : text;
}

struct thing
thing_of(struct str word)
{
	struct thing thing = {.text = bare(str_trim(word))};

	if (thing.text.len >= 2 && *thing.text.p == '<' && str_ends(thing.text, STR(">")))
		thing.text = (struct str){thing.text.p + 1, thing.text.len - 2};
	thing.text = client_in(thing.text);
	thing.is_net = cidr_parse(thing.text, &thing.net);
	return thing;
}

static bool
is_client(const struct thing *thing, const struct event *ev, const struct symbols *symbols)
{
	struct ip ip;

	return event_knows(ev, FIELD_ip) && ip_parse(event_text(ev, FIELD_ip, symbols), &ip) &&
	    cidr_contains(&thing->net, &ip);
}

static bool
is_msgid(struct str thing, struct str msgid)
{
	if (msgid.len == thing.len + 2 && *msgid.p == '<')
		msgid = str_head(str_from(msgid, 1), thing.len);
	return str_eq(thing, msgid);
}

static const struct {
	enum field field;
	bool exact; /* upper and lower case differ */
} places[] = {
	{FIELD_qid, true}, {FIELD_next_qid, true}, {FIELD_orig_qid, true},
	{FIELD_user, false}, {FIELD_sender, false}, {FIELD_recipient, false},
	{FIELD_orig_recipient, false}, {FIELD_name, false},
};

#define PLACES (sizeof(places) / sizeof(*places))
_Static_assert(PLACES + 2 <= THING_TEXTS, "and two ways to write a message id");

bool
thing_named(const struct thing *thing, const struct event *ev, const struct symbols *symbols)
{
	if (thing->is_net)
		return is_client(thing, ev, symbols);
	for (size_t i = 0; i < PLACES; i++) {
		struct str text;

		if (!event_knows(ev, places[i].field))
			continue;
		text = event_text(ev, places[i].field, symbols);
		if (places[i].exact ? str_eq(thing->text, text) :
				      str_eq_nocase(thing->text, text))
			return true;
	}
	return event_knows(ev, FIELD_msgid) &&
	    is_msgid(thing->text, event_text(ev, FIELD_msgid, symbols));
}

size_t
thing_texts(const struct thing *thing, struct arena *arena,
    struct store_text ret[THING_TEXTS])
{
	size_t n = 0;

	if (thing->is_net)
		return 0;
	for (; n < PLACES; n++)
		ret[n] = (struct store_text){places[n].field, thing->text};
	ret[n++] = (struct store_text){FIELD_msgid, thing->text};
	ret[n++] = (struct store_text){FIELD_msgid,
	    str_of(arena_printf(arena, "<%.*s>", STR_ARG(thing->text)))};
	return n;
}
