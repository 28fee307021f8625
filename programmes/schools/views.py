from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from .answers import as_answers
from .models import Establishment

SHOWN = 10


@login_not_required
@require_safe
def search(request):
    """Return, as JSON, the schools that a person may mean by `q`: what the school field of a form suggests."""
    found = as_answers(Establishment.objects.search(request.GET.get("q", ""), limit=SHOWN))
    response = JsonResponse(found, safe=False)
    patch_cache_control(response, public=True, max_age=60)
    return response
