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
#include "parse/postfix-scan.h"
#include "parse/postfix.h"

#define ROW_MEMOS 1024u /* half of them are for what stands behind a queue id */

/* The row that a message went to. All zeroes is none. */
struct row_memo {
	_Alignas(16) char head[16];     /* of its prefix */
	_Alignas(16) char behind[16];   /* ones where HEAD is none */
	const struct parse_reader *reader; /* in whose grammar it is */
	const struct postfix_row *row;
	postfix_reader *read;           /* its own, and */
	size_t len;                     /* that of its prefix, so that neither is waited for */
};

/*
 * postfix_read() of BEGUN's message, which is not cut; N > 0: with a queue id of so many
 * bytes. What stands behind that is not for MEMO's row, but the row that it is for may become
 * that.
 */
enum parse_result row_memo_learn(struct row_memo *memo, const struct parse_begun *begun,
    size_t n, struct event *ev);

/* row_memo_read() of what row_queue_id() does not know. */
enum parse_result row_memo_read_odd(struct row_memo *memos, const struct parse_begun *begun,
    struct event *ev);

/* The same of what a row took for its own that it turned out not to be. */
enum parse_result row_memo_read_again(const struct parse_begun *begun, struct event *ev);

/*
 * Where TEXT has its first colon, if surely a queue id stands before it and something behind.
 * 0: surely there is none, a space comes before any colon. SIZE_MAX: nobody knows. ENDED: a
 * newline or CR ends TEXT, so that nothing that has none reaches beyond.
 */
static inline __attribute__((always_inline)) size_t
row_queue_id(struct str text, bool ended)
{
#ifdef __SSE2__
	__m128i bytes = scan_load(text.p);
	unsigned spaces = scan_equal(bytes, ' '), colons = scan_equal(bytes, ':');
	size_t n;

	/* Below the first space. */
	colons &= spaces - 1;
	if (colons == 0)
		return spaces ? 0 : SIZE_MAX;
	n = (unsigned)__builtin_ctz(colons);
#else
	size_t n = scan_colon(text);

	if (n == 0)
		return 0;
#endif
	return n >= QID_MIN && (ended || n + 1 < text.len) && text.p[n + 1] == ' ' &&
	    scan_is_id(text.p, n) ? n : SIZE_MAX;
}

/* Where among half of ROW_MEMOS is what is known of READER's lines with TEXT? */
static inline size_t
row_memo_at(const struct parse_reader *reader, const char *text)
{
	/* By the sixth byte PASS NEW and PASS OLD differ. */
	uint64_t head = scan_head(text) & UINT64_C(0x1000000ffff);

	return ((head + reader->salt) * HASH_K1 >> 32) % (ROW_MEMOS / 2);
}

/* Does TEXT, of READER, begin with MEMO's prefix? As above it is ended. */
static inline bool
row_memo_fits(const struct row_memo *memo, const struct parse_reader *reader, struct str text)
{
	if (!__builtin_expect(memo->reader == reader, true))
		return false;
#ifdef __SSE2__
	const __m128i *head = (const __m128i *)(const void *)memo->head;
	const __m128i *behind = (const __m128i *)(const void *)memo->behind;
	__m128i same = _mm_cmpeq_epi8(scan_load(text.p), _mm_load_si128(head));

	if (!__builtin_expect(
		_mm_movemask_epi8(_mm_or_si128(same, _mm_load_si128(behind))) == 0xffff, true))
		return false;
	if (__builtin_expect(memo->len <= 16, true))
		return true;
#endif
	return str_starts(text, memo->row->prefix);
}

/* What MEMO's row, which fits, says of SAID, what follows BEGUN's queue id. */
static inline __attribute__((always_inline)) enum parse_result
row_memo_use(const struct row_memo *memo, const struct parse_begun *begun, struct str said,
    struct event *ev)
{
	enum parse_result result = memo->read(memo->row, str_from(said, memo->len), ev);

	if (__builtin_expect(result == PARSE_UNKNOWN, false))
		return row_memo_read_again(begun, ev);
	return result;
}

/*
 * postfix_read() of BEGUN's message, which is of a run and whose reader must have grammars.
 * MEMOS may be of any messages before.
 */
static inline __attribute__((always_inline)) enum parse_result
row_memo_read(struct row_memo *memos, const struct parse_begun *begun, struct event *ev)
{
	const struct parse_reader *reader = begun->reader;
	struct str said = begun->message;
	size_t n = row_queue_id(said, true);
	struct row_memo *memo;

	/* What is not usual looks at BEGUN anew, so that nothing is kept for it. */
	if (!__builtin_expect(n != SIZE_MAX && said.len < POSTFIX_MESSAGE_MAX, true))
		return row_memo_read_odd(memos, begun, ev);
	if (n) {
		said = str_from(said, n + 2);
		memos += ROW_MEMOS / 2;
	}
	memo = &memos[row_memo_at(reader, said.p)];
	if (!row_memo_fits(memo, reader, said))
		return row_memo_learn(memo, begun, n, ev);
	if (n)
		EVENT_TEXT(ev, qid, ((struct str){begun->message.p, n}));
	return row_memo_use(memo, begun, said, ev);
}

#endif
