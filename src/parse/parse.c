/* SPDX-License-Identifier: Apache-2.0
 *
 * One line to one event: header, tag, the daemon's parser; and what syslog daemons
 * make of lines that repeat:
 *   ... postfix/smtpd[123]: message repeated 3 times: [ connect from ...]
 */
#include "parse/parse.h"

#include "base/arena.h"
#include "parse/header-memo.h"
#include "parse/row-memo.h"

/* Hosts and tags come from outside, too: so many are numbered, the rest is 0. */
#define NUMBERS_MAX 65000u

#define PARSE_INLINE static inline __attribute__((always_inline))

/* Groups of struct parse_begun: from those of one tag to the next one's. */
#define GROUP_STEP 37u

/* A tag taken apart; offsets count from its beginning. */
struct tag {
	struct str text;
	uint8_t daemon_at; /* what stands before it and its '/' is the instance */
	uint8_t daemon;    /* enum word: its number in every dictionary, or absent */
	bool mail;         /* a mail program's */
	bool listed;       /* some row names it */
	uint64_t known;    /* the event's bits of the fields that its words are */
	const struct parse_reader *reader; /* NULL: nobody reads this daemon */
	bool (*twice)(const struct event *ev); /* struct parser's */
	const struct parser *file; /* in whose own files it is a process, or NULL */
	struct word_numbers numbers;
};

struct host {
	struct str text;
	uint32_t number; /* parse_number_host() */
};

#define BEGUN_BYTES offsetof(struct parse_begun, message)

/*
 * What all lines have in common that are the header memo's, with one of its tags. Its first
 * members are those of an event from `known` to `pid`, and its last those of a struct
 * parse_begun, to be copied in one go.
 */
struct frame {
	_Alignas(64) uint64_t known[2];
	uint32_t weight;
	uint16_t tag_no;
	uint16_t host_no;
	struct text host, program, daemon, instance;
	int64_t pid;           /* any */
	char begun[BEGUN_BYTES];
};

struct parse {
	struct frame frames[HEADER_TAG_SLOTS]; /* by the memo's slot */
	struct header_memo memo;
	struct dict hosts, tags;  /* number 0 of each is the empty text */
	struct tag *tag;          /* by number */
	uint32_t tag_room;
	struct host *host;        /* by number */
	uint32_t host_room;
	uint16_t last_host;       /* number of the last line's host */
	const struct parser *files[STAMP_FORMS]; /* whose own files have this form, or NULL */
	struct parse_reader *readers; /* of `parsers` */
	struct arena texts;
	/* The last line's, where it was read. Here, because a local one would be zeroed. */
	struct header header;
	struct tag unnumbered;
	struct str message; /* the last parse_line()'s */
};

#define FRAME_BYTES offsetof(struct frame, begun)
#define FRAME_HAS(member)                                                                   \
	(offsetof(struct event, member) - offsetof(struct event, known) ==                  \
	    offsetof(struct frame, member))
_Static_assert(FRAME_BYTES == 64 && FRAME_HAS(weight) && FRAME_HAS(tag_no) &&
    FRAME_HAS(host_no) && FRAME_HAS(host) && FRAME_HAS(pid), "a frame is a part of an event");

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

/* "postfix@-.service": what journalctl -o with-unit writes for a tag; or all of TEXT. */
static struct str
without_unit(struct str text)
{
	if (!str_ends(text, STR(".service")))
		return text;
	text = str_head(text, text.len - STR(".service").len);
	return str_head(text, str_index(text, '@'));
}

/* WANTED has those of the first 64 fields that somebody looks at. */
static void
set_readers(struct parse *parse, uint64_t wanted)
{
	for (unsigned i = 0; i < parsers_count; i++) {
		const struct parser *parser = parsers[i];
		bool brief = parser->read_brief && (parser->spared & wanted) == 0;
		struct row_memo *memos = parse->readers[i].memos;

		if (!memos && parser->grammars)
			memos = row_memos_new();
		parse->readers[i] = (struct parse_reader){
		    .read = brief ? parser->read_brief : parser->read,
		    .own = parser->own,
		    .grammars = brief ? parser->brief_grammars : parser->grammars,
		    .memos = memos};
	}
}

static const struct parse_reader *
find_reader(const struct parse *parse, const struct parser *parser)
{
	unsigned i = 0;

	while (parsers[i] != parser)
		i++;
	return &parse->readers[i];
}

/*
 * "postfix/submission/smtpd": instance, daemon. A bare "postfix" or "postfix-in" is
 * left where rsyslog has converted to RFC 5424; postfix(1) itself says no more either.
 * Its parser goes by the text alone. So does PHP's, which logs under any tag, as do
 * the loggers before sendmail.
 */
