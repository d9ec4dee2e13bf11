"""The demo's own address; stands before the desk's, and only in demo mode."""

from django.urls import path

from tijdig.demo import views

urlpatterns = [path("<slug:slug>/tijdmachine/", views.time_machine, name="time-machine")]
