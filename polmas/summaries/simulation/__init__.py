"""A country's worth of work for tests of scale: `bin/manage simulate --reports 1000000`.

Everything is made by the database itself, set by set, from nothing but running numbers and a seed: the same call on the same
database makes the same rows on the same day. Who reports and where is what the database holds already; where nobody serves, a
country is made first: of the official codes where these are loaded, else of codes that belong to nobody.
"""
