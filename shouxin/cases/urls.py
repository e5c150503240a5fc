from django.urls import path

from shouxin.cases.views import desk, moves, page, talk

app_name = "cases"
urlpatterns = [
    path("", desk.case_list, name="list"),
    path("next/", desk.next_case, name="next"),
    path("new/", desk.case_new, name="new"),
    path("new/customers/", desk.customers_found, name="customers-found"),
    path("views/", desk.views, name="views"),
    path("views/<int:key>/removal/", desk.view_removal, name="view-removal"),
    path("<str:number>/", page.case_page, name="page"),
    path("<str:number>/forms/<str:name>/", page.form, name="form"),
    path("<str:number>/timeline/", page.timeline, name="timeline"),
    path("<str:number>/touches/", talk.touches, name="touches"),
    path("<str:number>/draft/", talk.draft, name="draft"),
    path("<str:number>/draft/removal/", talk.draft_removal, name="draft-removal"),
    path("<str:number>/files/", talk.attachments, name="files"),
    path("<str:number>/files/<int:key>/", page.attachment, name="file"),
    path("<str:number>/files/<int:key>/removal/", talk.attachment_removal, name="file-removal"),
    path("<str:number>/officer/", moves.officer, name="officer"),
    path("<str:number>/handover/", moves.handover, name="handover"),
    path("<str:number>/return/", moves.give_back, name="return"),
    path("<str:number>/closure/", moves.closure, name="closure"),
    path("<str:number>/reopening/", moves.reopening, name="reopening"),
    path("<str:number>/events/", moves.event, name="event"),
    path("<str:number>/pause/", moves.pause, name="pause"),
    path("<str:number>/pause/end/", moves.resumption, name="resumption"),
    path("<str:number>/papers/", moves.papers, name="papers"),
    path("<str:number>/papers/<slug:code>/", moves.paper, name="paper"),
    path("<str:number>/links/", moves.links, name="links"),
    path("<str:number>/links/<str:other>/removal/", moves.link_removal, name="link-removal"),
    path("<str:number>/tags/", moves.tags, name="tags"),
    path("<str:number>/tags/<str:code>/removal/", moves.tag_removal, name="tag-removal"),
    path("<str:number>/kind/", moves.kind, name="kind"),
    path("<str:number>/who/", moves.who, name="who"),
    path("<str:number>/letters/<int:key>/", moves.letter, name="letter"),
]
