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
#include "base/escape.h"
#include "base/json.h"
#include "base/notify.h"
#include "base/now.h"
#include "cmd/guard-room.h"
#include "cmd/knowledge.h"
#include "serve/serve.h"

enum { FD_SIGNALS, FD_GUARD, FD_POLICY, FD_CONTROL, FD_COUNT };

struct loop {
	struct guard_run *run;
	struct guard *guard;
	struct knowledge knowledge;
	struct policy_server *policy;
	struct policy_rates *rates;
	struct control_server *control;
	int64_t watchdog; /* microseconds between signs of life; 0: none is wanted */
	int64_t next_sign;
	bool stopping;
};

/* What Postfix is told: of a banned client, of a user who sends too much, else DUNNO. */
static void
answer_policy(void *context, const struct policy_request *request, struct buf *answer)
{
	const struct loop *loop = context;
	const struct settings *settings = loop->run->settings;
	const struct banned_entry *entry = NULL;
	struct str text = settings_get(settings, SETTING_policy_text)->text;
	bool defer = settings_get(settings, SETTING_policy_ban)->number == 1;

	if (request->client.family)
		entry = guard_find(loop->guard, &request->client);
	if (!entry) {
		if (loop->rates && policy_rates_over(loop->rates, request, now_wall()))
			buf_str(answer, STR("DEFER_IF_PERMIT 4.7.1 Too many messages from "
					    "this account, try again later"));
		return;
	}
	buf_str(answer, defer ? STR("DEFER ") : STR("REJECT "));
	while (text.len) {
		size_t at = str_find(text, STR("{id}"));

		buf_str(answer, str_head(text, at));
		if (at >= text.len)
			break;
		buf_printf(answer, "%016llx", (unsigned long long)entry->id);
		text = str_from(text, at + 4);
	}
}

static void
put_id(struct json *answer, uint64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)id);
	json_key(answer, "id");
	json_str(answer, str_of(text));
}

static int
put_status(const struct loop *loop, struct json *answer)
{
	struct guard_stats stats = guard_stats(loop->guard);
	const struct {
		const char *name;
		int64_t value;
	} rows[] = {{"events", (int64_t)stats.events}, {"verdicts", (int64_t)stats.verdicts},
	    {"banned", (int64_t)stats.banned}, {"keys", (int64_t)stats.detect.keys},
	    {"evicted", (int64_t)stats.detect.evicted_keys},
	    {"allowed", (int64_t)stats.detect.allowed},
	    {"spared", (int64_t)stats.detect.spared}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_key(answer, rows[i].name);
		json_int(answer, rows[i].value);
	}
	json_key(answer, "store_behind");
	json_bool(answer, stats.store_behind);
	return 0;
}

/* REASON for people, as a C string; the default says who it was. */
static void
reason_of(struct str reason, char out[256])
{
	if (reason.len)
		snprintf(out, 256, "%.*s", STR_ARG(str_head(reason, 250)));
	else
		snprintf(out, 256, "by hand");
}

static int
change_ban(const struct loop *loop, const struct control_request *request, bool ban,
    struct json *answer, struct err *err)
{
	struct cidr prefix;
	char reason[256];
	uint64_t id;

	reason_of(request->reason, reason);
	if (!cidr_parse(request->address, &prefix))
		return err_set(err, "'%.*s' is no address and no network",
		    STR_ARG(str_head(request->address, 64)));
	if (!ban)
		return guard_unban(loop->guard, &prefix, reason, err);
	if (guard_ban(loop->guard, &prefix, request->seconds < 0 ? 0 : request->seconds, reason,
		&id, err) < 0)
		return -1;
	put_id(answer, id);
	return 0;
}

static int
answer_control(void *context, const struct control_request *request, struct json *answer,
    struct err *err)
{
	const struct loop *loop = context;

	if (str_eq(request->op, STR("ban")))
		return change_ban(loop, request, true, answer, err);
	if (str_eq(request->op, STR("unban")))
		return change_ban(loop, request, false, answer, err);
	if (str_eq(request->op, STR("status")))
		return put_status(loop, answer);
	return err_set(err, "the guard knows ban, unban and status, not '%.*s'",
	    STR_ARG(str_head(request->op, 32)));
}

