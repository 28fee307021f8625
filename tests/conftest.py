"""What every test may use."""

from django.conf import settings

# The real hasher takes a tenth of a second a password, by design; the tests sign in often.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they lie, by their plain names: the tests need nothing collected.
settings.WHITENOISE_AUTOREFRESH = True
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
