from django.urls import path

from shouxin.customers.views import erasing, pages, ties

app_name = "customers"
urlpatterns = [
    path("", pages.customer_list, name="list"),
    path("new/", pages.register, name="register"),
    path("erasures/", erasing.erasures, name="erasures"),
    path("erasures/<int:key>/", erasing.report, name="erasure-report"),
    path("<str:number>/", pages.customer_page, name="page"),
    path("<str:number>/erasure/", erasing.erasing, name="erasure"),
    path("<str:number>/details/", pages.details, name="details"),
    path("<str:number>/personal-data/", ties.personal_data, name="personal-data"),
    path("<str:number>/contacts/new/", ties.contact, name="contact-new"),
    path("<str:number>/contacts/<int:key>/end/", ties.contact_end, name="contact-end"),
    path("<str:number>/care/new/", ties.care, name="care-new"),
    path("<str:number>/care/<int:key>/end/", ties.care_end, name="care-end"),
    path("<str:number>/merging/", ties.merging, name="merging"),
    path("<str:number>/parting/", ties.parting, name="parting"),
    path("<str:number>/representatives/new/", ties.authority, name="authority-new"),
    path("<str:number>/representatives/<int:key>/revocation/", ties.revocation, name="revocation"),
    path("<str:number>/consents/new/", ties.consent, name="consent-new"),
    path("<str:number>/consents/<slug:purpose>/end/", ties.consent_end, name="consent-end"),
]
