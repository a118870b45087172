/* SPDX-License-Identifier: MIT
 *
 * session.txt - whole sessions, byte by byte, and handshakes that must end.
 *
 * Each side is played by the real engine with the vector's random values; the other side is the
 * vector's bytes.  What leaves the engine must be the vector's bytes too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "crypto/sign.h"
#include "message/message.h"
#include "vectors/script.h"

/* --- the values ------------------------------------------------------------------------------- */

static struct kith_span own_line(struct kith_vector *v, const char *name, bool is_i)
{
	char key[32];

	(void)snprintf(key, sizeof key, "%s_%c", name, is_i ? 'i' : 'r');
	return kith_vector_text(v, key) ? kith_vector_bytes(v, key) : kith_span(NULL, 0);
}

/* The exact bytes of both sides as the page hashes them. */
static bool transcript(struct kith_vector *v, struct kith_transcript *t)
{
	struct kith_span part;
	const char *tags;

	kith_transcript_init(t, NULL, kith_vector_32(v, "s"), kith_vector_32(v, "c"));
	part = kith_vector_bytes(v, "hello_i");
	bool bad = kith_buf_add(&t->hi, part.p, part.n);
	for (size_t i = 0; (tags = kith_vector_text_at(v, "tags", i)); i++) {
		part = kith_vector_hex(v, tags);
		bad = kith_buf_add(&t->hi, part.p, part.n) || bad;
	}
	struct kith_buf *to[] = {&t->hr, &t->s1, &t->s2, &t->s3};
	const char *from[] = {"hello_r", "request", "accept", "reveal"};
	for (size_t i = 0; i < 4; i++) {
		part = kith_vector_bytes(v, from[i]);
		bad = kith_buf_add(to[i], part.p, part.n) || bad;
	}
	return !bad;
}

static bool opened_as(struct kith_vector *v, const struct kith_schema *schema,
	struct kith_span bytes, void *ret_msg)
{
	enum kith_err err = kith_unpack(schema, bytes, ret_msg);

	if (err)
		kith_vector_fail(v, "%s: %s", schema->name, kith_err_name(err));
	return !err;
}

static void check_values(struct kith_vector *v, const struct kith_transcript *t)
{
	struct kith_session_request s1;
	struct kith_session_accept s2;
	struct kith_pair mine = {0};
	uint8_t commit[32], th[32], ir[32], ri[32];
	char code[KITH_CODE_DIGITS + 1];

	if (!opened_as(v, &kith_session_request_schema, kith_buf_span(&t->s1), &s1) ||
		!opened_as(v, &kith_session_accept_schema, kith_buf_span(&t->s2), &s2))
		return;
	kith_transcript_commit(t, s1.label, kith_buf_span(&t->s3), commit);
	kith_vector_same(v, "commit", kith_span(commit, 32));
	kith_transcript_hash(t, th);
	kith_vector_same(v, "th", kith_span(th, 32));
	kith_transcript_code(th, code);
	kith_vector_same_text(v, "code", code);
	memcpy(mine.secret, kith_vector_32(v, "e_i"), 32);
	if (kith_exchange(&mine, s2.e.p, NULL, th, ir, ri))
		kith_vector_fail(v, "no exchange");
	kith_vector_same(v, "k_ir", kith_span(ir, 32));
	kith_vector_same(v, "k_ri", kith_span(ri, 32));
}

/* --- what was sealed -------------------------------------------------------------------------- */

/* The next message of a side, opened; KITH_ERR_MISSING when the vector has none. */
static enum kith_err open_next(struct kith_vector *v, struct kith_seal *stream, const char *name,
	bool is_i, const struct kith_schema *schema, struct kith_buf *plain, void *ret_msg)
{
	struct kith_span bytes = own_line(v, name, is_i);
	struct kith_session_sealed outer;
	uint8_t ad[33];

	if (!bytes.p)
		return KITH_ERR_MISSING;
	if (!opened_as(v, &kith_session_sealed_schema, bytes, &outer))
		return KITH_ERR_PROTOCOL;
	memcpy(ad, kith_vector_32(v, "th"), 32);
	ad[32] = (uint8_t)schema->type;
	kith_buf_clear(plain);
	enum kith_err err = kith_seal_pull(stream, kith_span(ad, sizeof ad), outer.box, plain);
	if (!err)
		err = kith_unpack_inner(schema, kith_buf_span(plain), ret_msg);
	if (err)
		kith_vector_fail(v, "%s of %c: %s", name, is_i ? 'I' : 'R', kith_err_name(err));
	return err;
}

/* Opens everything that one side sealed, compares it, and says how that side checked. */
static enum kith_how check_stream(struct kith_vector *v, bool is_i)
{
	KITH_AUTO_BUF struct kith_buf plain = {0};
	struct kith_session_auth auth;
	struct kith_session_confirm confirm = {0};
	struct kith_session_card card;
	struct kith_session_receipt receipt;
	struct kith_seal stream;

