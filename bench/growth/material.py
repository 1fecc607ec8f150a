"""The exports of one office at three sizes: as many units, the same columns, only more cases."""

import csv
import random
import sys
from pathlib import Path

import yaml

from bench.day.naive import FOLDER
from bench.growth.sizes import CODE, SIZES
from bench.job.material import CASE_HEADINGS, case_row, office_units


def prepare(folder: Path) -> None:
    """Write a campaign a size into `folder`, the same each time."""
    campaign = yaml.safe_load((FOLDER / "campaign.yaml").read_text(encoding="utf-8"))
    source = {"name": "cases", "kind": "cases", "profile": "one-stop-export", "path": "sample/ho-so.csv"}
    campaign |= {"code": CODE, "units": office_units(), "sources": [source]}
    campaign["office"]["unit"] = campaign["units"][0]["code"]
    names = [unit["name"] for unit in campaign["units"]]
    for size in SIZES:
        home = folder / str(size) / CODE
        (home / "sample").mkdir(parents=True)
        (home / "campaign.yaml").write_text(yaml.safe_dump(campaign, allow_unicode=True), encoding="utf-8")
        chance = random.Random(20231114)  # noqa: S311  a seed, no secret
        with (home / "sample" / "ho-so.csv").open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(CASE_HEADINGS)
            rows.writerows(case_row(i, names, chance) for i in range(size))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
