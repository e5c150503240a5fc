"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView

from shouxin.core.rights import any_staff, public

sign_in = public(LoginView.as_view(template_name="people/sign_in.html", redirect_authenticated_user=True))
sign_out = any_staff(LogoutView.as_view())
