/* SPDX-License-Identifier: Apache-2.0
 *
 * postern guard: the daemon. A small process with the privileges it was started with
 * starts one for each action and one that judges, which has none; it waits, and at SIGHUP
 * starts them all anew with the settings as they are by then. What they judge by is in
 * the store; what is not is handed over, so nothing is forgotten.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/become.h"
#include "base/civil.h"
#include "base/notify.h"
#include "cmd/checks.h"
#include "cmd/guard-room.h"
#include "cmd/room.h"

static const char *const level_words[] = {"error", "warning", "notice", "info", "debug"};

/* What journald makes its priority of (sd-daemon(3)). */
static const char *const level_marks[] = {"<3>", "<4>", "<5>", "<6>", "<7>"};

void
guard_say(void *context, enum guard_level level, const char *text)
{
	const struct guard_run *run = context;

	if ((int64_t)level > settings_get(run->settings, SETTING_guard_log)->number)
		return;
	if (getenv("JOURNAL_STREAM"))
		fputs(level_marks[level], stderr);
	if (level <= GUARD_WARNING)
		complain("%s: %s", level_words[level], text);
	else
		complain("%s", text);
}

/* Settings and rules; BEFORE: in force, or NULL. -1: there are faults; all were said. */
static int
read_settings(struct guard_run *run, const struct settings *before)
{
	struct err err;
	int faults = settings_read(run->options->config, complain_fault, NULL, &run->settings,
	    &err);

	if (faults < 0) {
		complain("%s", err.text);
		return -1;
	}
	faults += checks_run(run->settings, run->options->config, before,
	    !run->options->dry_run, complain_fault, NULL, &run->rules);
	return faults ? -1 : 0;
}

static void
free_settings(struct guard_run *run)
{
	rules_done(&run->rules);
	settings_free(run->settings);
	arena_free(&run->arena);
	run->settings = NULL;
	run->rules = (struct rules){0};
}

/* The settings of RUN become OTHER's, and the other way round. */
static void
exchange_settings(struct guard_run *run, struct guard_run *other)
{
	struct guard_run was = *run;

	run->settings = other->settings;
	run->rules = other->rules;
	run->arena = other->arena;
	other->settings = was.settings;
	other->rules = was.rules;
	other->arena = was.arena;
}

/* TEXT of SETTING for a C function; NULL when it is empty. */
const char *
setting_text(const struct settings *settings, enum setting setting, struct arena *arena)
{
	struct str text = settings_get(settings, setting)->text;

	return text.len ? arena_cstr(arena, text) : NULL;
}

/*
 * The directory PATH is in, if it is not there: where systemd has not made it. USER may own
 * what that is in, and have put a link in its place by now: it must not lead us elsewhere.
 */
