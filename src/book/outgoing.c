/* SPDX-License-Identifier: MIT */
#include "book/outgoing.h"

#include "base/auto.h"
#include "book/held.h"
#include "book/own.h"
#include "picture/picture.h"
#include "vcard/map.h"
#include "vcard/write.h"

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

/* What is in the store was read when it came, so what does not parse now was damaged since. */
static enum kith_err parse(struct kith_span bytes, struct kith_vcard **ret)
{
	enum kith_err err = kith_vcard_parse(bytes, ret, NULL);

	return err && err != KITH_ERR_NOMEM ? KITH_ERR_STORE_CORRUPT : err;
}

/* Puts into *ret the first entry with what the others have more, NULL when there is none. */
static enum kith_err merged(const struct kith_own *own, struct kith_vcard **ret)
{
	KITH_AUTO(vcard_end) struct kith_vcard *all = NULL;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < own->n; i++) {
		KITH_AUTO_BUF struct kith_buf text = {0};
		size_t added;
		if (i == 0)
			err = kith_buf_add(&text, own->at[i].text.p, own->at[i].text.n);
		else
			err = kith_vcard_merge(all, own->at[i].vcard, &text, &added);
		if (err)
			return err;
		kith_vcard_free(all);
		all = NULL;
		err = parse(kith_buf_span(&text), &all);
	}
	if (err)
		return err;
	*ret = all;
	all = NULL;
	return KITH_OK;
}

/* Takes the picture off the fields unless it passes. */
static void check_photo(struct kith_fields *fields, struct kith_outgoing_photo *ret_photo)
{
	struct kith_picture_info info;
	size_t n = 0;

	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		enum kith_err err = KITH_OK;
		if (f->kind == KITH_FIELD_PHOTO)
			err = kith_picture_check(f->part[0], &info, &ret_photo->diag);
		if (err)
			ret_photo->err = err;
		else
			fields->at[n++] = *f;
	}
	fields->n = n;
}

/* photo NULL: nothing is checked. */
static enum kith_err put(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_outgoing_photo *photo, struct kith_buf *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(kith_own_free) struct kith_own entries = {0};
	KITH_AUTO(vcard_end) struct kith_vcard *beside = NULL;
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err && (own || !c.has_key) && !(err = kith_own_read(store, &c, &entries)))
		err = merged(&entries, &beside);
	if (err)
		return err;
	if (c.envelope.n > 0) {
		if ((err = kith_held_card(&c, &card)))
			return err;
		if (photo)
			check_photo(&card.fields, photo);
		return photo && photo->err == KITH_ERR_NOMEM
			       ? KITH_ERR_NOMEM
			       : kith_vcard_write_card(&card, c.envelope, beside, as, out);
	}
	return beside ? kith_vcard_write(beside, as, out) : KITH_ERR_MISSING;
}

enum kith_err kith_outgoing_vcard(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_buf *out)
{
	return put(store, row, own, as, NULL, out);
}

enum kith_err kith_outgoing_checked(struct kith_store *store, int64_t row, bool own,
	enum kith_vcard_version as, struct kith_outgoing_photo *ret_photo, struct kith_buf *out)
{
	*ret_photo = (struct kith_outgoing_photo){0};
	return put(store, row, own, as, ret_photo, out);
}
