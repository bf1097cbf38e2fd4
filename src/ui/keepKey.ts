// ui: what the person sees; speaks the protocol like any other client. This file: a private key out of a file, made into
// a KMS key that nothing leaves any more, with the certificates that came with it.

import type { Certificate, KeyInFile } from '../certificates/index.ts'
import { equalBytes } from '../codec/bytes.ts'
import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import { call } from './call.ts'
import { keepOwn, loadCertificates } from './certificateList.ts'
import { importMaterial } from './importing.ts'

export interface KeepableKey extends KeyInFile {
  readonly keySpec: KeySpec
}

interface KeepOptions {
  readonly name: string
  readonly usage: KeyUsageType
  /** Of the file: those of this key are kept with it. */
  readonly certificates: readonly Certificate[]
}

/** How long KMS keeps a key that never got its material, at the least (API reference, ScheduleKeyDeletion). */
const leastDays = 7

/** @returns how many of the certificates are of this key, and kept with it */
export async function keepKey(
  { keySpec: KeySpec, pkcs8 }: KeepableKey,
  { name: Description, usage: KeyUsage, certificates }: KeepOptions,
): Promise<number> {
  const input = { KeySpec, KeyUsage, Description, Origin: 'EXTERNAL' } as const
  const { KeyMetadata } = await call('kms:CreateKey', input)
  const { KeyId, Arn } = KeyMetadata
  try {
    await importMaterial(KeyMetadata, pkcs8, { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })
  } catch (error) {
    await call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: leastDays })
    throw error
  }
  const { PublicKey } = await call('keyhearth:ViewKey', { KeyId })
  const own = certificates.filter((one) => PublicKey && equalBytes(one.publicKey, PublicKey))
  for (const one of own) await keepOwn(one, Arn, certificates)
  await loadCertificates()
  return own.length
}
