/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: functions that have no place here; forced into every file by the
 * Makefile. The headers that declare them come first: poisoning before would
 * break them.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef BANNED_OFF
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok strtok_r
#pragma GCC poison atoi atol atof sscanf gmtime localtime ctime asctime rand popen
#endif

#endif
