/* SPDX-License-Identifier: Apache-2.0
 *
 * actions: what an action needs is checked here, before anything is started.
 */
#include "engine/actions.h"

#include "base/mem.h"

#define WORDS_MAX 64

/* An action while it is made. */
struct making {
	const struct settings_section *section;
	struct arena *arena;
	struct act_settings *ret;
	settings_fault *fault;
	void *context;
	int faults;
};

static void
tell(struct making *making, enum setting setting, struct err *err)
{
	err_wrap(err, "%s", settings_where(making->section, setting, making->arena));
	making->fault(making->context, err->text);
	making->faults++;
}

static void
tell_text(struct making *making, enum setting setting, const char *text)
{
	struct err err;

	err_set(&err, "%s", text);
	tell(making, setting, &err);
}

const char *const *
action_words(struct str text, struct arena *arena, struct err *err)
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
			err_set(err,
			    n == WORDS_MAX ? "more than 64 words" : "a quote is not closed");
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

static void
make_command(struct making *making)
{
	bool told = false;

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		struct str text = making->section->values[commands[i].setting].text;
		char *at = (char *)making->ret + commands[i].offset;
		const char *const *words;
		struct err err;

		if (text.len == 0)
			continue;
		words = action_words(text, making->arena, &err);
		if (words) {
			*(const char *const **)(void *)at = words;
			continue;
		}
		tell(making, commands[i].setting, &err);
		told |= commands[i].setting == SETTING_action_ban;
	}
	if (!making->ret->ban && !told)
		tell_text(making, SETTING_action_ban,
		    "a command is needed, as in /usr/local/sbin/x {ip}");
}

static bool
is_table_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	return name.len > 0 && name.len <= 32 && !char_is_digit(*name.p);
}

static void
make_nft(struct making *making)
{
	const struct setting_value *ports = &making->section->values[SETTING_action_ports];
	struct act_settings *ret = making->ret;
	uint16_t *list = arena_alloc(making->arena, (ports->list_count + 1) * sizeof(*list));
	int64_t port;
	struct err err;

	if (!is_table_name(str_of(ret->table))) {
		err_set(&err, "a table's name has letters, digits and '_', not '%s'",
		    ret->table);
		tell(making, SETTING_action_table, &err);
	}
	for (size_t i = 0; i < ports->list_count; i++) {
		if (!str_number(ports->list[i], &port) || port < 1 || port > 65535) {
			err_set(&err, "'%.*s' is no port", STR_ARG(ports->list[i]));
			tell(making, SETTING_action_ports, &err);
			continue;
		}
		list[ret->port_count++] = (uint16_t)port;
	}
	ret->ports = list;
}

#define NFT (1u << ACT_NFT)
#define COMMAND (1u << ACT_COMMAND)
#define FILE_ (1u << ACT_FILE)
#define MAIL (1u << ACT_MAIL)

/* Which kinds of action a setting is for. */
static const struct {
	enum setting setting;
	unsigned kinds;
} uses[] = {
	{SETTING_action_table, NFT}, {SETTING_action_priority, NFT},
	{SETTING_action_ports, NFT},
	{SETTING_action_ban, COMMAND}, {SETTING_action_unban, COMMAND},
	{SETTING_action_check, COMMAND}, {SETTING_action_start, COMMAND},
	{SETTING_action_stop, COMMAND}, {SETTING_action_timeout, COMMAND | MAIL},
	{SETTING_action_path, FILE_}, {SETTING_action_format, FILE_},
	{SETTING_action_text, FILE_}, {SETTING_action_after, FILE_}, {SETTING_action_to, MAIL},
	{SETTING_action_from, MAIL}, {SETTING_action_every, MAIL}, {SETTING_action_via, MAIL},
	{SETTING_action_tls, MAIL}, {SETTING_action_ca_file, MAIL},
	{SETTING_action_user, MAIL},
	{SETTING_action_password_file, MAIL}, {SETTING_action_connect_timeout, MAIL},
};

/* What is set and does nothing was meant to do something. */
static void
check_uses(struct making *making)
{
	struct err err;

	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++) {
		if (!making->section->values[uses[i].setting].file ||
		    uses[i].kinds >> making->ret->sort & 1)
			continue;
		err_set(&err, "an action of kind %.*s has no use for it",
		    STR_ARG(making->section->values[SETTING_action_kind].text));
		tell(making, uses[i].setting, &err);
	}
}

