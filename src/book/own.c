/* SPDX-License-Identifier: MIT */
#include "book/own.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "crypto/hash.h"
#include "vcard/map.h"
#include "vcard/value.h"

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

void kith_own_free(struct kith_own *own)
{
	if (!own)
		return;
	for (size_t i = 0; i < own->n; i++) {
		kith_vcard_free(own->at[i].vcard);
		kith_buf_free(&own->at[i].uid);
		kith_buf_free(&own->at[i].text);
	}
	free(own->at);
	*own = (struct kith_own){0};
}

/* Whether some property of that name holds more than separators. */
static bool holds(const struct kith_vcard *v, const char *name)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; kith_vcard_is(&p[i], name) && j < p[i].value.n; j++)
			if (p[i].value.p[j] != ';' && p[i].value.p[j] != ' ')
				return true;
	return false;
}

static void drop_name(struct kith_fields *fields)
{
	size_t n = 0;

	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].kind != KITH_FIELD_NAME)
			fields->at[n++] = fields->at[i];
	fields->n = n;
}

/* The fields of a vCard; beside a key without a name that it does not say. */
static enum kith_err fields_of(struct kith_vcard *v, bool beside, struct kith_fields *ret_fields)
{
	enum kith_err err = kith_vcard_fields(v, ret_fields);

	if (!err && beside && !holds(v, "FN") && !holds(v, "N"))
		drop_name(ret_fields);
	return err;
}

struct reading {
	struct kith_own *own;
	bool beside; /* a key */
	enum kith_err err;
};

static enum kith_err read_entry(const struct kith_entry *e, bool beside, struct kith_own_entry *to)
{
	enum kith_err err;

	to->row = e->row;
	to->joined = e->joined;
	to->imported = e->imported;
	to->at = e->at;
	if ((err = kith_buf_add(&to->uid, e->uid.p, e->uid.n)) ||
		(err = kith_buf_add(&to->text, e->vcard.p, e->vcard.n)))
		return err;
	err = kith_vcard_parse(e->vcard, &to->vcard, NULL);
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	return fields_of(to->vcard, beside, &to->fields);
}

static bool add_entry(void *ctx, const struct kith_entry *e)
{
	struct reading *r = ctx;
	struct kith_own_entry *more = reallocarray(r->own->at, r->own->n + 1, sizeof *r->own->at);

	if (!more) {
		r->err = KITH_ERR_NOMEM;
		return false;
	}
	r->own->at = more;
	more[r->own->n] = (struct kith_own_entry){0};
	r->err = read_entry(e, r->beside, &more[r->own->n++]);
	return !r->err;
}

enum kith_err kith_own_read(
	struct kith_store *store, const struct kith_contact *contact, struct kith_own *ret_own)
{
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct reading r = {.own = &own, .beside = contact->has_key};
	enum kith_err err = contact->entries == 0
				    ? KITH_OK
				    : kith_store_entries(store, contact->row, add_entry, &r);

	if (err || r.err)
		return err ? err : r.err;
	*ret_own = own;
	own = (struct kith_own){0};
	return KITH_OK;
}

/* Puts the vCard of e with what is in it. */
static enum kith_err put(struct kith_store *store, struct kith_entry *e, bool beside)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf words = {0};
	const struct kith_env *env = kith_env_default();
	struct kith_fields fields;
	enum kith_err err = kith_vcard_parse(e->vcard, &v, NULL);

	if (err || (err = fields_of(v, beside, &fields)) || (err = kith_vcard_words(v, &words)))
		return err;
	struct kith_entry_content content = {&fields, kith_buf_span(&words)};
	return kith_store_entry_put(store, e, &content, env->wall(env->ctx));
}

#define CAME       "X-KITH-CAME"
#define CAME_BYTES 16

static void came_text(struct kith_span vcard, char out[static 2 * CAME_BYTES + 1])
{
	uint8_t h[KITH_HASH_BYTES];

	kith_hash(h, "kith/1 came", &vcard, 1);
	for (size_t i = 0; i < CAME_BYTES; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", h[i]);
}

bool kith_own_came(struct kith_vcard *entry, struct kith_span vcard)
{
	char text[2 * CAME_BYTES + 1];
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(entry, &n);

	came_text(vcard, text);
	for (size_t i = 0; i < n; i++)
		if (kith_vcard_is(&p[i], CAME) && kith_span_eq(p[i].value, kith_span_str(text)))
			return true;
	return false;
}

/* Notes in the text of an entry, as kith writes it, which bytes came by import. */
static enum kith_err note_came(struct kith_span came, struct kith_buf *text)
{
	static const char end[] = "END:VCARD\r\n";
	char hash[2 * CAME_BYTES + 1];

	if (text->n < sizeof end - 1 ||
		memcmp(text->p + text->n - (sizeof end - 1), end, sizeof end - 1) != 0)
		return KITH_OK;
	came_text(came, hash);
	text->n -= sizeof end - 1;
	return kith_buf_printf(text, "%s:%s\r\n%s", CAME, hash, end);
}

enum kith_err kith_own_put(struct kith_store *store, const struct kith_own_entry *entry,
	const struct kith_fields *fields, bool beside, int64_t *contact)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char uid[KITH_UID_CHARS + 1];
	struct kith_entry e = {.contact = *contact};
	enum kith_err err;

	if (entry) {
		e.row = entry->row;
		e.joined = entry->joined;
		e.uid = kith_buf_span(&entry->uid);
		err = kith_vcard_set(entry->vcard, fields, kith_span("", 0), &text);
		if (!err && entry->imported)
			err = note_came(kith_buf_span(&entry->text), &text);
	} else {
		kith_uid_random(NULL, uid);
		e.uid = kith_span_str(uid);
		err = kith_vcard_make(fields, e.uid, &text);
	}
	e.vcard = kith_buf_span(&text);
	if (err || (err = put(store, &e, beside)))
		return err;
	*contact = e.contact;
	return KITH_OK;
}

/* Properties that every vCard may have, whoever it is about, and those of a name. */
static bool is_form(const struct kith_vcard_property *p)
{
	static const char *const names[] = {"VERSION", "UID", "REV", "PRODID", "FN", "N", CAME};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (kith_vcard_is(p, names[i]))
			return true;
	return false;
}

enum kith_err kith_own_more(const struct kith_own_entry *entry, size_t *ret_n)
{
	static const struct kith_fields none;
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	size_t n, more = 0;
	enum kith_err err = kith_vcard_set(entry->vcard, &none, kith_span("", 0), &text);

	if (err || (err = kith_vcard_parse(kith_buf_span(&text), &v, NULL)))
		return err;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	for (size_t i = 0; i < n; i++)
		more += !is_form(&p[i]);
	*ret_n = more;
	return KITH_OK;
}

const char *kith_own_from(const struct kith_own_entry *entry)
{
	return entry->joined ? "joined" : entry->imported ? "imported" : "typed";
}
