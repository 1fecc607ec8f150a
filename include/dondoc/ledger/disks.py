"""What kind of disk a file lies on: SQLite's locks hold on a disk of this machine alone."""

from pathlib import Path

from dondoc.errors import LedgerError

MOUNTS = Path("/proc/self/mountinfo")
# File systems whose files other machines write too.
OF_OTHERS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2"}
OF_OTHERS |= {"gfs2", "ncpfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"}


def refuse_network_disk(path: Path) -> None:
    """Refuse a ledger's file on a disk that other machines write too.

    Raises:
        LedgerError: its file system is one of a network.
    """
    if (found := kind_of_disk(path)) in OF_OTHERS:
        raise LedgerError(
            f"Sổ cái SQLite nằm trên ổ đĩa mạng ({found}): hai máy cùng mở thì hỏng, thư có thể gửi hai lần.",
            where=path,
            remedy="đặt DONDOC_LEDGER_URL tới tệp trên đĩa của chính máy này, hoặc dùng PostgreSQL.",
        )


def kind_of_disk(path: Path) -> str:
    """Return the kind of file system on which `path` lies, or will lie; empty where the system does not say."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    there = path.resolve()
    found = ("", "")
    for line in lines:
        before, _, after = line.partition(" - ")
        point = _unescaped(before.split(" ")[4])
        # Of two mounts at one place the later one is seen.
        if there.is_relative_to(point) and len(point) >= len(found[0]):
            found = point, after.split(" ")[0]
    return found[1]


def _unescaped(point: str) -> str:
    for code in ("\\040", "\\011", "\\012"):
        point = point.replace(code, chr(int(code[1:], 8)))
    return point.replace("\\134", "\\")
