// ui: what the person sees; speaks the protocol like any other client. This file: bringing in certificates and keys: a
// file or a text, its password, and what it holds.

import { useState } from 'preact/hooks'
import { encodeUtf8 } from '../codec/text.ts'
import { BroughtCertificates } from './BroughtCertificates.tsx'
import { BroughtKeys } from './BroughtKeys.tsx'
import { BroughtSigner } from './BroughtSigner.tsx'
import { type Brought, clearKeys, mostBroughtBytes, readBrought } from './bringIn.ts'
import { type Given, OnItsWay, useBringing } from './bringing.tsx'
import { fileWordsOf } from './certificateErrors.ts'
import { AreaField } from './Field.tsx'
import { FileChoice } from './FileChoice.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit } from './task.ts'
import { t } from './words.ts'

/** The private keys go; certificates and public keys may stay. */
const bringing = {
  read: readBrought,
  forget: (brought: Brought) => {
    if (brought.is === 'keys') clearKeys(brought.file)
  },
}

export function BringIn() {
  const way = useBringing(bringing)
  const { step, open, restart } = way
  return (
    <section class="stack roomy" aria-labelledby="bring-in">
      <h2 id="bring-in">{t('certificates_bring_in')}</h2>
      {step.is === 'choosing' && <Choose error={step.error} onGiven={open} onError={restart} />}
      <OnItsWay of={way} />
      {step.is === 'brought' && (
        <>
          <BroughtView brought={step.brought} name={step.given.name} />
          <div class="row">
            <button type="button" onClick={() => restart()}>
              {t('certificates_other_file')}
            </button>
          </div>
        </>
      )}
    </section>
  )
}

function BroughtView({ brought, name }: { readonly brought: Brought; readonly name: string }) {
  switch (brought.is) {
    case 'certificates':
      return <BroughtCertificates certificates={brought.certificates} />
    case 'keys':
      return <BroughtKeys brought={brought} fileName={name} />
    case 'signer':
      return <BroughtSigner signer={brought.signer} />
    case 'request':
      return <p class="card">{t('certificates_is_request')}</p>
  }
}

function Choose({
  error,
  onGiven,
  onError,
}: {
  readonly error: unknown
  readonly onGiven: (given: Given) => Promise<void>
  readonly onError: (error: unknown) => void
}) {
  const [text, setText] = useState('')
  const take = async (file: File) => {
    if (file.size > mostBroughtBytes) return onError(t('certificates_file_large'))
    await onGiven({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const paste = () => void onGiven({ name: t('certificates_pasted'), bytes: encodeUtf8(text) })
  return (
    <>
      <p class="lead">{t('certificates_bring_in_lead')}</p>
      <FileChoice
        label={t('certificates_file')}
        words={t('certificates_drop')}
        onFile={(file) => void take(file).catch(onError)}
      />
      <ErrorAlert error={error && fileWordsOf(error, 'any')} />
      <form class="stack" autocomplete="off" onSubmit={onSubmit(paste)}>
        <AreaField
          label={t('certificates_paste')}
          hint={t('certificates_paste_hint')}
          value={text}
          onValue={setText}
        />
        <div class="row">
          <button type="submit" disabled={text.trim() === ''}>
            {t('certificates_look')}
          </button>
        </div>
      </form>
    </>
  )
}
