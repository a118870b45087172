/* SPDX-License-Identifier: MIT */
#include "cli/edit.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/text.h"
#include "book/mine.h"

static const char form[] =
	"#   email.work=ada@example.org\n"
	"# Inside a value, \\n is a line break and \\\\ a backslash.  An address is\n"
	"#   adr.home=street;place;region;code;country\n"
	"# Lines that start with # do not count.  Nothing changed: nothing is ";

/* "name given family ...", wrapped as comment lines. */
static enum kith_err write_names(struct kith_buf *out)
{
	size_t n, column = 10;
	const struct kith_field_info *all = kith_field_all(&n);
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < n; i++) {
		if (all[i].kind == KITH_FIELD_PHOTO)
			continue;
		size_t len = strlen(all[i].name) + 1;
		if (column + len > 76) {
			err = kith_buf_add_str(out, "\n#   ");
			column = 4;
		}
		if (!err)
			err = kith_buf_printf(out, "%s ", all[i].name);
		column += len;
	}
	return err ? err : kith_buf_add_str(out, "\n\n");
}

static enum kith_err write_escaped(struct kith_buf *out, struct kith_span value)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < value.n; i++) {
		if (value.p[i] == '\n')
			err = kith_buf_add_str(out, "\\n");
		else if (value.p[i] == '\r')
			err = kith_buf_add_str(out, "\\r");
		else if (value.p[i] == '\\')
			err = kith_buf_add_str(out, "\\\\");
		else
			err = kith_buf_add(out, value.p + i, 1);
	}
	return err;
}

static enum kith_err write_field(const struct kith_field *f, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	enum kith_err err = kith_field_value(f, &value);

	if (err || (err = kith_buf_add_str(out, kith_field_info(f->kind)->name)))
		return err;
	if (f->label.n > 0 &&
		((err = kith_buf_add_str(out, ".")) || (err = write_escaped(out, f->label))))
		return err;
	if ((err = kith_buf_add_str(out, "=")) || (err = write_escaped(out, kith_buf_span(&value))))
		return err;
	return kith_buf_add_str(out, "\n");
}

/* Replaces \n, \r and \\ in place; the text only gets shorter. */
static struct kith_span unescape(uint8_t *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		bool pair = p[i] == '\\' && i + 1 < n;
		if (pair && p[i + 1] == 'n')
			p[to++] = '\n';
		else if (pair && p[i + 1] == 'r')
			p[to++] = '\r';
		else if (pair && p[i + 1] == '\\')
			p[to++] = '\\';
		else
			pair = false, p[to++] = p[i];
		i += pair;
	}
	return kith_span(p, to);
}

static bool same(const struct kith_field *a, const struct kith_field *b)
{
	bool is = a->kind == b->kind && a->parts == b->parts && kith_span_eq(a->label, b->label);

	for (size_t i = 0; is && i < a->parts; i++)
		is = kith_span_eq(a->part[i], b->part[i]);
	return is;
}

/* Whether the field can be said as a line, and comes back the same. */
static bool has_line(const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct kith_field back;

	if (f->kind == KITH_FIELD_PHOTO || !kith_field_info(f->kind) || write_field(f, &line) ||
		!kith_text_valid(kith_buf_span(&line)))
		return false;
	return !kith_field_parse(unescape(line.p, line.n - 1), &back, NULL) && same(f, &back);
}

/* The first lines: whose fields these are, how they are written, what it is that changes make. */
static enum kith_err write_intro(const char *whose, const char *done, struct kith_buf *out)
{
	enum kith_err err = kith_buf_printf(out,
		"# %s, one line a field: FIELD=VALUE or FIELD.LABEL=VALUE, such as\n%s%s.\n"
		"#\n# Fields: ",
		whose, form, done);

	return err ? err : write_names(out);
}

static enum kith_err write_fields(const struct kith_fields *fields, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++)
		if (has_line(&fields->at[i]))
			err = write_field(&fields->at[i], out);
	return err;
}

enum kith_err kith_edit_write(const struct kith_fields *fields, struct kith_buf *out)
{
	enum kith_err err = write_intro("Your card", "signed", out);

	return err ? err : write_fields(fields, out);
}

enum kith_err kith_edit_write_about(
	const char *about, const struct kith_fields *fields, struct kith_buf *out)
{
	enum kith_err err = write_intro(about, "written", out);

	return err ? err : write_fields(fields, out);
}

/* The same item among the old ones, NULL if there is none. */
static const struct kith_field *old_one(const struct kith_fields *old, const struct kith_field *f)
{
	for (size_t i = 0; i < old->n; i++)
		if (same(&old->at[i], f))
			return &old->at[i];
	return NULL;
}

