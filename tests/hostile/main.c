/* SPDX-License-Identifier: MIT
 *
 * kith-hostile - the stranger whom nobody wants in the room.  Part of the tests, never installed.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include <kith/identity.h>

#include "case.h"

static const struct {
	const char *name;
	hostile_case *run;
	bool dials; /* it needs --to, --port and --key */
	const char *what;
} cases[] = {
	{"half-open", case_half_open, true, "49: connections that say nothing or four bytes"},
	{"drip", case_drip, true, "50: the CURVE handshake, a byte a second"},
	{"giant", case_giant, true, "51: a frame of 8 GiB before the handshake"},
	{"multipart", case_multipart, true,
		"52: messages without end; --how big, empty or whole; --count MiB"},
	{"guess", case_guess, true, "53: the next automatic routing ids; --how random"},
	{"takeover", case_takeover, true, "54: another's routing id between CONFIRM and CARD"},
	{"metadata", case_metadata, true, "55: User-Id, Identity, Peer-Address of another"},
	{"strange", case_strange, true, "56: greetings of everything but kith"},
	{"scan", case_scan, true, "56: a port scan"},
	{"frames", case_frames, true, "57: wrong numbers of frames, odd routing ids"},
	{"deaf", case_deaf, true, "58: a partner who never reads"},
	{"pings", case_pings, true, "58: heartbeats without end, nothing is read; --count MiB"},
	{"silent", case_silent, true, "T8: handshakes in full, then not a word"},
	{"half", case_half, true, "T8: handshakes up to WELCOME, held"},
	{"joins", case_joins, true, "T8: handshakes in full, and gone"},
	{"requests", case_requests, true, "T5: REQUESTs from --keys keys; --how cancel"},
	{"cut", case_cut, true, "67: accepted, and gone"},
	{"bends", case_bends, false, "lists the bends of --how I or R"},
	{"bend", case_bend, true, "one session for every BEND named, as the dialler"},
	{"serve", case_serve, false, "the same as the listener; says its port and key"},
	{"announce", case_announce, false, "a service with key --other at port --count"},
	{"flood", case_flood, false, "41: bogus instances; --how one: at one address"},
	{"decoys", case_decoys, false, "rows that lead nowhere; the last --keys stand"},
	{"txt", case_txt, false, "42: TXT garbage"},
	{"claim", case_claim, false, "43: the key --other at the own address"},
	{"goodbye", case_goodbye, false, "44: goodbye in the name of --instance"},
	{"places", case_places, false, "45: ports and addresses nobody may be sent to"},
	{"broken", case_broken, false,
		"46: broken packets; --how aliases, pointers, labels or mangled"},
	{"name", case_name, false, "48: claims --instance"},
};

static int usage(void)
{
	(void)fprintf(stderr,
		"usage: kith-hostile CASE [OPTION...] [BEND...]\n"
		"It attacks a kith that a test has started, and nothing else: it refuses to run\n"
		"unless told --test-namespace, and unless the target is the loopback or this\n"
		"network namespace has no interface but lo and ends of veth pairs; and it knows\n"
		"no addresses but the loopback's, 10.99.0.0/16 and fe80::/10.\n\n"
		"  --test-namespace      this is a network that a test has made\n"
		"  --to ADDRESS --port PORT --key HEX    the victim's listener\n"
		"  --from ADDRESS[-LAST]                 own addresses, taken in turn\n"
		"  --count N  --rate N (a second)  --for SECONDS  --keys N\n"
		"  --name TEXT  --how FORM  --other HEX  --instance LABEL  --host LABEL\n\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		(void)fprintf(stderr, "  %-10s %s\n", cases[i].name, cases[i].what);
	return 2;
}

static bool read_key(const char *hex, uint8_t key[32])
{
	size_t n = 0;

	return sodium_hex2bin(key, 32, hex, strlen(hex), NULL, &n, NULL) == 0 && n == 32;
}

static bool read_number(const char *text, unsigned *ret)
{
	char *end = NULL;

	errno = 0;
	*ret = (unsigned)strtoul(text, &end, 10);
	return errno == 0 && end != text && !*end;
}

struct line {
	struct order o;
	const char *to, *port;
	bool test, has_key;
};

static bool option(struct line *l, int c, const char *arg)
{
	switch (c) {
	case 't':
		l->to = arg;
		return true;
	case 'p':
		l->port = arg;
		return true;
	case 'k':
		l->has_key = true;
		return read_key(arg, l->o.target.key);
	case 'f':
		return target_from(&l->o.target, arg);
	case 'c':
		return read_number(arg, &l->o.count);
	case 'r':
		return read_number(arg, &l->o.rate);
	case 's':
		return read_number(arg, &l->o.seconds);
	case 'K':
		return read_number(arg, &l->o.keys) && l->o.keys > 0;
	case 'n':
		l->o.name = arg;
		return true;
	case 'h':
		l->o.how = arg;
		return true;
	case 'o':
		return read_key(arg, l->o.other);
	case 'i':
		l->o.instance = arg;
		return true;
	case 'H':
		l->o.host = arg;
		return true;
	default:
		l->test = l->test || c == 'T';
		return c == 'T';
	}
}

static bool read_line(struct line *l, int argc, char **argv)
{
	static const struct option all[] = {{"to", 1, NULL, 't'}, {"port", 1, NULL, 'p'},
		{"key", 1, NULL, 'k'}, {"from", 1, NULL, 'f'}, {"count", 1, NULL, 'c'},
		{"rate", 1, NULL, 'r'}, {"for", 1, NULL, 's'}, {"keys", 1, NULL, 'K'},
		{"name", 1, NULL, 'n'}, {"how", 1, NULL, 'h'}, {"other", 1, NULL, 'o'},
		{"instance", 1, NULL, 'i'}, {"host", 1, NULL, 'H'},
		{"test-namespace", 0, NULL, 'T'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "+", all, NULL)) != -1)
		if (!option(l, c, optarg))
			return false;
	l->o.words = argv + optind;
	l->o.words_n = argc - optind;
	return !l->to || (l->port && target_to(&l->o.target, l->to, l->port));
}

int main(int argc, char **argv)
{
	struct line l = {.o = {.count = 1,
				 .seconds = 3,
				 .keys = 1,
				 .name = "Mallory",
				 .how = "",
				 .instance = "",
				 .host = ""}};
	size_t i = 0;

	while (argc > 1 && i < sizeof cases / sizeof cases[0] && strcmp(cases[i].name, argv[1]))
		i++;
	if (argc < 2 || i == sizeof cases / sizeof cases[0] || kith_crypto_start() ||
		!read_line(&l, argc - 1, argv + 1) || (cases[i].dials && (!l.to || !l.has_key)))
		return usage();
	if (cases[i].run != case_bends && (!l.test || !target_is_a_test(&l.o.target))) {
		(void)fprintf(stderr, "kith-hostile: this is not a network made by a test\n");
		return 3;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	return cases[i].run(&l.o) ? 0 : 1;
}
