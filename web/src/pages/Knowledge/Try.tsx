/** What the assistant would find for a question, among everything that is published: passages, and how sure it is of each. */
import { Search } from "lucide-react";
import { type FormEvent, Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { TryQuery, TryQuery$data } from "~/__generated__/TryQuery.graphql";
import { Link, useSearchParams } from "~/app/navigation";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState, Notice, Skeleton } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { Markdown } from "~/components/text/Markdown";

export default function Try() {
  const t = useTranslations("knowledge.try");
  const [search, setSearch] = useSearchParams();
  const asked = search.get("q") ?? "";
  const [text, setText] = useState(asked);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setSearch({ q: text.trim() });
  };
  return (
    <Page title={t("title")} about={t("about")}>
      <form onSubmit={submit} className="flex items-end gap-2">
        <TextField
          label={t("question")}
          value={text}
          onChange={setText}
          maxLength={1000}
          className="flex-1"
          autoFocus
        />
        <Button type="submit" look="primary" icon={Search} isDisabled={text.trim() === ""}>
          {t("find")}
        </Button>
      </form>
      {asked && (
        <Suspense key={asked} fallback={<Skeleton lines={6} />}>
          <Found text={asked} />
        </Suspense>
      )}
    </Page>
  );
}

function Found({ text }: { readonly text: string }) {
  const t = useTranslations("knowledge.try");
  const format = useFormatter();
  const { searchKnowledge, organization } = useLazyLoadQuery<TryQuery>(
    graphql`
      query TryQuery($text: String!) {
        searchKnowledge(text: $text, first: 8) {
          score
          confidence
          passage {
            id
            title
            headings
            text
            article {
              id
              audience
            }
          }
        }
        organization {
          settings {
            assistant {
              threshold
            }
          }
        }
      }
    `,
    { text },
    { fetchPolicy: "network-only" },
  );
  if (searchKnowledge.length === 0) return <EmptyState icon={Search} title={t("nothing")} hint={t("nothingHint")} />;
  const best = Math.max(...searchKnowledge.map((hit) => hit.confidence));
  const threshold = organization.settings?.assistant.threshold;
  const percent = (share: number): string => format.number(share, { style: "percent" });
  return (
    <>
      {typeof threshold === "number" && (
        <Notice tone={best >= threshold ? "success" : "warning"}>
          {t(best >= threshold ? "sure" : "unsure", { best: percent(best), threshold: percent(threshold) })}
        </Notice>
      )}
      {searchKnowledge.map((hit) => (
        <Hit key={hit.passage.id} hit={hit} percent={percent} />
      ))}
    </>
  );
}

interface HitProps {
  readonly hit: TryQuery$data["searchKnowledge"][number];
  readonly percent: (share: number) => string;
}

function Hit({ hit, percent }: HitProps) {
  const t = useTranslations("knowledge");
  const { passage } = hit;
  return (
    <Section>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-medium">
          {passage.article ? (
            <Link to={`/knowledge/${passage.article.id}`} className="text-accent-ink hover:underline">
              {[passage.title, ...passage.headings].join(" › ")}
            </Link>
          ) : (
            [passage.title, ...passage.headings].join(" › ")
          )}
        </h2>
        <span className="flex gap-1.5">
          {passage.article?.audience === "INTERNAL" && <Badge tone="assistant">{t("audience.INTERNAL")}</Badge>}
          <Badge tone="accent">{t("try.confidence", { share: percent(hit.confidence) })}</Badge>
        </span>
      </div>
      <Markdown text={passage.text} className="text-ink-muted" />
    </Section>
  );
}
