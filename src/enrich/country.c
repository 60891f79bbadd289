/* SPDX-License-Identifier: Apache-2.0
 *
 * country: the countries of ISO 3166-1: code, English short name, and a disc that
 * lies in the country (nearly all of it): middle in tenths of a degree, radius in
 * kilometres. For maps: not a capital, not a border, nobody's place.
 */
#include <math.h>

#include "base/stable-hash.h"
#include "enrich/room.h"

static const struct country {
	char code[3];
	int16_t latitude, longitude; /* tenths of a degree */
	uint16_t radius;             /* km */
	const char *name;
} countries[] = {
	{"AD", 425, 15, 8, "Andorra"}, {"AE", 239, 542, 110, "United Arab Emirates"},
	{"AF", 338, 660, 300, "Afghanistan"}, {"AG", 171, -618, 8, "Antigua and Barbuda"},
	{"AI", 182, -631, 4, "Anguilla"}, {"AL", 411, 201, 45, "Albania"},
	{"AM", 402, 450, 55, "Armenia"}, {"AO", -123, 175, 450, "Angola"},
	{"AQ", -800, 200, 900, "Antarctica"}, {"AR", -352, -652, 400, "Argentina"},
	{"AS", -143, -1707, 6, "American Samoa"}, {"AT", 476, 141, 70, "Austria"},
	{"AU", -252, 1343, 1100, "Australia"}, {"AW", 125, -700, 6, "Aruba"},
	{"AX", 602, 200, 14, "Aland Islands"}, {"AZ", 403, 477, 90, "Azerbaijan"},
	{"BA", 442, 178, 75, "Bosnia and Herzegovina"}, {"BB", 132, -596, 9, "Barbados"},
	{"BD", 240, 899, 130, "Bangladesh"}, {"BE", 506, 46, 55, "Belgium"},
	{"BF", 123, -17, 180, "Burkina Faso"}, {"BG", 427, 252, 95, "Bulgaria"},
	{"BH", 260, 505, 8, "Bahrain"}, {"BI", -34, 299, 60, "Burundi"},
	{"BJ", 97, 23, 60, "Benin"}, {"BL", 179, -628, 2, "Saint Barthelemy"},
	{"BM", 323, -648, 4, "Bermuda"}, {"BN", 45, 1147, 22, "Brunei"},
	{"BO", -167, -647, 350, "Bolivia"}, {"BQ", 122, -683, 8, "Caribbean Netherlands"},
	{"BR", -100, -530, 1000, "Brazil"}, {"BS", 246, -780, 40, "Bahamas"},
	{"BT", 274, 904, 60, "Bhutan"}, {"BV", -544, 34, 3, "Bouvet Island"},
	{"BW", -221, 239, 280, "Botswana"}, {"BY", 535, 280, 170, "Belarus"},
	{"BZ", 171, -887, 40, "Belize"}, {"CA", 560, -1060, 900, "Canada"},
	{"CC", -122, 969, 5, "Cocos Islands"}, {"CD", -29, 236, 600, "DR Congo"},
	{"CF", 66, 205, 260, "Central African Republic"}, {"CG", -5, 152, 130, "Congo"},
	{"CH", 468, 82, 65, "Switzerland"}, {"CI", 76, -56, 200, "Ivory Coast"},
	{"CK", -212, -1598, 6, "Cook Islands"}, {"CL", -337, -708, 70, "Chile"},
	{"CM", 55, 127, 160, "Cameroon"}, {"CN", 350, 1030, 1100, "China"},
	{"CO", 39, -731, 350, "Colombia"}, {"CR", 100, -841, 50, "Costa Rica"},
	{"CU", 220, -791, 40, "Cuba"}, {"CV", 151, -236, 15, "Cabo Verde"},
	{"CW", 122, -690, 7, "Curacao"}, {"CX", -105, 1056, 5, "Christmas Island"},
	{"CY", 350, 331, 30, "Cyprus"}, {"CZ", 498, 154, 85, "Czechia"},
	{"DE", 511, 101, 190, "Germany"}, {"DJ", 117, 426, 50, "Djibouti"},
	{"DK", 561, 93, 60, "Denmark"}, {"DM", 154, -613, 9, "Dominica"},
	{"DO", 189, -705, 60, "Dominican Republic"}, {"DZ", 283, 26, 700, "Algeria"},
	{"EC", -15, -785, 150, "Ecuador"}, {"EE", 587, 257, 65, "Estonia"},
	{"EG", 266, 299, 350, "Egypt"}, {"EH", 242, -133, 130, "Western Sahara"},
	{"ER", 154, 388, 60, "Eritrea"}, {"ES", 400, -35, 270, "Spain"},
	{"ET", 86, 396, 350, "Ethiopia"}, {"FI", 634, 265, 180, "Finland"},
	{"FJ", -178, 1780, 40, "Fiji"}, {"FK", -518, -591, 60, "Falkland Islands"},
	{"FM", 69, 1582, 8, "Micronesia"}, {"FO", 621, -70, 18, "Faroe Islands"},
	{"FR", 466, 25, 270, "France"}, {"GA", -6, 117, 160, "Gabon"},
	{"GB", 530, -15, 90, "United Kingdom"}, {"GD", 121, -617, 8, "Grenada"},
	{"GE", 420, 437, 60, "Georgia"}, {"GF", 39, -531, 110, "French Guiana"},
	{"GG", 494, -26, 4, "Guernsey"}, {"GH", 79, -12, 150, "Ghana"},
	{"GI", 361, -53, 1, "Gibraltar"}, {"GL", 745, -410, 500, "Greenland"},
	{"GM", 135, -155, 8, "Gambia"}, {"GN", 108, -112, 120, "Guinea"},
	{"GP", 162, -616, 10, "Guadeloupe"}, {"GQ", 17, 104, 50, "Equatorial Guinea"},
	{"GR", 395, 220, 70, "Greece"}, {"GS", -544, -368, 15, "South Georgia"},
	{"GT", 157, -903, 90, "Guatemala"}, {"GU", 134, 1448, 8, "Guam"},
	{"GW", 121, -149, 45, "Guinea-Bissau"}, {"GY", 49, -589, 130, "Guyana"},
	{"HK", 224, 1141, 12, "Hong Kong"}, {"HM", -531, 735, 8, "Heard Island"},
	{"HN", 148, -868, 90, "Honduras"}, {"HR", 456, 163, 35, "Croatia"},
	{"HT", 190, -724, 35, "Haiti"}, {"HU", 472, 194, 90, "Hungary"},
	{"ID", -5, 1137, 220, "Indonesia"}, {"IE", 532, -81, 90, "Ireland"},
	{"IL", 314, 349, 25, "Israel"}, {"IM", 542, -45, 9, "Isle of Man"},
	{"IN", 225, 791, 600, "India"}, {"IO", -73, 725, 5, "British Indian Ocean"},
	{"IQ", 330, 437, 220, "Iraq"}, {"IR", 324, 543, 500, "Iran"},
	{"IS", 649, -185, 90, "Iceland"}, {"IT", 430, 124, 60, "Italy"},
	{"JE", 492, -21, 4, "Jersey"}, {"JM", 181, -773, 20, "Jamaica"},
	{"JO", 311, 364, 70, "Jordan"}, {"JP", 361, 1385, 80, "Japan"},
	{"KE", 5, 379, 280, "Kenya"}, {"KG", 415, 746, 100, "Kyrgyzstan"},
	{"KH", 127, 1049, 130, "Cambodia"}, {"KI", 14, 1730, 5, "Kiribati"},
	{"KM", -117, 433, 10, "Comoros"}, {"KN", 173, -627, 5, "Saint Kitts and Nevis"},
	{"KP", 402, 1272, 90, "North Korea"}, {"KR", 364, 1278, 100, "South Korea"},
	{"KW", 293, 476, 45, "Kuwait"}, {"KY", 193, -812, 8, "Cayman Islands"},
	{"KZ", 482, 673, 600, "Kazakhstan"}, {"LA", 185, 1038, 60, "Laos"},
	{"LB", 339, 359, 22, "Lebanon"}, {"LC", 139, -610, 8, "Saint Lucia"},
	{"LI", 472, 95, 4, "Liechtenstein"}, {"LK", 76, 807, 70, "Sri Lanka"},
	{"LR", 65, -93, 90, "Liberia"}, {"LS", -296, 282, 60, "Lesotho"},
	{"LT", 553, 239, 95, "Lithuania"}, {"LU", 497, 61, 18, "Luxembourg"},
	{"LV", 569, 252, 75, "Latvia"}, {"LY", 270, 180, 500, "Libya"},
	{"MA", 316, -66, 130, "Morocco"}, {"MC", 437, 74, 1, "Monaco"},
	{"MD", 471, 287, 40, "Moldova"}, {"ME", 428, 192, 35, "Montenegro"},
	{"MF", 181, -631, 3, "Saint Martin"}, {"MG", -194, 467, 180, "Madagascar"},
	{"MH", 71, 1712, 5, "Marshall Islands"}, {"MK", 416, 217, 45, "North Macedonia"},
	{"ML", 173, -20, 300, "Mali"}, {"MM", 210, 960, 170, "Myanmar"},
	{"MN", 468, 1030, 400, "Mongolia"}, {"MO", 222, 1135, 3, "Macao"},
	{"MP", 152, 1457, 6, "Northern Mariana Islands"}, {"MQ", 147, -610, 10, "Martinique"},
	{"MR", 202, -104, 300, "Mauritania"}, {"MS", 167, -622, 4, "Montserrat"},
	{"MT", 359, 144, 7, "Malta"}, {"MU", -203, 576, 15, "Mauritius"},
	{"MV", 42, 735, 4, "Maldives"}, {"MW", -135, 338, 50, "Malawi"},
	{"MX", 239, -1025, 300, "Mexico"}, {"MY", 41, 1024, 100, "Malaysia"},
	{"MZ", -142, 371, 180, "Mozambique"}, {"NA", -222, 172, 300, "Namibia"},
	{"NC", -213, 1655, 20, "New Caledonia"}, {"NE", 174, 94, 350, "Niger"},
	{"NF", -290, 1680, 2, "Norfolk Island"}, {"NG", 96, 81, 350, "Nigeria"},
	{"NI", 129, -850, 100, "Nicaragua"}, {"NL", 522, 56, 60, "Netherlands"},
	{"NO", 615, 90, 110, "Norway"}, {"NP", 283, 840, 60, "Nepal"},
	{"NR", -5, 1669, 2, "Nauru"}, {"NU", -191, -1699, 7, "Niue"},
	{"NZ", -392, 1757, 60, "New Zealand"}, {"OM", 206, 561, 150, "Oman"},
	{"PA", 84, -801, 25, "Panama"}, {"PE", -92, -744, 250, "Peru"},
	{"PF", -177, -1494, 14, "French Polynesia"},
	{"PG", -65, 1442, 150, "Papua New Guinea"},
	{"PH", 164, 1212, 70, "Philippines"}, {"PK", 299, 693, 250, "Pakistan"},
	{"PL", 521, 194, 220, "Poland"}, {"PM", 470, -563, 6, "Saint Pierre and Miquelon"},
	{"PN", -251, -1301, 2, "Pitcairn"}, {"PR", 182, -664, 20, "Puerto Rico"},
	{"PS", 320, 353, 15, "Palestine"}, {"PT", 396, -80, 70, "Portugal"},
	{"PW", 75, 1346, 8, "Palau"}, {"PY", -232, -584, 180, "Paraguay"},
	{"QA", 253, 512, 30, "Qatar"}, {"RE", -211, 555, 18, "Reunion"},
	{"RO", 458, 249, 170, "Romania"}, {"RS", 440, 208, 70, "Serbia"},
	{"RU", 620, 950, 1000, "Russia"}, {"RW", -20, 299, 45, "Rwanda"},
	{"SA", 241, 446, 450, "Saudi Arabia"}, {"SB", -96, 1602, 20, "Solomon Islands"},
	{"SC", -47, 555, 7, "Seychelles"}, {"SD", 160, 300, 450, "Sudan"},
	{"SE", 620, 150, 140, "Sweden"}, {"SG", 14, 1038, 9, "Singapore"},
	{"SH", -160, -57, 5, "Saint Helena"}, {"SI", 461, 148, 45, "Slovenia"},
	{"SJ", 787, 160, 90, "Svalbard and Jan Mayen"}, {"SK", 487, 195, 55, "Slovakia"},
	{"SL", 86, -118, 70, "Sierra Leone"}, {"SM", 439, 125, 3, "San Marino"},
	{"SN", 145, -147, 110, "Senegal"}, {"SO", 31, 436, 120, "Somalia"},
	{"SR", 41, -559, 130, "Suriname"}, {"SS", 73, 302, 250, "South Sudan"},
	{"ST", 2, 66, 12, "Sao Tome and Principe"}, {"SV", 138, -889, 35, "El Salvador"},
	{"SX", 180, -631, 2, "Sint Maarten"}, {"SY", 350, 385, 160, "Syria"},
	{"SZ", -266, 315, 50, "Eswatini"}, {"TC", 218, -718, 8, "Turks and Caicos Islands"},
	{"TD", 154, 187, 350, "Chad"}, {"TF", -493, 692, 35, "French Southern Territories"},
	{"TG", 87, 10, 35, "Togo"}, {"TH", 160, 1013, 170, "Thailand"},
	{"TJ", 386, 709, 80, "Tajikistan"}, {"TK", -92, -1718, 2, "Tokelau"},
	{"TL", -88, 1259, 30, "Timor-Leste"}, {"TM", 391, 594, 200, "Turkmenistan"},
	{"TN", 343, 95, 70, "Tunisia"}, {"TO", -212, -1752, 8, "Tonga"},
	{"TR", 391, 352, 180, "Turkey"}, {"TT", 104, -613, 18, "Trinidad and Tobago"},
	{"TV", -85, 1792, 2, "Tuvalu"}, {"TW", 238, 1210, 60, "Taiwan"},
	{"TZ", -63, 349, 320, "Tanzania"}, {"UA", 491, 314, 250, "Ukraine"},
	{"UG", 13, 324, 150, "Uganda"}, {"UM", 193, 1666, 2, "US Outlying Islands"},
	{"US", 398, -986, 1000, "United States"}, {"UY", -328, -560, 150, "Uruguay"},
	{"UZ", 417, 633, 150, "Uzbekistan"}, {"VA", 419, 125, 1, "Vatican City"},
	{"VC", 133, -612, 7, "Saint Vincent and the Grenadines"},
	{"VE", 76, -660, 280, "Venezuela"}, {"VG", 184, -646, 6, "British Virgin Islands"},
	{"VI", 177, -648, 8, "US Virgin Islands"}, {"VN", 213, 1050, 100, "Vietnam"},
	{"VU", -154, 1667, 25, "Vanuatu"}, {"WF", -133, -1762, 4, "Wallis and Futuna"},
	{"WS", -136, -1724, 15, "Samoa"}, {"XK", 426, 209, 35, "Kosovo"},
	{"YE", 157, 476, 130, "Yemen"}, {"YT", -128, 451, 10, "Mayotte"},
	{"ZA", -290, 245, 300, "South Africa"}, {"ZM", -134, 277, 180, "Zambia"},
	{"ZW", -190, 298, 180, "Zimbabwe"},
};

