// ui: what the person sees; speaks the protocol like any other client. This file: a private key out of a file, made into
// a KMS key that nothing leaves any more, with the certificates that came with it.

import { assertKeepable, type Certificate, type KeyInFile } from '../certificates/index.ts'
import { equalBytes } from '../codec/bytes.ts'
import type { KeySpec, KeyUsageType } from '../protocol/keySpecs.ts'
import { keepMaterial } from './bringKey.ts'
import { call } from './call.ts'
import { keepOwn, loadCertificates } from './certificateList.ts'

export interface KeepableKey extends KeyInFile {
  readonly keySpec: KeySpec
}

interface KeepOptions {
  readonly name: string
  readonly usage: KeyUsageType
  /** Of the file: those of this key are kept with it. */
  readonly certificates: readonly Certificate[]
}

/** @returns how many of the certificates are of this key, and kept with it */
export async function keepKey(
  { keySpec: KeySpec, pkcs8 }: KeepableKey,
  { name: Description, usage: KeyUsage, certificates }: KeepOptions,
): Promise<number> {
  assertKeepable(pkcs8)
  const { KeyId, Arn } = await keepMaterial(pkcs8, { KeySpec, KeyUsage, Description })
  const { PublicKey } = await call('keyhearth:ViewKey', { KeyId })
  const own = certificates.filter((one) => PublicKey && equalBytes(one.publicKey, PublicKey))
  for (const one of own) await keepOwn(one, Arn, certificates)
  await loadCertificates()
  return own.length
}
