from django.urls import path

from shouxin.jurisdictions.views import calendars, rules

app_name = "jurisdictions"
urlpatterns = [
    path("rules/", rules.rule_list, name="rules"),
    path("rules/<str:jurisdiction>/<str:rule_id>/", rules.rule_page, name="rule"),
    path("calendars/", calendars.calendar_home, name="calendars"),
    path("calendars/<str:jurisdiction>/", calendars.calendar_year, name="calendar"),
    path("calendars/<str:jurisdiction>/days/", calendars.declared_days, name="declared-days"),
]
