// ui: what the person sees; speaks the protocol like any other client. This file: a secret in a capsule
// that only this key opens.

import { useState } from 'preact/hooks'
import { encodeBase64 } from '../codec/text.ts'
import { readBase64 } from './base64Input.ts'
import { call } from './call.ts'
import { AreaField } from './Field.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert } from './Notices.tsx'
import { Outcome } from './Outcome.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const algorithm = { EncapsulationAlgorithm: 'ML_KEM' } as const

export function TryEncapsulate({ metadata: { KeyId } }: KeySide) {
  const [capsule, setCapsule] = useState('')
  const [made, setMade] = useState('')
  const [opened, setOpened] = useState('')
  const task = useTask()
  const encapsulate = () =>
    task.run(async () => {
      const answer = await call('kms:Encapsulate', { KeyId, ...algorithm })
      setCapsule(encodeBase64(answer.SharedSecretCiphertextBlob))
      setMade(encodeBase64(answer.SharedSecret))
      setOpened('')
    })
  const decapsulate = () =>
    task.run(async () => {
      const SharedSecretCiphertextBlob = readBase64(capsule)
      if (!SharedSecretCiphertextBlob) return task.fail(t('try_not_base64'))
      const request = { KeyId, ...algorithm, SharedSecretCiphertextBlob }
      setOpened(encodeBase64((await call('kms:Decapsulate', request)).SharedSecret))
    })
  return (
    <div class="stack">
      <div class="row">
        <button type="button" class="primary" disabled={task.busy} onClick={encapsulate}>
          {t('try_encapsulate')}
        </button>
      </div>
      <Outcome label={t('try_shared_secret')} value={made} />
      <AreaField
        label={t('try_capsule')}
        value={capsule}
        onValue={setCapsule}
        rows={4}
        maxLength={16384}
      />
      <div class="row">
        <button type="button" disabled={task.busy || capsule === ''} onClick={decapsulate}>
          {t('try_decapsulate')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <Outcome label={t('try_opened_secret')} value={opened} />
    </div>
  )
}
