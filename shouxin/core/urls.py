from django.urls import path

from shouxin.core import views

app_name = "core"
urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("language/", views.language, name="language"),
    path("refused/<int:status>/", views.not_taken, name="not-taken"),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics_page, name="metrics"),
]
