"""Those who act in the tests, by their accounts."""

from dondoc.actor import Actor, KnownBy

LE_VAN_A = Actor(KnownBy.ACCOUNT, "le.van.a")
TRAN_THI_B = Actor(KnownBy.ACCOUNT, "tran.thi.b")
