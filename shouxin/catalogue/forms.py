"""The catalogue and the templates, filled in by a planner."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.kit import edition, said
from shouxin.cases.models import Priority, Service
from shouxin.cases.queries import paper_code, services
from shouxin.cases.rules import PLACEHOLDERS, unknown_placeholders
from shouxin.catalogue.papers import line_of, paper_in
from shouxin.catalogue.queries import SUBJECTS, plain
from shouxin.people.models import Post, Skill

_UNREAD = _("“%(line)s” cannot be read as a document: name | English name | if it applies")
LANGUAGES = [("zh-hant", "繁體中文"), ("en", "English"), ("zh-hans", "简体中文")]


class EditionForm(forms.Form):
    """Knows which edition was read, so that the second of two is told."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        begun = self.begun(row) | {"seen": self.edition()} if row is not None else {}
        super().__init__(*args, initial=begun, **kwargs)
        self.use_required_attribute = False

    def begun(self, row: Any) -> dict[str, Any]:
        return said(row)

    def edition(self) -> str:
        """A short mark of what it says now."""
        return edition(self.row)

    def read_again(self) -> None:
        self.row.refresh_from_db()

    def overtaken(self, refusal: str) -> None:
        """Somebody saved before: say so, and let the next saving be made in the knowledge of what it says now."""
        self.add_error(None, refusal)
        self.read_again()
        if self.data.get("seen") == self.edition():
            return  # refused for another reason than that
        stands = self.begun(self.row)
        told = [
            (field.label, self.words(name, stands[name]), self.words(name, self[name].value()))
            for name, field in self.fields.items() if name in stands
        ]  # fmt: skip
        self.now = [(label, now) for label, now, mine in told if now != mine]
        self.data = self.data.copy()
        self.data["seen"] = self.edition()

    def words(self, name: str, value: Any) -> str:
        """What a field holds, as people read it."""
        names = {str(code): str(label) for code, label in getattr(self.fields[name], "choices", ())}
        if isinstance(value, list):
            return "、".join(sorted(names.get(each, each) for each in value)) or "–"
        if isinstance(value, bool):
            return plain(name, value)
        return names.get(str(value), str(value or "–")).replace("\r\n", "\n").strip()

    def values(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class ServiceForm(EditionForm):
    name = forms.CharField(label=_("Name of the service"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_hans = forms.CharField(label=_("Name in Simplified Chinese"), max_length=80)
    posts = forms.MultipleChoiceField(
        label=_("Posts that handle it"), choices=Post.choices, widget=forms.CheckboxSelectMultiple
    )
    skill = forms.ChoiceField(label=_("Skill required"))
    priority = forms.TypedChoiceField(label=_("Usual priority"), choices=Priority.choices, coerce=int)
    papers = forms.CharField(
        label=_("Documents, one per line"), required=False, max_length=3000, widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "In the order of the list; after bars the English name, and “if it applies” where not every case needs it: "
            "健康聲明書 | Health statement | if it applies"
        ),
    )  # fmt: skip
    promise_subjects = forms.MultipleChoiceField(
        label=_("Time limits that apply"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Local law and company standards on these subjects become the promises of a case."),
    )  # fmt: skip
    is_online = forms.BooleanField(label=_("Customers can request it online"), required=False)
    is_offered = forms.BooleanField(label=_("Currently offered"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = Skill.objects.values_list("code", "name")
        known = {subject for each in services().values() for subject in each.promise_subjects}
        self.fields["promise_subjects"].choices = sorted(
            ((code, gettext(SUBJECTS.get(code, code))) for code in known), key=lambda pair: pair[1]
        )

    def begun(self, row: Service) -> dict[str, Any]:
        return said(row) | {"papers": "\n".join(line_of(each) for each in row.papers)}

    def clean_posts(self) -> list[str]:
        return _in_their_order(self.cleaned_data["posts"], self.row.posts)

    def clean_papers(self) -> list[dict[str, Any]]:
        """Each line a paper; one that some service knows already keeps its code, so that checklists stay the same."""
        known = {each["name"]: each for service in services().values() for each in service.papers}
        papers: dict[str, dict[str, Any]] = {}
        for line in filter(None, (line.strip() for line in self.cleaned_data["papers"].splitlines())):
            if (read := paper_in(line)) is None:
                raise forms.ValidationError(_UNREAD, params={"line": line[:40]})
            old = known.get(read.name, {"code": paper_code(read.name), "name_en": read.name})
            paper = {"code": old["code"], "name": read.name, "name_en": read.name_en or old["name_en"]}
            papers[old["code"]] = paper | ({"is_optional": True} if read.is_optional else {})
        return list(papers.values())

    def clean_promise_subjects(self) -> list[str]:
        return _in_their_order(self.cleaned_data["promise_subjects"], self.row.promise_subjects)


def _in_their_order(chosen: list[str], before: list[str]) -> list[str]:
    """In the order they had; new ones last."""
    return [each for each in before if each in chosen] + [each for each in chosen if each not in before]


class TemplateForm(EditionForm):
    title = forms.CharField(label=_("Title"), max_length=80)
    body = forms.CharField(label=_("Text"), max_length=8000, widget=forms.Textarea({"rows": 14}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    services = forms.MultipleChoiceField(
        label=_("Only for these services"), required=False, widget=forms.SelectMultiple({"size": 8}),
        help_text=_("If none is chosen, it applies to all."),
    )  # fmt: skip
    is_offered = forms.BooleanField(label=_("Offered to colleagues who reply"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = [(each.pk, f"{each.pk} {each.label}") for each in services().values()]
        shown = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
        self.fields["body"].help_text = gettext("Filled in automatically: %(names)s") % {"names": shown}

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        if unknown := unknown_placeholders(body):
            told = {"name": unknown[0], "names": "、".join(f"{{{name}}}" for name in PLACEHOLDERS)}
            raise forms.ValidationError(
                _("There is nothing to fill in for {%(name)s}. Available: %(names)s"), params=told
            )
        return body

    def clean_services(self) -> list[str]:
        return sorted(self.cleaned_data["services"])
