"""What the embedded servers promise: private, durable, and back after a crash."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest

from roadcase.embedded import Embedded, Nats, Postgres, account
from roadcase.errors import Unavailable

ROOT = Path(__file__).parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives servers to another user")

# A run of ours in a process of its own, to be killed without a chance to tidy up.
RUN = """
import asyncio, sys
from pathlib import Path
from roadcase.embedded import Embedded

async def main():
    async with Embedded(Path(sys.argv[1])) as servers:
        print(servers.postgres.pid, servers.nats.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def nothing_left_running(data_folder: Path) -> Iterator[None]:
    yield
    for process in processes_of(data_folder):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(5)


def processes_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if f"{process.cwd()} {process.cmdline()}".count(str(folder)):
                found.append(process)
    return found


def runs(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


async def execute(url: str, *statements: str) -> list[object]:
    connection = await asyncpg.connect(url)
    try:
        return [await connection.fetchval(statement) for statement in statements]
    finally:
        await connection.close()


async def nats_client(url: str) -> nats.NATS:
    async def ignore(_why: Exception) -> None:
        pass

    return await nats.connect(url, allow_reconnect=False, error_cb=ignore)


async def publish(url: str) -> int:
    """Publishes one message to a stream, made if need be; returns its sequence."""
    client = await nats_client(url)
    try:
        stream = client.jetstream()
        await stream.add_stream(name="S", subjects=["s"])
        return (await stream.publish("s", b"x")).seq
    finally:
        await client.close()


async def until_back(servers: Embedded, dead: int) -> float:
    """Seconds until neither server has this process id and both accept connections."""
    started = time.monotonic()
    while time.monotonic() < started + 10:
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            if dead not in (servers.postgres.pid, servers.nats.pid):
                await execute(servers.postgres_url, "SELECT 1")
                # nats-py would sleep two seconds after one refused connection.
                socket.create_connection(("127.0.0.1", servers.nats.port), 1).close()
                return time.monotonic() - started
        await asyncio.sleep(0.01)
    pytest.fail("the killed server did not come back")


async def test_an_empty_folder_becomes_two_servers_and_nothing_runs_after(data_folder):
    async with Embedded(data_folder / "new") as servers:
        version, encoding = await execute(
            servers.postgres_url, "SHOW server_version_num", "SHOW server_encoding"
        )
        assert (int(version) // 10000, encoding) == (18, "UTF8")
        assert await publish(servers.nats_url) == 1
    assert processes_of(data_folder) == []
    assert not (data_folder / "new/postgres/postmaster.pid").exists(), "not a clean shutdown"


async def test_a_restart_keeps_data_addresses_and_passwords(made_folder):
    async with Embedded(made_folder) as servers:
        first = (servers.postgres_url, servers.nats_url)
        await execute(servers.postgres_url, "CREATE TABLE kept AS SELECT 42 AS n")
        await publish(servers.nats_url)
    async with Embedded(made_folder) as servers:
        assert (servers.postgres_url, servers.nats_url) == first
        assert await execute(servers.postgres_url, "SELECT n FROM kept") == [42]
        assert await publish(servers.nats_url) == 2


async def test_what_is_acknowledged_is_on_disk(made_folder):
    async with Embedded(made_folder) as servers:
        shown = await execute(
            servers.postgres_url,
            "SHOW fsync",
            "SHOW synchronous_commit",
            "SHOW full_page_writes",
            "SHOW data_checksums",
        )
        assert shown == ["on"] * 4
        config = (made_folder / "nats.conf").read_text()
        assert "sync_interval: always" in config.partition("jetstream {")[2]


async def test_the_database_does_not_end_anyones_transaction_by_itself(made_folder):
    async with Embedded(made_folder) as servers:
        shown = await execute(servers.postgres_url, "SHOW idle_in_transaction_session_timeout")
        assert shown == ["0"]


@pytest.mark.parametrize("name", ["postgres", "nats"])
async def test_a_killed_server_is_back_within_a_second_with_its_data(made_folder, name):
    told: list[tuple[str, int]] = []
    async with Embedded(made_folder, on_restart=lambda *what: told.append(what)) as servers:
        before = (servers.postgres_url, servers.nats_url)
        await execute(servers.postgres_url, "CREATE TABLE kept AS SELECT 42 AS n")
        await publish(servers.nats_url)
        server = servers.postgres if name == "postgres" else servers.nats
        dead = server.pid
        os.kill(dead, signal.SIGKILL)
        assert await until_back(servers, dead) < 1.0
        assert (servers.postgres_url, servers.nats_url) == before
        assert await execute(servers.postgres_url, "SELECT n FROM kept") == [42]
        assert await publish(servers.nats_url) == 2
        assert server.restarts == 1
    assert told == [(name, 1)]


async def test_a_server_that_dies_again_is_started_again(made_folder):
    told: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    async with Embedded(made_folder, on_restart=lambda *what: told.put_nowait(what)) as servers:
        for count in (1, 2, 3):
            os.kill(servers.nats.pid, signal.SIGKILL)
            assert await asyncio.wait_for(told.get(), 5) == ("nats", count)
        assert await publish(servers.nats_url) == 1


async def test_a_child_that_outlives_its_killed_postmaster_does_not_block_the_next(own_postgres):
    connection = await asyncpg.connect(own_postgres.url)
    child = psutil.Process(connection.get_server_pid())
    child.suspend()  # a child that hangs keeps the shared memory of the dead postmaster
    own_postgres.kill()
    await own_postgres.start()
    assert not runs(child.pid)
    assert await execute(own_postgres.url, "SELECT 1") == [1]
    connection.terminate()


def killed_run(folder: Path) -> list[int]:
    """The process ids of the servers of a run that was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as run:
        pids = [int(pid) for pid in run.stdout.readline().split()]
        run.kill()
    assert len(pids) == 2, "the run did not start its servers"
    return pids


async def test_the_servers_of_a_killed_run_go_on_and_are_adopted(made_folder):
    orphans = killed_run(made_folder)
    assert all(runs(pid) for pid in orphans)
    async with Embedded(made_folder) as servers:
        assert [servers.postgres.pid, servers.nats.pid] == orphans
        assert await execute(servers.postgres_url, "SELECT 1") == [1]
        assert await publish(servers.nats_url) == 1
    assert processes_of(made_folder) == []


async def test_an_adopted_server_that_dies_is_started_again(made_folder):
    orphans = killed_run(made_folder)
    async with Embedded(made_folder) as servers:
        os.kill(orphans[0], signal.SIGKILL)
        assert await until_back(servers, orphans[0]) < 1.0
        assert servers.postgres.restarts == 1


async def test_orphans_that_run_with_other_settings_are_replaced(made_folder):
    orphans = killed_run(made_folder)
    postgres = Postgres(made_folder, settings={"work_mem": "9MB"})
    server = Nats(made_folder, accounts=["a"])
    await asyncio.gather(postgres.start(), server.start())
    try:
        assert not set(orphans) & {postgres.pid, server.pid}
        assert not any(runs(pid) for pid in orphans)
        assert await execute(postgres.url, "SHOW work_mem") == ["9MB"]
        assert await publish(server.url_of("a")) == 1
    finally:
        await asyncio.gather(postgres.stop(), server.stop())


async def test_a_stranger_with_the_process_id_of_an_old_server_is_left_alone(made_folder):
    async with Embedded(made_folder):
        lines = (made_folder / "postgres/postmaster.pid").read_text().splitlines()
    owner = (made_folder / "postgres").stat()
    user = owner.st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as it:  # noqa: ASYNC220
        pid_file = made_folder / "postgres/postmaster.pid"
        pid_file.write_text("\n".join([str(it.pid), *lines[1:], ""]))
        pid_file.chmod(0o600)
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        (made_folder / "nats.pid").write_text(str(it.pid))
        async with Embedded(made_folder) as servers:
            assert await execute(servers.postgres_url, "SELECT 1") == [1]
        assert it.poll() is None
        it.kill()


async def test_a_folder_in_use_is_refused_by_name_of_the_process_that_uses_it(made_folder):
    async with Embedded(made_folder) as servers:
        with pytest.raises(Unavailable, match=f"in use by process {os.getpid()}") as refused:
            async with Embedded(made_folder):
                pass
        assert refused.value.facts["folder"] == str(made_folder)
        assert await execute(servers.postgres_url, "SELECT 1") == [1]
    async with Embedded(made_folder):
        pass


async def test_a_folder_with_other_files_is_refused_and_left_as_it_was(data_folder):
    (data_folder / "thesis.txt").write_text("years of work")
    data_folder.chmod(0o755)
    with pytest.raises(Unavailable, match="holds other files"):
        async with Embedded(data_folder):
            pass
    assert stat.S_IMODE(data_folder.stat().st_mode) == 0o755
    assert [path.name for path in data_folder.iterdir()] == ["thesis.txt"]


async def test_the_folder_and_everything_secret_in_it_are_private_whatever_the_umask(made_folder):
    made_folder.chmod(0o755)
    before = os.umask(0)
    try:
        async with Embedded(made_folder):
            assert stat.S_IMODE(made_folder.stat().st_mode) == 0o700
            assert stat.S_IMODE((made_folder / "postgres").stat().st_mode) == 0o700
            files = [path for path in made_folder.iterdir() if path.is_file()]
            names = {path.name for path in files}
            assert {"postgres.password", "nats.password", "nats.conf"} <= names
            modes = {stat.S_IMODE(path.stat().st_mode) for path in files}
            assert modes == {0o600}
    finally:
        os.umask(before)


async def test_no_password_is_on_a_command_line_or_in_an_environment(made_folder):
    async with Embedded(made_folder) as servers:
        for process in processes_of(made_folder):
            seen = f"{process.cmdline()} {process.environ()}"
            assert servers.postgres.password not in seen
            assert servers.nats.password not in seen


@pytest.mark.parametrize("password", ["", ":wrong"])
async def test_postgres_lets_nobody_in_without_the_password(own_postgres, password):
    url = own_postgres.url.replace(f":{own_postgres.password}", password)
    with pytest.raises(asyncpg.PostgresError, match="password"):
        await execute(url, "SELECT 1")


@pytest.mark.parametrize(
    "options", ["{}", '{"user": "roadcase"}', '{"user": "roadcase", "pass": "wrong"}']
)
async def test_nats_lets_nobody_in_without_the_password(own_nats, options):
    reader, writer = await asyncio.open_connection("127.0.0.1", own_nats.port)
    writer.write(f"CONNECT {options}\r\nPING\r\n".encode())
    answer = (await reader.read()).splitlines()
    assert answer[1:] == [b"-ERR 'Authorization Violation'"]
    writer.close()
    await writer.wait_closed()


async def test_only_loopback_is_listened_to_and_no_monitoring_port_is_open(made_folder):
    async with Embedded(made_folder) as servers:
        listening = sorted(
            (connection.laddr.ip, connection.laddr.port)
            for server in (servers.postgres, servers.nats)
            for connection in psutil.Process(server.pid).net_connections("all")
            if connection.status == psutil.CONN_LISTEN or connection.family == socket.AF_UNIX
        )
        assert listening == sorted(
            [("127.0.0.1", servers.postgres.port), ("127.0.0.1", servers.nats.port)]
        )


async def test_taken_ports_are_given_up_for_others(made_folder):
    async with Embedded(made_folder) as servers:
        taken = [servers.postgres.port, servers.nats.port]
    with contextlib.ExitStack() as stack:
        for port in taken:
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        async with Embedded(made_folder) as servers:
            assert not {servers.postgres.port, servers.nats.port} & set(taken)
            assert await execute(servers.postgres_url, "SELECT 1") == [1]
            assert await publish(servers.nats_url) == 1


@AS_ROOT
async def test_root_gives_postgres_to_a_user_without_rights_below_closed_folders(made_folder):
    assert made_folder.parent.stat().st_uid == 0
    assert not made_folder.parent.stat().st_mode & 0o077, "the test needs a folder closed to others"
    before = {path: path.stat().st_mode for path in made_folder.parents}
    async with Embedded(made_folder) as servers:
        process = psutil.Process(servers.postgres.pid)
        assert 0 not in process.uids()
        assert 0 not in process.gids()
        assert made_folder.stat().st_uid == 0
    assert {path: path.stat().st_mode for path in made_folder.parents} == before


@AS_ROOT
async def test_root_with_a_closed_environment_runs_a_copy_of_postgres(
    made_folder, data_folder, monkeypatch
):
    wheel = account.postgres_programs(None).parents[1]
    closed = data_folder / "site"
    for part in ("bin", "share", "lib/postgresql"):
        shutil.copytree(wheel / "pginstall18" / part, closed / wheel.name / "pginstall18" / part)
    (closed / wheel.name / "__init__.py").touch()
    shutil.copytree(f"{wheel}.libs", closed / f"{wheel.name}.libs")
    monkeypatch.syspath_prepend(closed)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as cache:
        os.chmod(cache, 0o755)  # noqa: PTH101
        monkeypatch.setattr(account, "_CACHE", Path(cache, "roadcase"))
        server = Postgres(made_folder, bound=True)
        await server.start()
        assert psutil.Process(server.pid).exe().startswith(cache)
        assert await execute(server.url, "SELECT 1") == [1]
        await server.stop()


async def test_a_first_start_that_was_cut_short_is_done_over(data_folder):
    (data_folder / "postgres.new").mkdir()
    (data_folder / "postgres.new/PG_VERSION").write_text("18\n")
    server = Postgres(data_folder, bound=True)
    await server.start()
    assert await execute(server.url, "SELECT 1") == [1]
    await server.stop()
    assert not (data_folder / "postgres.new").exists()


async def test_files_of_another_postgres_are_refused_with_what_to_do(made_folder):
    (made_folder / "postgres/PG_VERSION").write_text("17\n")
    with pytest.raises(Unavailable, match=r"written by PostgreSQL 17.*pg_dump"):
        await Postgres(made_folder).start()


async def test_files_without_their_password_are_refused(made_folder):
    (made_folder / "postgres.password").unlink()
    with pytest.raises(Unavailable, match=r"postgres\.password is missing"):
        await Postgres(made_folder).start()


async def test_a_server_that_cannot_start_says_why_and_where_its_log_is(made_folder):
    server = Postgres(made_folder, bound=True, settings={"shared_buffers": "a lot"})
    with pytest.raises(Unavailable, match=r"shared_buffers.*postgres\.log"):
        await server.start()


async def test_when_one_server_fails_the_other_is_stopped_and_the_folder_is_free(
    made_folder, monkeypatch
):
    monkeypatch.setattr(Nats, "_text", lambda *_: "listen: nonsense")
    with pytest.raises(Unavailable, match="NATS did not start"):
        async with Embedded(made_folder):
            pass
    assert processes_of(made_folder) == []
    monkeypatch.undo()
    async with Embedded(made_folder) as servers:
        assert await publish(servers.nats_url) == 1


async def test_interrupting_a_terminal_does_not_reach_the_servers(made_folder):
    async with Embedded(made_folder) as servers:
        sessions = {os.getsid(servers.postgres.pid), os.getsid(servers.nats.pid)}
        assert os.getsid(0) not in sessions


async def test_accounts_are_added_to_a_running_server_and_see_nothing_of_each_other(data_folder):
    server = Nats(data_folder, bound=True, accounts=["a"])
    await server.start()
    listener = await nats_client(server.url_of("a"))
    heard = await listener.subscribe("s")
    assert await publish(server.url_of("a")) == 1
    await server.add_accounts(["b"])
    assert await publish(server.url_of("b")) == 1, "b has no stream of its own"
    assert await publish(server.url_of("a")) == 2, "a lost its stream"
    await listener.flush()
    assert heard.pending_msgs == 2, "adding accounts cut a off, or a hears b"
    await listener.close()
    await server.stop()
