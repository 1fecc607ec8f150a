"""Names and wording as a Vietnamese office writes them."""
