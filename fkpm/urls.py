from fkpm.urls_account import urlpatterns as account
from fkpm.urls_cases import urlpatterns as cases
from fkpm.urls_forum import urlpatterns as forum
from fkpm.urls_meetings import urlpatterns as meetings

app_name = "fkpm"

urlpatterns = [*forum, *meetings, *account, *cases]
