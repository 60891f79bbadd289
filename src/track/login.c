/* SPDX-License-Identifier: Apache-2.0
 *
 * login: one attempt, however many lines tell of it. Two may: the authentication
 * service (Dovecot's auth, `stage` is "auth") and the daemon that asked it. Who
 * comes first emits the attempt, the other's line is absorbed.
 *
 * By the login session, where there is one: see login-session.c.
 *
 * Without (Postfix and Exim ask for no session) by client, and whether it was broken
 * off: each line
 * absorbs the newest one of the other teller that is not matched yet. The login name
 * does not count: it is cut, cleaned and completed by one and not by the other, and
 * older Postfix names none; nor does the host, which Dovecot's own log does not
 * name and which may be another. Whatever is matched with what, there are as many
 * attempts as the teller told of who told of more. Where the service's own database
 * was away it tells Postfix no more than of a wrong password, so that a failure may
 * absorb an error; and Postfix tells of an error when the service goes before it
 * answers. Only who tells first says which it was.
 *
 * smtpd that could not ask says so without the client, and then that his login failed
 * for no reason: an error (see connection_asked()).
 *
 * The service without a client's address (saslauthd), or with nothing but that
 * it failed (PAM), tells of no attempt: who asked tells of it, and of the client.
 *
 * A later piece of a log knows what came last, which is what is matched first: it sets
 * aside only what is left when that is used up, and with it, in front, all that it still
 * holds of that client.
 */
#include "track/room.h"

/*
 * How long an attempt may wait for the other teller. Who asked tells last: after the
 * delay that follows a failure, behind a slow database. It may be long, as one line
 * absorbs one. First he is where two files are merged whose stamps have no fractions.
 */
static const int64_t windows[TELLERS] = {
	[TELLER_ASKED] = 3600,
	[TELLER_ASKING] = LOGIN_LATE,
};

void
login_attempt(struct track *track, const struct event *ev, enum outcome outcome,
    int64_t count, struct track_out *out)
{
	struct event *to = out_event(out, KIND_attempt, ev->time);

	track->stats.attempts++;
	EVENT_SET(to, outcome, (uint8_t)outcome);
	OUT_NUMBERED(to, ip, NUMBERED(ev, ip));
	if (count > 1) {
		EVENT_SET(to, count, login_at_most(count));
		to->weight = (uint32_t)to->count;
	}
	if (ev->kind != KIND_disconnect)
		OUT_NUMBERED(to, user, NUMBERED(ev, user));
	if (!is_told_whole(track, KIND_attempt))
		return;
	out_place(to, ev);
	OUT_NUMBERED(to, name, NUMBERED(ev, name));
	OUT_SET_IF(to, port, ev->port, event_knows(ev, FIELD_port));
	if (ev->kind != KIND_disconnect)
		OUT_NUMBERED(to, mechanism, NUMBERED(ev, mechanism));
}

void
login_set_aside(struct track *track, const struct event *ev, int64_t count)
{
	struct event rest = *ev;

	EVENT_SET(&rest, attempts, count);
	rest.weight = 1;
	seam_add(track, &rest, SEAM_HANDLER + 1, NULL);
}

/* ---- by client ---- */

static struct earlier *
earlier_at(const struct logins *logins, uint32_t number)
{
	return pool_sized_at(&logins->earlier, number, sizeof(struct earlier));
}

/* At NOW, is it too late for what TELLER told of to be matched? */
static bool
is_late(const struct telling *telling, enum teller teller, int64_t now)
{
	return now / USEC_PER_SEC > telling->second + windows[teller];
}

/* Does nothing of TELLER's matter any more? Behind one that is too late none is looked for. */
static bool
is_over(const struct tellings *by, enum teller teller, int64_t now)
{
	return (!by->newest.attempts || is_late(&by->newest, teller, now)) &&
	    (by->doubt == INT64_MIN ||
	    now > by->doubt + (windows[teller] + 1) * USEC_PER_SEC);
}

/* The newest one is gone. */
static void
pop(struct logins *logins, struct tellings *by)
{
	uint32_t number = by->below;
	struct earlier *below;

	by->newest.attempts = 0;
	if (!number)
		return;
	below = earlier_at(logins, number);
	by->newest = below->telling;
	by->below = below->older;
	if (by->below)
		earlier_at(logins, by->below)->newer = 0;
	else
		by->oldest = 0;
	pool_give(&logins->earlier, number, below);
}

