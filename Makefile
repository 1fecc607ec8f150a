# Đôn Đốc. `make help` lists what there is.
CAMPAIGN ?= hai-phong-2023
DATE ?= 2023-11-14
# preview, armed, or campaign (as campaign.yaml says)
MODE ?= campaign
# who lets the mail of MODE=armed leave
ARMED_BY ?=
PORT ?= 8080
MAIL_PORT ?= 1025
# The day `make up` plays as today, in the rehearsal's own ledger and folder, its mails marked and sent to the local catcher.
REHEARSAL ?= $(DATE)

PYTHON ?= python3
# Paths are relative, so that a folder of any name will do; only what Airflow must be told is spelt out, by export.
VENV ?= .venv
BIN := $(VENV)/bin
HOME_DIR := .airflow
PIDS := $(HOME_DIR)/pids
OUT := $(or $(DONDOC_OUT),out)
REHEARSED := $(OUT)/_dien-tap/dien-tap

# Another Airflow's settings must not reach this one, nor this one's the other's.
$(foreach name,$(filter AIRFLOW__% AIRFLOW_HOME,$(.VARIABLES)),$(eval unexport $(name)))
export AIRFLOW_HOME := $(CURDIR)/$(HOME_DIR)
export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
export AIRFLOW__CORE__PLUGINS_FOLDER := $(CURDIR)/plugins
export AIRFLOW__CORE__LOAD_EXAMPLES := false
export AIRFLOW__CORE__DEFAULT_TIMEZONE := Asia/Ho_Chi_Minh
export AIRFLOW__CORE__EXECUTOR := LocalExecutor
# SQLite takes one writer at a time: the default 32 workers lock it.
export AIRFLOW__CORE__PARALLELISM := 4
export AIRFLOW__CORE__EXECUTION_API_SERVER_URL := http://localhost:$(PORT)/execution/
# One person at one machine: the UI listens on this machine alone and asks for no password.
export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS := true
export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN := sqlite:///$(CURDIR)/$(HOME_DIR)/airflow.db
export AIRFLOW__API__HOST := 127.0.0.1
export AIRFLOW__API__PORT := $(PORT)
export AIRFLOW__API__BASE_URL := http://localhost:$(PORT)
export AIRFLOW__API__WORKERS := 1
export AIRFLOW__API__INSTANCE_NAME := Đôn Đốc
export AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL := 30
# A campaign that is edited shows in the UI within a minute; a day reads its settings when it opens, whatever the UI shows.
export AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL := 60
export AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT := $(shell expr $(PORT) + 713)
export AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT := $(shell expr $(PORT) + 714)
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := false
AIRFLOW_CONN_DONDOC_SMTP ?= {"conn_type": "smtp", "host": "127.0.0.1", "port": $(MAIL_PORT), "extra": {"disable_ssl": true, "disable_tls": true}}
export AIRFLOW_CONN_DONDOC_SMTP
# Airflow starts its children by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Under LC_ALL=C Python would write this folder's name, where it has accents, in ASCII; pip asks the locale, not the mode.
export PYTHONUTF8 := 1
export LC_ALL := C.UTF-8
# Each process of Airflow loads three thousand modules: compiled anew each time they take longer than its work.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run up down test fuzz lives stack test-pythons check format lock bench clean
help: ## these lines | các dòng này
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*) \| (.*)/  make \1\t\2\n\t\3/' | expand -t 20
	@echo '  CAMPAIGN=$(CAMPAIGN) DATE=$(DATE) MODE=$(MODE) PORT=$(PORT) can be set (đặt được), e.g. make run DATE=2023-11-15'

run: $(HOME_DIR)/ready ## run one day of a campaign through Airflow, and print what came of it | chạy một ngày của đợt qua Airflow, in kết quả
	@$(BIN)/python -m dondoc ledger upgrade
	@$(BIN)/python -m dondoc check $(CAMPAIGN)
	@echo 'Đang chạy $(CAMPAIGN), ngày $(DATE) (nhật ký: $(HOME_DIR)/run.log)'
	@{ PYTHONUNBUFFERED=1 $(BIN)/airflow dags test $(CAMPAIGN).daily \
		-c '{"business_date": "$(DATE)", "mode": "$(MODE)", "armed_by": "$(ARMED_BY)"}' 2>&1; echo $$? > $(HOME_DIR)/run.status; } | tee $(HOME_DIR)/run.log \
		| $(BIN)/python -m dondoc_airflow.progress; status=$$(cat $(HOME_DIR)/run.status); \
		$(BIN)/python -m dondoc show $(CAMPAIGN) $(DATE) && exit $$status

