"""What `check` says of every kind of slip, run as an operator runs it: what was edited, and what must be read."""

import errno
import io
import re
import shutil
from pathlib import Path

import docx
import pytest

from dondoc import installation
from dondoc.__main__ import main
from dondoc.installation import ROOT

CODE = "hai-phong-2023"
CAMPAIGN = f"campaigns/{CODE}/campaign.yaml"
PROFILE, CALENDAR = "sources/one-stop-export.yaml", "calendars/vn.yaml"
CASES = "Số hồ sơ,Tên thủ tục,Phòng ban,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái\n"
CASES += "1,Cấp phép,Thanh tra,01/11/2023,10/11/2023,Đang xử lý\n"
WORK = "Số đến,Ngày đến,Trích yếu,Đơn vị chủ trì,Ngày giao,Trạng thái\n"
WORK += "1,01/11/2023,Văn bản,Thanh tra,01/11/2023,Chưa xử lý\n"
# Words of pydantic, PyYAML, Jinja and Python.
ENGLISH = re.compile(
    r"\b(?:input|should|valid|invalid|expected|found|while|scanning|parsing|undefined|attribute|unexpected|permission|"
    r"denied|no such|object|traceback|error|field required|extra|not permitted|string_type|is not|errno)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Return the shipped campaign and what it stands on, with sources of one row each."""
    include = tmp_path_factory.mktemp("shipped") / "include"
    for name in ("sources", "calendars", "regimes", "templates"):
        shutil.copytree(ROOT / "include" / name, include / name)
    sample = include / "campaigns" / CODE / "sample"
    sample.mkdir(parents=True)
    text = (ROOT / "include" / CAMPAIGN).read_text(encoding="utf-8")
    (include / CAMPAIGN).write_text(
        text.replace("ho-so-mot-cua.xlsx", "cases.csv").replace("cong-viec-hpnet.xlsx", "work.csv")
    )
    (sample / "cases.csv").write_text(CASES, encoding="utf-8")
    (sample / "work.csv").write_text(WORK, encoding="utf-8")
    return include


@pytest.fixture
def include(shipped, tmp_path, monkeypatch):
    """Return a copy a test may edit, which the command takes for the installation's own."""
    copy = shutil.copytree(shipped, tmp_path / "include")
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    return copy


@pytest.fixture
def check(include, capsys):
    """Return a function that runs the command and gives its exit code, output and errors."""

    def run(*arguments):
        code = main(["check", *arguments])
        told = capsys.readouterr()
        assert not ENGLISH.search(re.sub(r"/\S+", "", told.err)), told.err
        return code, told.out, told.err

    return run


def edit(include, file, old, new):
    path = include / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path, text):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_campaign_is_sound(check):
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert "nguồn “cases”: cases.csv, 1 dòng" in out
    assert "CẢNH BÁO" not in out


def slip(*values, id):
    return pytest.param(*values, id=id)


