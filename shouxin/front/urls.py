from django.urls import path

from shouxin.front.views import health, search, today

app_name = "front"
urlpatterns = [
    path("", today.today, name="today"),
    path("figures-of-mine/", today.figures, name="figures"),
    path("health/", health.health, name="health"),
    path("search/", search.search, name="search"),
]
