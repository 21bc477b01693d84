"""Entry types and fields of BibTeX and biblatex: what each type must have, what names there are.

Sources: Patashnik, "BibTeXing" (1988), section 3; Kime, Wemheuer and Lehman, "The biblatex Package",
sections 2.1 and 2.2. Where the two differ, what either asks for is enough.
"""

from __future__ import annotations

_WHO = "author|editor|organization|institution|publisher|key"
WHEN = "year|date"

# Type → fields that it must have; "a|b" is met by either. What any type must have comes first.
REQUIRED: dict[str, tuple[str, ...]] = {
    "article": ("author|editor", "title", "journal|journaltitle", WHEN),
    "book": ("author|editor", "title", "publisher", WHEN),
    "mvbook": ("author|editor", "title", WHEN),
    "inbook": ("author|editor", "title|chapter", "booktitle|publisher", WHEN),
    "bookinbook": ("author|editor", "title", "booktitle", WHEN),
    "suppbook": ("author|editor", "title", "booktitle", WHEN),
    "booklet": ("author|editor|key", "title", WHEN),
    "collection": ("editor", "title", WHEN),
    "mvcollection": ("editor", "title", WHEN),
    "incollection": ("author", "title", "booktitle", "publisher", WHEN),
    "suppcollection": ("author", "title", "booktitle", WHEN),
    "inproceedings": ("author", "title", "booktitle", WHEN),
    "conference": ("author", "title", "booktitle", WHEN),
    "proceedings": ("title", WHEN),
    "mvproceedings": ("title", WHEN),
    "inreference": ("author|editor", "title", "booktitle", WHEN),
    "reference": ("editor", "title", WHEN),
    "mvreference": ("editor", "title", WHEN),
    "manual": (_WHO, "title", WHEN),
    "mastersthesis": ("author", "title", "school|institution", WHEN),
    "phdthesis": ("author", "title", "school|institution", WHEN),
    "thesis": ("author", "title", "institution|school", WHEN),
    "report": (_WHO, "title", "institution|publisher|organization", WHEN),
    "techreport": (_WHO, "title", "institution|publisher|organization", WHEN),
    "online": (_WHO, "title", "url|doi|eprint", WHEN),
    "electronic": (_WHO, "title", "url|doi|eprint", WHEN),
    "www": (_WHO, "title", "url|doi|eprint", WHEN),
    "misc": (_WHO, "title", WHEN),
    "unpublished": ("author", "title", WHEN),
    "patent": ("author|holder", "title", "number", WHEN),
    "periodical": ("title", WHEN),
    "suppperiodical": ("author|editor", "title", "journaltitle|journal", WHEN),
    "dataset": (_WHO, "title", WHEN),
    "software": (_WHO, "title", WHEN),
    "legislation": ("title", WHEN),
    "legal": ("title", WHEN),
    "jurisdiction": ("title", WHEN),
    "standard": (_WHO, "title", WHEN),
    "review": ("author", "title", WHEN),
    "letter": ("author", WHEN),
    "speech": ("author", "title", WHEN),
    "performance": ("title", WHEN),
    "audio": ("title", WHEN),
    "video": ("title", WHEN),
    "movie": ("title", WHEN),
    "music": ("title", WHEN),
    "image": ("title", WHEN),
    "artwork": ("title", WHEN),
    "commentary": ("title", WHEN),
    "newspaper": ("title", WHEN),
    "xdata": (),
    "set": ("entryset",),
}

# Without these a reader can't find the work: their lack is an error, that of others a warning.
VITAL = frozenset({"title", "title|chapter", "author|editor", _WHO, "author"})

LEGAL = frozenset({"legislation", "legal", "jurisdiction"})

