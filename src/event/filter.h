/* SPDX-License-Identifier: Apache-2.0
 *
 * filter: the compiled form of a filter, for the room's own files. A filter is a
 * flat list of tests; each says which test comes next when it holds and when it
 * does not, always one further down, until YES or NO is reached. So matching
 * neither recurses nor loops back. filter-parse.c makes the list, filter-value.c
 * (and filter-number.c) each test in it, filter-match.c runs it, filter.c answers
 * the rest.
 */
#ifndef EVENT_FILTER_H
#define EVENT_FILTER_H

#include "base/arena.h"
#include "base/regex.h"
#include "event/event.h"

#define FILTER_YES 0xffffu
#define FILTER_NO 0xfffeu

/* A test takes at least two bytes of text, so their numbers stay below NO. */
#define FILTER_TEXT_MAX 65535u

/* Parentheses inside each other. */
#define FILTER_DEPTH_MAX 100u

enum filter_how {
	HOW_SET,      /* ENUM, BOOL: value in `set`; absent is value 0 */
	HOW_NUMBER,   /* all numbers: `orders` against `number` */
	HOW_WEIGHT,   /* the same for `count`, which is never absent */
	HOW_EQUAL,    /* text: the same bytes as `text`, or not */
	HOW_ORDER,    /* text: `orders` against `text` */
	HOW_REGEX,    /* text */
	HOW_ADDRESS,  /* IP: the one address in `text` (canonical) and `net`, or not */
	HOW_NET,      /* IP: inside `net`, or not */
	HOW_IP_REGEX, /* IP: its canonical text */
	HOW_KNOWN,    /* any: the event has it */
};

/* Ways to stand to the value; a test names those that hold. */
enum { ORDER_LESS = 1, ORDER_EQUAL = 2, ORDER_GREATER = 4 };

struct filter_test {
	uint8_t how;    /* enum filter_how */
	uint8_t field;  /* enum field */
	uint8_t orders;
	bool absent;    /* what an absent field gives: true for != alone */
	/* filter_share(): of a batch, where the answers are kept; 0: nowhere. */
	uint8_t answer;
	uint16_t yes, no;
	union {
		uint64_t set;
		int64_t number;
		struct str text;
		struct regex *regex;
	};
	struct cidr net;
};

struct filter {
	struct filter_test *tests;
	size_t count, room;
	struct arena arena; /* texts of the tests */
	uint64_t may[2];    /* kinds of which an event may end at NO, at YES */
	uint64_t fields[2];
	uint16_t start[KINDS]; /* where events of a kind begin: behind the tests of the kind */
	bool narrowed;         /* by filter_narrow(): regexes are the original's */
};

_Static_assert(OUTCOMES <= 64 && REASONS <= 64 && SEVERITIES <= 64,
    "sets of values are a word");
_Static_assert(FIELDS <= 128 && FIELDS <= UINT8_MAX, "fields fit a bit set and a test");

enum filter_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_MATCH, OP_IN };

/*
 * Fills in TEST for `FIELD op VALUE`, except for yes and no. Texts go to ARENA.
 * -1 when field, operator and value do not go together.
 */
int filter_test_make(struct filter_test *test, enum field field, enum filter_op op,
    struct str value, struct arena *arena, struct err *err);

bool filter_test_matches(const struct filter_test *test, const struct event *ev,
    const struct symbols *symbols);

/* As filter_match(), from test AT on. */
bool filter_match_from(const struct filter *filter, uint16_t at, const struct event *ev,
    const struct symbols *symbols);

/* TEXT as a number of TYPE (INT, SIZE, DURATION, MILLI, TIME or ID). */
int filter_number(enum field_type type, struct str text, int64_t *ret, struct err *err);

/* The whole of TEXT into FILTER's tests; what was made is there on failure too. */
int filter_parse(struct filter *filter, struct str text, struct err *err);

/* WORD for a message: printable, shortened. */
struct filter_word {
	char text[48];
};

struct filter_word filter_word(struct str word);

/*
 * Sets ERR to: WHAT "WORD", and which of the N names was probably meant, or if none is
 * near, what names there are. Returns -1.
 */
int filter_unknown(struct err *err, const char *what, struct str word,
    const char *const *names, size_t n);

#endif
