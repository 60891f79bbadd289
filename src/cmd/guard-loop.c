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

#define TRIES 30

/*
 * The store is ours alone, or not at all. An earlier guard, of which only the head is gone,
 * needs a moment to end; so do we, then.
 */
static int
lock_store(struct guard_loop *loop, struct err *err)
{
	const char *url = setting_text(loop->run->settings, SETTING_store_url,
	    &loop->run->arena);
	int result = err_set(err, "who started us has ended");

	for (int i = 0; result < 0 && i < TRIES && getppid() == loop->parent; i++) {
		if (i)
			poll(NULL, 0, 100);
		result = store_lock(url, &loop->lock, err);
	}
	return result;
}

/* Users' rates are gone on with; where none were handed over, see recall_rates(). */
static void
open_rates(struct guard_loop *loop, struct str records)
{
	const struct settings *settings = loop->run->settings;
	uint32_t messages =
	    (uint32_t)settings_get(settings, SETTING_policy_user_messages)->number;
	int64_t within = settings_get(settings, SETTING_policy_user_within)->number;
	struct str tag, record;

	if (messages == 0)
		return;
	loop->rates = policy_rates_new(messages, within);
	while (state_next(&records, &tag, &record)) {
		loop->rates_known |= str_eq(tag, STR("user"));
		if (!policy_rates_load(loop->rates, tag, record)) {
			guard_say(loop->run, GUARD_ERROR,
			    "what was handed over of users' rates "
			    "makes no sense; begins without");
			policy_rates_free(loop->rates);
			loop->rates = policy_rates_new(messages, within);
			loop->rates_known = false;
			return;
		}
	}
}

static bool
recall(void *context, const struct event *ev, const struct symbols *symbols,
    const struct event_sources *sources)
{
	struct guard_loop *loop = context;

	(void)sources;
	policy_rates_sent(loop->rates, event_text(ev, FIELD_user, symbols),
	    event_knows(ev, FIELD_judged) ? ev->judged : ev->time);
	return true;
}

/* At a start: what users sent is in the log, and so in the store. */
static void
recall_rates(struct guard_loop *loop)
{
	int64_t within = settings_get(loop->run->settings, SETTING_policy_user_within)->number;
	struct err err;

	if (loop->rates && !loop->rates_known && guard_events(loop->guard, now_wall() - within,
		"kind=accept & user", recall, loop, &err) < 0)
		guard_say(loop->run, GUARD_ERROR, err.text);
}

static int
open_servers(struct guard_loop *loop, struct serve_handed *handed, struct err *err)
{
	const struct settings *settings = loop->run->settings;
	const struct setting_value *listen = settings_get(settings, SETTING_policy_listen);
	const char *control = setting_text(settings, SETTING_guard_control, &loop->run->arena);

	if (control && control_go_on(control, guard_answer_control, loop, handed,
		&loop->control, err) < 0)
		return err_wrap(err, "[guard] control");
	if (listen->list_count && policy_go_on(listen->list, listen->list_count,
		guard_answer_policy, loop, handed, &loop->policy, err) < 0)
		return err_wrap(err, "[policy] listen");
	return 0;
}

static void
log_server(void *context, const char *text)
{
	guard_say(context, GUARD_WARNING, text);
}

/* Until it judges, the service manager is told so often that it gets there. */
#define BEGINNING_SIGN (10 * USEC_PER_SEC)

/* A sign of life to who started us, when it is due. */
static void
sign(struct guard_loop *loop)
{
	int64_t wait = loop->watchdog;
	struct err err;

	if (!loop->follows && (wait == 0 || wait > BEGINNING_SIGN))
		wait = BEGINNING_SIGN;
	if (wait == 0 || now_monotonic() < loop->next_sign)
		return;
	/* A large store takes minutes to be read, or brought up to date. */
	if (!loop->follows)
		notify(NOTIFY_BEGINNING, NULL, &err);
	if (loop->watchdog)
		notify(NOTIFY_WATCHDOG, NULL, &err);
	loop->next_sign = now_monotonic() + wait;
}

/* Told to stop before anything was begun: there is nothing to end but the sockets. */
static void
stop_early(struct guard_loop *loop)
{
	sigset_t waiting;

	if (sigpending(&waiting) < 0 ||
	    (!sigismember(&waiting, SIGTERM) && !sigismember(&waiting, SIGINT)))
		return;
	control_close(loop->control);
	policy_close(loop->policy);
	_exit(EXIT_DONE);
}

/* Much is read at a start: Postfix need not wait for it, as all bans are known. */
static void
pulse(void *context, struct guard *guard)
{
	struct guard_loop *loop = context;

	if (!loop->follows)
		stop_early(loop);
	loop->guard = guard;
	sign(loop);
	if (loop->policy && guard)
		policy_process(loop->policy, log_server, loop->run);
}

static int
open_guard(struct guard_loop *loop, struct act *act, struct str records, struct err *err)
{
	size_t own_count = own_addresses(loop->run->settings, loop->own);
	struct guard_settings settings = {.settings = loop->run->settings,
	    .rules = &loop->run->rules, .own = loop->own, .own_count = own_count, .act = act,
	    .from_start = loop->run->options->from_start, .log = guard_say,
	    .context = loop->run, .ask = knowledge_ask, .asked = knowledge_process,
	    .asked_fd = knowledge_fd(&loop->knowledge), .ask_context = &loop->knowledge,
	    .geo = loop->knowledge.geo, .records = records, .pulse = pulse,
	    .pulse_context = loop};

	rules_allow(&loop->run->rules, loop->own, own_count);
	if (guard_open(&settings, &loop->guard, err) < 0) {
		loop->guard = NULL;
		return -1;
	}
	recall_rates(loop);
	return 0;
}

