/* SPDX-License-Identifier: Apache-2.0
 *
 * mmdb: MaxMind DB files (MaxMind DB File Format Specification 2.0), read with
 * libmaxminddb. Makers name what they know differently: MaxMind nests it, the files of
 * ip-location-db are flat, others have names of their own. The first name that is
 * there counts.
 */
#include "enrich/room.h"

#define MARKER "\xab\xcd\xefMaxMind.com"

static bool
mmdb_is(const struct geo_file *file)
{
	struct str marker = {MARKER, sizeof(MARKER) - 1};

	return str_find(file->tail, marker) < file->tail.len;
}

#ifdef HAVE_LIBMAXMINDDB
#include <maxminddb.h>
#include <netinet/in.h>

#include "base/civil.h"

#define PATH_WORDS 5

typedef const char *const mmdb_path[PATH_WORDS];

static mmdb_path country_paths[] = {
	{"country_code"}, {"country", "iso_code"}, {"registered_country", "iso_code"},
	{"country"}};
static mmdb_path asn_paths[] = {{"autonomous_system_number"}, {"asn"}};
static mmdb_path aso_paths[] = {
	{"autonomous_system_organization"}, {"as_name"}, {"as_organization"}};
static mmdb_path city_paths[] = {{"city", "names", "en"}, {"city"}};
static mmdb_path region_paths[] = {
	{"state1"}, {"subdivisions", "0", "names", "en"}, {"region"}};
static mmdb_path latitude_paths[] = {{"latitude"}, {"location", "latitude"}};
static mmdb_path longitude_paths[] = {{"longitude"}, {"location", "longitude"}};

/* The value at the first of PATHS that ENTRY has. */
static bool
value_at(MMDB_entry_s *entry, mmdb_path *paths, size_t count, MMDB_entry_data_s *ret)
{
	for (size_t i = 0; i < count; i++)
		if (MMDB_aget_value(entry, ret, paths[i]) == MMDB_SUCCESS && ret->has_data &&
		    ret->type != MMDB_DATA_TYPE_MAP)
			return true;
	return false;
}

#define VALUE_AT(entry, paths, ret)                                                         \
	value_at(entry, paths, sizeof(paths) / sizeof(*(paths)), ret)

static struct str
text_of(const MMDB_entry_data_s *data)
{
	if (data->type != MMDB_DATA_TYPE_UTF8_STRING)
		return STR("");
	return (struct str){data->utf8_string, data->data_size};
}

static bool
real_of(const MMDB_entry_data_s *data, double *ret)
{
	if (data->type == MMDB_DATA_TYPE_DOUBLE)
		*ret = data->double_value;
	else if (data->type == MMDB_DATA_TYPE_FLOAT)
		*ret = (double)data->float_value;
	else
		return false;
	return true;
}

static uint32_t
asn_of(const MMDB_entry_data_s *data)
{
	struct str text = text_of(data);
	int64_t n = 0;

	switch (data->type) {
	case MMDB_DATA_TYPE_UINT16:
		return data->uint16;
	case MMDB_DATA_TYPE_UINT32:
		return data->uint32;
	case MMDB_DATA_TYPE_UTF8_STRING:
		str_skip(&text, STR("AS"));
		return str_number(text, &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
	default:
		return 0;
	}
}

static void
read_position(MMDB_entry_s *entry, struct place *ret)
{
	MMDB_entry_data_s latitude, longitude;
	double north, east;

	if (VALUE_AT(entry, latitude_paths, &latitude) &&
	    VALUE_AT(entry, longitude_paths, &longitude) && real_of(&latitude, &north) &&
	    real_of(&longitude, &east))
		place_set_position(ret, north, east);
}

static void
read_entry(MMDB_entry_s *entry, struct place *ret)
{
	MMDB_entry_data_s data;

	if (VALUE_AT(entry, country_paths, &data))
		place_set_country(ret, text_of(&data));
	if (VALUE_AT(entry, asn_paths, &data))
		ret->asn = asn_of(&data);
	if (ret->asn && VALUE_AT(entry, aso_paths, &data))
		ret->aso = text_of(&data);
	if (VALUE_AT(entry, city_paths, &data))
		ret->city = text_of(&data);
	if (VALUE_AT(entry, region_paths, &data))
		ret->region = text_of(&data);
	read_position(entry, ret);
}

static void
mmdb_find(void *data, const struct ip *ip, struct place *ret)
{
	MMDB_s *mmdb = data;
	MMDB_lookup_result_s result;
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};
	int fault = 0;

	if (ip->family == 4) {
		memcpy(&four.sin_addr, ip->byte, 4);
		result = MMDB_lookup_sockaddr(mmdb, (struct sockaddr *)&four, &fault);
	} else {
		if (mmdb->metadata.ip_version == 4)
			return;
		memcpy(&six.sin6_addr, ip->byte, 16);
		result = MMDB_lookup_sockaddr(mmdb, (struct sockaddr *)&six, &fault);
	}
	if (fault == MMDB_SUCCESS && result.found_entry)
		read_entry(&result.entry, ret);
}

static bool
has_word(struct str text, const char *word)
{
	struct str wanted = str_of(word);

	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if (str_eq_nocase((struct str){text.p + i, wanted.len}, wanted))
			return true;
	return false;
}

/* What is in it, and whose it is, by the name of its type or of the file. */
static void
describe(struct geo_database *database, const char *path, const MMDB_metadata_s *metadata)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	const char *type = metadata->database_type ? metadata->database_type : "";
	const struct geo_credit *credit = geo_credit_of(str_of(type));
	struct geo_source *source = geo_source_add(database, path);

	if (credit == NULL)
		credit = geo_credit_of(str_of(file));
	source->has_city = has_word(str_of(type), "city");
	source->has_country = source->has_city || has_word(str_of(type), "country");
	source->has_asn = has_word(str_of(type), "asn");
	if (!source->has_asn && !source->has_country)
		source->has_asn = source->has_country = true; /* whoever made it knows */
	database->asn4 = source->has_asn;
	database->asn6 = source->has_asn && metadata->ip_version == 6;
	source->name = arena_cstr(&database->arena,
	    str_of(credit ? credit->name : file));
	source->licence = credit ? credit->licence : "";
	if (metadata->build_epoch < UINT32_MAX)
		source->built = (int64_t)metadata->build_epoch * USEC_PER_SEC;
}

static int
mmdb_open(struct geo_database *database, const struct geo_file *file, struct err *err)
{
	MMDB_s *mmdb = arena_alloc(&database->arena, sizeof(*mmdb));
	int fault = MMDB_open(file->path, MMDB_MODE_MMAP, mmdb);

	if (fault != MMDB_SUCCESS)
		return err_set(err, "damaged or cut short: %s", MMDB_strerror(fault));
	database->data = mmdb;
	describe(database, file->path, &mmdb->metadata);
	return 0;
}

static void
mmdb_close(void *data)
{
	MMDB_close(data);
}

#endif

const struct geo_kind geo_kind_mmdb = {
	.name = "MaxMind DB",
	.is = mmdb_is,
#ifdef HAVE_LIBMAXMINDDB
	.open = mmdb_open,
	.find = mmdb_find,
	.close = mmdb_close,
#endif
	.without = "it was built without libmaxminddb",
};
