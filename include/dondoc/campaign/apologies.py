"""Whose word counts that an apology was given."""

from typing import Annotated, Literal

from pydantic import AfterValidator

Witness = Literal["system", "register", "claimed"]
# The source system says so; our letter is signed, with number and date; the unit says so, seen nowhere yet.
SYSTEM: Witness = "system"
REGISTER: Witness = "register"
CLAIMED: Witness = "claimed"
COUNTED: tuple[Witness, ...] = (SYSTEM, REGISTER)


def _some_once(witnesses: tuple[Witness, ...]) -> tuple[Witness, ...]:
    if not witnesses:
        raise ValueError(
            "để trống thì không hồ sơ nào được tính là đã xin lỗi; ghi ít nhất một trong: system (hệ thống nguồn), "
            "register (sổ đăng ký thư), claimed (đơn vị báo)"
        )
    repeated = sorted({one for one in witnesses if witnesses.count(one) > 1})
    if repeated:
        raise ValueError(f"ghi hai lần: {', '.join(repeated)}")
    return witnesses


ApologyEvidence = Annotated[tuple[Witness, ...], AfterValidator(_some_once)]
