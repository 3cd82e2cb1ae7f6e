/** Words of a kind of event, as it is called in the journal: `ApiKeyCreated` reads “Api key created”. */
export function kindWords(kind: string): string {
  const words = kind.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
