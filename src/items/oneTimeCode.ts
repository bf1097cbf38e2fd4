// items: what people keep, and what is made of it; pure. This file: one-time codes by time (RFC 6238), the
// `otpauth` addresses that sites show as QR codes, and Steam's five letters.
//
// What is read comes from pages, pictures and other programs' files. All of it is checked here, before the
// library sees it, so that nothing it might throw reaches a caller.

import { HOTP, Secret } from 'otpauth/slim'

export type OneTimeAlgorithm = 'SHA1' | 'SHA256' | 'SHA512'

export interface OneTimeSecret {
  /** `steam`: HMAC-SHA-1 over 30 seconds, written as five letters of Steam's own alphabet. */
  readonly type: 'totp' | 'steam'
  /** Base32 (RFC 4648 section 6), upper case, without padding. */
  readonly secret: string
  readonly algorithm: OneTimeAlgorithm
  readonly digits: number
  readonly periodSeconds: number
  readonly issuer: string
  readonly account: string
}

/** Why a text gives no one-time codes. */
export type OneTimeProblem =
  | 'empty'
  | 'too-long'
  | 'malformed-address'
  | 'counter-based'
  | 'unknown-type'
  | 'repeated-parameter'
  | 'no-secret'
  | 'not-base32'
  | 'secret-too-long'
  | 'unknown-algorithm'
  | 'digits-out-of-range'
  | 'period-out-of-range'

export interface OneTimeRefusal {
  readonly problem: OneTimeProblem
}

export interface OneTimeCode {
  readonly code: string
  /** The code after this one: sites take it early, and a person need not wait. */
  readonly next: string
  /** Whole seconds for which `code` still holds, 1 at least. */
  readonly secondsLeft: number
  readonly periodSeconds: number
}

const maxAddressLength = 2048
/** 160 bytes; the longest that RFC 6238 itself uses is 64. */
const maxSecretLength = 256
const maxPeriodSeconds = 86_400
const steamAlphabet = '23456789BCDFGHJKMNPQRTVWXY'

const algorithms: ReadonlyMap<string, OneTimeAlgorithm> = new Map([
  ['SHA1', 'SHA1'],
  ['SHA-1', 'SHA1'],
  ['SHA256', 'SHA256'],
  ['SHA-256', 'SHA256'],
  ['SHA512', 'SHA512'],
  ['SHA-512', 'SHA512'],
])

const plain = { algorithm: 'SHA1', digits: 6, periodSeconds: 30, issuer: '', account: '' } as const
const steam = { algorithm: 'SHA1', digits: 5, periodSeconds: 30, issuer: 'Steam' } as const

const refuse = (problem: OneTimeProblem): OneTimeRefusal => ({ problem })

