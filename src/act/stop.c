/* SPDX-License-Identifier: Apache-2.0
 *
 * stop: how the processes of actions end: soon, or once they took away all they did. Where
 * others go on they do that beside them, for it may take long.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/room.h"
#include "base/now.h"

#define STOP_WAIT INT64_C(2000000)
#define END_WAIT INT64_C(20000000)
#define LEAVE_WAIT INT64_C(300000000)
#define STEP 10000

#define SORT_COUNT (ACT_MAIL + 1)

/* Who is told what cannot be taken away. */
struct listener {
	void (*log)(void *context, const char *text);
	void *context;
};

static void
tell(const struct listener *listener, const char *text)
{
	if (*text && listener->log)
		listener->log(listener->context, text);
}

/* What had no room is sent now; what it says last is heard, or it would wait. */
static void
talk_last(struct action *action, const struct listener *listener)
{
	struct act_answer answer;

	if (action->fd < 0)
		return;
	action_send(action);
	while (recv(action->fd, &answer, sizeof(answer), MSG_DONTWAIT) == sizeof(answer)) {
		answer.text[sizeof(answer.text) - 1] = '\0';
		tell(listener, answer.text);
	}
}

/* Has it ended? */
static bool
has_ended(struct action *action, const struct listener *listener)
{
	if (action->pid > 0 && waitpid(action->pid, NULL, WNOHANG) != 0)
		action->pid = 0;
	talk_last(action, listener);
	return action->pid <= 0;
}

static void
end_by_force(struct action *action, const struct listener *listener)
{
	if (action->pid > 0) {
		kill(action->pid, SIGKILL);
		waitpid(action->pid, NULL, 0);
		action->pid = 0;
		tell(listener, "one that was to take away what it did has not ended in time: "
		    "some of it stays");
	}
	talk_last(action, listener);
}

static void
free_action(struct action *action)
{
	if (action->fd >= 0)
		close(action->fd);
	free(action->queue);
}

/* Nobody is told what they say last. */
static const struct listener nobody;

void
act_stop(struct act *act)
{
	int64_t until = now_monotonic() + STOP_WAIT;

	if (!act)
		return;
	for (size_t i = 0; i < act->count; i++) {
		struct action *action = &act->actions[i];

		if (action->fd < 0)
			continue;
		action_queue(action, OP_STOP, NULL);
		action_send(action);
		close(action->fd);
		action->fd = -1;
	}
	for (bool left = true; left && now_monotonic() < until; usleep(left ? STEP : 0)) {
		left = false;
		for (size_t i = 0; i < act->count; i++)
			left |= !has_ended(&act->actions[i], &nobody);
	}
	for (size_t i = 0; i < act->count; i++) {
		end_by_force(&act->actions[i], &nobody);
		free_action(&act->actions[i]);
	}
	if (act->epoll >= 0)
		close(act->epoll);
	free(act->actions);
	free(act);
}

/* Those that were left at one time. */
struct act_leaving {
	struct action *actions;
	size_t count;
	int64_t until; /* monotonic */
	/* Pipes that nobody writes to, open as long as one of the sort is. */
	int gates[SORT_COUNT][2];
	struct act_leaving *earlier;
};

int
act_gate(const struct act_leaving *leaving, enum act_sort sort)
{
	for (; leaving; leaving = leaving->earlier)
		if (leaving->gates[sort][0] >= 0)
			return leaving->gates[sort][0];
	return -1;
}

/* Where there is no pipe nobody waits, which is better than for good. */
static void
open_gate(int gate[2])
{
	if (gate[0] < 0 && pipe2(gate, O_CLOEXEC) < 0)
		gate[0] = gate[1] = -1;
}

static void
close_gate(int gate[2])
{
	for (int i = 0; i < 2; i++) {
		if (gate[i] >= 0)
			close(gate[i]);
		gate[i] = -1;
	}
}

/* Who has not begun has nothing to end. True: ACTION is such a one. */
static bool
end_unbegun(struct action *action, const struct act_leaving *leaving)
{
	bool unbegun = action->at_gate && act_gate(leaving, action->sort) >= 0;

	if (unbegun && action->pid > 0)
		kill(action->pid, SIGKILL);
	return unbegun;
}

void
act_leave(struct act *act, uint64_t ended, struct act_leaving **leaving)
{
	const struct act_leaving *before = *leaving;
	struct act_leaving *now = ended ? xcalloc(1, sizeof(*now)) : NULL;

	if (now) {
		now->actions = xcalloc(act->count, sizeof(*now->actions));
		now->until = now_monotonic() + LEAVE_WAIT;
		now->earlier = *leaving;
		memset(now->gates, -1, sizeof(now->gates));
		*leaving = now;
	}
	for (size_t i = 0; i < act->count; i++) {
		struct action *action = &act->actions[i];

		if (end_unbegun(action, before) || !(ended >> i & 1))
			continue;
		action_queue(action, OP_END, NULL);
		action_send(action);
		open_gate(now->gates[action->sort]);
		now->actions[now->count++] = *action;
		*action = (struct action){.fd = -1};
	}
	act_stop(act);
}

static void
free_leaving(struct act_leaving *leaving)
{
	for (size_t i = 0; i < leaving->count; i++)
		free_action(&leaving->actions[i]);
	for (size_t sort = 0; sort < SORT_COUNT; sort++)
		close_gate(leaving->gates[sort]);
	free(leaving->actions);
	free(leaving);
}

/* Those of WHICH; whose time is over by NOW ends. True: none is left. */
static bool
process(struct act_leaving *which, int64_t now, const struct listener *listener)
{
	bool left[SORT_COUNT] = {false}, any = false;

	for (size_t i = 0; i < which->count; i++) {
		struct action *action = &which->actions[i];

		if (has_ended(action, listener))
			continue;
		if (now >= which->until)
			end_by_force(action, listener);
		else
			any = left[action->sort] = true;
	}
	for (size_t sort = 0; sort < SORT_COUNT; sort++)
		if (!left[sort] && act_gate(which->earlier, (enum act_sort)sort) < 0)
			close_gate(which->gates[sort]);
	return !any;
}

/* The earlier ones first: what is behind them waits for them, too. */
static void
process_all(struct act_leaving **leaving, int64_t now, const struct listener *listener)
{
	struct act_leaving *which = *leaving;

	if (!which)
		return;
	process_all(&which->earlier, now, listener);
	if (process(which, now, listener) && !which->earlier) {
		*leaving = NULL;
		free_leaving(which);
	}
}

void
act_leaving_process(struct act_leaving **leaving,
    void (*log)(void *context, const char *text), void *context)
{
	process_all(leaving, now_monotonic(), &(struct listener){log, context});
}

void
act_leaving_wait(struct act_leaving **leaving,
    void (*log)(void *context, const char *text), void *context)
{
	const struct listener listener = {log, context};
	int64_t until = now_monotonic() + END_WAIT;

	for (; *leaving; usleep(STEP))
		process_all(leaving, now_monotonic() < until ? now_monotonic() : INT64_MAX,
		    &listener);
}

void
act_leaving_forget(struct act_leaving *leaving)
{
	while (leaving) {
		struct act_leaving *earlier = leaving->earlier;

		free_leaving(leaving);
		leaving = earlier;
	}
}
