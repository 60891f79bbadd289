/* SPDX-License-Identifier: Apache-2.0
 *
 * actions: what an action needs is checked here, before anything is started.
 */
#include "engine/actions.h"

#include "base/mem.h"

#define WORDS_MAX 64

/* "prog 'an argument' {ip}" to a vector; quotes keep blanks together. NULL: none. */
static const char *const *
make_argv(struct str text, struct arena *arena, struct err *err)
{
	const char **argv = arena_alloc(arena, (WORDS_MAX + 1) * sizeof(*argv));
	size_t n = 0;

	for (text = str_trim(text); text.len; text = str_trim(text)) {
		char quote = *text.p == '"' || *text.p == '\'' ? *text.p : ' ';
		size_t end;

		if (quote != ' ')
			text = str_from(text, 1);
		end = str_index(text, quote);
		if (n == WORDS_MAX || (quote != ' ' && end == text.len)) {
			err_set(err, n == WORDS_MAX ? "more than 64 words" : "a quote is not closed");
			return NULL;
		}
		argv[n++] = arena_cstr(arena, str_head(text, end));
		text = str_from(text, end < text.len ? end + 1 : end);
	}
	argv[n] = NULL;
	if (n && !strchr(argv[0], '/'))
		err_set(err, "%s: a program is named by its path", argv[0]);
	else if (n)
		return argv;
	return NULL;
}

/* The five commands and where they go. */
static const struct {
	enum setting setting;
	size_t offset;
} commands[] = {
	{SETTING_action_ban, offsetof(struct act_settings, ban)},
	{SETTING_action_unban, offsetof(struct act_settings, unban)},
	{SETTING_action_check, offsetof(struct act_settings, check)},
	{SETTING_action_start, offsetof(struct act_settings, start)},
	{SETTING_action_stop, offsetof(struct act_settings, stop)},
};

static int
make_command(const struct settings_section *section, struct arena *arena,
    struct act_settings *ret, enum setting *ret_bad, struct err *err)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		struct str text = section->values[commands[i].setting].text;
		const char *const *argv;

		if (text.len == 0)
			continue;
		*ret_bad = commands[i].setting;
		if (!(argv = make_argv(text, arena, err)))
			return -1;
		*(const char *const **)(void *)((char *)ret + commands[i].offset) = argv;
	}
	*ret_bad = SETTING_action_ban;
	return ret->ban ? 0 : err_set(err, "a command is needed, as in /usr/local/sbin/x {ip}");
}

static bool
is_table_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	return name.len > 0 && name.len <= 32 && !char_is_digit(*name.p);
}

static int
make_nft(const struct settings_section *section, struct arena *arena,
    struct act_settings *ret, enum setting *ret_bad, struct err *err)
{
	const struct setting_value *ports = &section->values[SETTING_action_ports];
	uint16_t *list = arena_alloc(arena, (ports->list_count + 1) * sizeof(*list));
	int64_t port;

	*ret_bad = SETTING_action_table;
	if (!is_table_name(str_of(ret->table)))
		return err_set(err, "a table's name has letters, digits and '_', not '%s'",
		    ret->table);
	*ret_bad = SETTING_action_ports;
	for (size_t i = 0; i < ports->list_count; i++) {
		if (!str_number(ports->list[i], &port) || port < 1 || port > 65535)
			return err_set(err, "'%.*s' is no port", STR_ARG(ports->list[i]));
		list[i] = (uint16_t)port;
	}
	ret->ports = list;
	ret->port_count = ports->list_count;
	return 0;
}

static int
make_file(const struct settings_section *section, struct arena *arena,
    struct act_settings *ret, enum setting *ret_bad, struct err *err)
{
	(void)section;
	(void)arena;
	*ret_bad = SETTING_action_path;
	if (ret->path[0] != '/')
		return err_set(err, "a file is named by its whole path");
	*ret_bad = SETTING_action_text;
	return strchr(ret->text, '\n') ? err_set(err, "one line is enough") : 0;
}

/* How to a server: the login goes with the rest or is left out. */
static int
make_login(const struct settings_section *section, struct act_settings *ret,
    enum setting *ret_bad, struct err *err)
{
	*ret_bad = SETTING_action_ca_file;
	if (*ret->ca_file && *ret->ca_file != '/')
		return err_set(err, "a file is named by its whole path");
	*ret_bad = SETTING_action_user;
	if (!*ret->user && !*ret->password_file)
		return 0;
	if (!*ret->user)
		return err_set(err, "whose password is in password_file?");
	if (act_check_login(ret->via, ret->tls, err) < 0)
		return -1;
	*ret_bad = section->values[SETTING_action_password_file].text.len ?
	    SETTING_action_password_file : SETTING_action_user;
	return *ret->password_file ? act_check_password(ret->password_file, err) :
	    err_set(err, "its password is missing: password_file");
}