FIELDS = [
    slip("target: 100", "target: 200", "Mục target: “200” không được quá 100; cần số", id="too large"),
    slip("target: 100", "target: 0,5", "Mục target: “0,5” không đúng dạng; cần số, phần lẻ sau dấu chấm", id="comma"),
    slip(
        "deadline: 2023-11-16",
        "deadline: 16/11/2023",
        "Mục deadline: “16/11/2023” không đúng dạng; cần ngày, ví dụ 2023-11-16",
        id="day",
    ),
    slip(
        "deadline: 2023-11-16",
        "deadline: 2023-11-31",
        "Mục deadline: “2023-11-31” không đúng dạng; cần ngày",
        id="no such day",
    ),
    slip("deadline: 2023-11-16", "deadline:", "Mục deadline: để trống, không đúng dạng; cần ngày", id="left empty"),
    slip("deadline: 2023-11-16\n", "", "Thiếu mục deadline; cần ngày, ví dụ 2023-11-16", id="missing"),
    slip("deadline: 2023-11-16", "Deadline: 2023-11-16", "Không có mục “Deadline”. Có phải deadline?", id="other case"),
    slip(
        "final_report_at: 2023-11-16 16:00",
        "final_report_at: bốn giờ chiều",
        "cần ngày giờ, ví dụ 2023-11-16 16:00",
        id="instant",
    ),
    slip(
        'daily_at: "07:30"', "daily_at: 7.5", "Mục daily_at: “7.5” không phải giờ; viết giờ trong dấu nháy", id="hour"
    ),
    slip(
        "precision: date",
        "precision: day",
        "Mục precision: “day” không dùng được; cần một trong: date, datetime",
        id="choice",
    ),
    slip(
        "calendar: vn",
        "calendar: việt nam",
        "Mục calendar: “việt nam” không đúng dạng; cần mã chỉ gồm chữ không dấu",
        id="code",
    ),
    slip(
        "email: tong-hop@bql-haiphong.example.vn",
        "email: tong-hop",
        "Mục office.email: “tong-hop” không phải địa chỉ thư điện tử; viết dạng",
        id="address",
    ),
    slip(
        "emails: [quan-ly-lao-dong@bql-haiphong.example.vn]",
        "emails: [a@b.example.vn, lh@@x]",
        "Đơn vị “QLLD”, mục emails, giá trị thứ 2: “lh@@x” không phải địa chỉ",
        id="a unit's second address",
    ),
    slip(
        "emails: [quan-ly-lao-dong@bql-haiphong.example.vn]",
        "emails: quan-ly-lao-dong@bql-haiphong.example.vn",
        "Đơn vị “QLLD”, mục emails: “quan-ly-lao-dong@bql-haiphong.example.vn” không đúng dạng; cần danh sách",
        id="no list",
    ),
    slip(
        "{name: Nguyễn Bá Long, position: Trưởng phòng, email:",
        "{name: Nguyễn Bá Long, chuc_vu: Trưởng phòng, email:",
        "Đơn vị “QLLD”, mục head: thiếu mục position",
        id="a head's field",
    ),
    slip(
        "kind: cases, profile",
        "kind: case, profile",
        "Nguồn “cases”, mục kind: “case” không dùng được; cần một trong: cases, work",
        id="a source's kind",
    ),
    slip(
        "path: sample/work.csv",
        "connection: a b",
        "Nguồn “work”, mục connection: “a b” không đúng dạng; cần tên kết nối Airflow",
        id="a connection",
    ),
    slip(
        "path: sample/work.csv", "path: x, connection: y", "Nguồn “work”: cần đúng một trong hai mục", id="two places"
    ),
    slip(
        "to: deputy, days_left: 1",
        "to: deputy, days_left: một",
        "Bậc thang nhắc việc thứ 2, mục days_left: “một” không đúng dạng; cần số nguyên",
        id="a rung",
    ),
    slip(
        "to: deputy, days_left: 1",
        "to: deputy, days_left: -9",
        "Bậc thang nhắc việc thứ 3, mục days_left: phải xếp các bậc",
        id="a rung out of order",
    ),
    slip(
        "- work_overdue",
        "- work_overdu",
        "Mục rules.find, giá trị thứ 5: “work_overdu” không dùng được; cần một trong:",
        id="a rule",
    ),
    slip(
        "\nunits:",
        '\nwaivers: [{kind: case_overdue, number: "000.12", by: A, reason: B, until: mai}]\nunits:',
        "Miễn trừ “000.12”, mục until: “mai” không đúng dạng; cần ngày",
        id="a waiver",
    ),
    slip("code: QLLD", "code: 12", "Đơn vị “12”, mục code: “12” không đúng dạng", id="a code that is a number"),
    slip(
        "code: QLLD",
        "code: VP",
        "Đơn vị “VP”, mục code: mã này đã dùng cho đơn vị thứ 1 (Văn phòng Ban Quản lý)",
        id="a code twice",
    ),
    slip(
        "aliases: [Thanh tra]",
        "aliases: [văn phòng]",
        "Đơn vị “TTR”: tên “văn phòng” đã dùng cho đơn vị “VP”",
        id="a name twice",
    ),
    slip(
        "name: work, kind: work",
        "name: cases, kind: work",
        "Nguồn “cases”, mục name: tên này đã dùng cho nguồn thứ 1",
        id="a source twice",
    ),
    slip(
        "unit: VP",
        "unit: VPX",
        "Mục office.unit: không có đơn vị mã “VPX” trong units; các mã: VP, QLDT",
        id="the office's unit",
    ),
    slip(
        "starts_on: 2023-11-10",
        "starts_on: 2023-11-20",
        "Mục deadline: hạn chót 2023-11-16 đứng trước ngày bắt đầu (starts_on: 2023-11-20)",
        id="start after end",
    ),
    slip(
        "mode: preview",
        "mode: armed",
        "Mục mail.mode: “armed” (gửi thật) thì phải ghi tên người cho phép gửi",
        id="armed by nobody",
    ),
    slip(
        "timezone: Asia/Ho_Chi_Minh",
        "timezone: Asia/Hanoi",
        "Mục timezone: “Asia/Hanoi” không có múi giờ này",
        id="zone",
    ),
    slip(
        "code: hai-phong-2023",
        "code: hai-phong-2024",
        "Mã đợt “hai-phong-2024” khác tên thư mục “hai-phong-2023”",
        id="another code",
    ),
    slip("answers:\n", "permissions: {sign: []}\nanswers:\n", "Mục permissions.sign:", id="nobody may sign"),
    slip(
        "answers:\n",
        "permissions: {sign: [Bùi Ngọc Hải]}\nanswers:\n",
        "Mục permissions.sign, giá trị thứ 1: “Bùi Ngọc Hải” không đúng dạng; cần tên đăng nhập Airflow",
        id="a name for an account",
    ),
    slip(
        "answers:\n",
        "permissions: {arm: [lan, Lan]}\nanswers:\n",
        "Mục permissions.arm, giá trị thứ 2: tài khoản “lan” ghi hai lần",
        id="an account twice",
    ),
    slip(
        "answers:\n",
        "permissions: {sign: [hai.bn], airflow_ids: {lan: 7}}\nanswers:\n",
        "“lan” không có trong sign",
        id="a number of nobody who signs",
    ),
    slip(
        "answers:\n",
        "permissions: {four_eyes: 2}\nanswers:\n",
        "Mục permissions.four_eyes: “2” không đúng dạng; cần true hoặc false",
        id="neither with nor without another person",
    ),
    slip(
        "answers:\n",
        "permissions: {approve: [lan]}\nanswers:\n",
        "Mục permissions: không có mục “approve”",
        id="a right there is not",
    ),
    slip(
        "answers:\n",
        'permissions: {roles: {ld: [lan]}, sign: ["role:vt"]}\nanswers:\n',
        "Mục permissions.sign, giá trị thứ 1: vai trò “vt” chưa khai ở roles",
        id="a role nobody has",
    ),
    slip(
        "calendar: vn",
        "calendar: vm",
        "Không đọc được tệp cấu hình vm.yaml: không có tệp này. Có phải vn.yaml?",
        id="no such calendar",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), FIELDS)
