/* SPDX-License-Identifier: MIT
 *
 * seal - one direction of a session's encrypted stream: crypto_secretstream_xchacha20poly1305.
 * proto/session.md "seal".  Loss, repetition, reordering and cutting short all fail to open.
 */
#ifndef KITH_CRYPTO_SEAL_H
#define KITH_CRYPTO_SEAL_H

#include <sodium/crypto_secretstream_xchacha20poly1305.h>

#include <kith/bytes.h>

/* Start with kith_seal_start; wipe with kith_wipe. */
struct kith_seal {
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t key[32]; /* until the first message */
	bool begun;      /* the header was sent or read */
	bool ended;      /* the final message was sent or read */
};

/* A stream under key, for sealing or for opening. */
void kith_seal_start(struct kith_seal *s, const uint8_t key[static 32]);

/*
 * Appends the sealed plain to out, with the stream's header in front the first time.
 * KITH_ERR_STATE: the final message was sealed already; KITH_ERR_NOMEM.
 */
enum kith_err kith_seal_push(struct kith_seal *s, struct kith_span ad, struct kith_span plain,
	bool final, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Appends the opened content of box to out.
 * KITH_ERR_PROTOCOL: it does not open, or comes after the final one; KITH_ERR_NOMEM.
 */
enum kith_err kith_seal_pull(struct kith_seal *s, struct kith_span ad, struct kith_span box,
	struct kith_buf *out) KITH_MUST_CHECK;

#endif
