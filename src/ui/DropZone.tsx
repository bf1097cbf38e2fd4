// ui: what the person sees; speaks the protocol like any other client. This file: a place to drop files on, and what else
// gives them stands in it.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { filesDropped, type GivenFile } from './droppedFiles.ts'

export function DropZone({
  label,
  onDropped,
  children,
}: {
  readonly label: string
  /** What lies in folders comes later. */
  readonly onDropped: (found: Promise<readonly GivenFile[]>) => void
  readonly children: ComponentChildren
}) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { dataTransfer } = event
    if (dataTransfer) onDropped(filesDropped(dataTransfer))
  }
  return (
    <fieldset
      class={over ? 'drop over' : 'drop'}
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </fieldset>
  )
}
