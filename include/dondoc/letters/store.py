"""The store of letters: bytes under the name of their hash, so that a name always means the same bytes."""

from collections.abc import Collection, Mapping
from pathlib import Path

from dondoc.errors import LetterError
from dondoc.files import sha256_of, write_together

FOLDER = "letters-store"


def keep(out: Path, campaign: str, files: Collection[bytes], *, suffix: str = ".docx") -> list[str]:
    """Put `files` into the campaign's store and return their SHA-256, in order; what is there already is left alone."""
    folder = out / campaign / FOLDER
    hashes = [sha256_of(content) for content in files]
    wanted: Mapping[Path, bytes] = {
        folder / f"{sha256}{suffix}": content for sha256, content in zip(hashes, files, strict=True)
    }
    new = {path: content for path, content in wanted.items() if not path.exists()}
    write_together(new, staging=folder / f".writing-{sha256_of(''.join(hashes).encode())[:16]}")
    return hashes


def stored(out: Path, campaign: str, sha256: str) -> Path | None:
    """Return the file of these bytes in the store, None when it is not there."""
    return next(iter((out / campaign / FOLDER).glob(f"{sha256}.*")), None)


def read_stored(out: Path, campaign: str, sha256: str) -> bytes:
    """Return the bytes with this hash, checked against it.

    Raises:
        LetterError: they are missing, or have been tampered with.
    """
    path = stored(out, campaign, sha256)
    content = path.read_bytes() if path else b""
    if path is None or sha256_of(content) != sha256:
        raise LetterError(
            "Tệp thư đã duyệt bị mất." if path is None else "Tệp thư đã duyệt bị sửa sau khi duyệt.",
            where=path or out / campaign / FOLDER / f"{sha256}.docx",
            remedy="khôi phục tệp này từ bản sao lưu; không phát hành tệp đang có.",
        )
    return content
