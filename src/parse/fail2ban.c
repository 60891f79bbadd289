/* SPDX-License-Identifier: Apache-2.0
 *
 * fail2ban of every version from 0.8 to 1.1, from its own file or syslog. What
 * remains behind the header (which pads the tag) is
 *
 *   NOTICE  [postfix] Ban 192.0.2.1
 *   NOTICE  [postfix] Restore Ban 2001:db8::/64
 *   NOTICE  [postfix] Reban 192.0.2.1, action 'nftables'
 *   NOTICE  [postfix] Increase Ban 192.0.2.1 (3 # 2d 7h 15m -> 2026-11-22 12:00:00)
 *   WARNING [postfix] 192.0.2.1 already banned
 *   INFO    [postfix] Found 192.0.2.1 - 2026-11-20 12:00:00
 *   INFO    [postfix] Found 192.0.2.1, bad - 2026-11-20 12:00:00, 2 # -> 3.0, Ban
 *   INFO    Jail 'postfix' started
 *   2026-11-20 12:00:00,000 fail2ban.actions [12]: NOTICE  [postfix] Ban 192.0.2.1
 *
 * The last is what the journal has of one that writes to its standard output.
 *
 * An id is an address, a network, a host (0.8) or what a filter's <F-ID> took from an
 * outsider's text: it is all that stands between the verb and what ends the line.
 */
#include "parse/fail2ban.h"

static const char *const tags[] = {
	"fail2ban", "fail2ban-server", "fail2ban-client", "fail2ban.action",
	"fail2ban.actions", "fail2ban.actions.action", "fail2ban.asyncserver",
	"fail2ban.banmanager", "fail2ban.beautifier", "fail2ban.comm",
	"fail2ban.configparserinc", "fail2ban.configreader", "fail2ban.configurator",
	"fail2ban.CommandAction", "fail2ban.database", "fail2ban.datedetector",
	"fail2ban.datetemplate", "fail2ban.failmanager", "fail2ban.failregex",
	"fail2ban.filter", "fail2ban.filter.datedetector", "fail2ban.filtergamin",
	"fail2ban.filterpoll", "fail2ban.filterpyinotify", "fail2ban.filtersystemd",
	"fail2ban.ipdns", "fail2ban.jail", "fail2ban.jailreader", "fail2ban.jails",
	"fail2ban.jailsreader", "fail2ban.jailthread", "fail2ban.observer",
	"fail2ban.server", "fail2ban.server.action", "fail2ban.server.actions",
	"fail2ban.server.banmanager", "fail2ban.server.database",
	"fail2ban.server.failmanager", "fail2ban.server.filter",
	"fail2ban.server.filtergamin", "fail2ban.server.filterpoll",
	"fail2ban.server.filterpyinotify", "fail2ban.server.filtersystemd",
	"fail2ban.server.jail", "fail2ban.server.jails", "fail2ban.server.server",
	"fail2ban.server.transmitter", "fail2ban.ticket", "fail2ban.transmitter",
	"fail2ban.utils", NULL,
};

static const struct {
	struct str name;
	uint8_t severity;
	bool debug;
} levels[] = {
	{STR("NOTICE"), SEVERITY_none, false},
	{STR("INFO"), SEVERITY_none, false},
	{STR("WARNING"), SEVERITY_warning, false},
	{STR("ERROR"), SEVERITY_error, false},
	{STR("CRITICAL"), SEVERITY_fatal, false},
	{STR("DEBUG"), SEVERITY_none, true},
	{STR("TRACEDEBUG"), SEVERITY_none, true},
	{STR("HEAVYDEBUG"), SEVERITY_none, true},
};

/* Said at every start or reload, without a jail in brackets. */
static const struct note life[] = {
	{STR("Starting Fail2ban"), KIND_service},
	{STR("Exiting Fail2ban"), KIND_service},
	{STR("Shutdown in progress"), KIND_service},
	{STR("Server ready"), KIND_service},
	{STR("Stopping all jails"), KIND_service},
	{STR("Reload"), KIND_service},
	{STR("Starting authentication failure monitor"), KIND_service}, /* the script's */
	{STR("Stopping authentication failure monitor"), KIND_service},
	{STR("Changed logging target to "), KIND_service}, /* 0.8 says no "Starting" */
	{STR("------"), 0},
	{STR("Observer "), 0},
	{STR("Creating new jail"), 0},
	{STR("HINT on "), 0}, /* the error stands before */
	{STR("Initiated "), 0},
	{STR("Added logfile"), 0},
	{STR("Removed logfile"), 0},
	{STR("Log rotation detected for "), 0},
	{STR("rollover performed on "), 0},
	{STR("Connected to fail2ban persistent database "), 0},
	{STR("New database created"), 0},
	{STR("Database updated"), 0},
	{STR("Set "), 0},
	{STR("maxRetry: "), 0},
	{STR("maxLines: "), 0},
	{STR("findtime: "), 0},
	{STR("banTime: "), 0},
	{STR("banTime."), 0},
	{STR("encoding: "), 0},
	{STR("date pattern "), 0},
	{STR("usedns"), 0},
	{STR("logtimezone"), 0},
	{STR("Date pattern set to "), 0},
	{STR("Default date detectors "), 0},
	{STR("Gamin is required "), 0},
	{STR("Gamin initialized"), 0},
	{STR("Using "), 0},
	{STR("Socket file "), 0},
	{STR("PID file "), 0},
	{STR("Shutdown "), 0},
	{STR("Syslog socket "), 0},
	{STR("Logging to "), 0},
	{STR("ticket "), 0},
	{STR("Ignore 127.0.0.1/8 by ip"), 0},
	{.prefix = {NULL, 0}},
};

