# ruff: noqa: E501
"""Made-up people and what they said, in the forms in which they get out: what ``test_privacy_recall`` looks for.

Nobody here exists. Each form was written by hand after the grammar of its language, not made by what looks for it.
"""

from __future__ import annotations

import unicodedata

# A name of the list → forms in which it stands in a sentence.
RUSSIAN = {
    "Мария": "Марии Марию Марией Мариею",
    "Юлия": "Юлии Юлию Юлией",
    "Наталья": "Натальи Наталье Наталью Натальей",
    "Сергей": "Сергея Сергею Сергеем Сергее",
    "Андрей": "Андрея Андрею Андреем",
    "Евгений": "Евгения Евгению Евгением Евгении",
    "Василевский": "Василевского Василевскому Василевским Василевском Василевская Василевской Василевскую Василевских",
    "Василевская": "Василевской Василевскую",
    "Тулпарбеков": "Тулпарбекова Тулпарбекову Тулпарбековым Тулпарбекове Тулпарбековой Тулпарбековы Тулпарбековых",
    "Тулпарбекова": "Тулпарбековой Тулпарбекову",
    "Досымжанова": "Досымжановой Досымжанову Досымжановою",
    "Павел": "Павла Павлу Павлом Павле",
    "Лев": "Льва Льву Львом",
    "Кравец": "Кравца Кравцу Кравцом",
    "Игорь": "Игоря Игорю Игорем",
    "Дзюба": "Дзюбы Дзюбе Дзюбу Дзюбой",
    "Анастасия": "Анастасии Анастасию Анастасией",
    "Илья": "Ильи Илье Илью Ильёй Ильей",
    "Любовь": "Любови Любовью",
    "Толстых": "Толстых",
    "Гульнара": "Гульнары Гульнаре Гульнару Гульнарой",
    "Асель": "Асели Аселью",
    "Толстой": "Толстого Толстому Толстым",
    "Данияр": "Данияра Данияру Данияром Данияре",
    "Жанна": "Жанны Жанне Жанну Жанной",
    "Чайка": "Чайки Чайке Чайку Чайкой",
}
KAZAKH = {
    "Нурлан": "Нурланның Нурланға Нурланды Нурланда Нурланнан Нурланмен",
    "Нұрлан": "Нұрланның Нұрланға Нурланға Нұрландар Нұрландікі",
    "Өмірбек": "Өмірбектің Өмірбекке Өмірбекті Өмірбекпен Умирбек Омирбек Өмірбектен Өмірбегі Умирбека",
    "Өтеген": "Утеген Отеген Өтегеннің Утегена",
    "Айгүл": "Айгүлдің Айгүлге Айгүлді Айгүлмен Айгуль Айгулі",
    "Сәуле": "Сәуленің Сәулеге Сәулені Сауле Сәулемен",
    "Ғалым": "Ғалымның Ғалымға Галымга Ғалымнан",
    "Қасым": "Қасымның Касыма Қасымды Қасымнан",
    "Жұлдыз": "Жұлдыздың Жұлдызға Жулдызга Жұлдызбен",
    "Сұлтанбек": "Сұлтанбектің Сұлтанбекке Сұлтанбекке Султанбекке Сұлтанбегі",
    "Әсел": "Әселдің Асел Әселге Асель",
    "Дархан": "Дарханның Дарханға Дарханнан Дархандар",
    "Болат": "Болаттың Болатқа Болатты Болатпен Болаттан Болатұлы",
    "Ерасыл": "Ерасылдың Ерасылға Ерасылмен",
    "Тоқтар": "Тоқтардың Токтарга Тоқтарды",
    "Айнұр": "Айнұрдың Айнурга Айнұрмен",
}
TRANSLITERATED = {
    "Жанбота": "Zhanbota Janbota Žanbota",
    "Өмірбек": "Omirbek Umirbek Ömirbek Omyrbek",
    "Нурлан": "Nurlan Nourlan Nurlan’s",
    "Юлия": "Yuliya Yulia Julia Iuliia Juliya",
    "Сергей": "Sergey Sergei Sergej Serguei",
    "Василевский": "Vasilevskiy Vasilevsky Wassilewski Vasilevskii Vasilevskij Vassilevsky",
    "Тулпарбеков": "Tulparbekov Tulparbekow Toulparbekov Tulparbekova Tulparbekovym Tulparbekov's",
    "Хасенов": "Khassenov Hasenov Khasenov Hassenov Xasenov",
    "Әйгерім": "Aigerim Äigerim Aygerim Eigerim Aigerym",
    "Ғалым": "Galym Ghalym Ğalym",
    "Қайрат": "Kairat Qairat Kayrat Qayrat",
    "Щербаков": "Shcherbakov Scherbakov",
    "Евгений": "Evgeny Yevgeny Evgenii Yevgeniy Evgenij",
    "Семён": "Semyon Semen Semion",
    "Шәкен": "Shaken Şäken Shäken",
    "Чайка": "Chaika Chayka Čajka",
    "Zhanbota": "Жанбота Жанботы Жанботаның Janbota",
    "Tulparbekov": "Тулпарбеков Тулпарбекову Тұлпарбеков Тулпарбековой",
    "Sergei": "Сергей Сергею Сергея",
    "Mariya": "Мария Марии Марией Maria",
    "Джамиля": "Dzhamilya Jamila Жамиля Djamila",
    "Сәуле": "Saule Sawle Säule",
}
# A line of the list → texts in which that person is named.
WHOLE = {
    "Нурлан Тулпарбеков": [
        "Нурлан Ермекович Тулпарбеков", "Тулпарбеков Нурлан Ермекович", "Тулпарбекову Н. Е.", "Н.Е. Тулпарбекова",
        "Nurlan E. Tulparbekov", "TULPARBEKOV Nurlan", "N. Tulparbekov", "Нурланом Ермековичем Тулпарбековым",
        "Nurlan\nTulparbekov", "Тулпарбеков, Нурлан", "NurlanTulparbekov.pdf", "nurlan_tulparbekov", "nurlan-tulparbekov",
    ],
    "Мария Петровна Дзюба": [
        "Марии Петровне Дзюбе", "Мария Петровна", "Дзюба М. П.", "Марией Дзюбой", "Maria Petrovna", "М.П. Дзюба",
    ],
}  # fmt: skip


