"""Fifty faults as people and programs make them, one in each entry of a list that is sound without them."""

from __future__ import annotations

import pytest

from paper.bibliography.audit import audit
from paper.bibliography.reader import read_text
from paper.bibliography.rules import Library

SOUND = r"""
@article{hood1991, author = {Hood, Christopher}, title = {A public management for all seasons?},
  journaltitle = {Public Administration}, volume = {69}, number = {1}, pages = {3--19}, year = {1991}, month = mar,
  doi = {10.1111/j.1467-9299.1991.tb00779.x}}
@article{meyer1977, author = {Meyer, John W. and Rowan, Brian}, title = {Institutionalized organizations},
  journaltitle = {American Journal of Sociology}, volume = {83}, number = {2}, pages = {340--363}, year = {1977},
  doi = {10.1086/226550}}
@article{gruen2003, author = {Grün, Jürgen and Østby, Åse}, title = {Reform in the North},
  journaltitle = {Public Administration}, volume = {81}, number = {4}, pages = {621--640}, year = {2003},
  doi = {10.1111/j.0033-3298.2003.00365.x}}
@book{lipsky1980, author = {Lipsky, Michael}, title = {Street-level bureaucracy}, publisher = {Russell Sage Foundation},
  location = {New York}, year = {1980}, isbn = {978-0-87154-526-8}}
@incollection{salamon2002, author = {Salamon, Lester M.}, title = {The new governance}, editor = {Salamon, Lester M.},
  booktitle = {The tools of government}, pages = {1--47}, publisher = {Oxford University Press}, location = {Oxford},
  year = {2002}}
@online{egov2017, author = {{eGov.kz}}, title = {Eleven years of services}, date = {2017-10-30},
  url = {https://egov.kz/cms/en/about}, urldate = {2018-02-01}, note = {archived at https://web.archive.org/web/2018/x}}
@article{sato2012, author = {Sato, Kenji}, title = {Waiting in public offices}, journaltitle = {Governance},
  volume = {25}, number = {3}, pages = {401--425}, year = {2012}, doi = {10.1111/j.1468-0491.2012.01580.x}}
"""
# what stands there, what is planted, which of these rules is to find it
PLANTED = [
    ("{Hood, Christopher}", "{Christopher, Hood}", "name-swapped"),
    ("{Sato, Kenji}", "{Kenji, Sato}", "name-swapped"),
    ("{Meyer, John W. and Rowan, Brian}", "{John, Meyer and Rowan, Brian}", "name-swapped"),
    ("10.1086/226550", "10.1086/22655о", "doi"),
    ("10.1111/j.1467", "10.1111/ј.1467", "doi"),
    ("10.1086/226550", "10,1086/226550", "doi"),
    ("10.1086/226550", "doi:10.1086/226550", "doi-url"),
    ("{Grün, Jürgen", '{Gr{\\"}un, J{\\"u}rgen', "lost-accent"),
    ("{Grün, Jürgen", "{Gr\\\"{}un, Jürgen", "lost-accent"),
    ("Østby, Åse", "{\\O}stby, {\\AA}se and {\\Foo}", "latex"),
    ("{American Journal of Sociology}", "{Publ. Adm.}", "journal-forms"),
    ("{Governance}", "{Public Adm.}", "journal-forms"),
    ("urldate = {2018-02-01}", "urldate = {2016-02-01}", "read-before-published"),
    ("urldate = {2018-02-01}", "urldate = {2017-10-01}", "read-before-published"),
    ("{Russell Sage Foundation},\n  location = {New York}", "{New York: Russell Sage}", "place-in-publisher"),
    ("{Oxford University Press}, location = {Oxford}", "{Sage Publications, London}", "place-in-publisher"),
    ("Waiting in public offices", "Waiting in public oﬃces", "ligature"),
    ("The new governance", "The new ﬁscal governance", "ligature"),
    ("Institutionalized organizations", "Institutionalized organi-zations", "broken-word"),
    ("A public management for", "A public man- agement for", "broken-word"),
    ("Street-level bureaucracy", "Street-level bureau­cracy", "broken-word"),
    ("month = mar", "month = {October}", "month"),
    ("month = mar", "month = {March 1991}", "month"),
    ("month = mar", "month = {13}", "month"),
    ("{340--363}", "{363--340}", "pages"),
    ("{340--363}", "{pp. 340--363}", "pages"),
    ("{3--19}", "{3__19}", "pages"),
    ("978-0-87154-526-8", "978-0-87154-526-9", "isbn"),
    ("year = {1980}", "year = {198O}", "year"),
    ("year = {2002}", "year = {2202}", "year"),
    ("date = {2017-10-30}", "date = {2017-13-30}", "date"),
    ("date = {2017-10-30}", "date = {30.10.2017}", "date"),
    ("Institutionalized organizations", "Institutionalized organizations &amp; myths", "html-entity"),
    ("Institutionalized organizations", "<i>Institutionalized</i> organizations", "html-tag"),
    ("Waiting in public offices", "Waiting in pubIic оffices", "mixed-script"),
    ("Waiting in public offices", "WAITING IN PUBLIC OFFICES", "title-shouts"),
    ("{Meyer, John W. and Rowan, Brian}", "{Meyer, John W., Rowan, Brian}", "name-form"),
    ("{Meyer, John W. and Rowan, Brian}", "{Meyer, John W. \\& Rowan, Brian}", "name-form"),
    ("{Meyer, John W. and Rowan, Brian}", "{Meyer, John W. et al.}", "name-form"),
    ("{{eGov.kz}}", "{Ministry of Digital Development}", "name-braces"),
    ("https://egov.kz/cms/en/about", "https://egov-kz.ezproxy.nu.edu.kz/cms", "library-proxy"),
    ("volume = {83}", "volume = {vol. 83}", "volume"),
    ("{American Journal of Sociology}", "{American Journal of Sociology,}", "stray-comma"),
    ("{Lipsky, Michael}", "{Lipsky Michael}", "name-swapped"),
    ("{Lipsky, Michael}", "{Dr. Michael Lipsky}", "name-form"),
    ("{621--640}", "{62l--640}", "pages"),
    ("{Grün, Jürgen", "{Gr¨un, J¨urgen", "lost-accent"),
    ("title = {Reform in the North}", "title = {Reform in the North.}", "title-full-stop"),
    ("title = {Reform in the North}", "title = {Reform in Kazakhstan}", "title-capitals"),
    ("journaltitle = {Governance}", "journaltile = {Governance}", "unknown-field missing-field"),
]  # fmt: skip


def _rules(text: str) -> set[str]:
    return {fault.rule for fault in audit(Library([read_text(text)])).faults}


def test_the_list_is_sound_without_them() -> None:
    assert _rules(SOUND) == set()


@pytest.mark.parametrize(
    ("there", "planted", "rules"), PLANTED, ids=[f"{one[2]}-{n}" for n, one in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found(there: str, planted: str, rules: str) -> None:
    assert there in SOUND
    found = _rules(SOUND.replace(there, planted, 1))
    assert found & set(rules.split()), found
