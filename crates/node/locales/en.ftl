# The program's words. A person's words never stand here.

brand = Tracktwo
skip = Skip to the page
ways = Ways
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
named-of-side = { $name } ({ $side })
named-interpreter = { $name } (interpreter, with { $side })
named-convenor = { $name } (convenor)
somebody-gone = Somebody who is no longer here
who-sits-where = Who sits where
seating-picture = Round table with { $people } seats. { $sides }
seating-side = { $side }: { $people ->
    [one] one seat.
   *[other] { $people } seats.
}

table-words = Table words

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
clock-collecting = collecting

round-open = A Round is open until { $hour }
round-collecting = { $kind ->
    [answers] The Round is collecting its answers
   *[texts] The Round is collecting its texts
}
round-opening = { $kind ->
    [answers] The result is about to appear
   *[texts] The texts are about to appear
}
round-crowd-so-far = { $crowd ->
    [0] Nobody is in so far. It needs at least { $floor }.
    [one] One seat is in so far. It needs at least { $floor }.
   *[other] { $crowd } seats are in so far. It needs at least { $floor }.
}
round-in-so-far = { $crowd ->
    [0] Nobody is in so far.
    [one] One seat is in so far.
   *[other] { $crowd } seats are in so far.
} Each side needs enough of its own.
round-hidden-among = Hidden among { $crowd }, at least { $floor }
round-text-in = { $kind ->
    [answers] Your answers are in. They stay on this computer, and you can change them, until { $hour }.
   *[texts] Your text is in. It stays on this computer, and you can change it, until { $hour }.
}
round-text-ready = { $kind ->
    [answers] Your answers are ready. Keep this computer open: all are counted together; closed, yours stay out.
   *[texts] Your text is ready. Keep this computer open: all appear together; closed, yours stays out.
}
round-no-text = { $kind ->
    [answers] You have answered nothing yet. What you leave out counts as unanswered, and nobody can tell whose it is.
   *[texts] Nothing of yours is in yet. Without a text you give a blank, and nobody can tell.
}
round-keep-open = { $kind ->
    [answers] Keep this computer open. The result appears on every screen at once.
   *[texts] Keep this computer open. All texts appear together, in an order nobody chose.
}

last-round = From the last Round, without names
last-round-crowd = { $crowd } seats took part. Nobody can know who wrote what, and that is on purpose.
no-round = What a Round brings will be here, without names, all at once.

discussion = Discussion, with names
to-the-newest = To the newest message
discussion-empty = Nothing has been said yet. What anybody says here carries their name.
discussion-earlier = Only the newest { $shown } messages are shown.

gone-still-sits = { $name } has left the dialogue and can still read in this caucus: what you say here waits on this computer until somebody’s program on your side has taken them out, and then leaves by itself.
change-waits = Somebody’s program shut this room for a moment, and it was opened again. So that nobody can do that again and again, the relay takes changes of seats for a few minutes only from the program that opened it. Yours waits on this computer and leaves by itself; there is nothing to do.
shut-for-rounds = Somebody’s program shut this room for everybody else ({ $when }). Until it is open again nothing counts in a Round and no time runs out: nobody is left out meanwhile, and nothing is lost. There is nothing to do but wait: the convenor’s program opens it by itself, as soon as it reaches the relay. If this lasts more than a few minutes, telephone the convenor.
shut-for-rounds-yours = Somebody’s program shut this room for everybody else ({ $when }). Until it is open again nothing counts in a Round and no time runs out: nobody is left out meanwhile, and nothing is lost. The program of the convenor who opened the dialogue, or led it to this relay, opens it by itself: if that is you, leave it open and see that it reaches the relay; if not, telephone them.
moved-banner = This dialogue goes through another relay now. { $name } moved it ({ $when }). There is nothing to do.

not-live = Reading what was said while this computer was away.

alarms = What you must know
alarm-restored-copy = This is an older copy of your vault. It sends nothing in this dialogue any more, because it could repeat what was said and show who said it. Ask the convenor for a new seat.
alarm-histories-differ = Somebody’s program has not read what yours has read. Do not rely on what you read here. Telephone the others.
alarm-by-gone = { $name } (whose seat is gone; who is called so now is another)
alarm-histories-by = It is what the program of { $names } says. Either the relay shows different histories to different people, or that program was changed and says what is not so; from here nobody can tell which. Ask on the telephone what stands there.
alarm-log-damaged = The relay changed what had been said before. What you see stops there. Telephone the others.
alarm-states-differ = Your program’s picture of this room differs from somebody else’s. Compare the table words by voice before you go on.
alarm-states-by = It is what the program of { $names } says. One of the two is wrong, or was changed; from here nobody can tell which.
alarm-wrong-relay-key = The relay is not the one in your invitation. Nothing was sent to it. Telephone the convenor.
alarm-update-program = Somebody in this room uses a newer Tracktwo. Update yours to go on; nothing is lost.
alarm-relay-full = The relay has no room left. What you write stays here and is sent when there is room again.
alarm-removed = Your seat was removed. You read nothing that is said from now on. Telephone the convenor if you do not know why.
alarm-left-behind = A change of seats cannot be followed on this computer, so nothing new is read or said here. If this does not pass within some minutes, telephone the others, and ask to be removed and invited again.
alarm-moved-away = A convenor says that the room went on at another place; this program is elsewhere, and cannot follow from here. It stays, and goes on asking the relay that it knows and that place. If nothing new comes, telephone the others, and ask for a new invitation.
alarm-false-caucus = Somebody of your side asked you into a caucus in which strangers sit, or which is not your side’s. You did not enter it. Telephone the others of your side.
alarm-two-caucuses = Two of your side let you into two different caucuses; only one of them can be your side’s. If nobody answers you there, wait some minutes: your program tries the other one by itself. Telephone the others of your side, and ask who reads you.
alarm-two-caucuses-by = The two came from { $names }; from here nobody can tell which is right.
alarm-clock-jumped = The clock of the relay and the clock of this computer jumped apart. Nothing is opened in a Round until both have been steady for ten minutes; then it goes on by itself. If it happens again, telephone whoever runs the relay.
alarm-too-large-to-join = This room has grown so large that nobody new can be let in. Whoever is in it can go on.
alarm-disk-full = The disk of this computer is full. Nothing was lost; make room, and it goes on by itself.
alarm-vault-failed = Your vault cannot be written. Nothing is sent until it can; look after this computer’s disk.

foot = This page is shown by the program on your own machine.

## The ways through the program

home = Home
round = Round
rounds = Rounds
seats = Seats and sides
seats-way = Seats
settings = Settings
rooms = Rooms
limits = What this cannot protect
lock-now = Lock now
go-on = Go on
look-again = Look again
back-to-table = Back to the table
go-to-the-table = Go to the table
go-to-the-door = Go to the door
go-to-seats = Go to seats and sides
go-to-round = Go to the Round
not-done = That was not done
what-you-typed = What you had typed
what-you-can-do = What you can do.
minutes = { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}
hours = { $hours ->
    [one] one hour
   *[other] { $hours } hours
}
days = { $days ->
    [one] one day
   *[other] { $days } days
}
never = never

## Outside

outside = This page opens from the program only
outside-hint = Start Tracktwo on this computer; it opens its page by itself. The address that it prints works once.
form-not-taken = Nothing was changed
form-too-long = What was sent is longer than any form of this program. Go back: what you typed is still there. Shorten it, and send it again.
form-damaged = What was sent could not be read. Go back and send it again.
form-without-token = The form did not come from a page of this program, or the page is from before its last start. Go back, load the page anew, and send it again.
closed-meanwhile = The vault was closed while you typed
closed-meanwhile-hint = Nothing was sent. Copy what you had typed, open the vault, and go on.
left-open = This page is from an earlier start of the program
left-open-hint = Nothing was sent. Copy what you had typed, if anything stands below. Then go to the page that the program opened when it was started, or start it again.

