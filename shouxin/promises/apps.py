from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "shouxin.promises"
    label = "promises"
