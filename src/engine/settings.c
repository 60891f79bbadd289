/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: files to sections with values. Faults are collected, not died of: `config
 * check` names all of them at once, and what is wrong keeps its default.
 */
#include "engine/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/ini.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "engine/setting-value.h"

const struct setting_row setting_rows[SETTING_COUNT] = {
#define S(section, name, type, preset, least, most, words, help)                            \
	{#section, #name, SETTING_##type, preset, least, most, words, help},
	SETTINGS(S)
#undef S
};

/* The file that settings_shipped() is. */
static const char shipped[] = "shipped";

static bool
is_shipped(const char *file)
{
	return strcmp(file, shipped) == 0;
}

/* Sorts of which there are many, with names. */
static const char *const named_sorts[] = {"action", "rule"};

struct settings {
	struct settings_section **sections; /* they never move */
	size_t count, room;
	struct arena arena;
	bool bad_section; /* the one being read: its settings need no fault each */
	settings_fault *fault;
	void *context;
	int faults;
};

static bool
is_named_sort(struct str sort)
{
	for (size_t i = 0; i < sizeof(named_sorts) / sizeof(*named_sorts); i++)
		if (str_eq(sort, str_of(named_sorts[i])))
			return true;
	return false;
}

/* The sort called NAME, as it stands in setting_rows; NULL: there is none. */
static const char *
find_sort(struct str name)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if (str_eq(name, str_of(setting_rows[i].section)))
			return setting_rows[i].section;
	return NULL;
}

static struct settings_section *
find_section(const struct settings *settings, struct str sort, struct str name)
{
	for (size_t i = 0; i < settings->count; i++)
		if (str_eq(sort, str_of(settings->sections[i]->sort)) &&
		    str_eq(name, str_of(settings->sections[i]->name)))
			return settings->sections[i];
	return NULL;
}

static struct settings_section *
add_section(struct settings *settings, const char *sort, struct str name)
{
	struct settings_section *section = arena_alloc(&settings->arena, sizeof(*section));
	struct err err;

	*section = (struct settings_section){
	    .sort = sort, .name = arena_cstr(&settings->arena, name)};
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_rows[i].section, sort) == 0)
			setting_read(&setting_rows[i], str_of(setting_rows[i].preset),
			    &settings->arena, &section->values[i], &err);
	MEM_GROW(settings->sections, settings->count, settings->room);
	settings->sections[settings->count++] = section;
	return section;
}

static int
no_such_section(struct str name, struct err *err)
{
	const char *names[SETTING_COUNT] = {NULL}, *near;
	size_t n = 0;

	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if (n == 0 || strcmp(names[n - 1], setting_rows[i].section) != 0)
			names[n++] = setting_rows[i].section;
	near = nearest(name, names, n);
	return err_set(err, "there is no section [%.*s]%s%s%s", STR_ARG(name),
	    near ? "; did you mean [" : "", near ? near : "", near ? "]?" : "");
}

/* The section that HEADING names, made if need be; NULL with the reason. */
static struct settings_section *
section_of(struct settings *settings, struct str heading, struct err *err)
{
	struct str name = heading, word = str_cut(&name, ' ');
	const char *sort = find_sort(word);
	struct settings_section *section;

	name = str_trim(name);
	if (!sort) {
		no_such_section(word, err);
		return NULL;
	}
	if (is_named_sort(word) != (name.len > 0)) {
		err_set(err, name.len ? "[%s] takes no name" : "[%s NAME] needs a name", sort);
		return NULL;
	}
	if (!setting_is_name(name)) {
		err_set(err,
		    "'%.*s': a name has letters, digits, '-', '_' and '.', at most 64",
		    STR_ARG(name));
		return NULL;
	}
	section = find_section(settings, word, name);
	return section ? section : add_section(settings, sort, name);
}

/* What one of the COUNT names fail2ban's KEY stands for; NULL: none. */
static const char *
name_for_theirs(struct str key, const char *const *names, size_t count)
{
	static const char *const words[][2] = {{"maxretry", "count"}, {"findtime", "within"},
	    {"bantime", "ban"}, {"failregex", "match"}, {"ignoreip", "allow"},
	    {"logpath", "files"}};

	for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
		for (size_t i = 0; i < count && str_eq(key, str_of(words[w][0])); i++)
			if (strcmp(names[i], words[w][1]) == 0)
				return names[i];
	return NULL;
}

static int
no_such_setting(const struct settings_section *section, struct str key, struct err *err)
{
	const char *names[SETTING_COUNT] = {NULL}, *near;
	size_t n = 0;

	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_rows[i].section, section->sort) == 0)
			names[n++] = setting_rows[i].name;
	near = name_for_theirs(key, names, n);
	if (!near)
		near = nearest(key, names, n);
	return err_set(err, "[%s] has no setting %.*s%s%s%s", section->sort, STR_ARG(key),
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int
set_value(struct settings *settings, const struct ini_entry *entry, struct err *err)
{
	struct settings_section *section = section_of(settings, entry->section, err);
	struct setting_value value = {0};

	if (!section)
		return -1;
	if (!section->file || is_shipped(section->file)) {
		section->file = arena_cstr(&settings->arena, str_of(entry->file));
		section->line = entry->line;
	}
	if (entry->key.len == 0)
		return 0;
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		struct setting_value *old = &section->values[i];

		if (strcmp(setting_rows[i].section, section->sort) != 0 ||
		    !str_eq(entry->key, str_of(setting_rows[i].name)))
			continue;
		if (old->file && strcmp(old->file, entry->file) == 0)
			return err_set(err, "%.*s stands in line %u, too",
			    STR_ARG(entry->key), old->line);
		if (setting_read(&setting_rows[i], entry->value, &settings->arena, &value,
			err) < 0) {
			old->bad = true;
			return -1;
		}
		value.file = arena_cstr(&settings->arena, str_of(entry->file));
		value.line = entry->line;
		*old = value;
		return 0;
	}
	return no_such_setting(section, entry->key, err);
}

