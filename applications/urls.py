from django.urls import path

from . import journey, school_pages

app_name = "applications"
urlpatterns = [
    path("apply/continue/<str:token>/", journey.continue_, name="continue"),
    path("apply/continue/<str:token>/now/", journey.continue_now, name="continue_now"),
    path("apply/<uuid:uid>/", journey.tasks, name="tasks"),
    path("apply/<uuid:uid>/school/", journey.school, name="school"),
    path("apply/<uuid:uid>/school/<int:urn>/", journey.confirm_school, name="confirm_school"),
    path("apply/<uuid:uid>/contact/", journey.contact, name="contact"),
    path("apply/<uuid:uid>/headteacher/", journey.head, name="head"),
    path("apply/<uuid:uid>/advocates/", journey.advocates, name="advocates"),
    path("apply/<uuid:uid>/department/", journey.department, name="department"),
    path("apply/<uuid:uid>/commitments/", journey.commitments, name="commitments"),
    path("apply/<uuid:uid>/check/", journey.check, name="check"),
    path("apply/<uuid:uid>/done/", journey.done, name="done"),
    path("apply/<uuid:uid>/save/", journey.save, name="save"),
    path("apply/<slug:slug>/<int:year>/", journey.start, name="start"),
    path("application/<str:token>/", school_pages.manage, name="manage"),
    path("application/<str:token>/advocates/", school_pages.manage_advocates, name="manage_advocates"),
    path("application/<str:token>/contact/", school_pages.manage_contact, name="manage_contact"),
    path("application/<str:token>/headteacher/", school_pages.manage_head, name="manage_head"),
    path("application/<str:token>/answer/", school_pages.manage_answer, name="manage_answer"),
    path("application/<str:token>/place/", school_pages.manage_offer, name="manage_offer"),
    path("application/<str:token>/withdraw/", school_pages.manage_withdraw, name="manage_withdraw"),
    path("confirm/<str:token>/", school_pages.head, name="head_confirms"),
    path("interest/<slug:slug>/", school_pages.interest, name="interest"),
]
