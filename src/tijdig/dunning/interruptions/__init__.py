"""What interrupts the limitation of claims, as a person records it with its proof."""
