/* SPDX-License-Identifier: Apache-2.0
 *
 * act: the side that judges. Each action has a queue of what its process has not yet said
 * to have done. What fails is tried again, later each time. How they end: stop.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/room.h"

#define RETRY_FIRST INT64_C(1000000)
#define RETRY_MOST INT64_C(60000000)
#define SEND_BUFFER (4 * 1024 * 1024)

/* Keeps A and B alone: what belongs to who judges would stay open for as long as we do. */
static void
close_others(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

	if (low > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0u, 0);
}

/* In the new process: what the configuration says of its action, by its number. */
static _Noreturn void
become_worker(const struct act_begin *begin, size_t number, int fd)
{
	int gate = act_gate(begin->after, begin->sorts[number]);
	const struct act_config *config;
	struct err err;
	char byte;

	close_others(fd, gate < 0 ? fd : gate);
	if (begin->load(begin->context, &config, &err) < 0 || number >= config->count)
		_exit(1);
	signal(SIGINT, SIG_IGN); /* a terminal's: who judges tells us when to stop */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "postern-act");
	/* It is closed once those of before have done; nobody writes to it. */
	while (gate >= 0 && read(gate, &byte, 1) < 0 && errno == EINTR)
		;
	close(gate);
	_exit(worker_run(&config->actions[number], fd, true) < 0 ? EXIT_DISTRUSTS : 0);
}

static int
start_action(struct act *act, size_t number, const struct act_begin *begin, struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = number};
	struct action *action = &act->actions[number];
	int pair[2];

	action->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_no_descriptor(err, "for an action");
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &(int){SEND_BUFFER}, sizeof(int));
	action->fd = pair[0];
	action->sort = begin->sorts[number];
	action->at_gate = act_gate(begin->after, action->sort) >= 0;
	action->pid = fork();
	if (action->pid == 0)
		become_worker(begin, number, pair[1]);
	close(pair[1]);
	if (action->pid < 0)
		return err_set(err, "no process: %s", strerror(errno));
	if (epoll_ctl(act->epoll, EPOLL_CTL_ADD, action->fd, &event) < 0)
		return err_set(err, "no waiting for an action: %s", strerror(errno));
	return 0;
}

int
act_start(const struct act_begin *begin, struct act **ret, struct err *err)
{
	struct act *act = xcalloc(1, sizeof(*act));

	act->actions = xcalloc(begin->count + 1, sizeof(*act->actions));
	act->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (act->epoll < 0) {
		err_no_descriptor(err, "to wait for actions");
		act_stop(act);
		return -1;
	}
	for (size_t i = 0; i < begin->count; i++) {
		act->count++;
		if (start_action(act, i, begin, err) < 0) {
			act_stop(act);
			return -1;
		}
	}
	*ret = act;
	return 0;
}

enum act_loss
act_lost(struct act *act)
{
	for (size_t i = 0; i < act->count; i++) {
		int status = 0;

		if (act->actions[i].pid <= 0 ||
		    waitpid(act->actions[i].pid, &status, WNOHANG) == 0)
			continue;
		act->actions[i].pid = 0;
		return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DISTRUSTS ?
		    ACT_LOST_DISTRUSTS : ACT_LOST_ENDED;
	}
	return ACT_LOST_NONE;
}

int
act_fd(const struct act *act)
{
	return act->epoll;
}

void
action_queue(struct action *action, enum act_op op, const struct act_ban *ban)
{
	struct act_message message = {.op = op, .seq = ++action->seq};

	if (ban) {
		message.family = ban->prefix.base.family;
		message.bits = ban->prefix.bits;
		memcpy(message.address, ban->prefix.base.byte, sizeof(message.address));
		message.until = ban->until;
		message.id = ban->id;
	}
	MEM_GROW(action->queue, action->count, action->room);
	action->queue[action->count++] = message;
}

