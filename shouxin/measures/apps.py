from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "shouxin.measures"
    label = "measures"
