/* SPDX-License-Identifier: Apache-2.0
 *
 * credit: makers of databases, and how each wants to be named where its data are
 * shown. By the names of files (ip-location-db) and the database_type of MaxMind DBs;
 * from what the makers state.
 */
#include "enrich/room.h"

#define DBIP "CC BY 4.0; IP Geolocation by DB-IP, https://db-ip.com"
#define NRO "CC BY 4.0; the Number Resource Organization, https://www.nro.net"
#define ASNS "CC BY 4.0; RouteViews, https://www.routeviews.org, and DB-IP, https://db-ip.com"
#define MAXMIND                                                                             \
	"GeoLite End User License; includes GeoLite data created by MaxMind, "              \
	"https://www.maxmind.com"
#define IPTOASN "PDDL 1.0; https://iptoasn.com"
#define IPLOCATE "CC BY-SA 4.0; https://iplocate.io"

/* A longer beginning stands before a shorter one. */
static const struct geo_credit credits[] = {
	{"dbip-country", "DB-IP Lite country", DBIP},
	{"dbip-city", "DB-IP Lite city", DBIP},
	{"dbip-asn", "DB-IP Lite ASN", DBIP},
	{"dbip-geo-whois-asn", "DB-IP Lite, GeoFeed, whois and ASN country", DBIP},
	{"asn-country", "NRO and RouteViews country", NRO},
	{"asn-ipv", "RouteViews and DB-IP ASN", ASNS},
	{"geo-whois-asn-country", "GeoFeed, whois and ASN country", NRO},
	{"geo-asn-country", "GeoFeed and ASN country", NRO},
	{"iptoasn", "IPtoASN", IPTOASN},
	{"iplocate", "IPLocate", IPLOCATE},
	{"geolite2", "MaxMind GeoLite2", MAXMIND},
	{"geoip2", "MaxMind GeoIP2", "MaxMind End User License Agreement"},
	{"geoip.dat", "MaxMind GeoLite Legacy country", MAXMIND},
	{"geoipv6.dat", "MaxMind GeoLite Legacy country, IPv6", MAXMIND},
	{"geolite", "MaxMind GeoLite Legacy", MAXMIND},
};

const struct geo_credit *
geo_credit_of(struct str name)
{
	for (size_t i = 0; i < sizeof(credits) / sizeof(*credits); i++) {
		struct str begin = str_of(credits[i].begin);

		if (name.len >= begin.len && str_eq_nocase(str_head(name, begin.len), begin))
			return &credits[i];
	}
	return NULL;
}
