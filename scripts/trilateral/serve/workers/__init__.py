"""Workers: the processes that hold the data and answer from them, each job within its limits."""
