/* SPDX-License-Identifier: MIT
 *
 * records - an announcement, made of any input, whose records are put into a packet and read back as
 * somebody else would.
 */
#include <arpa/nameser.h>
#include <string.h>

#include "base/text.h"
#include "courier/records.h"
#include "fuzz/fuzz.h"

static void label(struct fuzz_in *in, char out[KITH_LABEL_BYTES])
{
	struct kith_span s = fuzz_take(in, fuzz_byte(in) % KITH_LABEL_BYTES);

	memset(out, 0, KITH_LABEL_BYTES);
	for (size_t i = 0; i < s.n && s.p[i]; i++)
		out[i] = (char)s.p[i];
}

static void machine(struct fuzz_in *in, struct kith_nets *nets)
{
	nets->n = 1 + fuzz_byte(in) % 3;
	for (size_t i = 0; i < nets->n; i++)
		nets->at[i] =
			(struct kith_net){.index = (int)i + 1, .name = {'e', (char)('0' + i)}};
	nets->addresses_n = fuzz_byte(in) % 24;
	for (size_t i = 0; i < nets->addresses_n; i++) {
		struct kith_net_address *a = &nets->addresses[i];
		*a = (struct kith_net_address){.index = 1 + fuzz_byte(in) % 4};
		a->ip.v6 = fuzz_byte(in) & 1;
		fuzz_fill(in, a->ip.bytes, a->ip.v6 ? 16 : 4);
	}
}

static void number(struct kith_buf *out, uint64_t v, size_t bytes)
{
	for (size_t i = bytes; i > 0; i--) {
		uint8_t b = (uint8_t)(v >> 8 * (i - 1));
		must(kith_buf_add(out, &b, 1) == KITH_OK);
	}
}

/* RFC 1035 section 4: a header and the records as answers. */
static void packet_of(const struct kith_records *records, struct kith_buf *out)
{
	number(out, 4711, 2);
	number(out, 0x8400, 2);
	number(out, 0, 2);
	number(out, records->n, 2);
	number(out, 0, 4);
	for (size_t i = 0; i < records->n; i++) {
		const struct kith_record *r = &records->at[i];
		struct kith_span rdata = kith_record_rdata(records, r);
		must(kith_dns_name_write(r->name, out) == KITH_OK);
		number(out, r->type, 2);
		number(out, r->unique ? 0x8001 : 1, 2);
		number(out, 120, 4);
		number(out, rdata.n, 2);
		must(kith_buf_add(out, rdata.p, rdata.n) == KITH_OK);
	}
}

static bool has_upper(const char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			return true;
	return false;
}

static void reads(const struct kith_announcement *a, struct kith_span packet, size_t addresses)
{
	static struct kith_reply reply;
	struct kith_txt txt;

	must(packet.n <= KITH_REPLY_MAX);
	must(kith_reply_read(packet, &reply) == KITH_OK && reply.id == 4711);
	if (a->port == 0 || addresses == 0) {
		must(reply.n == 0);
		return;
	}
	must(reply.n == 1 && reply.at[0].port == a->port);
	must(has_upper(a->instance) || strcmp(reply.at[0].instance, a->instance) == 0);
	must(has_upper(a->host) || strcmp(reply.at[0].host, a->host) == 0);
	must(kith_txt_read(reply.at[0].txt, &txt) == KITH_OK);
	must(memcmp(txt.key, a->txt.key, sizeof txt.key) == 0);
	must(strcmp(txt.label, a->txt.label) == 0);
	must(reply.at[0].ips_n == (addresses < 8 ? addresses : 8));
}

static void announce(struct fuzz_in *in, struct kith_announcement *a)
{
	*a = (struct kith_announcement){.port = (uint16_t)fuzz_number(in, 2)};
	label(in, a->instance);
	label(in, a->host);
	fuzz_fill(in, a->txt.key, sizeof a->txt.key);
	a->txt.key[31] |= 1;
	struct kith_span name = kith_text_cut(fuzz_string(in), KITH_TXT_LABEL_MAX);
	if (name.n > 0 && kith_text_valid(name))
		memcpy(a->txt.label, name.p, name.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct kith_records records;
	struct fuzz_in in = {p, n};
	struct kith_announcement a;
	struct kith_nets nets = {0};
	struct kith_buf packet = {0};

	announce(&in, &a);
	machine(&in, &nets);
	enum kith_err err = kith_records_make(&a, -1, &nets, &records);
	bool plain =
		kith_dns_plain(kith_span_str(a.instance)) && kith_dns_plain(kith_span_str(a.host));
	must((err == KITH_OK) == plain && (plain || err == KITH_ERR_VALUE));
	if (!err) {
		must(records.n >= 3 && records.n <= sizeof records.at / sizeof records.at[0]);
		packet_of(&records, &packet);
		reads(&a, kith_buf_span(&packet), records.n - 3);
		kith_records_free(&records);
	}
	kith_buf_free(&packet);
	return 0;
}
