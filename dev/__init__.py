"""The runner behind the Makefile: it makes the environment, starts the servers, and leaves nothing behind."""
