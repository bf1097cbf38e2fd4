// ui: what the person sees; speaks the protocol like any other client. This file: the files kept with an item, to be
// saved on the person's disk.

import { Download } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ItemFile } from '../items/item.ts'
import { useAskAgain } from './AskAgain.tsx'
import { readFile } from './attachments.ts'
import { download } from './download.ts'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { say } from './Notices.tsx'
import { t } from './words.ts'

export function ItemFileList({
  files,
  secretId,
  versionId,
}: {
  readonly files: readonly ItemFile[]
  readonly secretId: string
  readonly versionId: string
}) {
  return (
    <section>
      <h3>{t('item_files')}</h3>
      <ul class="files">
        {files.map((file) => (
          <FileRow key={file.id} file={file} secretId={secretId} versionId={versionId} />
        ))}
      </ul>
    </section>
  )
}

function FileRow({
  file,
  secretId,
  versionId,
}: {
  readonly file: ItemFile
  readonly secretId: string
  readonly versionId: string
}) {
  const ask = useAskAgain()
  const [bytes, setBytes] = useState<number | null>(null)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const save = () =>
    ask.run(async (proof) => {
      const { signal } = stop.current
      try {
        const given = proof === undefined ? {} : { proof }
        const read = { secretId, versionId, signal, tell: setBytes, ...given }
        download(file.name, await readFile(file, read))
        say(t('item_file_saved', [file.name]))
      } finally {
        setBytes(null)
      }
    })
  const label = t('item_file_save', [file.name])
  return (
    <li>
      <div class="file-head">
        <span class="file-name">{file.name}</span>
        <span class="hint">{sizeWords(file.size)}</span>
        <button
          type="button"
          class="quiet push"
          aria-label={label}
          title={label}
          disabled={ask.busy}
          onClick={save}
        >
          <Icon of={Download} />
        </button>
      </div>
      {bytes !== null && <progress max={Math.max(1, file.size)} value={bytes} aria-label={label} />}
      {ask.prompt}
    </li>
  )
}
