/* SPDX-License-Identifier: MIT */
#include <kith/keys.h>

#include "base/auto.h"
#include "base/limits.h"
#include "book/own.h"
#include "cli/introfile.h"
#include "cli/person.h"
#include "cli/words.h"
#include "crypto/base64.h"

static json_t *text_or_null(struct kith_span s)
{
	return s.n ? kith_json_text(s) : json_null();
}

static bool is_large(const struct kith_field *f)
{
	return f->kind == KITH_FIELD_PHOTO && f->part[0].n > KITH_PHOTO_JSON_MAX;
}

static json_t *value_json(const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf value = {0};

	if (is_large(f))
		return json_null();
	enum kith_err err = f->kind == KITH_FIELD_PHOTO ? kith_base64(&value, f->part[0], 0)
							: kith_field_value(f, &value);

	return err ? NULL : kith_json_text(kith_buf_span(&value));
}

/* Adds the field to the array, with where it is from if that is told; false without memory.  A kind
 * of a newer kith is left out. */
static bool add_field(json_t *array, const struct kith_field *f, const char *from)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	json_t *o;

	if (!info)
		return true;
	if (!(o = json_object()) || json_array_append_new(array, o))
		return false;
	int bad = json_object_set_new(o, "kind", json_string(info->name));
	bad |= json_object_set_new(o, "label", text_or_null(f->label));
	bad |= json_object_set_new(o, "value", value_json(f));
	if (f->flags & KITH_FIELD_PREFERRED)
		bad |= json_object_set_new(o, "preferred", json_true());
	if (is_large(f))
		bad |= json_object_set_new(o, "bytes", json_integer((json_int_t)f->part[0].n));
	if (from)
		bad |= json_object_set_new(o, "from", json_string(from));
	return !bad;
}

static bool add_fields(json_t *array, const struct kith_fields *fields, const char *from)
{
	for (size_t i = 0; i < fields->n; i++)
		if (!add_field(array, &fields->at[i], from))
			return false;
	return true;
}

static json_t *fields_json(const struct kith_fields *fields)
{
	json_t *array = json_array();

	if (!array || !fields || add_fields(array, fields, NULL))
		return array;
	json_decref(array);
	return NULL;
}

