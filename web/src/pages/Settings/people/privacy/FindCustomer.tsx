/** Choosing a customer: what is typed is looked for among names, addresses and numbers. */
import { useEffect, useState } from "react";
import { fetchQuery, graphql, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { FindCustomerQuery } from "~/__generated__/FindCustomerQuery.graphql";
import { ComboBox } from "~/components/Choice";

const PAUSE = 200;
const SHORTEST = 2;
const FOUND = graphql`
  query FindCustomerQuery($words: String!, $contact: String!) {
    search(query: $words, types: [CUSTOMER], first: 10) {
      nodes {
        ... on CustomerHit {
          customer {
            id
            name
            email
            phone
            erasedAt
            mergedInto {
              id
            }
          }
        }
      }
    }
    customers(filter: { contact: $contact }, first: 5) {
      nodes {
        id
        name
        email
        phone
        erasedAt
      }
    }
  }
`;

interface Found {
  readonly id: string;
  readonly label: string;
}

export function FindCustomer({ onChange }: { readonly onChange: (id: string | null) => void }) {
  const t = useTranslations("privacy");
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<Found | null>(null);
  const found = useFound(chosen && words === chosen.label ? "" : words.trim());
  const choices = chosen && !found.some((one) => one.id === chosen.id) ? [chosen, ...found] : found;
  const choose = (id: string | null): void => {
    const one = choices.find((each) => each.id === id) ?? null;
    setChosen(one);
    if (one) setWords(one.label);
    onChange(one?.id ?? null);
  };
  return (
    <ComboBox
      label={t("customer")}
      hint={t("customerHint")}
      choices={choices}
      value={chosen?.id ?? null}
      onChange={choose}
      inputValue={words}
      onInputChange={setWords}
      defaultFilter={() => true}
      menuTrigger="input"
      allowsEmptyCollection={words.trim().length >= SHORTEST}
      empty={t("noCustomer")}
      isRequired
    />
  );
}

function useFound(words: string): readonly Found[] {
  const t = useTranslations("privacy");
  const nameless = t("nameless");
  const environment = useRelayEnvironment();
  const [found, setFound] = useState<readonly Found[]>([]);
  useEffect(() => {
    if (words.length < SHORTEST) return setFound([]);
    let stop = (): void => undefined;
    const timer = setTimeout(() => {
      const asked = fetchQuery<FindCustomerQuery>(environment, FOUND, { words: words.slice(0, 200), contact: words });
      const { unsubscribe } = asked.subscribe({ next: (data) => setFound(among(data, nameless)) });
      stop = unsubscribe;
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [environment, words, nameless]);
  return found;
}

/** Each once; who was erased or turned out to be somebody else is not asked for. */
function among(data: FindCustomerQuery["response"], nameless: string): readonly Found[] {
  const hits = data.search.nodes.flatMap(({ customer }) => (customer && !customer.mergedInto ? [customer] : []));
  const all = new Map([...data.customers.nodes, ...hits].map((one) => [one.id, one]));
  return [...all.values()]
    .filter((one) => !one.erasedAt)
    .map(({ id, name, email, phone }) => ({
      id,
      label: [name || nameless, email ?? phone].filter((part) => part && part !== "").join(" · "),
    }));
}
