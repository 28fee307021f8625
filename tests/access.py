"""Who gets what from every address of the portal: one table, which `tests/security/test_access.py` walks.

A new address without a row here fails the tests. A row says the status for each kind of visitor, or one status for
all. Pages of a model in the admin need no row: what they answer follows from the roles, and `RECORDS` says how to make
the model's record at a hub.
"""

from uuid import UUID

from applications.models import Proposal
from hubportal.messaging.models import Message
from programmes.models import (
    PersonJoin,
    Place,
    PlaceRequest,
    Specialist,
)
from tests.access_records import (
    RECORDS,
    make_address,
    make_advocate,
    make_application,
    make_check,
    make_cohort,
    make_document,
    make_draft,
    make_late_link,
    make_local,
    make_override,
    make_reading,
    make_school_change,
    make_teacher,
    make_teacher_check,
)
from tests.access_visitors import (
    ADMINISTRATOR,
    ANONYMOUS,
    FINANCE,
    LEAD,
    NATIONAL,
    OTHER,
    Row,
    deciding,
    row,
    signed_in,
)


def message_of_a(world):
    return RECORDS[Message](world.a)


DEAD, NOBODYS = {"token": "x" * 43}, {"uid": UUID(int=1)}

DRAFT_PAGES = ["tasks", "school", "contact", "head", "advocates", "department", "commitments", "check", "done", "save"]

