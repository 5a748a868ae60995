"""Measures the pages of Django's admin; run in an environment that has it."""

import sys
from urllib.parse import urlsplit

import django
from django.conf import settings

from benchmarks.large import measuring, sample

LIST = "/admin/large/order/"
KEY = 7


def configure(url: str) -> None:
    """Django's settings, for a database of PostgreSQL."""
    place = urlsplit(url)
    settings.configure(
        SECRET_KEY="a secret of the benchmarks",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=False,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": place.path.lstrip("/"),
                "USER": place.username or "",
                "PASSWORD": place.password or "",
                "HOST": place.hostname or "",
                "PORT": place.port or "",
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "benchmarks.large",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STATIC_URL="/static/",
    )
    django.setup()


def main() -> None:
    """Declare the models and the admin, sign in and measure."""
    url, rows = sys.argv[1], int(sys.argv[2])
    configure(url)
    # Django's models can be declared and imported only now.
    from django.contrib import admin  # noqa: PLC0415  # see above
    from django.contrib.auth.models import User  # noqa: PLC0415  # see above
    from django.core.management import call_command  # noqa: PLC0415  # see above
    from django.test import Client  # noqa: PLC0415  # see above
    from django.urls import path  # noqa: PLC0415  # see above

    from benchmarks.large.django_models import Customer, CustomerAdmin, Order, OrderAdmin  # noqa: PLC0415  # see above

    admin.site.register(Order, OrderAdmin)
    admin.site.register(Customer, CustomerAdmin)
    globals()["urlpatterns"] = [path("admin/", admin.site.urls)]
    call_command("migrate", verbosity=0)
    user = User.objects.filter(username=sample.USERNAME).first() or User.objects.create_superuser(sample.USERNAME)
    client = Client()
    client.force_login(user)

    def get(address: str) -> tuple[int, str]:
        answer = client.get(address)
        return answer.status_code, answer.content.decode()

    pages = {
        "page 1": LIST,
        "last page, by its number": f"{LIST}?p={sample.last(rows)}",
        "filter": f"{LIST}?status__exact={sample.STATUS}",
        "search": f"{LIST}?q={sample.sought(rows)}",
        "sort": f"{LIST}?o=-4",
        "edit form": f"{LIST}{KEY}/change/",
    }
    measuring.report("Django admin", get, pages, sample.rows_of(pages))


if __name__ == "__main__":
    sys.modules["benchmarks.large.django_admin"] = sys.modules[__name__]
    main()
