"""Our DAGs as Airflow reads and runs them; apart from conftest.py, which is loaded once and sets Airflow up."""

from dondoc.installation import ROOT


def read_dags():
    """Return our DAGs by id."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


def run_through(dags, campaign, business_date, mode="campaign", armed_by="Lê Văn A", **params):
    """Run one day of a campaign through Airflow; return its run."""
    return dags[f"{campaign}.daily"].test(
        run_conf={"business_date": business_date, "mode": mode, "armed_by": armed_by} | params
    )
