// ui: what the person sees; speaks the protocol like any other client. This file: secrets that were deleted, and can
// be brought back.

import { useState } from 'preact/hooks'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { bringBack } from './itemWork.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { useShown } from './shown.ts'
import { useTask } from './task.ts'
import { dayWords, t } from './words.ts'

const mostShown = 200

export function ItemTrash({
  deleted,
  onChanged,
}: {
  /** How many there are: another number, another look. */
  readonly deleted: number
  readonly onChanged: () => void
}) {
  const [items, setItems] = useState<readonly ItemSummary[]>([])
  const task = useTask()
  const { error } = useShown(async () => {
    const { Items } = await call('keyhearth:ListItems', { Deleted: true, Limit: mostShown })
    setItems(Items)
  }, [deleted])
  const restore = ({ SecretId, Title }: ItemSummary) =>
    task.run(async () => {
      await bringBack(SecretId)
      say(t('secrets_restored', [Title]))
      onChanged()
    })
  return (
    <>
      <p class="hint">{t('secrets_trash_hint')}</p>
      <ul class="items">
        {items.map((item) => (
          <li class="item" key={item.SecretId}>
            <div class="item-head">
              <span class="item-name">
                {item.Title}
                {item.DeletionAt !== undefined && (
                  <span class="hint">{t('secrets_removed_on', [dayWords(item.DeletionAt)])}</span>
                )}
              </span>
              <button type="button" class="quiet" onClick={() => restore(item)}>
                {t('secrets_restore')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <ErrorAlert error={task.error ?? error} />
    </>
  )
}
