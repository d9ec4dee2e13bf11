"""The addresses of the site in demo mode: whether they are there is decided when they load."""

from django.urls import include, path

from tijdig.config import urls

urlpatterns = [path("", include("tijdig.demo.urls")), *urls.urlpatterns]
