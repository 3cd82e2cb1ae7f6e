/** Parts of one page of which one is shown. */
import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";

interface TabsProps<K extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: K; readonly label: string; readonly content: ReactNode }[];
  readonly selected: K;
  readonly onSelect: (id: K) => void;
}

export function Tabs<K extends string>({ label, tabs, selected, onSelect }: TabsProps<K>) {
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect(key as K)} className="flex flex-col gap-4">
      <TabList aria-label={label} className="flex gap-4 overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            className="-mb-px cursor-default whitespace-nowrap border-transparent border-b-2 py-2 text-ink-muted text-sm outline-none hovered:text-ink focus-visible:outline-2 selected:border-accent-ink selected:font-medium selected:text-ink"
          >
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="outline-none">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