def test_a_wrong_setting_is_told_with_place_value_form_and_line(include, check, old, new, words):
    edit(include, CAMPAIGN, old, new)
    code, _, err = check(CODE)
    assert code == 1
    assert words in err
    assert "Cách xử lý: " in err


def test_the_line_and_column_of_a_wrong_value_are_told(include, check):
    path = edit(include, CAMPAIGN, "target: 100", "target: 200")
    assert f"campaign.yaml, dòng {line_of(path, 'target: 200')}, cột 9" in check(CODE)[2]


SYNTAX = [
    slip("title: Khắc phục", "title: Đợt: khắc phục", "có dấu hai chấm trong chữ", id="a colon in a text"),
    slip("  name: Ban", "\tname: Ban", "có phím Tab, tại “name: Ban Quản lý", id="a tab"),
    slip('daily_at: "07:30"', 'daily_at: "07:30', "dấu nháy ở dòng 17 chưa đóng", id="a quote left open"),
    slip("aliases: [Thanh tra]", "aliases: [Thanh tra", "ngoặc vuông mở ở dòng", id="a bracket left open"),
    slip("  - {name: work", "  - {{name: work", "ngoặc nhọn mở ở dòng", id="a brace too many"),
    slip("  symbol: BQL", " symbol: BQL", "dòng thụt sai bậc", id="indentation"),
    slip("title: Khắc phục", "title: @Khắc phục", "giá trị bắt đầu bằng ký tự “@”", id="an at sign"),
    slip("title: Khắc phục", "title: *Khắc phục", "giá trị bắt đầu bằng dấu *", id="a star"),
    slip("target: 100", "target 100", "không có dấu hai chấm", id="no colon"),
    slip("title: Khắc phục", "title: \x07Khắc phục", "ký tự điều khiển", id="a control character"),
]


