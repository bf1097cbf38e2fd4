// ui: what the person sees; speaks the protocol like any other client. This file: agreeing on a secret with
// the holder of another key.

import { useState } from 'preact/hooks'
import { encodeBase64 } from '../codec/text.ts'
import { call } from './call.ts'
import { AreaField } from './Field.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert } from './Notices.tsx'
import { Outcome } from './Outcome.tsx'
import { fromPem } from './pem.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function TryAgree({ metadata: { KeyId } }: KeySide) {
  const [theirs, setTheirs] = useState('')
  const [secret, setSecret] = useState('')
  const task = useTask()
  const agree = () =>
    task.run(async () => {
      const PublicKey = fromPem('PUBLIC KEY', theirs)
      if (!PublicKey) return task.fail(t('try_not_pem'))
      const { SharedSecret } = await call('kms:DeriveSharedSecret', {
        KeyId,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey,
      })
      setSecret(encodeBase64(SharedSecret))
    })
  return (
    <div class="stack">
      <AreaField
        label={t('try_public_key')}
        value={theirs}
        onValue={setTheirs}
        rows={5}
        maxLength={16384}
      />
      <div class="row">
        <button type="button" class="primary" disabled={task.busy || theirs === ''} onClick={agree}>
          {t('try_agree')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <Outcome label={t('try_shared_secret')} value={secret} />
    </div>
  )
}
