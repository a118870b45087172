/* SPDX-License-Identifier: MIT
 *
 * keys.txt - from a seed to keys and names, and the hash and signatures under them.
 */
#include <sodium.h>

#include "base/base32.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "vectors/vector.h"

static void check_seed(struct kith_vector *v)
{
	struct kith_identity *id = NULL;
	uint8_t xk[32];
	char text[64];

	if (kith_identity_from_seed(kith_vector_32(v, "seed"), &id)) {
		kith_vector_fail(v, "no identity");
		return;
	}
	kith_vector_same(v, "ik", kith_span(kith_identity_ik(id), 32));
	kith_vector_same(v, "xk", kith_span(kith_identity_xk(id), 32));
	(void)crypto_scalarmult_base(xk, kith_vector_32(v, "xk_secret"));
	kith_vector_same(v, "xk", kith_span(xk, 32));
	kith_id_text(kith_identity_ik(id), text);
	kith_vector_same_text(v, "id", text);
	kith_fingerprint_text(kith_identity_ik(id), text);
	kith_vector_same_text(v, "fingerprint", text);
	kith_uid_text(kith_identity_ik(id), text);
	kith_vector_same_text(v, "uid", text);
	kith_identity_free(id);
}

static void check_hash(struct kith_vector *v)
{
	struct kith_span parts[16];
	uint8_t h[KITH_HASH_BYTES];
	const char *part;
	size_t n = 0;

	while (n < 16 && (part = kith_vector_text_at(v, "part", n)))
		parts[n++] = kith_vector_hex(v, part);
	kith_hash(h, kith_vector_text(v, "label"), parts, n);
	kith_vector_same(v, "hash", kith_span(h, sizeof h));
}

/* That the library's function is the one that the page means. */
static void check_kdf(struct kith_vector *v)
{
	struct kith_span want = kith_vector_bytes(v, "output");
	uint8_t out[64];

	if (want.n > sizeof out ||
		crypto_kdf_derive_from_key(out, want.n, kith_vector_number(v, "number"),
			kith_vector_text(v, "context"), kith_vector_32(v, "key")) != 0)
		kith_vector_fail(v, "not derived");
	kith_vector_same(v, "output", kith_span(out, want.n));
}

static void check_sign(struct kith_vector *v)
{
	struct kith_span message = kith_vector_bytes(v, "message");
	struct kith_identity *id = NULL;
	uint8_t sig[KITH_SIG_BYTES];

	if (kith_identity_from_seed(kith_vector_32(v, "seed"), &id) ||
		kith_sign(id, kith_vector_text(v, "label"), message, sig))
		kith_vector_fail(v, "not signed");
	else
		kith_vector_same(v, "sig", kith_span(sig, sizeof sig));
	kith_identity_free(id);
}

static void check_verify(struct kith_vector *v)
{
	struct kith_span message = kith_vector_bytes(v, "message");
	struct kith_span sig = kith_vector_bytes(v, "sig");

	if (sig.n != KITH_SIG_BYTES)
		kith_vector_fail(v, "a signature of %zu bytes", sig.n);
	else
		kith_vector_same_class(v, kith_sign_verify(kith_vector_32(v, "ik"),
						  kith_vector_text(v, "label"), message, sig.p));
}

/* Copies 16 characters in lower case behind a prefix. */
static void name_of(char *out, const char *prefix, const char *chars)
{
	strcpy(out, prefix);
	out += strlen(prefix);
	for (size_t i = 0; i < 16; i++)
		*out++ = (char)(chars[i] >= 'A' && chars[i] <= 'Z' ? chars[i] + 32 : chars[i]);
	*out = 0;
}

static void check_inst(struct kith_vector *v)
{
	struct kith_span s = kith_span(kith_vector_32(v, "s"), 32);
	char chars[KITH_BASE32_CHARS(KITH_HASH_BYTES) + 1];
	uint8_t h[KITH_HASH_BYTES];
	char name[32];

	kith_hash(h, "kith/1 inst", &s, 1);
	kith_base32(chars, kith_span(h, sizeof h));
	name_of(name, "k-", chars);
	kith_vector_same_text(v, "instance", name);
	name_of(name, "kith-", chars + 16);
	kith_vector_same_text(v, "host", name);
}

void kith_vector_keys(struct kith_vector *v)
{
	if (kith_vector_is(v, "kind", "seed"))
		check_seed(v);
	else if (kith_vector_is(v, "kind", "hash"))
		check_hash(v);
	else if (kith_vector_is(v, "kind", "kdf"))
		check_kdf(v);
	else if (kith_vector_is(v, "kind", "sign"))
		check_sign(v);
	else if (kith_vector_is(v, "kind", "verify"))
		check_verify(v);
	else if (kith_vector_is(v, "kind", "inst"))
		check_inst(v);
	else
		kith_vector_fail(v, "of an unknown kind");
}
