// ui: what the person sees; speaks the protocol like any other client. This file: giving what is to be checked: dropped,
// chosen or pasted.

import { ClipboardPaste, FilePlus2 } from 'lucide'
import { useState } from 'preact/hooks'
import { Disclosure } from './Disclosure.tsx'
import { DropZone } from './DropZone.tsx'
import type { GivenFile } from './droppedFiles.ts'
import { AreaField } from './Field.tsx'
import { FileChooser } from './FileChooser.tsx'
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
  const task = useTask()
  const take = (found: Promise<readonly GivenFile[]>) =>
    giving(task, async () => void (await give(named(await found), 'anything')))
  return (
    <>
      <DropZone label={t('verify_doc_drop_label')} onDropped={take}>
        <p>{t('verify_doc_drop')}</p>
        <p class="hint">{t('verify_doc_drop_hint')}</p>
        <FileChooser
          label={t('verify_doc_choose')}
          icon={FilePlus2}
          onFiles={(files) => take(Promise.resolve(files))}
        />
        <ErrorAlert error={task.error} />
      </DropZone>
      <Disclosure summary={t('verify_doc_paste')}>
        <Paste />
      </Disclosure>
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
