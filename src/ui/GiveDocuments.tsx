// ui: what the person sees; speaks the protocol like any other client. This file: giving what is to be checked: dropped,
// chosen or pasted.

import { ClipboardPaste, FilePlus2 } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { Disclosure } from './Disclosure.tsx'
import { filesDropped, filesOf, type GivenFile } from './droppedFiles.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit, type Task, useTask } from './task.ts'
import { give } from './verifyState.ts'
import { t } from './words.ts'

const named = (files: readonly GivenFile[]) =>
  files.map(({ file }) => ({ name: file.name, blob: file }))

/** A file that cannot be read is no fault of the vault. */
const giving = (task: Task, work: () => Promise<void>) =>
  task.run(() =>
    work().catch(() => {
      throw t('verify_doc_error_unreadable')
    }),
  )

export function GiveDocuments() {
  const [over, setOver] = useState(false)
  const task = useTask()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { dataTransfer } = event
    if (!dataTransfer) return
    const found = filesDropped(dataTransfer)
    giving(task, async () => void (await give(named(await found), 'anything')))
  }
  return (
    <>
      <fieldset
        class={over ? 'drop over' : 'drop'}
        aria-label={t('verify_doc_drop_label')}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{t('verify_doc_drop')}</p>
        <p class="hint">{t('verify_doc_drop_hint')}</p>
        <Chooser
          label={t('verify_doc_choose')}
          onFiles={(files) => giving(task, async () => void (await give(named(files), 'anything')))}
        />
        <ErrorAlert error={task.error} />
      </fieldset>
      <Disclosure summary={t('verify_doc_paste')}>
        <Paste />
      </Disclosure>
    </>
  )
}

export function Chooser({
  label,
  onFiles,
}: {
  readonly label: string
  readonly onFiles: (files: readonly GivenFile[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        <Icon of={FilePlus2} />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          const files = filesOf(currentTarget.files)
          // The same file may be chosen again.
          currentTarget.value = ''
          onFiles(files)
        }}
      />
    </>
  )
}

function Paste() {
  const [text, setText] = useState('')
  const task = useTask()
  const check = () => {
    if (text.trim() === '') return task.fail(t('verify_doc_pasted_empty'))
    task.run(async () => {
      await give([{ name: t('verify_doc_pasted_name'), blob: new Blob([text]) }], 'anything')
      setText('')
    })
  }
  return (
    <form class="stack" onSubmit={onSubmit(check)}>
      <AreaField label={t('verify_doc_pasted_label')} value={text} onValue={setText} rows={6} />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" disabled={task.busy}>
          <Icon of={ClipboardPaste} />
          {t('verify_doc_pasted_button')}
        </button>
      </div>
    </form>
  )
}
