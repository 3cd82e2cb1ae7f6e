import type { Translation } from "..";
import type en from "../en/analytics";

export default {
  title: "Auswertung",
  about: "Was heute gezählt wird. Jede Zahl nennt, was sie zählt, und führt zu den Zeilen dahinter.",
  soon: "Verläufe (erste Antwort, Lösung, Übergaben, Servicezeiten) gibt es hier noch nicht.",
  conversation: "Unterhaltung",
  ratings: "Zufriedenheit",
  ratingsHint: "Was Kunden auf die Frage antworteten, wie es war, 1 bis 5. Neue Antworten erscheinen von selbst.",
  noRatings: "Noch keine Antworten",
  noRatingsHint: "Kunden werden gefragt, wenn eine Unterhaltung gelöst ist und Umfragen in den Einstellungen an sind.",
  score: "{score, number}/5",
  satisfiedOfAll: "gaben 4 oder 5, von {count, plural, one {# Antwort} other {# Antworten}}",
  satisfiedOfLatest: "gaben 4 oder 5, von {count, plural, one {der letzten Antwort} other {den letzten # Antworten}}",
  views: "Ihre Ansichten",
  viewsHint: "Unterhaltungen, die jede Ihrer Ansichten jetzt hat; gezählt wird bis 999.",
  noViews: "Noch keine Ansichten. Speichern Sie eine im Posteingang, dann steht ihre Zahl hier.",
  costs: "Kosten",
  costsHint: "Was Sprachmodelle gekostet haben, nach Tagen, Modellen und Zwecken.",
  toCosts: "Zu den Ausgaben",
} satisfies Translation<typeof en>;
