"""Remote: stores on the web, asked politely, with credentials that nobody sees."""
