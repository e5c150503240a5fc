"""Signing in and out; a forgotten password."""

import hashlib
from datetime import datetime

from django.contrib.auth import views as auth
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from shouxin.core.clock import now
from shouxin.core.limits import door_of_address, forget_knocks, is_too_often, knock, knocks
from shouxin.core.rights import any_staff, public
from shouxin.core.submissions import repeatable
from shouxin.people.forms import ChangedPasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from shouxin.people.notices import tell_of_many_tries
from shouxin.people.rules import account_tried

RESETS_PER_ADDRESS = 20
WRONG_TRIES_PER_ADDRESS = 50  # in an hour: an office behind one address mistypes less often
WRONG_TRIES_PER_ACCOUNT = 100  # in an hour, from all addresses: nobody forgets a password so often


class SignIn(auth.LoginView):
    """Wrong tries of one account from one address are counted by axes; here all of an address, and of an account."""

    template_name, redirect_authenticated_user, authentication_form = "people/sign_in.html", True, SignInForm

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        at = now()
        knock(door_of_address("sign-in", self.request, at), at)
        account = account_tried(self.request)
        if knock(_door_of_account(account, at), at) == WRONG_TRIES_PER_ACCOUNT:
            tell_of_many_tries(account, at=at)
        return super().form_invalid(form)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        at = now()
        if knocks(door_of_address("sign-in", request, at)) >= WRONG_TRIES_PER_ADDRESS:
            return render(request, "people/locked_out.html", {"by_address": True}, status=429)
        if knocks(_door_of_account(account_tried(request), at)) >= WRONG_TRIES_PER_ACCOUNT:
            return render(request, "people/locked_out.html", {"by_account": True}, status=429)
        return super().post(request, *args, **kwargs)


def _door_of_account(account: str, at: datetime) -> str:
    """The same for an account that is not there, so that nothing can be told from it."""
    return "sign-in-of:" + hashlib.sha256(f"{account}:{at:%Y%m%d%H}".encode()).hexdigest()[:24]


sign_in = public(repeatable("each wrong password counts, also the same one again")(SignIn.as_view()))


class SignOut(auth.LogoutView):
    next_page = reverse_lazy("people:sign-in")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'  # the next person at this browser presses Back
        return response


sign_out = any_staff(repeatable("who is signed out is asked to sign in")(SignOut.as_view()))


class Forgotten(auth.PasswordResetView):
    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        at = now()
        if is_too_often(door_of_address("reset", self.request, at), at, most=RESETS_PER_ADDRESS):
            form.add_error(None, _("Many links have been asked for from here in the past hour. Please try later."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_valid(form)


_forgotten = Forgotten.as_view(
    template_name="people/password_forgotten.html", form_class=ForgottenForm,
    success_url=reverse_lazy("people:password-sent"),
)  # fmt: skip
forgotten = public(repeatable("each asking counts, for the account and for the address")(_forgotten))
sent = public(auth.PasswordResetDoneView.as_view(template_name="people/password_sent.html"))


class NewPassword(SuccessMessageMixin, auth.PasswordResetConfirmView):
    template_name = "people/password_new.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("people:sign-in")
    success_message = _("Your password has been set. Sign in with it.")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        forget_knocks(_door_of_account(self.user.account, now()))  # others tried; the mail reached the owner
        return super().form_valid(form)


class ChangedPassword(SuccessMessageMixin, auth.PasswordChangeView):
    template_name = "people/password_change.html"
    form_class = ChangedPasswordForm
    success_url = reverse_lazy("people:profile")
    success_message = _("Your password has been changed.")


new = public(repeatable("a link sets a password once")(NewPassword.as_view()))
_changed = ChangedPassword.as_view()
change = any_staff(repeatable("each wrong password counts; the old one ends with the change")(_changed))