static struct tag
take_apart(const struct parse *parse, struct str text)
{
	const struct parser *parser;
	size_t slash = str_find_last(text, STR("/"));
	bool bare = slash == text.len;
	struct str name = bare ? without_unit(text) : text;
	struct tag tag = {.text = text, .daemon_at = bare ? 0 : (uint8_t)(slash + 1),
	    .known = BIT(program) | BIT(daemon)};

	tag.daemon = (uint8_t)event_word_named(str_from(text, tag.daemon_at));
	if (tag.daemon_at > 1)
		tag.known |= BIT(instance);
	if (bare && (str_eq(name, STR("postfix")) || str_starts(name, STR("postfix-")))) {
		tag.listed = true;
		/* These are Plesk's. */
		tag.mail = !str_eq(name, STR("postfix-local")) &&
		    !str_eq(name, STR("postfix-queue"));
		tag.reader = tag.mail ? find_reader(parse, &parser_postfix_plain) : NULL;
		return tag;
	}
	tag.file = parser_of_process(text);
	parser = parser_of(name, str_from(name, tag.daemon_at));
	if (parser) {
		tag.reader = find_reader(parse, parser);
		tag.mail = !parser->foreign;
		tag.twice = parser->twice;
		tag.listed = true;
	} else {
		tag.mail = !bare && str_find(str_head(text, slash), STR("postfix")) < slash &&
		    !str_eq(text, STR("postfix/policyd-weight"));
		tag.reader = tag.mail ? NULL : find_reader(parse, &parser_php);
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
	parse->readers = xcalloc(parsers_count, sizeof(*parse->readers));
	set_readers(parse, ~UINT64_C(0));
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
	for (unsigned i = 0; i < parsers_count; i++)
		free(parse->readers[i].memos);
	free(parse->readers);
	arena_free(&parse->texts);
	free(parse);
}

void
parse_wants(struct parse *parse, const uint64_t fields[2])
{
	set_readers(parse, fields[0]);
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
		parse->host[number] = (struct host){.text = arena_str(&parse->texts, host)};
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
			parse->unnumbered = take_apart(parse, text);
			parse->unnumbered.numbers = parse->tag[0].numbers;
			*ret_number = 0;
			return &parse->unnumbered;
		}
		MEM_GROW(parse->tag, count, parse->tag_room);
		number = dict_add(&parse->tags, text, hash);
		parse->tag[number] = take_apart(parse, arena_str(&parse->texts, text));
	}
	*ret_number = (uint16_t)number;
	return &parse->tag[number];
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
	const struct word_numbers *numbers = &tag->numbers;

	ev->program = (struct text){(uint16_t)at, (uint16_t)len, numbers->program};
	ev->daemon = (struct text){(uint16_t)(at + daemon_at), (uint16_t)(len - daemon_at),
	    numbers->daemon ? numbers->daemon : tag->daemon};
	/* Garbage, and not known, when there is none. */
	ev->instance = (struct text){
	    (uint16_t)at, (uint16_t)(daemon_at - 1), numbers->instance};
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
		ev->host.id = parse->host[parse->last_host].number;
	}
	if (digits_number(header->pid, &pid))
		EVENT_SET(ev, pid, pid);
	if (header->tag.len)
		tag = find_tag(parse, header->tag, &ev->tag_no);
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

/* MESSAGE of a line with TAG. */
static void
begin_message(struct str message, const struct tag *tag, uint16_t tag_no,
    struct parse_begun *ret)
{
	char first = message.len ? *message.p : '\0';

	*ret = (struct parse_begun){.message = message, .reader = tag->reader,
	    .times = 1,
	    .mail = tag->mail, .twice = tag->twice != NULL};
	if (first == 'm')
		ret->times = take_repeated(&ret->message);
	ret->result = tag->mail ? PARSE_UNKNOWN : PARSE_FOREIGN;
	ret->group = (uint8_t)(tag_no * GROUP_STEP);
	if (ret->message.len == 0 && tag->mail) {
		ret->reader = NULL;
		ret->result = PARSE_MALFORMED;
	}
}

