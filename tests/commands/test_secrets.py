"""A home whose secrets were lost says which one and what to do; nothing is made anew behind anybody's back."""

from tests.commands.conftest import run

LIVED_IN = """
INSERT INTO people_company (id, name, name_en, service_phone, email, is_example, founded_at, address, public_url,
mail_host, mail_port, mail_security, mail_user)
VALUES (1, '晴川', '', '', '', false, now(), '', '', '', 587, 'none', '')
"""


def test_lost_secrets_are_told_and_what_can_be_made_anew_is(home):
    def asks(*words: str) -> tuple[int, str]:
        done = run("shouxin", "--home", home, *(words or ("psql", "--", "-Atc", "SELECT 1")))
        return done.returncode, done.stdout + done.stderr

    assert asks("psql", "--", "-c", LIVED_IN)[0] == 0
    key, superuser = home / "secret-key", home / "secrets/postgres"
    password = superuser.read_text()

    (home / "secrets/shouxin_web").unlink()
    assert asks()[0] == 0
    kept = key.read_text()
    key.unlink()
    status, told = asks()
    assert (status, "new-secret-key" in told) == (1, True)
    key.write_text(kept)
    superuser.unlink()
    status, told = asks()
    assert (status, str(superuser) in told, superuser.exists()) == (1, True, False)
    superuser.write_text(password)
    assert asks()[0] == 0
