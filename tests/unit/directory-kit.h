/* SPDX-License-Identifier: Apache-2.0
 *
 * directory-kit: a directory of the test's own, which it works in and takes away.
 */
#ifndef TESTS_UNIT_DIRECTORY_KIT_H
#define TESTS_UNIT_DIRECTORY_KIT_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

static char kit_directory[64];

UNUSED static void
kit_enter(void)
{
	snprintf(kit_directory, sizeof(kit_directory), "/tmp/postern-unit-XXXXXX");
	if (!mkdtemp(kit_directory) || chdir(kit_directory) != 0) {
		perror(kit_directory);
		exit(1);
	}
}

UNUSED static int
kit_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

UNUSED static void
kit_leave(void)
{
	if (chdir("/") == 0)
		nftw(kit_directory, kit_remove, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
