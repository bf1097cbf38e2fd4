// ui: what the person sees; speaks the protocol like any other client. This file: an item's earlier versions: what
// differed, and bringing one back, which makes it the newest and loses none.

import { useState } from 'preact/hooks'
import type { ItemVersion } from '../protocol/secretsOutputs.ts'
import { useAskAgain } from './AskAgain.tsx'
import { ItemDiff } from './ItemDiff.tsx'
import { type OpenItem, readItem, writeItem } from './itemWork.ts'
import { say } from './Notices.tsx'
import { dateWords, t } from './words.ts'

export function ItemHistory({
  now,
  onChanged,
}: {
  readonly now: OpenItem
  readonly onChanged: () => void
}) {
  const earlier = now.Versions.filter(({ VersionId }) => VersionId !== now.VersionId)
  if (earlier.length === 0) return <p class="hint">{t('item_history_none')}</p>
  return (
    <ul class="items">
      {earlier.map((version) => (
        <Version key={version.VersionId} version={version} now={now} onChanged={onChanged} />
      ))}
    </ul>
  )
}

function Version({
  version: { VersionId, CreatedAt, Stages },
  now,
  onChanged,
}: {
  readonly version: ItemVersion
  readonly now: OpenItem
  readonly onChanged: () => void
}) {
  const [then, setThen] = useState<OpenItem | null>(null)
  const ask = useAskAgain()
  const look = () =>
    ask.run(async (proof) => setThen(await readItem(now.SecretId, proof, VersionId)))
  const when = dateWords(CreatedAt)
  const toggleWords = then ? t('item_version_hide') : t('item_version_look')
  const restore = ({ Item }: OpenItem) =>
    ask.run(async () => {
      const { SecretId: secretId, Revision: revision, AskAgain } = now
      const { title, tags, favourite } = now.Item
      // What stands beside the contents is not part of a version.
      await writeItem({ ...Item, title, tags, favourite }, AskAgain, { secretId, revision })
      say(t('item_version_restored', [when]))
      setThen(null)
      onChanged()
    })
  return (
    <li class="item stack tight">
      <div class="item-head">
        <span class="item-name">
          {when}
          {Stages.includes('AWSPREVIOUS') && (
            <span class="hint"> ({t('item_version_previous')})</span>
          )}
        </span>
        <button
          type="button"
          class="quiet"
          aria-expanded={then !== null}
          aria-label={`${when}: ${toggleWords}`}
          disabled={ask.busy}
          onClick={then ? () => setThen(null) : look}
        >
          {toggleWords}
        </button>
      </div>
      {ask.prompt}
      {then && (
        <>
          <ItemDiff before={then.Item} after={now.Item} same={t('item_version_same')} />
          <div class="row">
            <button type="button" disabled={ask.busy} onClick={() => restore(then)}>
              {t('item_version_restore')}
            </button>
          </div>
        </>
      )}
    </li>
  )
}
