// ui: what the person sees; speaks the protocol like any other client. This file: tabs (WAI-ARIA
// Authoring Practices, "Tabs"): one stop for the Tab key, arrows move and select. The panel has no name
// of its own: it would be that of the field "Text" in it, which is to be the only one.

import type { IconNode } from 'lucide'
import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

export interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly icon: IconNode
}

export function Tabs<Id extends string>({
  label,
  tabs,
  selected,
  onSelect,
  children,
}: {
  readonly label: string
  readonly tabs: readonly Tab<Id>[]
  readonly selected: Id
  readonly onSelect: (id: Id) => void
  readonly children: ComponentChildren
}) {
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === selected)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length)
    if (!tab) return
    event.preventDefault()
    onSelect(tab.id)
    document.getElementById(`tab-${tab.id}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            type="button"
            role="tab"
            key={tab.id}
            id={`tab-${tab.id}`}
            aria-selected={tab.id === selected}
            aria-controls="panel"
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            <Icon of={tab.icon} />
            {tab.label}
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id="panel">
        {children}
      </div>
    </>
  )
}
