import type { Translation } from "..";
import type en from "../en/start";

export default {
  title: "Erste Schritte",
  about:
    "Fünf Dinge, und Kunden bekommen Antwort. Die Reihenfolge ist frei; abgehakt ist jedes, sobald es wirklich da ist.",
  done: "Erledigt",
  toDo: "Zu tun",
  progress: "{done} von {all} erledigt",
  dismiss: "Das brauche ich nicht",
  dismissHint: "Sie finden es unter Einstellungen, Organisation wieder.",
  finished: "Alle fünf Schritte sind getan",
  finishedHint: "Kunden können fragen, der Assistent weiß etwas, und für den Rest sind Menschen da.",
  toInbox: "Zum Posteingang",
  knowledge: {
    title: "Wissen hinzufügen",
    hint: "Der Assistent antwortet aus dem, was Sie schreiben, und aus nichts sonst.",
    question: "Eine Frage, die Kunden stellen",
    questionExample: "Wie gebe ich etwas zurück?",
    answer: "Die Antwort",
    add: "Veröffentlichen",
    added: "Der Assistent weiß es jetzt",
    more: "Dokumente importieren oder mehr schreiben",
    source: "Hilfe",
    there: "{count, plural, one {Es gibt # Artikel.} other {Es gibt # Artikel.}}",
    thereMany: "Es gibt schon Artikel.",
  },
  assistant: {
    title: "Den Assistenten ausprobieren",
    hint: "Fragen Sie wie ein Kunde: Es ist der Chat, den Ihre Website zeigt.",
    open: "Hier etwas fragen",
    frame: "Der Chat, wie Kunden ihn sehen",
    noInbox: "Es gibt noch kein Postfach für Chat. Legen Sie unter Einstellungen, Postfächer eines an.",
    noVisitors: "Fremde dürfen zurzeit nicht fragen. Erlauben Sie es unter Einstellungen, Organisation.",
  },
  widget: {
    title: "Den Chat einbauen",
    hint: "Erlauben Sie Ihre Website und setzen Sie dann eine Zeile in ihre Seiten.",
    origin: "Websites, die den Chat zeigen",
    originAdd: "Ihre Website, etwa https://shop.example",
    inbox: "Postfach, das er fragt",
    tag: "Setzen Sie das vor das Ende des Body",
  },
  people: {
    title: "Menschen einladen",
    hint: "Was der Assistent nicht beantworten soll, geht an einen Menschen.",
    invite: "Jemanden einladen",
    there: "{count, plural, one {# Mensch arbeitet hier.} other {# Menschen arbeiten hier.}}",
    many: "Viele Menschen arbeiten hier.",
    manage: "Mitglieder und Rollen",
  },
  hours: {
    title: "Ihre Zeiten festlegen",
    hint: "Damit Kunden ehrlich erfahren, wann jemand antwortet.",
  },
} satisfies Translation<typeof en>;
