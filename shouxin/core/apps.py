from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from shouxin.core.odd_dates import read_leniently


class CoreConfig(AppConfig):
    name = "shouxin.core"
    label = "core"

    def ready(self) -> None:
        connection_created.connect(read_leniently, dispatch_uid="core.odd_dates")
        # Every room's door is opened once, after all models are known: this is how news and questions go up.
        # Jobs and loops are registered likewise, in every process: who defers a job need not run it.
        autodiscover_modules("door", "jobs")
