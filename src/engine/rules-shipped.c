/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules that postern comes with, as they stand in data/rules.conf: in the program,
 * so that it works without any file.
 */
#include "engine/settings.h"

__asm__(".section .rodata\n"
	"	.globl shipped_rules, shipped_rules_end\n"
	"	.hidden shipped_rules, shipped_rules_end\n"
	"shipped_rules:\n"
	"	.incbin \"data/rules.conf\"\n"
	"shipped_rules_end:\n"
	"	.byte 0\n"
	"	.previous\n");

extern const char shipped_rules[], shipped_rules_end[];

struct str
settings_shipped(void)
{
	return str_range(shipped_rules, shipped_rules_end);
}
