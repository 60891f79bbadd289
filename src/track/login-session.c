/* SPDX-License-Identifier: Apache-2.0
 *
 * login-session: attempts in a session of an IMAP login process and the like. The
 * authentication service tells of each; the login process sums them up when the client
 * leaves. Of N summed up, those already told of are taken off; those told of right
 * after it are no others. (The two write through pipes of their own: with no delay
 * after a failure, as in Dovecot 2.4, the sum may come first.)
 *
 * A piece of a log sets aside a line of a session of which it may not have seen all
 * that matters, and then all further lines of that session. That is each sum of more than
 * the piece was told of: auth may have told the rest before it. The sum says how long the
 * session was, but by a clock that need not be that of the stamps. Of a sum of no more
 * it notes that the session is over, for the pieces before may have more of it.
 */
#include "track/room.h"

/* Attempts broken off are another matter than those that failed. */
static uint64_t
session_key(const struct event *ev, enum outcome outcome)
{
	struct str session = event_str(ev, ev->session);
	uint64_t hash = hash_bytes(session.p, session.len);

	return outcome == OUTCOME_aborted ? ~hash : hash;
}

static uint32_t
session_hash(const void *entry)
{
	return (uint32_t)((const struct login_session *)entry)->key;
}

static struct login_session *
find_session(const struct registry *registry, uint64_t key)
{
	uint32_t at = (uint32_t)key, number;

	while ((number = slots_next(&registry->slots, (uint32_t)key, &at))) {
		struct login_session *s = registry_at(registry, number);

		if (s->key == key)
			return s;
	}
	return NULL;
}

/* Was it summed up so long before NOW that nothing of that is told any more? */
static bool
is_settled(const struct login_session *s, int64_t now)
{
	return s->summed != INT64_MIN &&
	    now / USEC_PER_SEC > s->summed / USEC_PER_SEC + LOGIN_LATE;
}

/* Is it as if there had never been one? Ids are used again. */
static bool
is_over(const struct login_session *s, int64_t now)
{
	return s->told == 0 && is_settled(s, now);
}

/* Forgets the oldest, as far as they are over; there is room for one more then. */
static void
sweep(struct track *track)
{
	struct registry *registry = &track->login_sessions;

	while (registry->pool.live) {
		struct login_session *s = registry_oldest(registry);
		bool over = is_over(s, track_gone(track));

		if (registry->pool.live < track->limits.connections && !over)
			break;
		if (!over)
			track->crowded = true;
		registry_drop(registry, s);
	}
}

static struct login_session *
get_session(struct track *track, uint64_t key)
{
	struct registry *registry = &track->login_sessions;
	struct login_session *s = find_session(registry, key);

	if (s) {
		registry_touch(registry, s);
		return s;
	}
	sweep(track);
	s = registry_add(registry, (uint32_t)key, sizeof(*s), sizeof(*s));
	s->key = key;
	s->summed = INT64_MIN;
	return s;
}

/* COUNT less what S owes at NOW. */
static int64_t
pay(struct login_session *s, int64_t now, int64_t count)
{
	int64_t n = s->owed < count ? s->owed : count;

	if (n == 0 || is_settled(s, now))
		return count;
	s->owed -= n;
	return count - n;
}

void
login_session_told(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out)
{
	uint64_t key = session_key(ev, outcome);
	struct login_session *s = find_session(&track->login_sessions, key);
	int64_t left = login_count(ev);

	/* Was it summed up before this piece? A second more, as seconds are compared. */
	bool in_reach = track_in_reach(track, INT64_MIN, ev->time,
	    (LOGIN_LATE + 1) * USEC_PER_SEC);

	track->unsure |= in_reach && s && !s->aside;
	if (s ? s->aside : in_reach) {
		s = get_session(track, key);
		s->aside = true;
		s->summed = INT64_MIN; /* as it may wait for the next sum */
		login_set_aside(track, ev, left);
		return;
	}
	s = get_session(track, key);
	left = pay(s, track_now(track, ev->time), left);
	if (left == 0)
		return;
	s->told += left;
	login_attempt(track, ev, outcome, left, out);
}

/* What was told of S, with KEY, is all; NULL: or nothing was. */
static void
session_over(struct track *track, struct login_session *s, uint64_t key)
{
	if (s)
		registry_drop(&track->login_sessions, s);
	if (!track->from_start)
		seam_add_note(track, SEAM_SESSION_OVER, &key, sizeof(key));
}

void
login_session_over(struct track *into, uint64_t key)
{
	session_over(into, find_session(&into->login_sessions, key), key);
}

void
login_session_summed(struct track *track, const struct event *ev, enum outcome outcome,
    struct track_out *out)
{
	uint64_t key = session_key(ev, outcome);
	struct login_session *s = find_session(&track->login_sessions, key);
	int64_t left = login_count(ev) - (s ? s->told : 0);

	if (left <= 0) {
		session_over(track, s, key);
		return;
	}
	s = get_session(track, key);
	s->told = 0;
	s->summed = ev->time;
	s->aside = !track->from_start;
	if (s->aside) {
		login_set_aside(track, ev, left);
		return;
	}
	s->owed = left;
	login_attempt(track, ev, outcome, left, out);
}

void
login_sessions_init(struct registry *sessions)
{
	registry_init(sessions, sizeof(struct login_session), session_hash);
}

/* Of those set aside, what became of them on INTO is right. */
void
login_sessions_adopt(struct track *into, const struct track *next)
{
	const struct login_session *from;

	for (uint32_t at = 0; (from = registry_next(&next->login_sessions, &at));) {
		struct login_session *s;

		if (from->aside)
			continue;
		s = get_session(into, from->key);
		s->told += from->told;
	}
}
