/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail of web pages: whole lines, a file's and syslog's.
 */
#include "lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const heads[] = {"", "[01-Jan-2024 12:00:00 UTC] mail() on [",
	    "Nov 20 11:49:08 h www[3]: sendmail-php url="};

	check_lines(data, size, heads, sizeof(heads) / sizeof(heads[0]));
	return 0;
}
