"""What is read is what prints: each way of printing other words is refused by name, or stands on the page.

LibreOffice prints the letters, all in one process, and the words of the PDF are held against those of the page.
"""

import html
import os
import random
import re
import shutil
import subprocess

import pytest
from tests.pages.papers import TRIES, plain

from dondoc.pages.letter import letter_page

PLAIN = {f"plain {seed}": (plain(seed), "") for seed in range(25)}
RECKONED = re.compile(r'<span class="reckoned">[^<]*</span>|<h3>[^<]*</h3>')


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return the text LibreOffice prints of each letter that it can read, by name."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        if os.environ.get("DONDOC_TEST_REQUIRE_OFFICE"):
            pytest.fail("không có LibreOffice hoặc pdftotext")
        pytest.skip("không có LibreOffice hoặc pdftotext trên máy này")
    folder, names = tmp_path_factory.mktemp("in"), dict(enumerate([*TRIES, *PLAIN]))
    for number, name in names.items():
        (folder / f"{number}.docx").write_bytes((TRIES | PLAIN)[name][0])
    files = [str(path) for path in sorted(folder.glob("*.docx"))]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = {}
    for number, name in names.items():
        if (folder / f"{number}.pdf").exists():
            text = ["pdftotext", str(folder / f"{number}.pdf"), "-"]
            found[name] = subprocess.run(text, check=True, capture_output=True).stdout.decode()
    return found


def squeezed(text):
    return "".join(text.split()).casefold()


def read(page):
    return squeezed(html.unescape(re.sub("<[^>]+>", "", RECKONED.sub("", page.html))))


@pytest.mark.fault(93)
@pytest.mark.parametrize("name", TRIES)
def test_a_letter_that_may_print_other_words_is_refused_by_name(name):
    content, why = TRIES[name]
    page = letter_page(content)
    assert bool(page.unshown) == bool(why)
    assert why in ", ".join(page.unshown)
    assert (page.html == "") == bool(why)


@pytest.mark.fault(93)
@pytest.mark.parametrize("name", [name for name, (_, why) in (TRIES | PLAIN).items() if not why])
def test_the_page_says_every_word_that_prints(name, printed):
    page = letter_page((TRIES | PLAIN)[name][0])
    lines = filter(None, map(squeezed, printed[name].splitlines()))
    missing = [line for line in lines if line not in read(page)]
    assert all(line.isdigit() for line in missing)
    assert len(missing) <= 4 * page.html.count('class="reckoned"')


@pytest.mark.fault(93)
@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_flipped_bits_is_shown_or_refused_and_stops_nothing(seed):
    draw, content = random.Random(seed), bytearray(TRIES["xin-loi-da-tra.docx"][0])
    for _ in range(draw.randint(1, 4)):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    page = letter_page(bytes(content))
    assert bool(page.html) != bool(page.unshown)
