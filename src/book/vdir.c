/* SPDX-License-Identifier: MIT */
#include "book/vdir.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "vcard/map.h"

#define LIST       ".kith"
#define ENDING     ".vcf"
#define NAME_BYTES 200 /* of a file that is named by its UID; file systems take 255 */

static void hash_of(struct kith_span bytes, uint8_t out[static KITH_VDIR_HASH])
{
	uint8_t whole[KITH_HASH_BYTES];

	kith_hash(whole, "kith/1 vdir", &bytes, 1);
	memcpy(out, whole, KITH_VDIR_HASH);
}

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

/* The UID of the first vCard in the bytes, "" for none or when there is no vCard; NULL: no memory. */
static char *uid_of(struct kith_span bytes)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	enum kith_err err = kith_vcard_parse(bytes, &v, NULL);

	if (err == KITH_ERR_NOMEM)
		return NULL;
	struct kith_span uid = err ? kith_span("", 0) : kith_vcard_uid(v);
	return strndup(uid.n ? (const char *)uid.p : "", uid.n);
}

/* --- the folder ------------------------------------------------------------------------------- */

static struct kith_vdir_file *add(struct kith_vdir *dir, char *name, char *uid)
{
	if (dir->n == dir->cap) {
		size_t cap = dir->cap ? dir->cap * 2 : 64;
		void *more = name && uid ? reallocarray(dir->at, cap, sizeof *dir->at) : NULL;
		if (!more) {
			free(name);
			free(uid);
			return NULL;
		}
		dir->at = more;
		dir->cap = cap;
	}
	if (!name || !uid) {
		free(name);
		free(uid);
		return NULL;
	}
	dir->at[dir->n] = (struct kith_vdir_file){.name = name, .uid = uid};
	return &dir->at[dir->n++];
}

void kith_vdir_free(struct kith_vdir *dir)
{
	for (size_t i = 0; i < dir->n; i++) {
		free(dir->at[i].name);
		free(dir->at[i].uid);
	}
	free(dir->at);
	free(dir->by_uid);
	free(dir->path);
	*dir = (struct kith_vdir){0};
}

static bool is_vcard_name(const char *name)
{
	size_t n = strlen(name);

	for (const char *c = name; *c; c++)
		if (iscntrl((unsigned char)*c))
			return false;
	return name[0] != '.' && n > strlen(ENDING) &&
	       strcmp(name + n - strlen(ENDING), ENDING) == 0;
}

const char *kith_vdir_path(
	const struct kith_vdir *dir, const struct kith_vdir_file *file, struct kith_buf *out)
{
	return kith_path_join(out, dir->path, file->name);
}

/* A file that is there.  One that cannot be read has no hash that is in any list, and is told of
 * when it is imported. */
static enum kith_err read_file(struct kith_vdir *dir, const char *name, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct stat st;

	if (!kith_path_join(&path, dir->path, name))
		return KITH_ERR_NOMEM;
	if (lstat((const char *)path.p, &st) < 0 || !S_ISREG(st.st_mode))
		return KITH_OK;
	if (dir->n >= KITH_VDIR_FILES_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "%s holds more than %d files", dir->path,
			KITH_VDIR_FILES_MAX);
	enum kith_err err = kith_file_read((const char *)path.p, KITH_VCARD_MAX, &bytes, NULL);
	if (err == KITH_ERR_NOMEM)
		return err;
	struct kith_vdir_file *f = add(dir, strdup(name), uid_of(kith_buf_span(&bytes)));
	if (!f)
		return KITH_ERR_NOMEM;
	f->there = true;
	hash_of(kith_buf_span(&bytes), f->now);
	return KITH_OK;
}

static enum kith_err read_folder(struct kith_vdir *dir, struct kith_diag *diag)
{
	DIR *d = opendir(dir->path);
	enum kith_err err = KITH_OK;
	const struct dirent *e;

	if (!d)
		return kith_file_fail(diag, "open", dir->path);
	while (!err && (e = readdir(d)))
		if (is_vcard_name(e->d_name))
			err = read_file(dir, e->d_name, diag);
	(void)closedir(d);
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct kith_vdir_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* --- the list: a line a file, "THEN OURS NAME UID", the last two with %XX for what is not plain -- */

static enum kith_err put_plain(struct kith_buf *out, const char *s)
{
	enum kith_err err = KITH_OK;

