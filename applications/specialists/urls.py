from django.urls import path

from . import my_pages, pages

app_name = "specialists"
urlpatterns = [
    path("apply/specialist/continue/<str:token>/", pages.continue_, name="continue"),
    path("apply/specialist/continue/<str:token>/now/", pages.continue_now, name="continue_now"),
    path("apply/specialist/<uuid:uid>/", pages.tasks, name="tasks"),
    path("apply/specialist/<uuid:uid>/school/", pages.school, name="school"),
    path("apply/specialist/<uuid:uid>/school/<int:urn>/", pages.confirm_school, name="confirm_school"),
    path("apply/specialist/<uuid:uid>/about/", pages.about, name="about"),
    path("apply/specialist/<uuid:uid>/experience/", pages.experience, name="experience"),
    path("apply/specialist/<uuid:uid>/statements/", pages.statements, name="statements"),
    path("apply/specialist/<uuid:uid>/dates/", pages.dates, name="dates"),
    path("apply/specialist/<uuid:uid>/headteacher/", pages.head, name="head_page"),
    path("apply/specialist/<uuid:uid>/check/", pages.check, name="check"),
    path("apply/specialist/<uuid:uid>/done/", pages.done, name="done"),
    path("apply/specialist/<uuid:uid>/save/", pages.save, name="save"),
    path("apply/specialist/<slug:slug>/<int:year>/", pages.start, name="start"),
    path("specialist/<str:token>/", my_pages.manage, name="manage"),
    path("specialist/<str:token>/contact/", my_pages.contact, name="contact"),
    path("specialist/<str:token>/withdraw/", my_pages.withdraw, name="withdraw"),
    path("support/<str:token>/", my_pages.head, name="head"),
    path("support/<str:token>/no/", my_pages.head_refuses, name="head_refuses"),
    path("support/<str:token>/pass-on/", my_pages.head_passes_on, name="head_passes_on"),
]
