/* SPDX-License-Identifier: Apache-2.0
 *
 * sandbox: what this process and its children may still ask the kernel for: files and
 * TCP ports (landlock(7)), system calls (seccomp(2)). There is no way back.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct sandbox_place {
	const char *path; /* a directory or file; one that we cannot see is left out */
	bool write;       /* files in it may be written, made and removed, too */
};

struct sandbox {
	const struct sandbox_place *places;
	size_t place_count;
	const uint16_t *ports; /* that TCP may connect to, from Linux 6.7 on */
	size_t port_count;
	/* May reach unix sockets without a path, which others listen on. */
	bool abstract;
};

/*
 * Only files below the places can be opened from now on, no program can be run, no TCP port
 * be listened on, and nobody outside be sent a signal (Linux 6.12). 0 when it is in force,
 * as far as the kernel can; 1 when it knows nothing of it; -1 on failure. What is open
 * stays open.
 */
int sandbox_enter(const struct sandbox *sandbox, struct err *err);

/*
 * From now on a system call that is not in calls.c's table fails with EPERM: to run a
 * program or start a process, to trace one, to mount, to listen; a socket that is neither
 * a datagram to a unix socket nor, when INET, to the network. The table is what a process
 * needs that reads files, keeps a database, and has its sockets already. SANDBOX_REPORT
 * is queued to this process (sigqueue(3)) with the number of each call that failed so; it
 * is to be blocked. 0, 1 when this build or the kernel cannot, -1.
 */
#define SANDBOX_REPORT SIGRTMIN

int sandbox_calls(bool inet, struct err *err);

/*
 * For a process that changes the system and runs programs that do: what they have no use
 * for fails with EPERM (mounting, tracing, modules, other namespaces, the clock). No
 * program gains privileges from now on. As sandbox_calls().
 */
int sandbox_worker(struct err *err);

/* The name of system call NUMBER, or its number, in ROOM. */
const char *sandbox_call_name(int number, char room[32]);

#endif