	for (; !err && *s; s++)
		err = *s > ' ' && *s < 0x7f && *s != '%'
			      ? kith_buf_add(out, s, 1)
			      : kith_buf_printf(out, "%%%02X", (unsigned)(uint8_t)*s);
	return err;
}

static bool hex_digit(char c, uint8_t *ret)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, toupper((unsigned char)c)) : NULL;

	if (at)
		*ret = (uint8_t)(at - digits);
	return at;
}

/* Takes %XX back in place; false for what nobody wrote. */
static bool take_plain(char *s)
{
	char *to = s;
	uint8_t high, low;

	for (; *s; s++) {
		if (*s != '%') {
			*to++ = *s;
			continue;
		}
		if (!hex_digit(s[1], &high) || !hex_digit(s[2], &low) || (high == 0 && low == 0))
			return false;
		*to++ = (char)(high << 4 | low);
		s += 2;
	}
	*to = 0;
	return true;
}

static bool take_hash(const char *s, uint8_t out[static KITH_VDIR_HASH])
{
	for (size_t i = 0; s && i < KITH_VDIR_HASH; i++) {
		uint8_t high, low;
		if (!hex_digit(s[2 * i], &high) || !hex_digit(s[2 * i + 1], &low))
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return s && s[2 * KITH_VDIR_HASH] == 0;
}

/* One line; one that nobody wrote is passed over: its file then counts as changed. */
static enum kith_err take_line(struct kith_vdir *dir, size_t there, char *line)
{
	struct kith_vdir_file key = {0}, *f;
	char *rest = NULL;
	const char *then = strtok_r(line, " \n", &rest);
	const char *ours = strtok_r(NULL, " \n", &rest);
	char *name = strtok_r(NULL, " \n", &rest);
	char none[1] = "", *uid = strtok_r(NULL, " \n", &rest);

	uid = uid ? uid : none;
	if (!take_hash(then, key.then) || !take_hash(ours, key.ours) || !name ||
		!take_plain(name) || !take_plain(uid) || !is_vcard_name(name) || strchr(name, '/'))
		return KITH_OK;
	key.name = name;
	f = there ? bsearch(&key, dir->at, there, sizeof key, by_name) : NULL;
	if (!f && dir->n >= 2 * KITH_VDIR_FILES_MAX)
		return KITH_OK;
	if (!f && !(f = add(dir, strdup(name), strdup(uid))))
		return KITH_ERR_NOMEM;
	f->known = true;
	memcpy(f->then, key.then, sizeof f->then);
	memcpy(f->ours, key.ours, sizeof f->ours);
	return KITH_OK;
}

static enum kith_err read_list(struct kith_vdir *dir, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	const char *name = kith_path_join(&path, dir->path, LIST);
	size_t there = dir->n, room = 0;
	char *line = NULL;
	enum kith_err err = KITH_OK;

	if (!name)
		return KITH_ERR_NOMEM;
	int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	if (!f)
		return errno == ENOENT ? KITH_OK : kith_file_fail(diag, "read", name);
	while (!err && getline(&line, &room, f) > 0)
		err = take_line(dir, there, line);
	free(line);
	(void)fclose(f);
	return err;
}

enum kith_err kith_vdir_keep(struct kith_vdir *dir, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_path_join(&path, dir->path, LIST) ? KITH_OK : KITH_ERR_NOMEM;

	for (size_t i = 0; !err && i < dir->n; i++) {
		const struct kith_vdir_file *f = &dir->at[i];
		if (!f->known)
			continue;
		for (size_t j = 0; !err && j < 2 * KITH_VDIR_HASH; j++)
			err = kith_buf_printf(&text, "%02X%s",
				j < KITH_VDIR_HASH ? f->then[j] : f->ours[j - KITH_VDIR_HASH],
				(j + 1) % KITH_VDIR_HASH ? "" : " ");
		if (err || (err = put_plain(&text, f->name)) ||
			(err = kith_buf_add_str(&text, " ")) || (err = put_plain(&text, f->uid)))
			return err;
		err = kith_buf_add_str(&text, "\n");
	}
	return err ? err
		   : kith_file_write((const char *)path.p, kith_buf_span(&text), 0600,
			     KITH_FILE_REPLACE, diag);
}

/* --- in step ---------------------------------------------------------------------------------- */

static const struct kith_vdir *sorting; /* qsort hands nothing along; one thread */

static int by_uid(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return strcmp(sorting->at[*x].uid, sorting->at[*y].uid);
}

static enum kith_err sort_by_uid(struct kith_vdir *dir)
{
	dir->by_uid = calloc(dir->n + 1, sizeof *dir->by_uid);
	if (!dir->by_uid)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < dir->n; i++)
		if (dir->at[i].uid[0])
			dir->by_uid[dir->sorted++] = i;
	sorting = dir;
	qsort(dir->by_uid, dir->sorted, sizeof *dir->by_uid, by_uid);
	return KITH_OK;
}

