/* SPDX-License-Identifier: Apache-2.0
 *
 * row-memo: the shortcut over the messages before. Lines of one daemon that begin alike are
 * mostly for the same row of its grammar, so that one is tried first:
 *
 *   connect from mail.example.test[192.0.2.1]
 *   ^^^^^^^^^^^^^
 *   4F1D2A3B4C: client=mail.example.test[192.0.2.1]
 *               ^^^^^^^
 */
#ifndef PARSE_ROW_MEMO_H
#define PARSE_ROW_MEMO_H

#include "base/hash.h"
#include "parse/header-memo.h"
#include "parse/postfix-scan.h"
#include "parse/postfix.h"

#define ROW_MEMOS 128u /* half of them are for what stands behind a queue id */

#define ROW_HEAD PARSE_RUN_PADDING

/* The row that a message of a reader went to. */
struct row_memo {
	_Alignas(64) char head[ROW_HEAD]; /* its prefix: a row with a longer one is not kept */
	uint32_t wanted;                /* bits for the bytes of that */
	uint32_t len;                   /* so many */
	const struct postfix_row *row;
	postfix_reader *read;           /* its own, so that it is not waited for */
};

/* ROW_MEMOS of no rows, for a reader. */
struct row_memo *row_memos_new(void);

/*
 * postfix_read() of BEGUN's message, which is not cut; N > 0: with a queue id of so many
 * bytes. What stands behind that is not for MEMO's row, but the row that it is for may become
 * that.
 */
enum parse_result row_memo_learn(struct row_memo *memo, const struct parse_begun *begun,
    size_t n, struct event *ev);

/* row_memo_read() of what row_queue_id() does not know. */
enum parse_result row_memo_read_odd(const struct parse_begun *begun, struct event *ev);

/* The same of what a row took for its own that it turned out not to be. */
enum parse_result row_memo_read_again(const struct parse_begun *begun, struct event *ev);

#ifdef __SSE2__
/* What makes small letters, and of the digits, or letters, more than is compared with. */
extern const char row_small[16], row_to_top[2][16], row_top[2][16];

/* Bits of letters and digits among the 16 bytes at P; *RET_DIGITS: of digits alone. */
static inline unsigned
row_words(const char *p, unsigned *ret_digits)
{
	__m128i bytes = scan_load(p), letters = _mm_or_si128(bytes, header_kept16(row_small));
	__m128i digits = _mm_add_epi8(bytes, header_kept16(row_to_top[0]));

	digits = _mm_cmpgt_epi8(digits, header_kept16(row_top[0]));
	letters = _mm_add_epi8(letters, header_kept16(row_to_top[1]));
	letters = _mm_cmpgt_epi8(letters, header_kept16(row_top[1]));
	*ret_digits = (unsigned)_mm_movemask_epi8(digits);
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(letters, digits));
}
#endif

/*
 * How long the queue id is that begins TEXT, with ": " behind it. 0: surely there is none, nor
 * any other word and ": ". SIZE_MAX: nobody knows. ENDED: a newline or CR ends TEXT, so that
 * nothing that has none reaches beyond.
 */
static inline __attribute__((always_inline)) size_t
row_queue_id(struct str text, bool ended)
{
#ifdef __SSE2__
	unsigned digits;
	uint64_t others = ~(uint64_t)row_words(text.p, &digits);
	size_t n = (size_t)__builtin_ctzll(others);

	if (memcmp(text.p + n, ": ", 2) != 0)
		return n < 16 ? 0 : SIZE_MAX;
	return n - QID_MIN <= QID_MAX - QID_MIN && (digits & (others ^ (others - 1))) &&
	    (ended || n + 1 < text.len) ? n : SIZE_MAX;
#else
	(void)text, (void)ended;
	return SIZE_MAX;
#endif
}

/* Where among half of ROW_MEMOS is what is known of lines with TEXT? */
static inline size_t
row_memo_at(const char *text)
{
	/* By the sixth byte PASS NEW and PASS OLD differ. */
	uint64_t head = scan_head(text) & UINT64_C(0x1000000ffff);

	/* A factor of 31 bits stands in the instruction. */
	return (head * 0x769fd6a7 >> 36) % (ROW_MEMOS / 2);
}

/* Does TEXT begin with MEMO's prefix? As above it is ended, and WIDE. */
static inline __attribute__((always_inline)) bool
row_memo_fits(const struct row_memo *memo, struct str text, bool wide)
{
#ifdef __SSE2__
	return MEMO_USUAL((memo->wanted & ~header_equal_bits(text.p, memo->head, wide)) == 0);
#else
	(void)wide;
	return str_starts(text, (struct str){memo->head, memo->len});
#endif
}

/* What MEMO's row, which fits, says of SAID, what follows BEGUN's queue id. */
static inline __attribute__((always_inline)) enum parse_result
row_memo_use(const struct row_memo *memo, const struct parse_begun *begun, struct str said,
    struct event *ev)
{
	enum parse_result result = memo->read(memo->row, str_from(said, memo->len), ev);

	if (MEMO_USUAL(result == PARSE_EVENT))
		return PARSE_EVENT;
	return result == PARSE_UNKNOWN ? row_memo_read_again(begun, ev) : result;
}

/* postfix_read() of BEGUN's message, which is of a run and whose reader must have grammars. */
static inline __attribute__((always_inline)) enum parse_result
row_memo_read(const struct parse_begun *begun, struct event *ev, bool wide)
{
	struct str said = begun->message;
	size_t n = row_queue_id(said, true);
	struct row_memo *memo = begun->reader->memos;

	/* What is not usual looks at BEGUN anew, so that nothing is kept for it. */
	if (!MEMO_USUAL(n != SIZE_MAX && said.len < POSTFIX_MESSAGE_MAX))
		return row_memo_read_odd(begun, ev);
	if (n) {
		EVENT_TEXT(ev, qid, ((struct str){said.p, n}));
		said = str_from(said, n + 2);
		memo += ROW_MEMOS / 2;
	}
	memo += row_memo_at(said.p);
	if (!row_memo_fits(memo, said, wide))
		return row_memo_learn(memo, begun, n, ev);
	return row_memo_use(memo, begun, said, ev);
}

#endif
