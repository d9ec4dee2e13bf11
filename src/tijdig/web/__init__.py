"""What the doors share: sign-in, rights, paging, formatting."""
