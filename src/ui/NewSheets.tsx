// ui: what the person sees; speaks the protocol like any other client. This file: the sheets of a new recovery key or
// of new shares: once on the screen, and on paper, a page for each. A sheet names its set, its number and how many it
// takes, and nobody's name.

import { Printer } from 'lucide'
import { useState } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { QrCode } from './QrCode.tsx'
import { Words } from './RecoveryKey.tsx'
import { t } from './words.ts'

interface Sheet {
  readonly title: string
  readonly note: string
  readonly words: readonly string[]
}

export function NewWords({
  words,
  onDone,
}: {
  readonly words: readonly string[]
  readonly onDone: () => void
}) {
  const sheet = { title: t('recovery_sheet'), note: t('recovery_sheet_note'), words }
  return <Sheets lead={t('recovery_intro')} sheets={[sheet]} onDone={onDone} />
}

/** @param note stands on each sheet, `lead` on the screen alone */
export function NewShares({
  shares,
  set,
  lead,
  note,
  onDone,
}: {
  readonly shares: readonly (readonly string[])[]
  readonly set: string
  readonly lead: string
  readonly note: string
  readonly onDone: () => void
}) {
  const sheets = shares.map((words, i) => ({
    title: t('share_title', [String(i + 1), String(shares.length), set]),
    note,
    words,
  }))
  return <Sheets lead={lead} sheets={sheets} onDone={onDone} />
}

function Sheets({
  lead,
  sheets,
  onDone,
}: {
  readonly lead: string
  readonly sheets: readonly Sheet[]
  readonly onDone: () => void
}) {
  const [at, setAt] = useState(0)
  const sheet = sheets[at]
  if (!sheet) return null
  const isLast = at === sheets.length - 1
  return (
    <div class="inset stack">
      <p>{lead}</p>
      {sheets.length > 1 && <h3>{sheet.title}</h3>}
      <Words words={sheet.words} />
      <div class="row">
        {at > 0 && (
          <button type="button" onClick={() => setAt(at - 1)}>
            {t('share_previous')}
          </button>
        )}
        {isLast ? (
          <button type="button" class="primary" onClick={onDone}>
            {t('share_done')}
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => setAt(at + 1)}>
            {t('share_next')}
          </button>
        )}
        <button type="button" class="quiet push" onClick={() => print()}>
          <Icon of={Printer} />
          {sheets.length > 1 ? t('share_print_all') : t('recovery_print')}
        </button>
      </div>
      <div class="sheets" aria-hidden="true">
        {sheets.map((one) => (
          <section class="sheet" key={one.title}>
            <h1>{one.title}</h1>
            <p>{one.note}</p>
            <Words words={one.words} />
            <QrCode text={one.words.join(' ')} label={one.title} />
          </section>
        ))}
      </div>
    </div>
  )
}