## The vault

first-start = Choose a passphrase
first-start-hint = Everything that you read and write here lies in a vault on this computer. The passphrase opens it; without it nobody reads anything, whoever has the computer.
passphrase = Passphrase
passphrase-hint = At least { $letters } letters. Four words that do not belong together are a good one.
passphrase-again = The same again
make-vault = Make my vault
nobody-recovers = Nobody can recover it
nobody-recovers-hint = Not the convenor, and not those who made this program. Write it down, and keep the paper where only you look.
locked = Your vault is closed
locked-hint = While it is closed nothing is read or sent. Your passphrase opens it.
open-vault = Open
opening = Your vault is being opened
opening-hint = This takes a moment, on purpose: it makes guessing slow.

## Home

welcome = Welcome
welcome-hint = If somebody gave you an invitation, join. If you bring people together, convene.
begin = Begin
join = Join
join-deed = You were given an invitation, as a text or a file.
convene = Convene
convene-deed = Open a dialogue and invite its sides. Ten minutes.
locks-by-itself = Your vault closes by itself after { $minutes } minutes without you. You can change that in the settings.
locks-never = Your vault stays open until you lock it. You can change that in the settings.
your-dialogue = Your dialogue
one-dialogue = This vault holds one dialogue. For another one, start the program with another vault.
your-seat = Your seat: { $number }, { $side }.
you-convene = You convene it.
home-door = Your seat is ready. Before you take it, two things to read.
home-round = { $kind ->
    [answers] A Round is open until { $hour }. You have answered nothing yet.
   *[texts] A Round is open until { $hour }. You have not written yet.
}
home-nothing = Nothing waits for you.
waiting-requests = { $requests ->
    [one] Somebody asks for a seat, and waits for your word.
   *[other] { $requests } people ask for seats, and wait for your word.
}

## Convene

convene-head = Open a dialogue
dialogue-title = What is it called?
dialogue-title-hint = Everybody in it sees the title. Nobody else does.
sides = Its sides
sides-hint = Two to five. Neutral names are offered; write the sides’ own if they agree on them.
side-number = Side { $number }
side-none = none
side-name-1 = Blue
side-name-2 = Ochre
own-name = Your name at the table
own-name-hint = Everybody in the dialogue sees it. The machine in the middle does not.
relay-where = Where do the messages wait?
relay-where-hint = A relay keeps what is said until everybody has read it. It sees sealed parcels only.
relay-here = On this computer
relay-here-hint = It must then stay switched on, awake and reachable for the others, as long as anybody wants to read.
relay-there = On a relay that somebody runs for us
relay-there-hint = They gave you its address and its creation secret: paste both below.
relay-details = Addresses
relay-host = How others reach this computer
relay-host-hint = Its name or address in the network. 127.0.0.1 is for trying things out on one computer.
relay-port = Port
relay-port-hint = The one that your router lets through; 0 takes a free one.
relay-address = The relay’s address
relay-address-hint = The line that begins with “address:”. The line “fingerprint” is a part of it, and not needed.
relay-secret = Its creation secret
relay-secret-hint = The line that begins with “creation secret:”. Only those who have it may open dialogues there.
convene-button = Open the dialogue
convene-next = What happens next
convene-next-hint = You take your seat, and hand each person an invitation: by hand, or by a way that you trust. Whoever asks for a seat waits until you approve, and until somebody of their side vouches.
convene-cannot = You will not read what a side says in its caucus, you cannot seat anybody alone, and in a Round you learn no more than the others.

## Join

join-head = Join a dialogue
invitation = Your invitation
invitation-hint = Paste all of it. It begins with “TRACKTWO”; line breaks do no harm.
invitation-file = Or the file that you were given
ask-to-join = Ask to join
join-next = What happens next
join-next-hint = The convenor sees your name and agrees; so does somebody of your own side. All sides see you take your seat.
invitation-once = An invitation works once. If somebody used yours before you, this program says so: then telephone the convenor.
waiting = Waiting
waiting-head = You have asked to join. Others must agree now.
waiting-hint = You can leave this page. Keep the program running; the dialogue appears by itself.
waiting-words = Your six words
waiting-words-hint = If somebody of your side is seated already, they telephone you before you are let in. Read these words to them, and to nobody else. They find the same words on their own page. If you are the first of your side, nobody asks for them: the convenor telephones you only to hear that it is you.
waiting-sees = Nobody sees more than your name
waiting-sees-hint = Until you are seated you read nothing of the dialogue, and it reads nothing of you.
step-unsent = Your request has not left yet
step-asked = You asked
step-asked-as = As { $name }.
step-agree = The convenor agrees, and somebody of your side vouches
step-agree-hint = If it takes long, telephone whoever gave you the invitation. Nothing is wrong with your computer.
step-told = Every side sees your seat
step-told-hint = No seat is ever added in silence.
step-seat = You take your seat
step-seat-hint = This page says when it is ready.
take-back-request = Take back my request
you-are-in = You are in
you-are-in-hint = Your seat is ready. At the door you read what may be done with what you hear.
declined = Your request led to no seat
declined-used = Somebody has used this invitation before. If it was not you, tell the convenor by telephone: an invitation may have fallen into other hands.
declined-expired = The invitation’s time is over. Ask the convenor for a new one.
declined-damaged = The answer could not be used, or did not fit what you asked for. Ask the convenor for a new invitation.
declined-update-program = This room goes by rules that only a newer Tracktwo knows. Update yours, and ask the convenor for a new invitation.
another-invitation = I have another invitation

## At the door

door = At the door
door-head = Before you take your seat
door-hint = What may be done with what you hear, and what no program can protect. It takes three minutes, once.
rule-on-the-record-meaning = What is said here may be quoted, with the name of who said it.
rule-chatham-house-meaning = You may use what you hear. You may never say who said it, nor whose side they were on, nor who else was there.
rule-chatham-house-internal-meaning = You may use what you hear inside your own institution. You may never say who said it, nor who was there.
rule-not-for-any-use-meaning = What is said here stays here. You may not use it at all.
door-promise = By taking your seat you accept the rule card.
take-seat = I have read this. Take my seat
limits-hint = In a Round nobody is told who wrote what. For all else you trust people and computers. Ten sentences, each with what you can do.
limit-retell = Anybody in the room can retell what they hear.
limit-retell-why = They can photograph the screen as well. No program can stop a person.
limit-retell-do = Say what you could bear to see quoted without your name.
limit-infected = An infected computer sees all that you see.
limit-infected-why = Before a Round, after it, and while you type.
limit-infected-do = Use a computer that you keep up to date, and that nobody else uses.
limit-crowd = Colleagues who compare notes make your crowd smaller.
limit-crowd-why = If five of twelve tell each other what they wrote, you are hidden among seven. A relay that wishes you ill can keep seats away, down to the floor; and somebody with an altered program can count answers exactly.
limit-crowd-do = Do not tell, do not ask, and look at the smallest crowd before you add your text.
limit-unanimous = A result that is nearly unanimous says what people think.
limit-unanimous-why = When nearly all agree, each of you very probably did.
limit-unanimous-do = Leave the page blank where even that would be too much.
limit-style = Your style can give you away.
limit-style-why = A favourite phrase, an old cause, a memory that only you have.
limit-style-do = Write short and plain, and read it once more as a stranger.
limit-absence = Being away narrows things down.
limit-absence-why = Over many Rounds, who was there and what appeared can be compared. So can two results where a question comes again in other words and one person was away: the program knows the same question by its letters only.
limit-absence-do = Take part in every Round, even with a blank page. Where a ballot asks what was asked before in other words, say so, and pass.
limit-network = The network sees that you are connected.
limit-network-why = Not what you say. But the relay, and whoever watches the line, sees that this program runs, when, and which computers read the same parcels; rooms and sides can be guessed from that.
limit-network-do = If that alone is a danger to you, do not run it from that network.
limit-forgetting = Forgetting needs honest programs.
limit-forgetting-why = What is deleted here may live on in a copy that somebody made.
limit-forgetting-do = Make no copies, and ask the others to make none.
limit-proof = You could prove your own words, and so you could be forced to.
limit-proof-why = Somebody who keeps the secrets of their own program can show which text was theirs.
limit-proof-do = If somebody may press you, write only what you could own.
limit-audit = No independent expert has checked the design yet.
limit-audit-why = It is public and tested, and it may still hold mistakes.
limit-audit-do = Do not stake a life on it.

