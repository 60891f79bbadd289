/* SPDX-License-Identifier: Apache-2.0
 *
 * bans-count: bans by rule or network, by day, and who was banned again and again.
 */
#include "base/civil.h"
#include "base/now.h"
#include "cmd/bans-tally.h"

enum by { BY_NOTHING, BY_RULE, BY_NET, BY_COUNTRY, BY_ASN };

static const char *const by_words[] = {"rule", "net", "country", "asn"};

/* The longest text that bans are counted by, but rules and keys. */
#define KEY_MAX 160

struct counting {
	struct bans *bans;
	struct tally tally;
	enum by by;
	bool placed; /* a place was written down with a ban, so databases can do without */
};

/* The network that BAN is in or is: /24, /64, or wider; empty: it has no address. */
static struct str
net_of(const struct ban *ban, char text[CIDR_TEXT_MAX])
{
	struct cidr net = ban->prefix;

	if (!net.base.family)
		return STR("");
	if (net.bits > (net.base.family == 4 ? 24 : 64))
		net = ip_net(&net.base);
	return (struct str){text, cidr_format(&net, text)};
}

/* What BAN is counted by, in TEXT or its own; empty: it is not counted. */
static struct str
key_of(const struct counting *counting, const struct ban *ban, char text[KEY_MAX])
{
	struct place place;

	switch (counting->by) {
	case BY_NOTHING:
		return bans_address(ban, text);
	case BY_RULE:
		return ban->rule;
	case BY_NET:
		return net_of(ban, text);
	case BY_COUNTRY:
	case BY_ASN:
		break;
	}
	if (!ban->prefix.base.family)
		return STR("");
	bans_place(counting->bans, ban, &place);
	if (counting->by == BY_COUNTRY)
		snprintf(text, KEY_MAX, "%s", place_word(&place));
	else if (place.asn)
		snprintf(text, KEY_MAX, "AS%u %.*s", place.asn,
		    STR_ARG(str_head(place.aso, 100)));
	else
		return STR("unknown");
	return str_trim(str_of(text));
}

/* --by: one of the words from FROM on, COUNT of them. */
static int
read_by(const struct bans *bans, enum by from, size_t count, enum by *ret, struct err *err)
{
	int word;

	*ret = BY_NOTHING;
	if (!bans->options.by)
		return 0;
	word = option_word("by", bans->options.by, by_words + from - 1, count, err);
	if (word < 0)
		return -1;
	*ret = from + (unsigned)word;
	return 0;
}

static bool
count_group(void *context, const struct ban *ban)
{
	struct counting *counting = context;
	char text[KEY_MAX], address[CIDR_TEXT_MAX];
	struct str key = key_of(counting, ban, text);
	struct tally_group *group;

	if (key.len == 0)
		return true;
	counting->placed |= bans_placed(ban);
	group = tally_group(&counting->tally, key);
	if (group->bans == 0)
		group->key = arena_str(&counting->bans->arena, key);
	tally_ban(&counting->tally, group, ban, key, bans_address(ban, address));
	return true;
}

static void
set_text(struct cell *cell, struct str text)
{
	cell->known = true;
	cell->text = text;
}

/* Has FILTER's bans counted by COUNT; the caller frees the tally. */
static int
count_bans(struct counting *counting, const struct ban_filter *filter,
    bool (*count)(void *context, const struct ban *ban), struct err *err)
{
	struct bans *bans = counting->bans;
	bool places = counting->by >= BY_COUNTRY;

	if (bans_open(bans, true, err) < 0 ||
	    (places && bans_geo(bans, false, err) < 0) ||
	    bans_each(bans, filter, count, counting, err) < 0 ||
	    /* It says how to get one. */
	    (places && !counting->placed && bans_geo(bans, true, err) < 0)) {
		tally_done(&counting->tally);
		return -1;
	}
	return 0;
}

/* The most first, unless another order is asked for. */
static int
print_most_first(struct bans *bans, struct report *report, struct table *table)
{
	if (!bans->options.sort)
		bans->options.sort = "bans";
	return bans_print(bans, report, table);
}

