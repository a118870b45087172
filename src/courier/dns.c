/* SPDX-License-Identifier: MIT */
#include "courier/dns.h"

#include <arpa/nameser.h>
#include <ctype.h>
#include <strings.h>

#define RECORDS_MAX 256    /* of one packet that are looked at */
#define CLASS_BITS  0x7fff /* the top bit says "flush the cache" */
#define SRV_HEAD    6      /* priority, weight, port */

bool kith_dns_plain(struct kith_span label)
{
	if (label.n == 0 || label.n >= KITH_LABEL_BYTES)
		return false;
	for (size_t i = 0; i < label.n; i++) {
		uint8_t c = label.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-'))
			return false;
	}
	return true;
}

bool kith_dns_label(const char *name, const char *tail, char out[KITH_LABEL_BYTES])
{
	const char *dot = strchr(name, '.');
	size_t n = dot ? (size_t)(dot - name) : 0;

	if (!dot || strcasecmp(dot, tail) != 0 || !kith_dns_plain(kith_span(name, n)))
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)name[i]);
	out[n] = 0;
	return true;
}

bool kith_dns_name(struct kith_span rdata, size_t at, char out[KITH_NAME_BYTES])
{
	return at < rdata.n && ns_name_uncompress(rdata.p, rdata.p + rdata.n, rdata.p + at, out,
				       KITH_NAME_BYTES) >= 0;
}

bool kith_dns_srv(struct kith_span rdata, uint16_t *ret_port, char host[KITH_LABEL_BYTES])
{
	char name[KITH_NAME_BYTES];

	if (!kith_dns_name(rdata, SRV_HEAD, name) || !kith_dns_label(name, ".local", host))
		return false;
	*ret_port = (uint16_t)ns_get16(rdata.p + 4);
	return true;
}

enum kith_err kith_dns_name_write(const char *name, struct kith_buf *out)
{
	uint8_t wire[NS_MAXCDNAME];

	if (ns_name_pton(name, wire, sizeof wire) < 0)
		return KITH_ERR_VALUE;
	for (size_t n = 0;; n += (size_t)wire[n] + 1)
		if (wire[n] == 0)
			return kith_buf_add(out, wire, n + 1);
}

enum kith_err kith_dns_query(uint16_t id, struct kith_buf *out)
{
	uint8_t head[NS_HFIXEDSZ] = {(uint8_t)(id >> 8), (uint8_t)id, [5] = 1}; /* one question */
	uint8_t tail[4] = {0, ns_t_ptr, 0, ns_c_in};
	enum kith_err err;

	if ((err = kith_buf_add(out, head, sizeof head)) ||
		(err = kith_dns_name_write(KITH_SERVICE, out)))
		return err;
	return kith_buf_add(out, tail, sizeof tail);
}

/* A reply while it is read. */
struct reading {
	ns_msg msg;
	struct kith_span packet;
	struct kith_reply *reply;
};

typedef void on_record(struct reading *r, const ns_rr *rr);

/* Hands on every record that is alive, of any section but the question. */
static void each_record(struct reading *r, on_record *f)
{
	static const ns_sect sections[] = {ns_s_an, ns_s_ns, ns_s_ar};
	int seen = 0;

	for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++) {
		for (int i = 0; i < ns_msg_count(r->msg, sections[s]); i++) {
			ns_rr rr;
			if (seen++ == RECORDS_MAX || ns_parserr(&r->msg, sections[s], i, &rr) < 0)
				return;
			if ((ns_rr_class(rr) & CLASS_BITS) == ns_c_in && ns_rr_ttl(rr) > 0)
				f(r, &rr);
		}
	}
}

/* A name inside a record may point back into the packet. */
static bool name_in(struct reading *r, const ns_rr *rr, size_t at, char out[KITH_NAME_BYTES])
{
	size_t offset = (size_t)(ns_rr_rdata(*rr) - r->packet.p) + at;

	return at < ns_rr_rdlen(*rr) && kith_dns_name(r->packet, offset, out);
}