up: $(HOME_DIR)/ready ## start the Airflow UI, with the sample day's run and a local mail catcher | mở Airflow, chạy ngày mẫu, thư chỉ tới hộp thư diễn tập
	@$(MAKE) --no-print-directory down
	@for port in $(PORT) $(MAIL_PORT); do $(BIN)/python -c "import socket; socket.create_server(('127.0.0.1', $$port))" 2> /dev/null || \
		{ echo "LỖI: cổng $$port đang có chương trình khác dùng; chọn cổng khác, ví dụ: make up PORT=8090 MAIL_PORT=1026"; exit 1; }; done
	@DONDOC_REHEARSAL=$(REHEARSAL) $(BIN)/python -m dondoc ledger upgrade
	@mkdir -p $(PIDS) "$(OUT)"
	@$(BIN)/airflow dags reserialize > $(HOME_DIR)/reserialize.log 2>&1
	@umask 027; export DONDOC_REHEARSAL=$(REHEARSAL); \
	start() { name=$$1; shift; setsid "$$@" > $(HOME_DIR)/$$name.log 2>&1 < /dev/null & echo $$! > $(PIDS)/$$name; }; \
	start mail $(BIN)/python -m aiosmtpd -n -l 127.0.0.1:$(MAIL_PORT) -c aiosmtpd.handlers.Mailbox "$(OUT)/mailbox"; \
	start api-server $(BIN)/airflow api-server; \
	start scheduler $(BIN)/airflow scheduler; \
	start dag-processor $(BIN)/airflow dag-processor; \
	start triggerer $(BIN)/airflow triggerer
	@for i in $$(seq 90); do \
		$(BIN)/python -c 'import requests; requests.get("http://localhost:$(PORT)/api/v2/version", timeout=2).raise_for_status()' 2> /dev/null && break; \
		[ $$i = 90 ] && { echo 'LỖI: Airflow không khởi động được; xem $(HOME_DIR)/*.log'; exit 1; }; sleep 1; done
	@for dag in daily signoff answers; do $(BIN)/airflow dags unpause $(CAMPAIGN).$$dag --yes; done > $(HOME_DIR)/sample.log 2>&1
	@$(BIN)/airflow dags trigger $(CAMPAIGN).daily --run-id mau-$(DATE) \
		-c '{"business_date": "$(DATE)", "mode": "armed", "armed_by": "diễn tập"}' >> $(HOME_DIR)/sample.log 2>&1 || true
	@echo 'Airflow: http://localhost:$(PORT)/dags/$(CAMPAIGN).daily'
	@echo 'Thư gửi ra được giữ tại: $(OUT)/mailbox/new'
	@echo 'Kết quả diễn tập: $(REHEARSED); xóa: $(BIN)/dondoc rehearsal remove dien-tap'
	@echo 'Dừng: make down'

