"""Sign in with a password or a one-time link, sign out, and choose a language."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from tijdig.tenants.actions import (
    count_sign_in_failure,
    forget_sign_in_failures,
    use_sign_in_link,
)
from tijdig.tenants.queries import is_locked_out, list_administrations_of
from tijdig.web.clock import moment_now
from tijdig.web.methods import page_with_form
from tijdig.web.rights import signed_in, user_id_of

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


class SignInForm(forms.Form):
    """An e-mail address and a password; both can be pasted and filled by a password manager."""

    email = forms.EmailField(
        label=_("E-mailadres"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
@page_with_form
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; back to where the person wanted to go."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect("home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _let_in(request, form):
        return redirect(_wanted(request))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "web/sign_in.html", context, status=status)


@never_cache
@page_with_form
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button first: scanners of mail follow every link, but press nothing."""
    if request.method != "POST":
        return render(request, "web/sign_in_link.html")
    user = use_sign_in_link(token, now=moment_now())
    if user is None:
        return render(request, "web/sign_in_link_over.html", status=410)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language on this machine, and go back."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    response = redirect(_wanted(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=LANGUAGE_COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Straight to work for who has one administration; else the choice."""
    administrations = list_administrations_of(user_id_of(request))
    if len(administrations) == 1:
        return redirect("today", slug=administrations[0].slug)
    return render(request, "web/administrations.html", {"administrations": administrations})


@require_safe
@signed_in
def administration_menu(request: HttpRequest) -> HttpResponse:
    """The administrations as a list of links, for the switcher."""
    administrations = list_administrations_of(user_id_of(request))
    return render(request, "web/_administrations.html", {"administrations": administrations})


def _let_in(request: HttpRequest, form: SignInForm) -> bool:
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    now = moment_now()
    if is_locked_out(email, now=now):
        form.add_error(None, _("Te veel mislukte pogingen. Probeer het over een kwartier weer."))
        return False
    user = authenticate(request, username=email.lower(), password=password)
    if user is None:
        count_sign_in_failure(email, now=now)
        form.add_error(None, _("Dit e-mailadres en wachtwoord horen niet bij elkaar."))
        return False
    forget_sign_in_failures(email)
    login(request, user)
    return True


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("home")
