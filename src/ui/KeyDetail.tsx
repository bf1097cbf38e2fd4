// ui: what the person sees; speaks the protocol like any other client. This file: one key: what it is, its
// state and what to do with it; each of its sides is a place of its own in the address.

import { ArrowLeft } from 'lucide'
import type { ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import type { KeyMetadata } from '../protocol/kmsOutputs.ts'
import type { Output } from '../protocol/outputs.ts'
import { hashOf } from './address.ts'
import { call } from './call.ts'
import { Icon } from './Icon.tsx'
import { KeyActions, PendingDeletion } from './KeyActions.tsx'
import { KeyGrants } from './KeyGrants.tsx'
import { KeyImport } from './KeyImport.tsx'
import { KeyOverview } from './KeyOverview.tsx'
import { KeyPolicy } from './KeyPolicy.tsx'
import { KeyRotation } from './KeyRotation.tsx'
import { KeyState } from './KeyState.tsx'
import { type KeyRow, keyRows, loadKeys } from './keyList.ts'
import { ownerWords, specNames, usageWords } from './keyWords.ts'
import { later } from './Later.tsx'
import { ErrorAlert } from './Notices.tsx'
import { route } from './route.ts'
import { Sides } from './Sides.tsx'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { canBeTried, TryKey } from './TryKey.tsx'
import { t } from './words.ts'

const Export = later<KeySide>(async () => (await import('./KeyExport.tsx')).KeyExport)

type View = Output<'keyhearth:ViewKey'>

/** What each side of a key gets. */
export interface KeySide {
  readonly row: KeyRow
  readonly metadata: KeyMetadata
  readonly tags: View['Tags']
  readonly publicKey: View['PublicKey']
  /** After a change: reads the key again. */
  readonly onChanged: () => Promise<void>
}

interface Side {
  readonly id: string
  readonly label: string
  readonly view: ComponentType<KeySide>
  readonly fits?: (metadata: KeyMetadata) => boolean
}

const sides: readonly Side[] = [
  { id: '', label: t('key_side_overview'), view: KeyOverview },
  { id: 'try', label: t('key_side_try'), view: TryKey, fits: canBeTried },
  { id: 'policy', label: t('key_side_policy'), view: KeyPolicy },
  { id: 'grants', label: t('key_side_grants'), view: KeyGrants },
  {
    id: 'rotation',
    label: t('key_side_rotation'),
    view: KeyRotation,
    fits: ({ KeySpec }) => KeySpec === 'SYMMETRIC_DEFAULT',
  },
  {
    id: 'export',
    label: t('key_side_export'),
    view: Export,
    fits: ({ Exportable }) => Exportable,
  },
]

export function KeyDetail({ keyId }: { readonly keyId: string }) {
  const [view, setView] = useState<View | null>(null)
  const { error, again } = useShown(async () => {
    const [seen] = await Promise.all([call('keyhearth:ViewKey', { KeyId: keyId }), loadKeys()])
    setView(seen)
  }, [keyId, status.value])
  const row = keyRows.value?.find(({ KeyId }) => KeyId === keyId)
  return (
    <>
      <a class="back" href={hashOf(['keys'])}>
        <Icon of={ArrowLeft} />
        {t('keys_all')}
      </a>
      <ErrorAlert error={error} />
      {row ? <Head row={row} /> : <h1 tabIndex={-1}>{t('key_one')}</h1>}
      {row && view && (
        <Body
          row={row}
          metadata={{ ...view.KeyMetadata, KeyState: row.KeyState }}
          tags={view.Tags}
          publicKey={view.PublicKey}
          onChanged={again}
        />
      )}
      {!view && !error && <p class="lead late">{t('loading')}</p>}
    </>
  )
}

function Head({ row }: { readonly row: KeyRow }) {
  return (
    <div class="stack tight">
      <h1 tabIndex={-1}>{row.name}</h1>
      <p class="subtitle">
        <KeyState state={row.KeyState} />
        <span>
          {usageWords[row.KeyUsage]}, {specNames[row.KeySpec]}
        </span>
        <span class="lead">{t('key_belongs', [ownerWords(row)])}</span>
        <a href={hashOf(['activity'], { key: row.KeyId })}>{t('activity_of_key')}</a>
      </p>
    </div>
  )
}

function Body(side: KeySide) {
  const { row, metadata } = side
  const [, at = ''] = route.value.path
  const fitting = sides.filter(({ fits }) => fits?.(metadata) ?? true)
  const shown = fitting.find(({ id }) => id === at) ?? fitting[0]
  const View = shown?.view ?? KeyOverview
  return (
    <>
      <PendingDeletion {...side} />
      {row.KeyState === 'PendingImport' && <KeyImport {...side} />}
      <KeyActions {...side} />
      <Sides
        label={t('key_sides')}
        sides={fitting.map(({ id, label }) => ({
          href: hashOf(id === '' ? ['keys', row.KeyId] : ['keys', row.KeyId, id]),
          label,
          here: id === shown?.id,
        }))}
      />
      <View {...side} />
    </>
  )
}
