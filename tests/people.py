"""Those who act in the tests, by their accounts."""

from dondoc.actor import Actor, Known

LE_VAN_A = Actor(Known.ACCOUNT, "le.van.a")
TRAN_THI_B = Actor(Known.ACCOUNT, "tran.thi.b")