static void
make_parent(struct guard_run *run, struct str path, const struct passwd *user)
{
	const char *slash = memrchr(path.p, '/', path.len);
	const char *parent;
	int fd;

	if (!slash || slash == path.p)
		return;
	parent = arena_cstr(&run->arena, str_range(path.p, slash));
	if (mkdir(parent, 0750) < 0)
		return;
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchown(fd, user->pw_uid, user->pw_gid) < 0)
		complain("%s: %s", parent, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void
make_parents(struct guard_run *run, const struct passwd *user)
{
	struct str url = settings_get(run->settings, SETTING_store_url)->text;

	make_parent(run, settings_get(run->settings, SETTING_guard_control)->text, user);
	if (str_skip(&url, STR("sqlite:")))
		make_parent(run, url, user);
}

/* From root to the user that judges, with the groups that may read logs. */
static int
drop_privileges(struct guard_run *run, struct err *err)
{
	const char *name = setting_text(run->settings, SETTING_guard_user, &run->arena);
	const struct passwd *user;

	if (geteuid() != 0) {
		become_private();
		return 0;
	}
	user = name ? getpwnam(name) : NULL;
	if (!user)
		return err_set(err, "[guard] user: there is no user '%s'; systemd-sysusers "
		    "makes it, or: useradd -r -G adm %s", name ? name : "",
		    name ? name : "postern");
	make_parents(run, user);
	return become_user(user, err);
}

/* The process that judges: until SIGTERM. Returns its exit status. */
static int
judge(struct guard_run *run, struct act *act, const sigset_t *signals, pid_t parent)
{
	struct err err;

	prctl(PR_SET_NAME, "postern-guard");
	if (drop_privileges(run, &err) < 0) {
		complain("%s", err.text);
		return EXIT_UNBEGUN;
	}
	/* Becoming another user forgets this, so it comes after. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return EXIT_FAILED;
	return guard_loop(run, act, signals);
}

/* What a round of the supervisor ended with; UNBEGUN: its judge could not start; AGAIN: it
 * wants to, with the same settings. */
enum ended { ENDED_STOP, ENDED_RELOAD, ENDED_AGAIN, ENDED_FAILED, ENDED_UNBEGUN };

/* A SIGHUP with settings that are wrong changes nothing. */
static bool
settings_are_good(const struct guard_run *run)
{
	struct guard_run trial = {.options = run->options};
	bool good = read_settings(&trial, run->settings) == 0;

	free_settings(&trial);
	if (!good)
		complain("not reloaded: the settings have faults; the old ones stay in force");
	return good;
}

static void
say_action(void *context, const char *text)
{
	char line[300];

	snprintf(line, sizeof(line), "action: %s", text);
	guard_say(context, GUARD_ERROR, line);
}

#define LEAVING_STEP 250 /* ms */

/* Waits for a signal; takes what the judge hands over meanwhile. */
static bool
next_signal(struct guard_run *run, int signals, struct signalfd_siginfo *ret)
{
	for (;;) {
		struct pollfd fds[2 + ACTIONS_MOST] = {{.fd = signals, .events = POLLIN},
		    {.fd = run->handover.channel[0], .events = POLLIN}};

		for (size_t i = 0; i < run->tables.count; i++)
			fds[2 + i] = (struct pollfd){.fd = run->tables.held[i],
			    .events = POLLIN};
		if (poll(fds, 2 + run->tables.count, run->leaving ? LEAVING_STEP : -1) < 0 &&
		    errno != EINTR)
			return false;
		if (run->leaving)
			act_leaving_process(&run->leaving, say_action, run);
		tables_turn_away(&run->tables);
		if (fds[1].revents)
			handover_receive(&run->handover);
		if (fds[0].revents)
			return read(signals, ret, sizeof(*ret)) == sizeof(*ret);
	}
}

/* What the end of the judge, by STATUS, means when ENDED was asked of it. */
static enum ended
judge_ended(int status, enum ended ended)
{
	if (WIFSIGNALED(status))
		complain("the process that judges was ended by signal %d", WTERMSIG(status));
	if (!WIFEXITED(status))
		return ENDED_FAILED;
	if (WEXITSTATUS(status) == EXIT_UNBEGUN && ended != ENDED_STOP)
		return ENDED_UNBEGUN;
	if (WEXITSTATUS(status) == EXIT_MOVED)
		return ended == ENDED_FAILED ? ENDED_AGAIN : ended;
	return WEXITSTATUS(status) == EXIT_DONE ? ended : ENDED_FAILED;
}

/*
 * Without the process of an action we end: who starts us again restores all bans, and sees
 * that something is wrong. Who sent one what it never sends is not asked to end.
 */
static void
end_without_action(struct act *act, pid_t judging)
{
	enum act_loss loss = act ? act_lost(act) : ACT_LOST_NONE;

	if (loss == ACT_LOST_DISTRUSTS)
		complain("an action was told what makes no sense: who judges is not who we "
		    "started, or has a fault; it is killed");
	else if (loss == ACT_LOST_ENDED)
		complain("the process of an action ended by itself; ending");
	if (loss != ACT_LOST_NONE)
		kill(judging, loss == ACT_LOST_DISTRUSTS ? SIGKILL : SIGTERM);
}

/* Waits for the judge to end or for a signal that says what to do with it. */
static enum ended
supervise(struct guard_run *run, struct act *act, pid_t judging, int signals)
{
	enum ended ended = ENDED_FAILED;
	struct signalfd_siginfo info;
	struct err err;
	int status;

	while (next_signal(run, signals, &info)) {
		if (info.ssi_signo == SIGCHLD) {
			if (waitpid(judging, &status, WNOHANG) == judging)
				return judge_ended(status, ended);
			end_without_action(act, judging);
			continue;
		}
		if (info.ssi_signo == SIGHUP &&
		    (ended == ENDED_STOP || !settings_are_good(run)))
			continue;
		ended = info.ssi_signo == SIGHUP ? ENDED_RELOAD : ENDED_STOP;
		notify(ended == ENDED_RELOAD ? NOTIFY_RELOADING : NOTIFY_STOPPING, NULL, &err);
		/* At a reload it hands over what it has. */
		kill(judging, ended == ENDED_RELOAD ? SIGHUP : SIGTERM);
	}
	return ENDED_FAILED;
}

/*
 * Those actions that the settings, as they are now, do not have any more; what they did
 * nobody would end. Where the settings have faults, none is known to be.
 */
static uint64_t
gone_actions(struct guard_run *run)
{
	struct settings *now;
	uint64_t gone = 0;
	struct err err;
	char text[128];

	if (settings_read(run->options->config, settings_ignore_fault, NULL, &now, &err) == 0)
		gone = actions_gone(run->settings, now);
	settings_free(now);
	for (size_t a = 0; a < ACTIONS_MOST; a++)
		if (gone >> a & 1) {
			snprintf(text, sizeof(text),
			    "action %s is not in the settings any more: "
			    "what it did is taken away",
			    settings_section(run->settings, "action", a)->name);
			guard_say(run, GUARD_NOTICE, text);
		}
	return gone;
}

/* Starts a process for each action of RUN; none in a dry run. */
static int
start_actions(struct guard_run *run, struct act **ret, struct err *err)
{
	enum act_sort sorts[ACTIONS_MOST];
	struct act_begin begin = {.context = run->settings, .load = actions_load,
	    .sorts = sorts,
	    .count = settings_count(run->settings, "action"), .after = run->leaving};

	*ret = NULL;
	if (run->options->dry_run)
		return 0;
	for (size_t i = 0; i < begin.count; i++)
		sorts[i] = (enum act_sort)settings_section(run->settings, "action", i)
		    ->values[SETTING_action_kind].number;
	if (tables_hold(&run->tables, run, err) == 0 && act_start(&begin, ret, err) == 0)
		return 0;
	tables_release(&run->tables);
	return -1;
}

/*
 * Ends the processes of ACT. What takes long at a reload goes on beside; but with the old
 * settings nothing is begun anew that is still being taken away.
 */
static void
end_actions(struct guard_run *run, struct act *act, enum ended ended)
{
	bool stays = ended != ENDED_RELOAD && ended != ENDED_AGAIN;

	if (act)
		act_leave(act, ended == ENDED_RELOAD || ended == ENDED_STOP
		    ? gone_actions(run) : 0, &run->leaving);
	if (stays)
		act_leaving_wait(&run->leaving, say_action, run);
	tables_release(&run->tables);
}

/* Starts everything once and waits for its end. */
static enum ended
run_once(struct guard_run *run, const sigset_t *signals, int signal_fd)
{
	struct act *act;
	enum ended ended = ENDED_FAILED;
	struct err err;
	pid_t judging, parent = getpid();

	if (start_actions(run, &act, &err) < 0) {
		complain("%s", err.text);
		return ENDED_FAILED;
	}
	handover_prepare(&run->handover);
	judging = fork();
	if (judging == 0) {
		close(run->handover.channel[0]);
		tables_release(&run->tables);
		act_leaving_forget(run->leaving);
		_exit(judge(run, act, signals, parent));
	}
	/* Once the judge has its sockets nobody else is to hold them open. */
	close(run->handover.channel[1]);
	run->handover.channel[1] = -1;
	while (run->handover.count)
		close(run->handover.sockets[--run->handover.count]);
	if (judging < 0)
		complain("no process: %s", strerror(errno));
	else
		ended = supervise(run, act, judging, signal_fd);
	if (ended == ENDED_UNBEGUN)
		handover_keep(&run->handover);
	else
		handover_settle(&run->handover, ended == ENDED_RELOAD || ended == ENDED_AGAIN);
	end_actions(run, act, ended);
	return ended;
}

/*
 * Round after round, each with the settings of its time. Those of the round before are
 * kept until the new judge has begun: without, they are what there is to go back to.
 */
static enum ended
run_rounds(struct guard_run *run, const sigset_t *signals, int signal_fd)
{
	struct guard_run old = {.options = run->options};
	enum ended ended;
	struct err err;

	for (;;) {
		ended = run_once(run, signals, signal_fd);
		if (ended == ENDED_RELOAD) {
			free_settings(&old);
			exchange_settings(run, &old);
			if (read_settings(run, old.settings) == 0)
				continue;
			complain("the settings have changed and have faults; "
			    "the old ones stay in force");
		} else if (ended == ENDED_AGAIN) {
			free_settings(&old);
			notify(NOTIFY_RELOADING, NULL, &err);
			continue;
		} else if (ended == ENDED_UNBEGUN && old.settings) {
			complain("cannot start with the new settings; goes back to the old "
			    "ones");
		} else {
			break;
		}
		free_settings(run);
		exchange_settings(run, &old);
		zone_set(setting_text(run->settings, SETTING_input_tz, &run->arena), &err);
	}
	free_settings(&old);
	return ended;
}

/*
 * Postfix's connections, which are handed on by who started us, and logs beside them.
 * More would only cost programs that close all descriptors that they may have.
 */
#define OPEN_FILES 8192

static void
raise_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= OPEN_FILES)
		return;
	limit.rlim_cur = limit.rlim_max < OPEN_FILES ? limit.rlim_max : OPEN_FILES;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		complain("no more than the usual descriptors: %s", strerror(errno));
}

