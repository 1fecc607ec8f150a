"""A DAG as the scheduler has it: written to Airflow's database and read back."""

from dondoc.installation import ROOT


def stored(dag_id, session):
    """Write our DAGs to Airflow's database as its processor does; return one read back."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.models.serialized_dag import SerializedDagModel

    DagBundlesManager().sync_bundles_to_db(session=session)
    session.commit()
    bag = BundleDagBag(dag_folder=str(ROOT / "dags"), bundle_path=ROOT / "dags", bundle_name="dags-folder")
    sync_bag_to_db(bag, "dags-folder", None)
    return SerializedDagModel.get(dag_id, session=session).dag