static void take_ptr(struct reading *r, const ns_rr *rr)
{
	char name[KITH_NAME_BYTES], label[KITH_LABEL_BYTES];
	struct kith_reply *reply = r->reply;

	if (ns_rr_type(*rr) != ns_t_ptr || strcasecmp(ns_rr_name(*rr), KITH_SERVICE) != 0 ||
		!name_in(r, rr, 0, name) || !kith_dns_label(name, "." KITH_SERVICE, label))
		return;
	for (size_t i = 0; i < reply->n; i++)
		if (strcmp(reply->at[i].instance, label) == 0)
			return;
	if (reply->n < KITH_REPLY_INSTANCES)
		memcpy(reply->at[reply->n++].instance, label, sizeof label);
}

static void take_srv_or_txt(struct reading *r, const ns_rr *rr)
{
	char name[KITH_NAME_BYTES], label[KITH_LABEL_BYTES], host[KITH_LABEL_BYTES];
	struct kith_span rdata = kith_span(ns_rr_rdata(*rr), ns_rr_rdlen(*rr));

	if (!kith_dns_label(ns_rr_name(*rr), "." KITH_SERVICE, label))
		return;
	for (size_t i = 0; i < r->reply->n; i++) {
		struct kith_described *d = &r->reply->at[i];
		if (strcmp(d->instance, label) != 0)
			continue;
		if (ns_rr_type(*rr) == ns_t_txt && !d->txt.p)
			d->txt = rdata;
		if (ns_rr_type(*rr) == ns_t_srv && d->port == 0 && name_in(r, rr, SRV_HEAD, name) &&
			kith_dns_label(name, ".local", host)) {
			memcpy(d->host, host, sizeof host);
			d->port = (uint16_t)ns_get16(rdata.p + 4);
		}
	}
}

static void take_address(struct reading *r, const ns_rr *rr)
{
	bool v6 = ns_rr_type(*rr) == ns_t_aaaa;
	struct kith_ip ip = {.v6 = v6};
	char label[KITH_LABEL_BYTES];

	if ((!v6 && ns_rr_type(*rr) != ns_t_a) || ns_rr_rdlen(*rr) != (v6 ? 16 : 4) ||
		!kith_dns_label(ns_rr_name(*rr), ".local", label))
		return;
	memcpy(ip.bytes, ns_rr_rdata(*rr), ns_rr_rdlen(*rr));
	for (size_t i = 0; i < r->reply->n; i++) {
		struct kith_described *d = &r->reply->at[i];
		if (d->port != 0 && strcmp(d->host, label) == 0 &&
			d->ips_n < sizeof d->ips / sizeof d->ips[0])
			d->ips[d->ips_n++] = ip;
	}
}

enum kith_err kith_reply_read(struct kith_span packet, struct kith_reply *ret)
{
	struct reading r = {.packet = packet, .reply = ret};
	size_t kept = 0;

	*ret = (struct kith_reply){0};
	if (packet.n > KITH_REPLY_MAX)
		return KITH_ERR_LIMIT;
	if (ns_initparse(packet.p, (int)packet.n, &r.msg) < 0 || !ns_msg_getflag(r.msg, ns_f_qr) ||
		ns_msg_getflag(r.msg, ns_f_rcode) != 0)
		return KITH_ERR_SHAPE;
	ret->id = (uint16_t)ns_msg_id(r.msg);
	/* Records come in any order; each pass needs what the one before found. */
	each_record(&r, take_ptr);
	each_record(&r, take_srv_or_txt);
	each_record(&r, take_address);
	for (size_t i = 0; i < ret->n; i++)
		if (ret->at[i].port != 0 && ret->at[i].txt.p && ret->at[i].ips_n > 0)
			ret->at[kept++] = ret->at[i];
	ret->n = kept;
	return KITH_OK;
}
