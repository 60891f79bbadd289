/* SPDX-License-Identifier: Apache-2.0
 *
 * Exim's lines: whole, behind a stamp and an id, and through syslog.
 */
#include "lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const heads[] = {
	    "", "2026-11-20 11:49:08 1xUN76-0005hf-06 ", "Nov 20 11:49:08 h exim[12]: "};

	check_lines(data, size, heads, sizeof(heads) / sizeof(heads[0]));
	return 0;
}
