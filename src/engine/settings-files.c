/* SPDX-License-Identifier: Apache-2.0
 *
 * settings-files: which files settings are read from, and whose they are: who may write to
 * one names the programs that root runs, so only root may, as with sshd's StrictModes.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/setting-value.h"

void
settings_more(const char *path, glob_t *ret)
{
	const char *slash = strrchr(path, '/');
	char *pattern = xasprintf("%.*sconf.d/*.conf", slash ? (int)(slash + 1 - path) : 0,
	    path);

	if (glob(pattern, 0, NULL, ret) != 0)
		*ret = (glob_t){0};
	free(pattern);
}

/* In a sticky folder nobody renames what is another's. */
static int
check_one(const char *path, struct err *err)
{
	struct stat st;
	bool others;

	if (stat(path, &st) < 0)
		return 0; /* who reads it says so */
	others = (st.st_mode & 022) && !(S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX));
	if (st.st_uid == 0 && !others)
		return 0;
	return err_set(err, "%s: owner %u, mode %04o: who may write there has root run "
	    "programs; expected owner root (chown root) and nobody else to write (chmod go-w)",
	    path, (unsigned)st.st_uid, (unsigned)st.st_mode & 07777);
}

int
settings_check_owned(const char *path, struct err *err)
{
	char *real = realpath(path, NULL), *slash;
	int result = real ? check_one(real, err) : 0;

	while (result == 0 && real && (slash = strrchr(real, '/')) && slash[1]) {
		slash[slash == real] = '\0';
		result = check_one(real, err);
	}
	free(real);
	return result;
}

/* The same; the fault is told. */
static int
check_above(const char *path, settings_fault *fault, void *context)
{
	struct err err;

	if (settings_check_owned(path, &err) == 0)
		return 0;
	fault(context, err.text);
	return 1;
}

int
settings_check_owner(const char *path, settings_fault *fault, void *context)
{
	const char *file = path ? path : SETTINGS_PATH, *slash = strrchr(file, '/');
	int length = slash ? (int)(slash + 1 - file) : 0, faults;
	char *folder = xasprintf("%.*sconf.d", length, file);
	char *above = xasprintf("%.*s", length ? length : 1, length ? file : ".");
	glob_t more;

	faults = check_above(file, fault, context);
	/* Only where links lead elsewhere has it not been seen. */
	if (faults == 0)
		faults += check_above(above, fault, context);
	if (faults == 0)
		faults += check_above(folder, fault, context);
	settings_more(file, &more);
	for (size_t i = 0; i < more.gl_pathc; i++) {
		struct err err;

		if (check_one(more.gl_pathv[i], &err) < 0) {
			fault(context, err.text);
			faults++;
		}
	}
	globfree(&more);
	free(folder);
	free(above);
	return faults;
}
