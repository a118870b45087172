/* SPDX-License-Identifier: MIT */
#include "courier/records.h"

#include <arpa/nameser.h>
#include <stdio.h>

static void put(struct kith_records *r, int index, uint16_t type, const char *name, size_t at)
{
	r->at[r->n++] = (struct kith_record){.index = index,
		.unique = type != ns_t_ptr,
		.type = type,
		.name = name,
		.at = at,
		.n = r->bytes.n - at};
}

static enum kith_err put_ptr(int index, struct kith_records *r)
{
	size_t at = r->bytes.n;
	enum kith_err err = kith_dns_name_write(r->instance, &r->bytes);

	if (!err)
		put(r, index, ns_t_ptr, KITH_SERVICE, at);
	return err;
}

static enum kith_err put_srv(const struct kith_announcement *a, int index, struct kith_records *r)
{
	uint8_t head[6] = {[4] = (uint8_t)(a->port >> 8), [5] = (uint8_t)a->port};
	size_t at = r->bytes.n;
	enum kith_err err = kith_buf_add(&r->bytes, head, sizeof head);

	if (err || (err = kith_dns_name_write(r->host, &r->bytes)))
		return err;
	put(r, index, ns_t_srv, r->instance, at);
	return KITH_OK;
}

static enum kith_err put_txt(const struct kith_announcement *a, int index, struct kith_records *r)
{
	size_t at = r->bytes.n;
	enum kith_err err = kith_txt_write(&a->txt, &r->bytes);

	if (!err)
		put(r, index, ns_t_txt, r->instance, at);
	return err;
}

static enum kith_err put_addresses(const struct kith_nets *nets, int index, struct kith_records *r)
{
	size_t n = 0;

	for (size_t i = 0; i < nets->addresses_n && n < KITH_RECORDS_ADDRESSES; i++) {
		const struct kith_net_address *a = &nets->addresses[i];
		size_t at = r->bytes.n;
		if (a->index != index)
			continue;
		enum kith_err err = kith_buf_add(&r->bytes, a->ip.bytes, a->ip.v6 ? 16 : 4);
		if (err)
			return err;
		put(r, index, a->ip.v6 ? ns_t_aaaa : ns_t_a, r->host, at);
		n++;
	}
	return KITH_OK;
}

static enum kith_err put_all(const struct kith_announcement *a, int index,
	const struct kith_nets *nets, struct kith_records *r)
{
	enum kith_err err;

	if ((err = put_ptr(index, r)) || (err = put_srv(a, index, r)) ||
		(err = put_txt(a, index, r)))
		return err;
	for (size_t i = 0; !err && i < nets->n; i++)
		err = put_addresses(nets, nets->at[i].index, r);
	return err;
}

enum kith_err kith_records_make(const struct kith_announcement *a, int index,
	const struct kith_nets *nets, struct kith_records *ret)
{
	enum kith_err err;

	*ret = (struct kith_records){0};
	if (!kith_dns_plain(kith_span_str(a->instance)) || !kith_dns_plain(kith_span_str(a->host)))
		return KITH_ERR_VALUE;
	(void)snprintf(ret->instance, sizeof ret->instance, "%s." KITH_SERVICE, a->instance);
	(void)snprintf(ret->host, sizeof ret->host, "%s.local", a->host);
	if ((err = put_all(a, index, nets, ret)))
		kith_records_free(ret);
	return err;
}

void kith_records_free(struct kith_records *r)
{
	kith_buf_free(&r->bytes);
	r->n = 0;
}
