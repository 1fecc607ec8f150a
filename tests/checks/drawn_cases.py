"""Cases drawn at random so that every situation of the decision table comes up often, dates upon dates among them."""

import numpy as np
import pyarrow as pa

from dondoc.records import CASES, PAUSE

NAT = np.datetime64("NaT", "D")
MOST_PAUSES = 4
STATUS_WEIGHTS = {1: 0.02, 2: 0.1, 3: 0.02, 4: 0.3, 5: 0.18, 6: 0.05, 7: 0.03, 8: 0.05, 9: 0.15, 10: 0.1}


def draw_cases(seed, count, today):
    """Return `count` cases, an Arrow table of schema `records.CASES`, around the business date `today`."""
    draw = Drawing(np.random.default_rng(seed), count, np.datetime64(today))
    columns = {field.name: pa.nulls(count, field.type) for field in CASES}
    columns |= {name: array_of(values, CASES.field(name).type) for name, values in draw.columns().items()}
    return pa.table(columns)


def array_of(values, dtype):
    return values if isinstance(values, pa.Array) else pa.array(values, dtype)


class Drawing:
    """The random choices of one set of cases; days are datetime64[D], NaT where there is none."""

    def __init__(self, random, count, today):
        self.random, self.count, self.today = random, count, today
        self.received = today - random.integers(1, 60, count)
        self.due = self.maybe(self.received + random.integers(1, 45, count), 0.92)
        self.extension = self.maybe(self.due + random.integers(-3, 15, count), 0.12)
        codes, weights = list(STATUS_WEIGHTS), list(STATUS_WEIGHTS.values())
        self.status = random.choice(codes, count, p=weights)
        finished = self.near(self.received, self.due, self.due, self.today, spread=6)
        self.finished = np.where(self.status >= 9, np.maximum(finished, self.received), NAT)

    def columns(self):
        return {
            "case_number": np.array([f"H{i:07d}" for i in range(self.count)], object),
            "status": self.status,
            "received_at": self.hour(self.received),
            "due_at": self.hour(self.due),
            "extension_due_at": self.hour(self.extension),
            "finished_at": self.hour(self.finished),
            "term_length": self.random.integers(1, 30, self.count),
            "term_unit": self.random.choice(np.array(["working_day", "day", None], object), self.count),
            "due_includes_pauses": self.random.choice(np.array([True, False, None], object), self.count),
            "pauses": self.pauses(),
        }

    def pauses(self):
        """Return up to `MOST_PAUSES` pauses a case, each near a date it may fall out with."""
        many = self.random.choice(MOST_PAUSES + 1, self.count, p=[0.1, 0.4, 0.25, 0.15, 0.1])
        start = end = self.received
        told = []
        for turn in range(MOST_PAUSES):
            start = self.near(self.received, self.due, self.finished, start, end, self.today, spread=5)
            length = np.where(self.random.random(self.count) < 0.2, 0, self.random.integers(0, 12, self.count))
            closed = np.where(self.random.random(self.count) < 0.2, self.near(self.today, spread=8), start + length)
            end = self.maybe(np.maximum(closed, start), 0.75)
            after = self.maybe(self.near(self.due, start, end, self.extension, self.today, spread=9), 0.4)
            before = self.maybe(self.near(self.due, spread=8), 0.15)
            told.append((many > turn, [self.hour(one) for one in (start, end, before, after)]))
        given = np.stack([present for present, _ in told], axis=1)
        moments = [np.stack([dates[n] for _, dates in told], axis=1)[given] for n in range(4)]
        fields = dict(zip(("from_at", "to_at", "due_before_at", "due_after_at"), moments, strict=True))
        lasting = [fields.get(field.name, np.full(given.sum(), None)) for field in PAUSE]
        flat = [pa.array(values, field.type) for values, field in zip(lasting, PAUSE, strict=True)]
        offsets = pa.array(np.concatenate([[0], np.cumsum(given.sum(axis=1))]), pa.int32())
        return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(flat, fields=list(PAUSE)))

    def near(self, *anchors, spread):
        """Return days within `spread` of one of `anchors` each, the anchor itself rather often; today for none."""
        anchors = np.stack([np.broadcast_to(anchor, self.count).astype("M8[D]") for anchor in anchors])
        day = anchors[self.random.integers(0, len(anchors), self.count), np.arange(self.count)]
        off = np.where(self.random.random(self.count) < 0.25, 0, self.random.integers(-spread, spread + 1, self.count))
        return np.where(np.isnat(day), self.today, day) + off

    def maybe(self, days, share):
        return np.where(self.random.random(self.count) < share, days, NAT)

    def hour(self, days):
        """Return instants on `days`: at midnight, at one of the office's times, or at any second."""
        seconds = self.random.integers(0, 86_400, self.count)
        usual = self.random.choice([0, 8 * 3600, 16 * 3600, 17 * 3600], self.count)
        return days.astype("M8[us]") + np.where(self.random.random(self.count) < 0.7, usual, seconds).astype("m8[s]")