/* The last one, which is not the newest, is gone. */
static void
drop_oldest(struct logins *logins, struct tellings *by)
{
	uint32_t number = by->oldest;
	struct earlier *oldest = earlier_at(logins, number);

	by->oldest = oldest->newer;
	if (by->oldest)
		earlier_at(logins, by->oldest)->older = 0;
	else
		by->below = 0;
	pool_give(&logins->earlier, number, oldest);
}

static void
clear(struct logins *logins, struct login *login)
{
	for (unsigned teller = 0; teller < TELLERS; teller++)
		while (login->by[teller].newest.attempts)
			pop(logins, &login->by[teller]);
}

static struct login *
login_at(const struct logins *logins, uint32_t number)
{
	return pool_sized_at(&logins->registry.pool, number, sizeof(struct login));
}

static void
drop(struct logins *logins, struct login *login)
{
	struct address *held = address_at(logins->by_ip, login->ip);
	uint32_t number = held->login;

	if (number == login->entry.number) {
		held->login = login->next;
	} else {
		while (login_at(logins, number)->next != login->entry.number)
			number = login_at(logins, number)->next;
		login_at(logins, number)->next = login->next;
	}
	clear(logins, login);
	registry_drop(&logins->registry, login);
}

/* LOGIN can be found from now on. */
static void
chain(struct logins *logins, struct login *login)
{
	struct address *held = address_at(logins->by_ip, login->ip);

	login->next = held->login;
	held->login = login->entry.number;
}

/* Forgets all clients of whom nothing matters any more; there is room for one then. */
static void
sweep(struct track *track)
{
	struct registry *registry = &track->logins.registry;
	int64_t now = track_gone(track);

	while (registry->pool.live) {
		struct login *login = registry_oldest(registry);
		bool over = is_over(&login->by[TELLER_ASKED], TELLER_ASKED, now) &&
		    is_over(&login->by[TELLER_ASKING], TELLER_ASKING, now);

		if (registry->pool.live < track->limits.connections && !over)
			break;
		if (!over)
			track->crowded = true;
		drop(&track->logins, login);
	}
}

static struct login *
get_login(struct track *track, uint32_t ip, uint32_t outcome)
{
	struct logins *logins = &track->logins;
	uint32_t number = address_of(logins->by_ip, ip).login;
	struct login *login;

	for (; number; number = login->next) {
		login = login_at(logins, number);
		if (login->outcome != outcome)
			continue;
		registry_touch(&logins->registry, login);
		return login;
	}
	if (!logins->registry.pool.free)
		sweep(track);
	login = registry_add_unfiled(&logins->registry, sizeof(*login), sizeof(login->entry));
	login->ip = ip;
	login->outcome = outcome;
	chain(logins, login);
	for (unsigned teller = 0; teller < TELLERS; teller++)
		login->by[teller] = (struct tellings){.doubt = INT64_MIN};
	return login;
}

/* Matches up to COUNT attempts with those of TELLER; returns how many are left. */
static int64_t
absorb(struct logins *logins, struct login *login, enum teller teller, int64_t now,
    int64_t count)
{
	struct tellings *by = &login->by[teller];

	while (count && by->newest.attempts && !is_late(&by->newest, teller, now)) {
		int64_t n = by->newest.attempts < count ? by->newest.attempts : count;

		by->newest.attempts -= (uint32_t)n;
		count -= n;
		if (by->newest.attempts == 0)
			pop(logins, by);
	}
	return count;
}

/* There is room for one more of LOGIN's. */
static void
make_room(struct track *track, struct login *login)
{
	struct logins *logins = &track->logins;

	while (logins->earlier.live / TELLINGS_SHARE >= track->limits.connections) {
		struct login *oldest = registry_oldest(&logins->registry);

		track->crowded = true;
		if (oldest == login) {
			clear(logins, login);
			return;
		}
		drop(logins, oldest);
	}
}

