/* SPDX-License-Identifier: Apache-2.0
 *
 * csv: lines, fields, addresses. A number belongs to IPv6 when the range's end does
 * not fit IPv4: no routed IPv6 network is that low.
 */
#include "enrich/csv.h"

#include <errno.h>

int
csv_open(struct csv *csv, const char *path, struct err *err)
{
	gzFile file;

	errno = 0;
	file = gzopen(path, "rbe");
	if (file == NULL)
		return err_set(err, "%s: %s", path, strerror(errno ? errno : ENOMEM));
	*csv = (struct csv){.file = file, .path = path, .buf = xmalloc(CSV_LINE_MAX)};
	return 0;
}

void
csv_close(struct csv *csv)
{
	gzclose(csv->file);
	free(csv->buf);
}

/* Reads on behind what is unread. */
static int
refill(struct csv *csv, struct err *err)
{
	int fault, n;

	memmove(csv->buf, csv->buf + csv->at, csv->end - csv->at);
	csv->end -= csv->at;
	csv->at = 0;
	if (csv->end == CSV_LINE_MAX)
		return err_set(err, "%s, line %llu: longer than %u bytes; expected start,end,"
		    "value", csv->path, (unsigned long long)csv->lineno + 1, CSV_LINE_MAX);
	errno = 0;
	n = gzread(csv->file, csv->buf + csv->end, CSV_LINE_MAX - (unsigned)csv->end);
	csv->end += n > 0 ? (size_t)n : 0;
	csv->ended = n <= 0;
	if (n > 0)
		return 0;
	gzerror(csv->file, &fault);
	if (n < 0 || fault == Z_BUF_ERROR)
		return err_set(err, "%s: %s", csv->path, fault == Z_ERRNO ? strerror(errno) :
		    fault == Z_BUF_ERROR ? "cut short" : "damaged compression");
	return 0;
}

int
csv_line(struct csv *csv, char **ret, size_t *ret_len, struct err *err)
{
	for (;;) {
		struct str unread = {csv->buf + csv->at, csv->end - csv->at};
		size_t len = str_index(unread, '\n');

		if (len == unread.len && !csv->ended) {
			if (refill(csv, err) < 0)
				return -1;
			continue;
		}
		if (unread.len == 0)
			return 0;
		*ret = csv->buf + csv->at;
		*ret_len = len;
		if (len && (*ret)[len - 1] == '\r')
			--*ret_len;
		csv->at += len < unread.len ? len + 1 : len;
		csv->lineno++;
		return 1;
	}
}

/* Unquotes the field at LINE in place; returns what is used up, 0: it does not end. */
static size_t
unquote(char *line, size_t len, struct str *ret)
{
	size_t from = 1, to = 0;

	for (; from < len; from++) {
		if (line[from] == '"' && (from + 1 == len || line[from + 1] != '"')) {
			*ret = (struct str){line, to};
			return from + 1;
		}
		from += line[from] == '"';
		line[to++] = line[from];
	}
	return 0;
}

int
csv_split(char *line, size_t len, struct str fields[CSV_FIELDS])
{
	unsigned count = 0;
	size_t at = 0;

	while (count < CSV_FIELDS) {
		struct str rest = {line + at, len - at};

		if (rest.len && *rest.p == '"') {
			size_t used = unquote(line + at, rest.len, &fields[count]);

			if (used == 0)
				return -1;
			at += used;
			at += str_index(str_from(rest, used), ',');
		} else {
			fields[count] = str_trim(str_head(rest, str_index(rest, ',')));
			at += str_index(rest, ',');
		}
		count++;
		if (at >= len)
			break;
		at++;
	}
	return (int)count;
}

/* The whole of TEXT as a decimal number of up to 128 bits. */
static bool
big_number(struct str text, unsigned __int128 *ret)
{
	unsigned __int128 n = 0, most = ~(unsigned __int128)0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)(text.p[i] - '0');

		if (digit > 9 || n > most / 10 || n * 10 > most - digit)
			return false;
		n = n * 10 + digit;
	}
	*ret = n;
	return text.len > 0;
}

static unsigned __int128
number_of(const struct ip *ip)
{
	if (ip->family == 4)
		return ip_number4(ip);
	return (unsigned __int128)ip_half6(ip, 0) << 64 | ip_half6(ip, 8);
}

int
csv_range(struct str first, struct str last, struct csv_range *ret, struct err *err)
{
	struct csv_range range = {.family = 4};
	struct ip from, to;

	if (big_number(first, &range.first) && big_number(last, &range.last)) {
		if (range.last > UINT32_MAX)
			range.family = 6;
	} else if (ip_parse(first, &from) && ip_parse(last, &to)) {
		if (from.family != to.family)
			return err_set(err, "a range from IPv%d to IPv%d", from.family,
			    to.family);
		range.family = from.family;
		range.first = number_of(&from);
		range.last = number_of(&to);
	} else {
		return err_set(err, "expected two addresses, as text or as numbers, not "
		    "'%.*s' and '%.*s'", STR_ARG(str_head(first, 60)),
		    STR_ARG(str_head(last, 60)));
	}
	if (range.first > range.last)
		return err_set(err, "a range that ends before it begins, '%.*s' to '%.*s'",
		    STR_ARG(str_head(first, 60)), STR_ARG(str_head(last, 60)));
	*ret = range;
	return 0;
}

static bool
says_nothing(struct str field)
{
	return field.len == 0 || str_eq(field, STR("-")) || str_eq(field, STR("--"));
}

int
csv_asn(struct str field, uint32_t *ret, struct err *err)
{
	struct str digits = field;
	int64_t n = 0;

	if (!str_skip(&digits, STR("AS")))
		str_skip(&digits, STR("as"));
	if (!says_nothing(field) && (!str_number(digits, &n) || n > UINT32_MAX))
		return err_set(err, "expected the number of an autonomous system, not '%.*s'",
		    STR_ARG(str_head(field, 60)));
	*ret = (uint32_t)n;
	return 0;
}

int
csv_country(struct str field, uint32_t *ret, struct err *err)
{
	struct place place = {.asn = 0};

	if (!says_nothing(field) && (field.len != 2 || char_is_digit(field.p[0]) ||
		!char_is_alnum(field.p[0]) || !char_is_alnum(field.p[1])))
		return err_set(err, "expected a country's two letters, not '%.*s'",
		    STR_ARG(str_head(field, 60)));
	place_set_country(&place, field);
	*ret = (uint32_t)(unsigned char)place.country[0] << 8 |
	    (uint32_t)(unsigned char)place.country[1];
	return 0;
}
