from django.urls import path

from . import views

app_name = "schools"
urlpatterns = [path("search/", views.search, name="search")]
