"""One file per way to reach a debtor."""

CHANNELS = {
    "email": "tijdig.messaging.channels.email.EmailChannel",
    "letter": "tijdig.messaging.channels.letter.PrintFolderChannel",
    "demo_mailbox": "tijdig.messaging.channels.mailbox.MailboxChannel",
}
