"""Two clicks, or two colleagues at once: one person becomes one customer. Real connections, committed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shouxin.customers.models import Customer
from tests.cast import make_cast
from tests.sending import Client

pytestmark = pytest.mark.database
TOLD = {"kind": "person", "name": "王雅婷", "language": "zh-hant"}


@pytest.mark.parametrize("known_by", [{"id_number": "A123456789"}, {"birth_on": "1980-05-17"}])
def test_four_forms_that_register_the_same_person_at_once_make_one_customer(own_database, known_by):
    cast = make_cast()
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")

    def register(client: Client) -> int:
        try:
            return client.post("/customers/new/", TOLD | known_by).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(register, clients))

    assert answers == [303, 422, 422, 422]
    assert Customer.objects.count() == 1
