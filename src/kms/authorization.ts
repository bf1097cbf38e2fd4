// kms: keys, their states and what is done under them; one file per family of operations.
// This file: may this principal do this to that key, and why.

import type { Context } from '../hsm/context.ts'
import type { KmsOutputs } from '../protocol/kmsOutputs.ts'
import type { KeyRecord } from './keys.ts'

export interface Access {
  /** IAM's name of the action: the operation, but ReEncryptFrom and ReEncryptTo. */
  readonly action: keyof KmsOutputs | 'kms:ReEncryptFrom' | 'kms:ReEncryptTo'
  readonly key: KeyRecord
  readonly encryptionContext?: Readonly<Record<string, string>>
  readonly grantTokens?: readonly string[]
  /** Further condition keys of this request, by IAM's names in lower case (`kms:signingalgorithm`). */
  readonly conditions?: Readonly<Record<string, readonly string[]>>
}

export interface Decision {
  readonly allowed: boolean
}

export async function decide(context: Context, { key }: Access): Promise<Decision> {
  return { allowed: context.principal.kind !== 'page' || key.account === context.account }
}
