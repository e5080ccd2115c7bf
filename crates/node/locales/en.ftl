# The program's words. A person's words never stand here.

brand = Tracktwo
skip = Skip to the room
this-dialogue = This dialogue
table = Table
this-room = This room

plenary = Plenary
plenary-audience = { $people ->
    [one] One person so far: you
   *[other] { $people } people: { $kinds ->
        [sides] all sides and the convenor
       *[interpreters] all sides, the convenor and interpreters
    }
}
caucus = Caucus of { $side }
caucus-audience = { $people ->
    [one] One person, { $side } only. The convenor is not here.
   *[other] { $people } people, { $side } only. The convenor is not here.
}

rule-on-the-record = Rule card: on the record
rule-chatham-house = Rule card: Chatham House
rule-chatham-house-internal = Rule card: Chatham House, internal use only
rule-not-for-any-use = Rule card: not for any use

convenor = convenor
interpreter = interpreter
interpreter-with = interpreter, with { $side }
you = You
you-named = You, { $name }
who-sits-where = Who sits where
seating-picture = Round table with { $people } seats. { $sides }
seating-side = { $side }: { $people ->
    [one] one seat.
   *[other] { $people } seats.
}

table-words = Table words
table-words-hint = Read them aloud to each other. Everybody sees the same six words, or somebody else is in the room.

clock-closes = The Round closes
clock-minutes = { $minutes ->
    [0] within a minute
    [one] one minute left
   *[other] { $minutes } minutes left
}
clock-hours = { $hours ->
    [one] one hour left
   *[other] { $hours } hours left
}
clock-collecting = The Round collects
clock-since = since { $hour }

round-open = A Round is open until { $hour }
round-collecting = The Round is collecting its texts
round-opening = The texts are about to appear
round-crowd-so-far = { $crowd ->
    [0] Nobody is in so far. It needs at least { $floor }.
    [one] One seat is in so far. It needs at least { $floor }.
   *[other] { $crowd } seats are in so far. It needs at least { $floor }.
}
round-hidden-among = Hidden among { $crowd }, at least { $floor }
round-text-in = Your text is in. It stays on this computer, and you can change it, until { $hour }.
round-text-ready = Your text is ready. Keep this computer open: all appear together; closed, yours stays out.
round-no-text = Nothing of yours is in yet. Without a text you give a blank, and nobody can tell.
round-keep-open = Keep this computer open. All texts appear together, in an order nobody chose.
round-repeated = Somebody was away, so the Round is repeated without them. Nobody’s text was shown.

last-round = From the last Round, without names
last-round-crowd = { $crowd } seats took part. Nobody can know who wrote what, and that is on purpose.
no-round = What a Round brings will be here, without names, all texts at once.

discussion = Discussion, with names
discussion-empty = Nothing has been said yet. What anybody says here carries their name.
discussion-earlier = Only the newest { $shown } messages are shown.

not-live = Reading what was said while this computer was away.

no-dialogue = There is no dialogue in this vault yet
no-dialogue-hint = Convene one, or paste the invitation that somebody gave you.
asking = Your request is on its way
asking-hint = You asked for a seat as { $name }. The convenor and a seat of your side have to agree; telephone them.

alarms = What you must know
alarm-restored-copy = This is an older copy of your vault. It sends nothing in this dialogue any more, because it could repeat what was said and show who said it. Ask the convenor for a new seat.
alarm-histories-differ = The relay shows different histories to different people. Do not rely on what you read here. Telephone the others.
alarm-log-damaged = The relay changed what had been said before. What you see stops there. Telephone the others.
alarm-states-differ = Your program’s picture of this room differs from the others’. Compare the table words by voice before you go on.
alarm-wrong-relay-key = The relay is not the one in your invitation. Nothing was sent to it.
alarm-update-program = Somebody in this room uses a newer Tracktwo. Update yours to go on; nothing is lost.
alarm-relay-full = The relay has no room left. What you write stays here and is sent when there is room again.
alarm-removed = Your seat was removed. You read nothing that is said from now on.
alarm-disk-full = The disk of this computer is full. Nothing was lost; make room, and it goes on by itself.
alarm-vault-failed = Your vault cannot be written. Nothing is sent until it can; look after this computer’s disk.

foot = This page is shown by the program on your own machine.
