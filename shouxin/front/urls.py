from django.urls import path

from shouxin.front.views import today

app_name = "front"
urlpatterns = [
    path("", today.today, name="today"),
]
