/* SPDX-License-Identifier: MIT
 *
 * queue - requests that wait for my person: which are kept, and which is shown next.
 * proto/session.md, "Requests that wait".
 */
#include "session/row.h"

static size_t waiting(const struct kith_room *room)
{
	size_t n = 0;

	for (const struct row *r = room->rows; r; r = r->next)
		n += r->asking == ASKING_QUEUED;
	return n;
}

/* --- who gets a place ------------------------------------------------------------------------- */

static struct row *queued_at(struct kith_room *room, uint64_t place)
{
	for (struct row *r = room->rows; r; r = r->next)
		if (r->asking == ASKING_QUEUED && place-- == 0)
			return r;
	return NULL;
}

/* Of one source no more wait than are shown in a while: a newcomer takes the place of one of those,
 * by chance. */
static bool share_place(struct kith_room *room, const uint8_t source[static KITH_SOURCE_BYTES])
{
	struct row *own[KITH_PROMPTS_ADDRESS_MAX];
	size_t n = 0;

	for (struct row *r = room->rows; r && n < KITH_PROMPTS_ADDRESS_MAX; r = r->next)
		if (r->asking == ASKING_QUEUED &&
			memcmp(r->asker->source, source, KITH_SOURCE_BYTES) == 0)
			own[n++] = r;
	if (n < KITH_PROMPTS_ADDRESS_MAX)
		return false;
	line_end(own[room_luck(room, n)]->asker, KITH_ERR_BUSY);
	return true;
}

/* Keeps the queue a fair sample of all who asked since it was last empty: whoever goes and comes again
 * does not begin a new one.  False: the newcomer is none of it. */
static bool make_place(struct kith_room *room, const uint8_t source[static KITH_SOURCE_BYTES])
{
	size_t n = waiting(room);

	room->crowd = n == 0 ? 1 : room->crowd + 1;
	if (share_place(room, source) || n < KITH_PROMPTS_MAX)
		return true;
	uint64_t place = room_luck(room, room->crowd);
	if (place >= KITH_PROMPTS_MAX)
		return false;
	line_end(queued_at(room, place)->asker, KITH_ERR_BUSY);
	return true;
}

/* --- who is shown ----------------------------------------------------------------------------- */

/* When one more from there may be shown (ticks); 0: now. */
static uint64_t source_free_at(
	const struct kith_room *room, const uint8_t source[static KITH_SOURCE_BYTES], uint64_t now)
{
	size_t kept = room->shown_n < SHOWN_KEPT ? room->shown_n : SHOWN_KEPT;
	size_t found = 0;

	for (size_t i = 1; i <= kept; i++) {
		const struct shown *s = &room->shown[(room->shown_n - i) % SHOWN_KEPT];
		if (now - s->at >= KITH_PROMPTS_MS)
			return 0;
		if (!s->welcome && memcmp(s->source, source, KITH_SOURCE_BYTES) == 0 &&
			++found == KITH_PROMPTS_ADDRESS_MAX)
			return s->at + KITH_PROMPTS_MS;
	}
	return 0;
}

/* Until when requests are held back; 0: they are not. */
static uint64_t held_until(const struct kith_room *room, uint64_t now)
{
	if (!room->self || !room->self->attended || room->insists)
		return 0;
	return kith_failures_many_until(room->host.failures, now);
}

/* The one that came first among those that wait in that way, if it may be shown now. */
static struct row *first_waiting(struct kith_room *room, enum asking how, uint64_t now)
{
	struct row *first = NULL;

	for (struct row *r = room->rows; r; r = r->next)
		if (r->asking == how && (!first || r->asked_at < first->asked_at) &&
			(how == ASKING_SHOWN || !source_free_at(room, r->asker->source, now)))
			first = r;
	return first;
}

static void show(struct kith_room *room, struct row *row, uint64_t now)
{
	struct kith_session *s = row->asker->session;
	struct kith_news news = {.kind = KITH_NEWS_REQUEST,
		.peer = row->peer,
		.name = kith_session_label(s),
		.gives = kith_session_they_give(s),
		.attended = kith_session_they_attend(s)};
	struct shown *shown = &room->shown[room->shown_n++ % SHOWN_KEPT];

	shown->at = now;
	shown->welcome = false;
	memcpy(shown->source, row->asker->source, sizeof shown->source);
	row->asking = ASKING_SHOWN;
	line_wait(row->asker, KITH_HUMAN_MS);
	room->host.tell(room->host.ctx, &news);
}

void request_welcome(struct line *line)
{
	struct kith_room *room = line->room;
	size_t kept = room->shown_n < SHOWN_KEPT ? room->shown_n : SHOWN_KEPT;

	for (size_t i = 1; i <= kept; i++) {
		struct shown *s = &room->shown[(room->shown_n - i) % SHOWN_KEPT];
		if (memcmp(s->source, line->source, sizeof s->source) == 0) {
			s->welcome = true;
			return;
		}
	}
}

/* Says once that somebody is held back, and once that nobody is any more. */
static void tell_held(struct kith_room *room, bool held)
{
	if (room->held != held)
		room->host.tell(room->host.ctx,
			&(struct kith_news){.kind = KITH_NEWS_HELD, .peer = "", .waiting = held});
	room->held = held;
}

void request_next(struct kith_room *room)
{
	uint64_t now = now_of(room);
	bool held = held_until(room, now) != 0;

	tell_held(room, held && waiting(room) > 0);
	if (held || room->current || first_waiting(room, ASKING_SHOWN, now))
		return;
	struct row *row = first_waiting(room, ASKING_QUEUED, now);
	if (row)
		show(room, row, now);
}

uint64_t request_due(struct kith_room *room)
{
	uint64_t now = now_of(room), due = 0;
	uint64_t held = held_until(room, now);

	if (room->current || first_waiting(room, ASKING_SHOWN, now))
		return 0;
	for (struct row *r = room->rows; r; r = r->next) {
		if (r->asking != ASKING_QUEUED)
			continue;
		uint64_t at = source_free_at(room, r->asker->source, now);
		at = at > held ? at : held;
		due = due && due < at ? due : at;
	}
	return due;
}

/* --- what happens ----------------------------------------------------------------------------- */

void request_came(struct line *line)
{
	struct kith_room *room = line->room;
	struct row *row = room->self->swaps ? row_make(room, line->key) : NULL;
	bool wanted = row && (row->picked || row->wanted_until);

	if (!row || (room->current && room->current->row == row) ||
		(!wanted && !make_place(room, line->source))) {
		line_end(line, KITH_ERR_BUSY);
		return;
	}
	if (row->asker) /* they dialled again: the old line is dead */
		line_end(row->asker, KITH_ERR_BROKEN);
	line->row = row;
	row->asker = line;
	row->asking = ASKING_QUEUED;
	row->asked_at = room->next_place++;
	line_expect(line);
	line_keep(line); /* or who fills all places would take it off the screen */
	if (!row->name[0])
		row_name(row, kith_session_label(line->session));
	line_wait(line, KITH_HUMAN_MS);
	if (row->picked)
		request_crossed(room, row);
	else if (row->wanted_until)
		request_accept(room, row);
	else
		request_next(room);
}

/* An end after ACCEPT that is no agreement: a man in the middle buys his tries with these. */
void failure_count(struct line *line)
{
	struct kith_room *room = line->room;
	uint64_t now = now_of(room);

	kith_failures_add(room->host.failures, now);
	if (room->host.failed)
		room->host.failed(room->host.ctx, now);
	room->insists = false;
	if (kith_failures_many_until(room->host.failures, now))
		row_tell(room, line->row, KITH_NEWS_MIDDLE);
}