## Table words

words-awaiting = The words wait for somebody who is not here yet
words-awaiting-hint = They have a seat, but their program has not been in this room yet. Ask them by telephone to start it: it arrives by itself once it reaches the relay, and then the six words appear here.
words-awaiting-say = If one of them tells you that they are in the room and see its people, trust nothing that is said there: somebody may have led them into another room. Telephone them, and tell the others.
words-awaiting-remove = Whoever does not come can be given a new invitation: remove the seat first.
words-awaiting-banner = Somebody has a seat and has not come yet. The table words appear on their page once everybody is here; until then, do not rely on this room.
words-awaiting-own = Your program is just arriving
words-awaiting-own-hint = The six words appear here as soon as the others know that you are in this room.
words-all-here = Everybody is here now
words-see = See the words
words-which = Which six words do you hear?
words-which-hint = Somebody reads six words aloud, in the room or on the telephone. Choose the line that is exactly the same. If all hear the same words, nobody else is in the room.
words-none = None of these
words-none-hint = Then stop: somebody may be here who should not be. You are told what to do.
words-these = These are the words I hear
words-by-voice = Never send the words by e-mail or in a chat. They help only when a voice that you know says them.
words-aloud = Read these six words aloud
words-aloud-hint = Slowly, in the room or on the telephone, to everybody who has not checked them. The others see three lines and choose one.
words-heard-same = I have read them aloud, and somebody found their line
words-confirmed = You have checked these words. You can read them aloud to others.
words-missing = { $seats ->
    [one] One of { $all } has not checked
   *[other] { $seats } of { $all } have not checked
}
words-done = { $seats ->
    [one] One has checked
   *[other] { $seats } have checked
}
words-again = Whenever somebody comes or goes the words change, and everybody checks again. A seat that has never checked is in no Round.
words-check = Table words
words-checked = has checked the words
words-not-checked = has not checked the words
words-banner = The table words are new. Have them read aloud to you before you rely on this room.
words-read-banner = The table words are new. Read them aloud to the others.
words-stop = Stop here for now
words-stop-hint = You heard other words than this program has. Perhaps somebody misread; perhaps somebody is in the room who should not be. Until that is clear, say nothing here that could harm you.
words-stop-1 = Ask for the words once more, slowly, by a voice that you know.
words-stop-2 = If they differ again, ask who has come or gone, and look at seats and sides together.
words-stop-3 = If it stays so, agree on the telephone to meet in another dialogue, with new invitations.
words-listen-again = Listen once more

## Table

caucus-title = Caucus
plenary-link = Everybody
caucus-link = { $people ->
    [one] One person, { $side } only
   *[other] { $people } people, { $side } only
}
caucus-wall = Beyond this wall: { $others }, the convenor. They cannot read here.
caucus-picture = Half a table, closed off by a wall. { $people ->
    [one] One seat, of { $side }.
   *[other] { $people } seats, all of { $side }.
} Nobody else is in this room.
only-side = { $side } only
among-ourselves = Among ourselves
reply = Reply
answers = To { $name }:
discuss-this = Discuss this
all-statements = { $texts ->
    [one] The one statement on its own page
   *[other] All { $texts } statements
}
your-message = Your message
removed = You are not in this room any more.
removed-hint = Your seat was removed. What was said before stays here to read. To come back you need a new invitation and a new vault: start the program with --vault and the name of a new folder.
typed-stays = What you type is kept in your vault, on this computer only, until you send it.
your-message-hint = With your name, { $name }. You can take it back for ten seconds.
send-plenary = { $sides ->
    [2] { $people ->
        [one] Send to one person: you
       *[other] Send to { $people } people, both sides
    }
   *[other] { $people ->
        [one] Send to one person: you
       *[other] Send to { $people } people, all sides
    }
}
send-caucus = { $people ->
    [one] Send to one person, { $side } only
   *[other] Send to { $people } people, { $side } only
}
going-plenary = { $sides ->
    [2] Going to { $people ->
        [one] you alone.
       *[other] { $people } people, both sides.
    }
   *[other] Going to { $people ->
        [one] you alone.
       *[other] { $people } people, all sides.
    }
}
going-caucus = Going to { $people ->
    [one] one person, { $side } only.
   *[other] { $people } people, { $side } only.
}
undo = { $seconds ->
    [0] Undo
    [one] Undo, one second
   *[other] Undo, { $seconds } seconds
}
away = This room is not open to you any more
away-hint = Your seat is not in it, or the dialogue has changed. What you had read stays in your vault.
nobody-yet = You are alone so far. Invite the sides.

## Rounds