static void
make_file(struct making *making)
{
	if (making->ret->format == ACT_CIDR && making->ret->after == ACT_POSTMAP)
		tell_text(making, SETTING_action_after, "a cidr table is not made by postmap: "
		    "Postfix reads it as it is, at after = reload");
	if (making->ret->format == ACT_HASH && making->ret->after == ACT_NOTHING)
		tell_text(making, SETTING_action_format, "Postfix reads of a hash table what "
		    "postmap made: after = postmap; of a texthash at after = reload");
	if (making->ret->path[0] != '/')
		tell_text(making, SETTING_action_path, "a file is named by its whole path");
	if (strchr(making->ret->text, '\n'))
		tell_text(making, SETTING_action_text, "one line is enough");
}

/* How to a server: the login goes with the rest or is left out. */
static void
make_login(struct making *making)
{
	const struct act_settings *ret = making->ret;
	enum setting said = making->section->values[SETTING_action_password_file].text.len ?
	    SETTING_action_password_file : SETTING_action_user;
	struct err err;

	if (*ret->ca_file && *ret->ca_file != '/')
		tell_text(making, SETTING_action_ca_file, "a file is named by its whole path");
	if (!*ret->user && !*ret->password_file)
		return;
	if (!*ret->user)
		tell_text(making, SETTING_action_user, "whose password is in password_file?");
	else if (act_check_login(ret->via, ret->tls, &err) < 0)
		tell(making, SETTING_action_user, &err);
	if (!*ret->password_file)
		tell_text(making, said, "its password is missing: password_file");
	else if (act_check_password(ret->password_file, &err) < 0)
		tell(making, said, &err);
}

/*
 * What a server has not got yet is kept beside the store, whose folder belongs to who talks to
 * the server. A name that is no file's has none.
 */
static const char *
unsent_path(const struct settings *settings, const struct making *making)
{
	struct str store = settings_get(settings, SETTING_store_url)->text;
	struct str name = str_of(making->section->name);
	size_t slash;

	if (!act_is_smtp(making->ret->via) || !str_skip(&store, STR("sqlite:/")))
		return "";
	for (size_t i = 0; i < name.len; i++)
		if (!char_is_alnum(name.p[i]) && name.p[i] != '-' && name.p[i] != '_')
			return "";
	slash = str_find_last(store, STR("/"));
	store = str_head(store, slash < store.len ? slash : 0);
	return arena_printf(making->arena, "/%.*s/unsent-%.*s", STR_ARG(store), STR_ARG(name));
}

static void
make_mail(struct making *making)
{
	const struct setting_value *to = &making->section->values[SETTING_action_to];
	struct act_settings *ret = making->ret;
	const char **list = arena_alloc(making->arena, (to->list_count + 1) * sizeof(*list));
	bool whole = act_is_smtp(ret->via);
	struct err err;

	if (to->list_count == 0)
		tell_text(making, SETTING_action_to, "to whom?");
	for (size_t i = 0; i < to->list_count; i++) {
		list[i] = arena_cstr(making->arena, to->list[i]);
		if (act_check_address(list[i], whole, &err) < 0)
			tell(making, SETTING_action_to, &err);
	}
	ret->to = list;
	ret->to_count = to->list_count;
	if (act_check_address(ret->from, whole, &err) < 0)
		tell(making, SETTING_action_from, &err);
	if (act_check_via(ret->via, ret->tls, &err) < 0)
		tell(making, SETTING_action_via, &err);
	else
		make_login(making);
}

static void (*const makers[])(struct making *) = {
	[ACT_NFT] = make_nft,
	[ACT_COMMAND] = make_command,
	[ACT_FILE] = make_file,
	[ACT_MAIL] = make_mail,
};

