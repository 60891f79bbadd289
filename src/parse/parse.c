/* SPDX-License-Identifier: Apache-2.0
 *
 * One line to one event: header, tag, the daemon's parser; and what syslog daemons
 * make of lines that repeat:
 *   ... postfix/smtpd[123]: message repeated 3 times: [ connect from ...]
 *   Dec 11 09:29:32 localhost last message repeated 2 times
 */
#include "parse/parse.h"

#include "base/arena.h"
#include "parse/room.h"

/* Hosts and tags come from outside, too: so many are numbered, the rest is 0. */
#define NUMBERS_MAX 65000u

/* A tag taken apart; offsets count from its beginning. */
struct tag {
	struct str text;
	uint8_t daemon_at; /* what stands before it and its '/' is the instance */
	bool mail;         /* a mail program's */
	const struct parser *parser; /* NULL: nobody reads this daemon */
	const struct parser *in_file; /* who reads it where no host is named, or NULL */
};

/* Slots for tags seen lately: a server has a dozen, so a line's is nearly always there. */
#define TAG_SLOTS 64u

struct parse {
	struct header_memo memo;
	struct dict hosts, tags;  /* number 0 of each is the empty text */
	struct tag *tag;          /* by number */
	uint32_t tag_room;
	struct str *host;         /* by number */
	uint32_t host_room;
	uint16_t last_host;       /* number of the last line's host */
	uint16_t last_tags[TAG_SLOTS]; /* numbers of tags seen lately, by tag_slot() */
	struct arena texts;
	/* The last line's. Here, because a local one would be zeroed for each line. */
	struct header header;
	struct tag unnumbered;
};

