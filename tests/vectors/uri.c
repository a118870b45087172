/* SPDX-License-Identifier: MIT
 *
 * uri.txt - texts in QR codes and links, and the cards in them.
 */
#include "card/uri.h"

#include <strings.h>

#include "base/auto.h"
#include "message/invite.h"
#include "vectors/vector.h"

static void check_envelope(struct kith_vector *v, struct kith_span envelope)
{
	static struct kith_card card;
	enum kith_err err = kith_card_verify(envelope, &card);

	if (strcasecmp(kith_vector_text(v, "card"), kith_err_name(err)) != 0)
		kith_vector_fail(v, "the card is %s", kith_err_name(err));
	if (err || v->failed)
		return;
	kith_vector_same_number(v, "variant", card.variant);
	kith_vector_same(v, "called", kith_fields_first(&card.fields, KITH_FIELD_NAME)->part[0]);
}

static void check_read(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf got = {0};
	enum kith_uri_kind kind = KITH_URI_CARD;
	struct kith_diag diag = {0};
	enum kith_err err = kith_uri_read(kith_vector_bytes(v, "input"), &kind, &got, &diag);

	kith_vector_same_class(v, err);
	if (err)
		return;
	kith_vector_same_text(v, "letter", (char[]){(char)kind, 0});
	kith_vector_same(v, "bytes", kith_buf_span(&got));
	if (kind == KITH_URI_CARD)
		check_envelope(v, kith_buf_span(&got));
}

static void check_write(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_uri_kind kind = (enum kith_uri_kind)kith_vector_text(v, "letter")[0];
	enum kith_err err = kith_uri_write(kind, kith_vector_bytes(v, "bytes"), &text);

	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same_text(v, "text", kith_buf_cstr(&text));
}

static void check_invite(struct kith_vector *v)
{
	struct kith_invite got;
	enum kith_err err = kith_invite_read(kith_vector_bytes(v, "bytes"), &got);
	const char *address = NULL;

	kith_vector_same_class(v, err);
	if (err)
		return;
	kith_vector_same(v, "s", kith_span(got.key, sizeof got.key));
	kith_vector_same_number(v, "port", got.port);
	kith_vector_same(v, "ik", kith_span(got.ik, sizeof got.ik));
	for (size_t i = 0; i <= got.n; i++) {
		address = kith_vector_text_at(v, "address", i);
		if (!address != (i == got.n)) {
			kith_vector_fail(v, "%zu addresses", got.n);
			return;
		}
		if (address && !kith_span_eq(kith_vector_hex(v, address),
				       kith_span(got.at[i].bytes, got.at[i].v6 ? 16 : 4)))
			kith_vector_fail(v, "address %zu differs", i);
	}
}

void kith_vector_uri(struct kith_vector *v)
{
	if (kith_vector_is(v, "kind", "uri"))
		check_read(v);
	else if (kith_vector_is(v, "kind", "write"))
		check_write(v);
	else if (kith_vector_is(v, "kind", "invite"))
		check_invite(v);
	else
		kith_vector_fail(v, "of an unknown kind");
}
