/* SPDX-License-Identifier: MIT
 *
 * table - every command, with what help says about it.
 */
#include "cli/cli.h"

#define EXITS                                                                                      \
	"\nExit status: 0 done, 1 failed (a name that there is not, what is full), 2 wrong\n"      \
	"usage (words of yours that cannot be kept, too), 3 no such person or more than one,\n"    \
	"4 a person said no, 5 nobody came in time, 6 bad input (a card, a file, what is no\n"     \
	"text), 7 the store cannot be used, 8 the other side broke the protocol.\n"

#define WHO                                                                                        \
	"WHO is a name (the beginning will do; case and accents do not matter), an e-mail\n"       \
	"address, or the beginning of an id.  When several people match, all are listed.\n"

#define WHO_ONE WHO "WHO is one argument here; a name of more words stands in quotes.\n"

static const char help_init[] =
	"Makes your identity (a key), your store, and your first signed card.  Asks for your\n"
	"name when none is given.  Does nothing when there is an identity already.\n"
	"\n"
	"With --from the fields come from the first vCard of a file, photo and all; what does not\n"
	"fit a card is left out and told.  FIELD=VALUE takes the place of what the file says.\n"
	"\n"
	"Without --passphrase the key has none: the mode of identity.key is what keeps it from\n"
	"others.  With it you are asked for one, twice, and then whenever the key is needed:\n"
	"card set, unset, edit, new and returned --take, swap, nearby, node, introduce -o, inbox -o,\n"
	"qr --pocket, key passphrase, rotate and backup --paper.  --passphrase-fd N takes it from a\n"
	"descriptor instead, here too.  Nobody can open the key without; kith key passphrase changes it.\n"
	"Copy that file to a safe place; with it you stay the person that others know.\n"
	"\n"
	"Examples:\n"
	"  kith init name=\"Ada Lovelace\" email.work=ada@example.org\n"
	"  kith init name=Ada org=\"Analytical Engines\" url=https://example.org\n"
	"  kith init --from me.vcf\n"
	"  kith init --passphrase name=Ada\n";

static const char help_card[] =
	"Shows your card, or changes it.  Every change signs the next revision of each of your cards\n"
	"that shows it; people who have one of them get it when you meet.  Who holds what is to\n"
	"change is said first; at a terminal it asks before something goes to people who did not\n"
	"have it (not with --yes).\n"
	"\n"
	"  kith card                       show it\n"
	"  kith card set FIELD=VALUE ...   replace what has that field and label, else add it\n"
	"  kith card unset FIELD ...       remove it, whatever the label (FIELD.LABEL: only that)\n"
	"  kith card edit [FILE]           all of it in your editor ($VISUAL, $EDITOR), or go on\n"
	"                                  with a text of yours, or one that an edit has kept\n"
	"\n"
	"  kith card set photo=FILE        a picture (JPEG, PNG, WebP): its middle, small enough for a\n"
	"                                  card, without what else the file tells\n"
	"  kith card --photo               draw it, at a terminal with kitty or sixel graphics\n"
	"  kith card --save-photo FILE     write it to a file\n"
	"\n"
	"The card \"me\" shows everything.  Others show a part of it, and everybody holds one:\n"
	"\n"
	"  kith card new NAME --show FIELD,...   a card that shows those fields (FIELD: whatever the\n"
	"                                        label; FIELD.LABEL: that one) and your name\n"
	"  kith card new NAME --show ... --replace   change what the card NAME shows\n"
	"  kith card preview NAME          exactly what leaves with it\n"
	"  kith card list                  all of them, what they show, and how many are given each\n"
	"  kith card remove NAME           nobody gets it any more; who has it keeps it\n"
	"  kith card returned              cards of yours that were not made here, as after an old\n"
	"                                  backup: brought back by those who hold them\n"
	"  kith card returned REVISION [N] --take   say again what that one says (the Nth of several)\n"
	"\n"
	"kith swap --card NAME gives it, kith give changes it, kith ledger says who holds what.\n"
	"\n"
	"A label stands behind a dot: email.work, tel.mobile, url.resume.  An address is written\n"
	"street;place;region;code;country.\n"
	"\n"
	"Examples:\n"
	"  kith card set email.work=ada@example.org tel.mobile=\"+44 7700 900123\"\n"
	"  kith card set adr.home=\"1 High St;London;;N1;UK\"\n"
	"  kith card unset tel.fax\n"
	"  kith card new work --show email.work,org,title\n";

static const char help_give[] =
	"Says which of your cards somebody gets from now on; they get it when you meet next.  What\n"
	"they have already stays in their hands: nobody can make bytes come back.\n"
	"\n"
	"  kith give WHO CARD                  that card, and its changes\n"
	"  kith give WHO nothing               no card any more\n"
	"  kith give WHO nothing --ask-back    and ask their kith to let go of what they have: a\n"
	"                                      request, never more; kith ledger shows their answer\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith give grace friends\n"
	"  kith give bob nothing --ask-back\n";

static const char help_ledger[] =
	"Who holds which card of yours, in which revision, since when, and how that is known: by a\n"
	"receipt that their key has signed, by their word when you met, or not yet.\n"
	"\n"
	"  kith ledger                     everybody\n"
	"  kith ledger WHO                 one person\n"
	"  kith ledger FIELD[.LABEL]       who holds that field, and which value where it is not\n"
	"                                  the one you have now\n"
	"  kith ledger WHO --receipts      every receipt of theirs, each verified now\n"
	"  kith ledger WHO --export FILE   the latest one (--revision N: another) for somebody else to\n"
	"                                  check with kith verify; the whole card that it is about\n"
	"                                  is in it\n"
	"\n"
	"Exit status 6 if a receipt does not hold.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith ledger\n"
	"  kith ledger tel.home\n"
	"  kith ledger grace --receipts\n";

