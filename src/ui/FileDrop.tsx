// ui: what the person sees; speaks the protocol like any other client. This file: giving files, by dropping
// or choosing them.

import { FilePlus2, FolderPlus } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { filesDropped, filesOf, type GivenFile } from './droppedFiles.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function FileDrop({
  label = t('files_drop_label'),
  onFiles,
}: {
  readonly label?: string
  readonly onFiles: (files: readonly GivenFile[]) => void
}) {
  const [over, setOver] = useState(false)
  const task = useTask()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { dataTransfer } = event
    if (!dataTransfer) return
    const found = filesDropped(dataTransfer)
    task.run(async () => onFiles(await found))
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
      <p>{t('files_drop')}</p>
      <div class="row">
        <Chooser label={t('files_choose')} icon={FilePlus2} folder={false} onFiles={onFiles} />
        <Chooser label={t('files_choose_folder')} icon={FolderPlus} folder onFiles={onFiles} />
      </div>
      <ErrorAlert error={task.error} />
    </fieldset>
  )
}

function Chooser({
  label,
  icon,
  folder,
  onFiles,
}: {
  readonly label: string
  readonly icon: Parameters<typeof Icon>[0]['of']
  readonly folder: boolean
  readonly onFiles: (files: readonly GivenFile[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const take = (files: GivenFile[]) => {
    onFiles(files)
    // The same file may be chosen again.
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        <Icon of={icon} />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={(event) => take(filesOf(event.currentTarget.files))}
      />
    </>
  )
}
