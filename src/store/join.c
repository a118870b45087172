/* SPDX-License-Identifier: MIT */
#include "store/contact.h"
#include "store/entry.h"
#include "store/memory.h"

static enum kith_err run_for(struct kith_store *store, const char *sql, int64_t a, int64_t b)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_int(&q, a);
	kith_bind_int(&q, b);
	return kith_query_run(&q);
}

static enum kith_err join(struct kith_store *store, int64_t person, int64_t other)
{
	bool keyed;
	enum kith_err err = kith_contact_keyed(store, person, &keyed);

	if (!err)
		err = kith_contact_keyed(store, other, &keyed);
	if (!err && (keyed || person == other))
		err = KITH_ERR_VALUE;
	if (!err)
		err = run_for(store,
			"UPDATE entry SET home = coalesce(home, contact), contact = ?1 "
			"WHERE contact = ?2",
			person, other);
	if (!err)
		err = run_for(
			store, "UPDATE field SET contact = ?1 WHERE contact = ?2", person, other);
	if (!err)
		err = kith_memory_join(store, person, other);
	if (err)
		return err;
	if ((err = kith_contact_remove(store, other)))
		return err;
	return kith_contact_refresh(store, person);
}

enum kith_err kith_store_join(struct kith_store *store, int64_t person, int64_t other)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, join(store, person, other));
}

/* The smallest number of a row that an entry of that person had before; 0 for none. */
static enum kith_err next_home(struct kith_store *store, int64_t person, int64_t *ret_home)
{
	struct kith_query q = kith_query(store, "SELECT min(home) FROM entry WHERE contact = ?1");

	kith_bind_int(&q, person);
	*ret_home = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err give_back(struct kith_store *store, int64_t person, int64_t home)
{
	enum kith_err err = run_for(store,
		"INSERT INTO contact (row, uuid, added) SELECT ?2, uuid, "
		"(SELECT min(added) FROM entry WHERE contact = ?1 AND home = ?2) FROM entry "
		"WHERE contact = ?1 AND home = ?2 ORDER BY row LIMIT 1",
		person, home);

	if (!err)
		err = run_for(store,
			"UPDATE field SET contact = ?2 WHERE contact = ?1 AND entry IN "
			"(SELECT row FROM entry WHERE contact = ?1 AND home = ?2)",
			person, home);
	if (!err)
		err = run_for(store,
			"UPDATE entry SET contact = ?2, home = NULL "
			"WHERE contact = ?1 AND home = ?2",
			person, home);
	if (!err)
		err = kith_memory_give_back(store, person, home);
	return err ? err : kith_contact_refresh(store, home);
}

static enum kith_err give_all_back(struct kith_store *store, int64_t person, bool *ret_any)
{
	int64_t home = 0;
	enum kith_err err = next_home(store, person, &home);

	*ret_any = home != 0;
	while (!err && home) {
		err = give_back(store, person, home);
		if (!err)
			err = next_home(store, person, &home);
	}
	return err;
}

static enum kith_err count_own(struct kith_store *store, int64_t person, int64_t *ret_n)
{
	struct kith_query q = kith_query(store, "SELECT count(*) FROM entry WHERE contact = ?1");

	kith_bind_int(&q, person);
	*ret_n = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err unjoin(struct kith_store *store, int64_t person)
{
	bool keyed, any;
	int64_t own;
	enum kith_err err = kith_contact_keyed(store, person, &keyed);

	if (!err)
		err = give_all_back(store, person, &any);
	if (!err && !any)
		err = KITH_ERR_VALUE;
	if (!err)
		err = count_own(store, person, &own);
	if (err)
		return err;
	if (!keyed && own == 0) /* his own entry was removed meanwhile */
		return kith_contact_remove(store, person);
	/* a promise may have gone with the others */
	err = kith_memory_tie(store, person, KITH_DAY_NONE);
	return err ? err : kith_contact_refresh(store, person);
}

enum kith_err kith_store_unjoin(struct kith_store *store, int64_t person)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, unjoin(store, person));
}

enum kith_err kith_contact_disown(struct kith_store *store, int64_t contact)
{
	bool any;
	int64_t own;
	enum kith_err err = give_all_back(store, contact, &any);

	if (!err)
		err = count_own(store, contact, &own);
	if (err)
		return err;
	if (own == 0)
		return kith_contact_remove(store, contact);
	store->scrub |= KITH_SCRUB_WORDS; /* the name that they said */
	struct kith_query q =
		kith_query(store, "UPDATE contact SET ik = NULL, conflict = 0 WHERE row = ?1");
	kith_bind_int(&q, contact);
	if ((err = kith_query_run(&q)))
		return err;
	return kith_contact_refresh(store, contact);
}
