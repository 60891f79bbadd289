/* SPDX-License-Identifier: Apache-2.0
 *
 * worker: the process of one action. It takes all messages that wait, applies them
 * together, and answers for them. It trusts neither their number nor their content:
 * who sends them may be in other hands.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "act/room.h"
#include "base/now.h"
#include "base/sandbox.h"

#define BATCH 20000 /* changes that are applied at a time */

#define CHECK_EVERY 30000 /* ms */

/*
 * What somebody else changed is put right at once, and the next time not before so long;
 * longer each time, for two programs that put each other right are to keep nobody busy.
 */
#define AGAIN_STEP INT64_C(500000)
#define AGAIN_MOST INT64_C(60000000)
#define QUIET (10 * AGAIN_MOST) /* then it is the first time */

const struct sort *const sorts[] = {
#define ROW(id) &sort_##id,
	SORTS(ROW)
#undef ROW
};

int
act_try(const struct act_settings *settings, struct err *err)
{
	const struct sort *sort = sorts[settings->sort];

	return sort->try ? sort->try(settings, err) : 0;
}

struct worker {
	const struct sort *sort;
	const char *name; /* the action's */
	void *state;
	int fd;
	bool started, stopping, ending, lost;
	bool distrusts; /* it was sent what makes no sense */
	struct change *changes;
	size_t count, room;
	size_t left_out; /* of "all there is": behind the first BANS_MOST */
	bool left_out_told;
	bool all, all_begun;
	uint64_t seq; /* of the last message read */
	uint32_t undone; /* as it was told last */
	int64_t again, again_in; /* monotonic: when all is put there again at the earliest */
};

bool
message_check(const struct act_message *message, struct change *ret)
{
	uint8_t most = ip_bits(message->family);
	struct cidr *prefix = &ret->ban.prefix;

	if (message->op == 0 || message->op >= OP_COUNT)
		return false;
	if (message->op != OP_BAN && message->op != OP_UNBAN)
		return true;
	if ((message->family != 4 && message->family != 6) || message->bits > most ||
	    message->bits < (message->family == 4 ? 8 : 16))
		return false;
	if (message->op == OP_BAN && message->until <= 0)
		return false;
	*ret = (struct change){.unban = message->op == OP_UNBAN,
	    .ban = {.id = message->id, .until = message->until}};
	prefix->base.family = message->family;
	memcpy(prefix->base.byte, message->address, message->family == 4 ? 4 : 16);
	prefix->bits = message->bits;
	/* Bits behind the prefix are a mistake, not to be guessed at. */
	return cidr_is_canonical(prefix);
}

int64_t
ban_seconds(const struct act_ban *ban, int64_t now)
{
	if (ban->until == INT64_MAX)
		return 0;
	return ban->until <= now ? 1 : (ban->until - now - 1) / 1000000 + 1;
}

void
ban_text(struct buf *out, struct str text, const struct act_ban *ban, int64_t now)
{
	char address[CIDR_TEXT_MAX];

	while (text.len) {
		if (str_skip(&text, STR("{id}"))) {
			buf_printf(out, "%016llx", (unsigned long long)ban->id);
		} else if (str_skip(&text, STR("{ip}"))) {
			prefix_format(&ban->prefix, address);
			buf_str(out, str_of(address));
		} else if (str_skip(&text, STR("{prefix}"))) {
			cidr_format(&ban->prefix, address);
			buf_str(out, str_of(address));
		} else if (str_skip(&text, STR("{seconds}"))) {
			buf_printf(out, "%lld", (long long)ban_seconds(ban, now));
		} else {
			buf_char(out, *text.p);
			text = str_from(text, 1);
		}
	}
}

static uint32_t
undone(const struct worker *worker)
{
	return worker->state && worker->sort->undone ? worker->sort->undone(worker->state) : 0;
}

static void
answer(struct worker *worker, bool failed, const char *text)
{
	struct act_answer answer = {.seq = worker->seq, .failed = failed,
	    .wants_all = worker->lost, .undone = undone(worker)};

	worker->undone = answer.undone;
	snprintf(answer.text, sizeof(answer.text), "%s", text);
	/* Nobody there to hear it: the socket will say so when all that waits is read. */
	(void)!send(worker->fd, &answer, sizeof(answer), MSG_NOSIGNAL);
}

/* All there is was applied as far as it was taken: says so in ERR, once. */
static void
tell_left_out(struct worker *worker, struct err *err)
{
	struct err more;

	if (worker->left_out && !worker->left_out_told) {
		err_set(&more, "%.60s: %zu ban%s left out: it takes %u at most", worker->name,
		    worker->left_out, worker->left_out == 1 ? " is" : "s are", BANS_MOST);
		if (err->text[0])
			err_wrap(err, "%s", more.text);
		else
			*err = more;
	}
	worker->left_out_told = worker->left_out > 0;
}

static void
apply(struct worker *worker)
{
	struct err err = {""};
	int result = 0;

	if (!worker->started)
		result = worker->sort->start ? worker->sort->start(worker->state, &err) : 0;
	worker->started = result == 0;
	if (result == 0 && (worker->count || worker->all))
		result = worker->sort->apply(worker->state, worker->changes, worker->count,
		    worker->all, now_wall(), &err);
	if (result == 0 && worker->all)
		worker->lost = false;
	else if (result < 0 && worker->sort->whole && !worker->all)
		worker->lost = true;
	if (result == 0 && worker->all)
		tell_left_out(worker, &err);
	answer(worker, result < 0, err.text);
	worker->count = 0;
	worker->all = false;
}

