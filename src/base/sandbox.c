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

/*
 * struct landlock_ruleset_attr as Linux 6.12 has it; an older kernel takes what it knows
 * of it, older headers lack the rest.
 */
struct handled {
	uint64_t files, net, scoped;
};

/* What came with a version of the interface. */
#define TRUNCATE (UINT64_C(1) << 14)          /* 3 */
#define TCP_BIND_CONNECT (UINT64_C(3))        /* 4 */
#define CONNECT_TCP (UINT64_C(2))
#define SCOPE_ABSTRACT (UINT64_C(1))          /* 6 */
#define SCOPE_SIGNAL (UINT64_C(2))

struct net_port {
	uint64_t access, port;
};
#define RULE_NET_PORT 2

static int
allow(int rules, const struct sandbox_place *place, uint64_t handled, struct err *err)
{
	struct landlock_path_beneath_attr beneath = {
	    .allowed_access = READ | (place->write ? WRITE | (handled & TRUNCATE) : 0)};
	struct stat st;
	long result;

	beneath.parent_fd = open(place->path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0 && (errno == ENOENT || errno == EACCES))
		return 0;
	if (beneath.parent_fd < 0 || fstat(beneath.parent_fd, &st) < 0)
		return err_set(err, "sandbox: %s: %s", place->path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		beneath.allowed_access &= OF_FILES | TRUNCATE;
	result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
	    &beneath, 0);
	close(beneath.parent_fd);
	return result < 0 ? err_set(err, "sandbox: %s: %s", place->path, strerror(errno)) : 0;
}

static int
allow_port(int rules, uint16_t number, struct err *err)
{
	struct net_port port = {CONNECT_TCP, number};

	return syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &port, 0) < 0 ?
	    err_set(err, "sandbox: port %u: %s", number, strerror(errno)) : 0;
}

/* What a kernel of VERSION can close; its size in *RET_SIZE. */
static struct handled
handled_by(long version, const struct sandbox *sandbox, size_t *ret_size)
{
	struct handled handled = {.files = HANDLED};

	*ret_size = version >= 6 ? sizeof(handled) : version >= 4 ? 16 : 8;
	if (version >= 3)
		handled.files |= TRUNCATE;
	if (version >= 4)
		handled.net = TCP_BIND_CONNECT;
	if (version >= 6)
		handled.scoped = SCOPE_SIGNAL | (sandbox->abstract ? 0 : SCOPE_ABSTRACT);
	return handled;
}

int
sandbox_enter(const struct sandbox *sandbox, struct err *err)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct handled handled;
	int rules, result = 0;
	size_t size;

	if (version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
		return 1;
	handled = handled_by(version, sandbox, &size);
	rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
	if (rules < 0)
		return err_set(err, "sandbox: %s", strerror(errno));
	for (size_t i = 0; i < sandbox->place_count && result == 0; i++)
		result = allow(rules, &sandbox->places[i], handled.files, err);
	for (size_t i = 0; handled.net && i < sandbox->port_count && result == 0; i++)
		result = allow_port(rules, sandbox->ports[i], err);
	if (result == 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, rules, 0) < 0))
		result = err_set(err, "sandbox: %s", strerror(errno));
	close(rules);
	return result;
}
