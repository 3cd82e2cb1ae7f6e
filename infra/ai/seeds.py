"""Sentences, written for this, from which the built-in assistant learns what is not a question to look up."""

from __future__ import annotations

PERSON = """
I want to speak to a human
can I talk to a real person
let me chat with an agent please
please connect me with customer service
put me through to someone who can help
transfer me to a representative
get me a human
is there a human I can write to
I'd rather deal with a person than a bot
I don't want to talk to a robot
stop the automatic replies and give me a colleague
I need somebody from your team
could a member of staff look at this
I would like to talk with your manager
let me speak to the supervisor
escalate this to a person
hand me over to an employee
can somebody call me about this
please have someone phone me back
I need to talk to someone about this
may I speak with an advisor
operator please
live agent
human please
agent
representative
customer support person please
real person now
you are a machine, I want a person
I will not give these details to a computer
I am not comfortable telling a bot about this
this bot is useless, give me somebody real
you don't understand me, I want someone who does
I've had enough of this chatbot
can your colleague in the shop answer me
let me talk to the sales department
I'd like to speak to the front desk
pass me on to the technical team
I want to discuss this with a specialist
is anybody there who can actually help me
nobody answers me, I want a person
who can I speak to about a complaint
forward this chat to someone in charge
I'd like a human to review my case
can I get a person on the line
connect me to support
someone else please, not you
I want to complain to a manager
talk to staff
switch me to a live chat with a person
"""

GREETING = """
hello
hi there
hey
good morning
good afternoon
good evening to you
hi, how are you
hello, are you there
hey, anybody home
greetings
nice to meet you
hi, I have a question
hello, can you help me
how is it going
hiya
"""

THANKS = """
thanks
thank you so much
many thanks for your help
thanks a lot, that was useful
great, thank you
cheers
much appreciated
I appreciate it
thank you very much
thank you, and hello
okay, thanks a bunch
lovely, thank you
that's very kind
perfect, thanks
you've been a great help
brilliant, thank you very much
wonderful
ta
awesome, thanks
"""

FAREWELL = """
bye
goodbye
see you
have a nice day
I have to go now
see you soon
until next time
cheerio
farewell
that's everything I wanted
no more questions from me
that's all for today
that is everything, bye
talk to you later
nothing else, thanks
no, that will be all
I'm done, goodbye
take care
good night
I don't need anything else
"""

ASSENT = """
ok
okay
yes
no
sure
I see
alright
got it
understood
fine
yes please
no thanks
makes sense
all right then
right
"""

OTHER = """
where is my order
when will my parcel arrive
how do I return a jacket
I want my money back
can I change the delivery address
the courier left the box with someone I don't know
someone stole my card
somebody used my account
a person at the door had no parcel for me
a table for two people
a room for one person
how many people fit in the tent
is the price per person
can I bring another person
I'd like to add a person to my plan
may my wife collect it for me
who delivers your parcels
do your staff speak French
I want to talk about my mortgage
let's talk about something else
I need to discuss the invoice
I called yesterday about the refund
I wanted to ask about my appointment
can you call off the order
I will call the bank tomorrow
what is the phone number of your shop
what are your opening hours
how do I contact the warehouse
where can I find my customer number
can I speak English in the shop
does the agent's fee include tax
is there a real discount or only for members
I want to become a sales representative
how do I reset my password
I cannot sign in
the app shows an error
my payment was refused
do you take credit cards
how do I cancel my subscription
can I change my room
please book me a room for Friday
transfer fifty euros to my savings account
put the money on my other card
I'd like to pass my order on to my sister
can you give me a receipt
give me the details of the last payment
I need a copy of my bill
send me the manual for the machine
the washing machine is broken
is this robot vacuum waterproof
my computer does not recognise the device
which computer do you recommend
the jacket has a hole in it
what size should I take
do you ship to Norway
how long does it take
what does it cost
is it still under guarantee
how do I use a voucher
I have not received the e-mail
I want to make a complaint about the delivery
I'd like to close my account
can I get a better rate
I didn't say that
that is not my name
no, the other one
I don't know the number
it was the second of March
around ten in the morning
my name is Morgan Reed
I'm looking for a present for my mother
do you have a job for me
who won the match yesterday
tell me a joke
what's the weather like
how do I set up a meeting
please repeat that
can you explain it again
I am not sure
that doesn't work for me
thanks, but how do I pay
hello, where is my parcel
I no longer need help from the manager
I don't need to talk to anyone
no need to transfer me to anybody
don't connect me to an agent
could I see a picture of it
let me see the list
show me the second one
I want to change the number of guests
I'd like to alter the dates
the heating does not work
the lamp is completely broken
it stopped working
please fix this
can you find it for me
give me the cheapest one
I want the blue one
do it now
can you help me pay
please do that for me
go ahead with it
the second
3
please
number four
until Tuesday
from Friday to Sunday
we are leaving on the ninth
for the next three hours
what do I have at the moment
how about six o'clock
"""


def sentences(text: str) -> list[str]:
    """The lines of one of the lists."""
    return text.strip().splitlines()
