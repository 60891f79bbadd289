/* SPDX-License-Identifier: Apache-2.0
 *
 * What exists twice, here with instructions that processors have since 2013: host names, and
 * the clients of nearly all lines, each in one go:
 *
 *   mail.example.test[192.0.2.1]   unknown[2001:db8::1]   [192.0.2.1]:4711
 */
#include "parse/postfix-read.h"
#include "parse/row-memo.h"

#ifdef __SSE2__

#define WIDE_INLINE MEMO_AVX2 static inline __attribute__((always_inline))

#define TWICE(...) {__VA_ARGS__, __VA_ARGS__}

/*
 * What all bytes are compared with but the last, which no address reaches. Where all are
 * alike, gcc does not load them, but makes them anew by three instructions.
 */
#define BUT_LAST(byte, last) {[0 ... 30] = (byte), (last)}
#define BUT_LAST_16(byte, last) {[0 ... 14] = (byte), (last)}

/* Digits and letters. */
_Alignas(16) const char row_small[16] = {[0 ... 15] = 0x20};
_Alignas(16) const char row_to_top[2][16] = {
    {[0 ... 15] = 127 - '9'}, {[0 ... 15] = 127 - 'z'}};
_Alignas(16) const char row_top[2][16] = {{[0 ... 15] = 127 - 10}, {[0 ... 15] = 127 - 26}};

/*
 * Of what sorts a byte of a host name can be by its upper four bits, and of what by its lower
 * ones, a bit each: "-.", digits, the first fifteen letters, the other ones in capitals and
 * '_', in small letters. A byte from 128 on looks up zero.
 */
_Alignas(32) static const char upper[32] =
    TWICE(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
_Alignas(32) static const char lower[32] = TWICE(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28,
    4, 4, 5, 5, 12);

/* A set bit 6 makes no difference. */
_Alignas(32) static const char low_bits[32] = BUT_LAST(0x0f, 0x4f);

WIDE_INLINE __m256i
load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Bits of the 32 bytes at P that a host name does not hold. */
WIDE_INLINE unsigned
host_others(const char *p)
{
	__m256i bytes = load(p), by_lower = _mm256_shuffle_epi8(load(lower), bytes);
	__m256i by_upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), load(low_bits));

	by_upper = _mm256_shuffle_epi8(load(upper), by_upper);
	return (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
	    _mm256_and_si256(by_upper, by_lower), _mm256_setzero_si256()));
}

/* The same of 16. */
WIDE_INLINE unsigned
host_others_16(const char *p)
{
	__m128i bytes = scan_load(p), by_lower = _mm_shuffle_epi8(header_kept16(lower), bytes);
	__m128i by_upper = _mm_and_si128(_mm_srli_epi16(bytes, 4), header_kept16(low_bits));

	by_upper = _mm_shuffle_epi8(header_kept16(upper), by_upper);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
	    _mm_and_si128(by_upper, by_lower), _mm_setzero_si128()));
}

MEMO_AVX2 size_t
scan_host_wide(struct str s)
{
	unsigned others;
	size_t n;

	if (s.len < 16) {
		n = _tzcnt_u64(host_others_16(s.p) | 1u << 16);
		return n < s.len ? n : s.len;
	}
	others = host_others(s.p);
	n = others ? (size_t)__builtin_ctzll(others) : 32;
	if (n >= s.len)
		return s.len;
	return others ? n : n + scan_word(str_from(s, n), true);
}

_Alignas(16) static const char dot[16] = BUT_LAST_16('.', 0), zero[16] = BUT_LAST_16('0', 0),
    nine[16] = BUT_LAST_16(9, 0);

/*
 * Of N bytes up to HIGHEST is what is, with the one added, more than the other, signed. Not of
 * the digits is what is, with the one added, more than the other.
 */
#define HIGHEST(byte) (char)(127 - (byte))
#define BUT_SO_MANY(n) (char)(127 - (n))

_Alignas(16) static const char from_0[16] = BUT_LAST_16((char)(0x80 - '0'), 0),
    from_9[16] = BUT_LAST_16((char)(0x80 + 9), 0);

/*
 * A dotted quad by where its numbers end: bits of the dots and of what stands behind. How its
 * digits, ones first, move to four bytes each, and what these are at least, for no number of
 * two or three begins with a zero, and how much more at most.
 */
struct shape {
	_Alignas(64) char move[16];
	uint32_t least[4], span[4], ends;
};

#define NONE ((char)0x80) /* a zero */
#define MOVE(at, n)                                                                         \
	(at) + (n)-1, (n) > 1 ? (at) + (n)-2 : NONE, (n) > 2 ? (at) : NONE, NONE
#define LEAST(n) ((n) > 2 ? 0x313030 : (n) > 1 ? 0x3130 : 0x30) /* "100", "10", "0" */
#define SPAN(n) ((n) > 2 ? 0x323535 : (n) > 1 ? 0x3939 : 0x39) - LEAST(n)
#define ENDS(a, b, c, d)                                                                    \
	(1u << (a) | 1u << ((a) + (b) + 1) | 1u << ((a) + (b) + (c) + 2) |                  \
	    1u << ((a) + (b) + (c) + (d) + 3))