int
bans_list_by(struct bans *bans)
{
	struct counting counting = {.bans = bans};
	struct ban_filter filter = bans_filter(bans);
	struct report *report;
	struct table *table;
	struct err err;

	if (read_by(bans, BY_RULE, 4, &counting.by, &err) < 0)
		return usage_error(bans->command, &err);
	if (bans->options.word_count > 1) {
		err_set(&err, "--by counts all bans, or those of one network");
		return usage_error(bans->command, &err);
	}
	if (bans->options.word_count &&
	    bans_prefix(bans->options.words[0], &filter.within, &err) < 0)
		return usage_error(bans->command, &err);
	if (!bans->options.all)
		filter.active_at = bans->now;
	if (count_bans(&counting, &filter, count_group, &err) < 0)
		return bans_failed(&err);
	report = bans_report(bans);
	table = report_give(report, REPORT_BANS_BY_RULE + (counting.by - BY_RULE));
	for (size_t i = 0; i < counting.tally.count; i++) {
		const struct tally_group *group = &counting.tally.groups[i];
		struct cell *row = table_row(table);

		set_text(&row[0], group->key);
		set_number(&row[1], (int64_t)group->bans);
		set_number(&row[2], (int64_t)group->addresses);
		set_number(&row[3], group->first);
		set_number(&row[4], group->last);
	}
	tally_done(&counting.tally);
	return print_most_first(bans, report, table);
}

int64_t
bans_day(int64_t usec)
{
	int64_t local = usec + zone_offset(usec) * USEC_PER_SEC;
	int64_t into = local % USEC_PER_DAY;

	return local - (into < 0 ? into + USEC_PER_DAY : into);
}

/* Bans before --since are seen, too: they tell who is new. */
static bool
count_day(void *context, const struct ban *ban)
{
	struct counting *counting = context;
	char text[CIDR_TEXT_MAX], key_text[128];
	struct str address = bans_address(ban, text), key;
	struct str rule = counting->by == BY_RULE ? ban->rule : STR("");
	struct tally_group *group;
	int64_t day = bans_day(ban->from);
	uint64_t before;
	bool fresh;

	snprintf(key_text, sizeof(key_text), "%lld %.*s", (long long)day, STR_ARG(rule));
	key = str_of(key_text);
	group = tally_group(&counting->tally, key);
	if (group->bans == 0) {
		group->day = day;
		group->rule = arena_str(&counting->bans->arena, rule);
	}
	before = group->addresses;
	tally_ban(&counting->tally, group, ban, key, address);
	if (group->addresses == before)
		return true;
	fresh = tally_is_new(&counting->tally, rule, address);
	group->fresh += fresh;
	group->again += !fresh;
	return true;
}

static void
put_days(const struct counting *counting, struct table *table)
{
	int64_t since = counting->bans->options.since;
	unsigned at = counting->by == BY_RULE ? 2 : 1;

	for (size_t i = 0; i < counting->tally.count; i++) {
		const struct tally_group *group = &counting->tally.groups[i];
		struct cell *row;

		if (since != INT64_MIN && group->last < since)
			continue;
		row = table_row(table);
		set_number(&row[0], group->day);
		if (at == 2)
			set_text(&row[1], group->rule);
		set_number(&row[at], (int64_t)group->bans);
		set_number(&row[at + 1], (int64_t)group->addresses);
		set_number(&row[at + 2], (int64_t)group->fresh);
		set_number(&row[at + 3], (int64_t)group->again);
	}
}

/*
 * What mysql(1) printed for the ban list in SQL that postern replaces:
 *   select count(distinct ip), DATE(bantime) FROM banlist GROUP BY DATE(bantime);
 */
static int
print_box(const struct bans *bans, const struct table *table)
{
	static const char line[] = "+--------------------+---------------+\n";
	struct buf out = BUF_INIT(BUF_UNLIMITED);
	int64_t took;

	if (table->row_count)
		buf_printf(&out, "%s| count(distinct ip) | DATE(bantime) |\n%s", line, line);
	for (size_t i = 0; i < table->row_count; i++) {
		struct civil day = civil_of(table_cell(table, i, 0)->n);

		buf_printf(&out, "| %18lld | %04d-%02d-%02d    |\n",
		    (long long)table_cell(table, i, 2)->n, day.year, day.month, day.day);
	}
	took = now_wall() - bans->now;
	if (table->row_count)
		buf_printf(&out, "%s%zu row%s in set", line, table->row_count,
		    plural_s(table->row_count));
	else
		buf_str(&out, STR("Empty set"));
	buf_printf(&out, " (%.2f sec)\n", (double)(took > 0 ? took : 0) / USEC_PER_SEC);
	return output_all(&out);
}

