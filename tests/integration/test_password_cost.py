"""What a password costs whoever guesses it: in the product, whatever the tests do."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings
from tests.integration.people import PASSWORD, make_person, visit

from tijdig.config import settings as product


def test_the_product_hashes_passwords_at_the_full_cost(database: None) -> None:
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        person = make_person(None)
        told = Argon2PasswordHasher().decode(person.password)
        assert (told["memory_cost"], told["time_cost"]) >= (102_400, 2)
        words = {"email": person.email, "password": PASSWORD}
        assert visit().post("/aanmelden/", words).status_code == 302
        assert visit().post("/aanmelden/", {**words, "password": "fout"}).status_code == 422


def test_the_hash_of_a_person_in_a_test_costs_next_to_nothing(database: None) -> None:
    person = make_person(None)
    assert Argon2PasswordHasher().decode(person.password)["memory_cost"] < 1_000