@pytest.mark.parametrize(("old", "new", "words"), SYNTAX)
def test_a_file_that_is_no_yaml_is_told_with_line_and_likely_cause(include, check, old, new, words):
    edit(include, CAMPAIGN, old, new)
    code, _, err = check(CODE)
    assert code == 1
    assert words in err
    assert re.search(r"campaign\.yaml, dòng \d+, cột \d+\n  Cách xử lý: \S", err)


def test_a_file_of_another_encoding_is_told_so(include, check):
    path = include / CAMPAIGN
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert "không phải chữ Unicode (UTF-8)" in check(CODE)[2]


def test_a_key_written_twice_is_told_with_both_lines(include, check):
    path = edit(include, CAMPAIGN, "target: 100\n", "target: 100\ntarget: 90\n")
    line = line_of(path, "target: 100")
    assert f"Mục “target” viết hai lần: dòng {line} và dòng {line + 1}" in check(CODE)[2]


def test_every_wrong_field_of_every_wrong_file_is_told_at_once(include, check):
    edit(include, CAMPAIGN, "target: 100", "target: 200")
    edit(include, CAMPAIGN, "precision: date", "precision: day")
    edit(include, PROFILE, "Đang xử lý: 4", "Đang xử lý: 99")
    edit(include, "sources/e-office-work-list.yaml", "kind: work", "kind: works")
    edit(include, CALENDAR, "country: VN", "country: {}")
    (include / "campaigns" / "khac").mkdir()
    (include / "campaigns" / "khac" / "campaign.yaml").write_text("code: khac\n")
    code, out, err = check()
    assert code == 1
    for words in ("Mục target", "Mục precision", "“99”", "Mục kind: “works”", "Mục country", "Thiếu mục title"):
        assert words in err
    assert f"{CODE}: 5 lỗi" in out


PROFILE_FORMS = [
    ("Được tiếp nhận: 2", "Được tiếp nhận: yes", "Mục values.status.Được tiếp nhận: “yes” không đúng dạng; cần chữ"),
    ("Dừng xử lý: 8", "Dừng xử lý: 8\n    Dừng xử lý: 9", "Mục “Dừng xử lý” viết hai lần: dòng "),
    ("kind: cases", "kind: case", "Mục kind: “case” không dùng được; cần một trong: cases, work"),
    ("default_term_unit: working_day", "default_term_unit: ngày", "Mục default_term_unit: “ngày” không dùng được"),
]
PROFILE_MEANINGS = [
    ("Đang xử lý: 4", "Đang xử lý: 99", "Mục values.status.Đang xử lý: không có mã “99”; các mã: 1 (mới đăng ký), 2"),
    ("Mới đăng ký: 1", 'Mới đăng ký: "1"', "Mục values.status.Mới đăng ký: không có mã “1”"),
    (
        "Dừng xử lý: 8",
        "Dừng xử lý: 8\n    DỪNG  XU LY: 9",
        "“Dừng xử lý” và “DỪNG  XU LY” đọc như một chữ mà mang hai mã",
    ),
    ("official: [Cán bộ", "official: [Phòng Ban, Cán bộ", "tiêu đề “Phòng Ban” đã dùng cho trường unit"),
    ("  reason: [Lý do quá", "  reson: [Lý do quá", "Mục headings.reson: không có trường reson; các trường: "),
    ("received_at, status]", "received_at]", "thiếu status: dòng nào cũng phải có trường này"),
    ('"%d/%m/%Y", "', '"dd/mm/yyyy", "', "Mục date_formats, giá trị thứ 1: “dd/mm/yyyy” không phải dạng ngày; viết %d"),
    ("{Trực tiếp: direct", "{Trực tiếp: truc-tiep", "không có mã “truc-tiep”; các mã: direct (trực tiếp)"),
    (
        "    required: [from_at]",
        "    required: [from]",
        "Mục details.pauses.required, giá trị thứ 1: không có trường from",
    ),
    ("kind: cases", "kind: cases\npattern: '('", "Mục pattern: “(” là biểu thức không hợp lệ ở ký tự thứ 1"),
]


@pytest.mark.parametrize("slips", [PROFILE_FORMS, PROFILE_MEANINGS], ids=["forms", "meanings"])
def test_everything_wrong_in_a_profile_is_told_at_once(include, check, slips):
    for old, new, _ in slips:
        edit(include, PROFILE, old, new)
    code, _, err = check(CODE)
    assert code == 1
    assert [words for _, _, words in slips if words not in err] == []
    assert len(re.findall(r"one-stop-export\.yaml, dòng \d+, cột \d+", err)) == len(slips)


