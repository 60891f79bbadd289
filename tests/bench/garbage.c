/* SPDX-License-Identifier: Apache-2.0
 *
 * garbage: a log of COUNT lines that were lines once. Each is one of the lines on
 * stdin with bytes changed, cut out, doubled, or with a piece of another in it.
 *
 *   garbage COUNT [SEED] <LINES
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LINES_MAX 4096
#define LEN_MAX 1500

static char *lines[LINES_MAX];
static size_t lengths[LINES_MAX];
static size_t count;
static uint64_t state;

/* xorshift64: a number below N. */
static size_t
below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return n ? (size_t)(state % n) : 0;
}

static void
read_lines(void)
{
	static char text[65536];

	while (count < LINES_MAX && fgets(text, sizeof(text), stdin)) {
		size_t len = strcspn(text, "\n");

		len = len < LEN_MAX ? len : LEN_MAX;
		lines[count] = xmalloc(len + 1);
		memcpy(lines[count], text, len);
		lengths[count++] = len;
	}
}

/* One change of LINE's *LEN bytes; it has room for LEN_MAX more. */
static void
change(char *line, size_t *len)
{
	size_t at = below(*len + 1), n = below(below(40) + 1), other = below(count);

	switch (below(6)) {
	case 0: /* other bytes */
		for (size_t i = at; i < *len && i < at + n; i++)
			line[i] = (char)below(256);
		break;
	case 1: /* one that means something */
		if (at < *len)
			line[at] = "[]<>(){}\"',:;=@\\ #/%\t\r"[below(22)];
		break;
	case 2: /* a piece less */
		n = n < *len - at ? n : *len - at;
		memmove(line + at, line + at + n, *len - at - n);
		*len -= n;
		break;
	case 3: /* a piece of another line in its place */
		for (size_t i = 0; i < n && at + i < *len && at + i < lengths[other]; i++)
			line[at + i] = lines[other][at + i];
		break;
	case 4: /* cut */
		*len = at;
		break;
	default: /* another line behind it */
		n = lengths[other] < 2 * LEN_MAX - at ? lengths[other] : 2 * LEN_MAX - at;
		memcpy(line + at, lines[other], n);
		*len = at + n;
		break;
	}
}

int
main(int argc, char **argv)
{
	static char line[2 * LEN_MAX + 1];
	unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;

	state = 0x9e3779b97f4a7c15u + (argc > 2 ? strtoul(argv[2], NULL, 10) : 1);
	read_lines();
	for (unsigned long i = 0; i < wanted && count; i++) {
		size_t which = below(count), len = lengths[which];

		memcpy(line, lines[which], len);
		for (size_t changes = below(4); changes > 0; changes--)
			change(line, &len);
		for (size_t k = 0; k < len; k++)
			if (line[k] == '\n')
				line[k] = ' ';
		line[len] = '\n';
		if (fwrite(line, 1, len + 1, stdout) != len + 1)
			return 1;
	}
	return 0;
}