static const char help_swap[] =
	"Be seen, see who is here, pick somebody, compare six digits, and swap cards.  WHO picks\n"
	"the row with that name or handle as soon as it is seen.\n"
	"\n"
	"  --card NAME        which of your cards to give; that of the event, else \"me\", with\n"
	"                     everything, unless told\n"
	"  --event NAME       where you are; kept with everybody you meet.  Without, the event that\n"
	"                     runs (kith event start); --event \"\" for none\n"
	"  --hidden           see, and ask, without being seen\n"
	"  --receive-only     give no card\n"
	"  --long             compare a longer code\n"
	"  --timeout SECONDS  give up then (none at a terminal, else 60)\n"
	"  --unattended       take the first person, or WHO, without comparing; both sides keep\n"
	"                     for ever that nobody compared\n"
	"  --keep             with --unattended: go on taking\n"
	"  --interface NAME   stay on that network interface\n"
	"  --to KITH:1/J/...  swap with whoever shows this invitation (i, at their list): it works\n"
	"                     where people cannot find one another, and asks for no code here\n"
	"\n"
	"A name that is, or looks like, that of somebody you know is marked; only the code tells.\n"
	"After five failed comparisons in ten minutes, over restarts too, requests are held back:\n"
	"r (requests, with --json) shows them.  A key with a passphrase is opened before anything\n"
	"is seen.\n"
	"\n"
	"With --json, what happens comes out one JSON object a line, and decisions go in one a\n"
	"line: swap PEER, accept PEER, decline PEER, same, different, invite, requests, quit.\n"
	"\n"
	"Examples:\n"
	"  kith swap --event FOSDEM\n"
	"  kith swap grace\n"
	"  kith swap --to KITH:1/J/URAQA...\n" EXITS;

static const char help_nearby[] =
	"Shows who is here, without swapping: for 3 seconds in a pipe, until you leave at a\n"
	"terminal, or as long as --timeout says.  Names seen here are claims, nothing more, but for\n"
	"people you know, who have proven it; nobody else learns that you do.\n"
	"\n"
	"Examples:\n"
	"  kith nearby\n"
	"  kith nearby --json --timeout 10\n";

static const char help_event[] =
	"Where people are met.  While an event runs whoever you meet stands with it, by swap, compare\n"
	"or qr alike, and a signed card that is imported puts its person on the roster; kith status\n"
	"names it.  Nothing of it is sent to anybody.\n"
	"\n"
	"  kith event start NAME   begins it, and ends the one that runs\n"
	"    --place PLACE         where that is\n"
	"    --until DATE          its last day; without, it is over a week after it began\n"
	"    --card CARD           which of your cards is given there, unless --card says another\n"
	"  kith event stop         ends it\n"
	"  kith event list         all of them, the latest first\n"
	"  kith event show [NAME]  who was there: how and when you met, tags, open promises, and notes:\n"
	"                          those of its review, of its days and the week after, or that\n"
	"                          name it.  Without NAME the one that runs\n"
	"  kith event add NAME WHO       puts somebody on the roster by hand\n"
	"  kith event remove NAME WHO    takes somebody off it: its name goes from your meetings\n"
	"  kith event export NAME  everybody as vCards (--format vcard3, vcard4), a table (csv) or\n"
	"                          json, which is everything known of them; -o FILE.  --private: with\n"
	"                          your tags, the same notes and (but in vCards) ring, to keep to\n"
	"                          yourself\n"
	"  kith event forget NAME  removes it, and its name from all meetings.  --people: with\n"
	"                          everybody whom you met only there and about whom you wrote and\n"
	"                          decided nothing; they are shown before.  --yes does not ask\n"
	"\n"
	"A name is compared without case and accents; there is one event of each.  To show, export, add,\n"
	"remove and review a beginning will do that is of one alone.  One that was started before goes\n"
	"on.  swap, compare and import take --event NAME for another, --event \"\" for none.\n"
	"DATE is 2026-05-03, today, tomorrow, friday, or 3d, 2w, 6m, 1y from now.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith event start FOSDEM --place Brussels --until sunday --card work\n"
	"  kith event show fosdem\n"
	"  kith event export FOSDEM --format csv -o fosdem.csv\n";

static const char help_list[] =
	"Everybody you know: name, organisation, how you know them, and what is still missing.\n"
	"Nothing of somebody \"typed in\" or \"imported\" is signed.  Where two have the same name\n"
	"the beginning of their ids stands behind it.  With --json, an array with everything.\n"
	"Who was let go (kith review) is left out; --all shows them, too, and marks them.\n"
	"\n"
	"Examples:\n"
	"  kith list\n"
	"  kith list --json | jq -r '.[].name'\n";

static const char help_show[] =
	"Shows one person: how you know them, all fields, revision, id and fingerprint; and what you\n"
	"remember: tags, ring, the last real contact, notes, promises, relations, review.\n"
	"\n"
	"  --all              all notes, not the last five alone, and promises that ended\n"
	"  --photo            draw their picture, too, at a terminal with kitty or sixel graphics\n"
	"  --save-photo FILE  write it to a file instead, as it came, if all of it can be decoded\n"
	"  --history          every card of theirs that is kept: its number, the day it came, how,\n"
	"                     and what changed from one to the next\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith show ada\n"
	"  kith show ada --save-photo ada.jpg\n"
	"  kith show grace@example.org\n";

static const char help_news[] =
	"What changed of the people you know since you last looked: newer cards field by field, and\n"
	"what else has come.  Person by person, from the signed cards themselves.\n"
	"\n"
	"  --since DATE  what came since that day (2026-05-03), whether you have seen it or not\n"
	"  --all         everything that is kept\n"
	"\n"
	"Examples:\n"
	"  kith news\n"
	"  kith news --since 2026-05-01\n";

static const char help_review[] =
	"The morning after: goes through those you met and have not decided about, one at a time:\n"
	"what did you talk about (a note), tags, ring, what did you promise and by when, and then:\n"
	"\n"
	"  keep    no more is to be done\n"
	"  soon    you want to be in touch soon; kith due says so until you were\n"
	"  let go  gone at once from list, find, who, match, bridges, picture, the people of a ring,\n"
	"          and due but for what you promised them.  list --all and event show mark them; WHO\n"
	"          finds them; kith promise, export --all, event export, ledger and backup have them\n"
	"          until they are forgotten: once you wrote something with kith on 30 more days (to\n"
	"          look at people forgets nobody), unless called back; a note, a tag, a ring, a\n"
	"          promise or another swap calls back, too\n"
	"\n"
	"Each answer is kept at once: leave whenever you like, and go on later where you left.  One\n"
	"can go back, also to the person before, whose decision is then taken back.  What you talked\n"
	"about stands with the event where you met (kith event show).  Who was reviewed before is not\n"
	"asked about again, wherever you meet: kith review WHO and kith note are for that.\n"
	"\n"
	"  kith review               those who wait, in the order in which you met\n"
	"  kith review --event E     those of an event\n"
	"  kith review --since DATE  those met since that day (2026-05-03, yesterday, 2w)\n"
	"  kith review WHO           one person, once more\n"
	"  kith review --back WHO    somebody who was let go is kept\n"
	"  --plain                   questions line by line, as in a pipe, on a small or dumb terminal, and\n"
	"                            where ACCESSIBILITY_ENABLED or INSIDE_EMACS is set\n"
	"\n"
	"With --json, who waits comes out one JSON object a line, and decisions go in one a line:\n"
	"{\"who\": \"grace\", \"note\": \"...\", \"tags\": [\"navy\", \"-cobol\"], \"ring\": \"inner\",\n"
	"\"out\": \"bob\", \"promise\": \"...\", \"by\": \"2w\", \"decide\": \"keep\"} with any of them, all or\n"
	"nothing; {\"undo\": true} takes the last decision back, once more the one before it.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith review --event FOSDEM\n"
	"  kith review --back grace\n";