/* The file with that UID: one that is there before one that is only remembered; NULL for none. */
static struct kith_vdir_file *find(const struct kith_vdir *dir, const char *uid)
{
	size_t low = 0, high = dir->sorted;
	struct kith_vdir_file *found = NULL;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(dir->at[dir->by_uid[mid]].uid, uid) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < dir->sorted && strcmp(dir->at[dir->by_uid[low]].uid, uid) == 0; low++)
		if (!found || (!found->there && dir->at[dir->by_uid[low]].there))
			found = &dir->at[dir->by_uid[low]];
	return found;
}

/* A file that was given another name, but is as it was, is the same file. */
static void follow_names(struct kith_vdir *dir)
{
	for (size_t i = 0; i < dir->n; i++) {
		struct kith_vdir_file *old = &dir->at[i];
		struct kith_vdir_file *f = old->known && !old->there ? find(dir, old->uid) : NULL;
		if (!f || !f->there || f->known || memcmp(f->now, old->then, sizeof f->now) != 0)
			continue;
		f->known = true;
		memcpy(f->then, old->then, sizeof f->then);
		memcpy(f->ours, old->ours, sizeof f->ours);
		old->known = false;
	}
}

enum kith_err kith_vdir_open(
	const char *path, bool make, struct kith_vdir *ret, struct kith_diag *diag)
{
	KITH_AUTO(kith_vdir_free) struct kith_vdir dir = {.path = strdup(path)};
	enum kith_err err;

	if (!dir.path)
		return KITH_ERR_NOMEM;
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return kith_file_fail(diag, "make the folder", path);
	if ((err = read_folder(&dir, diag)))
		return err;
	if (dir.n)
		qsort(dir.at, dir.n, sizeof *dir.at, by_name);
	if ((err = read_list(&dir, diag)) || (err = sort_by_uid(&dir)))
		return err;
	follow_names(&dir);
	*ret = dir;
	dir = (struct kith_vdir){0};
	return KITH_OK;
}

bool kith_vdir_changed(const struct kith_vdir_file *f)
{
	return f->there && (!f->known || memcmp(f->now, f->then, sizeof f->now) != 0);
}

bool kith_vdir_still(const struct kith_vdir_file *f, struct kith_span ours)
{
	uint8_t h[KITH_VDIR_HASH];

	hash_of(ours, h);
	return f->known && memcmp(h, f->ours, sizeof h) == 0;
}

void kith_vdir_took(struct kith_vdir_file *f, struct kith_span ours)
{
	f->known = true;
	memcpy(f->then, f->now, sizeof f->then);
	hash_of(ours, f->ours);
}

enum kith_err kith_vdir_rewrite(struct kith_vdir *dir, struct kith_vdir_file *f,
	struct kith_span vcard, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	char *uid = uid_of(vcard);
	enum kith_err err = uid && kith_vdir_path(dir, f, &path) ? KITH_OK : KITH_ERR_NOMEM;

	if (!err)
		err = kith_file_write((const char *)path.p, vcard, 0600, KITH_FILE_REPLACE, diag);
	if (err) {
		free(uid);
		return err;
	}
	free(f->uid);
	f->uid = uid;
	hash_of(vcard, f->now);
	return KITH_OK;
}

/* A name for a new file: the UID where it is plain, else one made of it.  Meaning is read from no
 * name, so any will do that nobody has. */
