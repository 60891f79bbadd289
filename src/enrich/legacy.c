/* SPDX-License-Identifier: Apache-2.0
 *
 * legacy: GeoIP.dat, GeoIPv6.dat, GeoLiteCity.dat and their like, a format that ended
 * in 2018, read with libgeoip where that is there. The library keeps state in a file
 * being asked, so that one thread asks at a time. It trusts the texts of a city file to
 * end: mapped, which is what it is told to do, what a damaged one reads beyond its end
 * is the zeros that fill the last page.
 */
#include "enrich/room.h"

/* What a file is asked for. */
enum asked { ASKED_COUNTRY, ASKED_CITY, ASKED_ASN };

/* Told by the last bytes of the file: ff ff ff, then the number (+ 105 if old). */
static const struct edition {
	uint8_t number;
	uint8_t asked;
	bool six;
} editions[] = {
	{1, ASKED_COUNTRY, false}, {12, ASKED_COUNTRY, true}, /* country, IPv6 */
	{17, ASKED_COUNTRY, false}, {18, ASKED_COUNTRY, true}, /* large country */
	{2, ASKED_CITY, false}, {30, ASKED_CITY, true}, /* city, revision 1 */
	{6, ASKED_CITY, false}, {31, ASKED_CITY, true}, /* city, revision 0 */
	{9, ASKED_ASN, false}, {21, ASKED_ASN, true},
};

#define STRUCTURE_INFO_MAX 20u

/* The edition that the file's end names; NULL: none that is read here. */
static const struct edition *
edition_of(struct str tail)
{
	for (size_t back = 4; back <= STRUCTURE_INFO_MAX + 3 && back <= tail.len; back++) {
		const char *at = tail.p + tail.len - back;
		unsigned number = (unsigned char)at[3];

		if (memcmp(at, "\xff\xff\xff", 3) != 0)
			continue;
		number -= number > 105 ? 105 : 0;
		for (size_t i = 0; i < sizeof(editions) / sizeof(*editions); i++)
			if (number == editions[i].number)
				return &editions[i];
		return NULL;
	}
	return NULL;
}

static bool
legacy_is(const struct geo_file *file)
{
	return edition_of(file->tail) != NULL;
}

#ifdef HAVE_GEOIP
#include <GeoIPCity.h>
#include <pthread.h>

#include "base/civil.h"
#include "base/dict.h"

struct legacy {
	GeoIP *geoip;
	const struct edition *edition;
	pthread_mutex_t lock;
	/* Texts given out, each once: the library's own are freed with their record. */
	struct dict texts;
	struct str *copies; /* by number */
	uint32_t count, room;
	struct arena arena;
};

static struct str
keep(struct legacy *legacy, const char *text)
{
	uint32_t number;

	if (text == NULL || *text == '\0')
		return STR("");
	number = dict_get(&legacy->texts, str_of(text));
	if (number == legacy->count) {
		MEM_GROW(legacy->copies, legacy->count, legacy->room);
		legacy->copies[legacy->count++] = arena_str(&legacy->arena, str_of(text));
	}
	return legacy->copies[number];
}

static void
find_country(struct legacy *legacy, uint32_t four, geoipv6_t six, struct place *ret)
{
	int id = legacy->edition->six ? GeoIP_id_by_ipnum_v6(legacy->geoip, six) :
			       GeoIP_id_by_ipnum(legacy->geoip, four);
	const char *code = id > 0 ? GeoIP_code_by_id(id) : NULL;

	if (code)
		place_set_country(ret, str_of(code));
}

static void
find_city(struct legacy *legacy, uint32_t four, geoipv6_t six, struct place *ret)
{
	bool is_six = legacy->edition->six;
	GeoIPRecord *record = is_six ? GeoIP_record_by_ipnum_v6(legacy->geoip, six) :
				       GeoIP_record_by_ipnum(legacy->geoip, four);
	const char *region;

	if (record == NULL)
		return;
	if (record->country_code)
		place_set_country(ret, str_of(record->country_code));
	region = GeoIP_region_name_by_code(record->country_code, record->region);
	ret->city = keep(legacy, record->city);
	ret->region = keep(legacy, region);
	/* A country's own middle stands for no position. */
	if (ret->city.len)
		place_set_position(ret, (double)record->latitude, (double)record->longitude);
	GeoIPRecord_delete(record);
}

