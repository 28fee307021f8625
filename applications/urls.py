from django.urls import path

from . import journey, school_pages, signup_pages
from .late import pages as late
from .rollover import pages as rollover

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
    path("apply/<uuid:uid>/route/", signup_pages.route, name="route"),
    path("apply/<uuid:uid>/foci/", signup_pages.foci, name="foci"),
    path("apply/<uuid:uid>/plan/", signup_pages.plan, name="plan"),
    path("apply/<uuid:uid>/commitments/", journey.commitments, name="commitments"),
    path("apply/<uuid:uid>/check/", journey.check, name="check"),
    path("apply/<uuid:uid>/done/", journey.done, name="done"),
    path("apply/<uuid:uid>/save/", journey.save, name="save"),
    path("apply/<slug:slug>/<int:year>/", journey.start, name="start"),
    path("application/<str:token>/", school_pages.manage, name="manage"),
    path("application/<str:token>/advocates/", school_pages.manage_advocates, name="manage_advocates"),
    path("application/<str:token>/advocates/same/", signup_pages.manage_same, name="manage_same"),
    path("application/<str:token>/foci/", signup_pages.manage_foci, name="manage_foci"),
    path("application/<str:token>/plan/", signup_pages.manage_plan, name="manage_plan"),
    path("application/<str:token>/plan/file/", signup_pages.manage_plan_file, name="manage_plan_file"),
    path("application/<str:token>/contact/", school_pages.manage_contact, name="manage_contact"),
    path("application/<str:token>/headteacher/", school_pages.manage_head, name="manage_head"),
    path("application/<str:token>/answer/", school_pages.manage_answer, name="manage_answer"),
    path("application/<str:token>/place/", school_pages.manage_offer, name="manage_offer"),
    path("application/<str:token>/withdraw/", school_pages.manage_withdraw, name="manage_withdraw"),
    path("confirm/<str:token>/", school_pages.head, name="head_confirms"),
    path("late/<str:token>/", late.late, name="late"),
    path("interest/<slug:slug>/", school_pages.interest, name="interest"),
    path("next-year/<str:token>/", rollover.next_year, name="next_year"),
    path("next-year/<str:token>/contact/", rollover.contact, name="next_year_contact"),
    path("next-year/<str:token>/advocates/", rollover.team, name="next_year_team"),
]
