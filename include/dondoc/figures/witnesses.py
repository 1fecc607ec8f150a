"""Say by whose word late cases are apologised for, in one sentence for every mail and report, and as a definition."""

from collections.abc import Collection, Mapping
from typing import Any

from dondoc.campaign.apologies import CLAIMED, REGISTER, SYSTEM, Witness
from dondoc.figures.columns import WAITING
from dondoc.vietnamese.wording import number

TOLD = {
    "apologies_both": "hệ thống và sổ đăng ký thư đều ghi",
    "apologies_system": "chỉ hệ thống ghi",
    "apologies_register": "chỉ sổ đăng ký thư có thư đã ký",
    "apologies_claimed": "chỉ đơn vị báo",
    WAITING: "thư đã đủ nội dung, đang chờ ký",
}
WITNESS_WORDS: Mapping[Witness, str] = {
    SYSTEM: "hệ thống nguồn ghi",
    REGISTER: "thư đã ký trong sổ đăng ký thư",
    CLAIMED: "đơn vị báo",
}
DEFINITION = (
    "Ai ghi việc xin lỗi, mỗi hồ sơ quá hạn chỉ đếm ở một chỗ: “hệ thống và sổ”: hệ thống nguồn ghi ngày xin lỗi và sổ "
    "đăng ký thư của cơ quan có thư đã ký, có số và ngày; “chỉ hệ thống”; “chỉ sổ thư”; “chỉ đơn vị báo”: đơn vị trả "
    "lời đã xin lỗi, chưa thấy ở hai nơi trên. Chỉ kể ngày không sau ngày lập báo cáo. Thư “chờ ký” đã đủ nội dung, "
    "không còn là việc của đơn vị, chưa vào tỷ lệ. Hồ sơ quá hạn = được tính đã xin lỗi + chờ ký + được tạm miễn + "
    "chưa xin lỗi."
)


def witness_sentence(figures: Mapping[str, Any]) -> str:
    """Return e.g. "chỉ hệ thống ghi 11 hồ sơ; thư đã đủ nội dung, đang chờ ký 2 hồ sơ"; empty where nobody says any."""
    return "; ".join(f"{words} {number(figures[name])} hồ sơ" for name, words in TOLD.items() if figures[name])


def evidence_definition(counting: Collection[Witness]) -> str:
    """Return whose word counts towards the rate, as a campaign has chosen."""
    words = ", ".join(words for witness, words in WITNESS_WORDS.items() if witness in counting)
    return f"Được tính là đã xin lỗi theo lựa chọn của đợt: {words}."
