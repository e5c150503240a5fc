"""`bin/shouxin staff`: list, take on, let go, a link for a new password."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.people.actions import NewStaff, give_functions, join, leave, password_link
from shouxin.people.address import link
from shouxin.people.models import Function, Post, Staff, Team
from shouxin.people.queries import colleagues


class Command(BaseCommand):
    help = "List staff, take somebody on, let somebody go, give a link for a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print nothing but JSON")
        verbs = parser.add_subparsers(dest="verb", required=True)
        listing = verbs.add_parser("list")
        listing.add_argument("--left", action="store_true", help="also those who left")
        creating = verbs.add_parser("create")
        creating.add_argument("account")
        creating.add_argument("name")
        creating.add_argument("--post", required=True, choices=Post.values)
        creating.add_argument("--team", default="", help="the team's code")
        creating.add_argument("--email", default="")
        creating.add_argument("--function", action="append", default=[], choices=Function.values)
        for verb in ("password", "leave"):
            verbs.add_parser(verb).add_argument("account")
        functions = verbs.add_parser("functions", help="set HR, compliance, administrator; none takes all away")
        functions.add_argument("account")
        functions.add_argument("function", nargs="*", choices=Function.values)
        for parser_of_verb in verbs.choices.values():
            parser_of_verb.add_argument("--json", action="store_true", default=argparse.SUPPRESS)

    def handle(self, *args, **options: Any) -> None:
        try:
            rows = getattr(self, f"_{options['verb']}")(options)
        except Staff.DoesNotExist:
            raise CommandError(f"There is no account {options['account']}.")
        except Team.DoesNotExist:
            raise CommandError(f"There is no team {options['team']}.")
        except IntegrityError:
            raise CommandError(f"The account {options['account']} exists already.")
        except Refused as refusal:
            raise CommandError(str(refusal))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            for row in rows:
                self.stdout.write("  ".join(str(value) for value in row.values() if value))

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [_row(staff) for staff in colleagues(shows_left=options["left"])]

    def _create(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        team = Team.objects.get(code=options["team"]) if options["team"] else None
        staff = join(
            NewStaff(
                account=options["account"], name=options["name"], post=options["post"], team=team,
                email=options["email"], joined_on=day_of(now()), functions=tuple(options["function"]),
            ),
            by=None,
        )  # fmt: skip
        return [_row(staff) | _link(staff)]

    def _password(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        staff = Staff.objects.get_by_natural_key(options["account"])
        return [_row(staff) | _link(staff)]

    def _leave(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [_row(leave(Staff.objects.get_by_natural_key(options["account"]), by=None))]

    def _functions(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        staff = Staff.objects.get_by_natural_key(options["account"])
        return [_row(give_functions(staff, by=None, functions=options["function"]))]


def _row(staff: Staff) -> dict[str, Any]:
    return {
        "account": staff.account, "name": staff.name, "post": staff.post, "team": staff.dims()["team"],
        "functions": list(staff.functions), "email": staff.email,
        "left_on": staff.left_on.isoformat() if staff.left_on else "",
    }  # fmt: skip


def _link(staff: Staff) -> dict[str, str]:
    """Where the person sets the password; good for three days and one use."""
    return {"password_link": link(password_link(staff, by=None))}
