/* SPDX-License-Identifier: MIT
 *
 * Attacks on discovery.
 */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "case.h"
#include "crowd.h"
#include "mdns.h"

#define OWN      "_kith._tcp.local"
#define A_PACKET 4 /* services in one packet of a flood */

/* The network's other addresses, all of which are claimed: host 1 to 250. */
static uint32_t some_address(const struct order *o, size_t i)
{
	uint32_t mine = ntohl(o->target.from[0].sin_addr.s_addr);

	return (mine & 0xffffff00) | (uint32_t)(1 + i % 250);
}

static int opened(const struct order *o)
{
	return o->target.froms ? mdns_socket(o->target.from[0].sin_addr) : -1;
}

/* Sends a packet every 200 ms for `seconds`, as a responder repeats what it has to say. */
static bool repeat(const struct order *o, const struct mdns_packet *p)
{
	uint64_t begin = crowd_now(), until = begin + o->seconds * UINT64_C(1000);
	int fd = opened(o);
	size_t sent = 0;

	for (uint64_t at = begin; fd >= 0 && at < until; at += 200) {
		crowd_until(at);
		sent += mdns_send(fd, p);
	}
	printf("{\"sent\": %zu}\n", sent);
	if (fd >= 0)
		(void)close(fd);
	return sent > 0;
}

/* Case 41: `count` instances, `rate` a second.  how: one - all of them at one address. */
bool case_flood(const struct order *o)
{
	static struct mdns_packet p;
	bool one = strcmp(o->how, "one") == 0;
	uint64_t begin = crowd_now();
	int fd = opened(o);
	size_t sent = 0;

	for (size_t i = 0; fd >= 0 && i < o->count; i += A_PACKET) {
		mdns_start(&p);
		for (size_t k = i; k < i + A_PACKET; k++) {
			struct mdns_service s = mdns_any(some_address(o, one ? 0 : k));
			s.label = o->name;
			mdns_service(&p, &s);
		}
		if (o->rate)
			crowd_until(begin + i * 1000 / o->rate);
		sent += mdns_send(fd, &p) ? A_PACKET : 0;
	}
	printf("{\"sent\": %zu, \"ms\": %llu}\n", sent, (unsigned long long)(crowd_now() - begin));
	if (fd >= 0)
		(void)close(fd);
	return sent > 0;
}

/* Announces the who-th of them, or takes it back. */
static bool announce_decoy(const struct order *o, size_t who, struct mdns_service *s, uint32_t ttl)
{
	static struct mdns_packet p;
	int fd = mdns_socket(o->target.from[who % o->target.froms].sin_addr);

	s->ttl = ttl;
	mdns_start(&p);
	mdns_service(&p, s);
	bool sent = fd >= 0 && mdns_send(fd, &p);
	if (fd >= 0)
		(void)close(fd);
	return sent;
}

/* Rows that lead nowhere: `count` instances, `rate` a second, each heard from the own address where it is; the last
 * `keys` of them stand, those before say goodbye.  Whoever recognises dials them, since their keys are great. */
bool case_decoys(const struct order *o)
{
	struct mdns_service *all = calloc(o->count, sizeof *all);
	uint64_t begin = crowd_now();
	size_t sent = 0;

	for (size_t i = 0; all && o->target.froms && i < o->count; i++) {
		all[i] = mdns_any(ntohl(o->target.from[i % o->target.froms].sin_addr.s_addr));
		memset(all[i].key, 0xff, 8);
		if (o->rate)
			crowd_until(begin + i * 1000 / o->rate);
		sent += announce_decoy(o, i, &all[i], all[i].ttl);
		if (i >= o->keys)
			(void)announce_decoy(o, i - o->keys, &all[i - o->keys], 0);
	}
	printf("{\"sent\": %zu}\n", sent);
	free(all);
	return sent > 0;
}

/* --- TXT -------------------------------------------------------------------------------------- */

static size_t put_string(uint8_t *txt, size_t at, const char *s)
{
	txt[at] = (uint8_t)strlen(s);
	memcpy(txt + at + 1, s, strlen(s));
	return at + 1 + strlen(s);
}

