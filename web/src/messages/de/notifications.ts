import type { Translation } from "..";
import type en from "../en/notifications";

export default {
  bell: {
    title: "Mitteilungen",
    readAll: "Alle als gelesen markieren",
    all: "Alle Mitteilungen",
    empty: "Nichts Neues",
    emptyHint: "Erwähnungen, Zuweisungen und Antworten Ihrer Kunden erscheinen hier.",
    unread: "Ungelesen:",
    somebody: "Jemand",
    kind: {
      MENTIONED: "{name} hat Sie in einer Notiz erwähnt",
      OFFERED: "Ihnen wird eine Unterhaltung angeboten",
      ASSIGNED: "{name} hat Ihnen eine Unterhaltung gegeben",
      REPLIED: "Ihr Kunde hat geschrieben",
      SERVICE_LEVEL_WARNED: "Ein Ziel wird bald verfehlt",
      SERVICE_LEVEL_BREACHED: "Ein Ziel wurde verfehlt",
      RETURNED: "Ihre Unterhaltung ging zurück in die Warteschlange",
      SURVEY_ANSWERED: "Ein Kunde hat Ihre Unterhaltung bewertet",
      DELIVERY_FAILED: "Etwas konnte nicht zugestellt werden",
      JOB_FAILED: "Ein Auftrag ist endgültig gescheitert",
      WEBHOOK_DISABLED: "Ein Webhook wurde abgeschaltet",
    },
  },
} satisfies Translation<typeof en>;