static const char help_block[] =
	"Your kith does not recognise that person any more, what they ask ends like a time-out, and\n"
	"nothing is said to them.  What they hold of you they keep.  You keep what you have of them.\n"
	"Says so and asks.\n"
	"\n"
	"  --yes, -y  do not ask; needed where there is no terminal, and then WHO is the whole name,\n"
	"             an e-mail address or an id\n"
	"\n" WHO "\n"
	"Example:\n"
	"  kith block mallory\n";

static const char help_unblock[] =
	"Takes kith block back: at the next meeting they are recognised again, and cards flow.\n"
	"\n" WHO "\n"
	"Example:\n"
	"  kith unblock mallory\n";

static const char help_find[] =
	"Lists who fulfils all terms of a query.  A word: a word of what is known of them begins so, in\n"
	"name, fields, tags, events, notes, touches, promises or relations; where nobody has it so, who\n"
	"has it inside.  \"Words in quotes\" stand side by side.  -TERM must not hold.  The best match\n"
	"comes first; the first 100 are shown, with --all everybody.  What was found is shown when\n"
	"it is not the name.  Case and accents do not matter.  Nobody: exit status 3.\n"
	"\n"
	"  tag:TAG  event:WORD  ring:RING (ring:none)  org:WORD  title:WORD  offers:WORD  asks:WORD\n"
	"  note:WORD          in notes and touches\n"
	"  by:WORD            who introduced them\n"
	"  met:DAYS           a day, a month, a year (2026-05-03, 2026-05, 3w), < or > before it; never\n"
	"  touched:DAYS       the last real contact, alike\n"
	"  is:STATE           unreviewed, kept, soon, let-go, met, introduced, typed, pending,\n"
	"                     drifting, blocked\n"
	"  promise:WORD       or promise:open, promise:mine, promise:theirs\n"
	"\n"
	"A word with a colon that is none of these stands in quotes.  People who were let go come only\n"
	"with is:let-go.\n"
	"\n"
	"Examples:\n"
	"  kith find navy compilers\n"
	"  kith find tag:rust -ring:none met:2026\n"
	"  kith find event:fosdem promise:open\n"
	"  kith find is:drifting \"touched:<6m\"\n"
	"  kith find '\"analytical engine\"' -org:ibm\n";

static const char help_who[] =
	"Whom to ask: who among your people has the words, in what they offer (which counts most), tags,\n"
	"title, organisation, in what you noted of them, anywhere else.  First come those who have more\n"
	"of the words, then the nearer ring, then those whose words count more and are rarer; each with\n"
	"the reason.  Ask as you would ask a person: \"who\", \"about\" and the like are passed over.  Case\n"
	"and accents do not matter, and a word that nobody has is taken for the nearest one that\n"
	"somebody has, which is said.  Where it is nobody you met or wrote down, those are named who were\n"
	"introduced to you, and by whom.  The first 10 are shown, with --all everybody.  Nobody: exit\n"
	"status 3.\n"
	"\n"
	"Examples:\n"
	"  kith who compilers\n"
	"  kith who knows about database replication in Zurich?\n";

static const char help_forget[] =
	"Removes a person with card, meetings and receipts, with what you typed in, imported or\n"
	"joined to them and what you remember of them, after showing what goes and asking.  An\n"
	"introduction of yours between them and somebody else ends with that.\n"
	"There is no way back, other than another swap or a backup.\n"
	"\n"
	"  --yes, -y  do not ask; needed where there is no terminal, and then WHO is the whole name,\n"
	"             an e-mail address or an id\n"
	"\n" WHO "\n"
	"Example:\n"
	"  kith forget bob\n";

static const char help_add[] =
	"Adds a person you type in: they have no key, nothing is signed, and list says so.  A name\n"
	"is needed; at a terminal it is asked for.  Somebody of the same name and address who is\n"
	"there already is not added a second time, unless you say --anyway.  photo=FILE takes a\n"
	"JPEG, PNG or WebP picture, made as small as on a card.\n"
	"\n"
	"Examples:\n"
	"  kith add name=\"Grace Hopper\" tel.work=\"+1 202 555 0143\" org=Navy\n"
	"  kith add name=\"Grace Hopper\" email=other@example.org --anyway\n";

static const char help_edit[] =
	"Changes what you know of somebody.  Of a person typed in or imported, everything; what\n"
	"kith does not know of an imported vCard stays as it is.  Of a person with a signed card,\n"
	"values of your own that stand beside it: what others signed cannot be changed.\n"
	"\n"
	"  kith edit WHO FIELD=VALUE ...   replace what has that field and label, else add it\n"
	"  kith edit WHO FIELD= ...        take it away, whatever the label (FIELD.LABEL=: only that)\n"
	"  --unset FIELD[.LABEL]           the same\n"
	"  kith edit WHO                   all of it in your editor ($VISUAL, $EDITOR)\n"
	"\n"
	"photo=FILE takes a JPEG, PNG or WebP picture, made as small as on a card.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith edit grace tel.home=\"+1 202 555 0199\" note=\"met at the pier\"\n"
	"  kith edit grace tel.work=\n";

static const char help_note[] =
	"What was said, what you noticed: a text about somebody, with its date, searchable, sent to\n"
	"nobody.  Notes and contacts (kith touch) of one person are one list, and have their numbers.\n"
	"\n"
	"  kith note WHO               what there is about them\n"
	"  kith note WHO TEXT...       one more; - reads it from standard input\n"
	"  kith note WHO --edit [N]    one more, or number N, in your editor ($VISUAL, $EDITOR)\n"
	"  kith note --change N TEXT   another text; with --on, another day\n"
	"  kith note --remove N        away with it, and overwritten\n"
	"  --on DATE                   when it was: 2026-05-03, yesterday, friday (the last one), 3d,\n"
	"                              2w, 6m, 1y ago\n"
	"\n"
	"A text that begins with a dash stands behind --.  A note that begins with \"asks:\" or\n"
	"\"offers:\" is what they look for or can help with.\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith note ada \"builds compilers, looking for a flat in Bern\"\n"
	"  kith note \"Grace Hopper\" --on yesterday \"was at the pier\"\n";

