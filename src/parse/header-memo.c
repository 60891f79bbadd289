/* SPDX-License-Identifier: Apache-2.0
 *
 * The shortcut over the lines before: those of a log are mostly of one day, one host
 * and a dozen tags, so what stands before the message is compared, not read:
 *
 *   Nov  5 09:08:07 mx postfix/smtpd[123]: connect from ...
 *   ^^^^^^^         ^^^            ^    ^^^
 */
#include "parse/header-memo.h"

void
header_keep_minute(struct header_memo *memo, const char *clock, int64_t usec)
{
	uint64_t digits = digits_load(clock);
	int64_t seconds = (int64_t)((digits >> 48 & 0xff) * 10 + (digits >> 56));

	memo->minute_text = digits & UINT64_C(0x0000ffffffffffff);
	memo->minute = memo->midnight + usec - seconds * 1000000;
}

PARSE_RARE int64_t
header_clock_of_day(struct header_memo *memo, const char *clock)
{
	int64_t usec = stamp_clock(clock);

	if (usec < 0)
		return HEADER_NO_TIME;
	header_keep_minute(memo, clock, usec);
	return memo->midnight + usec;
}

/* Keeps the tag of a line, if it is followed by a pid and not too long. */
static void
keep_tag(struct header_memo *memo, struct header *header)
{
	struct str tag = header->tag;
	unsigned slot;

	header->tag_no = NULL;
	if (tag.len == 0 || tag.len >= HEADER_TAG_KEPT || header->pid.len == 0)
		return;
	slot = header_tag_slot(tag.p + tag.len, (unsigned)tag.len);
	memo->tag_len[slot] = (uint8_t)tag.len;
	memcpy(memo->tag[slot], tag.p, tag.len);
	memo->tag_no[slot] = 0;
	header->tag_no = &memo->tag_no[slot];
}

/* Tag, pid and message, S beginning behind the host. */
static bool
read_tag(struct header_memo *memo, struct str s, struct header *ret)
{
	skip_spaces(&s);
	if (!header_take_tag(&s, IN_TAG, ret))
		return false;
	ret->message = header_without_id(s);
	keep_tag(memo, ret);
	return true;
}

/* Notes what header_again() needs of LINE and its header, if it can read such lines. */
static void
learn(struct header_memo *memo, struct str line, const struct header *header)
{
	size_t clock_at = header->form == STAMP_TRADITIONAL ? 7 : 11;
	struct str middle;
	int64_t clock, fraction = 0;

	memo->form = STAMP_NONE;
	if ((header->form != STAMP_TRADITIONAL && header->form != STAMP_RFC3339) ||
	    header->host.len == 0 || header->tag.len == 0)
		return;
	/* Before the host may only stand the stamp; a prefix shows in the clock's place. */
	clock = stamp_clock(line.p + clock_at);
	middle = str_range(line.p + clock_at + 8, header->host.p + header->host.len + 1);
	memo->fraction = 0;
	if (header->form == STAMP_RFC3339 && str_skip_char(&middle, '.')) {
		memo->fraction = (uint8_t)header_digits(middle);
		fraction = stamp_fraction(middle.p, memo->fraction);
		middle = str_from(middle, memo->fraction);
	}
	if (clock < 0 || middle.len > sizeof(memo->middle) ||
	    str_index(middle, ' ') + header->host.len + 2 != middle.len)
		return;
	memo->form = header->form;
	memcpy(memo->date, line.p, clock_at);
	memo->stamp = header->stamp;
	memo->midnight = header->stamp.local - fraction - clock;
	header_keep_minute(memo, line.p + clock_at, clock);
	memo->host_len = (uint8_t)header->host.len;
	memo->middle_len = (uint8_t)middle.len;
	memset(memo->mask, 0, sizeof(memo->mask));
	memset(memo->mask, 0xff, middle.len);
	memcpy(memo->middle, middle.p, middle.len);
}

/* The long way, from which the shortcut for the next line is learnt. */
static bool
read_anew(struct header_memo *memo, struct str line, struct header *ret)
{
	if (!header_read(line, ret)) {
		memo->form = STAMP_NONE;
		return false;
	}
	learn(memo, line, ret);
	return true;
}

bool
header_read_rest(struct header_memo *memo, struct str line, const struct header_again *again,
    struct header *ret)
{
	if (!again->same_host)
		return read_anew(memo, line, ret);
	ret->stamp = memo->stamp;
	ret->stamp.local = again->local;
	ret->host = header_host_again(memo, again);
	ret->form = memo->form;
	ret->same_host = true;
	return read_tag(memo, again->rest, ret) || read_anew(memo, line, ret);
}

bool
header_read_memo(struct header_memo *memo, struct str line, struct header *ret)
{
	struct header_again again;

	line = header_without_cr(line);
	if (!header_again(memo, line, &again))
		return header_read_rest(memo, line, &again, ret);
	ret->stamp = memo->stamp;
	ret->stamp.local = again.local;
	ret->host = header_host_again(memo, &again);
	ret->form = memo->form;
	ret->same_host = true;
	ret->tag = again.tag;
	ret->pid = again.pid;
	ret->message = again.message;
	ret->tag_no = again.tag_no;
	return true;
}
