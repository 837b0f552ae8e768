"""Pages: what people read; one module for each kind of page, its words in ``templates/``."""
