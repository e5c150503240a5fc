from django.urls import path

from shouxin.policies.views import pages

app_name = "policies"
urlpatterns = [
    path("", pages.policy_list, name="list"),
    path("<str:number>/", pages.policy_page, name="page"),
]
