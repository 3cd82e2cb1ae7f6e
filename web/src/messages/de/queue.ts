import type { Translation } from "..";
import type en from "../en/queue";

export default {
  title: "Warteschlange",
  about:
    "Unterhaltungen, die auf einen Menschen warten. Sie werden nacheinander denen angeboten, die passen und Platz haben.",
  empty: "Niemand wartet auf einen Menschen",
  emptyHint: "Sobald der Assistent übergibt oder jemand nach einem Menschen fragt, erscheint die Unterhaltung hier.",
  takeNext: "Nächste übernehmen",
  take: "Übernehmen",
  asked: "{name} ist gefragt",
  estimate: "noch etwa {minutes, plural, one {# Minute} other {# Minuten}}",
  forTeam: "Nur im Team",
  priority: { LOW: "Niedrig", NORMAL: "Normal", HIGH: "Hoch", URGENT: "Dringend" },
  reason: {
    CUSTOMER_ASKED: "wollte einen Menschen",
    NOT_IN_KNOWLEDGE: "nicht im Wissen",
    ASSISTANT_FAILED: "der Assistent ist gescheitert",
    ASSISTANT_OFF: "der Assistent ist hier aus",
    AGENT_ASKED: "jemand aus dem Team bat darum",
    NOT_VERIFIED: "konnte sich nicht ausweisen",
    RULE: "eine Regel wollte es so",
  },
  hindrance: {
    OUT_OF_HOURS: "Außerhalb der Geschäftszeiten",
    NOBODY_IN_TEAM: "Niemand ist in den Teams des Posteingangs",
    NOBODY_ONLINE: "Niemand, der könnte, ist online",
    NOBODY_SPEAKS_LANGUAGE: "Niemand online schreibt die Sprache",
    NOBODY_KNOWS_TOPIC: "Niemand online kennt das Thema",
    EVERYBODY_PASSED: "Alle haben vor Kurzem abgelehnt",
    EVERYBODY_BUSY: "Alle haben schon genug",
  },
  offer: {
    region: "Angebotene Unterhaltungen",
    title: "Können Sie das übernehmen?",
    somebody: "Besucher",
    noSubject: "Noch kein Betreff",
    left: "{count, plural, one {# Sekunde} other {# Sekunden}}",
    accept: "Annehmen",
    decline: "Ablehnen",
  },
} satisfies Translation<typeof en>;