static char *new_name(const struct kith_vdir *dir, const char *uid)
{
	uint8_t hash[KITH_VDIR_HASH];
	char plain[NAME_BYTES + 1];
	char *name = NULL;
	bool is_plain = uid[0] && uid[0] != '.' && strlen(uid) < NAME_BYTES;

	for (const char *c = uid; *c; c++)
		is_plain &= isalnum((unsigned char)*c) || strchr("-_.@+", *c);
	hash_of(kith_span_str(uid), hash);
	(void)snprintf(plain, sizeof plain, "%s", uid);
	for (size_t i = 0; !is_plain && i < 8; i++)
		(void)snprintf(plain + 2 * i, 3, "%02x", hash[i]);
	for (unsigned i = 1; i < 1000; i++) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		char more[16] = "";
		struct stat st;
		if (i > 1)
			(void)snprintf(more, sizeof more, "-%u", i);
		if (asprintf(&name, "%s%s" ENDING, plain, more) < 0)
			return NULL;
		if (!kith_path_join(&path, dir->path, name) ||
			(lstat((const char *)path.p, &st) < 0 && errno == ENOENT))
			return name;
		free(name);
	}
	return NULL;
}

static enum kith_err write_file(struct kith_vdir *dir, struct kith_vdir_file *f,
	struct kith_span vcard, enum kith_file_how how, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	enum kith_err err = KITH_ERR_NOMEM;

	if (!kith_vdir_path(dir, f, &path) ||
		(err = kith_file_write((const char *)path.p, vcard, 0600, how, diag)))
		return err;
	f->there = true;
	hash_of(vcard, f->now);
	kith_vdir_took(f, vcard);
	return KITH_OK;
}

/* What is to be done with the vCard of a person whose file is f, NULL for none. */
static enum kith_vdir_done judge(
	const struct kith_vdir_file *f, const uint8_t ours[static KITH_VDIR_HASH], bool again)
{
	if (!f || !f->there)
		return f && !again ? KITH_VDIR_REMOVED : KITH_VDIR_NEW;
	if (memcmp(f->now, ours, KITH_VDIR_HASH) == 0)
		return KITH_VDIR_SAME;
	if (kith_vdir_changed(f))
		return KITH_VDIR_CHANGED;
	return memcmp(f->ours, ours, KITH_VDIR_HASH) == 0 ? KITH_VDIR_SAME : KITH_VDIR_WRITTEN;
}

enum kith_err kith_vdir_ask(const struct kith_vdir *dir, struct kith_span vcard, bool again,
	enum kith_vdir_done *ret_done)
{
	KITH_AUTO_FREE char *uid = uid_of(vcard);
	uint8_t ours[KITH_VDIR_HASH];

	if (!uid)
		return KITH_ERR_NOMEM;
	hash_of(vcard, ours);
	*ret_done = judge(find(dir, uid), ours, again);
	return KITH_OK;
}

enum kith_err kith_vdir_put(struct kith_vdir *dir, struct kith_span vcard, bool again,
	enum kith_vdir_done *ret_done, const char **ret_name, struct kith_diag *diag)
{
	KITH_AUTO_FREE char *uid = uid_of(vcard);
	struct kith_vdir_file *f = uid ? find(dir, uid) : NULL;
	enum kith_err err = KITH_OK;
	uint8_t ours[KITH_VDIR_HASH];

	if (!uid)
		return KITH_ERR_NOMEM;
	hash_of(vcard, ours);
	*ret_done = judge(f, ours, again);
	if (!f && !(f = add(dir, new_name(dir, uid), strdup(uid))))
		return KITH_ERR_NOMEM;
	if (*ret_done == KITH_VDIR_NEW)
		err = write_file(dir, f, vcard, KITH_FILE_NEW, diag);
	else if (*ret_done == KITH_VDIR_WRITTEN)
		err = write_file(dir, f, vcard, KITH_FILE_REPLACE, diag);
	else if (*ret_done == KITH_VDIR_SAME && memcmp(f->now, ours, sizeof ours) == 0)
		kith_vdir_took(f, vcard);
	f->put = true;
	*ret_name = f->name;
	return err;
}

enum kith_err kith_vdir_clear(struct kith_vdir *dir, size_t *ret_n, struct kith_diag *diag)
{
	*ret_n = 0;
	for (size_t i = 0; i < dir->n; i++) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		struct kith_vdir_file *f = &dir->at[i];
		if (f->put || !f->known || kith_vdir_changed(f))
			continue;
		if (!kith_vdir_path(dir, f, &path))
			return KITH_ERR_NOMEM;
		if (f->there && unlink((const char *)path.p) < 0 && errno != ENOENT)
			return kith_file_fail(diag, "remove", (const char *)path.p);
		*ret_n += f->there;
		f->there = f->known = false;
	}
	return KITH_OK;
}