/* Keeps what begin_again() needs of lines with TAG. */
static void
keep_frame(struct parse *parse, size_t slot, const struct tag *tag, uint16_t tag_no)
{
	const struct header_memo *memo = &parse->memo;
	struct frame *frame = &parse->frames[slot];
	uint64_t pid = parse->header.pid.len ? BIT(pid) : 0;
	struct event like = {.known = {BIT(time) | BIT(host) | pid, 0}};
	struct parse_begun begun;

	set_tag(&like, tag, memo->prefix_len);
	*frame = (struct frame){.program = like.program, .daemon = like.daemon,
	    .instance = like.instance, .weight = 1, .tag_no = tag_no,
	    .host_no = parse->last_host, .known = {like.known[0], 0}};
	frame->host.off = (uint16_t)(memo->prefix_len - 1 - memo->host_len);
	frame->host.len = memo->host_len;
	frame->host.id = parse->host[parse->last_host].number;
	/* A message of one byte: there is one, and it is not "m...". */
	begin_message(STR("-"), tag, tag_no, &begun);
	begun.run = true;
	begun.alone = begun.reader && !begun.twice;
	begun.has_rows = begun.alone && begun.reader->grammars;
	memcpy(frame->begun, &begun, BEGUN_BYTES);
}

/* A line, without CR, that begin_again() does not know; or one that has no header. */
static PARSE_RARE void
begin_anew(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp,
    struct parse_begun *ret)
{
	struct header *header = &parse->header;
	bool has_header = header_read_rest(&parse->memo, line, header);
	const struct tag *tag;

	*ret_stamp = header->stamp;
	tag = has_header ? set_header(parse, ev) : NULL;
	if (tag) {
		begin_message(header->message, tag, ev->tag_no, ret);
		ret->doubtful =
		    ret->reader && header->form >= STAMP_FILE && header->host.len == 0;
		if (header->slot < HEADER_TAG_SLOTS)
			keep_frame(parse, header->slot, tag, ev->tag_no);
		return;
	}
	*ret = (struct parse_begun){.message = header->message};
	ret->result = (uint8_t)(has_header ? untagged_read(header->message, ev) :
					     untagged_headless(header->message));
}

#ifdef __SSE2__
MEMO_AVX2 static inline void
copy_64(void *to, const void *from)
{
	__m256i low = _mm256_loadu_si256(from);
	__m256i high = _mm256_loadu_si256((const __m256i *)from + 1);

	_mm256_storeu_si256(to, low);
	_mm256_storeu_si256((__m256i *)to + 1, high);
}
#endif

/* What EV has in common with all lines of FRAME; its pid is garbage. */
PARSE_INLINE void
set_frame(struct event *ev, const struct frame *frame, bool wide)
{
#ifdef __SSE2__
	if (wide) {
		copy_64(ev->known, frame);
		return;
	}
#endif
	memcpy(ev->known, frame, FRAME_BYTES);
}

/*
 * LINE if it is like those before, and of the minute that began at MINUTE. False: nothing is
 * set. RUN: a newline ends the line; WIDE is header_again()'s; *RET_FIRST the message's first
 * byte.
 */
PARSE_INLINE bool
begin_again(const struct parse *parse, struct str line, int64_t minute, bool run, bool wide,
    struct event *ev, struct parse_begun *ret, size_t *ret_first)
{
	struct header_again again PARSE_UNZEROED;
	const struct frame *frame;
	const char *end = line.p + line.len;

	if (!MEMO_USUAL(header_fits(&parse->memo, line.len)))
		return false;
	if (!MEMO_USUAL(header_again(&parse->memo, line.p, wide, &again)))
		return false;
	if (!MEMO_USUAL(end[-1] != '\r'))
		end--;
	/* In a run an empty message would begin with the newline. */
	if (!run && again.message >= end)
		return false;
	frame = &parse->frames[again.slot];
	memcpy(ret, frame->begun, BEGUN_BYTES);
	ret->message = str_range(again.message, end);
	*ret_first = again.first;
	set_frame(ev, frame, wide);
	ev->line = line.p;
	ev->line_len = (uint32_t)line.len;
	ev->kind = KIND_none;
	ev->pid = again.pid_number;
	ev->time = minute + again.seconds;
	return true;
}

const struct stamp *
parse_run_stamp(const struct parse *parse)
{
	return parse->memo.form != STAMP_NONE ? &parse->memo.stamp : NULL;
}

/* parse_begin_alike(); WIDE is begin_again()'s. */
PARSE_INLINE size_t
begin_alike(struct parse *parse, const char *base, size_t at, const uint32_t *ends,
    size_t count, bool wide, struct parse_run *run, struct parse_entry *entries)
{
	struct str line = {base + at, ends[0] - at};
	uint16_t *grouped = run->grouped;
	int64_t latest = run->latest;
	size_t i = 0;

	while ((uint64_t)parse->memo.minute - (uint64_t)run->from < run->span) {
		int64_t minute = parse->memo.minute + run->shift;
		struct event *ev = entries->event;
		size_t group;

		while (MEMO_USUAL(begin_again(parse, line, minute, true, wide, ev,
		    &entries->begun, &group))) {
			if (!MEMO_USUAL(ev->time >= latest))
				run->ordered = false;
			latest = ev->time;
			run->tags[ev->tag_no]++;
			group = (group + entries->begun.group) % PARSE_GROUPS;
			run->groups[i] = (uint8_t)group;
			grouped[group]++;
			if (++i == count)
				break;
			ev = (++entries)->event;
			line.p += line.len + 1;
			line.len = (size_t)(base + ends[i] - line.p);
		}
		if (i == count || !header_turn(&parse->memo, line))
			break;
	}
	run->latest = latest;
	return i;
}

