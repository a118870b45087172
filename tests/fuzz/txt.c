/* SPDX-License-Identifier: MIT
 *
 * txt - a TXT record as somebody announces it, and as this kith writes it.  case 42.
 */
#include <string.h>

#include "base/text.h"
#include "courier/txt.h"
#include "fuzz/fuzz.h"

static void writes_and_reads(const struct kith_txt *txt)
{
	struct kith_buf rdata = {0};
	struct kith_txt back;

	must(kith_txt_write(txt, &rdata) == KITH_OK);
	must(rdata.n <= 200);
	must(kith_txt_read(kith_buf_span(&rdata), &back) == KITH_OK);
	must(memcmp(txt->key, back.key, sizeof back.key) == 0);
	must(strcmp(txt->label, back.label) == 0);
	kith_buf_free(&rdata);
}

static void heard(struct kith_span rdata)
{
	struct kith_txt txt;
	uint8_t any = 0;
	enum kith_err err = kith_txt_read(rdata, &txt);

	must(rdata.n <= KITH_TXT_MAX || err == KITH_ERR_LIMIT);
	if (err) {
		must(err == KITH_ERR_LIMIT || err == KITH_ERR_TRUNCATED ||
			err == KITH_ERR_VERSION || err == KITH_ERR_VALUE);
		return;
	}
	for (size_t i = 0; i < sizeof txt.key; i++)
		any |= txt.key[i];
	must(any != 0);
	must(memchr(txt.label, 0, sizeof txt.label));
	must(kith_text_valid(kith_span_str(txt.label)));
	writes_and_reads(&txt);
}

static void said(struct fuzz_in *in)
{
	struct kith_txt txt = {0};

	fuzz_fill(in, txt.key, sizeof txt.key);
	txt.key[0] |= 1;
	struct kith_span label = kith_text_cut(fuzz_take(in, in->n), KITH_TXT_LABEL_MAX);
	if (kith_text_valid(label) && label.n > 0)
		memcpy(txt.label, label.p, label.n);
	writes_and_reads(&txt);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};

	if (fuzz_byte(&in) & 1)
		said(&in);
	else
		heard(fuzz_take(&in, in.n));
	return 0;
}
