/** The line that shows the chat on a website, and the websites that may show it. */
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Widget_settings$key } from "~/__generated__/Widget_settings.graphql";
import { Select } from "~/components/Choice";
import { Notice } from "~/components/Feedback";
import { useSettings } from "~/pages/Settings/people/organization/settings";
import { Copy } from "~/pages/Settings/people/parts/Copy";
import { TokenField } from "~/pages/Settings/people/parts/TokenField";

interface WidgetProps {
  readonly settings: Widget_settings$key;
  readonly inboxes: readonly { readonly id: string; readonly name: string }[];
}

export function Widget({ settings, inboxes }: WidgetProps) {
  const t = useTranslations("start.widget");
  const other = useTranslations("start.assistant");
  const [change] = useSettings();
  const [inbox, setInbox] = useState(inboxes[0]?.id ?? null);
  const { allowedOrigins } = useFragment(
    graphql`
      fragment Widget_settings on OrganizationSettings {
        allowedOrigins
      }
    `,
    settings,
  );
  return (
    <div className="flex flex-col gap-4">
      <TokenField
        label={t("origin")}
        add={t("originAdd")}
        values={allowedOrigins}
        onChange={(values) => change({ allowedOrigins: values })}
      />
      {inboxes.length > 1 && (
        <Select
          label={t("inbox")}
          value={inbox}
          onChange={setInbox}
          choices={inboxes.map(({ id, name }) => ({ id, label: name }))}
          className="max-w-xs"
        />
      )}
      {inbox ? <Copy label={t("tag")} text={scriptTag(inbox)} /> : <Notice>{other("noInbox")}</Notice>}
    </div>
  );
}

/** What goes into the website's pages. */
function scriptTag(inbox: string): string {
  return `<script src="${location.origin}/widget.js" data-inbox="${inbox}" async></script>`;
}
