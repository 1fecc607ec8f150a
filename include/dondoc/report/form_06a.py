"""Form II.06a/VPCP/KSTT: how cases were received and settled, one row per field of procedures.

Source: Circular 01/2020/TT-VPCP, annex. Withdrawn cases count as settled on time, paused ones as in process within
time unless they were late before the pause (docs/rules.md#form-06a).
"""

import numpy as np
import pandas as pd

from dondoc.campaign import Period
from dondoc.errors import FiguresError
from dondoc.records import CaseState, days_of
from dondoc.vietnamese.names import collation_key
from dondoc.vietnamese.wording import number

NO_FIELD = "(không ghi lĩnh vực)"
TOTAL = "Tổng cộng"
RECEIVED = "received"
ONLINE = "online"
IN_PERSON = "in_person"
CARRIED = "carried"
SETTLED = "settled"
EARLY = "early"
ON_TIME = "on_time"
LATE = "settled_late"
OPEN = "open"
IN_TIME = "in_time"
OVERDUE = "overdue"
# The form's columns 3 to 13.
COLUMNS = (RECEIVED, ONLINE, IN_PERSON, CARRIED, SETTLED, EARLY, ON_TIME, LATE, OPEN, IN_TIME, OVERDUE)
# What the form's own arithmetic demands: a column is the sum of others.
IDENTITIES = {
    "3 = 4 + 5 + 6": (RECEIVED, (ONLINE, IN_PERSON, CARRIED)),
    "7 = 8 + 9 + 10": (SETTLED, (EARLY, ON_TIME, LATE)),
    "11 = 12 + 13": (OPEN, (IN_TIME, OVERDUE)),
    "3 = 7 + 11": (RECEIVED, (SETTLED, OPEN)),
}
ENDED = (CaseState.FINISHED_EARLY, CaseState.FINISHED_ON_TIME, CaseState.FINISHED_LATE, CaseState.WITHDRAWN)


def form_06a(cases: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the form: `no`, `field` and COLUMNS, one row per field in Vietnamese order, the total last.

    Args:
        cases: what `judge_cases` returns.
        period: the campaign's; a case received before it is carried over.

    Raises:
        FiguresError: an identity of the form does not hold.
    """
    flags = _flags(cases[cases["counted"]], period)
    sums = flags.groupby("field", sort=False)[list(COLUMNS)].sum().astype("int64").reset_index()
    sums = sums.iloc[sorted(range(len(sums)), key=lambda i: collation_key(sums["field"].iloc[i]))]
    total = sums[list(COLUMNS)].sum().to_frame().T.assign(field=TOTAL)
    form = pd.concat([sums, total], ignore_index=True)[["field", *COLUMNS]]
    require_identities(form)
    form.insert(0, "no", [*(str(i) for i in range(1, len(form))), ""])
    return form


def require_identities(form: pd.DataFrame) -> None:
    """Check every row of the form by IDENTITIES, and its last row by the sum of the others.

    Raises:
        FiguresError: names the identity and the row.
    """
    counts = {name: form[name].to_numpy("int64") for name in COLUMNS}
    for name, (whole, parts) in IDENTITIES.items():
        sums = np.sum([counts[part] for part in parts], axis=0)
        for row in np.flatnonzero(counts[whole] != sums):
            raise _broken(f"cột {name}", form["field"].iloc[row], int(counts[whole][row]), int(sums[row]))
    for i, column in enumerate(COLUMNS, start=3):
        *body, total = counts[column].tolist()
        if total != sum(body):
            raise _broken(f"tổng của cột {i}", TOTAL, total, sum(body))


def _flags(cases: pd.DataFrame, period: Period) -> pd.DataFrame:
    state = cases["state"].to_numpy(object)
    ended = np.isin(state, [str(one) for one in ENDED])
    new = days_of(cases["received_at"]) >= np.datetime64(period.first, "D")
    online = (cases["channel"] == "online").fillna(False).to_numpy(bool)
    past_due = state == CaseState.OVERDUE
    past_due |= (state == CaseState.PAUSED) & cases["late"].to_numpy(bool)
    return pd.DataFrame(
        {
            "field": cases["field"].fillna(NO_FIELD).to_numpy(object),
            RECEIVED: True,
            ONLINE: new & online,
            IN_PERSON: new & ~online,
            CARRIED: ~new,
            SETTLED: ended,
            EARLY: state == CaseState.FINISHED_EARLY,
            ON_TIME: np.isin(state, [CaseState.FINISHED_ON_TIME.value, CaseState.WITHDRAWN.value]),
            LATE: state == CaseState.FINISHED_LATE,
            OPEN: ~ended,
            IN_TIME: (state == CaseState.IN_TIME) | ((state == CaseState.PAUSED) & ~past_due),
            OVERDUE: past_due,
        }
    )


def _broken(identity: str, row: str, whole: int, parts: int) -> FiguresError:
    return FiguresError(
        f"Biểu II.06a không khớp ở {identity}, dòng “{row}”: {number(whole)} và {number(parts)}.",
        where="biểu II.06a/VPCP/KSTT",
        remedy="không phát hành báo cáo; chạy lại cả ngày, vẫn sai thì gửi nhật ký cho người bảo trì.",
    )
