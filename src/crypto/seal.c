/* SPDX-License-Identifier: MIT */
#include "crypto/seal.h"

#include <sodium.h>

#define HEADER   crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define OVERHEAD crypto_secretstream_xchacha20poly1305_ABYTES

void kith_seal_start(struct kith_seal *s, const uint8_t key[static 32])
{
	*s = (struct kith_seal){0};
	memcpy(s->key, key, sizeof s->key);
}

enum kith_err kith_seal_push(struct kith_seal *s, struct kith_span ad, struct kith_span plain,
	bool final, struct kith_buf *out)
{
	size_t header = s->begun ? 0 : HEADER;
	uint8_t *to;

	if (s->ended)
		return KITH_ERR_STATE;
	enum kith_err err = kith_buf_more(out, header + plain.n + OVERHEAD, &to);
	if (err)
		return err;
	if (header)
		(void)crypto_secretstream_xchacha20poly1305_init_push(&s->state, to, s->key);
	(void)crypto_secretstream_xchacha20poly1305_push(&s->state, to + header, NULL, plain.p,
		plain.n, ad.p, ad.n,
		final ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		      : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	sodium_memzero(s->key, sizeof s->key);
	s->begun = true;
	s->ended = final;
	return KITH_OK;
}

enum kith_err kith_seal_pull(
	struct kith_seal *s, struct kith_span ad, struct kith_span box, struct kith_buf *out)
{
	size_t header = s->begun ? 0 : HEADER;
	uint8_t tag = 0;
	uint8_t *to;

	if (s->ended || box.n < header + OVERHEAD)
		return KITH_ERR_PROTOCOL;
	if (header &&
		crypto_secretstream_xchacha20poly1305_init_pull(&s->state, box.p, s->key) != 0)
		return KITH_ERR_PROTOCOL;
	enum kith_err err = kith_buf_more(out, box.n - header - OVERHEAD, &to);
	if (err)
		return err;
	if (crypto_secretstream_xchacha20poly1305_pull(
		    &s->state, to, NULL, &tag, box.p + header, box.n - header, ad.p, ad.n) != 0) {
		out->n -= box.n - header - OVERHEAD;
		return KITH_ERR_PROTOCOL;
	}
	sodium_memzero(s->key, sizeof s->key);
	s->begun = true;
	s->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return KITH_OK;
}