down: ## stop what `make up` started | tắt những gì `make up` đã mở
	@for file in $(wildcard $(PIDS)/*); do kill -s TERM -- -$$(cat $$file) 2> /dev/null || rm -f $$file; done
	@for i in 1 2 3 4 5 6 7 8 9 10; do left=; \
		for file in $(PIDS)/*; do [ -e $$file ] && kill -s 0 -- -$$(cat $$file) 2> /dev/null && left=1 || rm -f $$file; done; \
		[ -n "$$left" ] || exit 0; sleep 1; done; \
	for file in $(PIDS)/*; do kill -s KILL -- -$$(cat $$file) 2> /dev/null; rm -f $$file; done

test: $(VENV)/tested ## all tests; no network | mọi phép thử, không cần mạng
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

fuzz: $(VENV)/tested ## two thousand whole days on odd rows (DAYS=20000 for more) | hai nghìn ngày với dòng dữ liệu lạ (nhiều hơn: DAYS=20000)
	$(BIN)/python -m tests.fuzz_days --days $(or $(DAYS),2000) --processes 2 $(if $(MINUTES),--minutes $(MINUTES))

lives: $(VENV)/tested ## a hundred lives of small campaigns with everything that goes wrong in one (LIVES=5000 LOG=lives.jsonl for more) | cuộc đời của các đợt nhỏ, đủ mọi sự cố
	$(BIN)/python -m tests.life --lives $(or $(LIVES),100) --seed $(or $(SEED),1) --processes 2 $(if $(LOG),--log $(LOG)) $(if $(MINUTES),--minutes $(MINUTES))

stack: $(VENV)/tested ## outages on a real Airflow, workers killed while they send: about an hour and a half (PLAY=part of a name, FORM=local)
	$(BIN)/python -m tests.stack $(if $(PLAY),--play "$(PLAY)") $(if $(FORM),--form $(FORM))

test-pythons: ## all tests on every Python found, 3.11 to 3.14, each in a .venv-… of its own | mọi phép thử trên mọi bản Python có ở máy
	@.ci/pythons | while read -r python; do version=$$("$$python" -c 'import sys; print(*sys.version_info[:2], sep=".")'); \
		echo "Python $$version"; $(MAKE) --no-print-directory test PYTHON="$$python" VENV=.venv-$$version < /dev/null || exit 1; done

check: $(VENV)/tested ## ruff and mypy | dạng thức và kiểu của mã
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/tested ## put the code in form | đưa mã về đúng dạng
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## compile requirements*.txt anew (needs uv) | ghim lại các gói (cần uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		--extra cluster --extra test pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' \
		--extra cluster --extra test --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

bench: $(VENV)/tested ## the same work, ours and the naive way, in one run; writes docs/performance.md | so tốc độ với cách làm thường gặp
	$(BIN)/python -m bench --write docs/performance.md

clean: down ## forget the environment and Airflow's home; keeps out/ | xóa môi trường và thư mục Airflow; giữ out/
	rm -rf $(VENV) .venv-3.* $(HOME_DIR)

# uv where there is one (seconds), pip where there is none (a minute): the same lock, the same hashes.
UV := $(shell command -v uv 2> /dev/null)
define install
$(if $(UV),VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
endef

# $(call shown,what is done,command): what takes long says so every four seconds, whatever the command prints.
define shown
{ echo '$(1) …'; \
( trap 'kill $$pause 2> /dev/null; exit 0' TERM; n=0; \
	while :; do sleep 4 & pause=$$!; wait $$pause; n=$$((n + 4)); echo "  … $(1): đã $$n giây"; done ) & clock=$$!; \
{ $(2); }; status=$$?; kill $$clock; wait $$clock; exit $$status; }
endef

# The package is found by a relative path: under LC_ALL=C Python could not even start on one that has accents.
$(VENV)/installed: requirements.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit("Cần Python 3.11 trở lên") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(call shown,tạo môi trường ở $(VENV),"$(PYTHON)" -m venv $(VENV))
	@$(call shown,cài các gói vào $(VENV),$(install) --no-deps --require-hashes -r requirements.txt && $(install) --no-deps --editable .)
	@for path in $(VENV)/lib/python*/site-packages/__editable__.dondoc-*.pth; do echo ../../../../include > "$$path"; done
	@touch $@

$(VENV)/tested: requirements-dev.txt $(VENV)/installed
	@$(call shown,cài các gói để kiểm tra,$(install) --no-deps --require-hashes -r requirements-dev.txt)
	@touch $@

# Airflow's own database and logs are for no other account of the machine.
$(HOME_DIR)/ready: $(VENV)/installed
	@umask 027 && mkdir -p $(HOME_DIR)
	@umask 027 && $(call shown,tạo cơ sở dữ liệu của Airflow,$(BIN)/airflow db migrate > $(HOME_DIR)/migrate.log 2>&1 || { tail -n 5 $(HOME_DIR)/migrate.log; false; })
	@touch $@
