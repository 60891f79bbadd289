/* SPDX-License-Identifier: Apache-2.0
 *
 * names: what the arguments mean: files as they are, patterns that no shell has
 * expanded, directories (the files in them that look like mail logs); without
 * arguments, the system's usual log.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>

#include "base/mem.h"
#include "input/room.h"

/* What a mail log is called, when nobody named it. */
static const char *const log_patterns[] = {"*mail*", "*postfix*", "*mainlog*",
	"*rejectlog*", "*.log*"};

/* And journals; one that was not closed before a crash ends in what else marks a copy. */
static const char *const journal_patterns[] = {"*.journal", "*.journal~"};

/* What lies beside it and is none, for sure. */
static const char *const other_patterns[] = {"dpkg.log*", "alternatives.log*",
	"bootstrap.log*", "fontconfig.log*", "*.swp", "*~"};

static void
names_add(struct names *names, char *path, bool guessed)
{
	MEM_GROW(names->list, names->count, names->room);
	names->list[names->count++] = (struct name){path, guessed};
}

void
names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i].path);
	free(names->list);
	*names = (struct names){0};
}

static char *
join(const char *directory, const char *name)
{
	size_t len = strlen(directory);

	return xasprintf("%s%s%s", directory, len && directory[len - 1] == '/' ? "" : "/",
	    name);
}

static bool
matches_any(const char *name, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fnmatch(patterns[i], name, FNM_PERIOD) == 0)
			return true;
	return false;
}

#define MATCHES_ANY(name, table) \
	matches_any((name), (table), sizeof(table) / sizeof((table)[0]))

static bool
looks_like_log(const char *name)
{
	return MATCHES_ANY(name, journal_patterns) ||
	    (MATCHES_ANY(name, log_patterns) && !MATCHES_ANY(name, other_patterns));
}

static int
plain_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Appends the regular files in DIRECTORY whose name is WANTED(name, context). */
static int
add_directory(struct names *names, const char *directory, bool guessed,
    bool (*wanted)(const char *name, const char *context), const char *context)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, plain_order);

	if (count < 0)
		return -1;
	for (int i = 0; i < count; i++) {
		char *path = join(directory, entries[i]->d_name);
		struct stat st;

		/* A file that cannot even be looked at is kept: opening it says why. */
		if (wanted(entries[i]->d_name, context) &&
		    (stat(path, &st) != 0 ? errno == EACCES : S_ISREG(st.st_mode)))
			names_add(names, path, guessed);
		else
			free(path);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static bool
wanted_log(const char *name, const char *context)
{
	(void)context;
	return looks_like_log(name);
}

/* Journals lie in a folder for each machine, called by its id. */
static int
keep_machine(const struct dirent *entry)
{
	return strspn(entry->d_name, "0123456789abcdef") == 32 && !entry->d_name[32];
}

static void
add_machines(struct names *names, const char *directory)
{
	struct dirent **machines;
	int count = scandir(directory, &machines, keep_machine, plain_order);

	for (int i = 0; i < count; i++) {
		char *path = join(directory, machines[i]->d_name);

		add_directory(names, path, true, wanted_log, NULL);
		free(path);
		free(machines[i]);
	}
	if (count >= 0)
		free(machines);
}

static int
expand_directory(struct names *names, const char *directory, struct err *err)
{
	size_t before = names->count;

	if (add_directory(names, directory, true, wanted_log, NULL) < 0)
		return source_failed(directory, errno, err);
	if (names->count == before)
		add_machines(names, directory);
	if (names->count == before)
		return err_set(err, "%s: no file in this directory is named like a mail log",
		    directory);
	return 0;
}

/* Appends PATH, or what is in it. */
static int
expand_path(struct names *names, const char *path, struct err *err)
{
	struct stat st;

	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return expand_directory(names, path, err);
	names_add(names, xstrdup(path), false);
	return 0;
}

int
names_expand(struct names *names, const char *argument, struct err *err)
{
	struct stat st;
	glob_t found;
	int result = 0;

	if (!strpbrk(argument, "*?[") || lstat(argument, &st) == 0)
		return expand_path(names, argument, err);
	switch (glob(argument, 0, NULL, &found)) {
	case 0:
		for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
			result = expand_path(names, found.gl_pathv[i], err);
		globfree(&found);
		return result;
	case GLOB_NOMATCH:
		return err_set(err, "%s: no file matches", argument);
	default:
		return err_set(err, "%s: cannot be expanded: %s", argument, strerror(errno));
	}
}

static bool
wanted_sibling(const char *name, const char *base)
{
	int64_t order;
	char *own = rotated_base(name, &order);
	bool wanted = strcmp(own, base) == 0;

	free(own);
	return wanted;
}

bool
names_usual(struct names *names, const char *root)
{
#define F(path) path,
	static const char *const usual[] = {USUAL_LOGS(F)};
#undef F

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && names->count == 0; i++) {
		char *path = xasprintf("%s%s", root, usual[i]);
		char *slash = strrchr(path, '/');

		*slash = '\0';
		/* Without a listing the log itself may still be readable. */
		if (add_directory(names, path, false, wanted_sibling, slash + 1) < 0) {
			struct stat st;

			*slash = '/';
			if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
				names_add(names, xstrdup(path), false);
		}
		free(path);
	}
	return names->count > 0;
}
