from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    name = "shouxin.jurisdictions"
    label = "jurisdictions"