static const char help_tag[] =
	"Words of your own for people.  A tag is one word of letters, digits, - and _; case and\n"
	"accents do not tell two of them apart.  They are sent to nobody.\n"
	"\n"
	"  kith tag                  all there are, and how many people have each\n"
	"  kith tag WHO              theirs\n"
	"  kith tag WHO +a -b c      a and c on, b off; all of it, or nothing when one is wrong\n"
	"\n"
	"What would be an option of kith itself (-q, -h) stands behind --: kith tag ada -- -q.\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith tag grace +compilers +navy\n"
	"  kith tag grace -navy\n";

static const char help_ring[] =
	"You are at the centre, and around you are rings, from the nearest outwards: each with a\n"
	"name, room for so many people, and how often you would like to be in touch with them.  Who\n"
	"is in no ring is never due.  A ring that is full takes nobody before somebody moves out; at\n"
	"a terminal you are asked who, and are shown whom you had no contact with for longest.\n"
	"\n"
	"  kith ring                       the rings\n"
	"  kith ring show NAME             who is in it\n"
	"  kith ring WHO NAME [--out WHO]  move somebody there; --out: who leaves it, to no ring\n"
	"  kith ring WHO none              into no ring\n"
	"  kith ring set NAME              change a ring, or make one:\n"
	"    --room N                      for so many people; a ring keeps whom it has\n"
	"    --every 4w|none               10d, 4w, 6m, 1y (a month counts 30 days, a year 365)\n"
	"    --place N                     1 is the nearest; a new one is the farthest\n"
	"  kith ring remove NAME           those in it are in none then\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith ring ada inner\n"
	"  kith ring grace inner --out bob\n"
	"  kith ring set mentors --room 5 --every 6w --place 2\n";

static const char help_touch[] =
	"Keeps that there was a contact: without more, that you met today.  By itself counts a swap, and\n"
	"when your nodes met and handed something over, as a new card or an introduction; what came as\n"
	"a file does not.  What a ring wants is counted from the last real contact.\n"
	"\n"
	"  --how call|met|wrote  what it was (met)\n"
	"  --on DATE             when: 2026-05-03, yesterday, friday (the last one), 3d, 2w, 6m, 1y ago\n"
	"  --remove N            it was not so; kith note WHO lists the numbers\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith touch ada\n"
	"  kith touch grace --how call --on yesterday \"about the compiler\"\n";

static const char help_snooze[] =
	"Puts somebody off: kith due does not name them before that day, neither as soon, nor by the\n"
	"rhythm of their ring, nor for a birthday.  A promise stays due.  The next contact begins a\n"
	"new rhythm, as ever.\n"
	"\n"
	"  kith snooze WHO UNTIL  2026-05-03, tomorrow, friday, or 3d, 2w, 6m, 1y from now\n"
	"  kith snooze WHO off    no longer put off\n"
	"\n" WHO_ONE "\n"
	"Example:\n"
	"  kith snooze ada 2w\n";

static const char help_promise[] =
	"What you said you would do for somebody, and what they said they would do; things that were\n"
	"lent.  Nothing is added up.  Each has a number.\n"
	"\n"
	"  kith promise                    the open ones, by day (--all: those that ended, too)\n"
	"  kith promise WHO                those to them and from them\n"
	"  kith promise WHO TEXT...        you said you would\n"
	"    --from                        they said they would\n"
	"    --lent, --borrowed            a thing of yours that they have; one of theirs you have\n"
	"    --by DATE                     2026-05-03, tomorrow, friday, or 3d, 2w, 6m, 1y from now\n"
	"  kith promise done N             it is settled\n"
	"  kith promise let-go N           it is none any more\n"
	"  kith promise again N            it is open again\n"
	"  kith promise change N [TEXT] [--by DATE|none]\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith promise ada \"send the paper\" --by friday\n"
	"  kith promise grace --lent \"the umbrella\"\n"
	"  kith promise done 3\n";

static const char help_relate[] =
	"How two people you know stand to each other: what you say about them, once for both\n"
	"directions, and what is known by itself: who introduced whom, the same event, the same\n"
	"organisation.\n"
	"\n"
	"  kith relate WHO WHO WORDS...   you say so, in place of what you said before\n"
	"  kith relate WHO WHO --remove   you do not say so any more\n"
	"  kith relate WHO WHO            all that is known between the two\n"
	"  kith relate WHO                all that is known of one of them\n"
	"\n" WHO_ONE "\n"
	"Examples:\n"
	"  kith relate ada grace \"wrote a book together\"\n"
	"  kith relate ada grace\n"
	"  kith relate ada\n";

static const char help_join[] =
	"Says that somebody you typed in or imported is a person you have met: the entry then\n"
	"stands beside the signed card, apart from it, and is no person of its own any more.\n"
	"Shows both and asks.  --undo gives everybody who was joined to WHO their own row back.\n"
	"\n"
	"  --yes, -y  do not ask; needed where there is no terminal, and then WHO is the whole name,\n"
	"             an e-mail address or an id\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith join \"Ada Lovelace\" \"Ada (work)\"\n"
	"  kith join --undo ada\n";

static const char help_replace[] =
	"Says that somebody whom you met anew is a person you know, who has lost a key: everything\n"
	"known of OLD moves to NEW, and the old key is remembered as lost.  NEW must have been\n"
	"compared or scanned.  Shows both fingerprints and asks.  There is no way back.\n"
	"\n"
	"  --yes, -y  do not ask; needed where there is no terminal, and then WHO is the whole name,\n"
	"             an e-mail address or an id\n"
	"\n" WHO "\n"
	"Example:\n"
	"  kith replace 4F7KQ2 AB3XNN    ids, since both have the same name\n";

