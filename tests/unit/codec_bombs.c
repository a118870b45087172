/* SPDX-License-Identifier: MIT
 *
 * A few bytes that declare a great deal, handed to everything that reads the strict form: refused
 * before anything is allocated for them (cases 6 to 9).
 */
#include "base_scratch.h"

#include <string.h>
#include <sys/wait.h>

#include <kith/card.h>

#include "base/limits.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "message/message.h"

#define LONG_KIB 64 /* how long a bomb may be, and what reading it may cost */

static uint8_t ones[LONG_KIB * 1024];  /* 91 91 91: arrays of one, in each other */
static uint8_t fulls[LONG_KIB * 1024]; /* dc ff ff, the same of 65535 each */
static uint8_t room[LONG_KIB * 1024];  /* of one message */
static struct kith_buf good = {0};     /* an envelope, with a body to put bombs in place of */
static struct kith_card *card;

#define BOMB(s)                                                                                    \
	{                                                                                          \
		(const uint8_t *)(s), sizeof(s) - 1                                                \
	}

static const struct kith_span bombs[] = {
	BOMB("\xdd\xff\x00\x00\x00"), /* case 6 */
	BOMB("\xc6\xff\xff\xff\xff"), /* case 7, as the next two */
	BOMB("\xdf\x7f\xff\xff\xff"), BOMB("\xdb\xff\xff\xff\xff"),
	BOMB("\x81\x40\xdd\x00\xff\xff\xff"),     /* behind a key that would be skipped */
	{ones, sizeof ones},                      /* case 8 */
	{fulls, sizeof fulls - sizeof fulls % 3}, /* case 9 */
};

static int begin(void **state)
{
	static const uint8_t seed[KITH_KEY_BYTES] = {1};
	struct kith_identity *id = NULL;

	(void)state;
	memset(ones, 0x91, sizeof ones);
	for (size_t i = 0; i < sizeof fulls; i++)
		fulls[i] = i % 3 ? 0xff : 0xdc;
	card = calloc(1, sizeof *card);
	if (!card || kith_crypto_start() || kith_identity_from_seed(seed, &id))
		return -1;
	card->rev = 1;
	card->fields.n = 1;
	card->fields.at[0] =
		(struct kith_field){.kind = KITH_FIELD_NAME, .parts = 1, .part = {LITERAL("Ada")}};
	enum kith_err err = kith_card_sign(id, card, &good);
	kith_identity_free(id);
	return err || kith_card_verify(kith_buf_span(&good), card) ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	kith_buf_free(&good);
	free(card);
	return 0;
}

/* --- the measure ------------------------------------------------------------------------------ */

/* The most address space that this process ever had, in KiB; touched or not. */
static long peak_kib(void)
{
	static char text[4096];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		(void)close(fd);
	text[n < 0 ? 0 : n] = 0;
	const char *line = strstr(text, "VmPeak:");
	return line ? strtol(line + strlen("VmPeak:"), NULL, 10) : -1;
}

/* Under Valgrind, whose own memory is counted with ours: then only the answers are looked at. */
static bool in_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

/* What the function costs in a process of its own, whose peak begins at what it has: KiB, or -1
 * when the function said false. */
static long cost_kib(bool (*fn)(void))
{
	int status, ends[2];
	long cost = -1;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		long before = peak_kib();
		bool right = fn();
		cost = before < 0 || !right ? -1 : peak_kib() - before;
		_exit(write(ends[1], &cost, sizeof cost) == (ssize_t)sizeof cost ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &cost, sizeof cost), sizeof cost);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return cost > 0 && in_valgrind() ? 0 : cost;
}

static bool takes_a_megabyte(void)
{
	void *volatile p = malloc(1 << 20); /* never touched */
	bool there = p;

	free(p);
	return there;
}

static bool reads_what_is_sound(void)
{
	return kith_card_verify(kith_buf_span(&good), card) == KITH_OK;
}

static void the_measure_sees_memory(void **state)
{
	(void)state;
	if (in_valgrind())
		skip();
	assert_true(cost_kib(takes_a_megabyte) >= 1024);
	assert_in_range(cost_kib(reads_what_is_sound), 0, LONG_KIB - 1);
}

/* --- the bombs -------------------------------------------------------------------------------- */

static bool objects_refuse(void)
{
	bool all = true;

	for (size_t i = 0; i < COUNT(bombs); i++) {
		struct kith_doc doc = {0};
		all = all && kith_doc_open(&doc, bombs[i], sizeof ones) == KITH_ERR_LIMIT;
		kith_doc_close(&doc);
	}
	return all;
}

/* As the envelope, and as the body of one: before the signature is looked at. */
static bool cards_refuse(void)
{
	static const uint8_t sig[KITH_SIG_BYTES];
	bool all = true;

	for (size_t i = 0; i < COUNT(bombs); i++) {
		struct kith_buf out = {0};
		struct kith_packer p = {.out = &out};
		struct kith_span body = bombs[i];
		if (body.n > KITH_CARD_BODY_MAX)
			body.n = KITH_CARD_BODY_MAX;
		kith_pack_array(&p, 4);
		kith_pack_str(&p, LITERAL("KITHCARD"));
		kith_pack_uint(&p, 1);
		kith_pack_bin(&p, body);
		kith_pack_bin(&p, kith_span(sig, sizeof sig));
		all = all && !p.err && kith_card_verify(bombs[i], card) == KITH_ERR_LIMIT &&
		      kith_card_verify(kith_buf_span(&out), card) == KITH_ERR_LIMIT;
		kith_buf_free(&out);
	}
	return all;
}

static bool messages_refuse(void)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);
	uint64_t type;
	bool right = n > 0;

	for (size_t i = 0; i < COUNT(bombs); i++) {
		right = right && kith_message_type(bombs[i], &type) == KITH_ERR_LIMIT;
		for (size_t k = 0; k < n; k++)
			right = right && all[k]->size <= sizeof room &&
				kith_unpack(all[k], bombs[i], room) == KITH_ERR_LIMIT &&
				kith_unpack_inner(all[k], bombs[i], room) == KITH_ERR_LIMIT;
	}
	return right;
}

static void bombs_are_refused_and_cost_nothing(void **state)
{
	bool (*const readers[])(void) = {objects_refuse, cards_refuse, messages_refuse};

	(void)state;
	for (size_t i = 0; i < COUNT(readers); i++)
		assert_in_range(cost_kib(readers[i]), 0, LONG_KIB - 1);
}

/* --- a payload of one byte, and of none ------------------------------------------------------- */

/* Cases 1 and 2: no message and no card is that short, except for the empty inside of one. */
static void a_byte_is_no_message_and_no_card(void **state)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);
	uint64_t type = 0;

	(void)state;
	for (int b = -1; b < 256; b++) {
		uint8_t *byte = malloc(1); /* so that a read past it is noticed */
		assert_non_null(byte);
		*byte = (uint8_t)b;
		struct kith_span s = kith_span(byte, b < 0 ? 0 : 1);
		assert_int_not_equal(kith_message_type(s, &type), KITH_OK);
		assert_int_not_equal(kith_card_verify(s, card), KITH_OK);
		for (size_t k = 0; k < n; k++)
			if (kith_unpack(all[k], s, room) == KITH_OK)
				assert_true(b == 0x80 && all[k]->count == 0);
		free(byte);
	}
	assert_int_equal(kith_message_type(kith_span(NULL, 0), &type), KITH_ERR_TRUNCATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_measure_sees_memory),
		cmocka_unit_test(bombs_are_refused_and_cost_nothing),
		cmocka_unit_test(a_byte_is_no_message_and_no_card),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
