"""The demo office: an invented world that writes real files, reads its mail, and pays."""
