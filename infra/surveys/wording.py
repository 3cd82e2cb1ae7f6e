"""What customers read when they are asked how it went, in the organization's first language where we have it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.survey.survey import SurveyPlan


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language; `{name}` is the organization."""

    asking: str
    reminding: str


ENGLISH = Wording(
    "How did {name} do? Your rating takes a few seconds:",
    "May we ask once more how {name} did? We will not ask again:",
)
WORDINGS = {
    "en": ENGLISH,
    "de": Wording(
        "Wie zufrieden sind Sie mit {name}? Ihre Bewertung dauert nur ein paar Sekunden:",
        "Dürfen wir noch einmal fragen, wie zufrieden Sie mit {name} sind? Danach fragen wir nicht mehr:",
    ),
    "fr": Wording(
        "Êtes-vous satisfait de {name} ? Votre avis ne prend que quelques secondes :",
        "Pouvons-nous vous redemander votre avis sur {name} ? Nous ne vous solliciterons plus ensuite :",
    ),
    "es": Wording(
        "¿Qué tal lo hizo {name}? Su valoración lleva unos segundos:",
        "¿Podemos preguntarle una vez más qué tal lo hizo {name}? No volveremos a preguntar:",
    ),
    "nl": Wording(
        "Hoe tevreden bent u over {name}? Uw beoordeling kost een paar seconden:",
        "Mogen we nog één keer vragen hoe tevreden u bent over {name}? Daarna vragen we het niet meer:",
    ),
    "pt": Wording(
        "Como foi o atendimento da {name}? A sua avaliação demora alguns segundos:",
        "Podemos perguntar mais uma vez como foi o atendimento da {name}? Não voltaremos a perguntar:",
    ),
}


class SurveyWording:
    """Words a survey's message."""

    def asking(self, plan: SurveyPlan, link: str, *, again: bool) -> str:
        """The sentence, and the link on a line of its own."""
        wording = WORDINGS.get((plan.language or "en").partition("-")[0], ENGLISH)
        sentence = (wording.reminding if again else wording.asking).format(name=plan.organization)
        return f"{sentence}\n{link}"
