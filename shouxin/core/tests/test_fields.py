from django import forms


class Asking(forms.Form):
    name = forms.CharField(label="姓名", help_text="與證件相同")
    agrees = forms.BooleanField(label="同意", required=False)


def test_a_field_is_drawn_with_its_label_its_help_and_the_houses_class():
    html = str(Asking())

    assert '<div class="field">' in html
    assert 'class="input"' in html.split("agrees")[0]
    assert 'aria-describedby="id_name_helptext"' in html and 'id="id_name_helptext"' in html
    assert '<label class="tick" for="id_agrees">' in html


def test_a_wrong_field_says_what_is_wrong_and_is_tied_to_it():
    html = str(Asking({"name": ""}))

    assert "field--wrong" in html
    assert 'id="id_name_error"' in html and 'aria-invalid="true"' in html
