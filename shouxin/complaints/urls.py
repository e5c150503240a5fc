from django.urls import path

from shouxin.complaints.views import complaint, imports

app_name = "complaints"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("<str:number>/", complaint.complaint, name="complaint"),
    path("<str:number>/joining/", complaint.joined, name="joining"),
    path("<str:number>/line/", complaint.line, name="line"),
    path("<str:number>/target/", complaint.target, name="target"),
    path("<str:number>/investigator/", complaint.investigator, name="investigator"),
    path("<str:number>/findings/", complaint.findings, name="findings"),
    path("<str:number>/decision/", complaint.decision, name="decision"),
    path("<str:number>/cause/", complaint.cause, name="cause"),
    path("<str:number>/letter/", complaint.letter, name="letter"),
    path("<str:number>/letter/draft/", complaint.draft, name="draft"),
    path("<str:number>/letters/<int:key>/", complaint.sent_letter, name="sent-letter"),
]
