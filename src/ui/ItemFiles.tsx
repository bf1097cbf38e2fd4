// ui: what the person sees; speaks the protocol like any other client. This file: the files kept with an item, in the
// form: added, removed, with progress.

import { Paperclip, X } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ItemFile } from '../items/item.ts'
import { attachmentMaxBytes, mostFiles } from '../protocol/limits.ts'
import { addFile } from './attachments.ts'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

interface Progress {
  readonly name: string
  readonly size: number
  readonly bytes: number
}

export interface ItemFilesProps {
  readonly files: readonly ItemFile[]
  /** ARN of the secret; `null` for a new one. */
  readonly secretId: string | null
  /** Told what to do with the files there are by then: much may have been typed since one was chosen. */
  readonly onFiles: (change: (files: readonly ItemFile[]) => readonly ItemFile[]) => void
  /** Whether one is being added: the item waits for it. */
  readonly onBusy: (busy: boolean) => void
}

export function ItemFiles({ files, secretId, onFiles, onBusy }: ItemFilesProps) {
  const task = useTask()
  const [progress, setProgress] = useState<Progress | null>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  useEffect(() => onBusy(progress !== null), [progress !== null])
  const add = (chosen: readonly File[]) =>
    task.run(async () => {
      stop.current = new AbortController()
      try {
        // Rows come as each is done, so that those before one that fails stay.
        for (const file of chosen.slice(0, mostFiles - files.length)) {
          const added = await addOne(file, secretId, stop.current.signal, setProgress)
          onFiles((all) => [...all, added])
        }
      } catch (error) {
        if (!stop.current.signal.aborted) throw error
      } finally {
        setProgress(null)
        if (chooser.current) chooser.current.value = ''
      }
    })
  return (
    <fieldset class="plain stack tight">
      <legend class="label">{t('item_files')}</legend>
      {files.map((file) => (
        <div class="file-head" key={file.id}>
          <span class="file-name">{file.name}</span>
          <span class="hint">{sizeWords(file.size)}</span>
          <button
            type="button"
            class="quiet push"
            aria-label={t('item_file_remove', [file.name])}
            disabled={task.busy}
            onClick={() => onFiles((all) => all.filter(({ id }) => id !== file.id))}
          >
            <Icon of={X} />
          </button>
        </div>
      ))}
      {progress && <UnderWay progress={progress} onStop={() => stop.current.abort()} />}
      <ErrorAlert error={task.error} />
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={task.busy || files.length >= mostFiles}
          onClick={() => chooser.current?.click()}
        >
          <Icon of={Paperclip} />
          {t('item_file_add')}
        </button>
        <span class="hint">{t('item_files_hint', [sizeWords(attachmentMaxBytes)])}</span>
      </div>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t('item_file_add')}
        onChange={({ currentTarget }) => add([...(currentTarget.files ?? [])])}
      />
    </fieldset>
  )
}

async function addOne(
  file: File,
  secretId: string | null,
  signal: AbortSignal,
  show: (progress: Progress) => void,
): Promise<ItemFile> {
  const { name, size, type } = file
  if (size > attachmentMaxBytes) {
    throw t('item_file_too_large', [name, sizeWords(attachmentMaxBytes)])
  }
  const tell = (bytes: number) => show({ name, size, bytes })
  tell(0)
  const given = { name, size, type, content: file.stream() }
  return addFile(given, { secretId, signal, tell }).catch((error: unknown) => {
    // Removed or changed since it was chosen.
    if (error instanceof DOMException && error.name === 'NotReadableError') {
      throw t('item_file_unreadable', [name])
    }
    throw error
  })
}

function UnderWay({
  progress: { name, size, bytes },
  onStop,
}: {
  readonly progress: Progress
  readonly onStop: () => void
}) {
  const label = t('item_file_adding', [name])
  return (
    <div class="file-head">
      <span class="file-name">{label}</span>
      <progress max={Math.max(1, size)} value={bytes} aria-label={label} />
      <button
        type="button"
        class="quiet push"
        aria-label={t('item_file_stop', [name])}
        onClick={onStop}
      >
        <Icon of={X} />
      </button>
    </div>
  )
}
