/* SPDX-License-Identifier: Apache-2.0
 *
 * map-page: what tools/map-page makes of web/ and its libraries, in the program, so
 * that it works without any file. Without the libraries there is none.
 */
#include "report/map.h"

#ifdef HAVE_MAP

__asm__(".section .rodata\n"
	"	.globl map_page_begin, map_page_end\n"
	"	.hidden map_page_begin, map_page_end\n"
	"map_page_begin:\n"
	"	.incbin \"build/map.html\"\n"
	"map_page_end:\n"
	"	.byte 0\n"
	"	.previous\n");

extern const char map_page_begin[], map_page_end[];

struct str
map_page(void)
{
	return str_range(map_page_begin, map_page_end);
}

#else

struct str
map_page(void)
{
	return STR("");
}

#endif
