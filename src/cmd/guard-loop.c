/* SPDX-License-Identifier: Apache-2.0
 *
 * guard-loop: what the process that judges waits for: its logs, Postfix, the command
 * line, signals, the clock.
 */
#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/notify.h"
#include "base/now.h"
#include "cmd/guard-room.h"

enum { FD_SIGNALS, FD_GUARD, FD_POLICY, FD_CONTROL, FD_COUNT };

static void
log_server(void *context, const char *text)
{
	guard_say(context, GUARD_WARNING, text);
}

#define CONTROL_TRIES 30

/* An earlier guard, of which only the head is gone, needs a moment to end. */
static int
open_control(struct guard_loop *loop, const char *path, struct err *err)
{
	int result = -1;

	for (int i = 0; result < 0 && i < CONTROL_TRIES; i++) {
		if (i)
			poll(NULL, 0, 100);
		result = control_open(path, guard_answer_control, loop, &loop->control, err);
	}
	return result;
}

static int
open_servers(struct guard_loop *loop, struct err *err)
{
	const struct settings *settings = loop->run->settings;
	const struct setting_value *listen = settings_get(settings, SETTING_policy_listen);
	const char *control = setting_text(settings, SETTING_guard_control, &loop->run->arena);
	uint32_t messages =
	    (uint32_t)settings_get(settings, SETTING_policy_user_messages)->number;

	if (messages)
		loop->rates = policy_rates_new(messages,
		    settings_get(settings, SETTING_policy_user_within)->number);
	if (control && open_control(loop, control, err) < 0)
		return err_wrap(err, "[guard] control");
	if (listen->list_count && policy_open(listen->list, listen->list_count, guard_answer_policy,
		loop, &loop->policy, err) < 0)
		return err_wrap(err, "[policy] listen");
	return 0;
}

static int
open_all(struct guard_loop *loop, struct act *act, struct err *err)
{
	struct guard_settings settings = {.settings = loop->run->settings,
	    .rules = &loop->run->rules, .act = act,
	    .from_start = loop->run->options->from_start, .log = guard_say,
	    .context = loop->run, .ask = knowledge_ask, .ask_context = &loop->knowledge};

	for (size_t r = 0; loop->run->options->dry_run && r < loop->run->rules.count; r++)
		loop->run->rules.plans[r].dry_run = true;
	loop->knowledge.asks = true;
	if (knowledge_open(&loop->knowledge, loop->run->settings, &loop->run->rules,
		loop->run->options, err) < 0)
		return -1;
	/* Its control socket tells that another guard is there: two on one store never. */
	if (open_servers(loop, err) < 0)
		return -1;
	return guard_open(&settings, &loop->guard, err);
}

static void
close_all(struct guard_loop *loop)
{
	if (loop->control)
		control_close(loop->control);
	if (loop->policy)
		policy_close(loop->policy);
	policy_rates_free(loop->rates);
	guard_close(loop->guard);
	knowledge_close(&loop->knowledge);
}

/* A system call was refused: at first a warning, as something is wrong with us. */
static void
say_refused(struct guard_loop *loop, int number)
{
	char name[32], text[160];
	unsigned bit = (unsigned)number % REFUSED_BITS;
	bool again = loop->refused[bit / 64] >> (bit % 64) & 1;

	snprintf(text, sizeof(text), "system call %s was refused: who judges has no use for it%s",
	    sandbox_call_name(number, name), again ? "" : "; the next is said at level debug");
	guard_say(loop->run, again ? GUARD_DEBUG : GUARD_WARNING, text);
	loop->refused[bit / 64] |= UINT64_C(1) << (bit % 64);
	loop->refused_calls++;
}

static void
take_signal(struct guard_loop *loop, const struct signalfd_siginfo *info)
{
	if (info->ssi_signo == SIGTERM || info->ssi_signo == SIGINT)
		loop->stopping = true;
	else if (info->ssi_signo == (uint32_t)SANDBOX_REPORT)
		say_refused(loop, info->ssi_int);
}

/* One wait and what it was for. */
static int
turn(struct guard_loop *loop, int signals)
{
	struct pollfd fds[FD_COUNT] = {
	    [FD_SIGNALS] = {.fd = signals, .events = POLLIN},
	    [FD_GUARD] = {.fd = guard_fd(loop->guard), .events = POLLIN},
	    [FD_POLICY] = {.fd = loop->policy ? policy_fd(loop->policy) : -1,
	        .events = POLLIN},
	    [FD_CONTROL] = {.fd = loop->control ? control_fd(loop->control) : -1,
	        .events = POLLIN}};
	struct signalfd_siginfo info;
	int64_t wait = guard_process(loop->guard);
	struct err err;

	if (wait < 0)
		return -1;
	if (loop->watchdog && now_monotonic() >= loop->next_sign) {
		notify(NOTIFY_WATCHDOG, NULL, &err);
		loop->next_sign = now_monotonic() + loop->watchdog;
	}
	if (loop->watchdog && wait > loop->watchdog)
		wait = loop->watchdog;
	if (poll(fds, FD_COUNT, (int)(wait / 1000) + (wait % 1000 != 0)) < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[FD_POLICY].revents)
		policy_process(loop->policy, log_server, loop->run);
	if (fds[FD_CONTROL].revents)
		control_process(loop->control, log_server, loop->run);
	if (fds[FD_SIGNALS].revents && read(signals, &info, sizeof(info)) == sizeof(info))
		take_signal(loop, &info);
	return 0;
}

int
guard_loop(struct guard_run *run, struct act *act, const sigset_t *signals)
{
	struct guard_loop loop = {.run = run};
	int fd, result = 0;
	sigset_t ours = *signals;
	struct err err;

	sigaddset(&ours, SANDBOX_REPORT);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);

	if (open_all(&loop, act, &err) < 0) {
		complain("%s", err.text);
		close_all(&loop);
		return EXIT_FAILED;
	}
	guard_sandbox(run, loop.knowledge.dns != NULL);
	guard_say(run, GUARD_INFO, "follows and judges");
	notify(NOTIFY_READY, "follows and judges", &err);
	loop.watchdog = notify_watchdog_usec() / 2;
	while (result == 0 && !loop.stopping)
		result = turn(&loop, fd);
	close_all(&loop);
	close(fd);
	return result < 0 ? EXIT_FAILED : EXIT_DONE;
}