DOMAIN = "@bql-haiphong.example.vn"
MEANINGS = [
    (f"pham-van-lam{DOMAIN}", "lam@gmail.com", "Đơn vị “VP”, mục head.email: “lam@gmail.com” ở ngoài các miền"),
    (f"leader_email: lanh-dao{DOMAIN}", "leader_email: a@x.vn", "Mục signoff.leader_email: “a@x.vn” ở ngoài"),
    (f"operator_email: quan-tri{DOMAIN}", "operator_email: a@x.vn", "Mục watch.operator_email: “a@x.vn” ở ngoài"),
    (f"email: lanh-dao{DOMAIN}}}", "email: a@x.vn}", "Lãnh đạo “Bùi Ngọc Hải”, mục email: “a@x.vn” ở ngoài"),
    (f"email: tong-hop{DOMAIN}", "email: a@x.vn", "Mục office.email: “a@x.vn” ở ngoài"),
    ("path: sample/cases.csv", "path: sample/cases.csv, contact: a@x.vn", "Nguồn “cases”, mục contact: “a@x.vn” ở"),
    (
        "đến hết ngày 16/11/2023",
        "đến hết ngày 14/11/2023",
        "Mục deadline_reading: “14/11/2023” là đến hết ngày 14/11/2023, còn deadline là 16/11/2023",
    ),
    (
        "trước ngày 17/11/2023",
        "trước ngày 16/11/2023",
        "“trước ngày 16/11/2023” là đến hết ngày 15/11/2023, còn deadline là 16/11/2023",
    ),
]


def test_settings_that_are_well_formed_and_wrong_are_told_at_once(include, check):
    for old, new, _ in MEANINGS:
        edit(include, CAMPAIGN, old, new)
    code, _, err = check(CODE)
    assert code == 1
    assert [words for _, _, words in MEANINGS if words not in err] == []
    assert len(re.findall(r"campaign\.yaml, dòng \d+, cột \d+", err)) == len(MEANINGS)


def test_a_domain_that_is_none_is_told_alone(include, check):
    edit(include, CAMPAIGN, "  mode: preview", '  mode: preview\n  domains: ["@bql.vn", bql-haiphong.example.vn]')
    code, _, err = check(CODE)
    assert code == 1
    assert err.startswith("LỖI: Mục mail.domains, giá trị thứ 1: “@bql.vn” không phải tên miền; viết phần sau dấu @")
    assert err.count("LỖI") == 1


@pytest.mark.fault(116)
def test_an_address_a_unit_has_twice_in_any_case_is_a_warning(include, check):
    edit(include, CAMPAIGN, "emails: [thanh-tra@", f"emails: [THANH-TRA{DOMAIN}, thanh-tra@")
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert f"CẢNH BÁO: Đơn vị “TTR”, mục emails, giá trị thứ 2: “thanh-tra{DOMAIN}” đã có trong danh sách" in out


def test_a_unit_without_an_address_is_a_warning(include, check):
    edit(include, CAMPAIGN, "    emails: [van-phong@bql-haiphong.example.vn]\n", "")
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert "CẢNH BÁO: Đơn vị “VP”: chưa khai địa chỉ thư (mục emails): thư nhắc việc của đơn vị không đến ai." in out


def test_a_unit_that_was_split_is_a_warning_that_names_its_successor(include, check):
    edit(include, CAMPAIGN, "aliases: [Thanh tra]", "aliases: [Thanh tra]\n    succeeds: [CU]")
    path = edit(include, CAMPAIGN, "aliases: [TT XTĐT]", "aliases: [TT XTĐT]\n    succeeds: [CU]")
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert "CẢNH BÁO: Đơn vị “TTXT”, mục succeeds, giá trị thứ 1: đơn vị cũ “CU” đã có đơn vị “TTR” kế tục" in out
    assert f"dòng {line_of(path, 'TT XTĐT') + 1}, cột" in out


def test_an_address_of_two_units_is_a_warning(include, check):
    edit(include, CAMPAIGN, "emails: [thanh-tra@", "emails: [VAN-PHONG@")
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert "CẢNH BÁO: Đơn vị “TTR”, mục emails, giá trị thứ 1: “VAN-PHONG@bql-haiphong.example.vn” cũng là" in out


