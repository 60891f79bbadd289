/* SPDX-License-Identifier: Apache-2.0
 *
 * checks: one list of them for `config check`, the guard's start and its SIGHUP, so that
 * none of the three lets pass what another refuses. What cannot be known before it is
 * tried, such as a port that is taken, is not here.
 */
#include "cmd/checks.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "serve/serve.h"

#define ANY_SORT (-1)
#define GUARD_USEC (2 * USEC_PER_SEC)

struct checking {
	const struct settings *settings, *before;
	bool acts;
	struct arena arena;
	settings_fault *fault;
	void *context;
	int faults;
};

static struct str
folder_of(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.len);

	if (!slash)
		return STR(".");
	return slash == path.p ? STR("/") : str_range(path.p, slash);
}

static bool
is_folder(struct checking *checking, struct str path)
{
	struct stat st;

	return stat(arena_cstr(&checking->arena, path), &st) == 0 && S_ISDIR(st.st_mode);
}

/* Is PATH in a folder that is there? MADE: or in one that root makes at the start. */
static int
check_folder(struct checking *checking, struct str path, bool made, struct err *err)
{
	struct str folder = folder_of(path);

	if (is_folder(checking, folder) ||
	    (made && geteuid() == 0 && is_folder(checking, folder_of(folder))))
		return 0;
	return err_set(err, "'%.*s': there is no folder %.*s; expected one that is there",
	    STR_ARG(path), STR_ARG(folder));
}