_FIELDS = """
abstract addendum address afterword annotation annote annotator archive archiveprefix author authortype
bookauthor bookpagination booksubtitle booktitle booktitleaddon chapter commentator crossref date
day doi edition editor editora editorb editorc editortype eid entryset entrysubtype eprint eprintclass eprinttype
eventdate eventtitle eventtitleaddon file foreword gender groups holder howpublished hyphenation ids
indextitle institution introduction isan isbn ismn isrn issn issue issuesubtitle issuetitle iswc journal
journalsubtitle journaltitle key keywords label langid langidopts language library location mainsubtitle
maintitle maintitleaddon month nameaddon note number options organization origdate origlanguage origlocation
origpublisher origtitle owner pages pagetotal pagination part place presort primaryclass publisher pubstate
pmid pmcid related relatedoptions relatedstring relatedtype reprinttitle reviewed school series shortauthor
shorteditor shorthand shorthandintro shortjournal shortseries shorttitle sortkey sortname sortshorthand sorttitle
sortyear subtitle timestamp title titleaddon translator type url urldate urldateday urldatemonth urldateyear
usera userb userc userd usere userf venue verba verbb verbc version volume volumes xdata xref year
abbr accessed added-at affiliation archivelocation audit-ignore biburl bibsource call-number citeulike-article-id
comment contents copyright creationdate date-added date-modified interhash intrahash isi issn-online
keyword lccn lib local-url mendeley-groups modificationdate mrclass mrnumber mrreviewer numpages priority
publication_stage rating read review size source urlaccessdate username zblnumber archiveurl archivedate
editoratype editorbtype editorctype bookauthortype translatortype mainsubtitleaddon shorttitleaddon pagetotals
mendeley-tags acknowledgement bibdate coden journal-url book-url doubt proof title-transliterated title-translated
"""
FIELDS = frozenset(_FIELDS.split())

# Fields that a style may print: what LaTeX or pandoc make of the others is seen by nobody.
_PRINTED = """
addendum address afterword annotator author bookauthor booksubtitle
title-transliterated title-translated booktitle booktitleaddon chapter commentator
doubt edition editor editora editorb editorc eid eventtitle eventtitleaddon foreword holder institution introduction
issue issuesubtitle issuetitle journal journalsubtitle journaltitle journaltitleaddon language library location
mainsubtitle maintitle maintitleaddon month nameaddon note number organization origlocation origpublisher origtitle
pages pagetotal part publisher pubstate reprinttitle school series shortauthor shorteditor shortjournal shortseries
shorttitle subtitle title titleaddon translator type venue version volume volumes year date
"""
PRINTED = frozenset(_PRINTED.split())
# Fields that somebody reads: a style, or a program that follows them.
READ = PRINTED | {
    "doi",
    "url",
    "urldate",
    "isbn",
    "issn",
    "eprint",
    "langid",
    "crossref",
    "xdata",
    "howpublished",
}

# Fields whose value is taken as it stands, or read by no style.
_VERBATIM = """
url doi eprint file pdf urn verba verbb verbc abstract annote annotation keywords keyword comment review
local-url crossref xdata ids entryset biburl bibsource howpublished archiveurl timestamp audit-ignore proof
"""
VERBATIM = frozenset(_VERBATIM.split())

# What programs that keep references write for themselves: paths of the author's machine and what the author noted;
# abstracts and keywords, which are their publisher's; and their own bookkeeping. None of it is of the work as cited.
PRIVATE = frozenset({"file", "local-url", "pdf", "annote", "annotation", "comment", "review"})
PUBLISHERS = frozenset({"abstract", "keywords", "keyword"})
FOREIGN = (
    PRIVATE
    | PUBLISHERS
    | {
        "owner",
        "username",
        "groups",
        "mendeley-groups",
        "mendeley-tags",
        "priority",
        "rating",
        "read",
        "timestamp",
    }
    | {
        "bdsk-file-1",
        "bdsk-file-2",
        "date-added",
        "date-modified",
        "added-at",
        "creationdate",
        "modificationdate",
    }
    | {"interhash", "intrahash", "biburl", "bibsource", "citeulike-article-id", "gender", "abbr"}
)