ACCESS = {
    "home": row(200),
    "privacy": row(200),
    "accessibility": row(200),
    "cookies": row(200),
    "healthz": row(200),
    "readyz": row(200),
    "programmes:list": row(200),
    "programmes:page": row(404, {"slug": "no-such-programme"}),
    # A school has no account: its token or its own browser's draft opens these, and nobody's role does.
    **{f"applications:{name}": row(410, DEAD) for name in ("continue", "manage", "head_confirms")},
    "applications:late": row(410, DEAD),
    # Letting one school of hub A in late; copying out who waits.
    "admin:programmes_cohort_late": row(
        args=lambda world: {"pk": make_cohort(world.a).pk},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:programmes_cohort_late_take_back": row(
        args=lambda world: make_late_link(world.a),
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_interest_csv": signed_in(method="post"),
    # A programme of hub A's own.
    "admin:programmes_programme_local_add": row(
        args=lambda world: {"hub": world.a.slug}, anonymous=302, deciders=200, finance=403, other=404, national=403
    ),
    "admin:programmes_programme_local": row(
        args=lambda world: make_local(world.a), anonymous=302, staff=200, other=404
    ),
    "admin:programmes_programme_local_change": row(
        args=lambda world: make_local(world.a), anonymous=302, deciders=200, finance=403, other=404, national=403
    ),
    "admin:programmes_programme_local_publish": Row(
        {
            ANONYMOUS: 302,
            ADMINISTRATOR: 403,
            LEAD: 302,
            FINANCE: 403,
            OTHER: 404,
            NATIONAL: 403,
        },
        lambda world: make_local(world.a),
        "post",
    ),
    "applications:continue_now": row(405, DEAD),
    **{f"applications:manage_{name}": row(410, DEAD) for name in ("foci", "plan", "plan_file")},
    "applications:manage_same": row(410, DEAD, method="post"),
    **{f"applications:{name}": row(404, NOBODYS) for name in ("route", "foci", "plan")},
    # What a school has sent as a file: for those who see its application.
    "admin:applications_application_document": row(
        args=lambda world: make_document(world.a), anonymous=302, staff=200, other=404
    ),
    **{
        f"applications:manage_{name}": row(410, DEAD)
        for name in ("advocates", "contact", "head", "answer", "offer", "withdraw")
    },
    **{
        f"applications:{name}": row(404, NOBODYS)
        for name in [
            "tasks",
            "school",
            "contact",
            "head",
            "advocates",
            "department",
            "commitments",
            "check",
            "done",
            "save",
        ]
    },
    "applications:confirm_school": row(404, NOBODYS | {"urn": 100_000}),
    "applications:start": row(404, {"slug": "no-such-programme", "year": 2026}),
    "applications:interest": row(404, {"slug": "no-such-programme"}),
    "schools:search": row(200),
    # Journeys: how they go for anybody; a school's own by its token; all staff read a school's, and not a teacher's.
    "path:start": row(200),
    "path:start_picture": row(200),
    "path:journey": row(410, DEAD),
    "path:journey_picture": row(410, DEAD),
    **{
        f"path:staff_school{large}": signed_in(lambda world: {"pk": make_application(world.a).school_id})
        for large in ("", "_picture")
    },
    **{
        f"path:staff_person{large}": row(
            args=lambda world: {"pk": make_advocate(world.a).pk}, anonymous=302, staff=200, other=404
        )
        for large in ("", "_picture")
    },
    # A teacher has no account either: a token or their own browser's draft opens these.
    **{f"specialists:{name}": row(410, DEAD) for name in ("continue", "manage", "contact", "withdraw")},
    **{f"specialists:{name}": row(410, DEAD) for name in ("head", "head_refuses", "head_passes_on")},
    "specialists:continue_now": row(405, DEAD),
    "specialists:start": row(404, {"slug": "no-such-programme", "year": 2026}),
    **{
        f"specialists:{name}": row(404, NOBODYS)
        for name in [
            "tasks",
            "school",
            "about",
            "experience",
            "statements",
            "dates",
            "head_page",
            "check",
            "done",
            "save",
        ]
    },
    "specialists:confirm_school": row(404, NOBODYS | {"urn": 100_000}),
    # Choosing among hub A's teachers, and keeping its specialists.
    "admin:applications_specialistapplication_do": row(
        args=lambda world: {"pk": make_teacher(world.a, status="eligible").pk, "verb": "not-select"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_specialistapplication_read": row(
        args=lambda world: make_reading(world), anonymous=302, staff=404, finance=200
    ),
    "admin:applications_specialistapplication_check": row(
        args=lambda world: make_teacher_check(world.a), anonymous=302, staff=200, other=404
    ),
    "admin:applications_specialistapplication_panel": row(
        args=lambda world: {"cohort": make_teacher(world.a).cohort_id}, anonymous=302, staff=200, other=404
    ),
    "admin:applications_specialistapplication_release": row(
        args=lambda world: {"cohort": make_teacher(world.a).cohort_id},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_specialistapplication_copy": row(
        args=lambda world: {"cohort": make_teacher(world.a).cohort_id},
        method="post",
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:programmes_specialist_do": row(
        args=lambda world: {"pk": RECORDS[Specialist](world.a).pk, "verb": "day"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:programmes_specialist_remove_day": row(
        args=lambda world: {"pk": RECORDS[Specialist](world.a).pk, "day": 1},
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    # Deciding on hub A's application.
    "admin:applications_application_do": row(
        args=lambda world: {"pk": make_application(world.a, status="eligible").pk, "verb": "decline"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_application_override": row(
        args=lambda world: make_override(world.a),
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_application_check": row(
        args=lambda world: make_check(world.a), anonymous=302, staff=200, other=404
    ),
    **{
        f"admin:applications_application_{name}": row(
            args={"verb": "offer"}, method="post", anonymous=302, staff=status, finance=403, national=403
        )
        for name, status in [("bulk", 302), ("bulk_run", 302)]
    },
    # Next year: a school's own page by its token; hub A's proposals, and its cohorts' beginning and end.
    **{f"applications:next_year{page}": row(410, DEAD) for page in ("", "_contact", "_team")},
    "admin:applications_proposal_do": row(
        args=lambda world: {"pk": RECORDS[Proposal](world.a).pk, "verb": "take-back"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    "admin:applications_proposal_cohort": row(
        args=lambda world: {"pk": make_cohort(world.a).pk, "verb": "begin"},
        anonymous=302,
        deciders=200,
        finance=403,
        other=404,
        national=403,
    ),
    **{
        f"admin:applications_proposal_{name}": row(method="post", anonymous=302, staff=302, finance=403, national=403)
        for name in ("preview", "make", "settle", "settle_preview")
    },
    # Rules of a national programme: every hub's people work on them, and only leads publish.
    "admin:programmes_ruleset_draft": row(
        args=lambda world: {"pk": make_cohort(world.a).project.rule_sets.first().pk},
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=302,
        national=403,
    ),
    **{
        f"admin:programmes_ruleset_{name}": row(
            args=lambda world: make_draft(world.a), anonymous=302, deciders=200, finance=403, other=200, national=403
        )
        for name in ("edit", "sign")
    },
    "admin:programmes_ruleset_replay": signed_in(lambda world: make_draft(world.a)),
    "admin:programmes_ruleset_publish": Row(
        {ANONYMOUS: 302, ADMINISTRATOR: 403, LEAD: 200, FINANCE: 403, OTHER: 200, NATIONAL: 403},
        lambda world: make_draft(world.a, signed=True),
    ),
    **{
        f"admin:programmes_ruleset_{name}": row(
            args=lambda world: make_draft(world.a, signed=True),
            method="post",
            anonymous=302,
            deciders=302,
            finance=403,
            other=302,
            national=403,
        )
        for name in ("withdraw", "drop")
    },
    # Deciding what a change in the register means for a school that has applied to hub A.
    "admin:programmes_schoolchange_decide": row(
        args=lambda world: {"pk": make_school_change(world.a).pk},
        method="post",
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
    ),
    # Saying that a school that has applied to hub A is the same as another.
    "admin:programmes_school_join": row(
        args=lambda world: {"pk": make_application(world.a).school_id}, anonymous=302, staff=403, deciders=200
    ),
    # Changing hub A's place; answering what is asked about one. Correcting a person, and joining two records.
    "admin:programmes_place_do": deciding(lambda world: {"pk": RECORDS[Place](world.a).pk, "verb": "void"}),
    **{
        f"admin:programmes_person_{name}": deciding(lambda world: {"pk": make_advocate(world.a).pk})
        for name in ("name", "address", "find")
    },
    "admin:programmes_person_remove": deciding(lambda world: make_address(world.a)),
    "admin:programmes_person_join": deciding(
        lambda world: {"pk": make_advocate(world.a).pk, "other": make_advocate(world.a).pk}
    ),
    "admin:programmes_person_duplicates": row(anonymous=302, staff=403, deciders=200, other=200),
    **{
        f"admin:programmes_{model._meta.model_name}_answer": deciding(
            lambda world, model=model: {"pk": RECORDS[model](world.a).pk, "verb": "reject"}, 302, "post"
        )
        for model in (PlaceRequest, PersonJoin)
    },
    # Signing in: staff who are signed in already are sent on.
    "account_login": row(anonymous=200, staff=302),
    "account_request_login_code": row(anonymous=200, staff=302),
    "account_confirm_login_code": row(302),
    "account_signup": row(anonymous=200, staff=302),
    "account_inactive": row(200),
    "account_logout": row(anonymous=302, staff=200),
    "account_reset_password": row(200),
    "account_confirm_password_reset_code": row(302),
    "account_complete_password_reset": row(302),
    "account_password_reset_completed": row(200),
    "mfa_authenticate": row(302),
    "mfa_login_webauthn": row(302),
    # One's own account. Without a password or factor there is nothing to confirm it with.
    "my": signed_in(),
    "account_reauthenticate": signed_in(staff=403),
    "account_change_password": signed_in(staff=302),
    "account_set_password": signed_in(),
    "mfa_index": signed_in(),
    "mfa_reauthenticate": signed_in(staff=403),
    "mfa_activate_totp": signed_in(),
    "mfa_deactivate_totp": signed_in(staff=404),
    "mfa_view_recovery_codes": signed_in(staff=404),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": signed_in(staff=404),
    "mfa_list_webauthn": signed_in(),
    "mfa_add_webauthn": signed_in(),
    "mfa_reauthenticate_webauthn": signed_in(staff=403),
    "mfa_remove_webauthn": signed_in({"pk": 0}, staff=404),
    "mfa_edit_webauthn": signed_in({"pk": 0}, staff=404),
    "usersessions_list": signed_in(),
    # The admin's own pages.
    "admin:index": signed_in(),
    "admin:login": row(302),
    "admin:logout": signed_in(method="post", staff=302),
    "admin:password_change": signed_in(staff=302),
    "admin:password_change_done": signed_in(),
    "admin:autocomplete": signed_in(staff=403),
    "admin:jsi18n": signed_in(),
    "admin:view_on_site": signed_in({"content_type_id": "0", "object_id": "0"}, staff=404),
    "admin:app_list": signed_in({"app_label": "accounts"}),
    "admin:messaging_message_do": row(
        anonymous=302,
        deciders=302,
        finance=403,
        other=404,
        national=403,
        method="post",
        args=lambda world: {"pk": message_of_a(world).pk, "verb": "drop"},
    ),
    "admin:messaging_message_batch": signed_in(staff=302),
    "admin:messaging_message_do_all": signed_in({"verb": "release"}, method="post", staff=302),
}
