"""Whatever is killed while a shop sells: nothing acknowledged is lost, nothing is sold twice."""

from __future__ import annotations

import pytest

from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from tests.kernel.projecting import assert_folded, at_head, stands
from tests.kernel.selling import orders, sound
from tests.kernel.streaming import assert_copied, connected_to, stream_of
from tests.system.chaos import SHOWN, Company


@pytest.mark.timeout(900)
async def test_log_stream_and_read_models_agree_after_random_kills(
    own_postgres, own_nats, data_folder, request, capsys
):
    seconds = request.config.getoption("--chaos-seconds", default=12.0)
    await migrate(own_postgres.url, "shop")
    company = Company(data_folder, own_postgres, own_nats)
    company.start()
    try:
        await company.rage(seconds)
        company.stop_selling()
        async with (
            PostgresLog(own_postgres.url, "shop") as log,
            connected_to(own_nats.url) as client,
        ):
            records = await sound(log)  # dense, chained, never one too many, each hold ends once
            sold = orders(records)
            acknowledged = company.notes.of("sold").keys()
            refused = company.notes.of("refused").keys()
            with capsys.disabled():
                print(
                    f"\n{seconds:.0f} s: {len(records)} events, {len(acknowledged)} orders sold, "
                    f"{len(refused)} refused; killed {dict(company.kills)}"
                )
            assert set(sold.values()) == {1}, "an order was sold twice"
            assert acknowledged == sold.keys(), "the log and the answers differ"
            assert not refused & sold.keys()
            assert company.notes.open_ones() == {}
            await at_head(own_postgres.url, log, SHOWN)
            await assert_folded(own_postgres.url, log, SHOWN)
            where = await stands(own_postgres.url)
            assert {(each.position, each.stopped) for each in where.values()} == {
                (len(records), None)
            }
            first = await stream_of(client, log).first()
            await assert_copied(client, log, own_nats.url, first=first)
    except BaseException:
        print(company.said())
        raise
    finally:
        company.stop()