static const char help_qr[] =
	"Shows a QR code, and the text in it: of your card, or of WHO's.  In a pipe it is the text\n"
	"alone.  What does not come along is told.\n"
	"\n"
	"  kith qr [WHO]           a contact for the camera of a phone: name, two telephone numbers,\n"
	"                          an e-mail address, organisation, title, web page, address\n"
	"  kith qr --pocket        your signed pocket card, for another kith: as much of that as fits\n"
	"                          some 130 bytes of text; signed anew only when it has changed\n"
	"  kith qr WHO --pocket    the signed card of somebody, if it fits a code\n"
	"  kith qr [WHO] --identity   the key alone, to compare it\n"
	"  kith qr --invite        an invitation to the swap that runs here, for kith swap --to\n"
	"  --card NAME             of that one of your cards; else the one that is given at the event\n"
	"                          that runs, if it names one\n"
	"  --show FIELD,...        these fields only (FIELD.LABEL: with that label), and the name\n"
	"  --png FILE, --svg FILE  a picture instead; - is standard output\n"
	"  --scale N               pixels for each square of the PNG (8)\n"
	"  --level L|M|Q           how much may be dirty or hidden: 7, 15, 25 %; L on the screen, M in\n"
	"                          pictures\n"
	"  --ascii, --eci          for readers that show other letters than they should: names in\n"
	"                          letters of ASCII, or a code that says it is UTF-8, of which a few\n"
	"                          readers then read nothing\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith qr\n"
	"  kith qr --pocket --svg badge.svg\n"
	"  kith qr grace --show tel,email\n"
	"  kith qr --pocket | ssh laptop kith import -\n";

static const char help_picture[] =
	"Draws you at the centre, your people on their rings, and lines between those who know each\n"
	"other; not inside of events and organisations of more than 8, whose people stand together where\n"
	"they are a group.  Each group has a part of the circle; in no ring is outside.  Who is drifting\n"
	"is pale and hollow; who alone connects others is a diamond (kith bridges).  There is nothing in\n"
	"it but names and lines.\n"
	"\n"
	"  -o FILE.svg       for a browser or a drawing program, as large as one likes, in the light\n"
	"                    or dark colours of who looks at it; - is standard output\n"
	"  -o FILE.png       pixels, at most 6000 each way, light unless told\n"
	"  --light, --dark   in these colours\n"
	"  --size N          so many pixels wide; else so that each name can be read\n"
	"  --ring NAME...    only who is on these rings; none: who is on none\n"
	"\n"
	"500 people are drawn at most, the nearest rings first; how many are left out is told.\n"
	"\n"
	"Examples:\n"
	"  kith picture -o people.svg\n"
	"  kith picture -o near.png --dark --ring inner middle\n";

static const char help_compare[] =
	"Compares keys with somebody whose card came by a file or an unattended swap, so that from\n"
	"then on they are known as compared.  Both of you do it, side by side.\n"
	"\n"
	"  kith compare WHO                shows both fingerprints, and asks: s same, d different\n"
	"  kith compare WHO DIGITS         the 30 digits that are theirs on their own screen\n"
	"  kith compare WHO KITH:1/I/...   the text of the QR code they show, a picture of it, or\n"
	"                                  \"-\" for zbarcam --raw: then they are known as scanned\n"
	"                                  (kith qr --identity; a card is not enough)\n"
	"  --event NAME                    where that was, if not at the event that runs; \"\" for none\n"
	"\n"
	"Where the keys differ nothing is changed, and the exit status is 4.\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith compare grace\n"
	"  zbarcam --raw | kith compare grace -\n";

static const char help_verify[] =
	"Says what a file, a link (KITH:1/C/...) or a picture of a code is, whose card is in it, or\n"
	"about whose key it says what, whether the signature holds, and whether and how you know\n"
	"that key.  Of a vCard that kith has written also what was altered since it was signed, and\n"
	"what stands beside it and is not part of what was signed.  Changes nothing.  \"-\" reads\n"
	"standard input.\n"
	"\n"
	"Exit status 0 only if it is signed and not altered, else 6.\n"
	"\n"
	"Examples:\n"
	"  kith verify ada.kith\n"
	"  kith verify ada.vcf --json | jq .altered\n";

static const char help_import[] =
	"Takes into your store what others have given you, and says for each card what came of\n"
	"it: new, updated, same (you had it already), or skipped and why.\n"
	"\n"
	"  FILE  vCards 2.1, 3.0, 4.0 (.vcf, any number in it); a signed card (.kith, or the armor\n"
	"        of export --armor, as it came out of a mail); a picture with QR codes in it; what\n"
	"        somebody signed about their key: that it changed, or was lost or stolen\n"
	"  DIR   every .vcf in a folder\n"
	"  TEXT  KITH:1/C/..., KITH:1/S/... or MECARD:...\n"
	"  -     any of these from standard input, each as soon as it has come\n"
	"  --vdir DIR     what has changed in a folder that export --vdir keeps in step\n"
	"  --dry-run, -n  show what would happen, and write nothing\n"
	"  --event NAME   whoever comes was there.  While an event runs a signed card alone (a file,\n"
	"                 a link, a code) puts its person on the roster by itself; \"\" for none\n"
	"\n"
	"A signed card is kept as \"from a file, not compared\".  A vCard without one is kept as it\n"
	"is, every byte; nobody has signed it, and list says so.  Somebody is not doubled: the same\n"
	"UID takes the place of what was imported, unless its REV is not newer.  To what you typed\n"
	"in or edited it only adds, and so does the same name with the same e-mail address or\n"
	"number.  The same UID of evidently somebody else is another person.  With --vdir a file\n"
	"that was changed there alone replaces what you have; one that was changed here, too, adds.\n"
	"What a vCard has beyond the signed card of a person you know stands beside that, not\n"
	"signed.  The worst exit status counts.\n"
	"\n"
	"Examples:\n"
	"  kith import contacts.vcf --dry-run\n"
	"  kith import ada.kith grace.kith photo-of-a-code.jpg\n"
	"  kith export bob --format kith --armor | ssh laptop kith import -\n"
	"  zbarcam --raw | kith import -\n";