static void
tell_fault(struct settings *settings, const char *text)
{
	settings->faults++;
	settings->fault(settings->context, text);
}

/* Goes on behind a fault, so that all are told. */
static int
take_entry(void *context, const struct ini_entry *entry, struct err *err)
{
	struct settings *settings = context;
	bool heading = entry->key.len == 0;

	if (!heading && settings->bad_section)
		return 0;
	settings->bad_section = false;
	if (set_value(settings, entry, err) < 0) {
		settings->bad_section = heading;
		err_wrap(err, "%s:%u", entry->file, entry->line);
		tell_fault(settings, err->text);
	}
	return 0;
}

/* Reads PATH; what is no INI is a fault, too, and ends the file. */
static void
read_file(struct settings *settings, const char *path)
{
	struct err err;

	if (ini_read(path, take_entry, settings, &err) < 0)
		tell_fault(settings, err.text);
}

/* conf.d beside PATH. */
static void
read_more(struct settings *settings, const char *path)
{
	glob_t found;

	settings_more(path, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_file(settings, found.gl_pathv[i]);
	globfree(&found);
}

/* A name that is misspelt turns off nothing. */
static void
check_off(struct settings *settings, const struct settings_section *section)
{
	const char **names = xcalloc(settings->count + 1, sizeof(*names)), *near;
	size_t n = 0;
	struct err err;

	for (size_t i = 0; i < settings->count; i++)
		if (strcmp(settings->sections[i]->sort, section->sort) == 0 &&
		    settings->sections[i] != section)
			names[n++] = settings->sections[i]->name;
	near = nearest(str_of(section->name), names, n);
	err_set(&err, "%s: there is no such action to turn off%s%s%s",
	    settings_where(section, SETTING_action_enabled, &settings->arena),
	    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	tell_fault(settings, err.text);
	free(names);
}

static void
turn_off(struct settings *settings)
{
	for (size_t i = 0; i < settings->count; i++) {
		struct settings_section *section = settings->sections[i];

		section->off = strcmp(section->sort, "action") == 0 &&
		    !section->values[SETTING_action_enabled].number;
		if (section->off && section->values[SETTING_action_kind].text.len == 0)
			check_off(settings, section);
	}
}

int
settings_read(const char *path, settings_fault *fault, void *context,
    struct settings **ret, struct err *err)
{
	struct settings *settings = xcalloc(1, sizeof(*settings));
	bool usual = path == NULL;

	settings->fault = fault;
	settings->context = context;
	*ret = settings;
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if (!is_named_sort(str_of(setting_rows[i].section)) &&
		    !find_section(settings, str_of(setting_rows[i].section), STR("")))
			add_section(settings, setting_rows[i].section, STR(""));
	if (ini_parse(settings_shipped(), shipped, take_entry, settings, err) < 0)
		return -1;
	path = usual ? SETTINGS_PATH : path;
	if (access(path, R_OK) < 0 && !(usual && errno == ENOENT))
		return err_set(err, "%s: %s", path, strerror(errno));
	if (access(path, R_OK) == 0) {
		read_file(settings, path);
		read_more(settings, path);
	}
	turn_off(settings);
	return settings->faults;
}

void
settings_free(struct settings *settings)
{
	if (!settings)
		return;
	free(settings->sections);
	arena_free(&settings->arena);
	free(settings);
}

size_t
settings_count(const struct settings *settings, const char *sort)
{
	size_t n = 0;

	for (size_t i = 0; i < settings->count; i++)
		n += !settings->sections[i]->off &&
		    strcmp(settings->sections[i]->sort, sort) == 0;
	return n;
}

const struct settings_section *
settings_section(const struct settings *settings, const char *sort, size_t index)
{
	for (size_t i = 0; i < settings->count; i++)
		if (!settings->sections[i]->off &&
		    strcmp(settings->sections[i]->sort, sort) == 0 && index-- == 0)
			return settings->sections[i];
	return NULL;
}

const struct settings_section *
settings_at(const struct settings *settings, size_t index)
{
	return index < settings->count ? settings->sections[index] : NULL;
}

const struct settings_section *
settings_named(const struct settings *settings, const char *sort, struct str name)
{
	return find_section(settings, str_of(sort), name);
}

void
settings_ignore_fault(void *context, const char *text)
{
	(void)context;
	(void)text;
}

const struct setting_value *
settings_get(const struct settings *settings, enum setting setting)
{
	return &find_section(settings, str_of(setting_rows[setting].section), STR(""))
	    ->values[setting];
}

const char *
settings_where(const struct settings_section *section, enum setting setting,
    struct arena *arena)
{
	const struct setting_value *value = &section->values[setting];
	const char *file = value->file ? value->file : section->file;
	unsigned line = value->file ? value->line : section->line;
	const char *at = !file ? "by default" : is_shipped(file) ? "as shipped" :
	    arena_printf(arena, "%s:%u", file, line);

	return arena_printf(arena, "%s: [%s%s%s] %s", at, section->sort,
	    *section->name ? " " : "", section->name, setting_rows[setting].name);
}
