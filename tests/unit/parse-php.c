/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail of web pages: PHP's mail.log and the loggers before sendmail, with the
 * forgeries that their formats allow.
 */
#include "parse-kit.h"

#define LOG "Nov 20 11:49:08 h "

static const struct message_case lines[] = {
	{"[01-Jan-2024 12:00:00] mail() on [Command line code:1]: To: a@b.test -- Headers:",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers:"
	    "|script=Command line code|script_line=1"},
	{"Nov  5 09:08:07 web ool www[12]: mail() on [/var/www/x.php:12]: To: a@b.test -- "
	    "Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{"Nov  5 09:08:07 web php-fpm: pool www[12]: mail() on [/var/www/x.php:12]: To: "
	    "a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{"Nov  5 09:08:07 web ool www[12]: PHP Warning:  x", "foreign"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: To: a@b.test -- "
	    "Headers: From: c@d.test -- Subject: s",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: From: "
	    "c@d.test -- Subject: s|script=/var/www/x.php|script_line=12"},
	{"[01-Jan-2024 12:00:00 Europe/Paris] mail() on [/var/www/x.php:12]: To: "
	    "a@b.test, c@d.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test, c@d.test -- "
	    "Headers: |script=/var/www/x.php|script_line=12"},
	{"[01-Jan-2024 12:00:00 +0100] mail() on [/we [ird]: dir/t.php:2]: To: \"Doe, "
	    "J\" <a@b.test>, c@d.test -- Headers:  -- Subject: s",
	    "event|kind=web_mail|recipient=a@b.test|text=To: \"Doe, J\" <a@b.test>, "
	    "c@d.test -- Headers:  -- Subject: s|script=/we [ird]: dir/t.php"
	    "|script_line=2"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/bad.php(3) : eval()'d code:1]: "
	    "To: a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/bad.php|script_line=3"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/bad(1).php(6) : eval()'d "
	    "code(9) : eval()'d code:1]: To: a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/bad(1).php|script_line=6"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/bad.php(4) : runtime-created "
	    "function:1]: To: a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/bad.php|script_line=4"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: To:  -- Headers: ",
	    "event|kind=web_mail|text=To:  -- Headers: |script=/var/www/x.php"
	    "|script_line=12"},
	{"[01-Jan-2024 12:00:00 UTC] PHP Warning:  mail(): Bad parameters in "
	    "/var/www/x.php on line 3",
	    "foreign"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12",
	    "malformed"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php]: To: a@b.test -- "
	    "Headers: ",
	    "malformed"},
	{"mail() on [/var/www/x.php:12]: To: a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{LOG "php: mail() on [/var/www/x.php:12]: To: a@b.test -- Headers: X-A: "
	    "1#015#012 [20-Nov-2026 12:00:00 UTC] mail() on [/y.php:1]: To: q@b.test -- "
	    "Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: X-A: "
	    "1#015#012 [20-Nov-2026 12:00:00 UTC] mail() on [/y.php:1]: To: q@b.test -- "
	    "Headers: |script=/var/www/x.php|script_line=12"},
	/* 5.4 to 7.0 date what goes to syslog, too */
	{LOG "php: [20-Nov-2026 11:49:08 Europe/Paris] mail() on [/var/www/x.php:12]: To: "
	    "a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{LOG "apache2[33]: [20-Nov-2026 11:49:08 UTC] mail() on [/var/www/x.php:12]: To: "
	    "a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{LOG "php: [20-Nov-2026 11:49:08 UTC] PHP Warning:  mail() on [/x.php:1]: To: a -- "
	    "Headers: ",
	    "foreign"},
	{LOG "php: [forged] mail() on [/var/www/x.php:12]: To: a@b.test -- Headers: ",
	    "foreign"},
	{LOG "php-fpm[33]: mail() on [/var/www/x.php:12]: To: "
	    "a@b.test#015#012#011c@d.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: "
	    "a@b.test#015#012#011c@d.test -- Headers: |script=/var/www/x.php"
	    "|script_line=12"},
	{LOG "web-of-joe[33]: mail() on [/var/www/x.php:12]: To: a@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: "
	    "|script=/var/www/x.php|script_line=12"},
	{LOG "php[33]: PHP Fatal error: mail() on [/var/www/x.php:12]: To: a@b.test -- "
	    "Headers: ",
	    "foreign"},
	{LOG "wiki: sendmail-php url=wiki.test/old.php?to=c@d.test, client=192.0.2.1, "
	    "filename=/var/www/old.php, uid=33, user=www, args=-t -i",
	    "event|kind=web_mail|ip=192.0.2.1|user=www|text=wiki.test/old.php?to=c@d.test"
	    "|script=/var/www/old.php|uid=33"},
	{LOG "wiki: sendmail-php url=wiki.test/odd%20name.php, client=2001:db8::1, "
	    "filename=/var/www/odd name, [x].php, uid=33, user=www, args=",
	    "event|kind=web_mail|ip=2001:db8::1|user=www|text=wiki.test/odd%20name.php"
	    "|script=/var/www/odd name, [x].php|uid=33"},
	{LOG "root[7]: sendmail-php url=, client=, filename=/home/joe/cron.php, "
	    "uid=1000, user=joe, args=",
	    "event|kind=web_mail|user=joe|script=/home/joe/cron.php|uid=1000"},
	/* the wrapper with everything that a web server tells */
	{LOG "www-data: sendmail-php: site=wiki.test, client=192.0.2.1, script=/old.php, "
	    "filename=/var/www/old, x.php, docroot=/var/www, pwd=/var/www, uid=33, user=www",
	    "event|kind=web_mail|ip=192.0.2.1|user=www|text=wiki.test"
	    "|script=/var/www/old, x.php|uid=33"},
	{LOG "www-data[9]: sendmail-php: site=, client=, script=cron.php, filename=cron.php, "
	    "docroot=, pwd=/home/joe, uid=, user=joe",
	    "event|kind=web_mail|user=joe|script=cron.php"},
	{LOG "x: sendmail-php: site=a.test, client=2001:db8::1, script=/x.php, "
	    "filename=/x.php, docroot=/, pwd=/, uid=33, user=",
	    "event|kind=web_mail|ip=2001:db8::1|text=a.test|script=/x.php|uid=33"},
};

