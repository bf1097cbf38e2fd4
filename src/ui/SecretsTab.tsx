// ui: what the person sees; speaks the protocol like any other client. This file: the tab "Secrets": the list, and
// what is opened from it.

import { ArrowLeft } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { useAskAgain } from './AskAgain.tsx'
import { useActivePage, type WebPage } from './activePage.ts'
import { fill, mayFill } from './filling.ts'
import { useFormDraft } from './formDraft.ts'
import { Icon } from './Icon.tsx'
import type { ItemFormProps } from './ItemForm.tsx'
import { ItemList } from './ItemList.tsx'
import type { ItemViewProps } from './ItemView.tsx'
import { formOf, newForm } from './itemForm.ts'
import { lookUp } from './itemList.ts'
import { copyQuick } from './itemWork.ts'
import { later } from './Later.tsx'
import { ErrorAlert } from './Notices.tsx'
import { secretsStamp } from './secretsStamp.ts'
import { useTask } from './task.ts'
import type { UnfinishedProps } from './Unfinished.tsx'
import { t } from './words.ts'

/** What the list does without comes when it is wanted. */
const ItemForm = later<ItemFormProps>(async () => (await import('./ItemForm.tsx')).ItemForm)
const ItemView = later<ItemViewProps>(async () => (await import('./ItemView.tsx')).ItemView)
const Unfinished = later<UnfinishedProps>(async () => (await import('./Unfinished.tsx')).Unfinished)
const GeneratorView = later<GeneratorViewProps>(
  async () => (await import('./GeneratorView.tsx')).GeneratorView,
)

interface GeneratorViewProps {
  readonly page: WebPage | null
  readonly onKeep: (password: string) => void
}

type Open = { readonly item: ItemSummary } | 'generator' | null

export function SecretsTab() {
  const page = useActivePage()
  const draft = useFormDraft()
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<Open>(null)
  const task = useTask()
  const ask = useAskAgain()
  const url = page?.url ?? ''
  // Who is told of a change long after, looks for what is searched for by then.
  const wanted = useRef(query)
  wanted.current = query
  const look = () => {
    if (page !== undefined) void lookUp(wanted.current, url).then(() => task.fail(null), task.fail)
  }
  useEffect(look, [query, url, page === undefined, secretsStamp.value])
  const back = () => {
    setOpen(null)
    if (open && open !== 'generator') focusRow(open.item.SecretId)
  }
  const form = draft.value.value
  if (form) {
    const leave = () => {
      back()
      look()
    }
    return (
      <ItemForm
        form={form}
        draft={draft}
        pageUrl={page?.url ?? null}
        onSaved={() => {
          // What was searched for may not be in its new name.
          setQuery('')
          leave()
        }}
        onLeft={leave}
      />
    )
  }
  if (open === 'generator') {
    const keep = (password: string) =>
      draft.set(newForm({ fields: { password }, ...siteOf(page ?? null) }, 'login'))
    return (
      <Opened onBack={back}>
        <GeneratorView page={page ?? null} onKeep={keep} />
      </Opened>
    )
  }
  if (open) {
    const { item } = open
    return (
      <Opened onBack={back}>
        <ItemView
          secretId={item.SecretId}
          onEdit={(now) => draft.set(formOf(now))}
          onMoved={() => {
            back()
            look()
          }}
          onChanged={look}
        >
          {page && mayFill(item) && <FillButton item={item} page={page} />}
        </ItemView>
      </Opened>
    )
  }
  return (
    <>
      {draft.waiting.value && <Unfinished draft={draft} onGoOn={() => {}} />}
      {ask.prompt}
      <ErrorAlert error={task.error} />
      <ItemList
        query={query}
        onQuery={setQuery}
        page={page ?? null}
        onAdd={() => draft.set(newForm())}
        onGenerate={() => setOpen('generator')}
        onChanged={look}
        actions={{
          open: (item) => setOpen({ item }),
          copy: (item, what) => ask.run((proof) => copyQuick(item, what, proof)),
          fill: page ? (item) => ask.run((proof) => fill(item, page, proof)) : null,
        }}
      />
    </>
  )
}

const siteOf = (page: WebPage | null) =>
  page ? { title: new URL(page.url).hostname, uris: [page.origin] } : {}

function FillButton({ item, page }: { readonly item: ItemSummary; readonly page: WebPage }) {
  const ask = useAskAgain()
  return (
    <>
      <button
        type="button"
        class="primary"
        title={t('fill_hint')}
        disabled={ask.busy}
        onClick={() => ask.run((proof) => fill(item, page, proof))}
      >
        {t('fill')}
      </button>
      {ask.prompt}
    </>
  )
}

/** Escape leads back, too. */
function Opened({
  onBack,
  children,
}: {
  readonly onBack: () => void
  readonly children: ComponentChildren
}) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    button.current?.focus()
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // Else the browser closes the popup.
      event.preventDefault()
      onBack()
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [])
  return (
    <div class="stack">
      <button type="button" class="quiet back" ref={button} onClick={onBack}>
        <Icon of={ArrowLeft} />
        {t('secrets_back')}
      </button>
      {children}
    </div>
  )
}

/** The row that was opened has the focus again, so that up and down go on from there. */
function focusRow(secretId: string): void {
  requestAnimationFrame(() => {
    const rows = [...document.querySelectorAll<HTMLElement>('.item[data-id]')]
    const row = rows.find(({ dataset }) => dataset['id'] === secretId)
    row?.querySelector<HTMLElement>('.item-title')?.focus()
  })
}
