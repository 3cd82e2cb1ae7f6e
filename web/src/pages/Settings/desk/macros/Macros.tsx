/** Texts and deeds that people use with one click: everybody's, and one's own. */
import { Pencil, Plus, Trash2, Zap } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Macros_macro$data, Macros_macro$key } from "~/__generated__/Macros_macro.graphql";
import type { MacrosDeleteMutation } from "~/__generated__/MacrosDeleteMutation.graphql";
import type { MacrosQuery } from "~/__generated__/MacrosQuery.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { useDefinitions, useTagChoices } from "../parts/choices";
import { effectsOf, useEffectsInWords } from "./effects";
import { MacroDialog } from "./MacroDialog";

const MACRO = graphql`
  fragment Macros_macro on Macro {
    id
    name
    isShared
    text
    actions {
      ...effects_actions
    }
  }
`;

export default function Macros() {
  const t = useTranslations("desk.macros");
  const [editing, setEditing] = useState<"new" | Macros_macro$data | null>(null);
  const query = useLazyLoadQuery<MacrosQuery>(
    graphql`
      query MacrosQuery {
        macros {
          id
          ...Macros_macro
        }
        ...choices_tags
        ...choices_attributes
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const tags = useTagChoices(query);
  const definitions = useDefinitions(query);
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      <Section>
        {query.macros.length === 0 ? (
          <EmptyState icon={Zap} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {present(query.macros).map((macro) => (
              <Row key={macro.id} macro={macro} onEdit={setEditing} />
            ))}
          </List>
        )}
      </Section>
      {editing && (
        <MacroDialog
          macro={editing === "new" ? null : editing}
          {...{ tags, definitions }}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  readonly macro: Macros_macro$key;
  readonly onEdit: (macro: Macros_macro$data) => void;
}

function Row({ macro: key, onEdit }: RowProps) {
  const t = useTranslations("desk.macros");
  const act = useTranslations("app.act");
  const macro = useFragment(MACRO, key);
  const mayManage = useMay("MANAGE_DESK");
  const words = useEffectsInWords()(effectsOf(macro.actions));
  const [isAsking, setAsking] = useState(false);
  const actions = (mayManage || !macro.isShared) && (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(macro)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  const detail = (
    <>
      {macro.text && <span className="line-clamp-2">{macro.text}</span>}
      {words.length > 0 && <span className="block text-ink-faint">{words.join(" · ")}</span>}
    </>
  );
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{macro.name}</span>
      {!macro.isShared && <Badge>{t("own")}</Badge>}
    </span>
  );
  return (
    <>
      <ListItem title={title} detail={detail} actions={actions} />
      {isAsking && <Removal macro={macro} onClose={() => setAsking(false)} />}
    </>
  );
}

function Removal({ macro, onClose }: { readonly macro: Macros_macro$data; readonly onClose: () => void }) {
  const t = useTranslations("desk.macros");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<MacrosDeleteMutation>(graphql`
    mutation MacrosDeleteMutation($input: DeleteMacroInput!) {
      deleteMacro(input: $input) {
        ... on DeleteMacroSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <ConfirmDialog
      isOpen
      title={t("delete", { name: macro.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { macroId: macro.id } })}
    >
      {t(macro.isShared ? "deleteSharedHint" : "deleteHint")}
    </ConfirmDialog>
  );
}
