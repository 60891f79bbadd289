/* SPDX-License-Identifier: Apache-2.0
 *
 * attribution: whose data places are, on what terms, and how old.
 *
 *   places: DB-IP Lite country of 2026-06-01, 172 days old (CC BY 4.0; IP
 *     Geolocation by DB-IP, https://db-ip.com)
 */
#include "base/civil.h"
#include "base/escape.h"
#include "base/json.h"
#include "report/room.h"

/* From that age on the reader is told how to renew what was fetched. */
#define OLD_DAYS 90

static int64_t
age_days(const struct geo_source *place, int64_t now)
{
	return now > place->built ? (now - place->built) / USEC_PER_DAY : 0;
}

static void
put_place(struct buf *out, const struct geo_source *place, int64_t now)
{
	buf_str(out, STR("places: "));
	escape_terminal(out, str_of(place->name));
	if (place->built) {
		int64_t days = age_days(place, now);

		buf_str(out, STR(" of "));
		put_day(out, place->built);
		buf_printf(out, ", %lld %s old", (long long)days, days == 1 ? "day" : "days");
		if (days >= OLD_DAYS && strcmp(place->kind, "postern") != 0)
			buf_str(out, STR(" (postern geo update renews it)"));
	} else {
		buf_str(out, STR(", of no stated date"));
	}
	if (*place->licence) {
		buf_str(out, STR("; "));
		escape_terminal(out, str_of(place->licence));
	}
}

void
report_put_places(struct buf *out, const struct geo_source *places, size_t count,
    int64_t now, unsigned width)
{
	struct buf text = BUF_INIT(BUF_UNLIMITED);

	for (size_t i = 0; i < count; i++) {
		buf_clear(&text);
		put_place(&text, &places[i], now);
		buf_str(out, STR("  "));
		put_wrapped(out, buf_view(&text), width - 2);
		buf_char(out, '\n');
	}
	buf_done(&text);
}

static void
put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_str(json, str_of(text));
}

static void
put_flag(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool(json, value);
}

void
report_json_places(struct json *json, const struct geo_source *places, size_t count,
    int64_t now)
{
	json_array_begin(json);
	for (size_t i = 0; i < count; i++) {
		const struct geo_source *place = &places[i];
		char stamp[RFC3339_MAX];

		json_object_begin(json);
		put_text(json, "name", place->name);
		put_text(json, "licence", place->licence);
		put_text(json, "kind", place->kind);
		json_key(json, "built");
		if (place->built)
			json_str(json,
			    (struct str){stamp, civil_rfc3339(place->built, stamp)});
		else
			json_null(json);
		json_key(json, "age_days");
		if (place->built)
			json_int(json, age_days(place, now));
		else
			json_null(json);
		put_flag(json, "has_country", place->has_country);
		put_flag(json, "has_asn", place->has_asn);
		put_flag(json, "has_city", place->has_city);
		json_object_end(json);
	}
	json_array_end(json);
}