	kith_seal_start(&stream, kith_vector_32(v, is_i ? "k_ir" : "k_ri"));
	if (!open_next(v, &stream, "auth", is_i, &kith_session_auth_schema, &plain, &auth))
		kith_vector_same(v, is_i ? "sig_i" : "sig_r", auth.sig);
	if (open_next(v, &stream, "confirm", is_i, &kith_session_confirm_schema, &plain, &confirm))
		kith_vector_fail(v, "no CONFIRM");
	if (!open_next(v, &stream, "card", is_i, &kith_session_card_schema, &plain, &card))
		kith_vector_same(v, is_i ? "envelope_i" : "envelope_r", card.envelope);
	bool ended_with_card = stream.ended;
	if (!open_next(v, &stream, "receipt", is_i, &kith_session_receipt_schema, &plain, &receipt))
		kith_vector_same(v, is_i ? "receipt_sig_i" : "receipt_sig_r", receipt.sig);
	else if (!ended_with_card)
		kith_vector_fail(
			v, "CARD is the last message of %c but not final", is_i ? 'I' : 'R');
	if (!stream.ended)
		kith_vector_fail(v, "the stream of %c has no end", is_i ? 'I' : 'R');
	return confirm.how == 0   ? KITH_HOW_COMPARED
	       : confirm.how == 1 ? KITH_HOW_SCANNED
				  : KITH_HOW_UNATTENDED;
}

/* --- engines ---------------------------------------------------------------------------------- */

static bool start_i(struct kith_vector *v, struct kith_script *c)
{
	struct kith_session_hello_i hello;
	struct kith_session_request request;
	struct kith_session_reveal reveal;

	if (!opened_as(v, &kith_session_hello_i_schema, kith_vector_bytes(v, "hello_i"), &hello) ||
		!opened_as(v, &kith_session_request_schema, kith_vector_bytes(v, "request"),
			&request) ||
		!opened_as(v, &kith_session_reveal_schema, kith_vector_bytes(v, "reveal"), &reveal))
		return false;
	kith_script_draw(c, hello.nonce);
	kith_script_draw(c, hello.tags);
	kith_script_draw(c, kith_span(kith_vector_32(v, "e_i"), 32));
	kith_script_draw(c, reveal.r);
	c->self.label = request.label;
	c->self.gives = request.gives;
	c->self.attended = request.attended;
	return kith_script_start(c, KITH_ROLE_I, kith_vector_32(v, "seed_i"),
		kith_vector_32(v, "s"), kith_vector_32(v, "c"));
}

static bool start_r(struct kith_vector *v, struct kith_script *c)
{
	struct kith_session_hello_r hello;
	struct kith_session_accept accept;

	if (!opened_as(v, &kith_session_hello_r_schema, kith_vector_bytes(v, "hello_r"), &hello) ||
		!opened_as(v, &kith_session_accept_schema, kith_vector_bytes(v, "accept"), &accept))
		return false;
	kith_script_draw(c, hello.nonce);
	kith_script_draw(c, hello.tag);
	kith_script_draw(c, kith_span(kith_vector_32(v, "e_r"), 32));
	kith_script_draw(c, accept.r);
	c->self.label = accept.label;
	c->self.gives = accept.gives;
	c->self.attended = accept.attended;
	return kith_script_start(c, KITH_ROLE_R, kith_vector_32(v, "seed_r"),
		kith_vector_32(v, "s"), kith_vector_32(v, "c"));
}

/* Hands the engine a message of the other side. */
static void take(
	struct kith_vector *v, struct kith_script *c, const char *what, struct kith_span bytes)
{
	enum kith_err err;

	if (bytes.p && !v->failed && (err = kith_session_take(c->s, bytes)))
		kith_vector_fail(v, "the engine refuses %s: %s", what, kith_err_name(err));
}

static void did(struct kith_vector *v, const char *what, enum kith_err err)
{
	if (err && !v->failed)
		kith_vector_fail(v, "the engine does not %s: %s", what, kith_err_name(err));
}

/* HELLO to ACCEPT as the dialler, HELLO to REQUEST as the listener. */
static void begin(struct kith_vector *v, struct kith_script *c, bool is_i)
{
	const char *tags;

	if (is_i) {
		did(v, "greet", kith_session_greet(c->s));
		take(v, c, "HELLO_R", kith_vector_bytes(v, "hello_r"));
		did(v, "ask", kith_session_ask(c->s));
		return;
	}
	take(v, c, "HELLO_I", kith_vector_bytes(v, "hello_i"));
	for (size_t i = 0; (tags = kith_vector_text_at(v, "tags", i)); i++)
		take(v, c, "TAGS", kith_vector_hex(v, tags));
	take(v, c, "REQUEST", kith_vector_bytes(v, "request"));
	did(v, "accept", kith_session_accept(c->s));
}

/* That the engine sent exactly these lines of the vector, those that are there. */
static void check_sent(struct kith_vector *v, const struct kith_script *c, const char *const *keys)
{
	size_t n = 0;

	for (; *keys; keys++)
		if (kith_vector_text(v, *keys))
			kith_vector_same(v, *keys, kith_script_sent(c, n++));
	if (c->sent_n != n)
		kith_vector_fail(v, "the engine sent %zu messages, not %zu", c->sent_n, n);
	if (c->ran_dry)
		kith_vector_fail(v, "the engine drew other random values");
}

