/* SPDX-License-Identifier: MIT */
#include "cli/folder.h"

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/outgoing.h"
#include "cli/person.h"
#include "cli/photo.h"
#include "vcard/map.h"
#include "vcard/reader.h"
#include "vcard/seal.h"
#include "vcard/write.h"

/* --- out -------------------------------------------------------------------------------------- */

struct out {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_vdir dir;
	size_t count[KITH_VDIR_REMOVED + 1]; /* by enum kith_vdir_done */
	size_t without;                      /* people who have no card yet */
	json_t *files;                       /* with --json: an object a file that needs a look */
};

static void out_end(struct out *o)
{
	kith_vdir_free(&o->dir);
	json_decref(o->files);
}

/* What a person should know of: a file that was not written, and why. */
static enum kith_err tell(struct out *o, const char *name, const char *who, bool removed)
{
	char shown[256];

	if (o->files) {
		json_t *f = json_pack("{s:s,s:o}", "result", removed ? "removed" : "changed",
			"file", kith_json_text(kith_span_str(name)));
		return json_array_append_new(o->files, f) ? KITH_ERR_NOMEM : KITH_OK;
	}
	kith_show_in(shown, sizeof shown, kith_span_str(name), 80);
	if (removed)
		kith_cli_note(o->cli,
			"%s (%s) was removed there and is not made again; to do so: --again", shown,
			who);
	else
		kith_cli_note(o->cli,
			"%s (%s) was changed there and is left as it is; first: kith import --vdir",
			shown, who);
	return KITH_OK;
}

/* The vCard once more for others to read, since it is to be written. */
static enum kith_err make_checked(struct out *o, const struct kith_people_row *row,
	struct kith_buf *vcard, struct kith_diag *diag)
{
	struct kith_outgoing_photo photo;

	kith_buf_clear(vcard);
	enum kith_err err =
		kith_outgoing_checked(o->store, row->row, true, KITH_VCARD_30, &photo, vcard);
	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(o->store));
	if (photo.err == KITH_ERR_HELPER) { /* says nothing of the picture, which may be there */
		*diag = photo.diag;
		return photo.err;
	}
	if (photo.err)
		kith_photo_left_out(o->cli, row->name, &photo);
	return KITH_OK;
}

static enum kith_err put_person(
	struct out *o, const struct kith_people_row *row, bool again, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf vcard = {0};
	enum kith_vdir_done done;
	const char *name;
	enum kith_err err = kith_outgoing_vcard(o->store, row->row, true, KITH_VCARD_30, &vcard);

	if (err == KITH_ERR_MISSING) {
		o->without++;
		return KITH_OK;
	}
	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(o->store));
	if ((err = kith_vdir_ask(&o->dir, kith_buf_span(&vcard), again, &done)))
		return err;
	/* of whom nothing is new no picture is checked again */
	if ((done == KITH_VDIR_NEW || done == KITH_VDIR_WRITTEN) &&
		(err = make_checked(o, row, &vcard, diag)))
		return err;
	if ((err = kith_vdir_put(&o->dir, kith_buf_span(&vcard), again, &done, &name, diag)))
		return err;
	o->count[done]++;
	if (done == KITH_VDIR_CHANGED || done == KITH_VDIR_REMOVED)
		return tell(o, name, row->name, done == KITH_VDIR_REMOVED);
	return KITH_OK;
}

static int sum(struct out *o, size_t cleared)
{
	const size_t *n = o->count;

	if (o->files) {
		json_t *sum = json_pack("{s:I,s:I,s:I,s:I,s:O}", "new",
			(json_int_t)n[KITH_VDIR_NEW], "written", (json_int_t)n[KITH_VDIR_WRITTEN],
			"same", (json_int_t)n[KITH_VDIR_SAME], "cleared", (json_int_t)cleared,
			"left", o->files);
		if (!sum)
			return kith_cli_fail(KITH_ERR_NOMEM, NULL);
		kith_json_line(stdout, sum);
		json_decref(sum);
		return 0;
	}
	kith_cli_say(o->cli, "%zu new, %zu written, %zu unchanged%s", n[KITH_VDIR_NEW],
		n[KITH_VDIR_WRITTEN], n[KITH_VDIR_SAME],
		cleared ? ", and the files of who was forgotten are gone" : "");
	if (o->without)
		kith_cli_note(o->cli, "%zu %s no card yet.", o->without,
			o->without == 1 ? "person has" : "people have");
	return 0;
}

