// ui: what the person sees; speaks the protocol like any other client. This file: that a secret is half-written, to go on
// with or to give up. Somebody half-way through one must not lose it by beginning another.

import { useAskAgain } from './AskAgain.tsx'
import type { FormDraft } from './formDraft.ts'
import { t } from './words.ts'

export interface UnfinishedProps {
  readonly draft: FormDraft
  /** Given the ARN of the secret; `null`: it is a new one. */
  readonly onGoOn: (secretId: string | null) => void
}

export function Unfinished({ draft, onGoOn }: UnfinishedProps) {
  const ask = useAskAgain()
  const form = draft.value.value
  const left = draft.waiting.value
  if (!form && !left) return null
  const title = (form?.item.title ?? left?.Title ?? '').trim()
  const secretId = (form ? form.ref?.secretId : left?.SecretId) ?? null
  const goOn = () =>
    ask.run(async (proof) => {
      if (!form && left) await draft.resume(left, proof)
      onGoOn(secretId)
    })
  const discard = () => {
    if (form) draft.clear()
    else if (left) draft.discard(left)
  }
  return (
    <>
      <div class="banner banner-line">
        <p>{title === '' ? t('vault_unfinished_new') : t('vault_unfinished', [title])}</p>
        <button type="button" disabled={ask.busy} onClick={goOn}>
          {t('vault_go_on')}
        </button>
        <button type="button" class="quiet" onClick={discard}>
          {t('vault_discard')}
        </button>
      </div>
      {ask.prompt}
    </>
  )
}