/* No two of the 81 have the same: then the compiler would warn. */
#define SHAPE_SLOT(ends) ((ends)*UINT32_C(0xd6af10d1) >> 24)
#define SHAPE(a, b, c, d)                                                                   \
	[SHAPE_SLOT(ENDS(a, b, c, d))] = {                                                  \
	    {MOVE(0, a), MOVE((a) + 1, b), MOVE((a) + (b) + 2, c),                          \
		MOVE((a) + (b) + (c) + 3, d)},                                              \
	    {LEAST(a), LEAST(b), LEAST(c), LEAST(d)},                                       \
	    {SPAN(a), SPAN(b), SPAN(c), SPAN(d)}, ENDS(a, b, c, d)},
#define SHAPES_1(a, b, c) SHAPE(a, b, c, 1) SHAPE(a, b, c, 2) SHAPE(a, b, c, 3)
#define SHAPES_2(a, b) SHAPES_1(a, b, 1) SHAPES_1(a, b, 2) SHAPES_1(a, b, 3)
#define SHAPES_3(a) SHAPES_2(a, 1) SHAPES_2(a, 2) SHAPES_2(a, 3)

static const struct shape shapes[256] = {SHAPES_3(1) SHAPES_3(2) SHAPES_3(3)};

/*
 * Does a dotted quad stand at P, and a ']' behind its *RET_LENGTH bytes? False tells nothing.
 * Bit i of a mask is byte i.
 */
WIDE_INLINE bool
is_ip4(const char *p, size_t *ret_length)
{
	__m128i bytes = scan_load(p), numbers, beyond;
	__m128i dots = _mm_cmpeq_epi8(bytes, header_kept16(dot));
	__m128i no_digit = _mm_cmpgt_epi8(
	    _mm_add_epi8(bytes, header_kept16(from_0)), header_kept16(from_9));
	unsigned others =
	    (unsigned)_mm_movemask_epi8(_mm_andnot_si128(dots, no_digit)) | 0x8000;
	unsigned ends = (unsigned)_mm_movemask_epi8(no_digit) & _blsmsk_u32(others);
	const struct shape *shape = &shapes[SHAPE_SLOT(ends)];

	*ret_length = _tzcnt_u64(others);
	if (__builtin_expect(p[*ret_length] != ']' || shape->ends != ends, false))
		return false;
	if (*ret_length == 0) /* no shape is so */
		__builtin_unreachable();
	numbers = _mm_shuffle_epi8(bytes, header_kept16(shape->move));
	numbers = _mm_sub_epi32(numbers, header_kept16((const char *)shape->least));
	beyond = _mm_xor_si128(numbers,
	    _mm_min_epu32(numbers, header_kept16((const char *)shape->span)));
	return _mm_testz_si128(beyond, beyond);
}

_Alignas(32) static const char small[32] = BUT_LAST(0x20, 0),
    letter_f[32] = BUT_LAST(HIGHEST('f'), 0), six[32] = BUT_LAST(BUT_SO_MANY(6), 127),
    digit_9[32] = BUT_LAST(HIGHEST('9'), 0), ten[32] = BUT_LAST(BUT_SO_MANY(10), 127),
    colon_wide[32] = BUT_LAST(':', 0);

WIDE_INLINE __m256i
among(__m256i bytes, const char *highest, const char *but_so_many)
{
	return _mm256_cmpgt_epi8(_mm256_add_epi8(bytes, load(highest)), load(but_so_many));
}

/* Length of the IPv6 address at P, of up to 31 bytes, if a ']' follows; 0 tells nothing. */
WIDE_INLINE size_t
ip6_length(const char *p)
{
	__m256i bytes = load(p), letters, digits, colons;
	unsigned hex, colon, others, inside, gap, two_hex, wrong;
	size_t n;
	int groups;

	letters = among(_mm256_or_si256(bytes, load(small)), letter_f, six);
	digits = among(bytes, digit_9, ten);
	colons = _mm256_cmpeq_epi8(bytes, load(colon_wide));
	hex = (unsigned)_mm256_movemask_epi8(_mm256_or_si256(letters, digits));
	colon = (unsigned)_mm256_movemask_epi8(colons);
	others = ~(hex | colon) | 1u << 31;
	n = _tzcnt_u64(others);
	if (p[n] != ']')
		return 0;
	inside = ~others & (others - 1);
	hex &= inside;
	colon &= inside;
	gap = colon & colon >> 1;
	two_hex = hex & hex >> 1;
	groups = __builtin_popcount(hex & ~(hex << 1));
	/* Five digits, two gaps, a single colon at an end. */
	wrong = (two_hex & two_hex >> 2 & hex >> 4) | (gap & (gap - 1)) |
	    (colon & ~gap & ~(gap << 1) & ~(hex << 1 & hex >> 1));
	return wrong == 0 && (gap ? groups < 8 : groups == 8) ? n : 0;
}

