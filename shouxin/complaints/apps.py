from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "shouxin.complaints"
    label = "complaints"
