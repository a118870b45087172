/* SPDX-License-Identifier: MIT
 *
 * reply - a packet that answers a one-shot question, and the names and records inside.  case 46.
 */
#include <string.h>

#include "courier/dns.h"
#include "courier/txt.h"
#include "fuzz/fuzz.h"

static void is_label(const char label[KITH_LABEL_BYTES])
{
	const char *end = memchr(label, 0, KITH_LABEL_BYTES);

	must(end && kith_dns_plain(kith_span_str(label)));
	for (const char *c = label; *c; c++)
		must(!(*c >= 'A' && *c <= 'Z'));
}

static void is_described(const struct kith_described *d, struct kith_span packet)
{
	struct kith_txt txt;

	is_label(d->instance);
	is_label(d->host);
	must(d->port != 0 && d->txt.p && fuzz_inside(d->txt, packet));
	must(d->ips_n >= 1 && d->ips_n <= sizeof d->ips / sizeof d->ips[0]);
	must(kith_txt_read(d->txt, &txt) != KITH_ERR_NOMEM);
}

static void packet(struct kith_span s)
{
	static struct kith_reply reply;
	enum kith_err err = kith_reply_read(s, &reply);

	must(err == KITH_OK || err == KITH_ERR_LIMIT || err == KITH_ERR_SHAPE);
	must((err == KITH_ERR_LIMIT) == (s.n > KITH_REPLY_MAX));
	must(reply.n <= KITH_REPLY_INSTANCES);
	for (size_t i = 0; !err && i < reply.n; i++) {
		is_described(&reply.at[i], s);
		for (size_t k = 0; k < i; k++)
			must(strcmp(reply.at[i].instance, reply.at[k].instance) != 0);
	}
}

/* What the responder library hands over: the data of one record. */
static void rdata(struct kith_span s, size_t at)
{
	char name[KITH_NAME_BYTES], host[KITH_LABEL_BYTES], label[KITH_LABEL_BYTES];
	uint16_t port;

	if (kith_dns_name(s, at, name)) {
		must(at < s.n && memchr(name, 0, sizeof name));
		if (kith_dns_label(name, "." KITH_SERVICE, label))
			is_label(label);
		if (kith_dns_label(name, ".local", label))
			is_label(label);
	}
	if (kith_dns_srv(s, &port, host)) {
		must(s.n > 6 && port == (s.p[4] << 8 | s.p[5]));
		is_label(host);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	uint8_t way = fuzz_byte(&in);

	if (way & 0x80)
		rdata(fuzz_take(&in, in.n), way & 0x7f);
	else
		packet(fuzz_take(&in, in.n));
	return 0;
}
