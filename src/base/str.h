/* SPDX-License-Identifier: Apache-2.0
 *
 * str: a slice of bytes that somebody else owns. Never NUL-terminated, never
 * freed through this type. All functions accept the empty slice {NULL, 0}.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t len;
};

/*
 * For what is mostly asked with a literal: inlined, its length is a constant and the
 * comparison one or two loads.
 */
#define STR_INLINE static inline __attribute__((always_inline))

/* A slice of a string literal. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).p ? (s).p : ""

static inline struct str
str_of(const char *c_string)
{
	return (struct str){c_string, strlen(c_string)};
}

static inline struct str
str_range(const char *begin, const char *end)
{
	return (struct str){begin, (size_t)(end - begin)};
}

/*
 * memcmp(a, b, len) == 0 without a call for the short texts that logs are made of:
 * two loads that may overlap cover 8 to 16 bytes, two more 17 to 32.
 */
STR_INLINE bool
bytes_equal(const char *a, const char *b, size_t len)
{
	uint64_t x, y, v, w;
	uint32_t m, n, o, p;

	if (len > 32)
		return memcmp(a, b, len) == 0;
	if (len >= 8) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		memcpy(&v, a + len - 8, 8);
		memcpy(&w, b + len - 8, 8);
		if ((x ^ y) | (v ^ w))
			return false;
		if (len <= 16)
			return true;
		memcpy(&x, a + 8, 8);
		memcpy(&y, b + 8, 8);
		memcpy(&v, a + len - 16, 8);
		memcpy(&w, b + len - 16, 8);
		return ((x ^ y) | (v ^ w)) == 0;
	}
	if (len >= 4) {
		memcpy(&m, a, 4);
		memcpy(&n, b, 4);
		memcpy(&o, a + len - 4, 4);
		memcpy(&p, b + len - 4, 4);
		return ((m ^ n) | (o ^ p)) == 0;
	}
	return len == 0 ||
	    (a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1]);
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && bytes_equal(a.p, b.p, a.len);
}

STR_INLINE bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && bytes_equal(s.p, prefix.p, prefix.len);
}

STR_INLINE bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    bytes_equal(s.p + s.len - suffix.len, suffix.p, suffix.len);
}

/* What is left of S after its first N bytes; N must not exceed S.len. */
static inline struct str
str_from(struct str s, size_t n)
{
	return (struct str){s.p + n, s.len - n};
}

static inline struct str
str_head(struct str s, size_t n)
{
	return (struct str){s.p, n < s.len ? n : s.len};
}

/* Consumes PREFIX from the front of *S. Returns false, *S untouched, if absent. */
STR_INLINE bool
str_skip(struct str *s, struct str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	s->p += prefix.len;
	s->len -= prefix.len;
	return true;
}

STR_INLINE bool
str_skip_char(struct str *s, char c)
{
	if (s->len == 0 || *s->p != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

/* Offset of the first C in S, or S.len. */
static inline size_t
str_index(struct str s, char c)
{
	const char *hit = s.len ? memchr(s.p, c, s.len) : NULL;

	return hit ? (size_t)(hit - s.p) : s.len;
}

/* Offset of the first NEEDLE in S, or S.len. */
static inline size_t
str_find(struct str s, struct str needle)
{
	const char *hit = s.len ? memmem(s.p, s.len, needle.p, needle.len) : NULL;

	return hit ? (size_t)(hit - s.p) : s.len;
}

/* Offset of the last NEEDLE in S, or S.len. */
size_t str_find_last(struct str s, struct str needle);

/*
 * Splits *S at the first C: returns what stands before it and leaves in *S
 * what stands behind it. Without C returns all of *S and leaves it empty.
 */
static inline struct str
str_cut(struct str *s, char c)
{
	size_t n = str_index(*s, c);
	struct str head = {s->p, n};
	size_t used = n < s->len ? n + 1 : n;

	s->p += used;
	s->len -= used;
	return head;
}

/* Strips spaces and tabs from both ends. */
struct str str_trim(struct str s);

/*
 * Reads decimal digits from the front of *S into *RET and consumes them.
 * False, *S untouched, when there is no digit or the number exceeds INT64_MAX.
 */
bool str_skip_number(struct str *s, int64_t *ret);

/* The whole of S as a decimal number. */
bool str_number(struct str s, int64_t *ret);

/* ASCII case-insensitive equality. */
bool str_eq_nocase(struct str a, struct str b);

/* memcmp order, shorter first on a tie: <0, 0, >0. */
int str_compare(struct str a, struct str b);

static inline bool
char_is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool
char_is_alnum(char c)
{
	return char_is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26;
}

/* What makes the word for N of something a plural: "s", or "" for one. */
static inline const char *
plural_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
