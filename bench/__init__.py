"""What Tijdig costs beside what others, and the bare machine, cost: `python -m bench`."""
