"""PostgreSQL by its address: refused in a sentence without the password, and found again after it was away."""

import subprocess
import sys
import traceback

import pytest
from sqlalchemy import make_url, text

from retrieval.corpora import CorpusStore
from retrieval.database import open_database, writing
from retrieval.errors import BadSetting, DatabaseUnavailable
from tests.databases import ROOT

VARIABLE = "PLAYGROUND_DATABASE_URL"


@pytest.fixture
def address(monkeypatch):
    """Sets the address of the database."""
    return lambda url: monkeypatch.setenv(VARIABLE, url)


@pytest.fixture
def fresh(postgres, address):
    """The name of a fresh database whose address is set."""
    with postgres.database() as url:
        address(url)
        yield make_url(url).database


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://ann:s3cret@h/d", "it begins with mysql://"),
        ("sqlite:///a.db", "it begins with sqlite://"),
        ("postgresql+psycopg2://ann:s3cret@h/d", r"it begins with postgresql\+psycopg2://"),
        ("s3cret", "what it holds is no such address"),
        ("postgresql://ann:s3cret@h:port/d", "what it holds is no such address"),
        ("postgresql://ann:s3cret@h", "it names no database"),
    ],
)
def test_an_address_of_something_else_is_refused(home, address, url, why):
    address(url)
    with pytest.raises(BadSetting, match=rf"{VARIABLE} must be like postgresql://user:password@host.*; {why}$") as caught:
        open_database(home)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:s3cret@127.0.0.1:1/judging",
        "postgres://ann:s3cret@/judging?host=/nowhere",
        "postgresql+psycopg://ann@/judging?host=/nowhere&password=s3cret",
        "postgresql://ann:s3cret@/judging?host=/nowhere&unheard=of",
    ],
)
def test_a_server_out_of_reach_is_told_without_the_password(home, address, url):
    pytest.importorskip("psycopg")
    address(url)
    sentence = (
        rf"^the PostgreSQL database 'judging' on \S+ cannot be reached \(.*\); start the server or correct {VARIABLE}; .*pg_dump"
    )
    with pytest.raises(DatabaseUnavailable, match=sentence) as caught:
        open_database(home)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    assert not home.exists()


def test_a_database_that_is_not_there_is_told(postgres, home, address):
    address(postgres.url("missing"))
    with pytest.raises(DatabaseUnavailable, match=r"'missing' on /\S+ cannot be reached \(.*database \"missing\" does not exist"):
        open_database(home)


def test_a_driver_that_is_not_installed_is_told(home, address, monkeypatch):
    address("postgresql://ann:s3cret@h/d")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        DatabaseUnavailable, match=r"driver psycopg is not installed; run pip install 'retrieval-playground\[postgres\]'"
    ):
        open_database(home)


def test_a_user_without_rights_is_told(postgres, fresh, home, address):
    postgres.sql("CREATE ROLE guest LOGIN")
    address(postgres.url(fresh).replace("postgres@", "guest@"))
    with pytest.raises(
        DatabaseUnavailable, match=r"refuses this user, nothing was changed \(permission denied for schema public\)"
    ):
        open_database(home)
    postgres.sql("DROP ROLE guest")


def test_tables_of_another_application_are_left_alone(postgres, fresh, home):
    postgres.sql("CREATE TABLE corpora (mine INTEGER)", fresh)
    with pytest.raises(
        DatabaseUnavailable, match=r"holds tables of another application, nothing was changed .*; name a database of"
    ):
        open_database(home)
    assert postgres.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", fresh) == [("corpora",)]


def test_a_read_only_server_is_read_and_not_written(postgres, fresh, home):
    CorpusStore(home).create("Shop")
    postgres.sql(f"ALTER DATABASE {fresh} SET default_transaction_read_only = on")
    store = CorpusStore(home)
    assert [record.name for record in store.records()] == ["Shop"]
    with pytest.raises(
        DatabaseUnavailable, match=rf"is read-only, nothing was changed .*; name the primary server in {VARIABLE}"
    ):
        store.create("Port")


def end_all(postgres, name):
    postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_connection_that_the_server_ended_is_replaced(postgres, fresh, home):
    store = CorpusStore(home)
    store.create("Shop")
    end_all(postgres, fresh)
    assert [record.name for record in store.records()] == ["Shop"]


def test_a_transaction_that_the_server_ended_is_told_and_nothing_of_it_stored(postgres, fresh, home):
    store = CorpusStore(home)

    def cut_short():
        with writing(store._engine) as connection:
            connection.execute(text("INSERT INTO deleted_corpora VALUES ('a', '')"))
            end_all(postgres, fresh)
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable, match=r"cannot be reached \(terminating connection due to administrator command\)"):
        cut_short()
    assert postgres.sql("SELECT * FROM deleted_corpora", fresh) == []
    assert store.create("Shop").name == "Shop"


def test_names_are_ordered_as_in_a_file(database_home):
    store = CorpusStore(database_home)
    for name in ("b", "É", "a", "B", "_"):
        store.create(name)
    assert [record.name for record in store.records()] == ["B", "_", "a", "b", "É"]


def test_connections_are_closed_at_the_end_of_a_process(fresh, home):
    code = """
import sys
from pathlib import Path
from retrieval.corpora import CorpusStore
stores = [CorpusStore(Path(sys.argv[1])) for _ in range(3)]
stores[0].create("Shop")
stores[1]._engine.dispose()
print(*(record.name for store in stores for record in store.records()))
"""
    done = subprocess.run([sys.executable, "-W", "always", "-c", code, str(home)], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("Shop Shop Shop\n", "")
