/* SPDX-License-Identifier: MIT
 *
 * simopen - both dial at once (session.md, "Both dial at once").
 *
 * Two honest nodes.  Node 0 has the bytewise smaller S.  Connection d is the one that node d dials.
 * Who wants whom, and whether a port is closed for good, is chosen at the start; up to BREAKS
 * connections break at any moment: what is on the way is lost, and each end learns of it later.
 *
 * -DREACH=d   a meeting on connection d comes about at all
 * -DPLAIN     no notion of "committed": a node that picked is the dialler at once
 * -DIGNORE    the smaller node throws the other's REQUEST away instead of keeping it
 * -DNOCOMPARE both nodes drop their own attempt when the other's REQUEST arrives
 */
#ifndef BREAKS
#define BREAKS 0
#endif

mtype = { HELLO_I, HELLO_R, REQUEST, ACCEPT, DECLINE, REVEAL, AUTH, GONE };
chan to_listener[2] = [4] of { mtype };
chan to_dialler[2] = [4] of { mtype };

#define OTHER(n) (1 - (n))

/* the dialler's end of connection n, at node n */
#define D_NONE 0
#define D_HELLO 1     /* HELLO_I sent */
#define D_COMMITTED 2 /* HELLO_R came, REQUEST handed over */
#define D_REVEALED 3
#define D_CODE 4      /* both AUTH are verified here: a code is on the screen */
#define D_OVER 5
byte dialler[2];

/* the listener's end of connection d, at node OTHER(d) */
#define L_NONE 0
#define L_HELLO 1
#define L_ASKS 2      /* REQUEST waits for the person */
#define L_KEPT 3      /* REQUEST is kept while the own attempt goes on */
#define L_ACCEPTED 4
#define L_CODE 5
#define L_OVER 6
byte listener[2];

bool wants[2];        /* this person will pick the other's row */
bool picked[2];       /* a pick that is not spent */
bool has_picked[2];   /* one pick a person */
bool wanted[2];       /* a dial failed less than WANTED_MS ago */
bool blocked[2];      /* nothing that node n dials ever arrives */
bool broken[2];       /* connection d carries nothing any more */
byte breaks, accepts[2], codes[2], failed[2];
bool declined;

#define PAST_ACCEPT(n) (dialler[n] == D_REVEALED || dialler[n] == D_CODE || \
	listener[OTHER(n)] == L_ACCEPTED || listener[OTHER(n)] == L_CODE)

inline tell_listener(d, message)
{
	if
	:: !broken[d] && !blocked[d] && len(to_listener[d]) < 4 -> to_listener[d]!message
	:: else
	fi
}

inline tell_dialler(d, message)
{
	if
	:: !broken[d] && !blocked[d] && len(to_dialler[d]) < 4 -> to_dialler[d]!message
	:: else
	fi
}

/* Answer the REQUEST on the other's connection; the pick is spent by it. */
inline accept(n)
{
	listener[OTHER(n)] = L_ACCEPTED;
	accepts[n]++;
	picked[n] = 0;
	wanted[n] = 0;
	tell_dialler(OTHER(n), ACCEPT)
}

inline give_up(n)
{
	dialler[n] = D_OVER;
	tell_listener(n, GONE)
}

/* The own attempt ended before ACCEPT or DECLINE. */
inline dial_failed(n)
{
	dialler[n] = D_OVER;
	picked[n] = 0;
	wanted[n] = 1;
	if
	:: listener[OTHER(n)] == L_KEPT -> accept(n)
	:: else
	fi
}

inline take_request(n)
{
	if
	:: PAST_ACCEPT(n) -> listener[OTHER(n)] = L_OVER; tell_dialler(OTHER(n), GONE)
#ifdef PLAIN
	:: !PAST_ACCEPT(n) && picked[n] && n == 0 -> listener[OTHER(n)] = L_OVER
	:: !PAST_ACCEPT(n) && picked[n] && n == 1 -> give_up(n); accept(n)
#else
	:: !PAST_ACCEPT(n) && picked[n] && dialler[n] != D_COMMITTED -> give_up(n); accept(n)
	:: !PAST_ACCEPT(n) && picked[n] && dialler[n] == D_COMMITTED && n == 0 ->
#ifdef IGNORE
		listener[OTHER(n)] = L_OVER
#elif defined(NOCOMPARE)
		give_up(n); accept(n)
#else
		listener[OTHER(n)] = L_KEPT
#endif
	:: !PAST_ACCEPT(n) && picked[n] && dialler[n] == D_COMMITTED && n == 1 -> give_up(n); accept(n)
#endif
	:: !PAST_ACCEPT(n) && !picked[n] && wanted[n] -> accept(n)
	:: !PAST_ACCEPT(n) && !picked[n] && !wanted[n] -> listener[OTHER(n)] = L_ASKS
	fi
}

