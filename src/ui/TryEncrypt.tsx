// ui: what the person sees; speaks the protocol like any other client. This file: encrypting and decrypting
// a few words under a key.

import { useState } from 'preact/hooks'
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { EncryptionAlgorithm } from '../protocol/keySpecs.ts'
import { readBase64 } from './base64Input.ts'
import { type ContextRow, ContextRows } from './ContextRows.tsx'
import { call } from './call.ts'
import { readContext } from './contextInput.ts'
import { contextProblemWords } from './contextWords.ts'
import { AreaField } from './Field.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert } from './Notices.tsx'
import { Outcome } from './Outcome.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function TryEncrypt({ metadata }: KeySide) {
  const { KeyId, EncryptionAlgorithms: algorithms = [] } = metadata
  const symmetric = metadata.KeySpec === 'SYMMETRIC_DEFAULT'
  const [algorithm, setAlgorithm] = useState<EncryptionAlgorithm>(
    algorithms.at(-1) ?? 'SYMMETRIC_DEFAULT',
  )
  const [plain, setPlain] = useState('')
  const [rows, setRows] = useState<readonly ContextRow[]>([])
  const [cipher, setCipher] = useState('')
  const [opened, setOpened] = useState('')
  const task = useTask()
  const read = readContext(rows)
  const withContext = 'context' in read && symmetric ? { EncryptionContext: read.context } : {}
  const run = (work: () => Promise<void>) => {
    if ('problem' in read) return task.fail(contextProblemWords(read.problem, read.key))
    task.run(work)
  }
  const encrypt = () =>
    run(async () => {
      const { CiphertextBlob } = await call('kms:Encrypt', {
        KeyId,
        Plaintext: encodeUtf8(plain),
        EncryptionAlgorithm: algorithm,
        ...withContext,
      })
      setCipher(encodeBase64(CiphertextBlob))
      setOpened('')
    })
  const decrypt = () =>
    run(async () => {
      const CiphertextBlob = readBase64(cipher)
      if (!CiphertextBlob) return task.fail(t('try_not_base64'))
      const { Plaintext } = await call('kms:Decrypt', {
        KeyId,
        CiphertextBlob,
        EncryptionAlgorithm: algorithm,
        ...withContext,
      })
      setOpened(textOf(Plaintext))
    })
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
      <AreaField
        label={t('try_plain')}
        value={plain}
        onValue={setPlain}
        rows={2}
        maxLength={4096}
      />
      {symmetric && <ContextRows rows={rows} onRows={setRows} />}
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={task.busy || plain === ''}
          onClick={encrypt}
        >
          {t('text_encrypt')}
        </button>
      </div>
      <AreaField
        label={t('try_cipher')}
        value={cipher}
        onValue={setCipher}
        rows={4}
        maxLength={16384}
      />
      <div class="row">
        <button type="button" disabled={task.busy || cipher === ''} onClick={decrypt}>
          {t('text_decrypt')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <Outcome label={t('try_opened')} value={opened} />
    </div>
  )
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    return encodeBase64(bytes)
  }
}
