"""What everyone would write first: the same job in plain SQL, measured in the same run."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from time import perf_counter

import asyncpg

SCHEMA = """
    CREATE TABLE stock (id int PRIMARY KEY, free bigint NOT NULL);
    INSERT INTO stock VALUES (1, 1000000000), (2, 0);
    CREATE TABLE sales (id bigserial PRIMARY KEY, key text UNIQUE NOT NULL, payload text NOT NULL);
"""
PAYLOAD = "x" * 250
CONNECTIONS = (1, 8, 32, 64)
# One command in ten is a retry of the one before, three in twenty are refused.
PGBENCH = f"""
\\set chance random(1, 100)
\\set key random(1, 9000000000000000)
\\if :chance <= 15
BEGIN;
UPDATE stock SET free = free - 1 WHERE id = 2 AND free > 0;
ROLLBACK;
\\elif :chance <= 25
SELECT id FROM sales WHERE key = :key::text;
\\else
BEGIN;
UPDATE stock SET free = free - 1 WHERE id = 1 AND free > 0;
INSERT INTO sales (key, payload) VALUES (:key::text, '{PAYLOAD}');
COMMIT;
\\endif
"""
ONE_STATEMENT = (
    "WITH taken AS (UPDATE stock SET free = free - 1 WHERE id = $1 AND free > 0 RETURNING id) "
    "INSERT INTO sales (key, payload) SELECT $2, $3 FROM taken ON CONFLICT (key) DO NOTHING"
)


async def prepare(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("DROP TABLE IF EXISTS stock, sales")
    await connection.execute(SCHEMA)
    await connection.close()


async def pgbench(url: str, binary: Path, connections: int, seconds: float) -> float:
    """Sales per second of pgbench's prepared transactions."""
    read, write = os.pipe()
    os.write(write, PGBENCH.encode())
    os.close(write)
    process = await asyncio.create_subprocess_exec(
        binary, "--no-vacuum", "--protocol=prepared", f"--client={connections}", "--jobs=1",
        f"--time={max(1, round(seconds))}", f"--file=/dev/fd/{read}", url,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, pass_fds=(read,),
    )  # fmt: skip
    out, error = await process.communicate()
    os.close(read)
    found = re.search(rb"tps = ([0-9.]+)", out)
    if not found:
        raise RuntimeError(error.decode())
    return float(found[1]) * 0.75


async def naive(url: str, connections: int, seconds: float) -> float:
    """The same transactions from Python: UPDATE, INSERT, COMMIT on the row everybody wants."""

    async def job(connection: asyncpg.Connection, number: int, turn: int) -> int:
        kind = turn % 20
        if kind < 3:
            await connection.execute("BEGIN")
            await connection.fetchval(take, 2)
            await connection.execute("ROLLBACK")
            return 0
        if kind < 5:
            await connection.fetchval(look, f"{number}-{turn - 3}")
            return 0
        await connection.execute("BEGIN")
        await connection.fetchval(take, 1)
        await connection.fetchval(put, f"{number}-{turn}-{os.getpid()}-{start}", PAYLOAD)
        await connection.execute("COMMIT")
        return 1

    take = "UPDATE stock SET free = free - 1 WHERE id = $1 AND free > 0 RETURNING free"
    put = "INSERT INTO sales (key, payload) VALUES ($1, $2) RETURNING id"
    look = "SELECT id FROM sales WHERE key = $1"
    start = perf_counter()
    return await _storm(url, connections, seconds, job)


async def one_statement(url: str, connections: int, seconds: float) -> float:
    """The best that SQL does with one statement for a sale."""

    async def job(connection: asyncpg.Connection, number: int, turn: int) -> int:
        kind = turn % 20
        key = f"{number}-{turn - 5 * (3 <= kind < 5)}-{os.getpid()}-{start}"
        done = await connection.fetch(
            ONE_STATEMENT + " RETURNING id", 2 if kind < 3 else 1, key, PAYLOAD
        )
        return len(done)

    start = perf_counter()
    return await _storm(url, connections, seconds, job)


async def _storm(url, connections, seconds, job):
    async def client(number: int) -> int:
        connection = await asyncpg.connect(url)
        done = turn = 0
        await started.wait()
        while perf_counter() < until:
            done += await job(connection, number, turn)
            turn += 1
        await connection.close()
        return done

    started = asyncio.Event()
    clients = [asyncio.create_task(client(number)) for number in range(connections)]
    await asyncio.sleep(0.05 + connections * 0.01)
    begun = perf_counter()
    until = begun + seconds
    started.set()
    done = sum(await asyncio.gather(*clients))
    return done / (perf_counter() - begun)
