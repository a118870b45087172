/* SPDX-License-Identifier: MIT
 *
 * parcels - what two who know each other hand over, and when that counts (known.md, "Parcels").
 *
 * Two honest nodes have MEET sessions, in which every message, transaction and answer is a step of its own.  The line
 * may break BREAKS times anywhere, which also stands for a killed process: what is on the way and what was not made
 * durable is lost.  An answer is LATERS times "later", and a card is changed EDITS times, whenever it likes.  Then comes
 * one session without any of this: it must come to its end, and nothing may be owed behind it.  Each has a card that is
 * newer than the one held, and a statement; node 1 (-DBOTH: either) holds a card of the other which was made by another
 * copy of the key: it has to come back before it is replaced.
 *
 * -DREACH       the end is reached at all
 * -DACKFIRST    the answer leaves before what it answers is durable
 * -DCLEARSENT   what is owed is cleared when it was sent
 * -DCLEARQUIET  what is owed is cleared by QUIET of the other side, answered or not
 * -DLATERCLEARS "later" clears what is owed, as "refused" does
 * -DCARDFIRST   a card goes before RECALL
 * -DCLOSEEARLY  CLOSE when the own QUIET was sent, whether or not theirs has come
 */
#ifndef MEET
#define MEET 2
#endif
#ifndef BREAKS
#define BREAKS 2
#endif
#ifndef LATERS
#define LATERS 1
#endif
#ifndef EDITS
#define EDITS 1
#endif

#define OTHER(n) (1 - (n))
#define STRAY 9 /* the number of a card that was not made here */

/* outcomes of an ACK; TAKEN of a RECALL brings the stray card */
#define NOTHING 0
#define TAKEN 1
#define REFUSED 2
#define LATER 3

mtype = { K1, K2, K3, RECALL, CARD, WORD, ACK, QUIET, CLOSE };
chan line[2] = [4] of { mtype, byte }; /* line[n]: towards n */

/* durable */
byte mine[2];          /* number of the card that this node gives */
byte holds[2];         /* number of the other's card */
bool owes_card[2], owes_word[2];
bool has_word[2];
bool returned[2];      /* the stray card of this node is back */

/* gone with the session */
bool met[2], asked[2], quiet[2], they_quiet[2], closed[2], they_closed[2], recall[2], began;
mtype waits[2];        /* what of mine is unanswered: RECALL, CARD, WORD; 0: nothing */
byte said[2];          /* which card that is */
byte answer[2];        /* what is to be answered to theirs */
bool tried_card[2], tried_word[2]; /* sent in this session */
byte late_card[2];     /* ACKFIRST */
bool late_word[2];

bool link, last, over;
byte meets, breaks, laters, edits;

/* for the judge */
bool stray[2];         /* of this node a stray card was held */

inline drop_session()
{
	do
	:: line[0]?_, _
	:: line[1]?_, _
	:: empty(line[0]) && empty(line[1]) -> break
	od;
	forget(0);
	forget(1);
	began = 0;
	link = 0
}

inline forget(n)
{
	met[n] = 0; asked[n] = 0; quiet[n] = 0; they_quiet[n] = 0; closed[n] = 0; they_closed[n] = 0;
	recall[n] = 0; waits[n] = 0; said[n] = 0; answer[n] = NOTHING; tried_card[n] = 0; tried_word[n] = 0;
	late_card[n] = 0; late_word[n] = 0
}

/* PROOF: which of n's cards they hold */
inline learn(n, number)
{
	met[n] = 1;
	if
	:: number == STRAY -> owes_card[n] = 1; recall[n] = !returned[n]
	:: number != STRAY && number >= mine[n] -> owes_card[n] = 0
	:: else -> owes_card[n] = 1
	fi
}

inline hold(n, number)
{
	if
	:: holds[n] == STRAY || number > holds[n] -> holds[n] = number
	:: else
	fi
}