_Alignas(32) static const char dot_wide[32] = BUT_LAST('.', 0),
    slash_wide[32] = BUT_LAST('/', 0), twelve[32] = BUT_LAST(BUT_SO_MANY(12), 127);

MEMO_AVX2 size_t
scan_delays_wide(struct str s)
{
	__m256i bytes;
	unsigned dots, slashes, others, inside, ends, digits, run;
	size_t n;

	/* 32 bytes must be readable. */
	if (s.len < 16)
		return 0;
	bytes = load(s.p);
	dots = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, load(dot_wide)));
	slashes = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, load(slash_wide)));
	/* From '.' to '9' there is only '/' beside the digits. */
	others = ~(unsigned)_mm256_movemask_epi8(among(bytes, digit_9, twelve));
	n = _tzcnt_u64(others);
	if (n >= s.len || s.p[n] != ',')
		return 0;
	inside = _blsmsk_u32(others);
	ends = (dots | slashes | others) & inside;
	digits = inside & ~ends;
	dots &= inside;
	/* No digits; one more point behind the digits that follow one; four numbers. */
	if (ends & (ends * 2 + 1) || ((digits + (dots << 1)) & dots) ||
	    __builtin_popcount(slashes & inside) != 3)
		return 0;
	if (n < 13 + sizeof("/0/0/0") - 1)
		return n;
	run = digits & digits >> 1;
	run &= run >> 2;
	return run & run >> 4 & run >> 8 & digits >> 12 ? 0 : n;
}

/* Length of ":4711" at P, in a text that ENDs; 0 tells nothing. */
WIDE_INLINE size_t
port_length(const char *p, const char *end, int64_t *ret_port)
{
	__m128i digits;
	size_t n;

	if (end - p < 2 || *p != ':')
		return 0;
	digits = _mm_sub_epi8(_mm_loadl_epi64((const __m128i *)(const void *)(p + 1)),
	    header_kept16(zero));
	/* The upper half begins with none. */
	n = _tzcnt_u64(~(unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(digits, header_kept16(nine)), digits)));
	if (n - 1 > 4 || (ptrdiff_t)n >= end - p)
		return 0;
	*ret_port = header_number_wide(digits, n);
	return *ret_port <= 65535 ? n + 1 : 0;
}

WIDE_INLINE void
set_address(const char *p, size_t n, struct event *ev)
{
	EVENT_TEXT(ev, ip, ((struct str){p, n}));
}

/*
 * NAME bytes of a name at P, or none, and what follows its '[': an address of N bytes, or any
 * where that is 0. A function of its own, so that those that nearly all come through need few
 * registers.
 */
MEMO_AVX2 static __attribute__((noinline)) const char *
take_any(const char *p, const char *end, struct event *ev, size_t name, size_t n)
{
	const char *ip = p + name + 1, *behind;
	int64_t port = -1;
	size_t length = 0;

	/* 32 bytes must be readable. */
	if (n == 0 && end - ip >= 16)
		n = ip6_length(ip);
	behind = ip + n + 1;
	/* Nothing, or ":4711". */
	if (n && end - behind >= 2 && *behind == ':' && behind[1] != ' ')
		n = (length = port_length(behind, end, &port)) ? n : 0;
	if (n == 0 || behind > end)
		return name ? postfix_client_any(p, end, ev) :
			      postfix_screened_any(p, end, ev);
	if (name)
		EVENT_TEXT(ev, name, ((struct str){p, name}));
	set_address(ip, n, ev);
	if (length)
		EVENT_SET(ev, port, port);
	return behind + length;
}

MEMO_AVX2 const char *
postfix_screened_wide(const char *p, const char *end, struct event *ev)
{
	size_t n, length;
	int64_t port;

	if (end - p < 2 || *p != '[')
		return NULL;
	if (!is_ip4(p + 1, &n))
		return take_any(p, end, ev, 0, 0);
	length = port_length(p + n + 2, end, &port);
	if (length == 0)
		return take_any(p, end, ev, 0, n);
	set_address(p + 1, n, ev);
	EVENT_SET(ev, port, port);
	return p + n + 2 + length;
}

MEMO_AVX2 const char *
postfix_client_wide(const char *p, const char *end, struct event *ev)
{
	const char *ip, *behind;
	size_t name, n;

	/* 32 bytes must be readable. */
	if (end - p < 16)
		return postfix_client_any(p, end, ev);
	name = _tzcnt_u64(host_others(p) | UINT64_C(1) << 32);
	ip = p + name + 1;
	if (name == 0 || ip >= end || ip[-1] != '[')
		return postfix_client_any(p, end, ev);
	if (!is_ip4(ip, &n))
		return take_any(p, end, ev, name, 0);
	behind = ip + n + 1;
	if (behind > end || (*behind == ':' && behind[1] != ' '))
		return take_any(p, end, ev, name, n);
	EVENT_TEXT(ev, name, ((struct str){p, name}));
	set_address(ip, n, ev);
	return behind;
}
#endif
