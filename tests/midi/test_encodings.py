import pytest

from musegan.midi.encodings import decode_name

WESTERN = """
Gitarre für Übung|Flûte|Violão|Übung|Größe|Hautbois à 2|Señor|Bläser|Fløjte|Slagtøj|Percussão|Canção
Ação|À|é|Å|Öl|Início|Órgão|Violões|Contrabaixo 1º|2ª voz|¿Qué?|¡Olé!|Trommeln & Bässe|Þú|Óð|öö|Yö
Piano – rechts|John’s Bass|“Lead”|Rock ’n’ Roll|Rock ’n Roll|Drum’n’Bass|© 1998 Müller|® ™|«Flûte»
Chœur|CHŒUR|FLÛTE|VIOLÃO|GRÖSSE|ÜBUNG|Tête-à-tête|Piano…|Cuica·Surdo|Tímpanos|Ääni|Õun|Sæti|Rås
Stråkar|Händel: Feuerwerksmusik|Für Elise|Noël|Mäßig|süß|Fußpedal|Façade|Garçon|Ñandú|Acordeón
Bajo eléctrico|Guitare à 12 cordes|Cloches d’église|½|Só|à é è|Ó Ã É|ÄÖÜ|°°° Piano °°°
"""


def names(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("name", names(WESTERN))
def test_western_names_stay_western(name: str) -> None:
    assert decode_name(name.encode("cp1252")) == name


@pytest.mark.parametrize(
    ("encoding", "several"),
    [
        ("cp1251", "Бас|Пианино|ПИАНИНО|Гитара 1|Соло-гитара (L)|«Бас» №2|Піаніно|Скрипка Violin"),
        ("cp932", "ピアノ|ピアノ Piano|ベース１|ドラム|メロディー|ギターL|主旋律|伴奏|琴"),
        ("gb2312", "钢琴|吉他|旋律|主旋律|贝斯 1|低音|小提琴|长笛|琵琶|二胡|人声"),
    ],
)
def test_other_scripts_are_told_from_short_names(encoding: str, several: str) -> None:
    found = [decode_name(name.encode(encoding)) for name in names(several)]
    assert found == names(several)


@pytest.mark.parametrize("name", ["", "Piano", "Flûte", "Бас", "ピアノ", "钢琴", "鼓", "🎹"])
def test_utf_8_is_always_read_as_such(name: str) -> None:
    assert decode_name(name.encode()) == name


def test_what_is_in_no_encoding_has_a_mark_where_it_cannot_be_read() -> None:
    assert decode_name(b"Pian\x81") == "Pian\ufffd"