static int
guard(struct guard_run *run)
{
	enum ended ended = ENDED_FAILED;
	sigset_t signals;
	struct err err;
	int fd;

	raise_open_files();
	handover_init(&run->handover);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (fd < 0) {
		err_no_descriptor(&err, "for signals");
		complain("%s", err.text);
		return EXIT_FAILED;
	}
	if (read_settings(run, NULL) == 0)
		ended = run_rounds(run, &signals, fd);
	free_settings(run);
	handover_forget(&run->handover);
	close(fd);
	return ended == ENDED_STOP ? EXIT_DONE : EXIT_FAILED;
}

static int
run_guard(int argc, char **argv)
{
	struct options options;
	struct guard_run run = {.options = &options};
	struct err err;

	if (options_read(&command_guard, argc, argv, &options, &err) < 0)
		return usage_error(&command_guard, &err);
	if (options.help)
		return print_help(&command_guard);
	if (options.word_count) {
		err_set(&err, "guard takes no words; what it follows is set by [input] files");
		return usage_error(&command_guard, &err);
	}
	return guard(&run);
}

const struct command command_guard = {
	.name = "guard",
	.summary = "the daemon: follows the logs, judges, bans, answers Postfix",
	.usage = "[--config FILE] [--dry-run] [--from-start]",
	.help =
	"Follows the logs that [input] names, judges what happens by the rules, bans\n"
	"through the actions, and keeps events and bans in the store. Runs in the\n"
	"foreground. Started as root it judges as user postern. SIGHUP reads the settings\n"
	"again and keeps all that was counted; SIGTERM stops it; bans stay until they\n"
	"end.\n"
	"\n"
	"With --dry-run nothing is banned: what would be is said and written down.\n"
	"With --from-start logs never read before are read from their beginning.\n"
	"\n"
	"Examples:\n"
	"  postern config check && postern guard --dry-run\n"
	"  systemctl enable --now postern\n",
	.options = TAKES(config) | TAKES(dry_run) | TAKES(from_start) | TAKES(help),
	.run = run_guard,
};