static void
log_server(void *context, const char *text)
{
	guard_say(context, GUARD_WARNING, text);
}

#define CONTROL_TRIES 30

/* An earlier guard, of which only the head is gone, needs a moment to end. */
static int
open_control(struct loop *loop, const char *path, struct err *err)
{
	int result = -1;

	for (int i = 0; result < 0 && i < CONTROL_TRIES; i++) {
		if (i)
			poll(NULL, 0, 100);
		result = control_open(path, answer_control, loop, &loop->control, err);
	}
	return result;
}

static int
open_servers(struct loop *loop, struct err *err)
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
	if (listen->list_count && policy_open(listen->list, listen->list_count, answer_policy,
		loop, &loop->policy, err) < 0)
		return err_wrap(err, "[policy] listen");
	return 0;
}

static int
open_all(struct loop *loop, struct act *act, struct err *err)
{
	struct guard_settings settings = {.settings = loop->run->settings,
	    .rules = &loop->run->rules, .act = act,
	    .from_start = loop->run->options->from_start, .log = guard_say,
	    .context = loop->run, .ask = knowledge_ask, .ask_context = &loop->knowledge};

	for (size_t r = 0; loop->run->options->dry_run && r < loop->run->rules.count; r++)
		loop->run->rules.plans[r].dry_run = true;
	loop->knowledge.asks = loop->knowledge.places = true;
	if (knowledge_open(&loop->knowledge, loop->run->settings, &loop->run->rules,
		loop->run->options, err) < 0)
		return -1;
	settings.geo = loop->knowledge.geo;
	settings.asked = knowledge_process;
	settings.asked_fd = knowledge_fd(&loop->knowledge);
	/* Its control socket tells that another guard is there: two on one store never. */
	if (open_servers(loop, err) < 0)
		return -1;
	return guard_open(&settings, &loop->guard, err);
}

static void
close_all(struct loop *loop)
{
	if (loop->control)
		control_close(loop->control);
	if (loop->policy)
		policy_close(loop->policy);
	policy_rates_free(loop->rates);
	guard_close(loop->guard);
	knowledge_close(&loop->knowledge);
}

/* One wait and what it was for. */
static int
turn(struct loop *loop, int signals)
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
	if (loop->watchdog && now_wall() >= loop->next_sign) {
		notify(NOTIFY_WATCHDOG, NULL, &err);
		loop->next_sign = now_wall() + loop->watchdog;
	}
	if (loop->watchdog && wait > loop->watchdog)
		wait = loop->watchdog;
	if (poll(fds, FD_COUNT, (int)(wait / 1000) + (wait % 1000 != 0)) < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[FD_POLICY].revents)
		policy_process(loop->policy, log_server, loop->run);
	if (fds[FD_CONTROL].revents)
		control_process(loop->control, log_server, loop->run);
	if (fds[FD_SIGNALS].revents && read(signals, &info, sizeof(info)) == sizeof(info) &&
	    (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT))
		loop->stopping = true;
	return 0;
}

int
guard_loop(struct guard_run *run, struct act *act, const sigset_t *signals)
{
	struct loop loop = {.run = run};
	int fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK), result = 0;
	struct err err;

	if (open_all(&loop, act, &err) < 0) {
		complain("%s", err.text);
		close_all(&loop);
		return EXIT_FAILED;
	}
	result = guard_sandbox(run, &err);
	if (result != 0)
		guard_say(run, GUARD_WARNING, result < 0 ? err.text :
		    "this kernel has no landlock: files are not closed to who judges");
	result = 0;
	guard_say(run, GUARD_INFO, "follows and judges");
	notify(NOTIFY_READY, "follows and judges", &err);
	loop.watchdog = notify_watchdog_usec() / 2;
	while (result == 0 && !loop.stopping)
		result = turn(&loop, fd);
	close_all(&loop);
	close(fd);
	return result < 0 ? EXIT_FAILED : EXIT_DONE;
}
