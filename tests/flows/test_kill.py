import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

TABLES = [
    "listings",
    "placements",
    "assets",
    "measurements",
    "matches",
    "clusters",
    "findings",
    "verdicts",
    "galleries",
    "troubles",
]
VOLATILE = {"run_id", "at", "pass_id"}
PATIENCE_S = 90.0
PICTURES = 60


def as_it_stands(shop):
    """Every table, by key: what must be the same however the runs went."""
    with shop.opened() as place:
        tables = {name: place.table(name) for name in TABLES}
    kept = {name: table.select(c for c in table.columns if c not in VOLATILE) for name, table in tables.items()}
    return {name: sorted(map(repr, table.rows(named=True))) for name, table in kept.items()}


def undisturbed(shop, plain_pictures):
    """Fill the shop, and give the tables of a run that nothing happens to."""
    for number in range(PICTURES):
        shop.put(f"p{number}.jpg", plain_pictures(number % 50))
    shop.put("broken.jpg", b"\xff\xd8\xff\xe0 nothing")
    shop.put("page.jpg", b"<html></html>")
    shop.run(shop.folder)
    tables = as_it_stands(shop)
    shutil.rmtree(shop.workspace)
    return tables


@pytest.fixture
def big_shop(prepared, plain_pictures):
    """Sixty small pictures, ten of them twice, and two files that are no pictures."""
    return prepared(undisturbed, plain_pictures)


def run_of(shop):
    return ("run", shop.folder, "-w", shop.workspace, "--no-report", "--workers", 2, "--json")


def until(reached, process):
    """Wait; False where the process ended before."""
    limit = time.monotonic() + PATIENCE_S
    while not reached():
        if process.poll() is not None:
            return False
        assert time.monotonic() < limit
        time.sleep(0.01)  # looking through folders costs a core, of which there are few
    return True


def files(folder):
    return sum(path.is_file() for path in folder.rglob("*")) if folder.exists() else 0


def of_session(leader):
    """The living processes in the session that `leader` began: id → parent's id."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def workers_of(leader):
    """The grandchildren of the driver: those that a fork server made."""
    processes = of_session(leader)
    return [pid for pid, parent in processes.items() if processes.get(parent) == leader]


def test_killed_again_and_again_it_ends_with_the_same_tables(shell, big_shop):
    """While it begins and while it measures; in a file, in a commit and in the judgement: test_kill_matrix.py."""
    thumbnails, enough = big_shop.workspace / "thumbnails", random.randint(5, 40)  # noqa: S311 - no secret
    moments = ((big_shop.workspace / "catalog.sqlite").exists, lambda: files(thumbnails) >= enough)
    for reached in moments:
        process = shell(*run_of(big_shop))
        assert until(reached, process)
        process.kill()
        process.wait(PATIENCE_S)
    process = shell(*run_of(big_shop))
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert as_it_stands(big_shop) == big_shop.first


def test_workers_end_with_their_driver(shell, big_shop):
    process = shell(*run_of(big_shop))
    assert until(lambda: workers_of(process.pid), process)
    process.kill()
    process.wait(PATIENCE_S)
    limit = time.monotonic() + PATIENCE_S
    while of_session(process.pid):
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_killed_worker_costs_nothing(shell, big_shop):
    process = shell(*run_of(big_shop))
    assert until(lambda: files(big_shop.workspace / "thumbnails") >= 3, process)
    os.kill(random.choice(workers_of(process.pid)), signal.SIGKILL)  # noqa: S311 - no secret
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert as_it_stands(big_shop) == big_shop.first


def test_ctrl_c_says_what_is_kept_and_the_next_run_goes_on(shell, big_shop):
    process = shell(*run_of(big_shop))
    assert until(lambda: files(big_shop.workspace / "thumbnails") >= 3, process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert out == ""
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    big_shop.run(big_shop.folder)
    assert as_it_stands(big_shop) == big_shop.first


def test_two_runs_at_once_both_end_well(shell, big_shop):
    first, second = shell(*run_of(big_shop)), shell(*run_of(big_shop))
    for process in (first, second):
        _, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
    assert as_it_stands(big_shop) == big_shop.first
