"""Sentences, written for this, from which the built-in classifier learns how customers sound."""

from __future__ import annotations

NEGATIVE = """
this is unacceptable and I am very disappointed
I am furious about how I have been treated
your service is terrible
I have been waiting for weeks and nobody cares
this is the third time it broke, what a waste of money
I want my money back, this is a joke
nothing works and nobody answers
I am fed up with your excuses
the parcel arrived smashed and I am upset
you charged me twice and ignored my mails
worst experience I have ever had with a shop
I regret buying here
why does this always go wrong with you
I am really annoyed that it is still not here
that is rude and I expected better
I feel cheated
"""
NEUTRAL = """
where is my order
how do I return an item
what are your opening hours
can I change the delivery address
do you ship to Norway
which size should I take
I would like to know how long delivery takes
is this jacket available in blue
how can I reset my password
please send me an invoice
my order number is 10432
does the warranty cover the zip
I need to cancel my order
what does express shipping cost
can I pay by bank transfer
I have a question about my subscription
"""
POSITIVE = """
thank you so much, that was really helpful
I love the coat, it fits perfectly
great service, I will come back
you made my day
that was quick, thanks a lot
I am very happy with my order
wonderful, exactly what I needed
you are the best
the quality is fantastic
everything arrived early and beautifully packed
I really appreciate your help
perfect, that solved it
"""
LOW = """
just wondering when the new collection comes out
no hurry, I am only curious
whenever you have time
I was thinking about maybe buying one next year
a small suggestion for your website
is it possible to sign up for the newsletter
thank you, that is all
just some feedback
what is your favourite model
it can wait until next week
"""
NORMAL = """
where is my order
how do I return an item
can I change the delivery address
which size should I take
how can I reset my password
please send me an invoice
does the warranty cover the zip
I would like to exchange it for another size
what does express shipping cost
my discount code does not work
the colour is different from the picture
when will I get my refund
"""
HIGH = """
I need this today, it is urgent
please stop the payment immediately
my card was charged twice and I cannot pay my rent
somebody else is using my account right now
I have been hacked
there is a fire risk, it is smoking
I hurt myself with your product
my flight leaves tonight and the parcel is not here
cancel the order now before it ships
this is an emergency
I will call my lawyer if this is not solved today
the deadline is in one hour
a child swallowed a part of it
all our registers are down and customers are waiting
"""


def sentences(block: str) -> list[str]:
    """The lines of a block."""
    return [line for line in block.strip().splitlines() if line]
