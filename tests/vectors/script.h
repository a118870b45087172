/* SPDX-License-Identifier: MIT
 *
 * script - a session engine whose randomness, host and other side come from a vector.
 */
#ifndef KITH_VECTORS_SCRIPT_H
#define KITH_VECTORS_SCRIPT_H

#include "session/session.h"
#include "vectors/vector.h"

#define KITH_SCRIPT_DRAWS 8
#define KITH_SCRIPT_SENT  16

/* One scripted side.  Zero it, then kith_script_start. */
struct kith_script {
	struct kith_env env;
	struct kith_self self;
	struct kith_identity *id;
	struct kith_span draw[KITH_SCRIPT_DRAWS]; /* what env->random answers, in order */
	size_t draws;
	size_t drawn;
	bool ran_dry;                           /* a draw of another size, or one too many */
	struct kith_buf sent[KITH_SCRIPT_SENT]; /* every message that left */
	size_t sent_n;
	struct kith_session *s;
};

/* Adds n bytes that a later call of random gives. */
void kith_script_draw(struct kith_script *c, struct kith_span bytes);

/* Makes the engine of a role; listener and dialler are the CURVE keys S and C. */
bool kith_script_start(struct kith_script *c, enum kith_role role, const uint8_t seed[static 32],
	const uint8_t listener[static 32], const uint8_t dialler[static 32]);

/* Frees it all. */
void kith_script_free(struct kith_script *c);

/* The message that left as number i, from 0; p is NULL when there was none. */
struct kith_span kith_script_sent(const struct kith_script *c, size_t i);

/* The next random bytes of this number that libsodium asks for are these. */
void kith_script_header(struct kith_span header);

#endif
