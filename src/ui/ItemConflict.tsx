// ui: what the person sees; speaks the protocol like any other client. This file: another window saved the same
// secret first. The person sees what differs and says which is to stay; neither is lost, since both are versions.

import { useId, useState } from 'preact/hooks'
import type { Item } from '../items/item.ts'
import { useAskAgain } from './AskAgain.tsx'
import { ItemDiff } from './ItemDiff.tsx'
import { type ItemRef, type OpenItem, readItem, tidied } from './itemWork.ts'
import { t } from './words.ts'

export function ItemConflict({
  secretId,
  mine,
  busy,
  onMine,
  onTheirs,
}: {
  readonly secretId: string
  readonly mine: Item
  readonly busy: boolean
  /** Over the state that was looked at, and no later one. */
  readonly onMine: (ref: ItemRef) => void
  readonly onTheirs: () => void
}) {
  const id = useId()
  const [theirs, setTheirs] = useState<OpenItem | null>(null)
  const ask = useAskAgain()
  const look = () => ask.run(async (proof) => setTheirs(await readItem(secretId, proof)))
  if (!theirs) {
    return (
      <>
        {ask.prompt}
        <div class="row">
          <button type="button" disabled={ask.busy} onClick={look}>
            {t('item_conflict_look')}
          </button>
        </div>
      </>
    )
  }
  return (
    <section class="card" aria-labelledby={id}>
      <h3 id={id}>{t('item_conflict_heading')}</h3>
      <ItemDiff
        before={theirs.Item}
        after={tidied(mine)}
        same={t('item_conflict_same')}
        was={t('item_conflict_there')}
        is={t('item_conflict_yours')}
      />
      <div class="row">
        <button
          type="button"
          disabled={busy}
          onClick={() => onMine({ secretId, revision: theirs.Revision })}
        >
          {t('item_conflict_mine')}
        </button>
        <button type="button" onClick={onTheirs}>
          {t('item_conflict_theirs')}
        </button>
      </div>
    </section>
  )
}
