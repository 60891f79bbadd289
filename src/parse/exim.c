/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim 4's main log and reject log, in files of its own and through syslog:
 *
 *   2026-11-20 11:49:08.123 +0100 [2098] 1xUN76-0005hf-06 <= a@b.test H=[192.0.2.1] S=246
 *   Nov 20 11:49:08 h exim[2098]: 2026-11-20 11:49:08 1xUN76-0005hf-06 <= ...
 *   Nov 20 11:49:08 h exim[2098]: [1\14] 1xUN76-0005hf-06 H=[192.0.2.1] F=<a@b.test> ...
 *   Nov 20 11:49:08 h exim[2098]: [2\14] Envelope-from: <a@b.test>
 *
 *   Nov 20 11:49:08 h exim[2098]: pam_unix(exim:auth): authentication failure; ...
 *
 * The stamp of a file is gone when this is called, that inside syslog's lines is
 * not. The lines of one entry that follow the first are nobody's: in syslog they
 * are numbered, in a file they have no stamp.
 */
#include "parse/exim.h"

#include "parse/pam.h"

/* "[1\14] ", "[2/2] ": which line of how many; false without. */
static bool
take_part(struct str *s, int64_t *ret_part, bool *ret_cut)
{
	struct str rest = *s;
	int64_t count;
	bool cut;

	if (!str_skip_char(&rest, '[') || !str_skip_number(&rest, ret_part))
		return false;
	cut = str_skip_char(&rest, '/');
	if ((!cut && !str_skip_char(&rest, '\\')) || !str_skip_number(&rest, &count) ||
	    !str_skip(&rest, STR("] ")))
		return false;
	*ret_cut = cut && *ret_part < count;
	*s = rest;
	return true;
}

/* "2026-11-20 11:49:08.123 +0100 " and "[2098] ", each if it is there. */
static void
skip_stamp(struct str *s)
{
	struct str rest = *s;
	struct stamp stamp;
	int64_t pid;

	if (rest.len && char_is_digit(*rest.p) && stamp_read(&rest, &stamp) != STAMP_NONE &&
	    str_skip_char(&rest, ' '))
		*s = rest;
	rest = *s;
	if (str_skip_char(&rest, '[') && str_skip_number(&rest, &pid) &&
	    str_skip(&rest, STR("] ")))
		*s = rest;
}

typedef enum parse_result exim_reader(struct str message, struct event *ev);

/* In the order in which they are frequent; no two know the same line. */
static exim_reader *const readers[] = {
	exim_delivery, exim_about_host, exim_auth, exim_rejected, exim_violation,
	exim_session, exim_spam, exim_own, exim_next_hop,
};

static enum parse_result
read_text(struct str message, struct event *ev)
{
	uint64_t known[2] = {ev->known[0], ev->known[1]};
	enum parse_result result = PARSE_UNKNOWN;

	/* Without an id it is another program's arrow. */
	if (event_knows(ev, FIELD_qid) &&
	    (str_skip(&message, STR("<= ")) || str_skip(&message, STR("(= "))))
		return exim_arrival(message, ev);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		result = readers[i](message, ev);
		if (result != PARSE_UNKNOWN)
			break;
		ev->known[0] = known[0];
		ev->known[1] = known[1];
		ev->kind = KIND_none;
	}
	return result;
}

static enum parse_result
exim_read(struct str message, struct event *ev)
{
	int64_t part;
	struct str qid;
	bool cut;

	if (pam_is(message))
		return pam_read(message, ev) == PARSE_EVENT ? PARSE_EVENT : PARSE_IGNORED;
	if (take_part(&message, &part, &cut)) {
		if (part != 1)
			return PARSE_IGNORED;
		if (cut)
			EVENT_SET(ev, truncated, true);
	}
	skip_stamp(&message);
	if (exim_id(&message, &qid))
		EVENT_TEXT(ev, qid, qid);
	return read_text(message, ev);
}

/*
 * Many programs write stamps as Exim does. What it alone writes is a pid in brackets, a
 * message's id, or the client's "H=" and "F=<".
 */
static bool
exim_own_line(struct str message, const struct event *ev)
{
	struct str rest = message, qid;

	/* The header has taken the pid: it stands before the message. */
	return str_ends(str_range(ev->line, message.p), STR("] ")) || exim_id(&rest, &qid) ||
	    str_starts(rest, STR("H=")) ||
	    str_starts(rest, STR("F=<")) || str_starts(rest, STR("exim ")) ||
	    str_starts(rest, STR("Exim ")) || str_starts(rest, STR("SMTP ")) ||
	    str_find(rest, STR(" H=")) < rest.len;
}

/* What goes to the main log and to the reject log. */
static bool
exim_twice(const struct event *ev)
{
	struct str action;

	if (ev->kind == KIND_auth_failure || ev->kind == KIND_auth_abort ||
	    ev->kind == KIND_auth_error)
		return true;
	if ((ev->kind != KIND_policy && ev->kind != KIND_violation) ||
	    !event_knows(ev, FIELD_action))
		return false;
	action = event_word(ev, ev->action);
	if (ev->kind == KIND_policy)
		return !str_eq(action, STR("Warning"));
	return str_eq(action, STR("dropped")) || str_eq(action, STR("pipelining"));
}

static const char *const tags[] = {"exim", "exim4", NULL};

const struct parser parser_exim = {
	.name = "exim",
	.tags = tags,
	.form = STAMP_FILE,
	.program = WORD_exim,
	.read = exim_read,
	.own = exim_own_line,
	.twice = exim_twice,
};
