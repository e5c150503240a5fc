from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shouxin.people"
    label = "people"
