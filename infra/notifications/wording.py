"""The sentences that tell people at work what happened, in the languages that we have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.notification.notification import NotificationKind as Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """One language; `{subject}` is what the conversation is about, `{name}` who did it, `{count}` how many."""

    kinds: Mapping[Kind, str]
    somebody: str
    several: str
    stop: str
    stop_all: str


ENGLISH = Wording(
    {
        Kind.MENTIONED: "{name} mentioned you in “{subject}”",
        Kind.OFFERED: "A conversation is offered to you: “{subject}”",
        Kind.ASSIGNED: "{name} gave you “{subject}”",
        Kind.REPLIED: "{name} replied in “{subject}”",
        Kind.SERVICE_LEVEL_WARNED: "A service level is about to be missed: “{subject}”",
        Kind.SERVICE_LEVEL_BREACHED: "A service level was missed: “{subject}”",
        Kind.RETURNED: "“{subject}” went back to the queue, since you were away",
        Kind.SURVEY_ANSWERED: "{name} rated “{subject}”",
        Kind.DELIVERY_FAILED: "Something could not be delivered. {subject}",
        Kind.JOB_FAILED: "A task failed for good",
        Kind.WEBHOOK_DISABLED: "A webhook was switched off",
    },
    "Somebody",
    "{count} new notifications",
    "No more mails about this:",
    "No more mails about anything:",
)
WORDINGS = {
    "en": ENGLISH,
    "de": Wording(
        {
            Kind.MENTIONED: "{name} hat Sie in „{subject}“ erwähnt",
            Kind.OFFERED: "Ihnen wird ein Gespräch angeboten: „{subject}“",
            Kind.ASSIGNED: "{name} hat Ihnen „{subject}“ übergeben",
            Kind.REPLIED: "{name} hat in „{subject}“ geantwortet",
            Kind.SERVICE_LEVEL_WARNED: "Eine zugesagte Frist läuft bald ab: „{subject}“",
            Kind.SERVICE_LEVEL_BREACHED: "Eine zugesagte Frist ist verstrichen: „{subject}“",
            Kind.RETURNED: "„{subject}“ ist zurück in der Warteschlange, weil Sie abwesend waren",
            Kind.SURVEY_ANSWERED: "{name} hat „{subject}“ bewertet",
            Kind.DELIVERY_FAILED: "Etwas konnte nicht zugestellt werden. {subject}",
            Kind.JOB_FAILED: "Eine Aufgabe ist endgültig fehlgeschlagen",
            Kind.WEBHOOK_DISABLED: "Ein Webhook wurde ausgeschaltet",
        },
        "Jemand",
        "{count} neue Benachrichtigungen",
        "Keine Mails mehr darüber:",
        "Gar keine Mails mehr:",
    ),
    "fr": Wording(
        {
            Kind.MENTIONED: "{name} vous a mentionné dans « {subject} »",
            Kind.OFFERED: "Une conversation vous est proposée : « {subject} »",
            Kind.ASSIGNED: "{name} vous a confié « {subject} »",
            Kind.REPLIED: "{name} a répondu dans « {subject} »",
            Kind.SERVICE_LEVEL_WARNED: "Un délai promis va être dépassé : « {subject} »",
            Kind.SERVICE_LEVEL_BREACHED: "Un délai promis est dépassé : « {subject} »",
            Kind.RETURNED: "« {subject} » est retournée dans la file, car vous étiez absent",
            Kind.SURVEY_ANSWERED: "{name} a noté « {subject} »",
            Kind.DELIVERY_FAILED: "Un envoi n’a pas pu être remis. {subject}",
            Kind.JOB_FAILED: "Une tâche a définitivement échoué",
            Kind.WEBHOOK_DISABLED: "Un webhook a été désactivé",
        },
        "Quelqu’un",
        "{count} nouvelles notifications",
        "Ne plus recevoir de courriels à ce sujet :",
        "Ne plus recevoir aucun courriel :",
    ),
    "es": Wording(
        {
            Kind.MENTIONED: "{name} le mencionó en «{subject}»",
            Kind.OFFERED: "Se le ofrece una conversación: «{subject}»",
            Kind.ASSIGNED: "{name} le asignó «{subject}»",
            Kind.REPLIED: "{name} respondió en «{subject}»",
            Kind.SERVICE_LEVEL_WARNED: "Está a punto de incumplirse un plazo: «{subject}»",
            Kind.SERVICE_LEVEL_BREACHED: "Se ha incumplido un plazo: «{subject}»",
            Kind.RETURNED: "«{subject}» volvió a la cola porque usted estaba ausente",
            Kind.SURVEY_ANSWERED: "{name} valoró «{subject}»",
            Kind.DELIVERY_FAILED: "Algo no se pudo entregar. {subject}",
            Kind.JOB_FAILED: "Una tarea falló definitivamente",
            Kind.WEBHOOK_DISABLED: "Se ha desactivado un webhook",
        },
        "Alguien",
        "{count} notificaciones nuevas",
        "No recibir más correos sobre esto:",
        "No recibir más correos:",
    ),
    "nl": Wording(
        {
            Kind.MENTIONED: "{name} heeft u genoemd in “{subject}”",
            Kind.OFFERED: "Er wordt u een gesprek aangeboden: “{subject}”",
            Kind.ASSIGNED: "{name} heeft u “{subject}” gegeven",
            Kind.REPLIED: "{name} heeft geantwoord in “{subject}”",
            Kind.SERVICE_LEVEL_WARNED: "Een afgesproken termijn loopt bijna af: “{subject}”",
            Kind.SERVICE_LEVEL_BREACHED: "Een afgesproken termijn is verstreken: “{subject}”",
            Kind.RETURNED: "“{subject}” staat weer in de wachtrij, omdat u afwezig was",
            Kind.SURVEY_ANSWERED: "{name} heeft “{subject}” beoordeeld",
            Kind.DELIVERY_FAILED: "Iets kon niet worden bezorgd. {subject}",
            Kind.JOB_FAILED: "Een taak is definitief mislukt",
            Kind.WEBHOOK_DISABLED: "Een webhook is uitgeschakeld",
        },
        "Iemand",
        "{count} nieuwe meldingen",
        "Geen mails meer hierover:",
        "Helemaal geen mails meer:",
    ),
    "pt": Wording(
        {
            Kind.MENTIONED: "{name} mencionou-o em “{subject}”",
            Kind.OFFERED: "Uma conversa é-lhe oferecida: “{subject}”",
            Kind.ASSIGNED: "{name} passou-lhe “{subject}”",
            Kind.REPLIED: "{name} respondeu em “{subject}”",
            Kind.SERVICE_LEVEL_WARNED: "Um prazo está prestes a falhar: “{subject}”",
            Kind.SERVICE_LEVEL_BREACHED: "Um prazo falhou: “{subject}”",
            Kind.RETURNED: "“{subject}” voltou à fila, porque estava ausente",
            Kind.SURVEY_ANSWERED: "{name} avaliou “{subject}”",
            Kind.DELIVERY_FAILED: "Algo não pôde ser entregue. {subject}",
            Kind.JOB_FAILED: "Uma tarefa falhou definitivamente",
            Kind.WEBHOOK_DISABLED: "Um webhook foi desativado",
        },
        "Alguém",
        "{count} notificações novas",
        "Não receber mais e-mails sobre isto:",
        "Não receber mais nenhum e-mail:",
    ),
}


def wording_of(language: str) -> Wording:
    """The words of a language, whatever its region; English where we have none."""
    return WORDINGS.get(language.partition("-")[0], ENGLISH)