static int
open_all(struct guard_loop *loop, struct act *act, struct err *err)
{
	struct handover *handover = &loop->run->handover;
	struct serve_handed handed = {.sockets = handover->sockets, .count = handover->count};
	int result;

	for (size_t r = 0; loop->run->options->dry_run && r < loop->run->rules.count; r++)
		loop->run->rules.plans[r].dry_run = true;
	if (handover->last >= 0 && state_open(handover->last, &handed.records, err) < 0)
		guard_say(loop->run, GUARD_ERROR, err->text);
	loop->knowledge.asks = loop->knowledge.places = true;
	open_rates(loop, handed.records);
	result = knowledge_open(&loop->knowledge, loop->run->settings, &loop->run->rules,
	    loop->run->options, err);
	/* Its control socket tells that another guard is there, else the lock of its store. */
	if (result == 0)
		result = open_servers(loop, &handed, err);
	if (result == 0)
		result = lock_store(loop, err);
	serve_handed_close(&handed);
	if (result == 0)
		result = open_guard(loop, act, handed.records, err);
	state_close(handed.records);
	if (handover->last >= 0)
		close(handover->last);
	return result;
}

/* Gives what is open to the process that takes our place. */
static void
hand_over(struct guard_loop *loop)
{
	const struct handover *handover = &loop->run->handover;
	struct serve_handing handing = {.count = 0};
	struct state_out out;
	struct err err;

	if (handover->next < 0 || handover->channel[1] < 0)
		return;
	state_begin(&out, handover->next);
	handing.out = &out;
	if (loop->control)
		control_hand_over(loop->control, &handing);
	if (loop->policy)
		policy_hand_over(loop->policy, &handing);
	loop->control = NULL;
	loop->policy = NULL;
	if (handover_send(handover, &handing, &err) < 0)
		guard_say(loop->run, GUARD_ERROR, err.text);
	for (size_t i = 0; i < handing.count; i++)
		close(handing.sockets[i]);
	if (loop->rates)
		policy_rates_save(loop->rates, &out);
	if (guard_hand_over(loop->guard, &out, &err) < 0)
		guard_say(loop->run, GUARD_ERROR, err.text);
	if (state_end(&out, &err) < 0)
		guard_say(loop->run, GUARD_ERROR, err.text);
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
	if (loop->lock >= 0)
		close(loop->lock);
	knowledge_close(&loop->knowledge);
}

/* A system call was refused: at first a warning, as something is wrong with us. */
static void
say_refused(struct guard_loop *loop, int number)
{
	char name[32], text[160];
	unsigned bit = (unsigned)number % REFUSED_BITS;
	bool again = loop->refused[bit / 64] >> (bit % 64) & 1;

	snprintf(text, sizeof(text),
	    "system call %s was refused: who judges has no use for it%s",
	    sandbox_call_name(number, name), again ? "" : "; the next is said at level debug");
	guard_say(loop->run, again ? GUARD_DEBUG : GUARD_WARNING, text);
	loop->refused[bit / 64] |= UINT64_C(1) << (bit % 64);
	loop->refused_calls++;
}

static void
take_signal(struct guard_loop *loop, const struct signalfd_siginfo *info)
{
	if (info->ssi_signo == SIGTERM || info->ssi_signo == SIGINT) {
		loop->stopping = true;
		loop->handing_over = loop->moved = false;
	} else if (info->ssi_signo == SIGHUP && (pid_t)info->ssi_pid == loop->parent) {
		loop->stopping = loop->handing_over = true; /* a terminal's is not for us */
	} else if (info->ssi_signo == (uint32_t)SANDBOX_REPORT) {
		say_refused(loop, info->ssi_int);
	}
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

	if (wait < 0)
		return -1;
	if (guard_lost_store(loop->guard) || ways_closed(loop->run, &loop->ways))
		loop->stopping = loop->handing_over = loop->moved = true;
	sign(loop);
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

/* It is forgotten, and then wondered at. */
static void
say_dry_run(struct guard_run *run)
{
	if (run->options->dry_run)
		guard_say(run, GUARD_NOTICE,
		    "dry run: who would be banned is told, and nothing is done");
	else if (settings_get(run->settings, SETTING_guard_dry_run)->number)
		guard_say(run, GUARD_NOTICE, "[guard] dry_run: who would be "
		    "banned is told; who was before stays so");
}

int
guard_loop(struct guard_run *run, struct act *act, const sigset_t *signals)
{
	struct guard_loop loop = {.run = run, .act = act, .lock = -1, .parent = getppid()};
	int fd, result = 0;
	sigset_t ours = *signals;
	struct err err;

	sigaddset(&ours, SANDBOX_REPORT);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	loop.watchdog = notify_watchdog_usec() / 2;
	fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		err_no_descriptor(&err, "for signals");
	if (fd < 0 || open_all(&loop, act, &err) < 0) {
		complain("%s", err.text);
		close_all(&loop);
		return EXIT_UNBEGUN;
	}
	guard_sandbox(run, loop.knowledge.dns != NULL, guard_stats(loop.guard).store_behind);
	ways_note(run, &loop.ways);
	say_dry_run(run);
	guard_say(run, GUARD_NOTICE, "follows and judges");
	loop.follows = true;
	notify(NOTIFY_READY, "follows and judges", &err);
	while (result == 0 && !loop.stopping)
		result = turn(&loop, fd);
	if (result == 0 && loop.handing_over)
		hand_over(&loop);
	close_all(&loop);
	close(fd);
	return result < 0 ? EXIT_FAILED : loop.moved ? EXIT_MOVED : EXIT_DONE;
}
