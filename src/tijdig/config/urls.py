"""Every address of the site, door by door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tijdig.web import law, sign_in, typeface

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sign_in.home, name="home"),
    path("aanmelden/", sign_in.sign_in, name="sign-in"),
    path("aanmelden/<str:token>/", sign_in.sign_in_by_link, name="sign-in-link"),
    path("afmelden/", sign_in.sign_out, name="sign-out"),
    path("taal/", sign_in.choose_language, name="language"),
    path("administraties/", sign_in.administration_menu, name="administration-menu"),
    path("wet/", law.law, name="law"),
    path("lettertype/<slug:weight>.otf", typeface.typeface, name="typeface"),
    *([path("", include("tijdig.demo.urls"))] if settings.DEMO else []),
    path("<slug:slug>/", include("tijdig.desk.urls")),
]
