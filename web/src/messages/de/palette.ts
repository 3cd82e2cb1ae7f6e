import type { Translation } from "..";
import type en from "../en/palette";

export default {
  title: "Suche und Befehle",
  placeholder: "Was möchten Sie tun oder finden?",
  hint: "Die Eingabetaste führt aus, Escape schließt.",
  nothing: "Nichts passt",
  searching: "Suche läuft …",
  found: "Gefunden",
  searchAll: "Alles nach „{words}“ durchsuchen",
  shortcuts: {
    title: "Tastenkürzel",
    plain: "Kürzel mit einzelnen Tasten",
    plainHint:
      "Schalten Sie sie aus, wenn Sie mit Ihrem Computer sprechen oder wenn sie Sie stören. Die mit Strg oder ⌘ bleiben.",
  },
} satisfies Translation<typeof en>;
