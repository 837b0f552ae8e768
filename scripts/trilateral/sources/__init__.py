"""Sources: the documents that are coded, their frozen texts and the passages cut from them."""
