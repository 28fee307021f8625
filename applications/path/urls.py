"""The addresses of journeys. Included before the programmes': “start” is no programme's name."""

from django.contrib import admin
from django.urls import path

from . import pages, staff

app_name = "path"
school = admin.site.admin_view(staff.school)
person = admin.site.admin_view(staff.person)
LARGE = {"large": True}

urlpatterns = [
    path("programmes/start/", pages.start, name="start"),
    path("programmes/start/picture/", pages.start, LARGE, name="start_picture"),
    path("application/<str:token>/journey/", pages.journey, name="journey"),
    path("application/<str:token>/journey/picture/", pages.journey_picture, name="journey_picture"),
    path("admin/programmes/school/<int:pk>/journey/", school, name="staff_school"),
    path("admin/programmes/school/<int:pk>/journey/picture/", school, LARGE, name="staff_school_picture"),
    path("admin/programmes/person/<int:pk>/journey/", person, name="staff_person"),
    path("admin/programmes/person/<int:pk>/journey/picture/", person, LARGE, name="staff_person_picture"),
]
