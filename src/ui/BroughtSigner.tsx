// ui: what the person sees; speaks the protocol like any other client. This file: the public key of somebody who signs with
// OpenSSH or minisign, before it is trusted.

import { useState } from 'preact/hooks'
import { encodeUtf8 } from '../codec/text.ts'
import type { SignerKey } from './bringIn.ts'
import { call } from './call.ts'
import { loadCertificates } from './certificateList.ts'
import { say } from './Notices.tsx'
import { goTo } from './route.ts'
import { TrustForm } from './TrustForm.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const formWords = {
  ssh: t('certificates_is_ssh'),
  minisign: t('certificates_is_minisign'),
  jwk: t('certificates_is_jwk'),
} as const satisfies Record<SignerKey['form'], string>

export function BroughtSigner({ signer }: { readonly signer: SignerKey }) {
  const [name, setName] = useState(signer.comment.slice(0, 200))
  const task = useTask()
  const called = name.trim()
  const trust = () => {
    if (called === '') return task.fail(t('certificates_problem_name'))
    task.run(async () => {
      const Chain = [encodeUtf8(signer.text)]
      await call('keyhearth:PutCertificate', { Kind: 'signer', Chain, Name: called })
      await loadCertificates()
      say(t('certificates_trusted_done', [called]))
      goTo('documents', 'certificates')
    })
  }
  return (
    <TrustForm
      task={task}
      warning={t('certificates_trust_person')}
      name={name}
      onName={setName}
      onTrust={trust}
    >
      <h3>{formWords[signer.form]}</h3>
      <dl class="facts">
        <dt>{t('certificates_fingerprint')}</dt>
        <dd class="mono">{signer.fingerprint}</dd>
      </dl>
    </TrustForm>
  )
}
