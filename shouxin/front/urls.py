from django.urls import path

from shouxin.front.views import search, today

app_name = "front"
urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
]
