// ui: what the person sees; speaks the protocol like any other client. This file: signing and checking a
// few words; and the same with a code, which only the holder of the key can check.

import { BadgeCheck } from 'lucide'
import { useState } from 'preact/hooks'
import { encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import { readBase64 } from './base64Input.ts'
import { call } from './call.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

type Bytes = Uint8Array<ArrayBuffer>

export function TrySign({ metadata }: KeySide) {
  const { KeyId, SigningAlgorithms: algorithms = [] } = metadata
  const [algorithm, setAlgorithm] = useState<SigningAlgorithm>(algorithms[0] ?? 'ECDSA_SHA_256')
  const about = (Message: Bytes) => ({
    KeyId,
    Message,
    SigningAlgorithm: algorithm,
    // The prehashed form of Ed25519 signs a digest and nothing else (API reference, Sign).
    ...(algorithm === 'ED25519_PH_SHA_512' ? { MessageType: 'DIGEST' as const } : {}),
  })
  const messageOf = async (text: string) =>
    algorithm === 'ED25519_PH_SHA_512'
      ? new Uint8Array(await crypto.subtle.digest('SHA-512', encodeUtf8(text)))
      : encodeUtf8(text)
  return (
    <div class="stack">
      {algorithms.length > 1 && (
        <SelectField
          label={t('try_algorithm')}
          value={algorithm}
          options={algorithms.map((name) => [name, name])}
          onValue={setAlgorithm}
        />
      )}
      <MakeAndCheck
        words={{
          message: t('try_message'),
          proof: t('try_signature'),
          make: t('try_sign'),
          check: t('try_verify'),
          holds: t('try_signature_holds'),
        }}
        make={async (text) => (await call('kms:Sign', about(await messageOf(text)))).Signature}
        check={async (text, Signature) => {
          await call('kms:Verify', { ...about(await messageOf(text)), Signature })
        }}
      />
    </div>
  )
}

export function TryMac({ metadata }: KeySide) {
  const { KeyId, MacAlgorithms: [MacAlgorithm = 'HMAC_SHA_256'] = [] } = metadata
  const about = (text: string) => ({ KeyId, Message: encodeUtf8(text), MacAlgorithm })
  return (
    <MakeAndCheck
      words={{
        message: t('try_message'),
        proof: t('try_mac'),
        make: t('try_mac_make'),
        check: t('try_mac_check'),
        holds: t('try_mac_holds'),
      }}
      make={async (text) => (await call('kms:GenerateMac', about(text))).Mac}
      check={async (text, Mac) => {
        await call('kms:VerifyMac', { ...about(text), Mac })
      }}
    />
  )
}

interface Words {
  readonly message: string
  readonly proof: string
  readonly make: string
  readonly check: string
  readonly holds: string
}

function MakeAndCheck({
  words,
  make,
  check,
}: {
  readonly words: Words
  readonly make: (text: string) => Promise<Bytes>
  /** @throws where it does not fit */
  readonly check: (text: string, proof: Bytes) => Promise<void>
}) {
  const [text, setText] = useState('')
  const [proof, setProof] = useState('')
  const [holds, setHolds] = useState(false)
  const task = useTask()
  const changed = (set: (value: string) => void) => (value: string) => {
    setHolds(false)
    set(value)
  }
  const making = () =>
    task.run(async () => {
      setProof(encodeBase64(await make(text)))
      setHolds(false)
    })
  const checking = () =>
    task.run(async () => {
      setHolds(false)
      const bytes = readBase64(proof)
      if (!bytes) return task.fail(t('try_not_base64'))
      await check(text, bytes)
      setHolds(true)
    })
  return (
    <>
      <AreaField
        label={words.message}
        value={text}
        onValue={changed(setText)}
        rows={2}
        maxLength={4096}
      />
      <div class="row">
        <button type="button" class="primary" disabled={task.busy || text === ''} onClick={making}>
          {words.make}
        </button>
      </div>
      <AreaField
        label={words.proof}
        value={proof}
        onValue={changed(setProof)}
        rows={3}
        maxLength={8192}
      />
      <div class="row">
        <button
          type="button"
          disabled={task.busy || text === '' || proof === ''}
          onClick={checking}
        >
          {words.check}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <div role="status">
        {holds && (
          <p class="good-words">
            <Icon of={BadgeCheck} />
            {words.holds}
          </p>
        )}
      </div>
    </>
  )
}
