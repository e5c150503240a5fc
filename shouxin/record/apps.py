from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "shouxin.record"
    label = "record"
