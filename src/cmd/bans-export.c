/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-export: who is banned now, in the form of another program.
 */
#include <stdlib.h>

#include "cmd/bans.h"

/* What stands beside an address where a form has room for it. */
#define TEXT "REJECT banned, id {id}"

static const struct {
	const char *name;
	enum act_format format;
	const char *text;
} tables[] = {
	{"plain", ACT_PLAIN, ""},
	{"cidr", ACT_CIDR, TEXT},
	{"hash", ACT_HASH, TEXT},
	{"ipset", ACT_IPSET, ""},
	{"rbldnsd", ACT_RBLDNSD, "banned, id {id}"},
};

#define TABLES (sizeof(tables) / sizeof(*tables))

static int
by_prefix(const void *a, const void *b)
{
	const struct act_ban *x = a, *y = b;
	int order = cidr_compare(&x->prefix, &y->prefix);

	/* The longest first. */
	return order ? order : (x->until < y->until) - (x->until > y->until);
}

/* In order of their prefixes, one for each; the caller frees it. */
static struct act_ban *
prefixes_of(const struct ban_list *list, size_t *ret_count)
{
	struct act_ban *bans = xcalloc(list->count + 1, sizeof(*bans));
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->bans[i].prefix.base.family)
			bans[count++] = (struct act_ban){list->bans[i].id,
			    list->bans[i].prefix, list->bans[i].until};
	qsort(bans, count, sizeof(*bans), by_prefix);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || bans[kept - 1].prefix.bits != bans[i].prefix.bits ||
		    memcmp(&bans[kept - 1].prefix.base, &bans[i].prefix.base,
		        sizeof(bans[i].prefix.base)) != 0)
			bans[kept++] = bans[i];
	*ret_count = kept;
	return bans;
}

/* Who relies on the table for a network that it cannot have is to know. */
static void
say_left_out(enum act_format format, const char *name, const struct act_ban *bans,
    size_t count)
{
	char first[CIDR_TEXT_MAX], more[48] = "";
	size_t left_out = 0;

	for (size_t i = 0; i < count; i++)
		if (!act_can_say(format, &bans[i].prefix) && left_out++ == 0)
			cidr_format(&bans[i].prefix, first);
	if (left_out > 1)
		snprintf(more, sizeof(more), " and %zu more network%s", left_out - 1,
		    plural_s(left_out - 1));
	if (left_out)
		complain("%s has no way to write %s%s, left out; cidr has all", name, first,
		    more);
}

static int
export_table(const struct bans *bans, const struct ban_list *list, const char *format)
{
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	size_t count;
	struct act_ban *prefixes = prefixes_of(list, &count);

	if (strcmp(format, "nft") == 0)
		act_put_nft("postern", prefixes, count, bans->now, &out);
	for (size_t i = 0; i < TABLES; i++) {
		if (strcmp(format, tables[i].name) != 0)
			continue;
		act_put_table(tables[i].format, tables[i].text, prefixes, count, bans->now,
		    &out);
		say_left_out(tables[i].format, format, prefixes, count);
	}
	free(prefixes);
	return output_all(&out);
}

int
bans_export(struct bans *bans)
{
	const char *format = bans->options.format ? bans->options.format : "plain";
	struct ban_filter filter = bans_filter(bans);
	bool whole = report_format_named(str_of(format)) != NULL;
	struct ban_list list = {0};
	struct err err;
	int status;

	if ((bans->options.all || bans->options.sort) && !whole) {
		err_set(&err,
		    "--all and --sort are for json and csv: %s says only who is banned "
		    "now, in order", format);
		return usage_error(bans->command, &err);
	}
	if (!bans->options.all)
		filter.active_at = bans->now;
	if (bans_open(bans, true, &err) < 0 || bans_geo(bans, false, &err) < 0 ||
	    bans_read(bans, &filter, &list, &err) < 0) {
		status = bans_failed(&err);
	} else if (whole) {
		struct report *report = bans_report(bans);
		struct table *table = report_give(report, REPORT_BANS_ALL);

		bans_rows(bans, &list, table);
		status = bans_print(bans, report, table);
	} else {
		status = export_table(bans, &list, format);
	}
	free(list.bans);
	return status;
}
