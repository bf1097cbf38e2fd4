// ui: what the person sees; speaks the protocol like any other client. This file: trusting whoever signed, with a warning
// and the fingerprint to compare.

import { ShieldPlus, TriangleAlert } from 'lucide'
import { useId, useState } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { TextField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { onSubmit, useTask } from './task.ts'
import { type TrustOffer, trust } from './trustOffer.ts'
import { t } from './words.ts'

interface Trusting {
  /** Whom one could trust. */
  readonly find: () => Promise<TrustOffer>
  readonly onTrusted: () => void
}

const whyNot = {
  'no-root': t('verify_doc_trust_no_root'),
  'no-key': t('verify_doc_trust_no_key'),
} as const

export function TrustSigner({ find, onTrusted }: Trusting) {
  const [offer, setOffer] = useState<TrustOffer | null>(null)
  const task = useTask()
  const look = () => task.run(async () => setOffer(await find()))
  return (
    <div class="stack tight">
      {offer === null && (
        <div class="row">
          <button type="button" disabled={task.busy} aria-busy={task.busy} onClick={look}>
            <Icon of={ShieldPlus} />
            {task.busy ? t('verify_doc_trust_looking') : t('verify_doc_trust_button')}
          </button>
        </div>
      )}
      <ErrorAlert error={task.error} />
      {offer?.is === 'none' && (
        <p class="hint" role="status">
          {whyNot[offer.why]}
        </p>
      )}
      {offer !== null && offer.is !== 'none' && (
        <ConfirmTrust offer={offer} onNo={() => setOffer(null)} onTrusted={onTrusted} />
      )}
    </div>
  )
}

export function ConfirmTrust({
  offer,
  onNo,
  onTrusted,
}: {
  readonly offer: Exclude<TrustOffer, { is: 'none' }>
  readonly onNo: () => void
  readonly onTrusted: () => void
}) {
  const id = useId()
  const isCertificate = offer.is === 'certificate'
  const [name, setName] = useState(isCertificate ? offer.name : '')
  const task = useTask()
  const accept = () =>
    task.run(async () => {
      const called = name.trim() || offer.fingerprint
      await trust(offer, called)
      say(t('verify_doc_trust_done', [called]))
      onTrusted()
    })
  const isAuthority = isCertificate && offer.isAuthority
  return (
    <form class="card warn" aria-labelledby={id} onSubmit={onSubmit(accept)}>
      <h4 id={id}>
        <Icon of={TriangleAlert} />{' '}
        <bdi>{t('verify_doc_trust_heading', [isCertificate ? offer.name : offer.fingerprint])}</bdi>
      </h4>
      <p>{isAuthority ? t('verify_doc_trust_warning_authority') : t('verify_doc_trust_warning')}</p>
      <div class="field">
        <div class="label-row">
          <span class="label" id={`${id}-print`}>
            {t('verify_doc_trust_fingerprint')}
          </span>
          <CopyButton
            label={t('copy_named', [t('verify_doc_trust_fingerprint')])}
            text={() => offer.fingerprint}
          />
        </div>
        <output class="mono" aria-labelledby={`${id}-print`}>
          {offer.fingerprint}
        </output>
      </div>
      <TextField
        label={t('verify_doc_trust_name')}
        value={name}
        onValue={setName}
        maxLength={200}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" onClick={onNo}>
          {t('verify_doc_trust_no')}
        </button>
        <button type="submit" class="primary" disabled={task.busy}>
          {t('verify_doc_trust_yes')}
        </button>
      </div>
    </form>
  )
}
