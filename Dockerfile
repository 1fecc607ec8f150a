# One image for every Airflow service of docker-compose.yaml.
#
# Not apache/airflow: that image brings its own resolved set of packages, and ours would be laid over it. Here the
# container installs the one hash-locked set that `make run` and the tests use, and nothing else.
# The tag is exact. Where a registry can be asked, pin the digest too: `FROM python:3.11.16-slim-bookworm@sha256:…`.
FROM python:3.11.16-slim-bookworm

ENV AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/dondoc/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/dondoc/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=false \
    DONDOC_OUT=/opt/dondoc/out \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# Letters are printed for the leader who reads them (docs/huong-dan/lanh-dao.md); without these they are read as text.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libreoffice-writer-nogui fonts-liberation poppler-utils \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/dondoc

# setuptools builds the editable install below; it is no dependency of the product, so the lock does not hold it.
COPY requirements.txt ./
RUN printf '%s\n' 'setuptools==84.2.1 --hash=sha256:ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2' \
        > /tmp/build.txt \
    && pip install --require-hashes --only-binary :all: --no-cache-dir -r requirements.txt -r /tmp/build.txt \
    && rm /tmp/build.txt

# Editable: dondoc finds its templates, calendars and campaigns beside the package, in include/.
COPY pyproject.toml ./
COPY include ./include
COPY plugins ./plugins
COPY dags ./dags
RUN pip install --no-deps --no-build-isolation --no-cache-dir -e . \
    && python -m compileall -q include \
    && chmod -R a+rX,go-w /opt/dondoc

# The code stays root's, so no task can change it; dondoc owns only what a run writes. A new named volume takes the
# owner of the folder it is mounted on.
RUN useradd --uid 50000 --user-group --home-dir /opt/airflow --no-create-home --shell /usr/sbin/nologin dondoc \
    && install --directory --owner=dondoc --group=dondoc /opt/airflow /opt/airflow/logs /opt/dondoc/out
USER dondoc

# No ENTRYPOINT: docker-compose.yaml says what each service runs, under `init: true`.
CMD ["airflow", "version"]