static void
make_action(const struct settings *settings, struct making *making)
{
	const struct setting_value *values = making->section->values;

	if (values[SETTING_action_kind].number < 0 ||
	    values[SETTING_action_kind].text.len == 0) {
		/* One that is no kind was told when it was read. */
		if (values[SETTING_action_kind].bad)
			making->faults++;
		else
			tell_text(making, SETTING_action_kind,
			    "an action is nft, command, file or mail");
		return;
	}
	*making->ret = (struct act_settings){.name = making->section->name,
	    .sort = (enum act_sort)values[SETTING_action_kind].number,
	    .table = arena_cstr(making->arena, values[SETTING_action_table].text),
	    .priority = (int)values[SETTING_action_priority].number,
	    .timeout_usec = values[SETTING_action_timeout].number,
	    .path = arena_cstr(making->arena, values[SETTING_action_path].text),
	    .format = (enum act_format)values[SETTING_action_format].number,
	    .text = arena_cstr(making->arena, values[SETTING_action_text].text),
	    .after = (enum act_after)values[SETTING_action_after].number,
	    .from = arena_cstr(making->arena, values[SETTING_action_from].text),
	    .every_usec = values[SETTING_action_every].number,
	    .via = arena_cstr(making->arena, values[SETTING_action_via].text),
	    .tls = (enum act_tls)values[SETTING_action_tls].number,
	    .connect_usec = values[SETTING_action_connect_timeout].number,
	    .user = arena_cstr(making->arena, values[SETTING_action_user].text),
	    .password_file = arena_cstr(making->arena,
		values[SETTING_action_password_file].text),
	    .ca_file = arena_cstr(making->arena, values[SETTING_action_ca_file].text),
	    .become = arena_cstr(making->arena,
		settings_get(settings, SETTING_guard_user)->text)};
	making->ret->unsent = unsent_path(settings, making);
	check_uses(making);
	makers[making->ret->sort](making);
}

/* Two that would undo each other's work: the same table of nft, or the same file. */
static void
check_twin(struct making *making, const struct act_settings *other)
{
	const struct act_settings *ret = making->ret;
	bool nft = ret->sort == ACT_NFT;
	const char *mine = nft ? ret->table : ret->path;
	struct err err;

	if (!ret->name || !other->name || other->sort != ret->sort ||
	    (!nft && ret->sort != ACT_FILE) ||
	    strcmp(mine, nft ? other->table : other->path) != 0)
		return;
	err_set(&err, "[action %s] has %s, too: each needs its own", other->name, mine);
	tell(making, nft ? SETTING_action_table : SETTING_action_path, &err);
}

static void
tell_too_many(struct making *making, size_t count)
{
	struct err err;

	err_set(&err, "there are %zu actions; expected %u at most", count, ACTIONS_MOST);
	tell(making, SETTING_action_kind, &err);
}

int
actions_make(const struct settings *settings, struct arena *arena, settings_fault *fault,
    void *context, struct act_config *ret)
{
	size_t count = settings_count(settings, "action");
	struct act_settings *actions = arena_alloc(arena, (count + 1) * sizeof(*actions));
	int faults = 0;

	memset(actions, 0, (count + 1) * sizeof(*actions));
	for (size_t i = 0; i < count; i++) {
		struct making making = {.section = settings_section(settings, "action", i),
		    .arena = arena, .ret = &actions[i], .fault = fault, .context = context};

		actions[i].name = NULL;
		make_action(settings, &making);
		if (i == ACTIONS_MOST)
			tell_too_many(&making, count);
		for (size_t other = 0; other < i; other++)
			check_twin(&making, &actions[other]);
		faults += making.faults;
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
actions_load(const void *settings, const struct act_config **ret, struct err *err)
{
	struct act_config *config = xcalloc(1, sizeof(*config));
	struct arena *arena = xcalloc(1, sizeof(*arena));

	if (actions_make(settings, arena, no_fault, NULL, config) != 0)
		return err_set(err, "the actions have faults");
	*ret = config;
	return 0;
}

/* Would B go on with what A did? */
static bool
goes_on(const struct act_settings *a, const struct act_settings *b)
{
	if (a->sort != b->sort)
		return false;
	switch (a->sort) {
	case ACT_NFT:
		return strcmp(a->table, b->table) == 0;
	case ACT_FILE:
		return strcmp(a->path, b->path) == 0;
	case ACT_COMMAND:
		return strcmp(a->name, b->name) == 0;
	case ACT_MAIL:
		return true;
	}
	return false;
}

uint64_t
actions_gone(const struct settings *before, const struct settings *now)
{
	struct act_config old, new;
	struct arena arena = {0};
	uint64_t gone = 0;

	if (actions_make(before, &arena, no_fault, NULL, &old) == 0 &&
	    actions_make(now, &arena, no_fault, NULL, &new) == 0)
		for (size_t i = 0; i < old.count; i++) {
			bool there = old.actions[i].sort == ACT_MAIL; /* it keeps out nobody */

			for (size_t n = 0; n < new.count && !there; n++)
				there = goes_on(&old.actions[i], &new.actions[n]);
			if (!there)
				gone |= UINT64_C(1) << i;
		}
	arena_free(&arena);
	return gone;
}