static const char help_export[] =
	"Writes cards for other programs, to standard output or to a file.\n"
	"\n"
	"  --me               your own card\n"
	"  --card NAME        with --me: that one of your cards\n"
	"  --all              everybody whose card you have, or whom you typed in\n"
	"  --format vcard3    for phones and address books (this is what you get)\n"
	"  --format vcard4    the same in vCard 4.0, which some phones refuse\n"
	"  --own              with what you wrote beside a signed card\n"
	"  --private          with what you remember of them, which no export has otherwise: your\n"
	"                     tags and notes in vCards, all of it in JSON.  For yourself alone\n"
	"  --format kith      the signed card itself; of several people, armor one after another\n"
	"  --format json      everything, as kith list --json: with where you met, and the names of the\n"
	"                     events, even without --private\n"
	"  --armor            the signed card as text that survives mail\n"
	"  -o FILE            write a file, whole or not at all, readable by you alone\n"
	"  --vdir DIR         keep a folder in step, one file a person, for khard, vdirsyncer and\n"
	"                     through it a phone: everybody, or those named, with what is yours.\n"
	"                     What others changed there is left alone until import --vdir has read it\n"
	"  --again            with --vdir: make files again that somebody removed there\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith export ada grace -o friends.vcf\n"
	"  kith export --me --format kith -o me.kith\n"
	"  kith export --me --armor\n"
	"  kith import --vdir ~/contacts && kith export --vdir ~/contacts && vdirsyncer sync\n";

static const char help_introduce[] =
	"Two people you know, who may want to know each other.  Each is asked alone, when you next\n"
	"meet, with your words and your name, and not told who the other is.  When both have said\n"
	"yes, each gets the other's card, chosen for this, when you meet again.  You three need never\n"
	"be in one place.  Whoever says no, or nothing, looks the same to everybody.\n"
	"\n"
	"Without arguments: the introductions you made, and how they stand.\n"
	"\n"
	"  --why WORDS        up to 200 characters, which both read; a name in them is asked about\n"
	"  --yes, -y          names in the words are meant\n"
	"  --again            the same two once more: the introduction before is closed\n"
	"  -o NAME            also what can be handed over now as files, NAME-1.kith for the first and\n"
	"                     NAME-2.kith for the second, for kith import there; without --why for the\n"
	"                     introduction that these two have\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith introduce grace jo --why \"You both restore looms\"\n"
	"  kith introduce grace jo -o looms\n";

static const char help_inbox[] =
	"What people ask of you: introductions to somebody, and to let go of a card of theirs.\n"
	"Nothing is answered by itself.\n"
	"\n"
	"  kith inbox                      what waits, numbered, with what each answer does\n"
	"  kith inbox --all                what was answered, and what is over, too\n"
	"  kith inbox accept N             yes, with your card; --card NAME says which of them\n"
	"  kith inbox accept N -o FILE     and the yes as a file for whoever introduces\n"
	"  kith inbox decline N            no; nobody is told.  Takes a yes back, too\n"
	"  kith inbox let-go N             removes a card that its owner asks you to let go of\n"
	"  kith inbox keep N               keeps it\n"
	"\n"
	"Examples:\n"
	"  kith inbox accept 1 --card work\n"
	"  kith inbox --json\n";

static const char help_match[] =
	"What you can do for the people you know: who asks for something that somebody else offers,\n"
	"the best pairs first, and for each the words they have in common and the line that introduces\n"
	"them.  With WHO only those with that person.  What you ask for and offer yourself counts too.\n"
	"\n"
	"Asks and offers are the fields of cards, your own values about somebody (kith edit), and notes\n"
	"of yours that begin with \"asks:\" or \"offers:\".  Words that many offers have say nothing.  Those\n"
	"who know each other as far as you know, or whom you have introduced, do not come; nor those\n"
	"whom you set aside.  Those who were at the same event do come, since they need not have met\n"
	"there; it is named.  At most 20 pairs are told, and of one person 3 of them, since one card can\n"
	"ask for much and offer much; with WHO, and of what you ask for and offer, all of the 20.\n"
	"\n"
	"  kith match --aside WHO WHO   sets a pair aside: it does not come again; one WHO: with you\n"
	"  kith match --again WHO WHO   lets it come again, or says why it does not\n"
	"\n" WHO "\n"
	"Examples:\n"
	"  kith match\n"
	"  kith match ada\n"
	"  kith match --aside ada grace\n";

static const char help_bridges[] =
	"Who alone connects two groups of people you know: without them somebody would be cut off\n"
	"from somebody.  Whom you know of by one person alone.  Groups in which nobody is in a ring\n"
	"with a rhythm.  You are left out of it; people are tied by what you said of them (kith relate),\n"
	"by introductions, and by events and organisations of at most 60.  A group is called by what at\n"
	"least half of it share, else by who has the most ties in it.\n"
	"\n"
	"--figures says how many, and the measures behind each sentence by name.\n"
	"\n"
	"Examples:\n"
	"  kith bridges\n"
	"  kith bridges --figures\n"
	"  kith bridges --json | jq .bridges\n";

static const char help_node[] =
	"Serves this home until it is ended: it recognises the people you know when they are near,\n"
	"and newer cards go to and fro.  Nobody else learns who you are: without a swap you are seen\n"
	"as somebody without a name.  swap, nearby and watch use it instead of starting their own.\n"
	"\n"
	"  --detach           come back once it serves; what it says later is in node.log of the home\n"
	"  --stop             end the one that runs, and come back once it is gone\n"
	"  --where WHERE      where people are recognised: everywhere, never, or in known-networks,\n"
	"                     where you met somebody; for good, and at once when a node runs already\n"
	"  --here             this network counts as known, too.  These two alone set, and start none\n"
	"  --locked           a key with a passphrase waits for kith unlock\n"
	"  --courier PROGRAM  another network helper than the kith-courier that came with kith\n"
	"\n"
	"A key with a passphrase is opened once, at the start; swap and nearby then need none, card\n"
	"set still does.\n"
	"\n"
	"Examples:\n"
	"  kith node --detach\n"
	"  kith node --where known-networks\n"
	"  kith node --stop\n"
	"  kith node --passphrase-fd 3 3< passphrase &\n"
	"  systemctl --user enable --now kith\n";

static const char help_status[] =
	"Whether a node runs for this home, since when, how it looks for people, where it recognises\n"
	"them, who is here, which event runs, what is owed, how much is due, and what is wrong.\n"
	"Exit status 0 when one runs, else 1.\n"
	"\n"
	"Examples:\n"
	"  kith status\n"
	"  kith status --json\n";

static const char help_due[] =
	"One list of what is ripe, the most pressing first, each with the command that settles it:\n"
	"promises, people who wait for an answer of yours, birthdays, people you wanted to be in touch\n"
	"with or whose ring says so, people met and not gone through yet, swaps that lack a card.\n"
	"Where something asks for a decision, the command is the one that shows what each answer does.\n"
	"\n"
	"A promise of yours and a birthday come a week before their day, a promise of theirs on it.  A\n"
	"promise without a day and a swap that lacks a card come after 30 days, whom you met or wanted\n"
	"to be in touch with soon from the next day on.  When you were in touch, kith touch says so; of\n"
	"a birthday it does on the day; before, it can be put off to the day.  With kith snooze they do\n"
	"not come before a day.\n"
	"\n"
	"  --days N    and below it what comes within N days, at most a year\n"
	"  --all       and below it what comes within a year\n"
	"  --ics FILE  all of that as a calendar (iCalendar) instead, for any calendar program; - is\n"
	"              standard output.  Written again, it changes there and does not double\n"
	"\n"
	"Examples:\n"
	"  kith due\n"
	"  kith due --days 30\n"
	"  kith due --ics ~/kith.ics\n";

