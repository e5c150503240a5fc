from django.urls import path

from shouxin.tables import views

app_name = "tables"
urlpatterns = [
    path("<slug:name>/", views.imports, name="imports"),
    path("<slug:name>/template/", views.template, name="template"),
    path("<slug:name>/<int:key>/", views.run_page, name="run"),
    path("<slug:name>/<int:key>/takeover/", views.takeover, name="takeover"),
    path("<slug:name>/<int:key>/resumption/", views.resumption, name="resumption"),
    path("<slug:name>/<int:key>/report/", views.report, name="report"),
]
