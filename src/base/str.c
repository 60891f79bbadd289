/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <strings.h>

size_t
str_find_last(struct str s, struct str needle)
{
	char first, last;

	if (needle.len > s.len || needle.len == 0)
		return s.len;
	first = needle.p[0];
	last = needle.p[needle.len - 1];
	for (size_t i = s.len - needle.len + 1; i-- > 0;)
		if (s.p[i] == first && s.p[i + needle.len - 1] == last &&
		    memcmp(s.p + i, needle.p, needle.len) == 0)
			return i;
	return s.len;
}

struct str
str_trim(struct str s)
{
	while (s.len && (*s.p == ' ' || *s.p == '\t'))
		s = str_from(s, 1);
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

bool
str_skip_number(struct str *s, int64_t *ret)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < s->len && char_is_digit(s->p[i]); i++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, s->p[i] - '0', &n))
			return false;
	if (i == 0)
		return false;
	*s = str_from(*s, i);
	*ret = n;
	return true;
}

bool
str_number(struct str s, int64_t *ret)
{
	int64_t n;

	if (!str_skip_number(&s, &n) || s.len)
		return false;
	*ret = n;
	return true;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
}

int
str_compare(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}