int kith_folder_export(struct kith_cli *cli, struct kith_store *store,
	const struct kith_people *people, const struct kith_folder_wish *wish)
{
	KITH_AUTO(out_end) struct out o = {.cli = cli, .store = store};
	struct kith_diag diag = {0};
	size_t cleared = 0;
	enum kith_err err, kept;

	if (cli->json && !(o.files = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if ((err = kith_vdir_open(wish->path, true, &o.dir, &diag)))
		return kith_cli_fail(err, &diag);
	for (size_t i = 0; !err && i < people->n; i++)
		err = put_person(&o, &people->at[i], wish->again, &diag);
	if (!err && wish->whole)
		err = kith_vdir_clear(&o.dir, &cleared, &diag);
	/* also after an error: what was written is in step */
	kept = kith_vdir_keep(&o.dir, err ? NULL : &diag);
	if (err || kept)
		return kith_cli_fail(err ? err : kept, &diag);
	return sum(&o, cleared);
}

/* --- in --------------------------------------------------------------------------------------- */

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

/* The bytes of a file, for a reader. */
static ptrdiff_t take_bytes(void *ctx, void *p, size_t n)
{
	struct kith_span *left = ctx;

	n = n < left->n ? n : left->n;
	if (n > 0)
		memcpy(p, left->p, n);
	*left = kith_span(left->p + n, left->n - n);
	return (ptrdiff_t)n;
}

/* Whether a file is one vCard and nothing else: no second one, no other text, no line that cannot be
 * read, for all of that would be lost when the vCard is written anew. */
static enum kith_err is_alone(struct kith_span bytes, bool *ret_alone)
{
	struct kith_vcard_reader *r = NULL;
	struct kith_vcard *v;
	uint64_t line;
	enum kith_err err = kith_vcard_reader_open(take_bytes, &bytes, NULL, NULL, &r);

	if (err)
		return err;
	bool one = !(err = kith_vcard_next(r, &v, &line)) &&
		   (err = kith_vcard_next(r, &v, &line)) == KITH_ERR_MISSING;
	*ret_alone = one && kith_vcard_reader_remarks(r) == 0;
	kith_vcard_reader_free(r);
	return err == KITH_ERR_NOMEM ? err : KITH_OK;
}

enum kith_err kith_folder_name(
	struct kith_vdir *dir, struct kith_vdir_file *file, bool *ret_left, struct kith_diag *diag)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	KITH_AUTO_BUF struct kith_buf named = {0};
	struct kith_fields fields;
	char uid[KITH_UID_CHARS + 1];
	bool alone = false;
	enum kith_err err;

	*ret_left = false;
	if (file->uid[0])
		return KITH_OK;
	if (!kith_vdir_path(dir, file, &path))
		return KITH_ERR_NOMEM;
	/* what cannot be read is told of when it is imported */
	if (kith_file_read((const char *)path.p, KITH_VCARD_MAX, &bytes, NULL) ||
		kith_vcard_parse(kith_buf_span(&bytes), &v, NULL))
		return KITH_OK;
	if ((err = is_alone(kith_buf_span(&bytes), &alone)))
		return err;
	*ret_left = !alone;
	if (!alone)
		return KITH_OK;
	kith_uid_random(NULL, uid);
	if ((err = kith_vcard_fields(v, &fields)) ||
		(err = kith_vcard_set(v, &fields, kith_span_str(uid), &named)))
		return err;
	return kith_vdir_rewrite(dir, file, kith_buf_span(&named), diag);
}

/* The person whose UID that is; 0: nobody. */
static enum kith_err whose(struct kith_store *store, const char *uid, int64_t *ret_row)
{
	static const struct kith_fields none;
	enum kith_match match;
	int64_t row = 0, entry = 0;
	enum kith_err err =
		kith_store_match(store, kith_span_str(uid), &none, &match, &row, &entry);

	*ret_row = !err && match != KITH_MATCH_NONE ? row : 0;
	return err;
}

enum kith_err kith_folder_way(struct kith_store *store, struct kith_vdir_file *file,
	enum kith_intake_way *ret_way, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf ours = {0};
	int64_t row = 0;
	enum kith_err err = file->uid[0] ? whose(store, file->uid, &row) : KITH_OK;

	*ret_way = KITH_INTAKE_FILE;
	if (!err && row && file->known) {
		err = kith_outgoing_vcard(store, row, true, KITH_VCARD_30, &ours);
		file->both = !kith_vdir_still(file, kith_buf_span(&ours));
		*ret_way = file->both ? KITH_INTAKE_BOTH : KITH_INTAKE_THEIRS;
	}
	if (err == KITH_ERR_MISSING)
		err = KITH_OK;
	return err ? kith_fail(diag, err, "%s", kith_store_why(store)) : KITH_OK;
}

/* Whether the file says otherwise than kith would, now that it was read: what was signed is not
 * taken back, and what is typed in here is not taken away.  Then it is no file in step, and the
 * next export writes it. */
static enum kith_err is_altered(const struct kith_vdir *dir, const struct kith_vdir_file *f,
	const struct kith_contact *c, struct kith_span ours, bool *ret_altered)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	KITH_AUTO_BUF struct kith_buf written = {0};
	KITH_AUTO_BUF struct kith_buf altered = {0}, added = {0};
	struct kith_card card;
	enum kith_err err;

	*ret_altered = f->both;
	if (f->both)
		return KITH_OK;
	if (!kith_vdir_path(dir, f, &path))
		return KITH_ERR_NOMEM;
	if ((err = kith_file_read((const char *)path.p, KITH_VCARD_MAX, &bytes, NULL)) ||
		(err = kith_vcard_parse(kith_buf_span(&bytes), &v, NULL)))
		return err == KITH_ERR_NOMEM ? err : KITH_OK;
	if (c->envelope.n == 0) {
		err = kith_vcard_write(v, KITH_VCARD_30, &written);
		*ret_altered = !kith_span_eq(kith_buf_span(&written), ours);
		return err;
	}
	if ((err = kith_held_card(c, &card)) ||
		(err = kith_vcard_differs(v, &card, &altered, &added)))
		return err;
	*ret_altered = altered.n > 0;
	return KITH_OK;
}