static int
make_mail(const struct settings_section *section, struct arena *arena,
    struct act_settings *ret, enum setting *ret_bad, struct err *err)
{
	const struct setting_value *to = &section->values[SETTING_action_to];
	const char **list = arena_alloc(arena, (to->list_count + 1) * sizeof(*list));
	bool whole = act_is_smtp(ret->via);

	*ret_bad = SETTING_action_to;
	if (to->list_count == 0)
		return err_set(err, "to whom?");
	for (size_t i = 0; i < to->list_count; i++) {
		list[i] = arena_cstr(arena, to->list[i]);
		if (act_check_address(list[i], whole, err) < 0)
			return -1;
	}
	ret->to = list;
	ret->to_count = to->list_count;
	*ret_bad = SETTING_action_from;
	if (act_check_address(ret->from, whole, err) < 0)
		return -1;
	*ret_bad = SETTING_action_via;
	if (act_check_via(ret->via, ret->tls, err) < 0)
		return -1;
	return make_login(section, ret, ret_bad, err);
}

static int (*const makers[])(const struct settings_section *, struct arena *,
    struct act_settings *, enum setting *, struct err *) = {
	[ACT_NFT] = make_nft,
	[ACT_COMMAND] = make_command,
	[ACT_FILE] = make_file,
	[ACT_MAIL] = make_mail,
};

static int
make_action(const struct settings *settings, const struct settings_section *section,
    struct arena *arena, struct act_settings *ret, enum setting *ret_bad, struct err *err)
{
	const struct setting_value *values = section->values;

	*ret_bad = SETTING_action_kind;
	if (values[SETTING_action_kind].number < 0 ||
	    values[SETTING_action_kind].text.len == 0)
		return err_set(err, "an action is nft, command, file or mail");
	*ret = (struct act_settings){.name = section->name,
	    .sort = (enum act_sort)values[SETTING_action_kind].number,
	    .table = arena_cstr(arena, values[SETTING_action_table].text),
	    .priority = (int)values[SETTING_action_priority].number,
	    .timeout_usec = values[SETTING_action_timeout].number,
	    .path = arena_cstr(arena, values[SETTING_action_path].text),
	    .format = (enum act_format)values[SETTING_action_format].number,
	    .text = arena_cstr(arena, values[SETTING_action_text].text),
	    .after = (enum act_after)values[SETTING_action_after].number,
	    .from = arena_cstr(arena, values[SETTING_action_from].text),
	    .every_usec = values[SETTING_action_every].number,
	    .via = arena_cstr(arena, values[SETTING_action_via].text),
	    .tls = (enum act_tls)values[SETTING_action_tls].number,
	    .connect_usec = values[SETTING_action_connect_timeout].number,
	    .user = arena_cstr(arena, values[SETTING_action_user].text),
	    .password_file = arena_cstr(arena, values[SETTING_action_password_file].text),
	    .ca_file = arena_cstr(arena, values[SETTING_action_ca_file].text),
	    .become = arena_cstr(arena, settings_get(settings, SETTING_guard_user)->text)};
	return makers[ret->sort](section, arena, ret, ret_bad, err);
}

int
actions_make(const struct settings *settings, struct arena *arena, settings_fault *fault,
    void *context, struct act_config *ret)
{
	size_t count = settings_count(settings, "action");
	struct act_settings *actions = arena_alloc(arena, (count + 1) * sizeof(*actions));
	int faults = 0;

	for (size_t i = 0; i < count; i++) {
		const struct settings_section *section =
		    settings_section(settings, "action", i);
		enum setting bad;
		struct err err;

		if (make_action(settings, section, arena, &actions[i], &bad, &err) < 0) {
			err_wrap(&err, "%s", settings_where(section, bad, arena));
			fault(context, err.text);
			faults++;
		}
	}
	*ret = (struct act_config){actions, count};
	return faults;
}

/* Who started us has told the faults. */
static void
no_fault(void *context, const char *text)
{
	(void)context;
	(void)text;
}

int
actions_load(const char *path, const struct act_config **ret, struct err *err)
{
	struct act_config *config = xcalloc(1, sizeof(*config));
	struct arena *arena = xcalloc(1, sizeof(*arena));
	struct settings *settings;

	if (settings_read(path, no_fault, NULL, &settings, err) != 0 ||
	    actions_make(settings, arena, no_fault, NULL, config) != 0)
		return -1;
	*ret = config;
	return 0;
}
