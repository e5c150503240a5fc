from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "shouxin.front"
    label = "front"
