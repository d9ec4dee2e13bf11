"""The staff's door: pages for the owner and the credit controller."""
