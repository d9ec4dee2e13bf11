"""Settings, the database it runs on, urls, and what runs when."""
