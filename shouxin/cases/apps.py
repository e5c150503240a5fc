from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shouxin.cases"
    label = "cases"