write-statement = { $kind ->
    [answers] Answer the statements
   *[texts] Write my statement
}
write-until = Everybody writes until { $hour }.
write-room = There is room for about { $letters } letters; fewer in scripts other than Latin.
write-minimum = Send my text only if
write-minimum-hint = If fewer are in at the end, your text stays on this computer. A blank page is given for you, and nobody can tell.
minimum-usual = at least { $least } are in, as usual
minimum-least = at least { $least } are in
minimum-all = all { $crowd } take part
minimum-too-high = Only { $crowd } can be in as things stand, and your text asks for { $least }: it would stay home. Choose fewer above if you are content with that.
write-button = Add to the Round, hidden among { $crowd }, at least { $floor }
write-stays = It stays on this computer, and you can change it, until { $hour }.
hidden-among = Hidden among { $crowd }
hidden-meaning = If all { $crowd } come, one of them wrote it, and nobody can find out which: not the other side, not your own, not the convenor. With fewer than { $floor } your text is not sent.
collect-text-in = { $kind ->
    [answers] Your answers are in. The result appears at { $hour }.
   *[texts] Your text is in. All appear at { $hour }.
}
collect-ready = { $kind ->
    [answers] There is nothing to do. You can leave this page, but keep this computer on and awake at { $hour }: all answers are counted together; with the program closed, yours stay out.
   *[texts] There is nothing to do. You can leave this page, but keep this computer on and awake at { $hour }: all texts appear together; with the program closed, yours stays out.
}
collect-least = { $kind ->
    [answers] Your answers are sent only if at least { $least } are in at the end. With fewer they stay on this computer, all statements count as unanswered by you, and nobody can tell.
   *[texts] Your text is sent only if at least { $least } are in at the end. With fewer a blank page is given for you, and nobody can tell.
}
ballot-guaranteed = Your answers are hidden among at least { $least } people, also if the same is asked again.
change-text = { $kind ->
    [answers] Change my answers
   *[texts] Change my text
}
take-back-text = Take my text back
close-now = { $kind ->
    [answers] Close now: collect the answers
   *[texts] Close now: collect the texts
}
what-happens = What happens
step-write = { $kind ->
    [answers] Until { $hour }, people answer
   *[texts] Until { $hour }, people write
}
step-write-hint = { $kind ->
    [answers] Each person’s answers are on their own computer only.
   *[texts] Each text is on its author’s computer only.
}
step-mix = { $kind ->
    [answers] Then all programs mix the answers
   *[texts] Then all programs mix the texts
}
step-mix-hint = Each sends a sealed parcel of the same size. No parcel opens alone; together they give { $kind ->
    [answers] all answers, each by itself,
   *[texts] all texts,
} and no names. Whose computer does not answer within { $minutes ->
    [0] a minute
    [1] a minute
   *[other] { $minutes } minutes
} is left out, and the others begin again.
step-appear = { $kind ->
    [answers] The result appears
   *[texts] All texts appear
}
step-appear-hint = { $kind ->
    [answers] On every screen at once. No two answers of one person can be joined.
   *[texts] On every screen at once, in an order that nobody chose.
}
round-nobody-sees = { $kind ->
    [answers] Nobody can see who has answered and who has not, and that is on purpose. Nothing of it is shown before the Round closes.
   *[texts] Nobody can see who has written and who has not, and that is on purpose.
}
round-not-yours = { $kind ->
    [answers] You do not answer in this Round: only seats with a side do.
   *[texts] You do not write in this Round: only seats with a side do.
}
round-not-your-side = { $kind ->
    [answers] You do not answer in this Round: only { $side } does.
   *[texts] You do not write in this Round: only { $side } does.
}
one-side-asked = { $kind ->
    [answers] Only { $side } is asked here. What comes of it is the answer of { $side }, not of the room.
   *[texts] Only { $side } is asked here. What comes of it are the texts of { $side }, not of the room.
}
one-side-result = { $kind ->
    [answers] Only { $side } was asked. This is the answer of { $side }, not of the room.
   *[texts] Only { $side } was asked. These are the texts of { $side }, not of the room.
}
round-as-one = Your side has too few seats for anonymous answers. It answers as one, agreed in your caucus and by name.
round-soon = { $kind ->
    [answers] The result appears by itself, on every screen at once.
   *[texts] The texts appear by themselves, on every screen at once.
}
round-again = { $kind ->
    [answers] The Round was disturbed, and started again. Nobody’s answers were shown.
   *[texts] The Round was disturbed, and started again. Nobody’s text was shown.
}
round-again-head = The Round was disturbed. It starts again.
round-not-below = It goes on with { $floor } or more, and with fewer it ends and brings nothing.
round-without-you = The Round goes on without you. There is nothing to do.
round-not-in = { $kind ->
    [answers] You are not in this Round yet, because you have not checked the table words. Check them while people answer, and you are in.
   *[texts] You are not in this Round yet, because you have not checked the table words. Check them while people write, and you are in.
}
words-check-now = Check the table words
own-text-again = { $kind ->
    [answers] Your answers are added again by themselves
   *[texts] Your text is added again by itself
}
own-text-added = { $kind ->
    [answers] There is nothing to do. They are now hidden among { $crowd }, and are sent only if at least { $least } are in at the end.
   *[texts] There is nothing to do. It is now hidden among { $crowd }, and is sent only if at least { $least } are in at the end.
}
own-text-safe = { $kind ->
    [answers] Your answers are still on this computer
   *[texts] Your text is still on this computer
}
own-text-again-later = { $kind ->
    [answers] They are added again by themselves when the Round is repeated, if at least { $least } are in then.
   *[texts] It is added again by itself when the Round is repeated, if at least { $least } are in then.
}
own-text-home = { $kind ->
    [answers] Your answers stay home
   *[texts] Your text stays home
}
own-text-too-few = { $kind ->
    [answers] { $crowd } are in now, and your answers are sent only with at least { $least }. All statements count as unanswered by you, and nobody can tell.
   *[texts] { $crowd } are in now, and you wanted at least { $least }. A blank page is given for you, and nobody can tell. When the Round is over you get your text back.
}
own-text-yours = { $kind ->
    [answers] Your answers stay with you
   *[texts] Your text stays with you
}
own-text-left-out = { $kind ->
    [answers] Nobody has seen them, and they are in no result.
   *[texts] Nobody has seen it. When the Round is over you get it back, and can use it again.
}
own-text-free = Only you see it, and nobody else has. You can use it again in another Round.
own-text-spent = Only you see it here. Do not use it again, in this room or elsewhere: whoever finds it twice could find out whose it is. Write anew, in other words.
throw-away = Throw this text away
throw-away-sure = Throw this text away?
throw-away-meaning = It is then gone from this computer, and nobody can bring it back here.
keep-text = Keep it
own-text-before = What you wrote for an earlier Round
own-text-before-hint = It did not appear there. Only you see it.
step-failed = { $tries ->
    [one] The first try did not come out right
   *[other] { $tries } tries did not come out right
}
step-failed-hint = { $kind ->
    [answers] Every program stopped before a single answer could be opened.
   *[texts] Every program stopped before a single text could be opened.
}
step-check = All programs check one another
step-check-hint = { $kind ->
    [answers] Nobody’s answers are needed for that.
   *[texts] Nobody’s text is needed for that.
}
step-again = The Round is repeated
step-again-hint = With new secrets, so that nothing of an earlier try can be used.
round-disturbed = Something did not come out right
round-disturbed-meaning = { $kind ->
    [answers] Nobody’s answers were shown, and of this try nobody’s can ever be. The programs now find out what was wrong; then the Round is repeated by itself. Keep this computer open.
   *[texts] Nobody’s text was shown, and of this try nobody’s can ever be. The programs now find out what was wrong; then the Round is repeated by itself. Keep this computer open.
}
round-disturbed-short = { $kind ->
    [answers] Nobody’s answers were shown. The Round is repeated by itself; keep this computer open.
   *[texts] Nobody’s text was shown. The Round is repeated by itself; keep this computer open.
}
left-out-disruptor = { $kind ->
    [answers] The program of { $name } sent something impossible; the Round was repeated without it. Nobody’s answers were shown.
   *[texts] The program of { $name } sent something impossible; the Round was repeated without it. Nobody’s text was shown.
}
left-out-disruptor-you = { $kind ->
    [answers] Your program sent something impossible; the Round was repeated without it. Nobody’s answers were shown.
   *[texts] Your program sent something impossible; the Round was repeated without it. Nobody’s text was shown.
}
left-out-absent = { $kind ->
    [answers] { $name } did not answer in time; the Round was repeated without them. Nobody’s answers were shown.
   *[texts] { $name } did not answer in time; the Round was repeated without them. Nobody’s text was shown.
}
left-out-absent-you = { $kind ->
    [answers] This computer did not answer in time; the Round was repeated without you. Nobody’s answers were shown.
   *[texts] This computer did not answer in time; the Round was repeated without you. Nobody’s text was shown.
}
left-out-absent-many = { $kind ->
    [answers] { $people } people did not answer in time; the Round was repeated without them. Nobody’s answers were shown.
   *[texts] { $people } people did not answer in time; the Round was repeated without them. Nobody’s text was shown.
}
failed-disruptor = The program of { $name } sent something impossible.
failed-disruptor-you = Your program sent something impossible.
failed-absent = { $name } did not answer in time.
failed-absent-you = This computer did not answer in time.
failed-absent-many = { $people } people did not answer in time:
disruptor-meaning = A damaged or an altered program sends what is impossible; its owner need not know. Speak with them before the next Round.
disruptor-meaning-you = Your program or this computer may be damaged, or somebody may have altered it. Have it looked at before the next Round.
absent-meaning = A lost connection or a closed lid is enough for not answering in time.
no-ill-will-head = This proves no ill will
awaited = One last message is awaited
awaited-from = { $people ->
    [one] It is awaited from
   *[other] It is awaited from { $people } people
}
awaited-you = Yours is among them: see to it that this computer reaches the network.
awaited-hint = Nothing is lost and nothing is shown yet. If their computer was switched off, ask them to open the program: the Round goes on by itself. Only if they cannot, give the Round up; then this program shows nothing of it.
give-up = Give this Round up
give-up-sure = Give this Round up, for everybody?
give-up-meaning = This program then shows nothing of it, and nothing brings the Round back. Telephone those who are awaited first: if they open their program, it goes on by itself.
failed = The Round ended and brought nothing
failed-below-floor = { $started } were in at its start and { $ended } at its end: too few to hide among. Nothing was shown to anybody.
failed-too-few = { $ended ->
    [0] Nobody was in: too few to hide among.
    [one] Only one was in: too few to hide among.
   *[other] Only { $ended } were in: too few to hide among.
} Nothing was shown to anybody.
failed-next = The convenor can ask again.
failed-too-many = More seats were in than one Round can hold. Nothing was shown to anybody.
failed-overlap = Statements that read the same were answered before, by nearly the same people: the difference would show how single people answered. Where somebody who answered has left, whoever came to that side since could be the same person. Nothing was sent. Ask again when exactly the same people are here.
failed-gave-up = A last message did not come, and the Round was given up. Nothing was shown here. But parts of it had left already: count on it that somebody who wishes you ill could know what was written or answered, and do not use a text of yours again.
failed-your-text = What you had written
stayed-home = Your text did not appear
stayed-home-left-out = Your text stayed home: this computer did not answer in time, and the Round went on without you.
stayed-home-crowd = Your text stayed home: { $crowd } were in, and you wanted at least { $minimum }. A blank page was given for you, and nobody can tell.
table-no-texts = Nothing was shown to anybody. If you had written a text, you have it back.
table-stayed-out = You have it back; nobody else has seen it.
what-happened = What happened
stayed-home-bound = Your text stayed home: it was sent in an earlier try with other people in it, and sending it again could show who wrote it. A blank page was given for you. Write anew, in other words.
round-here = { $kind ->
    [answers] The result is here
   *[texts] The texts are here
}
round-here-hint = { $texts ->
    [0] Nobody gave a text this time.
    [one] One text, without a name.
   *[other] { $texts } texts, without names.
}
round-repeated-since = The Round was disturbed and repeated
round-repeated-crowd = { $kind ->
    [answers] { $started } were in at its start, { $ended } at its end. No answer was shown before.
   *[texts] { $started } were in at its start, { $ended } at its end. No text was shown before.
}
read-statements = Read the statements
round-none = No Round is open
round-none-hint = When the convenor asks a question, it stands here and on the table.
round-late = The time to write is over
round-late-hint = Your text did not go into the Round, and nobody has seen it. It stands below: copy it if you want to keep it.
round-now = A Round is open
round-texts = { $texts ->
    [0] No text.
    [one] One text.
   *[other] { $texts } texts.
}
round-closed = Closed { $when }.
result = What a Round brought
result-facts = { $texts ->
    [0] Closed { $when }. No text.
    [one] Closed { $when }. One text.
   *[other] Closed { $when }. { $texts } texts.
}
result-meaning = Here is everything, without names. The order means nothing: nobody chose it, and it is the same on every screen.
discuss-at-table = Discuss at the table
ask-button = Ask everybody in a Round
ask-head = Ask everybody in a Round
ask-question = Your question
ask-question-hint = One that each side can answer. Everybody writes at the same time; all answers appear together, without names.
ask-window = { $kind ->
    [answers] How long people may answer
   *[texts] How long people may write
}
ask-length = Length of a text
ask-length-hint = The same room for everybody: a longer one takes longer to collect.
length-short = short, about 900 letters
length-usual = usual, about 1,900 letters
length-long = long, about 4,000 letters
ask-floor = More people than the rule asks for
ask-floor-hint = Empty for the rule: at least five, and four in five of those who are in. You can ask for more; nobody can ask for less.{ $kind ->
    [answers] {" "}Each side that has a result of its own then needs as many seats, and each result as many answers, eight at most.
   *[texts] {""}
}
ask-open = Open the Round to { $seats } seats
ask-impossible = A Round needs { $least } seats with a side, so that each text is hidden among enough people. { $seats ->
    [0] There is none so far
    [one] There is one so far
   *[other] There are { $seats } so far
}; the convenor’s own seat is not counted.
ask-crowd = { $seats ->
    [0] Nobody can take part yet
    [one] One seat can take part now
   *[other] { $seats } seats can take part now
}
ask-crowd-enough = Of { $seats } with a side, these have checked the table words. Whoever checks before the end can still come in.
ask-crowd-few = A Round runs with { $least } or more. Let more of the { $seats } with a side check the table words first.
ask-rules = You and interpreters do not write. You learn what everybody learns, at the same moment.

