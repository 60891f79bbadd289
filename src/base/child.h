/* SPDX-License-Identifier: Apache-2.0
 *
 * child: runs a program and waits for it. Never a shell; the environment is a fixed
 * one, file descriptors of ours are closed to it.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Runs ARGV (NULL-terminated; the program by path, or found in the usual directories)
 * with INPUT as its standard input, for at most TIMEOUT_USEC; then it is killed, and what it
 * started in its process group. -1 when it could not be run, failed or was killed: ERR has
 * the first line of its stderr. What it leaves running is not waited for.
 */
int child_run(const char *const *argv, struct str input, int64_t timeout_usec,
    struct err *err);

/* Is there such a program as argv[0], for us to run? -1: where it was looked for. */
int child_can_run(const char *program, struct err *err);

#endif
