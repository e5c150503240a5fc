from django.urls import path

from shouxin.portal.views import follow, intake

app_name = "portal"
urlpatterns = [
    path("service/", intake.door, name="door"),
    path("service/request/", intake.ask, name="ask"),
    path("service/link/", follow.lost, name="lost"),
    path("service/link/<str:number>/renewal/", follow.renewal, name="renewal"),
    path("service/link/<str:number>/sending/", follow.link_sending, name="link-sending"),
    path("follow/<str:number>/<str:secret>/", follow.follow, name="follow"),
    path("follow/<str:number>/<str:secret>/unlocking/", follow.unlocking, name="unlocking"),
    path("follow/<str:number>/<str:secret>/messages/", follow.messages, name="messages"),
    path("follow/<str:number>/<str:secret>/letters/<int:key>/", follow.letter, name="letter"),
    path("follow/<str:number>/<str:secret>/files/<int:key>/", follow.file, name="file"),
]
