// ui: what the person sees; speaks the protocol like any other client. This file: a signing key's public half as OpenSSH and
// minisign write it, for those who check signatures with them.

import type { Bytes } from '../codec/bytes.ts'
import { minisignKeyOf, openSshPublicKey, writeMinisignKey } from '../documents/index.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'

const inSsh: ReadonlySet<KeySpec> = new Set([
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_NIST_EDWARDS25519',
])

export interface PublicKeyForms {
  readonly ssh: string | null
  readonly minisign: string | null
}

export async function publicKeyForms(spec: KeySpec, spki: Bytes): Promise<PublicKeyForms> {
  const isEd25519 = spec === 'ECC_NIST_EDWARDS25519'
  return {
    ssh: inSsh.has(spec) ? openSshPublicKey(spki) : null,
    minisign: isEd25519 ? writeMinisignKey(await minisignKeyOf(spki)) : null,
  }
}
