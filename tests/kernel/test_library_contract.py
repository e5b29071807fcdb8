"""The eventsourcing library's own suites on our log, and its Application on it.

After every test the whole log is verified.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    IntegrityError,
    NotSupportedError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests import persistence as suites
from eventsourcing.utils import Environment, get_topic

from roadcase.asked import Context
from roadcase.decider import Command, Decider, Event
from roadcase.dispatch import Dispatcher
from roadcase.event_store.library import Factory, PostgresRecorder, StreamMapper, projector
from roadcase.event_store.library.recorders import (
    PostgresAggregateRecorder,
    ServiceRecorder,
    SnapshotRecorder,
)
from roadcase.event_store.library.session import Session
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Entry, meta_of
from roadcase.event_store.verify import verify
from roadcase.testing.logs import put

SERVICE = "ticketing"


class OnOurLog:
    """Gives a suite its recorder, and verifies what it wrote."""

    recorder = PostgresRecorder

    @pytest.fixture(autouse=True)
    def _log(self, database):
        self.url = database
        self.sessions = []
        self.env = Environment("", environment(database))
        yield
        for session in self.sessions:
            session.close()
        asyncio.run(_verified(database))

    def create_recorder(self):
        session = Session(self.url, SERVICE)
        self.sessions.append(session)
        return self.recorder(session, "suite", type(self.new_originator_id()))

    def new_originator_id(self):
        return uuid4()


class TestAggregates(OnOurLog, suites.AggregateRecorderTestCase):
    recorder = PostgresAggregateRecorder


class TestSnapshots(OnOurLog, suites.AggregateRecorderTestCase):
    recorder = SnapshotRecorder


class TestApplication(OnOurLog, suites.ApplicationRecorderTestCase):
    def test_insert_subscribe(self):
        self.optional_test_insert_subscribe()


class TestApplicationWithTextIds(OnOurLog, suites.ApplicationRecorderTestCase):
    def new_originator_id(self):
        return f"dog-{uuid4()}"

    def test_insert_subscribe(self):
        self.optional_test_insert_subscribe()


class TestTracking(OnOurLog, suites.TrackingRecorderTestCase):
    pass


class TestProcess(OnOurLog, suites.ProcessRecorderTestCase):
    pass


class TestNotificationsDoNotInterleave(OnOurLog, suites.NonInterleavingNotificationIDsBaseCase):
    pass


class Tallies(PostgresRecorder):
    """A view that keeps what it counts as events, in one transaction with how far it has come."""

    KEPT = "tally"

    def count(self, tracking):
        version = len(self.select_events(self.KEPT)) + 1
        self.insert_events([StoredEvent(self.KEPT, version, "seen", b"{}")], tracking=tracking)


class TestFactory(OnOurLog, suites.InfrastructureFactoryTestCase):
    def expected_factory_class(self):
        return Factory

    def expected_aggregate_recorder_class(self):
        return PostgresAggregateRecorder

    def expected_application_recorder_class(self):
        return PostgresRecorder

    def expected_tracking_recorder_class(self):
        return PostgresRecorder

    def tracking_recorder_subclass(self):
        return Tallies

    def expected_process_recorder_class(self):
        return PostgresRecorder


class Dog(Aggregate):
    @event("Registered")
    def __init__(self, name):
        self.name, self.tricks = name, []

    @event("Learned")
    def learn(self, trick):
        self.tricks.append(trick)


class School(Application):
    snapshotting_intervals = {Dog: 3}  # noqa: RUF012


class Counting(Projection[Tallies]):
    topics = (get_topic(Dog.Learned),)

    @singledispatchmethod
    def process_event(self, _, tracking):
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, _: Dog.Learned, tracking):
        self.view.count(tracking)


@pytest.fixture
def verified(database):
    """The address of a database whose log is verified after the test."""
    yield database
    asyncio.run(_verified(database))


def test_an_application_keeps_its_aggregates_in_our_log(verified):
    with School(environment(verified)) as app:
        dog = Dog("Rex")
        for trick in ("sit", "roll", "play dead"):
            dog.learn(trick)
        assert [each.notification.id for each in app.save(dog)] == [1, 2, 3, 4]
        dog.learn("sing")
        app.save(dog)
        assert app.repository.get(dog.id).tricks == ["sit", "roll", "play dead", "sing"]
        assert app.repository.get(dog.id, version=2).tricks == ["sit"]
        assert [each.originator_version for each in app.snapshots.get(dog.id)] == [3]
        stale = app.repository.get(dog.id, version=4)
        stale.learn("bark")
        with pytest.raises(IntegrityError):
            app.save(stale)
    records = asyncio.run(_read(verified))
    assert {record.stream for record in records} == {f"library/school/{dog.id}"}
    metas = [meta_of(record) for record in records]
    assert {meta.actor for meta in metas} == {"library/school"}
    assert len({meta.id for meta in metas}) == 5
    assert len({meta.command for meta in metas}) == 2  # one for each save
    assert [meta.at for meta in metas] == sorted(meta.at for meta in metas)
    with pytest.raises(OperationalError, match="closed"):
        app.recorder.max_notification_id()


def test_a_projection_runner_follows_our_log(verified):
    env = environment(verified) | {"COUNTING_ORIGINATOR_ID_TYPE": "text"}
    for round_ in (1, 2):  # the second goes on where the first has stopped
        with ProjectionRunner(
            application_class=School, projection_class=Counting, view_class=Tallies, env=env
        ) as runner:
            dog = Dog("Rex")
            dog.learn("sit")
            dog.learn("roll")
            last = runner.app.save(dog)[-1].notification.id
            runner.wait(last, timeout=10)
            assert len(runner.view.select_events(Tallies.KEPT)) == 2 * round_
            runner.view.session.close()


class Step(Command):
    walk: str
    metres: int


class Stepped(Event):
    topic = "walk.stepped.v2"
    metres: int


WALK = Decider(
    category="walk",
    key="walk",
    initial=lambda: [0],
    evolve=lambda state, event: state.append(state[-1] + event.metres),
    events=(Stepped,),
    commands={Step: lambda _, command, __: [Stepped(metres=command.metres)]},
    upcasts={"walk.stepped.v1": lambda old: ("walk.stepped.v2", {"metres": old["feet"] // 3})},
)


class Walks(StreamMapper):
    deciders = (WALK,)


class Walking(Projection[Tallies]):
    @singledispatchmethod
    def process_event(self, fact, tracking):
        assert isinstance(fact.event, Stepped)
        self.view.count(tracking)


async def _walk(url):
    """Three steps, the first of which an older version of the service has written."""
    async with PostgresLog(url, SERVICE) as log:
        old = Entry("acme/walk/x", 1, "walk.stepped.v1", b'{"feet":30}', b"{}")
        await put(log, old, Entry("library/school/rex", 1, "x", b"", b""))
        dispatch = Dispatcher(log, [WALK], secret=b"secret")
        task = asyncio.create_task(dispatch.run())
        for metres in (5, 7):
            command = Step(walk="x", metres=metres)
            await dispatch(command, Context(tenant="acme", actor="ann"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_an_application_reads_our_streams_by_our_mapper_and_cannot_write_them(verified):
    asyncio.run(_walk(verified))
    env = environment(verified) | {"MAPPER_TOPIC": get_topic(Walks), "AGGREGATE_CACHE_MAXSIZE": "9"}
    with Application(env) as app:
        assert type(app.recorder) is ServiceRecorder
        fold = projector(WALK)
        assert app.repository.get("acme/walk/x", version=2, projector_func=fold).state == [
            0,
            10,
            15,
        ]
        stream = app.repository.get("acme/walk/x", projector_func=fold)
        assert (stream.version, stream.state) == (3, [0, 10, 15, 22])
        assert [each.id for each in app.notification_log.select(1, 10)] == [1, 3, 4]
        (fact,) = app.events.get("acme/walk/x", gt=2)
        assert fact.event == Stepped(metres=7)
        with pytest.raises(AggregateNotFoundError):
            app.repository.get("other/walk/x", projector_func=fold)
        for unwanted in (fact, stream):
            with pytest.raises(NotSupportedError, match="only read"):
                app.save(unwanted)
        with pytest.raises(NotSupportedError, match="only read"):
            app.recorder.insert_events([StoredEvent("acme/walk/x", 4, "x", b"")])
    assert len(asyncio.run(_read(verified))) == 4


def test_a_projection_runner_follows_our_streams(verified):
    asyncio.run(_walk(verified))
    env = environment(verified)
    env |= {"APPLICATION_MAPPER_TOPIC": get_topic(Walks), "WALKING_ORIGINATOR_ID_TYPE": "text"}
    with ProjectionRunner(
        application_class=Application, projection_class=Walking, view_class=Tallies, env=env
    ) as runner:
        runner.wait(4, timeout=10)
        assert len(runner.view.select_events(Tallies.KEPT)) == 3
        runner.view.session.close()


def test_two_applications_in_one_log_do_not_see_each_other(verified):
    class Other(School):
        pass

    with School(environment(verified)) as app, Other(environment(verified)) as other:
        dog = Dog("Rex")
        app.save(dog)
        other.save(Dog("Ann"), Dog("Bob"))
        assert [each.id for each in app.notification_log.select(1, 10)] == [1]
        assert [each.id for each in other.notification_log.select(1, 10)] == [2, 3]
        assert (app.recorder.max_notification_id(), other.recorder.max_notification_id()) == (1, 3)
        with pytest.raises(AggregateNotFoundError):
            other.repository.get(dog.id)


def test_a_subscription_ends_when_its_connection_is_lost(verified):
    session = Session(verified, SERVICE)
    recorder = PostgresRecorder(session, "school", str)
    with recorder.subscribe() as subscription:
        recorder.insert_events([StoredEvent("rex", 1, "x", b"{}")])
        assert next(subscription).id == 1
        session.run(_hang_up_on_everyone(verified))
        with pytest.raises(OperationalError, match="lost"):
            next(subscription)
    session.close()


def test_without_a_server_everything_says_so(unused_tcp_port):
    session = Session(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/x", SERVICE)
    recorder = PostgresRecorder(session, "school", str)
    for ask in (
        recorder.max_notification_id,
        recorder.subscribe,
        lambda: recorder.insert_events([StoredEvent("rex", 1, "x", b"{}")]),
        lambda: recorder.select_events("rex"),
    ):
        with pytest.raises(OperationalError, match="away while"):
            ask()
    session.close()


def test_what_is_missing_in_the_environment_is_said_at_once():
    with pytest.raises(OSError, match=r"POSTGRES_URL is not set; ROADCASE_SERVICE is not set"):
        Factory(Environment("", {}))


def test_payloads_that_are_no_json_do_not_break_the_view_for_people(verified):
    session = Session(verified, SERVICE)
    states = (b'{"a":1}', b"state", b"\xff\x00", b'"\\u0000"', b"")
    new = [StoredEvent("rex", n, "x", state) for n, state in enumerate(states, 1)]
    PostgresRecorder(session, "school", str).insert_events(new)
    rows = session.run(session.fetch(f"SELECT payload FROM {SERVICE}.log ORDER BY position"))
    session.close()
    shown = ['{"a": 1}', '"c3RhdGU="', '"/wA="', '"Ilx1MDAwMCI="', '""']
    assert [row[0] for row in rows] == shown


def environment(url):
    return {
        "PERSISTENCE_MODULE": "roadcase.event_store.library",
        "ROADCASE_POSTGRES_URL": url,
        "ROADCASE_SERVICE": SERVICE,
    }


async def _hang_up_on_everyone(url):
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def _verified(url):
    async with PostgresLog(url, SERVICE) as log:
        return await verify(log)


async def _read(url):
    async with PostgresLog(url, SERVICE) as log:
        return await log.read(0, 100)