/** Reads an `otpauth://totp/` or `steam://` address, or a bare secret as sites print it: in groups, in any case. */
export function readOneTimeSecret(text: string): OneTimeSecret | OneTimeRefusal {
  const trimmed = text.trim()
  if (trimmed === '') return refuse('empty')
  if (trimmed.length > maxAddressLength) return refuse('too-long')
  if (/^otpauth:/i.test(trimmed)) return readAddress(trimmed)
  const steamSecret = /^steam:\/\/([^/?#]*)\/?$/i.exec(trimmed)?.[1]
  if (steamSecret !== undefined) {
    return withSecret(steamSecret, { ...steam, type: 'steam', account: '' })
  }
  return withSecret(trimmed, { ...plain, type: 'totp' })
}

function readAddress(address: string): OneTimeSecret | OneTimeRefusal {
  const parts = /^otpauth:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/is.exec(address)
  const label = decodeLabel(parts?.[2] ?? '')
  if (!parts || label === null) return refuse('malformed-address')
  const type = parts[1]?.toLowerCase()
  if (type === 'hotp') return refuse('counter-based')
  if (type !== 'totp' && type !== 'steam') return refuse('unknown-type')
  const parameters = new URLSearchParams(parts[3] ?? '')
  const names = [...parameters.keys()].map((name) => name.toLowerCase())
  // Which of two secrets holds differs from program to program, so neither does.
  if (new Set(names).size < names.length) return refuse('repeated-parameter')
  const values = new Map([...parameters.values()].map((value, index) => [names[index], value]))
  const named = readLabel(label, values.get('issuer') ?? '')
  const secret = values.get('secret') ?? ''
  if (secret === '') return refuse('no-secret')
  // KeePassXC marks Steam's codes by their encoder, Aegis by the type.
  if (type === 'steam' || values.get('encoder')?.toLowerCase() === 'steam') {
    return withSecret(secret, { ...steam, type: 'steam', account: named.account })
  }
  const settings = readSettings(values)
  return 'problem' in settings ? settings : withSecret(secret, { ...settings, ...named, type })
}

type Settings = Pick<OneTimeSecret, 'algorithm' | 'digits' | 'periodSeconds'>

function readSettings(values: ReadonlyMap<string | undefined, string>): Settings | OneTimeRefusal {
  const algorithm = algorithms.get((values.get('algorithm') ?? plain.algorithm).toUpperCase())
  if (!algorithm) return refuse('unknown-algorithm')
  // RFC 4226 section 5.3: six digits at least, possibly seven and eight.
  const digits = wholeNumber(values.get('digits'), plain.digits)
  if (digits < 6 || digits > 8) return refuse('digits-out-of-range')
  const periodSeconds = wholeNumber(values.get('period'), plain.periodSeconds)
  if (periodSeconds < 1 || periodSeconds > maxPeriodSeconds) return refuse('period-out-of-range')
  return { algorithm, digits, periodSeconds }
}

/** 0, which is in no range here, for what is no number of at most six digits. */
function wholeNumber(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  return /^\d{1,6}$/.test(text) ? Number(text) : 0
}

function withSecret(
  written: string,
  rest: Omit<OneTimeSecret, 'secret'>,
): OneTimeSecret | OneTimeRefusal {
  // Sites print groups of four; padding says nothing that the length does not.
  const secret = written.replace(/[\s-]/g, '').replace(/={1,6}$/, '')
  if (secret.length > maxSecretLength) return refuse('secret-too-long')
  // Two letters make a byte. Bits left over at the end are dropped, as by every authenticator: there are
  // sites that draw letters instead of bytes, and their secrets end anywhere.
  if (!/^[A-Za-z2-7]{2,}$/.test(secret)) return refuse('not-base32')
  return { ...rest, secret: secret.toUpperCase() }
}

function decodeLabel(label: string): string | null {
  try {
    return decodeURIComponent(label)
  } catch {
    return null
  }
}

/** `issuer:account`, of which the first part may be missing; the parameter is the better source of the issuer. */
function readLabel(label: string, issuer: string): { issuer: string; account: string } {
  const colon = label.startsWith(`${issuer}:`) ? issuer.length : label.indexOf(':')
  const account = label.slice(colon + 1)
  return {
    issuer: onOneLine(issuer || label.slice(0, Math.max(colon, 0))),
    account: onOneLine(account),
  }
}

const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** The codes at a time, in milliseconds as of `Date.now()`. */
export function oneTimeCode(of: OneTimeSecret, atMs: number): OneTimeCode {
  const counter = Math.floor(atMs / 1000 / of.periodSeconds)
  const secret = Secret.fromBase32(of.secret)
  return {
    code: codeOf(of, secret, counter),
    next: codeOf(of, secret, counter + 1),
    secondsLeft: of.periodSeconds - (Math.floor(atMs / 1000) % of.periodSeconds),
    periodSeconds: of.periodSeconds,
  }
}

function codeOf(of: OneTimeSecret, secret: Secret, counter: number): string {
  const { algorithm, digits } = of
  if (of.type === 'totp') return HOTP.generate({ secret, algorithm, digits, counter })
  // Ten digits hold the whole truncated number of RFC 4226 section 5.3; Steam writes it to another base.
  let rest = Number(HOTP.generate({ secret, algorithm, digits: 10, counter }))
  let code = ''
  for (let place = 0; place < digits; place++) {
    code += steamAlphabet[rest % steamAlphabet.length]
    rest = Math.floor(rest / steamAlphabet.length)
  }
  return code
}

/** The address that other authenticators read, for a QR code or a file. */
export function writeOneTimeAddress(of: OneTimeSecret): string {
  const [issuer, account] = [of.issuer, of.account].map(encodePart)
  const parameters = [
    ...(issuer ? [`issuer=${issuer}`] : []),
    `secret=${of.secret}`,
    `algorithm=${of.algorithm}`,
    `digits=${of.digits}`,
    `period=${of.periodSeconds}`,
    ...(of.type === 'steam' ? ['encoder=steam'] : []),
  ]
  return `otpauth://totp/${issuer ? `${issuer}:` : ''}${account}?${parameters.join('&')}`
}

/** A lone half of a pair of UTF-16 has no UTF-8, and would throw. */
const encodePart = (text: string): string => encodeURIComponent(text.toWellFormed())