/* The process of an action ends at what message_check() refuses: that is never sent. */
static bool
can_tell(enum act_op op, const struct act_ban *ban)
{
	return ban->prefix.bits >= (ban->prefix.base.family == 4 ? 8 : 16) &&
	    (op != OP_BAN || ban->until > 0);
}

static void
tell(struct action *action, enum act_op op, const struct act_ban *ban)
{
	if (can_tell(op, ban))
		action_queue(action, op, ban);
}

void
act_ban(struct act *act, size_t action, const struct act_ban *ban)
{
	tell(&act->actions[action], OP_BAN, ban);
}

void
act_unban(struct act *act, size_t action, const struct act_ban *ban)
{
	tell(&act->actions[action], OP_UNBAN, ban);
}

void
act_restore(struct act *act, size_t number, const struct act_ban *bans, size_t count)
{
	struct action *action = &act->actions[number];

	action->count = action->sent; /* what was not sent is part of it, or is over */
	action->wants_all = false;
	action_queue(action, OP_ALL_BEGIN, NULL);
	for (size_t i = 0; i < count; i++)
		tell(action, OP_BAN, &bans[i]);
	action_queue(action, OP_ALL_END, NULL);
}

bool
act_wants_all(const struct act *act, size_t action)
{
	return act->actions[action].wants_all;
}

struct act_stats
act_stats(const struct act *act, size_t action)
{
	struct act_stats stats = act->actions[action].stats;
	uint32_t undone = act->actions[action].undone;

	stats.waiting = act->actions[action].count + undone;
	stats.done -= undone < stats.done ? undone : stats.done;
	return stats;
}

void
action_send(struct action *action)
{
	while (action->sent < action->count) {
		size_t n = action->count - action->sent;

		n = n < MESSAGES_MAX ? n : MESSAGES_MAX;
		if (send(action->fd, action->queue + action->sent, n * sizeof(*action->queue),
			MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
		action->sent += n;
	}
}

/* Everything up to SEQ is done. */
static void
settle(struct action *action, uint64_t seq)
{
	size_t done = 0;

	while (done < action->sent && action->queue[done].seq <= seq)
		done++;
	memmove(action->queue, action->queue + done,
	    (action->count - done) * sizeof(*action->queue));
	action->count -= done;
	action->sent -= done;
	action->stats.done += done;
	action->retry_in = 0;
}

/* Everything that was sent is sent again, after a while. */
static void
put_off(struct action *action, int64_t now)
{
	action->sent = 0;
	action->retry_in = action->retry_in ? action->retry_in * 2 : RETRY_FIRST;
	if (action->retry_in > RETRY_MOST)
		action->retry_in = RETRY_MOST;
	action->retry_at = now + action->retry_in;
	action->stats.failed++;
}

static void
read_answers(struct action *action, int64_t now,
    void (*log)(void *context, const char *text), void *context)
{
	struct act_answer answer;
	ssize_t n;

	while ((n = recv(action->fd, &answer, sizeof(answer), MSG_DONTWAIT)) > 0) {
		if (n != sizeof(answer))
			continue;
		answer.text[sizeof(answer.text) - 1] = '\0';
		action->wants_all |= answer.wants_all;
		if (answer.text[0])
			log(context, answer.text);
		action->stats.failed += answer.undone && answer.text[0] && !answer.failed;
		action->undone = answer.undone;
		if (answer.failed)
			put_off(action, now);
		else
			settle(action, answer.seq);
	}
	if (n == 0 && !action->gone) {
		action->gone = true;
		log(context, "the process of an action ended; nothing is banned through it");
	}
}

int64_t
act_process(struct act *act, int64_t now, void (*log)(void *context, const char *text),
    void *context)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < act->count; i++) {
		struct action *action = &act->actions[i];

		if (action->gone)
			continue;
		read_answers(action, now, log, context);
		if (now >= action->retry_at)
			action_send(action);
		if (action->sent < action->count) {
			int64_t wait = action->retry_at > now ? action->retry_at - now : 1000;

			next = wait < next ? wait : next;
		}
	}
	return next;
}