static const char help_watch[] =
	"Tells who of the people you know comes and goes, and what is new of them, until it is ended:\n"
	"a line each, with --json an object each.  Uses the node that runs, or starts one.\n"
	"\n"
	"The node in the background tells the same to a program of yours, ~/.config/kith/on-event: the\n"
	"object on its standard input, its kind as KITH_EVENT.  It must be yours and writable for nobody\n"
	"else, runs once at a time, and has ten seconds.  News is shown on the desktop as well.\n"
	"\n"
	"Examples:\n"
	"  kith watch\n"
	"  kith watch --json\n";

static const char help_unlock[] =
	"Gives the passphrase of the key to a node that was started with --locked: asked for, or taken\n"
	"from --passphrase-fd.  The node keeps the key until it ends, or kith lock.\n"
	"\n"
	"Example:\n"
	"  kith unlock\n";

static const char help_lock[] =
	"Has the node forget the key.  It runs on, recognises nobody, and waits for kith unlock.\n"
	"\n"
	"Example:\n"
	"  kith lock\n";

static const char help_key[] =
	"The key that makes you who you are: what it is, what protects it, and what to do when it\n"
	"is to change or is not to be trusted any more.\n"
	"\n"
	"  kith key show            id, fingerprint, since when, whether it has a passphrase\n"
	"  kith key passphrase      sets, changes or (--none) removes the passphrase; the key stays\n"
	"                           the same.  --passphrase-fd: the old one's line, then the new one's\n"
	"  kith key backup -o FILE  a copy of the key alone, under the passphrase it has\n"
	"  kith key backup --paper  four lines to print, with no passphrase on them\n"
	"  kith key restore FILE|-  from such a file, or from the four lines typed in; replaces nothing\n"
	"  kith key rotate          a new key takes its place: people you meet are told, signed with\n"
	"                           both, and go on knowing you.  --yes does not ask; --forget-old drops\n"
	"                           what was kept for those who have not heard\n"
	"  kith key revoke          shows the word that revokes the key, made when the key was, to be\n"
	"                           kept on paper or a stick (-o FILE; --print: on the screen, as\n"
	"                           without); --reason lost|stolen|retired\n"
	"  kith key revoke --now    publishes it: people you meet freeze what they know of you until\n"
	"                           you have compared again in person.  --key FILE: one that was kept\n"
	"                           elsewhere, of an earlier key; --yes does not ask\n"
	"\n"
	"Who has stolen a key can do what its owner can, until people have heard of a new one or of\n"
	"the revocation.  A backup of everything is kith backup.\n"
	"\n"
	"Examples:\n"
	"  kith key show\n"
	"  kith key passphrase\n"
	"  kith key revoke -o /media/stick/revocation.kith\n"
	"  kith key rotate --yes\n";

static const char help_backup[] =
	"Writes everything there is of you into one encrypted file: key, cards, people, meetings,\n"
	"receipts.  Asks for a passphrase twice (--passphrase-fd N takes it from a descriptor); the\n"
	"file opens with that one alone.  It is written whole or not at all, and takes the place of\n"
	"an earlier backup of that name, but of nothing else.  A node may run meanwhile.\n"
	"\n"
	"Examples:\n"
	"  kith backup /media/stick/kith.backup\n"
	"  kith backup --passphrase-fd 3 ada.backup 3< passphrase\n";

static const char help_restore[] =
	"Makes a home from a backup, where there is none yet or an empty folder; what is there is\n"
	"never touched.  A wrong passphrase, or a file that is cut off or altered, restores nothing.\n"
	"A key that has a passphrase of its own asks for that, too (--passphrase-fd: the second line).\n"
	"\n"
	"Cards that you signed after the backup are not in it.  So your cards are signed anew with\n"
	"much higher numbers, and people who hold a newer one give it back when you meet.\n"
	"\n"
	"Examples:\n"
	"  kith restore /media/stick/kith.backup\n"
	"  kith restore --home /tmp/look ada.backup\n";

static const char help_demo[] =
	"Two people on this machine swap cards for real, in temporary homes that are removed.\n"
	"\n"
	"Example:\n"
	"  kith demo\n";

static const char help_help[] = "Shows the overview, or a page about one command.\n"
				"\n"
				"Example:\n"
				"  kith help swap\n";

