from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "shouxin.tables"
    label = "tables"
