/** Deciding something for the organization: what is left out stays as it is. */
import { graphql } from "react-relay";
import type { ChangeSettingsInput, settingsMutation } from "~/__generated__/settingsMutation.graphql";
import { useChange } from "~/changes";

export function useSettings(): [(input: ChangeSettingsInput) => Promise<unknown>, boolean] {
  const [change, isBusy] = useChange<settingsMutation>(graphql`
    mutation settingsMutation($input: ChangeSettingsInput!) {
      changeSettings(input: $input) {
        ... on ChangeSettingsSuccess {
          organization {
            id
            settings {
              ...Languages_settings
              ...Customers_settings
              ...Switches_settings
              ...Hours_settings
              ...Widget_settings
            }
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return [(input) => change({ input }), isBusy];
}