proctype Node(byte n)
{
	byte o = OTHER(n);
end:
	do
	/* the person picks the row, or answers the request that waits */
	:: d_step { wants[n] && !has_picked[n] && !PAST_ACCEPT(n) && listener[o] != L_ASKS &&
		dialler[n] == D_NONE ->
		picked[n] = 1; has_picked[n] = 1; dialler[n] = D_HELLO; tell_listener(n, HELLO_I) }
	:: d_step { listener[o] == L_ASKS && !PAST_ACCEPT(n) -> has_picked[n] = 1; accept(n) }
	:: d_step { listener[o] == L_ASKS && !PAST_ACCEPT(n) && !wants[n] ->
		declined = 1; listener[o] = L_OVER; tell_dialler(o, DECLINE) }

	/* the dialler's end */
	:: d_step { to_dialler[n]?[HELLO_R] -> to_dialler[n]?HELLO_R;
		if
		:: dialler[n] == D_HELLO -> dialler[n] = D_COMMITTED; tell_listener(n, REQUEST)
		:: else
		fi }
	:: d_step { to_dialler[n]?[ACCEPT] -> to_dialler[n]?ACCEPT;
		if
		:: dialler[n] == D_COMMITTED && !PAST_ACCEPT(n) ->
			dialler[n] = D_REVEALED; picked[n] = 0; tell_listener(n, REVEAL)
		:: else
		fi }
	:: d_step { to_dialler[n]?[DECLINE] -> to_dialler[n]?DECLINE;
		if
		:: dialler[n] == D_COMMITTED -> dialler[n] = D_OVER; picked[n] = 0
		:: else
		fi }
	:: d_step { to_dialler[n]?[AUTH] -> to_dialler[n]?AUTH;
		if
		:: dialler[n] == D_REVEALED -> dialler[n] = D_CODE; codes[n]++
		:: else
		fi }
	:: d_step { to_dialler[n]?[GONE] -> to_dialler[n]?GONE;
		if
		:: dialler[n] == D_HELLO || dialler[n] == D_COMMITTED -> dial_failed(n)
		:: dialler[n] == D_REVEALED -> dialler[n] = D_OVER; failed[n]++
		:: else
		fi }

	/* the listener's end */
	:: d_step { to_listener[o]?[HELLO_I] -> to_listener[o]?HELLO_I;
		if
		:: listener[o] == L_NONE -> listener[o] = L_HELLO; tell_dialler(o, HELLO_R)
		:: else
		fi }
	:: d_step { to_listener[o]?[REQUEST] && listener[o] == L_HELLO ->
		to_listener[o]?REQUEST; take_request(n) }
	:: d_step { to_listener[o]?[REVEAL] -> to_listener[o]?REVEAL;
		if
		:: listener[o] == L_ACCEPTED -> listener[o] = L_CODE; codes[n]++; tell_dialler(o, AUTH)
		:: else
		fi }
	:: d_step { to_listener[o]?[GONE] -> to_listener[o]?GONE;
		if
		:: listener[o] == L_ACCEPTED -> listener[o] = L_OVER; failed[n]++
		:: listener[o] < L_ACCEPTED -> listener[o] = L_OVER
		:: else
		fi }

	/* time runs out, but only when nothing else can happen */
	:: d_step { dialler[n] == D_HELLO && blocked[n] -> dial_failed(n) }
	:: d_step { timeout && dialler[n] == D_COMMITTED -> dial_failed(n); tell_listener(n, GONE) }
	:: d_step { timeout && dialler[0] != D_COMMITTED && dialler[1] != D_COMMITTED &&
		listener[o] == L_ACCEPTED -> listener[o] = L_OVER; failed[n]++ }
	:: d_step { timeout && dialler[0] != D_COMMITTED && dialler[1] != D_COMMITTED &&
		dialler[n] == D_REVEALED -> dialler[n] = D_OVER; failed[n]++ }
	od
}

inline cut(d)
{
	breaks++;
	broken[d] = 1;
	do
	:: to_listener[d]?_
	:: to_dialler[d]?_
	:: empty(to_listener[d]) && empty(to_dialler[d]) -> break
	od;
	to_listener[d]!GONE;
	to_dialler[d]!GONE
}

proctype Network()
{
end:
	do
	:: d_step { breaks < BREAKS && !broken[0] && !blocked[0] && dialler[0] != D_NONE -> cut(0) }
	:: d_step { breaks < BREAKS && !broken[1] && !blocked[1] && dialler[1] != D_NONE -> cut(1) }
	od
}

#define MET(d) (dialler[d] == D_CODE && listener[d] == L_CODE)
#define COULD(n) (wants[n] && !blocked[n] && !broken[n])

/* Judged when nothing at all can move any more. */
proctype Judge()
{
	do
	:: d_step { codes[0] > 1 || codes[1] > 1 -> assert(0) }               /* one code on a screen */
	:: d_step { accepts[0] + accepts[1] > 1 && BREAKS == 0 -> assert(0) } /* one ACCEPT in all */
	:: d_step { timeout && dialler[0] != D_COMMITTED && dialler[1] != D_COMMITTED &&
		dialler[0] != D_REVEALED && dialler[1] != D_REVEALED &&
		listener[0] != L_ACCEPTED && listener[1] != L_ACCEPTED ->
#ifdef REACH
		assert(!MET(REACH));
#endif
		assert(!(MET(0) && MET(1)));
		/* Who wanted and could dial has met, unless a person said no or a line broke behind
		 * ACCEPT, which is never tried again by itself. */
		assert(MET(0) || MET(1) || failed[0] + failed[1] > 0 || declined || (!COULD(0) && !COULD(1))) } ->
		break
	od
}

init
{
	atomic {
		if
		:: wants[0] = 1
		:: wants[1] = 1
		:: wants[0] = 1; wants[1] = 1
		fi;
		if
		:: skip
		:: blocked[0] = 1
		:: blocked[1] = 1
		fi;
		run Node(0); run Node(1); run Network(); run Judge()
	}
}