#ifdef CARDFIRST
#define RECALL_NEXT(n) (recall[n] && !asked[n] && !CARD_DUE(n))
#define CARD_NEXT(n) CARD_DUE(n)
#else
#define RECALL_NEXT(n) (recall[n] && !asked[n])
#define CARD_NEXT(n) (CARD_DUE(n) && !RECALL_NEXT(n))
#endif
#define CARD_DUE(n) (owes_card[n] && !tried_card[n])
#define WORD_NEXT(n) (owes_word[n] && !tried_word[n] && !RECALL_NEXT(n) && !CARD_NEXT(n))
#define FREE(n) (link && met[n] && !waits[n] && !quiet[n] && nfull(line[OTHER(n)]))
#define COMES(n, type) (link && line[n]?[type, _])
#define PARCEL_COMES(n, type) (COMES(n, type) && met[n] && answer[n] == NOTHING)

#ifdef CLOSEEARLY
#define MAY_CLOSE(n) (quiet[n] && !waits[n])
#else
#define MAY_CLOSE(n) (quiet[n] && they_quiet[n])
#endif

/* An ACK that says taken: it is there. */
inline judge(n)
{
	assert(waits[n] != CARD || holds[OTHER(n)] >= said[n]);
	assert(waits[n] != WORD || has_word[OTHER(n)])
}

inline clear(n)
{
	if
	:: waits[n] == CARD && said[n] >= mine[n] -> owes_card[n] = 0
	:: waits[n] == WORD -> owes_word[n] = 0
	:: else
	fi
}

inline take_ack(n, outcome)
{
	assert(waits[n]);                       /* else a state fault */
	if
	:: outcome == TAKEN && waits[n] == RECALL ->
		returned[n] = 1; mine[n] = mine[n] + 1; owes_card[n] = 1
	:: outcome == TAKEN && waits[n] != RECALL -> judge(n); clear(n)
	:: outcome == LATER && waits[n] == RECALL -> tried_card[n] = 1 /* no card goes before it is known */
#ifdef LATERCLEARS
	:: outcome == LATER && waits[n] != RECALL -> clear(n)
#endif
	:: else
	fi;
	waits[n] = 0
}