## Rounds of answers

ask-for-answers = Ask for answers to statements instead
ask-for-texts = Ask for a text from each instead
ballot-ask-head = Ask everybody what they agree with
ballot-ask-hint = Each seat answers every statement: agree, disagree, or pass. In the end you see together what most of every side stands behind, what divides you, and what is worth talking about.
ballot-question = What is it about?
ballot-question-hint = One line that stands above every statement.
ballot-from = Statements from: { $question }
ballot-no-texts = What a Round of texts brought could be chosen here. There was none yet; write the statements below.
ballot-more = More statements
ballot-more-hint = One on each line. One to sixty statements in all; those with the same words are asked once.
ballot-answered-before = answered before
ballot-told = What is told in the end?
ballot-told-sides = One result for each side
ballot-told-sides-hint = The page shows what every side shares, and where they differ. Each answer is hidden among the seats of its own side.
ballot-told-room = One result for the whole room
ballot-told-room-hint = Nothing is known of sides then. Each answer is hidden among all seats with a side.
ballot-told-blocs = For each side; a small side answers as one
ballot-told-blocs-hint = The larger sides answer without names. A side with too few seats agrees on one answer to each statement in its caucus, by name, and hands it to the plenary; the result marks it “as a bloc”.
ballot-side-just-enough = { $side } has just { $least } seats: if one of them is missing at the end, nothing is told of { $side }.
ballot-side-few = { $side } has { $seats ->
    [0] no seat
    [one] one seat
   *[other] { $seats } seats
} that can take part. Results of a side are shown from { $least } seats on: with fewer, they would show who said what. So choose what is told instead.
ballot-few = { $seats ->
    [0] No seat
    [one] Only one seat
   *[other] Only { $seats } seats
} can take part now. Answers are asked for from { $least } on: with fewer, a result would say how single people answered. Let more seats check the table words first.
ballot-again-rule = A statement that was answered before can be answered again by the same people, or when at least five came or went. Otherwise the Round ends and brings nothing, because the difference would show how single people answered. What was told for the whole room is never told for its sides as well, nor the other way round.
ballot-rules = You and interpreters do not answer. You learn what everybody learns, at the same moment.
ballot-open = Open the Round to { $seats } seats
ballot-title = Where do you stand?
ballot-do-you-agree = Statement { $statement }: do you agree?
ballot-your-answer = Your answer
ballot-progress = { $answered } of { $all } answered
ballot-until = Until { $hour }; then your answers are sent as they are.
ballot-agree = I agree
ballot-agree-hint = I could live with it
ballot-disagree = I disagree
ballot-disagree-hint = I could not
ballot-pass = Pass
ballot-pass-hint = Unsure, or not for me
ballot-unanswered = Not answered
ballot-back = Back
ballot-next = Next
ballot-skip = Leave it unanswered
ballot-no-answer = Take this answer back
ballot-to-finish = See all, and finish
ballot-to-review = Back to all answers
ballot-promise = Each answer travels alone, hidden among { $whose ->
    [side] the { $crowd } of your side
   *[room] { $crowd }
}, at least { $least }; among at least { $guaranteed } also if the same is asked again. Nobody can join your answers together, not even without your name.
ballot-nothing-shown = Nothing of it is shown before { $hour }: no count, and not who has answered. Your answers stay on this computer until then, and you can change them.
ballot-review = Your answers
ballot-answer-it = Answer statement { $statement }
ballot-change-it = Change statement { $statement }
ballot-unanswered-is-no-pass = A statement without an answer is counted apart: it is no pass. Whoever passes has read it and says neither.
ballot-review-until = You can change all of this until { $hour }.
ballot-finish = { $open ->
    [0] Finish
   *[other] Finish, leaving { $open } unanswered
}
ballot-withdraw = Take all my answers back
ballot-all-asked = { $statements ->
    [one] The one statement
   *[other] All { $statements } statements
}
bloc-head = Your side answers as one
bloc-hint = It has too few seats for anonymous answers: they would show who said what. So your caucus agrees on one answer to each statement, and hands them to the plenary. Where you do not agree, your side gives no answer.
bloc-until = You have until { $hour }. Only what one of you has handed to the plenary by then is your side’s answer.
bloc-agreed = Your caucus agrees on { $agreed } of { $all } statements
bloc-votes = { $votes } of { $seats } have said something. { $least ->
    [1] What you say is agreed.
   *[other] As soon as { $least } say the same about a statement, it is agreed.
}
bloc-own = You have answered { $own } of { $all }; you can change it below.
bloc-on-its-way = This is on its way. It stands here as soon as it has come back from the relay.
bloc-over = The time to answer is over
bloc-look-again = See what the others have said since
bloc-posted = { $name } has handed this to the plenary.
bloc-not-posted = Nothing is handed to the plenary yet.
bloc-posted-other = { $name } has handed over something else than your caucus agrees on now. Hand over the new answer, or what stands there counts.
bloc-answer = Hand this to the plenary as our side’s answer
bloc-by-name = Everything here is said by name, and your whole caucus sees it. The plenary’s pages show your side’s answer when the Round is over, without your names.
bloc-vote = Say this in our caucus
bloc-agree = Agree
bloc-disagree = Disagree
bloc-pass = Pass
bloc-agreed-on = { $answer ->
    [agree] Agreed: our side agrees
    [disagree] Agreed: our side disagrees
   *[pass] Agreed: our side passes
}
bloc-who = { $answer }:
ballot-late = The time to answer is over
ballot-late-hint = Your last press did not go into the Round, and nobody has seen it. What you had answered before went as it was.
answers-here-hint = { $statements ->
    [one] One statement was answered.
   *[other] { $statements } statements were answered.
}
round-answers = { $statements ->
    [one] Answers to one statement.
   *[other] Answers to { $statements } statements.
}
round-repeated-side = The Round of { $side } was disturbed and repeated
see-common-ground = See the common ground