static const struct kith_command commands[] = {
	{"init", "[--from FILE.vcf] [--passphrase] [FIELD=VALUE ...]",
		"make your identity and your card", help_init, kith_cmd_init},
	{"card",
		"[set FIELD=VALUE ... | unset FIELD ... | edit [FILE] |\n"
		"                 new NAME --show FIELD,... [--replace] | preview NAME | list |\n"
		"                 remove NAME | returned [REVISION [N] --take] |\n"
		"                 [--photo] [--save-photo FILE]] [--yes]",
		"your cards: show, change, make others that show a part", help_card, kith_cmd_card},
	{"swap",
		"[WHO] [--card NAME] [--event NAME] [--hidden] [--receive-only] [--long]\n"
		"                 [--timeout SECONDS] [--unattended [--keep]] [--interface NAME]\n"
		"                 [--to KITH:1/J/...]",
		"meet somebody and swap cards", help_swap, kith_cmd_swap},
	{"nearby", "[--timeout SECONDS] [--interface NAME]", "who is here, without swapping",
		help_nearby, kith_cmd_nearby},
	{"event",
		"[list | start NAME [--place P] [--until DATE] [--card CARD] | stop | show [NAME] |\n"
		"                  add NAME WHO | remove NAME WHO | forget NAME [--people] [--yes] |\n"
		"                  export [NAME] [--format vcard3|vcard4|csv|json] [--private] [-o FILE]]",
		"where people are met, and who was there", help_event, kith_cmd_event},
	{"list", "[--all]", "everybody you know", help_list, kith_cmd_list},
	{"show", "WHO [--all] [--photo] [--save-photo FILE] [--history]", "one person", help_show,
		kith_cmd_show},
	{"news", "[--since DATE | --all]", "what changed since you last looked", help_news,
		kith_cmd_news},
	{"review", "[--event E | --since DATE | [--back] WHO] [--plain]",
		"who you met, one at a time: notes, tags, ring, keep or let go", help_review,
		kith_cmd_review},
	{"give", "WHO CARD|nothing [--ask-back]", "which of my cards somebody gets", help_give,
		kith_cmd_give},
	{"ledger", "[WHO|FIELD] [--receipts] [--export FILE [--revision N]]",
		"who holds what of me, and how I know", help_ledger, kith_cmd_ledger},
	{"find", "QUERY [--all]", "search people", help_find, kith_cmd_find},
	{"who", "WORDS [--all]", "whom to ask", help_who, kith_cmd_who},
	{"block", "WHO [--yes]", "do not hear somebody any more", help_block, kith_cmd_block},
	{"unblock", "WHO", "hear them again", help_unblock, kith_cmd_unblock},
	{"forget", "WHO [--yes]", "remove a person", help_forget, kith_cmd_forget},
	{"add", "FIELD=VALUE ... [--anyway]", "a person typed in", help_add, kith_cmd_add},
	{"edit", "WHO [FIELD=VALUE ...] [--unset FIELD[.LABEL]]",
		"change what you know of somebody", help_edit, kith_cmd_edit},
	{"note", "WHO [TEXT...|-] [--on DATE] [--edit [N]] | --change N [TEXT...] | --remove N",
		"what was said, dated", help_note, kith_cmd_note},
	{"tag", "[WHO [+TAG|-TAG|TAG ...]]", "words of yours for people", help_tag, kith_cmd_tag},
	{"ring",
		"[WHO RING|none [--out WHO] | show NAME | remove NAME |\n"
		"                 set NAME [--room N] [--every 4w|none] [--place N]]",
		"how near people are, and how often you want to be in touch", help_ring,
		kith_cmd_ring},
	{"touch", "WHO [--how call|met|wrote] [--on DATE] [TEXT...] | --remove N",
		"you met, called or wrote", help_touch, kith_cmd_touch},
	{"snooze", "WHO UNTIL|off", "not due before a day", help_snooze, kith_cmd_snooze},
	{"promise",
		"[WHO [TEXT... [--by DATE] [--from|--lent|--borrowed]]] [--all] |\n"
		"                 done N | let-go N | again N | change N [TEXT...] [--by DATE|none]",
		"what you or they said you would do", help_promise, kith_cmd_promise},
	{"relate", "WHO [WHO [WORDS...|--remove]]", "how people stand to each other", help_relate,
		kith_cmd_relate},
	{"join", "WHO TYPED [--yes] | --undo WHO", "two entries are one person", help_join,
		kith_cmd_join},
	{"replace", "OLD NEW [--yes]", "somebody has lost a key, and has a new one", help_replace,
		kith_cmd_replace},
	{"compare", "WHO [DIGITS | KITH:1/I/... | FILE | -] [--event NAME]",
		"hold two keys side by side", help_compare, kith_cmd_compare},
	{"import", "FILE|DIR|TEXT|-... [--event NAME] | --vdir DIR [--dry-run]",
		"take in cards: vCards, signed cards, codes", help_import, kith_cmd_import},
	{"export",
		"[WHO...|--all|--me] [--format vcard3|vcard4|kith|json] [--own] [--private]\n"
		"               [--armor] [--card NAME] [-o FILE | --vdir DIR [--again]]",
		"write cards for phones, other programs, other people", help_export,
		kith_cmd_export},
	{"qr",
		"[WHO] [--pocket|--identity|--invite] [--card NAME] [--show FIELD,...]\n"
		"               [--png FILE] [--svg FILE] [--scale N] [--level L|M|Q] [--ascii] [--eci]",
		"a QR code: for a phone, or for another kith", help_qr, kith_cmd_qr},
	{"picture", "-o FILE.svg|FILE.png [--light|--dark] [--size N] [--ring NAME...]",
		"me and my people, drawn", help_picture, kith_cmd_picture},
	{"verify", "FILE|TEXT|-", "what a file is, and whose", help_verify, kith_cmd_verify},
	{"introduce", "[WHO WHO --why WORDS [--again] [--yes] [-o NAME]]",
		"two people who may want to know each other", help_introduce, kith_cmd_introduce},
	{"inbox", "[--all] | accept N [--card NAME] [-o FILE] | decline N | let-go N | keep N",
		"what people ask of you", help_inbox, kith_cmd_inbox},
	{"match", "[WHO] | --aside WHO [WHO] | --again WHO [WHO]", "whose asks meet whose offers",
		help_match, kith_cmd_match},
	{"bridges", "[--figures]", "who alone connects whom; where you have no close tie",
		help_bridges, kith_cmd_bridges},
	{"node",
		"[--detach | --stop] [--where everywhere|known-networks|never] [--here]\n"
		"                 [--locked] [--interface NAME] [--courier PROGRAM]",
		"run in the background; where people are recognised", help_node, kith_cmd_node},
	{"status", "", "whether a node runs, who is here, what is owed", help_status,
		kith_cmd_status},
	{"due", "[--all | --days N] [--ics FILE]", "what is ripe, and the command that settles it",
		help_due, kith_cmd_due},
	{"watch", "[--interface NAME]", "tell what happens, as it happens", help_watch,
		kith_cmd_watch},
	{"unlock", "", "open the key of the node in the background", help_unlock, kith_cmd_unlock},
	{"lock", "", "have it forget the key", help_lock, kith_cmd_lock},
	{"key",
		"[show | passphrase [--none] | backup -o FILE|--paper | restore FILE|- |\n"
		"                rotate [--yes|--forget-old] | revoke [-o FILE|--print] [--reason R] |\n"
		"                revoke --now [--key FILE] [--yes]]",
		"your key: passphrase, copies, change, revocation", help_key, kith_cmd_key},
	{"backup", "FILE", "everything in one encrypted file", help_backup, kith_cmd_backup},
	{"restore", "FILE", "a home from a backup", help_restore, kith_cmd_restore},
	{"demo", "", "two people on this machine, for real", help_demo, kith_cmd_demo},
	{"help", "[COMMAND]", "about kith, or one command", help_help, kith_cmd_help},
};

const struct kith_command *kith_commands(size_t *ret_n)
{
	*ret_n = sizeof commands / sizeof commands[0];
	return commands;
}

const struct kith_command *kith_command_find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
