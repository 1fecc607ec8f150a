"""Check that a Word document keeps to the form of Decree 30/2020/NĐ-CP, annex I: `find_departures`.

Words in text boxes count for font and colour alone; marks like "DỰ THẢO" above the agency are outside the components.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from dondoc.decree30 import body_rules, foot_rules, head_rules, looks, page_rules
from dondoc.decree30.components import Paper
from dondoc.decree30.departure import Departure
from dondoc.decree30.formatting import Formatting
from dondoc.decree30.reading import DAMAGE, LineReader, open_document, unreadable
from dondoc.decree30.recognition import recognise
from dondoc.decree30.sheets import read_sheets

__all__ = ["RULES", "Departure", "find_departures", "read_paper"]

RULES: tuple[Callable[[Paper], Iterator[Departure]], ...] = (
    page_rules.paper_size,
    page_rules.orientation,
    page_rules.margins,
    page_rules.font,
    page_rules.colour,
    page_rules.page_number,
    page_rules.first_page_number,
    looks.component_looks,
    head_rules.nation_and_motto,
    head_rules.motto_rule,
    head_rules.agency_names,
    head_rules.agency_rule,
    head_rules.number_and_symbol,
    head_rules.symbol_fits_type,
    head_rules.place_and_date,
    head_rules.title_and_summary,
    head_rules.summary_rule,
    head_rules.subject,
    body_rules.addressees_form,
    body_rules.addressee_belongs,
    body_rules.bases_form,
    body_rules.content,
    body_rules.alignment,
    body_rules.first_line_indent,
    body_rules.paragraph_gap,
    body_rules.line_spacing,
    body_rules.ending,
    foot_rules.signature,
    foot_rules.signer_name,
    foot_rules.recipients,
    foot_rules.recipient_lines,
    foot_rules.as_above,
    looks.annex_looks,
    page_rules.annex_form,
    page_rules.annex_numbering,
)


def find_departures(path: Path) -> list[Departure]:
    """Return where the document at `path` departs from the decree, rule by rule; empty for a document in form.

    Raises:
        UnreadableDocumentError: the file is missing, damaged, locked, or no .docx.
    """
    paper = read_paper(path)
    return [departure for rule in RULES for departure in rule(paper)]


def read_paper(path: Path) -> Paper:
    """Return the document at `path` by its components.

    Raises:
        UnreadableDocumentError: the file is missing, damaged, locked, or no .docx.
    """
    document = open_document(path)
    try:
        formatting = Formatting(document)
        reader = LineReader(document, formatting)
        lines = reader.read()
        sheets = read_sheets(document, formatting, with_tables=reader.sections_with_tables)
    except DAMAGE as error:
        raise unreadable(path) from error
    return recognise(lines, sheets)
