/* SPDX-License-Identifier: Apache-2.0
 *
 * rates: how much a user sends. For each the times of the messages in the window are
 * kept, at most as many as may be sent, so that the count is exact; and for each message
 * what was said of it, as Postfix asks again for each recipient.
 */
#include <stdlib.h>

#include "base/lru.h"
#include "base/mem.h"
#include "base/state.h"
#include "serve/room.h"

#define MEMORY_MAX ((uint64_t)64 << 20)
#define USERS_MIN 16
#define USERS_MAX 100000
#define INSTANCES_MAX 65536

/* A ring of times, oldest first; it grows up to what may be sent. */
struct user {
	int64_t *times;
	uint32_t room, first, count;
};

struct said {
	bool known, over;
};

struct policy_rates {
	uint32_t messages;
	int64_t within;
	struct lru *users, *instances;
};

static void
drop_user(void *context, void *entry)
{
	(void)context;
	free(((struct user *)entry)->times);
}

struct policy_rates *
policy_rates_new(uint32_t messages, int64_t within)
{
	struct policy_rates *rates = xcalloc(1, sizeof(*rates));
	uint64_t cap = MEMORY_MAX / sizeof(int64_t) / (messages ? messages : 1);

	cap = cap < USERS_MIN ? USERS_MIN : cap > USERS_MAX ? USERS_MAX : cap;
	*rates = (struct policy_rates){.messages = messages, .within = within,
	    .users = lru_new(sizeof(struct user), (uint32_t)cap,
	        &(struct lru_owner){.drop = drop_user}),
	    .instances = lru_new(sizeof(struct said), INSTANCES_MAX, NULL)};
	return rates;
}

void
policy_rates_free(struct policy_rates *rates)
{
	if (!rates)
		return;
	lru_free(rates->users);
	lru_free(rates->instances);
	free(rates);
}

static int64_t *
time_at(const struct user *user, uint32_t i)
{
	uint64_t at = (uint64_t)user->first + i;

	return &user->times[at < user->room ? at : at - user->room];
}

/* Forgets what is out of the window that ends NOW. */
static void
forget(struct user *user, int64_t within, int64_t now)
{
	/* The clock was set back: from the newest on, those ahead of it. */
	for (uint32_t i = user->count; i > 0 && *time_at(user, i - 1) > now; i--)
		*time_at(user, i - 1) = now;
	while (user->count && *time_at(user, 0) <= now - within) {
		user->first = user->first + 1 == user->room ? 0 : user->first + 1;
		user->count--;
	}
}

static void
grow(struct user *user, uint32_t most)
{
	uint32_t room = user->room ? (user->room > most / 2 ? most : user->room * 2) : 8;
	int64_t *times;

	room = room > most ? most : room;
	times = xmalloc(room * sizeof(*times));
	for (uint32_t i = 0; i < user->count; i++)
		times[i] = *time_at(user, i);
	free(user->times);
	user->times = times;
	user->room = room;
	user->first = 0;
}

static bool
count_message(struct policy_rates *rates, struct str name, int64_t now)
{
	struct user *user = lru_get(rates->users, lru_key(name));

	forget(user, rates->within, now);
	if (user->count >= rates->messages)
		return true;
	if (user->count == user->room)
		grow(user, rates->messages);
	user->count++;
	*time_at(user, user->count - 1) = now;
	return false;
}

static bool
tells_of_message(const struct policy_request *request)
{
	static const struct str states[] = {
	    {"RCPT", 4}, {"DATA", 4}, {"END-OF-MESSAGE", 14}};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (str_eq(request->protocol_state, states[i]))
			return true;
	return false;
}

bool
policy_rates_over(struct policy_rates *rates, const struct policy_request *request,
    int64_t now)
{
	struct said *said;

	if (request->sasl_username.len == 0 || !tells_of_message(request))
		return false;
	if (request->instance.len == 0)
		return count_message(rates, request->sasl_username, now);
	said = lru_get(rates->instances, lru_key(request->instance));
	if (!said->known) {
		said->known = true;
		said->over = count_message(rates, request->sasl_username, now);
	}
	return said->over;
}

uint64_t
policy_rates_forgotten(const struct policy_rates *rates)
{
	return lru_evicted(rates->users);
}

void
policy_rates_sent(struct policy_rates *rates, struct str user, int64_t time)
{
	count_message(rates, user, time);
}

/* ---- handed over: keys are hashes with the seed of this process and its children ---- */

struct saving {
	struct state_out *out;
	struct buf record;
};

static void
begin_record(struct saving *saving, uint64_t key)
{
	buf_clear(&saving->record);
	state_put_number(&saving->record, (int64_t)key);
}

static void
save_user(void *context, uint64_t key, const void *entry)
{
	struct saving *saving = context;
	const struct user *user = entry;

	begin_record(saving, key);
	for (uint32_t i = 0; i < user->count; i++)
		state_put_number(&saving->record, *time_at(user, i));
	state_record(saving->out, STR("user"), &saving->record);
}

static void
save_said(void *context, uint64_t key, const void *entry)
{
	struct saving *saving = context;
	const struct said *said = entry;

	begin_record(saving, key);
	state_put_number(&saving->record, said->over);
	state_record(saving->out, STR("said"), &saving->record);
}

void
policy_rates_save(const struct policy_rates *rates, struct state_out *out)
{
	struct saving saving = {.out = out, .record = BUF_INIT(BUF_UNLIMITED)};

	lru_each(rates->users, save_user, &saving);
	lru_each(rates->instances, save_said, &saving);
	buf_done(&saving.record);
}

/* Times must not go back; of more than may be sent now, the newest count. */
static bool
load_user(struct policy_rates *rates, uint64_t key, struct str record)
{
	struct user *user = lru_get(rates->users, key);
	int64_t time, before = INT64_MIN;

	user->count = 0;
	if (record.len / sizeof(time) > rates->messages)
		record = str_from(record, record.len - rates->messages * sizeof(time));
	while (record.len) {
		if (!state_number(&record, &time) || time < before)
			return false;
		if (user->count == user->room)
			grow(user, rates->messages);
		user->count++;
		*time_at(user, user->count - 1) = before = time;
	}
	return true;
}

bool
policy_rates_load(struct policy_rates *rates, struct str tag, struct str record)
{
	bool is_user = str_eq(tag, STR("user"));
	struct said *said;
	int64_t key, over;

	if (!is_user && !str_eq(tag, STR("said")))
		return true;
	if (!state_number(&record, &key))
		return false;
	if (is_user)
		return load_user(rates, (uint64_t)key, record);
	if (!state_number(&record, &over) || record.len)
		return false;
	said = lru_get(rates->instances, (uint64_t)key);
	*said = (struct said){.known = true, .over = over != 0};
	return true;
}
