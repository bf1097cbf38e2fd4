// ui: what the person sees; speaks the protocol like any other client. This file: what the form for a new
// grant holds, and the request it makes. Pure.

import type { KeyUsageType } from '../protocol/keySpecs.ts'
import type { GrantOperation } from '../protocol/kmsInputs.ts'
import type { GrantListEntry } from '../protocol/kmsOutputs.ts'
import { findOperation } from '../protocol/operations.ts'
import type { Input } from '../protocol/schemas.ts'
import { isSite } from '../protocol/sites.ts'

export interface GrantForm {
  readonly origin: string
  readonly operations: readonly GrantOperation[]
  readonly context: readonly (readonly [key: string, value: string])[]
  /** Whether the context must be just this, or may hold more. */
  readonly exact: boolean
  /** As typed; empty: no limit. */
  readonly uses: string
  /** As a date-and-time field has it, local time; empty: no end. */
  readonly until: string
  readonly ask: boolean
  /** Whether the site gets what is decrypted. */
  readonly plaintext: boolean
  /** Whether hashes are signed without asking. */
  readonly hashes: boolean
}

/** What a key of this use can be granted for (API reference, CreateGrant), the usual first. */
export const grantable = {
  ENCRYPT_DECRYPT: [
    'Encrypt',
    'Decrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
    'DescribeKey',
  ],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey', 'DescribeKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac', 'DescribeKey'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey', 'DescribeKey'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate', 'GetPublicKey', 'DescribeKey'],
  WRAP_UNWRAP: ['Encrypt', 'Decrypt', 'DescribeKey'],
  DERIVE_KEYS: ['DeriveSharedSecret', 'DescribeKey'],
} as const satisfies Record<KeyUsageType, readonly GrantOperation[]>

export const blankGrant = (usage: KeyUsageType): GrantForm => ({
  origin: '',
  operations: [grantable[usage][0]],
  context: [],
  exact: false,
  uses: '',
  until: '',
  ask: true,
  plaintext: false,
  hashes: false,
})

/** Where the site is asked about each time, that holds for hashes as well. */
export const offersHashes = ({ operations, ask }: GrantForm): boolean =>
  operations.includes('Sign') && !ask

/** Of these the answer holds plaintext, or the bytes of a key (protocol/operations). */
export const reveals = ({ operations }: GrantForm): boolean =>
  operations.some((one) => findOperation(`kms:${one}`)?.reveals === true)

/** A kept draft, or `null` where it is no such thing. */
export function readGrantForm(usage: KeyUsageType, kept: unknown): GrantForm | null {
  if (typeof kept !== 'object' || kept === null) return null
  const form = { ...blankGrant(usage), ...kept }
  const texts = [form.origin, form.uses, form.until].every((one) => typeof one === 'string')
  return texts && Array.isArray(form.operations) && Array.isArray(form.context) ? form : null
}

export type GrantProblem = 'origin' | 'operations' | 'uses' | 'until'

/** A site's name, from how the person types it: `a.example`, `a.example in b.example`; or `null`. */
export function readSiteName(text: string): string | null {
  const origins = text.split(' in ').map(readOrigin)
  const name = origins.join(' in ')
  return origins.every((one) => one !== null) && isSite(name) ? name : null
}

/** An origin as the browser writes it, or `null`. */
function readOrigin(text: string): string | null {
  const plain = text.trim()
  const full = plain.includes('://') ? plain : `https://${plain}`
  if (plain === '' || !URL.canParse(full)) return null
  const { protocol, origin, pathname, search } = new URL(full)
  const bare = pathname === '/' && search === ''
  return bare && (protocol === 'https:' || protocol === 'http:') ? origin : null
}

export function grantProblem(form: GrantForm, now: number): GrantProblem | null {
  if (!readSiteName(form.origin)) return 'origin'
  if (form.operations.length === 0) return 'operations'
  if (form.uses !== '' && !/^[1-9]\d{0,5}$/.test(form.uses)) return 'uses'
  if (form.until !== '' && !(Date.parse(form.until) > now)) return 'until'
  return null
}

export function grantRequest(
  KeyId: string,
  form: GrantForm,
  context: Readonly<Record<string, string>>,
): Input<'kms:CreateGrant'> {
  const member = form.exact ? 'EncryptionContextEquals' : 'EncryptionContextSubset'
  const bound = Object.keys(context).length > 0
  return {
    KeyId,
    GranteePrincipal: readSiteName(form.origin) ?? '',
    Operations: [...form.operations],
    ...(bound ? { Constraints: { [member]: context } } : {}),
    ...(form.uses === '' ? {} : { Uses: Number(form.uses) }),
    ...(form.until === '' ? {} : { ExpiresAt: Date.parse(form.until) / 1000 }),
    ...(form.ask ? { AskEachTime: true } : {}),
    ...(reveals(form) && !form.plaintext ? { MaySeePlaintext: false } : {}),
    ...(offersHashes(form) && form.hashes ? { MaySignHashes: true } : {}),
  }
}

/** What would make the same grant anew. */
export function regrantRequest(grant: GrantListEntry): Input<'kms:CreateGrant'> {
  const { KeyId, GranteePrincipal, Operations, Name, RetiringPrincipal, Constraints } = grant
  const { UsesLeft, ExpiresAt, AskEachTime, MaySeePlaintext, MaySignHashes } = grant
  return {
    KeyId,
    GranteePrincipal,
    Operations: [...Operations],
    ...(Name === undefined ? {} : { Name }),
    ...(RetiringPrincipal === undefined ? {} : { RetiringPrincipal }),
    ...(Constraints === undefined ? {} : { Constraints }),
    ...(UsesLeft === undefined ? {} : { Uses: UsesLeft }),
    ...(ExpiresAt === undefined ? {} : { ExpiresAt }),
    ...(AskEachTime === undefined ? {} : { AskEachTime }),
    ...(MaySeePlaintext === undefined ? {} : { MaySeePlaintext }),
    ...(MaySignHashes === undefined ? {} : { MaySignHashes }),
  }
}
