// ui: what the person sees; speaks the protocol like any other client. This file: one secret as a whole.

import { ExternalLink, Pencil, Star, Trash2 } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { type Item, itemFields } from '../items/item.ts'
import { useAskAgain } from './AskAgain.tsx'
import { Disclosure } from './Disclosure.tsx'
import { Icon } from './Icon.tsx'
import { ItemField } from './ItemField.tsx'
import { ItemFileList } from './ItemFileList.tsx'
import { ItemHistory } from './ItemHistory.tsx'
import { ItemReaders } from './ItemReaders.tsx'
import { fieldWords } from './itemWords.ts'
import { bringBack, moveToTrash, type OpenItem, readItem, setFavourite } from './itemWork.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { OneTimeCode } from './OneTimeCode.tsx'
import { kindWords } from './secretWords.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export interface ItemViewProps {
  /** ARN of its secret. */
  readonly secretId: string
  readonly onEdit: (item: OpenItem) => void
  /** Into the trash, or out of it again. */
  readonly onMoved: () => void
  /** Something of it changed that lists show. */
  readonly onChanged: () => void
  /** Beside "Edit": what can be done with it in this place. */
  readonly children?: ComponentChildren
}

export function ItemView(props: ItemViewProps) {
  const { secretId } = props
  const [now, setNow] = useState<OpenItem | null>(null)
  const ask = useAskAgain()
  const load = () => ask.run(async (proof) => setNow(await readItem(secretId, proof)))
  const vault = status.value?.Vault
  useEffect(() => {
    setNow(null)
    if (vault === 'unlocked') load()
  }, [secretId, vault])
  const changed = () => {
    load()
    props.onChanged()
  }
  return (
    <>
      {ask.prompt}
      {now?.SecretId === secretId && <Whole {...props} now={now} onChanged={changed} />}
    </>
  )
}

type WholeProps = ItemViewProps & { readonly now: OpenItem }

function Whole({ now, onEdit, onMoved, onChanged, children }: WholeProps) {
  const { Item: item, SecretId: secretId } = now
  return (
    <article class="stack item-view">
      <Title now={now} onChanged={onChanged} />
      <Fields item={item} />
      {item.uris.length > 0 && <Sites uris={item.uris} />}
      {item.files && item.files.length > 0 && (
        <ItemFileList files={item.files} secretId={secretId} versionId={now.VersionId} />
      )}
      {item.notes !== '' && (
        <section>
          <h3>{t('secrets_notes')}</h3>
          <p class="item-notes">{item.notes}</p>
        </section>
      )}
      {item.tags.length > 0 && (
        <p class="hint">
          {t('item_tags')}: {item.tags.join(', ')}
        </p>
      )}
      <Actions now={now} onEdit={onEdit} onMoved={onMoved}>
        {children}
      </Actions>
      <div>
        <Disclosure summary={t('item_history')}>
          <ItemHistory now={now} onChanged={onChanged} />
        </Disclosure>
        <Disclosure summary={t('item_readers')}>
          <ItemReaders secretId={secretId} createdAt={now.CreatedAt} />
        </Disclosure>
      </div>
      <Dates now={now} />
    </article>
  )
}

function Title({ now, onChanged }: Pick<WholeProps, 'now' | 'onChanged'>) {
  const { title, favourite, kind } = now.Item
  const task = useTask()
  const label = favourite ? t('item_favourite_remove') : t('item_favourite_add')
  const toggle = () =>
    task.run(async () => {
      await setFavourite(now.SecretId, !favourite)
      onChanged()
    })
  return (
    <header>
      <div class="label-row">
        <h2 class="item-heading" tabIndex={-1}>
          {title}
        </h2>
        <button
          type="button"
          class={favourite ? 'quiet starred' : 'quiet'}
          aria-label={label}
          title={label}
          disabled={task.busy}
          onClick={toggle}
        >
          <Icon of={Star} />
        </button>
      </div>
      <p class="hint">{kindWords[kind]}</p>
      <ErrorAlert error={task.error} />
    </header>
  )
}

function Fields({ item }: { readonly item: Item }) {
  const rows = itemFields[item.kind].flatMap(({ name, hidden }) => {
    const value = item.fields[name] ?? ''
    return value === '' || name === 'totp' ? [] : [{ name, hidden, value }]
  })
  const code = item.fields['totp'] ?? ''
  if (rows.length === 0 && item.own.length === 0 && code === '') return null
  return (
    <>
      {code !== '' && <OneTimeCode text={code} />}
      {rows.length + item.own.length > 0 && (
        <dl class="item-fields">
          {rows.map(({ name, hidden, value }) => (
            <ItemField key={name} label={fieldWords(name)} value={value} hidden={hidden} />
          ))}
          {item.own.map(({ name, hidden, value }, at) => (
            <ItemField
              key={`own-${at}`}
              label={name || t('item_own_unnamed')}
              value={value}
              hidden={hidden}
            />
          ))}
        </dl>
      )}
    </>
  )
}

function Sites({ uris }: { readonly uris: readonly string[] }) {
  return (
    <section>
      <h3>{t('item_uris')}</h3>
      <ul>
        {uris.map((uri) => (
          <li key={uri} class="label-row">
            <bdi class="mono" dir="ltr">
              {uri}
            </bdi>
            {addressOf(uri) && (
              <button
                type="button"
                class="quiet"
                aria-label={t('item_open_site', [uri])}
                title={t('item_open_site', [uri])}
                onClick={() => void browser.tabs.create({ url: addressOf(uri) ?? '' })}
              >
                <Icon of={ExternalLink} />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Only what is of the web is opened: an address may come out of somebody else's file. */
function addressOf(uri: string): string | null {
  const address = /^[^\s/?#@:\\]+(?:[/?#]|$)/.test(uri) ? `https://${uri}` : uri
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null
}

function Actions({
  now,
  onEdit,
  onMoved,
  children,
}: Pick<WholeProps, 'now' | 'onEdit' | 'onMoved' | 'children'>) {
  const task = useTask()
  const remove = () =>
    task.run(async () => {
      const { title } = now.Item
      await moveToTrash(now.SecretId)
      onMoved()
      say(t('secrets_deleted', [title]), async () => {
        await bringBack(now.SecretId)
        say(t('secrets_restored', [title]))
        onMoved()
      })
    })
  return (
    <>
      <div class="row">
        {children}
        <button type="button" onClick={() => onEdit(now)}>
          <Icon of={Pencil} />
          {t('secrets_edit')}
        </button>
        <button type="button" class="quiet" disabled={task.busy} onClick={remove}>
          <Icon of={Trash2} />
          {t('secrets_delete')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </>
  )
}

function Dates({ now }: { readonly now: OpenItem }) {
  const first = now.Versions.at(-1)
  const last = now.Versions[0]
  if (!first || !last) return null
  return (
    <p class="hint">
      {t('item_created')}: {dateWords(first.CreatedAt)}
      <br />
      {t('item_last_changed')}: {dateWords(last.CreatedAt)}
    </p>
  )
}
