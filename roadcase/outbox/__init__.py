"""Messages to people: queued as facts, sent once from here, and never because a log is replayed.

What is promised. A message is queued with its event and never lost: it waits while a mail server is
away, is tried again with growing pauses, and is parked with its reason when it cannot be sent.
Its bytes are handed to a mail server at most once: before that a fact says so, under the lock of
the log, and only the process whose fact it is goes on. If that process dies before the server's
answer was recorded, nobody knows whether the mail is on its way. Then it is in doubt, and a person
decides. Sent again by their decision it has the same Message-ID, by which mailboxes know it.
"""

from roadcase.outbox.mail import Attached, Mail, address_of
from roadcase.outbox.messages import MESSAGES, DropMessage, QueueMessage, RetryMessage
from roadcase.outbox.sender import Nowhere, Sender, Waiting
from roadcase.outbox.smtp import Smtp
from roadcase.outbox.table import Outbox

__all__ = [
    "MESSAGES",
    "Attached",
    "DropMessage",
    "Mail",
    "Nowhere",
    "Outbox",
    "QueueMessage",
    "RetryMessage",
    "Sender",
    "Smtp",
    "Waiting",
    "address_of",
]
