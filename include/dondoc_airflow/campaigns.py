"""One DAG per campaign: a DAG file says how, and here each campaign's is made apart from every other's."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from airflow.sdk import DAG, dag, get_parsing_context, task
from airflow.sdk.exceptions import AirflowFailException

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign, campaign_folders, load_calendar, load_campaign
from dondoc.errors import DondocError, told
from dondoc.installation import Installation
from dondoc_airflow.retries import PATIENT

log = logging.getLogger(__name__)


def common(doc: str | None, retries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that every DAG of ours is made with; its file's docstring is for whoever is paged."""
    return {
        "max_active_runs": 1,
        "catchup": False,
        "default_args": {"owner": "Văn phòng", **retries},
        "doc_md": doc,
    }


def register(
    names: dict[str, Any],
    kind: str,
    build: Callable[[Campaign], DAG],
    *,
    tells_settings: bool = False,
) -> None:
    """Put the DAG `<campaign>.<kind>` of each campaign into the `names` of a DAG file.

    A task, and a command about one DAG, reads the file for that DAG alone: the others are not made.

    Args:
        names: the file's `globals()`, in which Airflow looks for DAGs.
        kind: what the DAG does.
        build: makes the DAG of a campaign.
        tells_settings: whether this file says which campaigns have wrong settings; it is enough that one does. A fault
            of the software is told by every file whose DAG it takes away.
    """
    wanted = get_parsing_context().dag_id
    for folder in campaign_folders(Installation.from_environment().campaigns):
        dag_id = _dag_id(folder.name, kind)
        if wanted not in (None, dag_id):
            continue
        try:
            names[dag_id] = build(load_campaign(folder))
        except DondocError as error:
            if tells_settings:
                # Another folder's name may give the same id: what works stays.
                names.setdefault(dag_id, _stand_in(folder.name, kind, "cấu hình sai", error))
        except Exception as error:
            log.exception("%s: không lập được DAG", dag_id)
            hidden = told(error, doing="việc lập DAG")
            names.setdefault(dag_id, _stand_in(folder.name, kind, "lỗi phần mềm", hidden))


def sound_campaigns() -> Iterator[str]:
    """Yield the campaigns that can be read; a broken one is shown by its daily DAG."""
    for folder in campaign_folders(Installation.from_environment().campaigns):
        try:
            yield load_campaign(folder).code
        except Exception:  # noqa: BLE001, S112  as above
            continue


def calendar_of(campaign: Campaign) -> WorkCalendar:
    """Return the working calendar of the campaign's office."""
    return load_calendar(Installation.from_environment().calendar_file(campaign.calendar))


def _stand_in(code: str, kind: str, what: str, error: DondocError) -> DAG:
    """Return a DAG in place of one that cannot be made: the others run on, and this is seen."""

    @task(task_display_name=what.capitalize())
    def configuration() -> None:
        # Word and the readers of sources load where the task runs.
        from dondoc.commands.check import check_campaign

        found = check_campaign(Installation.from_environment(), code)
        raise AirflowFailException(found.refusal or f"Cấu hình không còn lỗi. Khi Airflow đọc lần trước: {error}")

    @dag(
        dag_id=_dag_id(code, kind),
        dag_display_name=f"⚠ {code}: {what}",
        schedule=None,
        tags=["Đôn Đốc", what],
        **common(f"```\n{error}\n```\nGõ lệnh `dondoc check {code}` để xem mọi lỗi của cấu hình.", PATIENT),
    )
    def flow() -> None:
        configuration()

    return flow()


def _dag_id(code: str, kind: str) -> str:
    # A folder may bear any name; a DAG may not, and one that cannot be made would take the others with it.
    return f"{re.sub(r'[^A-Za-z0-9.-]', '-', code)}.{kind}"
