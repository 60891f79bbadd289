/* SPDX-License-Identifier: Apache-2.0
 *
 * act: the side that judges. Each action has a queue of what its process has not yet said
 * to have done. What fails is tried again, later each time.
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
#define STOP_WAIT 2000 /* ms */
#define END_WAIT 20000
#define SEND_BUFFER (4 * 1024 * 1024)

struct action {
	int fd;
	pid_t pid;
	struct act_message *queue; /* not yet known to be done; the first `sent` were sent */
	size_t count, room, sent;
	uint64_t seq;              /* of the last one queued */
	int64_t retry_at, retry_in;
	bool wants_all, gone;
	uint32_t undone;           /* that its process tries again by itself */
	struct act_stats stats;
};

struct act {
	struct action *actions;
	size_t count;
	int epoll;
};

/* In the new process: what the configuration says of its action, by its number. */
static _Noreturn void
become_worker(const void *context, act_load *load, size_t number, int fd)
{
	const struct act_config *config;
	struct err err;

	if (load(context, &config, &err) < 0 || number >= config->count)
		_exit(1);
	signal(SIGINT, SIG_IGN); /* a terminal's: who judges tells us when to stop */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "postern-act");
	worker_run(&config->actions[number], fd, true);
	_exit(0);
}

static int
start_action(struct act *act, size_t number, const void *context, act_load *load,
    struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = number};
	struct action *action = &act->actions[number];
	int pair[2];

	action->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, "no socket: %s", strerror(errno));
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &(int){SEND_BUFFER}, sizeof(int));
	action->fd = pair[0];
	action->pid = fork();
	if (action->pid == 0) {
		/* Nothing of who judges, whose sockets would stay open for as long as we do. */
		close_range(STDERR_FILENO + 1, (unsigned)pair[1] - 1, 0);
		close_range((unsigned)pair[1] + 1, ~0u, 0);
		become_worker(context, load, number, pair[1]);
	}
	close(pair[1]);
	if (action->pid < 0)
		return err_set(err, "no process: %s", strerror(errno));
	if (epoll_ctl(act->epoll, EPOLL_CTL_ADD, action->fd, &event) < 0)
		return err_set(err, "no waiting for an action: %s", strerror(errno));
	return 0;
}

int
act_start(const void *context, act_load *load, size_t count, struct act **ret,
    struct err *err)
{
	struct act *act = xcalloc(1, sizeof(*act));

	act->actions = xcalloc(count + 1, sizeof(*act->actions));
	act->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (act->epoll < 0) {
		err_set(err, "no waiting for actions: %s", strerror(errno));
		act_stop(act, 0, NULL, NULL);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		act->count++;
		if (start_action(act, i, context, load, err) < 0) {
			act_stop(act, 0, NULL, NULL);
			return -1;
		}
	}
	*ret = act;
	return 0;
}

bool
act_lost(struct act *act)
{
	for (size_t i = 0; i < act->count; i++)
		if (act->actions[i].pid > 0 && waitpid(act->actions[i].pid, NULL, WNOHANG) != 0) {
			act->actions[i].pid = 0;
			return true;
		}
	return false;
}

int
act_fd(const struct act *act)
{
	return act->epoll;
}

static void
queue(struct action *action, enum act_op op, const struct act_ban *ban)
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

void
act_ban(struct act *act, size_t action, const struct act_ban *ban)
{
	if (ban->prefix.bits < (ban->prefix.base.family == 4 ? 8 : 16))
		return; /* never: see message_check() */
	queue(&act->actions[action], OP_BAN, ban);
}

void
act_unban(struct act *act, size_t action, const struct act_ban *ban)
{
	queue(&act->actions[action], OP_UNBAN, ban);
}

void
act_restore(struct act *act, size_t number, const struct act_ban *bans, size_t count)
{
	struct action *action = &act->actions[number];

	action->count = action->sent; /* what was not sent is part of it, or is over */
	action->wants_all = false;
	queue(action, OP_ALL_BEGIN, NULL);
	for (size_t i = 0; i < count; i++)
		queue(action, OP_BAN, &bans[i]);
	queue(action, OP_ALL_END, NULL);
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

static void
send_queue(struct action *action)
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
			send_queue(action);
		if (action->sent < action->count) {
			int64_t wait = action->retry_at > now ? action->retry_at - now : 1000;

			next = wait < next ? wait : next;
		}
	}
	return next;
}

/* Actions that are to take away what they did, as a bit set, and who is told what cannot be. */
struct ending {
	uint64_t actions;
	void (*log)(void *context, const char *text);
	void *context;
};

/* What had no room is sent now; what the actions say last is heard, or they would wait. */
static void
talk_last(struct act *act, const struct ending *ending)
{
	struct act_answer answer;

	for (size_t i = 0; i < act->count; i++) {
		struct action *action = &act->actions[i];

		if (action->fd < 0)
			continue;
		send_queue(action);
		while (recv(action->fd, &answer, sizeof(answer), MSG_DONTWAIT) == sizeof(answer)) {
			answer.text[sizeof(answer.text) - 1] = '\0';
			if (answer.text[0] && ending->log)
				ending->log(ending->context, answer.text);
		}
	}
}

/* Waits for all to end; kills what does not in WAIT ms. */
static void
reap(struct act *act, int wait, const struct ending *ending)
{
	for (int waited = 0; waited <= wait; waited += 10) {
		bool left = false;

		for (size_t i = 0; i < act->count; i++) {
			struct action *action = &act->actions[i];

			if (action->pid > 0 && waitpid(action->pid, NULL, WNOHANG) != 0)
				action->pid = 0;
			left |= action->pid > 0;
		}
		talk_last(act, ending);
		if (!left)
			return;
		usleep(10000);
	}
	for (size_t i = 0; i < act->count; i++)
		if (act->actions[i].pid > 0) {
			kill(act->actions[i].pid, SIGKILL);
			waitpid(act->actions[i].pid, NULL, 0);
			if ((ending->actions >> i & 1) && ending->log)
				ending->log(ending->context, "one that was to take away what it did "
				    "has not ended in time: some of it stays");
		}
	talk_last(act, ending);
}

void
act_stop(struct act *act, uint64_t ended, void (*log)(void *context, const char *text),
    void *context)
{
	const struct ending ending = {ended, log, context};

	if (!act)
		return;
	for (size_t i = 0; i < act->count; i++) {
		struct action *action = &act->actions[i];

		queue(action, ended >> i & 1 ? OP_END : OP_STOP, NULL);
		send_queue(action);
		if ((ended >> i & 1) || action->fd < 0)
			continue;
		close(action->fd);
		action->fd = -1;
	}
	reap(act, ended ? END_WAIT : STOP_WAIT, &ending);
	for (size_t i = 0; i < act->count; i++) {
		if (act->actions[i].fd >= 0)
			close(act->actions[i].fd);
		free(act->actions[i].queue);
	}
	if (act->epoll >= 0)
		close(act->epoll);
	free(act->actions);
	free(act);
}
