// interchange: files of other password managers, read and written; pure. This file: where KeePass programs keep one-time
// codes: KeePassXC an address in `otp`, its plugin forerunners `TOTP Seed` and `TOTP Settings`, KeePass 2.47 and newer
// `TimeOtp-…` (https://keepass.info/help/base/placeholders.html#otp). All become an otpauth: address.

import { decodeBase64, decodeHex, encodeUtf8 } from '../codec/text.ts'
import { base32 } from './base32.ts'

type Value = (name: string) => string

/** Whether a field is part of one. */
export const isOneTimeField = (name: string): boolean =>
  name === 'otp' || name === 'TOTP Seed' || name === 'TOTP Settings' || name.startsWith('TimeOtp-')

export const oneTimeCode = (value: Value): string =>
  fromOtp(value('otp')) ||
  fromTimeOtp(value) ||
  fromSeed(value('TOTP Seed'), value('TOTP Settings'))

interface Parameters {
  readonly secret: string
  readonly period?: string | undefined
  readonly digits?: string | undefined
  readonly algorithm?: string | undefined
  readonly encoder?: string | undefined
}

function address({ secret, ...others }: Parameters): string {
  const query = new URLSearchParams({ secret: secret.replace(/[\s=]/g, '').toUpperCase() })
  for (const [name, value] of Object.entries(others)) if (value) query.set(name, value)
  return `otpauth://totp/?${query}`
}

function fromOtp(otp: string): string {
  if (otp === '' || /^otpauth:/i.test(otp)) return otp
  const query = new URLSearchParams(otp)
  const secret = query.get('key')
  if (!secret) return otp
  return address({
    secret,
    period: query.get('step') ?? undefined,
    digits: query.get('size') ?? undefined,
    algorithm: query.get('otpHashMode')?.toUpperCase(),
  })
}

function fromTimeOtp(value: Value): string {
  const secret = timeOtpSecret(value)
  if (secret === '') return ''
  return address({
    secret,
    period: value('TimeOtp-Period'),
    digits: value('TimeOtp-Length'),
    algorithm: value('TimeOtp-Algorithm').replace(/^HMAC-SHA-/, 'SHA'),
  })
}

function timeOtpSecret(value: Value): string {
  const name = (form: string) => value(`TimeOtp-Secret${form}`)
  try {
    if (name('-Base32')) return name('-Base32')
    if (name('-Hex')) return base32(decodeHex(name('-Hex').replace(/\s/g, '').toLowerCase()))
    if (name('-Base64')) return base32(decodeBase64(name('-Base64').trim()))
    return base32(encodeUtf8(name('')))
  } catch {
    return ''
  }
}

/** Settings are `period;digits`, or `period;S` for Steam's letters. */
function fromSeed(secret: string, settings: string): string {
  if (secret === '') return ''
  const [period, digits] = settings.split(';')
  return digits === 'S'
    ? address({ secret, period, encoder: 'steam' })
    : address({ secret, period, digits })
}