static int
compare_code(const void *code, const void *country)
{
	return strncmp(code, ((const struct country *)country)->code, 2);
}

static const struct country *
country_of(const char *code)
{
	return bsearch(code, countries, sizeof(countries) / sizeof(*countries),
	    sizeof(*countries), compare_code);
}

const char *
country_name(const char *code)
{
	const struct country *country = country_of(code);

	return country ? country->name : NULL;
}

#define KM_PER_DEGREE 111.2

bool
country_square(const char *code, struct country_square *ret)
{
	const struct country *country = country_of(code);
	double half;

	if (country == NULL)
		return false;
	half = country->radius * M_SQRT1_2 / KM_PER_DEGREE;
	ret->latitude = country->latitude / 10.0;
	ret->longitude = country->longitude / 10.0;
	ret->north = half;
	ret->east = half / cos(ret->latitude * M_PI / 180);
	return true;
}

void
country_square_spot(const struct country_square *square, const struct ip *ip,
    double *ret_latitude, double *ret_longitude)
{
	struct str net = {(const char *)ip->byte, ip->family == 4 ? 3 : 8};
	uint64_t hash = stable_mix(stable_hash(STABLE_HASH_START, net));

	*ret_latitude = square->latitude + square->north * (int32_t)(hash >> 32) / 0x1p31;
	*ret_longitude = square->longitude + square->east * (int32_t)hash / 0x1p31;
}

bool
country_spot(const char *code, const struct ip *ip, double *ret_latitude,
    double *ret_longitude)
{
	struct country_square square;

	if (!country_square(code, &square))
		return false;
	country_square_spot(&square, ip, ret_latitude, ret_longitude);
	return true;
}
