/* SPDX-License-Identifier: Apache-2.0
 *
 * One line to one event: header, tag, the daemon's parser; and what syslog daemons
 * make of lines that repeat:
 *   ... postfix/smtpd[123]: message repeated 3 times: [ connect from ...]
 */
#include "parse/parse.h"

#include "base/arena.h"
#include "parse/header-memo.h"

/* Hosts and tags come from outside, too: so many are numbered, the rest is 0. */
#define NUMBERS_MAX 65000u

/* A tag taken apart; offsets count from its beginning. */
struct tag {
	struct str text;
	uint8_t daemon_at; /* what stands before it and its '/' is the instance */
	uint8_t daemon;    /* enum word: its number in every dictionary, or absent */
	bool mail;         /* a mail program's */
	bool listed;       /* some row names it */
	uint64_t known;    /* the event's bits of the fields that its words are */
	/* struct parser's; NULL: nobody reads this daemon */
	enum parse_result (*read)(struct str message, struct event *ev);
	/* struct parser's */
	bool (*own)(struct str message, const struct event *ev);
	bool (*twice)(const struct event *ev);
	const struct parser *file; /* in whose own files it is a process, or NULL */
};

struct parse {
	struct header_memo memo;
	struct dict hosts, tags;  /* number 0 of each is the empty text */
	struct tag *tag;          /* by number */
	uint32_t tag_room;
	struct str *host;         /* by number */
	uint32_t host_room;
	uint16_t last_host;       /* number of the last line's host */
	const struct parser *files[STAMP_FORMS]; /* whose own files have this form, or NULL */
	struct arena texts;
	/* The last line's. Here, because a local one would be zeroed for each line. */
	struct header header;
	struct header_again found;
	struct tag unnumbered;
};

#define BIT(field) (UINT64_C(1) << FIELD_##field)
_Static_assert(FIELD_instance < 64, "a tag's fields are in the first word of `known`");

