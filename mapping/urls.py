app_name = "mapping"

urlpatterns: list = []  # its pages read reports too, and stand in patrol and summaries
