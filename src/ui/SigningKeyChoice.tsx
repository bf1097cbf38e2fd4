// ui: what the person sees; speaks the protocol like any other client. This file: with which key, and under which name.

import { useEffect, useState } from 'preact/hooks'
import { holderOf } from '../certificates/index.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { call } from './call.ts'
import { TextField } from './Field.tsx'
import { SelectField } from './SelectField.tsx'
import {
  certifyOneself,
  isNamed,
  type SigningKey,
  signingKeys,
  usualSigningKey,
} from './signingKeys.ts'
import { t } from './words.ts'

export interface KeyChoice {
  readonly keys: readonly SigningKey[]
  readonly chosen: SigningKey | null
  readonly choose: (keyId: string) => void
  /** For the certificate that the key makes for itself where it has none. */
  readonly name: string
  readonly setName: (name: string) => void
  readonly error: unknown
  /** The chosen key, with a certificate where the form needs one. `null`: the name is missing. */
  readonly ready: (needsCertificate: boolean) => Promise<SigningKey | null>
}

/** The person's signing keys; where there are none, the usual one is made with the first signature. */
export function useSigningKey(wanted: string | null = null): KeyChoice {
  const [keys, setKeys] = useState<readonly SigningKey[]>([])
  const [keyId, setKeyId] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>(null)
  /** A page that names a key gets a signature by that one or none. */
  const choosable = async () => {
    const all = await signingKeys()
    if (wanted === null) return all
    const named = all.filter((key) => isNamed(key, wanted))
    if (named.length === 0) throw new KeyhearthError('key-not-found', { keyId: wanted })
    return named
  }
  useEffect(() => {
    const look = async () => {
      setKeys(await choosable())
      const { Identity } = await call('keyhearth:GetIdentity', {})
      // What was typed meanwhile stands.
      setName((typed) => typed || (Identity?.Name ?? ''))
    }
    look().catch(setError)
  }, [])
  const chosen = keys.find((key) => key.keyId === keyId) ?? keys[0] ?? null
  const ready = async (needsCertificate: boolean) => {
    const key = chosen ?? (wanted === null ? await usualSigningKey() : (await choosable())[0])
    if (!key) return null
    if (!needsCertificate || key.certificate) return key
    if (name.trim() === '') return null
    const certified = await certifyOneself(key, name.trim())
    setKeys(await choosable())
    return certified
  }
  return { keys, chosen, choose: setKeyId, name, setName, error, ready }
}

export function SigningKeyChoice({
  choice: { keys, chosen, choose, name, setName },
  needsCertificate,
}: {
  readonly choice: KeyChoice
  readonly needsCertificate: boolean
}) {
  return (
    <>
      {keys.length > 0 && (
        <SelectField
          label={t('sign_key')}
          value={chosen?.keyId ?? ''}
          options={keys.map((key) => [key.keyId, keyWords(key)])}
          onValue={choose}
        />
      )}
      {needsCertificate && !chosen?.certificate && (
        <TextField
          label={t('sign_name')}
          value={name}
          onValue={setName}
          maxLength={64}
          hint={t('sign_name_hint')}
        />
      )}
    </>
  )
}

const keyWords = ({ name, certificate }: SigningKey): string =>
  certificate ? t('sign_key_holder', [name, holderOf(certificate)]) : t('sign_key_bare', [name])