/* The fields of the entries but the first skip ones, each with where it is from. */
static json_t *own_json(const struct kith_own *own, size_t skip)
{
	json_t *array = json_array();

	for (size_t i = skip; array && i < own->n; i++) {
		if (add_fields(array, &own->at[i].fields, kith_own_from(&own->at[i])))
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *met_json(int64_t at, struct kith_span event, const char *how)
{
	char iso[KITH_DATE_CHARS];
	json_t *o = json_object();

	if (!o)
		return NULL;
	int bad = json_object_set_new(o, "at", json_string(kith_words_iso(at, iso)));
	bad |= json_object_set_new(o, "event", text_or_null(event));
	bad |= json_object_set_new(o, "how", json_string(how));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* How somebody is known whom nobody has met. */
static const char *how_added(const struct kith_contact *c)
{
	if (c->state == KITH_CONTACT_INTRODUCED)
		return "introduced";
	return kith_how_name(c->has_key ? KITH_HOW_FILE : KITH_HOW_TYPED);
}

/* By whom they were introduced, where they were. */
static int set_introduced(json_t *o, struct kith_store *store, const struct kith_contact *c)
{
	json_t *array = kith_introduced_json(store, c->row);

	if (json_array_size(array) > 0)
		return json_object_set_new(o, "introduced", array);
	json_decref(array);
	return array ? 0 : -1;
}

struct met_list {
	json_t *array;
	bool failed;
};

static bool add_met(void *ctx, const struct kith_met *met)
{
	struct met_list *list = ctx;

	list->failed |= json_array_append_new(list->array, met_json(met->at, met->event, kith_how_name(met->how)));
	return !list->failed;
}

static json_t *all_met(struct kith_store *store, const struct kith_contact *c)
{
	struct met_list list = {.array = json_array()};

	if (!list.array)
		return NULL;
	if (kith_store_met(store, c->row, add_met, &list))
		list.failed = true;
	if (!list.failed && json_array_size(list.array) == 0 && (c->envelope.n > 0 || !c->has_key))
		list.failed = json_array_append_new(
			list.array, met_json(c->added, kith_span("", 0), how_added(c)));
	if (!list.failed)
		return list.array;
	json_decref(list.array);
	return NULL;
}

/* What somebody without a key consists of: the fields of the first entry, and those joined to it. */
static int set_typed(json_t *o, const struct kith_own *own)
{
	int bad = json_object_set_new(o, "fields", fields_json(own->n ? &own->at[0].fields : NULL));

	if (own->n > 0)
		bad |= json_object_set_new(o, "from", json_string(kith_own_from(&own->at[0])));
	if (own->n > 1)
		bad |= json_object_set_new(o, "own", own_json(own, 1));
	return bad;
}

/* What is signed, and what stands beside it. */
static int set_signed(json_t *o, const struct kith_card *card, const struct kith_own *own)
{
	int bad = json_object_set_new(o, "fields", fields_json(card ? &card->fields : NULL));

	if (own->n > 0)
		bad |= json_object_set_new(o, "own", own_json(own, 0));
	return bad;
}

/* Nothing is to come from somebody whose card I let go of. */
static const char *state_name(const struct kith_contact *c)
{
	return c->state == KITH_CONTACT_PENDING && c->let_go ? "let-go"
							     : kith_contact_state_name(c->state);
}

static json_t *contact_json(struct kith_store *store, const struct kith_contact *c,
	const struct kith_card *card, const struct kith_own *own)
{
	char id[KITH_ID_CHARS + 1];
	json_t *o = json_object();

	if (!o)
		return NULL;
	int bad = json_object_set_new(o, "id", json_string(kith_person_id(c, id)));
	bad |= json_object_set_new(o, "name", kith_json_text(c->name));
	if (card)
		bad |= json_object_set_new(o, "revision", json_integer((json_int_t)card->rev));
	bad |= json_object_set_new(o, "state", json_string(state_name(c)));
	bad |= json_object_set_new(o, "delivered", json_boolean(c->delivered));
	if (c->has_key)
		bad |= json_object_set_new(o, "given", text_or_null(c->given));
	if (c->conflict)
		bad |= json_object_set_new(o, "conflict", json_true());
	if (c->blocked)
		bad |= json_object_set_new(o, "blocked", json_true());
	if (c->faded)
		bad |= json_object_set_new(o, "faded", json_true());
	if (c->frozen)
		bad |= json_object_set_new(
			o, "frozen", json_string(kith_frozen_name((enum kith_frozen)c->frozen)));
	bad |= c->has_key ? set_signed(o, card, own) : set_typed(o, own);
	bad |= json_object_set_new(o, "met", all_met(store, c));
	bad |= set_introduced(o, store, c);
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

json_t *kith_person_json(struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card;
	bool has = false;

	if (kith_store_contact(store, row, &c))
		return NULL;
	if (c.envelope.n > 0 && !(has = !kith_held_card(&c, &card)))
		return NULL;
	if (kith_own_read(store, &c, &own))
		return NULL;
	return contact_json(store, &c, has ? &card : NULL, &own);
}

int kith_person_tell(struct kith_store *store, int64_t row)
{
	json_t *o = kith_person_json(store, row);

	if (!o)
		return kith_cli_fail_store(KITH_ERR_STORE, store);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

json_t *kith_card_json(const struct kith_card *card)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	char id[KITH_ID_CHARS + 1];
	char fingerprint[KITH_FINGERPRINT_CHARS + 1];
	json_t *o = json_object();

	if (!o)
		return NULL;
	kith_id_text(card->ik, id);
	kith_fingerprint_text(card->ik, fingerprint);
	int bad = json_object_set_new(o, "id", json_string(id));
	bad |= json_object_set_new(o, "name", name ? kith_json_text(name->part[0]) : json_null());
	bad |= json_object_set_new(o, "revision", json_integer((json_int_t)card->rev));
	bad |= json_object_set_new(o, "fingerprint", json_string(fingerprint));
	bad |= json_object_set_new(o, "fields", fields_json(&card->fields));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}