/* The newest one of LOGIN, told by TELLER, is so no longer. */
TRACK_SELDOM void
push(struct track *track, struct login *login, enum teller teller)
{
	struct logins *logins = &track->logins;
	struct tellings *by = &login->by[teller];
	uint32_t number;

	while (by->oldest &&
	    is_late(&earlier_at(logins, by->oldest)->telling, teller, track_gone(track)))
		drop_oldest(logins, by);
	make_room(track, login);
	if (!by->newest.attempts)
		return;
	number = pool_take(&logins->earlier, sizeof(struct earlier));
	*earlier_at(logins, number) =
	    (struct earlier){.older = by->below, .telling = by->newest};
	if (by->below)
		earlier_at(logins, by->below)->newer = number;
	else
		by->oldest = number;
	by->below = number;
}

/* COUNT attempts of SECOND, told of by TELLER, wait to be told of by the other. */
static void
await(struct track *track, struct login *login, enum teller teller, uint32_t second,
    int64_t count)
{
	struct telling *newest = &login->by[teller].newest;

	if (newest->attempts && newest->second == second)
		count += newest->attempts;
	else if (newest->attempts)
		push(track, login, teller);
	*newest = (struct telling){second, (uint32_t)login_at_most(count)};
}

/* Something of TELLER's, of TIME, is not known here. */
static void
note_doubt(struct login *login, enum teller teller, int64_t time)
{
	if (login->by[teller].doubt < time)
		login->by[teller].doubt = time;
}

static void
note_telling(struct track *track, struct login *login, enum teller teller,
    const struct telling *telling)
{
	struct login_note note = {.ip = login->ip, .outcome = login->outcome,
	    .teller = teller, .second = telling->second, .attempts = telling->attempts};

	note_doubt(login, teller, telling->second * USEC_PER_SEC);
	seam_add_note(track, SEAM_LOGIN, &note, sizeof(note));
	track->logins.strays++;
}

/* What was sure so far goes where what comes is set aside, and stands before it there. */
static void
note(struct track *track, struct login *login)
{
	struct logins *logins = &track->logins;

	for (unsigned teller = 0; teller < TELLERS; teller++) {
		struct tellings *by = &login->by[teller];

		for (; by->oldest; drop_oldest(logins, by))
			note_telling(track, login, teller,
			    &earlier_at(logins, by->oldest)->telling);
		if (by->newest.attempts)
			note_telling(track, login, teller, &by->newest);
		by->newest.attempts = 0;
	}
}

/*
 * Puts off what cannot be decided here. Where it is KNOWN whether somebody was asked, it is
 * told by `attempts`, which no line of smtpd's has.
 */
static void
doubt(struct track *track, struct login *login, const struct event *ev, enum teller teller,
    int64_t left, bool known)
{
	if (left) {
		note(track, login);
		note_doubt(login, teller, ev->time);
		track->logins.strays++;
	}
	if (known) {
		login_set_aside(track, ev, left);
	} else {
		struct event rest = *ev;

		rest.weight = (uint32_t)left;
		seam_add(track, &rest, SEAM_HANDLER + 1, NULL);
	}
}

/* May there be more of TELLER's below what is known of LOGIN, to be matched at NOW? */
static bool
may_lack(const struct track *track, const struct login *login, enum teller teller, int64_t now)
{
	const struct tellings *by = &login->by[teller];

	/* A second more, as windows are compared in seconds. */
	return !by->newest.attempts &&
	    track_in_reach(track, by->doubt, now, (windows[teller] + 1) * USEC_PER_SEC);
}

/*
 * EV, a login of CLIENT's with that OUTCOME. Where it is KNOWN whether somebody was asked,
 * what the other told of absorbs it.
 */
TRACK_INLINE void
match(struct track *track, const struct event *ev, enum teller teller, enum outcome outcome,
    bool known, struct track_out *out)
{
	enum teller other = teller == TELLER_ASKED ? TELLER_ASKING : TELLER_ASKED;
	struct login *login = get_login(track, NUMBERED(ev, ip),
	    outcome == OUTCOME_error ? OUTCOME_failure : outcome);
	int64_t now = track_now(track, ev->time);
	int64_t left = absorb(&track->logins, login, other, now, login_count(ev));

	/*
	 * Of who is not known, this line takes what the line before says, though it is
	 * absorbed.
	 */
	if (left == 0 && known)
		return;
	if (!known || may_lack(track, login, other, ev->time)) {
		doubt(track, login, ev, teller, left, known);
		return;
	}
	await(track, login, teller, (uint32_t)(ev->time / USEC_PER_SEC), left);
	login_attempt(track, ev, outcome, left, out);
}

