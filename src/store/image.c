/* SPDX-License-Identifier: MIT */
#include "store/image.h"

#include "base/diag.h"
#include "base/limits.h"
#include "store/db.h"

static enum kith_err ask(struct kith_query *q, int64_t *ret)
{
	*ret = kith_query_row(q) ? kith_column_int(q, 0) : 0;
	return kith_query_end(q);
}

static enum kith_err check_size(struct kith_store *store)
{
	int64_t pages, size;
	struct kith_query q = kith_query(store, "PRAGMA page_count");
	enum kith_err err = ask(&q, &pages);

	if (err)
		return err;
	q = kith_query(store, "PRAGMA page_size");
	if ((err = ask(&q, &size)))
		return err;
	if (pages > KITH_BACKUP_MAX / size)
		return kith_fail(&store->why, KITH_ERR_LIMIT,
			"%s is larger than %d MiB, which is more than a backup holds", store->path,
			KITH_BACKUP_MAX / 1048576);
	return KITH_OK;
}

/* One read transaction, so that it is one moment; it keeps nobody waiting. */
enum kith_err kith_store_image(struct kith_store *store, struct kith_image *ret_image)
{
	sqlite3_int64 n = 0;
	unsigned char *p = NULL;
	enum kith_err err = KITH_OK;

	if (sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return kith_db_fail(store);
	if (!(err = check_size(store)) && !(p = sqlite3_serialize(store->db, "main", &n, 0)))
		err = n > 0 ? KITH_ERR_NOMEM : kith_db_fail(store);
	if (!err && n < 100)
		err = KITH_ERR_INTERNAL;
	(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	if (err) {
		sqlite3_free(p);
		return err;
	}
	*ret_image = (struct kith_image){p, (size_t)n};
	return KITH_OK;
}

void kith_image_free(struct kith_image *image)
{
	if (image->p)
		explicit_bzero(image->p, image->n);
	sqlite3_free(image->p);
	*image = (struct kith_image){0};
}

enum kith_err kith_store_sound(struct kith_store *store)
{
	bool good = false;
	int64_t broken = 0;
	struct kith_query q = kith_query(store, "PRAGMA integrity_check(1)");

	if (kith_query_row(&q))
		good = kith_span_eq(kith_column_span(&q, 0), kith_span_str("ok"));
	enum kith_err err = kith_query_end(&q);
	if (!err && good) {
		q = kith_query(store, "SELECT count(*) FROM pragma_foreign_key_check");
		err = ask(&q, &broken);
	}
	if (err)
		return err;
	return good && broken == 0
		       ? KITH_OK
		       : kith_fail(&store->why, KITH_ERR_STORE_CORRUPT, "the store is damaged");
}
