import type { Translation } from "..";
import type en from "../en/tags";

export default {
  title: "Schlagwörter",
  about: "Schlagwörter ordnen Gespräche. Mitarbeitende setzen sie; Regeln, Ansichten und Suche lesen sie.",
  name: "Name",
  color: "Farbe",
  create: "Neues Schlagwort",
  rename: "Schlagwort ändern",
  delete: "„{name}“ löschen?",
  deleteHint: "Gespräche verlieren das Schlagwort.",
  empty: "Noch keine Schlagwörter",
  emptyHint:
    "Legen Sie eines für alles an, was Sie zählen oder wiederfinden wollen, etwa „Erstattung“ oder „Beschwerde“.",
  count: "{count, plural, one {# Schlagwort} other {# Schlagwörter}}",
  colors: {
    GRAY: "Grau",
    RED: "Rot",
    ORANGE: "Orange",
    YELLOW: "Gelb",
    GREEN: "Grün",
    TEAL: "Türkis",
    BLUE: "Blau",
    PURPLE: "Violett",
    PINK: "Rosa",
  },
} satisfies Translation<typeof en>;