/* "AS15169 Google LLC" */
static void
find_asn(struct legacy *legacy, uint32_t four, geoipv6_t six, struct place *ret)
{
	char *text = legacy->edition->six ? GeoIP_name_by_ipnum_v6(legacy->geoip, six) :
				   GeoIP_name_by_ipnum(legacy->geoip, four);
	struct str rest = text ? str_of(text) : STR("");
	int64_t n;

	if (str_skip(&rest, STR("AS")) && str_skip_number(&rest, &n) && n <= UINT32_MAX) {
		ret->asn = (uint32_t)n;
		str_skip_char(&rest, ' ');
		ret->aso = keep(legacy, rest.p);
	}
	free(text);
}

static void
legacy_find(void *data, const struct ip *ip, struct place *ret)
{
	static void (*const find[])(struct legacy *, uint32_t, geoipv6_t, struct place *) = {
		[ASKED_COUNTRY] = find_country, [ASKED_CITY] = find_city,
		[ASKED_ASN] = find_asn};
	struct legacy *legacy = data;
	geoipv6_t six;

	if (legacy->edition->six != (ip->family == 6))
		return;
	memcpy(&six, ip->byte, sizeof(six));
	pthread_mutex_lock(&legacy->lock);
	find[legacy->edition->asked](legacy, ip_number4(ip), six, ret);
	pthread_mutex_unlock(&legacy->lock);
}

/* The day in "GEO-106FREE 20260704 Build", 0: none. */
static int64_t
built_of(struct str info)
{
	while (info.len) {
		struct str word = str_cut(&info, ' ');
		int64_t n;

		if (word.len == 8 && str_number(word, &n)) {
			struct civil day = {.year = (int)(n / 10000),
			    .month = (int)(n / 100 % 100), .day = (int)(n % 100)};

			if (day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= 31)
				return civil_usec(&day);
		}
	}
	return 0;
}

static void
describe(struct geo_database *database, const struct legacy *legacy, const char *path)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	const struct geo_credit *credit = geo_credit_of(str_of(file));
	struct geo_source *source = geo_source_add(database, path);
	char *info = GeoIP_database_info(legacy->geoip);

	source->name = arena_cstr(&database->arena,
	    str_of(credit ? credit->name : file));
	source->licence = credit ? credit->licence : "";
	source->built = info ? built_of(str_of(info)) : 0;
	source->has_asn = legacy->edition->asked == ASKED_ASN;
	source->has_city = legacy->edition->asked == ASKED_CITY;
	source->has_country = !source->has_asn;
	database->asn4 = source->has_asn && !legacy->edition->six;
	database->asn6 = source->has_asn && legacy->edition->six;
	free(info);
}

static int
legacy_open(struct geo_database *database, const struct geo_file *file, struct err *err)
{
	struct legacy *legacy = arena_alloc(&database->arena, sizeof(*legacy));

	*legacy = (struct legacy){.edition = edition_of(file->tail),
	    .geoip = GeoIP_open(file->path, GEOIP_MMAP_CACHE | GEOIP_SILENCE)};
	if (legacy->geoip == NULL)
		return err_set(err, "damaged or cut short");
	GeoIP_set_charset(legacy->geoip, GEOIP_CHARSET_UTF8);
	pthread_mutex_init(&legacy->lock, NULL);
	describe(database, legacy, file->path);
	database->data = legacy;
	return 0;
}

static void
legacy_close(void *data)
{
	struct legacy *legacy = data;

	GeoIP_delete(legacy->geoip);
	pthread_mutex_destroy(&legacy->lock);
	dict_free(&legacy->texts);
	free(legacy->copies);
	arena_free(&legacy->arena);
}

#endif

const struct geo_kind geo_kind_legacy = {
	.name = "GeoIP legacy",
	.is = legacy_is,
#ifdef HAVE_GEOIP
	.open = legacy_open,
	.find = legacy_find,
	.close = legacy_close,
#endif
	.without = "it was built without libgeoip",
};
