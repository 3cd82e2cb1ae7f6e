/** Custom attributes: what else conversations and customers can have, each of one kind. */
import { Pencil, Plus, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Attributes_attribute$data, Attributes_attribute$key } from "~/__generated__/Attributes_attribute.graphql";
import type { AttributesDeleteMutation } from "~/__generated__/AttributesDeleteMutation.graphql";
import type { AttributesQuery } from "~/__generated__/AttributesQuery.graphql";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { AttributeDialog } from "./AttributeDialog";

const ATTRIBUTE = graphql`
  fragment Attributes_attribute on AttributeDefinition {
    id
    appliesTo
    key
    label
    kind
    choices
  }
`;

const OWNERS = ["CONVERSATION", "CUSTOMER"] as const;

export default function Attributes() {
  const t = useTranslations("desk.attributes");
  const [editing, setEditing] = useState<"new" | Attributes_attribute$data | null>(null);
  const { attributeDefinitions } = useLazyLoadQuery<AttributesQuery>(
    graphql`
      query AttributesQuery {
        attributeDefinitions {
          id
          appliesTo
          ...Attributes_attribute
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      {attributeDefinitions.length === 0 && (
        <Section>
          <EmptyState icon={SlidersHorizontal} title={t("empty")} hint={t("emptyHint")} />
        </Section>
      )}
      {OWNERS.map((owner) => {
        const own = present(attributeDefinitions).filter(({ appliesTo }) => appliesTo === owner);
        if (own.length === 0) return null;
        return (
          <Section key={owner} title={t(`owners.${owner}`)}>
            <List label={t(`owners.${owner}`)}>
              {own.map((attribute) => (
                <Row key={attribute.id} attribute={attribute} onEdit={setEditing} />
              ))}
            </List>
          </Section>
        );
      })}
      {editing && <AttributeDialog attribute={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface RowProps {
  readonly attribute: Attributes_attribute$key;
  readonly onEdit: (attribute: Attributes_attribute$data) => void;
}

function Row({ attribute: key, onEdit }: RowProps) {
  const t = useTranslations("desk.attributes");
  const act = useTranslations("app.act");
  const attribute = useFragment(ATTRIBUTE, key);
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useChange<AttributesDeleteMutation>(graphql`
    mutation AttributesDeleteMutation($input: DeleteAttributeInput!) {
      deleteAttribute(input: $input) {
        ... on DeleteAttributeSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{attribute.label}</span>
      <Badge>{t(`kinds.${attribute.kind}`)}</Badge>
    </span>
  );
  const detail = (
    <>
      <code className="font-mono">{attribute.key}</code>
      {attribute.choices.length > 0 && ` · ${attribute.choices.join(", ")}`}
    </>
  );
  const actions = (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(attribute)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem title={title} detail={detail} actions={actions} />
      <ConfirmDialog
        title={t("delete", { name: attribute.label })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { attributeDefinitionId: attribute.id } })}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}
