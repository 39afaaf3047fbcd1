"""How paint acts on attention: masks, laws, the processors, and what is recorded there."""
