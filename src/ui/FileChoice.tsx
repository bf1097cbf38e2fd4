// ui: what the person sees; speaks the protocol like any other client. This file: giving one file, by dropping or choosing
// it.

import { FileUp } from 'lucide'
import { DropZone } from './DropZone.tsx'
import type { GivenFile } from './droppedFiles.ts'
import { FileChooser } from './FileChooser.tsx'
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
  const take = ([first]: readonly GivenFile[]) => {
    if (first) onFile(first.file)
  }
  return (
    <DropZone label={label} onDropped={(found) => void found.then(take)}>
      <p>{words}</p>
      <FileChooser
        label={t('certificates_choose')}
        icon={FileUp}
        what="file"
        primary
        onFiles={take}
      />
    </DropZone>
  )
}
