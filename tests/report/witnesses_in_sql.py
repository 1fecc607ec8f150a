"""Who says that a case was apologised for, said once more in SQL, beside `tests/checks/rules_in_sql.py`."""

from tests.checks.rules_in_sql import days, fill, texts

WITNESSED = """
CREATE TABLE witnessed AS SELECT *, by_system OR by_register AS given,
  coalesce(by_system AND apologised_on <= deciding, 0)
    OR coalesce(by_register AND signed <= deciding, 0) AS given_in_time,
  late AND NOT (by_system OR by_register) AND coalesce(told_waiting, 0) AS waiting
FROM (
  SELECT j.*, j.apologised AS by_system, coalesce(signed <= :day, 0) AS by_register,
         coalesce(claimed <= :day, 0) AS by_claim, signed, told_waiting
  FROM judged_cases j LEFT JOIN beside USING (number)
)
"""


def witness_in_sql(connection, day, apologies):
    """Put who says what of each case on `day` into `witnessed`.

    Args:
        connection: a database with `judged_cases`.
        day: the business day.
        apologies: an Arrow table of schema `checks.apologies.APOLOGIES`.
    """
    dates = {"signed": "letter_signed_on", "claimed": "claimed_on"}
    told = {"number": texts(apologies["case_number"]), "told_waiting": texts(apologies["waiting"])}
    fill(connection, "beside", told | {name: days(apologies[of]) for name, of in dates.items()})
    connection.executescript("DROP TABLE IF EXISTS witnessed")
    connection.execute(WITNESSED, {"day": str(day)})
