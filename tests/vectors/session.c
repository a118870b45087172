/* SPDX-License-Identifier: MIT
 *
 * session.txt - single messages, sealed streams, signatures.  Whole sessions are in handshake.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "crypto/sign.h"
#include "message/message.h"
#include "vectors/script.h"

/* --- single messages -------------------------------------------------------------------------- */

/* Room for any message of session.def. */
union message {
	struct kith_session_hello_i hello_i;
	struct kith_session_accept accept;
	struct kith_session_request request;
	struct kith_session_reveal reveal;
	struct kith_session_k2 k2;
	struct kith_session_k3 k3;
};

/* The table that a message of this type is read with between two kiths; NULL for an unknown one.
 * Before its box is opened a sealed message has one shape. */
static const struct kith_schema *schema_of(uint64_t type, bool opened)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);
	bool strangers = type >= KITH_TYPE_AUTH && type <= KITH_TYPE_RECEIPT;

	if (!opened && (strangers || (type >= KITH_TYPE_K3 && type <= KITH_TYPE_CLOSE)))
		return &kith_session_sealed_schema;
	for (size_t i = 0; type != 0 && i < n; i++)
		if (all[i]->type == type && strncmp(all[i]->name, "session_", 8) == 0)
			return all[i];
	return NULL;
}

/* What a listener that has heard nothing yet makes of a message: KITH_OK only for HELLO_I. */
static enum kith_err first_taken(struct kith_vector *v, struct kith_span input)
{
	static const uint8_t zeros[32];
	struct kith_script c = {0};
	enum kith_err err = KITH_ERR_INTERNAL;

	kith_script_draw(&c, kith_span(zeros, 32));
	kith_script_draw(&c, kith_span(zeros, 16));
	if (kith_script_start(&c, KITH_ROLE_R, zeros, zeros, zeros))
		err = kith_session_take(c.s, input);
	else
		kith_vector_fail(v, "no engine");
	kith_script_free(&c);
	return err;
}

static enum kith_err read_message(struct kith_vector *v, struct kith_span input, union message *m,
	uint64_t *type, const struct kith_schema **schema)
{
	enum kith_err err = first_taken(v, input);

	*schema = NULL;
	/* Only HELLO_I has its turn now; of all others the fault, if any, is in the fields. */
	if (err == KITH_ERR_LIMIT || kith_message_type(input, type) ||
		(err && *type == KITH_TYPE_HELLO_I))
		return err;
	*schema = schema_of(*type, false);
	if (!*schema)
		return KITH_ERR_STATE;
	err = kith_unpack(*schema, input, m);
	if (err == KITH_ERR_TYPE && *type == KITH_TYPE_ABORT) {
		*schema = &kith_session_sealed_schema;
		err = kith_unpack(*schema, input, m);
	}
	return err;
}

static void same_slot(
	struct kith_vector *v, const struct kith_slot *slot, const char *key, const void *msg)
{
	const void *at = (const char *)msg + slot->offset;

	if (slot->kind == KITH_SLOT_UINT)
		kith_vector_same_number(v, key, *(const uint64_t *)at);
	else if (slot->kind == KITH_SLOT_BOOL)
		kith_vector_same_number(v, key, *(const bool *)at);
	else
		kith_vector_same(v, key, *(const struct kith_span *)at);
}

static void check_message(struct kith_vector *v)
{
	struct kith_span input = kith_vector_bytes(v, "input");
	const struct kith_schema *schema;
	union message m = {0};
	uint64_t type = 0;
	enum kith_err err = read_message(v, input, &m, &type, &schema);
	char key[24];

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_vector_same_number(v, "type", type);
	for (size_t i = 0; i < schema->count; i++) {
		(void)snprintf(key, sizeof key, "%u", (unsigned)schema->slots[i].key);
		same_slot(v, &schema->slots[i], key, &m);
	}
}

static void check_plain(struct kith_vector *v)
{
	const struct kith_schema *schema = schema_of(kith_vector_number(v, "type"), true);
	struct kith_span input = kith_vector_bytes(v, "input");
	union message m = {0};

	if (!schema || schema->count != 1) {
		kith_vector_fail(v, "of a type that is not sealed");
		return;
	}
	enum kith_err err = kith_unpack_inner(schema, input, &m);
	kith_vector_same_class(v, err);
	if (!err)
		same_slot(v, &schema->slots[0], "value", &m);
}

/* --- sealed streams --------------------------------------------------------------------------- */

/* Opens "14 hex" into out. */
static enum kith_err open_line(
	struct kith_vector *v, struct kith_seal *stream, const char *line, struct kith_buf *out)
{
	const char *hex = strchr(line, ' ');
	uint8_t ad[33];

	memcpy(ad, kith_vector_32(v, "th"), 32);
	ad[32] = (uint8_t)strtoul(line, NULL, 10);
	kith_buf_clear(out);
	return kith_seal_pull(
		stream, kith_span(ad, sizeof ad), kith_vector_hex(v, hex ? hex + 1 : "-"), out);
}

static void check_sealed(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf plain = {0};
	enum kith_err err = KITH_ERR_INTERNAL;
	struct kith_seal stream;
	const char *line;

	kith_seal_start(&stream, kith_vector_32(v, "key"));
	for (size_t i = 0; (line = kith_vector_text_at(v, "open", i)); i++) {
		err = open_line(v, &stream, line, &plain);
		if (err && kith_vector_text_at(v, "open", i + 1))
			kith_vector_fail(v, "line %zu does not open", i);
	}
	kith_vector_same_class(v, err);
	if (err)
		return;
	kith_vector_same(v, "plain", kith_buf_span(&plain));
	kith_vector_same_number(v, "tag", stream.ended ? 3 : 0); /* FINAL, MESSAGE */
}

/* --- signatures ------------------------------------------------------------------------------- */

static void check_signature(struct kith_vector *v, const char *label, struct kith_span about)
{
	struct kith_span sig = kith_vector_bytes(v, "sig");

	if (sig.n != KITH_SIG_BYTES)
		kith_vector_fail(v, "a signature of %zu bytes", sig.n);
	else
		kith_vector_same_class(
			v, kith_sign_verify(kith_vector_32(v, "ik"), label, about, sig.p));
}

static void check_receipt(struct kith_vector *v)
{
	uint8_t about[64];

	kith_card_hash(kith_vector_bytes(v, "envelope"), about);
	memcpy(about + 32, kith_vector_32(v, "th"), 32);
	check_signature(v, "kith/1 receipt", kith_span(about, sizeof about));
}

static void check_auth(struct kith_vector *v)
{
	char label[32];

	(void)snprintf(label, sizeof label, "kith/1 auth %s", kith_vector_text(v, "role"));
	check_signature(v, label, kith_span(kith_vector_32(v, "th"), 32));
}

void kith_vector_session(struct kith_vector *v)
{
	static const struct {
		const char *kind;
		void (*run)(struct kith_vector *v);
	} kinds[] = {
		{"handshake", kith_vector_handshake},
		{"message", check_message},
		{"plain", check_plain},
		{"reveal", kith_vector_reveal},
		{"accept", kith_vector_accept},
		{"sealed", check_sealed},
		{"receipt", check_receipt},
		{"auth", check_auth},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kith_vector_is(v, "kind", kinds[i].kind)) {
			kinds[i].run(v);
			return;
		}
	}
	kith_vector_fail(v, "of an unknown kind");
}