def test_a_legal_basis_left_from_the_sample_is_refused_and_its_other_words_are_a_warning(include, check):
    shutil.copytree(include / "campaigns" / CODE, include / "campaigns" / "co-quan-2026")
    path = edit(include, "campaigns/co-quan-2026/campaign.yaml", "code: hai-phong-2023", "code: co-quan-2026")
    code, out, err = check("co-quan-2026")
    assert code == 1
    assert err.count("là căn cứ của đợt mẫu hai-phong-2023") == 2
    assert "còn giống đợt mẫu hai-phong-2023: title, office.name" in out
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"legal_basis:\n(  - .*\n)+", "legal_basis: [Kế hoạch số 1]\n", text), encoding="utf-8")
    assert check("co-quan-2026")[0] == 0


MAILS = ["nhac-viec", "hoan-thanh", "tong-hop", "bao-cao", "tra-lai", "ket-thuc", "trinh-ky", "bao-nhan"]


def test_a_field_no_template_knows_is_told_of_every_mail_at_once(include, check):
    for name in MAILS:
        path = include / "templates" / "mail" / f"{name}.html.j2"
        path.write_text(path.read_text() + "{% if 0 %}{{ campaign_titel }}{% endif %}")
    code, _, err = check(CODE)
    assert code == 1
    for name in MAILS:
        assert f"Mẫu thư {name}.html.j2 dùng trường không có: campaign_titel. Có phải campaign_title?" in err
    assert err.count("LỖI") == len(MAILS)


BROKEN = {
    "nhac-viec": ("{{ office.nmae }}", "không có trường “nmae”"),
    "hoan-thanh": ("{% if rehearsal %}x", "thiếu thẻ đóng {% endif %}"),
    "tong-hop": ("{{ rehearsal", "thẻ mở ra mà chưa đóng"),
    "tra-lai": ("{{ rehearsal | bold }}", "không có bộ lọc “bold”"),
    "ket-thuc": ("{{ as_of + 1 }}", "mẫu làm một phép không làm được với giá trị của trường"),
    "bao-nhan": ("{{ taken_on.__class__ }}", "không được dùng “__class__” trong mẫu"),
}


def test_a_broken_mail_template_is_told_with_its_line(include, check):
    lines = {}
    for name, (text, _) in BROKEN.items():
        path = include / "templates" / "mail" / f"{name}.txt.j2"
        kept = path.read_text().rstrip("\n").splitlines()
        path.write_text("\n".join([*kept, text, ""]))
        lines[name] = len(kept) + 1
    code, _, err = check(CODE)
    assert code == 1
    for name, (_, words) in BROKEN.items():
        assert f"Mẫu thư {name}.txt.j2 có lỗi: {words}" in err
        assert f"{name}.txt.j2, dòng {lines[name]}" in err


WORDS = [
    "letters/xin-loi-chua-tra",
    "letters/danh-sach-xin-loi",
    "report/bao-cao",
    "report/so-lieu-ngay",
    "report/dinh-chinh",
]


def test_a_field_no_word_template_knows_is_told_of_each(include, check):
    for i, name in enumerate(WORDS):
        document = docx.Document()
        document.add_paragraph(f"{{{{ nguoi_ky_{i} }}}}")
        document.save(include / "templates" / f"{name}.docx")
    code, _, err = check(CODE)
    assert code == 1
    for i, name in enumerate(WORDS):
        assert f"không có trường nguoi_ky_{i}" in err
        assert f"{name}.docx" in err


def test_a_template_that_is_not_there_is_told(include, check):
    edit(include, CAMPAIGN, "pending: xin-loi-chua-tra.docx", "pending: xin-loi.docx")
    (include / "templates" / "report" / "bao-cao.docx").unlink()
    (include / "templates" / "mail" / "bao-cao.txt.j2").unlink()
    _, _, err = check(CODE)
    assert "Không đọc được mẫu Word xin-loi.docx: không có tệp này" in err
    assert "Không đọc được mẫu Word bao-cao.docx: không có tệp này" in err
    assert "Không đọc được mẫu thư bao-cao.txt.j2: không có tệp này" in err


TEMPLATES = ["templates/report/bao-cao.docx", "templates/letters/xin-loi-da-tra.docx", "templates/mail/ket-thuc.txt.j2"]
GROUPS = [[CAMPAIGN, PROFILE, CALENDAR], TEMPLATES]