static enum kith_err add(
	struct kith_fields *fields, const struct kith_field *f, struct kith_diag *diag)
{
	const struct kith_field_info *info = kith_field_info(f->kind);

	if (info && info->single && kith_fields_first(fields, f->kind))
		return kith_fail(diag, KITH_ERR_VALUE, "%s is there already, and a card has one",
			info->name);
	if (fields->n == KITH_CARD_FIELDS)
		return kith_fail(
			diag, KITH_ERR_LIMIT, "a card has at most %d fields", KITH_CARD_FIELDS);
	fields->at[fields->n++] = *f;
	return KITH_OK;
}

static enum kith_err read_line(struct kith_span line, const struct kith_fields *old,
	struct kith_fields *fields, struct kith_diag *diag)
{
	struct kith_field f;
	enum kith_err err;

	if (!kith_text_valid(line))
		return kith_fail(diag, KITH_ERR_UTF8, "this is not valid UTF-8");
	if ((err = kith_field_parse(line, &f, diag)))
		return err;
	const struct kith_field *was = old_one(old, &f);
	if (!was && (err = kith_my_check(&f, diag)))
		return err;
	f.flags = was ? was->flags : 0;
	return add(fields, &f, diag);
}

/* Cuts the next line off; its end is not part of it. */
static bool next_line(uint8_t **p, size_t *n, uint8_t **ret_line, size_t *ret_len)
{
	if (*n == 0)
		return false;
	uint8_t *end = memchr(*p, '\n', *n);
	size_t len = end ? (size_t)(end - *p) : *n;
	*ret_line = *p;
	*ret_len = len;
	*p += end ? len + 1 : len;
	*n -= end ? len + 1 : len;
	while (*ret_len > 0 && (*ret_line)[*ret_len - 1] == '\r')
		(*ret_len)--;
	return true;
}

enum kith_err kith_edit_read(struct kith_buf *text, const struct kith_fields *old, FILE *errors,
	struct kith_fields *ret_fields)
{
	return kith_edit_read_about(text, old, true, errors, ret_fields);
}

enum kith_err kith_edit_read_about(struct kith_buf *text, const struct kith_fields *old, bool named,
	FILE *errors, struct kith_fields *ret_fields)
{
	struct kith_fields fields = {0};
	uint8_t *p = text->p, *line;
	size_t n = text->n, len, wrong = 0;

	for (unsigned number = 1; next_line(&p, &n, &line, &len); number++) {
		struct kith_diag diag = {0};
		if (len == 0 || line[0] == '#')
			continue;
		enum kith_err err = read_line(unescape(line, len), old, &fields, &diag);
		if (!err)
			continue;
		wrong++;
		if (errors)
			(void)fprintf(errors, "line %u: %s\n", number, kith_diag_text(&diag, err));
	}
	for (size_t i = 0; i < old->n; i++)
		if (!has_line(&old->at[i]) && add(&fields, &old->at[i], NULL))
			wrong++;
	if (!wrong && named && !kith_fields_first(&fields, KITH_FIELD_NAME)) {
		wrong++;
		if (errors)
			(void)fprintf(errors, "there is no name=, and everybody needs one\n");
	}
	if (wrong)
		return KITH_ERR_VALUE;
	*ret_fields = fields;
	return KITH_OK;
}

/* NULL: none is named. */
static const char *named_editor(void)
{
	const char *visual = getenv("VISUAL");
	const char *plain = getenv("EDITOR");

	return visual && *visual ? visual : plain && *plain ? plain : NULL;
}

static const char *editor(void)
{
	const char *named = named_editor();

	return named ? named : "vi";
}

bool kith_edit_named(void)
{
	return named_editor() != NULL;
}

bool kith_edit_run(const char *path, int *ret_status)
{
	KITH_AUTO_BUF struct kith_buf script = {0};
	char shown[256];
	int status;

	/* The shell splits an editor with arguments ("code --wait"); the path is one of its own. */
	if (kith_buf_printf(&script, "exec %s \"$1\"", editor()) || !kith_buf_cstr(&script)) {
		*ret_status = kith_cli_fail(KITH_ERR_NOMEM, NULL);
		return false;
	}
	(void)fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		(void)signal(SIGPIPE, SIG_DFL);
		(void)execl(
			"/bin/sh", "sh", "-c", (const char *)script.p, "kith", path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			pid = -1;
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	kith_show_in(shown, sizeof shown, kith_span_str(editor()), 60);
	*ret_status = kith_cli_error(KITH_ERR_IO,
		"the editor (%s) did not end well; VISUAL or EDITOR names another one", shown);
	return false;
}