/* Behind "[postfix] ". */
static const struct note of_jail[] = {
	{STR("Ignore "), 0},
	{STR("IP "), 0}, /* is bad: told again by what comes of it */
	{STR("Jail is "), 0},
	{STR("Jail in "), 0},
	{STR("Jail started "), KIND_operational}, /* without 'journalmatch' set */
	{STR("Added journal match for: "), 0},
	{STR("Please "), 0},
	{STR("Detected a log entry "), KIND_operational},
	{STR("Simulate "), KIND_operational},
	{STR("Ticket "), 0},
	{STR("Observer: "), 0},
	{.prefix = {NULL, 0}},
};

/* "NOTICE  " and whatever spaces pad it. */
static bool
take_level(struct str *s, uint8_t *ret_severity, bool *ret_debug)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		struct str rest = *s;

		if (!str_skip(&rest, levels[i].name) || !str_skip_char(&rest, ' '))
			continue;
		while (str_skip_char(&rest, ' '))
			;
		*ret_severity = levels[i].severity;
		*ret_debug = levels[i].debug;
		*s = rest;
		return true;
	}
	return false;
}

/* "[postfix] ": sets jail. */
static bool
take_jail(struct str *s, struct event *ev)
{
	struct str rest = *s, jail;

	if (!str_skip_char(&rest, '['))
		return false;
	jail = str_cut(&rest, ']');
	if (jail.len == 0 || !str_skip_char(&rest, ' '))
		return false;
	EVENT_TEXT(ev, jail, jail);
	*s = rest;
	return true;
}

/*
 * "Jail 'postfix' started", "Jail 'postfix' stopped"; "... uses pyinotify {}"; "... skipped,
 * because of wrong configuration: ..."
 */
static enum parse_result
read_jail_life(struct str s, struct event *ev)
{
	struct str rest = s, jail;

	if (!str_skip(&rest, STR("Jail ")))
		return PARSE_UNKNOWN;
	if (!str_skip_char(&rest, '\''))
		return PARSE_IGNORED;
	jail = str_cut(&rest, '\'');
	if (str_starts(rest, STR(" skipped, "))) {
		EVENT_TEXT(ev, jail, jail);
		return filters_say(ev, KIND_operational, SEVERITY_none, s);
	}
	if (!str_eq(rest, STR(" started")) && !str_eq(rest, STR(" stopped")))
		return PARSE_IGNORED;
	EVENT_TEXT(ev, jail, jail);
	return filters_say(ev, KIND_service, SEVERITY_none, s);
}

static enum parse_result
read_text(struct str s, bool warns, struct event *ev)
{
	bool has_jail = take_jail(&s, ev);
	enum parse_result result;

	if (warns && str_starts(s, STR("Found a match for "))) /* in a line without a time */
		return filters_say(ev, KIND_operational, SEVERITY_none, s);
	if (has_jail || str_starts(s, STR("Found "))) { /* 0.8 does not say where */
		result = fail2ban_ticket(s, warns, ev);
		return result == PARSE_UNKNOWN ? filters_note(of_jail, s, ev) : result;
	}
	result = read_jail_life(s, ev);
	return result == PARSE_UNKNOWN ? filters_note(life, s, ev) : result;
}

/* "2026-11-20 12:00:00,000 " and "fail2ban.actions        [12]: ", each if it is there. */
static struct str
without_header(struct str s)
{
	struct str rest = s;
	struct stamp stamp;

	if (rest.len && char_is_digit(*rest.p) && stamp_read(&rest, &stamp) != STAMP_NONE &&
	    str_skip_char(&rest, ' '))
		s = rest;
	rest = s;
	if (!str_skip(&rest, STR("fail2ban")))
		return s;
	while (rest.len && (char_is_alnum(*rest.p) || *rest.p == '.' || *rest.p == ' ' ||
	    *rest.p == '[' || *rest.p == ']'))
		rest = str_from(rest, 1);
	return str_skip(&rest, STR(": ")) ? rest : s;
}

static enum parse_result
fail2ban_read(struct str message, struct event *ev)
{
	uint8_t severity = SEVERITY_none;
	bool debug = false;
	enum parse_result result;

	message = without_header(message);
	if (!take_level(&message, &severity, &debug))
		return filters_note(life, message, ev);
	result = read_text(message, severity == SEVERITY_warning, ev);
	if (result == PARSE_EVENT && ev->kind == KIND_operational && severity != SEVERITY_none)
		EVENT_SET(ev, severity, severity);
	if (result != PARSE_UNKNOWN)
		return result;
	if (debug)
		return PARSE_IGNORED;
	return severity == SEVERITY_none ?
	    PARSE_UNKNOWN :
	    filters_say(ev, KIND_operational, severity, message);
}

const struct parser parser_fail2ban = {
	.name = "fail2ban", .tags = tags, .read = fail2ban_read};
