"""A country's worth of reports for tests of scale: `bin/manage simulate --reports 1000000`.

Everything is made by the database itself, set by set, from nothing but running numbers and a seed: the same call on the same
database makes the same rows. Who reports and where is what the database holds already; an empty one gets a made-up country first.
"""