static bool
is_listed(const char *const *names, struct str name)
{
	for (; names && *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

/* Whose words a tag's are: by all of it, or by its last component, DAEMON. */
static const struct parser *
parser_of(struct str tag, struct str daemon)
{
	for (unsigned i = 0; i < parsers_count; i++)
		if (is_listed(parsers[i]->tags, tag))
			return parsers[i];
	for (unsigned i = 0; i < parsers_count && daemon.len < tag.len; i++)
		if (is_listed(parsers[i]->daemons, daemon))
			return parsers[i];
	return NULL;
}

static const struct parser *
parser_of_process(struct str name)
{
	for (unsigned i = 0; i < parsers_count; i++)
		if (is_listed(parsers[i]->processes, name))
			return parsers[i];
	return NULL;
}

/*
 * "postfix/submission/smtpd": instance, daemon. A bare "postfix" or "postfix-in" is
 * left where rsyslog has converted to RFC 5424; postfix(1) itself says no more either.
 * Its parser goes by the text alone. So does PHP's, which logs under any tag, as do
 * the loggers before sendmail.
 */
static struct tag
take_apart(struct str text)
{
	const struct parser *parser;
	size_t slash = str_find_last(text, STR("/"));
	bool bare = slash == text.len;
	struct tag tag = {.text = text, .daemon_at = bare ? 0 : (uint8_t)(slash + 1),
	    .known = BIT(program) | BIT(daemon)};

	tag.daemon = (uint8_t)event_word_named(str_from(text, tag.daemon_at));
	if (tag.daemon_at > 1)
		tag.known |= BIT(instance);
	if (bare && (str_eq(text, STR("postfix")) || str_starts(text, STR("postfix-")))) {
		tag.read = parser_postfix_plain.read;
		tag.mail = tag.listed = true;
		return tag;
	}
	tag.file = parser_of_process(text);
	parser = parser_of(text, str_from(text, tag.daemon_at));
	if (parser) {
		tag.read = parser->read;
		tag.mail = !parser->foreign;
		tag.own = parser->own;
		tag.twice = parser->twice;
		tag.listed = true;
	} else {
		tag.mail = !bare && str_find(str_head(text, slash), STR("postfix")) < slash;
		tag.read = tag.mail ? NULL : parser_php.read;
	}
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
	for (unsigned i = 0; i < parsers_count; i++)
		if (parsers[i]->form != STAMP_NONE)
			parse->files[parsers[i]->form] = parsers[i];
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

/* Remembers the number of HOST as last_host: 0 when there are too many. */
static PARSE_RARE void
number_host(struct parse *parse, struct str host)
{
	uint32_t hash = dict_hash(host), number = dict_find(&parse->hosts, host, hash);

	if (number == DICT_NONE && parse->hosts.count > NUMBERS_MAX) {
		number = 0;
	} else if (number == DICT_NONE) {
		uint32_t count = parse->hosts.count;

		MEM_GROW(parse->host, count, parse->host_room);
		number = dict_add(&parse->hosts, host, hash);
		parse->host[number] = arena_str(&parse->texts, host);
	}
	parse->last_host = (uint16_t)number;
}

/*
 * TEXT taken apart and *RET_NUMBER its number. When there are too many the number
 * is 0 and the tag is taken apart again: the line reads the same.
 */
static PARSE_RARE const struct tag *
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

/* The tag that TEXT is, whose number may be in *KEPT (NULL: nowhere). Sets tag_no. */
static inline const struct tag *
number_tag(struct parse *parse, struct str text, uint16_t *kept, struct event *ev)
{
	const struct tag *tag;

	if (kept && *kept) {
		ev->tag_no = *kept;
		return &parse->tag[*kept];
	}
	tag = find_tag(parse, text, &ev->tag_no);
	if (kept)
		*kept = ev->tag_no;
	return tag;
}

/* "message repeated 3 times: [ TEXT]": leaves TEXT in *MESSAGE and returns 3; else 1. */
static PARSE_RARE uint32_t
take_repeated(struct str *message)
{
	struct str s = *message;
	int64_t times;

	if (!str_skip(&s, STR("message repeated ")) || !str_skip_number(&s, &times) ||
	    times < 1 || times > UINT32_MAX || !str_skip(&s, STR(" times: [")))
		return 1;
	str_skip_char(&s, ' ');
	if (s.len && s.p[s.len - 1] == ']')
		s.len--;
	*message = s;
	return (uint32_t)times;
}

/*
 * In whose own file stands a line that names no host, TAG being what is in a tag's
 * place, or NULL? NULL: in syslog's.
 */
static PARSE_RARE const struct parser *
file_of(const struct parse *parse, const struct tag *tag)
{
	const struct header *header = &parse->header;

	/* RFC 5424 has more between tag and message; and no process writes its pid. */
	if (tag && tag->file && header->form != STAMP_NONE && header->pid.len == 0)
		return tag->file;
	return tag && tag->listed ? NULL : parse->files[header->form];
}

/* Puts the program into EV in whose own file the line stands. Returns its tag. */
static const struct tag *
set_program(struct parse *parse, const struct parser *file, struct event *ev)
{
	struct header *header = &parse->header;

	if (header->tag.len)
		header->message = str_range(header->tag.p,
		    header->message.p + header->message.len);
	EVENT_WORD(ev, program, file->program);
	EVENT_WORD(ev, daemon, file->program);
	return find_tag(parse, event_word(ev, ev->program), &ev->tag_no);
}

/* TAG's words, which begin at AT in the line. */
static inline void
set_tag(struct event *ev, const struct tag *tag, size_t at)
{
	unsigned daemon_at = tag->daemon_at, len = (unsigned)tag->text.len;

	ev->program = (struct text){(uint16_t)at, (uint16_t)len, 0};
	ev->daemon = (struct text){(uint16_t)(at + daemon_at), (uint16_t)(len - daemon_at),
	    tag->daemon};
	/* Garbage, and not known, when there is none. */
	ev->instance = (struct text){(uint16_t)at, (uint16_t)(daemon_at - 1), 0};
	ev->known[0] |= tag->known;
}

/* Puts the header's words into EV. Returns the tag, or NULL if the line has none. */
static const struct tag *
set_header(struct parse *parse, struct event *ev)
{
	const struct header *header = &parse->header;
	const struct parser *file;
	const struct tag *tag = NULL;
	int64_t pid;

	if (header->host.len) {
		if (!header->same_host)
			number_host(parse, header->host);
		ev->host_no = parse->last_host;
		EVENT_TEXT(ev, host, header->host);
	}
	if (digits_number(header->pid, &pid))
		EVENT_SET(ev, pid, pid);
	if (header->tag.len)
		tag = number_tag(parse, header->tag, header->tag_no, ev);
	if (header->host.len == 0 && (file = file_of(parse, tag)))
		return set_program(parse, file, ev);
	if (tag)
		set_tag(ev, tag, (size_t)(header->tag.p - ev->line));
	return tag;
}

/* `weight` and `count` of an event that stands for TIMES like it. */
static PARSE_RARE void
multiply(struct event *ev, uint32_t times)
{
	int64_t each = event_knows(ev, FIELD_count) ? ev->count : 1;
	int64_t count;

	if (__builtin_mul_overflow(each, (int64_t)times, &count) || count > UINT32_MAX)
		count = UINT32_MAX;
	EVENT_SET(ev, count, count);
	ev->weight = (uint32_t)count;
}

/*
 * Member by member: what was written in several pieces and is copied in one waits for
 * all of them to arrive in the cache.
 */
static inline void
copy_stamp(const struct stamp *from, struct stamp *to)
{
	to->local = from->local;
	to->offset = from->offset;
	to->has_year = from->has_year;
	to->has_zone = from->has_zone;
	to->known = from->known;
}

/* MESSAGE of a line with TAG. */
static inline void
begin_message(struct parse *parse, struct str message, const struct tag *tag, uint16_t tag_no,
    struct parse_begun *ret)
{
	char first = message.len ? *message.p : '\0';

	ret->times = 1;
	if (first == 'm') {
		struct str repeated = message; /* so that MESSAGE may stay in registers */

		ret->times = take_repeated(&repeated);
		message = repeated;
	}
	ret->message.p = parse->header.message.p = message.p; /* see copy_stamp() */
	ret->message.len = parse->header.message.len = message.len;
	ret->mail = tag->mail;
	ret->twice = tag->twice != NULL;
	ret->own = NULL;
	ret->read = tag->read;
	ret->result = tag->mail ? PARSE_UNKNOWN : PARSE_FOREIGN;
	ret->group = (uint8_t)(tag_no * 37u + (unsigned char)first);
	if (ret->message.len == 0 && tag->mail) {
		ret->read = NULL;
		ret->result = PARSE_MALFORMED;
	}
}

/* A line of whose header only parse->found was seen before; or that has none. */
static PARSE_RARE void
begin_anew(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp,
    struct parse_begun *ret)
{
	struct header *header = &parse->header;
	bool has_header = header_read_rest(&parse->memo, line, &parse->found, header);
	const struct tag *tag;

	copy_stamp(&header->stamp, ret_stamp);
	tag = has_header ? set_header(parse, ev) : NULL;
	if (tag) {
		begin_message(parse, header->message, tag, ev->tag_no, ret);
		if (header->form >= STAMP_FILE && header->host.len == 0)
			ret->own = tag->own;
		return;
	}
	ret->message = header->message;
	ret->read = NULL;
	ret->twice = false;
	ret->group = 0;
	ret->result = (uint8_t)(has_header ? untagged_read(header->message, ev) :
					     untagged_headless(header->message));
}

void
parse_begin(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp,
    struct parse_begun *ret)
{
	struct header_again again PARSE_UNZEROED;
	const struct tag *tag;

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
	line = header_without_cr(line);
	if (!header_again(&parse->memo, line, &again)) {
		/* Member by member, so that AGAIN may stay in registers. */
		parse->found.same_host = again.same_host;
		parse->found.local = again.local;
		parse->found.rest.p = again.rest.p;
		parse->found.rest.len = again.rest.len;
		begin_anew(parse, line, ev, ret_stamp, ret);
		return;
	}
	*ret_stamp = parse->memo.stamp;
	ret_stamp->local = again.local;
	ev->host_no = parse->last_host;
	EVENT_TEXT(ev, host, header_host_again(&parse->memo, &again));
	EVENT_SET(ev, pid, again.pid_number);
	tag = number_tag(parse, again.tag, again.tag_no, ev);
	set_tag(ev, tag, (size_t)(again.tag.p - ev->line));
	begin_message(parse, again.message, tag, ev->tag_no, ret);
}

/* The line is not that program's whose form it has. */
static PARSE_RARE enum parse_result
disown(struct event *ev)
{
	event_forget(ev, FIELD_program);
	event_forget(ev, FIELD_daemon);
	ev->tag_no = 0;
	return PARSE_FOREIGN;
}

enum parse_result
parse_finish(const struct parse_begun *begun, struct event *ev)
{
	enum parse_result result;

	if (!begun->read)
		return begun->result;
	result = begun->read(begun->message, ev);
	if (result == PARSE_UNKNOWN && begun->own && !begun->own(begun->message, ev))
		return disown(ev);
	if (result == PARSE_UNKNOWN && !begun->mail)
		return PARSE_FOREIGN;
	if (result == PARSE_EVENT && (begun->times > 1 || event_knows(ev, FIELD_count)))
		multiply(ev, begun->times);
	return result;
}

enum parse_result
parse_line(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp)
{
	struct parse_begun begun;

	parse_begin(parse, line, ev, ret_stamp, &begun);
	return parse_finish(&begun, ev);
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

bool
parse_tells_twice(const struct parse *parse, const struct event *ev)
{
	const struct tag *tag = &parse->tag[ev->tag_no];

	return tag->twice && event_knows(ev, FIELD_host) && event_knows(ev, FIELD_pid) &&
	    tag->twice(ev);
}

struct str
parse_message(const struct parse *parse)
{
	return parse->header.message;
}
