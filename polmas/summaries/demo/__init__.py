"""The demo: fictional people on real names of areas, drawn from one fixed seed. See loading.py for the order of things."""
