from django.urls import path

from shouxin.policies.views import imports, pages

app_name = "policies"
urlpatterns = [
    path("", pages.policy_list, name="list"),
    path("imports/", imports.imports, name="imports"),
    path("<str:number>/", pages.policy_page, name="page"),
]