static const char *const sent_i[] = {
	"hello_i", "request", "reveal", "auth_i", "confirm_i", "card_i", "receipt_i", NULL};
static const char *const sent_r[] = {
	"hello_r", "accept", "auth_r", "confirm_r", "card_r", "receipt_r", NULL};

/* The card that a side gives, with the numbers that its owner would know. */
static void give_card(struct kith_vector *v, struct kith_script *c, bool is_i)
{
	KITH_AUTO_FREE struct kith_card *card = calloc(1, sizeof *card);

	c->self.envelope = own_line(v, "envelope", is_i);
	if (!c->self.gives)
		return;
	did(v, "read its own card", kith_card_verify(c->self.envelope, card));
	c->self.rev = card->rev;
	memcpy(c->self.card, card->card, sizeof c->self.card);
}

static void play(struct kith_vector *v, bool is_i, enum kith_how how)
{
	struct kith_script c = {0};

	if (!(is_i ? start_i(v, &c) : start_r(v, &c))) {
		kith_vector_fail(v, "no engine");
		kith_script_free(&c);
		return;
	}
	give_card(v, &c, is_i);
	begin(v, &c, is_i);
	kith_script_header(own_line(v, "header", is_i));
	take(v, &c, is_i ? "ACCEPT" : "REVEAL", kith_vector_bytes(v, is_i ? "accept" : "reveal"));
	take(v, &c, "AUTH", own_line(v, "auth", !is_i));
	if (strcmp(kith_session_code(c.s), kith_vector_text(v, "code")) != 0)
		kith_vector_fail(
			v, "the code of %c is %s", is_i ? 'I' : 'R', kith_session_code(c.s));
	did(v, "confirm", kith_session_same(c.s, how, false));
	take(v, &c, "CONFIRM", own_line(v, "confirm", !is_i));
	take(v, &c, "CARD", own_line(v, "card", !is_i));
	take(v, &c, "RECEIPT", own_line(v, "receipt", !is_i));
	check_sent(v, &c, is_i ? sent_i : sent_r);
	if (kith_session_step(c.s) != KITH_STEP_DONE)
		kith_vector_fail(v, "%c ends in step %d", is_i ? 'I' : 'R', kith_session_step(c.s));
	kith_script_free(&c);
}

void kith_vector_handshake(struct kith_vector *v)
{
	struct kith_transcript t;

	if (transcript(v, &t))
		check_values(v, &t);
	kith_transcript_free(&t);
	enum kith_how how_i = check_stream(v, true);
	enum kith_how how_r = check_stream(v, false);
	if (!kith_vector_text(v, "tags")) /* this engine knows nobody yet: it sends none */
		play(v, true, how_i);
	play(v, false, how_r);
}

/* --- handshakes that must end ----------------------------------------------------------------- */

/* Of a HELLO that is no message any more only the commitment can be looked at. */
static bool hello_is_sound(struct kith_vector *v)
{
	struct kith_session_hello_i i;
	struct kith_session_hello_r r;

	return !kith_unpack(&kith_session_hello_i_schema, kith_vector_bytes(v, "hello_i"), &i) &&
	       !kith_unpack(&kith_session_hello_r_schema, kith_vector_bytes(v, "hello_r"), &r);
}

static void check_commit(struct kith_vector *v)
{
	struct kith_session_request s1;
	struct kith_transcript t;
	uint8_t commit[32];

	if (transcript(v, &t) &&
		opened_as(v, &kith_session_request_schema, kith_buf_span(&t.s1), &s1)) {
		kith_transcript_commit(&t, s1.label, kith_buf_span(&t.s3), commit);
		kith_vector_same_class(
			v, memcmp(commit, s1.commit.p, 32) == 0 ? KITH_OK : KITH_ERR_COMMIT);
	}
	kith_transcript_free(&t);
}

void kith_vector_reveal(struct kith_vector *v)
{
	struct kith_script c = {0};

	if (!hello_is_sound(v)) {
		check_commit(v);
		return;
	}
	if (start_r(v, &c)) {
		begin(v, &c, false);
		kith_vector_same(v, "hello_r", kith_script_sent(&c, 0));
		kith_vector_same(v, "accept", kith_script_sent(&c, 1));
		kith_vector_same_class(v, kith_session_take(c.s, kith_vector_bytes(v, "reveal")));
	} else {
		kith_vector_fail(v, "no engine");
	}
	kith_script_free(&c);
}

void kith_vector_accept(struct kith_vector *v)
{
	struct kith_script c = {0};

	if (start_i(v, &c)) {
		begin(v, &c, true);
		kith_vector_same(v, "hello_i", kith_script_sent(&c, 0));
		kith_vector_same(v, "request", kith_script_sent(&c, 1));
		kith_vector_same_class(v, kith_session_take(c.s, kith_vector_bytes(v, "accept")));
	} else {
		kith_vector_fail(v, "no engine");
	}
	kith_script_free(&c);
}