## Common ground

common-ground = Common ground
common-ground-short = Ground
ground-facts = Closed { $when }. { $statements ->
    [one] One statement.
   *[other] { $statements } statements.
}
ground-side-seats = { $side }: { $seats ->
    [0] no result; too few took part.
    [one] one seat took part.
   *[other] { $seats } seats took part.
}
ground-side-as-one = { $side } answered as one.
ground-whole-seats = { $seats } seats took part. Nothing is known of sides.
ground-nothing-shared = No statement has most of { $who ->
    [both] both sides
    [room] the room
   *[every] every side
} behind it.
ground-shared = { $shared ->
    [one] One statement has
   *[other] { $shared } statements have
} most of { $who ->
    [both] both sides
    [room] the room
   *[every] every side
} behind { $shared ->
    [one] it.
   *[other] them.
}
ground-shared-rejected = { $shared ->
    [0] No statement has
    [one] One statement has
   *[other] { $shared } statements have
} most of { $who ->
    [both] both sides
    [room] the room
   *[every] every side
} behind { $shared ->
    [0] it;
    [one] it;
   *[other] them;
} { $rejected } { $who ->
    [both] both reject.
    [room] it rejects.
   *[every] all reject.
}
ground-differ = { $differ ->
    [0] None divides you.
    [one] One divides you.
   *[other] { $differ } divide you.
}
ground-differ-perhaps = { $differ ->
    [0] None divides you for certain;
    [one] One divides you;
   *[other] { $differ } divide you;
} { $may ->
    [one] one may.
   *[other] { $may } may.
}
ground-open = { $open ->
    [0] None is open.
    [one] One is open.
   *[other] { $open } are open.
}
ground-lists = Three lists
you-share = You share
you-share-parts = { $shared } yes, { $rejected } no
you-differ = You differ
worth-talking = Worth talking about
ground-none-here = None of the statements.
ground-more = { $more ->
    [one] One more
   *[other] { $more } more
}
answer-agree = agree
answer-pass = pass
answer-disagree = disagree
answer-silent = no answer
ground-half = half of the seats
ground-kept-private = kept private
ground-answered = { $answered } of { $seats } answered
ground-answered-side = { $side }: { $answered } of { $seats } answered
ground-words-of = { $words }; { $answered } of { $seats } answered
phrase-nearly-all-agree = nearly all agree
phrase-most-agree = most agree
phrase-nearly-all-disagree = nearly all disagree
phrase-most-disagree = most disagree
phrase-most-pass = most pass
phrase-divided = divided
two-words = { $agree ->
    [nearly-all] nearly all agree
    [most] most agree
    [about-half] about half agree
    [few] few agree
   *[almost-none] almost none agree
}, { $disagree ->
    [nearly-all] nearly all disagree
    [most] most disagree
    [about-half] about half disagree
    [few] few disagree
   *[almost-none] almost none disagree
}
two-percents = { $agree-bound ->
    [at-most] at most { $agree } % agree
    [at-least] at least { $agree } % agree
   *[about] about { $agree } % agree
}, { $disagree-bound ->
    [at-most] at most { $disagree } % disagree
    [at-least] at least { $disagree } % disagree
   *[about] about { $disagree } % disagree
}
bloc-agrees = agrees, as a bloc
bloc-disagrees = disagrees, as a bloc
bloc-passes = passes, as a bloc
bloc-silent = no answer, as a bloc
lock-too-few = fewer than { $floor } answers: kept private
lock-totals-only = told together with others only, as was agreed
lock-told-whole = kept private: this was told for the whole room before
lock-told-sides = kept private: this was told for sides before, one by one or together
ground-together = All together
ground-the-room = The room
verdict-strong = Strong.
verdict-strong-hint = More than two thirds of { $who ->
    [both] both sides agree.
    [room] the room agree.
   *[every] every side agree.
}
verdict-reject = { $who ->
    [both] Both say no.
    [room] The room says no.
   *[every] All say no.
}
verdict-reject-hint = Most of { $who ->
    [both] both sides disagree.
    [room] the room disagree.
   *[every] every side disagree.
}
verdict-reject-strong = More than two thirds of { $who ->
    [both] both sides disagree.
    [room] the room disagree.
   *[every] every side disagree.
}
verdict-opposed = Opposed.
verdict-opposed-hint = Most of { $agrees } agree; most of { $disagrees } disagree.
verdict-differ = Far apart.
verdict-differ-hint = Many more of { $high } agree than of { $low }.
verdict-may-differ = Perhaps opposed.
verdict-may-differ-hint = Of those who answered, most of { $agrees } agree and most of { $disagrees } disagree. The seats that did not answer could change that.
verdict-short = One side short.
verdict-short-hint = { $sides ->
    [2] Most of the other side agree.
   *[other] Most of all others agree.
} A little more of { $side } would make this common ground.
verdict-short-silent = { $sides ->
    [2] Most of the other side agree.
   *[other] Most of all others agree.
} Of { $side }, { $silent } of { $seats } seats did not answer: it depends on them.
verdict-unsure = Unsure.
verdict-unsure-hint = Many pass. Somebody may want to explain it.
verdict-split = Split inside.
verdict-split-hint = { $who ->
    [room] The room is divided.
   *[every] A side is divided within itself, not only from the others.
}
verdict-open = Open.
verdict-open-hint = { $who ->
    [room] More than half of the room may agree, or a little less: the words leave it open.
   *[every] More than half of every side may agree, or a little less: the words leave it open.
}
verdict-open-silent = { $who ->
    [room] Most of the room may agree: it depends on the seats that did not answer.
   *[every] Most of every side may agree: it depends on the seats that did not answer.
}
verdict-undecided = Undecided.
verdict-undecided-hint = { $who ->
    [room] Neither most agree nor most disagree.
   *[every] Neither most of every side agree nor most of every side disagree, and no side is clearly apart from another.
}
verdict-private = Kept private.
verdict-private-hint = While a side cannot be shown, nothing is said about all.
verdict-silent = No answer.
verdict-silent-hint = { $side } gave none, so nothing is said about all.
dissent-some = Some may not { $stance ->
    [rejected] disagree.
   *[shared] agree.
}
dissent-none-to-tell = Of { $side } almost none { $stance ->
    [rejected] agree
   *[shared] disagree
}, which may or may not mean nobody.
dissent-a-few = A few of { $side } { $stance ->
    [rejected] agree.
   *[shared] disagree.
}
dissent-half = About half of { $side } { $stance ->
    [rejected] agree.
   *[shared] disagree.
}
dissent-percent = Of { $side } { $bound ->
    [at-most] at most { $percent } %
    [at-least] at least { $percent } %
   *[about] about { $percent } %
} { $stance ->
    [rejected] agree.
   *[shared] disagree.
}
dissent-bloc = { $side } gave one answer; nothing is known of single people.
ground-before = Before ({ $when }): { $words }.
ground-as-before = The same words as before ({ $when }).
ground-still = As it was told before ({ $when }): since then nobody, or too few to be told, answered otherwise or at all, or the new result would say too much beside those told before.
ground-counted = How this is counted
ground-counted-hint = A statement is shared when more than half of the seats of { $who ->
    [both] both sides
    [room] the room
   *[every] every side
} gave the same answer; a seat that passed or did not answer counts as not agreeing, so it holds however the silent would have answered.
ground-words-hint = With fewer than 20 answers there are words instead of numbers, and the ends of the bars are soft: they show what the word means, not a count. “Nearly all” may or may not mean everybody.
ground-bloc-hint = “As a bloc”: a side too small for answers without names agreed on one in its caucus, by name. More than half of its seats said the same.
ground-percents-hint = From 20 answers on shares are rounded, to 5 per cent or, from 200 on, to one.
ground-guaranteed = Each answer stays hidden among at least { $least } people, also if the same is asked again.
ground-table = The same as a table
statement = Statement
ground-list = List
ground-answered-head = Answered
ground-not-shown = This result cannot be shown
ground-not-shown-hint = What the programs counted does not belong together. Tell the convenor; compare the table words by voice before you go on.