/* Takes one message; true when what was gathered is to be applied first or now. */
static bool
take(struct worker *worker, const struct act_message *message)
{
	struct change change;

	if (!message_check(message, &change)) {
		worker->distrusts = true;
		return false;
	}
	worker->seq = message->seq;
	switch (message->op) {
	case OP_ALL_BEGIN:
		worker->count = 0; /* what waited is part of it, or is over */
		worker->left_out = 0;
		worker->all_begun = true;
		return false;
	case OP_ALL_END:
		worker->all = worker->all_begun;
		worker->all_begun = false;
		return true;
	case OP_END:
	case OP_STOP:
		worker->stopping = true;
		worker->ending = message->op == OP_END;
		return true;
	}
	if (worker->count >= BANS_MOST) {
		worker->left_out++;
		return false;
	}
	MEM_GROW(worker->changes, worker->count, worker->room);
	worker->changes[worker->count++] = change;
	return worker->count >= BATCH && !worker->all_begun;
}

/* What is in a datagram of N bytes, in order. */
static void
take_all(struct worker *worker, const struct act_message *messages, size_t n)
{
	worker->distrusts = n % sizeof(*messages) || n > MESSAGES_MAX * sizeof(*messages);
	for (size_t i = 0; i < n / sizeof(*messages) && !worker->distrusts; i++)
		if (take(worker, &messages[i]))
			apply(worker);
}

/*
 * Reads what waits; false when the other side has gone, or says what it never would: then
 * it is in other hands, and nothing more is heard of it.
 */
static bool
read_messages(struct worker *worker)
{
	struct act_message messages[MESSAGES_MAX];
	int flags = MSG_DONTWAIT | MSG_TRUNC;
	ssize_t n = 0;
	bool there;

	/* Who has gone without reading our answers is told of before what was sent. */
	while (!worker->distrusts &&
	    ((n = recv(worker->fd, messages, sizeof(messages), flags)) > 0 ||
	        (n < 0 && errno == ECONNRESET)))
		if (n > 0)
			take_all(worker, messages, (size_t)n);
	if (worker->distrusts)
		return false;
	there = n < 0 && (errno == EAGAIN || errno == EINTR);
	if (worker->count && !worker->all_begun)
		apply(worker);
	return there;
}

static void
ask_for_all(struct worker *worker)
{
	if (worker->lost || worker->all_begun)
		return;
	worker->lost = true;
	worker->started = false;
	answer(worker, false, "");
}

static void
check(struct worker *worker)
{
	if (worker->started && worker->sort->check && !worker->sort->check(worker->state))
		ask_for_all(worker);
}

/* Has somebody else changed what we put there? Microseconds until it is to be put right. */
static int64_t
hear(struct worker *worker)
{
	int64_t now = now_monotonic();

	if (!worker->sort->disturbed || !worker->sort->disturbed(worker->state) ||
	    worker->lost)
		return INT64_MAX;
	if (now < worker->again)
		return worker->again - now;
	if (now > worker->again + QUIET)
		worker->again_in = 0;
	if (worker->again_in < AGAIN_MOST)
		worker->again_in += AGAIN_STEP;
	worker->again = now + worker->again_in;
	ask_for_all(worker);
	return INT64_MAX;
}

static int
poll_timeout(struct worker *worker)
{
	int64_t wait = worker->sort->wait ? worker->sort->wait(worker->state, now_wall()) :
	    INT64_MAX, again = hear(worker);

	wait = (again < wait ? again : wait) / 1000;
	return wait < 0 ? 0 : wait < CHECK_EVERY ? (int)wait + 1 : CHECK_EVERY;
}

static void
tick(struct worker *worker)
{
	struct err err = {""};
	int result;

	if (!worker->sort->tick || worker->sort->wait(worker->state, now_wall()) > 0)
		return;
	result = worker->sort->tick(worker->state, now_wall(), &err);
	if (result < 0 || err.text[0] || undone(worker) != worker->undone)
		answer(worker, result < 0, err.text);
}

int
worker_run(const struct act_settings *action, int fd, bool confine)
{
	struct worker worker = {.sort = sorts[action->sort], .name = action->name,
	    .fd = fd};
	int64_t checked = now_wall();
	struct err err;

	if (confine && worker.sort->confined && sandbox_worker(&err) < 0)
		answer(&worker, false, err.text);
	worker.state = worker.sort->open(action);
	if (worker.sort->heed)
		worker.sort->heed(worker.state, fd);
	while (!worker.stopping) {
		int timeout = poll_timeout(&worker);
		struct pollfd pollers[] = {{.fd = fd, .events = POLLIN},
		    {.fd = worker.sort->fd ? worker.sort->fd(worker.state) : -1,
		        .events = POLLIN}};
		int64_t now;

		poll(pollers, 2, timeout);
		if (pollers[0].revents && !read_messages(&worker))
			break;
		tick(&worker);
		now = now_wall();
		if (now - checked >= CHECK_EVERY * INT64_C(1000) || now < checked) {
			check(&worker);
			checked = now;
		}
	}
	if (worker.ending && worker.sort->end &&
	    worker.sort->end(worker.state, now_wall(), &err) < 0)
		answer(&worker, true, err.text);
	if (worker.sort->stop && worker.sort->stop(worker.state, &err) < 0)
		answer(&worker, true, err.text);
	worker.sort->close(worker.state);
	free(worker.changes);
	return worker.distrusts ? -1 : 0;
}