def decomposed(word: str) -> str:
    """Return a word as macOS writes it in the names of files: each mark a sign of its own."""
    return unicodedata.normalize("NFD", word)


DECOMPOSED = {
    "Сергей": "Сергей", "Василевский": "Василевский Василевской", "Семён": "Семён Семёна", "Айдай": "Айдай Айдайдың",
    "Ğalym": "Ğalym", "Äigerim": "Äigerim", "Андрей": "Андрей Андрейде", "Тимофей": "Тимофей",
}  # fmt: skip

SAID = (
    "the ministry sent us a new template every quarter and nobody at the counter could explain to the people why the"
    " queue had become longer after the reform was declared a success by the regional office"
)
# Each a way in which the passage stands in a text.
ALTERED = {
    "one word in six is another": "the ministry sent us a fresh template every quarter and somebody at the counter could"
    " explain to the citizens why the queue had grown longer after the reform was called a success",
    "words are dropped": "ministry sent us new template every quarter, nobody at counter could explain to people why queue"
    " had become longer after reform was declared success",
    "a note mark every few words": "the ministry sent us[^1] a new template every[^2] quarter and nobody[^3] at the counter"
    "[^4] could explain to[^5] the people",
    "numbers of notes in the PDF": "the ministry1 sent us a new2 template every quarter3 and nobody at the4 counter could"
    " explain5 to the people why",
    "marks as words": "the ministry sent us (a) a new template every (b) quarter and nobody at (c) the counter could explain"
    " (d) to the people why",
    "one changed word": "nobody at the desk could explain to the people why the queue had become longer",
    "two changed words": "nobody at the desk could explain to the clients why the queue had become longer after the reform",
    "put in between": "the ministry, he said, sent us a new template every single quarter and nobody there at the counter"
    " could really explain to the people",
    "ellipses": "the ministry sent us a new template … nobody at the counter could explain … why the queue had become longer",
    "brackets": "the ministry sent [them] a new template every quarter and nobody at the counter could explain to [citizens]",
    "in capitals and other marks": "THE MINISTRY SENT US — A NEW TEMPLATE — EVERY QUARTER AND NOBODY AT THE COUNTER",
    "lines of a table": "the ministry sent us | a new template | every quarter | and nobody | at the counter | could explain",
    "line numbers": "1 the ministry sent us a new 2 template every quarter and 3 nobody at the counter could 4 explain to",
    "other order of two words": "the ministry sent us a template new every quarter and at the counter nobody could explain to"
    " the people why the queue had become longer",
    "a hyphen at a line's end": "the ministry sent us a new tem\u00adplate every quarter and nobody at the counter could",
    "other spelling": "the Ministry sent us a new template each quarter, and no one at the counter could explain to the"
    " people why the queue had become longer",
    "every fifth word left out": "the ministry sent us new template every quarter nobody at the counter explain to the people"
    " the queue had become after the reform was a success by the",
    "every fourth word another": "the ministry gave us a new form every quarter and everybody at the counter should explain to"
    " the public why the queue got become longer after that reform was declared",
    "with emphasis": "the *ministry* sent **us** a new _template_ every quarter and nobody at the counter could explain",
    "as code": "said = 'the ministry sent us a new template every quarter and nobody at the counter could explain'",
}  # fmt: skip
PHONES = [
    "701 234" + " 56 78", "(701) 234" + "-56-78", "701–234" + "–56–78", "+7 701 234" + "–56–78", "8 701" + "–2345678",
    "747.123" + ".45.67", "7172 23" + "–45–67", "(7172)" + " 23-45-67", "тел.: 23" + "-45-67", "phone 234" + " 5678",
    "call me at 2345" + "678", "моб. 7012" + "345678", "whatsapp: 7771" + "234567", "+7\u2009701\u2009234" + "\u200956\u200978",
    "Позвоните 45" + "-67-89", "778-123" + "-4567", "+7 (727) 2" + "34‑56‑78", "ұялы 8705" + "1234567",
    "705 123" + " 4567", "8(701)234" + "-56-78",
]  # fmt: skip
ADDRESSES = [
    "aigul.testova (at) " + "akimat.kz", "aigul.testova [at] akimat" + " [dot] kz", "aigul.testova(at)" + "akimat.kz",
    "aigul.testova {at} " + "akimat.kz", "aigul.testova at akimat" + " dot kz", "aigul.testova @ " + "akimat.kz",
    "aigul.testova (собака) " + "akimat.kz", "aigul.testova＠" + "akimat.kz", "aigul.testova%40" + "akimat.kz",
    "aigul.testova\\u0040" + "akimat.kz", "aigul.testova&#64;" + "akimat.kz", "aigul.testova <at> " + "akimat.kz",
    "aigul dot testova at akimat" + " dot kz", "aigul.testova (at) akimat" + " (dot) gov (dot) kz",
]  # fmt: skip
