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
	const struct postfix_row *rows; /* its table */
	const struct postfix_row *row;
	size_t len;                     /* of its prefix */
};

/*
 * postfix_read() of BEGUN's message, which is not cut; N > 0: with a queue id of so many
 * bytes. What stands behind that is not for MEMO's row, but the row that it is for may become
 * that.
 */
enum parse_result row_memo_learn(struct row_memo *memo, const struct parse_begun *begun,
    size_t n, struct event *ev);

/*
 * Where TEXT has its first colon, if surely a queue id stands before it and something behind.
 * 0: surely there is none, a space comes before any colon. SIZE_MAX: nobody knows.
 */
static inline __attribute__((always_inline)) size_t
row_queue_id(struct str text)
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
	return n >= QID_MIN && n + 1 < text.len && text.p[n + 1] == ' ' &&
	    scan_is_id(text.p, n) ? n : SIZE_MAX;
}

/* Where among half of ROW_MEMOS is what is known of READER's lines with TEXT? */
static inline size_t
row_memo_at(const struct parse_reader *reader, const char *text)
{
	uint16_t head;

	memcpy(&head, text, sizeof(head));
	/* By the sixth byte PASS NEW and PASS OLD differ. */
	return (head * (uint32_t)HASH_K1 >> 23) + reader->number * 19 + (text[5] & 1);
}

/* Does TEXT, of ROWS, begin with MEMO's prefix? */
static inline bool
row_memo_fits(const struct row_memo *memo, const struct postfix_row *rows, struct str text)
{
	if (!__builtin_expect(memo->rows == rows && text.len >= memo->len, true))
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

/*
 * postfix_read() of BEGUN's message, whose reader must have grammars. MEMOS may be of any
 * messages before.
 */
static inline __attribute__((always_inline)) enum parse_result
row_memo_read(struct row_memo *memos, const struct parse_begun *begun, struct event *ev)
{
	const struct parse_reader *reader = begun->reader;
	const struct postfix_grammar *grammar = *reader->grammars;
	const struct postfix_row *rows = grammar->info;
	struct str said = begun->message;
	size_t n = row_queue_id(said);
	struct row_memo *memo;

	/* What is not usual looks at BEGUN anew, so that nothing is kept for it. */
	if (!__builtin_expect(n != SIZE_MAX && said.len < POSTFIX_MESSAGE_MAX, true))
		return postfix_read_any(begun->reader->grammars, begun->message, ev);
	if (n) {
		said = str_from(said, n + 2);
		rows = grammar->queued;
		memos += ROW_MEMOS / 2;
	}
	memo = &memos[row_memo_at(reader, said.p) % (ROW_MEMOS / 2)];
	if (!row_memo_fits(memo, rows, said))
		return row_memo_learn(memo, begun, n, ev);
	if (n)
		EVENT_TEXT(ev, qid, ((struct str){begun->message.p, n}));
	return memo->row->read(memo->row, str_from(said, memo->len), ev);
}

#endif
