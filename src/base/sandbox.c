/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the first version of the interface, which every kernel with landlock has. */
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                                               \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                   \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK)
#define OF_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define HANDLED                                                                             \
	(READ | WRITE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |        \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                       \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                     \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

static int
allow(int rules, const struct sandbox_place *place, struct err *err)
{
	struct landlock_path_beneath_attr beneath = {
	    .allowed_access = READ | (place->write ? WRITE : 0)};
	struct stat st;
	long result;

	beneath.parent_fd = open(place->path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0 && (errno == ENOENT || errno == EACCES))
		return 0;
	if (beneath.parent_fd < 0 || fstat(beneath.parent_fd, &st) < 0)
		return err_set(err, "sandbox: %s: %s", place->path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		beneath.allowed_access &= OF_FILES;
	result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return result < 0 ? err_set(err, "sandbox: %s: %s", place->path, strerror(errno)) : 0;
}

int
sandbox_enter(const struct sandbox_place *places, size_t count, struct err *err)
{
	struct landlock_ruleset_attr handled = {.handled_access_fs = HANDLED};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	int result = 0;

	if (rules < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
		return 1;
	if (rules < 0)
		return err_set(err, "sandbox: %s", strerror(errno));
	for (size_t i = 0; i < count && result == 0; i++)
		result = allow(rules, &places[i], err);
	if (result == 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, rules, 0) < 0))
		result = err_set(err, "sandbox: %s", strerror(errno));
	close(rules);
	return result;
}
