/* SPDX-License-Identifier: Apache-2.0
 *
 * trace-kept: passes over what a guard keeps. The store looks for the events that a pass
 * can make something of; to the pass it is a log with all others left out.
 */
#include <stdlib.h>

#include "base/now.h"
#include "cmd/trace.h"

struct kept {
	struct store *store;
	char *url;
	int64_t first, last;
};

int
kept_open(const char *url, struct kept **ret, struct err *err)
{
	struct store_settings settings = {.url = url, .read_only = true};
	struct kept *kept = xcalloc(1, sizeof(*kept));

	if (store_open(&settings, &kept->store, err) < 0 ||
	    store_hold(kept->store, err) < 0 ||
	    store_period(kept->store, &kept->first, &kept->last, err) < 0) {
		kept_close(kept);
		return -1;
	}
	kept->url = xstrdup(url);
	*ret = kept;
	return 0;
}

void
kept_close(struct kept *kept)
{
	if (!kept)
		return;
	store_close(kept->store);
	free(kept->url);
	free(kept);
}

int
kept_pass(struct kept *kept, const struct thing *thing, const struct lives *lives,
    int64_t since, int64_t until, run_each *each, void *context, struct err *err)
{
	struct store_text texts[THING_TEXTS];
	struct store_about about = {.texts = texts};
	struct arena arena = {0};
	int result;

	if (thing->is_net)
		about.net = thing->net;
	about.text_count = thing_texts(thing, &arena, texts);
	about.qids = lives_ids(lives, &arena, &about.qid_count);
	result = store_scan_about(kept->store, since, until, &about, each, context, err);
	arena_free(&arena);
	return result;
}

void
kept_put_period(const struct kept *kept, struct buf *out)
{
	buf_printf(out, "what %s keeps", kept->url);
	if (kept->first > kept->last)
		return;
	buf_str(out, STR(" from "));
	report_put_period(out, kept->first, kept->last);
}

void
kept_warn(const struct settings *settings, int64_t first)
{
	int64_t age = now_wall() - first;
	struct buf kinds = BUF_INIT(4096);
	struct keeping keeping;

	keeping_make(settings, settings_ignore_fault, NULL, &keeping);
	/* What is too old is forgotten now and then: it may be there a little longer. */
	put_kept_for_less(&keeping, age, UINT64_MAX, false, &kinds);
	if (kinds.len)
		complain("it goes back further than these kinds of events are kept: %.*s "
		    "([store] keep_kinds)", STR_ARG(buf_view(&kinds)));
	buf_done(&kinds);
}