@pytest.mark.parametrize("files", GROUPS, ids=["settings", "templates"])
def test_a_folder_in_place_of_a_file_is_told(include, check, files):
    for file in files:
        (include / file).unlink()
        (include / file).mkdir()
    code, _, err = check(CODE)
    told = files[:1] if CAMPAIGN in files else files
    assert code == 1
    for file in told:
        assert re.search(rf"{Path(file).name}: (?:đây là thư mục, không phải tệp|không có tệp này)", err)


@pytest.mark.parametrize("files", [[CAMPAIGN], [PROFILE, *TEMPLATES, f"campaigns/{CODE}/sample/work.csv"]])
def test_a_file_without_the_right_to_read_it_is_told(include, check, files, monkeypatch):
    closed = {include / file for file in files}
    opened = io.open

    def refuse(path, *arguments, **keywords):
        if isinstance(path, str | Path) and Path(path) in closed:
            raise PermissionError(errno.EACCES, "closed", str(path))
        return opened(path, *arguments, **keywords)

    # The tests' own user may be root, whom no right stops.
    for name in ("io.open", "builtins.open"):
        monkeypatch.setattr(name, refuse)
    code, _, err = check(CODE)
    assert code == 1
    for file in files:
        assert Path(file).name in err
    assert err.count("quyền đọc") >= len(files)


@pytest.mark.parametrize(
    "slips",
    [
        [
            ("path: sample/cases.csv", "path: sample/nothing.csv", "Không tìm thấy tệp nguồn.\n  Ở: nguồn “cases”, "),
            ("path: sample/work.csv", "path: sample/cases.csv", "Tệp không có đủ cột của hồ sơ nguồn"),
        ],
        [
            ("profile: one-stop-export", "profile: national-portal", "không khớp: hồ sơ nguồn lấy qua API"),
            ("path: sample/work.csv", "connection: cong", "không khớp: nguồn có kết nối"),
        ],
        [("profile: one-stop-export", "profile: one-stop", "one-stop.yaml: không có tệp này")],
    ],
    ids=["files", "servers", "profile"],
)
def test_a_source_that_cannot_be_taken_is_told(include, check, slips):
    for old, new, _ in slips:
        edit(include, CAMPAIGN, old, new)
    code, _, err = check(CODE)
    assert code == 1
    assert [words for _, _, words in slips if words not in err] == []


def test_a_source_on_a_server_is_said_not_to_be_asked(include, check):
    edit(
        include,
        CAMPAIGN,
        "profile: one-stop-export, path: sample/cases.csv",
        "profile: national-portal, connection: cong",
    )
    code, out, _ = check(CODE)
    assert code == 0
    assert "nguồn “cases”: lấy qua kết nối “cong”, lệnh này không hỏi máy chủ" in out


def test_a_variable_of_one_campaign_wins_over_that_of_all(include, check, monkeypatch, tmp_path):
    monkeypatch.setenv("DONDOC_SOURCE_CASES", str(tmp_path / "nowhere.csv"))
    assert "nowhere.csv" in check(CODE)[2]
    (tmp_path / "own.csv").write_text(CASES, encoding="utf-8")
    monkeypatch.setenv("DONDOC_SOURCE_HAI_PHONG_2023__CASES", str(tmp_path / "own.csv"))
    code, out, err = check(CODE)
    assert (code, err) == (0, "")
    assert "nguồn “cases”: own.csv, 1 dòng" in out


def test_a_variable_that_names_nothing_is_a_warning(check, monkeypatch):
    names = ["CASE", "HAI_PHONG_2024__CASES", "HAI_PHONG_2023__CASE"]
    for name in names:
        monkeypatch.setenv(f"DONDOC_SOURCE_{name}", "/nowhere.csv")
    code, out, _ = check(CODE)
    assert code == 0
    for name in names:
        assert f"CẢNH BÁO: Biến DONDOC_SOURCE_{name} không chỉ nguồn nào của đợt nào" in out


def test_an_installation_without_campaigns_is_told(include, check):
    shutil.rmtree(include / "campaigns" / CODE)
    code, _, err = check()
    assert code == 1
    assert "Chưa có đợt nào" in err


def test_a_campaign_whose_file_has_another_name_is_told(include, check):
    (include / CAMPAIGN).rename(include / "campaigns" / CODE / "campaign.yml")
    code, _, err = check(CODE)
    assert code == 1
    assert "Không đọc được tệp cấu hình campaign.yaml: không có tệp này. Có phải campaign.yml?" in err
