"""Signing in and out; a forgotten password."""

from django.contrib.auth import views as auth
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import any_staff, public
from shouxin.people.forms import ChangedPasswordForm, ForgottenForm, NewPasswordForm, SignInForm

sign_in = public(
    auth.LoginView.as_view(
        template_name="people/sign_in.html", redirect_authenticated_user=True, authentication_form=SignInForm
    )
)


class SignOut(auth.LogoutView):
    next_page = reverse_lazy("people:sign-in")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'  # the next person at this browser presses Back
        return response


sign_out = any_staff(SignOut.as_view())

forgotten = public(
    auth.PasswordResetView.as_view(
        template_name="people/password_forgotten.html",
        form_class=ForgottenForm,
        email_template_name="people/password_mail.txt",
        subject_template_name="people/password_mail_subject.txt",
        success_url=reverse_lazy("people:password-sent"),
    )
)
sent = public(auth.PasswordResetDoneView.as_view(template_name="people/password_sent.html"))


class NewPassword(SuccessMessageMixin, auth.PasswordResetConfirmView):
    template_name = "people/password_new.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("people:sign-in")
    success_message = _("Your password has been set. Sign in with it.")


class ChangedPassword(SuccessMessageMixin, auth.PasswordChangeView):
    template_name = "people/password_change.html"
    form_class = ChangedPasswordForm
    success_url = reverse_lazy("people:profile")
    success_message = _("Your password has been changed.")


new = public(NewPassword.as_view())
change = any_staff(ChangedPassword.as_view())
