from django.urls import path

from shouxin.catalogue.views import pages, standards

app_name = "catalogue"
urlpatterns = [
    path("", pages.services, name="services"),
    path("services/<str:code>/", pages.service, name="service"),
    path("standards/", standards.standard_list, name="standards"),
    path("standards/<str:rule_id>/", standards.standard, name="standard"),
    path("templates/", pages.templates, name="templates"),
    path("templates/new/", pages.template, name="template-new"),
    path("templates/<int:number>/", pages.template, name="template"),
]