/* 203.0.113.66 never did anything but be named. */
static const struct message_case forged[] = {
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: To: a@b.test -- "
	    "Headers: X: mail() on [/innocent.php:3]: To: q@b.test -- Headers: y -- "
	    "Subject: z",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: X: "
	    "mail() on [/innocent.php:3]: To: q@b.test -- Headers: y -- Subject: z"
	    "|script=/var/www/x.php|script_line=12"},
	{"[01-Jan-2024 12:00:00 UTC] mail() on [/var/www/x.php:12]: To: a@b.test -- "
	    "Headers: X: ]: To: [/innocent.php:3]: To: q@b.test -- Headers: ",
	    "event|kind=web_mail|recipient=a@b.test|text=To: a@b.test -- Headers: X: ]: "
	    "To: [/innocent.php:3]: To: q@b.test -- Headers: |script=/var/www/x.php"
	    "|script_line=12"},
	{" [20-Nov-2026 12:00:00 UTC] mail() on [/innocent.php:1]: To: q@b.test -- "
	    "Headers:",
	    "ignored"},
	{"\tmail() on [/innocent.php:1]: To: q@b.test -- Headers:",
	    "ignored"},
	{LOG "wiki: sendmail-php url=wiki.test/?x=,client=203.0.113.66,uid=0, "
	    "client=192.0.2.1, filename=/var/www/old.php, uid=33, user=www, args=",
	    "event|kind=web_mail|ip=192.0.2.1|user=www"
	    "|text=wiki.test/?x=,client=203.0.113.66,uid=0|script=/var/www/old.php|uid=33"},
	{LOG "wiki: sendmail-php url=wiki.test/?x=, client=203.0.113.66, "
	    "filename=/innocent.php, uid=0, user=root, args=, client=192.0.2.1, "
	    "filename=/var/www/old.php, uid=33, user=www, args=",
	    /* the arguments may say the same */
	    "event|kind=web_mail|text=wiki.test/?x=, client=203.0.113.66, filenam"
	    "e=/innocent.php, uid=0, user=root, args=, client=192.0.2.1, filename"
	    "=/var/www/old.php, uid=33, user=www, args="},
	{LOG "wiki: sendmail-php url=wiki.test/, client=192.0.2.1, filename=/var/www/old.php, "
	    "uid=33, user=www, args=, client=203.0.113.66, filename=/x, uid=0, user=root, "
	    "args=",
	    "event|kind=web_mail|text=wiki.test/, client=192.0.2.1, filename=/var"
	    "/www/old.php, uid=33, user=www, args=, client=203.0.113.66, filename"
	    "=/x, uid=0, user=root, args="},
	{LOG "wiki: sendmail-php url=wiki.test/?x=%0Aclient%3D203.0.113.67, "
	    "client=192.0.2.1, filename=/var/www/old.php, uid=33, user=www, args=-f "
	    "client=203.0.113.66, filename=x",
	    "event|kind=web_mail|ip=192.0.2.1|user=www"
	    "|text=wiki.test/?x=%0Aclient%3D203.0.113.67|script=/var/www/old.php|uid=33"},
	/* a Host: of the client's */
	{LOG "w: sendmail-php: site=a, client=203.0.113.66, script=/x, "
	    "filename=/innocent.php, docroot=/, pwd=/, uid=0, user=root, "
	    "client=192.0.2.1, script=/old.php, "
	    "filename=/var/www/old.php, docroot=/var/www, pwd=/, uid=33, user=www",
	    "event|kind=web_mail|text=a, client=203.0.113.66, script=/x, filename=/innocen"
	    "t.php, docroot=/, pwd=/, uid=0, user=root, client=192.0.2.1, script=/old.php,"
	    " filename=/var/www/old.php, docroot=/var/www, pwd=/, uid=33, user=www"},
	{LOG "w: sendmail-php: site=a, uid=0, user=root, client=192.0.2.1, script=/old.php, "
	    "filename=/old.php, docroot=/var/www, pwd=/, uid=33, user=www",
	    "event|kind=web_mail|text=a, uid=0, user=root, client=192.0.2.1, script=/old.p"
	    "hp, filename=/old.php, docroot=/var/www, pwd=/, uid=33, user=www"},
	{LOG "w: sendmail-php: site=a, client=192.0.2.1 [203.0.113.66], script=/old.php, "
	    "filename=/old.php, docroot=/var/www, pwd=/, uid=33, user=www",
	    "event|kind=web_mail|user=www|text=a|script=/old.php|uid=33"},
	{LOG "w: sendmail-php: site=a, client=203.0.113.66, filename=/x, uid=0, user=root",
	    "malformed"},
	{LOG "wiki: sendmail-php url=wiki.test/",
	    "malformed"},
	{LOG "wiki: sendmail-php client=203.0.113.66",
	    "malformed"},
	{LOG "wiki: x sendmail-php url=a, client=203.0.113.66, filename=/x, uid=0, "
	    "user=root, args=",
	    "foreign"},
};