/* EV says that a login failed, but nobody could be asked. */
TRACK_SELDOM void
match_unasked(struct track *track, const struct event *ev, struct track_out *out)
{
	struct event unasked = *ev;

	unasked.kind = KIND_auth_error;
	match(track, &unasked, TELLER_ASKING, OUTCOME_error, true, out);
}

static void
tell(struct track *track, const struct event *ev, enum teller teller, enum outcome outcome,
    struct track_out *out)
{
	bool known = true, asked = true;

	/* No such mechanism, or no sense in it: nobody was asked. */
	if (teller == TELLER_ASKING && event_knows(ev, FIELD_reason) &&
	    ev->reason == REASON_protocol) {
		login_attempt(track, ev, outcome, login_count(ev), out);
		return;
	}
	if (outcome == OUTCOME_failure && teller == TELLER_ASKING &&
	    !event_knows(ev, FIELD_attempts))
		known = connection_asked(track, ev, &asked);
	if (asked)
		match(track, ev, teller, outcome, known, out);
	else
		match_unasked(track, ev, out);
}

/* ---- either way ---- */

static enum teller
teller_of(const struct event *ev)
{
	return event_knows(ev, FIELD_stage) &&
	    str_eq(event_word(ev, ev->stage), STR("auth")) ? TELLER_ASKED : TELLER_ASKING;
}

void
login_told(struct track *track, const struct event *ev, struct track_out *out)
{
	enum outcome outcome = login_outcome(ev);
	enum teller teller = teller_of(ev);
	bool has_ip = event_knows(ev, FIELD_ip), has_session = event_knows(ev, FIELD_session);

	/* The library's own words, without a client: the line with the client follows. */
	if (outcome == OUTCOME_error && !has_ip)
		return;
	if (teller == TELLER_ASKED && (outcome == OUTCOME_success || !has_ip ||
	    !event_knows(ev, FIELD_text)))
		return;
	if (outcome == OUTCOME_success || (!has_ip && !has_session))
		login_attempt(track, ev, outcome, login_count(ev), out);
	else if (!has_session)
		tell(track, ev, teller, outcome, out);
	else if (teller == TELLER_ASKED)
		login_session_told(track, ev, outcome, out);
	else
		login_session_summed(track, ev, outcome, out);
}

/* ---- both tables ---- */

void
logins_init(struct track *track)
{
	registry_init(&track->logins.registry, sizeof(struct login), NULL);
	pool_init(&track->logins.earlier, sizeof(struct earlier));
	track->logins.by_ip = &track->by_ip;
	login_sessions_init(&track->login_sessions);
}

void
logins_free(struct track *track)
{
	registry_free(&track->logins.registry);
	pool_free(&track->logins.earlier);
	registry_free(&track->login_sessions);
}

void
logins_renumber(struct logins *logins, uint32_t *const remap[DOMAINS])
{
	struct login *login;

	for (uint32_t at = 0; (login = registry_next(&logins->registry, &at));)
		login->ip = renumbered(remap, DOMAIN_IP, login->ip);
}

void
logins_file_again(struct logins *logins)
{
	struct login *login;

	for (uint32_t at = 0; (login = registry_next(&logins->registry, &at));)
		chain(logins, login);
}

void
login_noted(struct track *into, const struct login_note *note)
{
	await(into, get_login(into, note->ip, note->outcome), note->teller, note->second,
	    note->attempts);
}

static void
adopt(struct track *into, struct login *login, enum teller teller, const struct logins *of,
    const struct tellings *from)
{
	for (uint32_t number = from->oldest; number;) {
		const struct earlier *earlier = earlier_at(of, number);

		await(into, login, teller, earlier->telling.second, earlier->telling.attempts);
		number = earlier->newer;
	}
	if (from->newest.attempts)
		await(into, login, teller, from->newest.second, from->newest.attempts);
}

/* What NEXT is sure of comes behind what INTO has; its doubts went with the replay. */
void
logins_adopt(struct track *into, const struct track *next)
{
	const struct logins *of = &next->logins;
	const struct login *from;

	for (uint32_t at = 0; (from = registry_next(&of->registry, &at));) {
		struct login *login = get_login(into, from->ip, from->outcome);

		for (unsigned teller = 0; teller < TELLERS; teller++)
			adopt(into, login, teller, of, &from->by[teller]);
	}
	login_sessions_adopt(into, next);
}