## Seats and sides

convenes = Convenes
no-seat-yet = No seat yet.
small-side = With fewer than five seats, results of this side alone are never shown.
remove = Remove
remove-sure = Remove { $name } from the dialogue?
remove-meaning = Everybody sees it. From then on this seat reads nothing more; what it read before it keeps. It can come back only with a new invitation, as a new seat. The table words change.
remove-button = Remove { $name }
remove-not = Leave things as they are
gone = No longer here
asks = { $name } asks for a seat of { $side }
asks-hint = Telephone before you agree: is it { $name }, and did they ask just now?
approve = Approve { $name } for { $side }
vouch-asked = Do you vouch for { $name }?
vouch-hint = The convenor has approved a seat of { $side } for { $name }. Telephone { $name }, on a number that you know, and ask for the six words on their page.
vouch-words = Which six words does { $name } read to you?
vouch-none-hint = Choose this and go on: you vouch for nobody then. Somebody else asks under this name. You are told what to do.
vouch = That is what { $name } read to me
vouch-stop = Do not vouch
vouch-stop-hint = You heard other words than this request has. Perhaps somebody misread; perhaps another program asks for a seat under the name of the person whom you know, and would read everything that your side says.
vouch-stop-1 = Ask for the words once more, slowly, by a voice that you know.
vouch-stop-2 = If they differ again, tell your side and the convenor. The person needs a new invitation, and you vouch for nobody until the words are the same.
vouch-awaited = { $name }, { $side }: approved
vouch-awaited-hint = Somebody of { $side } must vouch now, on their own page.
being-seated = { $name }, { $side }: approved and vouched for
being-seated-hint = The seat is being added.
invite = Invite somebody
invite-hint = One invitation is for one person. Hand it over yourself, or by a way that you trust: whoever holds it can ask for the seat.
invite-side = For which side
invite-days = Good for
invite-button = Make an invitation
invitations = Invitations to hand over
invitations-hint = Copy the text, or save it as a file. It disappears from here once it is used.
invitation-for = { $side }, good until { $until }
save-file = Save as a file
same-history = Same words, same history
same-history-hint = Whoever reads the same six words here has read the same { $entries ->
    [one] one entry
   *[other] { $entries } entries
} of the log, and this room stands the same on both screens. They change with every entry. These are not the table words.

## Settings

lock-head = Lock
lock-meaning = A closed vault reads nothing and sends nothing. In an open Round it never closes by itself, so that your text is not left out.
lock-after = Close it by itself after
lock-after-hint = Without you at a page of this program.
keep = Keep
settings-kept = Kept.
lock-in-a-round = A Round is open. Lock all the same?
lock-in-a-round-hint = With the vault closed at the end your text stays out, and the others are one fewer.
stay-open = Stay open
passphrase-change = Change the passphrase
passphrase-change-hint = A copy of your vault that somebody made before still opens with the old one.
passphrase-old = The passphrase of now
passphrase-new = The new passphrase
relay = Relay
relay-meaning = The machine in the middle. It keeps sealed parcels in order, and knows neither names nor words.
relay-used = This dialogue uses
relay-runs-here = It runs on this computer, on port { $port }. Keep this computer on, awake and reachable; the vault may be closed meanwhile.
relay-clock-apart = Its clock is { $unit ->
    [hours] { $number } hours
   *[minutes] { $number } minutes
} { $way ->
    [ahead] ahead of
   *[behind] behind
} the clock of this computer. The hours on these pages go by the relay; look whether this computer’s clock is right.
relay-other = If this relay fails: another one for the dialogue
relay-head = The relay of this dialogue
relay-silent = Nothing comes from it at the moment. Look at this computer’s network first, and ask somebody of the dialogue whether they hear from it.
relay-if-it-fails = If it fails
relay-none-named = No other relay is named. Should this one fail for good, nobody could be led elsewhere: you would have to open a new dialogue and invite everybody again.
relay-same-ready = A fresh place on the same relay is ready, in case the present one is full or disturbed.
relay-move-same = Move to the fresh place
relay-named = { $relay } is named, and everybody’s program knows it. Should nothing come from the present relay for ten minutes, all programs look there, and follow you when you move the dialogue.
relay-not-known-yet = { $relay } is named, and not yet known to all: the present relay has not passed it on. Keep this computer open.
relay-move-to = Move the dialogue to { $relay }
relay-moving = The dialogue is on its way to { $relay }. Keep this computer open until this page says that it goes through it.
relay-moving-silent = It moves once nothing has come from the present relay for ten minutes.
relay-name-another = Name another relay
relay-name-hint = Do it while all is well: only then does everybody learn of it. It takes the place of the one that you named before. Best is one that somebody else runs, in another place.
relay-name-button = Name this relay
relay-name-too-late = While nothing comes from the present relay, no other one can be named: nobody would learn of it.
relay-sure = Move the dialogue to { $relay }?
relay-sure-same = Move the dialogue to the fresh place on the same relay?
relay-sure-meaning = Everybody’s program follows by itself, also one that is switched on later. Seats, table words and all that was said stay. You can move again, but this move cannot be taken back.
relay-sure-round = A Round is open. While it collects the move waits for its end.
relay-sure-caucus = The caucuses of the sides do not move: they stay on the present relay. Where that is gone for good they are gone, and only a new dialogue has new ones.
relay-sure-silent = Telephone others first: if they still hear from the present relay, the fault is in your network, and moving would part you from them.
relay-sure-button = Move it
relay-unreachable = The relay cannot be reached. Nothing is lost: the program tries again by itself, and sends what waits. Look at your network; if it lasts, telephone the convenor.
alarm-own-relay = The relay on this computer does not run: { $why }. The others cannot reach the dialogue. Close what uses its port, and start the program again.

