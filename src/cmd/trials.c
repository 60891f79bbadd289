/* SPDX-License-Identifier: Apache-2.0
 *
 * trials: files are tried by a process of the user that will judge, who has other rights
 * than whoever checks; its faults come through a pipe, each ended by a NUL.
 */
#include "cmd/trials.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/become.h"
#include "enrich/enrich.h"

struct trials {
	const struct settings *settings;
	settings_fault *fault;
	void *context;
	int faults;
	struct arena arena;
};

static void
tell(struct trials *trials, const struct settings_section *section, enum setting setting,
    struct err *err)
{
	err_wrap(err, "%s", settings_where(section, setting, &trials->arena));
	trials->fault(trials->context, err->text);
	trials->faults++;
}

/* Who tries cannot do with PATH what is EXPECTED of it, by errno. */
static int
not_possible(struct trials *trials, const char *path, const char *expected, struct err *err)
{
	const char *why = arena_cstr(&trials->arena, str_of(strerror(errno)));
	const struct passwd *user = getpwuid(geteuid());

	return err_set(err, "%s: %s for user %s; expected %s", path, why,
	    user ? user->pw_name : "without a name", expected);
}

/* What is not there yet may come. */
static int
try_log(struct trials *trials, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || errno == ENOENT || *path != '/')
		return 0;
	return not_possible(trials, path,
	    "one that it can read, as members of group adm do", err);
}

static int
try_places(struct trials *trials, const char *path, struct err *err)
{
	struct geo *geo;

	(void)trials;
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0; /* which was told */
	geo = geo_open(&path, 1, err);
	geo_free(geo);
	return geo ? 0 : -1;
}

/*
 * Something is to be made in the folder of PATH. What is not there yet is the start's; that a
 * path is not whole was told.
 */
static int
try_folder(struct trials *trials, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash == path ? "/" :
	    arena_printf(&trials->arena, "%.*s", (int)(slash ? slash - path : 0), path);

	if (*path != '/')
		return 0;
	if (access(folder, W_OK | X_OK) == 0 || errno == ENOENT)
		return 0;
	return not_possible(trials, folder, "a folder that it can write to", err);
}

static int
try_store(struct trials *trials, const char *url, struct err *err)
{
	const char *file = store_file(url);

	if (!file)
		return 0;
	if (access(file, R_OK | W_OK) < 0 && errno != ENOENT)
		return not_possible(trials, file, "one that it can write to", err);
	if (store_look(url, err) < 0)
		return -1;
	return try_folder(trials, file, err);
}

/* What is tried as the user that judges; of texts that begin with PREFIX, behind it. */
static const struct {
	enum setting setting;
	const char *prefix;
	int (*try)(struct trials *trials, const char *text, struct err *err);
} tries[] = {
	{SETTING_input_files, "", try_log},
	{SETTING_geo_files, "", try_places},
	{SETTING_store_url, "", try_store},
	{SETTING_guard_control, "", try_folder},
	{SETTING_policy_listen, "unix:", try_folder},
};

static void
try_text(struct trials *trials, size_t number, struct str text)
{
	struct err err;

	if (!str_skip(&text, str_of(tries[number].prefix)) || text.len == 0 ||
	    tries[number].try(trials, arena_cstr(&trials->arena, text), &err) == 0)
		return;
	tell(trials, settings_section(trials->settings,
	    setting_rows[tries[number].setting].section, 0), tries[number].setting, &err);
}

static void
try_files(struct trials *trials)
{
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		const struct setting_value *value =
		    settings_get(trials->settings, tries[i].setting);

		if (setting_rows[tries[i].setting].type != SETTING_LIST)
			try_text(trials, i, value->text);
		for (size_t n = 0; n < value->list_count; n++)
			try_text(trials, i, value->list[n]);
	}
}

static void
write_fault(void *context, const char *text)
{
	const int *fd = context;
	struct str left = {text, strlen(text) + 1};

	while (left.len) {
		ssize_t n = write(*fd, left.p, left.len);

		if (n <= 0)
			return;
		left = str_from(left, (size_t)n);
	}
}

/* In a process of USER's. */
static _Noreturn void
try_as(struct trials *trials, const struct passwd *user, int fd)
{
	struct err err;

	trials->fault = write_fault;
	trials->context = &fd;
	if (become_user(user, &err) < 0)
		write_fault(&fd, err.text);
	else
		try_files(trials);
	_exit(0);
}

/* Tells what comes through FD, up to its end. */
static void
take_faults(struct trials *trials, int fd)
{
	struct buf text = BUF_INIT(1 << 20);
	char some[4096];
	struct str left;
	ssize_t n;

	while ((n = read(fd, some, sizeof(some))) > 0)
		buf_str(&text, (struct str){some, (size_t)n});
	left = buf_view(&text);
	while (left.len) {
		struct str fault = str_cut(&left, '\0');

		trials->fault(trials->context, arena_cstr(&trials->arena, fault));
		trials->faults++;
	}
	buf_done(&text);
}

/* What was not tried may be wrong. */
static void
not_tried(struct trials *trials, const char *why)
{
	struct err err;

	err_set(&err, "files could not be tried: %s", why);
	trials->fault(trials->context, err.text);
	trials->faults++;
}

/* Waits for the process PID, which tries. */
static void
end_trial(struct trials *trials, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			not_tried(trials, strerror(errno));
			return;
		}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		not_tried(trials, "the process that does has ended by itself");
}

/* As USER, in a process of its own. */
static void
try_files_as(struct trials *trials, const struct passwd *user)
{
	struct err err;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		err_no_descriptor(&err, "for a pipe");
		not_tried(trials, err.text);
		return;
	}
	pid = fork();
	if (pid == 0)
		try_as(trials, user, ends[1]);
	if (pid < 0)
		not_tried(trials, strerror(errno));
	close(ends[1]);
	if (pid > 0)
		take_faults(trials, ends[0]);
	close(ends[0]);
	if (pid > 0)
		end_trial(trials, pid);
}

/* The setting that is to blame. */
static const enum setting blamed[] = {
	[ACT_NFT] = SETTING_action_kind,
	[ACT_COMMAND] = SETTING_action_kind,
	[ACT_FILE] = SETTING_action_after,
	[ACT_MAIL] = SETTING_action_via,
};

static void
try_actions(struct trials *trials)
{
	struct act_config actions;
	struct err err;

	if (actions_make(trials->settings, &trials->arena, settings_ignore_fault, NULL,
		&actions) > 0)
		return; /* which was told */
	for (size_t a = 0; a < actions.count; a++)
		if (act_try(&actions.actions[a], &err) < 0)
			tell(trials, settings_section(trials->settings, "action", a),
			    blamed[actions.actions[a].sort], &err);
}

int
trials_run(const struct settings *settings, settings_fault *fault, void *context)
{
	struct trials trials = {.settings = settings, .fault = fault, .context = context};
	struct str name = settings_get(settings, SETTING_guard_user)->text;
	const struct passwd *user = name.len
	    ? getpwnam(arena_cstr(&trials.arena, name)) : NULL;

	/* Only root can be another; without, what the guard's user may do is not known. */
	if (user && geteuid() == 0)
		try_files_as(&trials, user);
	else if (!user || user->pw_uid == geteuid())
		try_files(&trials);
	try_actions(&trials);
	arena_free(&trials.arena);
	return trials.faults;
}
