/** Which customers are asked for: as the address says it, and as the API takes it. */

export const STANDINGS = ["blocked", "heard"] as const;
export const PROOFS = ["verified", "unverified"] as const;
export const SINCE = ["7", "30", "365"] as const;

export interface Asked {
  readonly words: string;
  readonly standing: (typeof STANDINGS)[number] | "";
  readonly proof: (typeof PROOFS)[number] | "";
  /** First seen in the last so many days. */
  readonly since: (typeof SINCE)[number] | "";
}

const DAY = 86_400_000;

export function fromParams(params: URLSearchParams): Asked {
  return {
    words: params.get("q") ?? "",
    standing: oneOf(STANDINGS, params.get("standing")),
    proof: oneOf(PROOFS, params.get("proof")),
    since: oneOf(SINCE, params.get("since")),
  };
}

export function toParams(asked: Asked): URLSearchParams {
  const { words, ...rest } = asked;
  const parts = Object.entries({ q: words.trim(), ...rest }).filter(([, value]) => value !== "");
  return new URLSearchParams(parts);
}

interface CustomerFilter {
  readonly isBlocked?: boolean;
  readonly isVerified?: boolean;
  readonly createdAfter?: string;
}

/** The API's filter; days begin at midnight, so that the same question has the same answer for a while. */
export function filterOf({ standing, proof, since }: Asked, now: Date): CustomerFilter {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  return {
    ...(standing && { isBlocked: standing === "blocked" }),
    ...(proof && { isVerified: proof === "verified" }),
    ...(since && { createdAfter: new Date(midnight - Number(since) * DAY).toISOString() }),
  };
}

/** Whether the words are an address, which is looked up as it is; other words are searched. */
export function isAddress(words: string): boolean {
  return /^\S+@\S+\.\S+$/.test(words.trim()) || /^\+\d{6,15}$/.test(words.trim());
}

function oneOf<T extends string>(known: readonly T[], given: string | null): T | "" {
  return known.find((one) => one === given) ?? "";
}
