/* SPDX-License-Identifier: Apache-2.0
 *
 * filters: what the parsers of spam filters, milters and fail2ban share.
 */
#ifndef PARSE_FILTERS_H
#define PARSE_FILTERS_H

#include "parse/room.h"

/* A fixed beginning of lines that a program says about itself. */
struct note {
	struct str prefix; /* empty ends the table */
	uint8_t kind;      /* enum kind; KIND_none: of no use */
};

/*
 * Reads MESSAGE by the first of NOTES that it begins with: PARSE_IGNORED, or an
 * event whose text is MESSAGE. PARSE_UNKNOWN, and EV untouched, if there is none.
 */
enum parse_result filters_note(const struct note *notes, struct str message,
    struct event *ev);

/* An event of KIND that is told by TEXT alone; SEVERITY_none: not logged. */
enum parse_result filters_say(struct event *ev, enum kind kind, enum severity severity,
    struct str text);

/*
 * The same for a milter of the Trusted Domain Project (OpenDKIM, OpenDMARC): what no note
 * knows is trouble if it names the function that failed.
 */
enum parse_result filters_milter_note(const struct note *notes, struct str message,
    struct event *ev);

/* A word of the program's and ours for it. */
struct filters_word {
	struct str text; /* empty ends the table */
	uint8_t word;    /* enum word */
};

/* Our word for TEXT, without regard to case, or WORD_absent. */
enum word filters_word(const struct filters_word *words, struct str text);

/* "-1.25" at the front of *S as thousandths, and consumes it. */
bool filters_score(struct str *s, int64_t *ret);

/* Reads S, all of it, as an address and sets ip; false if it is none. */
bool filters_ip(struct str s, struct event *ev);

/* Sets name to the domain of ADDRESS, if it is one that could be a domain's name. */
void filters_domain(struct str address, struct event *ev);

#endif
