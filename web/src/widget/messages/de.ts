/** Was das Widget sagt, auf Deutsch. */
import type { Words } from "./index";

const plural = new Intl.PluralRules("de");

const words: Words = {
  title: (company) => `Chat mit ${company}`,
  launcher: {
    open: "Chat öffnen",
    unread: (count) => (plural.select(count) === "one" ? "1 neue Nachricht" : `${count} neue Nachrichten`),
  },
  header: {
    assistant: "Antwortet sofort, mit Menschen dahinter",
    person: (name) => `Sie sprechen mit ${name}`,
    opens: (when) => `Unser Team ist ${when} wieder da`,
    close: "Chat schließen",
    history: "Ihre Unterhaltungen",
    back: "Zurück",
    begin: "Neue Unterhaltung",
    privacy: "Datenschutz",
  },
  greeting: (company) => `Guten Tag. Was kann ${company} für Sie tun?`,
  greetingNote:
    "Ein Assistent antwortet aus unseren Hilfeseiten und nennt seine Quellen. Sie können jederzeit nach einem Menschen fragen.",
  compose: {
    label: "Ihre Nachricht",
    placeholder: "Nachricht schreiben …",
    again: "Schreiben Sie, um fortzufahren …",
    send: "Senden",
    attach: "Datei anhängen",
    remove: (name) => `${name} entfernen`,
    uploading: "Wird hochgeladen …",
    tooLarge: "Dateien dürfen höchstens 25 MB haben.",
    failed: "Diese Datei konnte nicht gesendet werden.",
    tooLong: (most) => `Höchstens ${most} Zeichen.`,
  },
  message: {
    you: "Sie",
    assistant: "Assistent",
    team: "Team",
    writing: "Der Assistent schreibt …",
    typing: (name) => `${name} schreibt …`,
    somebody: "Jemand",
    stop: "Anhalten",
    stopped: "Angehalten",
    sources: "Quellen",
    sending: "Wird gesendet …",
    waiting: "Noch nicht gesendet: neuer Versuch …",
    refused: "Nicht gesendet",
    retry: "Erneut versuchen",
    discard: "Verwerfen",
    helpful: "Hat das geholfen?",
    yes: "Ja, das hat geholfen",
    no: "Nein, das hat nicht geholfen",
    thanks: "Vielen Dank.",
    earlier: "Frühere Nachrichten",
    download: (name) => `${name} herunterladen`,
    checking: "wird geprüft",
    fileRefused: "wurde nicht angenommen",
    choices: "Antwort auswählen",
    newBelow: "Neuere Nachrichten unten",
  },
  person: {
    ask: "Mit einem Menschen sprechen",
    waiting:
      "Sie stehen in der Warteschlange. Jemand antwortet Ihnen genau hier; Sie können den Chat inzwischen schließen.",
    waitingSince: (minutes) =>
      plural.select(minutes) === "one" ? "Sie warten seit 1 Minute." : `Sie warten seit ${minutes} Minuten.`,
    closed: (when) => `Gerade ist niemand da. Unser Team ist ${when} wieder da.`,
    joined: (name) => `${name} ist da.`,
    resolved: "Diese Sache wurde abgeschlossen. Wenn noch etwas fehlt, schreiben Sie einfach.",
  },
  email: {
    label: "E-Mail-Adresse",
    hint: "Hinterlassen Sie eine Adresse, dann kommt die Antwort auch per E-Mail.",
    send: "Adresse hinterlassen",
    left: (address) => `Antworten gehen auch an ${address}.`,
    wrong: "Das ist keine E-Mail-Adresse.",
  },
  code: {
    label: "Code aus Ihrer E-Mail",
    send: "Bestätigen",
    done: "Bestätigt.",
  },
  survey: {
    title: "Wie zufrieden sind Sie?",
    scores: ["Sehr schlecht", "Schlecht", "Mittel", "Gut", "Sehr gut"],
    comment: "Möchten Sie etwas hinzufügen? (freiwillig)",
    send: "Senden",
    thanks: "Vielen Dank für Ihre Antwort.",
  },
  history: {
    title: "Ihre Unterhaltungen",
    empty: "Noch nichts. Was Sie fragen, steht dann hier.",
    resolved: "Abgeschlossen",
    waiting: "Wartet",
  },
  source: {
    close: "Quelle schließen",
    open: "Den ganzen Artikel lesen",
    missing: "Diese Seite gibt es nicht mehr.",
  },
  problem: {
    offline: "Sie sind offline. Was Sie schreiben, wird gesendet, sobald Sie wieder online sind.",
    connecting: "Verbindung wird hergestellt …",
    failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    strangers: "Dieser Chat ist für angemeldete Kunden. Bitte melden Sie sich zuerst auf dieser Seite an.",
  },
};

export default words;