/*
 * What a client wrote in front, so long that a logger cut off who he is: his own keys are all
 * there is. As long as nothing can have been cut they are the logger's.
 */
static void
cut_off(struct parse_kit *kit)
{
	static const struct {
		const char *before, *behind;
	} forms[] = {
		{LOG "w: sendmail-php url=a/?", ", client=203.0.113.66, "
		    "filename=/innocent.php, uid=0, user=root, args="},
		{LOG "w: sendmail-php: site=a", ", client=203.0.113.66, script=/x, "
		    "filename=/innocent.php, docroot=/, pwd=/, uid=0, user=root"},
	};
	static const int lengths[] = {400, 840, 4000};

	for (size_t n = 0; n < 6; n++) {
		int length = lengths[n / 2];
		char *line = xasprintf(
		    "%s%0*d%s", forms[n % 2].before, length, 0, forms[n % 2].behind);
		const char *got = kit_say(kit, NULL, line, SIZE_MAX);
		bool believed = strstr(got, "|ip=") || strstr(got, "|user=") ||
		    strstr(got, "|script=") || strstr(got, "|uid=");

		ok(strncmp(got, "event|kind=web_mail|", 20) == 0 &&
		    believed == (length < 500), "%d bytes: %.60s", length, got);
		free(line);
	}
}

int
main(void)
{
	struct parse_kit kit = kit_new();

	KIT_DECEPTIVE(&kit, NULL, lines);
	KIT_DECEPTIVE(&kit, NULL, forged);
	cut_off(&kit);
	kit_free(&kit);
	return tap_done();
}