/* "k=" and the base64url of so many bytes. */
static size_t put_key(uint8_t *txt, size_t at, size_t n, uint8_t byte)
{
	uint8_t key[64];
	char text[100] = "k=";

	memset(key, byte, sizeof key);
	(void)sodium_bin2base64(
		text + 2, sizeof text - 2, key, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return put_string(txt, at, text);
}

/* The k-th content of a TXT record that is none; its length, or -1 past the last. */
static ssize_t bad_txt(unsigned k, uint8_t txt[8000])
{
	size_t n = put_string(txt, 0, "v=1");

	switch (k) {
	case 0:
		return 0;
	case 1:
		return (ssize_t)n; /* no k */
	case 2:
		return (ssize_t)put_key(txt, n, 31, 7);
	case 3:
		return (ssize_t)put_key(txt, n, 33, 7);
	case 4:
		return (ssize_t)put_key(txt, n, 32, 0);
	case 5:
		return (ssize_t)put_key(txt, 0, 32, 7); /* no v */
	case 6:
		return (ssize_t)put_key(txt, put_string(txt, 0, "v=2"), 32, 7);
	case 7: /* the first of two counts */
		return (ssize_t)put_key(txt, put_key(txt, n, 31, 7), 32, 9);
	case 8:
		return (ssize_t)put_string(txt, n, "k");
	case 9:
		return (ssize_t)put_string(txt, n, "k=\xff\xfe\x01\x02 nothing of base64");
	case 10: /* longer than its record */
		txt[n] = 255;
		return (ssize_t)n + 20;
	case 11: /* too long, though the key is good */
		n = put_key(txt, n, 32, 11);
		while (n < 7900)
			n = put_string(
				txt, n, "x=012345678901234567890123456789012345678901234567");
		return (ssize_t)n;
	case 12:
		randombytes_buf(txt, 400);
		return 400;
	case 13: /* strings of nothing */
		memset(txt, 0, 255);
		return 255;
	default:
		return -1;
	}
}

/* Case 42: one instance for every kind of TXT garbage, each with all its other records in order. */
bool case_txt(const struct order *o)
{
	static struct mdns_packet p;
	static uint8_t txt[8000];
	int fd = opened(o);
	ssize_t n;
	unsigned k = 0;

	for (; fd >= 0 && (n = bad_txt(k, txt)) >= 0; k++) {
		struct mdns_service s = mdns_any(some_address(o, 100 + k));
		mdns_start(&p);
		mdns_service_txt(&p, &s, txt, (size_t)n);
		mdns_address(&p, s.host, s.ip, s.ttl);
		if (!mdns_send(fd, &p))
			return false;
		crowd_until(crowd_now() + 20);
	}
	printf("{\"sent\": %u}\n", k);
	if (fd >= 0)
		(void)close(fd);
	return k > 0;
}

/* --- other people's names --------------------------------------------------------------------- */

static uint32_t own_address(const struct order *o)
{
	return ntohl(o->target.from[0].sin_addr.s_addr);
}

/* Case 43: somebody else's key (--other) at the own address. */
bool case_claim(const struct order *o)
{
	static struct mdns_packet p;
	struct mdns_service s = mdns_any(own_address(o));

	memcpy(s.key, o->other, 32);
	s.label = o->name;
	mdns_start(&p);
	mdns_service(&p, &s);
	return repeat(o, &p);
}

/* An own service: --other is its key, --count its port. */
bool case_announce(const struct order *o)
{
	static struct mdns_packet p;
	struct mdns_service s = mdns_any(own_address(o));

	memcpy(s.key, o->other, 32);
	s.label = o->name;
	s.port = (uint16_t)o->count;
	mdns_start(&p);
	mdns_service(&p, &s);
	return repeat(o, &p);
}

static struct mdns_service of_victim(const struct order *o)
{
	struct mdns_service s = mdns_any(own_address(o));

	(void)snprintf(s.instance, sizeof s.instance, "%s", o->instance);
	if (o->host[0])
		(void)snprintf(s.host, sizeof s.host, "%s", o->host);
	memcpy(s.key, o->other, 32);
	s.label = o->name;
	return s;
}

/* Case 44: says goodbye in the name of --instance. */
bool case_goodbye(const struct order *o)
{
	static struct mdns_packet p;
	struct mdns_service s = of_victim(o);

	s.ttl = 0;
	mdns_start(&p);
	mdns_service(&p, &s);
	return repeat(o, &p);
}

/* Case 48: claims --instance with records of his own, `count` times. */
bool case_name(const struct order *o)
{
	static struct mdns_packet p;
	int fd = opened(o);
	size_t sent = 0;

	for (unsigned i = 0; fd >= 0 && i < o->count; i++) {
		struct mdns_service s = of_victim(o);
		randombytes_buf(s.key, sizeof s.key);
		s.port = (uint16_t)(2000 + i);
		mdns_start(&p);
		mdns_service(&p, &s);
		sent += mdns_send(fd, &p);
		if (o->rate)
			crowd_until(crowd_now() + 1000 / o->rate);
	}
	printf("{\"sent\": %zu}\n", sent);
	if (fd >= 0)
		(void)close(fd);
	return sent > 0;
}

/* --- places nobody should go to --------------------------------------------------------------- */

/* Case 45: ports of other services, addresses that are none, and one with a hundred. */
bool case_places(const struct order *o)
{
	static const uint16_t ports[] = {22, 0, 631, 1023};
	static const uint32_t ips[] = {
		0xe0000001, 0xffffffff, 0, 0x7f000001, 0xef010203, 0x0a6300ff};
	static struct mdns_packet p;
	int fd = opened(o);
	size_t sent = 0;

	for (size_t i = 0; fd >= 0 && i < 4 + 6; i++) {
		struct mdns_service s = mdns_any(i < 4 ? own_address(o) : ips[i - 4]);
		s.port = i < 4 ? ports[i] : 4711;
		s.label = o->name;
		mdns_start(&p);
		mdns_service(&p, &s);
		sent += mdns_send(fd, &p);
	}
	if (fd < 0)
		return false;
	struct mdns_service many = mdns_any(own_address(o));
	many.label = "hundred";
	mdns_start(&p);
	mdns_service(&p, &many);
	for (size_t i = 0; i < 100; i++)
		mdns_address(&p, many.host, some_address(o, i), many.ttl);
	sent += mdns_send(fd, &p);
	printf("{\"sent\": %zu}\n", sent);
	(void)close(fd);
	return sent == 11;
}

/* --- packets that are none -------------------------------------------------------------------- */

static void cname(struct mdns_packet *p, const char *owner, const char *to)
{
	static struct mdns_packet part;

	part.n = 0;
	mdns_name(&part, to);
	mdns_record(p, owner, DNS_CNAME, 120, part.bytes, part.n);
}

/* Aliases in a ring around a real service's names. */
static void cname_loops(struct mdns_packet *p)
{
	mdns_start(p);
	cname(p, OWN, "loop." OWN);
	cname(p, "loop." OWN, OWN);
	cname(p, "self.local", "self.local");
	cname(p, "a.local", "b.local");
	cname(p, "b.local", "c.local");
	cname(p, "c.local", "a.local");
}

/* A PTR whose content points at itself, or `forward`. */
static void pointer_loop(struct mdns_packet *p, bool forward)
{
	mdns_start(p);
	mdns_record(p, OWN, DNS_PTR, 120, "\xc0\x00", 2);
	size_t at = p->n - 2;
	p->bytes[at] = (uint8_t)(0xc0 | at >> 8);
	p->bytes[at + 1] = (uint8_t)(forward ? at + 2 : at);
}

static void many_labels(struct mdns_packet *p, size_t n)
{
	char name[400] = "";

	for (size_t i = 0; i < n; i++)
		memcpy(name + 2 * i, "a.", 2);
	memcpy(name + 2 * n, OWN, sizeof OWN);
	mdns_start(p);
	mdns_record(p, name, DNS_TXT, 120, "\x03v=1", 4);
	cname(p, name, OWN);
}

/* A good packet with a few bytes changed, or cut short. */
static void mangled(struct mdns_packet *p, const struct order *o, size_t i)
{
	struct mdns_service s = mdns_any(some_address(o, i));

	s.label = o->name;
	mdns_start(p);
	mdns_service(p, &s);
	for (uint32_t k = randombytes_uniform(6); k > 0; k--)
		p->bytes[randombytes_uniform((uint32_t)p->n)] = (uint8_t)randombytes_random();
	if (randombytes_uniform(3) == 0)
		p->n = 1 + randombytes_uniform((uint32_t)p->n);
}

/* The forms of case 46, by name. */
static const char *const forms[] = {"aliases", "pointers", "labels", "mangled"};
#define FORMS (sizeof forms / sizeof forms[0])

static void broken(struct mdns_packet *p, const struct order *o, size_t form, size_t i)
{
	switch (form) {
	case 0:
		cname_loops(p);
		break;
	case 1:
		pointer_loop(p, i % 2 == 1);
		break;
	case 2:
		many_labels(p, 64 + i % 64);
		break;
	default:
		mangled(p, o, i);
	}
}

/* Case 46: `count` packets, of loops of aliases, loops of pointers, names of many labels, or good
 * ones mangled; how: one of these forms only. */
bool case_broken(const struct order *o)
{
	static struct mdns_packet p;
	uint64_t begin = crowd_now();
	int fd = opened(o);
	size_t sent = 0, only = 0;

	while (only < FORMS && strcmp(o->how, forms[only]) != 0)
		only++;
	for (size_t i = 0; fd >= 0 && i < o->count; i++) {
		broken(&p, o, only < FORMS ? only : i % FORMS, i);
		sent += mdns_send(fd, &p);
		if (o->rate)
			crowd_until(begin + i * 1000 / o->rate);
	}
	printf("{\"sent\": %zu}\n", sent);
	if (fd >= 0)
		(void)close(fd);
	return sent > 0;
}
