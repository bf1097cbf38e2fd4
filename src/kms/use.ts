// kms: keys, their states and what is done under them; one file per family of operations.
// This file: what every cryptographic operation checks before it touches a key: may the caller, is the key
// usable, is it for this, does the algorithm fit, is it only a dry run.

import type { Context } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import { keyFor } from './access.ts'
import type { Access } from './authorization.ts'
import { arnOf, assertUsable, type KeyRecord } from './keys.ts'

export interface UseInput {
  readonly KeyId: string
  readonly EncryptionContext?: Readonly<Record<string, string>>
  readonly GrantTokens?: readonly string[]
  readonly DryRun?: boolean
}

export interface Wanted {
  readonly action: Access['action']
  readonly usage: KeyUsageType
  /** The algorithm the request names, and the condition key that carries it. */
  readonly algorithm?: { readonly condition: string; readonly name: string }
  readonly conditions?: Readonly<Record<string, readonly string[]>>
}

/** @throws KeyhearthError as keyFor; `key-disabled`, `key-invalid-state`, `key-usage`, `dry-run` */
export async function keyForUse(
  context: Context,
  input: UseInput,
  wanted: Wanted,
): Promise<KeyRecord> {
  const key = await keyFor(context, input.KeyId, {
    action: wanted.action,
    encryptionContext: input.EncryptionContext ?? {},
    grantTokens: input.GrantTokens ?? [],
    conditions: conditionsOf(wanted),
  })
  checkUse(context, key, wanted)
  endDryRun(input)
  return key
}

export function conditionsOf({ algorithm, conditions }: Wanted): Access['conditions'] & object {
  return { ...conditions, ...(algorithm ? { [algorithm.condition]: [algorithm.name] } : {}) }
}

/** What follows from the key alone, once the caller may use it. */
export function checkUse({ now }: Context, key: KeyRecord, wanted: Wanted): void {
  assertUsable(key, now)
  if (key.keyUsage !== wanted.usage) {
    const [, operation = ''] = wanted.action.split(':')
    throw new KeyhearthError('key-usage', { keyId: arnOf(key), usage: key.keyUsage, operation })
  }
  if (wanted.algorithm) checkAlgorithm(key, wanted.algorithm.name)
}

function checkAlgorithm({ keySpec, keyUsage }: KeyRecord, algorithm: string): void {
  const { encryption = [], signing = [], mac, mechanisms = {} } = specRow(keySpec)
  const own = mechanisms[keyUsage] ?? []
  const known: readonly string[] = [...encryption, ...signing, ...(mac ? [mac] : []), ...own]
  if (known.includes(algorithm)) return
  throw new KeyhearthError('key-algorithm', { algorithm, spec: keySpec })
}

/** AWS answers a permitted dry run with this error. */
export function endDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun) throw new KeyhearthError('dry-run')
}

/** Nitro enclaves are Amazon's machines; nothing here could check their attestation. */
export function refuseRecipient({ Recipient }: { readonly Recipient?: unknown }): void {
  if (Recipient !== undefined) throw new KeyhearthError('unsupported', { what: 'Recipient' })
}