static bool
is_listed(const char *const *names, struct str name)
{
	for (; names && *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

/*
 * Whose words TAG's are: by all of it, or by its last component, DAEMON. A BARE tag is
 * no daemon of Postfix's, but its namesake.
 */
static const struct parser *
parser_of(struct str tag, struct str daemon, bool bare)
{
	for (unsigned i = 0; i < parsers_count; i++)
		if ((!bare || parsers[i]->whole) && is_listed(parsers[i]->daemons, tag))
			return parsers[i];
	for (unsigned i = 0; i < parsers_count; i++)
		if ((!bare || parsers[i]->foreign || parsers[i]->alone) &&
		    !parsers[i]->whole && is_listed(parsers[i]->daemons, daemon))
			return parsers[i];
	return NULL;
}

static const struct parser *
parser_in_file(struct str process)
{
	for (unsigned i = 0; i < parsers_count; i++)
		if (is_listed(parsers[i]->processes, process))
			return parsers[i];
	return NULL;
}

/*
 * "postfix/submission/smtpd": instance, daemon. A bare "postfix" or "postfix-in" is
 * left where rsyslog has converted to RFC 5424; postfix(1) itself says no more either.
 * Its parser goes by the text alone.
 */
static struct tag
take_apart(struct str text)
{
	size_t slash = str_find_last(text, STR("/"));
	bool bare = slash == text.len;
	struct tag tag = {.text = text, .daemon_at = bare ? 0 : (uint8_t)(slash + 1)};

	if (bare && (str_eq(text, STR("postfix")) || str_starts(text, STR("postfix-")))) {
		tag.parser = &parser_postfix_plain;
		tag.mail = true;
		return tag;
	}
	tag.parser = parser_of(text, str_from(text, tag.daemon_at), bare);
	tag.in_file = parser_in_file(text);
	tag.mail = tag.parser ? !tag.parser->foreign :
	    !bare && str_find(str_head(text, slash), STR("postfix")) < slash;
	return tag;
}

struct parse *
parse_new(void)
{
	struct parse *parse = xcalloc(1, sizeof(*parse));

	dict_get(&parse->hosts, STR(""));
	dict_get(&parse->tags, STR(""));
	parse->tag_room = parse->host_room = 16;
	parse->tag = xcalloc(parse->tag_room, sizeof(*parse->tag));
	parse->host = xcalloc(parse->host_room, sizeof(*parse->host));
	return parse;
}

void
parse_free(struct parse *parse)
{
	if (!parse)
		return;
	dict_free(&parse->hosts);
	dict_free(&parse->tags);
	free(parse->tag);
	free(parse->host);
	arena_free(&parse->texts);
	free(parse);
}

/* The number of HOST, or 0 when there are too many. */
static uint16_t
number_host(struct parse *parse, struct str host)
{
	uint32_t hash, number;

	if (str_eq(host, parse->host[parse->last_host]))
		return parse->last_host;
	hash = dict_hash(host);
	number = dict_find(&parse->hosts, host, hash);
	if (number == DICT_NONE) {
		uint32_t count = parse->hosts.count;

		if (count > NUMBERS_MAX)
			return 0;
		MEM_GROW(parse->host, count, parse->host_room);
		number = dict_add(&parse->hosts, host, hash);
		parse->host[number] = arena_str(&parse->texts, host);
	}
	parse->last_host = (uint16_t)number;
	return parse->last_host;
}

/* Tags differ at their ends, if not in length. */
static inline uint32_t
tag_slot(struct str text)
{
	return (uint32_t)((hash_load8(text.p + text.len - 8) ^ text.len) * HASH_K1 >> 32) %
	    TAG_SLOTS;
}

/*
 * TEXT taken apart and *RET_NUMBER its number. When there are too many the number
 * is 0 and the tag is taken apart again: the line reads the same.
 */
static const struct tag *
find_tag(struct parse *parse, struct str text, uint16_t *ret_number)
{
	uint32_t hash = dict_hash(text);
	uint32_t number = dict_find(&parse->tags, text, hash);

	if (number == DICT_NONE) {
		uint32_t count = parse->tags.count;

		if (count > NUMBERS_MAX) {
			parse->unnumbered = take_apart(text);
			*ret_number = 0;
			return &parse->unnumbered;
		}
		MEM_GROW(parse->tag, count, parse->tag_room);
		number = dict_add(&parse->tags, text, hash);
		parse->tag[number] = take_apart(arena_str(&parse->texts, text));
	}
	*ret_number = (uint16_t)number;
	return &parse->tag[number];
}

/* find_tag(), mostly without hashing. */
static inline const struct tag *
number_tag(struct parse *parse, struct str text, uint16_t *ret_number)
{
	const struct tag *tag;
	uint16_t *number;

	if (text.len < 8)
		return find_tag(parse, text, ret_number);
	number = &parse->last_tags[tag_slot(text)];
	tag = &parse->tag[*number];
	if (!str_eq(tag->text, text)) {
		tag = find_tag(parse, text, ret_number);
		*number = *ret_number;
		return tag;
	}
	*ret_number = *number;
	return tag;
}

static enum parse_result
read_message(const struct tag *tag, struct str message, struct event *ev)
{
	enum parse_result result = tag->mail ? PARSE_UNKNOWN : PARSE_FOREIGN;

	if (tag->mail && message.len == 0)
		return PARSE_MALFORMED;
	if (tag->parser)
		result = tag->parser->read(message, ev);
	return result == PARSE_UNKNOWN && !tag->mail ? PARSE_FOREIGN : result;
}

/* "message repeated 3 times: [ TEXT]": leaves TEXT in *MESSAGE and returns 3; else 1. */
static uint32_t
take_repeated(struct str *message)
{
	struct str s;
	int64_t times;

	/* Before the slice is copied: nearly all lines end here. */
	if (message->len == 0 || *message->p != 'm')
		return 1;
	s = *message;
	if (!str_skip(&s, STR("message repeated ")) || !str_skip_number(&s, &times) ||
	    times < 1 || times > UINT32_MAX || !str_skip(&s, STR(" times: [")))
		return 1;
	str_skip_char(&s, ' ');
	if (s.len && s.p[s.len - 1] == ']')
		s.len--;
	*message = s;
	return (uint32_t)times;
}

/* Lines without a tag: "last message repeated 2 times", marks, and what is nobody's. */
static enum parse_result
read_untagged(struct str message, struct event *ev)
{
	struct str s = message;
	int64_t times;

	if (str_eq(message, STR("-- MARK --")))
		return PARSE_IGNORED;
	if (!str_skip(&s, STR("last message repeated ")) || !str_skip_number(&s, &times) ||
	    times < 1 || times > UINT32_MAX || (!str_eq(s, STR(" times")) &&
	    !str_eq(s, STR(" time"))))
		return message.len ? PARSE_FOREIGN : PARSE_MALFORMED;
	ev->kind = KIND_repeat;
	EVENT_SET(ev, count, times);
	ev->weight = (uint32_t)times;
	return PARSE_EVENT;
}

/* Lines without a header: what journalctl writes between the others, or damage. */
static enum parse_result
read_headless(struct str line)
{
	static const struct str notes[] = {
	    {"-- Journal begins ", 18}, {"-- Logs begin ", 14}, {"-- Boot ", 8},
	    {"-- Reboot --", 12}, {"-- No entries --", 16}, {"-- MARK --", 10},
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (str_starts(line, notes[i]))
			return PARSE_IGNORED;
	return line.len ? PARSE_MALFORMED : PARSE_IGNORED;
}

/* Puts the header's words into EV. Returns the tag, or NULL if the line has none. */
static const struct tag *
set_header(struct parse *parse, struct event *ev)
{
	const struct header *header = &parse->header;
	const struct tag *tag;
	int64_t pid;

	if (header->host.len) {
		ev->host_no = number_host(parse, header->host);
		EVENT_TEXT(ev, host, header->host);
	}
	if (digits_number(header->pid, &pid))
		EVENT_SET(ev, pid, pid);
	if (header->tag.len == 0)
		return NULL;
	tag = number_tag(parse, header->tag, &ev->tag_no);
	if (header->program) {
		EVENT_WORD(ev, program, header->program);
		EVENT_WORD(ev, daemon, header->program);
		return tag;
	}
	EVENT_TEXT(ev, program, header->tag);
	EVENT_TEXT(ev, daemon, str_from(header->tag, tag->daemon_at));
	if (tag->daemon_at > 1)
		EVENT_TEXT(ev, instance, str_head(header->tag, tag->daemon_at - 1u));
	return tag;
}

/* `weight` and `count` of an event that stands for TIMES like it. */
static void
multiply(struct event *ev, uint32_t times)
{
	int64_t each = event_knows(ev, FIELD_count) ? ev->count : 1;
	int64_t count;

	if (__builtin_mul_overflow(each, (int64_t)times, &count) || count > UINT32_MAX)
		count = UINT32_MAX;
	EVENT_SET(ev, count, count);
	ev->weight = (uint32_t)count;
}

enum parse_result
parse_line(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp)
{
	struct header *header = &parse->header;
	const struct tag *tag;
	enum parse_result result;
	bool has_header;
	uint32_t times;

	ev->known[0] = ev->known[1] = 0;
	ev->weight = 1;
	ev->kind = KIND_none;
	ev->tag_no = ev->host_no = 0;
	ev->line = line.p;
	if (line.len > EVENT_LINE_MAX) {
		line.len = EVENT_LINE_MAX;
		EVENT_SET(ev, truncated, true);
	}
	ev->line_len = (uint32_t)line.len;
	has_header = header_read_memo(&parse->memo, line, header);
	*ret_stamp = header->stamp;
	if (!has_header)
		return read_headless(header->message);
	tag = set_header(parse, ev);
	if (!tag)
		return read_untagged(header->message, ev);
	times = take_repeated(&header->message);
	if (tag->in_file && header->host.len == 0) {
		header->message = str_range(header->tag.p,
		    header->message.p + header->message.len);
		result = tag->in_file->read(header->message, ev);
	} else {
		result = read_message(tag, header->message, ev);
	}
	if (result == PARSE_EVENT && (times > 1 || event_knows(ev, FIELD_count)))
		multiply(ev, times);
	return result;
}

bool
parse_stamp(struct str line, struct stamp *ret)
{
	struct header header;

	if (!header_read(line, &header) || !header.stamp.known)
		return false;
	*ret = header.stamp;
	return true;
}

uint32_t
parse_hosts(const struct parse *parse)
{
	return parse->hosts.count;
}

struct str
parse_host(const struct parse *parse, uint32_t host_no)
{
	return parse->host[host_no];
}

uint32_t
parse_tags(const struct parse *parse)
{
	return parse->tags.count;
}

struct tag_words
parse_tag(const struct parse *parse, uint32_t tag_no)
{
	const struct tag *tag = &parse->tag[tag_no];
	size_t instance = tag->daemon_at > 1 ? tag->daemon_at - 1u : 0;

	return (struct tag_words){
	    .program = tag->text,
	    .daemon = str_from(tag->text, tag->daemon_at),
	    .instance = str_head(tag->text, instance),
	};
}

struct str
parse_message(const struct parse *parse)
{
	return parse->header.message;
}
