from django.urls import path

from shouxin.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.services, name="services"),
    path("services/<str:code>/", views.service, name="service"),
    path("templates/", views.templates, name="templates"),
    path("templates/new/", views.template, name="template-new"),
    path("templates/<int:number>/", views.template, name="template"),
]
