from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shouxin.portal"
    label = "portal"