int
bans_days(struct bans *bans)
{
	struct counting counting = {.bans = bans};
	struct ban_filter filter = bans_filter(bans);
	struct report *report;
	struct table *table;
	struct err err;
	int status;

	if (read_by(bans, BY_RULE, 1, &counting.by, &err) < 0)
		return usage_error(bans->command, &err);
	if (bans->options.box && (counting.by || bans->options.format || bans->options.sort ||
		bans->options.has_top)) {
		err_set(&err, "--box is one form, without --by, --format, --sort and --top");
		return usage_error(bans->command, &err);
	}
	filter.since = INT64_MIN;
	if (count_bans(&counting, &filter, count_day, &err) < 0)
		return bans_failed(&err);
	report = bans_report(bans);
	table = report_give(report,
	    counting.by == BY_RULE ? REPORT_BANS_DAYS_BY_RULE : REPORT_BANS_DAYS);
	put_days(&counting, table);
	tally_done(&counting.tally);
	if (!bans->options.box)
		return bans_print(bans, report, table);
	status = print_box(bans, table);
	report_free(report);
	return status;
}

/* How long BAN was in force beyond what was counted already: rules may ban at once. */
static void
add_length(const struct bans *bans, struct tally_group *group, const struct ban *ban)
{
	int64_t end = bans_end(ban) < bans->now ? bans_end(ban) : bans->now;
	int64_t from = group->bans && group->end > ban->from ? group->end : ban->from;

	if (end <= from)
		return;
	group->banned_usec += end - from;
	group->end = end;
}

static bool
count_again(void *context, const struct ban *ban)
{
	struct counting *counting = context;
	struct bans *bans = counting->bans;
	char text[KEY_MAX], address[CIDR_TEXT_MAX];
	struct str key = key_of(counting, ban, text);
	struct tally_group *group;

	if (key.len == 0)
		return true;
	counting->placed |= bans_placed(ban);
	group = tally_group(&counting->tally, key);
	if (group->bans == 0)
		group->key = arena_str(&bans->arena, key);
	add_length(bans, group, ban);
	group->active |= !ban->dry_run && ban_state(ban, bans->now) == BAN_ACTIVE;
	if (tally_is_new(&counting->tally, ban->rule, key))
		group->rules = group->rules.len ?
		    str_of(arena_printf(&bans->arena, "%.*s, %.*s", STR_ARG(group->rules),
		        STR_ARG(ban->rule))) : arena_str(&bans->arena, ban->rule);
	tally_ban(&counting->tally, group, ban, key, bans_address(ban, address));
	return true;
}

int
bans_repeat(struct bans *bans)
{
	struct counting counting = {.bans = bans};
	struct ban_filter filter = bans_filter(bans);
	struct report *report;
	struct table *table;
	struct err err;

	if (read_by(bans, BY_NET, 3, &counting.by, &err) < 0)
		return usage_error(bans->command, &err);
	if (count_bans(&counting, &filter, count_again, &err) < 0)
		return bans_failed(&err);
	report = bans_report(bans);
	table = report_give(report, REPORT_BANS_REPEAT);
	for (size_t i = 0; i < counting.tally.count; i++) {
		const struct tally_group *group = &counting.tally.groups[i];
		struct cell *row;

		if (group->bans < 2)
			continue;
		row = table_row(table);
		set_text(&row[0], group->key);
		set_number(&row[1], (int64_t)group->bans);
		row[2].known = true;
		row[2].real = (double)(group->banned_usec / USEC_PER_SEC);
		set_number(&row[3], group->first);
		set_number(&row[4], group->last);
		set_number(&row[5], group->active);
		set_text(&row[6], group->rules);
	}
	tally_done(&counting.tally);
	return print_most_first(bans, report, table);
}
