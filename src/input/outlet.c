/* SPDX-License-Identifier: Apache-2.0
 *
 * outlet: where notices about one name go. What is found out before anybody reads
 * is kept until somebody does.
 */
#include <stdarg.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/now.h"
#include "input/follow-room.h"

void
outlet_notice(struct outlet *outlet, enum follow_notice_kind kind, const char *format, ...)
{
	struct follow_notice notice = {
		.kind = kind,
		.source = outlet->source,
		.name = outlet->name,
		.time = now_wall(),
	};
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = xstrdup(outlet->name);
	va_end(args);
	notice.text = text;
	if (!outlet->sink && outlet->kept_count < FOLLOW_OPEN + 1) {
		outlet->kept_texts[outlet->kept_count] = text;
		outlet->kept[outlet->kept_count++] = notice;
		return;
	}
	if (outlet->sink)
		outlet->sink->notice(outlet->sink->context, &notice);
	free(text);
}

void
outlet_begin(struct outlet *outlet, const struct follow_sink *sink)
{
	outlet->sink = sink;
	for (size_t i = 0; i < outlet->kept_count; i++)
		sink->notice(sink->context, &outlet->kept[i]);
	outlet_done(outlet);
}

void
outlet_done(struct outlet *outlet)
{
	for (size_t i = 0; i < outlet->kept_count; i++)
		free(outlet->kept_texts[i]);
	outlet->kept_count = 0;
}
