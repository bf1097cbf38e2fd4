// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ARNs and the four forms of a key id (KMS API reference, "KeyId").

import { KeyhearthError } from '../protocol/errors.ts'

export const region = 'browser-1'

const prefix = (service: string, account: string) => `arn:aws:${service}:${region}:${account}`

export const keyArn = (account: string, keyId: string): string =>
  `${prefix('kms', account)}:key/${keyId}`
export const aliasArn = (account: string, alias: string): string =>
  `${prefix('kms', account)}:${alias}`
/** Without a suffix: what AWS calls a partial ARN. */
export const secretArn = (account: string, name: string, suffix?: string): string =>
  `${prefix('secretsmanager', account)}:secret:${name}${suffix === undefined ? '' : `-${suffix}`}`
export const rootArn = (account: string): string => `arn:aws:iam::${account}:root`

/** What a request's KeyId points at. An id or alias without ARN is one of the caller's own account. */
export type KeyReference =
  | { readonly type: 'key'; readonly account: string; readonly keyId: string }
  | { readonly type: 'alias'; readonly account: string; readonly alias: string }

const arnPattern = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/([\w/-]{1,256})$/
const keyIdPattern = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const aliasPattern = /^alias\/[\w/-]{1,250}$/

/** @throws KeyhearthError `invalid-arn`, `key-not-found` */
export function parseKeyId(text: string, callerAccount: string): KeyReference {
  if (text.startsWith('arn:')) return parseArn(text)
  if (aliasPattern.test(text)) return { type: 'alias', account: callerAccount, alias: text }
  if (keyIdPattern.test(text)) return { type: 'key', account: callerAccount, keyId: text }
  throw new KeyhearthError('key-not-found', { keyId: `'${printable(text)}'` })
}

function parseArn(text: string): KeyReference {
  const [, where, account, type, name] = arnPattern.exec(text) ?? []
  if (!account || !name) throw new KeyhearthError('invalid-arn', { keyId: printable(text) })
  if (where !== region) throw new KeyhearthError('key-not-found', { keyId: text })
  if (type === 'alias') return { type: 'alias', account, alias: `alias/${name}` }
  if (!keyIdPattern.test(name)) throw new KeyhearthError('invalid-arn', { keyId: text })
  return { type: 'key', account, keyId: name }
}

/** Text from outside, cut and without control characters, fit for an error message. */
const printable = (text: string): string => text.slice(0, 256).replace(/[^\x20-\x7e]/g, '?')