static enum kith_err settle_one(const struct kith_cli *cli, struct kith_store *store,
	const struct kith_vdir *dir, struct kith_vdir_file *f, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf ours = {0};
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char name[KITH_QUOTED_BYTES];
	bool altered = false;
	int64_t row = 0;
	enum kith_err err = f->uid[0] ? whose(store, f->uid, &row) : KITH_OK;

	if (!err && row)
		err = kith_store_contact(store, row, &c);
	if (!err && row && f->there)
		err = kith_outgoing_vcard(store, row, true, KITH_VCARD_30, &ours);
	if (!err && row && f->there)
		err = is_altered(dir, f, &c, kith_buf_span(&ours), &altered);
	if (altered)
		kith_buf_clear(&ours);
	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	if (row && f->there)
		kith_vdir_took(f, kith_buf_span(&ours));
	else if (row)
		kith_cli_note(cli,
			"The file of %s was removed there; kith keeps them (kith forget removes them).",
			kith_held_quoted(c.name, name));
	return KITH_OK;
}

enum kith_err kith_folder_settle(const struct kith_cli *cli, struct kith_store *store,
	struct kith_vdir *dir, struct kith_diag *diag)
{
	for (size_t i = 0; i < dir->n; i++) {
		struct kith_vdir_file *f = &dir->at[i];
		enum kith_err err = f->there && !kith_vdir_changed(f)
					    ? KITH_OK
					    : settle_one(cli, store, dir, f, diag);
		if (err)
			return err;
	}
	return kith_vdir_keep(dir, diag);
}
