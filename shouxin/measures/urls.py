from django.urls import path

from shouxin.measures.views import board, indicators

app_name = "measures"
urlpatterns = [
    path("", indicators.indicator_list, name="list"),
    path("board/<slug:team>/", board.board, name="board"),
    path("<slug:code>/", indicators.indicator, name="indicator"),
    path("<slug:code>/facts/", indicators.facts, name="facts"),
    path("<slug:code>/figures.csv", indicators.figures, name="figures"),
]
