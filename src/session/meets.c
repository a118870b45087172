/* SPDX-License-Identifier: MIT
 *
 * meets - which of those who are here I know: who dials for that, and what comes of it.
 * proto/known.md, "Who dials".
 */
#include "session/row.h"

/* --- when it is a row's turn ------------------------------------------------------------------ */

static bool i_come_first(const struct kith_room *room, const struct row *row)
{
	return memcmp(room->own[0], row->key, 32) < 0;
}

/* Spread over the longer, the more are here. */
static uint64_t jitter(struct kith_room *room, const struct row *row)
{
	uint64_t here = 0;

	for (const struct row *r = room->rows; r; r = r->next)
		here += r->seen || r == row;
	uint64_t most = here * KITH_DIAL_ROW_MS;
	return room_luck(room, (most < KITH_DIAL_JITTER_MS ? most : KITH_DIAL_JITTER_MS) + 1);
}

static void plan(struct kith_room *room, struct row *row)
{
	row->tried = row->failed = false;
	row->meet_at =
		now_of(room) + (i_come_first(room, row) ? jitter(room, row) : KITH_DIAL_WAIT_MS);
}

static void plan_all(struct kith_room *room)
{
	for (struct row *r = room->rows; r; r = r->next)
		plan(room, r);
}

void meet_seen(struct kith_room *room, struct row *row)
{
	if (row->failed) { /* a new address: worth a try, but whoever comes and goes is no newcomer */
		uint64_t at = now_of(room) + jitter(room, row);
		row->meet_at = at < row->meet_at ? at : row->meet_at;
	} else if (!row->seen && !row->tried) {
		plan(room, row);
	}
}

void meet_key(struct kith_room *room)
{
	plan_all(room); /* to everybody I am somebody new */
}

/* --- dialling --------------------------------------------------------------------------------- */

static bool is_dial(const struct line *line)
{
	return line->meets && !line->inbound;
}

static size_t dials(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct line *l = room->lines; l; l = l->next)
		n += is_dial(l);
	return n;
}

/* Those of them to rows whose last dial had failed. */
static size_t agains(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct line *l = room->lines; l; l = l->next)
		n += is_dial(l) && l->again;
	return n;
}

static bool meets_now(const struct kith_room *room, const struct row *row)
{
	for (const struct line *l = room->lines; l; l = l->next)
		if (l->meets == row && !l->over)
			return true;
	return false;
}

/* Another dial than that one has reached that contact, or will by what its row said the last time. */
static bool is_with(const struct kith_room *room, int64_t contact, const struct line *but)
{
	for (const struct line *l = room->lines; l; l = l->next) {
		if (l == but || !is_dial(l))
			continue;
		const struct kith_tie *tie = l->session ? kith_session_tie(l->session) : NULL;
		if (tie ? tie->contact == contact
			: l->meets->waits && l->meets->waits_for == contact)
			return true;
	}
	return false;
}

/* When the row is to be dialled (ticks), if there is a place; UINT64_MAX: not at all, as it stands. */
static uint64_t turn_of(const struct kith_room *room, const struct row *row)
{
	uint64_t at = row->meet_at;

	if (!row->seen || (row->tried && !row->due) || meets_now(room, row) ||
		(row->waits && is_with(room, row->waits_for, NULL)))
		return UINT64_MAX;
	if (row->due && row->used_at && at < row->used_at + KITH_UPDATE_MS)
		at = row->used_at + KITH_UPDATE_MS;
	return at;
}

/* A row, and when it may be dialled (ticks); UINT64_MAX: there is none, or no place for it. */
struct turn {
	struct row *row;
	uint64_t at;
};

/* Who has waited longest, or will have to for the shortest: of the rows whose last dial failed, or of the others. */
static struct turn longest_waiting(const struct kith_room *room, bool failed)
{
	struct turn turn = {.at = UINT64_MAX};

	for (struct row *r = room->rows; r; r = r->next) {
		uint64_t at = r->failed == failed ? turn_of(room, r) : UINT64_MAX;
		if (at < turn.at)
			turn = (struct turn){r, at};
	}
	return turn;
}