proctype Node(byte n)
{
	byte c;
	do
	:: over -> break

	/* who it is */
	:: d_step { link && n == 0 && !began && nfull(line[1]) -> began = 1; line[1]!K1, 0 }
	:: d_step { COMES(n, K1) -> line[n]?K1, _; line[OTHER(n)]!K2, holds[n] }
	:: d_step { COMES(n, K2) && nfull(line[OTHER(n)]) -> line[n]?K2, c; line[OTHER(n)]!K3, holds[n];
		learn(n, c); c = 0 }
	:: d_step { COMES(n, K3) -> line[n]?K3, c; learn(n, c); c = 0 }

	/* the next of mine, or QUIET, or CLOSE */
	:: d_step { FREE(n) && RECALL_NEXT(n) -> asked[n] = 1; waits[n] = RECALL; line[OTHER(n)]!RECALL, 0 }
	:: d_step { FREE(n) && CARD_NEXT(n) -> tried_card[n] = 1; waits[n] = CARD; said[n] = mine[n];
		line[OTHER(n)]!CARD, mine[n];
#ifdef CLEARSENT
		owes_card[n] = 0
#endif
		}
	:: d_step { FREE(n) && WORD_NEXT(n) -> tried_word[n] = 1; waits[n] = WORD; line[OTHER(n)]!WORD, 0;
#ifdef CLEARSENT
		owes_word[n] = 0
#endif
		}
	:: d_step { FREE(n) && !RECALL_NEXT(n) && !CARD_NEXT(n) && !WORD_NEXT(n) ->
		quiet[n] = 1; line[OTHER(n)]!QUIET, 0 }
	:: d_step { link && MAY_CLOSE(n) && !closed[n] && answer[n] == NOTHING && nfull(line[OTHER(n)]) ->
		closed[n] = 1; line[OTHER(n)]!CLOSE, 0 }

	/* theirs: made durable, and then answered */
	:: d_step { PARCEL_COMES(n, CARD) -> line[n]?CARD, c; assert(!they_quiet[n]); answer[n] = TAKEN;
#ifdef ACKFIRST
		late_card[n] = c;
#else
		hold(n, c);
#endif
		c = 0 }
	:: d_step { PARCEL_COMES(n, WORD) -> line[n]?WORD, _; assert(!they_quiet[n]); answer[n] = TAKEN;
#ifdef ACKFIRST
		late_word[n] = 1
#else
		has_word[n] = 1
#endif
		}
	:: d_step { PARCEL_COMES(n, RECALL) -> line[n]?RECALL, _; assert(!they_quiet[n]);
		if
		:: holds[n] == STRAY -> answer[n] = TAKEN
		:: else -> answer[n] = REFUSED
		fi }
	:: d_step { !last && laters < LATERS && (PARCEL_COMES(n, CARD) || PARCEL_COMES(n, WORD) ||
		PARCEL_COMES(n, RECALL)) -> laters++; line[n]?_, _; answer[n] = LATER }
	:: d_step { link && answer[n] != NOTHING && nfull(line[OTHER(n)]) ->
		line[OTHER(n)]!ACK, answer[n]; answer[n] = NOTHING }
#ifdef ACKFIRST
	:: d_step { link && answer[n] == NOTHING && late_card[n] > 0 -> hold(n, late_card[n]); late_card[n] = 0 }
	:: d_step { link && answer[n] == NOTHING && late_word[n] -> has_word[n] = 1; late_word[n] = 0 }
#endif

	/* what else comes */
	:: d_step { COMES(n, ACK) -> line[n]?ACK, c; take_ack(n, c); c = 0 }
	:: d_step { COMES(n, QUIET) && met[n] && answer[n] == NOTHING -> line[n]?QUIET, _;
		assert(!they_quiet[n]); they_quiet[n] = 1;
#ifdef CLEARQUIET
		owes_card[n] = 0; owes_word[n] = 0
#endif
		}
	:: d_step { COMES(n, CLOSE) -> line[n]?CLOSE, _;
		assert(closed[n] || MAY_CLOSE(n)); /* else a state fault: theirs answers my QUIET */
		they_closed[n] = 1 }

	/* the person */
	:: d_step { edits < EDITS && !last && n == 0 -> edits++; mine[n] = mine[n] + 1; owes_card[n] = 1 }
	od
}

#define DONE(n) (closed[n] && they_closed[n])

active proctype World()
{
	mine[0] = 2; mine[1] = 2;
	holds[0] = 1; holds[1] = STRAY; stray[0] = 1;
#ifdef BOTH
	holds[0] = STRAY; stray[1] = 1;
#endif
	owes_card[0] = 1; owes_card[1] = 1; owes_word[0] = 1; owes_word[1] = 1;
	run Node(0);
	run Node(1);
	do
	:: d_step { !link && !last && meets < MEET -> meets++; link = 1 }
	:: d_step { !link && !last -> last = 1; link = 1 }
	:: d_step { link && !last && breaks < BREAKS -> breaks++; drop_session() }
	:: d_step { link && !last && DONE(0) && DONE(1) -> drop_session() }
	:: d_step { link && last && DONE(0) && DONE(1) ->
		assert(holds[1] == mine[0] && holds[0] == mine[1]);
		assert(has_word[0] && has_word[1]);
		assert(!owes_card[0] && !owes_card[1] && !owes_word[0] && !owes_word[1]);
		assert(!stray[0] || returned[0]);
		assert(!stray[1] || returned[1]);
#ifdef REACH
		assert(false);
#endif
		drop_session(); over = 1 } ->
		break
	:: timeout -> assert(false) /* a session that does not end */
	od
}
