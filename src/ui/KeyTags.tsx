// ui: what the person sees; speaks the protocol like any other client. This file: a key's tags.

import { useState } from 'preact/hooks'
import type { KmsTag } from '../protocol/kmsOutputs.ts'
import { call } from './call.ts'
import { focusAgain } from './focus.ts'
import type { KeySide } from './KeyDetail.tsx'
import { readTags } from './keyForm.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { TagRows } from './TagRows.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Rows = readonly (readonly [name: string, value: string])[]

const rowsOf = (tags: readonly KmsTag[]): Rows =>
  tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])

/** Takes away what is no longer there and writes the rest. */
async function saveTags(KeyId: string, before: readonly KmsTag[], after: readonly KmsTag[]) {
  const names = new Set(after.map(({ TagKey }) => TagKey))
  const TagKeys = before.map(({ TagKey }) => TagKey).filter((name) => !names.has(name))
  if (TagKeys.length > 0) await call('kms:UntagResource', { KeyId, TagKeys })
  if (after.length > 0) await call('kms:TagResource', { KeyId, Tags: [...after] })
}

export function KeyTags({ metadata: { KeyId, KeyState }, tags, onChanged }: KeySide) {
  const [rows, setRows] = useState<Rows | null>(null)
  const task = useTask()
  const close = () => {
    setRows(null)
    focusAgain('tags-edit')
  }
  const save = () =>
    task.run(async () => {
      await saveTags(KeyId, tags, readTags(rows ?? []))
      await onChanged()
      close()
      say(t('tags_saved'))
    })
  return (
    <section class="card">
      {rows ? (
        <form class="stack tight" autocomplete="off" onSubmit={onSubmit(save)}>
          <TagRows rows={rows} onRows={setRows} />
          <div class="row">
            <button type="submit" class="primary" disabled={task.busy}>
              {t('save')}
            </button>
            <button type="button" onClick={close}>
              {t('cancel')}
            </button>
          </div>
        </form>
      ) : (
        <>
          <h2>{t('tags_heading')}</h2>
          {tags.length === 0 && <p class="lead">{t('tags_none')}</p>}
          {tags.length > 0 && (
            <ul class="chips">
              {tags.map(({ TagKey, TagValue }) => (
                <li class="chip padded" key={TagKey}>
                  <b>{TagKey}</b> {TagValue}
                </li>
              ))}
            </ul>
          )}
          {KeyState !== 'PendingDeletion' && (
            <div class="row">
              <button
                type="button"
                id="tags-edit"
                class="quiet"
                onClick={() => setRows(tags.length > 0 ? rowsOf(tags) : [['', '']])}
              >
                {t('tags_edit')}
              </button>
            </div>
          )}
        </>
      )}
      <ErrorAlert error={task.error} />
    </section>
  )
}