/* The dial that has been without HELLO_R for the longest; NULL: there is none that may be cut short. */
static struct line *longest_silent(const struct kith_room *room)
{
	bool spares = agains(room) <= KITH_DIALS_AGAIN;
	struct line *longest = NULL;

	for (struct line *l = room->lines; l; l = l->next)
		if (is_dial(l) && !l->over && !(l->again && spares) &&
			(!l->session || kith_session_step(l->session) == KITH_STEP_GREETING) &&
			(!longest || l->ends < longest->ends))
			longest = l;
	return longest;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Rows that lead nowhere, by the hundred or new ones without end, must keep nobody away for good: neither who comes
 * now nor who was cut short once. */
static struct turn next_turn(const struct kith_room *room)
{
	struct turn none = {.at = UINT64_MAX};
	bool full = dials(room) >= KITH_DIALS_MAX, kept = agains(room) < KITH_DIALS_AGAIN;

	if (!room->recognises || kith_circle_size(room->self->circle) == 0)
		return none;
	struct turn first = longest_waiting(room, false), again = longest_waiting(room, true);
	struct line *silent = full ? longest_silent(room) : NULL;
	uint64_t soonest = later(now_of(room), room->next_meet);
	uint64_t cut = silent ? silent->ends - KITH_SESSION_MS + KITH_DIAL_YIELD_MS : UINT64_MAX;
	first.at = later(first.at, later(soonest, full ? cut : 0));
	/* Nobody is cut short but where somebody waits for a first dial. */
	again.at = later(again.at, full && !kept ? UINT64_MAX : full ? first.at : soonest);
	bool goes = again.at < first.at || (again.at == first.at && kept && again.row);
	return goes ? again : first;
}

static void failed(struct kith_room *room, struct row *row, uint64_t ms)
{
	row->failed = true;
	row->meet_at = now_of(room) + ms;
}

/* Whoever gives up the place is tried again behind the others, with all the time of a dial. */
static void make_place(struct kith_room *room)
{
	struct line *line = longest_silent(room);
	struct row *row = line->meets;

	line_close(line);
	failed(room, row, 0);
}

static void dial(struct kith_room *room, struct row *row)
{
	if (dials(room) >= KITH_DIALS_MAX)
		make_place(room);
	struct line *line = line_dial(room, row);

	room->next_meet = now_of(room) + KITH_DIAL_ROW_MS;
	if (!line) {
		failed(room, row, KITH_REDIAL_KNOWN_MS);
		return;
	}
	line->meets = row;
	line->again = row->failed;
}

void meet_next(struct kith_room *room)
{
	struct turn turn = next_turn(room);

	while (turn.at <= now_of(room)) {
		dial(room, turn.row);
		turn = next_turn(room);
	}
}

uint64_t meet_due(struct kith_room *room)
{
	return next_turn(room).at;
}

/* --- what comes of it ------------------------------------------------------------------------- */

/* One dial a person, or somebody I know could take all places with rows of his own. */
static void wait_for(struct line *line, struct row *row, int64_t contact)
{
	line->meets = NULL;
	row->waits = true;
	row->waits_for = contact;
	row->meet_at = now_of(line->room);
}

bool meet_greeted(struct line *line)
{
	struct kith_room *room = line->room;
	struct row *row = row_find(room, line->key);
	const struct kith_tie *tie = kith_session_tie(line->session);

	if (!row)
		return true;
	row->failed = row->waits = false;
	if (!tie) {
		row->tried = true;  /* a stranger, whoever dialled */
	} else if (line->inbound) { /* they are at it */
		row->meet_at = now_of(room) + KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS;
	} else if (line->meets && is_with(room, tie->contact, line)) {
		wait_for(line, row, tie->contact);
		return false;
	}
	return true;
}

void meet_tell(struct kith_room *room, struct row *row, enum kith_news_kind kind)
{
	struct kith_news news = {.kind = kind,
		.peer = row->peer,
		.name = kith_span_str(row->name),
		.contact = row->contact};

	row->here = kind == KITH_NEWS_KNOWN;
	room->host.tell(room->host.ctx, &news);
}

void meet_known(struct line *line)
{
	struct kith_room *room = line->room;
	int64_t contact = kith_session_tie(line->session)->contact;
	struct row *row = line->meets ? line->meets : row_make(room, line->key);

	line->known = true;
	if (!row) /* the list is full: they are met all the same */
		return;
	line->meets = row;
	row->due = false; /* what is due goes with this session */
	bool news = !row->known || row->contact != contact;
	row->known = true;
	row->contact = contact;
	if (news)
		meet_tell(room, row, KITH_NEWS_KNOWN);
}

/* Nothing is gained by trying again: what came was no kith's, or of somebody else. */
static bool is_fault(enum kith_err err)
{
	int status = kith_err_exit(err);

	return status == kith_err_exit(KITH_ERR_PROTOCOL) || status == kith_err_exit(KITH_ERR_SIG);
}

/* A session that said nothing keeps nobody waiting; but one under a key that was left, right behind another such, would be
 * followed by a third. */
static void note_use(struct kith_room *room, struct row *row, const struct kith_session *session)
{
	bool retired = kith_session_retired(session);

	if (kith_session_used(session) || (retired && row->retired))
		row->used_at = now_of(room);
	row->retired = retired;
}

void meet_over(struct line *line, enum kith_err err)
{
	struct kith_room *room = line->room;
	struct row *row = line->meets;
	bool done = line->session && kith_session_step(line->session) == KITH_STEP_DONE;

	if (!row)
		return;
	line->meets = NULL;
	if (line->known)
		row->met_at = now_of(room);
	if (line->known)
		note_use(room, row, line->session);
	if (done || err == KITH_ERR_MISSING || (is_fault(err) && !line->known)) {
		row->tried = true;
		row->failed = false;
		row->meet_at = 0;
		row->due = row->due || (done && kith_session_more(line->session));
		return;
	}
	if (line->known)
		row->tried = false; /* else they may have come meanwhile */
	failed(room, row, KITH_REDIAL_KNOWN_MS + (line->inbound ? KITH_DIAL_WAIT_MS : 0));
}

bool meet_remembered(const struct kith_room *room, const struct row *row)
{
	return row->known && now_of(room) < row->met_at + KITH_UPDATE_MS;
}

/* --- what my node says ------------------------------------------------------------------------ */

void kith_room_recognise(struct kith_room *room, bool on)
{
	bool begins = on && !room->recognises;

	room->recognises = on && room->self && room->self->known;
	if (begins)
		plan_all(room);
}

static bool has_tie(const struct kith_circle *circle, int64_t contact)
{
	for (size_t i = 0; i < kith_circle_size(circle); i++)
		if (kith_circle_at(circle, i)->contact == contact)
			return true;
	return false;
}

/* A line with somebody who has no tie any more, from the tag that matched on; a swap has its own rule. */
static struct line *untied(const struct kith_room *room)
{
	for (struct line *l = room->lines; l; l = l->next) {
		const struct kith_tie *tie = l->session ? kith_session_tie(l->session) : NULL;
		if (tie && !l->row && !l->over && !has_tie(room->self->circle, tie->contact))
			return l;
	}
	return NULL;
}

/* To them it is a line that broke; the next one finds a stranger, and is theirs to try. */
static void end_untied(struct kith_room *room)
{
	struct line *line;

	while ((line = untied(room))) /* the end of one may free any other: start over */
		line_end(line, KITH_ERR_MISSING);
}

void kith_room_ties_changed(struct kith_room *room)
{
	if (!room->self)
		return;
	for (struct row *r = room->rows; r; r = r->next) {
		if (r->known && !has_tie(room->self->circle, r->contact)) {
			meet_tell(room, r, KITH_NEWS_STRANGER);
			r->known = r->due = false;
		} else if (!r->known && r->tried) {
			plan(room, r);
		}
	}
	end_untied(room);
	rows_sweep(room);
}

/* A session that has not said QUIET takes along what is due. */
static bool on_its_way(const struct kith_room *room, const struct row *row)
{
	for (const struct line *l = room->lines; l; l = l->next)
		if (l->meets == row && l->known && !l->over && !kith_session_quiet(l->session))
			return true;
	return false;
}

void kith_room_due(struct kith_room *room, int64_t contact)
{
	for (struct row *r = room->rows; r; r = r->next)
		if (r->known && r->contact == contact && !on_its_way(room, r))
			r->due = true;
}