/* A file in it may come later; what is there must be one. */
static int
check_log(struct checking *checking, struct str text, struct err *err)
{
	struct stat st;

	if (str_eq(text, STR("journal")))
		return 0;
	if (text.len == 0 || *text.p != '/')
		return err_set(err, "'%.*s': expected journal, or a log by its whole path, as "
		    "/var/log/mail.log", STR_ARG(text));
	if (stat(arena_cstr(&checking->arena, text), &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, "%.*s: expected a file; this is %s", STR_ARG(text),
		    S_ISDIR(st.st_mode) ? "a folder" : "none that can be followed");
	return follow_check(arena_cstr(&checking->arena, text), err);
}

static int
check_zone(struct checking *checking, struct str text, struct err *err)
{
	return zone_set(text.len ? arena_cstr(&checking->arena, text) : NULL, err);
}

static int
check_store(struct checking *checking, struct str text, struct err *err)
{
	const char *url = arena_cstr(&checking->arena, text), *file = store_file(url);
	struct stat st;

	if (store_check(url, err) < 0)
		return -1;
	if (file && *file != '/')
		return err_set(err, "'%s': a store is named by its whole path", file);
	/* One that is away is done without until it is back. */
	if (!file || (checking->before &&
	    str_eq(text, settings_get(checking->before, SETTING_store_url)->text)))
		return 0;
	if (stat(file, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, "%s: expected a file", file);
	return check_folder(checking, str_of(file), true, err);
}

/* Empty: there is none. */
static int
check_control(struct checking *checking, struct str text, struct err *err)
{
	if (text.len == 0)
		return 0;
	if (control_check(arena_cstr(&checking->arena, text), err) < 0)
		return -1;
	return check_folder(checking, text, true, err);
}

/* Only root becomes somebody else. */
static int
check_user(struct checking *checking, struct str text, struct err *err)
{
	const char *name = arena_cstr(&checking->arena, text);

	if (geteuid() != 0 || (text.len && getpwnam(name)))
		return 0;
	return err_set(err, "there is no user '%s'; systemd-sysusers makes it, or: "
	    "useradd -r -G adm %s", name, text.len ? name : "postern");
}

static int
check_places(struct checking *checking, struct str text, struct err *err)
{
	const char *path = arena_cstr(&checking->arena, text);
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(err, "%s: %s; expected a database of places", path,
		    strerror(errno));
	return S_ISREG(st.st_mode) ? 0 : err_set(err, "%s: expected a file", path);
}

static int
check_server(struct checking *checking, struct str text, struct err *err)
{
	return dns_check_servers(arena_cstr(&checking->arena, text), err);
}

static int
check_listen(struct checking *checking, struct str text, struct err *err)
{
	if (policy_check(text, err) < 0)
		return -1;
	return str_skip(&text, STR("unix:")) ? check_folder(checking, text, false, err) : 0;
}

/* What else is wrong with it, actions_make() says. */
static int
check_file(struct checking *checking, struct str text, struct err *err)
{
	struct stat st;

	if (text.len == 0 || *text.p != '/')
		return 0;
	if (stat(arena_cstr(&checking->arena, text), &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(err, "%.*s: expected a file; this is a folder", STR_ARG(text));
	return check_folder(checking, text, false, err);
}

/* What is filled in, the id everywhere. */
static const char *const fillings[] = {"id", "ip", "prefix", "seconds"};

#define FILLINGS (sizeof(fillings) / sizeof(*fillings))

/* Is TEXT, what stands behind a '{', a word to be filled in, and none of the first KNOWN? */
static bool
is_unknown(struct str text, size_t known, struct str *ret)
{
	size_t n = 0;

	while (n < text.len && char_is_alnum(text.p[n]))
		n++;
	*ret = str_head(text, n);
	if (n == 0 || n == text.len || text.p[n] != '}')
		return false;
	for (size_t i = 0; i < known; i++)
		if (str_eq(*ret, str_of(fillings[i])))
			return false;
	return true;
}

static int
check_fillings(struct str text, size_t known, struct err *err)
{
	struct str name;

	for (size_t at; (at = str_index(text, '{')) < text.len;) {
		text = str_from(text, at + 1);
		if (is_unknown(text, known, &name))
			return err_set(err, "{%.*s} means nothing; expected %s{id}",
			    STR_ARG(name), known > 1 ? "{ip}, {prefix}, {seconds} or " : "");
	}
	return 0;
}

static int
check_reply(struct checking *checking, struct str text, struct err *err)
{
	(void)checking;
	return check_fillings(text, 1, err);
}

static int
check_beside(struct checking *checking, struct str text, struct err *err)
{
	(void)checking;
	return check_fillings(text, FILLINGS, err);
}

static int
check_command(struct checking *checking, struct str text, struct err *err)
{
	const char *const *words = action_words(text, &checking->arena, err);
	struct stat st;

	if (!words)
		return 0;
	if (stat(words[0], &st) < 0)
		return err_set(err, "%s: %s; expected a program", words[0], strerror(errno));
	if (!S_ISREG(st.st_mode) || access(words[0], X_OK) < 0)
		return err_set(err, "%s: cannot be executed; expected a program", words[0]);
	if (geteuid() == 0 && settings_check_owned(words[0], err) < 0)
		return -1;
	return check_fillings(text, FILLINGS, err);
}

/* Is PROCESS the guard that the settings lead to, or may it be one that does not say so? */
static bool
is_our_guard(struct checking *checking, pid_t process)
{
	struct str path = settings_get(checking->settings, SETTING_guard_control)->text;
	struct buf answer = BUF_INIT(65536);
	struct err err;
	bool ours = true;
	int result;

	if (path.len) {
		result = control_call(arena_cstr(&checking->arena, path),
		    STR("{\"op\":\"status\"}"), GUARD_USEC, &answer, &err);
		ours = result < 0 || (result == 0 &&
		    control_number(buf_view(&answer), "process") == process);
	}
	buf_done(&answer);
	return ours;
}

static int
check_table(struct checking *checking, struct str text, struct err *err)
{
	const char *table = arena_cstr(&checking->arena, text);
	pid_t owner = checking->acts ? act_table_owner(table) : 0;

	if (owner == 0 || owner == getpid() || is_our_guard(checking, owner))
		return 0;
	return act_table_taken(table, owner, err);
}

/* What each setting is to pass; of actions, those of SORT. */
static const struct {
	enum setting setting;
	int sort;
	int (*check)(struct checking *, struct str, struct err *);
} checks[] = {
	{SETTING_input_files, ANY_SORT, check_log},
	{SETTING_input_tz, ANY_SORT, check_zone},
	{SETTING_store_url, ANY_SORT, check_store},
	{SETTING_guard_control, ANY_SORT, check_control},
	{SETTING_guard_user, ANY_SORT, check_user},
	{SETTING_geo_files, ANY_SORT, check_places},
	{SETTING_dns_servers, ANY_SORT, check_server},
	{SETTING_policy_listen, ANY_SORT, check_listen},
	{SETTING_policy_text, ANY_SORT, check_reply},
	{SETTING_action_table, ACT_NFT, check_table},
	{SETTING_action_path, ACT_FILE, check_file},
	{SETTING_action_text, ACT_FILE, check_beside},
	{SETTING_action_ban, ACT_COMMAND, check_command},
	{SETTING_action_unban, ACT_COMMAND, check_command},
	{SETTING_action_check, ACT_COMMAND, check_command},
	{SETTING_action_start, ACT_COMMAND, check_command},
	{SETTING_action_stop, ACT_COMMAND, check_command},
};

static void
check_text(struct checking *checking, size_t number, const struct settings_section *section,
    struct str text)
{
	struct err err;

	if (checks[number].check(checking, text, &err) == 0)
		return;
	err_wrap(&err, "%s",
	    settings_where(section, checks[number].setting, &checking->arena));
	checking->fault(checking->context, err.text);
	checking->faults++;
}

static void
check_section(struct checking *checking, size_t number, const struct settings_section *section)
{
	const struct setting_value *value = &section->values[checks[number].setting];

	if (checks[number].sort != ANY_SORT &&
	    section->values[SETTING_action_kind].number != checks[number].sort)
		return;
	if (setting_rows[checks[number].setting].type != SETTING_LIST)
		check_text(checking, number, section, value->text);
	for (size_t i = 0; i < value->list_count; i++)
		check_text(checking, number, section, value->list[i]);
}

int
checks_run(const struct settings *settings, const char *path,
    const struct settings *before, bool acts, settings_fault *fault, void *context,
    struct rules *ret)
{
	struct checking checking = {.settings = settings, .before = before, .acts = acts,
	    .fault = fault, .context = context};
	struct act_config actions;
	struct keeping keeping;

	if (geteuid() == 0)
		checking.faults += settings_check_owner(path, fault, context);
	checking.faults += actions_make(settings, &checking.arena, fault, context, &actions);
	checking.faults += rules_make(settings, fault, context, ret);
	checking.faults += keeping_make(settings, fault, context, &keeping);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		const char *sort = setting_rows[checks[i].setting].section;

		for (size_t s = 0; s < settings_count(settings, sort); s++)
			check_section(&checking, i, settings_section(settings, sort, s));
	}
	arena_free(&checking.arena);
	return checking.faults;
}