#ifdef __SSE2__
MEMO_AVX2 static size_t
begin_alike_avx2(struct parse *parse, const char *base, size_t at, const uint32_t *ends,
    size_t count, struct parse_run *run, struct parse_entry *entries)
{
	return begin_alike(parse, base, at, ends, count, true, run, entries);
}
#endif

size_t
parse_begin_alike(struct parse *parse, const char *base, size_t at, const uint32_t *ends,
    size_t count, struct parse_run *run, struct parse_entry *entries)
{
#ifdef __SSE2__
	if (header_is_wide())
		return begin_alike_avx2(parse, base, at, ends, count, run, entries);
#endif
	return begin_alike(parse, base, at, ends, count, false, run, entries);
}

/*
 * LINE behind the NULs that a crash, or truncating under a writer, left in front of it;
 * all of it when there is nothing else.
 */
static PARSE_RARE struct str
without_hole(struct str line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == '\0')
		n++;
	return n < line.len ? str_from(line, n) : line;
}

uint8_t
parse_begin(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp,
    struct parse_begun *ret)
{
	size_t first;

	header_turn(&parse->memo, line);
	if (begin_again(parse, line, parse->memo.minute, false, false, ev, ret, &first)) {
		event_forget(ev, FIELD_time);
		ret->run = ret->alone = ret->has_rows = false;
		*ret_stamp = parse->memo.stamp;
		ret_stamp->local = ev->time;
		return (uint8_t)(ret->group + first);
	}
	if (line.len && *line.p == '\0')
		line = without_hole(line);
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
	begin_anew(parse, header_without_cr(line), ev, ret_stamp, ret);
	return (uint8_t)(ret->group + (ret->message.len ? (unsigned char)*ret->message.p : 0));
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
parse_settle(const struct parse_begun *begun, struct event *ev, enum parse_result result)
{
	if (result == PARSE_UNKNOWN && begun->doubtful && begun->reader->own &&
	    !begun->reader->own(begun->message, ev))
		return disown(ev);
	if (result == PARSE_UNKNOWN && !begun->mail)
		return PARSE_FOREIGN;
	/* rsyslog's, until 5, has the tag of the line that it repeats. */
	if (result == PARSE_UNKNOWN && repeat_read(begun->message, ev))
		return PARSE_EVENT;
	if (result == PARSE_EVENT && (begun->times > 1 || event_knows(ev, FIELD_count)))
		multiply(ev, begun->times);
	return result;
}

enum parse_result
parse_line(struct parse *parse, struct str line, struct event *ev, struct stamp *ret_stamp)
{
	struct parse_begun begun;

	parse_begin(parse, line, ev, ret_stamp, &begun);
	parse->message = begun.message;
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

uint16_t
parse_add_host(struct parse *parse, struct str host)
{
	uint16_t last = parse->last_host, number;

	number_host(parse, host);
	number = parse->last_host;
	parse->last_host = last;
	return number;
}

struct str
parse_host(const struct parse *parse, uint32_t host_no)
{
	return parse->host[host_no].text;
}

uint32_t
parse_tags(const struct parse *parse)
{
	return parse->tags.count;
}

bool
parse_within(const struct parse *parse, unsigned share)
{
	return parse->hosts.count < NUMBERS_MAX / share &&
	    parse->tags.count < NUMBERS_MAX / share;
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

void
parse_number_tag(struct parse *parse, uint32_t tag_no, struct word_numbers numbers)
{
	parse->tag[tag_no].numbers = numbers;
	for (unsigned slot = 0; slot < HEADER_TAG_SLOTS; slot++) {
		struct frame *frame = &parse->frames[slot];

		if (frame->tag_no != tag_no)
			continue;
		frame->program.id = numbers.program;
		frame->daemon.id = numbers.daemon;
		frame->instance.id = numbers.instance;
	}
}

void
parse_number_host(struct parse *parse, uint32_t host_no, uint32_t number)
{
	parse->host[host_no].number = number;
	for (unsigned slot = 0; slot < HEADER_TAG_SLOTS; slot++)
		if (parse->frames[slot].host_no == host_no)
			parse->frames[slot].host.id = number;
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
	return parse->message;
}