## What was not done, and what to do

sorry-locked = The vault is closed. Open it, and try again.
sorry-wrong-passphrase = { $tries ->
    [0] The passphrase of now is another one. Nothing was changed.
    [1] This passphrase does not open the vault. Try again.
    [2] This passphrase does not open the vault either. Try again.
    [3] Still not the one. Look at the Caps Lock key, and try again.
    [4] Still not the one. Look at the Caps Lock key, and try again.
   *[other] That was wrong { $tries } times. Look at the Caps Lock key and at the language of your keyboard, and at the paper on which you wrote it. Nobody can recover it; without it you need a new vault and a new invitation.
}
sorry-short-passphrase = A passphrase has at least { $letters } letters; blanks do not count. Choose a longer one.
sorry-not-the-same = The two are not the same. Type the new passphrase twice.
sorry-vault = The vault cannot be read or written: { $why }. Look after this computer’s disk, and try again.
sorry-vault-newer = The vault was written by a newer Tracktwo. Update this one, and try again.
sorry-vault-damaged = The vault is damaged: { $why }. Nothing was changed. If you have a copy of the whole folder, put it back: it shows what it knows, and sends nothing once it is found to be old. Otherwise ask the convenor for a new invitation, and start the program with a new folder (--vault).
sorry-vault-too-large = This is longer than the vault takes. Shorten it.
sorry-vault-in-use = The vault is open in another Tracktwo. Close that one, and try again.
sorry-no-relay = No relay could be started on this computer: { $why }. Choose another port, or a relay that somebody runs for you.
sorry-already-seated = This vault holds a dialogue already. For another one, start the program with another vault.
sorry-not-seated = There is no dialogue in this vault yet. Join or convene one first.
sorry-no-invitation = Paste your invitation, or choose its file.
sorry-not-an-invitation = This is not a whole invitation. Copy all of it, from “TRACKTWO” to its last letter, or choose the file.
sorry-older-invitation = This invitation was made by an older Tracktwo, and no relay takes it any more. Ask the convenor for a new one.
sorry-newer-invitation = This invitation was made by a newer Tracktwo. Update yours, and try again.
sorry-invitation-expired = This invitation’s time is over. Ask the convenor for a new one.
sorry-bad-name = A name or title is too long, or holds characters that nobody can see. Use at most 60 letters for a name and 120 for a title.
sorry-no-name = Write the name under which you want to sit at the table.
sorry-no-title = Give the dialogue a title.
sorry-two-sides = A dialogue has at least two sides. Name two.
sorry-sides-alike = Two sides have the same name. Give each its own.
sorry-relay-host = Write how others reach this computer: a name or an address, without blanks.
sorry-relay-port = A port is a number from 0 to 65535.
sorry-relay-address = This is no relay’s address. Copy the whole line that its host gave you.
sorry-relay-secret = This is no creation secret. Copy the whole line that the relay’s host gave you.
sorry-bad-text = The text is empty, or too long. Nothing was sent.
sorry-empty-message = Write something first.
sorry-long-message = The message is longer than 16,000 letters. Send it in parts.
sorry-empty-text = Write something first. Whoever adds nothing gives a blank page, and nobody can tell.
sorry-text-too-long = The text does not fit: the room is the same for everybody. Shorten it.
sorry-relay-silent = The relay does not answer now, so nobody would learn of another one. The one that you named before is kept. Try again when the relay answers; where it is gone for good, move the dialogue to the one that you named.
sorry-no-place = No other place is known to all yet, so nobody could follow. Name another relay while the one of now answers; where it is gone for good, open a new dialogue and invite everybody again.
sorry-nothing-agreed = More than half of your caucus have to answer a statement alike first.
sorry-side-has-ballots = Your side has seats enough: its members answer each for themselves, and nobody for the side.
sorry-text-is-bound = This text was sent in a Round with other people in it. Sent again, it could show who wrote it. Say it in other words.
sorry-minimum = The smallest crowd is a number between the rule’s and all who could come. Choose one from the list.
sorry-too-late = It has left already, and cannot be taken back.
sorry-no-question = Write a question.
sorry-long-question = The question is longer than 500 letters. Shorten it.
sorry-no-line = Choose the line that you heard, or “None of these”.
sorry-stale-words = Somebody came or went, and the words have changed. Have the new ones read aloud.
sorry-other-request-words = Choose the line that you heard. These are not the words of this request.
sorry-only-convenor = Only the convenor can do this.
sorry-unknown = What this was about is no longer there. Look at the page again.
sorry-shut-for-rounds = Somebody’s program shut this room for everybody else, and until it is open again nobody’s message is late. The Round goes on by itself then; wait for that.
sorry-other-answers = Your caucus answers otherwise by now than what stood on the page. Look at what more than half of it say, and hand that over.
sorry-somebody-awaited = Somebody who was given a seat is not here yet, and until then there are no words to compare. Wait until they have opened their program.
sorry-done-before = This was done before; once is enough.
sorry-not-the-author = Only who opened the Round can close it early.
sorry-round-is-open = Another Round is open. Wait until it has ended.
sorry-round-is-over = This Round is over.
sorry-run-is-on = A Round is collecting its texts. Wait until they are here; then try again.
sorry-nobody-counts = Nobody can take part in a Round yet. Let the seats check the table words first.
sorry-name-taken = Somebody at the table has this name, or one that looks the same. Ask them to join under another one: with a second name, a place or an office added.
sorry-bad-floor = The smallest crowd is a number from five to all seats with a side. Leave it empty for the rule.
sorry-bad-window = This time is too short or too long.
sorry-room-is-full = The room is full.
sorry-wrong-side = Only a seat of the same side can do this.
sorry-bad-statements = A ballot has one to sixty statements, each of them once: two that look the same are one.
sorry-too-many-ballots = This room has held so many ballots that it cannot remember who answered what, and it forgets none of them. Open a new dialogue for more, and do not ask there what was asked here: it would not be compared.
sorry-failed = The program could not do it: { $why }. Nothing was sent; try once more.
sorry-no-ballot-question = Write what it is about.
sorry-no-statement = Choose a statement, or write one.
sorry-many-statements = These are { $statements } statements, and a Round takes 60 at most. Untick some, or ask them in two Rounds.
sorry-long-statement = This statement is too long, about 3,900 letters at most: “{ $text }”
sorry-bad-statement = This statement holds characters that nobody can see, or a stroke that could be read as a letter. Type it anew: “{ $text }”
