// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section
// "Files": encrypting, decrypting and describing files of any size.

import { FileLock, FileLock2, FolderOpen, Search } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { FileDrop } from './FileDrop.tsx'
import { FileRows } from './FileRows.tsx'
import { addFiles, clearJobs, type FileAction, jobs, start } from './fileJobs.ts'
import { canChooseFolder, chooseFolder, intoDownloads, intoFolder, tidyUp } from './fileTargets.ts'
import { Icon } from './Icon.tsx'
import { InspectMessage } from './InspectMessage.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** In Chromium; elsewhere everything goes among the downloads. */

export function FilesSection() {
  const [folder, setFolder] = useState<FileSystemDirectoryHandle | null>(null)
  const [hideNames, setHideNames] = useState(false)
  const [inspected, setInspected] = useState<readonly File[]>([])
  const task = useTask()
  useEffect(() => task.run(async () => void (await tidyUp())), [])
  const all = jobs.value
  const idle = all.some(({ state }) => state.is !== 'running' && state.is !== 'waiting')
  const open = all.some(({ state }) => !['running', 'waiting', 'done'].includes(state.is))
  const begin = folder ? intoFolder(folder) : intoDownloads
  const work = (action: FileAction) => start(action, { begin, hideNames })
  const choose = () =>
    task.run(async () => {
      const chosen = await chooseFolder()
      if (chosen) setFolder(chosen)
    })
  return (
    <>
      <h1 tabIndex={-1}>{t('manager_files')}</h1>
      <p class="lead">{t('files_lead')}</p>
      <div class="stack">
        <FileDrop onFiles={addFiles} />
        <ErrorAlert error={task.error} />
        {all.length > 0 && (
          <>
            <div class="row">
              <button
                type="button"
                class="primary"
                disabled={!open}
                onClick={() => work('encrypt')}
              >
                <Icon of={FileLock} />
                {t('text_encrypt')}
              </button>
              <button type="button" disabled={!open} onClick={() => work('decrypt')}>
                <Icon of={FileLock2} />
                {t('text_decrypt')}
              </button>
              <button type="button" onClick={() => setInspected(all.map(({ file }) => file))}>
                <Icon of={Search} />
                {t('files_inspect')}
              </button>
              {idle && (
                <button type="button" class="quiet push" onClick={clearJobs}>
                  {t('files_clear')}
                </button>
              )}
            </div>
            <div class="row">
              <span>
                {folder ? t('files_into_folder', [folder.name]) : t('files_into_downloads')}
              </span>
              {canChooseFolder && (
                <button type="button" class="quiet" onClick={choose}>
                  <Icon of={FolderOpen} />
                  {t('files_choose_target')}
                </button>
              )}
            </div>
            <label class="check">
              <input
                type="checkbox"
                checked={hideNames}
                aria-describedby="hide-names-hint"
                onChange={(event) => setHideNames(event.currentTarget.checked)}
              />
              {t('files_hide_names')}
            </label>
            <p class="hint" id="hide-names-hint">
              {t('files_hide_names_hint')}
            </p>
            <FileRows jobs={all} />
          </>
        )}
        <InspectMessage files={inspected} />
      </div>
    </>
  )
}
