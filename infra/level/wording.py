"""What customers read out of hours, in six languages; every other one gets English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from infra.assist.language import language_of


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentence of one language, with `{day}`, `{time}` and `{zone}`; how a date is said; its words, in order."""

    sentence: str
    date: str
    weekdays: Sequence[str]
    months: Sequence[str]


def _words(text: str) -> Sequence[str]:
    return text.split()


ENGLISH = Wording(
    "Nobody from our team is here right now. Someone will answer from {day}, {time} ({zone}). Leave your e-mail address"
    " if you want the answer there too.",
    "{weekday} {number} {month}",
    _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    _words("January February March April May June July August September October November December"),
)
WORDINGS = {
    "en": ENGLISH,
    "de": Wording(
        "Gerade ist niemand aus unserem Team da. Ab {day}, {time} Uhr ({zone}) antwortet Ihnen jemand. Hinterlassen Sie"
        " Ihre E-Mail-Adresse, wenn Sie die Antwort auch dort möchten.",
        "{weekday}, {number}. {month}",
        _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    ),
    "fr": Wording(
        "Personne de notre équipe n’est là en ce moment. Quelqu’un vous répondra à partir du {day}, {time} ({zone})."
        " Laissez votre adresse e-mail si vous souhaitez aussi y recevoir la réponse.",
        "{weekday} {number} {month}",
        _words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    ),
    "es": Wording(
        "Ahora mismo no hay nadie de nuestro equipo. Le responderán a partir del {day}, {time} ({zone}). Deje su correo"
        " electrónico si quiere recibir la respuesta también ahí.",
        "{weekday} {number} de {month}",
        _words("lunes martes miércoles jueves viernes sábado domingo"),
        _words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    ),
    "nl": Wording(
        "Er is nu niemand van ons team aanwezig. Vanaf {day}, {time} uur ({zone}) krijgt u antwoord. Laat uw"
        " e-mailadres achter als u het antwoord ook daar wilt ontvangen.",
        "{weekday} {number} {month}",
        _words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        _words("januari februari maart april mei juni juli augustus september oktober november december"),
    ),
    "pt": Wording(
        "Neste momento não está ninguém da nossa equipa. Alguém lhe responderá a partir de {day}, {time} ({zone})."
        " Deixe o seu e-mail se quiser receber a resposta também aí.",
        "{weekday}, {number} de {month}",
        _words("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        _words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    ),
}


def absence_line(said: Sequence[str], languages: Sequence[str], back_at: datetime) -> str:
    """When somebody is there again, in the language of what was said, else in the first of the organization's."""
    found = language_of(" ".join(said))
    known = [code for code in (found, *(language.partition("-")[0] for language in languages)) if code in WORDINGS]
    wording = WORDINGS[known[0]] if known and known[0] else ENGLISH
    weekday, month = wording.weekdays[back_at.weekday()], wording.months[back_at.month - 1]
    day = wording.date.format(weekday=weekday, number=back_at.day, month=month)
    return wording.sentence.format(day=day, time=f"{back_at:%H:%M}", zone=back_at.tzinfo)
