// ui: what the person sees; speaks the protocol like any other client. This file: giving one file, by dropping or choosing
// it.

import { FileUp } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { filesDropped } from './droppedFiles.ts'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

export function FileChoice({
  label,
  words,
  onFile,
}: {
  readonly label: string
  readonly words: string
  readonly onFile: (file: File) => void
}) {
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { dataTransfer } = event
    if (!dataTransfer) return
    void filesDropped(dataTransfer).then(([first]) => first && onFile(first.file))
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
      <p>{words}</p>
      <button type="button" class="primary" onClick={() => input.current?.click()}>
        <Icon of={FileUp} />
        {t('certificates_choose')}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('certificates_choose')}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) onFile(file)
          // The same file may be chosen again.
          currentTarget.value = ''
        }}
      />
    </fieldset>
  )
}
