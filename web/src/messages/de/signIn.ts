import type { Translation } from "..";
import type en from "../en/signIn";

export default {
  title: "Bei Parley anmelden",
  email: "E-Mail-Adresse",
  password: "Passwort",
  submit: "Anmelden",
  forgot: "Passwort vergessen?",
  organization: "Welche Organisation?",
  code: "Code Ihrer App",
  codeHint: "Sechs Ziffern aus Ihrer Authenticator-App.",
  recovery: "Wiederherstellungscode verwenden",
  recoveryCode: "Wiederherstellungscode",
  useCode: "Stattdessen die App verwenden",
  verify: "Weiter",
} satisfies Translation<typeof en>;
