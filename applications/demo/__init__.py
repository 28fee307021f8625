"""A made-up pair of hubs with a season of applications, to look at and to test with. Nobody and no school in it exists.

The schools come in by the register import and the applications by the same actions that the pages use, told in the
order of time (`story.py`), so that timeline, outbox and facts agree with each other.
"""
