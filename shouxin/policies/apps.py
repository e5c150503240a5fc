from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "shouxin.policies"
    label = "policies"
