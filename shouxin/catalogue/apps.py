from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shouxin.catalogue"
    label = "catalogue"
