from django.urls import path

from shouxin.people.views import session

app_name = "people"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
]
