/* SPDX-License-Identifier: MIT */
#include "crypto/exchange.h"
#include "session/inside.h"

/* --- out -------------------------------------------------------------------------------------- */

enum kith_err session_send(struct kith_session *s, const struct kith_schema *schema,
	const void *msg, struct kith_buf *kept)
{
	struct kith_buf bytes;
	enum kith_err err;

	kith_buf_init(&bytes, s->env);
	err = kith_pack(schema, msg, &bytes);
	if (!err && kept)
		err = kith_buf_add(kept, bytes.p, bytes.n);
	if (!err)
		s->host.send(s->host.ctx, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
	return err;
}

/* Additional data of every sealed message: th || type. */
static struct kith_span sealed_ad(
	const struct kith_session *s, uint64_t type, uint8_t ad[static 33])
{
	memcpy(ad, s->th, 32);
	ad[32] = (uint8_t)type;
	return kith_span(ad, 33);
}

enum kith_err session_seal(struct kith_session *s, const struct kith_schema *schema, uint64_t type,
	const void *msg, bool final, struct kith_buf *box)
{
	struct kith_buf plain;
	uint8_t ad[33];

	kith_buf_init(&plain, s->env);
	enum kith_err err = kith_pack_inner(schema, msg, &plain);
	if (!err)
		err = kith_seal_push(
			&s->out, sealed_ad(s, type, ad), kith_buf_span(&plain), final, box);
	kith_buf_free(&plain);
	return err;
}

enum kith_err session_send_sealed(
	struct kith_session *s, const struct kith_schema *schema, const void *msg, bool final)
{
	struct kith_buf box, bytes;

	kith_buf_init(&box, s->env);
	kith_buf_init(&bytes, s->env);
	enum kith_err err = session_seal(s, schema, schema->type, msg, final, &box);
	if (!err) {
		struct kith_session_sealed outer = {.box = kith_buf_span(&box)};
		err = kith_pack_as(&kith_session_sealed_schema, schema->type, &outer, &bytes);
	}
	if (!err)
		s->host.send(s->host.ctx, kith_buf_span(&bytes));
	kith_buf_free(&box);
	kith_buf_free(&bytes);
	return err;
}

/* --- in --------------------------------------------------------------------------------------- */

enum kith_err session_unseal(struct kith_session *s, const struct kith_schema *schema,
	uint64_t type, struct kith_span box, bool final, struct kith_buf *plain, void *ret_msg)
{
	uint8_t ad[33];
	enum kith_err err = kith_seal_pull(&s->in, sealed_ad(s, type, ad), box, plain);

	if (!err && s->in.ended != final)
		err = KITH_ERR_PROTOCOL;
	return err ? err : kith_unpack_inner(schema, kith_buf_span(plain), ret_msg);
}

enum kith_err session_open(struct kith_session *s, const struct kith_schema *schema,
	struct kith_span bytes, bool final, struct kith_buf *plain, void *ret_msg)
{
	struct kith_session_sealed outer;
	enum kith_err err = kith_unpack(&kith_session_sealed_schema, bytes, &outer);

	return err ? err
		   : session_unseal(s, schema, schema->type, outer.box, final, plain, ret_msg);
}

/* --- keys ------------------------------------------------------------------------------------- */

enum kith_err session_keys(
	struct kith_session *s, const uint8_t their_e[static 32], const uint8_t *k)
{
	uint8_t ir[KITH_SECRET_BYTES], ri[KITH_SECRET_BYTES];
	bool is_i = s->role == KITH_ROLE_I;
	enum kith_err err = kith_exchange(&s->e, their_e, k, s->th, ir, ri);

	kith_wipe(&s->e, sizeof s->e);
	if (err)
		return err;
	kith_seal_start(&s->out, is_i ? ir : ri);
	kith_seal_start(&s->in, is_i ? ri : ir);
	kith_wipe(ir, sizeof ir);
	kith_wipe(ri, sizeof ri);
	s->sealed = true;
	return KITH_OK;
}

/* --- the end ---------------------------------------------------------------------------------- */

enum kith_err session_end(struct kith_session *s, enum kith_err err)
{
	s->step = KITH_STEP_ENDED;
	s->error = err;
	kith_wipe(&s->e, sizeof s->e);
	session_part(s);
	return err;
}

void kith_session_abort(struct kith_session *s, enum kith_abort_reason reason, enum kith_err err)
{
	struct kith_session_abort m = {.reason = (uint64_t)reason};
	enum kith_err sent;

	if (s->step == KITH_STEP_ENDED || s->step == KITH_STEP_DONE)
		return;
	if (s->sealed)
		sent = session_send_sealed(s, &kith_session_abort_schema, &m, true);
	else
		sent = session_send(s, &kith_session_abort_schema, &m, NULL);
	(void)sent; /* it ends either way */
	(void)session_end(s, err);
}

bool session_store_failed(enum kith_err err)
{
	return err <= KITH_ERR_STORE && err >= KITH_ERR_STORE_CORRUPT;
}

enum kith_err session_fault(struct kith_session *s, enum kith_err err)
{
	enum kith_abort_reason reason = KITH_ABORT_PROTOCOL;

	if (err == KITH_ERR_STATE)
		reason = KITH_ABORT_STATE;
	else if (err == KITH_ERR_COMMIT)
		reason = KITH_ABORT_COMMIT;
	else if (err == KITH_ERR_OWNKEY)
		reason = KITH_ABORT_OWNKEY;
	else if (err == KITH_ERR_MISMATCH)
		reason = KITH_ABORT_MISMATCH;
	else if (session_store_failed(err))
		reason = KITH_ABORT_STORE;
	kith_session_abort(s, reason, err);
	return err;
}
