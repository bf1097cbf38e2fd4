// ui: what the person sees; speaks the protocol like any other client. This file: giving files, by dropping
// or choosing them.

import { FilePlus2, FolderPlus } from 'lucide'
import { DropZone } from './DropZone.tsx'
import type { GivenFile } from './droppedFiles.ts'
import { FileChooser } from './FileChooser.tsx'
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
  const task = useTask()
  return (
    <DropZone label={label} onDropped={(found) => task.run(async () => onFiles(await found))}>
      <p>{t('files_drop')}</p>
      <div class="row">
        <FileChooser label={t('files_choose')} icon={FilePlus2} onFiles={onFiles} />
        <FileChooser
          label={t('files_choose_folder')}
          icon={FolderPlus}
          what="folder"
          onFiles={onFiles}
        />
      </div>
      <ErrorAlert error={task.error} />
    </DropZone>
  )
}
