"""What a person reads while `make run` works."""

import time

from dondoc_airflow.progress import AIRFLOW_STARTS, follow

LOG = """\
2026-11-30T01:00:00Z [info     ] Filling up the DagBag
2026-11-30T01:00:01Z [info     ] [DAG TEST] starting task_id=open_day map_index=-1 [airflow.sdk.definitions.dag]
2026-11-30T01:00:02Z [info     ] [DAG TEST] end task task_id=open_day map_index=-1 [airflow.sdk.definitions.dag]
2026-11-30T01:00:02Z [info     ] [DAG TEST] starting task_id=pull map_index=0 [airflow.sdk.definitions.dag]
2026-11-30T01:00:02Z [info     ] [DAG TEST] starting task_id=pull map_index=1 [airflow.sdk.definitions.dag]
2026-11-30T01:00:02Z [info     ] [DAG TEST] starting task_id=some_box_of_airflow map_index=-1
2026-11-30T01:00:02Z [warning  ] Máy chủ thư 127.0.0.1:1025 chưa trả lời đã 20 giây. [dondoc.mail.heartbeat]
2026-11-30T01:00:02Z [info     ] [DAG TEST] starting task_id=send_report map_index=-1
"""


def told(capsys):
    return [line.split("giây  ", 1)[1] for line in capsys.readouterr().out.splitlines()]


def test_each_box_is_told_once_in_its_own_name_and_the_mail_server_too(capsys):
    follow(LOG.splitlines(keepends=True))
    server = "Máy chủ thư 127.0.0.1:1025 chưa trả lời đã 20 giây."
    assert told(capsys) == [AIRFLOW_STARTS, "Mở ngày", "Lấy nguồn", server, "Gửi thư"]


def test_a_box_that_takes_long_is_told_again_before_anybody_wonders(capsys):
    def slow():
        yield "[DAG TEST] starting task_id=check map_index=-1"
        time.sleep(0.35)
        yield "nothing a person needs"

    follow(slow(), silence=0.1)
    words = told(capsys)
    assert words[:2] == [AIRFLOW_STARTS, "Rà soát"]
    assert set(words[2:]) == {"Rà soát: chưa xong, vẫn đang làm"}
